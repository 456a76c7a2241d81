//! How a client signs in: by user and password, as the user that the system knows, or by tokens of an issuer.

use super::handle::{about, noted};
use crate::enumeration::value_of;
use crate::error::refused;
use crate::frame::{from_c, nullable, size, structures};
use crate::hosted::Context;
use crate::text::CardwrightText;
use cardwright::client::{
    ClientAuth, Credentials, DeviceCode, Mutual, Oidc, OidcBuilder, Proxy, Scheme, Secret, SignIn, Trust,
};
use cardwright_core::{Code, Error, Named as _};
use core::ffi::c_void;
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

/// Whether the server must prove its identity when Kerberos signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightMutual {
    /// A wrong proof is an error; a missing one is reported in the log and by `cardwright_client_explain`.
    Warn = 0,
    /// A missing proof is an error too.
    Require = 1,
}

/// How a user signs in: the server is asked what it accepts, and the strongest scheme of those that are allowed is
/// used. With `user` and `password` of `CardwrightOptions`, it is that user: `DOMAIN\name`, `name@REALM` or `name`, of
/// which Kerberos accepts only the second, except on Windows. Without a password it is the user that the system
/// knows already, by the Kerberos ticket of `kinit` or the keytab, on Windows the one who is logged on; `user`
/// (`name@REALM`) then chooses among several tickets or keys. A password that was refused is not tried again.
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
    /// 1 to let Basic send the password over plain HTTP to another machine, where anyone on the way can read
    /// it.
    pub basic_in_clear: u32,
    /// The keytab file with the key of the account, for a batch job with nobody to type a password.
    pub keytab: CardwrightText,
    /// The file with the tickets. Default: as the environment says (`KRB5CCNAME`).
    pub ccache: CardwrightText,
    /// The name of the service, `HTTP@host`. Default: that of the base's host.
    pub service: CardwrightText,
}

/// How a client authenticates to the issuer (RFC 6749, 2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightClientAuth {
    /// As the issuer's document says, preferably `client_secret_basic`.
    Discover = 0,
    /// `client_secret_basic`: in the header.
    Basic = 1,
    /// `client_secret_post`: in the form.
    Post = 2,
}

/// Tokens of an OpenID Connect or OAuth 2.0 issuer, such as AD FS: the program's own, by its secret, or, if there is
/// a `prompt`, those of a person who types a code on any device (RFC 8628). The first is requested when it is
/// needed, and tokens are renewed before they expire. Certificates and proxy are those of `CardwrightOptions`; a connection may
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
    /// The id by which the issuer knows the client.
    pub client_id: CardwrightText,
    /// The client's secret. It is copied, and the copy wiped at the end.
    pub client_secret: CardwrightText,
    /// The scopes of the token, separated by spaces.
    pub scope: CardwrightText,
    /// The server that the token is for (RFC 8707); AD FS requires it: the relying party's identifier.
    pub resource: CardwrightText,
    /// The same for issuers that call it `audience`.
    pub audience: CardwrightText,
    /// The token endpoint, for an issuer whose document does not name it.
    pub token_endpoint: CardwrightText,
    /// The device authorization endpoint, for an issuer whose document does not name it.
    pub device_endpoint: CardwrightText,
    /// The file that keeps the token for the next process too. Only its owner can read the file. Treat it as a
    /// password: a copy of it signs in until the token expires. Default: none, tokens are kept in memory only.
    pub cache: CardwrightText,
    /// The function that shows a person the code, or `NULL`.
    pub prompt: CardwrightPrompt,
    /// What `prompt` is passed; it must stay valid until the client and the lists that came from it are freed.
    pub context: *mut c_void,
}

/// What a person needs to sign in. Its texts stay valid until the function that it was passed to returns, and have no
/// control characters.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightDeviceCode {
    /// `sizeof(CardwrightDeviceCode)` of the library.
    pub struct_size: u32,
    /// How long the code is valid, in seconds.
    pub lasts: u32,
    /// What to type.
    pub user_code: CardwrightText,
    /// Where, in any browser on any device.
    pub address: CardwrightText,
    /// The same with the code in it, if the issuer has such an address.
    pub address_with_code: CardwrightText,
}

/// A function of the program that shows a person a code. It is called, with no lock held, on the thread that first
/// needs a token, which then waits until the code has been typed or has expired. A call of the same client from it
/// would wait for itself, except `cardwright_client_cancel`. It must return, and not by `longjmp` or an exception.
pub type CardwrightPrompt = Option<unsafe extern "C" fn(context: *mut c_void, code: *const CardwrightDeviceCode)>;

structures!(
    CardwrightSignIn { schemes, mutual, no_channel_bindings, basic_in_clear, keytab, ccache, service }
    CardwrightOidc { client_auth, issuer, client_id, client_secret, scope, resource, audience, token_endpoint, device_endpoint, cache, prompt, context }
);

