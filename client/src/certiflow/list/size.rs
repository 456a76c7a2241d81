//! How many cards to ask for at once.

use crate::client::FIRST_PAGE;
use std::time::Duration;

/// The most cards of a page that the client chooses itself.
const LARGEST_PAGE: u32 = 20_000;
/// How much a page may grow at once.
const GROWTH: u32 = 4;

/// The size of the next page.
#[derive(Debug)]
pub(super) struct Size {
    /// What the caller has chosen.
    chosen: Option<u32>,
    now: u32,
    /// Whether the last page was as long as asked for.
    full: bool,
}

impl Size {
    pub(super) fn new(chosen: Option<u32>) -> Self {
        Size { chosen, now: chosen.unwrap_or(FIRST_PAGE), full: false }
    }

    /// How many cards to ask for.
    pub(super) fn cards(&self) -> u32 {
        self.now
    }

    /// Whether the last page was as long as asked for.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    /// After a page that took this long: as many cards as come in a second.
    pub(super) fn grow(&mut self, got: u32, asked: u32, took: Duration) {
        self.full = got >= asked;
        if self.full && self.chosen.is_none() {
            let rate = f64::from(got) / took.max(Duration::from_micros(1)).as_secs_f64();
            self.now = (rate as u32).min(self.now.saturating_mul(GROWTH)).clamp(FIRST_PAGE, LARGEST_PAGE);
        }
    }

    /// After a page that broke off: as at first.
    pub(super) fn reset(&mut self) {
        (self.now, self.full) = (self.chosen.unwrap_or(FIRST_PAGE), false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_grow_to_what_comes_in_a_second_and_shrink_again() {
        let mut size = Size::new(None);
        let mut sizes = Vec::new();
        for (got, millis) in [(500, 10), (2_000, 100), (8_000, 500), (16_000, 4_000), (4_000, 60_000), (100, 1)] {
            size.grow(got, size.cards(), Duration::from_millis(millis));
            sizes.push(size.cards());
        }
        assert_eq!(sizes, [2_000, 8_000, 16_000, 4_000, 500, 500], "a short page tells nothing");
        assert!(!size.is_full());
        let mut chosen = Size::new(Some(7));
        chosen.grow(7, 7, Duration::ZERO);
        assert_eq!((chosen.cards(), chosen.is_full()), (7, true));
    }
}
