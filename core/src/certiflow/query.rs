//! Which cards to list.

use super::{CardState, ContentExpirationStatus, Dialect};
use crate::{Code, Error, Named, http};
use core::fmt;

/// A parameter of the list call, and the first dialect that has it. G1 calls `userName` `name`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// The name on the wire.
    pub name: &'static str,
    /// The first dialect that has it.
    pub since: Dialect,
}

const fn parameter(name: &'static str, since: Dialect) -> Parameter {
    Parameter { name, since }
}

/// Which cards to list (API, Cards). `None` and no tags mean no filter; the default is every card. An
/// empty text is refused: a server takes it for no filter, and returns every card.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Query<'a> {
    /// How many cards to pass over.
    pub offset: Option<u32>,
    /// How many cards to return at most; without it a server returns all.
    pub count: Option<u32>,
    /// The card's serial number.
    pub serial_number: Option<&'a str>,
    /// The user: `DOMAIN\LogonName` or a UPN.
    pub user_name: Option<&'a str>,
    /// The name of the card's type.
    pub card_type_name: Option<&'a str>,
    /// The model. Since G7.
    pub card_model_name: Option<&'a str>,
    /// A note on the card.
    pub comment: Option<&'a str>,
    /// Tags; each is a parameter of its own, which is assumed.
    pub tags: &'a [&'a str],
    /// The usage policy's name. Since G7.
    pub policy_name: Option<&'a str>,
    /// The state.
    pub state: Option<CardState>,
    /// Whether the card's certificates expire.
    pub content_expiration_status: Option<ContentExpirationStatus>,
    /// ISO 8601 date or time. Since G7; whether a lower bound or a day is not documented.
    pub time_issued: Option<&'a str>,
    /// As `time_issued`.
    pub time_updated: Option<&'a str>,
    /// As `time_issued`.
    pub time_revoked: Option<&'a str>,
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

impl<'a> Query<'a> {
    /// All parameters, in the order in which they are written.
    #[rustfmt::skip]
    pub const PARAMETERS: [Parameter; 14] = [
        parameter("offset",                  Dialect::G6),
        parameter("count",                   Dialect::G6),
        parameter("serialNumber",            Dialect::G6),
        parameter("userName",                Dialect::G1),
        parameter("cardTypeName",            Dialect::G6),
        parameter("cardModelName",           Dialect::G7),
        parameter("comment",                 Dialect::G6),
        parameter("tags",                    Dialect::G6),
        parameter("policyName",              Dialect::G7),
        parameter("state",                   Dialect::G6),
        parameter("contentExpirationStatus", Dialect::G6),
        parameter("timeIssued",              Dialect::G7),
        parameter("timeUpdated",             Dialect::G7),
        parameter("timeRevoked",             Dialect::G7),
    ];

    /// The values, in the order of [`Self::PARAMETERS`].
    fn values(&self) -> [Value<'a>; 14] {
        [
            self.offset.into(),
            self.count.into(),
            self.serial_number.into(),
            self.user_name.into(),
            self.card_type_name.into(),
            self.card_model_name.into(),
            self.comment.into(),
            if self.tags.is_empty() { Value::Absent } else { Value::Texts(self.tags) },
            self.policy_name.into(),
            self.state.map(Named::name).into(),
            self.content_expiration_status.map(Named::name).into(),
            self.time_issued.into(),
            self.time_updated.into(),
            self.time_revoked.into(),
        ]
    }

    /// Whether it filters at all, or would list every card.
    pub fn is_filter(&self) -> bool {
        Query { offset: None, count: None, ..*self } != Query::default()
    }

    /// Checks that a dialect has all parameters that are set and those that it needs, and that no
    /// text is empty.
    ///
    /// # Errors
    /// [`Code::NoSuchParameter`] and [`Code::ParameterNeeded`] with the parameter's name and the
    /// dialect's number as `at`; [`Code::Unwritable`] with the parameter's name.
    pub fn check(&self, dialect: Dialect) -> Result<(), Error> {
        for (parameter, value) in Self::PARAMETERS.iter().zip(self.values()) {
            if parameter.since as u8 > dialect as u8 && !matches!(value, Value::Absent) {
                return Err(dialect.lacks(Code::NoSuchParameter, parameter.name));
            }
            if matches!(value, Value::Text("")) || matches!(value, Value::Texts(texts) if texts.contains(&"")) {
                return Err(Error::of(Code::Unwritable, parameter.name));
            }
        }
        if dialect == Dialect::G1 && self.user_name.is_none() {
            return Err(dialect.lacks(Code::ParameterNeeded, "userName"));
        }
        Ok(())
    }

    pub(super) fn write(&self, dialect: Dialect, query: &mut http::Query<'_>) -> fmt::Result {
        for (parameter, value) in Self::PARAMETERS.iter().zip(self.values()) {
            // The only parameter that G1 has, and its name there.
            let name = if dialect == Dialect::G1 { "name" } else { parameter.name };
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
