//! One operation for many cards: the plan, its journal, and the outcome of each card.
//!
//! What happens to which card is the client's own: here its plan is a handle, and its rows are structures.

mod run;
mod structures;

pub use run::*;
pub use structures::*;

use super::by_id::job;
use super::handle::{CardwrightClient, Shared, noted};
use crate::call::{CARDWRIGHT_MAX_TAGS, CardwrightQuery, query_of};
use crate::error::CardwrightError;
use crate::frame::{boundary_with_detail, from_c, nth, nullable, slice};
use crate::hosted::{free, handle, into_raw, read, write};
use crate::number::{OperationNumber, RevocationReasonNumber};
use crate::text::CardwrightText;
use cardwright::client::bulk::Bulk;
use cardwright::client::http::{self, Process};
use cardwright::client::{AnyClient, Canceler};
use cardwright_core::Error;
use std::path::Path;
use std::sync::{Arc, RwLock};

/// An operation for many cards: what is planned for each, and what has come of it. One call at a time may change it; it
/// keeps the client that it came from alive. After a fork it stays with the parent: in the child its rows can be read, and
/// nothing can be run.
#[derive(Debug)]
pub struct CardwrightBulk {
    process: Process,
    // Its client knows the rows of a status scheme that are in `_shared`: fields are dropped in this order.
    held: Arc<RwLock<Held>>,
    /// The same client with a canceler of its own.
    client: AnyClient,
    canceler: Canceler,
    _shared: Arc<Shared>,
}

/// What one call at a time may change.
#[derive(Debug)]
struct Held {
    bulk: Bulk,
    /// The words of what stopped the last run.
    words: String,
}

handle!(CardwrightBulk: Send + Sync);

impl CardwrightBulk {
    fn new(bulk: Bulk, client: &CardwrightClient) -> *mut CardwrightBulk {
        let shared = Arc::clone(&client.0);
        let (client, canceler) = shared.client.cancelable();
        let held = Arc::new(RwLock::new(Held { bulk, words: String::new() }));
        into_raw(CardwrightBulk { process: Process::current(), held, client, canceler, _shared: shared })
    }

    /// That it belongs to this process. The journal's lock does not tell two processes apart after a fork.
    fn here(&self) -> Result<(), Error> {
        if self.process.is_current() { Ok(()) } else { Err(noted(http::Error::other_process("a bulk run"))) }
    }
}

impl Drop for CardwrightBulk {
    fn drop(&mut self) {
        if !self.process.is_current() {
            // A thread of the parent's may have been in the middle of it: it is left as it is.
            core::mem::forget(Arc::clone(&self.held));
        }
    }
}

/// Plans an operation for the `count` cards with these ids: each is read, and nothing is sent that changes anything. A card
/// that comes twice counts once; one for which the client's `CardwrightCheck` stops the operation is skipped. `operation`,
/// `has_reason`, `reason` and `comment` are those of `cardwright_client_operate`. Free `*bulk` with
/// `cardwright_bulk_free`.
///
/// `CARDWRIGHT_CODE_NOT_FOUND` if the server does not have one of the cards, and nothing is planned then;
/// `cardwright_last_error` says which. `cardwright_client_cancel` ends the reading.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_bulk_of_ids(
    client: *const CardwrightClient, ids: *const CardwrightText, count: usize, operation: OperationNumber,
    has_reason: u32, reason: RevocationReasonNumber, comment: CardwrightText, bulk: *mut *mut CardwrightBulk,
    error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, given, comment, bulk) = (from_c!(client), slice!(ids, count), nullable!(comment), from_c!(bulk));
        let ids: Vec<&str> = given.iter().map(|id| Ok(from_c!(*id))).collect::<Result<_, Error>>()?;
        let job = job(operation, has_reason, reason, comment)?;
        let planned = Bulk::plan(&client.0, job, client.0.cards_by_id(ids)).map_err(noted)?;
        bulk.put(CardwrightBulk::new(planned, client));
    })
}

