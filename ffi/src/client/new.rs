//! How a client is set up.

use super::certificate::certificate;
use super::handle::{CardwrightClient, Shared, about, noted};
use super::options::{CardwrightCheck, CardwrightOptions, CardwrightStatusScheme, CardwrightTls, CardwrightVerify};
use super::sign_in::{sign_in, tokens};
use crate::enumeration::{optional_value, value, value_of};
use crate::error::{CardwrightError, refused};
use crate::frame::{boundary_with_detail, from_c, nullable, slice};
use crate::hosted::{into_raw, milliseconds};
use crate::view::CardwrightStatusRow;
use cardwright::client::http::TlsBackend;
use cardwright::client::{
    AnyClient, Check, Credentials, Options, Proxy, Retries, Secret, Setup, Timeouts, Trust, TrustedFilters, Verify,
};
use cardwright_core::mim::{SmartcardStatus, StatusScheme};
use cardwright_core::{Code, Error};
use std::sync::Arc;
use std::time::Duration;

/// Sets up a client; nothing is sent. Free `*client` with `cardwright_client_free`.
///
/// What cannot be used has its own code, and `CardwrightError.what` is the member: `CARDWRIGHT_CODE_ADDRESS` for the base and the issuer,
/// `CARDWRIGHT_CODE_CERTIFICATE` for `roots` and certificates that cannot be read, `CARDWRIGHT_CODE_KEY` for a key
/// that cannot be read or does not belong to the certificate, `CARDWRIGHT_CODE_PROXY`, `CARDWRIGHT_CODE_HEADER` for
/// what no header can carry, such as a user with a colon or a control character where HTTP Basic may be used,
/// `CARDWRIGHT_CODE_SETTING` for all else; `CARDWRIGHT_CODE_ARGUMENT` for two ways to sign in.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_new(
    options: *const CardwrightOptions, client: *mut *mut CardwrightClient, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (options, client) = from_c!(options, client);
        client.put(into_raw(CardwrightClient(Arc::new(client_of(&options)?))));
    })
}

fn client_of(options: &CardwrightOptions) -> Result<Shared, Error> {
    let (setup, rows) = (setup_of(options)?, rows_of(options)?);
    let default = Options::default();
    let status_scheme = match options.status_scheme {
        // SAFETY: the rows are where `Shared` keeps them, which drops them after the client, the only one that knows
        // them.
        _ if !rows.is_empty() => StatusScheme { rows: unsafe { &*core::ptr::from_ref(&*rows) } },
        n if n == CardwrightStatusScheme::B as u32 => StatusScheme::B,
        n if n == CardwrightStatusScheme::A as u32 => StatusScheme::A,
        _ => return Err(Error::of(Code::UnknownValue, "status_scheme")),
    };
    let of_system = Options {
        dialect: optional_value(options.dialect, "dialect")?,
        check: value_of!(options.check, "check", CardwrightCheck => Check: Warn, Strict, Off)?,
        page_size: Some(options.page_size).filter(|cards| *cards > 0),
        status_scheme,
        verify: value_of!(options.verify, "verify", CardwrightVerify => Verify: Always, Never)?,
        settle_limit: milliseconds(options.settle_limit, default.settle_limit),
        trust_filters: trusted(nullable!(options.trust_filters))?,
    };
    let client = AnyClient::new(value(options.system, "system")?, setup, &of_system);
    let row =
        |(number, status): &(i64, SmartcardStatus)| CardwrightStatusRow { number: *number, status: *status as u32 };
    let statuses = status_scheme.rows.iter().map(row);
    let statuses = (status_scheme != StatusScheme::default()).then(|| statuses.collect());
    Ok(Shared { client: client.map_err(noted)?, _rows: rows, statuses })
}

fn trusted(names: Option<&str>) -> Result<TrustedFilters, Error> {
    let mut filters = TrustedFilters::default();
    names
        .unwrap_or("")
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .try_for_each(|name| filters.add(name))
        .map_err(|error| about("trust_filters", noted(error)))?;
    Ok(filters)
}

fn rows_of(options: &CardwrightOptions) -> Result<Arc<[(i64, SmartcardStatus)]>, Error> {
    let rows = slice!(options.statuses, options.status_count).iter();
    rows.map(|row| Ok((row.number, value(row.status, "statuses")?))).collect()
}

/// How requests are carried.
fn setup_of(options: &CardwrightOptions) -> Result<Setup, Error> {
    let mut setup = Setup::new(from_c!(options.base));
    setup.trust = if options.only_roots == 0 { Trust::system() } else { Trust::only_added() };
    if let Some(pem) = nullable!(options.roots) {
        setup.trust = setup.trust.add_pem(pem.as_bytes()).map_err(|error| about("roots", noted(error)))?;
    }
    let backend = value_of!(options.tls, "tls", CardwrightTls => TlsBackend: Rustls, System)?;
    setup.trust = setup.trust.backend(backend).map_err(|error| about("tls", noted(error)))?;
    setup.proxy = match (nullable!(options.proxy), options.no_proxy) {
        (None, 0) => Proxy::Environment,
        (None, _) => Proxy::None,
        (Some(address), 0) => Proxy::Address(Secret::new(address)),
        (Some(_), _) => return Err(refused("proxy", "there is no_proxy too: one of them")),
    };
    setup.credentials = credentials(options, &setup.trust, &setup.proxy)?;
    setup.certificate = nullable!(options.certificate).map(|given| certificate(&given)).transpose()?;
    if let Some(product) = nullable!(options.user_agent) {
        if !product.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Err(Error::of(Code::Unwritable, "user_agent"));
        }
        setup.user_agent = format!("{product} {}", setup.user_agent);
    }
    let (times, retries) = (setup.timeouts, setup.retries);
    let limit = |given: u32| (given != 0).then(|| Duration::from_millis(given.into()));
    setup.timeouts = Timeouts::given(
        limit(options.connect_timeout),
        limit(options.answer_timeout),
        limit(options.idle_timeout),
        limit(options.total_timeout),
    )
    .list(milliseconds(options.list_timeout, times.list));
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

/// The credentials of a client.
fn credentials(options: &CardwrightOptions, trust: &Trust, proxy: &Proxy) -> Result<Credentials, Error> {
    let user = (nullable!(options.user), nullable!(options.password), nullable!(options.token));
    let (with_sign_in, with_tokens) = (nullable!(options.sign_in), nullable!(options.oidc));
    match (user, with_sign_in.as_deref(), with_tokens.as_deref()) {
        ((None, None, None), None, None) => Ok(Credentials::Anonymous),
        ((Some(user), Some(password), None), None, None) => Ok(Credentials::basic(user, Secret::new(password))),
        ((None, None, Some(token)), None, None) => Ok(Credentials::Bearer(Secret::new(token))),
        ((user, password, None), Some(given), None) => sign_in(given, user, password).map(Into::into),
        ((None, None, None), None, Some(given)) => tokens(given, trust, proxy),
        ((Some(_), None, None), None, None) => {
            Err(refused("password", "no text, and the user needs one without sign_in"))
        }
        ((None, Some(_), None), None, None) => Err(refused("user", "no text, and there is a password")),
        ((_, _, Some(_)), _, _) => Err(refused("token", "there is another way to sign in too: one of them")),
        (_, _, Some(_)) => Err(refused("oidc", "there is another way to sign in too: one of them")),
    }
}
