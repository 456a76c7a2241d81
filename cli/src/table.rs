//! Tables whose rows come one by one.
//!
//! The widths are those of the first rows; a longer text later stands out, but nothing is cut and
//! nothing is kept: a list of a million cards prints as it arrives.

use crate::style::{BOLD, END, escape_controls};
use anstyle::Style;
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr as _;

/// How many rows are looked at for the widths.
const LOOKED_AT: usize = 100;

/// A cell: a text and its colour.
pub(crate) struct Cell(pub(crate) String, pub(crate) Style);

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Cell(text.into(), Style::new())
    }
}

/// A table that is being printed.
pub(crate) struct Table<W: Write> {
    out: W,
    head: Vec<&'static str>,
    widths: Vec<usize>,
    waiting: Vec<Vec<Cell>>,
    printing: bool,
}

impl<W: Write> Table<W> {
    pub(crate) fn new(out: W, head: &[&'static str]) -> Self {
        let widths = head.iter().map(|name| name.width()).collect();
        Table { out, head: head.to_vec(), widths, waiting: Vec::new(), printing: false }
    }

    /// The same without the names of the columns.
    pub(crate) fn without_head(mut self) -> Self {
        self.head.clear();
        self
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: Vec<Cell>) -> io::Result<()> {
        if self.printing {
            return self.print(&cells);
        }
        for (width, Cell(text, _)) in self.widths.iter_mut().zip(&cells) {
            *width = (*width).max(escape_controls(text).width());
        }
        self.waiting.push(cells);
        if self.waiting.len() == LOOKED_AT { self.start() } else { Ok(()) }
    }

    /// Prints what still waits.
    pub(crate) fn end(mut self) -> io::Result<()> {
        if !self.printing && !self.waiting.is_empty() {
            self.start()?;
        }
        self.out.flush()
    }

    fn start(&mut self) -> io::Result<()> {
        self.printing = true;
        if self.head.is_empty() {
            return std::mem::take(&mut self.waiting).iter().try_for_each(|row| self.print(row));
        }
        let head: Vec<Cell> = self.head.iter().map(|name| Cell(name.to_string(), BOLD)).collect();
        self.print(&head)?;
        for row in std::mem::take(&mut self.waiting) {
            self.print(&row)?;
        }
        Ok(())
    }

    fn print(&mut self, cells: &[Cell]) -> io::Result<()> {
        let mut line = String::new();
        let last = cells.len().saturating_sub(1);
        for (n, Cell(text, style)) in cells.iter().enumerate() {
            let text = escape_controls(text);
            line.push_str(&format!(
                "{style}{text}{}",
                if *style == Style::new() { String::new() } else { END.to_string() }
            ));
            if n < last {
                let width = self.widths.get(n).copied().unwrap_or(0);
                line.push_str(&" ".repeat(width.saturating_sub(text.width()) + 2));
            }
        }
        writeln!(self.out, "{}", line.trim_end())
    }
}
