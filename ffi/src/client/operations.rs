//! What may be done with a card.

use super::card::CardwrightCard;
use super::handle::{CardwrightClient, noted};
use crate::error::CardwrightError;
use crate::frame::{boundary_with_detail, from_c, nth, size, structures};
use crate::hosted::{free, handle, into_raw};
use crate::lifecycle::{CardwrightVerdict, verdict_of};
use crate::text::CardwrightText;
use cardwright::client::Listed;
use cardwright_core::lifecycle::Verdict;

/// What may be done with a card. It may be shared between threads.
#[derive(Debug)]
pub struct CardwrightOperations(Vec<Listed>);

handle!(CardwrightOperations: Send + Sync);

/// An operation that may be done with a card.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightListed {
    /// `sizeof(CardwrightListed)`, set by the caller.
    pub struct_size: u32,
    /// A `CardwrightOperation`; 0 for one that the server lists and this library cannot perform.
    pub operation: u32,
    /// 1 if the server itself listed it, as MIM CM does; 0 if it comes from the tables.
    pub by_server: u32,
    /// 1 if `verdict` counts: state and operation are known.
    pub has_verdict: u32,
    /// The system's own word; it belongs to the list.
    pub word: CardwrightText,
    /// What the tables say.
    pub verdict: CardwrightVerdict,
}

structures!(CardwrightListed { operation, by_server, has_verdict, word, verdict });

/// What may be done with a card: in MIM CM as the server lists it for this account, in CertiFlow, whose server does
/// not say, by the tables. `*count` is the number of operations. Free `*operations` with
/// `cardwright_operations_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_operations(
    client: *const CardwrightClient, card: *const CardwrightCard, operations: *mut *mut CardwrightOperations,
    count: *mut usize, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, card, operations, count) = from_c!(client, card, operations, count);
        let listed = client.0.operations(&card.0).map_err(noted)?;
        count.put(listed.len());
        operations.put(into_raw(CardwrightOperations(listed)));
    })
}

/// An operation of a list by its index, from 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_operations_at(
    operations: *const CardwrightOperations, index: usize, listed: *mut CardwrightListed, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (list, listed) = from_c!(operations, listed);
        let one = nth(list.0.iter(), index)?;
        listed.put(CardwrightListed {
            struct_size: size::<CardwrightListed>(),
            operation: one.operation.map_or(0, |operation| operation as u32),
            by_server: one.by_server.into(),
            has_verdict: one.verdict.is_some().into(),
            word: CardwrightText::of(&one.word),
            verdict: verdict_of(one.verdict.unwrap_or(Verdict::Lacks)),
        });
    })
}

/// Frees a list of operations; its words become invalid. `NULL` is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_operations_free(operations: *mut CardwrightOperations) {
    free!(operations)
}
