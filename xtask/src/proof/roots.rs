//! `proof/src/functions.rs`: a root for each public function of the core.

use std::fmt::Write as _;

use super::api::{self, Function};
use crate::run::Out;

/// The file, from the root of the repository.
pub(crate) const FILE: &str = "proof/src/functions.rs";

const HEAD: &str = "\
//! A root for each public function of the core. Written by `cargo xtask gen`.

use cardwright_core::*;

use crate::outside::{any, give, give_each, roots};
use crate::unknown::*;

roots! {
";

/// The text of the file.
///
/// # Errors
///
/// When the functions cannot be told.
pub(crate) fn text(out: &mut Out) -> Result<String, String> {
    Ok(written(&api::functions(out)?))
}

/// The text of the file for these functions.
pub(super) fn written(functions: &[Function]) -> String {
    let mut text = String::from(HEAD);
    for Function { name, call, iterator } in functions {
        let give = if *iterator { "give_each" } else { "give" };
        let _ = writeln!(text, "    {name:?} => {give}({call}),");
    }
    text + "}\n"
}
