//! Answers of a server, read as they arrive, for a program that has nothing but a connection.

use crate::error::CardwrightError;
use crate::frame::{Pointee, boundary, chunk, from_c, size, structures};
use crate::storage::{Storage, Stored};
use crate::text::CardwrightText;
use cardwright_core::http::{ReplyPart, ReplyReader};

/// The length of the longest header line, in bytes; longer ones are skipped.
pub const CARDWRIGHT_LINE_ROOM: usize = 256;

type Reader = ReplyReader<[u8; CARDWRIGHT_LINE_ROOM]>;

/// A reader of one HTTP/1.x response. Storage of the caller's: its content is private, it holds no
/// pointer, and needs no clean-up.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightReply {
    /// Private.
    pub storage: [u64; 48],
}

impl Pointee for CardwrightReply {
    type Kind = Stored;
}

impl Storage for CardwrightReply {
    type Object = Reader;
    const MARK: u32 = 0x5250_2601;
}

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

structures!(CardwrightReplyPart { kind, status, name, data, length });

/// Begins to read a response; call it again for the next one on the same connection.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_reply_init(reply: *mut CardwrightReply, error: *mut CardwrightError) -> i32 {
    boundary!(error, { from_c!(reply).put(Reader::new([0; CARDWRIGHT_LINE_ROOM])) })
}

/// The next part, taken from the front of the chunk at `*chunk` of `*length` bytes, both of which are moved
/// past it.
///
/// These come with the offset in the stream, and from every later call too: `CARDWRIGHT_CODE_UNREADABLE` for what is
/// not an HTTP/1.x response, or has more than 64 KiB of headers; `CARDWRIGHT_CODE_ROOM` for a length of the body
/// that does not fit in a line.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_reply_next(
    reply: *mut CardwrightReply, chunk: *mut *const u8, length: *mut usize, part: *mut CardwrightReplyPart,
    error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (chunk, part, reader) = (chunk!(chunk, length), from_c!(part), from_c!(reply).object()?);
        let mut rest = chunk.bytes;
        let found = reader.next(&mut rest);
        chunk.leave(rest);
        use CardwrightReplyPartKind as Kind;
        let none: &[u8] = &[];
        let (kind, status, name, data) = match found? {
            None => (Kind::More, 0, None, none),
            Some(ReplyPart::Status(status)) => (Kind::Status, status, None, none),
            Some(ReplyPart::Header { name, value }) => (Kind::Header, 0, Some(name), value),
            Some(ReplyPart::Body(bytes)) => (Kind::Body, 0, None, bytes),
            Some(ReplyPart::End) => (Kind::End, 0, None, none),
        };
        part.put(CardwrightReplyPart {
            struct_size: size::<CardwrightReplyPart>(),
            kind: kind as u32,
            status: status.into(),
            name: CardwrightText::of_any(name),
            data: data.as_ptr(),
            length: data.len(),
        });
    })
}

/// Call it when the connection is closed: `CARDWRIGHT_CODE_BROKEN` if the response is incomplete.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_reply_finish(reply: *const CardwrightReply, error: *mut CardwrightError) -> i32 {
    boundary!(error, { from_c!(reply).finish()? })
}

/// Whether the connection can take another request after the end of this response: `*keeps` is 1 or 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_reply_keeps_connection(
    reply: *const CardwrightReply, keeps: *mut u32, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (reader, keeps) = from_c!(reply, keeps);
        keeps.put(reader.keeps_connection().into());
    })
}
