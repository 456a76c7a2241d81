//! What is written, in SQL for PostgreSQL.

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

/// From how many cards on they are copied.
const MANY: usize = 20;

const NEXT_CARD: &str = "SELECT nextval(pg_get_serial_sequence('card', 'id'))";

impl Writes for Statements<'_> {
    fn now(&self) -> Stamp {
        self.now
    }

    fn next_card(&self) -> Result<i64, Error> {
        let number = |sql| self.number(sql, &[])?.ok_or(Error::Corrupt("a sequence"));
        let next = number(NEXT_CARD)?;
        if next > number("SELECT coalesce(max(id), 0) FROM card")? {
            return Ok(next);
        }
        self.number_on()?;
        number(NEXT_CARD)
    }

    fn add_cards(&self, cards: &[(Card, Vec<(Certificate, Standing)>)]) -> Result<(), Error> {
        let columns = [&["card"], Certificate::COLUMNS, Standing::COLUMNS].concat();
        let certificates = cards.iter().flat_map(|(card, all)| all.iter().map(|one| (card.id, one)));
        let values = |(card, (certificate, standing)): (i64, &'_ (Certificate, Standing))| {
            let mut values = vec![Value::from(card)];
            values.extend(certificate.values()?.into_iter().map(Value::into_owned));
            values.extend(standing.values()?.into_iter().map(Value::into_owned));
            Ok::<Vec<Value<'static>>, Error>(values)
        };
        if cards.len() >= MANY {
            self.copy(Card::TABLE, Card::COLUMNS, cards.iter().map(|(card, _)| card.values()))?;
            return self.copy(Certificate::TABLE, &columns, certificates.map(values));
        }
        cards.iter().try_for_each(|(card, _)| self.insert(card))?;
        certificates.map(values).try_for_each(|values| self.insert_values(Certificate::TABLE, &columns, &values?))
    }

    /// No other change is under way meanwhile, so that no number is given away twice.
    fn number_on(&self) -> Result<(), Error> {
        self.alone()?;
        let sql = "SELECT setval(pg_get_serial_sequence('card', 'id'), greatest(max(id), \
            nextval(pg_get_serial_sequence('card', 'id')) - 1, 1)) FROM card";
        self.number(sql, &[]).map(|_| ())
    }

    fn replace_card(&self, card: &Card, before: State) -> Result<bool, Error> {
        self.update(card, &format!("AND state = {}", before as u8))
    }

    fn change_card(&self, id: i64, before: State, to: State, effect: CardEffect) -> Result<bool, Error> {
        let mut values: Vec<Value<'_>> = vec![id.into(), (before as u8).into(), (to as u8).into()];
        let set = match effect {
            CardEffect::Nothing => "",
            CardEffect::Held => {
                values.push(self.now.0.into());
                ", time_disabled = $4"
            }
            CardEffect::Revoked(reason) => {
                values.extend([self.now.0.into(), reason.into()]);
                ", time_revoked = $4, revocation_reason = $5"
            }
            CardEffect::Unassigned => {
                ", user_uuid = NULL, user_name = NULL, user_upn = NULL, policy_id = NULL, policy_name = NULL, \
                    template = NULL, template_version = 0"
            }
        };
        let sql = format!("UPDATE card SET state = $3{set} WHERE id = $1 AND state = $2");
        Ok(self.execute(&sql, &values)? == 1)
    }

    fn hold_certificates(&self, card: i64) -> Result<usize, Error> {
        let sql = "UPDATE certificate SET ca_status = 2, crl_reason = $3, held_with_card = TRUE \
            WHERE card = $1 AND type = 1 AND revoke_with_card AND ca_status = 1 AND valid_to > $2";
        self.execute(sql, &[card.into(), self.now.0.into(), HOLD.into()])
    }

    fn release_certificates(&self, card: i64) -> Result<usize, Error> {
        let sql = "UPDATE certificate SET ca_status = 1, crl_reason = NULL, held_with_card = FALSE \
            WHERE card = $1 AND held_with_card";
        self.execute(sql, &[card.into()])
    }

    fn revoke_certificates(&self, card: i64, chosen: Chosen, reason: u8) -> Result<usize, Error> {
        let condition = match chosen {
            Chosen::All => "TRUE",
            Chosen::WithCard => "(revoke_with_card OR held_with_card)",
            Chosen::NotInNewPolicy => "revoke_with_card AND NOT in_new_policy",
        };
        let sql = format!(
            "UPDATE certificate SET ca_status = 3, crl_reason = $3, held_with_card = FALSE \
            WHERE card = $1 AND type = 1 AND (ca_status = 2 OR ca_status = 1 AND valid_to > $2) AND {condition}"
        );
        self.execute(&sql, &[card.into(), self.now.0.into(), reason.into()])
    }

    fn delete_certificates(&self, card: i64) -> Result<usize, Error> {
        self.execute("DELETE FROM certificate WHERE card = $1", &[card.into()])
    }

    fn add_audit(&self, entry: &AuditEntry) -> Result<(), Error> {
        let part = self.parts.get();
        self.parts.set(part.checked_add(1).ok_or(Error::Corrupt("a change with too many rows"))?);
        let columns: Vec<&str> = AuditEntry::COLUMNS.iter().skip(1).copied().chain(["change", "part"]).collect();
        let mut values: Vec<Value<'_>> = entry.values()?.into_iter().skip(1).collect();
        values.extend([self.change.into(), part.into()]);
        self.insert_values(AuditEntry::TABLE, &columns, &values)
    }

    fn put_account(&self, account: &Account) -> Result<(), Error> {
        let sql = "INSERT INTO account (name, password, role, user_uuid, disabled) VALUES ($1, $2, $3, $4, $5) \
            ON CONFLICT (lower(name)) DO UPDATE SET password = $2, role = $3, user_uuid = $4";
        self.execute(sql, &account.values()?).map(|_| ())
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
            "INSERT INTO role (name, privileges, permissions) VALUES ($1, $2, $3) ON CONFLICT (name) {on_conflict}"
        );
        self.execute(&sql, &[name.into(), privileges.into(), permissions.into()]).map(|_| ())
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
        let sql = "INSERT INTO approval (request, issuer, subject, name, time) VALUES ($1, $2, $3, $4, $5) \
            ON CONFLICT DO NOTHING";
        let (issuer, subject) = by.key();
        let values = [request.into(), issuer.into(), subject.into(), by.name().into(), self.now.0.into()];
        Ok(self.execute(sql, &values)? == 1)
    }

    fn write_probe(&self) -> Result<(), Error> {
        let sql = "INSERT INTO probe (id, time) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET time = $1";
        self.execute(sql, &[self.now.0.into()]).map(|_| ())
    }
}
