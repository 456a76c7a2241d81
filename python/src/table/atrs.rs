//! A column of ATRs into a column of what they say.

use super::raw::Foreign;
use arrow_array::builder::{
    BinaryBuilder, BooleanBufferBuilder, Int16Builder, ListBuilder, StringBuilder, UInt8Builder,
};
use arrow_array::cast::AsArray;
use arrow_array::ffi::to_ffi;
use arrow_array::types::ArrowDictionaryKeyType;
use arrow_array::{Array, ArrayRef, DictionaryArray, StructArray, downcast_dictionary_array};
use arrow_schema::{DataType, Field};
use cardwright_core::Error;
use cardwright_core::atr::{Atr, Convention};
use cardwright_python_common::Failure;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule, PyString, PyTuple};
use std::fmt::Write as _;
use std::sync::Arc;

/// The most bytes of a column that are taken: the offsets of the result have 31 bits.
const MOST: usize = 1 << 29;
/// The most rows.
const ROWS: usize = 1 << 24;

/// An Arrow struct column: what each ATR of a column says.
///
/// | field | type | |
/// |---|---|---|
/// | `atr` | `utf8` | the bytes in upper-case hexadecimal |
/// | `convention` | `utf8` | `direct` or `inverse` |
/// | `protocols` | `list<uint8>` | T of each that is offered |
/// | `default_protocol` | `uint8` | T of the standard's default, in use when nothing is negotiated |
/// | `pcsc_protocol` | `uint8` | T of the one that PC/SC negotiates; null where it is neither 0 nor 1 |
/// | `historical_bytes` | `binary` | |
/// | `findings` | `list<utf8>` | where it breaks the standards |
/// | `error` | `utf8` | why it is no ATR; then the fields before it are null |
/// | `code` | `int16` | the number of that error |
///
/// A row is null where the column has a null.
#[pyclass(frozen, module = "cardwright")]
pub(crate) struct AtrTable {
    rows: StructArray,
}

/// What each ATR of a column says. The column is anything with the Arrow PyCapsule interface, of text
/// in hexadecimal or of bytes, or an iterable of `str`, `bytes` and `None`.
///
///     >>> column = parse_atrs(["3B8D0180FBA000000397425446590301C8", "3B 02", None])
///     >>> [row and (row["protocols"], row["error"]) for row in column.to_arrow().to_pylist()]
///     [([1], None), (None, 'the input ends too early: historical bytes, at byte 5'), None]
///
/// Raises:
///     TypeError: a column of something else. What is no ATR is a row with its `error`.
///     InputError: more than 16,777,216 rows or half a gigabyte.
#[pyfunction]
pub(crate) fn parse_atrs(py: Python<'_>, column: &Bound<'_, PyAny>) -> PyResult<AtrTable> {
    let rows: Result<_, Wrong> = match Foreign::of(column)? {
        Some(foreign) => py.detach(|| {
            let mut rows = Rows::default();
            for piece in foreign.read().map_err(|error| Wrong::Arrow(error.to_string()))? {
                rows.column(&piece)?;
            }
            Ok(rows.finish())
        }),
        None => {
            let mut rows = Rows::default();
            for (n, item) in column.try_iter()?.enumerate() {
                let item = item?;
                let added = if let Ok(text) = item.cast::<PyString>() {
                    rows.text(Some(&text.to_cow()?))
                } else if let Ok(bytes) = item.cast::<PyBytes>() {
                    rows.bytes(Some(bytes.as_bytes()))
                } else if item.is_none() {
                    rows.text(None)
                } else {
                    let name = item.get_type().name()?;
                    return Err(wrong_type(format!("item {n} must be str, bytes or None, not {name}")));
                };
                added?;
            }
            Ok(rows.finish())
        }
    };
    Ok(AtrTable { rows: rows? })
}

