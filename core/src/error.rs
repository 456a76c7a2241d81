//! What can be wrong, as numbers that never change their meaning.
//!
//! One list for the whole library: this crate reports the bands 1xx to 4xx, the crates that move
//! bytes report the rest by the same list. A number is never used again for something else.

use core::fmt;

/// What is wrong, where, and with what.
///
/// `at` is an offset in bytes into whatever was being read (an ATR, a document, a stream); for what a
/// dialect of an API lacks, it is the dialect's number. `what` names the field, parameter or operation
/// concerned, by its name on the wire; it is empty where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "what, where and about what is all; who compares errors writes one down")]
pub struct Error {
    /// What is wrong.
    pub code: Code,
    /// Where, in bytes from the start of the input.
    pub at: usize,
    /// The field, parameter or operation concerned, or `""`.
    pub what: &'static str,
}

impl Error {
    /// An error at an offset.
    #[inline]
    #[must_use]
    pub const fn new(code: Code, at: usize) -> Self {
        Error { code, at, what: "" }
    }

    /// An error about a named thing.
    #[inline]
    #[must_use]
    pub const fn of(code: Code, what: &'static str) -> Self {
        Error { code, at: 0, what }
    }

    /// The same error in a larger input, in which this one began at `offset`.
    #[inline]
    #[must_use]
    pub const fn within(self, offset: usize) -> Self {
        Error { code: self.code, at: self.at.wrapping_add(offset), what: self.what }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.text())?;
        if !self.what.is_empty() {
            write!(f, ": {}", self.what)?;
        }
        match self.code {
            Code::NoSuchCall | Code::NoSuchParameter | Code::ParameterNeeded | Code::NoSuchReason if self.at > 0 => {
                write!(f, " (G{})", self.at)
            }
            code if matches!(code.band(), 100 | 300 | 400) => write!(f, ", at byte {}", self.at),
            _ => Ok(()),
        }
    }
}

impl core::error::Error for Error {}

/// The numbers of all errors. The hundreds are the band: 1xx bytes, 2xx card and state, 3xx JSON,
/// 4xx room, 5xx reader, 6xx network, 7xx the server's answer, 9xx ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u16)]
#[non_exhaustive]
pub enum Code {
    /// The input ends before what it announces.
    Short = 101,
    /// A character that is not a hexadecimal digit.
    Hex = 102,
    /// A hexadecimal text with half a byte too many.
    HexOdd = 103,
    /// The first byte of an ATR is neither 3B nor 3F (ISO/IEC 7816-3, 8.1).
    Ts = 104,
    /// Text that is not a GUID.
    Guid = 105,
    /// Text that is not a serial number.
    Serial = 106,

    /// The system has no such operation.
    NoSuchOperation = 201,
    /// The dialect of the API has no such call.
    NoSuchCall = 202,
    /// The dialect of the API has no such parameter.
    NoSuchParameter = 203,
    /// The operation is not allowed in the card's state.
    NotAllowed = 204,
    /// The operation needs a reason.
    ReasonNeeded = 205,
    /// A state, reason or other value of an enumeration that is unknown.
    UnknownValue = 206,
    /// The dialect of the API needs a parameter that is not given.
    ParameterNeeded = 207,
    /// The dialect of the API has no such revocation reason.
    NoSuchReason = 208,
    /// The record may be another card's: a weaker identifier found it, or several were found, and nobody has
    /// confirmed that it is this card's.
    Unconfirmed = 209,

    /// The document ends in the middle of a value.
    JsonEnd = 301,
    /// A character that cannot stand here.
    JsonSyntax = 302,
    /// A wrong escape in a string.
    JsonEscape = 303,
    /// A control character in a string.
    JsonControl = 304,
    /// A wrong number.
    JsonNumber = 305,
    /// Lists and objects nested deeper than [`crate::json::MAX_DEPTH`].
    JsonDepth = 306,
    /// A value of another type than the field has.
    JsonType = 307,
    /// Bytes that are not UTF-8.
    JsonUtf8 = 308,
    /// Something after the end of the document.
    JsonTrailing = 309,
    /// A field that must be there is not.
    JsonMissing = 310,

    /// The caller's buffer is too small, or an element is larger than the buffer.
    Room = 401,
    /// A value from the caller that cannot be written.
    Unwritable = 402,

    /// The system's smart-card service (pcscd, SCardSvr) cannot be reached.
    NoService = 501,
    /// There is no reader of that name, or it was unplugged.
    NoReader = 502,
    /// No card is in the reader.
    NoCard = 503,
    /// The card was pulled while it was in use.
    CardRemoved = 504,
    /// Another program reset the card: what was selected or verified is lost.
    CardReset = 505,
    /// Another program holds the card.
    CardBusy = 506,
    /// The card does not answer to reset, or has no power.
    CardMute = 507,
    /// Card and reader have none of the transmission protocols that were asked for.
    NoProtocol = 508,
    /// What came from the card is no response APDU.
    CardAnswer = 509,
    /// The reader, its driver or the service failed.
    ReaderFailed = 510,
    /// Card or reader gave no answer in time.
    CardTimeout = 511,
    /// The card goes on for ever: the limit of APDUs was reached.
    CardEndless = 512,

