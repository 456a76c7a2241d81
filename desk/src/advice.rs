//! What to say to a person about a system: what it lacks, and what was perhaps meant.

pub(crate) mod certiflow;
pub(crate) mod mim;

/// What to say about one system.
pub(crate) trait Advice {
    /// Why the system takes no revocation reason, where it takes none.
    fn refuses_reason(&self) -> Option<&'static str> {
        None
    }

    /// Why the system finds no card by its user, where it does not.
    fn refuses_user(&self) -> Option<&'static str> {
        None
    }

    /// What was perhaps meant by a word that the system does not have.
    fn instead_of(&self, word: &str) -> Option<&'static str>;

    /// How to name the cards of a list, where nothing names them.
    fn no_filter(&self) -> &'static str;

    /// What the base of the API looks like.
    fn base(&self) -> &'static str;
}
