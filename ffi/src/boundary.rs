//! How values cross to C and back: pointers, texts, structures, opaque objects, codes.

use cardwright_core::{Code, Error};
use core::ffi::c_char;
use core::fmt::{self, Write};

/// What is wrong, where, and with what. Written only where a function returns something other than
/// `CARDWRIGHT_OK`; each function takes `NULL` for it.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightError {
    /// `sizeof(CardwrightError)`, set by the caller.
    pub struct_size: u32,
    /// The code that the function returned: a `CardwrightCode`.
    pub code: i32,
    /// Where, in bytes from the start of the input. With `CARDWRIGHT_CODE_ROOM` of a function that writes
    /// into a buffer: the capacity that is needed. For what a dialect lacks: the dialect's number.
    pub at: usize,
    /// The field, parameter or operation concerned, by its name on the wire; static, never `NULL`, and
    /// empty where there is none. Not `\0`-terminated.
    pub what: *const c_char,
    /// The length of `what` in bytes.
    pub what_length: usize,
}

/// A text of the caller's, or one that lies in the library: UTF-8 by pointer and length, not
/// `\0`-terminated. With `data` as `NULL` there is none, which is not the same as an empty one.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct CardwrightText {
    /// The first byte, or `NULL`.
    pub data: *const c_char,
    /// The length in bytes.
    pub length: usize,
}

/// The text of a `\0`-terminated one, which must outlive its use; `NULL` gives no text.
///
/// For members of structures: `call.id = cardwright_text("1013")`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_text(terminated: *const c_char) -> CardwrightText {
    if terminated.is_null() {
        return CardwrightText::NONE;
    }
    // SAFETY: not null, and the caller says that it ends with a `\0`.
    let length = unsafe { core::ffi::CStr::from_ptr(terminated) }.count_bytes();
    CardwrightText { data: terminated, length }
}

impl CardwrightText {
    pub(crate) const NONE: CardwrightText = CardwrightText { data: core::ptr::null(), length: 0 };

    pub(crate) fn of(text: &'static str) -> Self {
        CardwrightText { data: text.as_ptr().cast(), length: text.len() }
    }

    /// The text, or `None` where there is none.
    ///
    /// # Safety
    /// `data` is null or points to `length` bytes that stay as they are for `'a`.
    pub(crate) unsafe fn get<'a>(self) -> Result<Option<&'a str>, Error> {
        if self.data.is_null() {
            return Ok(None);
        }
        // SAFETY: as this function's caller promises.
        let bytes = unsafe { input(self.data.cast(), self.length) }?;
        text(bytes).map(Some)
    }

    /// The text, which must be there.
    ///
    /// # Safety
    /// As [`get`](Self::get).
    pub(crate) unsafe fn needed<'a>(self) -> Result<&'a str, Error> {
        // SAFETY: as this function's caller promises.
        unsafe { self.get() }?.ok_or(ARGUMENT)
    }
}

/// What a null pointer and the like come to.
pub(crate) const ARGUMENT: Error = Error::new(Code::Argument, 0);

/// Bytes as UTF-8.
pub(crate) fn text(bytes: &[u8]) -> Result<&str, Error> {
    core::str::from_utf8(bytes).map_err(|wrong| Error::new(Code::JsonUtf8, wrong.valid_up_to()))
}

/// Bytes of the caller's. `NULL` is allowed where the length is 0.
///
/// # Safety
/// `data` is null or points to `length` bytes that nobody changes for `'a`.
pub(crate) unsafe fn input<'a>(data: *const u8, length: usize) -> Result<&'a [u8], Error> {
    match (data.is_null(), length) {
        (_, 0) => Ok(&[]),
        (true, _) => Err(ARGUMENT),
        (false, _) if isize::try_from(length).is_err() => Err(ARGUMENT),
        // SAFETY: not null, no longer than memory can be, and as this function's caller promises.
        (false, _) => Ok(unsafe { core::slice::from_raw_parts(data, length) }),
    }
}

/// A structure that the caller filled.
///
/// # Safety
/// `of` is null or points to a `T` that nobody changes for `'a`, of which the first member is its size as
/// a `u32`.
pub(crate) unsafe fn structure<'a, T>(of: *const T) -> Result<&'a T, Error> {
    // SAFETY: as this function's caller promises.
    if unsafe { has_size(of) } {
        // SAFETY: not null, of the right size, and as this function's caller promises.
        Ok(unsafe { &*of })
    } else {
        Err(ARGUMENT)
    }
}

/// Whether a structure is there and has the size that this version knows.
///
/// # Safety
/// `of` is null or points to a `T` that begins with a `u32`.
unsafe fn has_size<T>(of: *const T) -> bool {
    // SAFETY: not null, and begins with a `u32` as this function's caller promises.
    !of.is_null() && of.is_aligned() && unsafe { of.cast::<u32>().read() } as usize == size_of::<T>()
}

