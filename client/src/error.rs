//! Errors of calls to a card management system.

use cardwright_core::certiflow::{Dialect, Finding};
use cardwright_core::lifecycle::{Evidence, NativeState, Operation};
use cardwright_core::{Code, Named as _, mim::RequestStatus};
use cardwright_http::RequestLine;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// What went wrong. [`Error::code`] is its number in the one list of the library.
///
/// ```
/// # use cardwright_client::{CertiFlow, Client, Credentials};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// use cardwright_client::Error;
/// use cardwright_core::Code;
///
/// let wrong = Client::<CertiFlow>::builder(server.certiflow_url())
///     .credentials(Credentials::basic(TestServer::USER, "another password"))
///     .build()?;
/// let error = wrong.card("1013").unwrap_err();
/// match &error {
///     Error::Http(http) => eprintln!("{}", cardwright_client::http::chain(http)),
///     // What is new in a later version has a code and words too.
///     other => eprintln!("{:?}: {other}", other.code()),
/// }
/// assert_eq!((error.code(), error.status()), (Code::SignIn, Some(401)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The call cannot be made: the dialect or the system lacks it, or an argument is unusable.
    Call(cardwright_core::Error),
    /// The request failed: set-up, network, sign-in, or the server's answer.
    Http(cardwright_http::Error),
    /// The operation was not sent, because it is not allowed in the card's state.
    #[non_exhaustive]
    NotAllowed {
        /// The operation.
        operation: Operation,
        /// The card's state, where it is known.
        state: Option<NativeState>,
        /// How sure it is that the operation is not allowed.
        evidence: Evidence,
        /// Why.
        reason: String,
    },
    /// A request of MIM CM ended without success.
    #[non_exhaustive]
    RequestEnded {
        /// The request's id.
        request: String,
        /// How it ended; `None` where the number is not known.
        status: Option<RequestStatus>,
    },
    /// The server said yes, and what was read afterwards does not show it.
    Unverified,
    /// The server has no card with this id.
    #[non_exhaustive]
    NoCard {
        /// The id.
        id: String,
    },
    /// The record that was read belongs to another card than the one that was meant. Nothing was sent.
    #[non_exhaustive]
    OtherCard {
        /// The id of the record.
        id: String,
        /// What is different.
        words: String,
    },
    /// The card is no longer as it was shown to the person who was asked. Nothing was sent.
    #[non_exhaustive]
    Changed {
        /// The id of the card.
        id: String,
        /// What is different.
        words: String,
    },
    /// The server ignores a filter, and lists cards that were not asked for.
    Ignored(cardwright_http::Error),
    /// The server speaks another generation of CertiFlow's API than the one that was given. Nothing was changed.
    #[non_exhaustive]
    Dialect {
        /// The one that was given.
        given: Dialect,
        /// The one to give.
        found: Dialect,
        /// From what that is known.
        finding: Finding,
    },
    /// The server has no API of its own: it is none of `cardwright serve`, or has it switched off.
    #[non_exhaustive]
    NoOwnApi {
        /// What was asked, or the base of the API that was to be asked.
        request: RequestLine,
    },
    /// The journal of a bulk run cannot be used.
    #[non_exhaustive]
    Journal {
        /// The file.
        file: PathBuf,
        /// Why, and what would be right.
        message: String,
        /// The error of the system, if it is one. Its words are in the message already.
        source: Option<std::io::Error>,
    },
}

