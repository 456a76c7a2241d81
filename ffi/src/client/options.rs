//! The settings of a client.

use super::certificate::CardwrightClientCertificate;
use super::sign_in::{CardwrightOidc, CardwrightSignIn};
use crate::frame::structures;
use crate::number::{CheckNumber, DialectNumber, StatusSchemeNumber, SystemNumber, TlsNumber, VerifyNumber};
use crate::text::CardwrightText;
use crate::view::CardwrightStatusRow;
use cardwright::client::http::TlsBackend;

/// What to do about an operation that the tables do not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightCheck {
    /// Stop it if the vendor documents that it is not allowed; send it if that is only assumed.
    Warn = 0,
    /// Stop it even if that is only assumed.
    Strict = 1,
    /// Never stop it.
    Off = 2,
}

/// What the numbers of `Smartcard.Status` of MIM CM mean. Microsoft has not published it, so both are assumed: a
/// status explains a card, but never decides what may be done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightStatusScheme {
    /// The scheme that agrees with every example of the REST documents: None, New, Assigned, Active, Disabled, Suspended
    /// and Retired are 0 to 6.
    B = 0,
    /// The column `sc_status` of the SQL API: New, Assigned, Active and Disabled are 0 to 3.
    A = 1,
}

/// How a client is set up. Zero all of it, then set `struct_size`, `system` and `base`; a number that is 0 and
/// an absent text leave the default.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightOptions {
    /// `sizeof(CardwrightOptions)`.
    pub struct_size: u32,
    /// A `CardwrightSystem`.
    pub system: SystemNumber,
    /// A `CardwrightDialect`: the generation of CertiFlow's API that the server speaks. Default: it is found out.
    pub dialect: DialectNumber,
    /// A `CardwrightCheck`.
    pub check: CheckNumber,
    /// How many cards to ask for at a time. Default: as many as the server delivers in a second.
    pub page_size: u32,
    /// How long a connection may take, in milliseconds, TLS included. Default: 10 seconds.
    pub connect_timeout: u32,
    /// How long an answer may take to begin, in milliseconds. Default: 60 seconds.
    pub answer_timeout: u32,
    /// How long the next piece of an answer may take, in milliseconds. Default: 30 seconds.
    pub idle_timeout: u32,
    /// How often a request that may be repeated is sent at most, the first time included. Default: 3; 1 sends
    /// each once.
    pub attempts: u32,
    /// The longest wait between two attempts that the client chooses itself, in milliseconds. Default: 5 seconds.
    pub longest_wait: u32,
    /// The longest wait that a server may ask for by `Retry-After`, in milliseconds. Default: 60 seconds; a longer
    /// one is an error at once.
    pub longest_asked: u32,
    /// 1 to trust only `roots`, and not what the operating system trusts.
    pub only_roots: u32,
    /// 1 to use no proxy, whatever the environment says.
    pub no_proxy: u32,
    /// A `CardwrightStatusScheme` of MIM CM; ignored if there are `statuses`.
    pub status_scheme: StatusSchemeNumber,
    /// The largest single card or reply, in bytes. Default: 16 MiB.
    pub max_element: usize,
    /// The address of the API's base, such as `https://cm.example/certiflow/api`.
    pub base: CardwrightText,
    /// The user. Without `sign_in` it needs a password, and both are sent by HTTP Basic with the first request: over
    /// plain HTTP to this machine only.
    pub user: CardwrightText,
    /// The password. It is copied, and the copy wiped at the end.
    pub password: CardwrightText,
    /// A bearer token, instead of all other ways to sign in.
    pub token: CardwrightText,
    /// How the user with a password, or the user that the system knows, signs in: Kerberos, NTLM or Basic, as the
    /// server accepts. `NULL` for Basic.
    pub sign_in: *const CardwrightSignIn,
    /// Where tokens come from, instead of all other ways to sign in, or `NULL`.
    pub oidc: *const CardwrightOidc,
    /// What the client presents if the server asks for a certificate, besides signing in, or `NULL`.
    pub certificate: *const CardwrightClientCertificate,
    /// Certificates to trust, in PEM, besides those that the operating system trusts.
    pub roots: CardwrightText,
    /// The proxy: a URL of the scheme `http`, with its host and port. Default: as `HTTPS_PROXY`, `HTTP_PROXY`,
    /// `ALL_PROXY` and `NO_PROXY` of the environment say.
    pub proxy: CardwrightText,
    /// What to put before the library's own name in the header `User-Agent`, such as `Kiosk/2.1`.
    pub user_agent: CardwrightText,
    /// `status_count` rows of the site's own scheme of MIM CM.
    pub statuses: *const CardwrightStatusRow,
    /// The number of rows of `statuses`.
    pub status_count: usize,
    /// A `CardwrightVerify`: whether a card is read again after an operation.
    pub verify: VerifyNumber,
    /// How long a card is read again after an operation that it does not show yet, in milliseconds. Default: 5 seconds.
    pub settle_limit: u32,
    /// How long a call may take in total, in milliseconds, repetitions included; each page of a list is a call.
    /// Default: 5 minutes, or the sum of the three limits above if all of them are set, or if it is longer.
    pub total_timeout: u32,
    /// Filters that are trusted although the server's answers contradict them, by their names in CertiFlow with commas
    /// between, such as `userName`. Default: none.
    pub trust_filters: CardwrightText,
    /// A `CardwrightTls`: the library that does TLS.
    pub tls: TlsNumber,
    /// How long the server may be waited for over a whole list, in milliseconds; what the program does between its
    /// cards does not count. Default: one hour.
    pub list_timeout: u32,
}

/// The library that does TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightTls {
    /// rustls, which is built in.
    Rustls = 0,
    /// The system's OpenSSL, which must be installed, on Windows SChannel: for older servers (CBC, RSA key exchange, P-521,
    /// client certificates that are asked for after the handshake). An error on macOS.
    System = 1,
}

/// The library behind a `CardwrightTls` in this process, such as `OpenSSL 3.0.22 5 Aug 2026`: static; no text where it is
/// not there. The system's is looked for by this.
#[unsafe(no_mangle)]
pub extern "C" fn cardwright_tls_library(tls: TlsNumber) -> CardwrightText {
    let known = [(CardwrightTls::Rustls, TlsBackend::Rustls), (CardwrightTls::System, TlsBackend::System)];
    let backend = known.iter().find(|(its, _)| *its as u32 == tls);
    CardwrightText::of_any(backend.and_then(|(_, backend)| backend.library()))
}

/// Whether a card is read again after an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightVerify {
    /// Always: `CARDWRIGHT_RESULT_DONE` means that the card was seen so.
    Always = 0,
    /// Not after a success: the server's word is taken, and the result is `CARDWRIGHT_RESULT_ACCEPTED`.
    Never = 1,
}

structures!(CardwrightOptions {
    system,
    dialect,
    check,
    page_size,
    connect_timeout,
    answer_timeout,
    idle_timeout,
    attempts,
    longest_wait,
    longest_asked,
    only_roots,
    no_proxy,
    status_scheme,
    max_element,
    base,
    user,
    password,
    token,
    sign_in,
    oidc,
    certificate,
    roots,
    proxy,
    user_agent,
    statuses,
    status_count,
    verify,
    settle_limit,
    total_timeout,
    trust_filters,
    tls,
    list_timeout
});
