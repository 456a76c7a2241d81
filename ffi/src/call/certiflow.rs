//! Calls of CertiFlow.

use super::query::{CARDWRIGHT_MAX_TAGS, CardwrightQuery};
use super::structures::{CardwrightCall, CardwrightCallKind};
#[cfg(feature = "filters")]
use crate::enumeration::optional_value;
use crate::enumeration::value;
#[cfg(feature = "filters")]
use crate::error::{name, refused};
#[cfg(feature = "filters")]
use crate::frame::slice;
use crate::frame::{from_c, nullable};
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
    read(given, tags)
}

/// All parameters.
#[cfg(feature = "filters")]
fn read<'a>(given: &'a CardwrightQuery, tags: &'a mut [&'a str; CARDWRIGHT_MAX_TAGS]) -> Result<Query<'a>, Error> {
    let tags =
        tags.get_mut(..given.tag_count).ok_or_else(|| refused(name!(tag_count), "more than CARDWRIGHT_MAX_TAGS"))?;
    for (tag, given) in tags.iter_mut().zip(slice!(given.tags, given.tag_count)) {
        *tag = from_c!(given of tags);
    }
    // One after the other in a loop, which is a third of the size of nine calls.
    let all = [
        (name!(given.serial_number), &given.serial_number),
        (name!(given.user_name), &given.user_name),
        (name!(given.card_type_name), &given.card_type_name),
        (name!(given.card_model_name), &given.card_model_name),
        (name!(given.comment), &given.comment),
        (name!(given.policy_name), &given.policy_name),
        (name!(given.time_issued), &given.time_issued),
        (name!(given.time_updated), &given.time_updated),
        (name!(given.time_revoked), &given.time_revoked),
    ];
    let mut texts = [None; 9];
    for (text, (name, given)) in texts.iter_mut().zip(all) {
        *text = nullable!(given called name);
    }
    let [serial_number, user_name, card_type_name, card_model_name, comment, policy_name, issued, updated, revoked] =
        texts;
    Ok(Query {
        offset: (given.offset != 0).then_some(given.offset),
        count: (given.has_count != 0).then_some(given.count),
        serial_number,
        user_name,
        card_type_name,
        card_model_name,
        comment,
        tags,
        policy_name,
        state: optional_value(given.state, "state")?,
        content_expiration_status: optional_value(given.content_expiration_status, "contentExpirationStatus")?,
        time_issued: issued,
        time_updated: updated,
        time_revoked: revoked,
    })
}

/// The serial number; all others are refused.
#[cfg(not(feature = "filters"))]
fn read<'a>(given: &'a CardwrightQuery, _: &'a mut [&'a str; CARDWRIGHT_MAX_TAGS]) -> Result<Query<'a>, Error> {
    let texts = [
        &given.user_name,
        &given.card_type_name,
        &given.card_model_name,
        &given.comment,
        &given.policy_name,
        &given.time_issued,
        &given.time_updated,
        &given.time_revoked,
    ];
    let numbers = given.offset | given.has_count | given.state | given.content_expiration_status;
    if numbers != 0 || given.tag_count != 0 || texts.iter().any(|text| !text.data.is_null()) {
        return Err(Error::of(Code::NoSuchParameter, "query"));
    }
    Ok(Query { serial_number: nullable!(given.serial_number) })
}
