//! Columns with ids or serial numbers, for operations for many cards.

use super::raw::Foreign;
use crate::bulk::given::{asked, said};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, ArrowPrimitiveType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, DictionaryArray, downcast_dictionary_array};
use arrow_schema::{ArrowError, DataType};
use cardwright::{CardKey, card_column};
use cardwright_python_common::Failure;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

/// A cell.
#[derive(IntoPyObject)]
pub(crate) enum Cell {
    Text(String),
    Number(i128),
}

/// A column, with its gaps.
type Cells = Vec<Option<Cell>>;

/// What names cards in an object with the Arrow PyCapsule interface: whether they are serial numbers, where a column's
/// name tells, and the column. `None` where the object has no such interface.
#[pyfunction(name = "_card_cells")]
pub(crate) fn card_cells(
    py: Python<'_>,
    table: &Bound<'_, PyAny>,
    by: Option<&str>,
) -> PyResult<Option<(Option<bool>, Cells)>> {
    let asked = asked(by)?;
    let Some(foreign) = Foreign::of(table)? else { return Ok(None) };
    let read = py.detach(|| {
        let (mut key, mut cells) = (None, Vec::new());
        for piece in foreign.read().map_err(|error| Wrong::Arrow(error.to_string()))? {
            match piece.data_type() {
                DataType::Struct(fields) => {
                    let names: Vec<&str> = fields.iter().map(|field| field.name().as_str()).collect();
                    let (n, its) = card_column(&names, asked)
                        .map_err(|failure| Wrong::Columns(failure.message().into()))?
                        .ok_or_else(|| Wrong::Columns(cardwright::no_card_column(&names, asked)))?;
                    key = Some(its == CardKey::Serial);
                    column(piece.as_struct().column(n), &mut cells)?;
                }
                _ => column(&piece, &mut cells)?,
            }
        }
        Ok((key, cells))
    });
    read.map(Some).map_err(|wrong| match wrong {
        Wrong::Type(found) => {
            PyTypeError::new_err(format!("a column of text or whole numbers is wanted, not of {found}"))
        }
        Wrong::Arrow(message) | Wrong::Columns(message) => Failure::argument(message).into(),
    })
}

/// Which of these columns names cards, and whether by their serial numbers.
#[pyfunction(name = "_card_column")]
pub(crate) fn named_column(names: Vec<String>, by: Option<&str>) -> PyResult<(usize, bool)> {
    let asked = asked(by)?;
    let found = card_column(&names, asked).map_err(said)?;
    let (n, key) = found.ok_or_else(|| Failure::argument(cardwright::no_card_column(&names, asked)))?;
    Ok((n, key == CardKey::Serial))
}

/// Why a table is not read.
enum Wrong {
    Type(DataType),
    Arrow(String),
    Columns(String),
}

impl From<ArrowError> for Wrong {
    fn from(error: ArrowError) -> Self {
        Wrong::Arrow(error.to_string())
    }
}

fn column(column: &ArrayRef, cells: &mut Vec<Option<Cell>>) -> Result<(), Wrong> {
    fn numbers<T: ArrowPrimitiveType<Native: Into<i128>>>(column: &ArrayRef, cells: &mut Vec<Option<Cell>>) {
        cells.extend(column.as_primitive::<T>().iter().map(|number| Some(Cell::Number(number?.into()))));
    }
    let text = |text: Option<&str>| Some(Cell::Text(text?.into()));
    match column.data_type() {
        DataType::Utf8 => cells.extend(column.as_string::<i32>().iter().map(text)),
        DataType::LargeUtf8 => cells.extend(column.as_string::<i64>().iter().map(text)),
        DataType::Utf8View => cells.extend(column.as_string_view().iter().map(text)),
        DataType::Int8 => numbers::<Int8Type>(column, cells),
        DataType::Int16 => numbers::<Int16Type>(column, cells),
        DataType::Int32 => numbers::<Int32Type>(column, cells),
        DataType::Int64 => numbers::<Int64Type>(column, cells),
        DataType::UInt8 => numbers::<UInt8Type>(column, cells),
        DataType::UInt16 => numbers::<UInt16Type>(column, cells),
        DataType::UInt32 => numbers::<UInt32Type>(column, cells),
        DataType::UInt64 => numbers::<UInt64Type>(column, cells),
        DataType::Null => cells.extend((0..column.len()).map(|_| None)),
        DataType::Dictionary(..) => downcast_dictionary_array!(
            column => return dictionary(column, cells),
            other => return Err(Wrong::Type(other.clone()))
        ),
        other => return Err(Wrong::Type(other.clone())),
    }
    Ok(())
}

fn dictionary<K: ArrowDictionaryKeyType>(
    words: &DictionaryArray<K>,
    cells: &mut Vec<Option<Cell>>,
) -> Result<(), Wrong> {
    for key in words.keys_iter() {
        match key {
            Some(key) => column(&words.values().slice(key, 1), cells)?,
            None => cells.push(None),
        }
    }
    Ok(())
}
