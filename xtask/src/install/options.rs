//! What can be said after `cargo xtask install` and `cargo xtask uninstall`.

use std::path::{Component, Path, PathBuf};

use super::files::Folders;

/// What `cargo xtask install --help` prints.
pub(super) const HELP: &str = "\
cargo xtask install --prefix DIR [OPTION]...
cargo xtask uninstall --prefix DIR [--destdir DIR] [--dry-run]

The C library: headers, libcardwright.so and .a, pkg-config, CMake, licences.

  --prefix DIR         where users find it; absolute
  --destdir DIR        a folder put before every path, to build a package
  --libdir DIR         below the prefix, or absolute: lib64, lib/x86_64-linux-gnu (default: lib)
  --includedir DIR     the same of the headers (default: include)
  --docdir DIR         the same of the licences (default: share/doc/cardwright)
  --target TRIPLE      for another machine, as Rust names it: aarch64-unknown-linux-gnu
  --profile NAME       how it is compiled: release or dev (default: release)
  --without PART       client, reader: without clients, without readers (and without libpcsclite);
                       static: without libcardwright.a;
                       manifest: without the list by which it is uninstalled
  --debug WHERE        split: debug information in a file of its own (default);
                       keep: in the libraries, for dh_strip and find-debuginfo; none
  --fixed-prefix       the prefix stands in cardwright.pc; without it the file finds the prefix from where it lies
  --dry-run            prints the paths, and builds and writes nothing

From the environment: CC (\"ccache gcc\"), CFLAGS, LDFLAGS, RUSTFLAGS, AR, OBJCOPY; for --target also CC_<triple>,
else the tools of the target's name, aarch64-linux-gnu-gcc and so on.
";

/// What can be left out: features of the crate with what is then defined for the header, and files.
const PARTS: &[(&str, Option<&str>)] = &[
    ("client", Some("-DCARDWRIGHT_NO_CLIENT")),
    ("reader", Some("-DCARDWRIGHT_NO_READER")),
    ("static", None),
    ("manifest", None),
];

/// What is asked for.
#[derive(Debug)]
pub(crate) enum Order {
    Help,
    Install(Options),
    Uninstall {
        /// Where it was installed.
        folders: Folders,
        /// Whether only to say what would be removed.
        dry: bool,
    },
}

/// Where and what to install.
#[derive(Debug)]
pub(crate) struct Options {
    pub(super) folders: Folders,
    /// Below the prefix, or absolute.
    pub(super) libdir: PathBuf,
    pub(super) includedir: PathBuf,
    pub(super) docdir: PathBuf,
    /// Another machine than this one.
    pub(super) target: Option<String>,
    /// How it is compiled.
    pub(super) profile: String,
    /// What is left out: some of [`PARTS`].
    without: Vec<&'static str>,
    pub(super) debug: Debug,
    /// Whether the prefix stands in the file for pkg-config.
    pub(super) fixed: bool,
    /// Whether a list of the files is installed.
    pub(super) manifest: bool,
    /// Whether only to say what would be installed.
    pub(super) dry: bool,
}

/// Where debug information goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Debug {
    /// To a file beside the shared library.
    Split,
    /// It stays in the libraries.
    Keep,
    /// Nowhere.
    None,
}

impl Order {
    /// Reads the words after `cargo xtask install` or `uninstall`. The second takes those of the first that change
    /// nothing there, so that the same line can be typed.
    ///
    /// # Errors
    ///
    /// When one of them makes no sense, or the prefix is missing or not absolute.
    pub(crate) fn read(command: &str, words: &[&str]) -> Result<Self, String> {
        if words.iter().any(|word| ["--help", "-h"].contains(word)) {
            return Ok(Order::Help);
        }
        let rest: Vec<&str> = words.iter().copied().filter(|word| *word != "--uninstall").collect();
        let options = Options::read(&rest)?;
        Ok(match command == "uninstall" || rest.len() < words.len() {
            true => Order::Uninstall { folders: options.folders, dry: options.dry },
            false => Order::Install(options),
        })
    }
}

