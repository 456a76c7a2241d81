//! Small frozen values with named parts.

use pyo3::prelude::*;

/// A class of named parts that are read, compared, hashed and shown, made from a value of the core: each part says how.
#[macro_export]
macro_rules! value {
    ($(#[$doc:meta])* $name:ident from $core:ty as $value:ident {
        $($(#[$part_doc:meta])* $part:ident: $type:ty = $from:expr,)*
    }) => {
        $(#[$doc])*
        #[pyo3::pyclass(frozen, get_all, eq, hash, module = "cardwright")]
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct $name {
            $($(#[$part_doc])* pub $part: $type,)*
        }

        impl From<$core> for $name {
            fn from($value: $core) -> Self {
                $name { $($part: $from),* }
            }
        }

        #[pyo3::pymethods]
        impl $name {
            fn __repr__(slf: &pyo3::Bound<'_, Self>) -> pyo3::PyResult<String> {
                $crate::shown(slf.as_any(), stringify!($name), &[$(stringify!($part)),*])
            }
        }
    };
}

/// `Name(part=1, other=None)`.
///
/// # Errors
/// Where there is no such part.
pub fn shown(value: &Bound<'_, PyAny>, name: &str, parts: &[&str]) -> PyResult<String> {
    let parts = parts.iter().map(|part| Ok(format!("{part}={}", value.getattr(*part)?.repr()?)));
    Ok(format!("{name}({})", parts.collect::<PyResult<Vec<_>>>()?.join(", ")))
}
