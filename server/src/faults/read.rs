//! Rules in JSON. Errors name the rule and the field.

use super::rules::{Faults, Instead, Rule, When};
use super::shape::Drip;
use crate::reply::Reply;
use axum::http::{Method, StatusCode, header};
use core::fmt;
use serde_json::{Map, Value};
use std::time::Duration;

/// What is wrong with rules: which rule, which field, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongFault {
    /// The rule, counted from 1, and its name; `None` for what is outside the rules.
    rule: Option<(usize, String)>,
    /// The field; empty if the whole is wrong.
    field: String,
    why: String,
}

impl fmt::Display for WrongFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.rule {
            Some((place, name)) if name.is_empty() => write!(f, "rule {place}: ")?,
            Some((place, name)) => write!(f, "rule {place} ({name}): ")?,
            None => {}
        }
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        f.write_str(&self.why)
    }
}

impl std::error::Error for WrongFault {}

/// The fields of the whole. Counts are ignored, so that an answer can be sent back.
const TOP: &[&str] = &["seed", "rules", "counts"];

/// The fields of a rule.
const RULE: &[&str] = &[
    "name",
    "path",
    "method",
    "skip",
    "every",
    "probability",
    "times",
    "latency_ms",
    "status",
    "retry_after",
    "body",
    "content_type",
    "close",
    "noise",
    "carry_out",
    "garbage",
    "truncate",
    "drip",
];

const DRIP: &[&str] = &["bytes", "every_ms"];

/// Ten minutes in milliseconds: the longest wait.
const MAX_WAIT: u64 = 600_000;

/// The longest garbage: 16 MiB.
const MAX_BYTES: u64 = 1 << 24;

impl Faults {
    /// Reads rules from JSON; server/README.md lists the fields.
    ///
    /// # Errors
    /// [`WrongFault`] names the rule and the field.
    pub fn parse(json: &str) -> Result<Self, WrongFault> {
        faults(json)
    }
}

fn faults(json: &str) -> Result<Faults, WrongFault> {
    let top = |why: String| WrongFault { rule: None, field: String::new(), why };
    let whole: Value = serde_json::from_str(json).map_err(|error| top(format!("this is no JSON: {error}")))?;
    let whole = Fields::of(&whole, None, "", TOP)?;
    let seed = whole.number("seed", 0, u64::MAX)?.unwrap_or(0);
    let given = match whole.value("rules") {
        None => Vec::new(),
        Some(Value::Array(rules)) => rules.clone(),
        Some(_) => return Err(whole.wrong("rules", "must be a list")),
    };
    let read = |(place, given): (usize, &Value)| rule(given, place + 1);
    let rules = given.iter().enumerate().map(read).collect::<Result<_, _>>()?;
    Ok(Faults { seed, rules, given })
}

fn rule(given: &Value, place: usize) -> Result<Rule, WrongFault> {
    let name = given.get("name").and_then(Value::as_str).unwrap_or_default();
    let fields = Fields::of(given, Some((place, name.to_owned())), "", RULE)?;
    fields.text("name")?;
    let name = if name.is_empty() { format!("rule {place}") } else { name.to_owned() };
    let path = fields.text("path")?.ok_or_else(|| fields.wrong("path", "is missing"))?;
    if !path.starts_with(['/', '*']) {
        return Err(fields.wrong("path", "must begin with / or *"));
    }
    let instead = instead(&fields)?;
    let carry_out = fields.truth("carry_out")?;
    if carry_out.is_some() && instead.is_none() {
        return Err(fields.wrong("carry_out", "needs status, close or noise"));
    }
    let garbage = fields.size("garbage", 0)?;
    let truncate = fields.size("truncate", 0)?;
    let drip = drip(&fields)?;
    if garbage.is_some() && instead.is_some() {
        return Err(fields.wrong("garbage", "replaces the body of a real answer: no status, close or noise beside it"));
    }
    if matches!(instead, Some(Instead::Close | Instead::Noise(_))) {
        let beside = [("truncate", truncate.is_some()), ("drip", drip.is_some())];
        if let Some((field, _)) = beside.into_iter().find(|beside| beside.1) {
            return Err(fields.wrong(field, "there is no answer that it could change"));
        }
    }
    let latency = latency(&fields)?;
    if latency == (0, 0) && instead.is_none() && garbage.is_none() && truncate.is_none() && drip.is_none() {
        return Err(fields.wrong("", "does nothing: give latency_ms, status, close, noise, garbage, truncate or drip"));
    }
    Ok(Rule {
        name,
        path: path.to_ascii_lowercase(),
        method: method(&fields)?,
        skip: fields.number("skip", 0, u64::MAX)?.unwrap_or(0),
        when: when(&fields)?,
        times: fields.number("times", 1, u64::MAX)?.unwrap_or(u64::MAX),
        latency,
        instead,
        carry_out: carry_out.unwrap_or(false),
        garbage,
        truncate,
        drip,
    })
}

