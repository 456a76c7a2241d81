//! What the outcome of an operation means to a person: what kind of failure it is, in words, with the next step.

use crate::failure::{Failure, Kind};
use cardwright_client::bulk::Counts;
use cardwright_client::{AnyCard, Ending, Error, Outcome};
use cardwright_core::Code;

/// The failure that an outcome is; `None` for what is done, accepted, or waits for approval.
pub fn failure_of(outcome: &Outcome<AnyCard>) -> Option<Failure> {
    let code = outcome.code();
    let kind = match outcome.ending {
        Ending::Done | Ending::Accepted | Ending::AwaitingApproval => return None,
        Ending::Unknown => Kind::Unknown,
        Ending::NotSent => Kind::NotSent,
        Ending::Refused => kind_of_refusal(code),
        #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
        _ => Kind::Unknown,
    };
    let failure = Failure::of_operation(kind, outcome.to_string(), code);
    Some(match next_step(outcome) {
        Some(next) => failure.hint(next),
        None => match outcome.error.as_ref().and_then(crate::hint::after) {
            Some(next) if outcome.ending != Ending::Unknown => failure.hint(next),
            _ => failure,
        },
    })
}

/// What to say of a bulk run that does nothing; `None` where something is left to do.
#[must_use]
pub fn nothing_left(counts: Counts) -> Option<String> {
    (counts.left() == 0).then(|| match (counts.total(), counts.failed) {
        (0, _) => "there are no cards".into(),
        (_, 0) => "nothing was left to do".into(),
        (_, 1) => "nothing was left to do; the card that failed is tried again only where that is asked for".into(),
        (_, failed) => {
            format!(
                "nothing was left to do; the {failed} cards that failed are tried again only where that is asked for"
            )
        }
    })
}

/// The failure of a change that is one request: unknown where it was sent and its answer was lost. `look` is then the
/// next step.
#[must_use]
pub fn failure_of_change(error: Error, look: &str) -> Failure {
    match error.http() {
        Some(http @ cardwright_client::http::Error::Transport { .. }) if http.was_sent() => {
            Failure::of_operation(Kind::Unknown, format!("unknown: {}", error.unmasked()), Some(error.code()))
                .hint(look)
        }
        _ => error.into(),
    }
}

/// The kind of failure that a refusal with this number is.
#[must_use]
pub fn kind_of_refusal(code: Option<Code>) -> Kind {
    match code {
        Some(Code::SignIn | Code::Forbidden) => Kind::NotAllowed,
        Some(Code::NotFound) => Kind::NotFound,
        _ => Kind::Refused,
    }
}

/// What to do about an operation that is not done, where the outcome itself says it.
#[must_use]
pub fn next_step(outcome: &Outcome<AnyCard>) -> Option<String> {
    match (&outcome.request, outcome.ending) {
        (_, Ending::Done | Ending::Accepted) => None,
        // A request that ended is no longer in the way.
        (Some(_), _) if outcome.code() == Some(Code::RequestEnded) && outcome.ending == Ending::Refused => None,
        (Some(request), Ending::AwaitingApproval) => {
            Some(format!("when it is approved, cardwright request continue {request} goes on"))
        }
        (Some(request), _) => Some(format!(
            "cardwright request show {request} looks at the request, request continue {request} goes on with it, and request \
             cancel {request} gives it up"
        )),
        (None, Ending::Unknown) => Some("look at the card again before anything else is done with it".into()),
        (None, Ending::NotSent | Ending::Refused | Ending::AwaitingApproval) => None,
        #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
        _ => None,
    }
}
