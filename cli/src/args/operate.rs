//! The operations as commands, by the words of the systems that have them. Which there are and what they do, the core
//! tells.

use super::card::{Change, Revoke};
use cardwright::core::Named as _;
use cardwright::core::certiflow::RevocationReason;
use cardwright::core::lifecycle::{Operation, System};
use clap::{ArgMatches, Args as _, Command, Error, FromArgMatches, Subcommand};

/// An operation for a card.
#[derive(Debug)]
pub(crate) struct Operate {
    /// The system's word, in lower case.
    pub(crate) word: String,
    pub(crate) change: Change,
    pub(crate) reason: Option<RevocationReason>,
}

/// Each word, its operation, and the systems that have it.
fn words() -> Vec<(String, Operation, Vec<&'static str>)> {
    let mut words: Vec<(String, Operation, Vec<&str>)> = Vec::new();
    for operation in Operation::ALL {
        for system in System::ALL {
            let Some(word) = operation.native(*system).map(str::to_lowercase) else { continue };
            match words.iter_mut().find(|known| known.0 == word) {
                Some((_, _, systems)) => systems.push(system.name()),
                None => words.push((word, *operation, vec![system.name()])),
            }
        }
    }
    words
}

/// The clause that says what an operation does, as the beginning of a sentence.
fn capitalized(clause: &str) -> String {
    let (first, rest) = clause.split_at(clause.chars().next().map_or(0, char::len_utf8));
    first.to_uppercase() + rest
}

impl Subcommand for Operate {
    fn augment_subcommands(command: Command) -> Command {
        words().into_iter().fold(command, |command, (word, operation, systems)| {
            let facts = operation.facts();
            let about = format!("{} ({})", capitalized(facts.about), systems.join(", "));
            let arguments = match facts.takes_reason {
                true => Revoke::augment_args(Command::new(word)),
                false => Change::augment_args(Command::new(word)),
            };
            command.subcommand(arguments.about(about))
        })
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        words().iter().any(|(word, ..)| word == name)
    }
}

impl FromArgMatches for Operate {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let (word, matches) =
            matches.subcommand().ok_or_else(|| Error::new(clap::error::ErrorKind::MissingSubcommand))?;
        let takes_reason = words().iter().any(|(known, operation, _)| known == word && operation.facts().takes_reason);
        let Revoke { change, reason } = match takes_reason {
            true => Revoke::from_arg_matches(matches)?,
            false => Revoke { change: Change::from_arg_matches(matches)?, reason: None },
        };
        Ok(Operate { word: word.to_string(), change, reason })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
