//! Where values go: all of one, or as many members of a structure as the caller's has.

/// Where one value goes.
pub(crate) struct Place<T> {
    pointer: *mut T,
    #[cfg(feature = "hosted")]
    size: usize,
}

impl<T> Place<T> {
    /// # Safety
    /// `pointer` points to as many bytes, which may be written to until the function returns, and which begin with
    /// their number if that is not the size of a `T`.
    #[cfg_attr(not(feature = "hosted"), expect(unused_variables))]
    pub(crate) unsafe fn new(pointer: *mut T, size: usize) -> Self {
        Place {
            pointer,
            #[cfg(feature = "hosted")]
            size,
        }
    }

    /// Writes the value; of a structure as many members as the caller's has.
    #[inline]
    pub(crate) fn put(self, value: T) {
        #[cfg(feature = "hosted")]
        if self.size != size_of::<T>() {
            return self.put_earlier(value);
        }
        // SAFETY: `new` has a place for a `T`. That is plain data, so what stood there needs no drop.
        unsafe { self.pointer.write(value) }
    }

    /// Writes as many members as there is place for.
    #[cfg(feature = "hosted")]
    #[cold]
    #[inline(never)]
    fn put_earlier(self, value: T) {
        let (from, to, first) = ((&raw const value).cast::<u8>(), self.pointer.cast::<u8>(), size_of::<u32>());
        // SAFETY: `new` has a place of this size, which is less than that of the value. The caller's own size,
        // which comes first, stays.
        unsafe { core::ptr::copy(from.add(first), to.add(first), self.size.saturating_sub(first)) };
    }
}
