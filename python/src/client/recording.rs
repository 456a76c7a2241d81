//! A recording of what a client sends and what is answered.

use super::setup::Setup;
use cardwright::Recorder;
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// A recording that goes on until it is closed, or its client is gone.
///
/// It records what ends meanwhile, of all threads; after a fork the child records nothing.
#[pyclass(frozen, module = "cardwright")]
pub(crate) struct Recording {
    setup: Arc<Setup>,
    recorder: Arc<Recorder>,
    process: u32,
    path: PathBuf,
}

impl Recording {
    pub(super) fn begin(py: Python<'_>, setup: &Arc<Setup>, path: PathBuf) -> PyResult<Self> {
        let recorder = py.detach(|| setup.recorder(&path)).map_err(|error| failed(&error, path.clone()))?;
        let recorder = Arc::new(recorder);
        setup.recorders().begin(&recorder);
        Ok(Recording { setup: Arc::clone(setup), recorder, process: std::process::id(), path })
    }
}

#[pymethods]
impl Recording {
    /// The file: `Path`.
    #[getter]
    fn path(&self) -> &PathBuf {
        &self.path
    }

    /// Ends the recording. Twice is as good as once.
    ///
    /// Raises `OSError` where something could not be written.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        if self.process != std::process::id() {
            return Ok(());
        }
        let failure = py.detach(|| {
            self.setup.recorders().end(&self.recorder);
            self.recorder.failure()
        });
        failure.map_or(Ok(()), |error| Err(failed(&error, self.path.clone())))
    }

    fn __enter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    #[pyo3(signature = (*_error))]
    fn __exit__(&self, py: Python<'_>, _error: &Bound<'_, PyAny>) -> PyResult<()> {
        self.close(py)
    }

    fn __repr__(&self) -> String {
        format!("<Recording {}>", self.path.display())
    }
}

/// Python's own error of the system, with the file.
fn failed(error: &io::Error, path: PathBuf) -> PyErr {
    let words = error.to_string();
    // Rust adds the number, as Python does.
    let words = words.split(" (os error").next().unwrap_or_default().to_string();
    PyOSError::new_err((error.raw_os_error(), words, path))
}
