//! The caller's cards, read while they are iterated.

use super::{Mim, no_card_nor_list};
use crate::client::Client;
use crate::error::Error;
use crate::seen::Seen;
use cardwright_core::Code;
use cardwright_core::json::{FromJson as _, Scalar};
use cardwright_core::mim::{Call, OwnedSmartcard, Smartcard};
use cardwright_http::Stream;

impl Client<Mim> {
    /// The caller's own cards. A list that breaks off is asked for again, and cards that came before are passed over.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub fn smartcards(&self) -> Result<impl Iterator<Item = Result<OwnedSmartcard, Error>> + use<>, Error> {
        Smartcards::new(self.clone())
    }
}

/// Cards, one by one and none twice. MIM CM has no pages, so a list that breaks off is asked for whole again.
#[derive(Debug)]
struct Smartcards {
    client: Client<Mim>,
    stream: Stream,
    /// The answer was a 204, which alone says that there is nothing.
    nothing: bool,
    seen: Seen,
    attempt: u32,
    done: bool,
}

impl Smartcards {
    fn new(client: Client<Mim>) -> Result<Self, Error> {
        let reply = client.send(&Call::Smartcards)?;
        let nothing = reply.status == 204;
        let stream = Stream::new(reply, &client.transport);
        Ok(Smartcards { client, stream, nothing, seen: Seen::default(), attempt: 1, done: false })
    }

    fn step(&mut self) -> Option<Result<OwnedSmartcard, Error>> {
        loop {
            let card = self.stream.next(|json| Smartcard::from_json(json).map(|card| card.to_owned()));
            match card {
                Some(Ok(card)) => {
                    let key = self.seen.key(card.view().uuid().map_or(Scalar::Null, Scalar::Text));
                    if self.seen.insert(key) {
                        return Some(Ok(card));
                    }
                }
                None if !self.nothing && !self.stream.is_list() => {
                    return Some(Err(no_card_nor_list(self.stream.request())));
                }
                None => return None,
                Some(Err(error)) if matches!(error.code(), Code::Broken | Code::Timeout) => match self.again() {
                    Some(Ok(())) => {}
                    Some(Err(again)) => return Some(Err(again)),
                    None => return Some(Err(error.into())),
                },
                Some(Err(error)) => return Some(Err(error.into())),
            }
        }
    }

    /// Asks again; `None` where it may not be.
    fn again(&mut self) -> Option<Result<(), Error>> {
        if !self.client.transport.pause(self.attempt) {
            return None;
        }
        self.attempt += 1;
        let reply = match self.client.send(&Call::Smartcards) {
            Ok(reply) => reply,
            Err(error) => return Some(Err(error)),
        };
        self.nothing = reply.status == 204;
        self.stream = Stream::new(reply, &self.client.transport);
        Some(Ok(()))
    }
}

impl Iterator for Smartcards {
    type Item = Result<OwnedSmartcard, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let card = self.step();
        // After an error of one card the next one follows.
        self.done = card.is_none() || (matches!(&card, Some(Err(_))) && self.stream.is_over());
        card
    }
}
