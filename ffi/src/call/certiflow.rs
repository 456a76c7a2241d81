//! Calls of CertiFlow.

use super::query::{CARDWRIGHT_MAX_TAGS, CardwrightQuery};
use super::structures::{CardwrightCall, CardwrightCallKind};
use crate::enumeration::{optional_value, value};
use crate::error::refused;
use crate::frame::{from_c, nullable, slice};
use cardwright_core::certiflow::{Call, Query, RevocationReason};
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

/// The query that the caller described, or that for all cards; `tags` has room for its tags.
pub(crate) fn query_of<'a>(
    query: Option<&'a CardwrightQuery>, tags: &'a mut [&'a str; CARDWRIGHT_MAX_TAGS],
) -> Result<Query<'a>, Error> {
    let Some(given) = query else { return Ok(Query::default()) };
    let tags = tags.get_mut(..given.tag_count).ok_or_else(|| refused("tag_count", "more than CARDWRIGHT_MAX_TAGS"))?;
    for (tag, given) in tags.iter_mut().zip(slice!(given.tags, given.tag_count)) {
        *tag = from_c!(given of tags);
    }
    Ok(Query {
        offset: (given.offset != 0).then_some(given.offset),
        count: (given.has_count != 0).then_some(given.count),
        serial_number: nullable!(given.serial_number),
        user_name: nullable!(given.user_name),
        card_type_name: nullable!(given.card_type_name),
        card_model_name: nullable!(given.card_model_name),
        comment: nullable!(given.comment),
        tags,
        policy_name: nullable!(given.policy_name),
        state: optional_value(given.state, "state")?,
        content_expiration_status: optional_value(given.content_expiration_status, "contentExpirationStatus")?,
        time_issued: nullable!(given.time_issued),
        time_updated: nullable!(given.time_updated),
        time_revoked: nullable!(given.time_revoked),
    })
}
