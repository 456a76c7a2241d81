//! The enumerations of CertiFlow's API.
//!
//! The names are the vendor's; the numbers are ours, unless stated otherwise.

use super::Dialect;
use crate::{Named, named};

/// The state of a card (API, Cards). The numbers are ours: the vendor publishes only the names.
///
/// # Examples
/// ```
/// use cardwright_core::Named;
/// use cardwright_core::certiflow::CardState;
///
/// assert_eq!(CardState::from_name("Issued"), Some(CardState::Issued));
/// assert_eq!(CardState::from_name("Archived"), None, "a state that is not known is none of these");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum CardState {
    /// In the repository, with no user and no content.
    Clean = 1,
    /// Tied to a user, not issued.
    Assigned = 2,
    /// An issue or update was started and waits.
    Pending = 3,
    /// In use.
    Issued = 4,
    /// Temporarily off. Not what MIM CM calls Disabled.
    Disabled = 5,
    /// Finally off, still with the user until it is withdrawn.
    Revoked = 6,
}

named! { CardState { Clean, Assigned, Pending, Issued, Disabled, Revoked } }

/// Why a card is revoked (API, Revoke). Names and numbers are the vendor's.
///
/// These are not CRL reasons: 7 means nothing in RFC 5280. [`RevocationReason::crl_reason`] maps them.
///
/// # Examples
/// ```
/// use cardwright_core::certiflow::{Dialect, RevocationReason};
///
/// assert_eq!(RevocationReason::parse("CardLost"), Some(RevocationReason::CardLost));
/// assert_eq!(RevocationReason::CardCompromised.crl_reason(), 1);
/// assert_eq!(RevocationReason::CardCompromised.since(), Dialect::G2);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum RevocationReason {
    /// No reason given.
    None = 0,
    /// Out of order or destroyed.
    CardBroken = 1,
    /// Lost, or cannot be found.
    CardLost = 2,
    /// To be replaced by a new one.
    CardUpgrade = 3,
    /// At the end of its life.
    CardExpired = 4,
    /// Taken back, as the user leaves. Not the operation Withdraw.
    CardWithdraw = 5,
    /// The user is gone from the directory.
    UserRemoved = 6,
    /// The key may be known to others though the card is here.
    CardCompromised = 7,
}

impl RevocationReason {
    /// The reason for the certificates in a CRL (RFC 5280, 5.3.1). CertiFlow does not publish its
    /// own mapping; this is ours.
    #[must_use]
    pub const fn crl_reason(self) -> u8 {
        match self {
            RevocationReason::None => 0,
            RevocationReason::CardLost | RevocationReason::CardCompromised => 1,
            RevocationReason::CardUpgrade | RevocationReason::CardExpired => 4,
            RevocationReason::CardBroken | RevocationReason::CardWithdraw | RevocationReason::UserRemoved => 5,
        }
    }

    /// The first dialect that has it.
    #[must_use]
    pub const fn since(self) -> Dialect {
        match self {
            RevocationReason::CardCompromised => Dialect::G2,
            _ => Dialect::G1,
        }
    }

    /// Reads a reason by its name or number; the server accepts both.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let number = text.parse::<u8>().ok();
        number.and_then(|number| Self::from_number(number.into())).or_else(|| Self::from_name(text))
    }
}

named! {
    RevocationReason by number or name {
        None, CardBroken, CardLost, CardUpgrade, CardExpired, CardWithdraw, UserRemoved, CardCompromised,
    }
}

/// Whether the certificates of a card expire (API, Cards). A filter only: replies do not carry it.
///
/// # Examples
/// ```
/// use cardwright_core::certiflow::{CertificateType, ContentExpirationStatus};
///
/// let status = ContentExpirationStatus::ManagedCertificatesExpired;
/// assert_eq!(status.of_certificates(), Some((CertificateType::Managed, true)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum ContentExpirationStatus {
    /// Nothing expires.
    None = 1,
    /// A managed certificate expires soon.
    ManagedCertificatesExpiring = 2,
    /// A managed certificate has expired.
    ManagedCertificatesExpired = 3,
    /// A common certificate expires soon.
    CommonCertificatesExpiring = 4,
    /// A common certificate has expired.
    CommonCertificatesExpired = 5,
    /// A traced certificate expires soon.
    TracedCertificatesExpiring = 6,
    /// A traced certificate has expired.
    TracedCertificatesExpired = 7,
}

