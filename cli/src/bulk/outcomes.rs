//! The table of outcomes of a bulk run, for people and for programs.

use crate::args::Format;
use crate::listing::{Objects, csv_line, quoted};
use crate::out;
use crate::output;
use crate::style::{BAD, CARE, GOOD, escape_controls};
use crate::table::{Cell, Table};
use anstyle::Style;
use cardwright::client::AnyClient;
use cardwright::client::bulk::{Bulk, Fate, Row};
use cardwright::core::csv::guarded;
use cardwright::core::{Code, Named as _};
use serde_json::{Value, json};
use std::io::{self, BufWriter, Write};

const COLUMNS: &[&str] =
    &["id", "serial_number", "state", "outcome", "code", "status", "attempts", "request", "words", "holder", "server"];

/// Prints the cards with the wanted outcomes; for a plan, with the requests that a client would send.
pub(super) fn print(
    format: Format,
    bulk: &Bulk,
    wanted: impl Fn(Fate) -> bool,
    client: Option<&AnyClient>,
) -> io::Result<()> {
    let rows = bulk.rows().enumerate().filter(|(_, row)| wanted(row.fate));
    let mut out = BufWriter::with_capacity(1 << 16, out::data());
    let object = |n: usize, row: &Row<'_>| {
        let mut object = json(row, bulk.server());
        if let (Some(client), Some(fields)) = (client, object.as_object_mut()) {
            let requests = bulk.requests(client, n).unwrap_or_default();
            fields.insert("verdict".into(), output::verdict_json(row.verdict));
            fields.insert("requests".into(), requests.iter().map(output::planned_json).collect());
        }
        object
    };
    match format {
        Format::Table => {
            drop(out);
            let head = &["ID", "SERIAL NUMBER", "HOLDER", "STATE", "OUTCOME", "STATUS", "ATTEMPTS", "WORDS"];
            let mut table = Table::new(out::text(), head);
            for (_, row) in rows {
                table.row(cells(&row))?;
            }
            return table.end();
        }
        Format::Json | Format::Ndjson => {
            let mut objects = Objects::new(out, format == Format::Json);
            for (n, row) in rows {
                objects.put(&object(n, &row).to_string())?;
            }
            return objects.end();
        }
        Format::Csv => {
            csv_line(&mut out, COLUMNS)?;
            let terminal = out::is_terminal();
            for (_, row) in rows {
                let object = json(&row, bulk.server());
                let cell = |name: &&str| match &object[*name] {
                    Value::Null => String::new(),
                    Value::String(text) => {
                        let text = guarded(text);
                        quoted(if terminal { escape_controls(&text).into_owned() } else { text.into_owned() })
                    }
                    other => other.to_string(),
                };
                csv_line(&mut out, &COLUMNS.iter().map(cell).collect::<Vec<_>>())?;
            }
        }
    }
    out.flush()
}

fn json(row: &Row<'_>, server: &str) -> Value {
    json!({
        "id": row.id,
        "serial_number": row.serial_number,
        "holder": row.holder,
        "state": row.state_text,
        "outcome": row.fate.name(),
        "code": row.code.map(Code::number),
        "status": row.status,
        "attempts": row.attempts,
        "request": row.request,
        "server": server,
        "words": row.words,
    })
}

fn cells(row: &Row<'_>) -> Vec<Cell> {
    let style = match row.fate {
        Fate::Done => GOOD,
        Fate::Accepted => CARE,
        Fate::AwaitingApproval | Fate::Unknown => CARE,
        Fate::Failed => BAD,
        Fate::Planned | Fate::Skipped => Style::new(),
        #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
        _ => CARE,
    };
    let words = row.request.map(|request| format!("request {request} ")).unwrap_or_default() + row.words;
    vec![
        row.id.into(),
        row.serial_number.into(),
        row.holder.into(),
        row.state_text.into(),
        Cell(row.fate.name().into(), style),
        row.status.map(|status| status.to_string()).unwrap_or_default().into(),
        row.attempts.to_string().into(),
        words.into(),
    ]
}
