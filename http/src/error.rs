//! Errors of requests, with the server's own words.

mod told;
mod words;

pub use words::error_words;
pub(crate) use words::{one_line, page_title};

use crate::cancel::Canceled;
use crate::client_cert_page::ClientCertificatePage;
use crate::deadline::{OF_CALL, OF_LIST, Overdue};
use crate::proxy::{NotHttp, ProxyRefusal, ProxyUnreachable};
use crate::request_line::RequestLine;
use crate::resolve::NameNotFound;
use crate::sign_in::cause::SignInCause;
use crate::tls::{TlsCause, TlsFailure};
use cardwright_core::Code;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

/// An error of a request. [`Error::code`] is its number in the library's list of errors.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// A setting cannot be used. Nothing was sent.
    #[non_exhaustive]
    Setup {
        /// The kind of setting, one of [`Code::is_setup`].
        code: Code,
        /// Which setting, and what is wrong with it.
        message: String,
        /// The error of the layers below, if there is one: a file that cannot be read, a text that is no PEM.
        source: Option<Box<dyn StdError + Send + Sync>>,
        /// The name of the setting, or `""`: see [`Error::setting`].
        setting: &'static str,
    },
    /// There is no answer, or it broke off.
    #[non_exhaustive]
    Transport {
        /// The kind of failure.
        code: Code,
        /// Method and address.
        request: RequestLine,
        /// The number of attempts.
        attempts: u32,
        /// Whether any byte of the request may have left, in whatever attempt.
        sent: bool,
        /// Whether it carried the proof of a password that the server has never accepted. It may have counted it, so
        /// that the request is not repeated.
        unproven: bool,
        /// The error of the layers below.
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The sign-in failed and the request was not carried out, or the server did not prove its identity.
    #[non_exhaustive]
    SignIn {
        /// Method and address.
        request: RequestLine,
        /// The reason.
        message: String,
        /// Whether the server may nevertheless have carried out the request.
        sent: bool,
        /// The same as a fact, where it is one of those that are told apart.
        cause: Option<Box<SignInCause>>,
    },
    /// The issuer gave no token. The request was not sent, or was refused for lack of a valid token.
    NoToken(std::sync::Arc<Error>),
    /// The server refused.
    Answer(Box<Answer>),
    /// The server's answer cannot be read.
    Decode(Box<Decode>),
    /// What was being read belongs to another process: it was forked since.
    #[non_exhaustive]
    OtherProcess {
        /// What it is: `a list`, `an answer`.
        what: &'static str,
    },
}

/// A refusal in the server's words.
#[derive(Debug)]
#[non_exhaustive]
pub struct Answer {
    /// The kind of refusal.
    pub code: Code,
    /// The HTTP status.
    pub status: u16,
    /// Method and address.
    pub request: RequestLine,
    /// The server's own words; empty if it gave none.
    pub words: String,
    /// Whether a page for people came, and no answer of an API.
    pub is_page: bool,
    /// The number of attempts.
    pub attempts: u32,
    /// How long the server asks to wait (`Retry-After`), if it says so.
    pub retry_after: Option<Duration>,
    /// Why nobody was let in, if that is the refusal and its cause is known.
    pub sign_in: Option<Box<SignInCause>>,
    /// The word of an OAuth issuer for its refusal (RFC 6749, 5.2; RFC 8628, 3.5), such as `invalid_client`.
    pub oauth: Option<String>,
    /// What its page says of the client's certificate, if it says something.
    pub client_certificate: Option<ClientCertificatePage>,
    /// The error of who could not read it.
    below: Option<Box<dyn StdError + Send + Sync>>,
}

/// An answer that cannot be read.
#[derive(Debug)]
#[non_exhaustive]
pub struct Decode {
    /// What is wrong, and at which offset in the answer.
    pub error: cardwright_core::Error,
    /// Method and address.
    pub request: RequestLine,
    /// The field, such as `$[3].certificates[0].validTo`.
    pub path: String,
    /// The beginning of what is there.
    pub excerpt: String,
}

