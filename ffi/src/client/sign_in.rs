//! Who asks: by user and password, by what is at hand, or by tokens of an issuer.

use super::{CardwrightClient, CardwrightOptions, noted};
use crate::boundary::{ARGUMENT, Buffer, CardwrightError, CardwrightText, size, structure};
use crate::hosted::{Context, handle, run};
use cardwright_client::{ClientAuth, Credentials, DeviceCode, Mutual, Oidc, Proxy, Scheme, Secret, SignIn, Trust};
use cardwright_core::{Code, Error, Named as _};
use core::ffi::{c_char, c_void};
use std::sync::Arc;

/// A scheme of HTTP authentication, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightScheme {
    /// Kerberos by SPNEGO (RFC 4559); on Windows also what else the system's Negotiate takes.
    Negotiate = 1,
    /// NTLMv2 (MS-NLMP).
    Ntlm = 2,
    /// Name and password (RFC 7617).
    Basic = 3,
    /// A token (RFC 6750): `token` or `oidc` of `CardwrightOptions`.
    Bearer = 4,
}

/// Whether the server must prove who it is, where Kerberos signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightMutual {
    /// A wrong proof is an error; a missing one is said in the log and in what `cardwright_client_explain` writes.
    Warn = 0,
    /// A missing proof is an error too.
    Require = 1,
}

/// How a user signs in: the server is asked what it takes, and the strongest scheme of those that are allowed is
/// used. With user and password of `CardwrightOptions`, it is that user: `DOMAIN\name`, `name@REALM` or `name`, of
/// which Kerberos takes the second alone, except on Windows. Without a password it is whoever the system knows
/// already, by the Kerberos ticket of `kinit` or the keytab, on Windows whoever is logged on; `user` is then whose
/// ticket or key to take where there are several, `name@REALM`. A password that was refused is not tried again.
///
/// Zero all of it, then set `struct_size`.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightSignIn {
    /// `sizeof(CardwrightSignIn)`.
    pub struct_size: u32,
    /// The set of schemes that may be used, bit n for the `CardwrightScheme` n: of Negotiate, NTLM and Basic. 0
    /// for all of them.
    pub schemes: u32,
    /// A `CardwrightMutual`.
    pub mutual: u32,
    /// 1 not to bind the sign-in to the TLS connection (RFC 5929 `tls-server-end-point`, "Extended Protection"):
    /// behind a proxy that ends TLS.
    pub no_channel_bindings: u32,
    /// 1 to let Basic send the password over plain HTTP to another machine, where everybody on the way can read
    /// it.
    pub basic_in_clear: u32,
    /// The file of the keytab with the key of the account, for a batch without anybody to type a password.
    pub keytab: CardwrightText,
    /// The file with the tickets. Without it: what the environment says (`KRB5CCNAME`).
    pub ccache: CardwrightText,
    /// The name of the service, `HTTP@host`. Without it: that of the base's host.
    pub service: CardwrightText,
}

/// How a client shows to the issuer that it is the client (RFC 6749, 2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightClientAuth {
    /// As the issuer's document says, `client_secret_basic` rather than the other.
    Discover = 0,
    /// `client_secret_basic`: in the header.
    Basic = 1,
    /// `client_secret_post`: in the form.
    Post = 2,
}

/// Tokens of an OpenID Connect or OAuth 2.0 issuer, AD FS among them: the program's own, by its secret, or, where
/// there is a `prompt`, those of a person who types a code on any device (RFC 8628). They are got when the first is
/// needed, and renewed before they end. Certificates and proxy are those of `CardwrightOptions`; a connection may
/// take 10 seconds, an answer 30.
///
/// Zero all of it, then set `struct_size`, `issuer`, `client_id`, and `client_secret` or `prompt`.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightOidc {
    /// `sizeof(CardwrightOidc)`.
    pub struct_size: u32,
    /// A `CardwrightClientAuth`.
    pub client_auth: u32,
    /// The address of the issuer, such as `https://adfs.example/adfs`: below it is
    /// `/.well-known/openid-configuration`. It is `https`, except on this machine.
    pub issuer: CardwrightText,
    /// By which id the issuer knows the client.
    pub client_id: CardwrightText,
    /// The client's secret. It is copied, and the copy wiped in the end.
    pub client_secret: CardwrightText,
    /// What the token is to be good for, with blanks between.
    pub scope: CardwrightText,
    /// Which server the token is for (RFC 8707); AD FS wants it: the relying party's identifier.
    pub resource: CardwrightText,
    /// The same for issuers that call it `audience`.
    pub audience: CardwrightText,
    /// Where tokens are, for an issuer without a document that says so.
    pub token_endpoint: CardwrightText,
    /// Where device codes are, for an issuer without a document that says so.
    pub device_endpoint: CardwrightText,
    /// The file that keeps the token for the next process too. Only its owner can read it; whoever else does can
    /// act as its bearer until it ends. Without it: in memory alone.
    pub cache: CardwrightText,
    /// Who tells a person the code, or `NULL`.
    pub prompt: CardwrightPrompt,
    /// What `prompt` is handed; it stays until the client and the lists that came from it are given back.
    pub context: *mut c_void,
}

