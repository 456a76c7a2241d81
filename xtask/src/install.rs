//! `cargo xtask install`: the C library as others find it.
//!
//! Headers, the static library, the shared one with its soname, a file for pkg-config, a package for
//! CMake, and the licences of what is linked in. The shared library is linked from the static one, because
//! the compiler's own kind of shared library takes no version script.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::run::{Done, Out, Stop, minutes};
use crate::{cpp, header, place};

/// The version of the interface: what programs that are linked with the shared library ask for.
const SONAME: &str =
    concat!("libcardwright.so.", env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Where and what to install.
#[derive(Debug)]
pub(crate) struct Options {
    /// Where users find the library.
    prefix: PathBuf,
    /// A folder put before the prefix, to build a package.
    destdir: Option<PathBuf>,
    /// How it is compiled.
    profile: String,
    /// What is left out: some of [`PARTS`].
    without: Vec<&'static str>,
}

/// The parts of the library that can be left out: features of the crate, with what is then defined for the header.
const PARTS: &[(&str, &str)] = &[("client", "-DCARDWRIGHT_NO_CLIENT"), ("reader", "-DCARDWRIGHT_NO_READER")];

impl Options {
    /// A prefix, compiled as the tests are.
    pub(crate) fn for_tests(prefix: PathBuf, without: &[&'static str]) -> Self {
        Options { prefix, destdir: None, profile: "dev".into(), without: without.to_vec() }
    }

    /// Reads the words after `cargo xtask install`.
    ///
    /// # Errors
    ///
    /// When one of them makes no sense, or the prefix is missing or not absolute.
    pub(crate) fn read(words: &[&str]) -> Result<Self, String> {
        let (mut prefix, mut destdir, mut profile, mut without) = (None, None, "release".to_string(), Vec::new());
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let value = words.next().ok_or(format!("{word} needs a value"))?;
            match *word {
                "--prefix" => prefix = Some(PathBuf::from(value)),
                "--destdir" => destdir = Some(PathBuf::from(value)),
                "--profile" => profile = (*value).to_string(),
                "--without" => {
                    let part = PARTS.iter().find(|(part, _)| part == value);
                    without.push(part.ok_or(format!("--without takes client or reader, not {value}"))?.0);
                }
                word => return Err(format!("not an option of install: {word}")),
            }
        }
        let prefix =
            prefix.filter(|prefix| prefix.is_absolute()).ok_or("install needs --prefix with an absolute path")?;
        without.sort_unstable();
        without.dedup();
        match without.len() {
            2 => Err(
                "without both there is nothing for an operating system: build cardwright-ffi as docs/terminal.md says"
                    .into(),
            ),
            _ => Ok(Options { prefix, destdir, profile, without }),
        }
    }

    /// What is defined for the header.
    fn defines(&self) -> Vec<&'static str> {
        PARTS.iter().filter(|(part, _)| self.without.contains(part)).map(|(_, define)| *define).collect()
    }

    /// Where the files go.
    fn root(&self) -> PathBuf {
        match &self.destdir {
            Some(destdir) => destdir.join(self.prefix.strip_prefix("/").unwrap_or(&self.prefix)),
            None => self.prefix.clone(),
        }
    }
}

/// Compiles and installs.
///
/// # Errors
///
/// When something cannot be compiled, linked or written.
pub(crate) fn run(options: &Options, out: &mut Out) -> Done {
    if !cfg!(target_os = "linux") {
        return Err(Stop::Skipped("only Linux has an install as yet".into()));
    }
    let (archive, native) = compile(options, out)?;
    let text = place::read(header::FILE)?;
    let declared =
        out.read(place::program("cc", &["-E", "-P"]).args(options.defines()).arg(header::FILE), minutes(1))?;
    let exported = [header::functions(&declared), header::earlier(&text)].concat();
    let shared = link(&archive, &exported, &native, out)?;
    let third_parties = third_parties(out)?;

    // From here on only the disk can fail, so that an earlier installation is not left half replaced.
    let (root, folders) = (options.root(), ["include", "lib/pkgconfig", "lib/cmake/cardwright"]);
    let licences = root.join("share/doc/cardwright");
    for folder in folders.iter().map(|folder| root.join(folder)).chain([licences.clone()]) {
        fs::create_dir_all(&folder).map_err(place::at(&folder))?;
    }
    let lib = root.join("lib");
    let mut count = 0;
    let shared_name = format!("libcardwright.so.{VERSION}");
    for (file, name) in [(&archive, "libcardwright.a"), (&shared, &shared_name)] {
        let to = lib.join(name);
        // Not written over: programs that run have it open.
        let _ = fs::remove_file(&to);
        fs::copy(file, &to).map_err(place::at(&to))?;
        count += 1;
    }
    #[cfg(unix)]
    for name in [SONAME, "libcardwright.so"] {
        let path = lib.join(name);
        let _ = fs::remove_file(&path);
        std::os::unix::fs::symlink(&shared_name, &path).map_err(place::at(&path))?;
        count += 1;
    }
    let mut write = |path: PathBuf, text: &[u8]| {
        count += 1;
        fs::write(&path, text).map_err(place::at(&path))
    };
    write(root.join(header::FILE), text.as_bytes())?;
    fs::create_dir_all(root.join("include/cardwright")).map_err(|error| error.to_string())?;
    for file in cpp::headers() {
        write(root.join(file), place::read(file)?.as_bytes())?;
    }

    let put = |text: &str| {
        let libraries: Vec<&str> = native.iter().map(|name| name.trim_start_matches("-l")).collect();
        text.replace("@VERSION@", VERSION)
            .replace("@SONAME@", SONAME)
            .replace("@PRIVATE@", &native.join(" "))
            .replace("@DEFINES@", &options.defines().iter().map(|define| format!(" {define}")).collect::<String>())
            .replace(
                "@DEFINITIONS@",
                &options.defines().iter().map(|define| define.replace("-D", "")).collect::<String>(),
            )
            .replace("@LIBRARIES@", &libraries.join(";"))
    };
    write(lib.join("pkgconfig/cardwright.pc"), put(PKG_CONFIG).as_bytes())?;
    write(lib.join("cmake/cardwright/cardwrightConfig.cmake"), put(CMAKE).as_bytes())?;
    write(lib.join("cmake/cardwright/cardwrightConfigVersion.cmake"), put(CMAKE_VERSION).as_bytes())?;
    write(licences.join("THIRD-PARTY.txt"), third_parties.as_bytes())?;
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        write(licences.join(name), place::read(name)?.as_bytes())?;
    }
    Ok(format!("{} files in {}, {SONAME}", count, root.display()))
}

