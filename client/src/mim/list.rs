//! The caller's cards, and requests, read while they are iterated.

use super::filter::RequestFilter;
use super::id::is_uuid;
use super::{Mim, nothing_nor_list};
use crate::client::Client;
use crate::error::Error;
use crate::record::owned;
use crate::seen::Seen;
use cardwright_core::json::{Cursor, FromJson as _, Scalar, Text};
use cardwright_core::mim::{Call, OwnedRequest, OwnedSmartcard, Request, RequestQuery, Smartcard};
use cardwright_core::{Code, Named as _};
use cardwright_http::Stream;
use std::collections::VecDeque;

impl Client<Mim> {
    /// The caller's own cards. A list that breaks off is asked for again, and cards that came before are passed over.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub fn smartcards(&self) -> Result<impl Iterator<Item = Result<OwnedSmartcard, Error>> + use<>, Error> {
        Listing::<OwnedSmartcard>::new(self.for_list(), Call::Smartcards)
    }

    /// The requests that the account may see, each once; whose these are, the documents do not say. A list that breaks
    /// off is asked for again.
    ///
    /// Each request is compared with what was asked for. One with another status, or one for another user than those
    /// before it where the caller's were asked for, comes from a server that ignores the parameter: it is an error, and
    /// the last. A request that moves on while the list is read is in it with the status in which it was seen first.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub fn requests(
        &self,
        filter: &RequestFilter,
    ) -> Result<impl Iterator<Item = Result<OwnedRequest, Error>> + use<>, Error> {
        Requests::new(self.for_list(), filter)
    }
}

/// What a list has.
trait Listed: Sized {
    /// What it is, in an error.
    const WHAT: &'static str;

    fn read(json: &mut Cursor<'_>) -> Result<Self, cardwright_core::Error>;

    fn uuid(&self) -> Option<Text<'_>>;
}

impl Listed for OwnedSmartcard {
    const WHAT: &'static str = "cards";

    fn read(json: &mut Cursor<'_>) -> Result<Self, cardwright_core::Error> {
        Smartcard::from_json(json).map(|card| card.owned())
    }

    fn uuid(&self) -> Option<Text<'_>> {
        self.view().uuid()
    }
}

impl Listed for OwnedRequest {
    const WHAT: &'static str = "requests";

    fn read(json: &mut Cursor<'_>) -> Result<Self, cardwright_core::Error> {
        Request::from_json(json).map(|request| request.owned())
    }

    fn uuid(&self) -> Option<Text<'_>> {
        self.view().uuid()
    }
}

/// What a call lists, one by one and none twice. MIM CM has no pages, so a list that breaks off is asked for whole
/// again.
#[derive(Debug)]
struct Listing<T> {
    client: Client<Mim>,
    call: Call<'static>,
    stream: Stream,
    /// The answer was a 204, which alone says that there is nothing.
    nothing: bool,
    seen: Seen,
    attempt: u32,
    done: bool,
    read: fn(&mut Cursor<'_>) -> Result<T, cardwright_core::Error>,
}

impl<T: Listed> Listing<T> {
    fn new(client: Client<Mim>, call: Call<'static>) -> Result<Self, Error> {
        let reply = client.send(&call)?;
        let nothing = reply.status == 204;
        let stream = Stream::new(reply, &client.transport);
        Ok(Listing { client, call, stream, nothing, seen: Seen::default(), attempt: 1, done: false, read: T::read })
    }

    fn step(&mut self) -> Option<Result<T, Error>> {
        loop {
            match self.stream.next(self.read) {
                Some(Ok(one)) => {
                    let key = self.seen.key(one.uuid().map_or(Scalar::Null, Scalar::Text));
                    if self.seen.insert(key) {
                        return Some(Ok(one));
                    }
                }
                None if !self.nothing && !self.stream.is_list() => {
                    return Some(Err(nothing_nor_list(self.stream.request(), T::WHAT)));
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
        let reply = match self.client.send(&self.call) {
            Ok(reply) => reply,
            Err(error) => return Some(Err(error)),
        };
        self.nothing = reply.status == 204;
        self.stream = Stream::new(reply, &self.client.transport);
        Some(Ok(()))
    }
}

impl<T: Listed> Iterator for Listing<T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        if let Err(error) = self.client.transport.check_canceled(self.stream.request()) {
            self.done = true;
            return Some(Err(error.into()));
        }
        let one = self.step();
        // After an error of one element the next one follows.
        self.done = one.is_none() || (matches!(&one, Some(Err(_))) && self.stream.is_over());
        one
    }
}

/// Requests, by one call for each status that was asked for.
#[derive(Debug)]
struct Requests {
    client: Client<Mim>,
    waiting: VecDeque<RequestQuery>,
    /// What is asked now, and its answer.
    asked: Option<(RequestQuery, Listing<OwnedRequest>)>,
    /// Those of more than one call.
    seen: Seen,
    /// The user whose requests they are, where the caller's were asked for.
    target: Option<String>,
}

impl Requests {
    fn new(client: Client<Mim>, filter: &RequestFilter) -> Result<Self, Error> {
        let mut requests =
            Requests { client, waiting: filter.queries(), asked: None, seen: Seen::default(), target: None };
        requests.ask()?;
        Ok(requests)
    }

    /// Asks for the next status.
    fn ask(&mut self) -> Result<(), Error> {
        let Some(query) = self.waiting.pop_front() else {
            self.asked = None;
            return Ok(());
        };
        self.asked = Some((query, Listing::new(self.client.clone(), Call::Requests(query))?));
        Ok(())
    }

    /// Compares a request with what was asked for, where it shows that.
    fn check(&mut self, query: RequestQuery, found: &OwnedRequest) -> Result<(), String> {
        let view = found.view();
        if let Some(asked) = query.status
            && let Some(shown) = view.status().known()
            && shown != asked
        {
            return Err(format!(
                "the server ignores status: request {} is {}, and {} was asked for",
                owned(view.uuid()),
                shown.name(),
                asked.name()
            ));
        }
        let target = owned(view.target_user_uuid());
        if query.for_caller && !target.is_empty() {
            let one = self.target.get_or_insert_with(|| target.clone());
            if !is_uuid(one, &target) {
                return Err(format!(
                    "the server ignores targetuser: there are requests for {one} and for {target}, and those for one \
                     user were asked for"
                ));
            }
        }
        Ok(())
    }

    fn end(&mut self) {
        self.waiting.clear();
        self.asked = None;
    }
}

impl Iterator for Requests {
    type Item = Result<OwnedRequest, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (query, listing) = self.asked.as_mut()?;
            let (query, next) = (*query, listing.next());
            match next {
                Some(Ok(found)) => {
                    if let Err(words) = self.check(query, &found) {
                        let request = self.asked.as_ref().map(|asked| asked.1.stream.request().to_string());
                        self.end();
                        return Some(Err(Error::unexpected(&request.unwrap_or_default(), words)));
                    }
                    let key = self.seen.key(found.view().uuid().map_or(Scalar::Null, Scalar::Text));
                    if self.seen.insert(key) {
                        return Some(Ok(found));
                    }
                }
                Some(Err(error)) => {
                    // After an error of the whole answer the other statuses would make no whole list.
                    if self.asked.as_ref().is_some_and(|asked| asked.1.done) {
                        self.end();
                    }
                    return Some(Err(error));
                }
                None => {
                    if let Err(error) = self.ask() {
                        self.end();
                        return Some(Err(error));
                    }
                }
            }
        }
    }
}
