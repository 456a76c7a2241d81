//! What went wrong, in words, and what to do next.

use crate::hint::{self, Hint};
use cardwright_client::Error;
use cardwright_core::Code;
use std::borrow::Cow;
use std::fmt;

/// What kind of failure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// What is none of the others.
    Failed,
    /// What was asked for is wrong, or the system does not have it.
    Usage,
    /// The operation is refused: by the card's state, by the server, or by the person.
    Refused,
    /// No such card.
    NotFound,
    /// The server does not accept the account, or the account may not do this.
    NotAllowed,
    /// No connection, or no answer in time.
    NoConnection,
    /// An operation that was not sent: no byte of its request left.
    NotSent,
    /// An operation of which nobody knows whether it was carried out.
    Unknown,
    /// The reader of what the program writes has gone away.
    Closed,
}

/// Something that failed, and what to do next. `Debug` and `Display` hold no secret.
#[derive(Debug)]
pub struct Failure {
    kind: Kind,
    message: String,
    code: Option<Code>,
    hint: Option<String>,
    /// The error that it was made of.
    below: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Failure {
    /// A failure in words.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Failure { kind, message: message.into(), code: None, hint: None, below: None }
    }

    /// A failure of a library below.
    fn below(kind: Kind, message: String, code: Code, hint: Hint) -> Self {
        Failure { kind, message, code: Some(code), hint: hint.map(Cow::into_owned), below: None }
    }

    /// The same failure, with the error that it was made of.
    fn with_source(mut self, error: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.below = Some(Box::new(error));
        self
    }

    /// The failure of an operation.
    pub(crate) fn of_operation(kind: Kind, message: String, code: Option<Code>) -> Self {
        Failure { kind, message, code, hint: None, below: None }
    }

    /// Something that was asked for is wrong.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// The same failure, with what it is about before the words.
    #[must_use]
    pub fn about(mut self, what: &str) -> Self {
        self.message = format!("{what}: {}", self.message);
        self
    }

    /// The same failure, with more after the words.
    #[must_use]
    pub fn and(mut self, more: &str) -> Self {
        self.message = format!("{}; {more}", self.message);
        self
    }

    /// The same failure, with the next step.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What failed.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The number in the library's list, where the failure comes from below.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        self.code
    }

    /// The next step, where there is one.
    #[must_use]
    pub fn next(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {
    /// The error of a library below, whose words are in the message.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.below.as_deref().map(|below| below as _)
    }
}

/// What kind of failure an error is.
fn kind_of(error: &Error) -> Kind {
    match error.code() {
        Code::SignIn | Code::NotFound if error.is_no_token() => Kind::NotAllowed,
        Code::NotAllowed | Code::Refused | Code::RequestEnded => Kind::Refused,
        Code::NotFound => Kind::NotFound,
        Code::SignIn | Code::Forbidden => Kind::NotAllowed,
        Code::Unreachable | Code::Tls | Code::Timeout | Code::Broken | Code::Busy => Kind::NoConnection,
        Code::NoSuchCall
        | Code::NoSuchParameter
        | Code::NoSuchReason
        | Code::ParameterNeeded
        | Code::NoSuchOperation
        | Code::ReasonNeeded
        | Code::Address
        | Code::Certificate
        | Code::Key
        | Code::Proxy
        | Code::Header
        | Code::Setting
        | Code::Guid
        | Code::Serial => Kind::Usage,
        _ => Kind::Failed,
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let (message, code, hint) = (error.unmasked().to_string(), error.code(), hint::after(&error));
        Failure::below(kind_of(&error), message, code, hint).with_source(error)
    }
}

impl From<cardwright_client::http::Error> for Failure {
    fn from(error: cardwright_client::http::Error) -> Self {
        Error::from(error).into()
    }
}

impl From<cardwright_core::Error> for Failure {
    fn from(error: cardwright_core::Error) -> Self {
        Error::from(error).into()
    }
}

#[cfg(feature = "reader")]
impl From<cardwright_reader::Error> for Failure {
    fn from(error: cardwright_reader::Error) -> Self {
        let code = error.code();
        let kind = match code {
            _ if error.is_refused() => Kind::NotAllowed,
            Code::NoService | Code::CardTimeout => Kind::NoConnection,
            Code::NoReader | Code::NoCard | Code::CardRemoved => Kind::NotFound,
            _ => Kind::Failed,
        };
        let message = std::error::Error::source(&error).map(|source| format!(" ({source})")).unwrap_or_default();
        let hint = hint::reader::after(&error);
        Failure::below(kind, format!("{error}{message}"), code, hint).with_source(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        let kind = if error.kind() == std::io::ErrorKind::BrokenPipe { Kind::Closed } else { Kind::Failed };
        let message = error.to_string();
        Failure::new(kind, message).with_source(error)
    }
}
