//! MIM CM's requests.

use crate::Error;
use crate::registry::rows::{Card, Request, WantedRequests};
use crate::registry::{Reading, Writing};
use cardwright_core::mim::RequestStatus;

/// How many requests are read at a time.
const BATCH: usize = 200;

impl Reading<'_> {
    /// The next requests that are wanted, in the order in which they were submitted, and whether these are the last.
    pub(crate) fn next_requests(&self, wanted: &mut WantedRequests) -> Result<(Vec<Request>, bool), Error> {
        let found = self.requests(wanted, BATCH)?;
        wanted.after = found.last().map(|last| (last.submitted, last.uuid)).or(wanted.after);
        let is_last = found.len() < BATCH;
        Ok((found, is_last))
    }

    /// A request about a card, or for its replacement, that has not ended; the oldest.
    pub(crate) fn open_request(&self, card: &Card) -> Result<Option<Request>, Error> {
        let (statuses, card) = (RequestStatus::OPEN.to_vec(), Some((card.id, card.uuid)));
        let found = self.requests(&WantedRequests { statuses, card, ..WantedRequests::default() }, 1)?;
        Ok(found.into_iter().next())
    }
}

impl Writing<'_> {
    /// Adds a request.
    pub(crate) fn add_request(&self, request: &Request) -> Result<(), Error> {
        self.writes.add_request(request)
    }

    /// Writes a request that has changed.
    pub(crate) fn update_request(&self, request: &Request) -> Result<(), Error> {
        self.writes.update_request(request)
    }
}
