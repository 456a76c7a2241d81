//! How a system processes one card of a bulk run.

use super::table::Card;
use super::way::{Next, Way};
use crate::error::Error;
use cardwright_core::lifecycle::{NativeState, Operation};

/// A card as it was read: its state where that is known, `None` where there is no such card.
pub(crate) type Read = Result<Option<Option<NativeState>>, Error>;

/// How a system carries out one card of a bulk run.
pub(crate) trait Steps: Sync {
    /// Judges a card for the plan.
    ///
    /// # Errors
    /// Why it is to be skipped.
    fn judge_plan(&self, state: Option<NativeState>, operation: Operation) -> Result<(), Error>;

    /// Attempts the operation on a card, once.
    fn attempt(&self, way: &mut Way<'_>) -> Next;

    /// Reads a card in doubt, if its state can tell the result.
    fn look_again(&self, card: &Card) -> Option<Read>;
}
