//! The next step after an error, by its cause: one function for every front end, and for the doctor.
//!
//! A hint names what the person does next about this cause. Where no step is known to help, there is none: a wrong
//! one costs more time than a missing one.

mod answer;
pub(crate) mod proxy;
#[cfg(feature = "reader")]
pub(crate) mod reader;
pub(crate) mod sign_in;
mod step;
pub(crate) mod tls;

pub(crate) use step::Hint;

use cardwright_client::Error;
use cardwright_client::http::Error as HttpError;
use cardwright_core::Code;
use cardwright_core::Named as _;
use cardwright_core::certiflow::Dialect;
use std::borrow::Cow;

/// The next step after an error; `None` where none is known to help. It is in the words of the command: its options, and
/// what else it can do.
#[must_use]
pub fn after(error: &Error) -> Option<Cow<'static, str>> {
    if error.is_no_token()
        && let Some(step) = error.http().and_then(sign_in::no_token)
    {
        return Some(step);
    }
    if let Error::Dialect { found, .. } = error {
        let found = found.name().to_ascii_lowercase();
        return Some(format!("give --dialect {found}, or leave it out; in a profile, dialect = \"{found}\"").into());
    }
    if let Error::Ignored(_) = error {
        return Some("cardwright doctor shows which filters the server obeys; give --dialect where it is known".into());
    }
    let known = match error.code() {
        Code::NotAllowed => "cardwright operations CARD shows what is allowed; --check off sends it all the same",
        Code::NoSuchCall if matches!(error, Error::NoOwnApi { .. }) => {
            "in MIM CM requests are decided in the portal, and what was done is in the system's own reports and event log"
        }
        Code::NoSuchCall | Code::NoSuchParameter => match error {
            // The dialect, as a number, stands in the place of the offset.
            Error::Call(call) => lacking(error.code(), u8::try_from(call.at).ok()?)?,
            _ => return None,
        },
        Code::NoSuchReason => "the dialect has the reasons before that one",
        Code::ParameterNeeded => "G1 lists the cards of one user: add --of USER, such as --of user@example.com",
        _ => return error.http().and_then(after_request),
    };
    Some(known.into())
}

/// The next step where a generation, by its number, lacks a call or a parameter.
fn lacking(code: Code, dialect: u8) -> Option<&'static str> {
    let dialect = Dialect::from_number(dialect.into())?;
    Some(match (code, dialect) {
        (_, Dialect::G7) => return None,
        (Code::NoSuchParameter, Dialect::G1) => {
            "G1 finds cards by their user alone: add --of USER, such as --of user@example.com, and leave other filters out"
        }
        (Code::NoSuchParameter, Dialect::G2) => {
            "G2 has no filter but --of: leave it out; cardwright card --serial looks among all cards"
        }
        (Code::NoSuchParameter, Dialect::G3) => {
            "G3 has --serial, --type, --comment and --tag, and none of them beside --of: leave it out"
        }
        _ => {
            "a newer generation of the API has it; where the server is of one, leave --dialect out or give it, such as g7"
        }
    })
}

/// The next step after an error of a request, whose cause is looked for where it arises: on the way, in TLS, at the
/// sign-in, in the answer.
pub(crate) fn after_request(error: &HttpError) -> Hint {
    proxy::after(error).or_else(|| tls::after(error)).or_else(|| sign_in::after(error)).or_else(|| answer::after(error))
}
