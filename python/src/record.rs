//! Vendor objects: frozen views over the bytes of a page, decoded on request.
//!
//! A record is a page, shared, and a place in it. Two records are equal when the server wrote them the same.

mod show;
pub(crate) mod whole;

use crate::page::{Kept, Page, Source};
use crate::systems;
use cardwright::client::{AnyCard, Options};
use cardwright_core::lifecycle::System;
use cardwright_python_common::Failure;
use cardwright_python_common::members::member;
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyKeyError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyMapping, PyTuple, PyType};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// An object of a vendor's API, as the server wrote it.
///
/// It is a `Mapping` of all its members by the vendor's names, also those that nobody knows; values are what `json.loads`
/// makes of them, and the caller's own. It is frozen, hashes by what the server wrote, and can be pickled. Two records are
/// equal where they are of one class and the server wrote them the same; a record and another mapping, where they have
/// the same members.
///
///     >>> card = CardInfo('{"id": 7, "state": "Issued", "tags": ["a"]}')
///     >>> dict(card)
///     {'id': 7, 'state': 'Issued', 'tags': ['a']}
///
/// A date has the zone that the server wrote; one without a zone is a naive `datetime`. Null, an absent field, and .NET's
/// "not yet", the first moment of the year 1, are `None`. The property of a date that cannot be read raises `JSONError`,
/// which is a `ValueError`; `card["expirationDate"]` still has the text.
#[pyclass(frozen, subclass, mapping, module = "cardwright")]
pub(crate) struct Record {
    page: Arc<Page>,
    at: usize,
    system: System,
    /// All members, once one was asked for.
    members: PyOnceLock<Py<PyDict>>,
}

/// A card's record in either system.
#[pyclass(frozen, subclass, extends = Record, module = "cardwright")]
pub(crate) struct Card;

impl Record {
    pub(crate) fn new<'a, K: Kept<'a>>(page: &Arc<Page>, at: usize) -> Self {
        Record { page: Arc::clone(page), at, system: K::SYSTEM, members: PyOnceLock::new() }
    }

    pub(crate) fn view<'a, K: Kept<'a>>(&'a self) -> K {
        self.page.view(self.at)
    }

    pub(crate) fn source(&self) -> &Arc<Source> {
        self.page.source()
    }

    fn text(&self) -> &str {
        self.page.json(self.at)
    }

    /// The card for the client: a copy.
    pub(crate) fn any_card(&self) -> AnyCard {
        systems::any_card(self.system, &self.page, self.at)
    }

    /// All members, as [`whole::members`] keeps them.
    fn members<'py>(&self, py: Python<'py>) -> PyResult<&Bound<'py, PyDict>> {
        let read = || whole::members(py, self.text()).map(Bound::unbind);
        Ok(self.members.get_or_try_init(py, read)?.bind(py))
    }

    fn member<'py>(&self, name: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let kept = self.members(name.py())?.get_item(name)?;
        kept.map(|kept| whole::member(kept, self.text())).transpose()
    }
}

#[pymethods]
impl Record {
    /// The object as the server wrote it, JSON in UTF-8.
    #[getter]
    fn json(&self) -> &str {
        self.text()
    }

