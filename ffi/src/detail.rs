//! The detail of the last error, by thread.

use std::cell::{Cell, RefCell};
use std::error::Error;

thread_local! {
    /// Whether the call that is under way has recorded a detail.
    static RECORDED: Cell<bool> = const { Cell::new(false) };
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
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

/// The detail that this thread has; none if the thread is ending.
pub(crate) fn last() -> String {
    LAST.try_with(|last| last.borrow().clone()).unwrap_or_default()
}

/// A function failed: a detail that an earlier one recorded is not about it.
pub(crate) fn failed() {
    if !RECORDED.get() {
        change(String::clear);
    }
}

/// A call begins that may record a detail.
pub(crate) fn begin() {
    change(String::clear);
    RECORDED.set(false);
}

/// It ends; what it recorded stays.
pub(crate) fn end() {
    RECORDED.set(false);
}

/// A thread that is ending (in the destructor of one of its variables, or in what `atexit` calls) has no detail.
fn change(how: impl FnOnce(&mut String)) {
    let _ = LAST.try_with(|last| last.try_borrow_mut().map(|mut last| how(&mut last)));
}
