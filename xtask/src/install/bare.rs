//! `cargo xtask install --bare`: the C library for a machine without an operating system.
//!
//! One folder has what a firmware build needs: the static library, the header that says by itself what is in it, a file
//! for pkg-config, the licences, and a note of how it was made.

use std::fs;
use std::path::{Path, PathBuf};

use crate::run::{Done, Out, Stop};
use crate::sysroot::{RISC_V, TARGETS, Toolchain};
use crate::{header, place};

/// The systems, each a feature of the crate, and what the header is told where one is not there.
const SYSTEMS: [(&str, &str); 2] = [("certiflow", "CARDWRIGHT_NO_CERTIFLOW"), ("mim", "CARDWRIGHT_NO_MIM")];

/// What may be chosen instead of `complete`.
const CHOICE: [&str; 12] = [
    "all-cards",
    "bearer",
    "cards-chips",
    "cards-keys",
    "cards-openpgp",
    "cards-piv",
    "cards-states",
    "cards-thales",
    "cards-tokens",
    "certificates",
    "filters",
    "generations",
];

/// What is built.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Kind {
    /// Some of [`SYSTEMS`].
    pub(crate) systems: Vec<&'static str>,
    /// `complete`, or some of [`CHOICE`].
    pub(crate) features: Vec<&'static str>,
}

/// What to build and where to.
#[derive(Debug)]
pub(crate) struct Options {
    kind: Kind,
    target: String,
    prefix: PathBuf,
}

impl Options {
    /// Reads the words after `cargo xtask install`.
    ///
    /// # Errors
    ///
    /// When one of them makes no sense, or the prefix is missing or not absolute.
    pub(crate) fn read(words: &[&str]) -> Result<Self, String> {
        let (mut prefix, mut target) = (None, TARGETS[0].to_string());
        let (mut systems, mut features) = (Vec::new(), None);
        let mut words = words.iter().filter(|word| **word != "--bare");
        while let Some(word) = words.next() {
            let value = *words.next().ok_or(format!("{word} needs a value"))?;
            match *word {
                "--prefix" => prefix = Some(PathBuf::from(value)),
                "--target" if TARGETS.contains(&value) || value == RISC_V => target = value.into(),
                "--target" => {
                    return Err(format!("--target takes {} or {RISC_V}, not {value}", TARGETS.join(", ")));
                }
                "--system" => systems.push(known(value, &SYSTEMS.map(|(system, _)| system), word)?),
                "--features" => {
                    let list = value.split(',').filter(|name| !name.is_empty());
                    features = Some(list.map(|name| known(name, &CHOICE, word)).collect::<Result<Vec<_>, _>>()?);
                }
                word => return Err(format!("not an option of install --bare: {word}")),
            }
        }
        if systems.is_empty() {
            systems = SYSTEMS.map(|(system, _)| system).to_vec();
        }
        systems.sort_unstable();
        systems.dedup();
        let prefix = prefix.filter(|prefix| prefix.is_absolute());
        let prefix = prefix.ok_or("install --bare needs --prefix with an absolute path")?;
        Ok(Options { kind: Kind { systems, features: features.unwrap_or(vec!["complete"]) }, target, prefix })
    }
}

fn known(value: &str, all: &[&'static str], option: &str) -> Result<&'static str, String> {
    let found = all.iter().find(|name| **name == value);
    found.copied().ok_or_else(|| format!("{option} takes {}, not {value}", all.join(", ")))
}

impl Kind {
    /// The features of the crate.
    pub(crate) fn of_crate(&self) -> String {
        [self.systems.as_slice(), &self.features].concat().join(",")
    }

    /// What the header is told.
    fn defines(&self) -> Vec<&'static str> {
        let without = SYSTEMS.iter().filter(|(system, _)| !self.systems.contains(system)).map(|(_, define)| *define);
        std::iter::once("CARDWRIGHT_BARE").chain(without).collect()
    }
}

/// Builds and installs.
///
/// # Errors
///
/// When something cannot be compiled or written. Skipped without a compiler for the target.
pub(crate) fn run(options: &Options, out: &mut Out) -> Done {
    let tools = if options.target == RISC_V { Toolchain::risc_v(out)? } else { Toolchain::find(out)? };
    let count = put(&tools, &options.kind, &options.target, &options.prefix, out)?;
    Ok(format!("{count} files in {}, for {}", options.prefix.display(), options.target))
}

/// Builds, and puts the files below a prefix; how many.
///
/// # Errors
///
/// When something cannot be compiled or written.
pub(crate) fn put(tools: &Toolchain, kind: &Kind, target: &str, prefix: &Path, out: &mut Out) -> Result<usize, Stop> {
    let library = tools.c_library(target, &kind.of_crate(), out)?;
    let doc = Path::new("share/doc/cardwright");
    let files = [
        (PathBuf::from("lib/libcardwright.a"), fs::read(&library).map_err(place::at(&library))?),
        (PathBuf::from(header::FILE), of_kind(&place::read(header::FILE)?, kind)?.into_bytes()),
        (PathBuf::from("lib/pkgconfig/cardwright.pc"), pkg_config(prefix).into_bytes()),
        (doc.join("BUILT.txt"), note(kind, target, &tools.compiler(out)?).into_bytes()),
        (doc.join("LICENSE-MIT"), place::read("LICENSE-MIT")?.into_bytes()),
        (doc.join("LICENSE-APACHE"), place::read("LICENSE-APACHE")?.into_bytes()),
    ];
    for (path, content) in &files {
        let path = prefix.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(place::at(folder))?;
        }
        fs::write(&path, content).map_err(place::at(&path))?;
    }
    Ok(files.len())
}