/// The static library, and what of the system has to be linked with it.
fn compile(options: &Options, out: &mut Out) -> Result<(PathBuf, Vec<String>), String> {
    let folder = place::target().join(if options.profile == "dev" { "debug" } else { &options.profile });
    // The compiler writes it, and is not asked again where nothing has changed: so each set of features has its own.
    let print = folder.join(format!("native-static-libs{}", options.defines().concat()));
    fs::create_dir_all(&folder).map_err(place::at(&folder))?;
    let print_to = format!("--print=native-static-libs={}", place::text(&print)?);
    let build = ["rustc", "--locked", "-p", "cardwright-ffi", "--lib", "--crate-type", "staticlib", "--profile"];
    let features = PARTS.iter().map(|(part, _)| *part).filter(|part| !options.without.contains(part));
    let features = format!("--features={}", features.collect::<Vec<_>>().join(","));
    let profile = [&options.profile, "--no-default-features", &features, "--", &print_to];
    out.run(place::cargo(&build).args(profile), minutes(30))?;
    let text = fs::read_to_string(&print).map_err(place::at(&print))?;
    let mut native: Vec<String> = Vec::new();
    // The compiler's own list names some of them twice.
    for name in text.split_whitespace().filter(|word| word.starts_with("-l")) {
        if native.last().is_none_or(|last| last != name) {
            native.push(name.into());
        }
    }
    Ok((folder.join("libcardwright_ffi.a"), native))
}

/// The shared library, exporting the functions of the header and nothing else.
fn link(archive: &Path, functions: &[String], native: &[String], out: &mut Out) -> Result<PathBuf, String> {
    fs::create_dir_all(place::logs()).map_err(place::at(&place::logs()))?;
    let script = place::logs().join("cardwright.map");
    let list: String = functions.iter().map(|name| format!("    {name};\n")).collect();
    let text = format!("{SONAME} {{\n  global:\n{list}  local:\n    *;\n}};\n");
    fs::write(&script, text).map_err(place::at(&script))?;
    let shared = place::logs().join(format!("libcardwright.so.{VERSION}"));
    let mut command = place::program("cc", &["-shared", "-Wl,--gc-sections", "-Wl,--no-undefined", "-o"]);
    command.arg(&shared).arg(format!("-Wl,-soname,{SONAME}"));
    command.arg(format!("-Wl,--version-script={}", place::text(&script)?)).arg("-Wl,--whole-archive");
    command.arg(archive).arg("-Wl,--no-whole-archive").args(native);
    out.run(&mut command, minutes(5))?;
    Ok(shared)
}

