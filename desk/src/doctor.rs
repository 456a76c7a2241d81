//! Examines a server without changing anything, and reports what is wrong.
//!
//! It sends GETs alone, to the server that is meant. Each check says what was looked at, what was seen, and
//! the next step where there is one. A check that needs an earlier one is left out where that one failed.

mod answer;
mod api;
mod base;
pub(crate) mod certiflow;
mod clock;
pub(crate) mod mim;
mod network;
mod report;
mod sign_in;
mod system;
mod tls;
mod token;

pub use report::{Check, Level, Report};
pub(crate) use system::Examine;

use crate::failure::Failure;
use crate::target::Target;
use answer::Asker;
use cardwright_client::Credentials;
use report::Checks;

/// Examines a server. `report` is called with each check as soon as it is made.
///
/// # Errors
/// Where a setting cannot be used.
pub fn examine(target: &Target, report: &mut dyn FnMut(&Check)) -> Result<Report, Failure> {
    let mut checks = Checks { announce: report, report: Report::default() };
    let anonymous = Asker::new(target, &target.url, Credentials::Anonymous)?;
    if let Some(answer) = network::look(&mut checks, target, &anonymous) {
        api::look(&mut checks, target, &anonymous, &answer)?;
    }
    Ok(checks.report)
}
