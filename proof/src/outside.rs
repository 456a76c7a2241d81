//! Where values come from and go to, so that the optimiser knows nothing of them.

use core::ffi::c_void;
use core::mem::MaybeUninit;

/// A value from outside: any that its type can have, also one that no constructor makes.
#[inline(always)]
pub(crate) fn any<T>() -> T {
    unsafe extern "C" {
        fn from_outside(place: *mut c_void);
    }
    let mut place = MaybeUninit::<T>::uninit();
    // SAFETY: nothing runs this. It is linked, and the linker asks only which functions it reaches.
    // Whoever defined `from_outside` would have to put a `T` there.
    unsafe {
        from_outside(place.as_mut_ptr().cast());
        place.assume_init()
    }
}

/// Gives a value away, so that nothing of it can be left out.
#[inline(always)]
pub(crate) fn give<T>(value: T) {
    unsafe extern "C" {
        safe fn to_outside(value: *const c_void);
    }
    to_outside((&raw const value).cast());
}

/// Gives away every item.
#[cfg(any(feature = "functions", feature = "programs"))]
pub(crate) fn give_each(items: impl Iterator) {
    items.for_each(give);
}

/// Makes roots: functions that are linked under a name, and do what stands behind it.
macro_rules! roots {
    ($($name:literal => $does:expr,)*) => {$(
        const _: () = {
            #[unsafe(export_name = $name)]
            #[allow(clippy::unit_arg, reason = "what returns nothing is called like the others")]
            extern "C" fn root() {
                $does
            }
        };
    )*};
}
pub(crate) use roots;