#[pymethods]
impl AtrTable {
    /// The column: two capsules, with an `ArrowSchema` and an `ArrowArray`.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        // The interface lets a producer give its own schema.
        let _ = requested_schema;
        let made = to_ffi(&self.rows.to_data()).map_err(|error| Failure::internal(&error.to_string()))?;
        let (array, schema) = made;
        let schema = PyCapsule::new_with_value(py, schema, c"arrow_schema")?;
        let array = PyCapsule::new_with_value(py, array, c"arrow_array")?;
        PyTuple::new(py, [schema, array])
    }

    /// The column as a `pyarrow.StructArray`.
    fn to_arrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("cardwright._tables")?.call_method1("column_to_arrow", (slf,))
    }

    /// The column as a `pandas.Series`; its accessor `struct` has the fields.
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("cardwright._tables")?.call_method1("column_to_pandas", (slf,))
    }

    /// The column as a `polars.Series`; its namespace `struct` has the fields.
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("cardwright._tables")?.call_method1("column_to_polars", (slf,))
    }

    fn __len__(&self) -> usize {
        self.rows.len()
    }

    fn __repr__(&self) -> String {
        format!("<AtrTable of {} rows>", self.rows.len())
    }
}

/// Why a column is not read.
enum Wrong {
    Type(DataType),
    Arrow(String),
    Room,
}

impl From<Wrong> for PyErr {
    fn from(wrong: Wrong) -> PyErr {
        match wrong {
            Wrong::Type(found) => wrong_type(format!("a column of text or bytes is wanted, not of {found}")),
            Wrong::Arrow(message) => Failure::argument(message).into(),
            Wrong::Room => {
                let message = format!("a column may have {ROWS} rows and {MOST} bytes: give it in pieces");
                Failure::argument(message).into()
            }
        }
    }
}

fn wrong_type(message: String) -> PyErr {
    pyo3::exceptions::PyTypeError::new_err(message)
}

/// The rows of the result.
struct Rows {
    valid: BooleanBufferBuilder,
    bytes: usize,
    scratch: Vec<u8>,
    atr: StringBuilder,
    convention: StringBuilder,
    protocols: ListBuilder<UInt8Builder>,
    default_protocol: UInt8Builder,
    pcsc_protocol: UInt8Builder,
    historical_bytes: BinaryBuilder,
    findings: ListBuilder<StringBuilder>,
    error: StringBuilder,
    code: Int16Builder,
}

impl Default for Rows {
    fn default() -> Self {
        let item = |data_type| Field::new_list_field(data_type, false);
        Rows {
            valid: BooleanBufferBuilder::new(0),
            bytes: 0,
            scratch: Vec::new(),
            atr: StringBuilder::new(),
            convention: StringBuilder::new(),
            protocols: ListBuilder::new(UInt8Builder::new()).with_field(item(DataType::UInt8)),
            default_protocol: UInt8Builder::new(),
            pcsc_protocol: UInt8Builder::new(),
            historical_bytes: BinaryBuilder::new(),
            findings: ListBuilder::new(StringBuilder::new()).with_field(item(DataType::Utf8)),
            error: StringBuilder::new(),
            code: Int16Builder::new(),
        }
    }
}

impl Rows {
    /// Adds all rows of a column.
    fn column(&mut self, column: &ArrayRef) -> Result<(), Wrong> {
        match column.data_type() {
            DataType::Utf8 => column.as_string::<i32>().iter().try_for_each(|text| self.text(text)),
            DataType::LargeUtf8 => column.as_string::<i64>().iter().try_for_each(|text| self.text(text)),
            DataType::Utf8View => column.as_string_view().iter().try_for_each(|text| self.text(text)),
            DataType::Binary => column.as_binary::<i32>().iter().try_for_each(|bytes| self.bytes(bytes)),
            DataType::LargeBinary => column.as_binary::<i64>().iter().try_for_each(|bytes| self.bytes(bytes)),
            DataType::BinaryView => column.as_binary_view().iter().try_for_each(|bytes| self.bytes(bytes)),
            DataType::FixedSizeBinary(_) => {
                column.as_fixed_size_binary().iter().try_for_each(|bytes| self.bytes(bytes))
            }
            DataType::Null => (0..column.len()).try_for_each(|_| self.text(None)),
            DataType::Dictionary(..) => downcast_dictionary_array!(
                column => self.dictionary(column),
                other => Err(Wrong::Type(other.clone()))
            ),
            other => Err(Wrong::Type(other.clone())),
        }
    }

