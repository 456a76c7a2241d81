//! A function that can panic, and one that allocates. The checks must find them.

use crate::outside::{any, give, roots};

#[inline(never)]
fn at(bytes: &[u8], place: usize) -> u8 {
    bytes[place]
}

roots! {
    "planted::at" => give(at(any(), any())),
}

#[cfg(feature = "c")]
mod allocates {
    extern crate alloc;

    use super::*;
    use alloc::alloc::Layout;

    roots! {
        // SAFETY: nothing runs this.
        "planted::allocates" => give(unsafe { alloc::alloc::alloc(any::<Layout>()) }),
    }
}
