//! SQLite alone: what one connection can change when each change is a durable transaction.

use crate::{Done, Round, worked};
use rusqlite::{Connection, TransactionBehavior, params};
use std::path::Path;
use std::time::{Duration, Instant};

/// The same UPDATE as the server's, and the same row of the audit log.
const UPDATE: &str = "UPDATE card SET state = ?3, time_disabled = ?4 WHERE id = ?1 AND state = ?2";
const RECORD: &str = "INSERT INTO audit (time, account, system, operation, card, uuid, state_before, state_after, \
    note, outcome, request) VALUES (?1, 'figures', 'certiflow', ?2, ?3, ?4, ?5, ?6, '', 'done', NULL)";

/// The numbers of the states.
const ACTIVE: u8 = 4;
const SUSPENDED: u8 = 5;

/// A registry that no server uses.
pub(crate) struct Alone(Connection);

impl Alone {
    /// Opens it as the server does.
    pub(crate) fn open(data: &Path) -> Done<Self> {
        let connection = Connection::open(data.join("registry.sqlite"))?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        let mode: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
        if mode != "wal" {
            return Err(format!("the registry's journal is {mode}").into());
        }
        Ok(Alone(connection))
    }

    /// Disables all cards in turn, then enables them, and so on.
    pub(crate) fn changes(&mut self, cards: &[i64], time: Duration) -> Done<Round> {
        let uuid = "00000000-0000-4000-8000-000000000000";
        let steps = [("suspend", ACTIVE, SUSPENDED), ("resume", SUSPENDED, ACTIVE)];
        let work = worked("self")?;
        let (since, mut count) = (Instant::now(), 0_u32);
        for ((operation, before, after), card) in
            steps.iter().cycle().flat_map(|step| cards.iter().map(move |card| (*step, *card)))
        {
            if since.elapsed() >= time {
                break;
            }
            let transaction = self.0.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let changed = transaction.prepare_cached(UPDATE)?.execute(params![card, before, after, count])?;
            if changed != 1 {
                return Err(format!("card {card} is not in state {before}").into());
            }
            transaction.prepare_cached(RECORD)?.execute(params![count, operation, card, uuid, before, after])?;
            transaction.commit()?;
            count += 1;
        }
        let rate = f64::from(count) / since.elapsed().as_secs_f64();
        Ok(Round { rate, cpu: (worked("self")? - work) * 1e6 / f64::from(count), said: String::new() })
    }
}
