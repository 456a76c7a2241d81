//! Structures of the caller's, which begin with their size.
//!
//! With an operating system below, a program may have been compiled when a structure had fewer members, and says so by
//! its size: members that it does not have read as zero, and are not written. On bare metal header and library are of
//! one version, and only the whole structure is accepted.

use super::parameter::{Kind, Pointee, valid};
use super::place::Place;
use crate::error::{Name, name, refused};
use cardwright_core::Error;
#[cfg(feature = "hosted")]
use core::ops::Deref;

/// A structure of the caller's, of which the first member says the size.
pub(crate) trait Structure: Pointee<Kind = Structured> {
    /// Where its members end, but for the first.
    #[cfg_attr(not(feature = "hosted"), expect(dead_code))]
    const ENDS: &'static [usize];
}

/// The kind of structures: a `const T *` is [`Given`], a `T *` is where one goes.
pub(crate) struct Structured;

impl<T: Structure> Kind<T> for Structured {
    type Const<'call> = Given<'call, T>;
    type Mut<'call> = Place<T>;

    unsafe fn from_const<'call>(pointer: *const T, name: Name) -> Result<Given<'call, T>, Error> {
        // SAFETY: as this function's caller promises.
        unsafe { check(pointer, name).map(|size| given(pointer, size)) }
    }

    unsafe fn from_mut<'call>(pointer: *mut T, name: Name) -> Result<Self::Mut<'call>, Error> {
        // SAFETY: as this function's caller promises.
        unsafe { check(pointer.cast_const(), name).map(|size| Place::new(pointer, size)) }
    }
}

/// The size of the structure at a pointer, if some version has had it.
///
/// # Safety
/// `pointer` is null or points to a structure, of which the first member can be read.
unsafe fn check<T: Structure>(pointer: *const T, name: Name) -> Result<usize, Error> {
    valid(pointer, name)?;
    // SAFETY: not null, aligned, and a structure begins with its size, as `structures!` checks.
    let size = unsafe { pointer.cast::<u32>().read() } as usize;
    if size == size_of::<T>() {
        // A constant: nothing else has to be looked at later.
        return Ok(size_of::<T>());
    }
    #[cfg(feature = "hosted")]
    if is_earlier_size::<T>(size) {
        return Ok(size);
    }
    Err(refused(name!(struct_size), "not the size of the structure in any version: set it to sizeof"))
}

/// Whether a structure had this size in some version: it ends with a member, and padding.
#[cfg(feature = "hosted")]
#[cold]
#[inline(never)]
fn is_earlier_size<T: Structure>(size: usize) -> bool {
    let ends = |end: &usize| [4, align_of::<T>()].iter().any(|align| end.next_multiple_of(*align) == size);
    T::ENDS.iter().any(ends)
}

/// A structure that the caller has filled in.
#[cfg(feature = "hosted")]
pub(crate) enum Given<'call, T> {
    /// The caller's own.
    Whole(&'call T),
    /// A copy of an earlier version's, with zeros in place of what it lacks.
    Earlier(T),
}

#[cfg(feature = "hosted")]
impl<T> Deref for Given<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self {
            Given::Whole(structure) => structure,
            Given::Earlier(structure) => structure,
        }
    }
}

/// A structure that the caller has filled in.
#[cfg(not(feature = "hosted"))]
pub(crate) type Given<'call, T> = &'call T;

/// # Safety
/// `pointer` points to as many bytes of a structure, which stay as they are for `'call`.
#[cfg(feature = "hosted")]
unsafe fn given<'call, T: Structure>(pointer: *const T, size: usize) -> Given<'call, T> {
    if size == size_of::<T>() {
        // SAFETY: it is whole, and as this function's caller promises.
        return Given::Whole(unsafe { &*pointer });
    }
    let mut whole = core::mem::MaybeUninit::<T>::zeroed();
    // SAFETY: it has fewer bytes than the whole, and is another place. Members are numbers, pointers and functions that
    // may be null: any bytes of the caller's are values of these, and so are zeros.
    unsafe {
        core::ptr::copy_nonoverlapping(pointer.cast::<u8>(), whole.as_mut_ptr().cast(), size);
        Given::Earlier(whole.assume_init())
    }
}

