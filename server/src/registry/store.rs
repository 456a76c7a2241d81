//! What a database does for the registry: the domain's methods, and not SQL's. [`crate::registry::sqlite`] and
//! [`crate::registry::postgres`] have them, and the same tests run over both.
//!
//! What a rule says (which operation is allowed, what the audit log gets) stands above these methods, once. What is here is
//! found, listed and changed. All of a reading is of one state of the database; all of a writing is in one transaction, and
//! what it reads by an id stays as it is until that ends.

use super::accounts::Account;
use super::audit::{AuditEntry, AuditQuery};
use super::cards::Card;
use super::certificates::{Chosen, Standing};
use super::certiflow::{CardShown, Certificate, Listed, Listing, Written};
use super::health::Health;
use super::mim::{Policy, Request, Template, WantedRequests};
use super::operate::CardEffect;
use super::reading::{Reading, Writing};
use super::rights::Rights;
use super::stamp::Stamp;
use super::who::Who;
use crate::Error;
use cardwright_core::identity::Guid;
use cardwright_core::lifecycle::State;
use cardwright_core::mim::RequestKind;
use core::future::Future;
use core::pin::Pin;

/// What can be read, all from one state of the database.
pub(crate) trait Reads {
    /// A card by its id in CertiFlow.
    fn card(&self, id: i64) -> Result<Option<Card>, Error>;
    /// A card by its id in MIM CM.
    fn card_by_uuid(&self, uuid: Guid) -> Result<Option<Card>, Error>;
    /// A card by its own GUID.
    fn card_by_card_id(&self, card_id: Guid) -> Result<Option<Card>, Error>;
    /// The cards of a user, in the order of their ids.
    fn cards_of(&self, user: Guid) -> Result<Vec<Card>, Error>;
    /// The next cards that have a user, after the one with this id, in the order of their ids.
    fn cards_after(&self, id: i64, most: usize) -> Result<Vec<Card>, Error>;
    /// How many cards there are, including those that CertiFlow no longer lists.
    fn count_cards(&self) -> Result<i64, Error>;
    /// The name and the UPN that a user has on another card.
    fn user_names(&self, user: Guid) -> Result<(Option<String>, Option<String>), Error>;
    /// The certificates on a card, and what the certificate authority knows of them.
    fn certificates(&self, card: i64) -> Result<Vec<(Certificate, Standing)>, Error>;

    /// A card by its id in CertiFlow, as CertiFlow shows it: not if it is retired. One statement.
    fn show_card(&self, id: i64, shown: &CardShown) -> Result<Written, Error>;
    /// The next cards of a listing, at most `most`, by ascending id.
    fn list_cards(&self, listing: &Listing, listed: Listed<'_>, most: u32) -> Result<Written, Error>;

    /// Rows of the audit log up to this number, oldest first; `card` is the one that the query names.
    fn audit_rows(&self, query: &AuditQuery, card: Option<i64>, end: i64) -> Result<Vec<AuditEntry>, Error>;
    /// The number of the card that had this id in MIM CM.
    fn card_of_old(&self, uuid: Guid) -> Result<Option<i64>, Error>;

    /// All accounts, by name.
    fn accounts(&self) -> Result<Vec<Account>, Error>;
    /// An account by its name in upper or lower case.
    fn account(&self, name: &str) -> Result<Option<Account>, Error>;
    /// All roles by name, and what they may do.
    fn roles(&self) -> Result<Vec<(String, Rights)>, Error>;
    /// What a role may do; `None` if there is no such role.
    fn rights(&self, role: &str) -> Result<Option<Rights>, Error>;

    /// A template by its id.
    fn template(&self, uuid: Guid) -> Result<Option<Template>, Error>;
    /// A template by the name of its policy in CertiFlow.
    fn template_of_policy(&self, name: &str) -> Result<Option<Template>, Error>;
    /// How a template treats a kind of request; `None` if it does not allow it.
    fn policy(&self, template: Guid, kind: RequestKind) -> Result<Option<Policy>, Error>;
    /// How a template treats each kind of request that it allows, by kind.
    fn policies(&self, template: Guid) -> Result<Vec<Policy>, Error>;
    /// A request by its id.
    fn request(&self, uuid: Guid) -> Result<Option<Request>, Error>;
    /// The next requests that are wanted, at most `most`, in the order in which they were submitted.
    fn requests(&self, wanted: &WantedRequests, most: usize) -> Result<Vec<Request>, Error>;
    /// The names of those who have approved a request, in that order.
    fn approved_by(&self, request: Guid) -> Result<Vec<String>, Error>;
}

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

/// What reads. Where the connection breaks before it has read anything, it is called again.
pub(super) type Read<'r> = &'r mut dyn FnMut(&Reading<'_>) -> Result<(), Error>;
/// What writes. Where another transaction was in the way, it is called again, in a new one.
pub(super) type Write<'w> = &'w mut dyn FnMut(&Writing<'_>) -> Result<(), Error>;
/// As [`Write`], for another thread.
pub(super) type Change = Box<dyn FnMut(&Writing<'_>) -> Result<(), Error> + Send>;
/// Whether a change was carried out.
pub(super) type Changing = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// How much a reading reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// One statement: it needs no transaction.
    One,
    /// Several.
    Several,
}

/// A database with a registry.
pub(super) trait Store: Send + Sync {
    /// Reads.
    fn read(&self, extent: Extent, read: Read<'_>) -> Result<(), Error>;
    /// Writes in a transaction of its own: everything if the result is `Ok`, nothing otherwise.
    fn write(&self, write: Write<'_>) -> Result<(), Error>;
    /// As [`Self::write`], for accounts and roles: from its end on nobody is remembered who has signed in.
    fn write_accounts(&self, write: Write<'_>) -> Result<(), Error>;
    /// Writes, together with other pending changes where the database gains by that. It is durable when this is ready. What
    /// was begun is carried out even if it is no longer awaited.
    fn change(&self, change: Change) -> Result<Changing, Error>;
    /// The number of the last row of the audit log. No row with a smaller number is written any more.
    fn audit_end(&self) -> Result<i64, Error>;
    /// Whether the calls wait for a network: then they need a thread that may block.
    fn is_remote(&self) -> bool;
    /// A number that changes whenever an account or a role does.
    fn epoch(&self) -> Result<u64, Error>;
    /// The same, if it is known without asking the database.
    fn known_epoch(&self) -> Option<u64>;
    /// Lets nobody be remembered who has signed in.
    #[cfg(test)]
    fn forget_callers(&self);
    /// How many transactions were committed since it was opened.
    fn commits(&self) -> u64;
    /// Whether it was made when this server started.
    fn is_new(&self) -> bool;
    /// What is wrong with what it holds, if anything is.
    fn complaints(&self) -> Result<Vec<String>, Error>;
    /// Where it is, for a message: no password.
    fn place(&self) -> String;
    /// Whether it can be read and written.
    fn health(&self) -> &Health;
}
