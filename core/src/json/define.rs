//! The macro that defines a view: getters, the table of fields, owned forms and schemas from one row a field.

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
