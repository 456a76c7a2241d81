//! Calls of CertiFlow.

use super::query::{CARDWRIGHT_MAX_TAGS, CardwrightQuery, query_of};
use super::structures::{CardwrightCall, CardwrightCallKind};
use crate::enumeration::value;
use crate::frame::from_c;
use cardwright_core::certiflow::{Call, RevocationReason};
use cardwright_core::{Code, Error};

/// A call of CertiFlow, with its query; `tags` has room for those of the query.
pub(super) fn call<'a>(
    given: &'a CardwrightCall, query: Option<&'a CardwrightQuery>, tags: &'a mut [&'a str; CARDWRIGHT_MAX_TAGS],
) -> Result<Call<'a>, Error> {
    use CardwrightCallKind as Kind;
    Ok(match given.kind {
        n if n == Kind::CertiflowCards as u32 => Call::Cards(query_of(query, tags)?),
        n if n == Kind::CertiflowCard as u32 => Call::Card { id: from_c!(given.id) },
        n if n == Kind::CertiflowOperate as u32 => Call::Operate {
            reason: reason_of(given.has_reason, given.reason)?,
            operation: value(given.operation, "operation")?,
            id: from_c!(given.id),
        },
        _ => return Err(Error::of(Code::UnknownValue, "kind")),
    })
}

/// The reason, if one counts.
pub(crate) fn reason_of(has_reason: u32, reason: u32) -> Result<Option<RevocationReason>, Error> {
    if has_reason == 0 { Ok(None) } else { value(reason, "reason").map(Some) }
}
