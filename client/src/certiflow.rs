//! Axidian CertiFlow: list, find, one card, and the operations.

mod bulk;
mod list;
mod record;
mod spelling;
mod system;

pub use list::Cards;
pub use record::{CertiFlowCard, first_end};

use record::native_state;
use spelling::{is_serial, spellings};

use crate::client::{Builder, Client};
use crate::error::Error;
use crate::operate::{Outcome, Planned};
use crate::record::owned;
use cardwright_core::certiflow::{Call, CardInfo, Dialect, Endpoint, OwnedCardInfo, Query, RevocationReason};
use cardwright_core::identity::{Find, Serial, Spelling};
use cardwright_core::json::{self, List, Scalar};
use cardwright_core::lifecycle::{self, Operation};
use cardwright_core::{Code, http};
use cardwright_http::Repeat;

/// The API of Axidian CertiFlow, in a dialect.
#[derive(Debug, Clone, Copy, Default)]
pub struct CertiFlow {
    dialect: Dialect,
}

/// What a card is read again by, as far as the dialect allows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key<'k> {
    pub(crate) id: &'k str,
    pub(crate) serial: &'k str,
    pub(crate) user: Option<&'k str>,
}

/// A card to operate on, and the user whose cards were searched. In G1 the card can be read again only through
/// that user; in other dialects the user does not matter.
#[derive(Debug, Clone, Copy)]
pub struct Target<'c> {
    card: &'c OwnedCardInfo,
    user: Option<&'c str>,
}

impl<'c> From<&'c OwnedCardInfo> for Target<'c> {
    fn from(card: &'c OwnedCardInfo) -> Self {
        Target { card, user: None }
    }
}

impl<'c> From<(&'c OwnedCardInfo, &'c str)> for Target<'c> {
    fn from((card, user): (&'c OwnedCardInfo, &'c str)) -> Self {
        Target { card, user: Some(user) }
    }
}

impl Builder<CertiFlow> {
    /// The dialect that the server speaks. Default: G7, of 7.1 and later.
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.api.dialect = dialect;
        self
    }
}

impl Client<CertiFlow> {
    /// The dialect that the server speaks.
    pub fn dialect(&self) -> Dialect {
        self.api.dialect
    }

