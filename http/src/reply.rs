//! A successful answer, whose body is read as a whole, element by element, or only to its end.

use crate::abort::Abort;
use crate::error::{Error, error_words, one_line, page_title};
use crate::page::{first_character, is_page};
use crate::request_line::RequestLine;
use crate::response::{ERROR_BODY, Response, header};
use crate::sign_in::cause::SignInCause;
use cardwright_core::Code;
use std::fmt;
use std::io::{self, Cursor, Read};

/// How far the beginning of a body is looked at, in bytes: blanks before a page or a document.
const PEEK: usize = 1024;

/// A successful answer, whose body has not been read yet.
pub struct Reply {
    body: ureq::BodyReader<'static>,
    /// What was read of the body to look at it.
    beginning: Vec<u8>,
    content_type: String,
    /// Method and address of the request, for errors.
    pub request: String,
    /// The HTTP status.
    pub status: u16,
    /// Whether the status says that there is no body.
    empty: bool,
    abort: Option<Abort>,
}

/// A body that may have been looked at.
pub(crate) type Body = io::Chain<Cursor<Vec<u8>>, ureq::BodyReader<'static>>;

/// An answer that was read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finished {
    /// The HTTP status.
    pub status: u16,
    /// What came with it.
    pub body: BodyKind,
}

/// What an answer holds beside its status.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "a body is empty, a page or something else: there is no fourth")]
pub enum BodyKind {
    /// Nothing, or blanks.
    Empty,
    /// A page, in words: `a page titled "Sign in"`.
    Html(String),
    /// Something else: the server's words for an error if it holds any, or its beginning. One line of at most 401
    /// characters.
    Other(String),
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Reply { request, status, content_type, .. } = self;
        let mut debug = f.debug_struct("Reply");
        let request = RequestLine::from(request.as_str());
        debug.field("request", &request).field("status", status).field("content_type", content_type);
        debug.finish_non_exhaustive()
    }
}

impl Reply {
    /// An answer to a request.
    pub(crate) fn new(answer: Response, request: String) -> Self {
        let empty = matches!(answer.status().as_u16(), 204 | 205);
        Reply { empty, ..Self::raw(answer, request) }
    }

    /// An answer whose body is taken as it is, whatever its status says.
    pub(crate) fn raw(answer: Response, request: String) -> Self {
        let status = answer.status().as_u16();
        let content_type = header(&answer, "Content-Type").unwrap_or_default();
        let abort = answer.extensions().get().cloned();
        let body = answer.into_body().into_with_config().limit(u64::MAX).reader();
        Reply { body, beginning: Vec::new(), content_type, request, status, empty: false, abort }
    }

    /// The header `Content-Type`, or `""`.
    #[must_use]
    pub fn content_type(&self) -> &str {
        &self.content_type
    }

    /// Whether the body is a page for people: by its type, or because it begins with `<`. Blocks until the beginning
    /// of the body has arrived.
    pub fn is_html(&mut self) -> bool {
        while !self.empty && first_character(&self.beginning).is_none() && self.beginning.len() < PEEK {
            let mut piece = [0; 64];
            match self.body.read(&mut piece) {
                Ok(read @ 1..) => self.beginning.extend_from_slice(piece.get(..read).unwrap_or(&[])),
                // An error will come again when the body is read.
                _ => break,
            }
        }
        is_page(&self.content_type, &self.beginning)
    }

    /// The whole body, which should be JSON, or `None` if it is empty or blank.
    ///
    /// # Errors
    /// [`Error::Transport`] if the answer breaks off, [`Error::Decode`] if it is larger than `limit` bytes, and
    /// [`Error::Answer`] for a page.
    pub fn document(self, limit: usize) -> Result<Option<Vec<u8>>, Error> {
        let (status, request) = (self.status, self.request.clone());
        match self.body(limit)? {
            Some(page) if first_character(&page) == Some(b'<') => Err(Error::page(status, &request, &page)),
            document => Ok(document),
        }
    }

