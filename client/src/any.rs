//! Either system, chosen when the program runs.

use crate::certiflow::{CertiFlow, native_state};
use crate::client::Client;
use crate::error::Error;
use crate::mim::Mim;
use crate::operate::{Outcome, Planned};
use cardwright_core::certiflow::{OwnedCardInfo, Query, RevocationReason};
use cardwright_core::identity::{Find, Match, Serial, Spelling};
use cardwright_core::lifecycle::{NativeState, Operation, System, Verdict};
use cardwright_core::mim::{OwnedSmartcard, listed_operation};
use cardwright_core::{Code, json::Text};
use cardwright_http::Explanation;

/// A client of one of the two systems.
#[derive(Debug)]
pub enum AnyClient {
    /// Microsoft MIM CM.
    Mim(Client<Mim>),
    /// Axidian CertiFlow.
    CertiFlow(Client<CertiFlow>),
}

/// A card's record in one of the two systems.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum AnyCard {
    /// A record of MIM CM.
    Mim {
        /// The record.
        card: OwnedSmartcard,
        /// Its state, as assumed from its number.
        state: Option<NativeState>,
    },
    /// A record of CertiFlow.
    CertiFlow {
        /// The record.
        card: OwnedCardInfo,
        /// The user by whom it was found, where it was: G1 has no other way to read it again.
        found_by: Option<String>,
    },
}

/// An operation that may be done with a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The system's own word.
    pub word: String,
    /// The operation, where this library can do it.
    pub operation: Option<Operation>,
    /// What the tables say; `None` where the state or the operation is not known.
    pub verdict: Option<Verdict>,
    /// Whether the server itself listed it.
    pub by_server: bool,
}

impl AnyCard {
    /// The system that has the record.
    pub fn system(&self) -> System {
        match self {
            AnyCard::Mim { .. } => System::Mim,
            AnyCard::CertiFlow { .. } => System::CertiFlow,
        }
    }

    /// The id that the system looks the record up by: CertiFlow's `id`, MIM's `Uuid`.
    pub fn id(&self) -> String {
        match self {
            AnyCard::Mim { card, .. } => owned(card.view().uuid()),
            AnyCard::CertiFlow { card, .. } => card.view().id().to_string(),
        }
    }

    /// The serial number, as the system writes it.
    pub fn serial_number(&self) -> String {
        match self {
            AnyCard::Mim { card, .. } => owned(card.view().serial_number()),
            AnyCard::CertiFlow { card, .. } => owned(card.view().serial_number()),
        }
    }

    /// The ATR in hexadecimal digits, as the system writes it.
    pub fn atr(&self) -> String {
        match self {
            AnyCard::Mim { card, .. } => owned(card.view().atr()),
            AnyCard::CertiFlow { card, .. } => owned(card.view().atr()),
        }
    }

    /// The user: CertiFlow's `userName`, MIM's `AssignedUserUuid`.
    pub fn user(&self) -> String {
        match self {
            AnyCard::Mim { card, .. } => owned(card.view().assigned_user_uuid()),
            AnyCard::CertiFlow { card, .. } => owned(card.view().user_name()),
        }
    }

    /// The state, where it is known.
    pub fn state(&self) -> Option<NativeState> {
        match self {
            AnyCard::Mim { state, .. } => *state,
            AnyCard::CertiFlow { card, .. } => native_state(&card.view()),
        }
    }

    /// The state for a reader: the system's word, or what the server sent.
    pub fn state_text(&self) -> String {
        match (self, self.state()) {
            (_, Some(state)) => state.name().to_string(),
            (AnyCard::Mim { card, .. }, None) => card.view().status().to_string(),
            (AnyCard::CertiFlow { card, .. }, None) => card.view().state().to_string(),
        }
    }

    /// The record as the server sent it.
    pub fn json(&self) -> String {
        match self {
            AnyCard::Mim { card, .. } => card.view().json().to_string(),
            AnyCard::CertiFlow { card, .. } => card.view().json().to_string(),
        }
    }
}

fn owned(text: Option<Text<'_>>) -> String {
    text.map(|text| text.to_cow().into_owned()).unwrap_or_default()
}

impl AnyClient {
    /// The system that it talks to.
    pub fn system(&self) -> System {
        match self {
            AnyClient::Mim(_) => System::Mim,
            AnyClient::CertiFlow(_) => System::CertiFlow,
        }
    }

