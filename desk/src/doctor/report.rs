//! The checks that were made.

use crate::failure::Kind;
use crate::generation::Generation;

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Level {
    /// Nothing is in the way.
    Ok,
    /// Something to look at.
    Warn,
    /// Something is in the way.
    Fail,
}

impl Level {
    /// `ok`, `warn` or `fail`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Level::Ok => "ok",
            Level::Warn => "warn",
            Level::Fail => "fail",
        }
    }
}

/// A check that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Check {
    /// What was looked at.
    pub name: &'static str,
    /// How it came out.
    pub level: Level,
    /// What was seen.
    pub seen: String,
    /// The next step, where there is one.
    pub next: Option<String>,
    /// What kind of failure it is, where it is one.
    pub kind: Option<Kind>,
}

/// All checks, in the order in which they were made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The checks.
    pub checks: Vec<Check>,
    /// What the generation of the API was found to be, in a system with generations.
    pub generation: Option<Generation>,
}

impl Report {
    /// How many checks came out so.
    #[must_use]
    pub fn count(&self, level: Level) -> usize {
        self.checks.iter().filter(|check| check.level == level).count()
    }

    /// What kind of failure the first check that failed is. A report without a check is a failure too.
    #[must_use]
    pub fn failed(&self) -> Option<Kind> {
        match self.checks.as_slice() {
            [] => Some(Kind::Failed),
            checks => checks.iter().find_map(|check| check.kind),
        }
    }
}

/// The checks so far, announced as they are made.
pub(crate) struct Checks<'t> {
    pub(super) announce: &'t mut dyn FnMut(&Check),
    pub(super) report: Report,
}

impl Checks<'_> {
    pub(super) fn ok(&mut self, name: &'static str, seen: impl Into<String>) {
        self.add(Check { name, level: Level::Ok, seen: seen.into(), next: None, kind: None });
    }

    pub(super) fn warn(&mut self, name: &'static str, seen: impl Into<String>, next: impl Into<String>) {
        self.add(Check { name, level: Level::Warn, seen: seen.into(), next: Some(next.into()), kind: None });
    }

    pub(super) fn fail(&mut self, name: &'static str, kind: Kind, seen: impl Into<String>, next: impl Into<String>) {
        self.add(Check { name, level: Level::Fail, seen: seen.into(), next: Some(next.into()), kind: Some(kind) });
    }

    fn add(&mut self, check: Check) {
        (self.announce)(&check);
        self.report.checks.push(check);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_without_a_check_is_a_failure() {
        assert_eq!(Report::default().failed(), Some(Kind::Failed));
        let mut checks = Checks { announce: &mut |_| {}, report: Report::default() };
        checks.ok("name", "found");
        assert_eq!(checks.report.failed(), None);
        checks.fail("TLS", Kind::NoConnection, "expired", "a new certificate");
        assert_eq!(checks.report.failed(), Some(Kind::NoConnection));
    }
}
