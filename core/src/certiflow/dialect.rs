//! The generations of CertiFlow's API, oldest to newest, and sets of them.
//!
//! The vendor's pages are the source: Indeed CM 5.7 (G1), its later versions (G2 to G4), Rutoken KeyBox and Indeed CM
//! 6.x (G5), CertiFlow up to May 2024 and Indeed CM 7.0 (G6), CertiFlow 7.1 and 7.2 (G7).

use crate::{Code, Error, Named, named};
use core::fmt;

/// A generation of the API. Their numbers grow with time.
///
/// # Examples
/// ```
/// use cardwright_core::certiflow::Dialect;
///
/// assert!(Dialect::G1 < Dialect::G7);
/// assert!(Dialect::G3.lists_by_user() && !Dialect::G4.lists_by_user());
/// assert_eq!(Dialect::G7.base(), "/certiflow/api");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(u8)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Dialect {
    /// Indeed CM up to 5.7, base `/icmapi`: the cards of one user, with six fields, and four
    /// operations with the id as a parameter. There is no other way to look a card up.
    G1 = 1,
    /// Indeed CM after 5.7: also all cards (`Card/GetAllCards`), page by page and without filters.
    G2 = 2,
    /// Indeed CM before 2022: also four filters, such as `filter.serialNumber`.
    G3 = 3,
    /// Indeed CM of 2022, the last at `/icmapi`: `Cards` with seven filters, and operations by the card's path.
    G4 = 4,
    /// Indeed CM 6.x and Rutoken KeyBox, base `/cm/api`: the calls of G4.
    G5 = 5,
    /// CertiFlow before 7.1, Indeed CM 7.0, newer Rutoken KeyBox: filters without a prefix, the reason as a parameter.
    G6 = 6,
    /// CertiFlow 7.1 and later: also one card by its id, Withdraw, and more filters.
    #[default]
    G7 = 7,
}

named! { Dialect { G1, G2, G3, G4, G5, G6, G7 } }

