//! The paths that the server has whatever it is told. Each is free of the others.

use crate::route::below;

/// MIM CM's virtual folder.
pub(crate) const MIM: &str = "/CertificateManagement";

/// The part that all of the server's own API begins with.
const OWN_FOLDER: &str = "_cardwright";

/// The server's own API.
pub(crate) const OWN: &str = "/_cardwright/v1";

/// Whether it can work.
pub(crate) const HEALTH: &str = "/health";

/// What a test asks of it.
pub(crate) const SANDBOX: &str = "/_sandbox";

/// Where the server's own API is for a client that knows this base alone: beside it if it is a usual one, else below.
pub(crate) fn own_of(base: &str) -> String {
    format!("{}{OWN}", cardwright_core::base::root(base))
}

/// Which path of the server another API cannot have this base for.
pub(crate) fn taken(base: &str) -> Option<&'static str> {
    let fixed = [MIM, OWN, HEALTH, SANDBOX].into_iter().find(|fixed| overlap(fixed, base));
    let is_own = base.split('/').any(|part| part.eq_ignore_ascii_case(OWN_FOLDER));
    fixed.or(is_own.then_some(OWN))
}

/// Whether a path is another one, or below it, or above.
pub(crate) fn overlap(one: &str, other: &str) -> bool {
    below(one, other).is_some() || below(other, one).is_some()
}
