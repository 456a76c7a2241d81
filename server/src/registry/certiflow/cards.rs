//! Cards as CertiFlow shows them: one, and lists.

use super::{CardShown, Listed, Listing};
use crate::Error;
use crate::json_list::JsonList;
use crate::registry::Reading;

/// How many cards are read at a time: a hundred kilobytes of JSON, more or less.
const BATCH: u32 = 100;

impl Reading<'_> {
    /// Writes the next cards of a listing, by ascending id, and takes them off the listing. Returns whether none
    /// is left.
    pub(crate) fn list(&self, listing: &mut Listing, listed: Listed<'_>, list: &mut JsonList) -> Result<bool, Error> {
        let most = listing.count.map_or(BATCH, |count| count.min(BATCH));
        let written = self.list_cards(listing, listed, most)?;
        written.each(|id, card| {
            listing.after = Some(id);
            list.add(card);
        });
        let count = written.count();
        listing.offset = 0;
        listing.count = listing.count.map(|left| left.saturating_sub(count));
        Ok(count < BATCH || listing.count == Some(0))
    }

    /// A card by its id in CertiFlow, as CertiFlow shows it; `None` if it does not.
    pub(crate) fn card_object(&self, id: i64, shown: &CardShown) -> Result<Option<Vec<u8>>, Error> {
        let mut found = None;
        self.show_card(id, shown)?.each(|_, parts| found = Some(parts.concat()));
        Ok(found)
    }
}
