//! Certificates on cards, and what becomes of them when their card is held, revoked or withdrawn.
//!
//! What the certificate authority knows of a certificate is an inner model: CertiFlow's API does not
//! show it. Only managed certificates are ever held or revoked. A certificate that has expired is left
//! alone: an authority has no more use for it on its list, which is assumed.

use super::{Reading, Registry, Stamp, Writing, database, named};
use crate::Error;
use cardwright_core::named;
use cardwright_core::certiflow::{CertificateType, RevocationReason};
use cardwright_core::date::Moment;
use cardwright_core::lifecycle::{Operation, State, System};
use core::fmt::Write as _;
use rusqlite::{ToSql, params};

/// The reason of a certificate on hold in a CRL: certificateHold (RFC 5280, 5.3.1).
pub(crate) const HOLD: u8 = 6;

/// cessationOfOperation (RFC 5280, 5.3.1): what was taken out of use without being revoked first.
const CESSATION: u8 = 5;

/// What a certificate authority says of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum CaStatus {
    /// It is good.
    Valid = 1,
    /// It is revoked with the mark that this can be taken back.
    Hold = 2,
    /// It is revoked for good.
    Revoked = 3,
    /// It was good to its end.
    Expired = 4,
}

named! { CaStatus { Valid, Hold, Revoked, Expired } }

/// A certificate of a card with what the certificate authority knows of it, for tests and
/// demonstrations.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CertificateEntry {
    /// Where it comes from.
    pub kind: CertificateType,
    /// Its serial number, as the API writes it.
    pub serial_number: String,
    /// When it ends.
    pub valid_to: Moment,
    /// Its template's option "Revoke certificate at card revoking/disabling".
    pub revoke_with_card: bool,
    /// Whether the card's new policy has it too; PreUpdate looks at this.
    pub in_new_policy: bool,
    /// What the certificate authority says of it now.
    pub status: CaStatus,
    /// Its reason in the CRL, where it is held or revoked (RFC 5280, 5.3.1).
    pub crl_reason: Option<u8>,
    /// Whether its card's hold put it on hold, and will release it.
    pub held_with_card: bool,
}

/// A certificate on a card.
#[derive(Debug, Clone)]
pub(crate) struct Certificate {
    pub(crate) kind: CertificateType,
    pub(crate) serial_number: String,
    pub(crate) thumbprint: String,
    pub(crate) subject: String,
    pub(crate) issuer: String,
    pub(crate) valid_to: Stamp,
}

/// What the certificate authority knows of a certificate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing {
    pub(crate) revoke_with_card: bool,
    pub(crate) in_new_policy: bool,
    /// Never [`CaStatus::Expired`]: the end tells that.
    pub(crate) status: CaStatus,
    pub(crate) crl_reason: Option<u8>,
    pub(crate) held_with_card: bool,
}

impl Standing {
    /// A certificate that is good, whose template revokes it with its card.
    pub(crate) const GOOD: Standing = Standing {
        revoke_with_card: true,
        in_new_policy: true,
        status: CaStatus::Valid,
        crl_reason: None,
        held_with_card: false,
    };

    /// What the state of a card makes of a certificate whose template's option is taken as on.
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
            _ => Self::GOOD,
        }
    }
}

/// How many certificates an operation touched. Written into the note of its row in the audit log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Touched {
    held: usize,
    released: usize,
    revoked: usize,
    dropped: usize,
}

impl Touched {
    /// A note with the counts that are not zero: "CardLost; 2 revoked".
    pub(super) fn note(self, note: &str) -> String {
        let mut text = note.to_owned();
        let counts =
            [(self.held, "held"), (self.released, "released"), (self.revoked, "revoked"), (self.dropped, "dropped")];
        let mut between = if note.is_empty() { "" } else { "; " };
        for (count, word) in counts.into_iter().filter(|one| one.0 > 0) {
            // A String takes everything.
            let _ = write!(text, "{between}{count} {word}");
            between = ", ";
        }
        text
    }
}