/// The size of a structure, for its first member.
pub(crate) const fn size<T>() -> u32 {
    size_of::<T>() as u32
}

/// Where one value goes.
pub(crate) struct Output<T>(*mut T);

impl<T> Output<T> {
    /// A place for a plain value.
    ///
    /// # Safety
    /// `place` is null or may be written to until the function returns.
    pub(crate) unsafe fn new(place: *mut T) -> Result<Self, Error> {
        if place.is_null() || !place.is_aligned() { Err(ARGUMENT) } else { Ok(Output(place)) }
    }

    /// A place for a structure whose first member is its size.
    ///
    /// # Safety
    /// As [`new`](Self::new), and the first member is a `u32` that the caller has set.
    pub(crate) unsafe fn structure(place: *mut T) -> Result<Self, Error> {
        // SAFETY: as this function's caller promises.
        if unsafe { has_size(place) } { Ok(Output(place)) } else { Err(ARGUMENT) }
    }

    pub(crate) fn put(self, value: T) {
        // SAFETY: `new` and `structure` took only what may be written to. `T` is plain data, so nothing
        // that stood there needs to be dropped.
        unsafe { self.0.write(value) }
    }
}

/// A buffer of the caller's and the place for the length.
pub(crate) struct Buffer {
    bytes: *mut u8,
    capacity: usize,
    length: Output<usize>,
}

impl Buffer {
    /// # Safety
    /// `bytes` is null or points to `capacity` bytes, which and `length` may be written to until the
    /// function returns.
    pub(crate) unsafe fn new<T>(bytes: *mut T, capacity: usize, length: *mut usize) -> Result<Self, Error> {
        if bytes.is_null() && capacity != 0 {
            return Err(ARGUMENT);
        }
        // SAFETY: as this function's caller promises.
        let length = unsafe { Output::new(length) }?;
        Ok(Buffer { bytes: bytes.cast(), capacity, length })
    }

    /// Copies bytes.
    pub(crate) fn bytes(self, bytes: &[u8]) -> Result<(), Error> {
        if bytes.len() > self.capacity {
            return Err(Error::new(Code::Room, bytes.len()));
        }
        if !bytes.is_empty() {
            // SAFETY: there are so many bytes of room, which the caller may write to, and nothing of ours
            // lies in a buffer of the caller's that an input does not; `copy` allows those to overlap.
            unsafe { core::ptr::copy(bytes.as_ptr(), self.bytes, bytes.len()) };
        }
        self.length.put(bytes.len());
        Ok(())
    }

    /// Writes a text and a `\0` behind it, which is not counted. Nothing is written unless all fits; `write`
    /// runs twice.
    pub(crate) fn text(self, write: impl Fn(&mut dyn Write) -> fmt::Result) -> Result<(), Error> {
        let mut count = Count(0);
        // A counter takes everything.
        let _ = write(&mut count);
        let needed = count.0.saturating_add(1);
        if needed > self.capacity {
            return Err(Error::new(Code::Room, needed));
        }
        let mut pen = Pen { to: self.bytes, room: count.0, at: 0 };
        write(&mut pen).map_err(|_| Error::new(Code::Internal, 0))?;
        let at = pen.at;
        // SAFETY: `at` is at most `room`, and there is one byte more than that.
        unsafe { self.bytes.add(at).write(0) };
        self.length.put(at);
        Ok(())
    }
}

struct Count(usize);

impl Write for Count {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = self.0.saturating_add(text.len());
        Ok(())
    }
}

/// Writes within `room` bytes from `to` on.
struct Pen {
    to: *mut u8,
    room: usize,
    at: usize,
}

impl Write for Pen {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.at.checked_add(text.len()).filter(|end| *end <= self.room).ok_or(fmt::Error)?;
        // SAFETY: the caller's buffer has `room` bytes, and `end` is not behind them.
        unsafe { core::ptr::copy(text.as_ptr(), self.to.add(self.at), text.len()) };
        self.at = end;
        Ok(())
    }
}

/// An object that lies in storage of the caller's: `Inner` between two marks that say that it is there. Of storage
/// that had another use meanwhile, hardly both are left.
#[repr(C)]
pub(crate) struct Marked<Inner> {
    mark: u32,
    inner: Inner,
    end: u32,
}

impl<Inner> Marked<Inner> {
    /// Puts an object into storage.
    ///
    /// # Safety
    /// `storage` is null or may be written to.
    pub(crate) unsafe fn init<Storage>(storage: *mut Storage, mark: u32, inner: Inner) -> Result<(), Error> {
        const {
            assert!(size_of::<Marked<Inner>>() <= size_of::<Storage>(), "the storage is too small");
            assert!(align_of::<Marked<Inner>>() <= align_of::<Storage>(), "the storage is not aligned");
            assert!(!core::mem::needs_drop::<Inner>(), "nobody would drop it");
        }
        if storage.is_null() || !storage.is_aligned() {
            return Err(ARGUMENT);
        }
        // SAFETY: the storage is large and aligned enough, which is checked above, and may be written to.
        unsafe { storage.cast::<Self>().write(Marked { mark, inner, end: mark }) };
        Ok(())
    }

