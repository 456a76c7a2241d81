//! `history` and `audit`: who did what, by the audit log of a server of `cardwright serve`.

use crate::args::{Arguments, Audit, CardArguments};
use crate::connect;
use crate::failure::{Done, Exit, Failure};
use crate::interrupt::on_interrupt;
use crate::listing::Objects;
use crate::out::{self, tell};
use crate::style::{BAD, CARE, END, GOOD};
use crate::table::{Cell, Table};
use anstyle::Style;
use cardwright::client::{AsSent, AuditFilter, AuditRow, OwnServer};
use cardwright::{Followed, follow};
use std::io::{BufWriter, Write};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

const COLUMNS: &[&str] = &["TIME", "WHO", "WHAT", "CARD", "STATE", "OUTCOME", "NOTE"];

/// How often new rows are looked for.
const EVERY: Duration = Duration::from_secs(1);

pub(crate) fn history(arguments: &Arguments, given: &CardArguments) -> Done {
    let client = connect::client(arguments, None)?;
    let server = client.own_server()?;
    // An id is enough: the log also has cards that the account does not see.
    let card = match &given.key.id {
        Some(id) => id.clone(),
        None => connect::find(&client, given, connect::card_limits(&arguments.server)?)?.card.id(),
    };
    let rows = list(arguments, &server, &AuditFilter::of_card(&*card), usize::MAX)?;
    if rows == 0 && !arguments.json {
        tell!("{CARE}note:{END} nothing was done to this card since the registry was made");
    }
    Ok(Exit::Done)
}

pub(crate) fn audit(arguments: &Arguments, given: &Audit) -> Done {
    let client = connect::client(arguments, None)?;
    let server = client.own_server()?;
    let filter = AuditFilter {
        card: given.card.clone(),
        account: given.account.clone(),
        issuer: given.by_issuer.clone(),
        subject: given.by_subject.clone(),
        since: given.since.clone(),
        until: given.until.clone(),
        after: 0,
    };
    if !given.follow {
        list(arguments, &server, &filter, given.limit.unwrap_or(usize::MAX))?;
        return Ok(Exit::Done);
    }
    let (stop, stopped) = channel();
    let canceler = client.canceler();
    on_interrupt(move || {
        canceler.cancel();
        let _ = stop.send(());
    })?;
    let mut wait = |time: Duration| stopped.recv_timeout(time) == Err(RecvTimeoutError::Timeout);
    let mut out = out::text();
    let mut see = |seen: Followed<'_>| {
        match seen {
            Followed::Row(row) if arguments.json => out::json(&one_line(row.json()))?,
            Followed::Row(row) => {
                let mut table = Table::new(&mut out, COLUMNS).without_head();
                table.row(cells(row))?;
                table.end()?;
            }
            Followed::Lost(failure) => {
                tell!("{CARE}waiting:{END} {}", crate::style::escape_controls(failure.message()));
            }
            Followed::Back => tell!("{GOOD}back:{END} the server answers again; no row was missed"),
            #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
            _ => {}
        }
        out.flush().map_err(Failure::from)
    };
    follow(&server, filter, given.every.unwrap_or(EVERY), &mut wait, &mut see)?;
    arguments.limit.check()?;
    Ok(Exit::Done)
}

/// Prints rows as they arrive, and returns their number.
fn list(arguments: &Arguments, server: &OwnServer, filter: &AuditFilter, limit: usize) -> Result<usize, Failure> {
    let rows = server.audit_rows(filter).take(limit);
    let mut count = 0;
    if arguments.json {
        let mut objects = Objects::new(BufWriter::new(out::data()), true);
        for row in rows {
            objects.put(row?.json())?;
            count += 1;
        }
        objects.end()?;
    } else {
        let mut table = Table::new(out::text(), COLUMNS);
        for row in rows {
            match row {
                Ok(row) => table.row(cells(&row))?,
                Err(error) => {
                    table.end()?;
                    return Err(error.into());
                }
            }
            count += 1;
        }
        table.end()?;
    }
    Ok(count)
}

fn cells(row: &AsSent<AuditRow>) -> Vec<Cell> {
    let card = row.card.map_or_else(|| row.uuid.clone().unwrap_or_default(), |card| card.to_string());
    let state = match (row.before.as_deref(), row.after.as_deref()) {
        (Some(before), Some(after)) if before != after => format!("{before} → {after}"),
        (before, after) => after.or(before).unwrap_or_default().to_string(),
    };
    let style = match row.outcome.as_str() {
        "done" => Style::new(),
        _ => BAD,
    };
    let who = if row.account.is_empty() { "(this computer)" } else { &row.account };
    vec![
        row.time.as_str().into(),
        who.into(),
        row.operation.as_str().into(),
        card.into(),
        state.into(),
        Cell(row.outcome.clone(), style),
        row.note.as_str().into(),
    ]
}

fn one_line(object: &str) -> String {
    object.replace(['\r', '\n'], " ")
}
