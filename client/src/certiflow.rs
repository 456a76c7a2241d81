//! Axidian CertiFlow: list, find, one card, and the operations.

mod known;
mod list;
mod operate;
mod record;
mod skzi;
mod spoken;
mod system;

pub use list::Cards;
pub use operate::CardOf;
pub use record::{CertiFlowCard, first_end};
pub use skzi::SkziEntries;

use record::native_state;

use crate::client::{Builder, Client};
use crate::error::Error;
use crate::record::owned;
use crate::spelling::{is_serial, spellings};
use cardwright_core::certiflow::{Call, CardInfo, Dialect, Dialects, Endpoint, OwnedCardInfo, Query, Request};
use cardwright_core::identity::{Find, Only, Serial, Spelling};
use cardwright_core::json::{self, List, Scalar};
use cardwright_core::{Code, Error as CallError};
use cardwright_http::Reply;
use known::{Key, Known, may_lack};
use std::sync::Arc;

/// The API of Axidian CertiFlow, in the generation that the server speaks.
///
/// ```
/// # use cardwright_client::{CertiFlow, Client, Credentials};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// use cardwright_core::certiflow::Dialect;
///
/// // A site whose generation is known need not be asked.
/// let client = Client::<CertiFlow>::builder("https://cm.example.com/certiflow/api").dialect(Dialect::G7).build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct CertiFlow {
    /// The generation that was given.
    given: Option<Dialect>,
    known: Arc<Known>,
}

impl Builder<CertiFlow> {
    /// The generation that the server speaks; `None` where it is to be found out. Default: it is found out, see
    /// [`Client::probe`].
    pub fn dialect(mut self, dialect: impl Into<Option<Dialect>>) -> Self {
        self.api.given = dialect.into();
        self
    }
}

impl Client<CertiFlow> {
    /// One card by its id. In a dialect without that call it is looked for in the list.
    ///
    /// # Errors
    /// Any of [`Error`]. A card that the server does not have is `None`; another card than that one is
    /// [`Code::Unexpected`]. [`Code::ParameterNeeded`] in G1, which lists only the cards of one user: see
    /// [`Self::card_of`].
    pub fn card(&self, id: &str) -> Result<Option<OwnedCardInfo>, Error> {
        if let ById::Card(found) = self.by_id(id)? {
            return Ok(found);
        }
        let same = |card: &Result<OwnedCardInfo, Error>| match card {
            Ok(card) => card.view().id().reads(id),
            Err(_) => true,
        };
        let found = self.cards(Query::default())?.find(same).transpose()?;
        if found.is_some() {
            self.api.known.note_key(Key::All);
        }
        Ok(found)
    }

    /// One card by its id, where the server has a call for that.
    fn by_id(&self, id: &str) -> Result<ById, Error> {
        self.by_id_in(id, |request| self.transport.send(request))
    }

