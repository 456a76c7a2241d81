//! Which requests a list has.

use cardwright_core::mim::{RequestQuery, RequestStatus};
use std::collections::VecDeque;

/// Which requests to list. Default: all that the account may see.
///
/// ```
/// # use cardwright_client::{Client, Credentials, Mim};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<Mim>::builder(server.mim_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// use cardwright_client::RequestFilter;
/// use cardwright_core::mim::RequestStatus;
///
/// let waiting = RequestFilter::default().status(RequestStatus::Pending);
/// for request in client.requests(&waiting)? {
///     println!("{:?}", request?.view().uuid());
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "made by setters or with ..default(): a field more breaks nothing")]
pub struct RequestFilter {
    /// Those with one of these statuses, each of which is asked for by itself; empty for all.
    pub statuses: Vec<RequestStatus>,
    /// Those for the account's own user.
    pub for_caller: bool,
}

impl RequestFilter {
    /// The requests that have not ended.
    #[must_use]
    pub fn open() -> Self {
        RequestFilter { statuses: RequestStatus::OPEN.to_vec(), for_caller: false }
    }

    /// Adds those with this status to [`Self::statuses`](#structfield.statuses).
    #[must_use]
    pub fn status(mut self, status: RequestStatus) -> Self {
        self.statuses.push(status);
        self
    }

    /// Sets [`Self::for_caller`](#structfield.for_caller).
    #[must_use]
    pub fn for_caller(mut self, for_caller: bool) -> Self {
        self.for_caller = for_caller;
        self
    }

    /// What to ask the server, one after the other.
    pub(super) fn queries(&self) -> VecDeque<RequestQuery> {
        let for_caller = self.for_caller;
        if self.statuses.is_empty() {
            return [RequestQuery { status: None, for_caller }].into();
        }
        self.statuses.iter().map(|status| RequestQuery { status: Some(*status), for_caller }).collect()
    }
}
