//! The C library: what `include/cardwright.h` declares. The header is generated from here.
//!
//! Every wrong argument that can be recognised comes back as a code: null pointers, sizes of structures, numbers out
//! of range, text that is not UTF-8, buffers that are too small. Outputs are written on success only. What cannot be
//! recognised, such as a dangling pointer, is the caller's responsibility; the page of conventions on top of the
//! header says so once for all functions, which is why none of them has a section on safety of its own. How functions
//! are built, and why that is sound, is in `frame`.
//!
//! Without the features `client` and `reader` there is no heap and no operating system below, and no state. With them
//! a panic ends at the boundary, as
//! [`Code::Internal`](cardwright_core::Code::Internal).

#![cfg_attr(not(feature = "hosted"), no_std)]
#![cfg_attr(
    not(feature = "hosted"),
    allow(
        clippy::needless_borrow,
        clippy::needless_option_as_deref,
        reason = "a structure is a reference there, and may be a copy elsewhere"
    )
)]

#[cfg(not(any(feature = "certiflow", feature = "mim")))]
compile_error!("the library has a system or both: features `certiflow` and `mim`");

mod atr;
mod call;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "hosted")]
mod detail;
#[cfg(feature = "hosted")]
mod earlier;
mod enumeration;
mod error;
mod frame;
#[cfg(feature = "hosted")]
mod hosted;
mod http;
mod identity;
mod items;
mod lifecycle;
mod list;
mod moment;
mod names;
mod number;
#[cfg(feature = "certiflow")]
mod probe;
#[cfg(feature = "reader")]
mod reader;
mod serial;
mod storage;
mod text;
mod view;

pub use atr::*;
pub use call::*;
#[cfg(feature = "client")]
pub use client::*;
#[cfg(feature = "hosted")]
pub use earlier::*;
pub use enumeration::CardwrightEnumeration;
pub use error::CardwrightError;
#[cfg(feature = "hosted")]
pub use hosted::{CardwrightLog, CardwrightLogLevel, CardwrightLogRecord, cardwright_last_error, cardwright_log_set};
pub use http::*;
pub use identity::*;
pub use items::*;
pub use lifecycle::*;
pub use list::*;
pub use moment::*;
pub use names::*;
pub use number::*;
#[cfg(feature = "certiflow")]
pub use probe::*;
#[cfg(feature = "reader")]
pub use reader::*;
pub use serial::*;
pub use text::{CardwrightText, cardwright_text};
pub use view::*;

#[cfg(all(feature = "panic-handler", not(feature = "hosted"), not(test)))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {
        core::hint::spin_loop();
    }
}
