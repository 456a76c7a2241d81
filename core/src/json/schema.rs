//! What the vendors' objects are, for programs that write code or documentation: bindings, OpenAPI, headers.
//!
//! A program that only reads cards names none of this, so that no text of it is in a terminal's image.

/// A vendor's object.
///
/// # Examples
/// ```
/// use cardwright_core::mim::Smartcard;
///
/// // A program that writes documentation or code for another language goes through the fields.
/// let names = Smartcard::SCHEMA.fields.iter().map(|field| field.name);
/// assert_eq!(Smartcard::SCHEMA.name, "Smartcard");
/// assert!(names.eq(Smartcard::FIELDS.iter().map(|field| field.name)));
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Schema {
    /// Its name, which is the view's.
    pub name: &'static str,
    /// The documentation of the view: lines of Markdown, each with a space in front.
    pub doc: &'static str,
    /// Its fields, in the order of the view's `FIELDS`.
    pub fields: &'static [SchemaField],
}

impl Schema {
    /// An object by its parts; [`view!`](crate::view) writes this.
    #[must_use]
    pub const fn new(name: &'static str, doc: &'static str, fields: &'static [SchemaField]) -> Self {
        Schema { name, doc, fields }
    }
}

/// A field of a vendor's object.
///
/// # Examples
/// ```
/// use cardwright_core::certiflow::CardInfo;
///
/// let field = CardInfo::SCHEMA.fields.iter().find(|field| field.getter == "serial_number").unwrap();
/// assert_eq!(field.name, "serialNumber");
/// assert!(field.doc.contains("serial number"));
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct SchemaField {
    /// The name on the wire.
    pub name: &'static str,
    /// The name of the getter.
    pub getter: &'static str,
    /// What the value is.
    pub value: ValueType,
    /// Whether an object without it is refused.
    pub required: bool,
    /// The documentation of the getter: lines of Markdown, each with a space in front.
    pub doc: &'static str,
}

impl SchemaField {
    /// A field by its parts; [`view!`](crate::view) writes this.
    #[must_use]
    pub const fn new(
        name: &'static str,
        getter: &'static str,
        value: ValueType,
        required: bool,
        doc: &'static str,
    ) -> Self {
        SchemaField { name, getter, value, required, doc }
    }
}

/// What the value of a field is. Of [`Kind`](super::Kind), which a reader checks, there are fewer.
///
/// # Examples
/// ```
/// use cardwright_core::certiflow::CardInfo;
/// use cardwright_core::json::ValueType;
///
/// /// A column of a database for a field.
/// fn column(value: &ValueType) -> &'static str {
///     match value {
///         ValueType::Number => "NUMERIC",
///         ValueType::Flag => "BOOLEAN",
///         ValueType::Date => "TIMESTAMP",
///         _ => "TEXT",
///     }
/// }
/// let state = CardInfo::SCHEMA.fields.iter().find(|field| field.name == "state").unwrap();
/// assert!(matches!(state.value, ValueType::Known("CardState")));
/// assert_eq!(column(&state.value), "TEXT");
/// ```
#[derive(Debug)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum ValueType {
    /// A text.
    Text,
    /// A text that is an ISO 8601 date or time.
    Date,
    /// A text that is a UUID.
    Uuid,
    /// A text or a number: which of them is not documented.
    Scalar,
    /// A number.
    Number,
    /// A truth value.
    Flag,
    /// A value of the enumeration of that name, or one that is not known.
    Known(&'static str),
    /// A list of texts.
    Texts,
    /// A list of objects.
    Objects(&'static Schema),
}
