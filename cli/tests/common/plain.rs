//! HTTP by hand to a server process.

use super::process::Process;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Where a server is, and its account.
pub(crate) struct Address {
    pub(crate) authority: String,
    pub(crate) user: String,
    pub(crate) password: String,
}

impl Address {
    pub(crate) fn of(server: &Process) -> Self {
        let authority = server.url.trim_start_matches("http://").split('/').next().expect("an address");
        let (user, password) = (server.user.clone(), server.password.clone());
        Address { authority: authority.to_owned(), user, password }
    }

    /// A connection on which a request was sent, with these credentials if there are any.
    pub(crate) fn ask(&self, path: &str, credentials: Option<(&str, &str)>) -> io::Result<TcpStream> {
        let mut stream = TcpStream::connect(&self.authority)?;
        stream.set_read_timeout(Some(Duration::from_secs(120)))?;
        let mut head = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.authority);
        if let Some((user, password)) = credentials {
            head += &format!("Authorization: Basic {}\r\n", STANDARD.encode(format!("{user}:{password}")));
        }
        stream.write_all((head + "\r\n").as_bytes())?;
        Ok(stream)
    }

    /// The status of the answer to a request.
    pub(crate) fn status(&self, path: &str, credentials: Option<(&str, &str)>) -> io::Result<u16> {
        let mut answer = Vec::new();
        self.ask(path, credentials)?.read_to_end(&mut answer)?;
        let head = String::from_utf8_lossy(&answer);
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        status.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    /// The status of the answer to a request of its own account.
    pub(crate) fn own_status(&self, path: &str) -> io::Result<u16> {
        self.status(path, Some((&self.user, &self.password)))
    }
}

/// How often a text stands in the answer to a request, and whether the answer is whole; it is not kept.
pub(crate) fn count(mut stream: TcpStream, text: &[u8]) -> io::Result<(usize, bool)> {
    let (mut found, mut kept, mut buffer) = (0, Vec::new(), vec![0; 64 << 10]);
    loop {
        let read = stream.read(&mut buffer)?;
        if read == 0 {
            // A chunked body ends with an empty chunk, and a list with a bracket.
            return Ok((found, kept.ends_with(b"]\r\n0\r\n\r\n") || kept.ends_with(b"]")));
        }
        kept.extend_from_slice(&buffer[..read]);
        found += memchr::memmem::find_iter(&kept, text).count();
        // A text that stands across the border was not found yet, and one before it is not counted again.
        let from = memchr::memmem::rfind(&kept, text).map_or(0, |at| at + text.len());
        let from = from.max(kept.len().saturating_sub(text.len() - 1).min(kept.len().saturating_sub(16)));
        kept.drain(..from.min(kept.len()));
    }
}
