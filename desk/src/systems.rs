//! The one place of this crate that lists the systems.

use crate::advice::{self, Advice};
use crate::doctor::{Examine, certiflow, mim};
use cardwright_core::lifecycle::System;

/// What to tell about a system.
pub(crate) fn advice(system: System) -> &'static Advice {
    match system {
        System::Mim => &advice::MIM,
        System::CertiFlow => &advice::CERTIFLOW,
    }
}

/// How a system is examined.
pub(crate) fn examine(system: System) -> &'static dyn Examine {
    match system {
        System::Mim => &mim::Mim,
        System::CertiFlow => &certiflow::CertiFlow,
    }
}

/// How to name the cards of a list, where no filter names them.
#[must_use]
pub fn no_filter(system: System) -> &'static str {
    advice(system).no_filter
}

/// Why a system finds no card by its user, where it does not.
#[must_use]
pub fn refuses_user(system: System) -> Option<&'static str> {
    advice(system).refuses_user
}
