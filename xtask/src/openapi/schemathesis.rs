//! The server against its own documents, by schemathesis.

use crate::run::{Done, Out, minutes};
use crate::{place, steps, venv};

/// What is installed, with everything that it needs.
const REQUIREMENTS: &str = "server/openapi/requirements.txt";

/// Runs schemathesis on a server of its own.
///
/// # Errors
///
/// Skipped where there is no Python, failed where a check of schemathesis fails.
pub(crate) fn check(_: bool, out: &mut Out) -> Done {
    let schemathesis = venv::with("schemathesis", REQUIREMENTS, out)?.join("schemathesis");
    let cardwright = steps::command(out)?;
    let script = ["server/openapi/schemathesis.sh", place::text(&cardwright)?, place::text(&schemathesis)?];
    out.run(&mut place::program("sh", &script), minutes(5))?;
    Ok("both documents".into())
}
