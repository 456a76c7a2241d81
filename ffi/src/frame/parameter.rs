//! Parameters of exported functions, by their types.

use crate::error::ARGUMENT;
use cardwright_core::Error;

/// A parameter of an exported function, and what it is in Rust.
pub(crate) trait FromC<'call> {
    /// What it is in Rust.
    type Value;

    /// Takes the parameter.
    ///
    /// # Safety
    /// It keeps to the conventions for `'call`: see the documentation of [`frame`](crate::frame).
    unsafe fn from_c(parameter: &'call Self) -> Result<Self::Value, Error>;

    /// Whether it is `NULL`.
    fn is_none(&self) -> bool;
}

/// Takes a parameter that may be `NULL`.
///
/// # Safety
/// As [`FromC::from_c`].
pub(crate) unsafe fn nullable<'call, P: FromC<'call>>(parameter: &'call P) -> Result<Option<P::Value>, Error> {
    if parameter.is_none() {
        return Ok(None);
    }
    // SAFETY: as this function's caller promises.
    unsafe { P::from_c(parameter) }.map(Some)
}

/// A type to which parameters point. Its kind says what a pointer to it is in Rust.
pub(crate) trait Pointee: Sized + 'static {
    /// How pointers to it are checked and taken.
    type Kind: Kind<Self>;

    /// Its size, if it is a structure, of which the first member says the size.
    const SIZE: Option<u32> = None;
}

/// How pointers to a `T` are checked and taken.
pub(crate) trait Kind<T> {
    /// What a `const T *` is in Rust.
    type Const<'call>;

    /// What a `T *` is in Rust.
    type Mut<'call>;

    /// # Safety
    /// As [`FromC::from_c`].
    unsafe fn from_const<'call>(pointer: *const T) -> Result<Self::Const<'call>, Error>;

    /// # Safety
    /// As [`FromC::from_c`].
    unsafe fn from_mut<'call>(pointer: *mut T) -> Result<Self::Mut<'call>, Error>;
}

impl<'call, T: Pointee> FromC<'call> for *const T {
    type Value = <T::Kind as Kind<T>>::Const<'call>;

    unsafe fn from_c(parameter: &'call Self) -> Result<Self::Value, Error> {
        // SAFETY: as this function's caller promises.
        unsafe { T::Kind::from_const(*parameter) }
    }

    fn is_none(&self) -> bool {
        self.is_null()
    }
}

impl<'call, T: Pointee> FromC<'call> for *mut T {
    type Value = <T::Kind as Kind<T>>::Mut<'call>;

    unsafe fn from_c(parameter: &'call Self) -> Result<Self::Value, Error> {
        // SAFETY: as this function's caller promises.
        unsafe { T::Kind::from_mut(*parameter) }
    }

    fn is_none(&self) -> bool {
        self.is_null()
    }
}

/// A value of the caller's: a `const T *` is one to read, a `T *` is where one goes.
pub(crate) struct Value;

impl<T: Pointee> Kind<T> for Value {
    type Const<'call> = &'call T;
    type Mut<'call> = Place<T>;

    unsafe fn from_const<'call>(pointer: *const T) -> Result<&'call T, Error> {
        // SAFETY: as this function's caller promises; once checked, it is there.
        unsafe { check(pointer).map(|()| &*pointer) }
    }

    unsafe fn from_mut<'call>(pointer: *mut T) -> Result<Self::Mut<'call>, Error> {
        // SAFETY: as this function's caller promises.
        unsafe { check(pointer.cast_const()) }.map(|()| Place(pointer))
    }
}

/// Checks that there may be a value at a pointer, and that a structure has the size that this version knows.
///
/// # Safety
/// `pointer` is null or points to a `T`, of which the first member can be read.
unsafe fn check<T: Pointee>(pointer: *const T) -> Result<(), Error> {
    // SAFETY: not null, aligned, and a `T` with a size begins with it, as `structures!` checks.
    let right = is_valid(pointer) && T::SIZE.is_none_or(|size| unsafe { pointer.cast::<u32>().read() } == size);
    if right { Ok(()) } else { Err(ARGUMENT) }
}

/// The size of a structure, for its first member.
pub(crate) const fn size<T>() -> u32 {
    size_of::<T>() as u32
}

macro_rules! plain {
    ($($type:ty),+) => {
        $(impl $crate::frame::parameter::Pointee for $type {
            type Kind = $crate::frame::parameter::Value;
        })+
    };
}
pub(crate) use plain;

plain!(u32, u64, i64, usize);

impl<T: 'static> Pointee for *const T {
    type Kind = Value;
}

impl<T: 'static> Pointee for *mut T {
    type Kind = Value;
}

macro_rules! structures {
    ($($type:ty),+) => {$(
        impl $crate::frame::parameter::Pointee for $type {
            type Kind = $crate::frame::parameter::Value;
            const SIZE: Option<u32> = Some($crate::frame::parameter::size::<Self>());
        }
        const _: () = assert!(core::mem::offset_of!($type, struct_size) == 0, "the size comes first");
    )+};
}
pub(crate) use structures;

/// Where one value goes.
pub(crate) struct Place<T>(*mut T);

impl<T> Place<T> {
    /// Writes the value.
    pub(crate) fn put(self, value: T) {
        // SAFETY: only [`Kind::from_mut`] makes a place, of what may be written to. `T` is plain data, so what stood
        // there needs no drop.
        unsafe { self.0.write(value) }
    }
}

/// An array by pointer and length. `NULL` is allowed if the length is 0.
///
/// # Safety
/// `pointer` is null or points to `length` values that nobody changes while the slice is used.
pub(crate) unsafe fn slice<T>(pointer: &*const T, length: usize) -> Result<&[T], Error> {
    if length == 0 {
        return Ok(&[]);
    }
    let fits = length.checked_mul(size_of::<T>()).is_some_and(|size| isize::try_from(size).is_ok());
    if !is_valid(*pointer) || !fits {
        return Err(ARGUMENT);
    }
    // SAFETY: not null, aligned, no longer than memory can be, and as this function's caller promises.
    Ok(unsafe { core::slice::from_raw_parts(*pointer, length) })
}

/// Whether there may be something at a pointer.
pub(crate) fn is_valid<T>(pointer: *const T) -> bool {
    !pointer.is_null() && pointer.is_aligned()
}
