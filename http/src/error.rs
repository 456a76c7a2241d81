//! What can go wrong between here and a server, with the server's own words.

use cardwright_core::Code;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

/// What went wrong. [`Error::code`] is its number in the one list of the library.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The client was set up with something that cannot be used.
    Setup {
        /// What is wrong with what.
        message: String,
    },
    /// No answer came.
    Transport {
        /// What kind of failure.
        code: Code,
        /// What was asked: method and address.
        request: String,
        /// How often it was sent.
        attempts: u32,
        /// What the layers below said.
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The sign-in failed, and the request was not carried out; or the server could not prove who it is.
    SignIn {
        /// What was asked: method and address.
        request: String,
        /// What is in the way.
        message: String,
        /// Whether the server may have carried the request out all the same.
        sent: bool,
    },
    /// The issuer of tokens gave none. The request was not sent, or was refused for the lack of a good one.
    NoToken(std::sync::Arc<Error>),
    /// The server answered with a refusal.
    Answer(Box<Answer>),
    /// The server's answer cannot be read.
    Decode(Box<Decode>),
}

/// A refusal, as the server put it.
#[derive(Debug)]
pub struct Answer {
    /// What kind of refusal.
    pub code: Code,
    /// The HTTP status.
    pub status: u16,
    /// What was asked: method and address.
    pub request: String,
    /// The server's own words; empty where it said nothing.
    pub words: String,
    /// How often it was sent.
    pub attempts: u32,
    /// How long the server asks to wait (`Retry-After`), where it says so in seconds.
    pub retry_after: Option<Duration>,
}

/// An answer that cannot be read.
#[derive(Debug)]
pub struct Decode {
    /// What is wrong, with the offset in the answer.
    pub error: cardwright_core::Error,
    /// What was asked: method and address.
    pub request: String,
    /// Which field it is, such as `$[3].certificates[0].validTo`.
    pub path: String,
    /// What stands there.
    pub excerpt: String,
}

impl Error {
    /// The number of the error.
    pub fn code(&self) -> Code {
        match self {
            Error::Setup { .. } => Code::Address,
            Error::Transport { code, .. } => *code,
            Error::SignIn { .. } => Code::SignIn,
            Error::Answer(answer) => answer.code,
            Error::NoToken(error) => error.code(),
            Error::Decode(decode) => decode.error.code,
        }
    }

    /// The HTTP status, where the server answered with a refusal.
    pub fn status(&self) -> Option<u16> {
        match self {
            Error::Answer(answer) => Some(answer.status),
            _ => None,
        }
    }

    /// A setting that cannot be used.
    pub fn setup(message: impl Into<String>) -> Self {
        Error::Setup { message: message.into() }
    }

    pub(crate) fn sign_in(request: &str, message: &str) -> Self {
        Error::SignIn { request: request.to_string(), message: message.to_string(), sent: false }
    }

    pub(crate) fn no_token(error: Self) -> Self {
        Error::NoToken(std::sync::Arc::new(error))
    }

    /// An answer that is a refusal, or that cannot be what was asked for; with the server's words or ours.
    pub fn answer(code: Code, status: u16, request: &str, words: impl Into<String>) -> Self {
        let (request, words) = (request.into(), words.into());
        Error::Answer(Box::new(Answer { code, status, request, words, attempts: 1, retry_after: None }))
    }

    /// How often the request was sent; 0 where it was not, or where that is not known.
    pub fn attempts(&self) -> u32 {
        match self {
            Error::Transport { attempts, .. } => *attempts,
            Error::Answer(answer) => answer.attempts,
            _ => 0,
        }
    }

    /// How long the server asks to wait before the next attempt.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Error::Answer(answer) => answer.retry_after,
            _ => None,
        }
    }

    /// The same error, of a server that asks to wait.
    pub(crate) fn asking(mut self, wait: Option<Duration>) -> Self {
        if let Error::Answer(answer) = &mut self {
            answer.retry_after = wait;
        }
        self
    }

    /// The same error after so many attempts.
    pub fn after(mut self, sent: u32) -> Self {
        match &mut self {
            Error::Transport { attempts, .. } => *attempts = sent,
            Error::Answer(answer) => answer.attempts = sent,
            _ => {}
        }
        self
    }

    /// Whether a change may have been carried out although this came back: the answer was lost, or a
    /// gateway gave up waiting for it.
    pub fn is_lost_answer(&self) -> bool {
        match self {
            Error::Transport { code, .. } => {
                matches!(code, Code::Broken | Code::Timeout | Code::Unreadable | Code::Canceled)
            }
            Error::Answer(answer) => matches!(answer.status, 408 | 502 | 503 | 504),
            Error::SignIn { sent, .. } => *sent,
            _ => false,
        }
    }

    /// A fault in a document that was read; `document` begins at `base` in the whole answer.
    pub fn decode(error: cardwright_core::Error, document: &[u8], base: usize, request: &str) -> Self {
        let mut path = String::new();
        let _ = cardwright_core::json::path(document, error.at, &mut path);
        if error.code == Code::JsonMissing {
            path = format!("{path}.{}", error.what);
        }
        let excerpt = document.get(error.at..).unwrap_or(&[]);
        let excerpt = String::from_utf8_lossy(excerpt.get(..40).unwrap_or(excerpt)).into_owned();
        Error::Decode(Box::new(Decode { error: error.within(base), request: request.into(), path, excerpt }))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Setup { message } => f.write_str(message),
            Error::Transport { code, request, attempts, source } => {
                write!(f, "{request}: {}: {source}{}", code.text(), Times(*attempts))
            }
            Error::SignIn { request, message, .. } => write!(f, "{request}: {}: {message}", Code::SignIn.text()),
            Error::Answer(answer) => {
                write!(f, "{}: {} (status {})", answer.request, answer.code.text(), answer.status)?;
                if !answer.words.is_empty() {
                    write!(f, ": {}", answer.words)?;
                }
                write!(f, "{}", Times(answer.attempts))
            }
            Error::Decode(decode) => {
                write!(f, "{}: {} ({})", decode.request, decode.error, decode.path)?;
                if !decode.excerpt.is_empty() {
                    write!(f, ": {:?}", decode.excerpt)?;
                }
                Ok(())
            }
            Error::NoToken(error) => write!(f, "no token: {error}"),
        }
    }
}

