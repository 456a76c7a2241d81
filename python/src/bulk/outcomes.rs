//! The cards of a bulk operation as a table.

use super::{Bulk, running};
use arrow_array::builder::{Int16Builder, Int32Builder, StringBuilder};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{ArrayRef, RecordBatch, RecordBatchIterator};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use cardwright::client::bulk::Row;
use cardwright_core::Named;
use cardwright_core::lifecycle::Verdict;
use cardwright_python_common::Failure;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict};
use std::sync::Arc;

/// Rows of a batch.
const ROWS: usize = 1 << 16;

/// The columns. What they hold stands in the documentation of the package.
const COLUMNS: [(&str, DataType, bool); 11] = [
    ("id", DataType::Utf8, false),
    ("serial_number", DataType::Utf8, false),
    ("state", DataType::Utf8, false),
    ("to", DataType::Utf8, true),
    ("evidence", DataType::Utf8, true),
    ("fate", DataType::Utf8, false),
    ("code", DataType::Int16, true),
    ("status", DataType::Int16, true),
    ("message", DataType::Utf8, true),
    ("attempts", DataType::Int32, false),
    ("request", DataType::Utf8, true),
];

/// One batch's columns.
#[derive(Default)]
struct Batch {
    id: StringBuilder,
    serial_number: StringBuilder,
    state: StringBuilder,
    to: StringBuilder,
    evidence: StringBuilder,
    fate: StringBuilder,
    code: Int16Builder,
    status: Int16Builder,
    message: StringBuilder,
    attempts: Int32Builder,
    request: StringBuilder,
}

impl Batch {
    fn push(&mut self, row: &Row<'_>) {
        self.id.append_value(row.id);
        self.serial_number.append_value(row.serial_number);
        self.state.append_value(row.state_text);
        self.to.append_option(match row.verdict {
            Some(Verdict::Allowed { to, .. }) => Some(to.name()),
            _ => None,
        });
        self.evidence.append_option(row.verdict.map(|verdict| verdict.evidence().name()));
        self.fate.append_value(row.fate.name());
        self.code.append_option(row.code.and_then(|code| i16::try_from(code.number()).ok()));
        self.status.append_option(row.status.and_then(|status| i16::try_from(status).ok()));
        self.message.append_option(Some(row.words).filter(|words| !words.is_empty()));
        self.attempts.append_value(i32::try_from(row.attempts).unwrap_or(i32::MAX));
        self.request.append_option(row.request);
    }

    fn finish(mut self, schema: &SchemaRef) -> Result<RecordBatch, arrow_schema::ArrowError> {
        let columns: [ArrayRef; COLUMNS.len()] = [
            Arc::new(self.id.finish()),
            Arc::new(self.serial_number.finish()),
            Arc::new(self.state.finish()),
            Arc::new(self.to.finish()),
            Arc::new(self.evidence.finish()),
            Arc::new(self.fate.finish()),
            Arc::new(self.code.finish()),
            Arc::new(self.status.finish()),
            Arc::new(self.message.finish()),
            Arc::new(self.attempts.finish()),
            Arc::new(self.request.finish()),
        ];
        RecordBatch::try_new(Arc::clone(schema), columns.into())
    }
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
        // The interface lets a producer give its own schema.
        let _ = requested_schema;
        let fields = COLUMNS.map(|(name, data_type, nullable)| Field::new(name, data_type, nullable));
        let schema = Arc::new(Schema::new(fields.to_vec()));
        let engine = self.lock(py);
        let engine = engine.as_ref().ok_or_else(running)?;
        let batches = py.detach(|| {
            let mut batches = Vec::new();
            let mut rows = engine.bulk.rows().peekable();
            while rows.peek().is_some() {
                let mut batch = Batch::default();
                rows.by_ref().take(ROWS).for_each(|row| batch.push(&row));
                batches.push(batch.finish(&schema)?);
            }
            Ok(batches)
        });
        let batches: Vec<RecordBatch> =
            batches.map_err(|error: arrow_schema::ArrowError| Failure::internal(&error.to_string()))?;
        let reader = RecordBatchIterator::new(batches.into_iter().map(Ok), schema);
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
