//! Enumerations by name or number, and values that are not known.
//!
//! A value that a server sends and this library does not know is kept, compared and printed; it is never
//! refused and never lost.

use crate::json::{Cursor, Kind, Scalar, Slot, Text};
use crate::{Code, Error};
use core::fmt;

/// An enumeration with a fixed list of values and their names on the wire. [`named!`](crate::named)
/// implements it.
pub trait Named: Copy + PartialEq + 'static {
    /// All values, in the order of their numbers.
    const ALL: &'static [Self];

    /// The value's number.
    fn number(self) -> u32;

    /// The vendor's own word.
    fn name(self) -> &'static str;

    /// The value with a number.
    fn from_number(number: i64) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| i64::from(value.number()) == number)
    }

    /// The value of that name, whatever the case of its letters.
    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.name().eq_ignore_ascii_case(name))
    }

    /// The value of that name in a document, whatever the case of its letters.
    fn from_text(name: Text<'_>) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| name.eq_ignore_ascii_case(value.name()))
    }

    /// The value that a field of a reply means: the one of that name, unless the enumeration is one of numbers.
    #[must_use]
    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        Self::from_text(scalar.as_text()?)
    }
}

/// Implements [`Named`] for a plain enumeration, from its values and their names, and with it what a word of a vendor
/// can do: [`Display`](core::fmt::Display) writes the name, [`FromStr`](core::str::FromStr) reads it whatever the case of
/// its letters, and with feature `serde` of this crate it is serialised and deserialised as its name.
///
/// A value has its own name in Rust, or the one given with `=`. A value that is left out does not compile. After
/// `by number`, a field of a reply holds the number; after `by number or name`, either of them.
///
/// The enumeration must be [`Copy`] and [`PartialEq`], and have none of the traits above by other means, serde's
/// included: whether the feature is on is decided by every crate of the program.
///
/// # Examples
/// ```
/// use cardwright_core::{Named, named};
/// #[derive(Debug, Clone, Copy, PartialEq)]
/// enum Interface {
///     Contact = 1,
///     NearField = 2,
/// }
/// named! { Interface { Contact, NearField = "NFC" } }
/// assert_eq!(Interface::NearField.name(), "NFC");
/// assert_eq!(Interface::NearField.to_string(), "NFC");
/// assert_eq!("contact".parse(), Ok(Interface::Contact));
/// let error = "radio".parse::<Interface>().unwrap_err();
/// assert_eq!(error.to_string(), "not one of Contact, NFC");
/// ```
#[macro_export]
macro_rules! named {
    ($type:ident $(by $number:ident $(or $name:ident)?)? { $($value:ident $(= $word:literal)?),* $(,)? }) => {
        impl $crate::Named for $type {
            const ALL: &'static [Self] = &[$(Self::$value),*];

            fn number(self) -> u32 {
                self as u32
            }

            fn name(self) -> &'static str {
                match self {
                    $(Self::$value => $crate::named!(@word $value $($word)?)),*
                }
            }

            fn from_number(number: i64) -> ::core::option::Option<Self> {
                // Where the numbers have no gaps the compiler makes this one comparison.
                match ::core::primitive::u32::try_from(number).ok()? {
                    $(number if number == Self::$value as u32 => ::core::option::Option::Some(Self::$value),)*
                    _ => ::core::option::Option::None,
                }
            }

            $($crate::named!(@from_scalar $number $($name)?);)?
        }

        $crate::named!(@words $type [$($crate::named!(@word $value $($word)?)),*]);
    };
    (@word $value:ident) => { stringify!($value) };
    (@word $value:ident $word:literal) => { $word };
    (@from_scalar number) => {
        fn from_scalar(scalar: $crate::json::Scalar<'_>) -> ::core::option::Option<Self> {
            Self::from_number(scalar.as_i64()?)
        }
    };
    (@from_scalar number name) => {
        fn from_scalar(scalar: $crate::json::Scalar<'_>) -> ::core::option::Option<Self> {
            match scalar.as_i64() {
                ::core::option::Option::Some(number) => Self::from_number(number),
                ::core::option::Option::None => Self::from_text(scalar.as_text()?),
            }
        }
    };
    (@words $type:ident $words:expr) => {
        impl ::core::fmt::Display for $type {
            /// The name, see [`Named`]($crate::Named).
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad($crate::Named::name(*self))
            }
        }

        impl ::core::str::FromStr for $type {
            type Err = $crate::UnknownWord;

            /// Reads the name, whatever the case of its letters.
            fn from_str(text: &str) -> ::core::result::Result<Self, $crate::UnknownWord> {
                const WORDS: &[&str] = &$words;
                <Self as $crate::Named>::from_name(text).ok_or($crate::UnknownWord::new(WORDS))
            }
        }

        $crate::__with_serde! {
            const _: () = {
                use $crate::__private::serde::{Deserialize, Deserializer, Serialize, Serializer};

                impl Serialize for $type {
                    /// The name.
                    fn serialize<S: Serializer>(&self, s: S) -> ::core::result::Result<S::Ok, S::Error> {
                        $crate::__serialize(*self, s)
                    }
                }

                impl<'de> Deserialize<'de> for $type {
                    /// From the name, whatever the case of its letters.
                    fn deserialize<D: Deserializer<'de>>(d: D) -> ::core::result::Result<Self, D::Error> {
                        const WORDS: &[&str] = &$words;
                        $crate::__deserialize(d, WORDS)
                    }
                }
            };
        }
    };
}

