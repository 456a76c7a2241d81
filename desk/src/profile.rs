//! The config file: profiles, each a server and an account.
//!
//! An unknown key is an error with its line, so that a typing error never means a default. A password does not
//! belong there: the file names a program or a file that has it. A file that names a program is obeyed only if
//! [nobody else may write it](crate::ownership).
//!
//! ```toml
//! [profile.prod]
//! url = "https://cm.example.com/certiflow/api"
//! user = 'EXAMPLE\operator'
//! password_command = ["pass", "show", "cardwright/prod"]
//! ```

use crate::failure::Failure;
use crate::ownership;
use crate::settings::{Settings, Words, card_apdus, named, on_or_off, seconds, time_limit, words};
use crate::settings_file::SettingsFile;
use crate::text_file;
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};

/// The keys of a profile, and the setting of each.
const KEYS: &[(&str, Set)] = &[
    ("url", |s, key| set(&mut s.url, key.text())),
    ("api", |s, key| set(&mut s.api, key.parsed(named))),
    ("dialect", |s, key| set(&mut s.dialect, key.parsed(named))),
    ("auth", |s, key| set(&mut s.auth, key.parsed(str::parse))),
    ("user", |s, key| set(&mut s.user, key.text())),
    ("password_command", |s, key| set(&mut s.password_command, key.command())),
    ("password_file", |s, key| set(&mut s.password_file, key.file())),
    ("token_file", |s, key| set(&mut s.token_file, key.file())),
    ("issuer", |s, key| set(&mut s.issuer.address, key.text())),
    ("client_id", |s, key| set(&mut s.issuer.client_id, key.text())),
    ("client_secret_command", |s, key| set(&mut s.issuer.client_secret_command, key.command())),
    ("client_secret_file", |s, key| set(&mut s.issuer.client_secret_file, key.file())),
    ("device_code", |s, key| key.boolean().map(|wanted| s.issuer.device_code = wanted)),
    ("scope", |s, key| set(&mut s.issuer.scope, key.text())),
    ("resource", |s, key| set(&mut s.issuer.resource, key.text())),
    ("audience", |s, key| set(&mut s.issuer.audience, key.text())),
    ("token_endpoint", |s, key| set(&mut s.issuer.token_endpoint, key.text())),
    ("token_cache", |s, key| set(&mut s.issuer.token_cache, key.file())),
    ("keytab", |s, key| set(&mut s.keytab, key.file())),
    ("channel_binding", |s, key| set(&mut s.channel_binding, key.parsed(on_or_off))),
    ("mutual", |s, key| set(&mut s.mutual, key.parsed(named))),
    ("ca", |s, key| set(&mut s.ca, key.file())),
    ("tls", |s, key| set(&mut s.tls, key.parsed(named))),
    ("client_cert", |s, key| set(&mut s.client_cert, key.file())),
    ("client_key", |s, key| set(&mut s.client_key, key.file())),
    ("client_key_password_command", |s, key| set(&mut s.client_key_password_command, key.command())),
    ("client_key_password_file", |s, key| set(&mut s.client_key_password_file, key.file())),
    ("proxy", |s, key| set(&mut s.proxy, key.text())),
    ("check", |s, key| set(&mut s.check, key.parsed(named))),
    ("verify", |s, key| set(&mut s.verify, key.parsed(named))),
    ("settle", |s, key| set(&mut s.settle, key.parsed(seconds))),
    ("time_limit", |s, key| set(&mut s.time_limit, key.parsed(time_limit))),
    ("list_time_limit", |s, key| set(&mut s.list_time_limit, key.parsed(time_limit))),
    ("card_time_limit", |s, key| set(&mut s.card_time_limit, key.parsed(time_limit))),
    ("card_apdus", |s, key| set(&mut s.card_apdus, key.parsed(card_apdus))),
];

/// Puts the value of a key into the settings.
type Set = fn(&mut Settings, &Key<'_>) -> Result<(), Failure>;

fn set<T>(place: &mut Option<T>, value: Result<T, Failure>) -> Result<(), Failure> {
    *place = Some(value?);
    Ok(())
}

/// Loads the profile of that name, from the given file or the one in its usual place.
///
/// # Errors
/// Where the file or the profile is missing, or the file holds what it should not.
pub fn load(file: Option<&Path>, name: &str) -> Result<Settings, Failure> {
    let Some(path) = file.map(Path::to_path_buf).or_else(usual_place) else {
        return Err(
            Failure::usage("no config file: neither XDG_CONFIG_HOME nor HOME is set").hint("give --config FILE")
        );
    };
    let text = text_file::read(&path).map_err(|failure| {
        failure.about(&format!("profile {name}")).hint(format!(
            "write [profile.{name}] and url = \"https://HOST/certiflow/api\" into that file, or give --config FILE"
        ))
    })?;
    read(&text, &path, name)
}

/// The file's usual place.
fn usual_place() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|folder| folder.is_absolute());
    let config = folder("XDG_CONFIG_HOME").or_else(|| Some(folder("HOME")?.join(".config")))?;
    Some(config.join("cardwright").join("config.toml"))
}

