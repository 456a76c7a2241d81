//! The values of one column, as they are gathered, and the Arrow array that they become.
//!
//! | in the core | in Arrow |
//! |---|---|
//! | text | `utf8` |
//! | a date or time | `timestamp[us, UTC]`, one without a zone as if it were in UTC; null for .NET's "not yet"; `utf8` where [`Unread::Text`] is wanted |
//! | an enumeration | `dictionary<int32, utf8>`: the vendor's words in their order, then what is not known |
//! | text or number | `int64` where the first batch has whole numbers alone, else `utf8` |
//! | a list of texts | `list<utf8>` |
//! | a list of objects | `list<struct>`, in which an enumeration, and what is text or number, is `utf8` |

use crate::moment::{self, NotADate};
use arrow_array::builder::{Int32Builder, Int64Builder, ListBuilder, StringBuilder, TimestampMicrosecondBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, DictionaryArray, Int64Array, ListArray, StringArray, StructArray};
use arrow_schema::{DataType, Field, Fields};
use cardwright_core::json::{FromJson, List, Scalar, Text};
use cardwright_core::{Code, Error, Known, Named};
use std::fmt::Write as _;
use std::sync::Arc;

/// The kinds of values of a column.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Text,
    Scalar,
    /// Text or number, as text.
    ScalarText,
    Moment,
    /// An enumeration, and the vendor's words for its values.
    Named(fn() -> Vec<&'static str>),
    Texts,
    Records(&'static [Column]),
}

/// What becomes of a date that cannot be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Unread {
    /// An error.
    #[default]
    Raise,
    /// A null.
    Null,
    /// The text; all dates are columns of text then, as the server wrote them.
    Text,
}

impl Unread {
    /// By the word for it.
    ///
    /// # Errors
    /// For another word.
    pub(crate) fn of(word: &str) -> Result<Self, String> {
        match word {
            "raise" => Ok(Unread::Raise),
            "null" => Ok(Unread::Null),
            "text" => Ok(Unread::Text),
            other => Err(format!("errors must be \"raise\", \"null\" or \"text\", not {other:?}")),
        }
    }
}

/// Why a value does not fit its column.
#[derive(Debug)]
pub(crate) enum Unfit {
    Json(Error),
    Date { field: &'static str, wrong: NotADate },
}

impl From<Error> for Unfit {
    fn from(error: Error) -> Self {
        Unfit::Json(error)
    }
}

/// A column: the name of the core's getter, which is that of the Python property too, and the kind of
/// its values.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
}

/// A view that is a row of a table.
pub(crate) trait Row {
    /// A column for each field of the view.
    const COLUMNS: &'static [Column];

    /// Adds the `n`th field to its column.
    ///
    /// # Errors
    /// For a list with an item that cannot be read, and for a date that cannot.
    fn push(&self, n: usize, into: &mut Values) -> Result<(), Unfit>;
}

/// The result of a getter, as the value of a column.
pub(crate) trait Cell {
    const KIND: Kind;

    /// Adds the value to its column.
    ///
    /// # Errors
    /// For a list with an item that cannot be read.
    fn push(self, into: &mut Values) -> Result<(), Error>;
}

/// The kind of values of a getter.
pub(crate) const fn kind_of<V, C: Cell>(_: fn(&V) -> C) -> Kind {
    C::KIND
}

/// The kind of values of a getter of objects.
pub(crate) const fn records_of<'a, V, R: Row + FromJson<'a>>(_: fn(&V) -> List<'a, R>) -> Kind {
    Kind::Records(R::COLUMNS)
}

impl Cell for Option<Text<'_>> {
    const KIND: Kind = Kind::Text;

    fn push(self, into: &mut Values) -> Result<(), Error> {
        into.text(self);
        Ok(())
    }
}

impl Cell for Scalar<'_> {
    const KIND: Kind = Kind::Scalar;

    fn push(self, into: &mut Values) -> Result<(), Error> {
        into.scalar(self)
    }
}

impl<T: Named> Cell for Known<'_, T> {
    const KIND: Kind = Kind::Named(|| T::ALL.iter().map(|value| value.name()).collect());

    fn push(self, into: &mut Values) -> Result<(), Error> {
        match self.known() {
            Some(value) => into.named(T::ALL.iter().position(|one| *one == value), value.name()),
            None => into.unknown(self.raw()),
        }
        Ok(())
    }
}

