//! What is changed.

use super::Reads;
use crate::Error;
use crate::registry::rows::{
    Account, AuditEntry, Card, CardEffect, Certificate, Chosen, Policy, Request, Rights, Standing, Template, Who,
};
use crate::registry::stamp::Stamp;
use cardwright_core::identity::Guid;
use cardwright_core::lifecycle::State;

/// What can be written, in one transaction.
pub(crate) trait Writes: Reads {
    /// The time of everything in this transaction.
    fn now(&self) -> Stamp;

    /// The id for the next card that is added.
    fn next_card(&self) -> Result<i64, Error>;
    /// Adds cards, with their certificates.
    fn add_cards(&self, cards: &[(Card, Vec<(Certificate, Standing)>)]) -> Result<(), Error>;
    /// Cards were added with ids of their own: further ones get ids after all of them.
    fn number_on(&self) -> Result<(), Error>;
    /// Replaces a card. Returns whether it was still in the state `before`.
    fn replace_card(&self, card: &Card, before: State) -> Result<bool, Error>;
    /// Changes a card to what it is after an operation. Returns whether it was still in the state `before`.
    fn change_card(&self, id: i64, before: State, to: State, effect: CardEffect) -> Result<bool, Error>;

    /// Puts the good certificates of a card on hold whose template says so. Returns how many.
    fn hold_certificates(&self, card: i64) -> Result<usize, Error>;
    /// Releases what this card's hold put on hold, and nothing else. Returns how many.
    fn release_certificates(&self, card: i64) -> Result<usize, Error>;
    /// Revokes some of a card's managed certificates, with a reason for the CRL. Returns how many.
    fn revoke_certificates(&self, card: i64, chosen: Chosen, reason: u8) -> Result<usize, Error>;
    /// Deletes all certificates of a card. Returns how many.
    fn delete_certificates(&self, card: i64) -> Result<usize, Error>;

    /// Adds a row to the audit log, which numbers it.
    fn add_audit(&self, entry: &AuditEntry) -> Result<(), Error>;

    /// Adds an account, or gives an existing one this password, role and user.
    fn put_account(&self, account: &Account) -> Result<(), Error>;
    /// Replaces an account that is there.
    fn update_account(&self, account: &Account) -> Result<(), Error>;
    /// Adds a role; gives an existing one these rights if it `replaces` them.
    fn put_role(&self, name: &str, rights: Rights, replaces: bool) -> Result<(), Error>;

    /// Adds a template with its policies.
    fn add_template(&self, template: &Template, policies: &[Policy]) -> Result<(), Error>;
    /// Adds a request.
    fn add_request(&self, request: &Request) -> Result<(), Error>;
    /// Writes a request that has changed.
    fn update_request(&self, request: &Request) -> Result<(), Error>;
    /// Adds an approval. Returns whether it is the first by that account or bearer.
    fn add_approval(&self, request: Guid, by: &Who) -> Result<bool, Error>;

    /// Writes something, to learn whether anything can be.
    fn write_probe(&self) -> Result<(), Error>;
}
