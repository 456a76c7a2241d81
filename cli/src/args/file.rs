//! The settings of `serve --config FILE`: TOML whose keys are the options of `serve`.
//!
//! There is no second list of them: a key of the file becomes the option of that name, with `-` for `_`, and clap
//! checks its value. A list gives an option several times, and so does a section of names and values. An
//! option of the command line takes precedence over the file, also over one that excludes it. An unknown key and a
//! wrong value are errors with their line.
//!
//! ```toml
//! listen = "0.0.0.0:8443"
//! tls_cert = "chain.pem"
//! tls_key = "server.key"
//! log = true
//!
//! [switch]
//! refusal = "400"
//! ```

use super::Arguments;
use cardwright::{Failure, SettingsFile, ownership, text_file};
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, CommandFactory as _};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};

/// The subcommand whose options a file may hold.
const SERVE: &str = "serve";

/// The option that names the file.
const CONFIG: &str = "config";

/// The words of a command line, and after them those of the file that it names for `serve`.
///
/// # Errors
/// Where the file cannot be read, others may write it, or it holds what it should not; and whether JSON is wanted.
pub(crate) fn with_file(mut words: Vec<OsString>) -> Result<Vec<OsString>, (Failure, bool)> {
    if !words.iter().any(|word| word == SERVE) {
        return Ok(words);
    }
    // What is wrong with the words is told when all of them are there.
    let Ok(given) = Arguments::command().ignore_errors(true).try_get_matches_from(&words) else { return Ok(words) };
    let Some((SERVE, given)) = given.subcommand() else { return Ok(words) };
    // The environment's file is that of the profiles.
    let file = given.get_one::<PathBuf>(CONFIG).filter(|_| is_given(given, CONFIG));
    if let Some(file) = file {
        let json = given.try_get_one::<bool>("json").ok().flatten().is_some_and(|json| *json);
        words.extend(options(file, given).map_err(|failure| (failure, json))?);
    }
    Ok(words)
}

fn is_given(given: &ArgMatches, id: &str) -> bool {
    // It panics on an id that is not there.
    given.ids().any(|known| known.as_str() == id) && given.value_source(id) == Some(ValueSource::CommandLine)
}

/// The options in a file, but for those that the command line has or excludes.
fn options(file: &Path, given: &ArgMatches) -> Result<Vec<OsString>, Failure> {
    // The file decides which accounts and issuers the server trusts.
    ownership::check(file)?;
    let text = text_file::read(file)?;
    let place = SettingsFile::new(file, &text);
    let command = Arguments::command();
    let Some(serve) = command.find_subcommand(SERVE) else { return Ok(Vec::new()) };
    let on_line: Vec<&Arg> = serve.get_arguments().filter(|arg| is_given(given, arg.get_id().as_str())).collect();
    let document = DeTable::parse(&text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        place.wrong(at, error.message())
    })?;
    let mut options = Vec::new();
    for (key, value) in document.get_ref() {
        let at = key.span().start;
        let Some((_, arg)) = keys(serve).find(|(name, _)| name == key.get_ref()) else {
            let names: Vec<String> = keys(serve).map(|(name, _)| name).collect();
            let why = format!("unknown key {}", key.get_ref());
            return Err(place.wrong(at, why).hint(format!("the keys are {}", names.join(", "))));
        };
        let wrong = |why: String| place.wrong(at, format!("{}: {why}", key.get_ref()));
        let found = words(arg, value.get_ref(), &place).map_err(wrong)?;
        for word in &found {
            judge(serve, word).map_err(wrong)?;
        }
        let excludes = |one: &Arg, other: &Arg| {
            one.get_id() == other.get_id()
                || serve.get_arg_conflicts_with(one).iter().any(|excluded| excluded.get_id() == other.get_id())
        };
        if !on_line.iter().any(|given| excludes(given, arg) || excludes(arg, given)) {
            options.extend(found.into_iter().map(OsString::from));
        }
    }
    Ok(options)
}

/// The keys that a file may have, and the option of each.
fn keys(serve: &Command) -> impl Iterator<Item = (String, &Arg)> {
    let options = serve.get_arguments().filter(|arg| !matches!(arg.get_id().as_str(), CONFIG | "help"));
    options.filter_map(|arg| Some((arg.get_long()?.replace('-', "_"), arg)))
}