/// How often something was sent, where that was more than once.
struct Times(u32);

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 | 1 => Ok(()),
            times => write!(f, " (after {times} attempts)"),
        }
    }
}

impl StdError for Error {
    /// The layers below are part of the text already, except those of the network.
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Error::Transport { source, .. } => source.source(),
            Error::NoToken(error) => error.source(),
            _ => None,
        }
    }
}

/// The words of an error body: ProblemDetails of ASP.NET Core, `HttpError` of Web API, the title of
/// a page, or the text itself. One line, and not longer than anybody would read.
pub fn error_words(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{feff}').trim();
    let said = match serde_json::from_str::<serde_json::Value>(text) {
        Ok(serde_json::Value::Object(object)) => words_of_object(&object),
        Ok(serde_json::Value::String(said)) => said,
        _ => match page_title(text) {
            Some(title) => title,
            None => text.to_string(),
        },
    };
    let space = |c: char| c.is_whitespace() || c.is_control();
    let mut line: String = said.split(space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = line.char_indices().nth(400) {
        line.truncate(end);
        line.push('…');
    }
    line
}

fn words_of_object(object: &serde_json::Map<String, serde_json::Value>) -> String {
    let text = |wanted: &str| {
        object.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).and_then(|(_, value)| value.as_str())
    };
    let mut parts: Vec<String> = Vec::new();
    let mut say = |part: &str| {
        if !part.is_empty() && !parts.iter().any(|said| said == part) {
            parts.push(part.to_string());
        }
    };
    // A title is a general word; it counts where nothing says more.
    let general = if object.contains_key("detail") { "" } else { text("title").unwrap_or("") };
    say(general);
    ["detail", "Message", "ExceptionMessage", "error", "error_description"]
        .iter()
        .filter_map(|name| text(name))
        .for_each(&mut say);
    for name in ["errors", "ModelState"] {
        let Some(serde_json::Value::Object(fields)) = object.get(name) else { continue };
        for (field, faults) in fields {
            let faults = match faults {
                serde_json::Value::Array(faults) => {
                    faults.iter().filter_map(|fault| fault.as_str()).collect::<Vec<_>>().join(" ")
                }
                other => other.to_string(),
            };
            say(&format!("{field}: {faults}"));
        }
    }
    parts.join(" ")
}

fn page_title(text: &str) -> Option<String> {
    let lower = text.get(..text.len().min(4096)).unwrap_or(text).to_ascii_lowercase();
    let start = lower.find("<title")?;
    let start = start + lower.get(start..)?.find('>')? + 1;
    let end = start + lower.get(start..)?.find("</title")?;
    Some(format!("a page titled \"{}\"", text.get(start..end)?.trim()))
}

/// What a failure of the layers below means.
pub(crate) fn failure(error: ureq::Error, request: &str) -> Error {
    let code = match &error {
        ureq::Error::Timeout(_) => Code::Timeout,
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed | ureq::Error::ConnectProxyFailed(_) => {
            Code::Unreachable
        }
        ureq::Error::BadUri(_) | ureq::Error::RequireHttpsOnly(_) => Code::Address,
        ureq::Error::Tls(_) | ureq::Error::TlsRequired | ureq::Error::Other(_) => Code::Tls,
        ureq::Error::Http(_) | ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) => Code::Unreadable,
        ureq::Error::Io(io) => match io.kind() {
            std::io::ErrorKind::ConnectionRefused
            | std::io::ErrorKind::NetworkUnreachable
            | std::io::ErrorKind::HostUnreachable
            | std::io::ErrorKind::AddrNotAvailable => Code::Unreachable,
            std::io::ErrorKind::TimedOut | std::io::ErrorKind::WouldBlock => Code::Timeout,
            std::io::ErrorKind::InvalidData if io.get_ref().is_some_and(|e| e.is::<rustls::Error>()) => Code::Tls,
            _ => Code::Broken,
        },
        _ => Code::Broken,
    };
    Error::Transport { code, request: request.to_string(), attempts: 1, source: Box::new(error) }
}
