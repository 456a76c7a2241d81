//! Card states as MIM CM's statuses, and what its operations change besides the status.

use crate::registry::{CESSATION, CardEffect, CertificateEffect, Chosen, Effects};
use cardwright_core::certiflow::RevocationReason;
use cardwright_core::lifecycle::{NativeState, Operation, State, System};
use cardwright_core::mim::SmartcardStatus;

/// A card's status. A pending card is shown as Assigned, which is assumed: in MIM CM it is
/// the request that is pending.
pub(super) fn of(state: State) -> SmartcardStatus {
    match state.native(System::Mim) {
        Some(NativeState::Mim(status)) => status,
        // No state of this system.
        _ => SmartcardStatus::Assigned,
    }
}

/// As [`of`], for the registry.
pub(super) fn shown(state: State) -> Option<NativeState> {
    Some(NativeState::Mim(of(state)))
}

/// The effects of an operation; `None` for those that MIM CM lacks.
pub(super) fn effects(operation: Operation) -> Option<Effects> {
    let reason = RevocationReason::None;
    let (card, certificates) = match operation {
        Operation::Resume => (CardEffect::Nothing, CertificateEffect::Release),
        // SDK: Disable and Retire revoke all certificates. Their reasons in the CRL are assumed.
        Operation::Revoke => {
            (CardEffect::Revoked(reason as u8), CertificateEffect::Revoke(Chosen::All, reason.crl_reason()))
        }
        Operation::Retire => (CardEffect::Nothing, CertificateEffect::Revoke(Chosen::All, CESSATION)),
        _ => return None,
    };
    Some(Effects { card, certificates })
}

#[cfg(test)]
mod tests {
    use super::*;
    use cardwright_core::Named as _;

    #[test]
    fn each_operation_that_the_system_has_and_no_other_has_effects() {
        for operation in Operation::ALL {
            assert_eq!(effects(*operation).is_some(), operation.native(System::Mim).is_some(), "{operation:?}");
        }
    }
}
