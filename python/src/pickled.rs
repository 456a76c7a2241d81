//! Classes that are pickled as their parts.

use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// Gives a class a constructor that takes its parts, in their order, and `__reduce__`, which returns them.
macro_rules! pickled {
    ($(#[$attribute:meta])* pub(crate) struct $name:ident { $($(#[$doc:meta])* $part:ident: $type:ty,)* }) => {
        $(#[$attribute])*
        pub(crate) struct $name {
            $($(#[$doc])* $part: $type,)*
        }

        #[pymethods]
        impl $name {
            #[new]
            #[allow(clippy::too_many_arguments, reason = "each is a part")]
            fn of_parts($($part: $type),*) -> Self {
                $name { $($part),* }
            }

            fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
                $crate::pickled::parts(slf.as_any(), &[$(stringify!($part)),*])
            }
        }
    };
}
pub(crate) use pickled;

/// The class of a value and its parts.
pub(crate) fn parts<'py>(value: &Bound<'py, PyAny>, names: &[&str]) -> PyResult<Bound<'py, PyAny>> {
    let parts = names.iter().map(|name| value.getattr(*name)).collect::<PyResult<Vec<_>>>()?;
    let parts = PyTuple::new(value.py(), parts)?;
    (value.get_type(), parts).into_pyobject(value.py()).map(Bound::into_any)
}
