//! Lists inside a document: a place, read item by item.

use super::{Cursor, FromJson, Inside};
use crate::Error;
use core::{fmt, marker::PhantomData};

/// A list, not yet decoded. `null` and absent are empty, and a lone value is a list of one, because
/// servers do all three.
///
/// # Examples
/// ```
/// use cardwright_core::json::{List, Text};
///
/// let doors = List::<Text<'_>>::new(br#"["B-1","B-2",3]"#)?;
/// assert!(!doors.is_empty());
/// // It is read again each time, and the bad item is an error in its place.
/// assert_eq!(doors.iter().filter_map(Result::ok).count(), 2);
/// assert_eq!(doors.iter().last().unwrap().unwrap_err().at, 13);
/// # Ok::<(), cardwright_core::Error>(())
/// ```
pub struct List<'a, T> {
    start: Option<Cursor<'a>>,
    /// Whether the list is all of its document, so that nothing may follow it.
    whole: bool,
    of: PhantomData<fn() -> T>,
}

impl<'a, T> List<'a, T> {
    /// The list that a whole document is.
    ///
    /// # Errors
    /// [`crate::Code::JsonUtf8`]. Anything else shows when the items are read.
    pub fn new(document: &'a [u8]) -> Result<Self, Error> {
        Cursor::new(document).map(|cursor| List { whole: true, ..Self::at(cursor) })
    }

    /// The list that begins where the cursor stands.
    pub(super) const fn at(cursor: Cursor<'a>) -> Self {
        List { start: Some(cursor), whole: false, of: PhantomData }
    }
}

impl<'a, T: FromJson<'a>> List<'a, T> {
    /// The items. They are read as they come, each time anew; `iter().count()` walks the whole list.
    #[must_use]
    pub fn iter(&self) -> Items<'a, T> {
        self.into_iter()
    }

    /// Whether there is no item that can be read.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.into_iter().next().is_none()
    }
}

impl<T> Clone for List<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for List<'_, T> {}

impl<T> Default for List<'_, T> {
    fn default() -> Self {
        List { start: None, whole: false, of: PhantomData }
    }
}

impl<'a, T> FromJson<'a> for List<'a, T> {
    fn from_json(cursor: &mut Cursor<'a>) -> Result<Self, Error> {
        if cursor.null()? {
            return Ok(Self::default());
        }
        let start = *cursor;
        cursor.skip()?;
        Ok(Self::at(start))
    }
}

impl<'a, T: FromJson<'a>> IntoIterator for List<'a, T> {
    type Item = Result<T, Error>;
    type IntoIter = Items<'a, T>;

    fn into_iter(self) -> Items<'a, T> {
        match self.start {
            Some(cursor) => Items { cursor, progress: Progress::New, whole: self.whole, of: PhantomData },
            None => Items { cursor: Cursor::default(), progress: Progress::Done, whole: false, of: PhantomData },
        }
    }
}

impl<'a, T: FromJson<'a>> IntoIterator for &List<'a, T> {
    type Item = Result<T, Error>;
    type IntoIter = Items<'a, T>;

    fn into_iter(self) -> Items<'a, T> {
        (*self).into_iter()
    }
}

#[cfg(feature = "serde")]
impl<'a, T: FromJson<'a> + serde::Serialize> serde::Serialize for List<'a, T> {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        use serde::ser::{Error as _, SerializeSeq};
        let mut items = s.serialize_seq(None)?;
        for item in *self {
            items.serialize_element(&item.map_err(S::Error::custom)?)?;
        }
        items.end()
    }
}

impl<'a, T: FromJson<'a> + fmt::Debug> fmt::Debug for List<'a, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(*self).finish()
    }
}

/// The items of a [`List`]. After an error there are no more.
///
/// # Examples
/// ```
/// use cardwright_core::json::{Items, List, Scalar};
///
/// fn largest<'a>(numbers: Items<'a, Scalar<'a>>) -> Option<i64> {
///     numbers.map_while(Result::ok).filter_map(Scalar::as_i64).max()
/// }
/// let numbers = List::new(b"[3, 14, null, 15]")?;
/// assert_eq!(largest(numbers.iter()), Some(15));
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug)]
pub struct Items<'a, T> {
    cursor: Cursor<'a>,
    progress: Progress,
    whole: bool,
    of: PhantomData<fn() -> T>,
}

#[derive(Debug, Clone, Copy)]
enum Progress {
    New,
    In(Inside),
    /// Behind the last item.
    End,
    Done,
}

impl<'a, T: FromJson<'a>> Items<'a, T> {
    #[inline]
    fn step(&mut self) -> Result<Option<T>, Error> {
        let mut inside = match core::mem::replace(&mut self.progress, Progress::Done) {
            Progress::Done => return Ok(None),
            Progress::End => return self.end(),
            Progress::In(inside) => inside,
            Progress::New => match self.cursor.peek()? {
                b'[' => self.cursor.enter(b'[')?,
                b'n' => {
                    self.cursor.null()?;
                    return self.end();
                }
                _ => {
                    let item = T::from_json(&mut self.cursor)?;
                    self.progress = Progress::End;
                    return Ok(Some(item));
                }
            },
        };
        if !self.cursor.more(&mut inside)? {
            return self.end();
        }
        let item = T::from_json(&mut self.cursor)?;
        self.progress = Progress::In(inside);
        Ok(Some(item))
    }

    /// No more items; checks what follows where nothing may.
    fn end(&mut self) -> Result<Option<T>, Error> {
        if self.whole {
            self.cursor.end()?;
        }
        Ok(None)
    }
}

impl<'a, T: FromJson<'a>> Iterator for Items<'a, T> {
    type Item = Result<T, Error>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.step().transpose()
    }
}
