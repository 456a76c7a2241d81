//! What Rust compiles: a static library whose bytes do not depend on the folders that it was built in.

use std::path::{Path, PathBuf};

use super::name::VERSION;
use super::options::{Debug, Options};
use super::tools::Tools;
use crate::place;
use crate::run::{Out, minutes};

/// What the compiler has made.
pub(super) struct Compiled {
    pub(super) archive: PathBuf,
    /// What of the system has to be linked with it: `-lm` and so on.
    pub(super) native: Vec<String>,
}

/// Where the sources seem to be: where distributions put those that belong to debug information.
const SOURCES: &str = "/usr/src/debug";

/// The compiler's own source, as its own library names it.
const RUST: &str = "/rustc";

/// Compiles for a target, this machine too, as if for another one: then flags are the library's alone, and what runs
/// on this machine meanwhile is shared with all other builds.
///
/// # Errors
///
/// When it does not compile.
pub(super) fn library(options: &Options, tools: &Tools, out: &mut Out) -> Result<Compiled, String> {
    let profile = if options.profile == "dev" { "debug" } else { &options.profile };
    let folder = place::target().join(&tools.triple).join(profile);
    // The compiler writes it, and is not asked again where nothing has changed: so each set of features has its own.
    let print = folder.join(format!("native-static-libs{}", options.defines().concat()));
    std::fs::create_dir_all(&folder).map_err(place::at(&folder))?;
    let print_to = format!("--print=native-static-libs={}", place::text(&print)?);
    let mut cargo = place::cargo(&["rustc", "--locked", "-p", "cardwright-ffi", "--lib", "--crate-type", "staticlib"]);
    cargo.args(["--target", &tools.triple, "--profile", &options.profile, "--no-default-features"]);
    cargo.arg(format!("--features={}", options.features().join(",")));
    if options.debug != Debug::None && options.profile != "dev" {
        for setting in ["debug=\"line-tables-only\"", "strip=\"none\""] {
            cargo.args(["--config", &format!("profile.{}.{setting}", options.profile)]);
        }
    }
    let names = names(out)?;
    cargo.env("CARGO_ENCODED_RUSTFLAGS", rust_flags(&names)).env_remove("RUSTFLAGS");
    // For what of it is in C.
    let mapped = names.iter().map(|(from, to)| format!("-ffile-prefix-map={from}={to}"));
    let cflags: Vec<String> = tools.cflags.iter().cloned().chain(mapped).collect();
    cargo.env(tools.variable("CFLAGS"), cflags.join(" ")).env(tools.variable("CC"), tools.shown());
    if let Some(pkg_config) = &tools.pkg_config {
        cargo.env(tools.variable("PKG_CONFIG"), pkg_config).env("PKG_CONFIG_ALLOW_CROSS", "1");
    }
    out.run(cargo.args(["--", &print_to]), minutes(60))?;
    let text = std::fs::read_to_string(&print).map_err(place::at(&print))?;
    Ok(Compiled { archive: folder.join("libcardwright_ffi.a"), native: native(&text) })
}

/// The libraries, each once. What every compiler for C adds itself is left out: where it links statically, the
/// library for unwinding has another name.
fn native(text: &str) -> Vec<String> {
    let mut native: Vec<String> = Vec::new();
    for name in text.split_whitespace().filter(|word| word.starts_with("-l")) {
        if !["-lc", "-lgcc_s"].contains(&name) && !native.iter().any(|other| other == name) {
            native.push(name.into());
        }
    }
    native
}

/// Folders of this machine, and the names that they get. Where one is inside of another it stands behind it, as the
/// last one that fits is taken.
fn names(out: &mut Out) -> Result<Vec<(String, String)>, String> {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
    let sysroot = out.read(&mut place::program(&rustc, &["--print", "sysroot"]), minutes(1))?;
    let version = out.read(&mut place::program(&rustc, &["-vV"]), minutes(1))?;
    let commit = version.lines().find_map(|line| line.strip_prefix("commit-hash: ")).unwrap_or("unknown");
    let home = std::env::var_os("HOME").map(PathBuf::from).filter(|home| home.is_absolute());
    let cargo = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo = cargo.or_else(|| home.as_ref().map(|home| home.join(".cargo")));
    let root = place::root();
    let sysroot = Path::new(sysroot.trim());
    let own = format!("{SOURCES}/cardwright-{VERSION}");
    let mut names = Vec::new();
    for (folder, name) in [
        (home, SOURCES.to_owned()),
        (cargo, format!("{SOURCES}/cargo")),
        (Some(root), own.clone()),
        (Some(place::target()), format!("{own}/target")),
        (Some(sysroot.into()), RUST.to_owned()),
        (Some(sysroot.join("lib/rustlib/src/rust")), format!("{RUST}/{commit}")),
    ] {
        // The root of all is not a name to be hidden.
        let Some(folder) = folder.filter(|folder| folder.is_absolute() && folder.parent().is_some()) else { continue };
        // Where it is a link, compilers for C name what it leads to.
        for folder in std::fs::canonicalize(&folder).into_iter().filter(|real| *real != folder).chain([folder.clone()])
        {
            names.push((place::text(&folder)?.to_owned(), name.clone()));
        }
    }
    Ok(names)
}

/// The flags of the environment, and the names.
fn rust_flags(names: &[(String, String)]) -> String {
    const BETWEEN: &str = "\u{1f}";
    let given = std::env::var("CARGO_ENCODED_RUSTFLAGS").ok().or_else(|| {
        let given = std::env::var("RUSTFLAGS").or_else(|_| std::env::var("CARGO_BUILD_RUSTFLAGS")).ok()?;
        Some(given.split_whitespace().collect::<Vec<_>>().join(BETWEEN))
    });
    let mapped = names.iter().map(|(from, to)| format!("--remap-path-prefix={from}={to}"));
    let flags: Vec<String> = given.into_iter().filter(|given| !given.is_empty()).chain(mapped).collect();
    flags.join(BETWEEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_library_of_the_system_is_named_once() {
        assert_eq!(native("-lpcsclite -ldl -lc -lm -lgcc_s -lm -ldl -lc\n"), ["-lpcsclite", "-ldl", "-lm"]);
    }

    #[test]
    fn no_folder_of_this_machine_keeps_its_name() {
        let names = names(&mut Out::Terminal).expect("the compiler says where it is");
        let named = |path: &Path| {
            let path = place::text(path).expect("UTF-8");
            let fits = names.iter().rev().find(|(from, _)| Path::new(path).starts_with(from));
            fits.map(|(_, to)| to.clone()).unwrap_or_default()
        };
        let own = format!("/usr/src/debug/cardwright-{VERSION}");
        assert_eq!(named(&place::root().join("ffi/src/lib.rs")), own);
        assert_eq!(named(&place::target().join("debug")), format!("{own}/target"));
    }
}
