//! Whether the base address is an API's, and what is wrong where it is not: another base, a portal, or an API
//! that is switched off.

use super::answer::{Asker, list};
use super::report::Checks;
use crate::failure::{Failure, Kind};
use crate::systems::{advice, examine};
use crate::target::Target;
use cardwright_client::{Credentials, Raw};
use cardwright_core::Named as _;
use cardwright_core::base::{BASES, origin};

/// Whether an API is there, by the answer to its first call.
pub(super) fn look(
    checks: &mut Checks<'_>,
    target: &Target,
    anonymous: &Asker,
    asker: &Asker,
    answer: &Raw,
) -> Result<bool, Failure> {
    let status = answer.status;
    let page = answer.content_type.to_ascii_lowercase().starts_with("text/html");
    if list(answer).is_some() || matches!(status, 403) && !page {
        checks.ok("base", format!("an API of {} answers (status {status})", target.system.name()));
        return Ok(true);
    }
    if status >= 500 {
        let id = answer.header("request-id").next().map(|id| format!(" (request-id {id})")).unwrap_or_default();
        let next = format!("have the server's event log looked at{id}");
        checks.fail("base", Kind::Failed, format!("the server fails (status {status})"), next);
        return Ok(false);
    }
    let system = examine(target.system);
    if let Some(seen) = system.is_answer(target, answer) {
        checks.ok("base", seen);
        return Ok(true);
    }
    if let Some(better) = elsewhere(target)? {
        let seen = format!("no API here (status {status}); one answers at {better}");
        checks.fail("base", Kind::Failed, seen, format!("give --url {better}"));
        return Ok(false);
    }
    let base_of = || advice(target.system).base.to_string();
    let redirect = answer.header("Location").next().filter(|_| (300..400).contains(&status));
    let (seen, next) = if let Some(place) = redirect {
        (format!("it points to {place}, a sign-in page or another address (status {status})"), base_of())
    } else if page && status < 400 || status == 403 {
        (format!("a page for people, and no API (status {status})"), base_of())
    } else {
        let is_off = system.is_off(target, status, [anonymous, asker]);
        is_off.unwrap_or_else(|| (format!("no API here (status {status})"), base_of()))
    };
    checks.fail("base", Kind::Failed, seen, next);
    Ok(false)
}

/// Another of the usual bases, on the same server, at which an API answers. No sign-in is sent there.
fn elsewhere(target: &Target) -> Result<Option<String>, Failure> {
    let server = origin(&target.url);
    let at = |base: &str, path: &str| -> Result<Option<Raw>, Failure> {
        let asker = Asker::new(target, &format!("{server}{base}"), Credentials::Anonymous)?;
        Ok(asker.get(path).ok())
    };
    // A server that answers everything alike does not tell by its answers.
    let nothing = at("/0cardwright-doctor", "no-such-path")?.map(|answer| answer.status);
    for base in BASES.iter().filter(|base| base.system == target.system && !base.ends(&target.url)) {
        let path = examine(base.system).path_at(base);
        let Some(answer) = at(base.path, &path)? else { continue };
        if nothing != Some(answer.status) && (list(&answer).is_some() || answer.status == 401) {
            return Ok(Some(format!("{server}{}", base.path)));
        }
    }
    Ok(None)
}
