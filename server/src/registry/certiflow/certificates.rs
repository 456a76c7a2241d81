//! Certificates on cards, as CertiFlow shows them.

use crate::Error;
use crate::registry::rows::{CaStatus, Certificate, Standing};
use crate::registry::stamp::Stamp;
use crate::registry::{Reading, Registry};
use cardwright_core::certiflow::CertificateType;
use cardwright_core::date::Moment;

/// A certificate of a card and what the certificate authority knows of it, for tests and
/// demonstrations.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CertificateEntry {
    /// Where it comes from.
    pub kind: CertificateType,
    /// Its serial number, as the API writes it.
    pub serial_number: String,
    /// When it expires.
    pub valid_to: Moment,
    /// Its template's option "Revoke certificate at card revoking/disabling".
    pub revoke_with_card: bool,
    /// Whether the card's new policy has it too; PreUpdate depends on this.
    pub in_new_policy: bool,
    /// Its status at the certificate authority now.
    pub status: CaStatus,
    /// Its reason in the CRL, if it is held or revoked (RFC 5280, 5.3.1).
    pub crl_reason: Option<u8>,
    /// Whether its card's hold put it on hold, and the end of that hold will release it.
    pub held_with_card: bool,
}

impl Registry {
    /// The certificates of a card, and what the certificate authority knows of them. Empty if there is no such
    /// card.
    ///
    /// # Errors
    /// [`Error::Database`] and [`Error::Corrupt`].
    pub fn certificates(&self, card: i64) -> Result<Vec<CertificateEntry>, Error> {
        let now = self.now();
        self.read(|reading| reading.certificate_entries(card, now))
    }
}

impl Reading<'_> {
    fn certificate_entries(&self, card: i64, now: Stamp) -> Result<Vec<CertificateEntry>, Error> {
        let entry = |(certificate, standing): (Certificate, Standing)| {
            let has_expired = standing.status == CaStatus::Valid && certificate.valid_to <= now;
            CertificateEntry {
                kind: certificate.kind,
                serial_number: certificate.serial_number,
                valid_to: certificate.valid_to.moment(),
                revoke_with_card: standing.revoke_with_card,
                in_new_policy: standing.in_new_policy,
                status: if has_expired { CaStatus::Expired } else { standing.status },
                crl_reason: standing.crl_reason,
                held_with_card: standing.held_with_card,
            }
        };
        Ok(self.certificates(card)?.into_iter().map(entry).collect())
    }
}
