//! Answers that are not what was asked for.

use super::step::Hint;
use cardwright_client::http::Error;
use cardwright_core::Code;

/// The next step after an answer that is none of the API's, or a refusal in it.
pub(crate) fn after(error: &Error) -> Hint {
    let answer = error.as_answer()?;
    let known = match answer.status {
        200..=299 if answer.is_page => SIGN_IN_PAGE,
        300..=399 => SIGN_IN_PAGE,
        _ if answer.code == Code::Address => {
            "is this the base address of the API, and is the API switched on? cardwright doctor looks"
        }
        400 | 497 if answer.is_page && answer.request.unmasked().contains(" http://") => {
            "does the server speak TLS at this port? then the address in --url begins with https://"
        }
        502..=504 if answer.is_page => BEHIND,
        _ => return None,
    };
    Some(known.into())
}

const SIGN_IN_PAGE: &str = "is this the base address of the API, and not a portal's? where a gateway stands in front \
     that shows people a page to sign in, have its administrator let the API pass; cardwright doctor looks";

const BEHIND: &str = "what stands in front of the server answers, and the server behind it does not: its administrator \
     knows whether it runs";
