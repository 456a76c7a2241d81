//! What both documents are made of.

use crate::schema::plain;
use cardwright_core::Named;
use cardwright_core::json::{Schema, ValueType};
use serde_json::{Map, Value, json};

/// A document.
pub(super) fn document(title: &str, about: &str, base: &str, paths: Map<String, Value>, components: Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": { "title": title, "version": env!("CARGO_PKG_VERSION"), "description": about },
        "servers": [{ "url": base }],
        "security": [{ "basic": [] }, { "bearer": [] }],
        "paths": paths,
        "components": components,
    })
}

/// How to sign in.
pub(super) fn security() -> Value {
    json!({
        "basic": { "type": "http", "scheme": "basic", "description": "An account of the server's own. The vendors' servers take Windows authentication." },
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "A token of the issuer that the server is configured to trust (AD FS, OpenID Connect).",
        },
    })
}

/// A reference to a component.
pub(super) fn component(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

/// The schema of an object of the core, with the core's own documentation. A field has the type that is given for
/// its name in `exact`, else that of its value in the core. Every field is always there.
pub(super) fn object(
    schema: &Schema,
    type_of: fn(&ValueType) -> Value,
    exact: &[(&str, Value)],
) -> Result<Value, String> {
    if let Some((name, _)) = exact.iter().find(|(name, _)| schema.fields.iter().all(|field| field.name != *name)) {
        return Err(format!("{}: the core has no field {name}", schema.name));
    }
    let mut properties = Map::new();
    for field in schema.fields {
        let given = exact.iter().find(|(name, _)| *name == field.name).map(|(_, kind)| kind.clone());
        let kind = given.unwrap_or_else(|| type_of(&field.value));
        properties.insert(field.name.into(), described(kind, &plain(field.doc)));
    }
    let names: Vec<&str> = schema.fields.iter().map(|field| field.name).collect();
    Ok(json!({ "type": "object", "properties": properties, "required": names, "additionalProperties": false }))
}

/// A list of a component of the document.
pub(super) fn list_of(name: &str) -> Value {
    json!({ "type": "array", "items": component("schemas", name) })
}

/// A list of texts.
pub(super) fn texts() -> Value {
    json!({ "type": "array", "items": { "type": "string" } })
}

/// A schema with a description in front of the one that it may have.
pub(super) fn described(mut schema: Value, doc: &str) -> Value {
    let own = schema["description"].as_str().map(|own| format!(" {own}")).unwrap_or_default();
    schema["description"] = format!("{doc}{own}").into();
    schema
}

/// The names of an enumeration.
pub(super) fn names<T: Named>() -> Vec<&'static str> {
    T::ALL.iter().map(|value| value.name()).collect()
}

/// A text that is one of the names of an enumeration.
pub(super) fn named<T: Named>() -> Value {
    json!({ "type": "string", "enum": names::<T>() })
}

/// A number of an enumeration.
pub(super) fn number_of<T: Named>() -> Value {
    numbered(T::ALL.iter().map(|value| (i64::from(value.number()), value.name())))
}

/// A number of an enumeration; `rows` has the numbers with their names.
pub(super) fn numbered(rows: impl Iterator<Item = (i64, &'static str)>) -> Value {
    let rows: Vec<(i64, &str)> = rows.collect();
    let words: Vec<String> = rows.iter().map(|(number, name)| format!("{number} {name}")).collect();
    let numbers: Vec<i64> = rows.iter().map(|row| row.0).collect();
    json!({ "type": "integer", "enum": numbers, "description": format!("({})", words.join(", ")) })
}

pub(super) fn text() -> Value {
    json!({ "type": "string" })
}

pub(super) fn text_or_null() -> Value {
    json!({ "type": ["string", "null"] })
}

pub(super) fn time_or_null() -> Value {
    json!({ "type": ["string", "null"], "format": "date-time" })
}

pub(super) fn truth() -> Value {
    json!({ "type": "boolean" })
}

pub(super) fn integer() -> Value {
    json!({ "type": "integer", "format": "int64" })
}

/// The headers of every answer that the server writes itself.
fn headers() -> Value {
    json!({ "X-Correlation-Id": {
        "description": "The request's id: the one that it came with, or a new one.",
        "required": true,
        "schema": { "type": "string", "minLength": 1, "maxLength": 128 },
    } })
}

/// A response with a body.
pub(super) fn response(description: &str, media_type: &str, schema: Value) -> Value {
    json!({ "description": description, "headers": headers(), "content": { media_type: { "schema": schema } } })
}

/// A response with no body, which says so.
pub(super) fn empty(description: &str) -> Value {
    json!({ "description": format!("{description} The body is empty."), "headers": headers() })
}

/// The responses that any call may have before its API looks at it.
pub(super) fn common() -> Map<String, Value> {
    let mut unauthorized = empty("Nobody is signed in.");
    unauthorized["headers"]["WWW-Authenticate"] = json!({
        "description": "How to sign in.", "required": true, "schema": { "type": "string", "pattern": "^(Basic|Bearer) realm=" },
    });
    let mut common = Map::new();
    common.insert("Unauthorized".into(), unauthorized);
    common.insert("TooLarge".into(), empty("The body is longer than the server takes."));
    common.insert("HeadTooLarge".into(), {
        let mut head = empty("The head of the request is longer than the server takes.");
        head.as_object_mut().and_then(|head| head.remove("headers"));
        head
    });
    common.insert("Unavailable".into(), empty("The request took too long, or there are too many connections."));
    if let Some(unavailable) = common.get_mut("Unavailable").and_then(Value::as_object_mut) {
        unavailable.remove("headers");
    }
    common
}

/// The responses of a call: its own, those that it names among the components, and the common ones.
pub(super) fn responses(own: &[(&str, Value)], errors: &[(&str, &str)]) -> Value {
    const COMMON: [(&str, &str); 4] =
        [("401", "Unauthorized"), ("413", "TooLarge"), ("431", "HeadTooLarge"), ("503", "Unavailable")];
    let mut all: Vec<(&str, Value)> = own.to_vec();
    all.extend(errors.iter().chain(&COMMON).map(|(status, name)| (*status, component("responses", name))));
    all.sort_by_key(|response| response.0);
    Value::Object(all.into_iter().map(|(status, response)| (status.to_owned(), response)).collect())
}
