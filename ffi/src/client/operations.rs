//! What may be done with a card.

use super::{CardwrightCard, CardwrightClient, noted};
use crate::boundary::{CardwrightError, CardwrightText, Output, size};
use crate::hosted::{give, handle, run, take_back};
use crate::lifecycle::{CardwrightVerdict, verdict_of};
use crate::names::nth;
use cardwright_client::Listed;
use cardwright_core::lifecycle::Verdict;

/// What may be done with a card. It may be shared between threads.
#[derive(Debug)]
pub struct CardwrightOperations(Vec<Listed>);

/// An operation that may be done with a card.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightListed {
    /// `sizeof(CardwrightListed)`, set by the caller.
    pub struct_size: u32,
    /// A `CardwrightOperation`; 0 for what the server lists and this library does not carry out.
    pub operation: u32,
    /// 1 where the server itself listed it, as MIM CM does; 0 where the tables have it.
    pub by_server: u32,
    /// 1 where `verdict` says something: state and operation are known.
    pub has_verdict: u32,
    /// The system's own word; it lies in the list.
    pub word: CardwrightText,
    /// What the tables say.
    pub verdict: CardwrightVerdict,
}

/// What may be done with a card: as the server lists it for this account in MIM CM, as the tables have it in
/// CertiFlow, whose server does not tell. `*operations` is the caller's, for `cardwright_operations_free`, and
/// `*count` is how many there are.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_operations(
    client: *const CardwrightClient,
    card: *const CardwrightCard,
    operations: *mut *mut CardwrightOperations,
    count: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: client and card stay for the call; the outputs are there to be written to.
        let (client, card, place, count) =
            unsafe { (handle(client)?, handle(card)?, Output::new(operations)?, Output::new(count)?) };
        let listed = client.0.operations(&card.0).map_err(noted)?;
        count.put(listed.len());
        place.put(give(CardwrightOperations(listed)));
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// An operation of a list by its index, from 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_operations_at(
    operations: *const CardwrightOperations,
    index: usize,
    listed: *mut CardwrightListed,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the list is there to be read, the structure to be written to.
        let (list, place) = unsafe { (handle(operations)?, Output::structure(listed)?) };
        let one = nth(list.0.iter(), index)?;
        place.put(CardwrightListed {
            struct_size: size::<CardwrightListed>(),
            operation: one.operation.map_or(0, |operation| operation as u32),
            by_server: one.by_server.into(),
            has_verdict: one.verdict.is_some().into(),
            word: CardwrightText::within(&one.word),
            verdict: verdict_of(one.verdict.unwrap_or(Verdict::Lacks)),
        });
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// Takes a list of operations back; its words are of no use any more. `NULL` is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_operations_free(operations: *mut CardwrightOperations) {
    // SAFETY: what a function of this library gave away, once.
    unsafe { take_back(operations) }
}
