//! Building `proof/`, and linking roots of it.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::place;
use crate::run::{Out, Stop, minutes};
use crate::sysroot::Toolchain;

/// The functions that the panic handler and the allocator call and nobody defines.
const HANDLER: &str = "a_panic_is_reachable";
const ALLOCATOR: &str = "an_allocation_is_reachable";

/// The library for one target.
pub(crate) struct Library(PathBuf);

/// The result of linking.
pub(super) enum Linked {
    /// A program.
    Program(PathBuf),
    /// Something in it can panic.
    Panics,
    /// Something in it allocates.
    Allocates,
}

/// Whether the linker and its friends are here.
///
/// # Errors
///
/// Skipped when one is missing.
pub(super) fn tools() -> Result<(), Stop> {
    match ["arm-none-eabi-gcc", "arm-none-eabi-ld", "arm-none-eabi-nm", "arm-none-eabi-size"]
        .iter()
        .find(|tool| !place::on_path(tool))
    {
        Some(tool) => Err(Stop::Skipped(format!("{tool} is missing: cargo xtask setup"))),
        None => Ok(()),
    }
}

/// Builds the library for targets.
///
/// # Errors
///
/// When it does not compile.
pub(crate) fn build<const N: usize>(
    tools: &Toolchain,
    targets: [&str; N],
    features: &[&str],
    out: &mut Out,
) -> Result<[Library; N], String> {
    let mut command = tools.cargo(&["build", "--locked", "--release", "--manifest-path", "proof/Cargo.toml"]);
    for feature in features {
        command.args(["--features", feature]);
    }
    for target in targets {
        command.args(["--target", target]);
    }
    out.run(&mut command, minutes(15))?;
    Ok(targets.map(|target| Library(tools.release(target).join("libcardwright_proof.a"))))
}

impl Library {
    /// Links roots into one program, which keeps what they reach and nothing else.
    ///
    /// # Errors
    ///
    /// When it cannot be linked for another reason than a panic: that is a fault of the check, and
    /// must not pass for a panic that was found.
    pub(super) fn link(&self, roots: &[&str]) -> Result<Linked, String> {
        self.link_by("proof/link.ld", roots, &[])
    }

    /// The same by a linker script, and with more options.
    ///
    /// # Errors
    ///
    /// As [`Library::link`].
    pub(super) fn link_by(&self, script: &str, roots: &[&str], more: &[&str]) -> Result<Linked, String> {
        let folder = place::logs().join("proof");
        std::fs::create_dir_all(&folder).map_err(place::at(&folder))?;
        let (options, program) = (folder.join("roots"), folder.join("roots.elf"));
        // In a file, because there are many and they have spaces.
        let mut required = String::new();
        for root in roots {
            let _ = writeln!(required, "\"--require-defined={root}\"");
        }
        std::fs::write(&options, required).map_err(place::at(&options))?;
        let options = format!("@{}", place::text(&options)?);
        let [library, elf] = [place::text(&self.0)?, place::text(&program)?];
        let arguments = ["--gc-sections", "-T", script, &options, library, "-o", elf];
        let linked = place::program("arm-none-eabi-ld", &arguments).args(more).output();
        let linked = linked.map_err(|error| format!("arm-none-eabi-ld: {error}"))?;
        if linked.status.success() {
            return Ok(Linked::Program(program));
        }
        let why = String::from_utf8_lossy(&linked.stderr);
        for (name, linked) in [(ALLOCATOR, Linked::Allocates), (HANDLER, Linked::Panics)] {
            if why.contains(&format!("undefined reference to `{name}'")) {
                return Ok(linked);
            }
        }
        Err(format!("{} cannot be linked: {why}", roots.join(", ")))
    }

    /// Those of the roots that can panic or allocate, each linked alone.
    ///
    /// # Errors
    ///
    /// As [`Library::link`].
    pub(super) fn panics<'r>(&self, roots: &[&'r str]) -> Result<Vec<&'r str>, String> {
        let mut panics = Vec::new();
        for root in roots {
            if let Linked::Panics | Linked::Allocates = self.link(&[root])? {
                panics.push(*root);
            }
        }
        Ok(panics)
    }

    /// In what ways a root can panic, by the names of the functions of Rust's own library that say so.
    ///
    /// # Errors
    ///
    /// As [`Library::link`], and when the program cannot be read.
    pub(super) fn ways(&self, root: &str, out: &mut Out) -> Result<String, String> {
        let Linked::Program(path) = self.link_by(
            "proof/link.ld",
            &[root],
            &["--defsym", &format!("{HANDLER}=0"), "--defsym", &format!("{ALLOCATOR}=0")],
        )?
        else {
            return Err(format!("{root} lacks {HANDLER}"));
        };
        let symbols = out.read(&mut place::program("arm-none-eabi-nm", &["-C", place::text(&path)?]), minutes(1))?;
        let names = symbols.lines().filter_map(|line| line.split_once("core::panicking::"));
        Ok(names.map(|(_, name)| name).filter(|name| *name != "panic_fmt").collect::<Vec<_>>().join(", "))
    }
}
