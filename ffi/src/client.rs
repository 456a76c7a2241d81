//! Clients of both APIs, with an operating system below.
//!
//! A client is shared by the lists that come from it, so that it may go before them.

mod card;
mod cards;
mod certificate;
mod operate;
mod operations;
mod plan;
mod raw;
mod records;
mod sign_in;

pub use card::*;
pub use cards::*;
pub use certificate::{CardwrightClientCertificate, CardwrightSign, CardwrightSignatureScheme};
pub use operate::*;
pub use operations::*;
pub use plan::*;
pub use raw::*;
pub use records::*;
pub use sign_in::{
    CardwrightClientAuth, CardwrightDeviceCode, CardwrightMutual, CardwrightOidc, CardwrightPrompt, CardwrightScheme,
    CardwrightSignIn, cardwright_client_explain,
};

use crate::boundary::{ARGUMENT, CardwrightError, CardwrightText, Output, input, structure};
use crate::hosted::{give, handle, milliseconds, note, run, take_back};
use crate::names::value;
use cardwright_client::{AnyClient, Check, Options, Proxy, Retries, Secret, Setup, Timeouts, Trust};
use cardwright_core::certiflow::Dialect;
use cardwright_core::lifecycle::System;
use cardwright_core::mim::{SmartcardStatus, StatusScheme};
use cardwright_core::{Code, Error};
use core::ops::Deref;
use std::sync::Arc;

/// A client of one of the APIs. It may be shared between threads.
#[derive(Debug)]
pub struct CardwrightClient(Arc<Shared>);

/// What a client, its lists and its threads have in common.
#[derive(Debug)]
struct Shared {
    // Borrows from what follows: fields are dropped in this order.
    client: AnyClient,
    _statuses: Arc<[(i64, SmartcardStatus)]>,
}

impl Deref for Shared {
    type Target = AnyClient;

    fn deref(&self) -> &AnyClient {
        &self.client
    }
}

// As the header says: any may go to another thread, and all but the list may be shared.
const _: () = {
    const fn shared<T: Send + Sync>() {}
    const fn goes<T: Send>() {}
    shared::<CardwrightClient>();
    shared::<CardwrightCard>();
    shared::<CardwrightPlan>();
    shared::<CardwrightRaw>();
    shared::<CardwrightOperations>();
    goes::<CardwrightCards>();
};

/// What to do about an operation that the tables do not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightCheck {
    /// Stop it where the vendor documents so; send it where that is only assumed.
    Warn = 0,
    /// Stop it where it is only assumed, too.
    Strict = 1,
    /// Never stop it.
    Off = 2,
}

/// What the numbers of `Smartcard.Status` of MIM CM mean. Microsoft has not published it, so both are assumed: a
/// status explains a card, and never decides what may be done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightStatusScheme {
    /// The one that explains each example of the REST documents: None, New, Assigned, Active, Disabled, Suspended
    /// and Retired are 0 to 6.
    B = 0,
    /// The column `sc_status` of the SQL API: New, Assigned, Active and Disabled are 0 to 3.
    A = 1,
}

/// A row of a site's own scheme: what one number of `Smartcard.Status` means there.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct CardwrightStatusRow {
    /// The number.
    pub number: i64,
    /// A `CardwrightSmartcardStatus`.
    pub status: u32,
}