impl Registry {
    /// The certificates of a card, and what the certificate authority knows of them. Empty for a card
    /// that is not there.
    ///
    /// # Errors
    /// [`Error::Database`] and [`Error::Corrupt`].
    pub fn certificates(&self, card: i64) -> Result<Vec<CertificateEntry>, Error> {
        let now = self.now();
        self.read(|reading| reading.certificate_entries(card, now))
    }
}

impl Reading<'_> {
    /// The certificates on a card.
    pub(crate) fn certificates(&self, card: i64) -> Result<Vec<Certificate>, Error> {
        let sql = "SELECT type, serial_number, thumbprint, subject, issuer, valid_to FROM certificate \
            WHERE card = ?1 ORDER BY id";
        let mut statement = self.connection.prepare_cached(sql).map_err(database)?;
        let mut rows = statement.query([card]).map_err(database)?;
        let mut certificates = Vec::new();
        while let Some(row) = rows.next().map_err(database)? {
            certificates.push(Certificate {
                kind: kind(row.get(0).map_err(database)?)?,
                serial_number: row.get(1).map_err(database)?,
                thumbprint: row.get(2).map_err(database)?,
                subject: row.get(3).map_err(database)?,
                issuer: row.get(4).map_err(database)?,
                valid_to: Stamp(row.get(5).map_err(database)?),
            });
        }
        Ok(certificates)
    }

    fn certificate_entries(&self, card: i64, now: Stamp) -> Result<Vec<CertificateEntry>, Error> {
        let sql = "SELECT type, serial_number, valid_to, revoke_with_card, in_new_policy, ca_status, crl_reason, \
            held_with_card FROM certificate WHERE card = ?1 ORDER BY id";
        let mut statement = self.connection.prepare_cached(sql).map_err(database)?;
        let mut rows = statement.query([card]).map_err(database)?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next().map_err(database)? {
            let valid_to = Stamp(row.get(2).map_err(database)?);
            let status =
                named(row.get(5).map_err(database)?, |status: CaStatus| status as u8, "a certificate's status")?;
            let has_expired = status == CaStatus::Valid && valid_to <= now;
            entries.push(CertificateEntry {
                kind: kind(row.get(0).map_err(database)?)?,
                serial_number: row.get(1).map_err(database)?,
                valid_to: valid_to.moment(),
                revoke_with_card: row.get(3).map_err(database)?,
                in_new_policy: row.get(4).map_err(database)?,
                status: if has_expired { CaStatus::Expired } else { status },
                crl_reason: row.get(6).map_err(database)?,
                held_with_card: row.get(7).map_err(database)?,
            });
        }
        Ok(entries)
    }
}

fn kind(number: i64) -> Result<CertificateType, Error> {
    named(number, |kind: CertificateType| kind as u8, "a certificate type")
}

