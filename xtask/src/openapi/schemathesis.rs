//! The server against its own documents, by schemathesis.

use crate::run::{Done, Out, minutes};
use crate::{place, venv};

/// What is installed, with everything that it needs.
const REQUIREMENTS: &str = "server/openapi/requirements.txt";

/// Runs schemathesis on a server of its own.
///
/// # Errors
///
/// Skipped where there is no Python, failed where a check of schemathesis fails.
pub(crate) fn check(_: bool, out: &mut Out) -> Done {
    let schemathesis = venv::with("schemathesis", REQUIREMENTS, out)?.join("schemathesis");
    let build = ["build", "--workspace", "--all-features", "--locked", "--bin", "cardwright"];
    out.run(&mut place::cargo(&build), minutes(30))?;
    let cardwright = place::target().join("debug/cardwright");
    let script = ["server/openapi/schemathesis.sh", place::text(&cardwright)?, place::text(&schemathesis)?];
    out.run(&mut place::program("sh", &script), minutes(5))?;
    Ok("both documents".into())
}
