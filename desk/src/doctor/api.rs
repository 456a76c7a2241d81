//! The API: sign-in, base, privileges, filters, generation, clock, in this order.

use super::answer::{Asker, list};
use super::report::Checks;
use super::{base, clock, sign_in, token};
use crate::failure::{Failure, Kind};
use crate::generation::Generation;
use crate::hint;
use crate::systems::examine;
use crate::target::Target;
use cardwright_client::Raw;
use cardwright_core::Code;

/// The answer to a GET; where there is none, that is a check that failed.
fn ask(checks: &mut Checks<'_>, asker: &Asker, path: &str) -> Option<Raw> {
    match asker.get(path) {
        Ok(answer) => Some(answer),
        Err(error) => {
            let kind = if error.code() == Code::SignIn { Kind::NotAllowed } else { Kind::NoConnection };
            let next = hint::after_request(&error).unwrap_or_else(|| "try again; the first answer came".into());
            checks.fail("answer", kind, error.unmasked().to_string(), next);
            None
        }
    }
}

/// Looks at the API; `stranger` is the answer to a request without a sign-in.
pub(super) fn look(checks: &mut Checks<'_>, target: &Target, anonymous: &Asker, stranger: &Raw) -> Result<(), Failure> {
    if !token::look(checks, target) {
        return Ok(());
    }
    let system = examine(target.system);
    let asker = Asker::new(target, &target.url, target.credentials().clone())?;
    let Some(mut answer) = ask(checks, &asker, &system.first_path(target)) else { return Ok(()) };
    let signed_in = sign_in::look(checks, target, stranger, &answer, &asker.explain());
    let (given, mut target) = (target.dialect, target.clone());
    if signed_in && let Some((finding, examined)) = system.found(&target, &asker, &answer) {
        checks.report.generation = Some(Generation::of(finding, &target.url));
        let asked = system.first_path(&target);
        target.dialect = Some(examined);
        let path = system.first_path(&target);
        if path != asked {
            let Some(again) = ask(checks, &asker, &path) else { return Ok(()) };
            answer = again;
        }
    }
    let target = &target;
    if signed_in && base::look(checks, target, anonymous, &asker, &answer)? {
        let listed = list(&answer);
        if answer.status == 403 {
            let (seen, next) = system.forbidden(target);
            checks.fail("privileges", Kind::NotAllowed, seen, next);
        } else {
            system.privileges(checks, target, &asker, listed.as_deref());
        }
        if let Some(listed) = listed {
            system.filters(checks, target, &asker, &listed);
            system.dialect(checks, target, &asker, given);
        }
    }
    clock::look(checks, &answer);
    let servers: Vec<&str> = answer.header("Server").chain(answer.header("X-Powered-By")).collect();
    let servers = if servers.is_empty() { "it does not say what it is".to_string() } else { servers.join(", ") };
    checks.ok("server", servers);
    Ok(())
}