impl Error {
    /// The number of the error.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Error::Call(error) => error.code,
            Error::Http(error) | Error::Ignored(error) => error.code(),
            Error::Dialect { .. } => Code::Unexpected,
            Error::NotAllowed { .. } => Code::NotAllowed,
            Error::RequestEnded { .. } => Code::RequestEnded,
            Error::NoCard { .. } => Code::NotFound,
            Error::Unverified | Error::OtherCard { .. } | Error::Changed { .. } => Code::Unexpected,
            Error::NoOwnApi { .. } => Code::NoSuchCall,
            Error::Journal { .. } => Code::Journal,
        }
    }

    /// The failure of the request, if it is one.
    #[must_use]
    pub fn http(&self) -> Option<&cardwright_http::Error> {
        match self {
            Error::Http(error) | Error::Ignored(error) => Some(error),
            _ => None,
        }
    }

    /// The HTTP status, where the server answered with a refusal.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.http()?.status()
    }

    /// Writes the texts of a failed request anew, as [`cardwright_http::Error::rewrite`] does.
    pub fn rewrite(&mut self, anew: &dyn Fn(&str) -> String) {
        if let Error::Http(error) | Error::Ignored(error) = self {
            error.rewrite(anew);
        }
    }

    /// How long the server asks to wait before the next attempt.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.http()?.retry_after()
    }

    /// Whether the token issuer returned no token.
    #[must_use]
    pub fn is_no_token(&self) -> bool {
        matches!(self, Error::Http(cardwright_http::Error::NoToken(_)))
    }

    /// The same refusal with more words.
    pub(crate) fn with_words(mut self, more: &str) -> Self {
        if let Error::Http(cardwright_http::Error::Answer(answer)) = &mut self {
            let gap = if answer.words.is_empty() { "" } else { "; " };
            answer.words = format!("{}{gap}{more}", answer.words);
        }
        self
    }

    pub(crate) fn other_card(id: &str, words: String) -> Self {
        Error::OtherCard { id: id.into(), words }
    }

    /// A setting or an argument that cannot be used.
    pub(crate) fn setting(message: impl Into<String>) -> Self {
        cardwright_http::Error::setup(Code::Setting, message).into()
    }

    /// The whole in one line, with the values of parameters in addresses, which `Display` and `Debug` leave out: they
    /// may be names of people. Nothing else is left out there: the path of an address, the server's own words, and ours
    /// about a record ([`Error::OtherCard`], [`Error::Changed`]) may name a user or a card too. A program whose log
    /// must not hold them uses [`Self::code`], or [`Self::rewrite`] for a failed request.
    #[must_use]
    pub fn unmasked(&self) -> impl fmt::Display + '_ {
        Unmasked(self)
    }

    /// A filter that the server passes over.
    pub(crate) fn ignored(request: &str, words: impl Into<String>) -> Self {
        Error::Ignored(cardwright_http::Error::answer(Code::Unexpected, 200, request, words))
    }

    /// A successful answer that does not fit the request.
    pub(crate) fn unexpected(request: &str, words: impl Into<String>) -> Self {
        cardwright_http::Error::answer(Code::Unexpected, 200, request, words).into()
    }

    /// Two cards where there must be one at most: a program must not choose between them.
    pub(crate) fn two_cards(request: &str, key: &str, ids: [String; 2]) -> Self {
        Self::unexpected(request, format!("two cards {key}: {} and {}", ids[0], ids[1]))
    }

    pub(crate) fn decode(error: cardwright_core::Error, document: &[u8], base: usize, request: &str) -> Self {
        cardwright_http::Error::decode(error, document, base, request).into()
    }
}

/// An error with the values of parameters.
struct Unmasked<'e>(&'e Error);

impl fmt::Display for Unmasked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Error::Http(error) | Error::Ignored(error) => error.unmasked().fmt(f),
            Error::NoOwnApi { request } => no_own_api(&request.unmasked(), f),
            other => other.fmt(f),
        }
    }
}

fn no_own_api(request: &dyn fmt::Display, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{request}: this is no server of cardwright serve, which alone has this call")
}

impl fmt::Display for Error {
    /// The whole in one line, what is below included; of the addresses, without the values of their parameters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Call(error) => error.fmt(f),
            Error::Http(error) | Error::Ignored(error) => error.fmt(f),
            Error::Dialect { given, found, finding } => {
                let (given, found) = (given.name(), found.name());
                write!(f, "the server does not speak {given}, which was given, but {found} ({finding})")
            }
            Error::NotAllowed { operation, state, evidence, reason } => {
                let evidence = evidence.name();
                match state {
                    Some(state) => {
                        let word = operation.native(state.system()).unwrap_or(operation.facts().name);
                        write!(f, "{word} is not allowed for a card that is {state} ({evidence}: {reason})")
                    }
                    None => write!(f, "{} is not allowed ({evidence}: {reason})", operation.facts().name),
                }
            }
            Error::RequestEnded { request, status } => match status {
                Some(status) => write!(f, "request {request} is {}", status.name()),
                None => write!(f, "request {request} has a status that is not known"),
            },
            Error::Unverified => f.write_str("the server said yes"),
            Error::NoCard { id } => write!(f, "the server has no card {id}"),
            Error::OtherCard { id, words } => {
                write!(f, "card {id} is another card by now ({words}); nothing was sent")
            }
            Error::Changed { id, words } => {
                write!(f, "card {id} has changed since it was shown ({words}); nothing was sent")
            }
            Error::NoOwnApi { request } => no_own_api(request, f),
            Error::Journal { file, message, .. } => write!(f, "{}: {message}", file.display()),
        }
    }
}

impl std::error::Error for Error {
    /// The level below, none left out: the failure of the request, and below it what made it fail. As `Display` is the
    /// whole in one line, a program that prints all levels prints them by [`cardwright_http::chain`], which repeats
    /// nothing.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Http(error) | Error::Ignored(error) => Some(error),
            Error::Call(error) => Some(error),
            Error::Journal { source, .. } => source.as_ref().map(|source| source as _),
            _ => None,
        }
    }
}

impl From<cardwright_core::Error> for Error {
    fn from(error: cardwright_core::Error) -> Self {
        Error::Call(error)
    }
}

impl From<cardwright_http::Error> for Error {
    fn from(error: cardwright_http::Error) -> Self {
        Error::Http(error)
    }
}
