//! How the command ends: exit codes, and what is said when something fails.

use crate::out::{self, tell};
use crate::style::{self, escape_controls};
use cardwright::core::Code;
pub(crate) use cardwright::{Failure, FailureKind as Kind};
use std::io;
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
    /// No connection, or no answer in time; an operation was not sent.
    NoConnection = 6,
    /// The server took the operation, and somebody must approve it.
    AwaitingApproval = 7,
    /// The card does not tell whether the operation was carried out.
    Unknown = 8,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

impl From<Kind> for Exit {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Usage => Exit::Usage,
            Kind::Refused => Exit::Refused,
            Kind::NotFound => Exit::NotFound,
            Kind::NotAllowed => Exit::NotAllowed,
            Kind::NoConnection | Kind::NotSent => Exit::NoConnection,
            Kind::Unknown => Exit::Unknown,
            // A reader that went away (`| head`) is no failure.
            Kind::Closed => Exit::Done,
            _ => Exit::Failed,
        }
    }
}

/// Says what failed, on the error stream, and returns the exit code.
pub(crate) fn report(failure: &Failure, json: bool) -> Exit {
    let (message, next) = (failure.message(), failure.next());
    if failure.kind() == Kind::Closed {
        return Exit::from(Kind::Closed);
    }
    if json {
        let code = failure.code().map(Code::number);
        out::told_json(&serde_json::json!({ "error": message, "code": code, "hint": next }));
    } else {
        tell!("{}error:{} {}", style::BAD, style::END, escape_controls(message));
        if let Some(next) = next {
            tell!("{}next:{} {}", style::KEY, style::END, escape_controls(next));
        }
    }
    failure.kind().into()
}

/// A failure of the server that this command runs.
pub(crate) fn server_failure(error: cardwright_server::Error) -> Failure {
    use cardwright_server::Error::{CopyStopped, DatabaseUrl, NoGeneration, SameBase, SameGeneration, Unavailable};
    if let SameBase { instead, .. } = &error {
        return Failure::usage(error.to_string()).hint(format!("give --certiflow {instead}"));
    }
    let kind = match error {
        DatabaseUrl(_) | NoGeneration | SameGeneration(_) => Kind::Usage,
        CopyStopped(_) => Kind::Refused,
        Unavailable(_) => Kind::NoConnection,
        _ => Kind::Failed,
    };
    let failure = Failure::new(kind, error.to_string());
    match error.next_step() {
        Some(next) => failure.hint(next),
        None => failure,
    }
}

pub(crate) type Done = Result<Exit, Failure>;

/// What was done, and whether its output could be written. A full disk turns a success into a failure; it hides no
/// other exit code. A reader that went away changes nothing.
pub(crate) fn with_output(done: Done, printed: io::Result<()>, json: bool) -> Done {
    let Err(error) = printed else { return done };
    match done {
        _ if error.kind() == io::ErrorKind::BrokenPipe => done,
        Ok(Exit::Done) => Err(error.into()),
        done => {
            report(&error.into(), json);
            done
        }
    }
}