/// A text that is none of the names of an enumeration. Prints those that are.
///
/// ```
/// use cardwright_core::mim::RequestEnd;
/// let error = "done".parse::<RequestEnd>().unwrap_err();
/// assert_eq!(error.words(), ["Completed", "Canceled", "Abandoned"]);
/// assert_eq!(error.to_string(), "not one of Completed, Canceled, Abandoned");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownWord {
    words: &'static [&'static str],
}

impl UnknownWord {
    /// The error that names these words.
    #[must_use]
    pub const fn new(words: &'static [&'static str]) -> Self {
        UnknownWord { words }
    }

    /// The names that would be right, in the order of their numbers.
    #[must_use]
    pub const fn words(self) -> &'static [&'static str] {
        self.words
    }

    fn write_words(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, word) in self.words.iter().enumerate() {
            f.write_str(if n > 0 { ", " } else { "" })?;
            f.write_str(word)?;
        }
        Ok(())
    }
}

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not one of ")?;
        self.write_words(f)
    }
}

impl core::error::Error for UnknownWord {}

impl From<UnknownWord> for Error {
    /// [`Code::UnknownValue`]. Which words would be right is lost.
    fn from(_: UnknownWord) -> Self {
        Error::of(Code::UnknownValue, "")
    }
}

/// Serialises a value by its name.
///
/// # Errors
/// Those of `s`.
#[cfg(feature = "serde")]
pub fn serialize<T: Named, S: serde::Serializer>(value: T, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(value.name())
}

/// Deserialises a value by its name; `words` are all names.
///
/// # Errors
/// Those of `d`, and a text that is none of the names.
#[cfg(feature = "serde")]
pub fn deserialize<'de, T: Named, D: serde::Deserializer<'de>>(
    d: D,
    words: &'static [&'static str],
) -> Result<T, D::Error> {
    struct Word<T>(UnknownWord, core::marker::PhantomData<T>);

    impl<T: Named> serde::de::Visitor<'_> for Word<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("one of ")?;
            self.0.write_words(f)
        }

        fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<T, E> {
            T::from_name(name).ok_or_else(|| E::unknown_variant(name, self.0.words))
        }
    }

    d.deserialize_str(Word(UnknownWord::new(words), core::marker::PhantomData))
}

/// From here on numbers are those of a program's own values: `0x1_0007` is `Other(7)`.
const OTHER: u32 = 0x1_0000;