impl Error {
    /// The number of the error.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Error::Setup { code, .. } | Error::Transport { code, .. } => *code,
            Error::SignIn { .. } => Code::SignIn,
            Error::Answer(answer) => answer.code,
            Error::NoToken(error) => error.code(),
            Error::Decode(decode) => decode.error.code,
            Error::OtherProcess { .. } => Code::Argument,
        }
    }

    /// The server's refusal, or its answer that is none of an API, if that is the error.
    #[must_use]
    pub fn as_answer(&self) -> Option<&Answer> {
        match self {
            Error::Answer(answer) => Some(answer),
            _ => None,
        }
    }

    /// The HTTP status, if the server refused.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.as_answer().map(|answer| answer.status)
    }

    /// The refusal of a proxy to let the request pass, if that is the error.
    #[must_use]
    pub fn proxy_refusal(&self) -> Option<&ProxyRefusal> {
        self.below()
    }

    /// The proxy that cannot be reached, if that is the error.
    #[must_use]
    pub fn proxy_unreachable(&self) -> Option<&ProxyUnreachable> {
        self.below()
    }

    /// The error of the layers below, if it is of this type.
    fn below<T: StdError + 'static>(&self) -> Option<&T> {
        match self {
            Error::Transport { source, .. } => source.downcast_ref(),
            Error::NoToken(error) => error.below(),
            _ => None,
        }
    }

    /// Why the sign-in failed, if that is the error and its cause is known. Of several schemes that were tried, it is
    /// the cause that explains most.
    #[must_use]
    pub fn sign_in_cause(&self) -> Option<&SignInCause> {
        match self {
            Error::SignIn { cause, .. } => cause.as_deref(),
            Error::Answer(answer) => answer.sign_in.as_deref(),
            Error::Transport { source, .. } => source.downcast_ref::<Error>()?.sign_in_cause(),
            _ => None,
        }
    }

    /// The word of an OAuth issuer that gave no token (RFC 6749, 5.2; RFC 8628, 3.5), such as `invalid_client`.
    #[must_use]
    pub fn oauth_error(&self) -> Option<&str> {
        match self {
            Error::NoToken(error) => error.oauth_error(),
            Error::Answer(answer) => answer.oauth.as_deref(),
            _ => None,
        }
    }

    /// The failure of TLS, if that is the error.
    #[must_use]
    pub fn tls_failure(&self) -> Option<&TlsFailure> {
        match self {
            Error::Transport { source, .. } => source.downcast_ref(),
            Error::NoToken(error) => error.tls_failure(),
            _ => None,
        }
    }

    /// The cause of the failure of TLS, if that is the error.
    #[must_use]
    pub fn tls_cause(&self) -> Option<&TlsCause> {
        self.tls_failure().map(|failure| &failure.cause)
    }

    pub(crate) fn sign_in(request: &str, message: impl Into<String>, sent: bool) -> Self {
        Error::SignIn { request: request.into(), message: message.into(), sent, cause: None }
    }

    /// The same error of a sign-in that failed for this cause.
    pub(crate) fn because(mut self, because: Option<SignInCause>) -> Self {
        match &mut self {
            Error::SignIn { cause, .. } => *cause = because.map(Box::new),
            Error::Answer(answer) => answer.sign_in = because.map(Box::new),
            _ => {}
        }
        self
    }

    /// The same refusal of an issuer, with its word for it.
    pub(crate) fn with_oauth(mut self, word: &str) -> Self {
        if let Error::Answer(answer) = &mut self {
            let is_word = (1..=64).contains(&word.len())
                && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b));
            answer.oauth = is_word.then(|| word.to_string());
        }
        self
    }

    /// An error of the layers below.
    pub(crate) fn transport(error: impl Into<ureq::Error>, request: &str, sent: bool) -> Self {
        let error = error.into();
        if let ureq::Error::Io(io) = &error
            && let Some(OtherProcess(what)) = io.get_ref().and_then(|below| below.downcast_ref())
        {
            return Error::OtherProcess { what };
        }
        if let ureq::Error::Io(io) = &error
            && io.get_ref().is_some_and(|below| below.is::<Canceled>())
        {
            return Error::canceled(request, sent);
        }
        let code = code_of(&error);
        let source: Box<dyn StdError + Send + Sync> = match error {
            ureq::Error::Other(source) => source,
            ureq::Error::Io(io) => Box::new(io),
            ureq::Error::Timeout(OF_CALL) => Box::new(Overdue("the call took longer than it may in total")),
            ureq::Error::Timeout(OF_LIST) => Box::new(Overdue("the list took longer than it may in total")),
            error => Box::new(error),
        };
        Error::Transport { code, request: request.into(), attempts: 1, sent, unproven: false, source }
    }

    /// A request that somebody's own transport has not delivered.
    pub(crate) fn undelivered(code: Code, request: &str, sent: bool, source: Box<dyn StdError + Send + Sync>) -> Self {
        Error::Transport { code, request: request.into(), attempts: 1, sent, unproven: false, source }
    }

    /// A request that was not sent or was given up because of a [`Canceler`](crate::Canceler).
    pub(crate) fn canceled(request: &str, sent: bool) -> Self {
        let source = Box::new(Canceled);
        Error::Transport { code: Code::Canceled, request: request.into(), attempts: 1, sent, unproven: false, source }
    }

    /// The same error of a request that carried the proof of a password, which the server has never accepted.
    pub(crate) fn with_unproven_password(mut self) -> Self {
        if let Error::Transport { unproven, .. } = &mut self {
            *unproven = true;
        }
        self
    }

    pub(crate) fn no_token(error: Self) -> Self {
        Error::NoToken(std::sync::Arc::new(error))
    }

    /// A refusal, or an answer that is not what was requested, with the server's words or ours.
    pub fn answer(code: Code, status: u16, request: &str, words: impl Into<String>) -> Self {
        let (request, words) = (request.into(), words.into());
        Error::Answer(Box::new(Answer {
            code,
            status,
            request,
            words,
            is_page: false,
            attempts: 1,
            retry_after: None,
            sign_in: None,
            oauth: None,
            client_certificate: None,
            below: None,
        }))
    }

    /// A page for people where JSON was asked for, by its beginning: a sign-in page, a portal's.
    pub(crate) fn page(status: u16, request: &str, beginning: &[u8]) -> Self {
        let title = page_title(&String::from_utf8_lossy(beginning));
        let page = title.map_or_else(|| "a page without a title".to_string(), |title| one_line(&title));
        let words = format!("{page}, where an answer of the API was asked for");
        Self::answer(Code::Unreadable, status, request, words).of_page(true)
    }

    /// The same refusal, which is a page for people or not.
    pub(crate) fn of_page(mut self, is_page: bool) -> Self {
        if let Error::Answer(answer) = &mut self {
            answer.is_page = is_page;
        }
        self
    }

    /// The number of attempts; 0 if nothing was sent or the number is unknown.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        match self {
            Error::Transport { attempts, .. } => *attempts,
            _ => self.as_answer().map_or(0, |answer| answer.attempts),
        }
    }

    /// How long the server asks to wait before the next attempt.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.as_answer()?.retry_after
    }

    /// What the page of a refusal says of the client's certificate, if it says something.
    #[must_use]
    pub fn client_certificate_page(&self) -> Option<ClientCertificatePage> {
        self.as_answer()?.client_certificate
    }

    /// The same error of a server whose page says this of the client's certificate.
    pub(crate) fn with_client_certificate(mut self, page: Option<ClientCertificatePage>) -> Self {
        if let Error::Answer(answer) = &mut self {
            answer.client_certificate = page;
        }
        self
    }

    /// The same error of a server that asks to wait.
    pub(crate) fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        if let Error::Answer(answer) = &mut self {
            answer.retry_after = wait;
        }
        self
    }

    /// The same error after this number of attempts.
    #[must_use]
    pub fn after(mut self, sent: u32) -> Self {
        match &mut self {
            Error::Transport { attempts, .. } => *attempts = sent,
            Error::Answer(answer) => answer.attempts = sent,
            _ => {}
        }
        self
    }

    /// Whether the request may have reached the server: `false` only where it is certain that no byte of it left,
    /// over all attempts, or where the server turned it away at the sign-in. What was written to make a connection,
    /// CONNECT to a proxy or the handshake of TLS, does not count.
    #[must_use]
    pub fn was_sent(&self) -> bool {
        match self {
            Error::Transport { sent, .. } | Error::SignIn { sent, .. } => *sent,
            Error::Setup { .. } | Error::NoToken(_) => false,
            Error::Answer(_) | Error::Decode(_) | Error::OtherProcess { .. } => true,
        }
    }

    /// The same error of a request of which an earlier attempt may have reached the server.
    pub(crate) fn and_sent(mut self, earlier: bool, request: &str) -> Self {
        if !earlier || self.was_sent() {
            return self;
        }
        match &mut self {
            Error::Transport { sent, .. } | Error::SignIn { sent, .. } => *sent = true,
            _ => {
                let (code, request) = (self.code(), request.into());
                let source = Box::new(self);
                return Error::Transport { code, request, attempts: 1, sent: true, unproven: false, source };
            }
        }
        self
    }

    /// Writes its texts anew: for who may not have something in them, as logs may not have a person's number.
    pub fn rewrite(&mut self, anew: &dyn Fn(&str) -> String) {
        let texts = match self {
            Error::Setup { message, .. } => vec![message],
            Error::SignIn { request, message, .. } => {
                request.rewrite(anew);
                vec![message]
            }
            Error::Answer(answer) => {
                answer.request.rewrite(anew);
                vec![&mut answer.words]
            }
            Error::Decode(decode) => {
                decode.request.rewrite(anew);
                vec![&mut decode.path, &mut decode.excerpt]
            }
            Error::Transport { request, source, .. } => {
                if let Some(below) = source.downcast_mut::<Error>() {
                    below.rewrite(anew);
                }
                request.rewrite(anew);
                vec![]
            }
            // A token's request is not about a card.
            Error::NoToken(_) | Error::OtherProcess { .. } => vec![],
        };
        for text in texts {
            *text = anew(text);
        }
    }

    /// A fault in a document that begins at offset `base` of the answer.
    #[must_use]
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