    /// As [`Self::by_id`]; `send` sends the request.
    fn by_id_in(
        &self,
        id: &str,
        send: impl Fn(&Request<'_>) -> Result<Reply, cardwright_http::Error>,
    ) -> Result<ById, Error> {
        // Another thread may find out another one meanwhile.
        let dialect = self.dialect();
        if Endpoint::Card.route_in(dialect).is_none() {
            return Ok(ById::NoCall);
        }
        let error = match self.card_in(id, send(&Call::Card { id }.in_dialect(dialect)?)) {
            Ok(Some(card)) => {
                self.learn(Dialects::only(Dialect::G7));
                self.api.known.note_key(Key::Id);
                return Ok(ById::Card(Some(card)));
            }
            Ok(None) if self.api.known.has_key(Key::Id) => return Ok(ById::Card(None)),
            Ok(None) => CallError::of(Code::NotFound, "a card").into(),
            Err(error) if may_lack(&error) => error,
            Err(error) => return Err(error),
        };
        // No such card, or no such call: as long as no card was found so, it may be the second.
        match self.instead_of(dialect, error) {
            Ok(_) => Ok(ById::NoCall),
            Err(Error::Call(_)) => Ok(ById::Card(None)),
            Err(error) => Err(error),
        }
    }

    /// The card in an answer to a request for one id; `None` where the answer says that there is none.
    fn card_in(&self, id: &str, answer: Result<Reply, cardwright_http::Error>) -> Result<Option<OwnedCardInfo>, Error> {
        let reply = match answer {
            Ok(reply) => reply,
            Err(error) if error.code() == Code::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let (request, status) = (reply.request.clone(), reply.status);
        let document = reply.document(self.transport.max_element())?.unwrap_or_default();
        if document.is_empty() && status == 204 {
            return Ok(None);
        }
        if document.is_empty() || json::from_slice::<Scalar<'_>>(&document).is_ok_and(Scalar::is_null) {
            return Err(Error::unexpected(&request, "nothing, or null, where a card was asked for"));
        }
        let cards = read_all(&document).map_err(|e| Error::decode(e, &document, 0, &request))?;
        // Operations go by the id of what comes back: it must be the one that was asked for.
        match cards.iter().find(|card| cards.len() > 1 || !card.view().id().reads(id)) {
            Some(other) => {
                let words = format!("card {} where {id} alone was asked for", other.view().id());
                Err(Error::unexpected(&request, words))
            }
            None => Ok(cards.into_iter().next()),
        }
    }

    /// One card of a user, by its id or its serial number, in any dialect. Two such cards are an error.
    ///
    /// # Errors
    /// Any of [`Error`]; [`Code::Unexpected`] for more than one card, and for a server that ignores the user.
    pub fn card_of(&self, user: &str, key: &str) -> Result<Option<OwnedCardInfo>, Error> {
        let mut cards = self.search(user)?;
        let mut found = Only::default();
        while let Some(card) = cards.next() {
            let card = card?;
            if card.view().id().reads(key) || is_serial(&owned(card.view().serial_number()), key) {
                put(&mut found, card, &cards.request(), || format!("{key} of {user}"))?;
            }
        }
        let found = found.one().ok();
        if let Some(card) = &found {
            self.ensure_obeyed(user, card)?;
            if self.dialect().lists_by_user() {
                self.api.known.note_key(Key::User);
            }
        }
        Ok(found)
    }

    /// The card with a serial number, in any spelling of the same bytes. Two such cards are an error.
    ///
    /// # Errors
    /// [`Code::Unexpected`] for more than one card, and for a server that ignores the filter.
    pub fn find(&self, serial: &str) -> Result<Option<OwnedCardInfo>, Error> {
        let mut found = Only::default();
        self.each_with_serial(serial, &spellings(serial), |card, request| {
            put(&mut found, card, request, || format!("with serial number {serial}"))
        })?;
        Ok(found.one().ok())
    }

    /// Calls `found` with each card that has this serial number, and with what was asked. Where a server has none in
    /// the first of the spellings, the others are asked for.
    fn each_with_serial(
        &self,
        serial: &str,
        spellings: &[String],
        mut found: impl FnMut(OwnedCardInfo, &str) -> Result<(), Error>,
    ) -> Result<(), Error> {
        Serial::parse(serial)?;
        match self.each_by_filter(serial, spellings, &mut found) {
            // There is no such filter, as was known or is known now.
            Err(Error::Call(_)) if self.lists_without_serial() => self.each_of_all(serial, found),
            done => done,
        }
    }

    fn each_by_filter(
        &self,
        serial: &str,
        spellings: &[String],
        found: &mut dyn FnMut(OwnedCardInfo, &str) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut any = false;
        for spelling in spellings {
            let mut cards = self.look_up(spelling)?;
            while let Some(card) = cards.next() {
                let card = card?;
                let (its, request) = (owned(card.view().serial_number()), cards.request());
                if !is_serial(&its, serial) {
                    let words = format!("asked for serial number {serial}, the server answered with {its:?}");
                    return Err(Error::unexpected(&request, words));
                }
                any = true;
                self.api.known.note_key(Key::Serial);
                found(card, &request)?;
            }
            if any {
                break;
            }
        }
        Ok(())
    }
}

impl Client<CertiFlow> {
    /// Whether the generation lists all cards and has no filter for a serial number, as G2.
    fn lists_without_serial(&self) -> bool {
        let (all, by_serial) = (Query::default(), Query { serial_number: Some("0"), ..Query::default() });
        self.any_for(&by_serial).is_err() && self.any_for(&all).is_ok()
    }

    /// As [`Self::each_with_serial`], among all cards.
    fn each_of_all(
        &self,
        serial: &str,
        mut found: impl FnMut(OwnedCardInfo, &str) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut cards = self.cards(Query::default())?;
        while let Some(card) = cards.next() {
            let card = card?;
            if is_serial(&owned(card.view().serial_number()), serial) {
                self.api.known.note_key(Key::All);
                found(card, &cards.request())?;
            }
        }
        Ok(())
    }
}

/// Needs a dialect that finds cards by serial number: G1 does not.
impl Find for &Client<CertiFlow> {
    type Record = OwnedCardInfo;
    type Error = Error;

    fn find(&mut self, serial: &Spelling, found: &mut dyn FnMut(OwnedCardInfo)) -> Result<(), Error> {
        // The caller has spellings of its own, each with its evidence.
        let serial = serial.to_string();
        self.each_with_serial(&serial, std::slice::from_ref(&serial), |card, _| {
            found(card);
            Ok(())
        })
    }
}

/// What a request for one card came to.
enum ById {
    Card(Option<OwnedCardInfo>),
    /// The generation does not have the call.
    NoCall,
}

fn id_of(card: &OwnedCardInfo) -> String {
    card.view().id().to_string()
}

/// Takes the next card that `key` means; a second one is an error at once. (A list shows each card once.)
fn put(
    found: &mut Only<OwnedCardInfo>,
    card: OwnedCardInfo,
    request: &str,
    key: impl FnOnce() -> String,
) -> Result<(), Error> {
    found.put(card);
    match found {
        Only::Several(one, other) => Err(Error::two_cards(request, &key(), [id_of(one), id_of(other)])),
        _ => Ok(()),
    }
}

/// A reply of one card, or a list of cards.
fn read_all(document: &[u8]) -> Result<Vec<OwnedCardInfo>, cardwright_core::Error> {
    let cards = List::<'_, CardInfo<'_>>::new(document)?.into_iter();
    let cards = cards.map(|card| card.map(|card| card.owned())).collect::<Result<_, _>>()?;
    json::check(document).map(|()| cards)
}
