//! A type of which the optimiser knows nothing, for functions that take somebody else's type.

use core::fmt::{self, Display, Write};
use core::hash::Hasher;
use core::marker::PhantomData;

use cardwright_core::apdu::Transmit;
use cardwright_core::http::{self, Route};
use cardwright_core::identity::{Find, Spelling};
use cardwright_core::json::{Cursor, FromJson, Kind, Scalar, Slot, Text};
use cardwright_core::{Error, Named};
use serde::{Serialize, Serializer, ser};

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

impl Serialize for Unknown {
    /// As any of what serde can say.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match any::<u8>() {
            0 => serializer.serialize_bool(any()),
            1 => serializer.serialize_i8(any()),
            2 => serializer.serialize_i16(any()),
            3 => serializer.serialize_i32(any()),
            4 => serializer.serialize_i64(any()),
            5 => serializer.serialize_u8(any()),
            6 => serializer.serialize_u16(any()),
            7 => serializer.serialize_u32(any()),
            8 => serializer.serialize_u64(any()),
            9 => serializer.serialize_f32(any()),
            10 => serializer.serialize_f64(any()),
            11 => serializer.serialize_char(any()),
            12 => serializer.serialize_str(any()),
            13 => serializer.serialize_bytes(any()),
            14 => serializer.serialize_none(),
            15 => serializer.serialize_some(self),
            16 => serializer.serialize_unit(),
            17 => serializer.serialize_unit_variant(any(), any(), any()),
            18 => serializer.serialize_newtype_struct(any(), self),
            19 => serializer.serialize_newtype_variant(any(), any(), any(), self),
            20 => serializer.collect_str(self),
            21 => {
                let mut items = serializer.serialize_seq(any())?;
                while any() {
                    ser::SerializeSeq::serialize_element(&mut items, self)?;
                }
                ser::SerializeSeq::end(items)
            }
            22 => {
                let mut entries = serializer.serialize_map(any())?;
                while any() {
                    ser::SerializeMap::serialize_entry(&mut entries, self, self)?;
                }
                ser::SerializeMap::end(entries)
            }
            _ => {
                let mut fields = serializer.serialize_struct(any(), any())?;
                while any() {
                    ser::SerializeStruct::serialize_field(&mut fields, any(), self)?;
                }
                ser::SerializeStruct::end(fields)
            }
        }
    }
}

impl core::error::Error for Unknown {}

impl ser::Error for Unknown {
    fn custom<T: Display>(message: T) -> Self {
        give(message);
        any()
    }
}

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

/// What a [`Serializer`] and its parts have: functions that take a value and return whatever.
macro_rules! takers {
    ($($name:ident($($argument:ident: $type:ty),*) -> $output:ty;)*) => {$(
        fn $name(self $(, $argument: $type)*) -> Result<$output, Unknown> {
            give((self, $($argument,)*));
            any()
        }
    )*};
}

impl Serializer for Unknown {
    type Ok = Unknown;
    type Error = Unknown;
    type SerializeSeq = Unknown;
    type SerializeTuple = Unknown;
    type SerializeTupleStruct = Unknown;
    type SerializeTupleVariant = Unknown;
    type SerializeMap = Unknown;
    type SerializeStruct = Unknown;
    type SerializeStructVariant = Unknown;

    takers! {
        serialize_bool(v: bool) -> Unknown;
        serialize_i8(v: i8) -> Unknown;
        serialize_i16(v: i16) -> Unknown;
        serialize_i32(v: i32) -> Unknown;
        serialize_i64(v: i64) -> Unknown;
        serialize_u8(v: u8) -> Unknown;
        serialize_u16(v: u16) -> Unknown;
        serialize_u32(v: u32) -> Unknown;
        serialize_u64(v: u64) -> Unknown;
        serialize_f32(v: f32) -> Unknown;
        serialize_f64(v: f64) -> Unknown;
        serialize_char(v: char) -> Unknown;
        serialize_str(v: &str) -> Unknown;
        serialize_bytes(v: &[u8]) -> Unknown;
        serialize_none() -> Unknown;
        serialize_unit() -> Unknown;
        serialize_unit_struct(name: &'static str) -> Unknown;
        serialize_unit_variant(name: &'static str, index: u32, variant: &'static str) -> Unknown;
        serialize_seq(length: Option<usize>) -> Unknown;
        serialize_tuple(length: usize) -> Unknown;
        serialize_tuple_struct(name: &'static str, length: usize) -> Unknown;
        serialize_tuple_variant(name: &'static str, index: u32, variant: &'static str, length: usize) -> Unknown;
        serialize_map(length: Option<usize>) -> Unknown;
        serialize_struct(name: &'static str, length: usize) -> Unknown;
        serialize_struct_variant(name: &'static str, index: u32, variant: &'static str, length: usize) -> Unknown;
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Unknown, Unknown> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Unknown, Unknown> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<Unknown, Unknown> {
        value.serialize(self)
    }

    fn collect_str<T: Display + ?Sized>(self, mut value: &T) -> Result<Unknown, Unknown> {
        give(&raw mut value);
        Display::fmt(value, any()).map_err(|_| any())?;
        any()
    }
}

/// The parts of a [`Serializer`] that take one value after the other.
macro_rules! parts {
    ($($part:ident: $($name:ident($($argument:ty)?)),*;)*) => {$(
        impl ser::$part for Unknown {
            type Ok = Unknown;
            type Error = Unknown;

            $(fn $name<T: Serialize + ?Sized>(&mut self, $(_: $argument,)? value: &T) -> Result<(), Unknown> {
                value.serialize(*self).map(give)
            })*

            fn end(self) -> Result<Unknown, Unknown> {
                any()
            }
        }
    )*};
}

parts! {
    SerializeSeq: serialize_element();
    SerializeTuple: serialize_element();
    SerializeTupleStruct: serialize_field();
    SerializeTupleVariant: serialize_field();
    SerializeMap: serialize_key(), serialize_value();
    SerializeStruct: serialize_field(&'static str);
    SerializeStructVariant: serialize_field(&'static str);
}