/// The words that give an option the value of a key.
fn words(arg: &Arg, value: &DeValue<'_>, place: &SettingsFile<'_>) -> Result<Vec<String>, String> {
    let option = format!("--{}", arg.get_long().unwrap_or_default());
    let is_flag = matches!(arg.get_action(), ArgAction::SetTrue);
    let is_list = matches!(arg.get_action(), ArgAction::Append);
    let is_file =
        arg.get_value_names().unwrap_or_default().iter().any(|name| name.starts_with("FILE") || *name == "DIR");
    let word = |value: &DeValue<'_>| {
        let text = scalar(value)?;
        // An address, where a file may be one, stays.
        let is_path = is_file && !text.contains("://");
        let text = if is_path { place.file(&text).to_string_lossy().into_owned() } else { text };
        Ok::<_, String>(format!("{option}={text}"))
    };
    match value {
        DeValue::Boolean(wanted) if is_flag => Ok(if *wanted { vec![option] } else { Vec::new() }),
        other if is_flag => Err(format!("must be true or false and is a {}", other.type_str())),
        DeValue::Array(items) if is_list => items.iter().map(|item| word(item.get_ref())).collect(),
        DeValue::Table(pairs) if is_list => {
            let pairs = pairs.iter().map(|(name, value)| (name.get_ref(), scalar(value.get_ref())));
            pairs.map(|(name, value)| Ok(format!("{option}={name}={}", value?))).collect()
        }
        value => word(value).map(|word| vec![word]),
    }
}

fn scalar(value: &DeValue<'_>) -> Result<String, String> {
    match value {
        DeValue::String(text) if !text.is_empty() => Ok(text.to_string()),
        DeValue::String(_) => Err("is empty".into()),
        DeValue::Integer(number) => Ok(number.to_string()),
        other => Err(format!("must be a text or a number and is a {}", other.type_str())),
    }
}

