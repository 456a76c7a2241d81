//! The first cards of a registry that nobody asked for.
//!
//! They are made up, so they go into a new registry and into no other.

use super::story::story;
use super::synthetic::synthetic;
use crate::{Error, Registry};

/// Adds the story and `count` invented cards to a registry that [is new](Registry::is_new). One that was there before is
/// left as it is, with cards or without: made-up cards would look like real ones. Returns how many cards there are.
///
/// # Errors
/// [`Error::Database`].
pub fn fill_new(registry: &Registry, count: u32, seed: u64) -> Result<usize, Error> {
    if registry.is_new() {
        story(registry)?;
        synthetic(registry, count, seed)?;
    }
    registry.count_cards()
}
