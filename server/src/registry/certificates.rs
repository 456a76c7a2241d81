//! What a certificate authority knows of the certificates on cards, and what becomes of them when their card is
//! held, revoked or withdrawn.
//!
//! This is an inner model: no API shows it. Only managed certificates are ever held or revoked. A certificate that
//! has expired is left alone, as an authority no longer needs it on its list, which is assumed.

use super::Writing;
use super::record::{Numbered, record};
use crate::Error;
use cardwright_core::named;
use core::fmt::Write as _;

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

/// How many certificates an operation touched. The note in the audit log tells it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Touched {
    held: usize,
    released: usize,
    revoked: usize,
    dropped: usize,
}

impl Touched {
    /// A note with the counts above zero: "CardLost; 2 revoked".
    pub(super) fn note(self, note: &str) -> String {
        let mut text = note.to_owned();
        let counts =
            [(self.held, "held"), (self.released, "released"), (self.revoked, "revoked"), (self.dropped, "dropped")];
        let mut between = if note.is_empty() { "" } else { "; " };
        for (count, word) in counts.into_iter().filter(|one| one.0 > 0) {
            // Writing to a String cannot fail.
            let _ = write!(text, "{between}{count} {word}");
            between = ", ";
        }
        text
    }
}

impl Writing<'_> {
    /// Does to the certificates of a card what an operation on it does to them.
    pub(super) fn touch_certificates(&self, card: i64, effect: CertificateEffect) -> Result<Touched, Error> {
        let none = Touched::default();
        let writes = self.writes;
        Ok(match effect {
            CertificateEffect::Hold => Touched { held: writes.hold_certificates(card)?, ..none },
            CertificateEffect::Release => Touched { released: writes.release_certificates(card)?, ..none },
            CertificateEffect::Revoke(chosen, reason) => {
                Touched { revoked: writes.revoke_certificates(card, chosen, reason)?, ..none }
            }
            CertificateEffect::RevokeAndDelete(reason) => {
                let revoked = writes.revoke_certificates(card, Chosen::All, reason)?;
                Touched { revoked, dropped: writes.delete_certificates(card)?, ..none }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Touched;

    #[test]
    fn a_note_tells_what_was_touched() {
        let none = Touched::default();
        assert_eq!(none.note(""), "");
        assert_eq!(none.note("CardLost"), "CardLost");
        assert_eq!(Touched { held: 2, ..none }.note(""), "2 held");
        assert_eq!(Touched { revoked: 1, dropped: 3, ..none }.note("left; gone"), "left; gone; 1 revoked, 3 dropped");
    }
}
