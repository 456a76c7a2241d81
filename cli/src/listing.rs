//! A list of cards on its way out: a table for people, JSON, NDJSON and CSV for programs.
//!
//! Each card is printed as it arrives, so a list needs no memory, however long it is. JSON and NDJSON
//! are the records as the server sent them. CSV is RFC 4180 in UTF-8: a header with the vendor's names
//! of fields, lists joined by `;`, what has an inside of its own as JSON.

use crate::args::Format;
use crate::out::{self, tell};
use crate::output::until;
use crate::style::{self, CARE, END, escape_controls, escape_json};
use crate::table::{Cell, Table};
use cardwright::client::{AnyCard, AnyClient, Shown};
use cardwright::core::csv::{guarded, guarded_json};
use cardwright::core::json::Field;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufWriter, Write};

/// Cards on their way out.
pub(crate) trait Lines {
    fn card(&mut self, card: &AnyCard) -> io::Result<()>;
    fn end(self: Box<Self>) -> io::Result<()>;
}

/// What prints cards of a system in a format.
pub(crate) fn lines(format: Format, client: &AnyClient, csv_raw: bool) -> Box<dyn Lines> {
    let data = || BufWriter::with_capacity(1 << 16, out::data());
    match format {
        Format::Table => Box::new(Table::new(out::text(), client.columns())),
        Format::Json | Format::Ndjson => Box::new(Objects::new(data(), format == Format::Json)),
        Format::Csv => Box::new(Csv {
            out: data(),
            fields: client.fields(),
            raw: csv_raw,
            terminal: out::is_terminal(),
            names: Vec::new(),
            left_out: BTreeSet::new(),
        }),
    }
}

/// JSON objects on their way out: in one list, or one a line.
pub(crate) struct Objects<W: Write> {
    pub(crate) out: W,
    is_list: bool,
    any: bool,
    terminal: bool,
}

impl<W: Write> Objects<W> {
    pub(crate) fn new(out: W, is_list: bool) -> Self {
        Objects { out, is_list, any: false, terminal: out::is_terminal() }
    }

    pub(crate) fn put(&mut self, object: &str) -> io::Result<()> {
        let object = if self.terminal { escape_json(object) } else { object.into() };
        if !self.is_list {
            // A line end in an object is between two parts of it: within a text it would be no JSON.
            let bytes = object.as_bytes();
            if bytes.contains(&b'\n') || bytes.contains(&b'\r') {
                self.out.write_all(object.replace(['\r', '\n'], " ").as_bytes())?;
            } else {
                self.out.write_all(bytes)?;
            }
            return self.out.write_all(b"\n");
        }
        let before = if self.any { ",\n" } else { "[\n" };
        self.any = true;
        write!(self.out, "{before}{object}")
    }

    pub(crate) fn end(mut self) -> io::Result<()> {
        if self.is_list {
            self.out.write_all(if self.any { b"\n]\n" } else { b"[]\n" })?;
        }
        self.out.flush()
    }
}

impl<W: Write> Lines for Objects<W> {
    fn card(&mut self, card: &AnyCard) -> io::Result<()> {
        self.put(card.json())
    }

    fn end(self: Box<Self>) -> io::Result<()> {
        Objects::end(*self)
    }
}

struct Csv<W: Write> {
    out: W,
    /// The fields that the vendor documents.
    fields: &'static [Field],
    raw: bool,
    terminal: bool,
    /// The header; empty until it is printed.
    names: Vec<String>,
    /// Fields of later cards that the header does not have.
    left_out: BTreeSet<String>,
}

impl<W: Write> Csv<W> {
    /// Prints the header: the fields that the vendor documents, and then those that the first card has
    /// besides.
    fn start<'n>(&mut self, others: impl Iterator<Item = &'n String>) -> io::Result<()> {
        self.names = self.fields.iter().map(|field| field.name.to_string()).collect();
        let others: Vec<String> = others.filter(|name| !self.names.contains(name)).cloned().collect();
        self.names.extend(others);
        let header: Vec<String> = self.names.iter().map(|name| quoted(self.guarded(name.clone()))).collect();
        csv_line(&mut self.out, &header)
    }

    fn guarded(&self, text: String) -> String {
        let text = if self.terminal { escape_controls(&text).into_owned() } else { text };
        if self.raw { text } else { guarded(&text).into_owned() }
    }

    /// What has an inside of its own, on one line.
    fn json(&self, json: &str) -> String {
        let json = json.replace(['\r', '\n'], " ");
        let json = if self.terminal { escape_json(&json).into_owned() } else { json };
        if self.raw { json } else { guarded_json(&json).into_owned() }
    }

    fn cell(&self, value: &RawValue) -> String {
        let text = match value.get().as_bytes() {
            [b'"', ..] => self.guarded(serde_json::from_str::<String>(value.get()).unwrap_or_default()),
            [b'[', ..] => match joined(value.get()) {
                Some(text) => self.guarded(text),
                None => self.json(value.get()),
            },
            [b'{', ..] => self.json(value.get()),
            b"null" => String::new(),
            // Numbers and truth values are no formulas.
            _ => value.get().to_string(),
        };
        quoted(text)
    }
}

