//! The calls to PC/SC that several modules make, each guarded.
//!
//! Compiled with debug assertions, the bindings panic on numbers that they do not know. No such panic
//! leaves this crate: [`guard`] turns it into an error.

use crate::error::Error;
use pcsc::{Context, ReaderState, Scope, State};
use std::ffi::CString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

/// Makes a call, and turns a panic into an error.
pub(crate) fn guard<T>(call: impl FnOnce() -> Result<T, pcsc::Error>) -> Result<T, pcsc::Error> {
    // The closure holds a handle and buffers, which stay valid after a panic.
    catch_unwind(AssertUnwindSafe(call)).unwrap_or(Err(pcsc::Error::UnknownError))
}

pub(crate) fn establish() -> Result<Context, pcsc::Error> {
    guard(|| Context::establish(Scope::User))
}

/// The names of the readers, in the system's order.
pub(crate) fn names(context: &Context) -> Result<Vec<CString>, pcsc::Error> {
    guard(|| context.list_readers_owned())
}

/// A reader's name as a C string.
pub(crate) fn name(reader: &str) -> Result<CString, Error> {
    // No reader has a NUL in its name.
    CString::new(reader).map_err(|_| Error::new(cardwright_core::Code::NoReader, reader))
}

/// The present state of these readers; does not wait.
pub(crate) fn states(context: &Context, names: Vec<CString>) -> Result<Vec<ReaderState>, pcsc::Error> {
    let mut states: Vec<ReaderState> = names.into_iter().map(|name| ReaderState::new(name, State::UNAWARE)).collect();
    if !states.is_empty() {
        guard(|| context.get_status_change(Duration::ZERO, &mut states))?;
    }
    Ok(states)
}

/// The ATR in a state, unchecked; empty without a card or with a mute one.
pub(crate) fn atr(state: &ReaderState) -> Vec<u8> {
    guard(|| Ok(state.atr().to_vec())).unwrap_or_default()
}

/// The number of insertions and removals, where the system counts them; it wraps around after 65,535.
pub(crate) fn count(state: &ReaderState) -> u16 {
    u16::try_from(state.event_count()).unwrap_or(0)
}
