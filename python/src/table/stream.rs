//! A table as a stream of record batches.

use super::Unfit;
use super::batch::{Batches, Plan, Wrong};
use super::raw::attached;
use super::values::Unread;
use crate::client::cards::{Cards, Ends, Listing};
use crate::html;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{ArrowError, SchemaRef};
use cardwright_core::Code;
use cardwright_python_common::Failure;
use cardwright_python_common::wait::{self, channel, panicked, receive};
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use pyo3::sync::MutexExt;
use pyo3::types::{PyCapsule, PyDict};
use std::sync::mpsc::{SyncSender, TryRecvError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Rows of a batch, unless it is set.
const ROWS: usize = 8_192;

/// What the reading thread tells: batches, and `None` when that was all. It ends when this is dropped.
struct Told {
    parts: wait::Told<Part>,
    _ends: Ends,
}

type Part = Result<Option<RecordBatch>, Failure>;

/// Cards as an Arrow table: a stream of record batches, read from the server while they are asked for.
///
/// Anything that takes the Arrow PyCapsule interface takes it: `polars.DataFrame`,
/// `pyarrow.RecordBatchReader.from_stream`, DuckDB's SQL. Each time the cards are listed anew.
#[pyclass(frozen, module = "cardwright")]
pub(crate) struct Table {
    listing: Listing,
    plan: Plan,
    /// The process that has the client's connections.
    process: u32,
    /// A stream of which the schema was asked for, and that nobody reads yet.
    begun: Mutex<Option<Begun>>,
    fault: Arc<Mutex<Fault>>,
}

/// What stopped the stream.
#[derive(Default)]
struct Fault {
    /// Whether [`Table::read_by`] reads, which wants to know.
    ours: bool,
    raised: Option<PyErr>,
}

/// The first batch, which decides the schema, and the others.
struct Begun {
    first: RecordBatch,
    told: Told,
}

impl Table {
    /// Reads the first batch.
    fn begin(&self, py: Python<'_>) -> PyResult<Begun> {
        if self.process != std::process::id() {
            let message = "a table cannot be read in another process after a fork: ask for it again there";
            return Err(Failure::argument(message).into());
        }
        let (tell, parts) = channel(py, 1)?;
        let ((listing, ends), batches) = (self.listing.cancelable(), Batches::new(&self.plan));
        std::thread::Builder::new().name("cardwright-table".into()).spawn(parts.mark().around(move || {
            let read = read(&listing, batches, &tell);
            let _ = tell.send(read.map(|()| None));
        }))?;
        let mut told = Told { parts, _ends: ends };
        let first = receive(py, &mut told.parts)?.unwrap_or_else(|| Err(panicked()));
        let first = first.and_then(|first| first.ok_or_else(panicked))?;
        Ok(Begun { first, told })
    }

    fn begun(&self, py: Python<'_>) -> MutexGuard<'_, Option<Begun>> {
        self.begun.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads all of it with a function of `cardwright._tables`, and raises what stopped the stream rather
    /// than what the reader made of it.
    fn read_by<'py>(
        slf: &Bound<'py, Self>,
        function: &str,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        let fault = || slf.get().fault.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner);
        let function = py.import("cardwright._tables")?.getattr(function)?;
        fault().ours = true;
        let read = function.call((slf,), options);
        let Fault { raised, .. } = std::mem::take(&mut *fault());
        match (read, raised) {
            (Err(_), Some(raised)) => Err(raised),
            (read, _) => read,
        }
    }
}

#[pymethods]
impl Table {
    /// A stream: a capsule with an `ArrowArrayStream`.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The interface lets a producer give its own schema.
        let _ = requested_schema;
        let begun = self.begun(py).take();
        let Begun { first, told } = begun.map_or_else(|| self.begin(py), Ok)?;
        let (schema, fault) = (first.schema(), Arc::clone(&self.fault));
        let stream = Stream { schema, first: Some(first), told: Some(told), fault };
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(stream)), c"arrow_array_stream")
    }

    /// The schema: a capsule with an `ArrowSchema`. The first cards decide it; the next stream begins
    /// with them.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let begun = self.begun(py).take();
        let begun = begun.map_or_else(|| self.begin(py), Ok)?;
        let schema = FFI_ArrowSchema::try_from(&*begun.first.schema()).map_err(failed)?;
        *self.begun(py) = Some(begun);
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }

    /// All of it as a `pyarrow.Table`.
    fn to_arrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        Table::read_by(slf, "to_arrow", None)
    }

    /// All of it as a `pandas.DataFrame`.
    #[pyo3(signature = (**options), text_signature = "($self, *, dtype_backend='pyarrow')")]
    fn to_pandas<'py>(slf: &Bound<'py, Self>, options: Option<&Bound<'py, PyDict>>) -> PyResult<Bound<'py, PyAny>> {
        Table::read_by(slf, "to_pandas", options)
    }

    /// All of it as a `polars.DataFrame`.
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        Table::read_by(slf, "to_polars", None)
    }

    fn __repr__(&self) -> String {
        format!("<Table of {} columns>", self.plan.columns().count())
    }

    /// The columns, for notebooks: nothing is read for it.
    fn _repr_html_(&self) -> String {
        let rows = self.plan.columns().map(|(name, holds)| [name.to_owned(), holds.to_owned()]);
        html::table("Table of cards: to_pandas() reads it", ["column", "holds"], rows)
    }
}

