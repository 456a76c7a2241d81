//! Clients of both APIs, with an operating system below.
//!
//! Handles are boxes: what `_new` and its like give away, `_free` takes back. The detail of the last
//! error is each thread's own.

mod card;
mod cards;
mod error;

pub use card::*;
pub use cards::*;
pub use error::cardwright_last_error;

use crate::boundary::{ARGUMENT, CardwrightError, CardwrightText, Output, run, structure};
use crate::names::value;
use cardwright_client::{AnyClient, Builder, CertiFlow, Check, Client, Credentials, Mim, Secret, Timeouts, Trust};
use cardwright_core::certiflow::Dialect;
use cardwright_core::lifecycle::System;
use cardwright_core::{Code, Error};
use error::noted;
use std::sync::Arc;
use std::time::Duration;

/// A client of one of the APIs. It may be shared between threads.
#[derive(Debug)]
pub struct CardwrightClient(pub(crate) Arc<AnyClient>);

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
    /// 1 to trust only what is in `roots`, and not what the operating system trusts.
    pub only_roots: u32,
    /// The address of the API's base, such as `https://cm.example/certiflow/api`.
    pub base: CardwrightText,
    /// The user, for HTTP Basic together with `password`.
    pub user: CardwrightText,
    /// The password. It is copied, and the copy wiped in the end.
    pub password: CardwrightText,
    /// A bearer token, instead of user and password.
    pub token: CardwrightText,
    /// Certificates to trust, in PEM, besides those that the operating system trusts.
    pub roots: CardwrightText,
}

/// Sets up a client; nothing is sent. `*client` is the caller's, for `cardwright_client_free`.
///
/// `CARDWRIGHT_CODE_ADDRESS` where the base is no address that can be used, and for `roots` that cannot be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_new(
    options: *const CardwrightOptions,
    client: *mut *mut CardwrightClient,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the options and their texts are the caller's and stay for the call; the output is there to
        // be written to.
        let (place, made) = unsafe { (Output::new(client)?, client_of(structure(options)?)?) };
        place.put(Box::into_raw(Box::new(CardwrightClient(Arc::new(made)))));
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// # Safety
/// The texts stay until this returns.
unsafe fn client_of(options: &CardwrightOptions) -> Result<AnyClient, Error> {
    // SAFETY: as this function's caller promises.
    let (base, user, password, token, roots) = unsafe {
        (
            options.base.needed()?,
            options.user.get()?,
            options.password.get()?,
            options.token.get()?,
            options.roots.get()?,
        )
    };
    let credentials = match (user, password, token) {
        (None, None, None) => Credentials::Anonymous,
        (Some(user), Some(password), None) => Credentials::basic(user, Secret::new(password)),
        (None, None, Some(token)) => Credentials::Bearer(Secret::new(token)),
        _ => return Err(ARGUMENT),
    };
    let check = match options.check {
        n if n == CardwrightCheck::Warn as u32 => Check::Warn,
        n if n == CardwrightCheck::Strict as u32 => Check::Strict,
        n if n == CardwrightCheck::Off as u32 => Check::Off,
        _ => return Err(Error::of(Code::UnknownValue, "check")),
    };
    let mut trust = if options.only_roots == 0 { Trust::system() } else { Trust::only_added() };
    if let Some(pem) = roots {
        trust = trust.add_pem(pem.as_bytes()).map_err(noted)?;
    }
    let usual = Timeouts::default();
    let time = |given: u32, usual| if given == 0 { usual } else { Duration::from_millis(given.into()) };
    let timeouts = Timeouts {
        connect: time(options.connect_timeout, usual.connect),
        answer: time(options.answer_timeout, usual.answer),
        idle: time(options.idle_timeout, usual.idle),
    };
    let page_size = if options.page_size == 0 { 500 } else { options.page_size };

    /// What is the same for both systems.
    fn set<A>(builder: Builder<A>, common: (Credentials, Check, Trust, Timeouts, u32)) -> Builder<A> {
        let (credentials, check, trust, timeouts, page_size) = common;
        builder.credentials(credentials).check(check).trust(trust).timeouts(timeouts).page_size(page_size)
    }
    let common = (credentials, check, trust, timeouts, page_size);
    match value(options.system, "system", |system: System| system as u32)? {
        System::Mim => set(Client::<Mim>::builder(base), common).build().map(AnyClient::Mim).map_err(noted),
        System::CertiFlow => {
            let dialect = match options.dialect {
                0 => Dialect::default(),
                number => value(number, "dialect", |dialect: Dialect| dialect as u32)?,
            };
            let builder = set(Client::<CertiFlow>::builder(base), common).dialect(dialect);
            builder.build().map(AnyClient::CertiFlow).map_err(noted)
        }
    }
}

/// Takes a client back; nobody may be using it, but lists and cards that came from it stay. `NULL` is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_free(client: *mut CardwrightClient) {
    // SAFETY: what `cardwright_client_new` gave away, once.
    unsafe { take_back(client) }
}

/// Stops a client for good, from any thread: what is under way fails at once with
/// `CARDWRIGHT_CODE_CANCELED`, and nothing else is sent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_cancel(client: *const CardwrightClient, error: *mut CardwrightError) -> i32 {
    let body = || {
        // SAFETY: the client is there to be used.
        match &*unsafe { handle(client) }?.0 {
            AnyClient::Mim(client) => client.canceler().cancel(),
            AnyClient::CertiFlow(client) => client.canceler().cancel(),
        }
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// What a handle of a client stands for.
///
/// # Safety
/// `client` is null, or what `cardwright_client_new` gave away and nobody has taken back for `'a`.
unsafe fn handle<'a>(client: *const CardwrightClient) -> Result<&'a CardwrightClient, Error> {
    if client.is_null() {
        return Err(ARGUMENT);
    }
    // SAFETY: not null, and as this function's caller promises.
    Ok(unsafe { &*client })
}

/// Takes back what a function gave away; nothing for `NULL`.
///
/// # Safety
/// `given` is null, or comes from `Box::into_raw` and was not taken back before.
unsafe fn take_back<T>(given: *mut T) {
    if !given.is_null() {
        // SAFETY: as this function's caller promises.
        let taken = unsafe { Box::from_raw(given) };
        // What is dropped closes connections; a panic there must not reach C.
        let _ = std::panic::catch_unwind(core::panic::AssertUnwindSafe(|| drop(taken)));
    }
}
