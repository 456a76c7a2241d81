//! The enumerations of CertiFlow's API.
//!
//! The words are the vendor's, and the numbers where it is said; a word that is not known is kept as it came.

use super::Dialect;
use crate::Named;
use crate::json::Scalar;

/// The state of a card (API, Cards). The numbers are ours: the vendor publishes only the names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
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

impl Named for CardState {
    const ALL: &'static [Self] = &[
        CardState::Clean,
        CardState::Assigned,
        CardState::Pending,
        CardState::Issued,
        CardState::Disabled,
        CardState::Revoked,
    ];

    fn name(self) -> &'static str {
        match self {
            CardState::Clean => "Clean",
            CardState::Assigned => "Assigned",
            CardState::Pending => "Pending",
            CardState::Issued => "Issued",
            CardState::Disabled => "Disabled",
            CardState::Revoked => "Revoked",
        }
    }
}

/// Why a card is revoked (API, Revoke). Names and numbers are the vendor's.
///
/// These are not CRL reasons: 7 means nothing in RFC 5280. [`RevocationReason::crl_reason`] maps them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
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
    pub const fn crl_reason(self) -> u8 {
        match self {
            RevocationReason::None => 0,
            RevocationReason::CardLost | RevocationReason::CardCompromised => 1,
            RevocationReason::CardUpgrade | RevocationReason::CardExpired => 4,
            RevocationReason::CardBroken | RevocationReason::CardWithdraw | RevocationReason::UserRemoved => 5,
        }
    }

    /// The first dialect that has it.
    pub const fn since(self) -> Dialect {
        match self {
            RevocationReason::CardCompromised => Dialect::G6,
            _ => Dialect::G1,
        }
    }

    /// The reason by its name or number, as the server takes both.
    pub fn parse(text: &str) -> Option<Self> {
        let number = text.parse::<u8>().ok();
        number.and_then(|n| Self::ALL.get(usize::from(n)).copied()).or_else(|| Self::from_name(text))
    }
}

impl Named for RevocationReason {
    const ALL: &'static [Self] = &[
        RevocationReason::None,
        RevocationReason::CardBroken,
        RevocationReason::CardLost,
        RevocationReason::CardUpgrade,
        RevocationReason::CardExpired,
        RevocationReason::CardWithdraw,
        RevocationReason::UserRemoved,
        RevocationReason::CardCompromised,
    ];

    fn name(self) -> &'static str {
        match self {
            RevocationReason::None => "None",
            RevocationReason::CardBroken => "CardBroken",
            RevocationReason::CardLost => "CardLost",
            RevocationReason::CardUpgrade => "CardUpgrade",
            RevocationReason::CardExpired => "CardExpired",
            RevocationReason::CardWithdraw => "CardWithdraw",
            RevocationReason::UserRemoved => "UserRemoved",
            RevocationReason::CardCompromised => "CardCompromised",
        }
    }

    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        match scalar.as_i64() {
            Some(n) => Self::ALL.get(usize::try_from(n).ok()?).copied(),
            None => {
                let text = scalar.as_text()?;
                Self::ALL.iter().copied().find(|reason| text.eq_ignore_ascii_case(reason.name()))
            }
        }
    }
}

/// Whether the certificates of a card expire (API, Cards). A filter only: replies do not carry it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
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
    /// Which certificates it speaks of, and whether they have expired already.
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

impl Named for ContentExpirationStatus {
    const ALL: &'static [Self] = &[
        Self::None,
        Self::ManagedCertificatesExpiring,
        Self::ManagedCertificatesExpired,
        Self::CommonCertificatesExpiring,
        Self::CommonCertificatesExpired,
        Self::TracedCertificatesExpiring,
        Self::TracedCertificatesExpired,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::ManagedCertificatesExpiring => "ManagedCertificatesExpiring",
            Self::ManagedCertificatesExpired => "ManagedCertificatesExpired",
            Self::CommonCertificatesExpiring => "CommonCertificatesExpiring",
            Self::CommonCertificatesExpired => "CommonCertificatesExpired",
            Self::TracedCertificatesExpiring => "TracedCertificatesExpiring",
            Self::TracedCertificatesExpired => "TracedCertificatesExpired",
        }
    }
}

/// Where a certificate on a card comes from. The words are those of the guide; that replies carry
/// them is assumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum CertificateType {
    /// Issued through the system: it can be renewed, held and revoked.
    Managed = 1,
    /// One for many users, made elsewhere: never held or revoked.
    Common = 2,
    /// Found on the card, and only watched.
    Traced = 3,
}

impl Named for CertificateType {
    const ALL: &'static [Self] = &[CertificateType::Managed, CertificateType::Common, CertificateType::Traced];

    fn name(self) -> &'static str {
        match self {
            CertificateType::Managed => "Managed",
            CertificateType::Common => "Common",
            CertificateType::Traced => "Traced",
        }
    }
}

/// What a service role may be allowed (API, first section).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
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
    /// What G1 calls it; its roles have these five and no other.
    pub const fn name_in_g1(self) -> Option<&'static str> {
        match self {
            Privilege::ViewingCardRepository => Some("Get smart cards"),
            Privilege::RevokingCard => Some("Revoke smart cards"),
            Privilege::DisablingCard => Some("Disable smart cards"),
            Privilege::EnablingCard => Some("Enable smart cards"),
            Privilege::UpdatingCard => Some("Update smart cards"),
            _ => None,
        }
    }
}

impl Named for Privilege {
    const ALL: &'static [Self] = &[
        Privilege::FindingUsers,
        Privilege::ViewingCardRepository,
        Privilege::EnablingCard,
        Privilege::DisablingCard,
        Privilege::UpdatingCard,
        Privilege::ResettingPin,
        Privilege::LockingCard,
        Privilege::RevokingCard,
        Privilege::RemovingTasks,
    ];

    fn name(self) -> &'static str {
        match self {
            Privilege::FindingUsers => "Finding users",
            Privilege::ViewingCardRepository => "Viewing card repository",
            Privilege::EnablingCard => "Enabling card",
            Privilege::DisablingCard => "Disabling card",
            Privilege::UpdatingCard => "Updating card",
            Privilege::ResettingPin => "Resetting PIN",
            Privilege::LockingCard => "Locking card",
            Privilege::RevokingCard => "Revoking card",
            Privilege::RemovingTasks => "Removing tasks",
        }
    }
}