/// Reads the whole file, so that a fault in any profile is an error, and returns one profile.
fn read(text: &str, path: &Path, name: &str) -> Result<Settings, Failure> {
    let place = SettingsFile::new(path, text);
    let document = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        place.wrong(at, error.message())
    })?;
    let mut found = None;
    let mut names = Vec::new();
    for (key, value) in document.get_ref() {
        let DeValue::Table(profiles) = value.get_ref() else {
            return Err(place.wrong(key.span().start, format!("unknown key {}", key.get_ref())).hint(SHAPE));
        };
        if key.get_ref() != "profile" {
            return Err(place.wrong(key.span().start, format!("unknown section [{}]", key.get_ref())).hint(SHAPE));
        }
        for (key, value) in profiles {
            let DeValue::Table(table) = value.get_ref() else {
                return Err(place.wrong(key.span().start, format!("{} is no section", key.get_ref())).hint(SHAPE));
            };
            let profile = one(table, &place)?;
            names.push(key.get_ref().to_string());
            if key.get_ref() == name {
                found = Some(profile);
            }
        }
    }
    found.ok_or_else(|| {
        let failure = Failure::usage(format!("{} has no profile {name}", path.display()));
        match names.as_slice() {
            [] => failure.hint(SHAPE),
            names => failure.hint(format!("it has {}", names.join(", "))),
        }
    })
}

const SHAPE: &str = "each profile is a section [profile.NAME] with url, user and so on";

/// A profile from its section.
fn one(table: &DeTable<'_>, place: &SettingsFile<'_>) -> Result<Settings, Failure> {
    let mut profile = Settings::default();
    for (key, value) in table {
        let (at, name) = (key.span().start, key.get_ref().as_ref());
        let key = Key { name, at, value: value.get_ref(), place };
        match KEYS.iter().find(|(known, _)| *known == name) {
            Some((_, set)) => set(&mut profile, &key)?,
            None => return Err(key.unknown()),
        }
        let sources = [
            profile.password_command.is_some(),
            profile.password_file.is_some(),
            profile.token_file.is_some(),
            profile.keytab.is_some(),
        ];
        if sources.into_iter().filter(|given| *given).count() > 1 {
            let why = "password_command, password_file, token_file and keytab exclude each other";
            return Err(place.wrong(at, why));
        }
        if profile.client_key_password_command.is_some() && profile.client_key_password_file.is_some() {
            let why = "client_key_password_command and client_key_password_file exclude each other";
            return Err(place.wrong(at, why));
        }
        if profile.issuer.client_secret_command.is_some() && profile.issuer.client_secret_file.is_some() {
            return Err(place.wrong(at, "client_secret_command and client_secret_file exclude each other"));
        }
    }
    Ok(profile)
}

/// A key of a profile, and its value.
struct Key<'k> {
    name: &'k str,
    at: usize,
    value: &'k DeValue<'k>,
    place: &'k SettingsFile<'k>,
}

impl Key<'_> {
    fn wrong(&self, why: impl std::fmt::Display) -> Failure {
        self.place.wrong(self.at, format!("{}: {why}", self.name))
    }

    fn text(&self) -> Result<String, Failure> {
        let name = self.name;
        match self.value {
            DeValue::String(text) if !text.is_empty() => Ok(text.to_string()),
            DeValue::String(_) => Err(self.place.wrong(self.at, format!("{name} is empty"))),
            other => Err(self.place.wrong(self.at, format!("{name} must be a text and is a {}", other.type_str()))),
        }
    }

    fn parsed<T>(&self, parse: impl FnOnce(&str) -> Result<T, String>) -> Result<T, Failure> {
        parse(&self.text()?).map_err(|why| self.wrong(why))
    }

    fn file(&self) -> Result<PathBuf, Failure> {
        Ok(self.place.file(&self.text()?))
    }

    fn boolean(&self) -> Result<bool, Failure> {
        match self.value {
            DeValue::Boolean(wanted) => Ok(*wanted),
            other => Err(self.wrong(format!("must be true or false and is a {}", other.type_str()))),
        }
    }

    fn command(&self) -> Result<Words, Failure> {
        ownership::check(self.place.path())?;
        command(self.value).map_err(|why| self.wrong(why))
    }

    fn unknown(&self) -> Failure {
        let name = self.name;
        let hint = match name {
            "token" => "put it into a file of its own that nobody else can read, and name that by token_file",
            "client_secret" => {
                "name a program by client_secret_command, or a file that nobody else can read by client_secret_file"
            }
            "client_key_password" => {
                "name a program by client_key_password_command, or a file that nobody else can read by client_key_password_file"
            }
            "password" => {
                "name a program by password_command, such as [\"pass\", \"show\", \"cardwright\"], or a file that nobody else can read by password_file"
            }
            _ => {
                let names: Vec<&str> = KEYS.iter().map(|(name, _)| *name).collect();
                let why = format!("unknown key {name}");
                return self.place.wrong(self.at, why).hint(format!("the keys are {}", names.join(", ")));
            }
        };
        let why = format!("a {name} does not belong into this file: files like it are copied and shown");
        self.place.wrong(self.at, why).hint(hint)
    }
}

