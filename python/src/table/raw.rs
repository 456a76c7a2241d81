//! What the compiler cannot check: the capsules of others, of which only the name says what they point to
//! (Arrow PyCapsule interface), and the interpreter on a thread of which others may have let it go.
//!
//! This file alone has `unsafe` here.

#![allow(unsafe_code)]

use arrow_array::ffi::{FFI_ArrowArray, from_ffi};
use arrow_array::ffi_stream::{ArrayStreamReader, FFI_ArrowArrayStream};
use arrow_array::{Array, ArrayRef, make_array};
use arrow_schema::ArrowError;
use arrow_schema::ffi::FFI_ArrowSchema;
use pyo3::ffi::{Py_IsInitialized, PyGILState_Ensure, PyGILState_Release, PyGILState_STATE};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::ffi::CStr;
use std::ptr::NonNull;

/// What an object gives by the interface, not read yet.
pub(super) enum Foreign {
    Stream(FFI_ArrowArrayStream),
    Array(FFI_ArrowArray, FFI_ArrowSchema),
}

impl Foreign {
    /// The column of an object; `None` where it has no such interface.
    ///
    /// # Errors
    /// What the object raises, and `ValueError` for a capsule of another name.
    pub(super) fn of(object: &Bound<'_, PyAny>) -> PyResult<Option<Self>> {
        if object.hasattr("__arrow_c_stream__")? {
            let capsule = object.call_method0("__arrow_c_stream__")?;
            let stream = pointer::<FFI_ArrowArrayStream>(&capsule, c"arrow_array_stream")?;
            // SAFETY: a capsule of this name points to a stream that it owns (Arrow PyCapsule interface);
            // it is moved out, and marked as released there.
            return Ok(Some(Foreign::Stream(unsafe { FFI_ArrowArrayStream::from_raw(stream.as_ptr()) })));
        }
        if object.hasattr("__arrow_c_array__")? {
            let (schema, array): (Bound<'_, PyAny>, Bound<'_, PyAny>) =
                object.call_method0("__arrow_c_array__")?.extract()?;
            let schema = pointer::<FFI_ArrowSchema>(&schema, c"arrow_schema")?;
            let array = pointer::<FFI_ArrowArray>(&array, c"arrow_array")?;
            // SAFETY: as above, for a schema and an array.
            let (schema, array) =
                unsafe { (FFI_ArrowSchema::from_raw(schema.as_ptr()), FFI_ArrowArray::from_raw(array.as_ptr())) };
            return Ok(Some(Foreign::Array(array, schema)));
        }
        Ok(None)
    }

    /// The pieces of the column, checked. The producer may run for a while, and may want the interpreter.
    ///
    /// # Errors
    /// The producer's, and what is wrong with its data.
    pub(super) fn read(self) -> Result<Vec<ArrayRef>, ArrowError> {
        let pieces = match self {
            Foreign::Stream(stream) => ArrayStreamReader::try_new(stream)?.collect::<Result<Vec<_>, _>>()?,
            Foreign::Array(array, schema) => {
                // SAFETY: both came from one producer, which promises that they belong together.
                vec![make_array(unsafe { from_ffi(array, &schema) }?)]
            }
        };
        for piece in &pieces {
            piece.to_data().validate_full()?;
        }
        Ok(pieces)
    }
}

/// Calls a function with the interpreter, on any thread. A reader of a stream may hold the interpreter or have released
/// it, also below functions of ours, where PyO3 takes it for held. `None` when the interpreter has ended.
pub(super) fn attached<T>(with: impl FnOnce(Python<'_>) -> T) -> Option<T> {
    /// Ends what was ensured, in whatever way it is left.
    struct Ensured(PyGILState_STATE);

    impl Drop for Ensured {
        fn drop(&mut self) {
            // SAFETY: this thread ensured it, and whatever was begun since has ended.
            unsafe { PyGILState_Release(self.0) }
        }
    }

    // SAFETY: it may be asked at any time.
    if unsafe { Py_IsInitialized() } == 0 {
        return None;
    }
    // SAFETY: the interpreter runs; a thread may ensure it as often as it likes.
    let _ensured = Ensured(unsafe { PyGILState_Ensure() });
    Python::try_attach(with)
}

fn pointer<T>(capsule: &Bound<'_, PyAny>, name: &'static CStr) -> PyResult<NonNull<T>> {
    Ok(capsule.cast::<PyCapsule>()?.pointer_checked(Some(name))?.cast())
}