/// An answer is read in another process than the one that asked for it; for errors of `io`.
#[derive(Debug)]
pub(crate) struct OtherProcess(pub(crate) &'static str);

impl fmt::Display for OtherProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Error::OtherProcess { what: self.0 }.fmt(f)
    }
}

impl StdError for OtherProcess {}

/// The code for an error of the layers below.
fn code_of(error: &ureq::Error) -> Code {
    match error {
        ureq::Error::Timeout(_) => Code::Timeout,
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => Code::Unreachable,
        ureq::Error::BadUri(_) | ureq::Error::RequireHttpsOnly(_) => Code::Address,
        ureq::Error::Other(source) if source.is::<ProxyRefusal>() => Code::Unreachable,
        ureq::Error::Other(source) if source.is::<ProxyUnreachable>() || source.is::<NameNotFound>() => {
            Code::Unreachable
        }
        ureq::Error::Other(source) if source.is::<NotHttp>() => Code::Unreadable,
        // A connection that is closed early may stand a little later.
        ureq::Error::Other(source)
            if source.downcast_ref().is_some_and(|failure: &TlsFailure| failure.cause == TlsCause::Closed) =>
        {
            Code::Broken
        }
        ureq::Error::Tls(_) | ureq::Error::TlsRequired | ureq::Error::Other(_) => Code::Tls,
        ureq::Error::Http(_) | ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) => Code::Unreadable,
        ureq::Error::Io(io) => match io.kind() {
            std::io::ErrorKind::ConnectionRefused
            | std::io::ErrorKind::NetworkUnreachable
            | std::io::ErrorKind::HostUnreachable
            | std::io::ErrorKind::AddrNotAvailable => Code::Unreachable,
            std::io::ErrorKind::TimedOut | std::io::ErrorKind::WouldBlock => Code::Timeout,
            _ => Code::Broken,
        },
        _ => Code::Broken,
    }
}