    /// The base of the API, with no slash at its end.
    pub fn base(&self) -> &str {
        match self {
            AnyClient::Mim(client) => client.base(),
            AnyClient::CertiFlow(client) => client.base(),
        }
    }

    /// How the last sign-in went: what the server offered, what was tried, what was chosen.
    pub fn explain(&self) -> Explanation {
        match self {
            AnyClient::Mim(client) => client.explain(),
            AnyClient::CertiFlow(client) => client.explain(),
        }
    }

    fn mim_card(client: &Client<Mim>, card: OwnedSmartcard) -> AnyCard {
        let state = client.state(&card.view());
        AnyCard::Mim { card, state }
    }

    fn certiflow_card(card: OwnedCardInfo, user: Option<&str>) -> AnyCard {
        AnyCard::CertiFlow { card, found_by: user.map(str::to_string) }
    }

    /// One card of a user of CertiFlow, by its id or serial number; the only way in G1.
    ///
    /// # Errors
    /// [`Code::NoSuchCall`] in MIM CM.
    pub fn card_of(&self, user: &str, key: &str) -> Result<Option<AnyCard>, Error> {
        match self {
            AnyClient::CertiFlow(client) => {
                Ok(client.card_of(user, key)?.map(|card| Self::certiflow_card(card, Some(user))))
            }
            AnyClient::Mim(_) => Err(cardwright_core::Error::of(Code::NoSuchCall, "cards of a user").into()),
        }
    }

    /// The cards of one user, to be searched by serial number; the only way in G1.
    pub fn of_user<'c>(&'c self, user: &'c str) -> OfUser<'c> {
        OfUser { client: self, user }
    }

