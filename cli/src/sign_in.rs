//! Who asks, and by which schemes: from arguments, environment and profile to credentials.
//!
//! A password comes from --password-file or --password-command, else `CARDWRIGHT_PASSWORD`, else the
//! profile's command or file, else whoever sits at the terminal. The Kerberos ticket at hand is used where
//! Negotiate is asked for by name and there is no password. Nothing is tried that nobody named.

use crate::args::ServerArguments;
use crate::connect::origin;
use crate::failure::Failure;
use crate::password;
use crate::profile::{self, Profile};
use cardwright_client::{Credentials, Mutual, Scheme, Secret, SignIn};
use cardwright_core::Named as _;

/// Which schemes may be used.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Auth {
    /// Whatever the server offers, of those for which something is given.
    #[default]
    Auto,
    /// None.
    Nothing,
    /// Bearer, by tokens of an issuer.
    Oidc,
    /// These.
    Only(Vec<Scheme>),
}

/// Reads `auto`, `none`, `oidc`, or names of schemes.
pub(crate) fn auth(text: &str) -> Result<Auth, String> {
    match text {
        "auto" => Ok(Auth::Auto),
        "none" => Ok(Auth::Nothing),
        "oidc" => Ok(Auth::Oidc),
        _ => {
            let schemes: Option<Vec<Scheme>> = text.split(',').map(|name| Scheme::from_name(name.trim())).collect();
            schemes.map(Auth::Only).ok_or_else(|| {
                let names: Vec<String> = Scheme::ALL.iter().map(|scheme| scheme.name().to_ascii_lowercase()).collect();
                format!("expected auto, none, oidc, or of {}", names.join(", "))
            })
        }
    }
}

pub(crate) fn on_or_off(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("expected on or off".into()),
    }
}

pub(crate) fn mutual(text: &str) -> Result<Mutual, String> {
    match text {
        "warn" => Ok(Mutual::Warn),
        "require" => Ok(Mutual::Require),
        _ => Err("expected warn or require".into()),
    }
}

impl Auth {
    fn allows(&self, scheme: Scheme) -> bool {
        match self {
            Auth::Auto => true,
            Auth::Nothing | Auth::Oidc => false,
            Auth::Only(schemes) => schemes.contains(&scheme),
        }
    }

    /// Whether it was asked for by name.
    fn names(&self, scheme: Scheme) -> bool {
        *self != Auth::Auto && self.allows(scheme)
    }

    fn refuses(&self, what: &str) -> Failure {
        let schemes = match self {
            Auth::Only(schemes) => schemes.iter().map(|scheme| scheme.name()).collect::<Vec<_>>().join(", "),
            _ => "none".to_string(),
        };
        Failure::usage(format!("{what} is of no use for {schemes}")).hint("leave --auth out, or name another scheme")
    }
}

