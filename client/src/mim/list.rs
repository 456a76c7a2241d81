//! The caller's cards, read while they are iterated.

use super::{Mim, no_card_nor_list, uuid_of};
use crate::client::Client;
use crate::error::Error;
use cardwright_core::Code;
use cardwright_core::json::FromJson as _;
use cardwright_core::mim::{Call, OwnedSmartcard, Smartcard};
use cardwright_http::Stream;

/// Cards, one by one. MIM CM has no pages, so one that breaks off is asked for whole again.
#[derive(Debug)]
pub(super) struct Smartcards {
    client: Client<Mim>,
    stream: Stream,
    /// The answer was a 204, which alone says that there is nothing.
    nothing: bool,
    /// How many cards came, those that could not be read included, and the last one's id.
    came: usize,
    last: String,
    attempt: u32,
    done: bool,
}

impl Smartcards {
    pub(super) fn new(client: Client<Mim>) -> Result<Self, Error> {
        let reply = client.send(&Call::Smartcards)?;
        let nothing = reply.status == 204;
        let stream = Stream::new(reply, &client.transport);
        Ok(Smartcards { client, stream, nothing, came: 0, last: String::new(), attempt: 1, done: false })
    }

    fn step(&mut self) -> Option<Result<OwnedSmartcard, Error>> {
        loop {
            let card = self.stream.next(|json| Smartcard::from_json(json).map(|card| card.to_owned()));
            match card {
                Some(Ok(card)) => {
                    (self.came, self.last) = (self.came + 1, uuid_of(&card));
                    return Some(Ok(card));
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
                Some(Err(error)) => {
                    (self.came, self.last) = (self.came + 1, String::new());
                    return Some(Err(error.into()));
                }
            }
        }
    }

    /// Asks again, and passes over what came; `None` where it may not be asked again.
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
        let mut last = String::new();
        for _ in 0..self.came {
            let card = self.stream.next(|json| Smartcard::from_json(json).map(|card| card.to_owned()));
            last = card.and_then(Result::ok).map(|card| uuid_of(&card)).unwrap_or_default();
        }
        let words = "the list broke off, and is another one when it is asked for again";
        Some(if last == self.last { Ok(()) } else { Err(Error::unexpected(self.stream.request(), words)) })
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
