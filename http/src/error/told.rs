//! Errors that others make too, an error in words, and what is below it.

use super::Error;
use cardwright_core::Code;
use std::error::Error as StdError;
use std::fmt;

impl Error {
    /// A setting of this kind that cannot be used ([`Code::is_setup`]).
    ///
    /// ```
    /// use cardwright_http::{Code, Error};
    /// use std::error::Error as _;
    ///
    /// let missing = std::fs::read("no/such/file.pem").expect_err("it is not there");
    /// let error = Error::setup(Code::Certificate, format!("no/such/file.pem: {missing}")).caused_by(missing);
    /// assert_eq!(error.code().number(), 611);
    /// assert!(error.source().is_some_and(|below| below.is::<std::io::Error>()));
    /// ```
    pub fn setup(code: Code, message: impl Into<String>) -> Self {
        Error::Setup { code, message: message.into(), source: None, setting: "" }
    }

    /// The same error of set-up with the name of the setting, if it has none.
    pub(crate) fn of_setting(mut self, name: &'static str) -> Self {
        if let Error::Setup { setting, .. } = &mut self
            && setting.is_empty()
        {
            *setting = name;
        }
        self
    }

    /// The setting that cannot be used, by its name in [`Setup`](crate::Setup) and [`Credentials`](crate::Credentials),
    /// such as `base` or `user`; empty if the message alone says it, and for other errors.
    ///
    /// ```
    /// use cardwright_http::{Credentials, Setup, Transport};
    ///
    /// let setup = Setup::new("http://127.0.0.1:9/api").credentials(Credentials::basic("anna:admin", "a password"));
    /// let error = Transport::new(setup).expect_err("a colon ends the user's name in HTTP Basic");
    /// assert_eq!(error.setting(), "user");
    /// ```
    #[must_use]
    pub fn setting(&self) -> &'static str {
        if let Error::Setup { setting, .. } = self { setting } else { "" }
    }

    /// What is read in another process than the one that asked for it: `a list`, `an answer`.
    #[must_use]
    pub fn other_process(what: &'static str) -> Self {
        Error::OtherProcess { what }
    }

    /// The same error of set-up, or of an answer, with the error of the layers below. Its words are in the message
    /// already.
    #[must_use]
    pub fn caused_by(mut self, below: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        match &mut self {
            Error::Setup { source, .. } => *source = Some(below.into()),
            Error::Answer(answer) => answer.below = Some(below.into()),
            _ => {}
        }
        self
    }

    /// The whole in one line, with the values of parameters in addresses, which `Display` and `Debug` leave out: they
    /// may be names of people. Nothing else is left out there: the path of an address, the server's own words, and the
    /// beginning of what cannot be read may name a user or a card too. A program whose log must not hold them uses
    /// [`Self::code`], or [`Self::rewrite`].
    #[must_use]
    pub fn unmasked(&self) -> impl fmt::Display + '_ {
        Unmasked(self)
    }
}

impl fmt::Display for Error {
    /// The whole in one line, what is below included; of the addresses, without the values of their parameters.
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
            Error::Answer(answer) => {
                let below = answer.below.as_deref().map(|below| below as _);
                answer.sign_in.as_deref().map(|cause| cause as _).or(below)
            }
            Error::NoToken(error) => Some(&**error),
            Error::Decode(decode) => Some(&decode.error),
            Error::OtherProcess { .. } => None,
        }
    }
}
