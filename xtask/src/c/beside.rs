//! The static library beside another one that is written in Rust, in one program.

use std::path::Path;

use crate::place;
use crate::run::{Out, minutes};

/// Debian's compiler: another version than ours, as a rule.
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

/// Compiles somebody else's library by each compiler that is here, links all of both, and runs the program.
pub(super) fn check(prefix: &Path, work: &Path, out: &mut Out) -> Result<(), String> {
    let mut find = place::program("pkg-config", &["--static", "--cflags", "--libs", "cardwright"]);
    let flags = out.read(find.env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig")), minutes(1))?;
    let own = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
    for (rustc, name) in [(own.as_str(), "own"), (DEBIAN_RUSTC, "debian")] {
        // With the same one, all names are the same.
        if name == "debian" && !Path::new(rustc).exists() {
            continue;
        }
        let (other, program) = (work.join(format!("libother-{name}.a")), work.join(format!("beside-{name}")));
        let mut command = place::program(rustc, &["--edition=2021", "--crate-type=staticlib", "--crate-name=other"]);
        out.run(command.args(["ffi/tests/beside/other.rs", "-o"]).arg(&other), minutes(2))?;
        // Whole, so that nothing hides in an object that happens not to be taken; without what nobody reaches, as
        // Rust's own library names functions there that the system does not have.
        let mut command = place::program("gcc", &["-std=c11", "-Wl,--gc-sections", "ffi/tests/beside/main.c", "-o"]);
        command.arg(&program).arg("-Wl,--whole-archive").arg(&other).arg(prefix.join("lib/libcardwright.a"));
        command.arg("-Wl,--no-whole-archive").args(flags.split_whitespace().filter(|flag| *flag != "-lcardwright"));
        out.run(&mut command, minutes(2))?;
        out.run(&mut place::program(place::text(&program)?, &[]), minutes(1))?;
    }
    Ok(())
}
