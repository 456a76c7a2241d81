//! A table as a stream of record batches.

use super::batch::{Batches, Wrong, names};
use super::raw::attached;
use crate::client::cards::{Asked, Cards};
use crate::failure::Failure;
use crate::wait::receive;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{ArrowError, SchemaRef};
use cardwright_client::AnyClient;
use cardwright_core::Code;
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use pyo3::sync::MutexExt;
use pyo3::types::{PyCapsule, PyDict};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Rows of a batch, unless it is set.
const ROWS: usize = 8_192;

/// What the reading thread tells.
type Told = Receiver<Result<RecordBatch, Failure>>;

/// Cards as an Arrow table: a stream of record batches, read from the server while they are asked for.
///
/// It is read once. Anything that takes the Arrow PyCapsule interface takes it: `polars.DataFrame`,
/// `pyarrow.RecordBatchReader.from_stream`, DuckDB's SQL.
#[pyclass(frozen, module = "cardwright")]
pub(crate) struct Table {
    /// The process in which the reading thread is.
    process: u32,
    state: Mutex<State>,
    fault: Arc<Mutex<Fault>>,
}

/// What stopped the stream.
#[derive(Default)]
struct Fault {
    /// Whether [`Table::read_by`] reads, which wants to know.
    ours: bool,
    raised: Option<PyErr>,
}

enum State {
    /// Nothing was asked yet.
    New(Box<(Arc<AnyClient>, Asked, Batches)>),
    /// The first batch is here, which decides the schema.
    Begun(RecordBatch, Told),
    Over,
}

impl Table {
    /// Reads the first batch, if nobody has.
    fn begin<'s>(&'s self, py: Python<'_>) -> PyResult<MutexGuard<'s, State>> {
        let mut state = self.state.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner);
        if self.process != std::process::id() {
            let message = "a table cannot be read in another process after a fork: ask for it again there";
            return Err(Failure::argument(message).raise(py));
        }
        let asked = match std::mem::replace(&mut *state, State::Over) {
            State::New(asked) => asked,
            begun => {
                *state = begun;
                return Ok(state);
            }
        };
        let (client, asked, batches) = *asked;
        let (tell, told) = sync_channel(1);
        std::thread::Builder::new().name("cardwright-table".into()).spawn(move || {
            if let Err(failure) = read(&client, &asked, batches, &tell) {
                let _ = tell.send(Err(failure));
            }
        })?;
        let (told, first) = receive(py, told)?;
        let first = first.unwrap_or_else(|| Err(Failure::internal("a thread of Cardwright panicked")));
        *state = State::Begun(first.map_err(|failure| failure.raise(py))?, told);
        Ok(state)
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
    /// The stream: a capsule with an `ArrowArrayStream`. It can be taken once.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The interface lets a producer give its own schema.
        let _ = requested_schema;
        let mut state = self.begin(py)?;
        let State::Begun(first, told) = std::mem::replace(&mut *state, State::Over) else {
            return Err(Failure::argument("a table is read once: ask for the cards again").raise(py));
        };
        let stream =
            Stream { schema: first.schema(), first: Some(first), told: Some(told), fault: Arc::clone(&self.fault) };
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(stream)), c"arrow_array_stream")
    }

    /// The schema: a capsule with an `ArrowSchema`.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let state = self.begin(py)?;
        let State::Begun(first, _) = &*state else {
            return Err(Failure::argument("a table is read once: ask for the cards again").raise(py));
        };
        let schema = FFI_ArrowSchema::try_from(&*first.schema()).map_err(|error| internal(py, &error))?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }

    /// All of it as a `pyarrow.Table`.
    fn to_arrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        Table::read_by(slf, "to_arrow", None)
    }

    /// All of it as a `pandas.DataFrame`.
    #[pyo3(signature = (**options))]
    fn to_pandas<'py>(slf: &Bound<'py, Self>, options: Option<&Bound<'py, PyDict>>) -> PyResult<Bound<'py, PyAny>> {
        Table::read_by(slf, "to_pandas", options)
    }

    /// All of it as a `polars.DataFrame`.
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        Table::read_by(slf, "to_polars", None)
    }

    fn __repr__(&self) -> &'static str {
        "<Table>"
    }
}

#[pymethods]
impl Cards {
    /// The cards as a table.
    #[pyo3(signature = (columns=None, *, text=Vec::new(), batch_size=ROWS))]
    fn table(
        &self,
        py: Python<'_>,
        columns: Option<Vec<String>>,
        text: Vec<String>,
        batch_size: usize,
    ) -> PyResult<Table> {
        let system = self.system();
        let batches =
            Batches::new(system, columns.as_deref(), &text, batch_size.clamp(1, 1 << 20)).map_err(|name| {
                let columns = names(system).join(", ");
                Failure::argument(format!("no column {name:?}: there are {columns}")).raise(py)
            })?;
        let (client, asked) = self.take(py)?;
        Ok(Table {
            process: std::process::id(),
            state: Mutex::new(State::New(Box::new((client, asked, batches)))),
            fault: Arc::default(),
        })
    }

