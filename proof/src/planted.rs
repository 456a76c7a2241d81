//! A function that can panic. The check must find it.

use crate::outside::{any, give, roots};

#[inline(never)]
fn at(bytes: &[u8], place: usize) -> u8 {
    bytes[place]
}

roots! {
    "planted::at" => give(at(any(), any())),
}
