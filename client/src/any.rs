//! Either system, chosen when the program runs.
//!
//! This file is the one place that lists the systems: what they do stands behind [`CardSystem`] and
//! [`Record`].

mod card;

pub use card::AnyCard;

use crate::bulk::steps::Steps;
use crate::certiflow::CertiFlow;
use crate::client::Client;
use crate::error::Error;
use crate::mim::Mim;
use crate::operate::{Check, Outcome, Planned};
use crate::system::{AnyCards, CardSystem, Job};
use cardwright_core::certiflow::{Dialect, OwnedQuery, Query, RevocationReason};
use cardwright_core::identity::{Find, Match, Serial, Spelling};
use cardwright_core::lifecycle::{Operation, System};
use cardwright_core::mim::StatusScheme;
use cardwright_http::Setup;
use std::ops::Deref;

/// A client of one of the systems. What it can do stands in [`CardSystem`], to which it dereferences.
#[derive(Debug)]
pub enum AnyClient {
    /// Microsoft MIM CM.
    Mim(Client<Mim>),
    /// Axidian CertiFlow.
    CertiFlow(Client<CertiFlow>),
}

/// How a client goes about its system, beside how its requests are carried ([`Setup`]).
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// What to do about an operation that the tables do not allow.
    pub check: Check,
    /// How many cards to ask for at once, at least 1. Default: 500.
    pub page_size: u32,
    /// What a server of CertiFlow speaks.
    pub dialect: Dialect,
    /// What the status numbers of MIM CM mean.
    pub status_scheme: StatusScheme,
}

impl Default for Options {
    fn default() -> Self {
        let (dialect, status_scheme) = (Dialect::default(), StatusScheme::default());
        Options { check: Check::default(), page_size: 500, dialect, status_scheme }
    }
}

impl AnyClient {
    /// A client of a system. Nothing is sent yet.
    ///
    /// # Errors
    /// Where a setting cannot be used.
    pub fn new(system: System, setup: Setup, options: &Options) -> Result<Self, Error> {
        let &Options { check, page_size, dialect, status_scheme } = options;
        Ok(match system {
            System::Mim => {
                let builder = Client::<Mim>::with(setup).status_scheme(status_scheme);
                AnyClient::Mim(builder.check(check).page_size(page_size).build()?)
            }
            System::CertiFlow => {
                let builder = Client::<CertiFlow>::with(setup).dialect(dialect);
                AnyClient::CertiFlow(builder.check(check).page_size(page_size).build()?)
            }
        })
    }

    /// What one card of a bulk run takes.
    pub(crate) fn steps(&self) -> &dyn Steps {
        match self {
            AnyClient::Mim(client) => client,
            AnyClient::CertiFlow(client) => client,
        }
    }

    /// The cards that a query finds, as [`CardSystem::cards`].
    ///
    /// # Errors
    /// As there.
    pub fn list(&self, query: &OwnedQuery) -> Result<AnyCards, Error> {
        query.with(|query| self.cards(query))
    }

    /// The cards of one user, to be searched by serial number; the only way in G1.
    pub fn of_user<'c>(&'c self, user: &'c str) -> OfUser<'c> {
        OfUser { client: self, user }
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
        self.carry_out(card, &Job { operation, reason, comment: comment.into() })
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
        if card.system() != self.system() {
            return Err(crate::system::wrong_system());
        }
        self.plan_for(&card.id(), &Job { operation, reason, comment: comment.into() })
    }
}

impl Deref for AnyClient {
    type Target = dyn CardSystem;

    fn deref(&self) -> &Self::Target {
        match self {
            AnyClient::Mim(client) => client,
            AnyClient::CertiFlow(client) => client,
        }
    }
}

/// As the system does it.
impl Find for &AnyClient {
    type Record = AnyCard;
    type Error = Error;

    fn find(&mut self, serial: &Spelling, found: &mut dyn FnMut(AnyCard)) -> Result<(), Error> {
        self.find_each(serial, found)
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
