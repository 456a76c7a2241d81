//! A card that answers by a table, read from JSON.
//!
//! The document is one object. A key of hexadecimal digits is a command APDU; with `*` at its end, it
//! stands for every command that begins like this. The longest matching key applies. Its value is the
//! response APDU in hexadecimal, `"removed"` (the card is removed before it answers), `"silence"`, or an
//! object `{"answer": "9000", "after_ms": 500}`. The key `atr` holds the answer to reset, `about` a line
//! for people. A command that matches no key is answered with 6D00.
//!
//! ```json
//! {
//!     "about": "a MIFARE Classic 1K with the UID 04A1B2C3",
//!     "atr": "3B8F8001804F0CA000000306030001000000006A",
//!     "FFCA000000": "04A1B2C39000"
//! }
//! ```

use super::{Answer, VirtualCard};
use serde_json::{Map, Value};
use std::fmt;
use std::time::Duration;

/// INS not supported.
const UNKNOWN: [u8; 2] = [0x6D, 0x00];

/// A card that answers by a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    atr: Vec<u8>,
    about: String,
    rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    command: Vec<u8>,
    /// Whether more bytes may follow.
    prefix: bool,
    answer: Answer,
}

/// Why a text is not a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptError(String);

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ScriptError {}

impl Script {
    /// Reads a script. `atr` takes precedence over the script's own ATR.
    ///
    /// # Errors
    ///
    /// When the text is not a script as the module describes it, with the key concerned, or has no ATR.
    pub fn parse(json: &str, atr: Option<&[u8]>) -> Result<Self, ScriptError> {
        let wrong = |why: &dyn fmt::Display| ScriptError(why.to_string());
        let map: Map<String, Value> = serde_json::from_str(json).map_err(|error| wrong(&error))?;
        let mut script = Script { atr: atr.unwrap_or_default().to_vec(), about: String::new(), rows: Vec::new() };
        for (key, value) in &map {
            let wrong = |why: &str| ScriptError(format!("{key:?}: {why}"));
            match (key.as_str(), value) {
                ("about", Value::String(text)) => script.about.clone_from(text),
                ("about", _) => return Err(wrong("a text is expected")),
                ("atr", Value::String(text)) => {
                    let bytes = hex(text).filter(|bytes| (2..=33).contains(&bytes.len()));
                    let bytes = bytes.ok_or_else(|| wrong("2 to 33 bytes in hexadecimal are expected"))?;
                    if atr.is_none() {
                        script.atr = bytes;
                    }
                }
                ("atr", _) => return Err(wrong("a text is expected")),
                (command, value) => {
                    let (digits, prefix) = match command.strip_suffix('*') {
                        Some(digits) => (digits, true),
                        None => (command, false),
                    };
                    let command = hex(digits).ok_or_else(|| wrong("no command in hexadecimal"))?;
                    script.rows.push(Row { command, prefix, answer: answer(value).map_err(wrong)? });
                }
            }
        }
        if script.atr.is_empty() {
            return Err(wrong(&"there is no ATR: neither a key \"atr\" nor one given"));
        }
        // The longest first; of equal length, the whole command before the prefix.
        script.rows.sort_by_key(|row| std::cmp::Reverse((row.command.len(), !row.prefix)));
        Ok(script)
    }

    /// The line for people; may be empty.
    #[must_use]
    pub fn about(&self) -> &str {
        &self.about
    }

    /// The number of commands in its table.
    #[must_use]
    pub fn commands(&self) -> usize {
        self.rows.len()
    }
}

impl VirtualCard for Script {
    fn atr(&self) -> Vec<u8> {
        self.atr.clone()
    }

    fn answer(&mut self, command: &[u8]) -> Answer {
        let fits = |row: &&Row| if row.prefix { command.starts_with(&row.command) } else { command == row.command };
        self.rows.iter().find(fits).map_or(Answer::Bytes(UNKNOWN.into()), |row| row.answer.clone())
    }
}

fn answer(value: &Value) -> Result<Answer, &'static str> {
    const EXPECTED: &str =
        "expected an answer in hexadecimal, \"removed\", \"silence\", or {\"answer\": …, \"after_ms\": …}";
    match value {
        Value::String(word) => match word.as_str() {
            "removed" => Ok(Answer::Removal),
            "silence" => Ok(Answer::Silence),
            digits => hex(digits).map(Answer::Bytes).ok_or(EXPECTED),
        },
        Value::Object(fields) if fields.len() == 2 => {
            let answer = fields.get("answer").and_then(Value::as_str).and_then(hex);
            let after = fields.get("after_ms").and_then(Value::as_u64).map(Duration::from_millis);
            answer.zip(after).map(|(answer, after)| Answer::Late(after, answer)).ok_or(EXPECTED)
        }
        _ => Err(EXPECTED),
    }
}

/// Bytes from hexadecimal digits, which may be separated by spaces.
fn hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|c| *c != b' ').collect();
    let digit = |c: u8| char::from(c).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = digits.chunks(2).map(|pair| match *pair {
        [high, low] => Some(digit(high)? << 4 | digit(low)?),
        _ => None,
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ATR: &[u8] = &[0x3B, 0x00];

    fn bytes(bytes: &[u8]) -> Answer {
        Answer::Bytes(bytes.to_vec())
    }

    #[test]
    fn the_longest_key_that_fits_counts() {
        let json = r#"{"00A4*": "9000", "00 a4 04 *": "6A82", "00A40400": "6283", "00A40400*": "6700"}"#;
        let mut script = Script::parse(json, Some(ATR)).expect("a script");
        assert_eq!(script.commands(), 4);
        assert_eq!(script.answer(&[0, 0xA4, 4, 0]), bytes(&[0x62, 0x83]));
        assert_eq!(script.answer(&[0, 0xA4, 4, 0, 0]), bytes(&[0x67, 0x00]));
        assert_eq!(script.answer(&[0, 0xA4, 4, 1]), bytes(&[0x6A, 0x82]));
        assert_eq!(script.answer(&[0, 0xA4, 0, 0]), bytes(&[0x90, 0x00]));
        assert_eq!(script.answer(&[0, 0xB0, 0, 0]), bytes(&[0x6D, 0x00]));
    }

    #[test]
    fn a_card_can_be_slow_silent_and_gone() {
        let json = r#"{"atr": "3B00", "01": "removed", "02": "silence", "03": {"answer": "9000", "after_ms": 7}}"#;
        let mut script = Script::parse(json, None).expect("a script");
        assert_eq!(script.atr(), ATR);
        assert_eq!(script.answer(&[1]), Answer::Removal);
        assert_eq!(script.answer(&[2]), Answer::Silence);
        assert_eq!(script.answer(&[3]), Answer::Late(Duration::from_millis(7), vec![0x90, 0]));
    }

    #[test]
    fn what_is_no_script_is_refused_by_its_key() {
        for (json, expected) in [
            ("[]", "sequence"),
            ("{}", "ATR"),
            (r#"{"atr": "3"}"#, "\"atr\""),
            (r#"{"atr": 3}"#, "\"atr\""),
            (r#"{"about": 3}"#, "\"about\""),
            (r#"{"0G": "9000"}"#, "\"0G\""),
            (r#"{"00": "900"}"#, "\"00\""),
            (r#"{"00": {"answer": "9000"}}"#, "after_ms"),
            (r#"{"00": 9000}"#, "\"00\""),
        ] {
            let error = Script::parse(json, None).expect_err(json).to_string();
            assert!(error.contains(expected), "{json}: {error}");
        }
    }
}
