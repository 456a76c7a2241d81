//! An inventory from another system: cards in CSV or NDJSON, with CertiFlow's names of fields.
//!
//! CSV (RFC 4180, UTF-8) has a header; tags are joined by `;`, certificates are JSON. NDJSON has a
//! CardInfo object on each line. `cardwright cards --format csv` and `--format ndjson` write both. The whole
//! file is added or nothing of it; errors name the line.

use super::row::{Row, wrong};
use super::{add_templates, demo};
use crate::certiflow::fields;
use crate::registry::{Card, Certificate, Standing, Writing};
use crate::uuid::version_4;
use crate::{Error, Registry};
use blake2::Blake2b;
use blake2::digest::{Digest as _, consts::U16};
use cardwright_core::Named as _;
use cardwright_core::certiflow::{self, CardInfo, CardState, CertificateType};
use cardwright_core::csv::unguarded;
use cardwright_core::encoding::decode;
use cardwright_core::identity::{ByteOrder, Guid, Serial};
use cardwright_core::lifecycle::State;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::HashSet;

/// What was added.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Imported {
    /// How many cards.
    pub cards: usize,
    /// How many certificates are on them.
    pub certificates: usize,
    /// How many cards are in each state that occurs.
    pub states: Vec<(State, usize)>,
}

/// Adds the cards of a CSV or NDJSON file; the first character decides which it is. Cards without an id
/// get the next one.
///
/// # Errors
/// [`Error::Inventory`] with the line of what is wrong, and [`Error::Database`]. Nothing is added then.
pub fn inventory(registry: &Registry, text: impl AsRef<[u8]>) -> Result<Imported, Error> {
    let text = match text.as_ref() {
        wide @ ([0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]) => decode(wide).map_err(|why| wrong(1, why.to_string()))?,
        bytes => Cow::Borrowed(utf8(bytes)?),
    };
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    let rows = if text.trim_start().starts_with('{') { objects(text)? } else { table(text)? };
    registry.write(|writing| {
        add_templates(writing, &demo()?.templates)?;
        let mut imported = Imported::default();
        for row in &rows {
            let card = row.card(writing)?;
            let certificates = row.certificates()?;
            let certificates = certificates.into_iter().map(|certificate| {
                let standing = Standing::of_card(card.state, &certificate, writing.now);
                (certificate, standing)
            });
            let certificates: Vec<_> = certificates.collect();
            imported.cards += 1;
            imported.certificates += certificates.len();
            match imported.states.iter_mut().find(|known| known.0 == card.state) {
                Some(known) => known.1 += 1,
                None => imported.states.push((card.state, 1)),
            }
            writing.add_cards(&[(card, certificates)])?;
        }
        writing.number_on()?;
        imported.states.sort_by_key(|known| known.0 as u8);
        Ok(imported)
    })
}

/// A file as text.
fn utf8(bytes: &[u8]) -> Result<&str, Error> {
    core::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        wrong(line as u64, "not UTF-8")
    })
}

/// What is wrong with JSON, by its column: the line that serde_json counts is not one of the file.
fn no_json(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let what = said.split(" at line ").next().unwrap_or(&said);
    format!("no JSON: {what} at column {}", error.column())
}

/// The objects of NDJSON. Empty lines are ignored.
fn objects(text: &str) -> Result<Vec<Row>, Error> {
    let lines = (1u64..).zip(text.lines()).filter(|line| !line.1.trim().is_empty());
    let row = |(line, text): (u64, &str)| {
        let object = serde_json::from_str::<Value>(text).map_err(|error| wrong(line, no_json(&error)))?;
        let Value::Object(mut fields) = object else { return Err(wrong(line, "not an object")) };
        let known = CardInfo::FIELDS.map(|field| field.name);
        check_known("field", fields.keys(), &known, line)?;
        fields.retain(|_, value| !value.is_null());
        Ok(Row { line, fields })
    };
    lines.map(row).collect()
}

/// The rows of CSV.
fn table(text: &str) -> Result<Vec<Row>, Error> {
    let failed = |error: csv::Error| {
        let line = line_at(text, error.position());
        match error.kind() {
            csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                wrong(line, format!("{len} cells where the header has {expected_len}"))
            }
            _ => wrong(line, error.to_string()),
        }
    };
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header: Vec<String> =
        reader.headers().map_err(failed)?.iter().map(|name| unguarded(name.trim()).into_owned()).collect();
    let known = CardInfo::FIELDS.map(|field| field.name);
    check_known("column", header.iter(), &known, line_at(text, reader.headers().map_err(failed)?.position()))?;
    let mut rows = Vec::new();
    let (mut line, mut at) = (1, 0);
    for record in reader.records() {
        let record = record.map_err(failed)?;
        let start = start(text, record.position());
        (line, at) = (line + breaks(text.get(at..start).unwrap_or_default()), start);
        let mut fields = Map::new();
        for (name, cell) in header.iter().zip(&record).filter(|pair| !pair.1.trim().is_empty()) {
            let value = match name.as_str() {
                // JSON is guarded in itself: it gets no apostrophes.
                "certificates" => serde_json::from_str(cell)
                    .map_err(|error| wrong(line, format!("certificates: {}", no_json(&error))))?,
                "tags" => unguarded(cell).split(';').map(str::trim).filter(|tag| !tag.is_empty()).collect(),
                _ => Value::String(unguarded(cell).into_owned()),
            };
            fields.insert(name.clone(), value);
        }
        rows.push(Row { line, fields });
    }
    Ok(rows)
}

