//! How a function becomes a root: something that is linked alone, to see whether it can panic.
//!
//! The panic handler calls a function that nobody defines. Whatever panic the optimiser could not
//! rule out keeps that call, and the root cannot be linked. The roots stand in the files beside this
//! one; `cargo xtask proof` links them.

#![no_std]

/// Makes roots of functions from bytes to a number.
///
/// The bytes are whatever comes from outside. The number must depend on everything that the root
/// computes: what nobody looks at, the optimiser takes away, together with its panics.
///
/// ```text
/// root! {
///     /// Whether this ends, and how long it is.
///     fn root_name(input: &[u8]) -> usize { input.len() }
/// }
/// ```
macro_rules! root {
    ($($(#[$attribute:meta])* fn $name:ident($input:ident: &[u8]) -> usize $body:block)*) => {$(
        $(#[$attribute])*
        #[unsafe(no_mangle)]
        pub extern "C" fn $name(data: *const u8, length: usize) -> usize {
            fn body($input: &[u8]) -> usize $body
            // SAFETY: nothing runs this. It is linked and measured, and the linker asks only which
            // functions it reaches. A caller would have to pass `length` readable bytes at `data`.
            body(unsafe { core::slice::from_raw_parts(data, length) })
        }
    )*};
}

mod calls;
mod cards;
mod json;
mod roots;
mod show;
mod sink;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    unsafe extern "C" {
        safe fn a_panic_is_reachable() -> !;
    }
    a_panic_is_reachable()
}