impl Writing<'_> {
    /// Adds a certificate to a card.
    pub(crate) fn add_certificate(
        &self,
        card: i64,
        certificate: &Certificate,
        standing: Standing,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO certificate (card, type, serial_number, thumbprint, subject, issuer, valid_to, \
            revoke_with_card, in_new_policy, ca_status, crl_reason, held_with_card) \
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
        let mut statement = self.connection.prepare_cached(sql).map_err(database)?;
        let added = statement.execute(params![
            card,
            certificate.kind as u8,
            certificate.serial_number,
            certificate.thumbprint,
            certificate.subject,
            certificate.issuer,
            certificate.valid_to.0,
            standing.revoke_with_card,
            standing.in_new_policy,
            standing.status as u8,
            standing.crl_reason,
            standing.held_with_card,
        ]);
        added.map(|_| ()).map_err(database)
    }

    /// Does to the certificates of a card what an operation on it does to them.
    pub(super) fn touch_certificates(
        &self,
        card: i64,
        operation: Operation,
        system: System,
        reason: Option<RevocationReason>,
    ) -> Result<Touched, Error> {
        let none = Touched::default();
        let reason = reason.unwrap_or(RevocationReason::None);
        Ok(match (operation, system) {
            // Held by their template's option (guide, Disabling and enabling).
            (Operation::Suspend, _) => Touched { held: self.hold(card)?, ..none },
            (Operation::Resume, _) => Touched { released: self.release(card)?, ..none },
            // Loss and compromise revoke all, whatever the option says (guide, Smart card revocation).
            // That a hold becomes final is assumed.
            (Operation::Revoke, System::CertiFlow) => {
                let which = match reason {
                    RevocationReason::CardLost | RevocationReason::CardCompromised => Which::All,
                    _ => Which::WithCard,
                };
                Touched { revoked: self.revoke(card, which, reason.crl_reason())?, ..none }
            }
            // SDK: Disable and Retire revoke all certificates. Their reasons in the CRL are assumed.
            (Operation::Revoke, System::Mim) => {
                Touched { revoked: self.revoke(card, Which::All, reason.crl_reason())?, ..none }
            }
            (Operation::Retire, System::Mim) => Touched { revoked: self.revoke(card, Which::All, CESSATION)?, ..none },
            // Those that the option had left alone are revoked before the record forgets them, so that
            // none stays active.
            (Operation::Retire, System::CertiFlow) => {
                let revoked = self.revoke(card, Which::All, CESSATION)?;
                Touched { revoked, dropped: self.drop_certificates(card)?, ..none }
            }
            (Operation::PreUpdate, _) => {
                Touched { revoked: self.revoke(card, Which::NotInNewPolicy, CESSATION)?, ..none }
            }
        })
    }

    // The index is named below: by itself SQLite goes through all certificates that are still valid.

    fn hold(&self, card: i64) -> Result<usize, Error> {
        let sql = "UPDATE certificate INDEXED BY certificate_card SET ca_status = 2, crl_reason = ?3, held_with_card = 1 \
            WHERE card = ?1 AND type = 1 AND revoke_with_card AND ca_status = 1 AND valid_to > ?2";
        self.change_certificates(sql, &[&card, &self.now.0, &HOLD])
    }

    /// Releases what this card's hold put on hold, and nothing else.
    fn release(&self, card: i64) -> Result<usize, Error> {
        let sql = "UPDATE certificate INDEXED BY certificate_card SET ca_status = 1, crl_reason = NULL, held_with_card = 0 \
            WHERE card = ?1 AND held_with_card";
        self.change_certificates(sql, &[&card])
    }

    fn revoke(&self, card: i64, which: Which, crl_reason: u8) -> Result<usize, Error> {
        let condition = match which {
            Which::All => "TRUE",
            Which::WithCard => "(revoke_with_card OR held_with_card)",
            Which::NotInNewPolicy => "revoke_with_card AND NOT in_new_policy",
        };
        let sql = format!(
            "UPDATE certificate INDEXED BY certificate_card SET ca_status = 3, crl_reason = ?3, held_with_card = 0 WHERE card = ?1 AND type = 1 \
            AND (ca_status = 2 OR ca_status = 1 AND valid_to > ?2) AND {condition}"
        );
        self.change_certificates(&sql, &[&card, &self.now.0, &crl_reason])
    }

    /// Drops the certificates of a card from the record.
    fn drop_certificates(&self, card: i64) -> Result<usize, Error> {
        self.change_certificates("DELETE FROM certificate WHERE card = ?1", &[&card])
    }

    fn change_certificates(&self, sql: &str, values: &[&dyn ToSql]) -> Result<usize, Error> {
        self.connection.prepare_cached(sql).and_then(|mut statement| statement.execute(values)).map_err(database)
    }
}

/// Which of a card's managed certificates are revoked.
#[derive(Debug, Clone, Copy)]
enum Which {
    /// All.
    All,
    /// Those whose template says so, and those that are on hold because it says so.
    WithCard,
    /// Those that the new policy does not have, where the old policy's template says so (API, PreUpdate).
    NotInNewPolicy,
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