impl Options {
    /// A prefix, compiled as the tests are.
    pub(crate) fn for_tests(prefix: PathBuf, without: &[&'static str]) -> Self {
        Options { profile: "dev".into(), without: without.to_vec(), ..Options::at(Folders { prefix, destdir: None }) }
    }

    fn at(folders: Folders) -> Self {
        Options {
            folders,
            libdir: "lib".into(),
            includedir: "include".into(),
            docdir: "share/doc/cardwright".into(),
            target: None,
            profile: "release".into(),
            without: Vec::new(),
            debug: Debug::Split,
            fixed: false,
            manifest: true,
            dry: false,
        }
    }

    /// Reads the words of an installation.
    ///
    /// # Errors
    ///
    /// As [`Order::read`].
    pub(crate) fn read(words: &[&str]) -> Result<Self, String> {
        let mut options = Options::at(Folders { prefix: PathBuf::new(), destdir: None });
        let (mut libdir, mut includedir, mut docdir) = (None, None, None);
        let mut words = words.iter();
        while let Some(given) = words.next() {
            let (word, joined) = match given.split_once('=') {
                Some((word, value)) => (word, Some(value)),
                None => (*given, None),
            };
            match (word, joined) {
                ("--dry-run", None) => options.dry = true,
                ("--fixed-prefix", None) => options.fixed = true,
                ("--dry-run" | "--fixed-prefix", Some(_)) => return Err(format!("{word} takes no value")),
                _ if !TAKES_VALUE.contains(&word) => return Err(format!("not an option of install: {word}")),
                _ => {
                    let value = joined
                        .or_else(|| words.next().copied())
                        .filter(|value| !value.is_empty() && !value.starts_with("--"));
                    let value = value.ok_or(format!("{word} needs a value"))?;
                    match word {
                        "--prefix" => options.folders.prefix = PathBuf::from(value),
                        "--destdir" => options.folders.destdir = Some(PathBuf::from(value)),
                        "--libdir" => libdir = Some(value),
                        "--includedir" => includedir = Some(value),
                        "--docdir" => docdir = Some(value),
                        "--target" => options.target = Some(value.into()),
                        "--profile" => options.profile = value.into(),
                        "--debug" => options.debug = debug(value)?,
                        _ => options.leave_out(value)?,
                    }
                }
            }
        }
        let prefix = &options.folders.prefix;
        if !prefix.is_absolute() || climbs(prefix) {
            return Err("install needs --prefix with an absolute path".into());
        }
        if let Some(destdir) = &options.folders.destdir {
            // The commands run in the root of the repository, wherever this one was started.
            let whole = std::path::absolute(destdir).map_err(|error| format!("--destdir: {error}"))?;
            options.folders.destdir = Some(whole);
        }
        for (name, given, to) in [
            ("--libdir", libdir, &mut options.libdir),
            ("--includedir", includedir, &mut options.includedir),
            ("--docdir", docdir, &mut options.docdir),
        ] {
            if let Some(given) = given {
                *to =
                    below(&options.folders.prefix, Path::new(given)).ok_or(format!("{name} may not contain \"..\""))?;
            }
        }
        if options.without.contains(&"client") && options.without.contains(&"reader") {
            return Err(
                "without both there is nothing for an operating system: build cardwright-ffi as docs/terminal.md says"
                    .into(),
            );
        }
        Ok(options)
    }

    fn leave_out(&mut self, value: &str) -> Result<(), String> {
        let part = PARTS.iter().find(|(part, _)| *part == value);
        let names: Vec<&str> = PARTS.iter().map(|(part, _)| *part).collect();
        let (part, _) = part.ok_or_else(|| format!("--without takes {}, not {value}", names.join(", ")))?;
        self.manifest &= *part != "manifest";
        self.without.push(part);
        self.without.sort_unstable();
        self.without.dedup();
        Ok(())
    }

    /// Whether a part is there.
    pub(super) fn has(&self, part: &str) -> bool {
        !self.without.contains(&part)
    }

    /// The crate's features.
    pub(super) fn features(&self) -> Vec<&'static str> {
        let features = PARTS.iter().filter(|(_, define)| define.is_some()).map(|(part, _)| *part);
        features.filter(|part| self.has(part)).collect()
    }

