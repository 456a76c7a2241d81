//! Writing whatever a view's getters return, and taking arguments out of an input.

use core::fmt::Write;

use cardwright_core::json::{FromJson, List, Scalar, Text};
use cardwright_core::{Known, Named};

use crate::sink::Sink;

/// Something that a getter returns.
pub(crate) trait Show {
    /// Writes all of it, decoded.
    fn show(self, sink: &mut Sink);
}

impl Show for Text<'_> {
    fn show(self, sink: &mut Sink) {
        let _ = write!(sink, "{self}");
    }
}

impl Show for Option<Text<'_>> {
    fn show(self, sink: &mut Sink) {
        if let Some(text) = self {
            text.show(sink);
        }
    }
}

impl Show for Scalar<'_> {
    fn show(self, sink: &mut Sink) {
        let _ = write!(sink, "{self}");
        sink.add(self.as_i64().map_or(0, |number| number as usize));
    }
}

impl<T: Named> Show for Known<'_, T> {
    fn show(self, sink: &mut Sink) {
        let _ = write!(sink, "{self}{}", self.known().map_or("-", Named::name));
    }
}

impl<'a, T: FromJson<'a> + Show> Show for List<'a, T> {
    fn show(self, sink: &mut Sink) {
        for item in self {
            match item {
                Ok(item) => item.show(sink),
                Err(error) => {
                    let _ = write!(sink, "{error}");
                }
            }
        }
    }
}

/// The input as so many texts, apart by NUL; those that are not there are empty.
pub(crate) fn texts<const N: usize>(input: &[u8]) -> [&str; N] {
    let mut rest = core::str::from_utf8(input).unwrap_or_default();
    // `str::split` cannot be proved free of panics.
    core::array::from_fn(|_| {
        let end = rest.bytes().position(|byte| byte == 0).unwrap_or(rest.len());
        let text = rest.get(..end).unwrap_or_default();
        rest = rest.get(end.wrapping_add(1)..).unwrap_or_default();
        text
    })
}
