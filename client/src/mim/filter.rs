//! Which requests a list has.

use cardwright_core::mim::{RequestQuery, RequestStatus};
use std::collections::VecDeque;

/// Which requests to list. Default: all that the account may see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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

    /// What to ask the server, one after the other.
    pub(super) fn queries(&self) -> VecDeque<RequestQuery> {
        let for_caller = self.for_caller;
        if self.statuses.is_empty() {
            return [RequestQuery { status: None, for_caller }].into();
        }
        self.statuses.iter().map(|status| RequestQuery { status: Some(*status), for_caller }).collect()
    }
}