#[pymethods]
impl Cards {
    /// The cards as a table, instead of one by one.
    ///
    /// `columns` are names of properties; `json` is the whole record as the server wrote it, and is there when it is named.
    /// Dates are timestamps in UTC, those without a zone as if they were in UTC; enumerations are the vendor's words. What may
    /// be text or number, such as an id, is `int64` where the first batch has whole numbers alone; the columns named in `text`
    /// hold text whatever comes. A batch has at most `batch_size` rows.
    ///
    /// `errors` is what becomes of a date that cannot be read: `"raise"` stops the table with a `JSONError` that names the card
    /// and the column, `"null"` makes a null of it, and with `"text"` all dates are columns of text, as the server wrote them.
    ///
    /// Raises:
    ///     InputError: no such column; or the cards are being read already.
    #[pyo3(
        signature = (columns=None, *, text=Vec::new(), errors="raise", batch_size=ROWS),
        text_signature = "($self, columns=None, *, text=(), errors='raise', batch_size=8192)"
    )]
    fn table(
        &self,
        py: Python<'_>,
        columns: Option<Vec<String>>,
        text: Vec<String>,
        errors: &str,
        batch_size: usize,
    ) -> PyResult<Table> {
        let plan = Unread::of(errors)
            .and_then(|unread| Plan::new(self.system(), columns.as_deref(), &text, unread, batch_size))
            .map_err(Failure::argument)?;
        let (listing, process) = (self.take(py)?, std::process::id());
        Ok(Table { listing, plan, process, begun: Mutex::default(), fault: Arc::default() })
    }

    /// All cards as a `pyarrow.Table`; the arguments are those of `table()`.
    ///
    /// Raises:
    ///     ImportError: pyarrow is not installed.
    ///     JSONError: a card or a date that cannot be read, or a text where the first cards have numbers.
    ///     CardwrightError: what else stops a list.
    #[pyo3(signature = (columns=None, *, text=Vec::new(), errors="raise"), text_signature = "($self, columns=None, *, text=(), errors='raise')")]
    fn to_arrow<'py>(
        &self,
        py: Python<'py>,
        columns: Option<Vec<String>>,
        text: Vec<String>,
        errors: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        Table::to_arrow(&Bound::new(py, self.table(py, columns, text, errors, ROWS)?)?)
    }

    /// All cards as a `pandas.DataFrame` over Arrow memory; states are categories. As `to_arrow`.
    ///
    /// `dtype_backend=None` makes pandas' own types of it: a copy, and lists become Python objects.
    #[pyo3(
        signature = (columns=None, *, text=Vec::new(), errors="raise", **options),
        text_signature = "($self, columns=None, *, text=(), errors='raise', dtype_backend='pyarrow')"
    )]
    fn to_pandas<'py>(
        &self,
        py: Python<'py>,
        columns: Option<Vec<String>>,
        text: Vec<String>,
        errors: &str,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        Table::to_pandas(&Bound::new(py, self.table(py, columns, text, errors, ROWS)?)?, options)
    }

    /// All cards as a `polars.DataFrame`. As `to_arrow`.
    #[pyo3(signature = (columns=None, *, text=Vec::new(), errors="raise"), text_signature = "($self, columns=None, *, text=(), errors='raise')")]
    fn to_polars<'py>(
        &self,
        py: Python<'py>,
        columns: Option<Vec<String>>,
        text: Vec<String>,
        errors: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        Table::to_polars(&Bound::new(py, self.table(py, columns, text, errors, ROWS)?)?)
    }
}

