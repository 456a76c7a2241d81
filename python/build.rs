//! Builds the second extension module, `cardwright._reader`, where maturin builds the package.
//!
//! maturin puts one library into a wheel, and files that this script has made. Cargo alone builds the first module only:
//! a module that nobody installs would cost each build and check of the workspace its time.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// What `pyproject.toml` has maturin set.
const ASKED: &str = "CARDWRIGHT_PYTHON_READERS";

/// What the second module is made of, from here.
const SOURCES: [&str; 5] = ["reader", "common", "../core", "../reader", "../Cargo.lock"];

/// What takes the place of libpcsclite while linking. The module names the library, and is linked the same whether the
/// machine that builds has it or not, and for which system it has it.
const PCSCLITE: &str = "\
#![no_std]
#![allow(non_upper_case_globals)]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! { loop {} }
macro_rules! functions { ($($name:ident)*) => { $(#[no_mangle] pub extern \"C\" fn $name() {})* } }
macro_rules! values { ($($name:ident)*) => { $(#[no_mangle] pub static $name: [usize; 2] = [0; 2];)* } }
functions! {
    SCardBeginTransaction SCardCancel SCardConnect SCardControl SCardDisconnect SCardEndTransaction
    SCardEstablishContext SCardGetAttrib SCardGetStatusChange SCardIsValidContext SCardListReaders SCardReconnect
    SCardReleaseContext SCardSetAttrib SCardStatus SCardTransmit
}
values! { g_rgSCardT0Pci g_rgSCardT1Pci g_rgSCardRawPci }
";

/// The name by which a program finds libpcsclite.
const SONAME: &str = "libpcsclite.so.1";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed={ASKED}");
    if env::var_os(ASKED).is_none() {
        return;
    }
    SOURCES.iter().for_each(|path| println!("cargo::rerun-if-changed={path}"));
    let out = PathBuf::from(text("OUT_DIR"));
    let module = out.join(if text("CARGO_CFG_TARGET_OS") == "windows" { "_reader.pyd" } else { "_reader.abi3.so" });
    let _ = fs::remove_file(&module);
    // The package is of use without readers, and says where one is asked for that it has none.
    if let Err(why) = build(&out, &module) {
        println!("cargo::warning=the package is built without readers:");
        why.lines().for_each(|line| println!("cargo::warning={line}"));
    }
}

/// Builds the module by a Cargo of its own, in a folder of its own: the outer one keeps its folder locked.
fn build(out: &Path, module: &Path) -> Result<(), String> {
    let (target, system) = (text("TARGET"), text("CARGO_CFG_TARGET_OS"));
    let (profile, folder) = if text("PROFILE") == "release" { ("release", "release") } else { ("dev", "debug") };
    let built = out.join("readers");
    let mut cargo = Command::new(text("CARGO"));
    cargo.args(["rustc", "--lib", "--manifest-path", "reader/Cargo.toml", "--target", &target, "--profile", profile]);
    cargo.arg("--target-dir").arg(&built).env("CARGO_BUILD_BUILD_DIR", &built).env_remove(ASKED);
    if system != "windows" {
        // One module serves every interpreter, and is not built anew for another one.
        for name in ["PYO3_PYTHON", "PYO3_ENVIRONMENT_SIGNATURE", "PYTHON_SYS_EXECUTABLE"] {
            cargo.env_remove(name);
        }
        cargo.env("PYO3_NO_PYTHON", "1");
    }
    let name = match system.as_str() {
        "windows" => "_reader.dll",
        "macos" => {
            // What the interpreter has, it brings when it loads the module.
            cargo.args(["--", "-C", "link-arg=-undefined", "-C", "link-arg=dynamic_lookup"]);
            "lib_reader.dylib"
        }
        _ => {
            println!("cargo::rerun-if-env-changed=PCSC_LIB_DIR");
            if env::var_os("PCSC_LIB_DIR").is_none() {
                cargo.env("PCSC_LIB_DIR", pcsclite(out, &target)?);
            }
            "lib_reader.so"
        }
    };
    run(&mut cargo)?;
    let from = built.join(&target).join(folder).join(name);
    fs::copy(&from, module).map(drop).map_err(|error| format!("{}: {error}", from.display()))
}

/// The folder of a library that has the names of libpcsclite, and nothing else.
fn pcsclite(out: &Path, target: &str) -> Result<PathBuf, String> {
    let folder = out.join("pcsclite");
    let source = folder.join("pcsclite.rs");
    let written = fs::create_dir_all(&folder).and_then(|()| fs::write(&source, PCSCLITE));
    written.map_err(|error| format!("{}: {error}", source.display()))?;
    let mut rustc = Command::new(text("RUSTC"));
    rustc.args(["--edition=2021", "--crate-type=cdylib", "-Cpanic=abort", "--target", target]).arg(&source);
    rustc.arg(format!("-Clink-arg=-Wl,-soname,{SONAME}")).arg("-o").arg(folder.join("libpcsclite.so"));
    if let Some(linker) = env::var_os("RUSTC_LINKER") {
        let mut option = std::ffi::OsString::from("-Clinker=");
        option.push(linker);
        rustc.arg(option);
    }
    run(&mut rustc)?;
    Ok(folder)
}

/// Runs a program; where it fails, what it said last.
fn run(command: &mut Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let done = command.output().map_err(|error| format!("{name}: {error}"))?;
    let said = String::from_utf8_lossy(&done.stderr);
    eprintln!("{said}");
    let lines: Vec<&str> = said.lines().collect();
    match done.status.success() {
        true => Ok(()),
        false => Err(format!("{name}: {}\n{}", done.status, lines[lines.len().saturating_sub(20)..].join("\n"))),
    }
}

/// What Cargo tells a build script.
fn text(name: &str) -> String {
    env::var(name).unwrap_or_default()
}
