//! Whether the account is let in, and what to do where it is not.

use super::answer::list;
use super::report::Checks;
use crate::failure::Kind;
use crate::hint;
use crate::target::Target;
use cardwright_client::{Credentials, Explanation, Raw, challenges};
use cardwright_core::Named as _;

/// The next step where no cause is known.
const GENERAL: &str = "ask the administrator of the server which accounts it takes";

/// Looks at how the account was let in; `stranger` is the answer to a request without a sign-in. Returns whether
/// it is worth going on.
pub(super) fn look(checks: &mut Checks<'_>, target: &Target, stranger: &Raw, answer: &Raw, how: &Explanation) -> bool {
    let offered: Vec<&str> =
        stranger.header("WWW-Authenticate").flat_map(challenges).map(|challenge| challenge.scheme).collect();
    let offers =
        if offered.is_empty() { "it offers nothing".to_string() } else { format!("it offers {}", offered.join(", ")) };
    let who = match target.credentials() {
        Credentials::Anonymous => "nobody",
        Credentials::Bearer(_) | Credentials::Tokens(_) => "the bearer of a token",
        others => others.user().unwrap_or("the identity at hand"),
    };
    match answer.status {
        407 => {
            let next =
                "something on the way answers as a proxy does: name it by --proxy, or have the server excepted there";
            checks.fail("sign-in", Kind::NotAllowed, "the proxy wants a sign-in (407)", next);
            false
        }
        401 => {
            let message = refusal(answer).map(|message| format!("; it says {message}")).unwrap_or_default();
            let seen = match how.tried.as_slice() {
                [] => format!("{who} is not let in (401){message}; {offers}"),
                _ => format!("{who} is not let in (401); {how}"),
            };
            let next = answer.sign_in.as_ref().map_or_else(|| GENERAL.into(), hint::sign_in::next);
            checks.fail("sign-in", Kind::NotAllowed, seen, next);
            false
        }
        _ if stranger.status == 401 => {
            let how = how.chosen.map_or("no sign-in", |scheme| scheme.name());
            checks.ok("sign-in", format!("{who} is let in by {how}; {offers}"));
            true
        }
        _ if stranger.status == 200 && list(stranger).is_some() => {
            let next = "unless this is meant, have Anonymous switched off in IIS";
            checks.warn("sign-in", "the server answers anybody, without a sign-in", next);
            true
        }
        status => {
            checks.ok("sign-in", format!("not asked for here (status {} without, {status} with)", stranger.status));
            true
        }
    }
}

/// What the server says of a token that it refuses (RFC 6750, 3).
fn refusal(answer: &Raw) -> Option<String> {
    let message = answer.header("WWW-Authenticate").flat_map(challenges);
    message.filter(|one| one.scheme.eq_ignore_ascii_case("Bearer")).find_map(|one| {
        let words = [one.parameter("error"), one.parameter("error_description")];
        let words: Vec<&str> = words.into_iter().flatten().collect();
        (!words.is_empty()).then(|| words.join(": ").chars().take(300).collect())
    })
}
