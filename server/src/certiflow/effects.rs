//! What CertiFlow's operations change besides the state of the card.
//!
//! timeDisabled is kept when the hold is lifted, and PreUpdate leaves timeUpdated alone: both are assumed.

use crate::registry::{CESSATION, CardEffect, CertificateEffect, Chosen, Effects};
use cardwright_core::certiflow::RevocationReason;
use cardwright_core::lifecycle::Operation;

/// The effects of an operation; `None` for one of which they are not written here.
pub(super) fn of(operation: Operation, reason: Option<RevocationReason>) -> Option<Effects> {
    let reason = reason.unwrap_or(RevocationReason::None);
    let (card, certificates) = match operation {
        // Held by their template's option (guide, Disabling and enabling).
        Operation::Suspend => (CardEffect::Held, CertificateEffect::Hold),
        Operation::Resume => (CardEffect::Nothing, CertificateEffect::Release),
        Operation::Revoke => {
            (CardEffect::Revoked(reason as u8), CertificateEffect::Revoke(revoked(reason)?, reason.crl_reason()))
        }
        // Certificates that the option had left alone are revoked before the record drops them, so that
        // none stays active.
        Operation::Retire => (CardEffect::Unassigned, CertificateEffect::RevokeAndDelete(CESSATION)),
        Operation::PreUpdate => (CardEffect::Nothing, CertificateEffect::Revoke(Chosen::NotInNewPolicy, CESSATION)),
        #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
        _ => return None,
    };
    Some(Effects { card, certificates })
}

/// Loss and compromise revoke all certificates, whatever the option says (guide, Smart card revocation). That a
/// hold becomes final is assumed.
const fn revoked(reason: RevocationReason) -> Option<Chosen> {
    match reason {
        RevocationReason::CardLost | RevocationReason::CardCompromised => Some(Chosen::All),
        RevocationReason::None
        | RevocationReason::CardBroken
        | RevocationReason::CardUpgrade
        | RevocationReason::CardExpired
        | RevocationReason::CardWithdraw
        | RevocationReason::UserRemoved => Some(Chosen::WithCard),
        #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
        _ => None,
    }
}
