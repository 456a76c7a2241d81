//! Which cards to list. Everything that depends on the parameters follows from one table of them.

use super::{CardState, ContentExpirationStatus, Dialect, Endpoint};
use crate::json::{Schema, SchemaField, ValueType};
use crate::{Code, Error, Named, http};
#[cfg(feature = "alloc")]
use alloc::string::String;
#[cfg(all(feature = "alloc", feature = "filters"))]
use alloc::vec::Vec;
use core::fmt;

/// A parameter of the list call, and the first dialect that has it.
///
/// # Examples
/// ```
/// use cardwright_core::certiflow::{Dialect, Query};
///
/// let serial = Query::PARAMETERS.iter().find(|parameter| parameter.name == "serialNumber").unwrap();
/// assert_eq!(serial.name_in(Dialect::G7), "serialNumber");
/// assert_eq!(serial.name_in(Dialect::G4), "filter.serialNumber");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// The name on the wire, in the newest dialect.
    pub name: &'static str,
    /// The first dialect that has it.
    pub since: Dialect,
    row: Row,
}

impl Parameter {
    const fn new(name: &'static str, row: Row) -> Self {
        Parameter { name, since: row.since, row }
    }

    /// Its name on the wire in a call of a dialect; `None` if that call lacks it. Where the cards of one user have a call of
    /// their own, the list of all cards cannot be asked for them, and theirs has no other parameter.
    #[must_use]
    pub const fn name_of(&self, endpoint: Endpoint, dialect: Dialect) -> Option<&'static str> {
        if self.row.is_in(endpoint, dialect) { Some(self.name_in(dialect)) } else { None }
    }

    /// Its name on the wire in a dialect: in `user/getcards` the user is the `name`.
    #[must_use]
    pub const fn name_in(&self, dialect: Dialect) -> &'static str {
        self.row.name_in(dialect)
    }
}

/// What stands before the names of filters in some dialects.
const PREFIX: &str = "filter.";

/// A parameter as a program has it: where in [`NAMES`] its name with the prefix begins and ends, and the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Row {
    from: u8,
    to: u8,
    since: Dialect,
    role: Role,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// The user. Some dialects have a call of its own for this filter.
    User,
    /// The part of the list, which is no filter.
    Page,
    Filter,
}

impl Row {
    /// The row of a name that ends before another place in [`NAMES`].
    const fn new(name: &str, to: usize, since: Dialect) -> Self {
        assert!(to <= u8::MAX as usize, "the names are too long");
        let role = match name.as_bytes() {
            b"userName" => Role::User,
            b"offset" | b"count" => Role::Page,
            _ => Role::Filter,
        };
        Row { from: (to - name.len() - PREFIX.len()) as u8, to: to as u8, since, role }
    }

    const fn is_in(self, endpoint: Endpoint, dialect: Dialect) -> bool {
        let is_user = matches!(self.role, Role::User) && dialect.lists_by_user();
        let has = match endpoint {
            Endpoint::Cards => dialect.has_pages() && !is_user,
            Endpoint::CardsOfUser => is_user,
            _ => false,
        };
        has && self.since as u8 <= dialect as u8
    }

    #[inline(never)]
    const fn name_in(self, dialect: Dialect) -> &'static str {
        match self.role {
            Role::User if dialect.lists_by_user() => "name",
            Role::User | Role::Filter if dialect.has_prefix() => self.text(self.from),
            _ => self.name(),
        }
    }

    /// The name without a prefix.
    const fn name(self) -> &'static str {
        self.text(self.from.wrapping_add(PREFIX.len() as u8))
    }

    #[inline(never)]
    const fn text(self, from: u8) -> &'static str {
        let Some((before, _)) = NAMES.split_at_checked(self.to as usize) else { return "" };
        let Some((_, name)) = before.split_at_checked(from as usize) else { return "" };
        name
    }
}

