//! JSON as servers send it: read once, strictly, without a heap.
//!
//! A document is walked once and checked; what comes out is a *view*: the document's bytes and the
//! place of each known field, decoded when asked for. So there are no capacities, nothing a server
//! sends is too long, and an unknown field survives in [`Object::json`]. Nothing panics,
//! and the stack does not grow with the document: nesting is followed to [`MAX_DEPTH`] and no further.
//!
//! The grammar is RFC 8259. A byte order mark is passed over; half a surrogate pair reads as U+FFFD;
//! an object in which a known field stands twice is refused.

mod cursor;
mod define;
mod elements;
mod list;
mod path;
mod plain;
mod read;
mod scalar;
mod schema;
mod text;
mod view;
mod write;

pub use cursor::{Cursor, Inside, MAX_DEPTH};
pub use elements::{Element, Elements};
pub use list::{Items, List};
pub use path::path;
pub use read::{FromJson, check, from_slice};
pub use scalar::Scalar;
pub use schema::{Schema, SchemaField, ValueType};
pub use text::{Chars, Text};
pub use view::{Field, Kind, Object, Slot, Span, Spans};
#[cfg(feature = "serde-json-core")]
pub use write::to_slice;
pub use write::{ObjectWriter, write_text};
