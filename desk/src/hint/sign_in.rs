//! Accounts that are not let in.

use super::step::Hint;
use cardwright_client::http::Error;
use cardwright_core::Code;

/// The next step after a sign-in that failed.
pub(crate) fn after(error: &Error) -> Hint {
    let known = match error.code() {
        Code::SignIn => {
            "give --user (or CARDWRIGHT_USER) and CARDWRIGHT_PASSWORD, --password-file FILE or --password-command COMMAND; cardwright doctor explains what the server wants"
        }
        Code::Forbidden => "the account lacks a privilege; an administrator grants it",
        _ => return None,
    };
    Some(known.into())
}
