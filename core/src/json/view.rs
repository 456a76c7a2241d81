//! Objects as views: one index pass for every kind of object, driven by a table of fields.
//!
//! A view is the place of an object and of each known field in it. The table says what to look for;
//! [`Slot`] says what a found field reads as. Spans have no lifetime, so they can be kept beside the
//! bytes they index: an owned card is one allocation, and attaching a view to it parses nothing.

use super::{Cursor, FromJson, List, Scalar, Text};
use crate::{Code, Error};
use core::fmt;
use core::hash::{Hash, Hasher};

/// What kind of value a reader accepts for a field.
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Span {
    from: u32,
    len: u32,
}

/// The places of all known fields of an object.
pub type Spans<const N: usize> = [Span; N];

/// An object of which the known fields were found.
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

/// Defines a view of a vendor's object, one row a field: getter, type, name on the wire, and
/// `required` where an object without it is refused. With feature `alloc` of this crate, also its owned form, which is
/// the object's bytes and the places of its fields.
///
/// | type | what the getter returns |
/// |---|---|
/// | `Text`, `Date`, `Uuid` | `Option<`[`Text`](crate::json::Text)`>` |
/// | `Scalar`, `Number`, `Flag` | [`Scalar`](crate::json::Scalar) |
/// | `Known<T>` | [`Known<T>`](crate::Known), for an enumeration by [`named!`](crate::named) |
/// | `List<Text>` | a [`List`](crate::json::List) of texts |
/// | `List<T>` | a [`List`](crate::json::List) of another view |
///
/// Both forms are public, and compare as their JSON does, byte by byte. With feature `serde` of this crate they are
/// serialised as their known fields, in the order of the rows. Leave that to the macro: whether the feature is on is
/// decided by every crate of the program.
///
/// # Examples
/// ```
/// use cardwright_core::{json, named, view};
///
/// /// What has become of a badge.
/// #[derive(Debug, Clone, Copy, PartialEq, Eq)]
/// pub enum BadgeState {
///     InUse = 1,
///     Blocked = 2,
/// }
/// named! { BadgeState { InUse = "in use", Blocked = "blocked" } }
///
/// view! {
///     /// A badge, as a third vendor sends it.
///     Badge,
///     /// A badge, with its bytes.
///     OwnedBadge {
///         /// Its number.
///         number: Scalar = "badgeNo" required;
///         /// Its state.
///         state: Known<BadgeState> = "state";
///         /// Who wears it.
///         holder: Text = "holder";
///         /// The doors that it opens.
///         doors: List<Text> = "doors";
///     }
/// }
///
/// let document = br#"{"badgeNo":7,"state":"Blocked","holder":"J. Doe","floor":3,"doors":["B-1","B-2"]}"#;
/// let badge: Badge<'_> = json::from_slice(document)?;
/// assert!(badge.number().reads("7") && badge.state().is(BadgeState::Blocked));
/// assert_eq!(badge.holder().unwrap(), "J. Doe");
/// assert_eq!(badge.doors().iter().count(), 2);
/// // A field that is not in the table is kept as it came.
/// assert!(badge.json().contains(r#""floor":3"#));
/// assert_eq!(badge.raw(1), "\"Blocked\"");
///
/// // A field that is needed is missed by its name.
/// let error = json::from_slice::<Badge<'_>>(b"{}").unwrap_err();
/// assert_eq!((error.code, error.what), (cardwright_core::Code::JsonMissing, "badgeNo"));
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[macro_export]
macro_rules! view {
    ($(#[doc = $doc:literal])* $name:ident, $(#[$owned_doc:meta])* $owned:ident {
        $($(#[doc = $field_doc:literal])* $get:ident: $type:ident $(<$of:ident>)? = $key:literal $($required:ident)?;)*
    }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $name<'a>($crate::json::Object<'a, { [$($key),*].len() }>);

        #[allow(dead_code, non_camel_case_types, clippy::enum_variant_names)]
        const _: () = {
            enum At { $($get),* }

            impl<'a> $name<'a> {
                /// The fields in the order of the vendor's documents.
                pub const FIELDS: &'static [$crate::json::Field; { [$($key),*].len() }] = &[$($crate::json::Field::new(
                    $key,
                    <$crate::view!(@getter $type $(<$of>)?) as $crate::json::Slot<'a>>::KIND,
                    $crate::view!(@required $($required)?),
                )),*];

                /// What the object is, for programs that write code or documentation.
                pub const SCHEMA: $crate::json::Schema = $crate::json::Schema::new(
                    stringify!($name),
                    concat!($($doc, "\n"),*),
                    &[$($crate::json::SchemaField::new(
                        $key,
                        stringify!($get),
                        $crate::view!(@value $type $(<$of>)?),
                        $crate::view!(@required $($required)?),
                        concat!($($field_doc, "\n"),*),
                    )),*],
                );

                $($(#[doc = $field_doc])*
                #[inline]
                #[must_use]
                pub fn $get(&self) -> $crate::view!(@getter $type $(<$of>)?) {
                    self.0.get(At::$get as usize)
                })*

                /// The whole object as it was written, unknown fields included.
                #[must_use]
                pub fn json(&self) -> &'a str {
                    self.0.json()
                }

                /// The `n`th field of [`Self::FIELDS`] as it was written, or `""`.
                #[must_use]
                pub fn raw(&self, n: usize) -> &'a str {
                    self.0.raw(n)
                }

                /// The places of the fields, to be kept beside the bytes.
                #[must_use]
                pub fn spans(&self) -> &$crate::json::Spans<{ [$($key),*].len() }> {
                    self.0.spans()
                }

                /// The view again, from kept bytes and places; nothing is parsed.
                #[must_use]
                pub const fn attach(json: &'a str, spans: $crate::json::Spans<{ [$($key),*].len() }>) -> Self {
                    Self($crate::json::Object::attach(json, spans))
                }

                $crate::__with_alloc! {
                    /// An owned copy: one allocation.
                    #[must_use]
                    pub fn owned(&self) -> $owned {
                        $owned { json: self.json().into(), spans: *self.spans() }
                    }
                }
            }

            impl<'a> $crate::json::FromJson<'a> for $name<'a> {
                #[inline]
                fn from_json(json: &mut $crate::json::Cursor<'a>) -> ::core::result::Result<Self, $crate::Error> {
                    $crate::json::Object::from_json(json, Self::FIELDS).map(Self)
                }
            }

            impl ::core::fmt::Debug for $name<'_> {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    f.debug_struct(stringify!($name))$(.field(stringify!($get), &self.$get()))*.finish()
                }
            }
        };

        $crate::__with_alloc! {
            $(#[$owned_doc])*
            #[derive(Clone)]
            #[allow(dead_code)]
            pub struct $owned {
                json: $crate::__private::alloc::boxed::Box<str>,
                spans: $crate::json::Spans<{ [$($key),*].len() }>,
            }

            #[allow(dead_code)]
            const _: () = {
                impl $owned {
                    /// The view of it.
                    #[must_use]
                    pub fn view(&self) -> $name<'_> {
                        $name::attach(&self.json, self.spans)
                    }
                }

                impl ::core::cmp::PartialEq for $owned {
                    fn eq(&self, other: &Self) -> bool {
                        self.view() == other.view()
                    }
                }

                impl ::core::cmp::Eq for $owned {}

                impl ::core::hash::Hash for $owned {
                    fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
                        ::core::hash::Hash::hash(&self.view(), state);
                    }
                }

                impl ::core::fmt::Debug for $owned {
                    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                        ::core::fmt::Debug::fmt(&self.view(), f)
                    }
                }
            };
        }

        $crate::__with_serde! {
            const _: () = {
                use $crate::__private::serde::{Serialize, Serializer, ser::SerializeStruct};

                impl Serialize for $name<'_> {
                    /// The known fields, in the order of the vendor's documents.
                    fn serialize<S: Serializer>(&self, s: S) -> ::core::result::Result<S::Ok, S::Error> {
                        let mut object = s.serialize_struct(stringify!($name), Self::FIELDS.len())?;
                        $(SerializeStruct::serialize_field(&mut object, $key, &self.$get())?;)*
                        SerializeStruct::end(object)
                    }
                }

                $crate::__with_alloc! {
                    impl Serialize for $owned {
                        fn serialize<S: Serializer>(&self, s: S) -> ::core::result::Result<S::Ok, S::Error> {
                            Serialize::serialize(&self.view(), s)
                        }
                    }
                }
            };
        }
    };
    (@required) => { false };
    (@required required) => { true };
    (@getter Text) => { ::core::option::Option<$crate::json::Text<'a>> };
    (@getter Date) => { ::core::option::Option<$crate::json::Text<'a>> };
    (@getter Uuid) => { ::core::option::Option<$crate::json::Text<'a>> };
    (@getter Scalar) => { $crate::json::Scalar<'a> };
    (@getter Number) => { $crate::json::Scalar<'a> };
    (@getter Flag) => { $crate::json::Scalar<'a> };
    (@getter Known<$of:ident>) => { $crate::Known<'a, $of> };
    (@getter List<Text>) => { $crate::json::List<'a, $crate::json::Text<'a>> };
    (@getter List<$of:ident>) => { $crate::json::List<'a, $of<'a>> };
    (@value Known<$of:ident>) => { $crate::json::ValueType::Known(stringify!($of)) };
    (@value List<Text>) => { $crate::json::ValueType::Texts };
    (@value List<$of:ident>) => { $crate::json::ValueType::Objects(&$of::SCHEMA) };
    (@value $type:ident) => { $crate::json::ValueType::$type };
}
