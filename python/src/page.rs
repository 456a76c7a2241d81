//! Pages: the bytes of several objects of a vendor's API, and where their fields stand.
//!
//! A page holds the objects of a reply. What is made of them shares the page, and is decoded on request.

use cardwright::client::Options;
use cardwright_core::json::{FromJson, Span, from_slice};
use cardwright_core::lifecycle::System;
use cardwright_python_common::Failure;
use pyo3::prelude::*;
use std::sync::Arc;

/// Where the objects of a page came from, as far as the client needs it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Source {
    /// The user the cards were found by: G1 has no other way to read one again.
    pub(crate) found_by: Option<String>,
    /// How the client that read them was set up.
    pub(crate) options: Options,
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

    /// A page of one object that has not been read yet.
    ///
    /// # Errors
    /// A 3xx code where the text is no such object.
    pub(crate) fn parse<'a, K: Kept<'a> + FromJson<'a>>(text: &'a str, source: Source) -> Result<Arc<Self>, Failure> {
        let mut page = Page::new(Arc::new(source));
        page.push(&from_slice::<K>(text.as_bytes())?);
        Ok(Arc::new(page))
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
