//! What to say about CertiFlow.

use super::Advice;

pub(crate) struct CertiFlow;

impl Advice for CertiFlow {
    fn instead_of(&self, word: &str) -> Option<&'static str> {
        match word {
            "retire" => Some("CertiFlow takes a revoked card from its user by Withdraw"),
            "reinstate" => Some("CertiFlow lifts a hold by Enable"),
            _ => None,
        }
    }

    fn no_filter(&self) -> &'static str {
        "give a filter such as --state, --from FILE, or --all"
    }

    fn base(&self) -> &'static str {
        "the base is https://HOST/certiflow/api, /cm/api, /keybox/api, or /icmapi for G1"
    }
}
