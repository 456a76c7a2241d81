//! Answers of a server, read as they arrive, for who has a connection and nothing else.

use crate::boundary::{CardwrightError, CardwrightText, Marked, Output, input, run, size};
use cardwright_core::http::{ReplyPart, ReplyReader};
use core::ffi::c_char;

/// How long a line of a header may be, in bytes; a longer one is passed over.
pub const CARDWRIGHT_LINE_ROOM: usize = 256;

type Reader = ReplyReader<[u8; CARDWRIGHT_LINE_ROOM]>;

/// A reader of one HTTP/1.x response. Storage of the caller's: what lies in it is private, it holds no
/// pointer, and needs no clean-up.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightReply {
    /// Private.
    pub storage: [u64; 48],
}

const MARK: u32 = 0x5250_2601;

/// What a part of a response is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightReplyPartKind {
    /// The chunk is used up; the next one is wanted.
    More = 0,
    /// The status. Comes first.
    Status = 1,
    /// A header: `name` and `data`.
    Header = 2,
    /// Bytes of the body: `data`, never none. They lie in the caller's chunk.
    Body = 3,
    /// The end. What is left of the chunk does not belong to this response.
    End = 4,
}

/// A part of a response.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightReplyPart {
    /// `sizeof(CardwrightReplyPart)`, set by the caller.
    pub struct_size: u32,
    /// A `CardwrightReplyPartKind`.
    pub kind: u32,
    /// The HTTP status, 200 to 999, with `CARDWRIGHT_REPLY_PART_KIND_STATUS`.
    pub status: u32,
    /// The name of a header, as it was written. It lies in the reader until the next call.
    pub name: CardwrightText,
    /// The value of a header, which lies in the reader until the next call, or bytes of the body, which lie
    /// in the caller's chunk.
    pub data: *const u8,
    /// How many bytes of `data` there are.
    pub length: usize,
}

/// Begins to read a response. For the next one on the same connection begin anew.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_reply_init(reply: *mut CardwrightReply, error: *mut CardwrightError) -> i32 {
    // SAFETY: the storage is the caller's to be written to.
    let body = || unsafe { Marked::init(reply, MARK, Reader::new([0; CARDWRIGHT_LINE_ROOM])) };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// The next part, taken from the front of the chunk at `*chunk` of `*length` bytes, both of which are moved
/// on behind it.
///
/// From the first of these on always, with the offset in the stream: `CARDWRIGHT_CODE_UNREADABLE` for what is
/// no HTTP/1.x response, or has more than 64 KiB of headers; `CARDWRIGHT_CODE_ROOM` for a length of the body
/// that does not fit into a line.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_reply_next(
    reply: *mut CardwrightReply,
    chunk: *mut *const u8,
    length: *mut usize,
    part: *mut CardwrightReplyPart,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: all are there to be read and written to, and the reader is the caller's alone.
        let (chunk, place, reader) =
            unsafe { (Chunk::new(chunk, length)?, Output::structure(part)?, Marked::<Reader>::get_mut(reply, MARK)?) };
        let mut rest = chunk.bytes;
        let found = reader.next(&mut rest);
        chunk.leave(rest);
        let kind = |kind: CardwrightReplyPartKind| kind as u32;
        let none: &[u8] = &[];
        let (kind, status, name, data) = match found? {
            None => (kind(CardwrightReplyPartKind::More), 0, None, none),
            Some(ReplyPart::Status(status)) => (kind(CardwrightReplyPartKind::Status), status, None, none),
            Some(ReplyPart::Header { name, value }) => (kind(CardwrightReplyPartKind::Header), 0, Some(name), value),
            Some(ReplyPart::Body(bytes)) => (kind(CardwrightReplyPartKind::Body), 0, None, bytes),
            Some(ReplyPart::End) => (kind(CardwrightReplyPartKind::End), 0, None, none),
        };
        place.put(CardwrightReplyPart {
            struct_size: size::<CardwrightReplyPart>(),
            kind,
            status: status.into(),
            name: name.map_or(CardwrightText::NONE, |name| CardwrightText {
                data: name.as_ptr().cast::<c_char>(),
                length: name.len(),
            }),
            data: data.as_ptr(),
            length: data.len(),
        });
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// To be called when the connection is closed: `CARDWRIGHT_CODE_BROKEN` where the response did not end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_reply_finish(reply: *const CardwrightReply, error: *mut CardwrightError) -> i32 {
    // SAFETY: the reader is there to be read.
    let body = || unsafe { Marked::<Reader>::get(reply, MARK) }?.finish();
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// Whether the connection can take another request after the end of this response: `*keeps` is 1 or 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_reply_keeps_connection(
    reply: *const CardwrightReply,
    keeps: *mut u32,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the reader is there to be read, the output to be written to.
        let (reader, place) = unsafe { (Marked::<Reader>::get(reply, MARK)?, Output::new(keeps)?) };
        place.put(reader.keeps_connection().into());
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// A chunk of a stream that is taken from its front.
pub(crate) struct Chunk<'c> {
    pub(crate) bytes: &'c [u8],
    at: *mut *const u8,
    length: *mut usize,
}

impl<'c> Chunk<'c> {
    /// # Safety
    /// Both are null or may be read and written to; the bytes stay for `'c`.
    pub(crate) unsafe fn new(at: *mut *const u8, length: *mut usize) -> Result<Self, cardwright_core::Error> {
        // SAFETY: as this function's caller promises; the two outputs are looked at for null only.
        let bytes = unsafe {
            Output::new(at)?;
            Output::new(length)?;
            input(at.read(), length.read())?
        };
        Ok(Chunk { bytes, at, length })
    }

    /// Leaves what is left of the chunk to the caller.
    pub(crate) fn leave(&self, rest: &[u8]) {
        let taken = self.bytes.len().saturating_sub(rest.len());
        // SAFETY: `new` took only what may be written to, and `taken` is within the chunk; a null pointer,
        // of which the length is 0, is moved by 0.
        unsafe {
            self.at.write(self.at.read().wrapping_add(taken));
            self.length.write(rest.len());
        }
    }
}
