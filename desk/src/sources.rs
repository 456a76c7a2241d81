//! Which source of settings takes precedence: the one place that knows.
//!
//! What was said for this command takes precedence over what lies around. An option comes first. A profile that is
//! named for the command comes before the environment, one that the environment names comes after it. So `--profile
//! prod` means that server and that account, whatever was exported for another: where the profile says how to sign in,
//! nothing of the environment's account is mixed with it.

use crate::environment::variable;
use crate::failure::Failure;
use crate::profile;
use crate::settings::{Auth, Issuer, Settings};
use cardwright_core::base::origin;
use std::path::{Path, PathBuf};

/// The settings of a command, in order of precedence.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Sources {
    /// What was given for the command and by the environment, but for what the profile takes precedence over.
    pub given: Settings,
    /// The profile's; all are empty where none is named.
    pub kept: Settings,
    /// Whether a profile is named.
    pub has_profile: bool,
}

impl Sources {
    /// The settings for a command with these options: those, the environment, and the profile that `profile` or the
    /// environment names, in `config` or the usual config file.
    ///
    /// # Errors
    /// A variable or a config file that cannot be read, and a profile that is not there.
    pub fn gather(options: Settings, profile: Option<&str>, config: Option<&Path>) -> Result<Self, Failure> {
        let environment = Settings::from_environment().map_err(Failure::usage)?;
        let config = config.map(Path::to_path_buf).or_else(|| variable("CONFIG").map(PathBuf::from));
        let load = |name: &str| profile::load(config.as_deref(), name);
        if let Some(name) = profile {
            let kept = load(name)?;
            return Ok(Sources { given: options.or(environment.after(&kept)), kept, has_profile: true });
        }
        let name = variable("PROFILE").map(|name| name.to_string_lossy().into_owned());
        let kept = name.as_deref().map(load).transpose()?.unwrap_or_default();
        Ok(Sources { given: options.or(environment), kept, has_profile: name.is_some() })
    }
}

impl Settings {
    /// These settings, and those of a weaker source where these say nothing.
    fn or(self, weaker: Settings) -> Settings {
        // Each by its name: a new one does not compile until it is here.
        Settings {
            url: self.url.or(weaker.url),
            api: self.api.or(weaker.api),
            dialect: self.dialect.or(weaker.dialect),
            auth: self.auth.or(weaker.auth),
            user: self.user.or(weaker.user),
            password: self.password.or(weaker.password),
            password_file: self.password_file.or(weaker.password_file),
            password_command: self.password_command.or(weaker.password_command),
            token_file: self.token_file.or(weaker.token_file),
            keytab: self.keytab.or(weaker.keytab),
            channel_binding: self.channel_binding.or(weaker.channel_binding),
            mutual: self.mutual.or(weaker.mutual),
            basic_in_clear: self.basic_in_clear || weaker.basic_in_clear,
            ca: self.ca.or(weaker.ca),
            client_cert: self.client_cert.or(weaker.client_cert),
            tls: self.tls.or(weaker.tls),
            client_key: self.client_key.or(weaker.client_key),
            client_key_password: self.client_key_password.or(weaker.client_key_password),
            client_key_password_file: self.client_key_password_file.or(weaker.client_key_password_file),
            client_key_password_command: self.client_key_password_command.or(weaker.client_key_password_command),
            proxy: self.proxy.or(weaker.proxy),
            check: self.check.or(weaker.check),
            verify: self.verify.or(weaker.verify),
            settle: self.settle.or(weaker.settle),
            time_limit: self.time_limit.or(weaker.time_limit),
            list_time_limit: self.list_time_limit.or(weaker.list_time_limit),
            card_time_limit: self.card_time_limit.or(weaker.card_time_limit),
            card_apdus: self.card_apdus.or(weaker.card_apdus),
            trust_filters: [self.trust_filters, weaker.trust_filters].concat(),
            record: self.record.or(weaker.record),
            issuer: self.issuer.or(weaker.issuer),
        }
    }