/// As [`named!`], for an enumeration that ends with `Other(u16)`, a value of the program's own. It has data, so
/// that the numbers stand here; it is no member of `ALL`, and is called `other 7`.
macro_rules! named_or_other {
    ($type:ident { $($value:ident = $number:literal $word:literal),* $(,)? }) => {
        impl $type {
            /// The number of a value of the library's; 0 for one of the program's.
            pub(crate) const fn known(self) -> u32 {
                match self {
                    $(Self::$value => $number,)*
                    Self::Other(_) => 0,
                }
            }

            /// The value of the library's with a number.
            pub(crate) const fn of_known(number: u8) -> Option<Self> {
                match number {
                    $($number => Some(Self::$value),)*
                    _ => None,
                }
            }
        }

        impl $crate::Named for $type {
            /// Those that the library knows.
            const ALL: &'static [Self] = &[$(Self::$value),*];

            /// Those of the program begin with `0x1_0000`.
            fn number(self) -> u32 {
                match self {
                    Self::Other(own) => $crate::names::of_other(own),
                    known => known.known(),
                }
            }

            /// The word, or `other` for one of the program's.
            fn name(self) -> &'static str {
                match self {
                    $(Self::$value => $word,)*
                    Self::Other(_) => $crate::names::OTHER_NAME,
                }
            }

            fn from_number(number: i64) -> Option<Self> {
                let known = u8::try_from(number).ok().and_then(Self::of_known);
                known.or_else(|| $crate::names::other_of(number).map(Self::Other))
            }

            fn from_name(name: &str) -> Option<Self> {
                let known = Self::ALL.iter().copied().find(|value| value.name().eq_ignore_ascii_case(name));
                known.or_else(|| $crate::names::other_by_name(name).map(Self::Other))
            }
        }

        /// The word; `other 7` for one of the program's.
        impl core::fmt::Display for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                match self {
                    Self::Other(own) => write!(f, "{} {own}", $crate::names::OTHER_NAME),
                    known => f.pad($crate::Named::name(*known)),
                }
            }
        }

        impl core::str::FromStr for $type {
            type Err = $crate::UnknownWord;

            /// Reads what `Display` writes, whatever the case of its letters.
            fn from_str(text: &str) -> Result<Self, $crate::UnknownWord> {
                <Self as $crate::Named>::from_name(text).ok_or($crate::UnknownWord::new(&[$($word),*]))
            }
        }

        /// As `Display` writes it.
        #[cfg(feature = "serde")]
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        /// From what `Display` writes, whatever the case of its letters.
        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                $crate::names::deserialize(d, &[$($word),*])
            }
        }
    };
}
pub(crate) use named_or_other;

/// What a value of the program's own is called, before its number.
pub(crate) const OTHER_NAME: &str = "other";

/// The number of `Other`.
pub(crate) const fn of_other(own: u16) -> u32 {
    OTHER | own as u32
}

/// The `Other` of a number.
pub(crate) fn other_of(number: i64) -> Option<u16> {
    let number = u32::try_from(number).ok()?;
    u16::try_from(number.checked_sub(OTHER)?).ok()
}

/// The `Other` that is written `other 7`.
pub(crate) fn other_by_name(name: &str) -> Option<u16> {
    let (word, own) = name.split_once(' ')?;
    own.parse().ok().filter(|_| word.eq_ignore_ascii_case(OTHER_NAME))
}

/// Every value of a plain enumeration, as an array. One that is left out does not compile.
macro_rules! every {
    ($type:ident { $($value:ident),* $(,)? }) => {{
        const _: fn($type) = |value| match value {
            $($type::$value => {}),*
        };
        [$($type::$value),*]
    }};
}
pub(crate) use every;

/// A field that holds a value of an enumeration, or one that is not known.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Known<'a, T> {
    value: Option<T>,
    raw: Scalar<'a>,
}

impl<'a, T: Named> Known<'a, T> {
    /// The value, if it is known.
    pub fn known(self) -> Option<T> {
        self.value
    }

    /// The field as the server sent it.
    pub fn raw(self) -> Scalar<'a> {
        self.raw
    }

    /// Whether it is this value.
    pub fn is(self, value: T) -> bool {
        self.value == Some(value)
    }
}

impl<'a, T: Named> Slot<'a> for Known<'a, T> {
    const KIND: Kind = Kind::Scalar;

    fn read(raw: &'a str, at: Cursor<'a>) -> Self {
        let raw = Scalar::read(raw, at);
        Known { value: T::from_scalar(raw), raw }
    }
}

impl<T: Named> fmt::Display for Known<'_, T> {
    /// The vendor's word if the value is known, else what the server sent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value {
            Some(value) => f.pad(value.name()),
            None => self.raw.fmt(f),
        }
    }
}

impl<T: Named> fmt::Debug for Known<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value {
            Some(value) => f.write_str(value.name()),
            None => write!(f, "Unknown({:?})", self.raw),
        }
    }
}

#[cfg(feature = "serde")]
impl<T> serde::Serialize for Known<'_, T> {
    /// As the server sent it.
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.raw.serialize(s)
    }
}
