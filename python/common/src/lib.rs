//! What the extension modules of the Python packages have in common.
//!
//! [`wait`] releases the interpreter, [`logging`] tells what happens meanwhile, [`Failure`] makes exceptions of `cardwright.errors`, [`members`] finds
//! members of the enumerations of `cardwright`, [`value!`] makes classes of small values.

#![forbid(unsafe_code)]

mod failure;
mod hint;
pub mod logging;
mod main_thread;
pub mod members;
mod value;
pub mod wait;

pub use failure::Failure;
pub use value::shown;