impl<'a> Cell for List<'a, Text<'a>> {
    const KIND: Kind = Kind::Texts;

    fn push(self, into: &mut Values) -> Result<(), Error> {
        into.texts(self)
    }
}

/// The values of a column.
#[derive(Debug)]
pub(crate) enum Values {
    Text(StringBuilder),
    /// Text or number, which the end of the first batch decides.
    Undecided {
        text: StringBuilder,
        whole: bool,
        any: bool,
    },
    Number(Int64Builder),
    Moment(TimestampMicrosecondBuilder, Unread),
    Named {
        keys: Int32Builder,
        known: Vec<&'static str>,
        others: Vec<String>,
    },
    Texts(ListBuilder<StringBuilder>),
    Records {
        ends: Vec<i32>,
        rows: usize,
        columns: &'static [Column],
        fields: Vec<Values>,
    },
}

impl Values {
    /// An empty column of a table, for about this number of rows.
    pub(crate) fn new(kind: Kind, unread: Unread, rows: usize) -> Self {
        match kind {
            Kind::Scalar => Values::Undecided { text: text(rows), whole: true, any: false },
            Kind::Named(names) => {
                Values::Named { keys: Int32Builder::with_capacity(rows), known: names(), others: Vec::new() }
            }
            kind => Values::within(kind, unread, rows),
        }
    }

    /// An empty column of a type that has been decided.
    pub(crate) fn decided(kind: Kind, data_type: &DataType, unread: Unread, rows: usize) -> Self {
        match (kind, data_type) {
            (Kind::Scalar, DataType::Int64) => Values::Number(Int64Builder::with_capacity(rows)),
            (Kind::Scalar, _) => Values::Text(text(rows)),
            _ => Values::new(kind, unread, rows),
        }
    }

    /// An empty column of objects within a table.
    fn within(kind: Kind, unread: Unread, rows: usize) -> Self {
        match kind {
            Kind::Text | Kind::Scalar | Kind::ScalarText | Kind::Named(_) => Values::Text(text(rows)),
            Kind::Moment if unread == Unread::Text => Values::Text(text(rows)),
            Kind::Moment => {
                Values::Moment(TimestampMicrosecondBuilder::with_capacity(rows).with_timezone("UTC"), unread)
            }
            Kind::Texts => {
                let item = Field::new_list_field(DataType::Utf8, false);
                Values::Texts(ListBuilder::with_capacity(StringBuilder::new(), rows).with_field(item))
            }
            Kind::Records(columns) => {
                let fields = columns.iter().map(|column| Values::within(column.kind, unread, rows)).collect();
                let mut ends = Vec::with_capacity(rows.saturating_add(1));
                ends.push(0);
                Values::Records { ends, rows: 0, columns, fields }
            }
        }
    }

    pub(crate) fn text(&mut self, value: Option<Text<'_>>) {
        let Values::Text(builder) = self else { return };
        match value {
            Some(value) => match value.plain() {
                Some(plain) => builder.append_value(plain),
                None => {
                    // The builder takes every text.
                    let _ = write!(builder, "{value}");
                    builder.append_value("");
                }
            },
            None => builder.append_null(),
        }
    }

    /// The text as it is.
    pub(crate) fn raw(&mut self, value: Option<&str>) {
        if let Values::Text(builder) = self {
            builder.append_option(value);
        }
    }

    pub(crate) fn scalar(&mut self, value: Scalar<'_>) -> Result<(), Error> {
        match self {
            Values::Number(builder) => match (value.is_null(), value.as_i64()) {
                (true, _) => builder.append_null(),
                (_, Some(number)) => builder.append_value(number),
                _ => return Err(Error::of(Code::JsonType, "a whole number, as the first cards have there")),
            },
            Values::Undecided { text, whole, any } => {
                *whole &= value.is_null() || value.as_i64().is_some();
                *any |= !value.is_null();
                scalar(text, value);
            }
            Values::Text(text) => scalar(text, value),
            _ => {}
        }
        Ok(())
    }

