//! Objects in storage of the caller's, which holds them between two marks that say that they are there. Storage that
//! had another use in the meantime hardly has both left.

use crate::error::{Name, refused};
use crate::frame::parameter::valid;
use crate::frame::{Kind, Pointee};
use cardwright_core::Error;
use core::marker::PhantomData;

/// A type of storage, and the object that it is for: a `const T *` is the object, a `T *` is a [`Slot`].
pub(crate) trait Storage: Pointee<Kind = Stored> {
    /// What lies in it.
    type Object: 'static;

    /// The mark before and after the object.
    const MARK: u32;
}

/// The kind of types of storage.
pub(crate) struct Stored;

impl<S: Storage> Kind<S> for Stored {
    type Const<'call> = &'call S::Object;
    type Mut<'call> = Slot<'call, S>;

    unsafe fn from_const<'call>(pointer: *const S, name: Name) -> Result<&'call S::Object, Error> {
        // SAFETY: as this function's caller promises.
        let object = unsafe { object::<S>(pointer, name) }?;
        // SAFETY: it is there, and nobody changes it.
        Ok(unsafe { &*object })
    }

    unsafe fn from_mut<'call>(pointer: *mut S, name: Name) -> Result<Slot<'call, S>, Error> {
        valid(pointer, name).map(|()| Slot { pointer, name, call: PhantomData })
    }
}

/// Storage that one function has to itself.
pub(crate) struct Slot<'call, S> {
    pointer: *mut S,
    name: Name,
    call: PhantomData<&'call mut S>,
}

impl<'call, S: Storage> Slot<'call, S> {
    /// Puts an object into the storage.
    pub(crate) fn put(self, object: S::Object) {
        const {
            assert!(size_of::<Marked<S::Object>>() <= size_of::<S>(), "the storage is too small");
            assert!(align_of::<Marked<S::Object>>() <= align_of::<S>(), "the storage is not aligned");
            assert!(!core::mem::needs_drop::<S::Object>(), "nobody would drop it");
        }
        // SAFETY: the storage is large and aligned enough, and the caller's to be written to.
        unsafe { self.pointer.cast::<Marked<S::Object>>().write(Marked { mark: S::MARK, object, end: S::MARK }) };
    }

    /// Removes the object, if there is one.
    #[cfg(feature = "reader")]
    pub(crate) fn clear(&self) {
        // SAFETY: the storage begins with the mark, and is the caller's to be written to.
        unsafe { self.pointer.cast::<u32>().write(0) };
    }

    /// The object in the storage.
    pub(crate) fn object(self) -> Result<&'call mut S::Object, Error> {
        // SAFETY: `from_mut` takes only a valid pointer to what the function has to itself.
        let object = unsafe { object::<S>(self.pointer, self.name) }?;
        // SAFETY: it is there, and nobody else uses it.
        Ok(unsafe { &mut *object.cast_mut() })
    }
}

#[repr(C)]
struct Marked<Object> {
    mark: u32,
    object: Object,
    end: u32,
}

/// The object in storage.
///
/// # Safety
/// `storage` is null or may be read; its bytes are those that [`Slot::put`] wrote, or any without both marks.
unsafe fn object<S: Storage>(storage: *const S, name: Name) -> Result<*const S::Object, Error> {
    valid(storage, name)?;
    let marked = storage.cast::<Marked<S::Object>>();
    // SAFETY: not null, aligned, and the caller's to read.
    if unsafe { [(&raw const (*marked).mark).read(), (&raw const (*marked).end).read()] } != [S::MARK; 2] {
        return Err(refused(name, "no object is in it: call its init function first"));
    }
    // SAFETY: within what is there.
    Ok(unsafe { &raw const (*marked).object })
}
