//! Where the demo takes place.

use crate::failure::Exit;
use cardwright::InReader;

/// How the demo goes on.
#[cfg_attr(not(all(feature = "reader", target_os = "linux")), allow(dead_code, reason = "there is no reader"))]
pub(super) enum Stage {
    /// Not at all: it has run elsewhere.
    Over(Exit),
    /// With this card, which is in a reader.
    Card(Box<InReader>),
    /// Without a reader, and why.
    NoReader(String),
}
