//! From settings to credentials: a password, a token, a keytab, or the Kerberos ticket at hand.
//!
//! A password comes from an option, else the environment, else the profile's command or file, else the
//! person. The ticket at hand is used where Negotiate is asked for by name and there is no password. Nothing
//! is tried that was not named.

use crate::failure::Failure;
use crate::prompt::Prompt;
use crate::secret;
use crate::settings::{Auth, Settings};
use cardwright_client::{Credentials, Scheme, Secret, SignIn};
use cardwright_core::Named as _;
use cardwright_core::base::origin;

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
pub(crate) fn credentials(
    given: &Settings,
    kept: &Settings,
    url: &str,
    prompt: &dyn Prompt,
) -> Result<Credentials, Failure> {
    let auth = given.auth.clone().or_else(|| kept.auth.clone()).unwrap_or_default();
    if auth == Auth::Nothing {
        return Ok(Credentials::Anonymous);
    }
    let source = source(given, kept, url)?;
    let user = given.user.as_ref().or(kept.user.as_ref());
    let sign_in = match (source, user) {
        (Source::Token(file), _) if auth.allows(Scheme::Bearer) => {
            return Ok(Credentials::Bearer(secret::from_file(file, prompt)?));
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
        (Source::Password, None) if given.password.is_some() && auth == Auth::Auto => {
            return Ok(Credentials::Anonymous);
        }
        (Source::Password | Source::Nowhere, None) if !matches!(&auth, Auth::Only(only) if only[..] == [Scheme::Bearer]) =>
        {
            return Err(Failure::usage("a password without a user").hint("give --user or CARDWRIGHT_USER"));
        }
        (_, Some(user)) if auth != Auth::Only(vec![Scheme::Bearer]) => {
            SignIn::password(user, password(given, kept, user, prompt)?)
        }
        _ => return Err(Failure::usage("no token for Bearer").hint("give --token-file FILE")),
    };
    let sign_in = match auth {
        Auth::Only(schemes) => sign_in.schemes(&schemes),
        _ => sign_in,
    };
    let binds = given.channel_binding.or(kept.channel_binding).unwrap_or(true);
    let mutual = given.mutual.or(kept.mutual).unwrap_or_default();
    Ok(sign_in.channel_bindings(binds).mutual(mutual).basic_in_clear(given.basic_in_clear).into())
}

/// Where the secret is to come from. What a profile knows goes to that profile's server and to no other.
fn source<'s>(given: &'s Settings, kept: &'s Settings, url: &str) -> Result<Source<'s>, Failure> {
    match (&given.token_file, &given.keytab) {
        (Some(file), _) => return Ok(Source::Token(file)),
        (_, Some(file)) => return Ok(Source::Keytab(file)),
        _ => {}
    }
    let by_password = kept.password_file.is_some() || kept.password_command.is_some();
    let has_secret = by_password || kept.token_file.is_some() || kept.keytab.is_some();
    let elsewhere = kept.url.as_deref().is_none_or(|its| origin(its) != origin(url));
    let has_given = given.password_file.is_some() || given.password_command.is_some() || given.password.is_some();
    if has_secret && elsewhere && !has_given {
        let its = kept.url.as_deref().map_or("no server", |its| origin(its));
        return Err(Failure::usage(format!("the profile's password is for {its}, and the server is {}", origin(url)))
            .hint("give --password-file or --password-command, or leave --url and CARDWRIGHT_URL out"));
    }
    Ok(match (&kept.token_file, &kept.keytab) {
        _ if has_given => Source::Password,
        (Some(file), _) => Source::Token(file),
        (_, Some(file)) => Source::Keytab(file),
        _ if by_password => Source::Password,
        _ => Source::Nowhere,
    })
}

fn password(given: &Settings, kept: &Settings, user: &str, prompt: &dyn Prompt) -> Result<Secret, Failure> {
    for (from, environment) in [(given, given.password.as_ref()), (kept, None)] {
        if let Some(file) = &from.password_file {
            return secret::from_file(file, prompt);
        }
        if let Some(words) = &from.password_command {
            return secret::from_command(words);
        }
        if let Some(password) = environment {
            return Ok(password.clone());
        }
    }
    prompt.password(user)?.ok_or_else(|| {
        Failure::usage(format!("no password for {user}"))
            .hint("set CARDWRIGHT_PASSWORD, or give --password-file FILE or --password-command COMMAND")
    })
}
