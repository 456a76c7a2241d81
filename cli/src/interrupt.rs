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