    /// The whole body, whatever it is, or `None` if it is empty or blank.
    pub(crate) fn body(self, limit: usize) -> Result<Option<Vec<u8>>, Error> {
        let (Some(body), request) = self.reader() else { return Ok(None) };
        let mut document = Vec::new();
        let read = body.take(limit as u64 + 1).read_to_end(&mut document);
        read.map_err(|e| Error::transport(e, &request, true))?;
        if document.len() > limit {
            return Err(Error::decode(cardwright_core::Error::new(Code::Room, 0), &document, 0, &request));
        }
        let blank = document.iter().all(u8::is_ascii_whitespace);
        Ok((!blank).then_some(document))
    }

    /// Reads the rest of the answer, so that its connection can be used again, and says what it holds.
    #[must_use]
    pub fn finish(self) -> Finished {
        let (status, content_type) = (self.status, self.content_type.clone());
        let mut bytes = Vec::new();
        // An answer that breaks off here is still an answer.
        let read = match self.reader() {
            (Some(body), _) => body.take(ERROR_BODY).read_to_end(&mut bytes),
            (None, _) => Ok(0),
        };
        let body = match body_kind(&content_type, &bytes) {
            BodyKind::Empty if read.is_err() => BodyKind::Other("the answer broke off".to_string()),
            kind => kind,
        };
        Finished { status, body }
    }

    /// Gives the answer up from another thread than the one that reads it.
    pub(crate) fn abort(&self) -> Option<Abort> {
        self.abort.clone()
    }

    /// The body to be read piece by piece, if there is one, and the label of the request.
    pub(crate) fn reader(self) -> (Option<Body>, String) {
        let Reply { body, beginning, request, empty, .. } = self;
        ((!empty).then(|| Cursor::new(beginning).chain(body)), request)
    }
}

fn body_kind(content_type: &str, body: &[u8]) -> BodyKind {
    if first_character(body).is_none() {
        return BodyKind::Empty;
    }
    if is_page(content_type, body) {
        let title = page_title(&String::from_utf8_lossy(body));
        return BodyKind::Html(title.map_or_else(|| "a page without a title".to_string(), |title| one_line(&title)));
    }
    let words = error_words(body);
    BodyKind::Other(match words.is_empty() {
        true => one_line(&String::from_utf8_lossy(body)),
        false => words,
    })
}

/// An answer, unchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Raw {
    /// The HTTP status.
    pub status: u16,
    /// The `Content-Type` header, or `""`.
    pub content_type: String,
    /// The `Date` header: the server's clock.
    pub date: Option<String>,
    /// All headers in their order, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Why nobody was let in, if that is what the status says and the cause is known.
    pub sign_in: Option<SignInCause>,
}

impl Raw {
    /// JSON as an answer of success: for what was read in another way.
    #[must_use]
    pub fn of_json(json: String) -> Self {
        let content_type = "application/json".to_string();
        Raw { status: 200, content_type, date: None, headers: Vec::new(), body: json.into_bytes(), sign_in: None }
    }

    /// The values of a header, whatever the case of its name.
    pub fn header<'r>(&'r self, name: &'r str) -> impl Iterator<Item = &'r str> {
        self.headers.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_empty_a_page_or_something_else_in_words() {
        let json = "application/json";
        let rows = [
            (json, "", BodyKind::Empty),
            ("text/html", " \r\n", BodyKind::Empty),
            (json, "\u{feff}\n", BodyKind::Empty),
            ("text/html; charset=utf-8", "Sign in", BodyKind::Html("a page without a title".into())),
            (json, "\u{feff} <title>Sign\n in</title>", BodyKind::Html("a page titled \"Sign in\"".into())),
            (json, r#"{"error":"The card is locked."}"#, BodyKind::Other("The card is locked.".into())),
            (json, r#"{"taskId": 5}"#, BodyKind::Other(r#"{"taskId": 5}"#.into())),
            (json, "null", BodyKind::Other("null".into())),
            ("text/plain", "later,\n perhaps", BodyKind::Other("later, perhaps".into())),
        ];
        for (content_type, body, expected) in rows {
            assert_eq!(body_kind(content_type, body.as_bytes()), expected, "{body:?}");
        }
        let BodyKind::Other(words) = body_kind(json, "x".repeat(5000).as_bytes()) else { panic!("text") };
        assert_eq!(words.chars().count(), 401);
    }
}
