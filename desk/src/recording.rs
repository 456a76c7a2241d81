//! `--record`: what was sent and answered, without what must not leave a site.
//!
//! A recording is NDJSON: a line about itself, and a line for each request with its answer. Names,
//! serial numbers, ids and hosts have stand-ins; passwords, tokens and cookies are not in it at all.
//! It is for sending to others, to show what a server really does.

mod disguise;
mod recorders;

pub use recorders::Recorders;

use crate::due::{date, now};
use crate::failure::Failure;
use crate::prompt::Prompt;
use cardwright_client::{EXCERPT, Exchange, Observe};
use cardwright_core::json::Elements;
use disguise::Disguise;
use serde_json::{Value, json};
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How much of an answer that is no JSON is kept, in characters.
const SENTENCE: usize = 500;

/// What writes a recording.
pub struct Recorder(Mutex<Open>);

struct Open {
    file: File,
    path: PathBuf,
    prompt: Arc<dyn Prompt>,
    disguise: Disguise,
    /// Why it is not whole.
    failed: Option<io::Error>,
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Recorder(..)")
    }
}

impl Recorder {
    /// A recording into a new file, of a server at an address. `known` are values that may stand in a
    /// server's sentences, such as the account's name.
    ///
    /// # Errors
    /// Where the file is there already: a recording never replaces anything.
    pub fn new(
        path: &Path,
        system: &str,
        dialect: Option<&str>,
        url: &str,
        known: &[&str],
        prompt: Arc<dyn Prompt>,
    ) -> Result<Self, Failure> {
        Self::create(path, system, dialect, url, known, prompt).map_err(|error| {
            let failure = Failure::usage(format!("--record {}: {error}", path.display()));
            match error.kind() {
                io::ErrorKind::AlreadyExists => failure.hint("name a file that is not there yet"),
                _ => failure,
            }
        })
    }

    /// As [`Self::new`], with the system's own error.
    ///
    /// # Errors
    /// As there.
    pub fn create(
        path: &Path,
        system: &str,
        dialect: Option<&str>,
        url: &str,
        known: &[&str],
        prompt: Arc<dyn Prompt>,
    ) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path)?;
        let mut disguise = Disguise::new();
        known.iter().for_each(|value| disguise.know(value));
        let about = json!({
            "recording": "cardwright",
            "version": env!("CARGO_PKG_VERSION"),
            "date": date(now()),
            "system": system,
            "dialect": dialect,
            "base": disguise.address(url),
        });
        let mut open = Open { file, path: path.to_path_buf(), prompt, disguise, failed: None };
        open.line(&about);
        Ok(Recorder(Mutex::new(open)))
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why the recording is not whole, if something could not be written; told once.
    pub fn failure(&self) -> Option<io::Error> {
        self.open().failed.take()
    }
}

impl Observe for Recorder {
    fn exchange(&self, exchange: Exchange) {
        self.open().exchange(&exchange);
    }
}

impl Open {
    fn line(&mut self, line: &Value) {
        if let Err(error) = writeln!(self.file, "{line}")
            && self.failed.is_none()
        {
            self.prompt.warn(&format!("the recording is not whole: {}: {error}", self.path.display()));
            self.failed = Some(error);
        }
    }

    fn exchange(&mut self, exchange: &Exchange) {
        let address = self.disguise.address(&exchange.address);
        let sent = exchange.sent.as_deref().map(|body| self.body(body.as_bytes(), false));
        let headers: Vec<Value> = exchange
            .headers
            .iter()
            .map(|(name, value)| match self.disguise.header(name, value) {
                Some(value) => json!([name, value]),
                None => json!([name]),
            })
            .collect();
        let cut = exchange.body_bytes > EXCERPT as u64;
        let body = exchange.status.is_some().then(|| self.body(&exchange.body, cut));
        let error = exchange.error.as_ref().map(|error| {
            let without = error.replace(&exchange.address, &address);
            // The address has its stand-in already.
            match without.split_once(&address) {
                Some((before, after)) => {
                    format!("{}{address}{}", self.disguise.sentence(before), self.disguise.sentence(after))
                }
                None => self.disguise.sentence(&without),
            }
        });
        let line = json!({
            "method": exchange.method,
            "address": address,
            "sent": sent,
            "attempt": exchange.attempt,
            "status": exchange.status,
            "headers": headers,
            "body": body,
            "body_bytes": exchange.body_bytes,
            "cut": cut,
            "error": error,
            "ms": (exchange.took.as_secs_f64() * 1e4).round() / 10.0,
        });
        self.line(&line);
    }

    /// A body: JSON with stand-ins; of a list that is longer than what was kept, the elements that are
    /// whole; of anything else its first words.
    fn body(&mut self, body: &[u8], cut: bool) -> Value {
        let plain = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        if plain.iter().all(u8::is_ascii_whitespace) {
            return Value::Null;
        }
        if let Ok(value) = serde_json::from_slice::<Value>(plain) {
            return json!({ "json": self.disguise.json("", &value) });
        }
        let first = plain.iter().find(|byte| !byte.is_ascii_whitespace());
        if cut && first == Some(&b'[') {
            let mut elements = Elements::new(vec![0; EXCERPT]);
            let (mut rest, mut whole) = (plain, Vec::new());
            while let Ok(Some(element)) = elements.next(&mut rest) {
                let Ok(value) = serde_json::from_slice::<Value>(element.json) else { break };
                whole.push(self.disguise.json("", &value));
            }
            return json!({ "json": whole });
        }
        if cut && first == Some(&b'{') {
            // Half an object is no JSON, and its fields cannot be told from sentences.
            return json!({ "left_out": "an object longer than what is kept" });
        }
        let text: String = String::from_utf8_lossy(plain).chars().take(SENTENCE).collect();
        json!({ "text": self.disguise.sentence(&text) })
    }
}
