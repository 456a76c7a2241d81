//! What is told to `tracing` of more than one request.

use crate::error::Error;
use crate::outcome::{Ending, Outcome};
use cardwright_core::Named as _;
use cardwright_core::lifecycle::Operation;

/// The same work for another thread, within this one's span and under its subscriber.
pub(crate) fn here<T>(work: impl FnOnce() -> T) -> impl FnOnce() -> T {
    let dispatch = tracing::dispatcher::get_default(Clone::clone);
    let span = tracing::Span::current();
    move || tracing::dispatcher::with_default(&dispatch, || span.in_scope(work))
}

/// Tells how an operation on a card ended, or why it was not begun.
pub(crate) fn ended<C>(
    card: &str,
    operation: Operation,
    ended: Result<Outcome<C>, Error>,
) -> Result<Outcome<C>, Error> {
    let operation = operation.name();
    match &ended {
        Ok(outcome) => {
            let (result, status, request) = (outcome.ending.name(), outcome.status, outcome.request.as_deref());
            let error = outcome.error.as_ref().filter(|_| !outcome.is_success());
            let (code, why) = (error.map(|error| error.code().number()), error.map(|error| error.code().text()));
            match outcome.ending {
                Ending::Done | Ending::Accepted | Ending::AwaitingApproval => {
                    tracing::info!(card, operation, result, status, request, "an operation ended");
                }
                _ => tracing::warn!(card, operation, result, status, request, code, why, "an operation ended"),
            }
        }
        Err(error) => {
            let (code, why) = (error.code().number(), error.code().text());
            tracing::warn!(card, operation, code, why, "an operation was not begun");
        }
    }
    ended
}
