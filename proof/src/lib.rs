//! What is linked to prove that the core cannot panic, and to measure what it takes in flash.
//!
//! The panic handler calls a function that nobody defines. Whatever panic the optimiser could not
//! rule out keeps that call, and what reaches it cannot be linked. `cargo xtask proof` links the
//! roots in `functions.rs`, one for each public function of the core, and the programs in
//! `programs.rs`, which it measures. The functions of the C library are roots as they are, and an
//! allocator that calls a function that nobody defines finds those that allocate.

#![no_std]

#[cfg(feature = "c")]
mod allocator;
#[cfg(all(feature = "count", target_os = "none"))]
mod count;
#[cfg(feature = "functions")]
mod functions;
#[cfg(any(feature = "functions", feature = "programs", feature = "c"))]
mod outside;
#[cfg(any(feature = "functions", feature = "c"))]
mod planted;
#[cfg(feature = "programs")]
mod programs;
#[cfg(feature = "functions")]
mod unknown;

#[cfg(feature = "c")]
use cardwright_ffi as _;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    unsafe extern "C" {
        safe fn a_panic_is_reachable() -> !;
    }
    a_panic_is_reachable()
}