/// The line on which a record begins.
fn line_at(text: &str, position: Option<&csv::Position>) -> u64 {
    1 + breaks(text.get(..start(text, position)).unwrap_or_default())
}

/// Where a record begins. The reader's position is before the end of the line above, if that is CR LF, and before
/// empty lines.
fn start(text: &str, position: Option<&csv::Position>) -> usize {
    let at = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(0);
    let rest = text.get(at..).unwrap_or_default();
    at + (rest.len() - rest.trim_start_matches(['\r', '\n']).len())
}

/// How many lines end in a text, by LF, CR LF or CR.
fn breaks(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let ends = bytes.iter().zip(bytes.iter().skip(1).chain(&[0]));
    ends.filter(|(byte, next)| **byte == b'\n' || **byte == b'\r' && **next != b'\n').count() as u64
}

/// Checks that all names are known and none is repeated.
fn check_known<'n>(
    what: &str,
    names: impl Iterator<Item = &'n String>,
    known: &[&str],
    line: u64,
) -> Result<(), Error> {
    let (mut unknown, mut seen) = (Vec::new(), HashSet::new());
    for name in names {
        if !known.contains(&name.as_str()) {
            unknown.push(format!("{name:?}"));
        } else if !seen.insert(name) {
            return Err(wrong(line, format!("the {what} {name:?} comes twice")));
        }
    }
    if unknown.is_empty() {
        return Ok(());
    }
    let many = if unknown.len() == 1 { "" } else { "s" };
    Err(wrong(line, format!("unknown {what}{many} {}; known are {}", unknown.join(", "), known.join(", "))))
}

impl Row {
    fn state(&self) -> Result<State, Error> {
        let Some(text) = self.text("state")? else { return Ok(State::Stock) };
        let state = fields::state_named(text.trim());
        state.ok_or_else(|| {
            let names: Vec<_> = CardState::ALL.iter().map(|state| state.name()).collect();
            self.wrong(format!("state: {text:?} is none of {}", names.join(", ")))
        })
    }

    /// The user: the id if it is a GUID, otherwise a GUID derived from the id or the name.
    fn user(&self, name: Option<&str>) -> Result<Option<Guid>, Error> {
        let id = self.text("userId")?;
        if let Some(guid) = id.as_deref().and_then(|id| Guid::parse(id.trim()).ok()) {
            return Ok(Some(guid));
        }
        let made = |text: &str| version_4(Blake2b::<U16>::digest(text.to_lowercase().as_bytes()).into());
        Ok(id.as_deref().or(name).map(made))
    }

    fn card(&self, writing: &Writing<'_>) -> Result<Card, Error> {
        let id = self.number("id")?.map_or_else(|| writing.next_card(), Ok)?;
        if writing.card(id)?.is_some() {
            return Err(self.wrong(format!("id: there is a card {id} already")));
        }
        let serial_number = self.text("serialNumber")?.filter(|serial| !serial.trim().is_empty());
        let serial_number = serial_number.ok_or_else(|| self.wrong("serialNumber is missing"))?;
        // MIM CM finds a card by its serial number if that is a GUID.
        let card_id = Serial::parse(&serial_number).ok().and_then(|serial| serial.guid(ByteOrder::Rfc4122));
        if let Some(known) = card_id.map(|card_id| writing.card_by_card_id(card_id)).transpose()?.flatten() {
            return Err(self.wrong(format!("serialNumber: card {} has {serial_number:?} already", known.id)));
        }
        let user_name = self.text("userName")?;
        let is_upn = |name: &String| name.contains('@') && !name.contains('\\');
        let policy_name = self.text("policyName")?;
        let template = policy_name.as_deref().map(|name| writing.template_of_policy(name)).transpose()?.flatten();
        let mut card = Card {
            state: self.state()?,
            user: self.user(user_name.as_deref())?,
            user_upn: user_name.clone().filter(is_upn),
            user_name,
            policy_id: self.number("policyId")?,
            policy_name,
            card_id,
            template: template.as_ref().map(|template| template.uuid),
            template_version: template.map_or(0, |template| template.version),
            ..Card::blank(id, serial_number)?
        };
        fields::read(self, &mut card)?;
        Ok(card)
    }

    fn certificates(&self) -> Result<Vec<Certificate>, Error> {
        let not_a_list = || self.wrong("certificates: not a list of objects");
        match self.fields.get("certificates") {
            None => Ok(Vec::new()),
            Some(Value::Array(list)) => {
                let object = |one: &Value| one.as_object().cloned().ok_or_else(not_a_list);
                list.iter().map(|one| self.certificate(object(one)?)).collect()
            }
            Some(_) => Err(not_a_list()),
        }
    }

    fn certificate(&self, mut fields: Map<String, Value>) -> Result<Certificate, Error> {
        let known = certiflow::Certificate::FIELDS.map(|field| field.name);
        check_known("field of a certificate", fields.keys(), &known, self.line)?;
        fields.retain(|_, value| !value.is_null());
        let inner = Row { line: self.line, fields };
        let text = |name: &str| Ok::<_, Error>(inner.text(name)?.unwrap_or_default());
        let kind = text("type")?;
        let kind = CertificateType::from_name(kind.trim())
            .ok_or_else(|| self.wrong(format!("a certificate's type: {kind:?} is not known")))?;
        let valid_to = inner.time("validTo")?.ok_or_else(|| self.wrong("a certificate's validTo is missing"))?;
        Ok(Certificate {
            kind,
            serial_number: text("serialNumber")?,
            thumbprint: text("thumbprint")?,
            subject: text("subject")?,
            issuer: text("issuer")?,
            valid_to,
        })
    }
}
