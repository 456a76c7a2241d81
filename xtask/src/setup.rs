//! What the checks need from the system, and how it gets there.
//!
//! Packages come from Debian's own repositories by `apt-get`; no service is started by it. Where
//! that may not be, the line to type is printed instead.

use std::process::Command;

use crate::run::{Done, Out, Stop, minutes};
use crate::{place, sysroot, venv};

/// Something that must be there.
struct Need {
    package: &'static str,
    why: &'static str,
    here: fn() -> bool,
}

const NEEDS: &[Need] = &[
    Need { package: "gcc", why: "cc: links every program, compiles SQLite", here: || place::on_path("cc") },
    Need { package: "libc6-dev", why: "headers for cc", here: || exists("/usr/include/stdio.h") },
    Need { package: "g++", why: "c++: compiles libFuzzer", here: || place::on_path("c++") },
    Need { package: "clang", why: "the second compiler for the C library", here: || place::on_path("clang++") },
    Need { package: "libclang-rt-14-dev", why: "clang's sanitizers", here: have_clang_rt },
    Need { package: "cmake", why: "a program that finds the C library by it", here: || place::on_path("cmake") },
    Need { package: "valgrind", why: "whether C programs lose memory", here: || place::on_path("valgrind") },
    Need { package: "git", why: "lists the files that the rules look at", here: || place::on_path("git") },
    Need { package: "curl", why: "the tests that drive the server by a shell script", here: || place::on_path("curl") },
    Need { package: "wrk", why: "measures the server, for the figures", here: || place::on_path("wrk") },
    Need {
        package: "python3-venv",
        why: "the Python package, schemathesis, and a server with pyspnego's NTLM",
        here: venv::possible,
    },
    Need { package: "binutils", why: "readelf: what the Python extension needs", here: || place::on_path("readelf") },
    Need { package: "rustc-web", why: "compiles for bare metal", here: sysroot::have_compiler },
    Need { package: "rust-web-src", why: "the library for bare metal, as source", here: sysroot::have_source },
    Need {
        package: "gcc-arm-none-eabi",
        why: "compiles C for a Cortex-M; its linker proves that nothing panics",
        here: || place::on_path("arm-none-eabi-gcc"),
    },
    Need {
        package: "gcc-riscv64-unknown-elf",
        why: "compiles and links for RISC-V, with --long",
        here: || place::on_path("riscv64-unknown-elf-gcc"),
    },
    Need {
        package: "qemu-system-misc",
        why: "runs the firmware on RISC-V, with --long",
        here: || place::on_path("qemu-system-riscv32"),
    },
    Need { package: "qemu-system-arm", why: "runs the core on a Cortex-M", here: || place::on_path("qemu-system-arm") },
    Need {
        package: "libpcsclite-dev",
        why: "headers and pkg-config file of PC/SC, for the command",
        here: || exists("/usr/include/PCSC/winscard.h"),
    },
    Need { package: "pkg-config", why: "finds the library of PC/SC", here: || place::on_path("pkg-config") },
    Need { package: "pcscd", why: "the tests of readers run one of their own", here: || exists("/usr/sbin/pcscd") },
    Need {
        package: "vsmartcard-vpcd",
        why: "the readers of virtual cards",
        here: || exists("/usr/lib/pcsc/drivers/serial/libifdvpcd.so"),
    },
    Need { package: "pcsc-tools", why: "pcsc_scan: a witness of ATRs", here: || place::on_path("pcsc_scan") },
    Need { package: "opensc", why: "opensc-tool: a witness of serial numbers", here: || place::on_path("opensc-tool") },
    Need {
        package: "util-linux",
        why: "unshare: namespaces for the tests of readers",
        here: || place::on_path("unshare"),
    },
    Need { package: "krb5-kdc", why: "a realm for the tests of sign-in", here: || exists("/usr/sbin/krb5kdc") },
    Need { package: "krb5-admin-server", why: "its accounts", here: || exists("/usr/sbin/kadmin.local") },
    Need { package: "krb5-user", why: "its tickets", here: || exists("/usr/bin/kinit") },
    Need {
        package: "apache2",
        why: "a server that signs in by Kerberos and NTLM",
        here: || exists("/usr/sbin/apache2"),
    },
    Need {
        package: "libkrb5-dev",
        why: "compiles python-gssapi, which the figures of sign-in compare with",
        here: || place::on_path("krb5-config"),
    },
    Need { package: "python3-dev", why: "the same", here: have_python_header },
    Need {
        package: "libapache2-mod-auth-gssapi",
        why: "the same, Kerberos",
        here: || exists("/usr/lib/apache2/modules/mod_auth_gssapi.so"),
    },
    Need { package: "gss-ntlmssp", why: "the same, NTLM", here: || exists("/etc/gss/mech.d/mech.ntlmssp.conf") },
    Need {
        package: "openssl",
        why: "certificates for it, and a witness of their hashes",
        here: || place::on_path("openssl"),
    },
    Need { package: "gdb", why: "looks for passwords in the command's memory", here: || place::on_path("gdb") },
    Need { package: "iproute2", why: "ip: the loopback of these namespaces", here: || exists("/sbin/ip") },
];

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
        let state = if (need.here)() { "here" } else { "MISSING" };
        out.say(format_args!("{:<24} {state:<8} {}", need.package, need.why));
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
    let of = |names: &[&str]| NEEDS.iter().filter(|need| names.contains(&need.package)).collect();
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
    let missing: Vec<&str> = needs.iter().filter(|need| !(need.here)()).map(|need| need.package).collect();
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
        if !(need.here)() {
            return Err(Stop::Failed(format!("{} is installed and still not found", need.package)));
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
/// that an interrupted run left behind is known by its second line.
const INSTALL: &str = r#"set -eu
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
kept=$policy.kept
restore() {
    rm -f "$policy"
    if [ -e "$kept" ]; then mv "$kept" "$policy"; fi
}
trap restore EXIT
trap 'exit 1' HUP INT TERM
if [ -e "$policy" ] && ! grep -q '^# cardwright xtask setup$' "$policy"; then mv "$policy" "$kept"; fi
printf '#!/bin/sh\n# cardwright xtask setup\nexit 101\n' > "$policy"
chmod 755 "$policy"
apt-get -o DPkg::Lock::Timeout=300 -q update
apt-get -o DPkg::Lock::Timeout=300 -q -y --no-install-recommends install "$@"
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_of_the_demo_is_one_of_the_list() {
        assert!(!DEMO.is_empty() && !DEMO_READER.is_empty());
        for name in DEMO.iter().chain(DEMO_READER) {
            assert!(NEEDS.iter().any(|need| need.package == *name), "{name}");
        }
    }

    #[test]
    fn no_package_is_named_twice() {
        for (at, need) in NEEDS.iter().enumerate() {
            assert!(NEEDS.iter().skip(at + 1).all(|other| other.package != need.package), "{}", need.package);
        }
    }
}
