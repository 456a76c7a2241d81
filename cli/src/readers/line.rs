//! A line of what `watch` prints.

use crate::style::{END, KEY, escape_controls};
use anstyle::Style;
use cardwright::now;
use std::io::Write;

/// Prints what happened at a reader, with the time.
pub(super) fn line(out: &mut impl Write, what: &str, style: Style, reader: &str, more: &str) -> std::io::Result<()> {
    let (reader, more) = (escape_controls(reader), escape_controls(more));
    let line = format!("{KEY}{}{END}  {style}{what:<10}{END}  {reader}  {more}", now());
    writeln!(out, "{}", line.trim_end())
}