    /// The server cannot be reached.
    Unreachable = 601,
    /// The time is up.
    Timeout = 602,
    /// The connection broke.
    Broken = 603,
    /// No trust in the server's certificate, or no common TLS.
    Tls = 604,
    /// The address is wrong.
    Address = 605,
    /// Not done, because the client was told to stop.
    Canceled = 606,
    /// A certificate cannot be used: it cannot be read, or the library that does TLS does not take it.
    Certificate = 611,
    /// The key of the client's certificate cannot be used: it cannot be read, its password is missing or wrong, it does
    /// not sign, or it is that of another certificate.
    Key = 612,
    /// The proxy cannot be used: its address or its account is wrong.
    Proxy = 613,
    /// A header cannot be sent: it holds what no header can, or the library sets it itself.
    Header = 614,
    /// Another setting cannot be used, or contradicts one.
    Setting = 615,

    /// The server does not accept the sign-in.
    SignIn = 701,
    /// The account may not do this.
    Forbidden = 702,
    /// The server has no such card, request or address.
    NotFound = 703,
    /// The server refuses the operation.
    Refused = 704,
    /// The server finds a fault in the request.
    BadRequest = 705,
    /// The server failed.
    ServerFailed = 706,
    /// The server's answer cannot be read.
    Unreadable = 707,
    /// The server asks to wait.
    Busy = 708,
    /// The request was denied, canceled or failed in the management system.
    RequestEnded = 709,
    /// The server answered more, or other, than was asked for.
    Unexpected = 710,

    /// A fault of this library.
    Internal = 901,
    /// A function of the C library was called with an invalid argument: a null pointer, a size that no
    /// version of the structure has, an object before its initialisation, an index out of range.
    Argument = 902,
    /// The journal of a bulk run cannot be used: it is another run's, is being used, or is damaged.
    Journal = 903,
}

impl Code {
    /// The number: stable, and never used again for something else.
    #[inline]
    #[must_use]
    pub const fn number(self) -> u16 {
        self as u16
    }

    /// The hundreds of the number.
    #[inline]
    #[must_use]
    pub const fn band(self) -> u16 {
        let number = self as u16;
        number - number % 100
    }

    /// Whether it is a fault of set-up: an address or another setting that cannot be used, before anything is sent.
    #[inline]
    #[must_use]
    pub const fn is_setup(self) -> bool {
        matches!(self, Code::Address | Code::Certificate | Code::Key | Code::Proxy | Code::Header | Code::Setting)
    }
}

/// The list of all codes and the text of each, from one table. A code that is left out does not compile.
macro_rules! texts {
    ($($code:ident: $text:literal,)*) => {
        impl Code {
            /// All of them, in the order of their numbers.
            pub const ALL: &'static [Code] = &[$(Code::$code),*];

            /// One line in plain words.
            pub const fn text(self) -> &'static str {
                match self {
                    $(Code::$code => $text,)*
                }
            }
        }
    };
}

texts! {
    Short: "the input ends too early",
    Hex: "not a hexadecimal digit",
    HexOdd: "half a byte too many",
    Ts: "not an ATR: it begins with neither 3B nor 3F",
    Guid: "not a GUID",
    Serial: "not a serial number",
    NoSuchOperation: "the system has no such operation",
    NoSuchCall: "this dialect of the API has no such call",
    NoSuchParameter: "this dialect of the API has no such parameter",
    NotAllowed: "not allowed in the card's state",
    ReasonNeeded: "the operation needs a reason",
    UnknownValue: "not a known value",
    ParameterNeeded: "this dialect of the API needs a parameter",
    NoSuchReason: "this dialect of the API has no such revocation reason",
    Unconfirmed: "the record may be another card's, and nobody has confirmed it",
    JsonEnd: "the JSON ends in the middle of a value",
    JsonSyntax: "not JSON",
    JsonEscape: "wrong escape in a JSON string",
    JsonControl: "control character in a JSON string",
    JsonNumber: "wrong JSON number",
    JsonDepth: "JSON nested too deep",
    JsonType: "a JSON value of another type than expected",
    JsonUtf8: "not UTF-8",
    JsonTrailing: "something after the end of the JSON",
    JsonMissing: "a field is missing",
    Room: "too long for the buffer",
    Unwritable: "a value that cannot be written",
    NoService: "the smart-card service cannot be reached",
    NoReader: "no such reader",
    NoCard: "no card in the reader",
    CardRemoved: "the card was removed",
    CardReset: "another program reset the card",
    CardBusy: "another program holds the card",
    CardMute: "the card is mute",
    NoProtocol: "no common protocol with the card",
    CardAnswer: "the card's answer is no response APDU",
    ReaderFailed: "the reader failed",
    CardTimeout: "no answer from the card in time",
    CardEndless: "the card does not come to an end",
    Unreachable: "the server cannot be reached",
    Timeout: "the time is up",
    Broken: "the connection broke",
    Tls: "no secure connection",
    Address: "wrong address",
    Canceled: "canceled",
    Certificate: "the certificate cannot be used",
    Key: "the key of the certificate cannot be used",
    Proxy: "the proxy cannot be used",
    Header: "the header cannot be sent",
    Setting: "the setting cannot be used",
    SignIn: "the server does not accept the sign-in",
    Forbidden: "the account may not do this",
    NotFound: "not found",
    Refused: "the server refuses the operation",
    BadRequest: "the server finds a fault in the request",
    ServerFailed: "the server failed",
    Unreadable: "the server's answer cannot be read",
    Busy: "the server asks to wait",
    RequestEnded: "the request ended without success",
    Unexpected: "the server answered something that was not asked for",
    Internal: "a fault of Cardwright itself",
    Argument: "an argument that the function does not take",
    Journal: "the journal cannot be used",
}
