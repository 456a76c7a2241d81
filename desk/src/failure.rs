//! What went wrong, in words, and what to do next.

use cardwright_client::Error;
use cardwright_client::http::ProxyRefusal;
use cardwright_core::Code;
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
}

impl Failure {
    /// A failure in words.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Failure { kind, message: message.into(), code: None, hint: None }
    }

    /// A failure of a library below; no hint is `""`.
    fn below(kind: Kind, message: String, code: Code, hint: &str) -> Self {
        let hint = Some(hint).filter(|hint| !hint.is_empty()).map(str::to_string);
        Failure { kind, message, code: Some(code), hint }
    }

    /// The failure of an operation.
    pub(crate) fn of_operation(kind: Kind, message: String, code: Option<Code>) -> Self {
        Failure { kind, message, code, hint: None }
    }

    /// Something that was asked for is wrong.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// The same failure, with the next step.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What failed.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The number in the library's list, where the failure comes from below.
    pub fn code(&self) -> Option<Code> {
        self.code
    }

    /// The next step, where there is one.
    pub fn next(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// The next step after an error, where there is one.
pub(crate) fn next_step(error: &Error) -> Option<&'static str> {
    Some(kind_and_hint(error).1).filter(|hint| !hint.is_empty())
}

fn kind_and_hint(error: &Error) -> (Kind, &'static str) {
    match error.code() {
        Code::SignIn | Code::NotFound if error.is_no_token() => {
            (Kind::NotAllowed, "are --issuer, --client-id and its secret right? cardwright doctor looks")
        }
        Code::NotAllowed => {
            (Kind::Refused, "cardwright operations CARD shows what is allowed; --check off sends it all the same")
        }
        Code::Refused | Code::RequestEnded => (Kind::Refused, ""),
        Code::NotFound => (Kind::NotFound, ""),
        Code::SignIn => (
            Kind::NotAllowed,
            "give --user (or CARDWRIGHT_USER) and CARDWRIGHT_PASSWORD, --password-file FILE or --password-command COMMAND; cardwright doctor explains what the server wants",
        ),
        Code::Forbidden => (Kind::NotAllowed, "the account lacks a privilege; an administrator grants it"),
        Code::Unreachable => (Kind::NoConnection, unreachable_hint(error)),
        Code::Address if error.status().is_some() => {
            (Kind::Usage, "is this the base address of the API? cardwright doctor looks")
        }
        Code::Tls => (Kind::NoConnection, "a certificate of the organisation's own CA is given by --ca FILE"),
        Code::Timeout | Code::Broken | Code::Busy => (Kind::NoConnection, ""),
        Code::NoSuchCall if matches!(error, Error::NoOwnApi { .. }) => (
            Kind::Usage,
            "in MIM CM requests are decided in the portal, and what was done is in the system's own reports and event log",
        ),
        Code::NoSuchCall | Code::NoSuchParameter => (Kind::Usage, "newer servers are addressed by --dialect g7"),
        Code::NoSuchReason => (Kind::Usage, "the dialect has the reasons before that one"),
        Code::ParameterNeeded => {
            (Kind::Usage, "G1 lists the cards of one user: add --of USER, such as --of user@example.com")
        }
        Code::NoSuchOperation | Code::ReasonNeeded | Code::Address | Code::Guid | Code::Serial => (Kind::Usage, ""),
        _ => (Kind::Failed, ""),
    }
}

fn unreachable_hint(error: &Error) -> &'static str {
    let Some(refusal) = error.http().and_then(cardwright_client::http::Error::proxy_refusal) else {
        return "is the address right, and the server up? cardwright doctor looks";
    };
    proxy_hint(refusal)
}

/// What to do about a proxy that lets nothing pass.
pub(crate) fn proxy_hint(refusal: &ProxyRefusal) -> &'static str {
    let offers = |scheme: &str| refusal.schemes.iter().any(|offered| offered.eq_ignore_ascii_case(scheme));
    match refusal.status {
        407 if refusal.password_refused => "correct user and password in HTTPS_PROXY, before they are sent again",
        407 if refusal.schemes.is_empty() || offers("Basic") => {
            "give the proxy's user and password by HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT in the environment"
        }
        407 => {
            "this proxy takes Windows accounts alone (Negotiate, NTLM), and only Basic can be used here: have this machine \
             excepted, or go through a local proxy that signs in"
        }
        403 => "have the server allowed in the proxy, or use none: --proxy none",
        _ => "the proxy does not get to the server: is the address right, and the server up? --proxy none goes without",
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let (kind, hint) = kind_and_hint(&error);
        Failure::below(kind, error.to_string(), error.code(), hint)
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
        let (kind, hint) = match code {
            Code::NoService => {
                (Kind::NoConnection, "on Linux pcscd must be installed and started (Debian: apt-get install pcscd)")
            }
            Code::NoReader => (Kind::NotFound, "cardwright readers lists them"),
            Code::NoCard => (Kind::NotFound, "put the card in; cardwright readers shows what is in each reader"),
            Code::CardRemoved => (Kind::NotFound, "put the card in, leave it there, and run the command again"),
            Code::CardReset => {
                (Kind::Failed, "run the command again; what was selected or verified is to be done anew")
            }
            Code::CardBusy => (Kind::Failed, "end the program that holds the card, or wait for it"),
            Code::CardMute => (
                Kind::Failed,
                "is the card the right way round, and its chip clean? another reader tells which of both it is",
            ),
            Code::NoProtocol => (Kind::Failed, "cardwright atr --from-reader shows the protocols that the card offers"),
            Code::ReaderFailed => {
                (Kind::Failed, "plug the reader in again; does cardwright readers show it, and the service's log why?")
            }
            Code::CardTimeout => (Kind::NoConnection, "another program may hold the card, or the card hangs"),
            _ => (Kind::Failed, ""),
        };
        let message = std::error::Error::source(&error).map(|source| format!(" ({source})")).unwrap_or_default();
        Failure::below(kind, format!("{error}{message}"), code, hint)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        let kind = if error.kind() == std::io::ErrorKind::BrokenPipe { Kind::Closed } else { Kind::Failed };
        Failure::new(kind, error.to_string())
    }
}
