//! The cards of a bulk operation as a table.

use super::{Bulk, running};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{ArrayRef, Int16Array, Int32Array, RecordBatch, RecordBatchIterator, StringArray};
use arrow_schema::ArrowError;
use cardwright::client::bulk::Row;
use cardwright_core::Named;
use cardwright_core::lifecycle::Verdict;
use cardwright_python_common::Failure;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict};
use std::sync::Arc;

/// Rows of a batch.
const ROWS: usize = 1 << 16;

/// The columns, whether they have nulls, and their values. The documentation of the package says what they mean.
const COLUMNS: [(&str, bool, Values); 11] = [
    ("id", false, |rows| texts(rows, |row| Some(row.id))),
    ("serial_number", false, |rows| texts(rows, |row| Some(row.serial_number))),
    ("state", false, |rows| texts(rows, |row| Some(row.state_text))),
    ("to", true, |rows| texts(rows, |row| leads_to(row.verdict?))),
    ("evidence", true, |rows| texts(rows, |row| Some(row.verdict?.evidence().name()))),
    ("fate", false, |rows| texts(rows, |row| Some(row.fate.name()))),
    ("code", true, |rows| numbers(rows, |row| i16::try_from(row.code?.number()).ok())),
    ("status", true, |rows| numbers(rows, |row| i16::try_from(row.status?).ok())),
    ("message", true, |rows| texts(rows, |row| Some(row.words).filter(|words| !words.is_empty()))),
    ("attempts", false, |rows| {
        let attempts = rows.iter().map(|row| i32::try_from(row.attempts).unwrap_or(i32::MAX));
        Arc::new(Int32Array::from_iter_values(attempts))
    }),
    ("request", true, |rows| texts(rows, |row| row.request)),
];

type Values = fn(&[Row<'_>]) -> ArrayRef;

fn texts<'r>(rows: &[Row<'r>], of: fn(&Row<'r>) -> Option<&'r str>) -> ArrayRef {
    Arc::new(rows.iter().map(of).collect::<StringArray>())
}

fn numbers(rows: &[Row<'_>], of: fn(&Row<'_>) -> Option<i16>) -> ArrayRef {
    Arc::new(rows.iter().map(of).collect::<Int16Array>())
}

fn leads_to(verdict: Verdict) -> Option<&'static str> {
    match verdict {
        Verdict::Allowed { to, .. } => Some(to.name()),
        _ => None,
    }
}

fn batch(rows: &[Row<'_>]) -> Result<RecordBatch, ArrowError> {
    RecordBatch::try_from_iter_with_nullable(COLUMNS.map(|(name, nullable, values)| (name, values(rows), nullable)))
}

#[pymethods]
impl Bulk {
    /// A stream: a capsule with an `ArrowArrayStream`.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The interface lets a producer return its own schema.
        let _ = requested_schema;
        let engine = self.lock(py);
        let engine = engine.as_ref().ok_or_else(running)?;
        let batches = py.detach(|| {
            let rows: Vec<Row<'_>> = engine.bulk.rows().collect();
            rows.chunks(ROWS).map(batch).collect::<Result<Vec<_>, _>>()
        });
        let failed = |error: ArrowError| Failure::internal(&error.to_string());
        let schema = batch(&[]).map_err(failed)?.schema();
        let reader = RecordBatchIterator::new(batches.map_err(failed)?.into_iter().map(Ok), schema);
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), c"arrow_array_stream")
    }

    /// The cards as a `pyarrow.Table`.
    fn to_arrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("cardwright._tables")?.call_method1("to_arrow", (slf,))
    }

    /// The cards as a `pandas.DataFrame`.
    #[pyo3(signature = (**options), text_signature = "($self, *, dtype_backend='pyarrow')")]
    fn to_pandas<'py>(slf: &Bound<'py, Self>, options: Option<&Bound<'py, PyDict>>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("cardwright._tables")?.call_method("to_pandas", (slf,), options)
    }

    /// The cards as a `polars.DataFrame`.
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("cardwright._tables")?.call_method1("to_polars", (slf,))
    }
}
