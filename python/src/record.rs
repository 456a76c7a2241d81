//! Vendor objects: frozen views over the bytes of a page, decoded when they are asked.
//!
//! A page holds the objects of a reply and where their fields stand. A record is a page, shared, and
//! a place in it. Two records are equal when the server wrote them the same.

mod show;

use crate::failure::Failure;
use crate::members::{member, native};
use cardwright::client::{AnyCard, CertiFlowCard, MimCard};
use cardwright_core::certiflow::CardInfo;
use cardwright_core::json::Span;
use cardwright_core::lifecycle::System;
use cardwright_core::mim::{OwnedRequest, Request, Smartcard, StatusScheme};
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyString, PyTuple, PyType};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// Where the objects of a page came from, as far as it is needed to go on with them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Source {
    /// The user by whom the cards were found: G1 has no other way to read one again.
    pub(crate) found_by: Option<String>,
    /// What a status number of MIM CM means there.
    pub(crate) scheme: StatusScheme,
}

/// Objects of one kind, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Page {
    text: String,
    places: Vec<(usize, usize)>,
    spans: Vec<Span>,
    source: Arc<Source>,
}

/// A kind of object.
pub(crate) trait Kept<'a>: Sized {
    /// The system whose object it is.
    const SYSTEM: System;

    /// How many fields it has.
    const WIDTH: usize;

    fn text(&self) -> &'a str;

    fn places(&self) -> &[Span];

    /// The view again; where the page is of another kind, every field is absent.
    fn attach(text: &'a str, spans: &[Span]) -> Self;

    /// The Python object for one of a page.
    fn wrap<'py>(py: Python<'py>, page: &Arc<Page>, at: usize) -> PyResult<Bound<'py, PyAny>>;
}

impl Page {
    pub(crate) fn new(source: Arc<Source>) -> Self {
        Page { source, ..Page::default() }
    }

    pub(crate) fn push<'a>(&mut self, object: &impl Kept<'a>) {
        self.places.push((self.text.len(), object.text().len()));
        self.text.push_str(object.text());
        self.spans.extend_from_slice(object.places());
    }

    /// A page of one object that is not read yet.
    ///
    /// # Errors
    /// A 3xx code where the text is no such object.
    pub(crate) fn parse<'a, K>(text: &'a str, source: Arc<Source>) -> Result<Self, cardwright_core::Error>
    where
        K: Kept<'a> + cardwright_core::json::FromJson<'a>,
    {
        let mut page = Page::new(source);
        page.push(&cardwright_core::json::from_slice::<K>(text.as_bytes())?);
        Ok(page)
    }

    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    pub(crate) fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// An object as it was written.
    pub(crate) fn json(&self, at: usize) -> &str {
        let (from, len) = self.places.get(at).copied().unwrap_or_default();
        self.text.get(from..from + len).unwrap_or("")
    }

    pub(crate) fn view<'a, K: Kept<'a>>(&'a self, at: usize) -> K {
        let width = K::WIDTH;
        K::attach(self.json(at), self.spans.get(at * width..(at + 1) * width).unwrap_or(&[]))
    }
}

/// An object of a vendor's API, as the server wrote it.
///
/// It is frozen, compares and hashes by what the server wrote, and can be pickled. `dict(record)` has
/// all its members by the vendor's names, also those that nobody knows.
#[pyclass(frozen, subclass, module = "cardwright")]
pub(crate) struct Record {
    page: Arc<Page>,
    at: usize,
    system: System,
}

/// A card's record in either system.
#[pyclass(frozen, subclass, extends = Record, module = "cardwright")]
pub(crate) struct Card;

impl Record {
    pub(crate) fn new<'a, K: Kept<'a>>(page: &Arc<Page>, at: usize) -> Self {
        Record { page: Arc::clone(page), at, system: K::SYSTEM }
    }

    pub(crate) fn view<'a, K: Kept<'a>>(&'a self) -> K {
        self.page.view(self.at)
    }

    pub(crate) fn source(&self) -> &Arc<Source> {
        self.page.source()
    }

    pub(crate) fn text(&self) -> &str {
        self.page.json(self.at)
    }

