//! Lists, read element by element as they arrive.

use crate::abort::Abort;
use crate::ahead::{Body, read_ahead};
use crate::cancel::Canceler;
use crate::error::Error;
use crate::process::Process;
use crate::reply::Reply;
use crate::request_line::RequestLine;
use crate::transport::Transport;
use cardwright_core::Code;
use cardwright_core::json::{Cursor, Element, Elements};
use std::io::Read;

/// How much is read at once, in bytes.
const CHUNK: usize = 64 * 1024;

/// The elements of a list in one answer. A call of [`Stream::next`] blocks until one has arrived.
pub struct Stream {
    elements: Elements<Vec<u8>>,
    chunk: Vec<u8>,
    at: usize,
    end: usize,
    reader: Option<Body>,
    request: String,
    /// The HTTP status.
    status: u16,
    canceler: Canceler,
    abort: Option<Abort>,
    /// Whether anything but a list is an error.
    list_only: bool,
    process: Process,
    /// Whether a list or an object has begun.
    begun: bool,
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let request = RequestLine::from(self.request.as_str());
        f.debug_struct("Stream").field("request", &request).finish_non_exhaustive()
    }
}

impl Stream {
    /// The elements of an answer. One that is larger than [`Transport::max_element`] is an error of its own.
    #[must_use]
    pub fn new(reply: Reply, transport: &Transport) -> Self {
        // The system provides zeroed memory only as it is used.
        let buffers = (vec![0; transport.max_element()], vec![0; CHUNK]);
        Self::in_buffers(reply, transport, buffers)
    }

    /// The elements of the next answer, in the buffers of this one, which then need not be zeroed again.
    #[must_use]
    pub fn followed_by(self, reply: Reply, transport: &Transport) -> Self {
        Self::in_buffers(reply, transport, (self.elements.into_buffer(), self.chunk))
    }

    fn in_buffers(reply: Reply, transport: &Transport, (buffer, chunk): (Vec<u8>, Vec<u8>)) -> Self {
        let (abort, status) = (reply.abort(), reply.status);
        let (reader, request) = reply.reader();
        let reader = reader.map(|reader| Box::new(reader) as Body);
        let canceler = transport.canceler().clone();
        Stream {
            elements: Elements::new(buffer),
            chunk,
            at: 0,
            end: 0,
            reader,
            request,
            status,
            canceler,
            abort,
            list_only: false,
            process: Process::current(),
            begun: false,
        }
    }

    /// Reads what remains on a thread of its own from now on, a few MiB ahead of the caller.
    pub fn read_ahead(&mut self) {
        if let Some((body, abort)) = self.reader.take_if(|_| self.abort.is_some()).zip(self.abort.take()) {
            self.reader = Some(read_ahead(body, abort));
        }
    }

    /// Takes nothing but a list: a lone object, `null` and an empty body are errors.
    #[must_use]
    pub fn list_only(mut self) -> Self {
        self.list_only = true;
        self
    }

    /// The next element, read by `read`; `None` at the end. An error of one element does not end the list; after an
    /// error of the whole answer [`Self::is_over`]. In another process than the one that asked for it, the list ends
    /// with [`Error::OtherProcess`] where it would have to read on.
    pub fn next<T>(
        &mut self,
        read: impl Fn(&mut Cursor<'_>) -> Result<T, cardwright_core::Error>,
    ) -> Option<Result<T, Error>> {
        loop {
            if let Some(found) = self.next_here(&read) {
                return Some(found);
            }
            if let Err(error) = self.refill()? {
                self.reader = None;
                return Some(Err(error));
            }
        }
    }

    /// The next element of what has arrived, without waiting for more.
    pub fn next_here<T>(
        &mut self,
        read: impl Fn(&mut Cursor<'_>) -> Result<T, cardwright_core::Error>,
    ) -> Option<Result<T, Error>> {
        let piece = self.chunk.get(self.at..self.end).unwrap_or(&[]);
        let mut rest = piece;
        let found = match self.elements.read(&mut rest, &read) {
            Ok(Some((Element { json, at, .. }, value))) => {
                Some(value.map_err(|e| Error::decode(e, json, at, &self.request)))
            }
            Ok(None) => None,
            Err(e) => {
                // Too large an element, or an empty one, is an error of its own; any other is one of the answer.
                if !matches!(e.code, Code::Room | Code::JsonSyntax) {
                    self.reader = None;
                }
                Some(Err(Error::decode(e, &[], 0, &self.request)))
            }
        };
        self.at = self.end.saturating_sub(rest.len());
        found
    }

    /// Whether nothing more can come.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.reader.is_none()
    }

    /// Whether a list or an object has begun: not in an empty answer, nor in `null`.
    #[must_use]
    pub fn is_list(&self) -> bool {
        self.begun
    }

    /// Reads the next piece of the answer; `None` at its end.
    fn refill(&mut self) -> Option<Result<(), Error>> {
        let reader = self.reader.as_mut()?;
        // Not with each element, as the system is asked. What has arrived is right in either process.
        if !self.process.is_current() {
            return Some(Err(Error::OtherProcess { what: "a list" }));
        }
        let read = match reader.read(&mut self.chunk) {
            Ok(read) => read,
            Err(e) => {
                return Some(Err(match self.canceler.is_canceled() {
                    true => Error::canceled(&self.request, true),
                    false => Error::transport(e, &self.request, true),
                }));
            }
        };
        if read == 0 {
            self.reader = None;
            return match self.elements.finish() {
                Err(_) if self.elements.is_blank() => self.list_only.then(|| Err(self.no_list("nothing"))),
                end => end.err().map(|e| Err(Error::decode(e, &[], 0, &self.request))),
            };
        }
        (self.at, self.end) = (0, read);
        if self.elements.is_blank() {
            let piece = self.chunk.get(..read).unwrap_or(&[]);
            match piece.iter().find(|byte| !b" \t\r\n\xEF\xBB\xBF".contains(byte)) {
                Some(b'{') if self.list_only => return Some(Err(self.no_list("an object"))),
                Some(b'n') if self.list_only => return Some(Err(self.no_list("null"))),
                Some(b'<') => return Some(Err(Error::page(self.status, &self.request, piece))),
                first => self.begun = matches!(first, Some(b'{' | b'[')),
            }
        }
        Some(Ok(()))
    }

    fn no_list(&self, what: &str) -> Error {
        Error::answer(Code::Unexpected, 200, &self.request, format!("{what} where a list was asked for"))
    }

    /// Method and address of the request.
    #[must_use]
    pub fn request(&self) -> &str {
        &self.request
    }
}