impl Dialect {
    /// The products that speak it.
    #[must_use]
    pub const fn products(self) -> &'static str {
        match self {
            Dialect::G1 => "Indeed CM up to 5.7",
            Dialect::G2 | Dialect::G3 => "Indeed CM after 5.7",
            Dialect::G4 => "Indeed CM of 2022",
            Dialect::G5 => "Indeed CM 6.x, Rutoken KeyBox",
            Dialect::G6 => "CertiFlow before 7.1, Indeed CM 7.0",
            Dialect::G7 => "CertiFlow 7.1 and later",
        }
    }

    /// The base at which a server has it, if nobody has moved it.
    #[must_use]
    pub const fn base(self) -> &'static str {
        match self {
            Dialect::G1 | Dialect::G2 | Dialect::G3 | Dialect::G4 => "/icmapi",
            Dialect::G5 => "/cm/api",
            Dialect::G6 | Dialect::G7 => "/certiflow/api",
        }
    }

    /// Whether the cards of one user are a call of their own, `user/getcards`, and not a filter.
    #[must_use]
    pub const fn lists_by_user(self) -> bool {
        matches!(self, Dialect::G1 | Dialect::G2 | Dialect::G3)
    }

    /// Whether the names of the filters begin with `filter.`.
    #[must_use]
    pub const fn has_prefix(self) -> bool {
        matches!(self, Dialect::G3 | Dialect::G4 | Dialect::G5)
    }

    /// Whether the id of the card to operate on is a parameter, and not in the path.
    #[must_use]
    pub const fn id_is_parameter(self) -> bool {
        self.lists_by_user()
    }

    /// Whether the reason of a revocation is in the body, as a number, and not a parameter, by name. The page of G4
    /// prints it so; that G5 is as G4 is assumed.
    #[must_use]
    pub const fn reason_in_body(self) -> bool {
        !matches!(self, Dialect::G6 | Dialect::G7)
    }

    /// Whether the id of a card is a text; later it is a number. The pages of G1 print `id1`; that G2 and G3, whose
    /// examples have no id, are as G1 is assumed.
    #[must_use]
    pub const fn id_is_text(self) -> bool {
        self.id_is_parameter()
    }

    /// Whether its platform is classic Web API, and not ASP.NET Core: that of `icmapi`, which is assumed. Errors have the
    /// form of the platform, and what is done without a word is 204 in the one and 200 in the other.
    #[must_use]
    pub const fn is_classic(self) -> bool {
        matches!(self, Dialect::G1 | Dialect::G2 | Dialect::G3 | Dialect::G4)
    }

    /// How it names users. The older pages ask for a UPN, and an example is `user1`; since G4 the pages of the products differ
    /// between a logon name and `DOMAIN\LogonName`, and Rutoken KeyBox kept the names of G5 in G6.
    #[must_use]
    pub const fn user_names(self) -> &'static [UserName] {
        match self {
            Dialect::G1 | Dialect::G2 | Dialect::G3 => &[UserName::Upn, UserName::Logon],
            _ => &[UserName::Upn, UserName::Logon, UserName::DownLevel],
        }
    }

    /// Whether it lists pages, by `offset` and `count`.
    #[must_use]
    pub const fn has_pages(self) -> bool {
        !matches!(self, Dialect::G1)
    }

    /// Whether a record has this field, by its name on the wire. What the pages cut off is assumed to be of G4.
    #[must_use]
    pub fn has_field(self, name: &str) -> bool {
        let since = match name {
            "id" | "serialNumber" | "atr" | "label" | "state" | "pacNumber" => Dialect::G1,
            "formFactor" | "expirationDate" => Dialect::G2,
            "cardTypeName" | "cardModelName" | "comment" | "tags" => Dialect::G3,
            _ => Dialect::G4,
        };
        self as u8 >= since as u8
    }

    /// Whether a server of this generation understands each call of another one: it is the same, or has added to it.
    #[must_use]
    pub const fn understands(self, other: Dialect) -> bool {
        self as u8 == other as u8
            || matches!(
                (self, other),
                (Dialect::G2 | Dialect::G3, Dialect::G1)
                    | (Dialect::G3, Dialect::G2)
                    | (Dialect::G4, Dialect::G5)
                    | (Dialect::G5, Dialect::G4)
                    | (Dialect::G7, Dialect::G6)
            )
    }

    /// The error for what a dialect lacks.
    pub(super) const fn lacks(self, code: Code, what: &'static str) -> Error {
        Error { code, at: self as usize, what }
    }
}

/// A form of a user's name.
///
/// # Examples
/// ```
/// use cardwright_core::certiflow::UserName;
///
/// assert_eq!(UserName::of(r"DEMO\ipetrov"), UserName::DownLevel);
/// assert_eq!(UserName::of("ipetrov@demo.example"), UserName::Upn);
/// assert_eq!(UserName::of("ipetrov"), UserName::Logon);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum UserName {
    /// `user@domain.example`, the user principal name.
    Upn,
    /// `user`, the sAMAccountName.
    Logon,
    /// `DOMAIN\user`, the down-level logon name.
    DownLevel,
}

impl UserName {
    /// The form of a name, by its characters.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let has = |wanted: u8| name.bytes().any(|byte| byte == wanted);
        if has(b'\\') {
            UserName::DownLevel
        } else if has(b'@') {
            UserName::Upn
        } else {
            UserName::Logon
        }
    }
}

/// A set of generations.
///
/// # Examples
/// ```
/// use cardwright_core::certiflow::{Dialect, Dialects};
///
/// let old = Dialects::between(Dialect::G1, Dialect::G4);
/// assert_eq!(old.len(), 4);
/// assert_eq!(old.and(Dialects::only(Dialect::G4)).single(), Some(Dialect::G4));
/// assert!(!Dialects::ALL.without(old).has(Dialect::G2));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Dialects(u8);

impl Dialects {
    /// All of them.
    pub const ALL: Dialects = Dialects::between(Dialect::G1, Dialect::G7);
    /// None.
    pub const NONE: Dialects = Dialects(0);

