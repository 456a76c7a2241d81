//! The rows, counts and facts of an operation for many cards.

use crate::frame::{size, structures};
use crate::lifecycle::{CardwrightVerdict, verdict_of};
use crate::number::{FateNumber, OperationNumber, RevocationReasonNumber, SystemNumber};
use crate::text::CardwrightText;
use cardwright::client::AnyClient;
use cardwright::client::bulk::{Bulk, Counts, Row};
use cardwright_core::Named as _;
use cardwright_core::lifecycle::{NativeState, Verdict};
use std::path::Path;

/// What has become of a card of a bulk operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightFate {
    /// Nothing was done yet.
    Planned = 1,
    /// Nothing will be done: the tables do not allow it.
    Skipped = 2,
    /// It was carried out: the card was read again, and is as the operation leaves it.
    Done = 3,
    /// MIM CM took the request; somebody must approve it. The next run carries it out if that was done.
    AwaitingApproval = 4,
    /// It was refused, or could not be begun.
    Failed = 5,
    /// It is not known whether it was carried out, or not yet. The next run reads the card.
    Unknown = 6,
    /// The server said yes, and the card was not read again, as `CARDWRIGHT_VERIFY_NEVER` asks.
    Accepted = 7,
}

/// How many cards of a bulk operation have which fate.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightBulkCounts {
    /// `sizeof(CardwrightBulkCounts)`, set by the caller.
    pub struct_size: u32,
    /// All cards.
    pub total: usize,
    /// Cards with which nothing was done yet.
    pub planned: usize,
    /// Cards with which nothing will be done.
    pub skipped: usize,
    /// Cards that are done.
    pub done: usize,
    /// Cards whose request waits for approval.
    pub awaiting_approval: usize,
    /// Cards that failed.
    pub failed: usize,
    /// Cards whose outcome is not known.
    pub unknown: usize,
    /// Cards that the server accepted, and that were not read again.
    pub accepted: usize,
}

/// A card of a bulk operation, and its outcome. Its texts belong to the operation; `words` and `request` stay until it is
/// run again, or its failed cards are put back.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightBulkRow {
    /// `sizeof(CardwrightBulkRow)`, set by the caller.
    pub struct_size: u32,
    /// What has become of it: a `CardwrightFate`.
    pub fate: FateNumber,
    /// 1 if `state` counts: it was known at the time of the plan.
    pub has_state: u32,
    /// A `CardwrightCardState` of CertiFlow or a `CardwrightSmartcardStatus` of MIM CM, at the time of the plan.
    pub state: u32,
    /// 1 if `verdict` counts: the state is known.
    pub has_verdict: u32,
    /// Why it was skipped, failed or is unknown: a `CardwrightCode`, or `CARDWRIGHT_OK`.
    pub code: i32,
    /// The HTTP status of the last answer to the operation; 0 if there is none.
    pub http_status: u32,
    /// How often the operation was sent.
    pub attempts: u32,
    /// The id in the system.
    pub id: CardwrightText,
    /// The serial number, as the system writes it.
    pub serial_number: CardwrightText,
    /// The card's holder; empty if the record does not say.
    pub holder: CardwrightText,
    /// The state at the time of the plan, in the system's word, or what the server sent.
    pub state_text: CardwrightText,
    /// Why it was skipped, failed or is unknown; empty otherwise.
    pub words: CardwrightText,
    /// The request of MIM CM; `data` is `NULL` if there is none.
    pub request: CardwrightText,
    /// What the tables say about the operation in that state.
    pub verdict: CardwrightVerdict,
}

/// What a bulk operation is. Its texts belong to the operation.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightBulkFacts {
    /// `sizeof(CardwrightBulkFacts)`, set by the caller.
    pub struct_size: u32,
    /// A `CardwrightSystem`.
    pub system: SystemNumber,
    /// A `CardwrightOperation`.
    pub operation: OperationNumber,
    /// 1 if `reason` counts.
    pub has_reason: u32,
    /// A `CardwrightRevocationReason` of CertiFlow.
    pub reason: RevocationReasonNumber,
    /// How many rows it has.
    pub count: usize,
    /// The comment for the requests of MIM CM.
    pub comment: CardwrightText,
    /// The base of the API of the server that it is for.
    pub server: CardwrightText,
    /// The journal; `data` is `NULL` if there is none.
    pub journal: CardwrightText,
}

structures!(CardwrightBulkCounts, CardwrightBulkRow, CardwrightBulkFacts);

pub(super) fn counts_of(counts: &Counts) -> CardwrightBulkCounts {
    CardwrightBulkCounts {
        struct_size: size::<CardwrightBulkCounts>(),
        total: counts.total(),
        planned: counts.planned,
        skipped: counts.skipped,
        done: counts.done,
        awaiting_approval: counts.awaiting_approval,
        failed: counts.failed,
        unknown: counts.unknown,
        accepted: counts.accepted,
    }
}

pub(super) fn row_of(row: &Row<'_>) -> CardwrightBulkRow {
    CardwrightBulkRow {
        struct_size: size::<CardwrightBulkRow>(),
        fate: row.fate.number(),
        has_state: row.state.is_some().into(),
        state: row.state.map_or(0, NativeState::number),
        has_verdict: row.verdict.is_some().into(),
        code: row.code.map_or(0, |code| code.number().into()),
        http_status: row.status.map_or(0, u32::from),
        attempts: row.attempts,
        id: CardwrightText::of(row.id),
        serial_number: CardwrightText::of(row.serial_number),
        holder: CardwrightText::of(row.holder),
        state_text: CardwrightText::of(row.state_text),
        words: CardwrightText::of(row.words),
        request: CardwrightText::of_any(row.request),
        verdict: verdict_of(row.verdict.unwrap_or(Verdict::Lacks)),
    }
}

pub(super) fn facts_of(bulk: &Bulk, client: &AnyClient) -> CardwrightBulkFacts {
    let job = bulk.job();
    CardwrightBulkFacts {
        struct_size: size::<CardwrightBulkFacts>(),
        system: client.system() as u32,
        operation: job.operation as u32,
        has_reason: job.reason.is_some().into(),
        reason: job.reason.map_or(0, |reason| reason as u32),
        count: bulk.rows().len(),
        comment: CardwrightText::of(&job.comment),
        server: CardwrightText::of(bulk.server()),
        // It was named by a text.
        journal: CardwrightText::of_any(bulk.journal().and_then(Path::to_str)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cardwright::client::bulk::Fate;

    #[test]
    fn fates_have_the_numbers_of_the_clients() {
        use CardwrightFate as F;
        let ours = [F::Planned, F::Skipped, F::Done, F::AwaitingApproval, F::Failed, F::Unknown, F::Accepted];
        let theirs = Fate::ALL.iter().map(|fate| (fate.number(), format!("{fate:?}")));
        assert!(ours.into_iter().map(|fate| (fate as u32, format!("{fate:?}"))).eq(theirs));
    }
}
