//! The detail of the last error, by thread.

use core::ffi::c_char;
use std::cell::{Cell, RefCell};
use std::error::Error;

thread_local! {
    /// Whether the call that is under way has recorded a detail.
    static RECORDED: Cell<bool> = const { Cell::new(false) };
    /// Why it refuses an argument.
    static REASON: Cell<&'static str> = const { Cell::new("") };
    /// The status with which a server refused.
    static STATUS: Cell<u16> = const { Cell::new(0) };
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs the body of a function. If it fails and has recorded no detail, its error says what there is to say.
#[inline]
pub(crate) fn of(body: impl FnOnce() -> Result<(), cardwright_core::Error>) -> Result<(), cardwright_core::Error> {
    // The function may have been called from the log, in the middle of another one.
    let outer = RECORDED.replace(false);
    REASON.set("");
    let result = body();
    if let Err(error) = &result {
        failed(error);
    }
    RECORDED.set(outer);
    result
}

#[cold]
fn failed(error: &cardwright_core::Error) {
    if !RECORDED.get() {
        STATUS.set(0);
        words(match REASON.get() {
            "" => error.to_string(),
            reason => format!("{error} ({reason})"),
        });
    }
}

/// A function of a client or a reader begins: an earlier error is none of its own.
pub(crate) fn begin() {
    change(String::clear);
    STATUS.set(0);
}

/// Records why an argument is refused.
pub(crate) fn because(reason: &'static str) {
    REASON.set(reason);
}

/// Records the detail of an error: its text, and those of its sources.
pub(crate) fn record(error: &dyn Error) {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let more = error.to_string();
        if !text.contains(&more) {
            text = text + ": " + &more;
        }
        source = error.source();
    }
    words(text);
}

/// Records a detail.
pub(crate) fn words(text: String) {
    change(|last| *last = text);
    RECORDED.set(true);
}

/// Records the status with which a server refused.
#[cfg(feature = "client")]
pub(crate) fn refusal(status: Option<u16>) {
    STATUS.set(status.unwrap_or(0));
}

/// The detail that this thread has; none if the thread is ending.
pub(crate) fn last() -> String {
    LAST.try_with(|last| last.borrow().clone()).unwrap_or_default()
}

/// Where the detail stands until it is replaced, and how long it is.
pub(crate) fn place() -> (*const c_char, usize) {
    let place = LAST.try_with(|last| last.try_borrow().map(|last| (last.as_ptr().cast(), last.len())));
    place.ok().and_then(Result::ok).unwrap_or((c"".as_ptr(), 0))
}

/// The HTTP status that belongs to the detail, or 0.
pub(crate) fn http_status() -> u32 {
    STATUS.get().into()
}

/// A thread that is ending (in the destructor of one of its variables, or in what `atexit` calls) has no detail.
fn change(how: impl FnOnce(&mut String)) {
    let _ = LAST.try_with(|last| last.try_borrow_mut().map(|mut last| how(&mut last)));
}