/// How a client is set up. Zero all of it, then set `struct_size`, `system` and `base`; a number that is 0 and
/// a text that is not there leave what is usual.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightOptions {
    /// `sizeof(CardwrightOptions)`.
    pub struct_size: u32,
    /// A `CardwrightSystem`.
    pub system: u32,
    /// A `CardwrightDialect` of CertiFlow; G7 is usual.
    pub dialect: u32,
    /// A `CardwrightCheck`.
    pub check: u32,
    /// How many cards to ask for at once; 500 is usual.
    pub page_size: u32,
    /// How long a connection may take, in milliseconds, TLS included; 10 seconds is usual.
    pub connect_timeout: u32,
    /// How long an answer may take to begin, in milliseconds; 60 seconds is usual.
    pub answer_timeout: u32,
    /// How long the next piece of an answer may take, in milliseconds; 30 seconds is usual.
    pub idle_timeout: u32,
    /// How often a request is sent at most that may be repeated, the first time included; 3 is usual, 1 sends
    /// each once.
    pub attempts: u32,
    /// The longest wait between two attempts that is the client's own choice, in milliseconds; 5 seconds is usual.
    pub longest_wait: u32,
    /// The longest wait that a server may ask for by `Retry-After`, in milliseconds; 60 seconds is usual, and what
    /// it asks beyond is an error at once.
    pub longest_asked: u32,
    /// 1 to trust only what is in `roots`, and not what the operating system trusts.
    pub only_roots: u32,
    /// 1 to go through no proxy, whatever the environment says.
    pub no_proxy: u32,
    /// A `CardwrightStatusScheme` of MIM CM; does not count where there are `statuses`.
    pub status_scheme: u32,
    /// The largest single card or reply, in bytes; 16 MiB is usual.
    pub max_element: usize,
    /// The address of the API's base, such as `https://cm.example/certiflow/api`.
    pub base: CardwrightText,
    /// The user. Without `sign_in` it needs a password, and they go by HTTP Basic with the first request: over plain
    /// HTTP to this machine alone.
    pub user: CardwrightText,
    /// The password. It is copied, and the copy wiped in the end.
    pub password: CardwrightText,
    /// A bearer token, instead of all other ways to sign in.
    pub token: CardwrightText,
    /// How user and password, or whoever the system knows, sign in: Kerberos, NTLM or Basic, as the server takes it.
    /// `NULL` for Basic.
    pub sign_in: *const CardwrightSignIn,
    /// Where tokens come from, instead of all other ways to sign in, or `NULL`.
    pub oidc: *const CardwrightOidc,
    /// What the client shows of itself where the server asks for a certificate, besides signing in, or `NULL`.
    pub certificate: *const CardwrightClientCertificate,
    /// Certificates to trust, in PEM, besides those that the operating system trusts.
    pub roots: CardwrightText,
    /// The proxy, such as `http://proxy.example:3128`. Without it, what `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`
    /// and `NO_PROXY` of the environment say.
    pub proxy: CardwrightText,
    /// What to put before the library's own name in the header `User-Agent`, such as `Kiosk/2.1`.
    pub user_agent: CardwrightText,
    /// `status_count` rows of the site's own scheme of MIM CM.
    pub statuses: *const CardwrightStatusRow,
    /// How many rows `statuses` has.
    pub status_count: usize,
}

/// Sets up a client; nothing is sent. `*client` is the caller's, for `cardwright_client_free`.
///
/// `CARDWRIGHT_CODE_ADDRESS` where the base, the proxy or the issuer is no address that can be used, for `roots`,
/// certificates and keys that cannot be read, and for a key that is not the certificate's;
/// `CARDWRIGHT_CODE_ARGUMENT` for two ways to sign in.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_new(
    options: *const CardwrightOptions,
    client: *mut *mut CardwrightClient,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the options, their texts and rows are the caller's and stay for the call; the output is there
        // to be written to.
        let (place, made) = unsafe { (Output::new(client)?, client_of(structure(options)?)?) };
        place.put(give(CardwrightClient(Arc::new(made))));
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// # Safety
/// The texts and rows stay until this returns.
unsafe fn client_of(options: &CardwrightOptions) -> Result<Shared, Error> {
    // SAFETY: as this function's caller promises.
    let (setup, statuses) = unsafe { (setup_of(options)?, statuses_of(options)?) };
    let usual = Options::default();
    let status_scheme = match options.status_scheme {
        // SAFETY: the rows lie where `Shared` keeps them, which drops them after the client, the only one
        // that knows them.
        _ if !statuses.is_empty() => StatusScheme { rows: unsafe { &*core::ptr::from_ref(&*statuses) } },
        n if n == CardwrightStatusScheme::B as u32 => StatusScheme::B,
        n if n == CardwrightStatusScheme::A as u32 => StatusScheme::A,
        _ => return Err(Error::of(Code::UnknownValue, "status_scheme")),
    };
    let dialect = match options.dialect {
        0 => usual.dialect,
        number => value(number, "dialect", |dialect: Dialect| dialect as u32)?,
    };
    let check = match options.check {
        n if n == CardwrightCheck::Warn as u32 => Check::Warn,
        n if n == CardwrightCheck::Strict as u32 => Check::Strict,
        n if n == CardwrightCheck::Off as u32 => Check::Off,
        _ => return Err(Error::of(Code::UnknownValue, "check")),
    };
    let page_size = if options.page_size == 0 { usual.page_size } else { options.page_size };
    let options_of_system = Options { check, page_size, dialect, status_scheme };
    let system = value(options.system, "system", |system: System| system as u32)?;
    let client = AnyClient::new(system, setup, &options_of_system);
    Ok(Shared { client: client.map_err(noted)?, _statuses: statuses })
}

