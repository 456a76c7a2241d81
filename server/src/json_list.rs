//! A list in JSON that is written page by page.

use crate::pages::Page;

/// A list in JSON, written page by page.
#[derive(Debug, Default)]
pub(crate) struct JsonList {
    open: &'static str,
    close: &'static str,
    /// Whether the list was begun.
    is_begun: bool,
    page: Vec<u8>,
}

impl JsonList {
    /// A list that is an object's only member, in quotes and with its brace and colon.
    pub(crate) const fn in_object(member: &'static str) -> Self {
        JsonList { open: member, close: "}", is_begun: false, page: Vec::new() }
    }

    /// Adds an element: the parts of its JSON.
    pub(crate) fn add(&mut self, parts: &[&[u8]]) {
        if self.is_begun {
            self.page.push(b',');
        } else {
            self.begin();
        }
        parts.iter().for_each(|part| self.page.extend_from_slice(part));
    }

    fn begin(&mut self) {
        self.page.extend_from_slice(self.open.as_bytes());
        self.page.push(b'[');
        self.is_begun = true;
    }

    /// The page so far; the last one if no element follows.
    pub(crate) fn page(&mut self, is_last: bool) -> Page {
        if is_last {
            if !self.is_begun {
                self.begin();
            }
            self.page.push(b']');
            self.page.extend_from_slice(self.close.as_bytes());
        }
        // The next page is about as long.
        let next = if is_last { Vec::new() } else { Vec::with_capacity(self.page.len() * 9 / 8) };
        let page = core::mem::replace(&mut self.page, next).into();
        if is_last { Page::Last(page) } else { Page::More(page) }
    }
}
