//! What the tests of the C interface share.

use cardwright_ffi::CardwrightText;

pub(crate) fn text(of: &str) -> CardwrightText {
    CardwrightText { data: of.as_ptr().cast(), length: of.len() }
}

/// A structure of the C interface with its size set and all else zero, as a C program has it.
pub(crate) fn zeroed<T>() -> T {
    let mut value = core::mem::MaybeUninit::<T>::zeroed();
    // SAFETY: each of these structures begins with its size, and all its members may be zero.
    unsafe {
        value.as_mut_ptr().cast::<u32>().write(u32::try_from(size_of::<T>()).expect("small"));
        value.assume_init()
    }
}
