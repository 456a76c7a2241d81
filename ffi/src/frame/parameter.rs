//! Parameters of exported functions, by their types.

use super::place::Place;
use crate::error::{Name, refused};
use cardwright_core::Error;

/// A parameter of an exported function, and what it is in Rust.
pub(crate) trait FromC<'call> {
    /// What it is in Rust.
    type Value;

    /// Takes the parameter, which is called `name`.
    ///
    /// # Safety
    /// It keeps to the conventions for `'call`: see the documentation of [`frame`](crate::frame).
    unsafe fn from_c(parameter: &'call Self, name: Name) -> Result<Self::Value, Error>;

    /// Whether it is `NULL`.
    fn is_none(&self) -> bool;
}

/// Takes a parameter that may be `NULL`.
///
/// # Safety
/// As [`FromC::from_c`].
pub(crate) unsafe fn nullable<'call, P: FromC<'call>>(
    parameter: &'call P, name: Name,
) -> Result<Option<P::Value>, Error> {
    if parameter.is_none() {
        return Ok(None);
    }
    // SAFETY: as this function's caller promises.
    unsafe { P::from_c(parameter, name) }.map(Some)
}

/// A type to which parameters point. Its kind says what a pointer to it is in Rust.
pub(crate) trait Pointee: Sized + 'static {
    /// How pointers to it are checked and taken.
    type Kind: Kind<Self>;
}

/// How pointers to a `T` are checked and taken.
pub(crate) trait Kind<T> {
    /// What a `const T *` is in Rust.
    type Const<'call>;

    /// What a `T *` is in Rust.
    type Mut<'call>;

    /// # Safety
    /// As [`FromC::from_c`].
    unsafe fn from_const<'call>(pointer: *const T, name: Name) -> Result<Self::Const<'call>, Error>;

    /// # Safety
    /// As [`FromC::from_c`].
    unsafe fn from_mut<'call>(pointer: *mut T, name: Name) -> Result<Self::Mut<'call>, Error>;
}

impl<'call, T: Pointee> FromC<'call> for *const T {
    type Value = <T::Kind as Kind<T>>::Const<'call>;

    unsafe fn from_c(parameter: &'call Self, name: Name) -> Result<Self::Value, Error> {
        // SAFETY: as this function's caller promises.
        unsafe { T::Kind::from_const(*parameter, name) }
    }

    fn is_none(&self) -> bool {
        self.is_null()
    }
}

impl<'call, T: Pointee> FromC<'call> for *mut T {
    type Value = <T::Kind as Kind<T>>::Mut<'call>;

    unsafe fn from_c(parameter: &'call Self, name: Name) -> Result<Self::Value, Error> {
        // SAFETY: as this function's caller promises.
        unsafe { T::Kind::from_mut(*parameter, name) }
    }

    fn is_none(&self) -> bool {
        self.is_null()
    }
}

/// A plain value of the caller's: a `const T *` is one to read, a `T *` is where one goes.
pub(crate) struct Value;

impl<T: Pointee> Kind<T> for Value {
    type Const<'call> = &'call T;
    type Mut<'call> = Place<T>;

    unsafe fn from_const<'call>(pointer: *const T, name: Name) -> Result<&'call T, Error> {
        valid(pointer, name)?;
        // SAFETY: not null, aligned, and as this function's caller promises.
        Ok(unsafe { &*pointer })
    }

    unsafe fn from_mut<'call>(pointer: *mut T, name: Name) -> Result<Self::Mut<'call>, Error> {
        valid(pointer, name)?;
        // SAFETY: as this function's caller promises.
        Ok(unsafe { Place::new(pointer, size_of::<T>()) })
    }
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

/// An array by pointer and length. `NULL` is allowed if the length is 0.
///
/// # Safety
/// `pointer` is null or points to `length` values that nobody changes while the slice is used.
pub(crate) unsafe fn slice<T>(pointer: &*const T, length: usize, name: Name) -> Result<&[T], Error> {
    if length == 0 {
        return Ok(&[]);
    }
    valid(*pointer, name)?;
    if length.checked_mul(size_of::<T>()).is_none_or(|size| isize::try_from(size).is_err()) {
        return Err(refused(name, "its length is more than any memory has"));
    }
    // SAFETY: not null, aligned, no longer than memory can be, and as this function's caller promises.
    Ok(unsafe { core::slice::from_raw_parts(*pointer, length) })
}

/// Refuses a pointer at which there can be nothing.
pub(crate) fn valid<T>(pointer: *const T, name: Name) -> Result<(), Error> {
    match pointer {
        pointer if is_valid(pointer) => Ok(()),
        pointer if pointer.is_null() => Err(refused(name, "NULL, and it is needed")),
        _ => Err(refused(name, "not aligned as its type must be")),
    }
}

/// Whether there may be something at a pointer.
fn is_valid<T>(pointer: *const T) -> bool {
    !pointer.is_null() && pointer.is_aligned()
}