/// The authors of what is linked in, its licences, and the texts that come with it.
fn third_parties(out: &mut Out) -> Result<String, String> {
    let tree = ["tree", "--locked", "-p", "cardwright-ffi", "--edges=normal", "--prefix=none", "--format={p}"];
    let tree = out.read(&mut place::cargo(&tree), minutes(5))?;
    let used: BTreeSet<(&str, &str)> = tree
        .lines()
        .filter_map(|line| {
            let (name, rest) = line.split_once(" v")?;
            Some((name, rest.split_whitespace().next()?))
        })
        .collect();
    let metadata = out.read(&mut place::cargo(&["metadata", "--format-version=1", "--locked"]), minutes(5))?;
    let metadata: serde_json::Value = serde_json::from_str(&metadata).map_err(|error| error.to_string())?;
    let mut text = String::from("What libcardwright is made of besides Cardwright itself.\n");
    let mut count = 0;
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let of = |name: &str| package[name].as_str().unwrap_or_default();
        if package["source"].is_null() || !used.contains(&(of("name"), of("version"))) {
            continue;
        }
        count += 1;
        text += &format!(
            "\n{}\n{} {}: {}\n{}\n",
            "=".repeat(78),
            of("name"),
            of("version"),
            of("license"),
            of("repository")
        );
        let folder = Path::new(of("manifest_path")).parent().map(Path::to_path_buf).unwrap_or_default();
        let mut files: Vec<PathBuf> =
            fs::read_dir(folder).into_iter().flatten().flatten().map(|file| file.path()).collect();
        files.sort();
        let mut texts = 0;
        for file in files {
            let name = file.file_name().unwrap_or_default().to_string_lossy().to_ascii_uppercase();
            if ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE"].iter().any(|word| name.starts_with(word)) {
                text += &format!("\n---- {name}\n\n{}\n", fs::read_to_string(&file).unwrap_or_default());
                texts += 1;
            }
        }
        if texts == 0 {
            text += &format!("\n---- LICENSE\n\n{}\n", mit(package).ok_or(format!("no licence of {}", of("name")))?);
        }
    }
    if count == 0 { Err("no third party found".into()) } else { Ok(text) }
}

/// The licence of a package under MIT whose authors put no text beside it.
fn mit(package: &serde_json::Value) -> Option<String> {
    let authors: Vec<&str> = package["authors"].as_array()?.iter().filter_map(|author| author.as_str()).collect();
    let own = place::read("LICENSE-MIT").ok()?;
    let terms = own.find("Permission is hereby granted").and_then(|at| own.get(at..))?;
    let is_mit = package["license"].as_str()?.split([' ', '/']).any(|word| word == "MIT");
    (is_mit && !authors.is_empty()).then(|| format!("Copyright (c) {}\n\n{terms}", authors.join(", ")))
}

/// Written with what stands between `@`.
const PKG_CONFIG: &str = include_str!("../../ffi/packaging/cardwright.pc.in");
const CMAKE: &str = include_str!("../../ffi/packaging/cardwrightConfig.cmake.in");
const CMAKE_VERSION: &str = include_str!("../../ffi/packaging/cardwrightConfigVersion.cmake.in");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_c_would_install_the_same_names() {
        let metadata = ["metadata", "--no-deps", "--format-version=1", "--locked"];
        let output = place::cargo(&metadata).output().expect("cargo runs");
        let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let packages = metadata["packages"].as_array().expect("packages");
        let ffi = packages.iter().find(|package| package["name"] == "cardwright-ffi").expect("the crate");
        assert!(ffi["features"]["capi"].is_array());
        let capi = &ffi["metadata"]["capi"];
        assert_eq!(capi["library"]["name"], "cardwright");
        let components = capi["library"]["version_suffix_components"].as_u64().and_then(|n| usize::try_from(n).ok());
        let suffix: Vec<&str> = VERSION.split('.').take(components.expect("a number")).collect();
        assert_eq!(format!("libcardwright.so.{}", suffix.join(".")), SONAME);
        assert_eq!(format!("{}.pc", capi["pkg_config"]["filename"].as_str().expect("a name")), "cardwright.pc");
        assert!(
            PKG_CONFIG
                .contains(&format!("Description: {}\n", capi["pkg_config"]["description"].as_str().expect("words")))
        );
        assert!(PKG_CONFIG.contains(&format!("Name: {}\n", capi["pkg_config"]["name"].as_str().expect("a name"))));
        let headers: Vec<&str> = capi["install"]["include"]["asset"]
            .as_array()
            .expect("headers")
            .iter()
            .filter_map(|asset| asset["from"].as_str())
            .collect();
        assert_eq!(headers, ["../include/cardwright.h", "../include/cardwright.hpp", "../include/cardwright/*.hpp"]);
        assert_eq!(capi["install"]["include"]["asset"][2]["to"].as_str(), Some("cardwright"));
    }

    #[test]
    fn one_part_can_be_left_out_and_not_both() {
        let without = |words: &[&str]| Options::read(&[&["--prefix", "/usr"], words].concat());
        let options = without(&["--without", "reader"]).expect("it makes sense");
        assert_eq!(options.defines(), ["-DCARDWRIGHT_NO_READER"]);
        assert!(without(&["--without", "clients"]).is_err());
        assert!(without(&["--without", "reader", "--without", "client"]).is_err());
    }

    #[test]
    fn a_destdir_stands_before_the_prefix() {
        let options = Options::read(&["--prefix", "/usr", "--destdir", "/tmp/package"]).expect("they make sense");
        assert_eq!(options.root(), Path::new("/tmp/package/usr"));
        assert_eq!(Options::read(&["--prefix", "/opt/c"]).expect("they make sense").root(), Path::new("/opt/c"));
        for words in [&["--prefix", "usr"][..], &["--prefix"], &[], &["--where", "/usr"]] {
            assert!(Options::read(words).is_err(), "{words:?}");
        }
    }
}
