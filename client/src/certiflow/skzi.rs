//! The register of SKZI of Indeed CM 7.1, read page by page while it is iterated.
//!
//! What an entry looks like is not documented, so each is the JSON as the server sent it. For the same reason nothing
//! can be compared with what was asked for: whether the server obeys a filter is not checked.

use super::CertiFlow;
use super::known::may_lack;
use crate::client::{Client, FIRST_PAGE};
use crate::error::Error;
use cardwright_core::certiflow::{Dialect, OwnedSkziQuery, SkziQuery};
use cardwright_core::json::Cursor;
use cardwright_core::{Code, Error as CallError};
use cardwright_http::{Reply, Stream};
use std::collections::HashSet;
use std::fmt;
use std::hash::{BuildHasher as _, RandomState};

/// Why a server of the right generation may not have it.
const NOT_KEPT: &str = "only Indeed CM 7.1 has this register, and only where its wizard keeps the SKZI log";

impl Client<CertiFlow> {
    /// The entries of the register of SKZI that a query finds, each once, read as they arrive and page by page; `offset`
    /// and `count` of the query bound the whole list. Nothing is sent before the first is asked for.
    ///
    /// An entry that is in all bytes as an earlier one is left out. The list ends where a page is empty or brings nothing
    /// new.
    ///
    /// # Errors
    /// [`Code::NoSuchCall`] where the server is known to be of an older generation than G7; [`Code::Unwritable`] for an
    /// empty text. In the list any of [`Error`]: [`Code::NotFound`] where the server has no register.
    pub fn skzi(&self, query: SkziQuery<'_>) -> Result<SkziEntries, Error> {
        query.in_dialect(self.dialect_for_skzi())?;
        Ok(SkziEntries {
            client: self.clone(),
            offset: query.offset.unwrap_or(0),
            left: query.count,
            query: query.owned(),
            page: None,
            came: 0,
            any_new: false,
            seen: HashSet::new(),
            hashers: [RandomState::new(), RandomState::new()],
            over: false,
        })
    }

    /// G7, unless that is known to be wrong.
    fn dialect_for_skzi(&self) -> Dialect {
        if self.given_dialect().is_none() && self.may_speak(Dialect::G7) { Dialect::G7 } else { self.dialect() }
    }
}

/// Entries of the register, one by one: the JSON of each, an object, as it was sent. After an error of one entry the next
/// one follows; after any other error there are no more.
///
/// ```
/// # use cardwright_client::{CertiFlow, Client, Credentials};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// use cardwright_core::certiflow::{Dialect, SkziQuery};
///
/// fn print(client: &Client<CertiFlow>) -> Result<(), cardwright_client::Error> {
///     for entry in client.skzi(SkziQuery::default())? {
///         println!("{:?}", entry?);
///     }
///     Ok(())
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SkziEntries {
    client: Client<CertiFlow>,
    query: OwnedSkziQuery,
    /// Where the page begins in the register.
    offset: u32,
    /// How many entries are still wanted at most.
    left: Option<u32>,
    page: Option<Stream>,
    /// How many entries of the page have come.
    came: u32,
    /// Whether one of them was new.
    any_new: bool,
    /// Two hashes of each entry that has come.
    seen: HashSet<[u64; 2]>,
    hashers: [RandomState; 2],
    over: bool,
}

impl SkziEntries {
    /// Asks for the page at the offset.
    fn ask(&self) -> Result<Reply, Error> {
        let most = self.client.page_size.unwrap_or(FIRST_PAGE);
        // Later pages are whole: one of few entries may have nothing but repeats, and would end the list.
        let count = self.left.filter(|_| self.seen.is_empty()).map_or(most, |left| left.min(most));
        let query = SkziQuery { offset: Some(self.offset), count: Some(count), ..self.query.view() };
        let dialect = self.client.dialect_for_skzi();
        let error = match self.client.transport.send(&query.in_dialect(dialect)?) {
            Ok(reply) => return Ok(reply),
            Err(error) => Error::from(error),
        };
        if !may_lack(&error) {
            return Err(error);
        }
        // No such call, of an older generation, or no register.
        match self.client.instead_of(dialect, error) {
            Ok(found) => {
                query.in_dialect(found)?;
                Err(CallError::of(Code::NotFound, "Skzi").into())
            }
            Err(error) => Err(error.with_words(NOT_KEPT)),
        }
    }

    /// Notes an entry; whether it is new.
    fn note(&mut self, entry: &str) -> bool {
        let hashes = [self.hashers[0].hash_one(entry), self.hashers[1].hash_one(entry)];
        self.seen.insert(hashes)
    }

    fn last(&mut self, error: Error) -> Option<Result<String, Error>> {
        self.over = true;
        self.page = None;
        Some(Err(error))
    }

    /// Goes to the next page, where there may be one.
    fn turn(&mut self) {
        let next = self.offset.checked_add(self.came).filter(|_| self.any_new);
        self.over = next.is_none();
        self.offset = next.unwrap_or(self.offset);
        (self.page, self.came, self.any_new) = (None, 0, false);
    }
}

impl Iterator for SkziEntries {
    type Item = Result<String, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.over && self.left != Some(0) {
            if let Some(page) = &self.page
                && let Err(error) = self.client.transport.check_canceled(page.request())
            {
                return self.last(error.into());
            }
            let mut page = match self.page.take() {
                Some(page) => page,
                None => match self.ask() {
                    Ok(reply) if reply.status == 204 => break,
                    Ok(reply) => Stream::new(reply, &self.client.transport).list_only(),
                    Err(error) => return self.last(error),
                },
            };
            let found = page.next(read_entry);
            match found {
                None => self.turn(),
                Some(Err(error)) if page.is_over() => return self.last(error.into()),
                Some(Err(error)) => {
                    self.came = self.came.saturating_add(1);
                    self.page = Some(page);
                    return Some(Err(error.into()));
                }
                Some(Ok(entry)) => {
                    self.came = self.came.saturating_add(1);
                    let is_new = self.note(&entry);
                    let wrong = (!entry.starts_with('{'))
                        .then(|| Error::decode(CallError::new(Code::JsonType, 0), entry.as_bytes(), 0, page.request()));
                    self.page = Some(page);
                    if !is_new {
                        continue;
                    }
                    self.any_new = true;
                    if let Some(wrong) = wrong {
                        return Some(Err(wrong));
                    }
                    self.left = self.left.map(|left| left.saturating_sub(1));
                    return Some(Ok(entry));
                }
            }
        }
        (self.over, self.page) = (true, None);
        None
    }
}

impl fmt::Debug for SkziEntries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SkziEntries").field("offset", &self.offset).finish_non_exhaustive()
    }
}

/// Reads a value as it was sent.
fn read_entry(json: &mut Cursor<'_>) -> Result<String, CallError> {
    json.peek()?;
    let start = json.at();
    json.skip()?;
    Ok(json.since(start).to_string())
}