    /// What is defined for the header.
    pub(super) fn defines(&self) -> Vec<&'static str> {
        PARTS.iter().filter(|(part, _)| !self.has(part)).filter_map(|(_, define)| *define).collect()
    }
}

const TAKES_VALUE: &[&str] =
    &["--prefix", "--destdir", "--libdir", "--includedir", "--docdir", "--target", "--profile", "--debug", "--without"];

fn debug(value: &str) -> Result<Debug, String> {
    match value {
        "split" => Ok(Debug::Split),
        "keep" => Ok(Debug::Keep),
        "none" => Ok(Debug::None),
        _ => Err(format!("--debug takes split, keep, none, not {value}")),
    }
}

/// A folder from the prefix, or absolute where it is not below it. None if it climbs out.
fn below(prefix: &Path, folder: &Path) -> Option<PathBuf> {
    let inner = folder.strip_prefix(prefix).unwrap_or(folder);
    // Without the dots and double slashes that would count as steps.
    (!climbs(inner)).then(|| inner.components().filter(|part| *part != Component::CurDir).collect())
}

fn climbs(path: &Path) -> bool {
    path.components().any(|part| part == Component::ParentDir)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Options, String> {
        Options::read(&[&["--prefix", "/usr"], words].concat())
    }

    #[test]
    fn one_part_can_be_left_out_and_not_both() {
        let options = read(&["--without", "reader"]).expect("it makes sense");
        assert_eq!(options.defines(), ["-DCARDWRIGHT_NO_READER"]);
        assert_eq!(options.features(), ["client"]);
        let options = read(&["--without=static", "--without=manifest"]).expect("they make sense");
        assert!(options.defines().is_empty() && !options.manifest && !options.has("static"));
        assert!(read(&["--without", "clients"]).is_err_and(|why| why.contains("client, reader, static, manifest")));
        assert!(read(&["--without", "reader", "--without", "client"]).is_err());
    }

    #[test]
    fn a_destdir_stands_before_the_prefix() {
        let options = read(&["--destdir", "/tmp/package"]).expect("they make sense");
        assert_eq!(options.folders.on_disk(Path::new("lib")), Path::new("/tmp/package/usr/lib"));
        assert_eq!(options.folders.on_disk(Path::new("/lib")), Path::new("/tmp/package/lib"));
        for words in [&["--prefix", "usr"][..], &["--prefix"], &["--prefix", ""], &[], &["--where", "/usr"]] {
            assert!(Options::read(words).is_err(), "{words:?}");
        }
    }

    #[test]
    fn a_libdir_is_absolute_or_below_the_prefix() {
        for (given, kept) in [
            ("lib64", "lib64"),
            ("lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"),
            ("./lib//x86_64-linux-gnu/", "lib/x86_64-linux-gnu"),
            ("/usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"),
            ("/lib", "/lib"),
        ] {
            assert_eq!(read(&["--libdir", given]).expect(given).libdir, Path::new(kept), "{given}");
        }
        assert!(read(&["--libdir", "../lib"]).is_err());
        assert!(read(&["--libdir", "--destdir", "/tmp"]).is_err());
    }

    #[test]
    fn help_is_help_wherever_it_stands() {
        for words in [&["--help"][..], &["-h"], &["--prefix", "/usr", "--help"]] {
            assert!(matches!(Order::read("install", words), Ok(Order::Help)), "{words:?}");
            assert!(matches!(Order::read("uninstall", words), Ok(Order::Help)), "{words:?}");
        }
        for option in TAKES_VALUE.iter().chain(&["--dry-run", "--fixed-prefix"]) {
            assert!(HELP.contains(&format!("\n  {option} ")), "{option}");
        }
    }

    #[test]
    fn what_was_installed_by_a_line_is_uninstalled_by_it() {
        let line = ["--prefix", "/usr", "--libdir", "lib64", "--destdir", "/tmp/package"];
        for order in [Order::read("uninstall", &line), Order::read("install", &[&line[..], &["--uninstall"]].concat())]
        {
            let Ok(Order::Uninstall { folders, dry: false }) = order else { panic!("{order:?}") };
            assert_eq!(folders.on_disk(Path::new("lib64")), Path::new("/tmp/package/usr/lib64"));
        }
        assert!(Order::read("uninstall", &[]).is_err());
    }
}