    /// All members as a `dict` of the caller's own: what `json.loads(record.json)` makes.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        whole::dict(py, self.text())
    }

    /// The vendor's names of all members, in the order in which they were written.
    fn keys<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.members(py)?.call_method0(intern!(py, "keys"))
    }

    /// The values of all members.
    fn values<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.to_dict(py)?.call_method0(intern!(py, "values"))
    }

    /// Names and values of all members.
    fn items<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.to_dict(py)?.call_method0(intern!(py, "items"))
    }

    /// A member, or `default` where there is none.
    #[pyo3(signature = (name, default=None, /))]
    fn get<'py>(
        &self,
        name: &Bound<'py, PyAny>,
        default: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        Ok(self.member(name)?.or(default))
    }

    fn __getitem__<'py>(&self, name: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.member(name)?.ok_or_else(|| PyKeyError::new_err(name.clone().unbind()))
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.members(py)?.call_method0(intern!(py, "__iter__"))
    }

    fn __reversed__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.members(py)?.call_method0(intern!(py, "__reversed__"))
    }

    fn __len__(&self, py: Python<'_>) -> PyResult<usize> {
        Ok(self.members(py)?.len())
    }

    fn __contains__(&self, name: &Bound<'_, PyAny>) -> PyResult<bool> {
        self.members(name.py())?.contains(name)
    }

    fn __eq__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        if let Ok(other) = other.cast::<Record>() {
            let same = slf.get_type().is(other.get_type()) && slf.get().text() == other.get().text();
            return same.into_bound_py_any(py);
        }
        match other.cast::<PyMapping>() {
            Ok(other) => {
                let other = py.get_type::<PyDict>().call1((other,))?;
                slf.get().to_dict(py)?.eq(other)?.into_bound_py_any(py)
            }
            Err(_) => Ok(py.NotImplemented().into_bound(py)),
        }
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.text().hash(&mut hasher);
        hasher.finish()
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        show::line(slf.as_any())
    }

    /// A table of what the server wrote, for notebooks.
    fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<String> {
        show::html(&slf.get_type(), &slf.get().to_dict(slf.py())?)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyType>, Bound<'py, PyTuple>)> {
        let (py, record) = (slf.py(), slf.get());
        let Source { found_by, options } = &**record.source();
        let arguments = match slf.cast::<Card>() {
            Ok(_) => (record.text(), found_by.as_deref(), systems::letter(options)).into_pyobject(py)?,
            Err(_) => (record.text(),).into_pyobject(py)?,
        };
        Ok((slf.get_type(), arguments))
    }
}

#[pymethods]
impl Card {
    /// The system that has the record: `System`.
    #[getter]
    fn system<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        member(slf.py(), slf.as_super().get().system)
    }

    /// What the system looks the record up by: CertiFlow's `id`, MIM CM's `Uuid`.
    #[getter]
    fn id(slf: &Bound<'_, Self>) -> String {
        slf.as_super().get().any_card().id()
    }

    /// The state in the system's own words, or what the server sent where it is not known. In MIM CM the server sends
    /// the number `status`; the word is assumed from it by the client's `status_scheme`, and `None` where the number is
    /// not known.
    #[getter]
    fn state<'py>(slf: &Bound<'py, Self>) -> PyResult<Option<Bound<'py, PyAny>>> {
        slf.as_super().get().any_card().state().map(|state| systems::state(slf.py(), state)).transpose()
    }

    /// The serial number as the system writes it; `None` where it has none.
    #[getter]
    fn serial_number(slf: &Bound<'_, Self>) -> Option<String> {
        Some(slf.as_super().get().any_card().serial_number()).filter(|text| !text.is_empty())
    }

    /// The ATR in hexadecimal digits as the system writes it; `None` where it has none.
    #[getter]
    fn atr(slf: &Bound<'_, Self>) -> Option<String> {
        Some(slf.as_super().get().any_card().atr()).filter(|text| !text.is_empty())
    }

    /// The user: CertiFlow's `userName`, MIM CM's `AssignedUserUuid`; `None` where there is none.
    #[getter]
    fn user(slf: &Bound<'_, Self>) -> Option<String> {
        Some(slf.as_super().get().any_card().user()).filter(|text| !text.is_empty())
    }
}

/// What the constructor of a card takes besides its JSON.
///
/// # Errors
/// For an unknown scheme of status numbers.
pub(crate) fn source(found_by: Option<String>, status_scheme: &str) -> Result<Source, Failure> {
    Ok(Source { found_by, options: Options { status_scheme: systems::scheme(status_scheme)?, ..Options::default() } })
}