fn method(fields: &Fields<'_>) -> Result<Option<Method>, WrongFault> {
    let Some(text) = fields.text("method")?.filter(|text| *text != "*") else { return Ok(None) };
    let known = [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::HEAD, Method::PATCH, Method::OPTIONS];
    let found = known.into_iter().find(|method| text.eq_ignore_ascii_case(method.as_str()));
    found.map(Some).ok_or_else(|| fields.wrong("method", "must be *, GET, POST, PUT, DELETE, HEAD, PATCH or OPTIONS"))
}

fn when(fields: &Fields<'_>) -> Result<When, WrongFault> {
    let every = fields.number("every", 1, u64::MAX)?;
    let probability = match fields.value("probability") {
        None => None,
        Some(value) => {
            let number = value.as_f64().filter(|number| (0.0..=1.0).contains(number));
            Some(number.ok_or_else(|| fields.wrong("probability", "must be a number from 0 to 1"))?)
        }
    };
    match (every, probability) {
        (Some(_), Some(_)) => Err(fields.wrong("probability", "cannot stand beside every")),
        (_, Some(probability)) => Ok(When::Probability(probability)),
        (every, None) => Ok(When::Every(every.unwrap_or(1))),
    }
}

/// A number, or a list of the minimum and the maximum.
fn latency(fields: &Fields<'_>) -> Result<(u64, u64), WrongFault> {
    let wrong = || fields.wrong("latency_ms", "must be a number up to 600000, or a list of the least and the most");
    let number = |value: &Value| value.as_u64().filter(|number| *number <= MAX_WAIT);
    match fields.value("latency_ms") {
        None => Ok((0, 0)),
        Some(Value::Array(ends)) => match ends.as_slice() {
            [least, most] => match (number(least), number(most)) {
                (Some(least), Some(most)) if least <= most => Ok((least, most)),
                _ => Err(wrong()),
            },
            _ => Err(wrong()),
        },
        Some(value) => number(value).map(|number| (number, number)).ok_or_else(wrong),
    }
}

fn instead(fields: &Fields<'_>) -> Result<Option<Instead>, WrongFault> {
    let status = fields.number("status", 200, 599)?;
    let close = fields.truth("close")?.unwrap_or(false);
    let noise = fields.size("noise", 1)?;
    for (field, is_beside) in
        [("close", close && status.is_some()), ("noise", noise.is_some() && (close || status.is_some()))]
    {
        if is_beside {
            return Err(fields.wrong(field, "of status, close and noise there can be one"));
        }
    }
    if status.is_none() {
        let beside = ["retry_after", "body", "content_type"].into_iter().find(|field| fields.value(field).is_some());
        if let Some(field) = beside {
            return Err(fields.wrong(field, "needs a status"));
        }
    }
    if let Some(status) = status {
        return Ok(Some(Instead::Reply(reply(fields, status)?)));
    }
    Ok(if close { Some(Instead::Close) } else { noise.map(Instead::Noise) })
}