/// What a person needs to sign in. Its texts stay until the function that it was handed to returns, and have no
/// control characters.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightDeviceCode {
    /// `sizeof(CardwrightDeviceCode)` of the library.
    pub struct_size: u32,
    /// How long the code is good, in seconds.
    pub lasts: u32,
    /// What to type.
    pub user_code: CardwrightText,
    /// Where, in any browser on any device.
    pub address: CardwrightText,
    /// The same with the code in it already, where the issuer has such an address.
    pub address_with_code: CardwrightText,
}

/// A function of the program's that tells a person a code. It is called on whatever thread needs a token first,
/// which then waits until the code was typed or has ended; with no lock held. What it calls of the same client
/// would wait for itself, except `cardwright_client_cancel`. It must return, and not by `longjmp` or an exception.
pub type CardwrightPrompt = Option<unsafe extern "C" fn(context: *mut c_void, code: *const CardwrightDeviceCode)>;

/// Writes how the last sign-in of a client went, without secrets: what the server offered, what was tried, and what
/// came of it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_explain(
    client: *const CardwrightClient,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the client is there to be used, buffer and length to be written to.
        let (client, buffer) = unsafe { (handle(client)?, Buffer::new(buffer, capacity, length)?) };
        let explanation = client.0.client.explain();
        buffer.text(|out| write!(out, "{explanation}"))
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// Who asks.
///
/// # Safety
/// The texts, and what is pointed to, stay until this returns.
pub(super) unsafe fn credentials(
    options: &CardwrightOptions,
    trust: &Trust,
    proxy: &Proxy,
) -> Result<Credentials, Error> {
    // SAFETY: as this function's caller promises.
    let any = |text: CardwrightText| unsafe { text.get() };
    let given = (any(options.user)?, any(options.password)?, any(options.token)?);
    match (given, options.sign_in.is_null(), options.oidc.is_null()) {
        ((None, None, None), true, true) => Ok(Credentials::Anonymous),
        ((Some(user), Some(password), None), true, true) => Ok(Credentials::basic(user, Secret::new(password))),
        ((None, None, Some(token)), true, true) => Ok(Credentials::Bearer(Secret::new(token))),
        // SAFETY: as this function's caller promises.
        ((user, password, None), false, true) => unsafe { sign_in(options.sign_in, user, password) }.map(Into::into),
        // SAFETY: as this function's caller promises.
        ((None, None, None), true, false) => unsafe { tokens(options.oidc, trust, proxy) },
        _ => Err(ARGUMENT),
    }
}

/// # Safety
/// The structure and its texts stay until this returns.
unsafe fn sign_in(given: *const CardwrightSignIn, user: Option<&str>, password: Option<&str>) -> Result<SignIn, Error> {
    // SAFETY: as this function's caller promises.
    let given = unsafe { structure(given) }?;
    // SAFETY: as this function's caller promises.
    let any = |text: CardwrightText| unsafe { text.get() };
    let (keytab, ccache) = (any(given.keytab)?, any(given.ccache)?);
    let mut sign_in = match (user, password, keytab.or(ccache)) {
        (Some(user), Some(password), None) => SignIn::password(user, Secret::new(password)),
        (Some(user), None, _) => SignIn::ambient().principal(user),
        (None, None, _) => SignIn::ambient(),
        _ => return Err(ARGUMENT),
    };
    if given.schemes != 0 {
        sign_in = sign_in.schemes(&schemes(given.schemes)?);
    }
    sign_in = match given.mutual {
        n if n == CardwrightMutual::Warn as u32 => sign_in.mutual(Mutual::Warn),
        n if n == CardwrightMutual::Require as u32 => sign_in.mutual(Mutual::Require),
        _ => return Err(Error::of(Code::UnknownValue, "mutual")),
    };
    sign_in = sign_in.channel_bindings(given.no_channel_bindings == 0).basic_in_clear(given.basic_in_clear != 0);
    if let Some(file) = keytab {
        sign_in = sign_in.keytab(file);
    }
    if let Some(file) = ccache {
        sign_in = sign_in.ccache(file);
    }
    if let Some(name) = any(given.service)? {
        sign_in = sign_in.service(name);
    }
    Ok(sign_in)
}

