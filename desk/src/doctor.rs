//! Examines a server without changing anything, and reports what is wrong.
//!
//! It sends GETs alone, to the server that is meant. Each check says what was looked at, what was seen, and
//! the next step where there is one, in the words of the command's options. A check that needs an earlier one is left
//! out where that one failed. An examination ends within [`Target::time_limit`], or five minutes.

mod answer;
mod api;
mod base;
pub(crate) mod certiflow;
mod clock;
mod limit;
pub(crate) mod mim;
mod network;
mod report;
mod sign_in;
mod system;
mod tls;
mod token;

pub(crate) use limit::Limit;
pub use report::{Check, Level, Report};
pub(crate) use system::Examine;

use crate::failure::{Failure, Kind};
use crate::target::Target;
use answer::Asker;
use cardwright_client::{Canceler, Credentials};
use report::Checks;

/// Examines a server. `report` is called with each check as soon as it is made.
///
/// ```
/// use cardwright::doctor::{Level, examine};
/// use cardwright::{Credentials, Setup, System, Target};
/// # use cardwright_server::TestServer;
///
/// # let server = TestServer::start()?;
/// # let base = server.certiflow_url();
/// let credentials = Credentials::basic(TestServer::USER, TestServer::PASSWORD);
/// let target = Target::of(System::CertiFlow, None, Setup { credentials, ..Setup::new(base) });
/// let report = examine(&target, &mut |check| println!("{} {}: {}", check.level.name(), check.name, check.seen))?;
/// assert_eq!((report.count(Level::Fail), report.failed()), (0, None));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Where a setting cannot be used.
pub fn examine(target: &Target, report: &mut dyn FnMut(&Check)) -> Result<Report, Failure> {
    let limit = Limit::new(target.time_limit.unwrap_or(limit::USUAL), target.canceler.clone());
    let target = &target.within(limit.clone());
    let mut checks = Checks { announce: report, report: Report::default() };
    limit.over(|| -> Result<(), Failure> {
        let anonymous = Asker::new(target, &target.url, Credentials::Anonymous)?;
        match network::look(&mut checks, target, &anonymous) {
            Some(answer) => api::look(&mut checks, target, &anonymous, &answer),
            None => Ok(()),
        }
    })?;
    if target.canceler.as_ref().is_some_and(Canceler::is_canceled) {
        let seen = "it was canceled: what follows was not looked at";
        checks.fail("time", Kind::NoConnection, seen, "examine it again");
    } else if let Some(passed) = limit.passed() {
        let seen = format!("the limit of {} s has passed: what follows was not looked at", passed.as_secs_f64());
        checks.fail("time", Kind::NoConnection, seen, "give --time-limit more seconds, or look at what was slow above");
    }
    Ok(checks.report)
}