    fn dictionary<K: ArrowDictionaryKeyType>(&mut self, column: &DictionaryArray<K>) -> Result<(), Wrong> {
        let words = column.values();
        for key in column.keys_iter() {
            match key {
                Some(key) => self.column(&words.slice(key, 1))?,
                None => self.text(None)?,
            }
        }
        Ok(())
    }

    /// Adds an ATR in hexadecimal.
    fn text(&mut self, text: Option<&str>) -> Result<(), Wrong> {
        let Some(text) = text else { return self.null() };
        self.room(text.len())?;
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.resize(scratch.len().max(text.len() / 2 + 1), 0);
        self.row(Atr::from_hex(text, &mut scratch));
        self.scratch = scratch;
        Ok(())
    }

    fn bytes(&mut self, bytes: Option<&[u8]>) -> Result<(), Wrong> {
        let Some(bytes) = bytes else { return self.null() };
        self.room(bytes.len().saturating_mul(2))?;
        self.row(Atr::parse(bytes));
        Ok(())
    }

    fn room(&mut self, bytes: usize) -> Result<(), Wrong> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > MOST || self.valid.len() >= ROWS { Err(Wrong::Room) } else { Ok(()) }
    }

    fn null(&mut self) -> Result<(), Wrong> {
        self.room(0)?;
        self.nothing();
        self.error.append_null();
        self.code.append_null();
        self.valid.append(false);
        Ok(())
    }

    fn row(&mut self, atr: Result<Atr<'_>, Error>) {
        match atr {
            Ok(atr) => {
                written(&mut self.atr, &atr);
                self.convention.append_value(match atr.convention() {
                    Convention::Direct => "direct",
                    Convention::Inverse => "inverse",
                });
                for protocol in atr.protocols() {
                    self.protocols.values().append_value(protocol.t());
                }
                self.protocols.append(true);
                self.default_protocol.append_value(atr.default_protocol().t());
                self.pcsc_protocol.append_option(atr.pcsc_protocol().map(|protocol| protocol.t()));
                self.historical_bytes.append_value(atr.historical_bytes());
                for finding in atr.findings() {
                    written(self.findings.values(), &finding);
                }
                self.findings.append(true);
                self.error.append_null();
                self.code.append_null();
            }
            Err(error) => {
                self.nothing();
                written(&mut self.error, &error);
                self.code.append_option(i16::try_from(error.code.number()).ok());
            }
        }
        self.valid.append(true);
    }

    fn nothing(&mut self) {
        self.atr.append_null();
        self.convention.append_null();
        self.protocols.append(false);
        self.default_protocol.append_null();
        self.pcsc_protocol.append_null();
        self.historical_bytes.append_null();
        self.findings.append(false);
    }

    fn finish(mut self) -> StructArray {
        let fields: [(&str, ArrayRef); 9] = [
            ("atr", Arc::new(self.atr.finish())),
            ("convention", Arc::new(self.convention.finish())),
            ("protocols", Arc::new(self.protocols.finish())),
            ("default_protocol", Arc::new(self.default_protocol.finish())),
            ("pcsc_protocol", Arc::new(self.pcsc_protocol.finish())),
            ("historical_bytes", Arc::new(self.historical_bytes.finish())),
            ("findings", Arc::new(self.findings.finish())),
            ("error", Arc::new(self.error.finish())),
            ("code", Arc::new(self.code.finish())),
        ];
        let named = fields.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
        let arrays = fields.into_iter().map(|(_, array)| array).collect();
        StructArray::new(named, arrays, Some(self.valid.finish().into()))
    }
}

/// Adds what prints.
fn written(into: &mut StringBuilder, value: &impl std::fmt::Display) {
    // The builder takes everything.
    let _ = write!(into, "{value}");
    into.append_value("");
}