    /// What is left of these settings after a stronger source: each of its own is gone, and so is what belongs to
    /// another server or account than the stronger source names.
    fn after(mut self, stronger: &Settings) -> Settings {
        let Settings { url, api, dialect, auth, user, ca, client_cert, client_key, issuer, .. } = stronger;
        fn gone<T>(place: &mut Option<T>, is_gone: bool) {
            if is_gone {
                *place = None;
            }
        }
        let has_server = url.is_some();
        // What was exported with the address of another server is that server's: no account and no certificate of it is
        // shown to this one. An authority may be trusted for several.
        let other_server =
            self.url.as_deref().zip(url.as_deref()).is_some_and(|(its, ours)| origin(its) != origin(ours));
        let differs = |its: &Option<String>, ours: &Option<String>| {
            its.as_ref().zip(ours.as_ref()).is_some_and(|(its, ours)| its != ours)
        };
        let other_issuer = other_server
            || differs(&self.issuer.address, &issuer.address)
            || differs(&self.issuer.client_id, &issuer.client_id);
        gone(&mut self.url, has_server);
        gone(&mut self.api, has_server || api.is_some());
        gone(&mut self.dialect, has_server || dialect.is_some());
        gone(&mut self.ca, ca.is_some());
        gone(&mut self.client_cert, other_server || client_cert.is_some());
        gone(&mut self.client_key, other_server || client_cert.is_some() || client_key.is_some());
        let has_key_password =
            stronger.client_key_password_file.is_some() || stronger.client_key_password_command.is_some();
        gone(&mut self.client_key_password, other_server || has_key_password);
        gone(&mut self.tls, stronger.tls.is_some());
        gone(&mut self.time_limit, stronger.time_limit.is_some());
        gone(&mut self.list_time_limit, stronger.list_time_limit.is_some());
        gone(&mut self.card_time_limit, stronger.card_time_limit.is_some());
        gone(&mut self.card_apdus, stronger.card_apdus.is_some());

        let by_password = stronger.password_file.is_some() || stronger.password_command.is_some();
        // These need neither a user nor a password.
        let other_way = stronger.token_file.is_some()
            || stronger.keytab.is_some()
            || issuer.address.is_some()
            || matches!(auth, Some(Auth::Nothing | Auth::Oidc));
        let has_account = by_password || other_way || user.is_some() || auth.is_some();
        // A password that was exported with a user is that user's.
        let is_same = |its: &String| user.as_ref().is_none_or(|user| user.eq_ignore_ascii_case(its));
        let of_another = !self.user.as_ref().is_none_or(is_same);
        gone(&mut self.auth, other_server || has_account);
        gone(&mut self.user, other_server || other_way || user.is_some());
        gone(&mut self.password, other_server || other_way || by_password || of_another);
        let by_issuer = issuer.address.is_some() || matches!(auth, Some(Auth::Oidc));
        let its = &mut self.issuer;
        let not_by_issuer = other_server || has_account && !by_issuer;
        gone(&mut its.address, issuer.address.is_some() || not_by_issuer);
        gone(&mut its.client_id, issuer.client_id.is_some() || not_by_issuer);
        let has_secret = issuer.client_secret_file.is_some() || issuer.client_secret_command.is_some();
        gone(&mut its.client_secret, other_issuer || has_secret || issuer.device_code || not_by_issuer);
        self
    }
}

