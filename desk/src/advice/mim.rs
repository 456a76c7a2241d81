//! What to say about MIM CM.

use super::Advice;

pub(crate) struct Mim;

impl Advice for Mim {
    fn refuses_reason(&self) -> Option<&'static str> {
        Some("MIM CM takes no revocation reason")
    }

    fn refuses_user(&self) -> Option<&'static str> {
        Some("MIM CM finds no card by its user")
    }

    fn instead_of(&self, word: &str) -> Option<&'static str> {
        match word {
            "disable" => Some("what MIM CM calls Disabled is final: it is the state after Revoke"),
            "withdraw" => Some("the end of a card is Retire in MIM CM"),
            _ => None,
        }
    }

    fn no_filter(&self) -> &'static str {
        "give --from FILE, or --all for all of the account's own cards"
    }

    fn base(&self) -> &'static str {
        "the base is https://HOST/CertificateManagement, without api/v1.0"
    }
}
