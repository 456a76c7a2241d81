//! Somebody else's static library in Rust: it has Rust's own library inside, threads, thread-local values and
//! panics that it catches, as libcardwright.a does.

use std::cell::Cell;
use std::collections::HashMap;

thread_local! {
    static COUNT: Cell<u32> = const { Cell::new(0) };
}

/// Counts up to `n` in a thread which then panics; what it has counted, or 0 if the panic was not caught as one.
#[no_mangle]
pub extern "C" fn other_count(n: u32) -> u32 {
    std::panic::set_hook(Box::new(|_| {}));
    let counted = std::thread::spawn(move || -> u32 {
        let numbers: HashMap<u32, String> = (0..n).map(|n| (n, n.to_string())).collect();
        for _ in &numbers {
            COUNT.with(|count| count.set(count.get() + 1));
        }
        std::panic::panic_any(COUNT.with(Cell::get))
    });
    match counted.join() {
        Err(counted) => counted.downcast_ref::<u32>().copied().unwrap_or(0),
        Ok(_) => 0,
    }
}
