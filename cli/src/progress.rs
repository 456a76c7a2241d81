//! The progress of long work, on the error stream.
//!
//! For a list it is one line, gone at the end, if the error stream is a terminal and the cards go elsewhere: on
//! the same terminal the cards themselves show the progress. For a bulk run it is a bar on a terminal, and
//! elsewhere a line now and then.

use crate::out::is_quiet;
use crate::output::thousands;
use cardwright::client::bulk;
use std::io::{self, IsTerminal as _, Write};
use std::time::{Duration, Instant};

/// Nothing is said about work that is shorter.
const PATIENCE: Duration = Duration::from_millis(800);
/// How often the line is written anew.
const STEP: Duration = Duration::from_millis(200);

/// A line that is written over. If the terminal is gone, the work still matters: errors are ignored.
struct StatusLine<W: Write> {
    out: W,
    /// When it is next written.
    next: Duration,
    shown: bool,
}

impl<W: Write> StatusLine<W> {
    fn show(&mut self, text: &str) {
        self.shown = true;
        let _ = write!(self.out, "\r\x1b[K{text}").and_then(|()| self.out.flush());
    }

    fn clear(&mut self) {
        if std::mem::take(&mut self.shown) {
            let _ = write!(self.out, "\r\x1b[K").and_then(|()| self.out.flush());
        }
    }
}

/// The progress of a list.
pub(crate) struct Progress<W: Write> {
    /// `None` where nobody would see it.
    line: Option<StatusLine<W>>,
    started: Instant,
}

impl Progress<io::Stderr> {
    /// Of a list that is printed to the standard output.
    pub(crate) fn of_a_list() -> Self {
        let is_seen = io::stderr().is_terminal() && !io::stdout().is_terminal() && !is_quiet();
        Progress::to(is_seen.then(io::stderr))
    }
}

impl Progress<io::Stderr> {
    /// Of work that prints nothing until its end.
    pub(crate) fn of_other_work() -> Self {
        Progress::to((io::stderr().is_terminal() && !is_quiet()).then(io::stderr))
    }
}

impl<W: Write> Progress<W> {
    fn to(out: Option<W>) -> Self {
        let line = out.map(|out| StatusLine { out, next: PATIENCE, shown: false });
        Progress { line, started: Instant::now() }
    }

    /// Shows a text.
    pub(crate) fn say(&mut self, text: &str) {
        let elapsed = self.started.elapsed();
        if let Some(line) = self.line.as_mut().filter(|line| elapsed >= line.next) {
            line.next = elapsed + STEP;
            line.show(text);
        }
    }

    /// Shows the number of cards.
    pub(crate) fn count(&mut self, cards: usize) {
        if self.line.is_some() {
            self.show(cards, self.started.elapsed());
        }
    }

    fn show(&mut self, cards: usize, elapsed: Duration) {
        let Some(line) = self.line.as_mut().filter(|line| elapsed >= line.next) else { return };
        line.next = elapsed + STEP;
        let rate = (cards as f64 / elapsed.as_secs_f64()) as usize;
        line.show(&format!("{} cards, {} a second", thousands(cards), thousands(rate)));
    }

    /// Removes the line, before something else is printed and at the end.
    pub(crate) fn clear(&mut self) {
        if let Some(line) = &mut self.line {
            line.clear();
        }
    }
}

/// How often a line is printed where there is no terminal.
const LINE: Duration = Duration::from_secs(10);
/// How wide the bar is.
const WIDTH: usize = 30;

/// The progress of a bulk run.
pub(crate) struct Bar {
    line: StatusLine<io::Stderr>,
    is_terminal: bool,
}

impl Bar {
    pub(crate) fn to_stderr() -> Self {
        let is_terminal = io::stderr().is_terminal();
        let next = match is_terminal {
            _ if is_quiet() => Duration::MAX,
            true => STEP,
            false => LINE,
        };
        Bar { line: StatusLine { out: io::stderr(), next, shown: false }, is_terminal }
    }

    pub(crate) fn show(&mut self, progress: &bulk::Progress) {
        if progress.elapsed < self.line.next {
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
        if self.is_terminal {
            self.line.next = progress.elapsed + STEP;
            let full = ended * WIDTH / total.max(1);
            self.line.show(&format!("{}{} {text}", "█".repeat(full), "░".repeat(WIDTH - full)));
        } else {
            self.line.next = progress.elapsed + LINE;
            let _ = writeln!(self.line.out, "{text}");
        }
    }

    pub(crate) fn clear(&mut self) {
        self.line.clear();
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