    /// The card for the client: a copy.
    pub(crate) fn any_card(&self) -> AnyCard {
        match self.system {
            System::CertiFlow => {
                let card = self.view::<CardInfo<'_>>().to_owned();
                AnyCard::CertiFlow(CertiFlowCard { card, found_by: self.source().found_by.clone() })
            }
            System::Mim => AnyCard::Mim(MimCard::new(self.view::<Smartcard<'_>>().to_owned(), self.source().scheme)),
        }
    }

    /// The whole object as a Python `dict`.
    fn parsed<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        static LOADS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        LOADS.import(py, "json", "loads")?.call1((self.text(),))
    }
}

#[pymethods]
impl Record {
    /// The object as the server wrote it, JSON in UTF-8.
    #[getter]
    fn json(&self) -> &str {
        self.text()
    }

    /// The vendor's names of all members, in the order in which they were written.
    fn keys<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.parsed(py)?.call_method0("keys")
    }

    fn __getitem__<'py>(&self, py: Python<'py>, name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        self.parsed(py)?.get_item(name).map_err(|_| PyKeyError::new_err(name.clone().unbind()))
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.parsed(py)?.call_method0("__iter__")
    }

    fn __len__(&self, py: Python<'_>) -> PyResult<usize> {
        self.parsed(py)?.len()
    }

    fn __contains__(&self, py: Python<'_>, name: &Bound<'_, PyAny>) -> PyResult<bool> {
        self.parsed(py)?.contains(name)
    }

    fn __eq__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> bool {
        let same = |other: &Bound<'_, Record>| slf.get().text() == other.get().text();
        slf.get_type().is(other.get_type()) && other.cast::<Record>().is_ok_and(same)
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.text().hash(&mut hasher);
        hasher.finish()
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        show::line(slf)
    }

    /// A table of what the server wrote, for notebooks.
    fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<String> {
        show::html(slf)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyType>, Bound<'py, PyTuple>)> {
        let (py, record) = (slf.py(), slf.get());
        let Source { found_by, scheme } = &**record.source();
        let scheme = if *scheme == StatusScheme::A { "A" } else { "B" };
        let arguments = match slf.cast::<Card>() {
            Ok(_) => (record.text(), found_by.as_deref(), scheme).into_pyobject(py)?,
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

    /// The state in the system's own words, or what the server sent where it is not known. In MIM CM it is assumed
    /// from the number `status`, and `None` where that is not known.
    #[getter]
    fn state<'py>(slf: &Bound<'py, Self>) -> PyResult<Option<Bound<'py, PyAny>>> {
        slf.as_super().get().any_card().state().map(|state| native(slf.py(), state)).transpose()
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

/// What a constructor of a card takes besides its JSON.
///
/// # Errors
/// For a scheme that there is not.
pub(crate) fn source(found_by: Option<String>, status_scheme: &str) -> Result<Arc<Source>, Failure> {
    Ok(Arc::new(Source { found_by, scheme: scheme(status_scheme)? }))
}

/// A scheme of MIM CM's status numbers by its letter.
///
/// # Errors
/// For a scheme that there is not.
pub(crate) fn scheme(letter: &str) -> Result<StatusScheme, Failure> {
    match letter {
        "A" => Ok(StatusScheme::A),
        "B" => Ok(StatusScheme::B),
        other => Err(Failure::argument(format!("status_scheme must be \"A\" or \"B\", not {other:?}"))),
    }
}

/// The Python object for a card that the client read.
pub(crate) fn card<'py>(py: Python<'py>, card: &AnyCard, source: Arc<Source>) -> PyResult<Bound<'py, PyAny>> {
    let mut page = Page::new(source);
    push(&mut page, card);
    wrap(py, card.system(), &Arc::new(page), 0)
}

/// The Python object for a request of MIM CM.
pub(crate) fn request<'py>(py: Python<'py>, request: &OwnedRequest) -> PyResult<Bound<'py, PyAny>> {
    let mut page = Page::default();
    page.push(&request.view());
    Request::wrap(py, &Arc::new(page), 0)
}

/// Adds a card that the client read.
pub(crate) fn push(page: &mut Page, card: &AnyCard) {
    match card {
        AnyCard::CertiFlow(card) => page.push(&card.card.view()),
        AnyCard::Mim(card) => page.push(&card.card.view()),
        _ => {}
    }
}

/// The Python object for a card of a page.
pub(crate) fn wrap<'py>(py: Python<'py>, system: System, page: &Arc<Page>, at: usize) -> PyResult<Bound<'py, PyAny>> {
    match system {
        System::CertiFlow => CardInfo::wrap(py, page, at),
        System::Mim => Smartcard::wrap(py, page, at),
    }
}