impl<W: Write> Lines for Csv<W> {
    fn card(&mut self, card: &AnyCard) -> io::Result<()> {
        let json = card.json();
        let fields: BTreeMap<String, &RawValue> = serde_json::from_str(json)?;
        if self.names.is_empty() {
            self.start(fields.keys())?;
        }
        let cells: Vec<String> =
            self.names.iter().map(|name| fields.get(name).map(|value| self.cell(value)).unwrap_or_default()).collect();
        let others = fields.into_keys().filter(|name| !self.names.contains(name));
        self.left_out.extend(others);
        csv_line(&mut self.out, &cells)
    }

    fn end(mut self: Box<Self>) -> io::Result<()> {
        if self.names.is_empty() {
            self.start([].iter())?;
        }
        self.out.flush()?;
        if !self.left_out.is_empty() {
            let names: Vec<&str> = self.left_out.iter().map(String::as_str).collect();
            let names = names.join(", ");
            tell!(
                "{CARE}note:{END} left out, as the first card did not have it: {}; --format ndjson has it",
                escape_controls(&names)
            );
        }
        Ok(())
    }
}

/// A list of texts and numbers joined by `;`; `None` for any other.
fn joined(list: &str) -> Option<String> {
    let items: Vec<&RawValue> = serde_json::from_str(list).ok()?;
    let items: Option<Vec<String>> = items
        .into_iter()
        .map(|item| match item.get().as_bytes() {
            [b'"', ..] => serde_json::from_str(item.get()).ok(),
            [b'[' | b'{', ..] => None,
            _ => Some(item.get().to_string()),
        })
        .collect();
    Some(items?.join(";"))
}

/// A line of cells that are quoted where needed.
pub(crate) fn csv_line<S: AsRef<str>>(out: &mut impl Write, cells: &[S]) -> io::Result<()> {
    for (n, cell) in cells.iter().enumerate() {
        write!(out, "{}{}", if n > 0 { "," } else { "" }, cell.as_ref())?;
    }
    out.write_all(b"\r\n")
}

/// A cell as RFC 4180 writes it.
pub(crate) fn quoted(text: String) -> String {
    if text.contains([',', '"', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

impl<W: Write> Lines for Table<W> {
    fn card(&mut self, card: &AnyCard) -> io::Result<()> {
        self.row(cells(card))
    }

    fn end(self: Box<Self>) -> io::Result<()> {
        Table::end(*self)
    }
}

fn cells(card: &AnyCard) -> Vec<Cell> {
    let cell = |shown| match shown {
        Shown::Text(text) => text.into(),
        Shown::State => Cell(card.state_text(), style::of_state(card.state())),
        Shown::Ends(ends) => {
            let (ends, style) = ends.map_or_else(Default::default, |ends| until(&ends, cardwright::now()));
            Cell(ends, style)
        }
        #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
        _ => Cell::from("?"),
    };
    card.row().into_iter().map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use cardwright::client::CertiFlowCard;
    use cardwright::core::certiflow::CardInfo;

    fn csv(records: &[&str], raw: bool) -> String {
        let mut out = Vec::new();
        let mut csv = Csv {
            out: &mut out,
            fields: CardInfo::FIELDS,
            raw,
            terminal: false,
            names: Vec::new(),
            left_out: BTreeSet::new(),
        };
        for record in records {
            let card: CardInfo<'_> = cardwright::core::json::from_slice(record.as_bytes()).expect("a card");
            csv.card(&AnyCard::CertiFlow(CertiFlowCard::new(card.owned()))).expect("printed");
        }
        Box::new(csv).end().expect("the end");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn a_cell_is_quoted_as_the_standard_says_and_lists_are_joined() {
        let record = r#"{"id":1,"serialNumber":"a,b","label":"say \"hi\"","comment":"two\nlines","tags":["x","y"],"certificates":[{"subject":"s"}],"zeal":null}"#;
        let csv = csv(&[record], false);
        let (header, row) = csv.split_once("\r\n").expect("a header");
        assert!(header.starts_with("id,serialNumber,cardTypeName,") && header.ends_with(",certificates,zeal"));
        let expected =
            "1,\"a,b\",,,,\"say \"\"hi\"\"\",\"two\nlines\",x;y,,,,,,,,,,,,,\"[{\"\"subject\"\":\"\"s\"\"}]\",\r\n";
        assert_eq!(row, expected);
    }

    #[test]
    fn a_cell_that_looks_like_a_formula_gets_an_apostrophe_unless_told_otherwise() {
        for beginning in ["=", "+", "-", "@", "\\t", "\\r"] {
            let record = format!(r#"{{"id":-1,"serialNumber":"{beginning}cmd"}}"#);
            let guarded = csv(&[&record], false);
            let row = guarded.split_once("\r\n").expect("a header").1;
            assert!(row.starts_with("-1,'") || row.starts_with("-1,\"'"), "{row}");
            assert!(!csv(&[&record], true).contains('\''));
        }
    }

    #[test]
    fn an_empty_list_has_a_header_and_numbers_keep_their_digits() {
        assert_eq!(csv(&[], false).lines().count(), 1);
        let long = csv(&[r#"{"id":123456789012345678901234567890.10}"#], false);
        assert!(long.contains("\r\n123456789012345678901234567890.10,"), "{long}");
    }
}
