//! Whether the core and the C library build where there is no operating system and no heap.

use crate::proof;
use crate::run::{Done, Out, minutes};
use crate::sysroot::{TARGETS, Toolchain, WHOLE};

/// Builds the core and the C library for every target, then a program over the core that has no allocator.
///
/// A crate that links `alloc`, however deep below the core, makes the second build fail with "no
/// global memory allocator found".
///
/// # Errors
///
/// Skipped without a compiler for the targets.
pub(crate) fn check(out: &mut Out) -> Done {
    let tools = Toolchain::find(out)?;
    let mut core = tools.cargo(&["build", "--locked", "--release", "-p", "cardwright-core", "--no-default-features"]);
    for target in TARGETS {
        core.args(["--target", target]);
    }
    out.run(&mut core, minutes(15))?;
    // What is there for a program with a heap, or with drivers of others, needs no operating system either. (On a
    // processor without atomics jiff needs a critical section of the program.)
    let features = ["--no-default-features", "--features", "alloc,chrono,embedded-io,jiff,serde-json-core"];
    let mut more = tools.cargo(&["check", "--locked", "--release", "-p", "cardwright-core"]);
    out.run(more.args(features).args(["--target", TARGETS[1]]), minutes(5))?;
    for target in TARGETS {
        tools.c_library(target, WHOLE, out)?;
    }
    proof::build(&tools, TARGETS, &["programs"], out)?;
    Ok(format!("{}, without alloc", TARGETS.join(", ")))
}