    fn request<'a>(&self, call: Call<'a>) -> Result<impl http::Call + 'a, Error> {
        Ok(call.in_dialect(self.api.dialect)?)
    }

    /// One card by its id. In a dialect without that call it is looked for in the list.
    ///
    /// # Errors
    /// Any of [`Error`]. A card that the server does not have is `None`; another card than that one is
    /// [`Code::Unexpected`]. [`Code::ParameterNeeded`] in G1, which lists only the cards of one user: see
    /// [`Self::card_of`].
    pub fn card(&self, id: &str) -> Result<Option<OwnedCardInfo>, Error> {
        if Endpoint::Card.route_in(self.api.dialect).is_none() {
            let same = |card: &Result<OwnedCardInfo, Error>| match card {
                Ok(card) => card.view().id().reads(id),
                Err(_) => true,
            };
            return self.cards(Query::default())?.find(same).transpose();
        }
        match self.transport.send(&self.request(Call::Card { id })?) {
            Ok(reply) => {
                let (request, status) = (reply.request.clone(), reply.status);
                let document = reply.document(self.transport.max_element())?.unwrap_or_default();
                let is_null = json::from_slice::<Scalar<'_>>(&document).is_ok_and(Scalar::is_null);
                if status != 204 && (document.is_empty() || is_null) {
                    return Err(Error::unexpected(&request, "nothing, or null, where a card was asked for"));
                }
                if document.is_empty() {
                    return Ok(None);
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
            Err(e) if e.code() == Code::NotFound => Ok(None),
            Err(e) => Err(e.into()),
        }
    }

    /// One card of a user, by its id or its serial number, in any dialect. Two such cards are an error.
    ///
    /// # Errors
    /// Any of [`Error`]; [`Code::Unexpected`] for more than one card, and for a server that ignores the user.
    pub fn card_of(&self, user: &str, key: &str) -> Result<Option<OwnedCardInfo>, Error> {
        let wanted = Serial::parse(key).ok();
        let mut cards = self.search(user)?;
        let mut found: Option<OwnedCardInfo> = None;
        while let Some(card) = cards.next() {
            let card = card?;
            let has = |wanted| is_serial(&owned(card.view().serial_number()), &wanted);
            if !card.view().id().reads(key) && !wanted.is_some_and(has) {
                continue;
            }
            if let Some(first) = &found {
                return Err(Error::two_cards(
                    &cards.request(),
                    &format!("{key} of {user}"),
                    [id_of(first), id_of(&card)],
                ));
            }
            found = Some(card);
        }
        if let Some(card) = &found {
            self.ensure_obeyed(user, card)?;
        }
        Ok(found)
    }

    /// The card with a serial number, in any spelling of the same bytes. Two such cards are an error.
    ///
    /// # Errors
    /// [`Code::Unexpected`] for more than one card, and for a server that ignores the filter.
    pub fn find(&self, serial: &str) -> Result<Option<OwnedCardInfo>, Error> {
        let mut found: Option<OwnedCardInfo> = None;
        self.each_with_serial(serial, &spellings(serial), |card, request| {
            if let Some(first) = &found {
                let key = format!("with serial number {serial}");
                return Err(Error::two_cards(request, &key, [id_of(first), id_of(&card)]));
            }
            found = Some(card);
            Ok(())
        })?;
        Ok(found)
    }

    /// Calls `found` with each card that has this serial number, and with what was asked. Where a server has none in
    /// the first of the spellings, the others are asked for.
    fn each_with_serial(
        &self,
        serial: &str,
        spellings: &[String],
        mut found: impl FnMut(OwnedCardInfo, &str) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let wanted = Serial::parse(serial)?;
        let mut any = false;
        for spelling in spellings {
            let mut cards = self.look_up(spelling)?;
            while let Some(card) = cards.next() {
                let card = card?;
                let (its, request) = (owned(card.view().serial_number()), cards.request());
                if !is_serial(&its, &wanted) {
                    let words = format!("asked for serial number {serial}, the server answered with {its:?}");
                    return Err(Error::unexpected(&request, words));
                }
                any = true;
                found(card, &request)?;
            }
            if any {
                break;
            }
        }
        Ok(())
    }

    /// Puts a card on hold.
    ///
    /// # Errors
    /// Any of [`Error`]; [`Error::NotAllowed`] where the card's state documents that it cannot be.
    pub fn disable<'c>(&self, card: impl Into<Target<'c>>) -> Result<Outcome<OwnedCardInfo>, Error> {
        self.operate(card, Operation::Suspend, None)
    }

    /// Lifts the hold.
    ///
    /// # Errors
    /// As [`Self::disable`].
    pub fn enable<'c>(&self, card: impl Into<Target<'c>>) -> Result<Outcome<OwnedCardInfo>, Error> {
        self.operate(card, Operation::Resume, None)
    }

    /// Revokes a card for good.
    ///
    /// # Errors
    /// As [`Self::disable`].
    pub fn revoke<'c>(
        &self,
        card: impl Into<Target<'c>>,
        reason: RevocationReason,
    ) -> Result<Outcome<OwnedCardInfo>, Error> {
        self.operate(card, Operation::Revoke, Some(reason))
    }

    /// Revokes the certificates that the card's new policy no longer has.
    ///
    /// # Errors
    /// As [`Self::disable`].
    pub fn pre_update<'c>(&self, card: impl Into<Target<'c>>) -> Result<Outcome<OwnedCardInfo>, Error> {
        self.operate(card, Operation::PreUpdate, None)
    }

    /// Withdraws a revoked card from its user. Since G7.
    ///
    /// # Errors
    /// As [`Self::disable`].
    pub fn withdraw<'c>(&self, card: impl Into<Target<'c>>) -> Result<Outcome<OwnedCardInfo>, Error> {
        self.operate(card, Operation::Retire, None)
    }

    /// Performs an operation on a card, and reads the card again. If the answer is lost, the card's state tells
    /// what happened; if it cannot, the outcome is [`Outcome::Unknown`].
    ///
    /// # Errors
    /// As [`Self::disable`]. `reason` is for [`Operation::Revoke`] alone, and must be given there.
    pub fn operate<'c>(
        &self,
        card: impl Into<Target<'c>>,
        operation: Operation,
        reason: Option<RevocationReason>,
    ) -> Result<Outcome<OwnedCardInfo>, Error> {
        let target = card.into();
        let before = native_state(&target.card.view());
        let id = id_of(target.card);
        let request = self.request(Call::Operate { operation, id: &id, reason })?;
        let verdict = self.check.judge(before, operation)?;
        let repeat = if operation.facts().repeatable { Repeat::Always } else { Repeat::Unsent };
        let lost = match self.transport.send_again(&request, repeat) {
            Ok(reply) => {
                reply.finish();
                None
            }
            Err(error) if error.is_lost_answer() => Some(error),
            Err(error) => return Err(error.into()),
        };
        let serial = owned(target.card.view().serial_number());
        let card = self.again(Key { id: &id, serial: &serial, user: target.user }).ok().flatten();
        let Some(error) = lost else {
            return Ok(Outcome::Done { card, verdict, request: None, answer_lost: false });
        };
        // The state tells only where the operation would have changed it.
        let after = card.as_ref().and_then(|card| native_state(&card.view()));
        let wanted = before.and_then(|before| lifecycle::after(before, operation).ok());
        if after.is_some() && after == wanted && after != before {
            return Ok(Outcome::Done { card, verdict, request: None, answer_lost: true });
        }
        Ok(Outcome::Unknown { card, error: error.into(), request: None })
    }

    /// What [`Self::operate`] would send.
    ///
    /// # Errors
    /// What the dialect lacks.
    pub fn plan(
        &self,
        card: &OwnedCardInfo,
        operation: Operation,
        reason: Option<RevocationReason>,
    ) -> Result<Vec<Planned>, Error> {
        self.plan_by_id(&id_of(card), operation, reason)
    }

    /// Sends an operation that the caller has judged, again only if it never left, and returns the status of
    /// its success.
    pub(crate) fn send(&self, id: &str, operation: Operation, reason: Option<RevocationReason>) -> Result<u16, Error> {
        let request = self.request(Call::Operate { operation, id, reason })?;
        Ok(self.transport.send_again(&request, Repeat::Unsent)?.finish())
    }

    /// What [`Self::send`] would send.
    pub(crate) fn plan_by_id(
        &self,
        id: &str,
        operation: Operation,
        reason: Option<RevocationReason>,
    ) -> Result<Vec<Planned>, Error> {
        let request = self.request(Call::Operate { operation, id, reason })?;
        Ok(vec![Planned::of(&self.transport, &request)])
    }

    /// The card as it is now, by the best key that the dialect has.
    pub(crate) fn again(&self, key: Key<'_>) -> Result<Option<OwnedCardInfo>, Error> {
        if Endpoint::Card.route_in(self.api.dialect).is_some() {
            return self.card(key.id);
        }
        let query = match self.api.dialect {
            Dialect::G1 => Query { user_name: key.user, ..Query::default() },
            _ => Query { serial_number: Some(key.serial), ..Query::default() },
        };
        // A card that cannot be read counts as another one; a list that ends early tells nothing.
        let is_it = |card: &Result<OwnedCardInfo, Error>| match card {
            Ok(card) => card.view().id().reads(key.id),
            Err(error) => !matches!(error.code().band(), 300 | 400),
        };
        self.cards(query)?.find(is_it).transpose()
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

fn id_of(card: &OwnedCardInfo) -> String {
    card.view().id().to_string()
}

/// A reply of one card, or a list of cards.
fn read_all(document: &[u8]) -> Result<Vec<OwnedCardInfo>, cardwright_core::Error> {
    let cards = List::<'_, CardInfo<'_>>::new(document)?.into_iter();
    let cards = cards.map(|card| card.map(|card| card.to_owned())).collect::<Result<_, _>>()?;
    json::check(document).map(|()| cards)
}
