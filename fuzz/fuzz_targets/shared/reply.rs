//! What holds for the views of both systems' replies.

use cardwright_core::Code;
use cardwright_core::json::{self, Field, FromJson};
use serde::Serialize;
use serde_json::Value;
use std::fmt::Debug;

/// No getter panics, what is written is JSON, and every error has a path.
pub(crate) fn view<'a, T: FromJson<'a> + Serialize + Debug>(document: &'a [u8]) -> Option<T> {
    match json::from_slice::<T>(document) {
        Ok(view) => {
            assert_eq!(json::check(document).err().map_or(Code::JsonDepth, |error| error.code), Code::JsonDepth);
            let _ = format!("{view:?}");
            if let Ok(written) = serde_json::to_vec(&view) {
                json::check(&written).unwrap();
            }
            Some(view)
        }
        Err(error) => {
            assert!(error.at <= document.len());
            let mut path = String::new();
            json::path(document, error.at, &mut path).unwrap();
            assert!(path.starts_with('$'));
            None
        }
    }
}

/// Every known field is what serde_json finds under its name, and nothing else.
pub(crate) fn same_fields(document: &[u8], fields: &[Field], raw: impl Fn(usize) -> String) {
    let text = document.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(document);
    let Ok(Value::Object(theirs)) = serde_json::from_slice::<Value>(text) else { return };
    for (n, field) in fields.iter().enumerate() {
        let ours = raw(n);
        match theirs.get(field.name) {
            Some(value) => {
                assert_eq!(serde_json::from_str::<Value>(&ours).as_ref().ok(), Some(value), "{}", field.name)
            }
            None => assert_eq!(ours, "", "{}", field.name),
        }
    }
}
