//! `examples/third-vendor`: a system and a card kind of somebody else's, built as a stranger builds them, outside the
//! workspace, and run against a small server.

use crate::place;
use crate::run::{Done, Out, minutes};

const MANIFEST: &str = "examples/third-vendor/Cargo.toml";

/// What the program prints.
const PRINTED: &str = "examples/third-vendor/expected.txt";

/// Checks it, runs its tests, and the program itself.
///
/// # Errors
///
/// When one of them fails, or the program prints something else than it should.
pub(crate) fn check(_: bool, out: &mut Out) -> Done {
    let target = place::target();
    let of = |words: &[&str]| {
        let mut command = place::cargo(words);
        command.args(["--manifest-path", MANIFEST, "--locked", "--target-dir"]).arg(&target);
        command
    };
    out.run(&mut place::cargo(&["fmt", "--manifest-path", MANIFEST, "--check"]), minutes(1))?;
    out.run(&mut of(&["test"]), minutes(10))?;
    let printed = out.read(&mut of(&["run", "--quiet"]), minutes(5))?;
    let expected = place::read(PRINTED)?;
    if printed != expected {
        return Err(format!("it does not print {PRINTED}, but:\n{printed}").into());
    }
    Ok("a pass is put on hold".into())
}
