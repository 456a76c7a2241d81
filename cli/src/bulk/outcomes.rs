//! The table of what has come of each card, for people and for programs.

use crate::args::Format;
use crate::listing::{no_formula, quoted};
use crate::output;
use crate::style::{BAD, CARE, GOOD};
use crate::table::{Cell, Table};
use anstyle::Style;
use cardwright::client::bulk::{Bulk, Fate, Row};
use cardwright::client::{AnyClient, Planned};
use cardwright::core::{Code, Named as _};
use serde_json::{Value, json};
use std::io::{self, BufWriter, Write};

const COLUMNS: &[&str] = &["id", "serial_number", "state", "outcome", "code", "status", "attempts", "request", "words"];

/// Prints the cards whose fate is asked for; of a plan with what would be sent by a client.
pub(super) fn print(
    format: Format,
    bulk: &Bulk,
    wanted: impl Fn(Fate) -> bool,
    client: Option<&AnyClient>,
) -> io::Result<()> {
    let rows = bulk.rows().enumerate().filter(|(_, row)| wanted(row.fate));
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let object = |n: usize, row: &Row<'_>| {
        let mut object = json(row);
        if let (Some(client), Some(fields)) = (client, object.as_object_mut()) {
            let requests = bulk.requests(client, n).unwrap_or_default();
            fields.insert("verdict".into(), output::verdict_json(row.verdict));
            fields.insert("requests".into(), requests.iter().map(request).collect());
        }
        object
    };
    match format {
        Format::Table => {
            drop(out);
            let head = &["ID", "SERIAL NUMBER", "STATE", "OUTCOME", "STATUS", "ATTEMPTS", "WORDS"];
            let mut table = Table::new(anstream::stdout().lock(), head);
            for (_, row) in rows {
                table.row(cells(&row))?;
            }
            return table.end();
        }
        Format::Json => {
            let mut any = false;
            for (n, row) in rows {
                write!(out, "{}{}", if any { ",\n" } else { "[\n" }, object(n, &row))?;
                any = true;
            }
            out.write_all(if any { b"\n]\n" } else { b"[]\n" })?;
        }
        Format::Ndjson => {
            for (n, row) in rows {
                writeln!(out, "{}", object(n, &row))?;
            }
        }
        Format::Csv => {
            write!(out, "{}\r\n", COLUMNS.join(","))?;
            for (_, row) in rows {
                let object = json(&row);
                let cell = |name: &&str| match &object[*name] {
                    Value::Null => String::new(),
                    Value::String(text) => quoted(no_formula(text.clone())),
                    other => other.to_string(),
                };
                write!(out, "{}\r\n", COLUMNS.iter().map(cell).collect::<Vec<_>>().join(","))?;
            }
        }
    }
    out.flush()
}

fn json(row: &Row<'_>) -> Value {
    json!({
        "id": row.id,
        "serial_number": row.serial_number,
        "state": row.state_text,
        "outcome": row.fate.name(),
        "code": row.code.map(Code::number),
        "status": row.status,
        "attempts": row.attempts,
        "request": row.request,
        "words": row.words,
    })
}

fn request(planned: &Planned) -> Value {
    json!({ "method": planned.method, "address": planned.address, "body": planned.body })
}

fn cells(row: &Row<'_>) -> Vec<Cell> {
    let style = match row.fate {
        Fate::Done => GOOD,
        Fate::AwaitingApproval | Fate::Unknown => CARE,
        Fate::Failed => BAD,
        Fate::Planned | Fate::Skipped => Style::new(),
    };
    let words = row.request.map(|request| format!("request {request} ")).unwrap_or_default() + row.words;
    vec![
        row.id.into(),
        row.serial_number.into(),
        row.state_text.into(),
        Cell(row.fate.name().into(), style),
        row.status.map(|status| status.to_string()).unwrap_or_default().into(),
        row.attempts.to_string().into(),
        words.into(),
    ]
}
