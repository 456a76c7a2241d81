//! The compiler and the library with which the core is built for machines without an operating
//! system.
//!
//! A rustup toolchain that has the targets is used as it is. Otherwise Debian's `rustc-web` builds
//! `core` and `alloc` from its own sources, once per compiler, into a folder of the cache; after
//! that an ordinary stable `cargo build` finds them there.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::place;
use crate::run::{Out, Stop, minutes};

/// Cortex-M0 and Cortex-M3: the smallest instruction sets that the core is checked for.
pub(crate) const TARGETS: [&str; 2] = ["thumbv6m-none-eabi", "thumbv7m-none-eabi"];

/// The RISC-V on which the firmware runs too; nobody's target folder has it unless it is asked for.
pub(crate) const RISC_V: &str = "riscv32imc-unknown-none-elf";

const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_SOURCE: &str = "/usr/lib/rustlib/src/rust/library";

/// The features of the C library with all that there is without an operating system.
pub(crate) const WHOLE: &str = "certiflow,mim,complete";

/// Counts up when the sysroot is built in another way.
const RECIPE: u32 = 1;

/// What builds for [`TARGETS`].
pub(crate) enum Toolchain {
    /// The one of the running cargo, which has the targets.
    Own,
    /// Debian's compiler, a sysroot made by it, and the folder for what it builds.
    Debian { sysroot: PathBuf, folder: String },
}

impl Toolchain {
    /// Finds a toolchain, and builds the sysroot if that has not been done.
    ///
    /// # Errors
    ///
    /// Skipped when there is no compiler for it.
    pub(crate) fn find(out: &mut Out) -> Result<Toolchain, Stop> {
        Toolchain::of(&TARGETS, "", out)
    }

    /// The same for [`RISC_V`].
    ///
    /// # Errors
    ///
    /// As [`find`](Toolchain::find).
    pub(crate) fn risc_v(out: &mut Out) -> Result<Toolchain, Stop> {
        Toolchain::of(&[RISC_V], "-risc-v", out)
    }

    fn of(targets: &[&str], suffix: &str, out: &mut Out) -> Result<Toolchain, Stop> {
        if own_has_targets(targets) {
            return Ok(Toolchain::Own);
        }
        if !(have_compiler() && have_source()) {
            return Err(Stop::Skipped(format!(
                "no compiler for bare metal: cargo xtask setup, or rustup target add {}",
                targets.join(" ")
            )));
        }
        let sysroot = place::cache()?.join(format!("sysroot-{}-{RECIPE}{suffix}", compiler_id()?));
        if !has_targets(&sysroot, targets) {
            build(&sysroot, targets, out)?;
        }
        Ok(Toolchain::Debian { sysroot, folder: format!("bare-metal{suffix}") })
    }

    /// A cargo command that builds for [`TARGETS`], with a target folder of its own.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = place::cargo(arguments);
        if let Toolchain::Debian { sysroot, .. } = self {
            command.env("RUSTC", DEBIAN_RUSTC);
            command.env("RUSTFLAGS", format!("--sysroot {}", sysroot.display()));
        }
        for name in ["CARGO_ENCODED_RUSTFLAGS", "RUSTC_WRAPPER", "RUSTC_BOOTSTRAP"] {
            command.env_remove(name);
        }
        command.env("CARGO_TARGET_DIR", self.folder());
        command
    }

    /// The C library without an operating system, for a target, with features of its crate.
    ///
    /// # Errors
    ///
    /// When it does not compile.
    pub(crate) fn c_library(&self, target: &str, features: &str, out: &mut Out) -> Result<PathBuf, String> {
        let build = ["rustc", "--locked", "--profile=terminal", "-p", "cardwright-ffi", "--lib"];
        let mut library = self.cargo(&build);
        // As this kind of library alone: together with a Rust library it would not be optimised as a whole.
        library.args(["--crate-type=staticlib", "--no-default-features", "--features=panic-handler"]);
        out.run(library.args(["--features", features, "--target", target]), minutes(15))?;
        Ok(self.built(target, "terminal").join("libcardwright_ffi.a"))
    }

    /// The compiler's name and version.
    ///
    /// # Errors
    ///
    /// When it does not say.
    pub(crate) fn compiler(&self, out: &mut Out) -> Result<String, String> {
        let name = match self {
            Toolchain::Own => "rustc",
            Toolchain::Debian { .. } => DEBIAN_RUSTC,
        };
        out.read(&mut place::program(name, &["-V"]), minutes(1)).map(|version| version.trim().to_owned())
    }

    /// Where [`Toolchain::cargo`] leaves what it builds for a target in the release profile.
    pub(crate) fn release(&self, target: &str) -> PathBuf {
        self.built(target, "release")
    }

    /// The same in another profile.
    fn built(&self, target: &str, profile: &str) -> PathBuf {
        self.folder().join(target).join(profile)
    }

    fn folder(&self) -> PathBuf {
        place::target().join(match self {
            Toolchain::Own => "bare-metal-own",
            Toolchain::Debian { folder, .. } => folder,
        })
    }
}