/// Plans an operation for the cards that a query finds, or for all cards with `NULL`, which in MIM CM are the caller's own;
/// else as `cardwright_bulk_of_ids`. Of a list that cannot be read whole, no part is planned. Look at the counts before
/// anything is run.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_bulk_of_query(
    client: *const CardwrightClient, query: *const CardwrightQuery, operation: OperationNumber, has_reason: u32,
    reason: RevocationReasonNumber, comment: CardwrightText, bulk: *mut *mut CardwrightBulk,
    error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, comment, bulk) = (from_c!(client), nullable!(comment), from_c!(bulk));
        let mut tags = [""; CARDWRIGHT_MAX_TAGS];
        let query = query_of(nullable!(query), &mut tags)?;
        let job = job(operation, has_reason, reason, comment)?;
        let planned = client.0.cards(query).and_then(|cards| Bulk::plan(&client.0, job, cards)).map_err(noted)?;
        bulk.put(CardwrightBulk::new(planned, client));
    })
}

/// Takes up the plan in a journal, whatever ended the run that wrote it; nothing is sent. Cards of which it does not tell
/// what became of them are `CARDWRIGHT_FATE_UNKNOWN` until the next run, which reads them before anything else.
/// `cardwright_bulk_facts` says which operation it is. Free `*bulk` with `cardwright_bulk_free`.
///
/// `CARDWRIGHT_CODE_JOURNAL` if it is of another server than the client's, is being used by another run, is damaged, or is
/// none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_bulk_resume(
    client: *const CardwrightClient, journal: CardwrightText, bulk: *mut *mut CardwrightBulk,
    error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, journal, bulk) = from_c!(client, journal, bulk);
        let planned = Bulk::resume(&client.0, Path::new(journal)).map_err(noted)?;
        bulk.put(CardwrightBulk::new(planned, client));
    })
}

/// Writes the plan into a new journal, a file that is not there yet: what is about to be sent is on the disk before it is
/// sent, so that `cardwright_bulk_resume` can go on with a run that was ended by anything, and no card is operated on
/// twice. The journal is this run's own until `cardwright_bulk_free`. It names cards and their holders, and nobody else
/// may read it (mode 0600).
///
/// `CARDWRIGHT_CODE_JOURNAL` if the file is there already or cannot be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_bulk_keep(
    bulk: *mut CardwrightBulk, journal: CardwrightText, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (bulk, journal) = from_c!(bulk, journal);
        bulk.here()?;
        write(&bulk.held)?.bulk.keep(Path::new(journal)).map_err(noted)?;
    })
}

/// Puts the cards that failed back among those that are planned, for the next run. A request of MIM CM that one of them
/// has is gone on with.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_bulk_retry_failed(bulk: *mut CardwrightBulk, error: *mut CardwrightError) -> i32 {
    boundary_with_detail!(error, {
        let bulk = from_c!(bulk);
        bulk.here()?;
        write(&bulk.held)?.bulk.retry_failed();
    })
}

/// Which operation it is, for how many cards, on which server, and in which journal.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_bulk_facts(
    bulk: *const CardwrightBulk, facts: *mut CardwrightBulkFacts, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (bulk, facts) = from_c!(bulk, facts);
        facts.put(facts_of(&read(&bulk.held)?.bulk, &bulk.client));
    })
}

/// How many cards have which fate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_bulk_counts(
    bulk: *const CardwrightBulk, counts: *mut CardwrightBulkCounts, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (bulk, counts) = from_c!(bulk, counts);
        counts.put(counts_of(&read(&bulk.held)?.bulk.counts()));
    })
}

/// A card by its index, from 0, in the order of the ids or of the list, and what has become of it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_bulk_row(
    bulk: *const CardwrightBulk, index: usize, row: *mut CardwrightBulkRow, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (bulk, row) = from_c!(bulk, row);
        row.put(row_of(&nth(read(&bulk.held)?.bulk.rows(), index)?));
    })
}

/// Frees an operation for many cards, which must not be running, and closes its journal; the texts of its rows become
/// invalid. `NULL` is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_bulk_free(bulk: *mut CardwrightBulk) {
    free!(bulk)
}
