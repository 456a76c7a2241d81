//! What the checks need from the system, and how it gets there.
//!
//! Packages come from Debian's own repositories by `apt-get`; no service is started by it. Where
//! that may not be, the line to type is printed instead.

use std::process::Command;

use crate::run::{Done, Out, Stop, minutes};
use crate::{place, sysroot, venv};

/// How a package is known to be installed.
enum Sign {
    Program(&'static str),
    File(&'static str),
    By(fn() -> bool),
}

use Sign::{By, File, Program};

/// A package that must be installed, how it is known to be, and why.
type Need = (&'static str, Sign, &'static str);

const NEEDS: &[Need] = &[
    ("gcc", Program("cc"), "cc: links every program, compiles SQLite"),
    ("libc6-dev", File("/usr/include/stdio.h"), "headers for cc"),
    ("g++", Program("c++"), "c++: compiles libFuzzer"),
    ("clang", Program("clang++"), "the second compiler for the C library"),
    ("libclang-rt-14-dev", By(have_clang_rt), "clang's sanitizers"),
    ("cmake", Program("cmake"), "a program that finds the C library by it"),
    ("doxygen", Program("doxygen"), "the pages of the C header, for the book"),
    ("valgrind", Program("valgrind"), "whether C programs lose memory"),
    ("git", Program("git"), "lists the files that the rules look at"),
    ("curl", Program("curl"), "the tests that drive the server by a shell script"),
    ("wrk", Program("wrk"), "measures the server, for the figures"),
    ("python3-venv", By(venv::possible), "the Python package, schemathesis, and a server with pyspnego's NTLM"),
    ("binutils", Program("readelf"), "readelf: what the Python extension needs"),
    ("rustc-web", By(sysroot::have_compiler), "compiles for bare metal"),
    ("rust-web-src", By(sysroot::have_source), "the library for bare metal, as source"),
    (
        "gcc-arm-none-eabi",
        Program("arm-none-eabi-gcc"),
        "compiles C for a Cortex-M; its linker proves that nothing panics",
    ),
    ("gcc-riscv64-unknown-elf", Program("riscv64-unknown-elf-gcc"), "compiles and links for RISC-V, with --long"),
    ("qemu-system-misc", Program("qemu-system-riscv32"), "runs the firmware on RISC-V, with --long"),
    ("qemu-system-arm", Program("qemu-system-arm"), "runs the core on a Cortex-M"),
    ("libpcsclite-dev", File("/usr/include/PCSC/winscard.h"), "headers and pkg-config file of PC/SC, for the command"),
    ("pkg-config", Program("pkg-config"), "finds the library of PC/SC"),
    ("pcscd", File("/usr/sbin/pcscd"), "the tests of readers run one of their own"),
    ("vsmartcard-vpcd", File("/usr/lib/pcsc/drivers/serial/libifdvpcd.so"), "the readers of virtual cards"),
    (
        "pcsc-tools",
        File("/usr/share/pcsc/smartcard_list.txt"),
        "pcsc_scan, and a list of cards by their ATRs: witnesses",
    ),
    ("opensc", Program("opensc-tool"), "opensc-tool, pkcs15-tool: witnesses of serial numbers"),
    ("yubikey-manager", Program("ykman"), "ykman: the same, of YubiKeys"),
    ("util-linux", Program("unshare"), "unshare: namespaces for the tests of readers"),
    ("krb5-kdc", File("/usr/sbin/krb5kdc"), "a realm for the tests of sign-in"),
    ("krb5-admin-server", File("/usr/sbin/kadmin.local"), "its accounts"),
    ("krb5-user", File("/usr/bin/kinit"), "its tickets"),
    ("apache2", File("/usr/sbin/apache2"), "a server that signs in by Kerberos and NTLM"),
    ("libkrb5-dev", Program("krb5-config"), "compiles python-gssapi, which the figures of sign-in compare with"),
    ("python3-dev", By(have_python_header), "the same"),
    ("libapache2-mod-auth-gssapi", File("/usr/lib/apache2/modules/mod_auth_gssapi.so"), "the same, Kerberos"),
    ("gss-ntlmssp", File("/etc/gss/mech.d/mech.ntlmssp.conf"), "the same, NTLM"),
    ("samba", File("/usr/sbin/samba"), "a domain for the command in a network"),
    ("samba-ad-provision", File("/usr/share/samba/setup/provision.ldif"), "its schema"),
    ("samba-dsdb-modules", By(have_samba_modules), "its directory"),
    ("samba-vfs-modules", By(have_samba_vfs), "its files"),
    ("ldb-tools", Program("ldbsearch"), "ldbsearch: how many passwords it has refused"),
    ("winbind", File("/usr/sbin/winbindd"), "its NTLM"),
    ("python3-gssapi", By(have_python_gssapi), "a server of that network that signs in as IIS does"),
    ("squid", File("/usr/sbin/squid"), "proxies for it, with each way to sign in"),
    ("nginx-light", File("/usr/sbin/nginx"), "servers for it, with each kind of TLS"),
    ("openssl", Program("openssl"), "certificates for it, and a witness of their hashes"),
    ("postgresql", By(have_postgresql), "a database of the tests' own: the registry of many servers"),
    ("haproxy", File("/usr/sbin/haproxy"), "the balancer in front of two servers, as the book shows it"),
    ("gdb", Program("gdb"), "looks for passwords in the command's memory"),
    ("iproute2", File("/sbin/ip"), "ip: the loopback of these namespaces"),
];

fn is_installed((_, sign, _): &Need) -> bool {
    match sign {
        Program(name) => place::on_path(name),
        File(path) => exists(path),
        By(sign) => sign(),
    }
}

/// The part of them that `cargo xtask demo` needs.
const DEMO: &[&str] = &["gcc", "libc6-dev", "libpcsclite-dev", "pkg-config"];

/// And what gives it a reader of its own.
const DEMO_READER: &[&str] = &["pcscd", "vsmartcard-vpcd", "util-linux", "iproute2"];

const CARGO_FUZZ: &str = "0.13.2";

/// Whether clang finds the library of its sanitizers: where it does, it names it by its whole path.
fn have_clang_rt() -> bool {
    let name = "-print-file-name=libclang_rt.asan-x86_64.a";
    let output = Command::new("clang").arg(name).output();
    output.is_ok_and(|output| output.stdout.starts_with(b"/") || !cfg!(target_arch = "x86_64"))
}

/// Whether Python's own header is there, for extensions that pip compiles.
fn have_python_header() -> bool {
    let show = "import sysconfig; print(sysconfig.get_path('include') + '/Python.h')";
    let output = Command::new("python3").args(["-c", show]).output();
    output.is_ok_and(|output| String::from_utf8(output.stdout).is_ok_and(|path| exists(path.trim())))
}

/// Whether a file is there in the folder of this machine's libraries.
fn in_libraries(path: &str) -> bool {
    let Ok(folders) = std::fs::read_dir("/usr/lib") else { return false };
    folders.flatten().any(|folder| folder.path().join(path).exists())
}

fn have_samba_modules() -> bool {
    in_libraries("samba/ldb/samba_dsdb.so")
}

fn have_samba_vfs() -> bool {
    in_libraries("samba/vfs/acl_xattr.so")
}

/// Whether a version of PostgreSQL has what makes a cluster, as `testkit/src/postgres.rs` looks for it.
pub(crate) fn have_postgresql() -> bool {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    versions.into_iter().any(|version| version.path().join("bin/initdb").exists()) || place::on_path("initdb")
}

/// Whether Debian's own Python has GSSAPI.
fn have_python_gssapi() -> bool {
    exists("/usr/lib/python3/dist-packages/gssapi")
}

fn exists(path: &str) -> bool {
    std::path::Path::new(path).exists()
}

/// Installs what any check needs.
///
/// # Errors
///
/// Skipped where it may not install, failed where it tried and could not.
pub(crate) fn everything(out: &mut Out) -> Done {
    for need in NEEDS {
        let state = if is_installed(need) { "here" } else { "MISSING" };
        out.say(format_args!("{:<24} {state:<8} {}", need.0, need.2));
    }
    let packages = packages(NEEDS.iter().collect(), out)?;
    let fuzzer = cargo_fuzz(out)?;
    Ok(format!("{packages}, {fuzzer}"))
}

/// Installs what the demo needs, and what gives it a reader, without which it says so and goes on.
///
/// # Errors
///
/// As [`everything`].
pub(crate) fn demo(out: &mut Out) -> Done {
    let of = |names: &[&str]| NEEDS.iter().filter(|need| names.contains(&need.0)).collect();
    let done = packages(of(DEMO), out)?;
    if let Err(Stop::Skipped(why) | Stop::Failed(why)) = packages(of(DEMO_READER), out) {
        out.say(format_args!("no reader for the demo: {why}"));
    }
    Ok(done)
}

/// Whether `cargo fuzz` can be called.
pub(crate) fn have_cargo_fuzz() -> bool {
    place::cargo(&["fuzz", "--version"]).output().is_ok_and(|output| output.status.success())
}

fn cargo_fuzz(out: &mut Out) -> Done {
    if have_cargo_fuzz() {
        return Ok("cargo-fuzz here".into());
    }
    out.run(&mut place::cargo(&["install", "--locked", "cargo-fuzz", "--version", CARGO_FUZZ]), minutes(20))?;
    Ok("cargo-fuzz installed".into())
}

fn packages(needs: Vec<&Need>, out: &mut Out) -> Done {
    let missing: Vec<&str> = needs.iter().filter(|need| !is_installed(need)).map(|need| need.0).collect();
    if missing.is_empty() {
        return Ok(format!("{} packages here", needs.len()));
    }
    let names = missing.join(" ");
    if !place::on_path("apt-get") {
        return Err(Stop::Skipped(format!("not a Debian system: install by hand what Debian calls {names}")));
    }
    let Some(mut command) = as_root() else {
        return Err(Stop::Skipped(format!(
            "may not install; type: sudo apt-get install --no-install-recommends {names}"
        )));
    };
    command.args(["sh", "-c", INSTALL, "setup"]).args(&missing);
    out.run(&mut command, minutes(30))?;
    for need in needs {
        if !is_installed(need) {
            return Err(format!("{} is installed and still not found", need.0).into());
        }
    }
    Ok(format!("installed {names}"))
}

/// The beginning of a command that runs as root, if this account may.
fn as_root() -> Option<Command> {
    let succeeds = |name: &str, arguments: &[&str]| {
        Command::new(name).args(arguments).output().is_ok_and(|output| output.status.success())
    };
    if succeeds("sh", &["-c", "[ \"$(id -u)\" = 0 ]"]) {
        return Some(place::program("env", &[]));
    }
    succeeds("sudo", &["-n", "true"]).then(|| place::program("sudo", &["-n"]))
}

/// Installs its arguments. `policy-rc.d` is Debian's way to say that an installation starts no
/// service (101: forbidden by policy); the file that was there before comes back at the end. One
/// that an interrupted run left behind is known by its second line. Debian's file of settings for clusters of
/// PostgreSQL includes a folder: while a file there says so, the installation makes none. Those that exist stay.
const INSTALL: &str = include_str!("setup.sh");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_of_the_demo_is_one_of_the_list() {
        assert!(!DEMO.is_empty() && !DEMO_READER.is_empty());
        for name in DEMO.iter().chain(DEMO_READER) {
            assert!(NEEDS.iter().any(|need| need.0 == *name), "{name}");
        }
    }

    #[test]
    fn no_package_is_named_twice() {
        for (at, need) in NEEDS.iter().enumerate() {
            assert!(NEEDS.iter().skip(at + 1).all(|other| other.0 != need.0), "{}", need.0);
        }
    }
}
