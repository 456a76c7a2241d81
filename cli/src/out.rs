//! What the command prints: the standard output, whose errors count, and the error stream, whose errors do not.
//!
//! Nothing else in this crate writes to either. A full disk is an error of the command; a reader that went away
//! (`| head`) ends it quietly. Where the error stream cannot be written there is nobody left to tell.

use crate::style::escape_json;
use anstream::AutoStream;
use std::fmt::{Arguments, Display};
use std::io::{self, IsTerminal as _, StdoutLock, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// Prints a line to the standard output; an [`io::Result`].
macro_rules! say {
    ($($text:tt)*) => { $crate::out::line(format_args!($($text)*)) };
}

/// Prints a line to the error stream, if that can be written.
macro_rules! tell {
    ($($text:tt)*) => { $crate::out::told(format_args!($($text)*)) };
}

/// Prints a line to the error stream that is only for a person who waits: nothing with `--quiet`.
macro_rules! remark {
    ($($text:tt)*) => { if !$crate::out::is_quiet() { $crate::out::told(format_args!($($text)*)) } };
}

pub(crate) use {remark, say, tell};

/// Whether remarks are left out.
static QUIET: AtomicBool = AtomicBool::new(false);

/// Says whether this command leaves out remarks.
pub(crate) fn be_quiet(quiet: bool) {
    QUIET.store(quiet, Ordering::Relaxed);
}

/// Whether this command leaves out remarks.
pub(crate) fn is_quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// The standard output. Its errors say that they are about the output.
pub(crate) struct Out<W: Write>(W);

/// The standard output for text: colours are left out where nobody sees them.
pub(crate) fn text() -> Out<AutoStream<StdoutLock<'static>>> {
    Out(anstream::stdout().lock())
}

/// The standard output for data, which is written as it is.
pub(crate) fn data() -> Out<StdoutLock<'static>> {
    Out(io::stdout().lock())
}

/// Whether the standard output is a terminal.
pub(crate) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Prints an object in JSON. On a terminal no character of it steers the terminal.
///
/// # Errors
/// Where it cannot be written.
pub(crate) fn json(object: &impl Display) -> io::Result<()> {
    let mut out = data();
    writeln!(out, "{}", json_text(object))?;
    out.flush()
}

/// An object in JSON as the standard output gets it.
pub(crate) fn json_text(object: &impl Display) -> String {
    let object = object.to_string();
    if is_terminal() { escape_json(&object).into_owned() } else { object }
}

/// Prints what was done, in JSON. Where it cannot be written it is told on the error stream: it must not be lost. A
/// reader that went away did not want to know.
///
/// # Errors
/// Where it cannot be written.
pub(crate) fn result_json(object: &impl Display) -> io::Result<()> {
    json(object).inspect_err(|error| {
        if error.kind() != io::ErrorKind::BrokenPipe {
            told_json(object);
        }
    })
}

/// Prints what was done, in a line or several; as [`result_json`].
///
/// # Errors
/// Where it cannot be written.
pub(crate) fn result(text: Arguments<'_>) -> io::Result<()> {
    line(text).inspect_err(|error| {
        if error.kind() != io::ErrorKind::BrokenPipe {
            told(text);
        }
    })
}

/// Prints a line of text.
///
/// # Errors
/// Where it cannot be written.
pub(crate) fn line(text: Arguments<'_>) -> io::Result<()> {
    let mut out = self::text();
    writeln!(out, "{text}")?;
    out.flush()
}

/// Prints a line to the error stream.
pub(crate) fn told(text: Arguments<'_>) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Prints an object in JSON to the error stream.
pub(crate) fn told_json(object: &impl Display) {
    let object = object.to_string();
    let object = if io::stderr().is_terminal() { escape_json(&object) } else { object.into() };
    let _ = writeln!(io::stderr().lock(), "{object}");
}

/// As [`told_json`]; nothing with `--quiet`.
pub(crate) fn remark_json(object: &impl Display) {
    if !is_quiet() {
        told_json(object);
    }
}

/// Writes what the standard library still holds back.
///
/// # Errors
/// Where it cannot be written.
pub(crate) fn flush() -> io::Result<()> {
    data().flush()
}

impl<W: Write> Write for Out<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).map_err(about_output)
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes).map_err(about_output)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().map_err(about_output)
    }
}

fn about_output(error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("the output cannot be written: {error}"))
}