/// How a user signs in.
pub(super) fn sign_in(given: &CardwrightSignIn, user: Option<&str>, password: Option<&str>) -> Result<SignIn, Error> {
    let (keytab, ccache) = (nullable!(given.keytab), nullable!(given.ccache));
    let mut sign_in = match (user, password, keytab.or(ccache)) {
        (Some(user), Some(password), None) => SignIn::password(user, Secret::new(password)),
        (Some(user), None, _) => SignIn::ambient().principal(user),
        (None, None, _) => SignIn::ambient(),
        (None, Some(_), _) => return Err(refused("user", "no text, and there is a password")),
        (Some(_), Some(_), Some(_)) => {
            let name = if keytab.is_some() { "keytab" } else { "ccache" };
            return Err(refused(name, "there is a password too: one way to sign in"));
        }
    };
    if given.schemes != 0 {
        sign_in = sign_in.schemes(&schemes(given.schemes)?);
    }
    let mutual = value_of!(given.mutual, "mutual", CardwrightMutual => Mutual: Warn, Require)?;
    sign_in = sign_in.mutual(mutual).channel_bindings(given.no_channel_bindings == 0);
    sign_in = sign_in.basic_in_clear(given.basic_in_clear != 0);
    sign_in = set(sign_in, keytab, SignIn::keytab);
    sign_in = set(sign_in, ccache, SignIn::ccache);
    Ok(set(sign_in, nullable!(given.service), SignIn::service))
}

/// Passes a text, if there is one, to a builder.
fn set<'a, B>(builder: B, text: Option<&'a str>, with: impl FnOnce(B, &'a str) -> B) -> B {
    match text {
        Some(text) => with(builder, text),
        None => builder,
    }
}

/// The schemes of a set. Users do not sign in by a token.
fn schemes(set: u32) -> Result<Vec<Scheme>, Error> {
    let bit = |scheme: &Scheme| 1_u32 << (*scheme as u32);
    let known = Scheme::ALL.iter().copied().filter(|scheme| *scheme != Scheme::Bearer);
    let named: Vec<Scheme> = known.filter(|scheme| set & bit(scheme) != 0).collect();
    match named.iter().fold(set, |left, scheme| left & !bit(scheme)) {
        0 => Ok(named),
        _ => Err(Error::of(Code::UnknownValue, "schemes")),
    }
}

/// Where tokens come from.
pub(super) fn tokens(given: &CardwrightOidc, trust: &Trust, proxy: &Proxy) -> Result<Credentials, Error> {
    let (issuer, client_id) = from_c!(given.issuer, given.client_id);
    let client_auth =
        value_of!(given.client_auth, "client_auth", CardwrightClientAuth => ClientAuth: Discover, Basic, Post)?;
    let mut builder =
        Oidc::builder(issuer, client_id).trust(trust.clone()).client_auth(client_auth).proxy(proxy.clone());
    builder = set(builder, nullable!(given.client_secret), |builder, secret| builder.secret(Secret::new(secret)));
    builder = set(builder, nullable!(given.scope), OidcBuilder::scope);
    builder = set(builder, nullable!(given.resource), OidcBuilder::resource);
    builder = set(builder, nullable!(given.audience), OidcBuilder::audience);
    builder = set(builder, nullable!(given.token_endpoint), OidcBuilder::token_endpoint);
    builder = set(builder, nullable!(given.device_endpoint), OidcBuilder::device_endpoint);
    builder = set(builder, nullable!(given.cache), OidcBuilder::cache);
    if let Some(prompt) = given.prompt {
        let context = Context::new(given.context);
        // SAFETY: the program says that its function takes any thread, and that the context stays.
        builder = builder.device_code(move |code| show(code, |code| unsafe { prompt(context.pointer(), code) }));
    }
    Ok(Credentials::Tokens(Arc::new(builder.build().map_err(|error| about("oidc", noted(error)))?)))
}

fn show(code: &DeviceCode, tell: impl Fn(&CardwrightDeviceCode)) {
    // It goes to a person's screen, whatever an issuer puts in it.
    let shown = |text: &str| text.replace(char::is_control, " ");
    let (typed, address) = (shown(&code.user_code), shown(&code.address));
    let with_code = code.address_with_code.as_deref().map(shown);
    tell(&CardwrightDeviceCode {
        struct_size: size::<CardwrightDeviceCode>(),
        lasts: u32::try_from(code.lasts.as_secs()).unwrap_or(u32::MAX),
        user_code: CardwrightText::of(&typed),
        address: CardwrightText::of(&address),
        address_with_code: CardwrightText::of_any(with_code.as_deref()),
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
