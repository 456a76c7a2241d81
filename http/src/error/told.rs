//! An error in words, and what is below it.

use super::Error;
use cardwright_core::Code;
use std::error::Error as StdError;
use std::fmt;

impl Error {
    /// The whole in one line, with the values of parameters in addresses, which `Display` and `Debug` leave out: they
    /// may be names of people.
    #[must_use]
    pub fn unmasked(&self) -> impl fmt::Display + '_ {
        Unmasked(self)
    }
}

impl fmt::Display for Error {
    /// The whole in one line, what is below included.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, false)
    }
}

/// An error with the values of parameters.
struct Unmasked<'e>(&'e Error);

impl fmt::Display for Unmasked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.write(f, true)
    }
}

impl Error {
    fn write(&self, f: &mut fmt::Formatter<'_>, unmasked: bool) -> fmt::Result {
        match self {
            Error::Setup { message, .. } => f.write_str(message),
            Error::Transport { code, request, attempts, source, .. } => {
                write!(f, "{}: {}: ", request.shown(unmasked), code.text())?;
                match source.downcast_ref::<Error>() {
                    Some(below) => below.write(f, unmasked)?,
                    None if source.is::<std::io::Error>() => write!(f, "io: {source}")?,
                    None => write!(f, "{source}")?,
                }
                f.write_str(&times(*attempts))
            }
            Error::SignIn { request, message, .. } => {
                write!(f, "{}: {}: {message}", request.shown(unmasked), Code::SignIn.text())
            }
            Error::Answer(answer) => {
                write!(f, "{}: {} (status {})", answer.request.shown(unmasked), answer.code.text(), answer.status)?;
                if !answer.words.is_empty() {
                    write!(f, ": {}", answer.words)?;
                }
                f.write_str(&times(answer.attempts))
            }
            Error::Decode(decode) => {
                write!(f, "{}: {} ({})", decode.request.shown(unmasked), decode.error, decode.path)?;
                if !decode.excerpt.is_empty() {
                    write!(f, ": {:?}", decode.excerpt)?;
                }
                Ok(())
            }
            Error::NoToken(error) => {
                f.write_str("no token: ")?;
                error.write(f, unmasked)
            }
            Error::OtherProcess { what } => {
                write!(f, "{what} cannot be read in another process after a fork: ask for it again there")
            }
        }
    }
}

/// The number of attempts, if more than one.
fn times(attempts: u32) -> String {
    if attempts > 1 { format!(" (after {attempts} attempts)") } else { String::new() }
}

impl StdError for Error {
    /// The level below, none left out: down to the error of the system, if it began there. As `Display` is the whole in
    /// one line, a program that prints all levels prints them by [`chain`](crate::chain), which repeats nothing.
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Error::Setup { source, .. } => source.as_deref().map(|below| below as _),
            Error::Transport { source, .. } => Some(&**source),
            Error::SignIn { cause, .. } => cause.as_deref().map(|cause| cause as _),
            Error::Answer(answer) => answer.sign_in.as_deref().map(|cause| cause as _),
            Error::NoToken(error) => Some(&**error),
            Error::Decode(decode) => Some(&decode.error),
            Error::OtherProcess { .. } => None,
        }
    }
}