/// The schemes of a set. A token is not for a user to sign in by.
fn schemes(set: u32) -> Result<Vec<Scheme>, Error> {
    let bit = |scheme: &Scheme| 1_u32 << (*scheme as u32);
    let known = Scheme::ALL.iter().copied().filter(|scheme| *scheme != Scheme::Bearer);
    let named: Vec<Scheme> = known.filter(|scheme| set & bit(scheme) != 0).collect();
    match named.iter().fold(set, |left, scheme| left & !bit(scheme)) {
        0 => Ok(named),
        _ => Err(Error::of(Code::UnknownValue, "schemes")),
    }
}

/// # Safety
/// The structure and its texts stay until this returns; function and context as `CardwrightOidc` says.
unsafe fn tokens(given: *const CardwrightOidc, trust: &Trust, proxy: &Proxy) -> Result<Credentials, Error> {
    // SAFETY: as this function's caller promises.
    let given = unsafe { structure(given) }?;
    // SAFETY: as this function's caller promises.
    let any = |text: CardwrightText| unsafe { text.get() };
    // SAFETY: as this function's caller promises.
    let (issuer, client_id) = unsafe { (given.issuer.needed()?, given.client_id.needed()?) };
    let mut builder = Oidc::builder(issuer, client_id).trust(trust.clone());
    builder = builder.proxy(proxy.clone());
    builder = match given.client_auth {
        n if n == CardwrightClientAuth::Discover as u32 => builder.client_auth(ClientAuth::Discover),
        n if n == CardwrightClientAuth::Basic as u32 => builder.client_auth(ClientAuth::Basic),
        n if n == CardwrightClientAuth::Post as u32 => builder.client_auth(ClientAuth::Post),
        _ => return Err(Error::of(Code::UnknownValue, "client_auth")),
    };
    if let Some(secret) = any(given.client_secret)? {
        builder = builder.secret(Secret::new(secret));
    }
    if let Some(scope) = any(given.scope)? {
        builder = builder.scope(scope);
    }
    if let Some(resource) = any(given.resource)? {
        builder = builder.resource(resource);
    }
    if let Some(audience) = any(given.audience)? {
        builder = builder.audience(audience);
    }
    if let Some(address) = any(given.token_endpoint)? {
        builder = builder.token_endpoint(address);
    }
    if let Some(address) = any(given.device_endpoint)? {
        builder = builder.device_endpoint(address);
    }
    if let Some(file) = any(given.cache)? {
        builder = builder.cache(file);
    }
    if let Some(prompt) = given.prompt {
        let context = Context::new(given.context);
        // SAFETY: the program says that its function takes any thread, and that the context stays.
        builder = builder.device_code(move |code| show(code, |code| unsafe { prompt(context.pointer(), code) }));
    }
    Ok(Credentials::Tokens(Arc::new(builder.build().map_err(noted)?)))
}

fn show(code: &DeviceCode, tell: impl Fn(&CardwrightDeviceCode)) {
    // It goes to a person's screen, whatever an issuer puts into it.
    let shown = |text: &str| text.replace(char::is_control, " ");
    let (typed, address) = (shown(&code.user_code), shown(&code.address));
    let with_code = code.address_with_code.as_deref().map(shown);
    tell(&CardwrightDeviceCode {
        struct_size: size::<CardwrightDeviceCode>(),
        lasts: u32::try_from(code.lasts.as_secs()).unwrap_or(u32::MAX),
        user_code: CardwrightText::within(&typed),
        address: CardwrightText::within(&address),
        address_with_code: with_code.as_deref().map_or(CardwrightText::NONE, CardwrightText::within),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_have_the_numbers_of_the_clients() {
        let ours = [CardwrightScheme::Negotiate, CardwrightScheme::Ntlm, CardwrightScheme::Basic];
        let theirs = Scheme::ALL.iter().map(|scheme| *scheme as u32);
        assert!(ours.into_iter().chain([CardwrightScheme::Bearer]).map(|scheme| scheme as u32).eq(theirs));
        let set = ours.iter().fold(0, |set, scheme| set | 1 << (*scheme as u32));
        assert_eq!(schemes(set).as_deref(), Ok(&[Scheme::Negotiate, Scheme::Ntlm, Scheme::Basic][..]));
        for wrong in [1, 1 << 4, 1 << 5, u32::MAX] {
            assert_eq!(schemes(wrong).map_err(|error| error.what), Err("schemes"), "{wrong:x}");
        }
    }
}
