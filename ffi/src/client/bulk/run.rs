//! Running an operation for many cards, and stopping it.

use super::CardwrightBulk;
use super::structures::{CardwrightBulkCounts, counts_of};
use crate::client::handle::noted;
use crate::error::CardwrightError;
use crate::frame::{boundary_with_detail, from_c, nullable, size, structures};
use crate::hosted::{Context, Line, milliseconds, on_own_thread_asking, read, write};
use crate::number::StoppedNumber;
use crate::text::CardwrightText;
use cardwright::client::bulk::{Pace, Progress, Ran};
use cardwright_core::{Error, Named as _};
use core::ffi::c_void;
use core::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

/// How a run proceeds: its pace, and what stops it. Zero all of it, then set `struct_size`; a number that is 0 leaves the
/// default.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightBulkOptions {
    /// `sizeof(CardwrightBulkOptions)`.
    pub struct_size: u32,
    /// How many cards are sent or read at the same time, 1 to 1,024; each takes a thread. Default: 8.
    pub concurrency: u32,
    /// How often a card's operation is sent at most, if the server asks to wait and the card is as before each time.
    /// Default: 5.
    pub attempts: u32,
    /// The longest wait that the server may ask for by `Retry-After`, in milliseconds; a longer one stops the run. Default:
    /// 5 minutes.
    pub longest_wait: u32,
    /// The number of cards that go first, one by one; if one of them is not done, the run stops. Default: none.
    pub canary: u32,
    /// 1 if `max_failures` counts: 0 is one of its values.
    pub has_max_failures: u32,
    /// The run stops when more cards than this have failed or are unknown. Default: no limit.
    pub max_failures: u32,
    /// The most operations a second on average, such as 0.5 or 200; retries count. Default: no limit.
    pub rate: f64,
}

/// How far a run is. It belongs to the library, and stays until the function that it was passed to returns.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightBulkProgress {
    /// `sizeof(CardwrightBulkProgress)` of the library.
    pub struct_size: u32,
    /// 1 if the run is paused, because the server asked for it.
    pub waits: u32,
    /// How many cards have which fate, earlier runs included.
    pub counts: *const CardwrightBulkCounts,
    /// How long this run has taken, in milliseconds.
    pub elapsed: u64,
    /// How many cards a second this run has ended, on average.
    pub per_second: f64,
}

/// A function of the program that is told how far a run is: at once, about ten times a second, and at the end. It is
/// called on the thread that called `cardwright_bulk_run`. It returns 0 for the run to go on; anything else stops it: cards that are under way
/// come to their end, and no other is begun. It may call the library, but not with the operation that runs, except
/// `cardwright_bulk_cancel`. It must return, and not by `longjmp` or an exception.
pub type CardwrightProgress =
    Option<unsafe extern "C" fn(context: *mut c_void, progress: *const CardwrightBulkProgress) -> i32>;

/// Why a run ended before every card was looked at. The cards that are left stay as they are, for the next run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightStopped {
    /// Somebody asked for it.
    Canceled = 1,
    /// One of the first cards was not done.
    Canary = 2,
    /// Too many cards failed or are unknown.
    Failures = 3,
    /// The server cannot be reached.
    Unreachable = 4,
    /// The server does not accept the sign-in, or the issuer gives no token: more attempts could lock the account.
    SignIn = 5,
    /// The server asks for a longer wait than `longest_wait`.
    Busy = 6,
    /// The journal cannot be written.
    Journal = 7,
}

/// How a run ended. Its texts belong to the operation, until it is run again.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightBulkEnd {
    /// `sizeof(CardwrightBulkEnd)`, set by the caller.
    pub struct_size: u32,
    /// 0 if every card was looked at, else why not: a `CardwrightStopped`.
    pub stopped: StoppedNumber,
    /// The code of the error that stopped it, or `CARDWRIGHT_OK`.
    pub code: i32,
    /// The HTTP status of that error; 0 if there is none.
    pub http_status: u32,
    /// How long the run took, in milliseconds.
    pub elapsed: u64,
    /// That error in words; empty if there is none.
    pub words: CardwrightText,
}

structures!(
    CardwrightBulkOptions { concurrency, attempts, longest_wait, canary, has_max_failures, max_failures, rate }
    CardwrightBulkProgress { waits, counts, elapsed, per_second }
    CardwrightBulkEnd { stopped, code, http_status, elapsed, words }
);

