//! The compiler for C, and what belongs to it, for the machine that is installed for.

use std::path::Path;
use std::process::Command;

use crate::place;
use crate::run::{Out, minutes};

/// The tools of a target, and what the compiler says of it.
pub(super) struct Tools {
    /// As Rust names it.
    pub(super) triple: String,
    /// `linux` and so on.
    pub(super) system: String,
    /// The width of a pointer in bytes.
    pub(super) pointer: u32,
    /// The compiler with its first arguments.
    pub(super) cc: Vec<String>,
    pub(super) cflags: Vec<String>,
    ldflags: Vec<String>,
    objcopy: String,
    ar: String,
    /// What finds libraries, where it is another one than for this machine.
    pub(super) pkg_config: Option<String>,
}

impl Tools {
    /// Those of a target; of this machine where none is named.
    ///
    /// # Errors
    ///
    /// When Rust does not know the target, or there is no compiler for it.
    pub(super) fn of(target: Option<&str>, out: &mut Out) -> Result<Tools, String> {
        let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
        let host = out.read(&mut place::program(&rustc, &["--print", "host-tuple"]), minutes(1))?;
        let triple = target.unwrap_or(host.trim()).to_owned();
        let facts = out.read(&mut place::program(&rustc, &["--print", "cfg", "--target", &triple]), minutes(1))?;
        let fact = |name: &str| {
            let line = facts.lines().find_map(|line| line.strip_prefix(&format!("{name}=\"")));
            line.map(|value| value.trim_end_matches('"').to_owned()).unwrap_or_default()
        };
        let gnu = (triple != host.trim()).then(|| gnu(&triple));
        let named = |name: &str, default: &str| {
            let own = gnu.as_ref().map(|gnu| format!("{gnu}-{default}"));
            let set = variable(name, &triple);
            set.first().cloned().or_else(|| own.filter(|own| place::on_path(own))).unwrap_or_else(|| default.into())
        };
        let mut cc = variable("CC", &triple);
        if cc.is_empty() {
            cc = vec![gnu.as_ref().map_or_else(|| "cc".into(), |gnu| format!("{gnu}-gcc"))];
        }
        if !cc.first().is_some_and(|cc| place::on_path(cc) || Path::new(cc).is_file()) {
            return Err(format!("no C compiler for {triple}: install {}, or name one in CC", cc.join(" ")));
        }
        Ok(Tools {
            system: fact("target_os"),
            pointer: fact("target_pointer_width").parse::<u32>().map_err(|error| error.to_string())? / 8,
            cflags: variable("CFLAGS", &triple),
            ldflags: variable("LDFLAGS", &triple),
            objcopy: named("OBJCOPY", "objcopy"),
            ar: named("AR", "ar"),
            pkg_config: gnu.map(|gnu| format!("{gnu}-pkg-config")).filter(|name| place::on_path(name)),
            cc,
            triple,
        })
    }

    /// The compiler with its flags, started in the root of the repository.
    pub(super) fn cc(&self, arguments: &[&str]) -> Command {
        let (program, first) = self.cc.split_first().map_or(("cc", &[][..]), |(cc, first)| (cc.as_str(), first));
        let mut command = place::program(program, &[]);
        command.args(first).args(&self.cflags).args(arguments);
        command
    }

    /// The compiler, to link, with the flags of the environment for that.
    pub(super) fn ld(&self, arguments: &[&str]) -> Command {
        let mut command = self.cc(arguments);
        command.args(&self.ldflags);
        command
    }

    /// The compiler as a person would type it.
    pub(super) fn shown(&self) -> String {
        self.cc.join(" ")
    }

    pub(super) fn objcopy(&self, arguments: &[&str]) -> Command {
        place::program(&self.objcopy, arguments)
    }

    pub(super) fn ar(&self, arguments: &[&str]) -> Command {
        place::program(&self.ar, arguments)
    }

    /// The name of a variable for this target alone, as cargo and the crate `cc` read it.
    pub(super) fn variable(&self, name: &str) -> String {
        format!("{name}_{}", self.triple.replace('-', "_"))
    }
}

/// A variable of the environment for a target, or for all.
fn variable(name: &str, triple: &str) -> Vec<String> {
    let names = [format!("{name}_{triple}"), format!("{name}_{}", triple.replace('-', "_")), name.to_owned()];
    let value = names.iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.trim().is_empty()));
    // Words, as `make` takes them.
    value.unwrap_or_default().split_whitespace().map(String::from).collect()
}

/// What a cross compiler's programs are named after: the target without its vendor.
fn gnu(triple: &str) -> String {
    let arch = |arch: &str| match arch {
        "armv7" | "armv6" | "thumbv7neon" => "arm".to_owned(),
        "i586" => "i686".to_owned(),
        arch if arch.starts_with("riscv64") => "riscv64".to_owned(),
        arch => arch.to_owned(),
    };
    match triple.split('-').collect::<Vec<_>>().as_slice() {
        [first, _, rest @ ..] if !rest.is_empty() => format!("{}-{}", arch(first), rest.join("-")),
        _ => triple.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cross_compiler_is_named_after_its_target() {
        for (triple, name) in [
            ("aarch64-unknown-linux-gnu", "aarch64-linux-gnu"),
            ("armv7-unknown-linux-gnueabihf", "arm-linux-gnueabihf"),
            ("riscv64gc-unknown-linux-gnu", "riscv64-linux-gnu"),
            ("i686-unknown-linux-gnu", "i686-linux-gnu"),
            ("x86_64-unknown-linux-musl", "x86_64-linux-musl"),
        ] {
            assert_eq!(gnu(triple), name);
        }
    }

    #[test]
    fn a_target_that_nobody_knows_is_refused() {
        assert!(Tools::of(Some("no-such-machine"), &mut Out::Terminal).is_err());
        let tools = Tools::of(None, &mut Out::Terminal).expect("this machine");
        assert_eq!(tools.pointer as usize, size_of::<usize>());
    }
}
