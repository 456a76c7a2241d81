//! Ids in the database of MIM CM, and when two are one.

use cardwright_core::identity::Guid;

/// Whether two texts are one id: the same GUID in any spelling, or the same text.
pub(super) fn is_uuid(one: &str, other: &str) -> bool {
    match (Guid::parse(one), Guid::parse(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => one.eq_ignore_ascii_case(other),
    }
}