/// Where a secret comes from.
enum Source<'s> {
    Token(&'s std::path::Path),
    Keytab(&'s std::path::Path),
    /// A password; the profile has it where this is not the command line or the environment.
    Password,
    /// Nothing was named.
    Nowhere,
}

/// The credentials for the server at `url`.
pub(crate) fn credentials(server: &ServerArguments, profile: &Profile, url: &str) -> Result<Credentials, Failure> {
    let auth = server.auth.clone().or_else(|| profile.auth.clone()).unwrap_or_default();
    if auth == Auth::Nothing {
        return Ok(Credentials::Anonymous);
    }
    let environment = std::env::var("CARDWRIGHT_PASSWORD").ok();
    let source = source(server, profile, url, environment.is_some())?;
    let user = server.user.as_ref().or(profile.user.as_ref());
    let sign_in = match (source, user) {
        (Source::Token(file), _) if auth.allows(Scheme::Bearer) => {
            return Ok(Credentials::Bearer(password::from_file(file)?));
        }
        (Source::Token(_), _) => return Err(auth.refuses("a token")),
        (Source::Keytab(file), user) if auth.allows(Scheme::Negotiate) => {
            let by_keytab = SignIn::ambient().schemes(&[Scheme::Negotiate]).keytab(file);
            user.map_or(by_keytab.clone(), |user| by_keytab.principal(user))
        }
        (Source::Keytab(_), _) => return Err(auth.refuses("a keytab")),
        (Source::Nowhere, user) if auth.names(Scheme::Negotiate) => {
            let by_ticket = SignIn::ambient();
            user.map_or(by_ticket.clone(), |user| by_ticket.principal(user))
        }
        (Source::Nowhere, None) if auth == Auth::Auto => return Ok(Credentials::Anonymous),
        (Source::Password, None) if environment.is_some() && auth == Auth::Auto => return Ok(Credentials::Anonymous),
        (Source::Password | Source::Nowhere, None) if !matches!(&auth, Auth::Only(only) if only[..] == [Scheme::Bearer]) =>
        {
            return Err(Failure::usage("a password without a user").hint("give --user or CARDWRIGHT_USER"));
        }
        (_, Some(user)) if auth != Auth::Only(vec![Scheme::Bearer]) => {
            SignIn::password(user, password(server, profile, user, environment)?)
        }
        _ => return Err(Failure::usage("no token for Bearer").hint("give --token-file FILE")),
    };
    let sign_in = match auth {
        Auth::Only(schemes) => sign_in.schemes(&schemes),
        _ => sign_in,
    };
    let binds = server.channel_binding.or(profile.channel_binding).unwrap_or(true);
    let mutual = server.mutual.or(profile.mutual).unwrap_or_default();
    Ok(sign_in.channel_bindings(binds).mutual(mutual).basic_in_clear(server.basic_in_clear).into())
}

/// Where the secret is to come from. What a profile knows goes to that profile's server and to no other.
fn source<'s>(
    server: &'s ServerArguments,
    profile: &'s Profile,
    url: &str,
    environment: bool,
) -> Result<Source<'s>, Failure> {
    match (&server.token_file, &server.keytab) {
        (Some(file), _) => return Ok(Source::Token(file)),
        (_, Some(file)) => return Ok(Source::Keytab(file)),
        _ => {}
    }
    let by_password = profile.password_file.is_some() || profile.password_command.is_some();
    let has_secret = by_password || profile.token_file.is_some() || profile.keytab.is_some();
    let elsewhere = profile.url.as_deref().is_none_or(|its| origin(its) != origin(url));
    let given = server.password_file.is_some() || server.password_command.is_some() || environment;
    if has_secret && elsewhere && !given {
        let its = profile.url.as_deref().map_or("no server", |its| origin(its));
        return Err(Failure::usage(format!("the profile's password is for {its}, and the server is {}", origin(url)))
            .hint("give --password-file or --password-command, or leave --url and CARDWRIGHT_URL out"));
    }
    Ok(match (&profile.token_file, &profile.keytab) {
        _ if given => Source::Password,
        (Some(file), _) => Source::Token(file),
        (_, Some(file)) => Source::Keytab(file),
        _ if by_password => Source::Password,
        _ => Source::Nowhere,
    })
}

fn password(
    server: &ServerArguments,
    profile: &Profile,
    user: &str,
    environment: Option<String>,
) -> Result<Secret, Failure> {
    if let Some(file) = &server.password_file {
        password::from_file(file)
    } else if let Some(command) = &server.password_command {
        let words = profile::split(command).map_err(|why| Failure::usage(format!("--password-command: {why}")))?;
        password::from_command(&words)
    } else if let Some(password) = environment {
        Ok(Secret::new(password))
    } else if let Some(words) = &profile.password_command {
        password::from_command(words)
    } else if let Some(file) = &profile.password_file {
        password::from_file(file)
    } else if let Some(password) = password::from_prompt(user)? {
        Ok(password)
    } else {
        Err(Failure::usage(format!("no password for {user}"))
            .hint("set CARDWRIGHT_PASSWORD, or give --password-file FILE or --password-command COMMAND"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_are_named_in_any_order_and_case() {
        assert_eq!(auth("NTLM, negotiate"), Ok(Auth::Only(vec![Scheme::Ntlm, Scheme::Negotiate])));
        assert_eq!((auth("auto"), auth("none")), (Ok(Auth::Auto), Ok(Auth::Nothing)));
        assert!(auth("negotiate,kerberos").is_err_and(|why| why.contains("negotiate, ntlm, basic, bearer")));
        assert!(auth("").is_err());
    }
}
