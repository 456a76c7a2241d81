//! A pass through a list: which page comes next, and what the pages showed.

use crate::seen::Key;
use cardwright_http::Stream;
use std::time::Instant;

/// Which page comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// The first one of a pass.
    First,
    /// One that begins with the last card of the page before.
    Overlap,
    /// One that begins behind it, to see whether there is any.
    Beyond,
}

/// What a page behind the last card showed, before the overlap proves that the last card is still there.
#[derive(Debug, Clone, Copy)]
pub(super) enum Probe {
    Empty,
    Cards { len: u32, last: Option<Key> },
}

/// A pass through the list.
#[derive(Debug, Default)]
pub(super) struct Pass {
    /// Behind how many cards the next one stands.
    pub(super) at: u32,
    /// The last card; `None` for one that cannot be read.
    pub(super) last: Option<Key>,
    /// A digest of all cards in their order.
    pub(super) chain: u64,
    /// Whether a page did not begin with the last card of the page before.
    pub(super) shifted: bool,
    /// Whether the last card was not there at all, and whether that is all that was wrong: behind a first page that
    /// was short nothing came.
    pub(super) gap: bool,
    pub(super) only_end: bool,
    /// Whether a short page was not the last one.
    pub(super) capped: bool,
    pub(super) probe: Option<Probe>,
    /// How many cards it handed out.
    pub(super) fresh: u64,
}

/// A page that is being read.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) turn: Turn,
    pub(super) stream: Stream,
    pub(super) asked: u32,
    pub(super) got: u32,
    /// Where the last card of the page before stands in it.
    pub(super) found: Option<u32>,
    pub(super) last: Option<Key>,
    /// The digest before the page, and that of the page itself.
    pub(super) before: u64,
    pub(super) digest: u64,
    pub(super) fresh: u64,
    pub(super) since: Instant,
}