/// A program and its arguments: a list of texts, or one text that is split at its blanks.
fn command(value: &DeValue<'_>) -> Result<Words, String> {
    let list = match value {
        DeValue::String(text) => words(text)?,
        DeValue::Array(items) => {
            let list = items.iter().map(|item| item.get_ref().as_str().map(str::to_string));
            list.collect::<Option<Vec<_>>>().ok_or("must be a text, or a list of texts")?
        }
        _ => return Err("must be a text, or a list of texts".into()),
    };
    if list.is_empty() { Err("names no program".into()) } else { Ok(list) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cardwright_client::Check;
    use cardwright_core::certiflow::Dialect;

    fn message(text: &str) -> String {
        format!("{:?}", read(text, Path::new("/etc/c.toml"), "a").expect_err("it is refused"))
    }

    #[test]
    fn a_profile_is_read_with_its_files_beside_it() {
        let text = "[profile.a]\nurl = 'https://h/cm/api'\napi = 'certiflow'\ndialect = \"g6\"\nca = 'ca.pem'\ncheck = 'strict'\n\
                    password_command = \"pass show 'a b'\"\n[profile.b]\npassword_file = '/run/secret'\n";
        let profile = read(text, Path::new("/etc/c.toml"), "a").expect("a profile");
        assert_eq!(profile.url.as_deref(), Some("https://h/cm/api"));
        assert_eq!((profile.dialect, profile.check), (Some(Dialect::G6), Some(Check::Strict)));
        assert_eq!(profile.ca.as_deref(), Some(Path::new("/etc/ca.pem")));
        assert_eq!(profile.password_command.expect("a command"), ["pass", "show", "a b"]);
        assert!(read(text, Path::new("c.toml"), "b").is_ok_and(|b| b.password_file == Some("/run/secret".into())));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, expected) in [
            ("[profile.a]\nurl = 'x'\nurk = 'y'\n", "/etc/c.toml:3: unknown key urk"),
            ("[profile.a]\n\n[profile.b]\ntimeout = 3\n", "/etc/c.toml:4: unknown key timeout"),
            ("url = 'x'\n", "/etc/c.toml:1: unknown key url"),
            ("[server]\n", "/etc/c.toml:1: unknown section [server]"),
            ("[profile.a]\napi = 'other'\n", "/etc/c.toml:2: api: expected one of"),
            ("[profile.a]\nuser = 3\n", "/etc/c.toml:2: user must be a text and is a integer"),
            ("[profile.a]\npassword = 'hush'\n", "/etc/c.toml:2: a password does not belong"),
            (
                "[profile.a]\nauth = 'kerberos'\n",
                "/etc/c.toml:2: auth: expected auto, none, oidc, or of negotiate, ntlm",
            ),
            ("[profile.a]\nclient_secret = 'hush'\n", "/etc/c.toml:2: a client_secret does not belong"),
            ("[profile.a]\ndevice_code = 'yes'\n", "/etc/c.toml:2: device_code: must be true or false"),
            ("[profile.a]\npassword_command = []\n", "names no program"),
            ("[profile.a]\npassword_command = \"a 'b\"\n", "a quote does not end"),
            ("[profile.a]\npassword_file = 'f'\ntoken_file = 't'\n", "exclude each other"),
            ("[profile.a\n", "/etc/c.toml:1: "),
            ("[profile.b]\n", "has no profile a"),
        ] {
            let message = message(text);
            assert!(message.contains(expected), "{text:?}: {message}");
            assert!(!message.contains("hush"), "{message}");
        }
    }
}