/// Whether a compiler for the targets is here.
pub(crate) fn have_compiler() -> bool {
    Path::new(DEBIAN_RUSTC).exists() || own_has_targets(&TARGETS)
}

/// Whether its library is here, built or as source.
pub(crate) fn have_source() -> bool {
    Path::new(DEBIAN_SOURCE).join("core/src/lib.rs").exists() || own_has_targets(&TARGETS)
}

fn own_has_targets(targets: &[&str]) -> bool {
    let sysroot = place::program("rustc", &["--print", "sysroot"]).output();
    sysroot.is_ok_and(|output| has_targets(Path::new(String::from_utf8_lossy(&output.stdout).trim()), targets))
}

fn has_targets(sysroot: &Path, targets: &[&str]) -> bool {
    targets.iter().all(|target| library(sysroot, target).is_dir())
}

fn library(sysroot: &Path, target: &str) -> PathBuf {
    sysroot.join("lib/rustlib").join(target).join("lib")
}

/// What tells one compiler from another: its commit, or its version where it does not say.
fn compiler_id() -> Result<String, String> {
    let output = Command::new(DEBIAN_RUSTC).arg("-Vv").output();
    let text = output.map_err(|error| format!("{DEBIAN_RUSTC}: {error}"))?.stdout;
    let text = String::from_utf8_lossy(&text).into_owned();
    let line = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    line("commit-hash:")
        .filter(|hash| *hash != "unknown")
        .or_else(|| line("release:"))
        .map(String::from)
        .ok_or_else(|| format!("{DEBIAN_RUSTC} -Vv: no release"))
}

/// Builds the library beside its place and moves it there when it is whole.
fn build(sysroot: &Path, targets: &[&str], out: &mut Out) -> Result<(), String> {
    let mut work = sysroot.as_os_str().to_owned();
    work.push(format!(".work-{}", std::process::id()));
    let work = PathBuf::from(work);
    let made = build_in(&work, targets, out).and_then(|()| {
        if has_targets(sysroot, targets) {
            return Ok(());
        }
        std::fs::rename(work.join("sysroot"), sysroot).map_err(place::at(sysroot))
    });
    let _ = std::fs::remove_dir_all(&work);
    made
}

fn build_in(work: &Path, targets: &[&str], out: &mut Out) -> Result<(), String> {
    let at = |error: std::io::Error| format!("{}: {error}", work.display());
    std::fs::create_dir_all(work.join("src")).map_err(at)?;
    std::fs::write(work.join("Cargo.toml"), MANIFEST).map_err(at)?;
    std::fs::write(work.join("src/lib.rs"), "#![no_std]\n").map_err(at)?;

    let mut command = place::cargo(&["build", "--offline", "--release", "-Zbuild-std=core,alloc"]);
    for target in targets {
        command.args(["--target", target]);
    }
    command.args(["--config", "source.crates-io.replace-with=\"vendored\""]);
    command.args(["--config", &format!("source.vendored.directory=\"{DEBIAN_SOURCE}/vendor\"")]);
    command.current_dir(work).env("CARGO_TARGET_DIR", work.join("target"));
    command.env("RUSTC", DEBIAN_RUSTC).env("RUSTC_BOOTSTRAP", "1");
    // Without the bitcode a later `lto = "fat"` cannot take the library in.
    command.env("RUSTFLAGS", "-Cembed-bitcode=yes");
    command.env_remove("CARGO_ENCODED_RUSTFLAGS").env_remove("RUSTC_WRAPPER");
    out.run(&mut command, minutes(20))?;

    for target in targets {
        let built = work.join("target").join(target).join("release/deps");
        let library = library(&work.join("sysroot"), target);
        std::fs::create_dir_all(&library).map_err(at)?;
        let mut copied = 0;
        for entry in std::fs::read_dir(&built).map_err(at)? {
            let name = entry.map_err(at)?.file_name();
            let wanted = name.to_str().is_some_and(|name| {
                let crates = ["libcore-", "liballoc-", "libcompiler_builtins-"];
                name.ends_with(".rlib") && crates.iter().any(|prefix| name.starts_with(prefix))
            });
            if wanted {
                std::fs::copy(built.join(&name), library.join(&name)).map_err(at)?;
                copied += 1;
            }
        }
        if copied != 3 {
            return Err(format!("{target}: {copied} libraries instead of 3"));
        }
    }
    Ok(())
}

const MANIFEST: &str = "[package]
name = \"empty\"
version = \"0.0.0\"
edition = \"2024\"
[workspace]
[profile.release]
opt-level = \"s\"
";
