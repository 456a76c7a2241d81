//! What is written, in SQL for SQLite.

use super::statements::Statements;
use crate::Error;
use crate::registry::record::Record as _;
use crate::registry::rows::{
    Account, AuditEntry, Card, CardEffect, Certificate, Chosen, HOLD, Policy, Request, Rights, Standing, Template, Who,
};
use crate::registry::stamp::Stamp;
use crate::registry::store::Writes;
use crate::registry::value::Value;
use cardwright_core::identity::Guid;
use cardwright_core::lifecycle::State;
use rusqlite::params;

impl Writes for Statements<'_> {
    fn now(&self) -> Stamp {
        self.now
    }

    fn next_card(&self) -> Result<i64, Error> {
        Ok(self.number("SELECT coalesce(max(id), 0) + 1 FROM card", [])?.unwrap_or(1))
    }

    fn add_cards(&self, cards: &[(Card, Vec<(Certificate, Standing)>)]) -> Result<(), Error> {
        let columns = [&["card"], Certificate::COLUMNS, Standing::COLUMNS].concat();
        for (card, certificates) in cards {
            self.insert(card)?;
            for (certificate, standing) in certificates {
                let mut values = vec![card.id.into()];
                values.extend(certificate.values()?);
                values.extend(standing.values()?);
                self.insert_values("certificate", &columns, values)?;
            }
        }
        Ok(())
    }

    /// The next id is always after the greatest.
    fn number_on(&self) -> Result<(), Error> {
        Ok(())
    }

    fn replace_card(&self, card: &Card, before: State) -> Result<bool, Error> {
        self.update(card, &format!("AND state = {}", before as u8))
    }

    fn change_card(&self, id: i64, before: State, to: State, effect: CardEffect) -> Result<bool, Error> {
        let (before, to, now) = (before as u8, to as u8, self.now.0);
        let changed = match effect {
            CardEffect::Nothing => {
                self.execute("UPDATE card SET state = ?3 WHERE id = ?1 AND state = ?2", params![id, before, to])
            }
            CardEffect::Held => {
                let sql = "UPDATE card SET state = ?3, time_disabled = ?4 WHERE id = ?1 AND state = ?2";
                self.execute(sql, params![id, before, to, now])
            }
            CardEffect::Revoked(reason) => {
                let sql = "UPDATE card SET state = ?3, time_revoked = ?4, revocation_reason = ?5 \
                    WHERE id = ?1 AND state = ?2";
                self.execute(sql, params![id, before, to, now, reason])
            }
            CardEffect::Unassigned => {
                let sql = "UPDATE card SET state = ?3, user_uuid = NULL, user_name = NULL, user_upn = NULL, \
                    policy_id = NULL, policy_name = NULL, template = NULL, template_version = 0 \
                    WHERE id = ?1 AND state = ?2";
                self.execute(sql, params![id, before, to])
            }
        };
        Ok(changed? == 1)
    }

    // The index is named below: SQLite alone would go through all certificates that are still valid.

    fn hold_certificates(&self, card: i64) -> Result<usize, Error> {
        let sql = "UPDATE certificate INDEXED BY certificate_card \
            SET ca_status = 2, crl_reason = ?3, held_with_card = 1 \
            WHERE card = ?1 AND type = 1 AND revoke_with_card AND ca_status = 1 AND valid_to > ?2";
        self.execute(sql, params![card, self.now.0, HOLD])
    }

    fn release_certificates(&self, card: i64) -> Result<usize, Error> {
        let sql = "UPDATE certificate INDEXED BY certificate_card \
            SET ca_status = 1, crl_reason = NULL, held_with_card = 0 WHERE card = ?1 AND held_with_card";
        self.execute(sql, [card])
    }

    fn revoke_certificates(&self, card: i64, chosen: Chosen, reason: u8) -> Result<usize, Error> {
        let condition = match chosen {
            Chosen::All => "TRUE",
            Chosen::WithCard => "(revoke_with_card OR held_with_card)",
            Chosen::NotInNewPolicy => "revoke_with_card AND NOT in_new_policy",
        };
        let sql = format!(
            "UPDATE certificate INDEXED BY certificate_card SET ca_status = 3, crl_reason = ?3, held_with_card = 0 \
            WHERE card = ?1 AND type = 1 AND (ca_status = 2 OR ca_status = 1 AND valid_to > ?2) AND {condition}"
        );
        self.execute(&sql, params![card, self.now.0, reason])
    }

    fn delete_certificates(&self, card: i64) -> Result<usize, Error> {
        self.execute("DELETE FROM certificate WHERE card = ?1", [card])
    }

    fn add_audit(&self, entry: &AuditEntry) -> Result<(), Error> {
        let mut values = entry.values()?;
        if let Some(number) = values.first_mut() {
            *number = Value::Null;
        }
        self.insert_values(AuditEntry::TABLE, AuditEntry::COLUMNS, values)
    }

    fn put_account(&self, account: &Account) -> Result<(), Error> {
        let sql = "INSERT INTO account (name, password, role, user_uuid, disabled) VALUES (?1, ?2, ?3, ?4, ?5) \
            ON CONFLICT (name) DO UPDATE SET password = ?2, role = ?3, user_uuid = ?4";
        let Account { name, password, role, user, disabled } = account;
        self.execute(sql, params![name, password, role, Value::Guid(*user), disabled]).map(|_| ())
    }

    fn update_account(&self, account: &Account) -> Result<(), Error> {
        self.update(account, "").map(|_| ())
    }

    fn put_role(&self, name: &str, rights: Rights, replaces: bool) -> Result<(), Error> {
        let on_conflict = match replaces {
            true => "DO UPDATE SET (privileges, permissions) = (excluded.privileges, excluded.permissions)",
            false => "DO NOTHING",
        };
        let [privileges, permissions] = rights.bits();
        let sql = format!(
            "INSERT INTO role (name, privileges, permissions) VALUES (?1, ?2, ?3) ON CONFLICT (name) {on_conflict}"
        );
        self.execute(&sql, params![name, privileges, permissions]).map(|_| ())
    }

    fn add_template(&self, template: &Template, policies: &[Policy]) -> Result<(), Error> {
        self.insert(template)?;
        policies.iter().try_for_each(|policy| self.insert(policy))
    }

    fn add_request(&self, request: &Request) -> Result<(), Error> {
        self.insert(request)
    }

    fn update_request(&self, request: &Request) -> Result<(), Error> {
        self.update(request, "").map(|_| ())
    }

    fn add_approval(&self, request: Guid, by: &Who) -> Result<bool, Error> {
        let sql = "INSERT INTO approval (request, issuer, subject, name, time) VALUES (?1, ?2, ?3, ?4, ?5) \
            ON CONFLICT DO NOTHING";
        let (issuer, subject) = by.key();
        Ok(self.execute(sql, params![Value::Guid(request), issuer, subject, by.name(), self.now.0])? == 1)
    }

    fn write_probe(&self) -> Result<(), Error> {
        let sql = "INSERT INTO probe (id, time) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET time = ?1";
        self.execute(sql, [self.now.0]).map(|_| ())
    }
}