/// The class of a vendor's object: a property for each of its fields.
macro_rules! record {
    ($(#[$doc:meta])* card $name:ident of $module:ident { $($fields:tt)* }) => {
        $(#[$doc])*
        #[pyo3::pyclass(frozen, extends = crate::record::Card, module = "cardwright")]
        pub(crate) struct $name;

        #[pyo3::pymethods]
        impl $name {
            #[new]
            #[pyo3(signature = (json, found_by=None, status_scheme="B"))]
            fn new(
                py: pyo3::Python<'_>,
                json: &str,
                found_by: Option<String>,
                status_scheme: &str,
            ) -> pyo3::PyResult<pyo3::PyClassInitializer<Self>> {
                let source = crate::record::source(found_by, status_scheme).map_err(|failure| failure.raise(py))?;
                let page = crate::record::Page::parse::<cardwright_core::$module::$name<'_>>(json, source)
                    .map_err(|error| crate::failure::raise(py, error))?;
                Ok(Self::at(&std::sync::Arc::new(page), 0))
            }
        }

        impl $name {
            fn at(page: &std::sync::Arc<crate::record::Page>, at: usize) -> pyo3::PyClassInitializer<Self> {
                let record = crate::record::Record::new::<cardwright_core::$module::$name<'_>>(page, at);
                pyo3::PyClassInitializer::from(record).add_subclass(crate::record::Card).add_subclass($name)
            }
        }

        crate::record::record! { @fields $name of $module { $($fields)* } }
    };
    ($(#[$doc:meta])* record $name:ident of $module:ident { $($fields:tt)* }) => {
        $(#[$doc])*
        #[pyo3::pyclass(frozen, extends = crate::record::Record, module = "cardwright")]
        pub(crate) struct $name;

        #[pyo3::pymethods]
        impl $name {
            #[new]
            fn new(py: pyo3::Python<'_>, json: &str) -> pyo3::PyResult<pyo3::PyClassInitializer<Self>> {
                let page = crate::record::Page::parse::<cardwright_core::$module::$name<'_>>(json, Default::default())
                    .map_err(|error| crate::failure::raise(py, error))?;
                Ok(Self::at(&std::sync::Arc::new(page), 0))
            }
        }

        impl $name {
            fn at(page: &std::sync::Arc<crate::record::Page>, at: usize) -> pyo3::PyClassInitializer<Self> {
                let record = crate::record::Record::new::<cardwright_core::$module::$name<'_>>(page, at);
                pyo3::PyClassInitializer::from(record).add_subclass($name)
            }
        }

        crate::record::record! { @fields $name of $module { $($fields)* } }
    };
    (@fields $name:ident of $module:ident { $($(#[$doc:meta])* $get:ident: $how:ident,)* }) => {
        crate::table::row! { $name of $module { $($get: $how,)* } }

        #[pyo3::pymethods]
        impl $name {
            $(
                $(#[$doc])*
                #[getter]
                fn $get<'py>(slf: &pyo3::Bound<'py, Self>) -> pyo3::PyResult<pyo3::Bound<'py, pyo3::PyAny>> {
                    let record = slf.as_any().cast::<crate::record::Record>()?.get();
                    let view = record.view::<cardwright_core::$module::$name<'_>>();
                    crate::record::record!(@$how slf.py(), view.$get(), record.source())
                }
            )*
        }

        impl<'a> crate::record::Kept<'a> for cardwright_core::$module::$name<'a> {
            const SYSTEM: cardwright_core::lifecycle::System = crate::record::record!(@$module);

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
                page: &std::sync::Arc<crate::record::Page>,
                at: usize,
            ) -> pyo3::PyResult<pyo3::Bound<'py, pyo3::PyAny>> {
                pyo3::Bound::new(py, $name::at(page, at)).map(pyo3::Bound::into_any)
            }
        }
    };
    (@certiflow) => { cardwright_core::lifecycle::System::CertiFlow };
    (@mim) => { cardwright_core::lifecycle::System::Mim };
    (@value $py:expr, $value:expr, $source:expr) => { crate::decode::Decode::decode($value, $py, $source) };
    (@moment $py:expr, $value:expr, $source:expr) => {{
        let _ = $source;
        crate::decode::moment($py, $value)
    }};
    (@records $py:expr, $value:expr, $source:expr) => { crate::decode::records($py, $value, $source) };
}
pub(crate) use record;
