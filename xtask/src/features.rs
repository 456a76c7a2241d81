//! Features of the published libraries: each alone, none and all; and enumerations that must stay whole.
//!
//! Each combination compiles without a warning. With `--cfg cardwright_exhaustive` the enumerations of our own
//! are as closed as within one crate: a `match` in another crate that forgets a value does not compile then,
//! and neither does one whose arm for values to come is not needed any more.

use std::collections::BTreeMap;

use crate::front;
use crate::place;
use crate::published::libraries;
use crate::run::{Done, Out, minutes};

/// Lints of which each exception is argued.
const ARGUED: &[&str] = &["exhaustive_enums", "exhaustive_structs"];

/// Checks every library with each of its features alone, and all with closed enumerations.
///
/// # Errors
///
/// When something does not compile, or with a warning.
pub(crate) fn check(_: bool, out: &mut Out) -> Done {
    let mut count = 0;
    for (of, features) in front::features_of_all()? {
        // All of them together are what the step `clippy` compiles.
        let alone = features.iter().map(|name| vec!["--features", name.as_str()]);
        for words in std::iter::once(Vec::new()).chain(alone) {
            let mut command = place::cargo(&["check", "-p", of.package, "--lib", "--no-default-features", "--locked"]);
            out.run(strict(command.args(&words)), minutes(10))?;
            count += 1;
        }
    }
    let mut whole = place::cargo(&["check", "--workspace", "--all-features", "--locked", "--lib", "--bins"]);
    // A folder of its own: every crate is compiled with other flags.
    whole.env("RUSTFLAGS", "--cfg cardwright_exhaustive -Dwarnings").env_remove("CARGO_ENCODED_RUSTFLAGS");
    out.run(&mut whole, minutes(20))?;
    let mut notes = vec![format!("{count} combinations")];
    notes.extend(argued(out)?.into_iter().map(|(lint, count)| format!("{count} argued {lint}")));
    Ok(notes.join(", "))
}
