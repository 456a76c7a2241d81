//! How the command ends: exit codes, and what is said when something fails.

use crate::style;
use cardwright_client::Error;
use cardwright_core::Code;
use std::process::ExitCode;

/// The exit codes. Scripts may rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Something else failed.
    Failed = 1,
    /// The command line is wrong, or asks for what the system does not have.
    Usage = 2,
    /// The operation is refused: by the card's state, or by the server.
    Refused = 3,
    /// No such card.
    NotFound = 4,
    /// The server does not accept the account, or the account may not do this.
    NotAllowed = 5,
    /// No connection, or no answer in time.
    NoConnection = 6,
    /// The server took the operation, and somebody must approve it.
    AwaitingApproval = 7,
    /// The answer was lost, and the card does not tell whether the operation was carried out.
    Unknown = 8,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// Something that failed, and what to do next.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    message: String,
    code: Option<Code>,
    hint: Option<String>,
}

impl Failure {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Failure { exit, message: message.into(), code: None, hint: None }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What failed, and its number in the library's list, for a line of a stream.
    #[cfg(feature = "reader")]
    pub(crate) fn parts(&self) -> (&str, Option<Code>) {
        (&self.message, self.code)
    }

    /// Says what failed, on the error stream, and returns the exit code.
    pub(crate) fn report(self, json: bool) -> Exit {
        if json {
            let object = serde_json::json!({
                "error": self.message,
                "code": self.code.map(Code::number),
                "hint": self.hint,
            });
            anstream::eprintln!("{object}");
            return self.exit;
        }
        anstream::eprintln!("{}error:{} {}", style::BAD, style::END, style::harmless(&self.message));
        if let Some(hint) = self.hint {
            anstream::eprintln!("{}next:{} {hint}", style::KEY, style::END);
        }
        self.exit
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let code = error.code();
        let (exit, hint) = match code {
            Code::SignIn | Code::NotFound if error.is_no_token() => {
                (Exit::NotAllowed, Some("are --issuer, --client-id and its secret right? cardwright doctor looks"))
            }
            Code::NotAllowed => (
                Exit::Refused,
                Some("cardwright operations CARD shows what is allowed; --check off sends it all the same"),
            ),
            Code::Refused | Code::RequestEnded => (Exit::Refused, None),
            Code::NotFound => (Exit::NotFound, None),
            Code::SignIn => (
                Exit::NotAllowed,
                Some(
                    "give --user (or CARDWRIGHT_USER) and CARDWRIGHT_PASSWORD, --password-file FILE or --password-command COMMAND; cardwright doctor explains what the server wants",
                ),
            ),
            Code::Forbidden => (Exit::NotAllowed, Some("the account lacks a privilege; an administrator grants it")),
            Code::Unreachable => {
                (Exit::NoConnection, Some("is the address right, and the server up? cardwright doctor looks"))
            }
            Code::Tls => (Exit::NoConnection, Some("a certificate of the organisation's own CA is given by --ca FILE")),
            Code::Timeout | Code::Broken | Code::Busy => (Exit::NoConnection, None),
            Code::NoSuchCall | Code::NoSuchParameter => {
                (Exit::Usage, Some("newer servers are addressed by --dialect g7"))
            }
            Code::NoSuchReason => (Exit::Usage, Some("the dialect has the reasons before that one")),
            Code::ParameterNeeded => {
                (Exit::Usage, Some("G1 lists the cards of one user: add --of USER, such as --of user@example.com"))
            }
            Code::NoSuchOperation | Code::ReasonNeeded | Code::Address | Code::Guid | Code::Serial => {
                (Exit::Usage, None)
            }
            _ => (Exit::Failed, None),
        };
        Failure { exit, message: error.to_string(), code: Some(code), hint: hint.map(str::to_string) }
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
        let (exit, hint) = match code {
            Code::NoService => (
                Exit::NoConnection,
                Some("on Linux pcscd must be installed and started (Debian: apt-get install pcscd)"),
            ),
            Code::NoReader => (Exit::NotFound, Some("cardwright readers lists them")),
            Code::NoCard => (Exit::NotFound, Some("put the card in; cardwright readers shows what is in each reader")),
            Code::CardRemoved => (Exit::NotFound, Some("put the card in, leave it there, and run the command again")),
            Code::CardReset => {
                (Exit::Failed, Some("run the command again; what was selected or verified is to be done anew"))
            }
            Code::CardBusy => (Exit::Failed, Some("end the program that holds the card, or wait for it")),
            Code::CardMute => (
                Exit::Failed,
                Some("is the card the right way round, and its chip clean? another reader tells which of both it is"),
            ),
            Code::NoProtocol => {
                (Exit::Failed, Some("cardwright atr --from-reader shows the protocols that the card offers"))
            }
            Code::ReaderFailed => (
                Exit::Failed,
                Some("plug the reader in again; does cardwright readers show it, and the service's log why?"),
            ),
            Code::CardTimeout => (Exit::NoConnection, Some("another program may hold the card, or the card hangs")),
            _ => (Exit::Failed, None),
        };
        let said = std::error::Error::source(&error).map(|source| format!(" ({source})")).unwrap_or_default();
        let message = format!("{error}{said}");
        Failure { exit, message, code: Some(code), hint: hint.map(str::to_string) }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        // A reader that went away (`| head`) is no failure.
        let exit = if error.kind() == std::io::ErrorKind::BrokenPipe { Exit::Done } else { Exit::Failed };
        Failure::new(exit, error.to_string())
    }
}

pub(crate) type Done = Result<Exit, Failure>;
