//! Objects as views: one index pass for every kind of object, driven by a table of fields.
//!
//! A view is the place of an object and of each known field in it. The table says what to look for;
//! [`Slot`] says what a found field reads as. Spans have no lifetime, so they can be kept beside the
//! bytes they index: an owned card is one allocation, and attaching a view to it parses nothing.

use super::{Cursor, FromJson, List, Scalar, Text};
use crate::{Code, Error};
use core::fmt;
use core::hash::{Hash, Hasher};
use core::ops::Range;

/// What kind of value a reader accepts for a field.
///
/// # Examples
/// ```
/// use cardwright_core::certiflow::CardInfo;
/// use cardwright_core::json::{Kind, from_slice};
///
/// let kind_of = |name| CardInfo::FIELDS.iter().find(|field| field.name == name).map(|field| field.kind);
/// assert_eq!((kind_of("id"), kind_of("serialNumber")), (Some(Kind::Scalar), Some(Kind::Text)));
/// // A text takes no number, and a scalar does.
/// assert!(from_slice::<CardInfo<'_>>(br#"{"id":1013}"#).is_ok());
/// assert!(from_slice::<CardInfo<'_>>(br#"{"id":1013,"serialNumber":7}"#).is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
#[allow(clippy::exhaustive_enums, reason = "RFC 8259 has no other values; an object in a field is a list of one")]
pub enum Kind {
    /// A string, or `null`.
    Text = 1,
    /// A string, a number, a truth value, or `null`.
    Scalar = 2,
    /// A list; a lone value is a list of one.
    List = 3,
}

/// A row of the table of fields of a vendor's object.
///
/// # Examples
/// ```
/// use cardwright_core::json::{Field, Kind};
///
/// const FIELDS: &[Field; 2] = &[Field::new("badge", Kind::Scalar, true), Field::new("holder", Kind::Text, false)];
/// assert_eq!(FIELDS.iter().filter(|field| field.required).map(|field| field.name).collect::<Vec<_>>(), ["badge"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field {
    /// The name on the wire.
    pub name: &'static str,
    /// What kind of value it has.
    pub kind: Kind,
    /// Whether an object without it is refused.
    pub required: bool,
}

impl Field {
    /// A row of the table.
    #[must_use]
    pub const fn new(name: &'static str, kind: Kind, required: bool) -> Self {
        Field { name, kind, required }
    }
}

/// Where a field's value stands, in bytes from the start of its object. An absent field has length 0.
///
/// # Examples
/// ```
/// use cardwright_core::certiflow::CardInfo;
/// use cardwright_core::json::{Span, from_slice};
///
/// let body = r#"{"id":1013,"state":"Issued"}"#;
/// let card = from_slice::<CardInfo<'_>>(body.as_bytes())?;
/// // Places have no lifetime: they are kept beside the bytes, and make a view of them again.
/// let spans = *card.spans();
/// assert_eq!(spans.iter().filter(|span| **span != Span::default()).count(), 2);
/// assert!(CardInfo::attach(body, spans).id().reads("1013"));
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Span {
    from: u32,
    len: u32,
}

impl Span {
    /// The bytes from the start of the object; none of an absent field.
    #[must_use]
    pub const fn range(self) -> Range<usize> {
        let from = self.from as usize;
        from..from.wrapping_add(self.len as usize)
    }
}

/// The places of all known fields of an object.
pub type Spans<const N: usize> = [Span; N];

/// An object of which the known fields were found.
///
/// # Examples
/// [`view!`](crate::view) writes this; it is needed by hand only where a getter is to be something else.
/// ```
/// use cardwright_core::json::{Cursor, Field, Kind, Object, Scalar, Text};
///
/// const FIELDS: &[Field; 2] = &[Field::new("badge", Kind::Scalar, true), Field::new("holder", Kind::Text, false)];
/// let mut json = Cursor::of(r#"{"floor":3,"badge":7,"holder":"J. Doe"}"#);
/// let badge = Object::from_json(&mut json, FIELDS)?;
/// assert_eq!(badge.get::<Scalar<'_>>(0).as_i64(), Some(7));
/// assert_eq!(badge.get::<Option<Text<'_>>>(1).unwrap(), "J. Doe");
/// assert_eq!(badge.raw(1), "\"J. Doe\"");
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Object<'a, const N: usize> {
    start: Cursor<'a>,
    len: usize,
    spans: Spans<N>,
}

/// Finds the fields of one object and checks its syntax and kinds: the only loop, for all views.
#[inline(never)]
fn index(json: &mut Cursor<'_>, fields: &'static [Field], spans: &mut [Span]) -> Result<(), Error> {
    let mut what = "";
    let found = find(json, fields, spans, &mut what);
    json.here(found).map_err(|error| Error { what, ..error })
}

