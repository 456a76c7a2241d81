//! Calls that this library has no method for: a new one of a vendor, or those of another system.
//!
//! What a call asks is said by [`Call`]; sign-in, time limits, retries and the observer are as for every request of
//! the client. What the answer means is the caller's to say.

use crate::any::AnyClient;
use crate::client::Client;
use crate::error::Error;
use cardwright_core::Code;
use cardwright_core::http::{self, Call};
use cardwright_core::json::{self, Cursor, FromJson, List};
use cardwright_http::{RequestLine, Stream, Transport};
use std::fmt;

impl<A> Client<A> {
    /// Sends a call, and returns the answer of success as a document.
    ///
    /// A call by `GET` is repeated where that may help, as [`Retries`](crate::Retries) say. Any other is sent again
    /// only if it certainly did not arrive: where its answer is lost, nobody knows whether it was carried out, and the
    /// error says so by [`was_sent`](cardwright_http::Error::was_sent). Then look, before it is called again.
    ///
    /// A client of no system that the library knows is a `Client<()>`:
    ///
    /// ```
    /// use cardwright_client::{Client, Credentials};
    /// use cardwright_core::http::{Call, Method, Query, Route};
    /// use cardwright_core::json::Text;
    ///
    /// /// The doors that a badge opens, in the access control system of the house.
    /// struct Doors<'a> {
    ///     badge: &'a str,
    ///     site: &'a str,
    /// }
    ///
    /// impl Call for Doors<'_> {
    ///     fn route(&self) -> &'static Route {
    ///         &Route { method: Method::Get, path: "badges/{badge}/doors" }
    ///     }
    ///
    ///     fn argument(&self, _: usize) -> &str {
    ///         self.badge
    ///     }
    ///
    ///     fn query(&self, query: &mut Query<'_>) -> std::fmt::Result {
    ///         query.add("site", self.site)
    ///     }
    /// }
    /// # let doors = cardwright_testkit::raw::Raw::answering(|_| cardwright_testkit::raw::json(r#"["north","vault"]"#));
    /// # let base = doors.url("/api");
    ///
    /// let client = Client::<()>::builder(base).credentials(Credentials::basic("badge-office", "a password")).build()?;
    /// let document = client.call(&Doors { badge: "0A0B0C0D", site: "Riga" })?;
    /// let doors = document.list::<Text<'_>>()?.map(|door| door.map(|door| door.to_string()));
    /// assert_eq!(doors.collect::<Result<Vec<_>, _>>()?, ["north", "vault"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Call`] for an argument of the path that would lead elsewhere. [`Error::Http`]: an answer that is no
    /// success is
    /// [`http::Error::Answer`](cardwright_http::Error::Answer), with its status and the server's words; so is a page
    /// where a document was asked for.
    pub fn call(&self, call: &dyn Call) -> Result<Document, Error> {
        document(&self.transport, call)
    }

    /// Sends a call whose answer is a list, and reads it element by element as it arrives: it may be longer than
    /// memory. `read` reads one element; what `view!` of the core has made has `from_json` and `owned` for that.
    ///
    /// ```
    /// # use cardwright_client::{CertiFlow, Client, Credentials};
    /// # use cardwright_server::TestServer;
    /// use cardwright_core::certiflow::{Call, CardInfo, Dialect, Query};
    /// use cardwright_core::json::FromJson as _;
    ///
    /// # let server = TestServer::start()?;
    /// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
    /// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
    /// #     .build()?;
    /// let call = Call::Cards(Query { count: Some(3), ..Query::default() }).in_dialect(Dialect::G7)?;
    /// let ids = client.call_list(&call, |json| CardInfo::from_json(json).map(|card| card.id().to_string()))?;
    /// assert_eq!(ids.collect::<Result<Vec<_>, _>>()?.len(), 3);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Self::call`]. In the list, an answer that is no list, and one that breaks off: it is not asked for again,
    /// as only the caller knows which elements are the same.
    pub fn call_list<T, F>(&self, call: &dyn Call, read: F) -> Result<ListOf<T, F>, Error>
    where
        F: Fn(&mut Cursor<'_>) -> Result<T, cardwright_core::Error>,
    {
        list(&self.transport, call, read)
    }
}

impl AnyClient {
    /// Sends a call, and returns the answer as a document: see [`Client::call`].
    ///
    /// # Errors
    /// As there.
    pub fn call(&self, call: &dyn Call) -> Result<Document, Error> {
        document(self.transport(), call)
    }

