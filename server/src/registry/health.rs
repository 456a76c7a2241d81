//! Whether the registry can be read and written, and what its operator is told when it cannot.
//!
//! A failure is reported when it begins, when its cause changes and when it ends, and not for each request. One
//! that writing may overcome ends by itself with the next write; damage stays until the server is started again.

use crate::{Error, Log};
use core::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The state of the registry.
pub(crate) struct Health {
    /// Whether there is a trouble: a look at this is enough for nearly every request.
    is_troubled: AtomicBool,
    trouble: Mutex<Option<Trouble>>,
    notices: Log,
    severity: Judge,
}

/// What an error says about the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Severity {
    /// Nothing: it is about one request.
    None,
    /// It does not work at present.
    Passing,
    /// What it holds is damaged.
    Damage,
}

/// What tells that of an error.
type Judge = fn(&(dyn core::error::Error + 'static)) -> Severity;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Trouble {
    cause: String,
    /// Whether nothing but the operator ends it.
    is_lasting: bool,
}

/// Whether a trouble lasts, and what comes next.
type Next = (bool, &'static str);
const PASSING: Next = (false, "changes are refused until it can be written again, which is tried each second");
const DAMAGE: Next = (true, "answers may lack records: stop the server and restore a backup");

impl Health {
    pub(super) fn new(notices: Log, severity: Judge) -> Self {
        Health { is_troubled: AtomicBool::new(false), trouble: Mutex::default(), notices, severity }
    }

    fn trouble(&self) -> MutexGuard<'_, Option<Trouble>> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why the registry cannot be used; `None` if all is well.
    pub(crate) fn cause(&self) -> Option<String> {
        if !self.is_troubled.load(Ordering::Acquire) {
            return None;
        }
        self.trouble().as_ref().map(|trouble| trouble.cause.clone())
    }

    /// Whether it may become well by itself.
    pub(crate) fn may_recover(&self) -> bool {
        self.is_troubled.load(Ordering::Acquire) && self.trouble().as_ref().is_some_and(|trouble| !trouble.is_lasting)
    }

    /// Tells the operator something.
    pub(super) fn tell(&self, line: &str) {
        self.notices.write(&format!("cardwright: {line}"));
    }

    /// Notes an error, if it is one of the registry.
    pub(super) fn note(&self, error: &Error) {
        let (is_lasting, next) = match error {
            Error::Database(cause) => match (self.severity)(cause.as_ref()) {
                Severity::None => return,
                Severity::Passing => PASSING,
                Severity::Damage => DAMAGE,
            },
            Error::Unavailable(_) => PASSING,
            Error::Corrupt(_) | Error::Damaged(_) => DAMAGE,
            Error::HalfCopied(_) => {
                (true, "no request is answered any more: end the copy, and start this server again")
            }
            Error::Newer { .. } => (true, "no request is answered any more: replace this server by a newer one"),
            _ => return,
        };
        let new = Trouble { cause: error.to_string(), is_lasting };
        let mut trouble = self.trouble();
        // What lasts is not hidden by what fails after it.
        if trouble.as_ref().is_some_and(|old| *old == new || old.is_lasting) {
            return;
        }
        self.notices.write(&format!("cardwright: {}; /health answers 503; {next}", new.cause));
        *trouble = Some(new);
        self.is_troubled.store(true, Ordering::Release);
    }

    /// Something was written.
    pub(super) fn written(&self) {
        if !self.may_recover() {
            return;
        }
        let mut trouble = self.trouble();
        if trouble.take_if(|trouble| !trouble.is_lasting).is_some() {
            self.is_troubled.store(false, Ordering::Release);
            self.notices.write("cardwright: the registry can be written again; /health answers 200");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Health;
    use crate::{Error, Log};
    use std::sync::{Arc, Mutex};

    fn sqlite(code: i32) -> Error {
        Error::Database(Box::new(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None)))
    }

    #[test]
    fn a_failure_is_told_once_ends_with_a_write_and_damage_stays() {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&lines);
        let notices = Log::To(Arc::new(move |line| sink.lock().unwrap().push(line.to_owned())));
        let health = Health::new(notices, crate::registry::sqlite::severity);
        health.note(&Error::Busy);
        assert_eq!((health.cause(), health.may_recover()), (None, false));
        for _ in 0..3 {
            health.note(&sqlite(rusqlite::ffi::SQLITE_FULL));
        }
        assert!(health.cause().unwrap().contains("full") && health.may_recover());
        health.written();
        assert_eq!(health.cause(), None);
        health.note(&sqlite(rusqlite::ffi::SQLITE_CORRUPT));
        health.note(&sqlite(rusqlite::ffi::SQLITE_FULL));
        health.written();
        assert!(health.cause().unwrap().contains("malformed") && !health.may_recover());
        let lines = lines.lock().unwrap();
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(lines[0].contains("full") && lines[1].contains("again") && lines[2].contains("restore a backup"));
    }
}