impl Issuer {
    fn or(self, weaker: Issuer) -> Issuer {
        Issuer {
            address: self.address.or(weaker.address),
            client_id: self.client_id.or(weaker.client_id),
            client_secret: self.client_secret.or(weaker.client_secret),
            client_secret_file: self.client_secret_file.or(weaker.client_secret_file),
            client_secret_command: self.client_secret_command.or(weaker.client_secret_command),
            device_code: self.device_code || weaker.device_code,
            scope: self.scope.or(weaker.scope),
            resource: self.resource.or(weaker.resource),
            audience: self.audience.or(weaker.audience),
            token_endpoint: self.token_endpoint.or(weaker.token_endpoint),
            token_cache: self.token_cache.or(weaker.token_cache),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cardwright_client::Secret;
    use cardwright_core::certiflow::Dialect;

    fn exported() -> Settings {
        Settings {
            url: Some("https://other.example/cm/api".into()),
            dialect: Some(Dialect::G6),
            auth: Some(Auth::Nothing),
            user: Some("other".into()),
            password: Some(Secret::new("theirs")),
            ca: Some("other.pem".into()),
            issuer: Issuer { address: Some("https://other.example".into()), ..Issuer::default() },
            ..Settings::default()
        }
    }

    #[test]
    fn a_stronger_source_keeps_its_server_and_its_account_for_itself() {
        let profile = Settings {
            url: Some("https://h/cm/api".into()),
            user: Some("op".into()),
            password_file: Some("password".into()),
            ..Settings::default()
        };
        let left = exported().after(&profile);
        assert_eq!((left.url, left.dialect, left.auth, left.user), (None, None, None, None));
        assert!(left.password.is_none() && left.issuer.address.is_none());
        assert_eq!(left.ca, Some("other.pem".into()), "it says nothing of certificates");
    }

    #[test]
    fn what_a_stronger_source_leaves_open_is_filled() {
        let profile = |user: &str| Settings { user: Some(user.into()), ..Settings::default() };
        let left = exported().after(&profile("Other"));
        assert_eq!(left.url.as_deref(), Some("https://other.example/cm/api"));
        assert_eq!(left.password.expect("a password").expose(), "theirs");
        assert!(exported().after(&profile("op")).password.is_none(), "it is another user's");
        let alone = Settings { user: None, ..exported() };
        assert!(alone.after(&profile("op")).password.is_some(), "it is nobody's in particular");
        let given = Settings { user: Some("typed".into()), ..Settings::default() }.or(exported());
        assert_eq!((given.user.as_deref(), given.dialect), (Some("typed"), Some(Dialect::G6)));
    }

    #[test]
    fn what_was_exported_for_another_server_or_issuer_stays_there() {
        let at = |url: &str, user: Option<&str>| Settings {
            url: Some(url.into()),
            user: user.map(str::to_string),
            ..Settings::default()
        };
        let mine = Settings {
            auth: None,
            user: Some("op".into()),
            client_cert: Some("other.pem".into()),
            client_key_password: Some(Secret::new("theirs")),
            ..exported()
        };
        for profile in [at("https://h/cm/api", Some("op")), at("https://h/cm/api", None)] {
            let left = mine.clone().after(&profile);
            assert!(left.password.is_none() && left.user.is_none(), "{left:?}");
            assert!(left.client_cert.is_none() && left.client_key_password.is_none(), "{left:?}");
        }
        let left = mine.clone().after(&at("https://other.example/certiflow/api", Some("op")));
        assert!(left.password.is_some() && left.client_cert.is_some(), "it is the same server");
        let issuer = |client_id: &str, client_secret| Issuer {
            address: Some("https://i".into()),
            client_id: Some(client_id.into()),
            client_secret,
            ..Issuer::default()
        };
        let exported = |id: &str| Settings { issuer: issuer(id, Some(Secret::new("s"))), ..Settings::default() };
        let profile = Settings { issuer: issuer("c1", None), ..Settings::default() };
        assert!(exported("c2").after(&profile).issuer.client_secret.is_none());
        assert!(exported("c1").after(&profile).issuer.client_secret.is_some());
    }

    #[test]
    fn a_profile_without_a_sign_in_is_not_given_the_exported_account() {
        let profile = Settings { auth: Some(Auth::Nothing), ..Settings::default() };
        let left = exported().after(&profile);
        assert!(left.user.is_none() && left.password.is_none() && left.auth.is_none(), "{left:?}");
    }
}