    /// There is no object any more.
    ///
    /// # Safety
    /// `storage` is null or may be written to.
    #[cfg(feature = "reader")]
    pub(crate) unsafe fn clear<Storage>(storage: *mut Storage) -> Result<(), Error> {
        if storage.is_null() || !storage.is_aligned() {
            return Err(ARGUMENT);
        }
        // SAFETY: the storage begins with the mark, and may be written to.
        unsafe { storage.cast::<u32>().write(0) };
        Ok(())
    }

    /// The object in the storage.
    ///
    /// # Safety
    /// `storage` is null, or nobody else uses it for `'a`, and its bytes are those that `init` wrote or any
    /// without both marks.
    pub(crate) unsafe fn get_mut<'a, Storage>(storage: *mut Storage, mark: u32) -> Result<&'a mut Inner, Error> {
        if storage.is_null() || !storage.is_aligned() {
            return Err(ARGUMENT);
        }
        let marked = storage.cast::<Self>();
        // SAFETY: not null, aligned, and the caller's to read.
        if unsafe { [(&raw const (*marked).mark).read(), (&raw const (*marked).end).read()] } != [mark; 2] {
            return Err(ARGUMENT);
        }
        // SAFETY: with this mark it is what `init` wrote, and nobody else uses it.
        Ok(unsafe { &mut (*marked).inner })
    }

    /// The object in the storage, to be read.
    ///
    /// # Safety
    /// As [`get_mut`](Self::get_mut), but others may read it.
    pub(crate) unsafe fn get<'a, Storage>(storage: *const Storage, mark: u32) -> Result<&'a Inner, Error> {
        if storage.is_null() || !storage.is_aligned() {
            return Err(ARGUMENT);
        }
        let marked = storage.cast::<Self>();
        // SAFETY: not null, aligned, and the caller's to read.
        if unsafe { [(&raw const (*marked).mark).read(), (&raw const (*marked).end).read()] } != [mark; 2] {
            return Err(ARGUMENT);
        }
        // SAFETY: with this mark it is what `init` wrote, and nobody changes it.
        Ok(unsafe { &(*marked).inner })
    }
}

/// Runs a function's body and returns its code; what is wrong goes to `error`, and an earlier error's detail
/// goes.
///
/// # Safety
/// `error` is null or points to a `CardwrightError` that may be written to.
pub(crate) unsafe fn run(error: *mut CardwrightError, body: impl FnOnce() -> Result<(), Error>) -> i32 {
    // SAFETY: as this function's caller promises.
    let code = unsafe { run_aside(error, body) };
    #[cfg(feature = "hosted")]
    if code != 0 {
        crate::hosted::failed();
    }
    code
}

/// As [`run`], and leaves an earlier error's detail alone.
///
/// # Safety
/// As [`run`].
pub(crate) unsafe fn run_aside(error: *mut CardwrightError, body: impl FnOnce() -> Result<(), Error>) -> i32 {
    match caught(body) {
        Ok(()) => 0,
        Err(wrong) => {
            let code = i32::from(wrong.code.number());
            // SAFETY: as this function's caller promises.
            if let Ok(place) = unsafe { Output::structure(error) } {
                place.put(CardwrightError {
                    struct_size: size::<CardwrightError>(),
                    code,
                    at: wrong.at,
                    what: wrong.what.as_ptr().cast(),
                    what_length: wrong.what.len(),
                });
            }
            code
        }
    }
}

/// A panic ends here.
#[cfg(feature = "hosted")]
fn caught(body: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
    // What a panic leaves half done is the caller's own plain data, or an object that stays usable.
    std::panic::catch_unwind(core::panic::AssertUnwindSafe(body)).unwrap_or(Err(Error::new(Code::Internal, 0)))
}

/// Nothing unwinds.
#[cfg(not(feature = "hosted"))]
fn caught(body: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
    body()
}

#[cfg(all(test, feature = "hosted"))]
mod tests {
    use super::*;

    #[test]
    fn a_panic_ends_at_the_boundary_as_a_code() {
        let mut error = CardwrightError {
            struct_size: size::<CardwrightError>(),
            code: 0,
            at: 7,
            what: core::ptr::null(),
            what_length: 0,
        };
        // SAFETY: the error is ours.
        let code = unsafe { run(&raw mut error, || panic!("on purpose")) };
        assert_eq!((code, error.code, error.at), (901, 901, 0));
        // SAFETY: null is allowed.
        assert_eq!(unsafe { run(core::ptr::null_mut(), || panic!("on purpose")) }, 901);
    }
}
