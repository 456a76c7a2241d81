//! Certificates on cards, and what a certificate authority knows of them.

use crate::registry::record::{Numbered, record};
use crate::registry::stamp::Stamp;
use cardwright_core::certiflow::{CertificateType, RevocationReason};
use cardwright_core::lifecycle::State;
use cardwright_core::named;

/// certificateHold (RFC 5280, 5.3.1): the reason of a certificate on hold in a CRL.
pub(crate) const HOLD: u8 = 6;

/// cessationOfOperation (RFC 5280, 5.3.1): what was taken out of use without being revoked first.
pub(crate) const CESSATION: u8 = 5;

/// The status of a certificate at its certificate authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum CaStatus {
    /// It is good.
    Valid = 1,
    /// It is revoked, with a mark that this can be undone.
    Hold = 2,
    /// It is revoked for good.
    Revoked = 3,
    /// It was good until it expired.
    Expired = 4,
}

named! { CaStatus { Valid, Hold, Revoked, Expired } }

impl Numbered for CaStatus {
    const WHAT: &'static str = "a certificate's status";
}

record! {
    /// What the certificate authority knows of a certificate.
    #[derive(Debug, Clone, Copy)]
    pub(crate) struct Standing in "certificate" {
        pub(crate) revoke_with_card: bool = "revoke_with_card",
        pub(crate) in_new_policy: bool = "in_new_policy",
        /// Never [`CaStatus::Expired`]: that follows from the time.
        pub(crate) status: CaStatus = "ca_status",
        pub(crate) crl_reason: Option<u8> = "crl_reason",
        pub(crate) held_with_card: bool = "held_with_card",
    }
}

impl Standing {
    /// A good certificate, whose template revokes it with its card.
    pub(crate) const GOOD: Standing = Standing {
        revoke_with_card: true,
        in_new_policy: true,
        status: CaStatus::Valid,
        crl_reason: None,
        held_with_card: false,
    };
}

/// What an operation does to the card's certificates.
#[derive(Debug, Clone, Copy)]
pub(crate) enum CertificateEffect {
    /// Those whose template says so are put on hold.
    Hold,
    /// Those that the card's hold put on hold are released.
    Release,
    /// Some are revoked, with a reason for the CRL (RFC 5280, 5.3.1).
    Revoke(Chosen, u8),
    /// All are revoked, and then deleted from the record.
    RevokeAndDelete(u8),
}

/// Which of a card's managed certificates are revoked.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Chosen {
    /// All.
    All,
    /// Those whose template says so, and those that are on hold because it says so.
    WithCard,
    /// Those that the new policy does not have, if the old policy's template says so (API, PreUpdate).
    NotInNewPolicy,
}

record! {
    /// A certificate on a card.
    #[derive(Debug, Clone)]
    pub(crate) struct Certificate in "certificate" {
        pub(crate) kind: CertificateType = "type",
        pub(crate) serial_number: String = "serial_number",
        pub(crate) thumbprint: String = "thumbprint",
        pub(crate) subject: String = "subject",
        pub(crate) issuer: String = "issuer",
        pub(crate) valid_to: Stamp = "valid_to",
    }
}

impl Numbered for CertificateType {
    const WHAT: &'static str = "a certificate type";
}

impl Standing {
    /// The standing of a certificate on a card in this state, if its template revokes it with its card.
    pub(crate) fn of_card(state: State, certificate: &Certificate, now: Stamp) -> Self {
        if certificate.kind != CertificateType::Managed || certificate.valid_to <= now {
            return Self::GOOD;
        }
        match state {
            State::Suspended => {
                Standing { status: CaStatus::Hold, crl_reason: Some(HOLD), held_with_card: true, ..Self::GOOD }
            }
            State::Revoked | State::Retired => Standing {
                status: CaStatus::Revoked,
                crl_reason: Some(RevocationReason::None.crl_reason()),
                ..Self::GOOD
            },
            State::Stock | State::Assigned | State::Pending | State::Active => Self::GOOD,
            // Whatever it is, the card is not in use.
            #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
            _ => Standing {
                status: CaStatus::Revoked,
                crl_reason: Some(RevocationReason::None.crl_reason()),
                ..Self::GOOD
            },
        }
    }
}