    /// One alone.
    #[must_use]
    pub const fn only(dialect: Dialect) -> Self {
        Dialects(1_u8.wrapping_shl(dialect as u32))
    }

    /// All from the older to the newer one, both included.
    #[must_use]
    pub const fn between(older: Dialect, newer: Dialect) -> Self {
        Dialects(0xFE & u8::MAX.wrapping_shl(older as u32) & u8::MAX.wrapping_shr(7_u32.saturating_sub(newer as u32)))
    }

    /// These, and one more.
    #[must_use]
    pub const fn with(self, dialect: Dialect) -> Self {
        Dialects(self.0 | Self::only(dialect).0)
    }

    /// Whether it holds one.
    #[must_use]
    pub const fn has(self, dialect: Dialect) -> bool {
        self.0 & Self::only(dialect).0 != 0
    }

    /// Those that are in both.
    #[must_use]
    pub const fn and(self, other: Dialects) -> Self {
        Dialects(self.0 & other.0)
    }

    /// Those that are not in the other.
    #[must_use]
    pub const fn without(self, other: Dialects) -> Self {
        Dialects(self.0 & !other.0)
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many there are.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// From the oldest to the newest.
    pub fn iter(self) -> impl Iterator<Item = Dialect> {
        Dialect::ALL.iter().copied().filter(move |dialect| self.has(*dialect))
    }

    /// The one that it holds; `None` where there are none or several.
    #[must_use]
    pub fn single(self) -> Option<Dialect> {
        if self.len() == 1 { self.iter().next() } else { None }
    }

    /// The bits, bit n for generation n, to be kept in an atomic number.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// The set with these bits.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Dialects(bits & Self::ALL.0)
    }
}

impl FromIterator<Dialect> for Dialects {
    fn from_iter<I: IntoIterator<Item = Dialect>>(dialects: I) -> Self {
        dialects.into_iter().fold(Dialects::NONE, Dialects::with)
    }
}

/// `G6`, `G6 or G7`, `G1, G2 or G3`.
impl fmt::Display for Dialects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.len();
        if count == 0 {
            return f.write_str("none");
        }
        for (dialect, at) in self.iter().zip(1_u32..) {
            let before = match at {
                1 => "",
                at if at == count => " or ",
                _ => ", ",
            };
            write!(f, "{before}{}", dialect.name())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Dialects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use std::string::ToString;

    #[test]
    fn a_set_holds_what_stands_between_its_ends() {
        for older in Dialect::ALL {
            for newer in Dialect::ALL {
                let set = Dialects::between(*older, *newer);
                for one in Dialect::ALL {
                    assert_eq!(set.has(*one), older <= one && one <= newer, "{older:?} {newer:?} {one:?}");
                }
            }
        }
        assert_eq!(Dialects::ALL.len(), 7);
        assert_eq!(Dialects::from_bits(0xFF), Dialects::ALL);
        assert_eq!(Dialects::ALL.without(Dialects::between(Dialect::G2, Dialect::G7)).single(), Some(Dialect::G1));
        assert_eq!(Dialects::ALL.single(), None);
    }

    #[test]
    fn a_name_has_the_form_of_its_characters() {
        for (name, form) in [
            ("ann@demo.example", UserName::Upn),
            ("ann", UserName::Logon),
            ("DEMO\\ann", UserName::DownLevel),
            ("DEMO\\ann@demo", UserName::DownLevel),
            ("", UserName::Logon),
        ] {
            assert_eq!(UserName::of(name), form, "{name}");
        }
        for dialect in Dialect::ALL {
            assert!(dialect.user_names().contains(&UserName::Upn), "all know a UPN: {dialect:?}");
        }
    }

    #[test]
    fn a_set_is_written_as_a_choice() {
        assert_eq!(Dialects::NONE.to_string(), "none");
        assert_eq!(Dialects::only(Dialect::G6).to_string(), "G6");
        assert_eq!(Dialects::between(Dialect::G6, Dialect::G7).to_string(), "G6 or G7");
        assert_eq!(Dialects::between(Dialect::G1, Dialect::G3).to_string(), "G1, G2 or G3");
    }
}