/// Carries out what is planned, reads the cards whose outcome is not known, and goes on with requests of MIM CM that waited
/// for approval. It returns when all is done, or when `end->stopped` says why it was not: in both cases with
/// `CARDWRIGHT_OK`. That a card failed is no error: `cardwright_bulk_counts` and `cardwright_bulk_row` tell.
///
/// `options` may be `NULL` for the defaults, `progress` for none; it is passed `context`. Without a journal
/// (`cardwright_bulk_keep`), a run that is killed cannot be resumed.
///
/// `CARDWRIGHT_CODE_SETTING` for options that cannot be used. In a child after a fork `CARDWRIGHT_CODE_ARGUMENT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_bulk_run(
    bulk: *mut CardwrightBulk, options: *const CardwrightBulkOptions, progress: CardwrightProgress,
    context: *mut c_void, end: *mut CardwrightBulkEnd, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (bulk, options, end) = (from_c!(bulk), nullable!(options), from_c!(end));
        let pace = options.as_deref().map_or_else(Pace::default, pace_of);
        let context = Context::new(context);
        bulk.here()?;
        let (held, client) = (Arc::clone(&bulk.held), bulk.client.clone());
        let run = move |line: &Line<Progress, ControlFlow<()>>| {
            let mut held = write(&held, "bulk")?;
            let ran = held.bulk.run(&client, &pace, |now| line.ask(*now).unwrap_or(ControlFlow::Break(())));
            let error = ran.as_ref().ok().and_then(|ran| ran.error.as_ref());
            held.words = error.map(|error| error.unmasked().to_string()).unwrap_or_default();
            Ok::<_, Error>(ran)
        };
        let ran = on_own_thread_asking("bulk", run, |now| match progress {
            // What waits at the gate sees no canceler.
            _ if bulk.canceler.is_canceled() => ControlFlow::Break(()),
            // SAFETY: the program passed this function together with its context; what it is passed lives until it
            // returns.
            Some(tell) => told(&now, |now| unsafe { tell(context.pointer(), now) }),
            None => ControlFlow::Continue(()),
        });
        let Ran { stopped, error, elapsed, .. } = ran??.map_err(noted)?;
        end.put(CardwrightBulkEnd {
            struct_size: size::<CardwrightBulkEnd>(),
            stopped: stopped.map_or(0, |why| why.number()),
            code: error.as_ref().map_or(0, |error| error.code().number().into()),
            http_status: error.as_ref().and_then(|error| error.status()).map_or(0, u32::from),
            elapsed: milliseconds_of(elapsed),
            words: CardwrightText::of(&read(&bulk.held, "bulk")?.words),
        });
    })
}

/// Stops a run at once and for good, from any thread: what is under way is not waited for, and every later run of this
/// operation ends at once too. Cards of which nobody knows then whether they were operated on are
/// `CARDWRIGHT_FATE_UNKNOWN`; after `cardwright_bulk_resume`, a run reads them. To let what is under way come to its end,
/// return something other than 0 from the `CardwrightProgress`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_bulk_cancel(bulk: *const CardwrightBulk, error: *mut CardwrightError) -> i32 {
    boundary_with_detail!(error, {
        from_c!(bulk).canceler.cancel();
    })
}

fn pace_of(given: &CardwrightBulkOptions) -> Pace {
    let default = Pace::default();
    let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    Pace {
        concurrency: if given.concurrency == 0 { default.concurrency } else { count(given.concurrency) },
        rate: (given.rate != 0.0).then_some(given.rate),
        canary: count(given.canary),
        max_failures: (given.has_max_failures != 0).then(|| count(given.max_failures)),
        attempts: if given.attempts == 0 { default.attempts } else { given.attempts },
        longest_wait: milliseconds(given.longest_wait, default.longest_wait),
    }
}

/// Tells a function of the program how far it is.
fn told(now: &Progress, tell: impl FnOnce(&CardwrightBulkProgress) -> i32) -> ControlFlow<()> {
    let counts = counts_of(&now.counts);
    let goes_on = tell(&CardwrightBulkProgress {
        struct_size: size::<CardwrightBulkProgress>(),
        waits: now.waits.into(),
        counts: &raw const counts,
        elapsed: milliseconds_of(now.elapsed),
        per_second: now.per_second,
    });
    if goes_on == 0 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
}

fn milliseconds_of(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cardwright::client::bulk::Stopped;

    #[test]
    fn what_stops_a_run_has_the_numbers_of_the_clients() {
        use CardwrightStopped as S;
        let ours = [S::Canceled, S::Canary, S::Failures, S::Unreachable, S::SignIn, S::Busy, S::Journal];
        let theirs = Stopped::ALL.iter().map(|why| (why.number(), format!("{why:?}")));
        assert!(ours.into_iter().map(|why| (why as u32, format!("{why:?}"))).eq(theirs));
    }
}
