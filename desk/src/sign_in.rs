//! From settings to credentials: a password, a token, a keytab, or the Kerberos ticket at hand.
//!
//! A password comes from an option, else the environment, else the profile's command or file, else the
//! person; where `--profile` names the profile, it comes before the environment. The ticket at hand is used where Negotiate is asked for by name and there is no password. Nothing
//! is tried that was not named.

use crate::failure::Failure;
use crate::issuer;
use crate::prompt::Prompt;
use crate::secret;
use crate::settings::{Auth, Settings};
use cardwright_client::{Credentials, Scheme, Secret, SignIn};
use cardwright_core::Named as _;
use cardwright_core::base::origin;
use std::path::Path;
use std::sync::LazyLock;

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
    Token(&'s Path),
    Keytab(&'s Path),
    /// A password; the profile has it where this is not the command line or the environment.
    Password,
    /// Nothing was named.
    Nowhere,
}

/// How an account signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Way<'s> {
    /// It does not.
    Anonymous,
    /// By tokens of an issuer.
    Tokens,
    /// By the bearer token in this file.
    TokenFile(&'s Path),
    /// By the key in this keytab.
    Keytab(&'s Path),
    /// By the Kerberos ticket at hand.
    Ticket,
    /// As this user, by a password.
    Password(&'s str),
}

impl Settings {
    /// How the account signs in by these settings alone, without a profile.
    ///
    /// # Errors
    /// What is missing, and what contradicts.
    pub fn way(&self) -> Result<Way<'_>, Failure> {
        static NONE: LazyLock<Settings> = LazyLock::new(Settings::default);
        way(self, &NONE, self.url.as_deref().unwrap_or_default())
    }
}

/// How the account signs in to the server at `url`.
pub(crate) fn way<'s>(given: &'s Settings, kept: &'s Settings, url: &str) -> Result<Way<'s>, Failure> {
    if issuer::is_meant(given, kept, url)? {
        return Ok(Way::Tokens);
    }
    let auth = auth(given, kept);
    if auth == Auth::Nothing {
        return Ok(Way::Anonymous);
    }
    let source = source(given, kept, url)?;
    match (source, user(given, kept)) {
        (Source::Token(file), _) if auth.allows(Scheme::Bearer) => Ok(Way::TokenFile(file)),
        (Source::Token(_), _) => Err(auth.refuses("a token")),
        (Source::Keytab(file), _) if auth.allows(Scheme::Negotiate) => Ok(Way::Keytab(file)),
        (Source::Keytab(_), _) => Err(auth.refuses("a keytab")),
        (Source::Nowhere, _) if auth.names(Scheme::Negotiate) => Ok(Way::Ticket),
        (Source::Nowhere, None) if auth == Auth::Auto => Ok(Way::Anonymous),
        (Source::Password, None) if given.password.is_some() && auth == Auth::Auto => Ok(Way::Anonymous),
        (_, None) if auth != Auth::Only(vec![Scheme::Bearer]) => {
            Err(Failure::usage("a password without a user").hint("give --user or CARDWRIGHT_USER"))
        }
        (_, Some(user)) if auth != Auth::Only(vec![Scheme::Bearer]) => Ok(Way::Password(user)),
        _ => Err(Failure::usage("no token for Bearer")
            .hint("give --token-file FILE, or --issuer (or CARDWRIGHT_ISSUER) for tokens of an issuer")),
    }
}

fn auth(given: &Settings, kept: &Settings) -> Auth {
    given.auth.clone().or_else(|| kept.auth.clone()).unwrap_or_default()
}

fn user<'s>(given: &'s Settings, kept: &'s Settings) -> Option<&'s str> {
    given.user.as_deref().or(kept.user.as_deref())
}

/// The credentials of an account that signs in this way. Those of an issuer's tokens are made elsewhere.
pub(crate) fn credentials(
    way: Way<'_>,
    given: &Settings,
    kept: &Settings,
    prompt: &dyn Prompt,
) -> Result<Credentials, Failure> {
    let principal = |sign_in: SignIn| user(given, kept).into_iter().fold(sign_in, SignIn::principal);
    let sign_in = match way {
        Way::Anonymous | Way::Tokens => return Ok(Credentials::Anonymous),
        Way::TokenFile(file) => return Ok(Credentials::Bearer(secret::from_file(file, prompt)?)),
        Way::Keytab(file) => principal(SignIn::ambient().schemes(&[Scheme::Negotiate]).keytab(file)),
        Way::Ticket => principal(SignIn::ambient()),
        Way::Password(user) => SignIn::password(user, password(given, kept, user, prompt)?),
    };
    let sign_in = match auth(given, kept) {
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
    let other_user = given.user.as_ref().zip(kept.user.as_ref()).filter(|(user, its)| !user.eq_ignore_ascii_case(its));
    if let Some((user, its)) = other_user.filter(|_| by_password && !has_given) {
        return Err(Failure::usage(format!("the profile's password is that of {its}, and the user is {user}"))
            .hint("give --password-file or --password-command, or leave --user and CARDWRIGHT_USER out"));
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