/// The class of a vendor's object: a property for each of its fields.
macro_rules! record {
    ($(#[$doc:meta])* card $name:ident of $system:ident in $module:ident { $($fields:tt)* }) => {
        $(#[$doc])*
        #[pyo3::pyclass(frozen, extends = crate::record::Card, module = "cardwright")]
        pub(crate) struct $name;

        #[pyo3::pymethods]
        impl $name {
            #[new]
            #[pyo3(signature = (json, found_by=None, status_scheme="B"))]
            fn new(
                json: &str,
                found_by: Option<String>,
                status_scheme: &str,
            ) -> pyo3::PyResult<pyo3::PyClassInitializer<Self>> {
                let source = crate::record::source(found_by, status_scheme)?;
                Ok(Self::at(&crate::page::Page::parse::<cardwright_core::$module::$name<'_>>(json, source)?, 0))
            }
        }

        crate::record::record! { @card $name of $system in $module { $($fields)* } }
    };
    ($(#[$doc:meta])* record $name:ident of $system:ident in $module:ident { $($fields:tt)* }) => {
        $(#[$doc])*
        #[pyo3::pyclass(frozen, extends = crate::record::Record, module = "cardwright")]
        pub(crate) struct $name;

        #[pyo3::pymethods]
        impl $name {
            #[new]
            fn new(json: &str) -> pyo3::PyResult<pyo3::PyClassInitializer<Self>> {
                let source = crate::page::Source::default();
                Ok(Self::at(&crate::page::Page::parse::<cardwright_core::$module::$name<'_>>(json, source)?, 0))
            }
        }

        crate::record::record! { @record $name of $system in $module { $($fields)* } }
    };
    (@$class:ident $name:ident of $system:ident in $module:ident { $($(#[$doc:meta])* $get:ident: $how:ident,)* }) => {
        impl $name {
            fn at(page: &std::sync::Arc<crate::page::Page>, at: usize) -> pyo3::PyClassInitializer<Self> {
                let record = crate::record::Record::new::<cardwright_core::$module::$name<'_>>(page, at);
                crate::record::record!(@above $class record).add_subclass($name)
            }
        }

        crate::table::row! { $name of $module { $($get: $how,)* } }

        #[pyo3::pymethods]
        impl $name {
            $(
                $(#[$doc])*
                #[getter]
                fn $get<'py>(slf: &pyo3::Bound<'py, Self>) -> pyo3::PyResult<pyo3::Bound<'py, pyo3::PyAny>> {
                    let record = slf.as_any().cast::<crate::record::Record>()?.get();
                    let view = record.view::<cardwright_core::$module::$name<'_>>();
                    crate::record::record!(@$how slf.py(), $get, view.$get())
                }
            )*
        }

        impl<'a> crate::page::Kept<'a> for cardwright_core::$module::$name<'a> {
            const SYSTEM: cardwright_core::lifecycle::System = cardwright_core::lifecycle::System::$system;

            const WIDTH: usize = cardwright_core::$module::$name::FIELDS.len();

            fn text(&self) -> &'a str {
                self.json()
            }

            fn places(&self) -> &[cardwright_core::json::Span] {
                self.spans()
            }

            fn attach(text: &'a str, spans: &[cardwright_core::json::Span]) -> Self {
                cardwright_core::$module::$name::attach(text, spans.try_into().unwrap_or_default())
            }

            fn wrap<'py>(
                py: pyo3::Python<'py>,
                page: &std::sync::Arc<crate::page::Page>,
                at: usize,
            ) -> pyo3::PyResult<pyo3::Bound<'py, pyo3::PyAny>> {
                pyo3::Bound::new(py, $name::at(page, at)).map(pyo3::Bound::into_any)
            }
        }
    };
    (@above card $record:ident) => { pyo3::PyClassInitializer::from($record).add_subclass(crate::record::Card) };
    (@above record $record:ident) => { pyo3::PyClassInitializer::from($record) };
    (@value $py:expr, $get:ident, $value:expr) => { crate::decode::Decode::decode($value, $py) };
    (@moment $py:expr, $get:ident, $value:expr) => { crate::moment::decode($py, stringify!($get), $value) };
    (@records $py:expr, $get:ident, $value:expr) => { crate::decode::records($py, $value) };
}
pub(crate) use record;
