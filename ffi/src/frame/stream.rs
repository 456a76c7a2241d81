//! Buffers that functions write to, and chunks of a stream that they read.

use super::parameter::{FromC, slice, valid};
use super::place::Place;
use crate::error::Name;
use cardwright_core::{Code, Error};
use core::ffi::c_char;
use core::fmt::{self, Write};
use core::marker::PhantomData;

/// A buffer of the caller's, and where the length goes.
pub(crate) struct Buffer {
    bytes: *mut u8,
    capacity: usize,
    length: Place<usize>,
}

impl Buffer {
    /// `names` are those of `bytes` and `length`.
    ///
    /// # Safety
    /// `bytes` is null or points to `capacity` bytes; these and `length` may be written to until the function returns.
    pub(crate) unsafe fn new<T>(
        bytes: *mut T, capacity: usize, length: *mut usize, names: [Name; 2],
    ) -> Result<Self, Error> {
        let [its_name, name_of_length] = names;
        if capacity != 0 {
            valid(bytes, its_name)?;
        }
        // SAFETY: as this function's caller promises.
        let length = unsafe { FromC::from_c(&length, name_of_length) }?;
        Ok(Buffer { bytes: bytes.cast(), capacity, length })
    }

    /// Copies bytes.
    pub(crate) fn bytes(self, bytes: &[u8]) -> Result<(), Error> {
        if bytes.len() > self.capacity {
            return Err(self.too_small(bytes.len()));
        }
        if !bytes.is_empty() {
            // SAFETY: the buffer has room for the bytes. They may lie in an input that overlaps it, which `copy`
            // allows.
            unsafe { core::ptr::copy(bytes.as_ptr(), self.bytes, bytes.len()) };
        }
        self.length.put(bytes.len());
        Ok(())
    }

    /// The error for a buffer that is too small, after the capacity that is needed went where the length goes.
    pub(crate) fn too_small(self, needed: usize) -> Error {
        self.length.put(needed);
        Error::new(Code::Room, needed)
    }

    /// Writes a text and a `\0` after it, which is not counted. Nothing is written unless everything fits; `write`
    /// runs again if the text is long.
    pub(crate) fn text(self, write: impl Fn(&mut dyn Write) -> fmt::Result) -> Result<(), Error> {
        self.written::<Formats>(write)
    }

    /// The same for a text that is written without formats: by `write_str` and `write_char`, not by `write!`, which
    /// would fail. A program that has only such texts does not have `core::fmt` in its flash.
    pub(crate) fn plain(self, write: impl Fn(&mut dyn Write) -> fmt::Result) -> Result<(), Error> {
        self.written::<NoFormats>(write)
    }

    #[inline(always)]
    fn written<M>(self, write: impl Fn(&mut dyn Write) -> fmt::Result) -> Result<(), Error>
    where
        Out<M>: Write,
    {
        let mut kept = [0_u8; SHORT];
        let mut out = Out { to: kept.as_mut_ptr(), room: SHORT, at: 0, manner: PhantomData::<M> };
        write(&mut out).map_err(|_| INTERNAL)?;
        let length = out.at;
        let needed = length.saturating_add(1);
        if needed > self.capacity {
            return Err(self.too_small(needed));
        }
        let mut out = Out { to: self.bytes, room: length, at: 0, manner: PhantomData::<M> };
        match kept.get(..length) {
            Some(text) => out.put(text),
            None => write(&mut out).map_err(|_| INTERNAL)?,
        }
        let at = out.at.min(out.room);
        // SAFETY: `at` is at most `room`, and the buffer has one byte more than that.
        unsafe { self.bytes.add(at).write(0) };
        self.length.put(at);
        Ok(())
    }
}

/// How long a text is that is written once. Where stack is scarce, each is written twice.
const SHORT: usize = if cfg!(feature = "hosted") { 512 } else { 0 };

const INTERNAL: Error = Error::new(Code::Internal, 0);

/// A text of fewer than `N` bytes, written without formats, with zeros after it. What does not fit is left out.
pub(crate) fn row<const N: usize>(write: impl FnOnce(&mut dyn Write) -> fmt::Result) -> [c_char; N] {
    let mut row = [0; N];
    let _ = write(&mut Out {
        to: row.as_mut_ptr().cast(),
        room: N.saturating_sub(1),
        at: 0,
        manner: PhantomData::<NoFormats>,
    });
    row
}

/// Writes to `room` bytes from `to` on, and counts the rest.
struct Out<M> {
    to: *mut u8,
    room: usize,
    at: usize,
    manner: PhantomData<M>,
}

/// Whether there are formats.
struct Formats;
struct NoFormats;

impl<M> Out<M> {
    #[inline(always)]
    fn put(&mut self, text: &[u8]) {
        let end = self.at.saturating_add(text.len());
        if end <= self.room {
            // SAFETY: there are `room` bytes from `to` on, and `end` is within them.
            unsafe { core::ptr::copy(text.as_ptr(), self.to.add(self.at), text.len()) };
        }
        self.at = end;
    }
}

impl Write for Out<Formats> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.put(text.as_bytes());
        Ok(())
    }
}

impl Write for Out<NoFormats> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.put(text.as_bytes());
        Ok(())
    }

    fn write_fmt(&mut self, _: fmt::Arguments<'_>) -> fmt::Result {
        Err(fmt::Error)
    }
}

/// A chunk of a stream, of which a function takes the front.
pub(crate) struct Chunk<'call> {
    pub(crate) bytes: &'call [u8],
    start: *const u8,
    rest: Place<*const u8>,
    left: Place<usize>,
}

impl<'call> Chunk<'call> {
    /// `names` are those of `at` and `length`.
    ///
    /// # Safety
    /// Both are null or may be read and written to until the function returns; the bytes stay as they are.
    pub(crate) unsafe fn new(at: &'call *mut *const u8, length: *mut usize, names: [Name; 2]) -> Result<Self, Error> {
        let [its_name, name_of_length] = names;
        // SAFETY: as this function's caller promises; neither is null once it is a place.
        unsafe {
            let (rest, left) = (FromC::from_c(at, its_name)?, FromC::from_c(&length, name_of_length)?);
            Ok(Chunk { bytes: slice(&**at, length.read(), its_name)?, start: at.read(), rest, left })
        }
    }

    /// Where the chunk begins; null for none.
    pub(crate) fn start(&self) -> *const u8 {
        self.start
    }

    /// Gives the caller other bytes in its place.
    pub(crate) fn replace(self, bytes: &[u8]) {
        self.rest.put(bytes.as_ptr());
        self.left.put(bytes.len());
    }

    /// Leaves the rest of the chunk to the caller.
    pub(crate) fn leave(self, rest: &[u8]) {
        let taken = self.bytes.len().saturating_sub(rest.len());
        self.rest.put(self.start.wrapping_add(taken));
        self.left.put(rest.len());
    }
}