impl ContentExpirationStatus {
    /// Which certificates it is about, and whether they have expired already.
    #[must_use]
    pub const fn of_certificates(self) -> Option<(CertificateType, bool)> {
        match self {
            Self::None => None,
            Self::ManagedCertificatesExpiring => Some((CertificateType::Managed, false)),
            Self::ManagedCertificatesExpired => Some((CertificateType::Managed, true)),
            Self::CommonCertificatesExpiring => Some((CertificateType::Common, false)),
            Self::CommonCertificatesExpired => Some((CertificateType::Common, true)),
            Self::TracedCertificatesExpiring => Some((CertificateType::Traced, false)),
            Self::TracedCertificatesExpired => Some((CertificateType::Traced, true)),
        }
    }
}

named! {
    ContentExpirationStatus {
        None, ManagedCertificatesExpiring, ManagedCertificatesExpired, CommonCertificatesExpiring,
        CommonCertificatesExpired, TracedCertificatesExpiring, TracedCertificatesExpired,
    }
}

/// Where a certificate on a card comes from. The words are those of the guide; that replies carry
/// them is assumed.
///
/// # Examples
/// ```
/// use cardwright_core::Named;
/// use cardwright_core::certiflow::CertificateType;
///
/// assert_eq!(CertificateType::Traced.name(), "Traced");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum CertificateType {
    /// Issued through the system: it can be renewed, held and revoked.
    Managed = 1,
    /// One for many users, made elsewhere: never held or revoked.
    Common = 2,
    /// Found on the card, and only watched.
    Traced = 3,
}

named! { CertificateType { Managed, Common, Traced } }

/// What a service role may be allowed (API, first section).
///
/// # Examples
/// ```
/// use cardwright_core::certiflow::{Dialect, Endpoint, Privilege};
///
/// assert_eq!(Endpoint::Disable.privilege(), Privilege::DisablingCard);
/// assert_eq!(Privilege::DisablingCard.name_in(Dialect::G7), Some("Disabling card"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Privilege {
    /// To look for a user.
    FindingUsers = 1,
    /// To read cards.
    ViewingCardRepository = 2,
    /// Enable.
    EnablingCard = 3,
    /// Disable.
    DisablingCard = 4,
    /// PreUpdate.
    UpdatingCard = 5,
    /// No documented call needs it.
    ResettingPin = 6,
    /// No documented call needs it.
    LockingCard = 7,
    /// Revoke; that Withdraw needs it too is assumed.
    RevokingCard = 8,
    /// No documented call needs it.
    RemovingTasks = 9,
}

impl Privilege {
    /// Its name in a dialect; `None` if the roles of that dialect do not have it.
    #[must_use]
    pub fn name_in(self, dialect: Dialect) -> Option<&'static str> {
        let since = match self {
            Privilege::ViewingCardRepository
            | Privilege::RevokingCard
            | Privilege::DisablingCard
            | Privilege::EnablingCard
            | Privilege::UpdatingCard => Dialect::G1,
            Privilege::FindingUsers => Dialect::G2,
            Privilege::ResettingPin | Privilege::LockingCard => Dialect::G5,
            Privilege::RemovingTasks => Dialect::G6,
        };
        if (dialect as u8) < since as u8 {
            return None;
        }
        Some(match (dialect, self) {
            (Dialect::G1, Privilege::ViewingCardRepository) => "Get smart cards",
            (Dialect::G1, Privilege::RevokingCard) => "Revoke smart cards",
            (Dialect::G1, Privilege::DisablingCard) => "Disable smart cards",
            (Dialect::G1, Privilege::EnablingCard) => "Enable smart cards",
            (Dialect::G1, Privilege::UpdatingCard) => "Update smart cards",
            _ => self.name(),
        })
    }
}

named! {
    Privilege {
        FindingUsers = "Finding users",
        ViewingCardRepository = "Viewing card repository",
        EnablingCard = "Enabling card",
        DisablingCard = "Disabling card",
        UpdatingCard = "Updating card",
        ResettingPin = "Resetting PIN",
        LockingCard = "Locking card",
        RevokingCard = "Revoking card",
        RemovingTasks = "Removing tasks",
    }
}