/// An answer: a text body is sent as it is, any other as JSON.
fn reply(fields: &Fields<'_>, status: u64) -> Result<Reply, WrongFault> {
    let status = u16::try_from(status).ok().and_then(|status| StatusCode::from_u16(status).ok());
    let status = status.ok_or_else(|| fields.wrong("status", "must be from 200 to 599"))?;
    let (usual, body) = match fields.value("body") {
        None => (None, Vec::new()),
        Some(Value::String(text)) => (Some("text/plain; charset=utf-8"), text.clone().into_bytes()),
        Some(json) => (Some("application/json; charset=utf-8"), json.to_string().into_bytes()),
    };
    let content_type = fields.text("content_type")?.or(usual).map(str::to_owned);
    if content_type.as_deref().is_some_and(|text| !is_header(text)) {
        return Err(fields.wrong("content_type", "cannot stand in a header"));
    }
    let reply = Reply::raw(status, content_type, body);
    let seconds = match fields.value("retry_after") {
        None => return Ok(reply),
        Some(Value::Number(number)) if number.is_u64() => number.to_string(),
        Some(Value::String(text)) if is_header(text) => text.clone(),
        Some(_) => return Err(fields.wrong("retry_after", "must be a number of seconds, or an HTTP date")),
    };
    Ok(reply.with(header::RETRY_AFTER, seconds))
}

fn is_header(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

fn drip(fields: &Fields<'_>) -> Result<Option<Drip>, WrongFault> {
    let Some(given) = fields.value("drip") else { return Ok(None) };
    let inner = Fields::of(given, fields.rule.clone(), "drip.", DRIP)?;
    let bytes = inner.size("bytes", 1)?.unwrap_or(1);
    let every = inner.number("every_ms", 1, MAX_WAIT)?.ok_or_else(|| inner.wrong("every_ms", "is missing"))?;
    Ok(Some(Drip { bytes, every: Duration::from_millis(every) }))
}

/// The fields of an object.
struct Fields<'v> {
    fields: &'v Map<String, Value>,
    rule: Option<(usize, String)>,
    /// The prefix of a field's name.
    prefix: &'static str,
}

impl<'v> Fields<'v> {
    /// The fields of a value, which may have no others than the known ones.
    fn of(
        value: &'v Value,
        rule: Option<(usize, String)>,
        prefix: &'static str,
        known: &[&str],
    ) -> Result<Self, WrongFault> {
        let Value::Object(fields) = value else {
            let field = prefix.trim_end_matches('.').to_owned();
            return Err(WrongFault { rule, field, why: "must be an object".into() });
        };
        let fields = Fields { fields, rule, prefix };
        match fields.fields.keys().find(|name| !known.contains(&name.as_str())) {
            Some(name) => Err(fields.wrong(name, &format!("is not known; there are {}", known.join(", ")))),
            None => Ok(fields),
        }
    }

    fn wrong(&self, field: &str, why: &str) -> WrongFault {
        WrongFault { rule: self.rule.clone(), field: format!("{}{field}", self.prefix), why: why.into() }
    }

    /// A value that is not `null`.
    fn value(&self, name: &str) -> Option<&'v Value> {
        self.fields.get(name).filter(|value| !value.is_null())
    }

    fn text(&self, name: &str) -> Result<Option<&'v str>, WrongFault> {
        let text = |value: &'v Value| value.as_str().ok_or_else(|| self.wrong(name, "must be a text"));
        self.value(name).map(text).transpose()
    }

    fn truth(&self, name: &str) -> Result<Option<bool>, WrongFault> {
        let truth = |value: &Value| value.as_bool().ok_or_else(|| self.wrong(name, "must be true or false"));
        self.value(name).map(truth).transpose()
    }

    fn number(&self, name: &str, least: u64, most: u64) -> Result<Option<u64>, WrongFault> {
        let number = |value: &Value| {
            let number = value.as_u64().filter(|number| (least..=most).contains(number));
            number.ok_or_else(|| {
                let most = if most == u64::MAX { String::new() } else { format!(" up to {most}") };
                self.wrong(name, &format!("must be a whole number from {least}{most}"))
            })
        };
        self.value(name).map(number).transpose()
    }

    fn size(&self, name: &str, least: u64) -> Result<Option<usize>, WrongFault> {
        Ok(self.number(name, least, MAX_BYTES)?.and_then(|number| usize::try_from(number).ok()))
    }
}
