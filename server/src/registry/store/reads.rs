//! What is found and listed.

use crate::Error;
use crate::registry::certiflow::{CardShown, Listed, Listing, Written};
use crate::registry::rows::{
    Account, AuditEntry, AuditQuery, Card, Certificate, Policy, Request, Rights, Standing, Template, WantedRequests,
};
use cardwright_core::identity::Guid;
use cardwright_core::mim::RequestKind;

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