/// The header, which defines by itself what there is.
fn of_kind(header: &str, kind: &Kind) -> Result<String, String> {
    let guard = "#define CARDWRIGHT_H\n";
    let (before, after) = header.split_once(guard).ok_or("the header has no guard")?;
    let define = |name: &&str| format!("#ifndef {name}\n#define {name}\n#endif\n");
    let defines: String = kind.defines().iter().map(define).collect();
    Ok(format!("{before}{guard}\n/* The library beside this header. */\n{defines}{after}"))
}

fn pkg_config(prefix: &Path) -> String {
    format!(
        "prefix={}\nlibdir=${{prefix}}/lib\nincludedir=${{prefix}}/include\n\nName: cardwright\nDescription: smart cards, \
         and their records in Microsoft MIM CM and Axidian CertiFlow, without an operating system\nVersion: {}\n\
         Cflags: -I${{includedir}}\nLibs: -L${{libdir}} -lcardwright\n",
        prefix.display(),
        env!("CARGO_PKG_VERSION"),
    )
}

fn note(kind: &Kind, target: &str, compiler: &str) -> String {
    format!(
        "libcardwright {} for {target}, made by {compiler}.\nSystems: {}. Features: {}.\n\n\
         Link with -nostdlib and --gc-sections: what is not called takes no flash. The library needs nothing else; memcpy,\n\
         memmove, memset and memcmp are weak in it, so that a program may bring smaller or faster ones.\n",
        env!("CARGO_PKG_VERSION"),
        kind.systems.join(", "),
        if kind.features.is_empty() { "none".into() } else { kind.features.join(", ") },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_systems_and_everything_unless_it_is_said_otherwise() {
        let of = |words: &[&str]| Options::read(&[&["--bare", "--prefix", "/opt/c"], words].concat());
        assert_eq!(of(&[]).expect("it makes sense").kind.of_crate(), "certiflow,mim,complete");
        let chosen = of(&["--system", "mim", "--features", "cards-piv,bearer", "--target", TARGETS[1]]);
        let chosen = chosen.expect("it makes sense");
        assert_eq!((chosen.kind.of_crate().as_str(), chosen.target.as_str()), ("mim,cards-piv,bearer", TARGETS[1]));
        assert_eq!(of(&["--system", "mim", "--features", ""]).expect("it makes sense").kind.of_crate(), "mim");
        for words in [&["--system", "x"][..], &["--features", "hosted"], &["--target", "x86"], &["--system"]] {
            assert!(of(words).is_err(), "{words:?}");
        }
        assert!(Options::read(&["--bare", "--prefix", "here"]).is_err());
    }

    #[test]
    fn the_features_are_those_of_the_crate() {
        let manifest = place::read("ffi/Cargo.toml").expect("it is there");
        let all = CHOICE.iter().chain(&["complete"]).chain(SYSTEMS.iter().map(|(system, _)| system));
        for name in all {
            assert!(manifest.contains(&format!("\n{name} = [")), "{name}");
        }
    }

    #[test]
    fn the_header_says_what_is_not_there() {
        let kind = Kind { systems: vec!["certiflow"], features: vec![] };
        let header = of_kind("#ifndef CARDWRIGHT_H\n#define CARDWRIGHT_H\nint a;\n", &kind).expect("a header");
        assert!(header.contains("#define CARDWRIGHT_BARE\n") && header.contains("#define CARDWRIGHT_NO_MIM\n"));
        assert!(!header.contains("NO_CERTIFLOW") && header.ends_with("int a;\n"));
    }
}
