//! The generations of CertiFlow's API.

use crate::{Code, Error, named};

/// A generation of the API. Their numbers grow with time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(u8)]
pub enum Dialect {
    /// Indeed CM up to 5.7, base `/icmapi`: the cards of one user, with six fields, and four
    /// operations with the id as a parameter. There is no other way to look a card up.
    G1 = 1,
    /// CertiFlow before 7.1, Indeed CM 7.0: `Cards` with filters, and four operations.
    G6 = 6,
    /// CertiFlow 7.1 and later: also one card by its id, Withdraw, and more filters.
    #[default]
    G7 = 7,
}

named! { Dialect { G1, G6, G7 } }

impl Dialect {
    /// The error for what a dialect lacks.
    pub(super) const fn lacks(self, code: Code, what: &'static str) -> Error {
        Error { code, at: self as usize, what }
    }
}