/// # Safety
/// The rows stay until this returns.
unsafe fn statuses_of(options: &CardwrightOptions) -> Result<Arc<[(i64, SmartcardStatus)]>, Error> {
    let (rows, count) = (options.statuses, options.status_count);
    if count.checked_mul(size_of::<CardwrightStatusRow>()).is_none_or(|size| isize::try_from(size).is_err()) {
        return Err(ARGUMENT);
    }
    // SAFETY: as this function's caller promises; the bytes are looked at only to find the null pointer.
    unsafe { input(rows.cast(), count) }?;
    if !rows.is_aligned() {
        return Err(ARGUMENT);
    }
    let status = |number| value(number, "statuses", |status: SmartcardStatus| status as u32);
    // SAFETY: there are so many rows, aligned, as this function's caller promises.
    (0..count).map(|n| unsafe { rows.add(n).read() }).map(|row| Ok((row.number, status(row.status)?))).collect()
}

/// How requests are carried.
///
/// # Safety
/// The texts stay until this returns.
unsafe fn setup_of(options: &CardwrightOptions) -> Result<Setup, Error> {
    // SAFETY: as this function's caller promises.
    let (base, any) = unsafe { (options.base.needed()?, |text: CardwrightText| text.get()) };
    let mut setup = Setup::new(base);
    setup.trust = if options.only_roots == 0 { Trust::system() } else { Trust::only_added() };
    if let Some(pem) = any(options.roots)? {
        setup.trust = setup.trust.add_pem(pem.as_bytes()).map_err(noted)?;
    }
    setup.proxy = match (any(options.proxy)?, options.no_proxy) {
        (None, 0) => Proxy::Environment,
        (None, _) => Proxy::None,
        (Some(address), 0) => Proxy::Address(Secret::new(address)),
        (Some(_), _) => return Err(ARGUMENT),
    };
    // SAFETY: as this function's caller promises.
    setup.credentials = unsafe { sign_in::credentials(options, &setup.trust, &setup.proxy) }?;
    if !options.certificate.is_null() {
        // SAFETY: as this function's caller promises.
        setup.certificate = Some(unsafe { certificate::certificate(options.certificate) }?);
    }
    if let Some(product) = any(options.user_agent)? {
        if !product.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Err(Error::of(Code::Unwritable, "user_agent"));
        }
        setup.user_agent = format!("{product} {}", setup.user_agent);
    }
    let (times, retries) = (setup.timeouts, setup.retries);
    setup.timeouts = Timeouts {
        connect: milliseconds(options.connect_timeout, times.connect),
        answer: milliseconds(options.answer_timeout, times.answer),
        idle: milliseconds(options.idle_timeout, times.idle),
    };
    setup.retries = Retries {
        attempts: if options.attempts == 0 { retries.attempts } else { options.attempts },
        longest_wait: milliseconds(options.longest_wait, retries.longest_wait),
        longest_asked: milliseconds(options.longest_asked, retries.longest_asked),
    };
    if options.max_element != 0 {
        setup.max_element = options.max_element;
    }
    Ok(setup)
}

/// Takes a client back; nobody may be using it, but lists and cards that came from it stay. `NULL` is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_free(client: *mut CardwrightClient) {
    // SAFETY: what `cardwright_client_new` gave away, once.
    unsafe { take_back(client) }
}

/// Stops a client for good, from any thread: what is under way fails at once with
/// `CARDWRIGHT_CODE_CANCELED`, in all threads, and nothing else is sent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_cancel(client: *const CardwrightClient, error: *mut CardwrightError) -> i32 {
    let body = || {
        // SAFETY: the client is there to be used.
        unsafe { handle(client) }?.0.canceler().cancel();
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// Keeps the detail of a client's error, and makes what crosses the boundary of it.
fn noted(error: impl Into<cardwright_client::Error>) -> Error {
    let error = error.into();
    note(&error);
    match error {
        cardwright_client::Error::Call(error) => error,
        cardwright_client::Error::Http(cardwright_client::http::Error::Decode(decode)) => decode.error,
        other => Error::new(other.code(), 0),
    }
}
