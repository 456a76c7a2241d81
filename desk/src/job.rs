//! From a word to an operation for a card of a system.

use crate::failure::Failure;
use crate::systems::advice;
use cardwright_client::Job;
use cardwright_core::Named as _;
use cardwright_core::certiflow::RevocationReason;
use cardwright_core::lifecycle::{Operation, System};

/// The operation that a system calls so.
///
/// # Errors
/// Where it has no such word: the words that it has, and what was perhaps meant.
pub fn operation(system: System, word: &str) -> Result<Operation, Failure> {
    Operation::from_native(system, word).map_err(|_| {
        let words: Vec<&str> = Operation::of(system).filter_map(|operation| operation.native(system)).collect();
        let message = format!("{} has no operation {word}; it has {}", system.name(), words.join(", "));
        let failure = Failure::usage(message);
        match advice(system).instead_of.iter().find(|(wrong, _)| *wrong == word) {
            Some((_, hint)) => failure.hint(*hint),
            None => failure,
        }
    })
}

/// What is to be done to a card, checked before a server is asked.
///
/// # Errors
/// As [`operation`]; a reason that is missing; a reason or a comment that the system or the operation does not take.
pub fn job(system: System, word: &str, reason: Option<RevocationReason>, comment: &str) -> Result<Job, Failure> {
    let operation = operation(system, word)?;
    let facts = operation.facts();
    if let Some(why) = advice(system).refuses_comment.filter(|_| !comment.is_empty()) {
        return Err(Failure::usage(why).hint("leave the comment out; why a card is revoked is said by --reason"));
    }
    match (advice(system).refuses_reason, reason) {
        (Some(why), Some(_)) => Err(Failure::usage(why).hint("say why in --comment")),
        (None, None) if facts.takes_reason => {
            let names: Vec<&str> = RevocationReason::ALL.iter().map(|reason| reason.name()).collect();
            Err(Failure::usage(format!("{} needs a reason", facts.name))
                .hint(format!("--reason with one of {}", names.join(", "))))
        }
        (None, Some(_)) if !facts.takes_reason => {
            Err(Failure::usage(format!("{} takes no reason", facts.name)).hint("leave --reason out"))
        }
        _ => Ok(Job { operation, reason, comment: comment.into() }),
    }
}
