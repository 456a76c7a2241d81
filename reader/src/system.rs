//! The calls to PC/SC that more than one module makes, each guarded.
//!
//! The bindings panic on numbers that they do not know, where they are compiled with debug
//! assertions. No such panic leaves this crate: [`guard`] makes it an error.

use crate::error::Error;
use pcsc::{Context, ReaderState, Scope, State};
use std::ffi::CString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

/// Makes a call, and an error of a panic.
pub(crate) fn guard<T>(call: impl FnOnce() -> Result<T, pcsc::Error>) -> Result<T, pcsc::Error> {
    // What the closure holds is a handle and buffers, neither of which a panic leaves half-made.
    catch_unwind(AssertUnwindSafe(call)).unwrap_or(Err(pcsc::Error::UnknownError))
}

pub(crate) fn establish() -> Result<Context, pcsc::Error> {
    guard(|| Context::establish(Scope::User))
}

/// The names of the readers, in the system's order.
pub(crate) fn names(context: &Context) -> Result<Vec<CString>, pcsc::Error> {
    guard(|| context.list_readers_owned())
}

/// A name as PC/SC takes it.
pub(crate) fn name(reader: &str) -> Result<CString, Error> {
    // No reader has a NUL in its name.
    CString::new(reader).map_err(|_| Error::new(cardwright_core::Code::NoReader, reader))
}

/// What is the state of these readers now? Does not wait.
pub(crate) fn states(context: &Context, names: Vec<CString>) -> Result<Vec<ReaderState>, pcsc::Error> {
    let mut states: Vec<ReaderState> = names.into_iter().map(|name| ReaderState::new(name, State::UNAWARE)).collect();
    if !states.is_empty() {
        guard(|| context.get_status_change(Duration::ZERO, &mut states))?;
    }
    Ok(states)
}

/// The ATR in a state, as it came; empty where there is no card or it is mute.
pub(crate) fn atr(state: &ReaderState) -> Vec<u8> {
    guard(|| Ok(state.atr().to_vec())).unwrap_or_default()
}

/// How often a card came or went, where the system counts it: it counts to 65,535 and starts again.
pub(crate) fn count(state: &ReaderState) -> u16 {
    u16::try_from(state.event_count()).unwrap_or(0)
}
