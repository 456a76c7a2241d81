//! `completions`: what a shell needs to complete this command's words.

use crate::args::{Arguments, Completions, Shell};
use crate::failure::{Done, Exit};
use crate::out;
use clap::CommandFactory as _;
use std::io::Write as _;

pub(crate) fn completions(given: &Completions) -> Done {
    let shell = match given.shell {
        Shell::Bash => clap_complete::Shell::Bash,
        Shell::Zsh => clap_complete::Shell::Zsh,
        Shell::Fish => clap_complete::Shell::Fish,
        Shell::Power => clap_complete::Shell::PowerShell,
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "cardwright", &mut script);
    out::data().write_all(&script)?;
    Ok(Exit::Done)
}
