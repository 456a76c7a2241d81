//! The config file: profiles, each a server and who asks it.
//!
//! A key that is not known is an error with its line, so that a slip of the pen never means a default.
//! A password does not belong there: the file names what gives it.
//!
//! ```toml
//! [profile.prod]
//! url = "https://cm.example.com/certiflow/api"
//! user = 'EXAMPLE\operator'
//! password_command = ["pass", "show", "cardwright/prod"]
//! ```

use crate::args::{CertificateArguments, OidcArguments, Words, check, named};
use crate::failure::Failure;
use crate::sign_in::{Auth, auth, mutual, on_or_off};
use cardwright_client::{Check, Mutual};
use cardwright_core::certiflow::Dialect;
use cardwright_core::lifecycle::System;
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};

/// The keys of a profile.
const KEYS: &[&str] = &[
    "url",
    "api",
    "dialect",
    "auth",
    "user",
    "password_command",
    "password_file",
    "token_file",
    "issuer",
    "client_id",
    "client_secret_command",
    "client_secret_file",
    "device_code",
    "scope",
    "resource",
    "audience",
    "token_endpoint",
    "token_cache",
    "keytab",
    "channel_binding",
    "mutual",
    "ca",
    "client_cert",
    "client_key",
    "proxy",
    "check",
];

/// A server and who asks it, as far as the file tells.
#[derive(Debug, Default)]
pub(crate) struct Profile {
    pub(crate) url: Option<String>,
    pub(crate) api: Option<System>,
    pub(crate) dialect: Option<Dialect>,
    pub(crate) user: Option<String>,
    pub(crate) password_command: Option<Vec<String>>,
    pub(crate) password_file: Option<PathBuf>,
    pub(crate) token_file: Option<PathBuf>,
    pub(crate) keytab: Option<PathBuf>,
    pub(crate) auth: Option<Auth>,
    pub(crate) channel_binding: Option<bool>,
    pub(crate) mutual: Option<Mutual>,
    pub(crate) oidc: OidcArguments,
    pub(crate) ca: Option<PathBuf>,
    pub(crate) certificate: CertificateArguments,
    pub(crate) proxy: Option<String>,
    pub(crate) check: Option<Check>,
}

/// The profile of that name, from the file that was named or the one in its usual place.
///
/// # Errors
/// Where the file or the profile is missing, or the file holds what it should not.
pub(crate) fn load(file: Option<&Path>, name: &str) -> Result<Profile, Failure> {
    let Some(path) = file.map(Path::to_path_buf).or_else(usual_place) else {
        return Err(
            Failure::usage("no config file: neither XDG_CONFIG_HOME nor HOME is set").hint("give --config FILE")
        );
    };
    let text = std::fs::read_to_string(&path).map_err(|error| {
        Failure::usage(format!("profile {name}: {}: {error}", path.display())).hint(format!(
            "write [profile.{name}] and url = \"https://HOST/certiflow/api\" into that file, or give --config FILE"
        ))
    })?;
    read(&text, &path, name)
}

/// Where the file is when nobody says.
fn usual_place() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|folder| folder.is_absolute());
    let config = folder("XDG_CONFIG_HOME").or_else(|| Some(folder("HOME")?.join(".config")))?;
    Some(config.join("cardwright").join("config.toml"))
}

