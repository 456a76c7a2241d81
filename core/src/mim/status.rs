//! The numbers in MIM CM's replies, and what is known of them.

use crate::json::Scalar;
use crate::named;

/// `SmartcardStatus` (SDK). The names are documented, the numbers are not: see [`StatusScheme`].
/// The numbers here are ours.
///
/// # Examples
/// ```
/// use cardwright_core::Named;
/// use cardwright_core::mim::SmartcardStatus;
///
/// assert_eq!(SmartcardStatus::from_name("Suspended"), Some(SmartcardStatus::Suspended));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum SmartcardStatus {
    /// No information.
    None = 0,
    /// Being made.
    New = 1,
    /// Given to a user as a part of being made.
    Assigned = 2,
    /// In use.
    Active = 3,
    /// Temporarily off.
    Suspended = 4,
    /// All certificates are revoked. Not what CertiFlow calls Disabled.
    Disabled = 5,
    /// The life cycle is over.
    Retired = 6,
}

named! { SmartcardStatus { None, New, Assigned, Active, Suspended, Disabled, Retired } }

/// Which number stands for which [`SmartcardStatus`] in replies.
///
/// Microsoft has not published it. Of the numbers only 2, 3 and 6 are seen in the documents, so every
/// row is assumed: a status explains a card, and never decides what may be done with it. That is for
/// `/operations`. A site that knows better can make its own scheme.
///
/// # Examples
/// ```
/// use cardwright_core::mim::{SmartcardStatus, StatusScheme};
///
/// // Servers number the states in one of two ways, and only one number is attested.
/// let number = StatusScheme::B.number(SmartcardStatus::Active);
/// assert_eq!(number, Some(3));
/// assert_ne!(StatusScheme::A.number(SmartcardStatus::Active), number);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "a site that knows better writes its own")]
pub struct StatusScheme {
    /// Number and meaning.
    pub rows: &'static [(i64, SmartcardStatus)],
}

impl StatusScheme {
    /// The column `sc_status` of the SQL API, of which four rows are documented.
    pub const A: StatusScheme = StatusScheme {
        rows: &[
            (0, SmartcardStatus::New),
            (1, SmartcardStatus::Assigned),
            (2, SmartcardStatus::Active),
            (3, SmartcardStatus::Disabled),
        ],
    };

    /// The one that explains each example of the REST documents.
    pub const B: StatusScheme = StatusScheme {
        rows: &[
            (0, SmartcardStatus::None),
            (1, SmartcardStatus::New),
            (2, SmartcardStatus::Assigned),
            (3, SmartcardStatus::Active),
            (4, SmartcardStatus::Disabled),
            (5, SmartcardStatus::Suspended),
            (6, SmartcardStatus::Retired),
        ],
    };

    /// The numbers that the REST documents show, each beside what it means there. Every scheme that explains the
    /// documents has these rows.
    pub const ATTESTED: StatusScheme = StatusScheme {
        rows: &[(2, SmartcardStatus::Assigned), (3, SmartcardStatus::Active), (6, SmartcardStatus::Retired)],
    };

    /// The assumed meaning of a number; `None` for a number that the scheme lacks.
    #[must_use]
    pub fn status(self, number: Scalar<'_>) -> Option<SmartcardStatus> {
        let number = number.as_i64()?;
        self.rows.iter().find(|row| row.0 == number).map(|row| row.1)
    }

    /// The number for a status.
    #[must_use]
    pub fn number(self, status: SmartcardStatus) -> Option<i64> {
        self.rows.iter().find(|row| row.1 == status).map(|row| row.0)
    }
}

impl Default for StatusScheme {
    fn default() -> Self {
        Self::B
    }
}

/// `RequestType` (SDK; the numbers by published reports over the database).
///
/// # Examples
/// ```
/// use cardwright_core::mim::{RequestKind, RequestType};
///
/// assert_eq!(RequestKind::Retire.request_type(), Some(RequestType::Retire));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum RequestType {
    /// No type.
    None = 0,
    /// A new card.
    Enroll = 1,
    /// For a card: its replacement.
    Recover = 2,
    /// New certificates.
    Renew = 3,
    /// What the API calls Revoke.
    Disable = 4,
    /// The PIN.
    Unblock = 5,
    /// A copy.
    Duplicate = 6,
    /// The end of a card.
    Retire = 7,
    /// For somebody else.
    RecoverOnBehalf = 8,
    /// Suspend and reinstate share one number.
    SuspendOrReinstate = 9,
    /// New content.
    OnlineUpdate = 10,
    /// A temporary card.
    TemporaryCardEnroll = 11,
}

named! {
    RequestType by number {
        None, Enroll, Recover, Renew, Disable, Unblock, Duplicate, Retire, RecoverOnBehalf, SuspendOrReinstate,
        OnlineUpdate, TemporaryCardEnroll,
    }
}

/// `RequestStatus` (SQL API, `externalGetStatus`; the REST examples agree).
///
/// # Examples
/// ```
/// use cardwright_core::mim::RequestStatus;
///
/// assert!(RequestStatus::OPEN.contains(&RequestStatus::Pending));
/// assert!(!RequestStatus::OPEN.contains(&RequestStatus::Failed));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum RequestStatus {
    /// Not looked at yet.
    NotProcessed = 0,
    /// It can be carried out.
    Approved = 3,
    /// Somebody said no.
    Denied = 4,
    /// Carried out.
    Completed = 8,
    /// Tried, and failed.
    Failed = 9,
    /// Waits for approval.
    Pending = 16,
    /// Given up.
    Canceled = 17,
    /// Being carried out.
    Executing = 18,
}

impl RequestStatus {
    /// The statuses of a request that has not ended, in the order in which a request goes through them.
    pub const OPEN: [RequestStatus; 4] =
        [RequestStatus::NotProcessed, RequestStatus::Pending, RequestStatus::Approved, RequestStatus::Executing];
}

named! {
    RequestStatus by number {
        NotProcessed = "None",
        Approved,
        Denied,
        Completed,
        Failed,
        Pending,
        Canceled,
        Executing,
    }
}
