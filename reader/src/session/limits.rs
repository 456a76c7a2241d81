//! The limits of one command with all that follows from it, or of an identification: how long it takes and
//! how many APDUs are sent.
//!
//! The core counts the APDUs; the clock is kept here.

use super::open::Open;
use crate::error::Error;
use cardwright_core::Code;
use cardwright_core::apdu::Allowance;
use std::time::{Duration, Instant};

/// What is spent of the limits.
#[derive(Debug, Clone)]
pub(super) struct Limits {
    begin: Instant,
    time: Duration,
    apdus: Allowance,
}

impl Limits {
    /// Begins; `spent` of the time is spent already.
    pub(super) fn begin(open: &Open, spent: Duration) -> Self {
        let now = Instant::now();
        let begin = now.checked_sub(spent).unwrap_or(now);
        Limits { begin, time: open.whole(), apdus: Allowance::new(open.card_apdus) }
    }

    /// Counts an APDU that is about to be sent.
    ///
    /// # Errors
    ///
    /// `CardEndless` when no more may be sent, `CardTimeout` when the time is up.
    pub(super) fn take(&mut self, reader: &str) -> Result<(), Error> {
        self.left(reader)?;
        self.apdus.take().map_err(|error| {
            let most = self.apdus.most();
            self.exceeded(error.code, reader, &format!("{most} APDUs (card_apdus)"))
        })
    }

    /// The time that is left.
    ///
    /// # Errors
    ///
    /// `CardTimeout` when none is.
    pub(super) fn left(&self, reader: &str) -> Result<Duration, Error> {
        let left = self.time.saturating_sub(self.begin.elapsed());
        if left.is_zero() { Err(self.is_late(reader)) } else { Ok(left) }
    }

    /// The error of an answer that did not come while there was time.
    pub(super) fn is_late(&self, reader: &str) -> Error {
        let seconds = self.time.as_secs_f64();
        self.exceeded(Code::CardTimeout, reader, &format!("{seconds} s (card_time_limit)"))
    }

    /// What was spent, and which limit that is.
    fn exceeded(&self, code: Code, reader: &str, limit: &str) -> Error {
        let (sent, spent) = (self.apdus.sent(), self.begin.elapsed().as_secs_f64());
        let apdus = if sent == 1 { "APDU" } else { "APDUs" };
        Error::new(code, reader).told(&format!("stopped after {sent} {apdus} and {spent:.1} s; the limit is {limit}"))
    }
}
