//! The generation of a server's API, where it was found out: told once, at the end of a command.

use crate::out::{self, remark};
use crate::style::{CARE, END, KEY, escape_controls};
use cardwright::Generation;
use cardwright::client::AnyClient;
use cardwright::core::Named as _;
use serde_json::{Value, json};
use std::sync::{Arc, OnceLock};

/// The client of a command; none until it is made. Copies of it share what was found out.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked(Arc<OnceLock<AnyClient>>);

impl Asked {
    /// Notes the client of this command.
    pub(crate) fn by(&self, client: &AnyClient) {
        // A command has one.
        let _ = self.0.set(client.clone());
    }

    /// Tells on the error stream what the client found out, if anything: for the profile, so that the next command need
    /// not ask.
    pub(crate) fn tell(&self, json: bool) {
        let Some(generation) = self.0.get().and_then(Generation::found_out) else { return };
        if json {
            out::remark_json(&json!({ "note": generation.text(), "generation": generation_json(&generation) }));
            return;
        }
        remark!("{CARE}note:{END} {}", escape_controls(&generation.text()));
        remark!("{KEY}next:{END} {}", escape_controls(&generation.next()));
    }
}

/// A generation that was found out, for a program.
pub(crate) fn generation_json(generation: &Generation) -> Value {
    let finding = generation.finding;
    json!({
        "dialect": generation.dialect.map(|dialect| dialect.name()),
        "dialects": finding.dialects().iter().map(|dialect| dialect.name()).collect::<Vec<_>>(),
        "sure": finding.sure().name(),
        "text": finding.to_string(),
        "profile": generation.line(),
    })
}
