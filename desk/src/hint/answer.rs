//! Answers that are not what was asked for.

use super::step::Hint;
use cardwright_client::http::Error;
use cardwright_core::Code;

/// The next step after an answer that is none of the API's, or a refusal in it.
pub(crate) fn after(error: &Error) -> Hint {
    let is_no_api = error.code() == Code::Address && error.status().is_some();
    is_no_api.then(|| "is this the base address of the API? cardwright doctor looks".into())
}