    /// The cards as a stream of Arrow record batches.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        self.table(py, None, Vec::new(), ROWS)?.__arrow_c_stream__(py, requested_schema)
    }

    /// All cards as a `pyarrow.Table`.
    #[pyo3(signature = (columns=None, *, text=Vec::new()))]
    fn to_arrow<'py>(
        &self,
        py: Python<'py>,
        columns: Option<Vec<String>>,
        text: Vec<String>,
    ) -> PyResult<Bound<'py, PyAny>> {
        Table::to_arrow(&Bound::new(py, self.table(py, columns, text, ROWS)?)?)
    }

    /// All cards as a `pandas.DataFrame`.
    #[pyo3(signature = (columns=None, *, text=Vec::new(), **options))]
    fn to_pandas<'py>(
        &self,
        py: Python<'py>,
        columns: Option<Vec<String>>,
        text: Vec<String>,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        Table::to_pandas(&Bound::new(py, self.table(py, columns, text, ROWS)?)?, options)
    }

    /// All cards as a `polars.DataFrame`.
    #[pyo3(signature = (columns=None, *, text=Vec::new()))]
    fn to_polars<'py>(
        &self,
        py: Python<'py>,
        columns: Option<Vec<String>>,
        text: Vec<String>,
    ) -> PyResult<Bound<'py, PyAny>> {
        Table::to_polars(&Bound::new(py, self.table(py, columns, text, ROWS)?)?)
    }
}

/// Reads a list to its end, or until nobody listens. There is always a first batch.
fn read(
    client: &AnyClient,
    asked: &Asked,
    mut batches: Batches,
    tell: &SyncSender<Result<RecordBatch, Failure>>,
) -> Result<(), Failure> {
    asked.query(|query| {
        let mut none_yet = true;
        for card in client.cards(query)? {
            batches.push(&card?)?;
            if batches.is_full() {
                if tell.send(batches.take().map_err(failed)).is_err() {
                    return Ok(());
                }
                none_yet = false;
            }
        }
        if none_yet || batches.rows() > 0 {
            let _ = tell.send(batches.take().map_err(failed));
        }
        Ok(())
    })?
}

impl From<Wrong> for Failure {
    fn from(Wrong { column, card, error }: Wrong) -> Self {
        let mut message = format!("card {card}: {column}: {error}");
        if error.code == Code::JsonType {
            message += &format!("; text=[{column:?}] makes a text of it for all cards");
        }
        Failure::new(error.code, message)
    }
}

fn failed(error: ArrowError) -> Failure {
    Failure::internal(&error.to_string())
}

fn internal(py: Python<'_>, error: &ArrowError) -> PyErr {
    Failure::internal(&error.to_string()).raise(py)
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
        let Some(told) = self.told.take() else { return Ok(None) };
        let heard = match told.try_recv() {
            Err(TryRecvError::Disconnected) => return Ok(None),
            Ok(heard) => Ok((told, Some(heard))),
            // While it waits, whoever called holds no interpreter, and Ctrl-C is seen.
            Err(TryRecvError::Empty) => match attached(|py| receive(py, told)) {
                Some(heard) => heard,
                None => return Err(stopped("the interpreter has ended")),
            },
        };
        match heard {
            Ok((_, None)) => Ok(None),
            Ok((told, Some(Ok(batch)))) => {
                self.told = Some(told);
                Ok(Some(batch))
            }
            Ok((_, Some(Err(failure)))) => {
                let error = stopped(&failure.to_string());
                self.keep(|py| failure.raise(py));
                Err(error)
            }
            Err(raised) => {
                let error = stopped(&raised.to_string());
                self.keep(|_| raised);
                Err(error)
            }
        }
    }

    /// Keeps the exception for [`Table::read_by`]. Any other reader turns the error into one of its own;
    /// then Python shall see Ctrl-C once more.
    fn keep(&self, raise: impl FnOnce(Python<'_>) -> PyErr) {
        attached(|py| {
            let raised = raise(py);
            let mut fault = self.fault.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner);
            if fault.ours {
                fault.raised = Some(raised);
            } else if raised.is_instance_of::<PyKeyboardInterrupt>(py) {
                let _ = py.import("_thread").and_then(|thread| thread.call_method0("interrupt_main"));
            }
        });
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
