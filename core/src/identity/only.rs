//! The only record, of those that come one after the other.
//!
//! Nothing may choose between two records of one number: an operation on the wrong one locks somebody out.
//! So what reads a list keeps an [`Only`] and not the last record, and asks it at the end.

use crate::{Code, Error};
use core::fmt;

/// None, one, or several: what is left of records that came one after the other.
///
/// It needs no heap, keeps the first two, and is collected from an iterator.
///
/// ```
/// use cardwright_core::identity::Only;
/// assert_eq!([7].into_iter().collect::<Only<_>>(), Only::One(7));
/// assert_eq!([7, 8, 9].into_iter().collect::<Only<_>>(), Only::Several(7, 8));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[allow(clippy::exhaustive_enums, reason = "there is no fourth number of records")]
pub enum Only<R> {
    /// None has come.
    #[default]
    Nothing,
    /// One has come, and no other.
    One(R),
    /// The first two of several.
    Several(R, R),
}

impl<R> Only<R> {
    /// Takes the next record.
    pub fn put(&mut self, record: R) {
        self.put_other(record, |_, _| false);
    }

    /// Takes the next record, unless it is the same as the first one: a list that shifts while it is read
    /// shows one record twice.
    pub fn put_other(&mut self, record: R, is_same: impl FnOnce(&R, &R) -> bool) {
        *self = match core::mem::take(self) {
            Only::Nothing => Only::One(record),
            Only::One(first) if is_same(&first, &record) => Only::One(first),
            Only::One(first) => Only::Several(first, record),
            several => several,
        };
    }
}

impl<R> Only<R> {
    /// The only record.
    ///
    /// # Errors
    /// [`NotOne`] where none has come, or several.
    ///
    /// ```
    /// use cardwright_core::identity::{NotOne, Only};
    /// assert_eq!(Only::One(7).one(), Ok(7));
    /// assert_eq!(Only::Several(7, 8).one(), Err(NotOne::Several));
    /// ```
    pub fn one(self) -> Result<R, NotOne> {
        match self {
            Only::Nothing => Err(NotOne::Nothing),
            Only::One(record) => Ok(record),
            Only::Several(..) => Err(NotOne::Several),
        }
    }
}

/// There is not exactly one record, so that nothing may be done with any.
///
/// # Examples
/// ```
/// use cardwright_core::identity::{NotOne, Only};
/// use cardwright_core::{Code, Error};
///
/// // As a library's error it has a number, for `?` and for other languages.
/// let records = ["0A1B", "0A1C"].into_iter().collect::<Only<_>>();
/// let error = Error::from(records.one().unwrap_err());
/// assert_eq!(error.code, Code::Unexpected);
/// assert_eq!(Error::from(NotOne::Nothing).code, Code::NotFound);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "none or several: there is no third")]
pub enum NotOne {
    /// There is none.
    Nothing,
    /// There are several, and nothing here chooses.
    Several,
}

impl NotOne {
    /// What it is, in plain words.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            NotOne::Nothing => "no such card",
            NotOne::Several => "two cards have this serial number",
        }
    }
}

impl fmt::Display for NotOne {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.text())
    }
}

impl core::error::Error for NotOne {}

impl From<NotOne> for Error {
    /// [`Code::NotFound`] or [`Code::Unexpected`].
    fn from(not_one: NotOne) -> Self {
        let code = match not_one {
            NotOne::Nothing => Code::NotFound,
            NotOne::Several => Code::Unexpected,
        };
        Error::of(code, not_one.text())
    }
}

impl<R> Extend<R> for Only<R> {
    fn extend<I: IntoIterator<Item = R>>(&mut self, records: I) {
        records.into_iter().for_each(|record| self.put(record));
    }
}

impl<R> FromIterator<R> for Only<R> {
    fn from_iter<I: IntoIterator<Item = R>>(records: I) -> Self {
        let mut only = Only::default();
        only.extend(records);
        only
    }
}