/// Reads the whole file, so that a fault in any profile is told, and returns one profile.
fn read(text: &str, path: &Path, name: &str) -> Result<Profile, Failure> {
    let place = Place { text, path };
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
fn one(table: &DeTable<'_>, place: &Place<'_>) -> Result<Profile, Failure> {
    let mut profile = Profile::default();
    for (key, value) in table {
        let (line, key) = (key.span().start, key.get_ref().as_ref());
        let text = || match value.get_ref() {
            DeValue::String(text) if !text.is_empty() => Ok(text.to_string()),
            DeValue::String(_) => Err(place.wrong(line, format!("{key} is empty"))),
            other => Err(place.wrong(line, format!("{key} must be a text and is a {}", other.type_str()))),
        };
        let file = || text().map(|text| place.file(&text));
        let wrong = |why: String| place.wrong(line, format!("{key}: {why}"));
        match key {
            "url" => profile.url = Some(text()?),
            "api" => profile.api = Some(named::<System>(&text()?).map_err(wrong)?),
            "dialect" => profile.dialect = Some(named::<Dialect>(&text()?).map_err(wrong)?),
            "user" => profile.user = Some(text()?),
            "password_command" => profile.password_command = Some(command(value.get_ref()).map_err(wrong)?),
            "password_file" => profile.password_file = Some(file()?),
            "token_file" => profile.token_file = Some(file()?),
            "keytab" => profile.keytab = Some(file()?),
            "auth" => profile.auth = Some(auth(&text()?).map_err(wrong)?),
            "channel_binding" => profile.channel_binding = Some(on_or_off(&text()?).map_err(wrong)?),
            "mutual" => profile.mutual = Some(mutual(&text()?).map_err(wrong)?),
            "issuer" => profile.oidc.issuer = Some(text()?),
            "client_id" => profile.oidc.client_id = Some(text()?),
            "client_secret_command" => {
                profile.oidc.client_secret_command = Some(Words(command(value.get_ref()).map_err(wrong)?));
            }
            "client_secret_file" => profile.oidc.client_secret_file = Some(file()?),
            "device_code" => match value.get_ref() {
                DeValue::Boolean(wanted) => profile.oidc.device_code = *wanted,
                other => return Err(wrong(format!("must be true or false and is a {}", other.type_str()))),
            },
            "scope" => profile.oidc.scope = Some(text()?),
            "resource" => profile.oidc.resource = Some(text()?),
            "audience" => profile.oidc.audience = Some(text()?),
            "token_endpoint" => profile.oidc.token_endpoint = Some(text()?),
            "token_cache" => profile.oidc.token_cache = Some(file()?),
            "ca" => profile.ca = Some(file()?),
            "client_cert" => profile.certificate.client_cert = Some(file()?),
            "client_key" => profile.certificate.client_key = Some(file()?),
            "proxy" => profile.proxy = Some(text()?),
            "check" => profile.check = Some(check(&text()?).map_err(wrong)?),
            "password" | "token" | "client_secret" => {
                return Err(place
                    .wrong(line, format!("a {key} does not belong into this file: files like it are copied and shown"))
                    .hint(match key {
                        "token" => "put it into a file of its own that nobody else can read, and name that by token_file",
                        "client_secret" => "name a program by client_secret_command, or a file that nobody else can read by client_secret_file",
                        _ => "name a program by password_command, such as [\"pass\", \"show\", \"cardwright\"], or a file that nobody else can read by password_file",
                    }));
            }
            _ => {
                return Err(place
                    .wrong(line, format!("unknown key {key}"))
                    .hint(format!("the keys are {}", KEYS.join(", "))));
            }
        }
        let sources = [
            profile.password_command.is_some(),
            profile.password_file.is_some(),
            profile.token_file.is_some(),
            profile.keytab.is_some(),
        ];
        if sources.into_iter().filter(|given| *given).count() > 1 {
            let why = "password_command, password_file, token_file and keytab exclude each other";
            return Err(place.wrong(line, why));
        }
        if profile.oidc.client_secret_command.is_some() && profile.oidc.client_secret_file.is_some() {
            return Err(place.wrong(line, "client_secret_command and client_secret_file exclude each other"));
        }
    }
    Ok(profile)
}

/// A program and its arguments: a list of texts, or one text that is taken apart at its blanks.
fn command(value: &DeValue<'_>) -> Result<Vec<String>, String> {
    let words = match value {
        DeValue::String(text) => split(text)?,
        DeValue::Array(items) => {
            let words = items.iter().map(|item| item.get_ref().as_str().map(str::to_string));
            words.collect::<Option<Vec<_>>>().ok_or("must be a text, or a list of texts")?
        }
        _ => return Err("must be a text, or a list of texts".into()),
    };
    if words.is_empty() { Err("names no program".into()) } else { Ok(words) }
}

/// Takes a command apart at its blanks, where quotes keep them.
///
/// # Errors
/// Where a quote does not end.
pub(crate) fn split(text: &str) -> Result<Vec<String>, String> {
    shlex::split(text).ok_or_else(|| "a quote does not end".into())
}

/// The file, for saying where in it something is wrong.
struct Place<'t> {
    text: &'t str,
    path: &'t Path,
}

impl Place<'_> {
    fn wrong(&self, at: usize, why: impl std::fmt::Display) -> Failure {
        let line = 1 + self.text.bytes().take(at).filter(|byte| *byte == b'\n').count();
        Failure::usage(format!("{}:{line}: {why}", self.path.display()))
    }

    /// A file that is named in this one: `~/` is the home folder, and what is relative begins at this
    /// file's folder.
    fn file(&self, text: &str) -> PathBuf {
        match (text.strip_prefix("~/"), std::env::var_os("HOME")) {
            (Some(rest), Some(home)) => PathBuf::from(home).join(rest),
            _ => self.path.parent().unwrap_or(Path::new("")).join(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
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
            let said = said(text);
            assert!(said.contains(expected), "{text:?}: {said}");
            assert!(!said.contains("hush"), "{said}");
        }
    }
}
