//! What to say to a person about a system: what it lacks, and what was perhaps meant.

mod certiflow;
mod mim;

use cardwright_core::lifecycle::System;

/// What to say about one system.
pub(crate) trait Advice {
    /// Why the system takes no revocation reason, where it takes none.
    fn refuses_reason(&self) -> Option<&'static str> {
        None
    }

    /// Why the system finds no card by its user, where it does not.
    fn refuses_user(&self) -> Option<&'static str> {
        None
    }

    /// What was perhaps meant by a word that the system does not have.
    fn instead_of(&self, word: &str) -> Option<&'static str>;

    /// How to name the cards of a list, where nothing names them.
    fn no_filter(&self) -> &'static str;

    /// What the base of the API looks like.
    fn base(&self) -> &'static str;
}

/// What to say about a system.
pub(crate) fn advice(system: System) -> &'static dyn Advice {
    match system {
        System::Mim => &mim::Mim,
        System::CertiFlow => &certiflow::CertiFlow,
    }
}

/// How to name the cards of a list, where no filter names them.
pub fn no_filter(system: System) -> &'static str {
    advice(system).no_filter()
}

/// Why a system finds no card by its user, where it does not.
pub fn refuses_user(system: System) -> Option<&'static str> {
    advice(system).refuses_user()
}