/// `what` is the field that is to blame, if one is.
#[inline]
fn find(
    json: &mut Cursor<'_>,
    fields: &'static [Field],
    spans: &mut [Span],
    what: &mut &'static str,
) -> Result<(), Code> {
    let origin = json.at();
    let mut inside = json.go_into(b'{')?;
    // Servers keep their order: the field after the last one is tried first.
    let mut expected = 0usize;
    while json.goes_on(&mut inside)? {
        let found = match fields.get(expected) {
            Some(field) if json.named(field.name) => Some(expected),
            _ => {
                let mut scratch = [0; 24];
                let name = json.name_in(&mut scratch)?;
                fields.iter().position(|field| field.name == name)
            }
        };
        let first = json.look()?;
        let start = json.at();
        let place = found.and_then(|n| Some((n, fields.get(n)?, spans.get_mut(n)?)));
        let Some((n, field, span)) = place else {
            json.pass_any()?;
            continue;
        };
        expected = n.wrapping_add(1);
        // What a name that comes twice means cannot be foretold (RFC 8259, 4).
        if span.len > 0 {
            *what = field.name;
            return Err(Code::JsonSyntax);
        }
        match field.kind {
            // Every kind takes a string and `null`, and a text nothing else.
            Kind::Text if first != b'n' => {
                json.string(Code::JsonType)?;
            }
            Kind::List if !matches!(first, b'n' | b'"') => json.pass_any()?,
            _ => json.pass_scalar()?,
        }
        let (Ok(from), Ok(len)) =
            (u32::try_from(start.wrapping_sub(origin)), u32::try_from(json.at().wrapping_sub(start)))
        else {
            json.go_to(start);
            return Err(Code::Room);
        };
        *span = Span { from, len };
    }
    for (field, span) in fields.iter().zip(spans) {
        // A required field that is `null` says no more than none.
        if field.required && (span.len == 0 || json.after(origin, span.from as usize) == Some(b'n')) {
            *what = field.name;
            json.go_to(origin);
            return Err(Code::JsonMissing);
        }
    }
    Ok(())
}

impl<'a, const N: usize> Object<'a, N> {
    /// Finds the fields of the object that begins at the cursor.
    ///
    /// # Errors
    /// A 3xx code with the offset of the byte that is wrong; [`Code::JsonMissing`] names the field.
    #[inline]
    pub fn from_json(json: &mut Cursor<'a>, fields: &'static [Field; N]) -> Result<Self, Error> {
        json.peek()?;
        let start = *json;
        let mut spans = [Span::default(); N];
        index(json, fields, &mut spans)?;
        Ok(Object { start, len: json.at().wrapping_sub(start.at()), spans })
    }

    /// The view again, from kept bytes and places; nothing is parsed. Places that do not fit the
    /// bytes read as absent.
    #[must_use]
    pub const fn attach(json: &'a str, spans: Spans<N>) -> Self {
        Object { start: Cursor::of(json), len: json.len(), spans }
    }

    /// The `n`th field of the table.
    #[inline]
    #[must_use]
    pub fn get<T: Slot<'a>>(&self, n: usize) -> T {
        let span = self.spans.get(n).copied().unwrap_or_default();
        let at = self.start.ahead(span.from as usize);
        T::read(at.part(span.len as usize), at)
    }

    /// The `n`th field as it stands in the document, or `""`.
    #[must_use]
    pub fn raw(&self, n: usize) -> &'a str {
        let span = self.spans.get(n).copied().unwrap_or_default();
        self.start.ahead(span.from as usize).part(span.len as usize)
    }

    /// The places of the fields.
    #[must_use]
    pub const fn spans(&self) -> &Spans<N> {
        &self.spans
    }

    /// The whole object as it was written, unknown fields included.
    #[must_use]
    pub fn json(&self) -> &'a str {
        self.start.part(self.len)
    }
}

/// Two objects are the same if their JSON is, byte by byte.
impl<const N: usize> PartialEq for Object<'_, N> {
    fn eq(&self, other: &Self) -> bool {
        self.json() == other.json()
    }
}

impl<const N: usize> Eq for Object<'_, N> {}

impl<const N: usize> Hash for Object<'_, N> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.json().hash(state);
    }
}

impl<const N: usize> fmt::Debug for Object<'_, N> {
    /// The object as it was written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Object").field(&self.json()).finish()
    }
}

/// What a field's text in the document reads as.
///
/// # Examples
/// ```
/// use cardwright_core::json::{Cursor, Field, Kind, Object, Scalar, Slot};
///
/// /// A temperature, which some doors send as a text.
/// #[derive(Debug, PartialEq)]
/// struct Degrees(Option<f32>);
///
/// impl<'a> Slot<'a> for Degrees {
///     const KIND: Kind = Kind::Scalar;
///
///     fn read(raw: &'a str, at: Cursor<'a>) -> Self {
///         Degrees(Scalar::read(raw, at).to_string().parse().ok())
///     }
/// }
///
/// const FIELDS: &[Field; 2] = &[Field::new("in", Degrees::KIND, false), Field::new("out", Degrees::KIND, false)];
/// let door = Object::from_json(&mut Cursor::of(r#"{"in":"21.5"}"#), FIELDS)?;
/// assert_eq!((door.get(0), door.get(1)), (Degrees(Some(21.5)), Degrees(None)));
/// # Ok::<(), cardwright_core::Error>(())
/// ```
pub trait Slot<'a>: Sized {
    /// What kind of value the field must have.
    const KIND: Kind;

    /// Reads the field; `raw` is `""` where there is none, and `at` is the place of `raw`.
    fn read(raw: &'a str, at: Cursor<'a>) -> Self;
}

impl<'a> Slot<'a> for Option<Text<'a>> {
    const KIND: Kind = Kind::Text;

    #[inline]
    fn read(raw: &'a str, _: Cursor<'a>) -> Self {
        Text::of_quoted(raw)
    }
}

impl<'a> Slot<'a> for Scalar<'a> {
    const KIND: Kind = Kind::Scalar;

    #[inline]
    fn read(raw: &'a str, _: Cursor<'a>) -> Self {
        Scalar::of_raw(raw)
    }
}

impl<'a, T: FromJson<'a>> Slot<'a> for List<'a, T> {
    const KIND: Kind = Kind::List;

    #[inline]
    fn read(raw: &'a str, at: Cursor<'a>) -> Self {
        if raw.is_empty() || raw == "null" { Self::default() } else { List::at(at) }
    }
}
