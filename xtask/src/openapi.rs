//! The OpenAPI documents of both APIs as the server speaks them, from the core's tables.
//!
//! Paths, parameters, fields and enumerations are those of the core, and the description of a field
//! is its doc comment there. A field's JSON type follows from its type in the core. Only where the
//! server is more exact than that, the type is given here by the field's name; a name that the core
//! does not have stops the generator.

mod certiflow;
mod mim;
mod parts;
pub(crate) mod schemathesis;

use cardwright_core::certiflow::Dialect;
use serde_json::Value;

/// The document of a generation of CertiFlow.
///
/// # Errors
///
/// When a type is given for a field that the core does not have.
pub(crate) fn certiflow(dialect: Dialect) -> Result<String, String> {
    certiflow::document(dialect).map(|document| written(&document))
}

/// The document of MIM CM.
///
/// # Errors
///
/// As for the document of CertiFlow.
pub(crate) fn mim() -> Result<String, String> {
    mim::document().map(|document| written(&document))
}

fn written(document: &Value) -> String {
    format!("{document:#}\n")
}

#[cfg(test)]
mod tests {
    use cardwright_core::Named as _;
    use cardwright_core::certiflow::Dialect;
    use serde_json::Value;

    /// Calls a function for every object of a document, with its path.
    fn walk(value: &Value, path: &str, see: &mut impl FnMut(&Value, &str)) {
        see(value, path);
        match value {
            Value::Object(fields) => {
                fields.iter().for_each(|(name, value)| walk(value, &format!("{path}/{name}"), see))
            }
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(n, value)| walk(value, &format!("{path}/{n}"), see));
            }
            _ => {}
        }
    }

    fn documents() -> Vec<(&'static str, Value)> {
        let generations = Dialect::ALL.iter().map(|dialect| (dialect.name(), super::certiflow(*dialect)));
        let read = |(name, text): (_, Result<String, String>)| {
            let text = text.expect("every field has a type and a doc comment");
            (name, serde_json::from_str(&text).expect("it is JSON"))
        };
        generations.chain([("mim", super::mim())]).map(read).collect()
    }

    #[test]
    fn every_reference_leads_somewhere_and_every_component_is_used() {
        let mut looked_at = 0;
        for (name, document) in documents() {
            let mut used = Vec::new();
            walk(&document, "", &mut |value, path| {
                if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
                    let target = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
                    assert!(target.is_some(), "{name}: {path}: {reference} leads nowhere");
                    used.push(reference.to_owned());
                    looked_at += 1;
                }
            });
            for kind in ["schemas", "responses", "parameters"] {
                let components = document["components"][kind].as_object();
                for component in components.into_iter().flat_map(|components| components.keys()) {
                    assert!(
                        used.contains(&format!("#/components/{kind}/{component}")),
                        "{name}: nobody uses {component}"
                    );
                }
            }
        }
        assert!(looked_at > 200, "{looked_at} references");
    }

    #[test]
    fn every_object_names_its_fields_and_every_field_is_described() {
        let mut looked_at = 0;
        for (name, document) in documents() {
            walk(&document, "", &mut |value, path| {
                let Some(fields) = value.get("properties").and_then(Value::as_object) else { return };
                assert!(!fields.is_empty() && value["additionalProperties"] == false, "{name}: {path}");
                for (field, schema) in fields {
                    let is_described = schema["description"].as_str().is_some_and(|text| !text.is_empty());
                    assert!(is_described || schema.get("$ref").is_some(), "{name}: {path}: {field} has no description");
                    looked_at += 1;
                }
            });
        }
        assert!(looked_at > 150, "{looked_at} fields");
    }
}