/// Defines [`Query`] and all that follows from the list of its parameters: one row a parameter, with
/// its name on the wire and the first dialect that has it.
///
/// | type | field |
/// |---|---|
/// | `Number` | `Option<u32>` |
/// | `Text`, `Date` | `Option<&str>` |
/// | `Texts` | `&[&str]` |
/// | `Known<T>` | `Option<T>` |
macro_rules! query {
    ($($(#[doc = $doc:literal])* $field:ident: $type:ident $(<$of:ident>)? = $name:literal since $since:ident;)*) => {
        /// Which cards to list (API, Cards). `None` and no tags mean no filter; the default is every card. An
        /// empty text is refused: a server takes it for no filter, and returns every card.
        ///
        /// # Examples
        /// ```
        /// use cardwright_core::certiflow::{Call, CardState, Dialect, Query};
        /// use cardwright_core::http;
        ///
        /// let query = Query::default().state(CardState::Issued).count(10);
        /// let request = Call::Cards(query).in_dialect(Dialect::G7)?;
        /// let mut buffer = [0; 64];
        /// let target = http::target_to(&request, &mut buffer)?;
        /// assert!(target.starts_with("Cards?") && target.contains("count=10") && target.contains("state=Issued"));
        ///
        /// // What a dialect lacks is an error; it is not left out.
        /// assert!(query.check(Dialect::G1).is_err());
        /// # Ok::<(), cardwright_core::Error>(())
        /// ```
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        #[allow(clippy::exhaustive_structs, reason = "made by setters or with `..default()`; a field more is no breaking change, as the front page says")]
        pub struct Query<'a> {
            $($(#[doc = $doc])* pub $field: query!(@type $type $(<$of>)?),)*
        }

        impl<'a> Query<'a> {
            $($(#[doc = $doc])*
            #[must_use]
            pub const fn $field(mut self, $field: query!(@given $type $(<$of>)?)) -> Self {
                self.$field = query!(@some $type $field);
                self
            })*

            /// All parameters, in the order in which they are written.
            pub const PARAMETERS: [Parameter; [$($name),*].len()] =
                {
                    let mut at = 0;
                    [$({
                        at += PREFIX.len() + $name.len();
                        Parameter::new($name, Row::new($name, at, Dialect::$since))
                    }),*]
                };

            /// What the parameters are, for programs that write code or documentation.
            pub const SCHEMA: Schema = Schema {
                name: "Query",
                doc: " Which cards to list.",
                fields: &[$(SchemaField {
                    name: $name,
                    getter: stringify!($field),
                    value: query!(@value $type $(<$of>)?),
                    required: false,
                    doc: concat!($($doc, "\n"),*),
                }),*],
            };

            /// A copy with texts of its own.
            #[cfg(feature = "alloc")]
            pub fn owned(&self) -> OwnedQuery {
                OwnedQuery { $($field: query!(@copy $type self.$field)),* }
            }

            /// The parameters that are set, and their values.
            fn set(&self) -> impl Iterator<Item = (Row, Value<'a>)> {
                /// As in [`Self::PARAMETERS`].
                static ROWS: [Row; [$($name),*].len()] = {
                    let mut at = 0;
                    [$({
                        at += PREFIX.len() + $name.len();
                        Row::new($name, at, Dialect::$since)
                    }),*]
                };
                let set = |(n, row): (usize, &Row)| match self.value(n) {
                    Value::Absent => None,
                    value => Some((*row, value)),
                };
                ROWS.iter().enumerate().filter_map(set)
            }

            /// The value of the `n`th of [`Self::PARAMETERS`].
            #[inline(never)]
            fn value(&self, n: usize) -> Value<'a> {
                #[allow(non_camel_case_types)]
                enum At { $($field),* }
                $(if n == At::$field as usize {
                    return self.$field.into();
                })*
                Value::Absent
            }
        }

        /// All names with their prefix, one after the other.
        const NAMES: &str = concat!($("filter.", $name),*);

        /// A [`Query`] with texts of its own.
        ///
        /// # Examples
        /// ```
        /// use cardwright_core::certiflow::OwnedQuery;
        ///
        /// let mut query = OwnedQuery::default();
        /// query.set("user_name", r"DEMO\ipetrov")?;
        /// query.with(|query| assert_eq!(query.user_name, Some(r"DEMO\ipetrov")));
        /// # Ok::<(), cardwright_core::Error>(())
        /// ```
        #[cfg(feature = "alloc")]
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        #[allow(clippy::exhaustive_structs, reason = "made by setters or with `..default()`; a field more is no breaking change, as the front page says")]
        pub struct OwnedQuery {
            $($(#[doc = $doc])* pub $field: query!(@owned $type $(<$of>)?),)*
        }

        #[cfg(feature = "alloc")]
        impl OwnedQuery {
            $($(#[doc = $doc])*
            #[must_use]
            pub fn $field(mut self, $field: query!(@owned_given $type $(<$of>)?)) -> Self {
                self.$field = query!(@owned_some $type $field);
                self
            })*

            /// Calls `with` with the query.
            pub fn with<T>(&self, with: impl FnOnce(Query<'_>) -> T) -> T {
                $(let $field = query!(@lend $type self.$field);)*
                with(Query { $($field: query!(@view $type $field)),* })
            }

            /// Sets a parameter by its name in Rust; a text is added to those that are there.
            ///
            /// # Errors
            /// [`Code::NoSuchParameter`] for another name; [`Code::UnknownValue`] with the name for a text that
            /// is no value of the parameter.
            pub fn set(&mut self, name: &str, text: &str) -> Result<(), Error> {
                match name {
                    $(stringify!($field) => {
                        let set: Option<()> = query!(@set $type self.$field, text);
                        set.ok_or(Error::of(Code::UnknownValue, stringify!($field)))
                    })*
                    _ => Err(Error::of(Code::NoSuchParameter, "a parameter of that name")),
                }
            }
        }
    };
    (@owned Number) => { Option<u32> };
    (@owned Text) => { Option<String> };
    (@owned Date) => { Option<String> };
    (@owned Texts) => { Vec<String> };
    (@owned Known<$of:ident>) => { Option<$of> };
    (@copy Text $value:expr) => { $value.map(String::from) };
    (@copy Date $value:expr) => { $value.map(String::from) };
    (@copy Texts $value:expr) => { $value.iter().copied().map(String::from).collect() };
    (@copy $type:ident $value:expr) => { $value };
    (@lend Texts $value:expr) => { $value.iter().map(String::as_str).collect::<Vec<&str>>() };
    (@lend $type:ident $value:expr) => { &$value };
    (@view Text $lent:expr) => { $lent.as_deref() };
    (@view Date $lent:expr) => { $lent.as_deref() };
    (@view Texts $lent:expr) => { &$lent };
    (@view $type:ident $lent:expr) => { *$lent };
    (@set Number $place:expr, $text:expr) => { $text.parse().ok().map(|number| $place = Some(number)) };
    (@set Text $place:expr, $text:expr) => { Some($place = Some($text.into())) };
    (@set Date $place:expr, $text:expr) => { Some($place = Some($text.into())) };
    (@set Texts $place:expr, $text:expr) => { Some($place.push($text.into())) };
    (@set Known $place:expr, $text:expr) => { Named::from_name($text).map(|value| $place = Some(value)) };
    (@given Number) => { u32 };
    (@given Text) => { &'a str };
    (@given Date) => { &'a str };
    (@given Texts) => { &'a [&'a str] };
    (@given Known<$of:ident>) => { $of };
    (@some Texts $value:expr) => { $value };
    (@some $type:ident $value:expr) => { Some($value) };
    (@owned_given Number) => { u32 };
    (@owned_given Text) => { impl Into<String> };
    (@owned_given Date) => { impl Into<String> };
    (@owned_given Texts) => { impl IntoIterator<Item: Into<String>> };
    (@owned_given Known<$of:ident>) => { $of };
    (@owned_some Text $value:expr) => { Some($value.into()) };
    (@owned_some Date $value:expr) => { Some($value.into()) };
    (@owned_some Texts $value:expr) => { $value.into_iter().map(Into::into).collect() };
    (@owned_some $type:ident $value:expr) => { Some($value) };
    (@type Number) => { Option<u32> };
    (@type Text) => { Option<&'a str> };
    (@type Date) => { Option<&'a str> };
    (@type Texts) => { &'a [&'a str] };
    (@type Known<$of:ident>) => { Option<$of> };
    (@value Known<$of:ident>) => { ValueType::Known(stringify!($of)) };
    (@value $type:ident) => { ValueType::$type };
}

#[cfg(feature = "filters")]
query! {
    /// How many cards to pass over.
    offset: Number = "offset" since G2;
    /// How many cards to return at most; by default a server returns all.
    count: Number = "count" since G2;
    /// The card's serial number.
    serial_number: Text = "serialNumber" since G3;
    /// The user: `DOMAIN\LogonName` or a UPN; a bare logon name or a UPN in G4 and G5, a UPN before.
    user_name: Text = "userName" since G1;
    /// The name of the card's type.
    card_type_name: Text = "cardTypeName" since G3;
    /// The model. Since G7.
    card_model_name: Text = "cardModelName" since G7;
    /// A note on the card.
    comment: Text = "comment" since G3;
    /// Tags; each is a parameter of its own, which is assumed.
    tags: Texts = "tags" since G3;
    /// The usage policy's name. Since G7.
    policy_name: Text = "policyName" since G7;
    /// The state.
    state: Known<CardState> = "state" since G4;
    /// Whether the card's certificates expire.
    content_expiration_status: Known<ContentExpirationStatus> = "contentExpirationStatus" since G4;
    /// ISO 8601 date or time. Since G7; whether a lower bound or a day is not documented.
    time_issued: Date = "timeIssued" since G7;
    /// As `time_issued`.
    time_updated: Date = "timeUpdated" since G7;
    /// As `time_issued`.
    time_revoked: Date = "timeRevoked" since G7;
}

#[cfg(not(feature = "filters"))]
query! {
    /// The card's serial number.
    serial_number: Text = "serialNumber" since G3;
}

impl Query<'_> {
    /// Whether it filters at all, or would list every card.
    #[must_use]
    pub fn is_filter(&self) -> bool {
        #[cfg(feature = "filters")]
        let all = Query { offset: None, count: None, ..*self };
        #[cfg(not(feature = "filters"))]
        let all = *self;
        all != Query::default()
    }

    /// Whether it asks for the cards of one user.
    const fn is_of_user(&self) -> bool {
        #[cfg(feature = "filters")]
        return self.user_name.is_some();
        #[cfg(not(feature = "filters"))]
        false
    }

    /// Which call lists these cards in a dialect: those of one user were a call of its own.
    #[must_use]
    pub const fn endpoint(&self, dialect: Dialect) -> Endpoint {
        match dialect {
            Dialect::G1 => Endpoint::CardsOfUser,
            _ if dialect.lists_by_user() && self.is_of_user() => Endpoint::CardsOfUser,
            _ => Endpoint::Cards,
        }
    }

    /// Whether one dialect reads what another one writes as something else without an error: the same path, and a
    /// parameter that it has by another name, or not at all.
    #[must_use]
    pub fn is_read_otherwise(&self, written: Dialect, read: Dialect) -> bool {
        let same_path = self.endpoint(written).route_in(written) == self.endpoint(read).route_in(read);
        let differs = |parameter: Row| {
            parameter.since as u8 > read as u8 || parameter.name_in(written) != parameter.name_in(read)
        };
        same_path && self.set().any(|(parameter, _)| differs(parameter))
    }

    /// Checks that a dialect has all parameters that are set and those that it needs, and that no
    /// text is empty.
    ///
    /// # Errors
    /// [`Code::NoSuchParameter`] and [`Code::ParameterNeeded`] with the parameter's name and the
    /// dialect's number as `at`: in G2 and G3 the list of one user has no other parameter.
    /// [`Code::Unwritable`] with the parameter's name.
    pub fn check(&self, dialect: Dialect) -> Result<(), Error> {
        self.check_in(self.endpoint(dialect), dialect)
    }

    #[inline]
    pub(super) fn check_in(&self, endpoint: Endpoint, dialect: Dialect) -> Result<(), Error> {
        for (parameter, value) in self.set() {
            if !parameter.is_in(endpoint, dialect) {
                return Err(dialect.lacks(Code::NoSuchParameter, parameter.name()));
            }
            if matches!(value, Value::Text("")) || matches!(value, Value::Texts(texts) if texts.contains(&"")) {
                return Err(Error::of(Code::Unwritable, parameter.name()));
            }
        }
        if matches!(endpoint, Endpoint::CardsOfUser) && !self.is_of_user() {
            return Err(dialect.lacks(Code::ParameterNeeded, "userName"));
        }
        Ok(())
    }

    pub(super) fn write(&self, dialect: Dialect, query: &mut http::Query<'_>) -> fmt::Result {
        for (parameter, value) in self.set() {
            let name = parameter.name_in(dialect);
            match value {
                Value::Absent => {}
                Value::Number(number) => query.add_number(name, u64::from(number))?,
                Value::Text(text) => query.add(name, text)?,
                Value::Texts(texts) => {
                    for text in texts {
                        query.add(name, text)?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// A value of a parameter.
enum Value<'a> {
    Absent,
    Number(u32),
    Text(&'a str),
    Texts(&'a [&'a str]),
}

impl From<Option<u32>> for Value<'_> {
    fn from(number: Option<u32>) -> Self {
        number.map_or(Value::Absent, Value::Number)
    }
}

impl<'a> From<Option<&'a str>> for Value<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Value::Absent, Value::Text)
    }
}

impl<'a> From<&'a [&'a str]> for Value<'a> {
    fn from(texts: &'a [&'a str]) -> Self {
        if texts.is_empty() { Value::Absent } else { Value::Texts(texts) }
    }
}

impl From<Option<CardState>> for Value<'_> {
    fn from(state: Option<CardState>) -> Self {
        state.map(Named::name).into()
    }
}

impl From<Option<ContentExpirationStatus>> for Value<'_> {
    fn from(status: Option<ContentExpirationStatus>) -> Self {
        status.map(Named::name).into()
    }
}
