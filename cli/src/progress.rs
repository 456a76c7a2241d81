//! How far long work is, on the error stream.
//!
//! Of a list one line, gone at the end, where the error stream is a terminal and the cards go elsewhere:
//! where both are the same terminal, the cards show by themselves how far it is. Of a bulk run a bar on
//! a terminal, and elsewhere a line now and then.

use crate::output::thousands;
use cardwright::client::bulk;
use std::io::{self, IsTerminal as _, Write};
use std::time::{Duration, Instant};

/// Nothing is said about work that is shorter.
const PATIENCE: Duration = Duration::from_millis(800);
/// How often the line is written anew.
const STEP: Duration = Duration::from_millis(200);

/// How far a list is.
pub(crate) struct Progress<W: Write> {
    /// Where to; `None` where nobody looks.
    out: Option<W>,
    started: Instant,
    next: Duration,
    shown: bool,
}

impl Progress<io::Stderr> {
    /// Of a list that is printed to the standard output.
    pub(crate) fn of_a_list() -> Self {
        let looked_at = io::stderr().is_terminal() && !io::stdout().is_terminal();
        Progress::to(looked_at.then(io::stderr))
    }
}

impl<W: Write> Progress<W> {
    fn to(out: Option<W>) -> Self {
        Progress { out, started: Instant::now(), next: PATIENCE, shown: false }
    }

    /// So many there are by now.
    pub(crate) fn count(&mut self, cards: usize) {
        if self.out.is_some() {
            self.show(cards, self.started.elapsed());
        }
    }

    fn show(&mut self, cards: usize, elapsed: Duration) {
        let Some(out) = self.out.as_mut().filter(|_| elapsed >= self.next) else { return };
        self.next = elapsed + STEP;
        self.shown = true;
        let rate = (cards as f64 / elapsed.as_secs_f64()) as usize;
        // Where the terminal is gone, the cards still matter.
        let _ = write!(out, "\r\x1b[K{} cards, {} a second", thousands(cards), thousands(rate));
        let _ = out.flush();
    }

    /// Takes the line away, before something else is said and at the end.
    pub(crate) fn clear(&mut self) {
        if let Some(out) = self.out.as_mut().filter(|_| self.shown) {
            let _ = write!(out, "\r\x1b[K");
            let _ = out.flush();
            self.shown = false;
        }
    }
}

/// How often a line is printed where there is no terminal.
const LINE: Duration = Duration::from_secs(10);
/// How wide the bar is.
const WIDTH: usize = 30;

/// How far a bulk run is.
pub(crate) struct Bar<W: Write> {
    out: W,
    is_terminal: bool,
    next: Duration,
    shown: bool,
}

impl Bar<io::Stderr> {
    pub(crate) fn to_stderr() -> Self {
        Bar::new(io::stderr(), io::stderr().is_terminal())
    }
}

impl<W: Write> Bar<W> {
    fn new(out: W, is_terminal: bool) -> Self {
        Bar { out, is_terminal, next: if is_terminal { STEP } else { LINE }, shown: false }
    }

    /// So far it is.
    pub(crate) fn show(&mut self, progress: &bulk::Progress) {
        if progress.elapsed < self.next {
            return;
        }
        let counts = progress.counts;
        let total = counts.total() - counts.skipped;
        let ended = total - counts.planned;
        let rate = thousands(progress.per_second as usize);
        let mut text = format!("{} of {}, {rate} a second", thousands(ended), thousands(total));
        for (cards, what) in [(counts.failed, "failed"), (counts.unknown, "unknown")] {
            if cards > 0 {
                text += &format!(", {} {what}", thousands(cards));
            }
        }
        if progress.waits {
            text += ", waits as the server asked";
        }
        // Where the terminal is gone, the run still matters.
        let _ = if self.is_terminal {
            self.next = progress.elapsed + STEP;
            self.shown = true;
            let full = ended * WIDTH / total.max(1);
            let (full, rest) = ("█".repeat(full), "░".repeat(WIDTH - full));
            write!(self.out, "\r\x1b[K{full}{rest} {text}")
        } else {
            self.next = progress.elapsed + LINE;
            writeln!(self.out, "{text}")
        };
        let _ = self.out.flush();
    }

    /// Takes the bar away.
    pub(crate) fn clear(&mut self) {
        if self.shown {
            let _ = write!(self.out, "\r\x1b[K");
            let _ = self.out.flush();
            self.shown = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_tells_its_count_and_rate_and_leaves_nothing_behind() {
        let mut out = Vec::new();
        let mut progress = Progress::to(Some(&mut out));
        progress.show(10, Duration::from_millis(100));
        progress.show(2000, Duration::from_secs(1));
        progress.show(2001, Duration::from_millis(1001));
        progress.show(6000, Duration::from_secs(2));
        progress.clear();
        progress.clear();
        let shown = String::from_utf8(out).expect("UTF-8");
        assert_eq!(shown, "\r\x1b[K2,000 cards, 2,000 a second\r\x1b[K6,000 cards, 3,000 a second\r\x1b[K");
    }

    #[test]
    fn nothing_is_said_where_nobody_looks_or_the_list_is_short() {
        let mut progress = Progress::<Vec<u8>>::to(None);
        progress.count(10);
        let mut out = Vec::new();
        let mut short = Progress::to(Some(&mut out));
        short.show(5, Duration::from_millis(799));
        short.clear();
        assert!(out.is_empty());
    }
}
