//! Lists, read element by element as they arrive.

use crate::error::Error;
use crate::process::Process;
use crate::reply::{Body, Reply};
use crate::retry::Canceler;
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
    canceler: Canceler,
    process: Process,
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stream").field("request", &self.request).finish_non_exhaustive()
    }
}

impl Stream {
    /// The elements of an answer. One that is larger than [`Transport::max_element`] is an error of its own.
    pub fn new(reply: Reply, transport: &Transport) -> Self {
        // The system provides zeroed memory only as it is used.
        let buffers = (vec![0; transport.max_element()], vec![0; CHUNK]);
        Self::in_buffers(reply, transport, buffers)
    }

    /// The elements of the next answer, in the buffers of this one, which then need not be zeroed again.
    pub fn followed_by(self, reply: Reply, transport: &Transport) -> Self {
        Self::in_buffers(reply, transport, (self.elements.into_buffer(), self.chunk))
    }

    fn in_buffers(reply: Reply, transport: &Transport, (buffer, chunk): (Vec<u8>, Vec<u8>)) -> Self {
        let (reader, request) = reply.reader();
        let canceler = transport.canceler().clone();
        Stream {
            elements: Elements::new(buffer),
            chunk,
            at: 0,
            end: 0,
            reader,
            request,
            canceler,
            process: Process::current(),
        }
    }

    /// The next element, read by `read`; `None` at the end. An error of one element does not end the list. In another
    /// process than the one that asked for it, the list ends with [`Error::OtherProcess`] where it would have to read on.
    pub fn next<T>(
        &mut self,
        read: impl Fn(&mut Cursor<'_>) -> Result<T, cardwright_core::Error>,
    ) -> Option<Result<T, Error>> {
        loop {
            let piece = self.chunk.get(self.at..self.end).unwrap_or(&[]);
            let mut rest = piece;
            let found = match self.elements.read(&mut rest, &read) {
                Ok(Some((Element { json, at }, value))) => {
                    Some(value.map_err(|e| Error::decode(e, json, at, &self.request)))
                }
                Ok(None) => None,
                Err(e) => Some(Err(Error::decode(e, &[], 0, &self.request))),
            };
            self.at = self.end.saturating_sub(rest.len());
            if found.is_some() {
                return found;
            }
            let reader = self.reader.as_mut()?;
            // Not with each element, as the system is asked. What has arrived is right in either process.
            if !self.process.is_current() {
                self.reader = None;
                return Some(Err(Error::OtherProcess { what: "a list" }));
            }
            match reader.read(&mut self.chunk) {
                Ok(0) => {
                    self.reader = None;
                    if self.elements.is_blank() {
                        return None;
                    }
                    let end = self.elements.finish();
                    return end.err().map(|e| Err(Error::decode(e, &[], 0, &self.request)));
                }
                Ok(read) => (self.at, self.end) = (0, read),
                Err(e) => {
                    self.reader = None;
                    let mut error = Error::transport(e, &self.request, true);
                    if let (true, Error::Transport { code, .. }) = (self.canceler.is_canceled(), &mut error) {
                        *code = Code::Canceled;
                    }
                    return Some(Err(error));
                }
            }
        }
    }

    /// Method and address of the request.
    pub fn request(&self) -> &str {
        &self.request
    }
}