/// # Safety
/// `pointer` points to a structure, which stays as it is for `'call`.
#[cfg(not(feature = "hosted"))]
unsafe fn given<'call, T: Structure>(pointer: *const T, _: usize) -> &'call T {
    // SAFETY: as this function's caller promises.
    unsafe { &*pointer }
}

/// The size of a structure, for its first member.
pub(crate) const fn size<T>() -> u32 {
    size_of::<T>() as u32
}

/// Where a member ends.
pub(crate) const fn end<S, M>(offset: usize, _: fn(&S) -> *const M) -> usize {
    offset + size_of::<M>()
}

/// Structures with all their members in order, but for the size, which comes first.
macro_rules! structures {
    ($($type:ident { $($member:ident),+ $(,)? })+) => {$(
        impl $crate::frame::parameter::Pointee for $type {
            type Kind = $crate::frame::structure::Structured;
        }

        impl $crate::frame::structure::Structure for $type {
            const ENDS: &'static [usize] = &[$(
                $crate::frame::structure::end(core::mem::offset_of!($type, $member), |it: &$type| &raw const it.$member)
            ),+];
        }

        const _: () = {
            assert!(core::mem::offset_of!($type, struct_size) == 0, "the size comes first");
            // This does not compile if a member is left out.
            let _: fn(&$type) = |$type { struct_size: _, $($member: _),+ }| ();
        };
    )+};
}
pub(crate) use structures;

#[cfg(all(test, feature = "hosted"))]
mod tests {
    use crate::frame::parameter::FromC;

    #[repr(C)]
    #[derive(Debug, Clone, Copy, PartialEq)]
    struct Grown {
        struct_size: u32,
        small: u8,
        next: u32,
        text: [usize; 2],
        last: u32,
    }

    structures!(Grown { small, next, text, last });

    #[test]
    fn a_structure_of_an_earlier_version_is_read_and_written_as_far_as_it_goes() {
        let (word, whole) = (size_of::<usize>(), size_of::<Grown>());
        let text = core::mem::offset_of!(Grown, text);
        let known = [8, 12, text, text + 2 * word, text + 2 * word + 4, whole];
        for size in 0..=whole as u32 + 64 {
            let mut theirs = Grown { struct_size: size, small: 1, next: 2, text: [3, 4], last: 5 };
            let pointer = &raw mut theirs;
            // SAFETY: it is ours, and whole.
            let (given, place) = unsafe {
                let given = FromC::from_c(&pointer.cast_const(), "given").map(|given| *given);
                (given, FromC::from_c(&pointer, "given"))
            };
            if !known.contains(&(size as usize)) {
                assert_eq!(given.map_err(|error| error.what), Err("struct_size"), "{size}");
                assert!(place.is_err(), "{size}");
                continue;
            }
            let has = |end: usize, value: usize| if size as usize >= end { value } else { 0 };
            let read = given.expect("a size of some version");
            assert_eq!((read.small, read.next), (1, has(12, 2) as u32), "{size}");
            assert_eq!(read.text, [has(text + 2 * word, 3), has(text + 2 * word, 4)], "{size}");
            assert_eq!(read.last, has(text + 2 * word + 4, 5) as u32, "{size}");
            let value = Grown { struct_size: whole as u32, small: 11, next: 12, text: [13, 14], last: 15 };
            place.expect("the same").put(value);
            // Its own size stays, and nothing is written behind it.
            assert_eq!((theirs.struct_size, theirs.small), (size, 11));
            assert_eq!(theirs.next, if size >= 12 { 12 } else { 2 }, "{size}");
            assert_eq!(theirs.last, if size as usize >= text + 2 * word + 4 { 15 } else { 5 }, "{size}");
        }
    }
}
