//! What is examined in one system and not in the other.

use super::answer::Asker;
use super::report::Checks;
use crate::target::Target;
use cardwright_client::Raw;
use cardwright_core::base::Base;
use cardwright_core::certiflow::{Dialect, Finding};
use serde_json::Value;

/// How a system is examined.
pub(crate) trait Examine {
    /// The first call: it reads little and needs no more than reading.
    fn first_path(&self, target: &Target) -> String;

    /// A call that any server at this base answers.
    fn path_at(&self, base: &Base) -> String;

    /// What questions tell of the generation that the server speaks, and the one in which it is examined, with the answer
    /// to the first call at hand; `None` where that answer is one of the generation that was given.
    fn found(&self, _target: &Target, _asker: &Asker, _first: &Raw) -> Option<(Finding, Dialect)> {
        None
    }

    /// Whether an answer that is no success is that of an API all the same, and what it means.
    fn is_answer(&self, _target: &Target, _answer: &Raw) -> Option<&'static str> {
        None
    }

    /// Why the API is not at the base, and the next step, where that can be told.
    fn is_off(&self, _target: &Target, _status: u16, _askers: [&Asker; 2]) -> Option<(String, String)> {
        None
    }

    /// What cannot be read where the first call is forbidden, and the next step.
    fn forbidden(&self, target: &Target) -> (&'static str, String);

    /// Checks what the account may read.
    fn privileges(&self, checks: &mut Checks<'_>, target: &Target, asker: &Asker, listed: Option<&[Value]>);

    /// Checks whether the server obeys filters.
    fn filters(&self, checks: &mut Checks<'_>, target: &Target, asker: &Asker, listed: &[Value]);

    /// Checks which generation the server speaks; `given` is the one that was told.
    fn dialect(&self, _checks: &mut Checks<'_>, _target: &Target, _asker: &Asker, _given: Option<Dialect>) {}
}

/// What a filter that is ignored looks like.
pub(super) fn ignored(name: &str) -> String {
    format!("the server ignores {name}: it answers with cards that it cannot have meant")
}
