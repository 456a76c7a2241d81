//! Tokens of an issuer, from what was typed, the environment and the profile.

use crate::args::{OidcArguments, ServerArguments};
use crate::connect::origin;
use crate::failure::Failure;
use crate::password;
use crate::profile::Profile;
use crate::sign_in::Auth;
use crate::style::{BOLD, END, harmless};
use cardwright_client::{DeviceCode, Oidc, Proxy, Scheme, Secret, Trust};
use std::path::PathBuf;

/// Whether tokens of an issuer are meant: where that is said, and else where an issuer is named and no
/// other way to sign in is nearer to hand.
///
/// # Errors
/// Where they would go to another server than that of the profile which names the issuer.
pub(crate) fn is_meant(server: &ServerArguments, profile: &Profile, url: &str) -> Result<bool, Failure> {
    let (given, kept) = (server.oidc.issuer.is_some(), profile.oidc.issuer.is_some());
    let nearer = server.token_file.is_some() || server.keytab.is_some() || server.user.is_some();
    let auth = server.auth.as_ref().or(profile.auth.as_ref()).unwrap_or(&Auth::Auto);
    let is_meant = match auth {
        Auth::Oidc => true,
        Auth::Auto => given || kept && !nearer,
        Auth::Only(schemes) => schemes[..] == [Scheme::Bearer] && (given || kept) && server.token_file.is_none(),
        Auth::Nothing => false,
    };
    // A secret or a token that the profile keeps is for its server too, whoever names the issuer.
    let of_profile = !given
        || gives_secret(server, profile)
        || server.oidc.token_cache.is_none() && profile.oidc.token_cache.is_some();
    if is_meant && kept && of_profile && profile.url.as_deref().is_none_or(|its| origin(its) != origin(url)) {
        let its = profile.url.as_deref().map_or("no server", |its| origin(its));
        return Err(Failure::usage(format!("the profile's tokens are for {its}, and the server is {}", origin(url)))
            .hint("give --issuer with a secret of its own, or leave --url and CARDWRIGHT_URL out"));
    }
    Ok(is_meant)
}

/// Whether the client's secret is the profile's.
fn gives_secret(server: &ServerArguments, profile: &Profile) -> bool {
    let has =
        |arguments: &OidcArguments| arguments.client_secret_file.is_some() || arguments.client_secret_command.is_some();
    has(&profile.oidc) && !has(&server.oidc) && from_environment().is_none()
}

fn from_environment() -> Option<Secret> {
    std::env::var("CARDWRIGHT_CLIENT_SECRET").ok().filter(|secret| !secret.is_empty()).map(Secret::new)
}

/// The source of tokens.
pub(crate) fn source(
    server: &ServerArguments,
    profile: &Profile,
    trust: &Trust,
    proxy: &Proxy,
) -> Result<Oidc, Failure> {
    let (given, kept) = (&server.oidc, &profile.oidc);
    let text = |of: fn(&OidcArguments) -> &Option<String>| of(given).as_deref().or(of(kept).as_deref());
    let file = |of: fn(&OidcArguments) -> &Option<PathBuf>| of(given).as_deref().or(of(kept).as_deref());
    let Some(issuer) = text(|from| &from.issuer) else {
        return Err(Failure::usage("no issuer of tokens named")
            .hint("give --issuer (or CARDWRIGHT_ISSUER), such as https://adfs.example.com/adfs"));
    };
    let Some(client) = text(|from| &from.client_id) else {
        return Err(Failure::usage("the issuer knows clients by their id, and none is given")
            .hint("give --client-id or CARDWRIGHT_CLIENT_ID"));
    };
    let mut builder = Oidc::builder(issuer, client).trust(trust.clone()).proxy(proxy.clone());
    let secret = secret(given, kept, issuer)?;
    let asks = given.device_code || kept.device_code;
    if secret.is_none() && !asks {
        return Err(Failure::usage(format!("no secret of the client {client}")).hint(
            "give --client-secret-file, --client-secret-command or CARDWRIGHT_CLIENT_SECRET, or sign in as a person by --device-code",
        ));
    }
    if let Some(secret) = secret {
        builder = builder.secret(secret);
    }
    if asks {
        builder = builder.device_code(show);
    }
    if let Some(scope) = text(|from| &from.scope) {
        builder = builder.scope(scope);
    }
    if let Some(resource) = text(|from| &from.resource) {
        builder = builder.resource(resource);
    }
    if let Some(audience) = text(|from| &from.audience) {
        builder = builder.audience(audience);
    }
    // The profile's is that of its issuer.
    let endpoint = kept.token_endpoint.as_ref().filter(|_| kept.issuer.as_deref() == Some(issuer));
    if let Some(endpoint) = given.token_endpoint.as_ref().or(endpoint) {
        builder = builder.token_endpoint(endpoint);
    }
    if let Some(cache) = file(|from| &from.token_cache) {
        builder = builder.cache(cache);
    }
    Ok(builder.build()?)
}

/// The client's secret. What a profile knows goes to that profile's issuer and to no other.
fn secret(given: &OidcArguments, kept: &OidcArguments, issuer: &str) -> Result<Option<Secret>, Failure> {
    let from = |arguments: &OidcArguments| match (&arguments.client_secret_file, &arguments.client_secret_command) {
        (Some(file), _) => password::from_file(file).map(Some),
        (None, Some(command)) => password::from_command(&command.0).map(Some),
        (None, None) => Ok(None),
    };
    if let Some(secret) = from(given)? {
        return Ok(Some(secret));
    }
    if let Some(secret) = from_environment() {
        return Ok(Some(secret));
    }
    let has_secret = kept.client_secret_file.is_some() || kept.client_secret_command.is_some();
    if has_secret && kept.issuer.as_deref() != Some(issuer) {
        return Err(Failure::usage(format!("the profile's client secret is not for the issuer {issuer}")).hint(
            "give --client-secret-file or --client-secret-command, or leave --issuer and CARDWRIGHT_ISSUER out",
        ));
    }
    if let Some(endpoint) = given.token_endpoint.as_deref().filter(|_| has_secret) {
        let its = [Some(issuer), kept.token_endpoint.as_deref()];
        if its.into_iter().flatten().all(|its| origin(its) != origin(endpoint)) {
            return Err(Failure::usage(format!("the profile's client secret is not for {}", origin(endpoint)))
                .hint("give --client-secret-file or --client-secret-command, or leave --token-endpoint out"));
        }
    }
    from(kept)
}

/// Tells a person the code, beside what the command prints.
fn show(code: &DeviceCode) {
    let (typed, address) = (harmless(&code.user_code), harmless(&code.address));
    let minutes = code.lasts.as_secs().div_ceil(60);
    anstream::eprintln!("To sign in, open {BOLD}{address}{END} and type {BOLD}{typed}{END}, within {minutes} min.");
    if let Some(address) = &code.address_with_code {
        anstream::eprintln!("Or open {}", harmless(address));
    }
}
