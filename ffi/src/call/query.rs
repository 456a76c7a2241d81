//! Which cards of CertiFlow a list has.

use crate::enumeration::optional_value;
use crate::error::{name, refused};
use crate::frame::{from_c, nullable, slice, structures};
use crate::text::CardwrightText;
use cardwright_core::Error;
use cardwright_core::certiflow::Query;

/// The most tags of a query.
pub const CARDWRIGHT_MAX_TAGS: usize = 16;

/// Which cards of CertiFlow to list. Zero all of it, then set `struct_size` and the filters; an absent text is
/// no filter, an empty one is refused.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightQuery {
    /// `sizeof(CardwrightQuery)`.
    pub struct_size: u32,
    /// How many cards to skip.
    pub offset: u32,
    /// 1 if `count` counts.
    pub has_count: u32,
    /// How many cards to return at most. Default: all.
    pub count: u32,
    /// A `CardwrightCardState`, or 0.
    pub state: u32,
    /// A `CardwrightContentExpirationStatus`, or 0.
    pub content_expiration_status: u32,
    /// The card's serial number.
    pub serial_number: CardwrightText,
    /// The user: `DOMAIN\LogonName` or a UPN. G1 lists the cards of one user only.
    pub user_name: CardwrightText,
    /// The name of the card's type.
    pub card_type_name: CardwrightText,
    /// The model. Since G7.
    pub card_model_name: CardwrightText,
    /// A note on the card.
    pub comment: CardwrightText,
    /// The usage policy's name. Since G7.
    pub policy_name: CardwrightText,
    /// ISO 8601. Since G7.
    pub time_issued: CardwrightText,
    /// ISO 8601. Since G7.
    pub time_updated: CardwrightText,
    /// ISO 8601. Since G7.
    pub time_revoked: CardwrightText,
    /// `tag_count` tags.
    pub tags: *const CardwrightText,
    /// The number of tags, at most `CARDWRIGHT_MAX_TAGS`.
    pub tag_count: usize,
}

structures!(CardwrightQuery {
    offset,
    has_count,
    count,
    state,
    content_expiration_status,
    serial_number,
    user_name,
    card_type_name,
    card_model_name,
    comment,
    policy_name,
    time_issued,
    time_updated,
    time_revoked,
    tags,
    tag_count
});

/// The query that the caller described, or that for all cards; `tags` has room for its tags.
pub(crate) fn query_of<'a>(
    query: Option<&'a CardwrightQuery>, tags: &'a mut [&'a str; CARDWRIGHT_MAX_TAGS],
) -> Result<Query<'a>, Error> {
    let Some(given) = query else { return Ok(Query::default()) };
    let tags =
        tags.get_mut(..given.tag_count).ok_or_else(|| refused(name!(tag_count), "more than CARDWRIGHT_MAX_TAGS"))?;
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
