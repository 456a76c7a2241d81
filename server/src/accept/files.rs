//! How many files the process may open: each connection is one.

/// Files besides connections: the registry's, its readers', the log's.
const OTHERS: u64 = 128;

/// Raises the limit so that this number of connections fits, as far as the system lets it. Returns how many fit then.
#[cfg(unix)]
pub(super) fn make_room(connections: usize) -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let wanted = (connections as u64).saturating_add(OTHERS);
    let Some(current) = limit.current.filter(|current| *current < wanted) else { return connections };
    let raised = limit.maximum.map_or(wanted, |maximum| maximum.min(wanted)).max(current);
    let is_raised = setrlimit(Resource::Nofile, Rlimit { current: Some(raised), maximum: limit.maximum }).is_ok();
    let room = if is_raised { raised } else { current };
    usize::try_from(room.saturating_sub(OTHERS)).unwrap_or(connections).max(1)
}

/// The system has no such limit.
#[cfg(not(unix))]
pub(super) fn make_room(connections: usize) -> usize {
    connections
}
