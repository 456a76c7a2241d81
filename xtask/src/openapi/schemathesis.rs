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
pub(crate) fn check(long: bool, out: &mut Out) -> Done {
    let schemathesis = venv::with("schemathesis", REQUIREMENTS, out)?.join("schemathesis");
    let cardwright = steps::command(out)?;
    let (examples, limit) = if long { ("60", 30) } else { ("10", 6) };
    let script = ["server/openapi/schemathesis.sh", place::text(&cardwright)?, place::text(&schemathesis)?, examples];
    out.run(&mut place::program("sh", &script), minutes(limit))?;
    Ok("seven documents of CertiFlow and one of MIM CM".into())
}
