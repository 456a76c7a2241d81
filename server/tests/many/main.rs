//! Several servers over one registry in PostgreSQL, which die, and whose database does.

mod away;
mod instance;
mod lost;
mod races;
mod storm;
mod versions;

use cardwright_testkit::postgres::{Cluster, is_missing};

/// A cluster of the test's own, which can be stopped. `None` where PostgreSQL is not installed, which is said.
fn cluster() -> Option<Cluster> {
    (!is_missing()).then(Cluster::start)
}
