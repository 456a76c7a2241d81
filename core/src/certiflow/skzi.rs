//! The register of SKZI, cryptographic information protection tools, that Indeed CM 7.1 keeps: which entries to list.
//!
//! The vendor documents the call and its parameters, and not what an entry looks like; so entries are JSON as it came. A
//! server has it where *Keep the SKZI log* is on in its wizard. Source: Indeed CM 7.1, API, Skzi.

use super::Dialect;
use crate::http::{self, Call, Method, Route};
use crate::{Code, Error};
#[cfg(feature = "alloc")]
use alloc::string::String;
use core::fmt;

/// Where the register is, below the API's base.
static ROUTE: Route = Route { method: Method::Get, path: "Skzi" };

/// The kinds of entries that the vendor documents, values of `object_type`. A server may have more.
pub const SKZI_OBJECT_TYPES: [&str; 6] = ["Distributive", "License", "Documentation", "KeyDocument", "Card", "Custom"];

/// The states that the vendor documents, values of `state`; of the last two it is not clear which one a server takes. It
/// may have more.
pub const SKZI_STATES: [&str; 8] =
    ["Created", "Assigned", "Sent", "Returned", "Issued", "Installed", "Destructed", "Withdrawn"];

/// Defines [`SkziQuery`] and all that follows from the list of its filters: one row a filter, with its name on the wire.
macro_rules! filters {
    ($($(#[doc = $doc:literal])* $field:ident = $name:literal;)*) => {
        /// Which entries of the register to list. `None` means no filter; the default is every entry. An empty text is
        /// refused: a server takes it for no filter. All values are texts, as the lists of them are open.
        ///
        /// # Examples
        /// ```
        /// use cardwright_core::certiflow::{Dialect, SkziQuery};
        ///
        /// let query = SkziQuery { offset: Some(100), count: Some(50), ..SkziQuery::default() };
        /// assert!(query.in_dialect(Dialect::G7).is_ok());
        /// ```
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        #[allow(clippy::exhaustive_structs, reason = "made by setters or with `..default()`; a field more is no breaking change, as the front page says")]
        pub struct SkziQuery<'a> {
            $($(#[doc = $doc])* pub $field: Option<&'a str>,)*
            /// How many entries to pass over.
            pub offset: Option<u32>,
            /// How many entries to return at most.
            pub count: Option<u32>,
        }

        impl<'a> SkziQuery<'a> {
            /// The filters: the name in Rust, and the name on the wire.
            pub const FILTERS: [(&'static str, &'static str); [$($name),*].len()] = [$((stringify!($field), $name)),*];

            $($(#[doc = $doc])*
            #[must_use]
            pub const fn $field(mut self, $field: &'a str) -> Self {
                self.$field = Some($field);
                self
            })*

            /// How many entries to pass over.
            #[must_use]
            pub const fn offset(mut self, offset: u32) -> Self {
                self.offset = Some(offset);
                self
            }

            /// How many entries to return at most.
            #[must_use]
            pub const fn count(mut self, count: u32) -> Self {
                self.count = Some(count);
                self
            }

            /// The values, in the order of [`Self::FILTERS`].
            fn texts(&self) -> [Option<&'a str>; [$($name),*].len()] {
                [$(self.$field),*]
            }

            /// A copy with texts of its own.
            #[cfg(feature = "alloc")]
            pub fn owned(&self) -> OwnedSkziQuery {
                OwnedSkziQuery { $($field: self.$field.map(String::from),)* offset: self.offset, count: self.count }
            }
        }

        /// A [`SkziQuery`] with texts of its own.
        ///
        /// # Examples
        /// ```
        /// use cardwright_core::certiflow::OwnedSkziQuery;
        ///
        /// // From words, as a command has them.
        /// let mut query = OwnedSkziQuery::default();
        /// query.count = Some(10);
        /// assert_eq!(query.view().count, Some(10));
        /// assert!(query.set("colour", "red").is_err());
        /// ```
        #[cfg(feature = "alloc")]
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        #[allow(clippy::exhaustive_structs, reason = "made by setters or with `..default()`; a field more is no breaking change, as the front page says")]
        pub struct OwnedSkziQuery {
            $($(#[doc = $doc])* pub $field: Option<String>,)*
            /// How many entries to pass over.
            pub offset: Option<u32>,
            /// How many entries to return at most.
            pub count: Option<u32>,
        }

        #[cfg(feature = "alloc")]
        impl OwnedSkziQuery {
            $($(#[doc = $doc])*
            #[must_use]
            pub fn $field(mut self, $field: impl Into<String>) -> Self {
                self.$field = Some($field.into());
                self
            })*

            /// How many entries to pass over.
            #[must_use]
            pub const fn offset(mut self, offset: u32) -> Self {
                self.offset = Some(offset);
                self
            }

            /// How many entries to return at most.
            #[must_use]
            pub const fn count(mut self, count: u32) -> Self {
                self.count = Some(count);
                self
            }

            /// The query, with the texts of this one.
            pub fn view(&self) -> SkziQuery<'_> {
                SkziQuery { $($field: self.$field.as_deref(),)* offset: self.offset, count: self.count }
            }

            /// Sets a filter by its name in Rust.
            ///
            /// # Errors
            /// [`Code::NoSuchParameter`] for another name.
            pub fn set(&mut self, name: &str, text: &str) -> Result<(), Error> {
                match name {
                    $(stringify!($field) => self.$field = Some(text.into()),)*
                    _ => return Err(Error::of(Code::NoSuchParameter, "a parameter of that name")),
                }
                Ok(())
            }
        }
    };
}

filters! {
    /// The kind of entry, such as one of [`SKZI_OBJECT_TYPES`].
    object_type = "objectType";
    /// The id of the type of SKZI.
    skzi_type_id = "skziTypeId";
    /// The serial number.
    serial_number = "serialNumber";
    /// The number of the instance.
    instance_number = "instanceNumber";
    /// The state, such as one of [`SKZI_STATES`].
    state = "state";
    /// The user, by the Common Name.
    user_name = "userName";
    /// The first day or time, ISO 8601; of what is not documented.
    start_date = "startDate";
    /// The last day or time, as `start_date`.
    end_date = "endDate";
}

impl<'a> SkziQuery<'a> {
    /// The query as a request of a dialect.
    ///
    /// # Errors
    /// [`Code::NoSuchCall`] with the dialect's number as `at` before G7; [`Code::Unwritable`] with the parameter's name
    /// for an empty text.
    pub fn in_dialect(self, dialect: Dialect) -> Result<SkziRequest<'a>, Error> {
        if !matches!(dialect, Dialect::G7) {
            return Err(dialect.lacks(Code::NoSuchCall, ROUTE.path));
        }
        for ((_, name), text) in Self::FILTERS.iter().zip(self.texts()) {
            if text == Some("") {
                return Err(Error::of(Code::Unwritable, name));
            }
        }
        Ok(SkziRequest { query: self })
    }
}

/// A [`SkziQuery`] that its dialect has. See [`SkziQuery::in_dialect`].
///
/// # Examples
/// ```
/// use cardwright_core::certiflow::{Dialect, SkziQuery};
/// use cardwright_core::http;
///
/// let query = SkziQuery { count: Some(10), ..SkziQuery::default() };
/// let request = query.in_dialect(Dialect::G7)?;
/// assert!(http::target_to(&request, &mut [0; 64])?.ends_with("?count=10"));
/// assert!(query.in_dialect(Dialect::G6).is_err(), "it came with G7");
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SkziRequest<'a> {
    query: SkziQuery<'a>,
}

impl Call for SkziRequest<'_> {
    fn route(&self) -> &'static Route {
        &ROUTE
    }

    fn argument(&self, _: usize) -> &str {
        ""
    }

    fn query(&self, query: &mut http::Query<'_>) -> fmt::Result {
        for ((_, name), text) in SkziQuery::FILTERS.iter().zip(self.query.texts()) {
            text.map_or(Ok(()), |text| query.add(name, text))?;
        }
        for (name, number) in [("offset", self.query.offset), ("count", self.query.count)] {
            number.map_or(Ok(()), |number| query.add_number(name, u64::from(number)))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use crate::Named as _;
    use std::string::String;

    fn written(query: SkziQuery<'_>) -> String {
        let mut out = String::new();
        let request = query.in_dialect(Dialect::G7).expect("a request");
        http::write_target(&request, &mut out).expect("written");
        out
    }

    #[test]
    fn every_parameter_is_written_by_its_documented_name() {
        assert_eq!(written(SkziQuery::default()), "Skzi");
        let all = SkziQuery {
            object_type: Some("KeyDocument"),
            skzi_type_id: Some("12"),
            serial_number: Some("A 1"),
            instance_number: Some("3"),
            state: Some("Destructed/Withdrawn"),
            user_name: Some("Иван"),
            start_date: Some("2024-12-03"),
            end_date: Some("2024-12-04"),
            offset: Some(10),
            count: Some(5),
        };
        let expected = "Skzi?objectType=KeyDocument&skziTypeId=12&serialNumber=A%201&instanceNumber=3\
                        &state=Destructed%2FWithdrawn&userName=%D0%98%D0%B2%D0%B0%D0%BD\
                        &startDate=2024-12-03&endDate=2024-12-04&offset=10&count=5";
        assert_eq!(written(all), expected);
    }

    #[test]
    fn before_g7_there_is_no_register_and_an_empty_text_is_refused() {
        for dialect in Dialect::ALL.iter().filter(|dialect| **dialect != Dialect::G7) {
            let lacks = Error { code: Code::NoSuchCall, at: *dialect as usize, what: "Skzi" };
            assert_eq!(SkziQuery::default().in_dialect(*dialect), Err(lacks), "{}", dialect.name());
        }
        let empty = SkziQuery { state: Some(""), ..SkziQuery::default() };
        assert_eq!(empty.in_dialect(Dialect::G7), Err(Error::of(Code::Unwritable, "state")));
    }

    #[cfg(feature = "alloc")]
    #[test]
    fn a_filter_is_set_by_its_name() {
        let mut query = OwnedSkziQuery::default();
        for (name, _) in SkziQuery::FILTERS {
            query.set(name, name).expect("a filter");
        }
        assert_eq!(query.view().owned(), query);
        assert_eq!(query.view().texts(), SkziQuery::FILTERS.map(|(name, _)| Some(name)));
        assert!(query.set("pin", "1").is_err());
    }
}
