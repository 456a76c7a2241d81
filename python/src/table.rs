//! Cards as Arrow tables: columns from the core's tables of fields, filled from the reply's bytes.
//!
//! No Python object is made for a card. A table is a stream: its batches are read from the server on request, one ahead,
//! so that a list of any length takes the memory of a few batches.
//!
//! The Arrow C data, stream and PyCapsule interfaces.

mod atrs;
mod batch;
mod given;
mod raw;
mod stream;
mod values;

pub(crate) use atrs::{AtrTable, parse_atrs};
pub(crate) use given::{card_cells, named_column};
pub(crate) use stream::Table;
pub(crate) use values::{Cell, Column, Kind, Row, Unfit, Values, kind_of, records_of};

/// Makes a row of a view, from the list of its getters and what each is in Python.
macro_rules! row {
    ($name:ident of $module:ident { $($get:ident: $how:ident,)* }) => {
        const _: () = {
            #[allow(non_camel_case_types, clippy::enum_variant_names, reason = "the names of the fields")]
            enum At { $($get),* }

            impl<'a> crate::table::Row for cardwright_core::$module::$name<'a> {
                const COLUMNS: &'static [crate::table::Column] = &[$(crate::table::Column {
                    name: stringify!($get),
                    kind: crate::table::row!(@kind $how cardwright_core::$module::$name::<'a>::$get),
                }),*];

                fn push(&self, n: usize, into: &mut crate::table::Values) -> Result<(), crate::table::Unfit> {
                    match n {
                        $(n if n == At::$get as usize => crate::table::row!(@push $how into, $get, self.$get()),)*
                        _ => Ok(()),
                    }
                }
            }
        };
    };
    (@kind value $get:path) => { crate::table::kind_of($get) };
    (@kind moment $get:path) => { crate::table::Kind::Moment };
    (@kind records $get:path) => { crate::table::records_of($get) };
    (@push value $into:expr, $get:ident, $value:expr) => { Ok(crate::table::Cell::push($value, $into)?) };
    (@push moment $into:expr, $get:ident, $value:expr) => { $into.moment(stringify!($get), $value) };
    (@push records $into:expr, $get:ident, $value:expr) => { $into.records($value) };
}
pub(crate) use row;