    /// The cards: those that a query finds in CertiFlow, the caller's own in MIM CM, which has no
    /// filters.
    ///
    /// # Errors
    /// [`Code::NoSuchParameter`] for a filter that the system lacks.
    pub fn cards<'c>(
        &'c self,
        query: Query<'c>,
    ) -> Result<Box<dyn Iterator<Item = Result<AnyCard, Error>> + Send + 'c>, Error> {
        match self {
            AnyClient::CertiFlow(client) => Ok(Box::new(
                client.cards(query)?.map(move |card| card.map(|card| Self::certiflow_card(card, query.user_name))),
            )),
            AnyClient::Mim(client) => {
                if query.is_filter() {
                    return Err(cardwright_core::Error::of(Code::NoSuchParameter, "MIM CM has no filters").into());
                }
                let cards = client.smartcards()?.map(move |card| card.map(|card| Self::mim_card(client, card)));
                let take = query.count.map_or(usize::MAX, |count| count as usize);
                Ok(Box::new(cards.skip(query.offset.unwrap_or(0) as usize).take(take)))
            }
        }
    }

    /// One card by its id.
    ///
    /// # Errors
    /// Any of [`Error`]. A card that the server does not have is `None`.
    pub fn card(&self, id: &str) -> Result<Option<AnyCard>, Error> {
        Ok(match self {
            AnyClient::Mim(client) => client.smartcard(id)?.map(|card| Self::mim_card(client, card)),
            AnyClient::CertiFlow(client) => client.card(id)?.map(|card| Self::certiflow_card(card, None)),
        })
    }

    /// The card with a serial number.
    ///
    /// # Errors
    /// Any of [`Error`]. Two such cards are one.
    pub fn find(&self, serial: &str) -> Result<Option<AnyCard>, Error> {
        Ok(match self {
            AnyClient::Mim(client) => client.find(serial)?.map(|card| Self::mim_card(client, card)),
            AnyClient::CertiFlow(client) => client.find(serial)?.map(|card| Self::certiflow_card(card, None)),
        })
    }

    /// What may be done with a card: as the server lists it in MIM CM, as the tables have it in
    /// CertiFlow.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub fn operations(&self, card: &AnyCard) -> Result<Vec<Listed>, Error> {
        match (self, card) {
            (AnyClient::Mim(client), AnyCard::Mim { card, state }) => Ok(client
                .operations(card)?
                .into_iter()
                .map(|word| {
                    let operation = listed_operation(&word);
                    let verdict = state.zip(operation).map(|(state, operation)| Verdict::of(state, operation));
                    Listed { word, operation, verdict, by_server: true }
                })
                .collect()),
            (AnyClient::CertiFlow(client), AnyCard::CertiFlow { card, .. }) => {
                let Some(state) = native_state(&card.view()) else { return Ok(Vec::new()) };
                Ok(cardwright_core::lifecycle::legal(state)
                    .filter(|(operation, _)| {
                        let reason = operation.facts().takes_reason.then_some(RevocationReason::None);
                        client.plan(card, *operation, reason).is_ok()
                    })
                    .map(|(operation, verdict)| Listed {
                        word: operation.native(System::CertiFlow).unwrap_or("").to_string(),
                        operation: Some(operation),
                        verdict: Some(verdict),
                        by_server: false,
                    })
                    .collect())
            }
            _ => Err(wrong_system()),
        }
    }

    /// Does an operation to a card. `reason` is for CertiFlow's Revoke, `comment` for MIM CM.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub fn operate(
        &self,
        card: &AnyCard,
        operation: Operation,
        reason: Option<RevocationReason>,
        comment: &str,
    ) -> Result<Outcome<AnyCard>, Error> {
        match (self, card) {
            (AnyClient::Mim(client), AnyCard::Mim { card, .. }) => {
                Ok(client.operate(card, operation, comment)?.map(|card| Self::mim_card(client, card)))
            }
            (AnyClient::CertiFlow(client), AnyCard::CertiFlow { card, found_by }) => {
                let user = found_by.as_deref();
                let outcome = match user {
                    Some(user) => client.operate((card, user), operation, reason)?,
                    None => client.operate(card, operation, reason)?,
                };
                Ok(outcome.map(|card| Self::certiflow_card(card, user)))
            }
            _ => Err(wrong_system()),
        }
    }

    /// Goes on with a request of MIM CM that waited for approval.
    ///
    /// # Errors
    /// As [`Client::go_on`]; [`Code::NoSuchCall`] in CertiFlow, which has no requests.
    pub fn go_on(&self, request: &str) -> Result<Outcome<AnyCard>, Error> {
        match self {
            AnyClient::Mim(client) => Ok(client.go_on(request)?.map(|card| Self::mim_card(client, card))),
            AnyClient::CertiFlow(_) => Err(cardwright_core::Error::of(Code::NoSuchCall, "requests").into()),
        }
    }

    /// What [`Self::operate`] would send.
    ///
    /// # Errors
    /// What the system or its dialect lacks.
    pub fn plan(
        &self,
        card: &AnyCard,
        operation: Operation,
        reason: Option<RevocationReason>,
        comment: &str,
    ) -> Result<Vec<Planned>, Error> {
        match (self, card) {
            (AnyClient::Mim(client), AnyCard::Mim { card, .. }) => client.plan(card, operation, comment),
            (AnyClient::CertiFlow(client), AnyCard::CertiFlow { card, .. }) => client.plan(card, operation, reason),
            _ => Err(wrong_system()),
        }
    }
}

/// As the system does it.
impl Find for &AnyClient {
    type Record = AnyCard;
    type Error = Error;

    fn find(&mut self, serial: &Spelling, found: &mut dyn FnMut(AnyCard)) -> Result<(), Error> {
        match self {
            AnyClient::Mim(client) => {
                Find::find(&mut &*client, serial, &mut |card| found(AnyClient::mim_card(client, card)))
            }
            AnyClient::CertiFlow(client) => {
                Find::find(&mut &*client, serial, &mut |card| found(AnyClient::certiflow_card(card, None)))
            }
        }
    }
}

/// The cards of one user of CertiFlow, to be searched: see [`AnyClient::of_user`]. MIM CM, which has no
/// filters, refuses.
#[derive(Debug, Clone, Copy)]
pub struct OfUser<'c> {
    client: &'c AnyClient,
    user: &'c str,
}

impl Find for OfUser<'_> {
    type Record = AnyCard;
    type Error = Error;

    fn find(&mut self, serial: &Spelling, found: &mut dyn FnMut(AnyCard)) -> Result<(), Error> {
        let serial = serial.to_string();
        let wanted = Serial::parse(&serial)?;
        for card in self.client.cards(Query { user_name: Some(self.user), ..Query::default() })? {
            let card = card?;
            let its = card.serial_number();
            let how = Serial::parse(&its).ok().and_then(|its| its.matches(&wanted));
            if matches!(how, Some(Match::Same | Match::TextIgnoringCase)) {
                found(card);
            }
        }
        Ok(())
    }
}

fn wrong_system() -> Error {
    Error::setup("the card is a record of the other system")
}