/// What is wrong with an option's value, by itself: what else it needs, other lines may have.
fn judge(serve: &Command, word: &str) -> Result<(), String> {
    match serve.clone().try_get_matches_from([SERVE, word]) {
        Err(wrong) if !matches!(wrong.kind(), ErrorKind::MissingRequiredArgument | ErrorKind::ArgumentConflict) => {
            let told = wrong.to_string();
            Err(told.lines().next().unwrap_or_default().trim_start_matches("error: ").to_string())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Arguments, with_file};
    use crate::args::Command;
    use clap::Parser as _;
    use std::ffi::OsString;
    use std::path::{Path, PathBuf};

    /// A file of a test's own, removed at its end.
    struct File(PathBuf);

    impl File {
        fn new(name: &str, text: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("cardwright-serve-{name}-{}", std::process::id()));
            std::fs::create_dir_all(&folder).expect("a folder");
            std::fs::write(folder.join("serve.toml"), text).expect("a file");
            #[cfg(unix)]
            for (place, mode) in [(folder.clone(), 0o700), (folder.join("serve.toml"), 0o600)] {
                use std::os::unix::fs::PermissionsExt as _;
                std::fs::set_permissions(place, std::fs::Permissions::from_mode(mode)).expect("a mode");
            }
            File(folder)
        }

        fn words(&self, more: &[&str]) -> Vec<OsString> {
            let file = self.0.join("serve.toml").into_os_string();
            let words = ["cardwright".into(), "serve".into(), "--config".into(), file];
            words.into_iter().chain(more.iter().map(OsString::from)).collect()
        }

        fn serve(&self, more: &[&str]) -> crate::args::Serve {
            let words = with_file(self.words(more)).expect("settings");
            match Arguments::try_parse_from(words).expect("arguments").command {
                Command::Serve(serve) => *serve,
                other => panic!("{other:?}"),
            }
        }
    }

    impl Drop for File {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn keys_are_options_and_the_command_line_takes_precedence() {
        let file = File::new(
            "keys",
            "listen = '127.0.0.1:4711'\ndata = 'cards'\ncards = 7\nlog = true\nsandbox = false\n\
             tls_cert = 'chain.pem'\ntls_key = '/etc/ssl/server.key'\nbearer_issuer = 'https://i.example'\n\
             bearer_audience = ['https://a.example', 'b']\nbearer_keys = 'https://i.example/keys'\n\
             [switch]\nrefusal = '400'\n[bearer_role]\noperators = 'operator'\n",
        );
        let serve = file.serve(&[]);
        assert_eq!((serve.listen.port(), serve.cards, serve.log, serve.sandbox), (4711, 7, true, false));
        assert_eq!(serve.data, Some(file.0.join("cards")));
        assert_eq!(serve.tls.tls_cert, Some(file.0.join("chain.pem")));
        assert_eq!(serve.tls.tls_key.as_deref(), Some(Path::new("/etc/ssl/server.key")));
        assert_eq!(serve.switches, ["refusal=400"]);
        assert_eq!(serve.bearer.bearer_audience, ["https://a.example", "b"]);
        assert_eq!(serve.bearer.bearer_keys.as_deref(), Some("https://i.example/keys"));
        assert_eq!(serve.bearer.bearer_roles, [("operators".to_string(), "operator".to_string())]);

        let served = |text: &str| {
            let all = File::new("generations", text).serve(&[]).certiflow;
            all.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        for text in ["certiflow = 'g6=/cm6/api,g7'", "certiflow = ['g6=/cm6/api', 'g7']"] {
            assert_eq!(served(text), ["g6=/cm6/api", "g7"], "{text}");
        }
        assert_eq!(served("[certiflow]\ng5 = '/keybox/api'"), ["g5=/keybox/api"]);
        assert!(served("log = true").is_empty());

        let serve = file.serve(&["--cards", "8", "--switch", "mim-api=off", "--tls-self-signed", "own.pem"]);
        assert_eq!((serve.cards, serve.listen.port()), (8, 4711));
        assert_eq!(serve.switches, ["mim-api=off"]);
        assert_eq!((serve.tls.tls_cert, serve.tls.tls_key), (None, None), "excluded by the command line");
        assert_eq!(serve.tls.tls_self_signed.as_deref(), Some(Path::new("own.pem")));
    }

    #[test]
    fn a_folder_on_the_command_line_excludes_the_database_of_a_file_and_the_other_way_round() {
        let url = "postgresql://u@db.example.com/cards";
        let shared = File::new(
            "database",
            &format!(
                "database = '{url}'\ndatabase_password_file = 'word'\ndatabase_ca = '/ca.pem'\ndatabase_connections = 4\n"
            ),
        );
        let serve = shared.serve(&[]);
        assert_eq!((serve.data, serve.database.database.as_deref()), (None, Some(url)));
        assert_eq!(serve.database.database_password_file, Some(shared.0.join("word")));
        assert_eq!(serve.database.database_ca.as_deref(), Some(Path::new("/ca.pem")));
        assert_eq!(serve.database.database_connections, 4);
        let serve = shared.serve(&["--data", "cards"]);
        assert_eq!((serve.data.as_deref(), serve.database.database), (Some(Path::new("cards")), None));
        assert_eq!((serve.database.database_password_file, serve.database.database_connections), (None, 16));

        let own = File::new("folder", "data = 'cards'\ncards = 7\nseed = 3\n");
        let serve = own.serve(&["--database", url]);
        assert_eq!((serve.data, serve.database.database.as_deref()), (None, Some(url)));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, expected) in [
            ("\nlisten = 'here'\n", "serve.toml:2: listen: invalid value 'here' for '--listen"),
            ("cards = 'many'\n", "serve.toml:1: cards: invalid value"),
            ("cards = true\n", "serve.toml:1: cards: must be a text or a number and is a boolean"),
            ("data = ''\n", "serve.toml:1: data: is empty"),
            ("log = 'yes'\n", "serve.toml:1: log: must be true or false and is a string"),
            ("log = true\n\nlock = true\n", "serve.toml:3: unknown key lock"),
            ("tls-cert = 'x'\n", "serve.toml:1: unknown key tls-cert"),
            ("config = 'x'\n", "serve.toml:1: unknown key config"),
            ("help = true\n", "serve.toml:1: unknown key help"),
            ("url = 'x'\n", "serve.toml:1: unknown key url"),
            ("[serve]\nlog = true\n", "serve.toml:1: unknown key serve"),
            ("certiflow = 'g8'\n", "serve.toml:1: certiflow: invalid value 'g8'"),
            ("\n[certiflow]\ng6 = 'x'\n", "serve.toml:2: certiflow: invalid value 'g6=x'"),
            ("bearer_role = ['x']\n", "serve.toml:1: bearer_role: invalid value 'x'"),
            ("listen = ['127.0.0.1:1']\n", "serve.toml:1: listen: must be a text or a number and is a array"),
            ("listen\n", "serve.toml:1: "),
        ] {
            let file = File::new("wrong", text);
            let (failure, json) = with_file(file.words(&[])).expect_err(text);
            assert!(failure.message().contains(expected) && !json, "{text:?}: {failure}");
            assert!(with_file(file.words(&["--json"])).expect_err(text).1);
        }
    }

    #[test]
    fn words_without_a_file_stay_as_they_are() {
        for line in [
            "cardwright cards --config x",
            "cardwright serve --cards 3",
            "cardwright serve --help",
            "cardwright serve --config",
        ] {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            assert_eq!(with_file(words.clone()).expect("words"), words);
        }
    }
}