    /// Sends a call whose answer is a list, and reads it element by element: see [`Client::call_list`].
    ///
    /// # Errors
    /// As there.
    pub fn call_list<T, F>(&self, call: &dyn Call, read: F) -> Result<ListOf<T, F>, Error>
    where
        F: Fn(&mut Cursor<'_>) -> Result<T, cardwright_core::Error>,
    {
        list(self.transport(), call, read)
    }
}

/// The answer to a [call](Client::call), whole and as it came. Its errors name what was asked, and the place in the
/// document.
///
/// ```
/// # use cardwright_client::{CertiFlow, Client, Credentials};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// use cardwright_core::certiflow::{Call, CardInfo, CardState, Dialect};
///
/// let document = client.call(&Call::Card { id: "1013" }.in_dialect(Dialect::G7)?)?;
/// let card = document.read::<CardInfo<'_>>()?;
/// assert!(card.state().is(CardState::Issued));
/// assert_eq!(document.status(), 200);
/// // What does not fit is told with the request and the place.
/// let error = document.read::<cardwright_core::json::Text<'_>>().unwrap_err();
/// assert!(error.to_string().contains("/Cards/1013"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Document {
    request: String,
    status: u16,
    bytes: Vec<u8>,
}

impl fmt::Debug for Document {
    /// Without the values of the address's parameters, and with the body's length in its place: both may name people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let request = RequestLine::from(self.request.as_str());
        let mut debug = f.debug_struct("Document");
        debug.field("request", &request).field("status", &self.status).field("bytes", &self.bytes.len()).finish()
    }
}

impl Document {
    /// Method and address of the request.
    #[must_use]
    pub fn request(&self) -> &str {
        &self.request
    }

    /// The HTTP status: one of success.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The body. Empty where there is none, or blanks alone.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether there is no body, as with 204.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The value that the document is: an object as one of the core's views, a text, a number.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn read<'d, T: FromJson<'d>>(&'d self) -> Result<T, Error> {
        json::from_slice(&self.bytes).map_err(|error| self.wrong(error))
    }

    /// The elements of the list that the document is; a lone object is a list of one.
    ///
    /// # Errors
    /// Where the document is not JSON; for an element, what is wrong with it.
    pub fn list<'d, T: FromJson<'d> + 'd>(&'d self) -> Result<impl Iterator<Item = Result<T, Error>> + 'd, Error> {
        let list = List::<'d, T>::new(&self.bytes).map_err(|error| self.wrong(error))?;
        Ok(list.into_iter().map(|one| one.map_err(|error| self.wrong(error))))
    }

    /// The document as a value of one's own that serde reads.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn decode<'d, T: serde::Deserialize<'d>>(&'d self) -> Result<T, Error> {
        serde_json::from_slice(&self.bytes).map_err(|error| {
            let words = format!("not what was asked for: {error}");
            cardwright_http::Error::answer(Code::Unexpected, self.status, &self.request, words).caused_by(error).into()
        })
    }

    fn wrong(&self, error: cardwright_core::Error) -> Error {
        Error::decode(error, &self.bytes, 0, &self.request)
    }
}

/// The elements of the answer to a [call](Client::call_list), read as they arrive. After an error of one element the
/// next one follows; after any other error there are no more.
///
/// ```
/// # use cardwright_client::{CertiFlow, Client, Credentials};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// use cardwright_core::certiflow::{Call, CardInfo, Dialect, Query};
/// use cardwright_core::json::FromJson as _;
///
/// let call = Call::Cards(Query::default().count(100)).in_dialect(Dialect::G7)?;
/// let states = client.call_list(&call, |json| Ok(CardInfo::from_json(json)?.state().known()))?;
/// assert!(states.request().starts_with("GET "));
/// let known = states.filter_map(Result::ok).flatten().count();
/// assert!(known > 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ListOf<T, F> {
    stream: Stream,
    read: F,
    over: bool,
    element: std::marker::PhantomData<fn() -> T>,
}

impl<T, F> ListOf<T, F> {
    /// Method and address of the request.
    #[must_use]
    pub fn request(&self) -> &str {
        self.stream.request()
    }
}

impl<T, F: Fn(&mut Cursor<'_>) -> Result<T, cardwright_core::Error>> Iterator for ListOf<T, F> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let next = self.stream.next(&self.read);
        self.over = next.is_none() || (matches!(next, Some(Err(_))) && self.stream.is_over());
        Some(next?.map_err(Error::from))
    }
}

impl<T, F> fmt::Debug for ListOf<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListOf").field("request", &RequestLine::from(self.request())).finish_non_exhaustive()
    }
}

fn document(transport: &Transport, call: &dyn Call) -> Result<Document, Error> {
    http::check_arguments(call)?;
    let reply = transport.send(call)?;
    let (request, status) = (reply.request.clone(), reply.status);
    let bytes = reply.document(transport.max_element())?.unwrap_or_default();
    Ok(Document { request, status, bytes })
}

fn list<T, F>(transport: &Transport, call: &dyn Call, read: F) -> Result<ListOf<T, F>, Error> {
    http::check_arguments(call)?;
    let transport = transport.for_list();
    let reply = transport.send(call)?;
    // 204 alone says that there is nothing.
    let is_nothing = reply.status == 204;
    let stream = Stream::new(reply, &transport);
    let stream = if is_nothing { stream } else { stream.list_only() };
    Ok(ListOf { stream, read, over: false, element: std::marker::PhantomData })
}
