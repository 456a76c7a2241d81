//! A type of which the optimiser knows nothing, for functions that take somebody else's type.

use core::fmt::{self, Display, Write};
use core::hash::Hasher;
use core::marker::PhantomData;

use cardwright_core::apdu::Transmit;
use cardwright_core::http::{self, Route};
use cardwright_core::identity::{Find, Spelling};
use cardwright_core::json::{Cursor, FromJson, Kind, Scalar, Slot, Text};
use cardwright_core::{Error, Named};

use crate::outside::{any, give};

/// Stands for every type parameter. What it does nobody knows, but that it returns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Unknown(u8);

impl Display for Unknown {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        any()
    }
}

impl Write for Unknown {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        give((self, text));
        any()
    }
}

impl Hasher for Unknown {
    fn write(&mut self, bytes: &[u8]) {
        give((self, bytes));
    }

    fn finish(&self) -> u64 {
        any()
    }
}

impl AsMut<[u8]> for Unknown {
    fn as_mut(&mut self) -> &mut [u8] {
        any()
    }
}

impl Named for Unknown {
    const ALL: &'static [Self] = &[Unknown(0), Unknown(1), Unknown(2)];

    fn number(self) -> u32 {
        any()
    }

    fn name(self) -> &'static str {
        any()
    }

    fn from_number(number: i64) -> Option<Self> {
        give(number);
        any()
    }

    fn from_text(name: Text<'_>) -> Option<Self> {
        give(name);
        any()
    }

    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        give(scalar);
        any()
    }
}

impl<'a> FromJson<'a> for Unknown {
    fn from_json(cursor: &mut Cursor<'a>) -> Result<Self, Error> {
        give(cursor);
        any()
    }
}

impl<'a> Slot<'a> for Unknown {
    const KIND: Kind = Kind::List;

    fn read(raw: &'a str, at: Cursor<'a>) -> Self {
        give((raw, at));
        any()
    }
}

impl http::Call for Unknown {
    fn route(&self) -> &'static Route {
        any()
    }

    fn argument(&self, n: usize) -> &str {
        give(n);
        any()
    }

    fn query(&self, query: &mut http::Query<'_>) -> fmt::Result {
        give(query);
        any()
    }

    fn body(&self, out: &mut dyn Write) -> fmt::Result {
        give(out);
        any()
    }

    fn has_body(&self) -> bool {
        any()
    }
}

impl Transmit for Unknown {
    type Error = Unknown;

    fn transmit(&mut self, command: &[u8], response: &mut [u8]) -> Result<usize, Unknown> {
        give((command, response));
        any()
    }
}

impl Find for Unknown {
    type Record = Unknown;
    type Error = Unknown;

    fn find(&mut self, serial: &Spelling, found: &mut dyn FnMut(Unknown)) -> Result<(), Unknown> {
        give(serial);
        while any() {
            found(any());
        }
        any()
    }
}

impl core::error::Error for Unknown {}

/// An iterator over whatever there can be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Items<T>(PhantomData<T>);

impl<T> Iterator for Items<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        any()
    }
}

/// Has what a trait demands, and leaves it the functions that the trait brings itself.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Bare(Unknown);

impl Named for Bare {
    const ALL: &'static [Self] = &[Bare(Unknown(0)), Bare(Unknown(1))];

    fn number(self) -> u32 {
        self.0.number()
    }

    fn name(self) -> &'static str {
        self.0.name()
    }
}

impl http::Call for Bare {
    fn route(&self) -> &'static Route {
        self.0.route()
    }

    fn argument(&self, n: usize) -> &str {
        self.0.argument(n)
    }
}
