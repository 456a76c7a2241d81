//! Ctrl-C, and the signal that asks a service to end.

use crate::failure::{Failure, Kind};
use std::sync::mpsc::{Receiver, channel};

/// Runs `act` on a request to stop, instead of ending, from now on.
pub(crate) fn on_interrupt(act: impl FnMut() + Send + 'static) -> Result<(), Failure> {
    ctrlc::set_handler(act).map_err(|e| Failure::new(Kind::Failed, format!("cannot wait for Ctrl-C: {e}")))
}

/// Receives a message for each request to stop, from now on.
pub(crate) fn interrupts() -> Result<Receiver<()>, Failure> {
    let (stop, stopped) = channel();
    on_interrupt(move || {
        // A second signal finds nobody waiting, which is fine.
        let _ = stop.send(());
    })?;
    Ok(stopped)
}

/// What a service is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Request {
    /// End.
    Stop,
    /// Read certificates and keys again: SIGHUP, which a terminal sends too when it goes away.
    Reload,
}

/// Receives the requests to a service, from now on.
#[cfg(unix)]
pub(crate) fn requests() -> Result<Receiver<Request>, Failure> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM])
        .map_err(|e| Failure::new(Kind::Failed, format!("cannot wait for signals: {e}")))?;
    let (asked, requests) = channel();
    std::thread::spawn(move || {
        for signal in signals.forever() {
            let request = if signal == SIGHUP { Request::Reload } else { Request::Stop };
            // Nobody listens any more once it stops.
            let _ = asked.send(request);
        }
    });
    Ok(requests)
}

/// Receives the requests to a service, from now on.
#[cfg(not(unix))]
pub(crate) fn requests() -> Result<Receiver<Request>, Failure> {
    let (asked, requests) = channel();
    on_interrupt(move || {
        let _ = asked.send(Request::Stop);
    })?;
    Ok(requests)
}
