//! A running server as a service: it stops when asked to, reads certificates and keys again on SIGHUP, and tells systemd
//! how it is.
//!
//! sd_notify(3): READY once it listens, RELOADING and READY around a reload, STOPPING, and WATCHDOG only while the
//! server's own threads get to their work.

use crate::failure::Failure;
use crate::interrupt::Request;
use crate::style::escape_controls;
use cardwright_server::{Running, Tls};
use std::io::{IsTerminal as _, Write as _, stdin};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// Reads the certificate again, where it is in a file.
type Certificate<'c> = dyn Fn() -> Result<Option<Tls>, Failure> + Sync + 'c;

/// Runs until it is asked to stop.
pub(super) fn run(running: &Running, certificate: &Certificate<'_>, requests: &Receiver<Request>) {
    let in_terminal = stdin().is_terminal();
    let mut watchdog = systemd::watchdog().map(|pulse| (pulse, Instant::now() + pulse));
    systemd::ready();
    // An issuer may take its time, and the watchdog does not wait.
    std::thread::scope(|scope| {
        loop {
            match next(requests, &mut watchdog) {
                // A terminal that is gone sent the signal itself.
                Next::Asked(Request::Reload) if !in_terminal || stdin().is_terminal() => {
                    scope.spawn(|| reload(running, certificate));
                }
                Next::Asked(_) | Next::Gone => break,
                Next::Pulse(within) => {
                    if running.is_alive(within) {
                        systemd::alive();
                    }
                }
            }
        }
        systemd::stopping();
    });
}

/// What comes next.
enum Next {
    Asked(Request),
    /// The watchdog wants a sign of life, for which the server has this long.
    Pulse(Duration),
    Gone,
}

/// Waits for a request, or until the watchdog's next pulse is due.
fn next(requests: &Receiver<Request>, watchdog: &mut Option<(Duration, Instant)>) -> Next {
    let Some((pulse, due)) = watchdog else {
        return requests.recv().map_or(Next::Gone, Next::Asked);
    };
    match requests.recv_timeout(due.saturating_duration_since(Instant::now())) {
        Ok(request) => Next::Asked(request),
        Err(RecvTimeoutError::Disconnected) => Next::Gone,
        Err(RecvTimeoutError::Timeout) => {
            *due = Instant::now() + *pulse;
            Next::Pulse(*pulse / 2)
        }
    }
}

/// Reads certificate and keys again. What cannot be read stays as it was.
fn reload(running: &Running, certificate: &Certificate<'_>) {
    systemd::reloading();
    let certificate = certificate().map_err(|failure| failure.to_string());
    let replaced = certificate.and_then(|tls| match tls {
        Some(tls) => running.replace_certificate(&tls).map(|()| true).map_err(|error| error.to_string()),
        None => Ok(false),
    });
    let keys = running.reload_bearer_keys().map_err(|error| error.to_string());
    let mut is_any = false;
    for (what, outcome) in [("certificate", replaced), ("issuer's keys", keys)] {
        match outcome {
            Ok(false) => continue,
            Ok(true) => say(&format!("reload: the {what}: read again")),
            Err(why) => say(&format!("reload: the {what}: the old one stays: {why}")),
        }
        is_any = true;
    }
    if !is_any {
        say("reload: neither a certificate nor an issuer's keys to read again");
    }
    systemd::ready();
}

/// A line for the operator. Where nobody can read it any more, the server runs on.
fn say(line: &str) {
    let _ = writeln!(anstream::stderr(), "{}", escape_controls(line));
}

/// What systemd is told. Without it, nothing is sent.
#[cfg(unix)]
mod systemd {
    use sd_notify::NotifyState::{self, MonotonicUsec, Ready, Reloading, Stopping, Watchdog};
    use std::time::Duration;

    /// How often it wants a sign of life: twice in its limit.
    pub(super) fn watchdog() -> Option<Duration> {
        sd_notify::watchdog_enabled().map(|limit| limit / 2).filter(|pulse| !pulse.is_zero())
    }

    pub(super) fn ready() {
        send(&[Ready]);
    }

    pub(super) fn alive() {
        send(&[Watchdog]);
    }

    pub(super) fn stopping() {
        send(&[Stopping]);
    }

    pub(super) fn reloading() {
        match NotifyState::monotonic_usec_now() {
            Ok(MonotonicUsec(now)) => send(&[Reloading, MonotonicUsec(now)]),
            _ => send(&[Reloading]),
        }
    }

    fn send(state: &[NotifyState<'_>]) {
        // The server runs whether or not it is heard.
        let _ = sd_notify::notify(state);
    }
}

#[cfg(not(unix))]
mod systemd {
    pub(super) const fn watchdog() -> Option<std::time::Duration> {
        None
    }

    pub(super) const fn ready() {}
    pub(super) const fn alive() {}
    pub(super) const fn stopping() {}
    pub(super) const fn reloading() {}
}
