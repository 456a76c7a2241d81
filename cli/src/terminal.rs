//! The person at the terminal.

use crate::failure::Failure;
use crate::out::tell;
use crate::style::{BOLD, CARE, END, escape_controls};
use cardwright::Prompt;
use cardwright::client::{DeviceCode, Secret};
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The person at the terminal. Questions and messages go to the error stream.
pub(crate) struct Terminal;

/// Whether somebody can be asked.
pub(crate) fn is_there() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks a question; `None` where there is no terminal.
pub(crate) fn ask(question: &str) -> io::Result<Option<String>> {
    if !is_there() {
        return Ok(None);
    }
    let _asking = Asking::begin();
    {
        // Not locked while the person thinks: the time limit may have something to say meanwhile.
        let mut err = anstream::stderr().lock();
        write!(err, "{question}")?;
        err.flush()?;
    }
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(Some(answer.trim().to_string()))
}

/// How long a person was asked so far, and since when one is.
static ASKED: Mutex<(Duration, Option<Instant>)> = Mutex::new((Duration::ZERO, None));

/// A person is asked, until this is dropped.
struct Asking;

impl Asking {
    fn begin() -> Self {
        ASKED.lock().unwrap_or_else(PoisonError::into_inner).1 = Some(Instant::now());
        Asking
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        let mut asked = ASKED.lock().unwrap_or_else(PoisonError::into_inner);
        let since = asked.1.take();
        asked.0 += since.map_or(Duration::ZERO, |since| since.elapsed());
    }
}

/// How long a person was asked so far.
pub(crate) fn asked_for() -> Duration {
    let (before, since) = *ASKED.lock().unwrap_or_else(PoisonError::into_inner);
    before + since.map_or(Duration::ZERO, |since| since.elapsed())
}

/// Whether a person is asked now.
pub(crate) fn is_asking() -> bool {
    ASKED.lock().unwrap_or_else(PoisonError::into_inner).1.is_some()
}

impl Prompt for Terminal {
    /// Asks without showing what is typed; `None` where there is no terminal.
    fn password(&self, user: &str) -> Result<Option<Secret>, Failure> {
        if !is_there() {
            return Ok(None);
        }
        let _asking = Asking::begin();
        let typed = rpassword::prompt_password(format!("Password of {}: ", escape_controls(user)))?;
        Ok(Some(Secret::new(typed)))
    }

    /// Asks twice, as nobody sees what is typed.
    fn new_password(&self, account: &str) -> Result<Option<Secret>, Failure> {
        if !is_there() {
            return Ok(None);
        }
        let (account, _asking) = (escape_controls(account), Asking::begin());
        let typed = Secret::new(rpassword::prompt_password(format!("New password of {account}: "))?);
        let again = Secret::new(rpassword::prompt_password("The same again: ")?);
        if typed.expose() != again.expose() {
            return Err(Failure::usage("the two passwords differ"));
        }
        Ok(Some(typed))
    }

    fn device_code(&self, code: &DeviceCode) {
        let (typed, address) = (escape_controls(&code.user_code), escape_controls(&code.address));
        let minutes = code.lasts.as_secs().div_ceil(60);
        tell!("To sign in, open {BOLD}{address}{END} and type {BOLD}{typed}{END}, within {minutes} min.");
        if let Some(address) = &code.address_with_code {
            tell!("Or open {}", escape_controls(address));
        }
    }

    fn warn(&self, text: &str) {
        tell!("{CARE}warning:{END} {}", escape_controls(text));
    }
}