    pub(crate) fn moment(&mut self, field: &'static str, value: Option<Text<'_>>) -> Result<(), Unfit> {
        let Values::Moment(builder, unread) = self else {
            self.text(value);
            return Ok(());
        };
        let moment = match value.map(moment::read).transpose() {
            Ok(moment) => moment.flatten(),
            Err(_) if *unread == Unread::Null => None,
            Err(wrong) => return Err(Unfit::Date { field, wrong }),
        };
        // The years 1 to 9999 in microseconds fit.
        builder.append_option(moment.map(|moment| moment.seconds * 1_000_000 + i64::from(moment.nanos / 1_000)));
        Ok(())
    }

    /// A value of the enumeration, by its place.
    pub(crate) fn named(&mut self, at: Option<usize>, name: &str) {
        match self {
            Values::Named { keys, .. } => keys.append_option(at.and_then(|at| i32::try_from(at).ok())),
            Values::Text(text) => text.append_value(name),
            _ => {}
        }
    }

    /// A value outside the enumeration, in the server's own words.
    fn unknown(&mut self, value: Scalar<'_>) {
        match self {
            Values::Named { keys, .. } if value.is_null() => keys.append_null(),
            Values::Named { keys, known, others } => {
                let at = others.iter().position(|other| value.reads(other)).unwrap_or_else(|| {
                    others.push(value.to_string());
                    others.len() - 1
                });
                keys.append_option(i32::try_from(known.len() + at).ok());
            }
            Values::Text(text) => scalar(text, value),
            _ => {}
        }
    }

    fn texts<'a>(&mut self, list: List<'a, Text<'a>>) -> Result<(), Error> {
        let Values::Texts(builder) = self else { return Ok(()) };
        for item in list {
            builder.values().append_value(item?.to_cow());
        }
        builder.append(true);
        Ok(())
    }

    pub(crate) fn records<'a, R: Row + FromJson<'a>>(&mut self, list: List<'a, R>) -> Result<(), Unfit> {
        let Values::Records { ends, rows, fields, .. } = self else { return Ok(()) };
        for item in list {
            let item = item?;
            for (n, field) in fields.iter_mut().enumerate() {
                item.push(n, field)?;
            }
            *rows += 1;
        }
        ends.push(i32::try_from(*rows).map_err(|_| Error::of(Code::Room, "a batch of a table"))?);
        Ok(())
    }

    /// The array of the gathered values.
    pub(crate) fn finish(self) -> ArrayRef {
        match self {
            Values::Text(mut builder) => Arc::new(builder.finish()),
            Values::Undecided { mut text, whole: true, any: true } => Arc::new(numbers(&text.finish())),
            Values::Undecided { mut text, .. } => Arc::new(text.finish()),
            Values::Number(mut builder) => Arc::new(builder.finish()),
            Values::Moment(mut builder, _) => Arc::new(builder.finish()),
            Values::Named { mut keys, known, others } => {
                let words = known.into_iter().chain(others.iter().map(String::as_str));
                let words = Arc::new(StringArray::from_iter_values(words));
                Arc::new(dictionary(keys.finish(), words))
            }
            Values::Texts(mut builder) => Arc::new(builder.finish()),
            Values::Records { ends, columns, fields, .. } => Arc::new(list(ends, columns, fields)),
        }
    }
}

fn text(rows: usize) -> StringBuilder {
    StringBuilder::with_capacity(rows, 0)
}

fn scalar(into: &mut StringBuilder, value: Scalar<'_>) {
    match value {
        Scalar::Null => into.append_null(),
        Scalar::Number(digits) => into.append_value(digits),
        other => into.append_value(other.to_string()),
    }
}

/// Digits as numbers.
fn numbers(text: &StringArray) -> Int64Array {
    text.iter().map(|digits| digits.and_then(|digits| digits.parse().ok())).collect()
}

fn dictionary(keys: arrow_array::Int32Array, words: Arc<StringArray>) -> DictionaryArray<Int32Type> {
    // Each key was made from the place of its word.
    DictionaryArray::new(keys, words)
}

fn list(ends: Vec<i32>, columns: &[Column], fields: Vec<Values>) -> ListArray {
    let arrays: Vec<ArrayRef> = fields.into_iter().map(Values::finish).collect();
    let named: Fields = columns
        .iter()
        .zip(&arrays)
        .map(|(column, array)| Field::new(column.name, array.data_type().clone(), true))
        .collect();
    let items = StructArray::new(named, arrays, None);
    let item = Arc::new(Field::new_list_field(items.data_type().clone(), false));
    ListArray::new(item, arrow_buffer::OffsetBuffer::new(ends.into()), Arc::new(items), None)
}
