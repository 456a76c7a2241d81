//! Gives up an answer from another thread than the one that waits for its body.

use crate::lock::lock;
use std::sync::{Arc, Mutex};

/// Closes the connection of an answer, as long as its body has neither been read to its end nor dropped.
#[derive(Clone)]
pub(crate) struct Abort(Arc<Mutex<Option<Arc<ureq::Agent>>>>);

impl Abort {
    /// For an answer that comes by this agent.
    pub(crate) fn new(agent: &Arc<ureq::Agent>) -> Self {
        Abort(Arc::new(Mutex::new(Some(Arc::clone(agent)))))
    }

    /// Ends the wait for the body at once. The agent is of no use afterwards.
    pub(crate) fn abort(&self) {
        if let Some(agent) = lock(&self.0).take() {
            ureq::Agent::clone(&agent).shutdown();
        }
    }

    /// The body has ended; returns whether the agent may be used again.
    pub(crate) fn end(&self) -> bool {
        lock(&self.0).take().is_some()
    }
}
