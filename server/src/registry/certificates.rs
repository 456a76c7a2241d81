//! What a certificate authority knows of the certificates on cards, and what becomes of them when their card is
//! held, revoked or withdrawn.
//!
//! This is an inner model: no API shows it. Only managed certificates are ever held or revoked. A certificate that
//! has expired is left alone, as an authority no longer needs it on its list, which is assumed.

use super::Writing;
use super::rows::{CertificateEffect, Chosen};
use crate::Error;
use core::fmt::Write as _;

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
