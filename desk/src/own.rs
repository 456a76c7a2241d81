//! The use cases of the own API of `cardwright serve`: following the audit log, and what a request still waits for.

use crate::failure::{Failure, Kind};
use cardwright_client::{AnyClient, AsSent, AuditFilter, AuditRow, OwnServer, WaitingFilter};
use cardwright_core::Code;
use std::collections::HashMap;
use std::time::Duration;

/// How many rows are asked for at once.
const PAGE: u32 = 500;

/// What somebody who follows the audit log is told.
#[derive(Debug)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Followed<'f> {
    /// A row.
    Row(&'f AsSent<AuditRow>),
    /// The server does not answer; it will be asked again.
    Lost(&'f Failure),
    /// It answers again. No row was missed.
    Back,
}

/// Tells `see` the rows of the audit log that there are, and those that come, until `wait` returns `false`. `wait` is
/// called between two looks with how long to wait.
///
/// # Errors
/// Where the first look fails, what will not pass by itself, such as a refused account, and what `see` returns.
pub fn follow(
    server: &OwnServer,
    mut filter: AuditFilter,
    every: Duration,
    wait: &mut dyn FnMut(Duration) -> bool,
    see: &mut dyn FnMut(Followed<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let (mut begun, mut lost) = (false, false);
    loop {
        let page = match server.audit(&filter, PAGE) {
            Ok(page) => page,
            Err(error) if error.code() == Code::Canceled => return Ok(()),
            Err(error) if begun && passes(error.code()) => {
                if !lost {
                    see(Followed::Lost(&error.into()))?;
                }
                lost = true;
                if !wait(every) {
                    return Ok(());
                }
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        if lost {
            see(Followed::Back)?;
        }
        (begun, lost) = (true, false);
        for row in &page.rows {
            see(Followed::Row(row))?;
        }
        filter.after = page.next;
        let is_full = page.rows.len() >= PAGE as usize;
        if !wait(if is_full { Duration::ZERO } else { every }) {
            return Ok(());
        }
    }
}

/// Whether a failure may pass by itself: a server that is started again, a network that comes back.
fn passes(code: Code) -> bool {
    matches!(code, Code::Unreachable | Code::Timeout | Code::Broken | Code::Busy | Code::ServerFailed)
}

/// That an account is there already.
#[must_use]
pub fn account_exists(name: &str) -> Failure {
    Failure::new(Kind::Refused, format!("there is an account {name} already"))
        .hint("account role, password, enable and disable change it")
}

/// How many have approved each request that has not ended, and how many must, by the request's id in small letters; empty
/// where the server has no API of its own, or does not tell this account.
#[must_use]
pub fn approvals(client: &AnyClient) -> HashMap<String, (u32, u32)> {
    let waiting = client.own_server().and_then(|server| server.requests(&WaitingFilter::default()));
    let waiting = waiting.unwrap_or_default().into_iter();
    waiting.map(|one| (one.request.to_ascii_lowercase(), (one.approvals, one.needed))).collect()
}
