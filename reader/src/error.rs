//! Errors of readers and cards, with the error that PC/SC reported.

use cardwright_core::Code;
use cardwright_core::identity::Identity;
use std::error::Error as StdError;
use std::fmt;

/// An error of a reader or a card. [`Error::code`] is its number in the library's list of errors.
#[derive(Debug, Clone)]
pub struct Error {
    code: Code,
    /// The reader, or the action where no reader is concerned.
    about: String,
    source: Option<PcscError>,
    identity: Option<Box<Identity>>,
}

impl Error {
    pub(crate) fn new(code: Code, about: &str) -> Self {
        Error { code, about: about.into(), source: None, identity: None }
    }

    /// A connection is used in another process than the one that made it. PC/SC's is the parent's alone.
    pub(crate) fn other_process(what: &str) -> Self {
        let about = format!("{what} cannot be used in another process after a fork: make one there");
        Error { code: Code::Argument, about, source: None, identity: None }
    }

    /// The number of the error: mostly 5xx; [`Code::Room`] when an answer does not fit into the
    /// caller's buffer.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// The error number of PC/SC, such as 8010000C, if PC/SC failed; [`source`](StdError::source)
    /// describes it.
    #[must_use]
    pub fn pcsc_number(&self) -> Option<u32> {
        self.source.map(|error| error.0 as u32)
    }

    /// Whether the card service, or the system, does not let this user at readers and cards: SCARD_W_SECURITY_VIOLATION
    /// (8010006A), which pcscd answers where polkit says no.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.source.is_some_and(|error| error.0 == pcsc::Error::SecurityViolation)
    }

    /// What the card had told of itself when [`Session::identify`](crate::Session::identify) was cut short; it may have
    /// more to tell, stronger identifiers too.
    #[must_use]
    pub fn identity(&self) -> Option<&Identity> {
        self.identity.as_deref()
    }

    /// The same error, with what was found before it.
    pub(crate) fn after(mut self, found: &Identity) -> Self {
        self.identity = Some(Box::new(*found));
        self
    }

    /// The same error, and more on what it is about.
    pub(crate) fn told(mut self, more: &str) -> Self {
        self.about = format!("{}: {more}", self.about);
        self
    }

    pub(crate) fn pcsc(error: pcsc::Error, about: &str) -> Self {
        Error { code: code(error), about: about.into(), source: Some(PcscError(error)), identity: None }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.text())?;
        if !self.about.is_empty() {
            write!(f, ": {}", self.about)?;
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| source as &(dyn StdError + 'static))
    }
}

/// An error of PC/SC, in its own words.
#[derive(Debug, Clone, Copy)]
struct PcscError(pcsc::Error);

impl fmt::Display for PcscError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (PC/SC {:08X})", self.0, self.0 as u32)
    }
}

impl StdError for PcscError {}

/// The code for an error of PC/SC. A client sees `CommError` and `InvalidHandle` when the service
/// died or was restarted.
fn code(error: pcsc::Error) -> Code {
    use pcsc::Error as E;
    match error {
        E::NoService | E::ServiceStopped | E::Shutdown | E::SystemCancelled | E::CommError | E::InvalidHandle => {
            Code::NoService
        }
        E::NoReadersAvailable | E::UnknownReader | E::ReaderUnavailable => Code::NoReader,
        E::NoSmartcard => Code::NoCard,
        E::RemovedCard => Code::CardRemoved,
        E::ResetCard => Code::CardReset,
        E::SharingViolation => Code::CardBusy,
        E::UnresponsiveCard | E::UnpoweredCard | E::UnsupportedCard | E::InvalidAtr => Code::CardMute,
        E::ProtoMismatch => Code::NoProtocol,
        E::InsufficientBuffer => Code::Room,
        E::Timeout => Code::CardTimeout,
        _ => Code::ReaderFailed,
    }
}
