//! What the registry of MIM CM keeps of a card and of a request.

use super::super::request_story::RequestStory;
use std::time::Instant;

/// A card, and what was done to it.
#[derive(Debug, Clone)]
pub(super) struct Card {
    pub(super) uuid: String,
    /// The id that the card carries.
    pub(super) card_id: String,
    pub(super) user: String,
    pub(super) status: &'static str,
    /// `None` for a card that nobody was asked to operate.
    pub(super) story: Option<RequestStory>,
    pub(super) looks: u32,
    /// How often it was asked to be changed, and read since.
    pub(super) changes: u32,
    pub(super) reads: u32,
    pub(super) due: Option<Due>,
    /// The statuses of the answers to all changes for it; 0 where none came.
    pub(super) creates: Vec<u16>,
    pub(super) answers: Vec<u16>,
}

/// A request, and what was done to it.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) uuid: String,
    /// The card with its story, and the card that it is for.
    pub(super) of: usize,
    pub(super) card: usize,
    pub(super) kind: u8,
    pub(super) status: u8,
    pub(super) reads: u32,
    pub(super) ends: u32,
    pub(super) reads_after: u32,
    pub(super) due: Option<u32>,
}

/// When a change is carried out that was asked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Due {
    Reads(u32),
    At(Instant),
}

impl Card {
    /// A card with its id in the database, the id that it carries, and its user's.
    pub(super) fn new([uuid, card_id, user]: [String; 3], status: &'static str, story: Option<RequestStory>) -> Self {
        let (creates, answers) = (Vec::new(), Vec::new());
        Card { uuid, card_id, user, status, story, looks: 0, changes: 0, reads: 0, due: None, creates, answers }
    }
}

impl Request {
    pub(super) fn new(uuid: String, (of, card): (usize, usize), kind: u8, status: u8) -> Self {
        Request { uuid, of, card, kind, status, reads: 0, ends: 0, reads_after: 0, due: None }
    }
}
