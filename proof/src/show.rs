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
        let _ = write!(sink, "{self} {self:>9.4}");
        let mut buffer = [0; 32];
        let _ = sink.write_str(self.copy_to(&mut buffer).unwrap_or("-"));
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
        let _ = write!(sink, "{self}{:?}", self.as_i64());
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
    let mut parts = core::str::from_utf8(input).unwrap_or_default().split('\0');
    core::array::from_fn(|_| parts.next().unwrap_or_default())
}
