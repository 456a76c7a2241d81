//! From settings to the tokens of an issuer.

use crate::failure::Failure;
use crate::prompt::Prompt;
use crate::secret;
use crate::settings::{Auth, Issuer, Settings};
use cardwright_client::{Oidc, Scheme, Secret, Setup};
use cardwright_core::base::origin;
use std::sync::Arc;

/// Whether tokens of an issuer are meant: where that is said, and else where an issuer is named and no
/// other way to sign in is nearer to hand.
///
/// # Errors
/// Where they would go to another server than that of the profile which names the issuer.
pub(crate) fn is_meant(given: &Settings, kept: &Settings, url: &str) -> Result<bool, Failure> {
    let (names, keeps) = (given.issuer.address.is_some(), kept.issuer.address.is_some());
    let by_password = given.password_file.is_some() || given.password_command.is_some();
    let nearer = by_password || given.token_file.is_some() || given.keytab.is_some() || given.user.is_some();
    let auth = given.auth.as_ref().or(kept.auth.as_ref()).unwrap_or(&Auth::Auto);
    let is_meant = match auth {
        Auth::Oidc => true,
        Auth::Auto => names || keeps && !nearer,
        Auth::Only(schemes) => schemes[..] == [Scheme::Bearer] && (names || keeps) && given.token_file.is_none(),
        Auth::Nothing => false,
    };
    // A secret or a token that the profile keeps is for its server too, whichever source names the issuer.
    let of_profile =
        !names || gives_secret(given, kept) || given.issuer.token_cache.is_none() && kept.issuer.token_cache.is_some();
    if is_meant && keeps && of_profile && kept.url.as_deref().is_none_or(|its| origin(its) != origin(url)) {
        let its = kept.url.as_deref().map_or("no server", |its| origin(its));
        return Err(Failure::usage(format!("the profile's tokens are for {its}, and the server is {}", origin(url)))
            .hint("give --issuer with a secret of its own, or leave --url and CARDWRIGHT_URL out"));
    }
    Ok(is_meant)
}

/// Whether the client's secret is the profile's.
fn gives_secret(given: &Settings, kept: &Settings) -> bool {
    let has = |issuer: &Issuer| issuer.client_secret_file.is_some() || issuer.client_secret_command.is_some();
    has(&kept.issuer) && !has(&given.issuer) && given.issuer.client_secret.is_none()
}

/// The source of tokens, for a transport that is set up like this.
pub(crate) fn source(
    given: &Settings,
    kept: &Settings,
    setup: &Setup,
    prompt: &Arc<dyn Prompt>,
) -> Result<Oidc, Failure> {
    let (given, kept) = (&given.issuer, &kept.issuer);
    let text = |of: fn(&Issuer) -> &Option<String>| of(given).as_deref().or(of(kept).as_deref());
    let Some(issuer) = text(|from| &from.address) else {
        return Err(Failure::usage("no issuer of tokens named")
            .hint("give --issuer (or CARDWRIGHT_ISSUER), such as https://adfs.example.com/adfs"));
    };
    let Some(client) = text(|from| &from.client_id) else {
        return Err(Failure::usage("the issuer knows clients by their id, and none is given")
            .hint("give --client-id or CARDWRIGHT_CLIENT_ID"));
    };
    let mut builder = Oidc::builder(issuer, client).trust(setup.trust.clone()).proxy(setup.proxy.clone());
    let secret = secret(given, kept, issuer, &**prompt)?;
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
        let prompt = Arc::clone(prompt);
        builder = builder.device_code(move |code| prompt.device_code(code));
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
    let endpoint = kept.token_endpoint.as_ref().filter(|_| kept.address.as_deref() == Some(issuer));
    if let Some(endpoint) = given.token_endpoint.as_ref().or(endpoint) {
        builder = builder.token_endpoint(endpoint);
    }
    if let Some(cache) = given.token_cache.as_ref().or(kept.token_cache.as_ref()) {
        builder = builder.cache(cache);
    }
    Ok(builder.build()?)
}

/// The client's secret. What a profile knows goes to that profile's issuer and to no other.
fn secret(given: &Issuer, kept: &Issuer, issuer: &str, prompt: &dyn Prompt) -> Result<Option<Secret>, Failure> {
    let from = |issuer: &Issuer| match (&issuer.client_secret_file, &issuer.client_secret_command) {
        (Some(file), _) => secret::from_file(file, prompt).map(Some),
        (None, Some(command)) => secret::from_command(command).map(Some),
        (None, None) => Ok(None),
    };
    if let Some(secret) = from(given)? {
        return Ok(Some(secret));
    }
    if let Some(secret) = &given.client_secret {
        return Ok(Some(secret.clone()));
    }
    let has_secret = kept.client_secret_file.is_some() || kept.client_secret_command.is_some();
    if has_secret && kept.address.as_deref() != Some(issuer) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_signs_in_and_is_given_takes_precedence_over_the_profiles_issuer() {
        const URL: &str = "https://cm.example.com/certiflow/api";
        let issuer = Issuer { address: Some("https://adfs.example.com/adfs".into()), ..Issuer::default() };
        let kept = Settings { url: Some(URL.into()), issuer, user: Some("operator".into()), ..Settings::default() };
        for (given, expected) in [
            (Settings::default(), true),
            (Settings { user: Some("other".into()), ..Settings::default() }, false),
            (Settings { password_file: Some("file".into()), ..Settings::default() }, false),
            (Settings { password_command: Some(vec!["pass".into()]), ..Settings::default() }, false),
            (Settings { token_file: Some("file".into()), ..Settings::default() }, false),
            (Settings { password_file: Some("file".into()), auth: Some(Auth::Oidc), ..Settings::default() }, true),
        ] {
            let is_meant = is_meant(&given, &kept, URL).expect("settings of one server");
            assert_eq!(is_meant, expected, "{given:?}");
        }
    }
}