/// Reads a list to its end, or until nobody listens. There is always a first batch.
fn read(listing: &Listing, mut batches: Batches, tell: &SyncSender<Part>) -> Result<(), Failure> {
    let mut none_yet = true;
    for card in listing.read()? {
        batches.push(&card?)?;
        if batches.is_full() {
            if tell.send(batches.take().map(Some).map_err(failed)).is_err() {
                return Ok(());
            }
            none_yet = false;
        }
    }
    if none_yet || batches.rows() > 0 {
        let _ = tell.send(batches.take().map(Some).map_err(failed));
    }
    Ok(())
}

impl From<Wrong> for Failure {
    fn from(Wrong { column, card, unfit }: Wrong) -> Self {
        match unfit {
            Unfit::Json(error) => {
                let mut message = format!("card {card}: {column}: {error}");
                if error.code == Code::JsonType {
                    message += &format!("; text=[{column:?}] makes a text of it for all cards");
                }
                Failure::new(error.code, message)
            }
            Unfit::Date { field, wrong } => {
                let place = if field == column { column.into() } else { format!("{column}.{field}") };
                let advice = "errors=\"null\" makes a null of it, errors=\"text\" a text of all dates";
                Failure::new(Code::JsonType, format!("card {card}: {place}: {wrong}; {advice}"))
            }
        }
    }
}

fn failed(error: ArrowError) -> Failure {
    Failure::internal(&error.to_string())
}

/// The batches, as the consumer pulls them, on whatever thread.
struct Stream {
    schema: SchemaRef,
    first: Option<RecordBatch>,
    /// `None` when there are no more.
    told: Option<Told>,
    fault: Arc<Mutex<Fault>>,
}

impl Stream {
    fn pull(&mut self) -> Result<Option<RecordBatch>, ArrowError> {
        let Some(mut told) = self.told.take() else { return Ok(None) };
        let heard = match told.parts.try_recv() {
            Err(TryRecvError::Disconnected) => None,
            Ok(heard) => Some(heard),
            Err(TryRecvError::Empty) => {
                // The wait releases the interpreter, and sees Ctrl-C.
                let waited = attached(|py| receive(py, &mut told.parts).map_err(|raised| self.stop(py, raised)));
                waited.unwrap_or_else(|| Err(stopped("the interpreter has ended")))?
            }
        };
        match heard.unwrap_or_else(|| Err(panicked())) {
            Ok(None) => Ok(None),
            Ok(batch) => {
                self.told = Some(told);
                Ok(batch)
            }
            Err(failure) => {
                let error = stopped(&failure.to_string());
                Err(attached(|py| self.stop(py, failure.raise(py))).unwrap_or(error))
            }
        }
    }

    /// Keeps the exception for [`Table::read_by`]. Any other reader turns the error into one of its own;
    /// then Python shall see Ctrl-C once more.
    fn stop(&self, py: Python<'_>, raised: PyErr) -> ArrowError {
        let error = stopped(&raised.to_string());
        let mut fault = self.fault.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner);
        if fault.ours {
            fault.raised = Some(raised);
        } else if raised.is_instance_of::<PyKeyboardInterrupt>(py) {
            let _ = py.import("_thread").and_then(|thread| thread.call_method0("interrupt_main"));
        }
        error
    }
}

impl Iterator for Stream {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.first.take().map(Ok).or_else(|| self.pull().transpose())
    }
}

impl RecordBatchReader for Stream {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

fn stopped(message: &str) -> ArrowError {
    ArrowError::IoError(message.into(), std::io::Error::other(message))
}
