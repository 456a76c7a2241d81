//! The only record, of those that come one after the other.
//!
//! Nothing may choose between two records of one number: an operation on the wrong one locks somebody out.
//! So what reads a list keeps an [`Only`] and not the last record, and asks it at the end.

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
