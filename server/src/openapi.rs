//! The OpenAPI documents of both APIs, which anybody may read.
//!
//! `cargo xtask gen` writes them from the core's tables. CertiFlow's stands where ASP.NET Core puts it;
//! MIM CM has no such document, so the address of that one is ours.

use crate::dispatch::{CERTIFLOW_BASE, MIM_BASE, below};
use crate::reply::Reply;
use axum::body::Bytes;
use axum::http::{Method, StatusCode, header};

/// A document, and where it is.
struct Document {
    base: &'static str,
    path: &'static str,
    text: &'static str,
}

const DOCUMENTS: [Document; 2] = [
    Document { base: CERTIFLOW_BASE, path: "swagger/v1/swagger.json", text: include_str!("../openapi/certiflow.json") },
    Document { base: MIM_BASE, path: "api/openapi.json", text: include_str!("../openapi/mim.json") },
];

/// The answer to a request for a document; `None` for any other.
pub(crate) fn answer(method: &Method, path: &str) -> Option<Reply> {
    let is_there =
        |document: &&Document| below(path, document.base).is_some_and(|path| path.eq_ignore_ascii_case(document.path));
    let document = DOCUMENTS.iter().find(is_there)?;
    Some(if method == Method::GET {
        Reply::written(Bytes::from_static(document.text.as_bytes()))
    } else {
        Reply::empty(StatusCode::METHOD_NOT_ALLOWED).with(header::ALLOW, "GET")
    })
}

/// The addresses of the documents.
pub(crate) fn addresses() -> impl Iterator<Item = String> {
    DOCUMENTS.iter().map(|document| format!("{}/{}", document.base, document.path))
}

#[cfg(test)]
mod tests {
    use super::DOCUMENTS;
    use serde_json::Value;

    /// The component that a reference leads to, or the value itself.
    fn followed<'v>(document: &'v Value, value: &'v Value) -> &'v Value {
        match value["$ref"].as_str() {
            Some(reference) => document.pointer(&reference[1..]).unwrap(),
            None => value,
        }
    }

    #[test]
    fn every_response_has_a_schema_or_says_that_it_is_empty() {
        let mut seen = 0;
        for document in DOCUMENTS {
            let text: Value = serde_json::from_str(document.text).unwrap();
            for (path, methods) in text["paths"].as_object().unwrap() {
                for (method, call) in methods.as_object().unwrap() {
                    let responses = call["responses"].as_object().unwrap();
                    for status in ["400", "401", "403", "405", "413", "431", "500", "503"] {
                        assert!(responses.contains_key(status), "{method} {path} lacks {status}");
                    }
                    assert!(responses.keys().any(|status| status.starts_with('2')), "{method} {path}");
                    for (status, response) in responses {
                        let response = followed(&text, response);
                        match response["content"].as_object() {
                            Some(content) => {
                                let mut schemas = content.values().map(|one| followed(&text, &one["schema"]));
                                let is_full = |schema: &Value| {
                                    ["properties", "items", "oneOf", "anyOf", "pattern"]
                                        .iter()
                                        .any(|key| schema.get(key).is_some())
                                };
                                assert!(schemas.len() > 0 && schemas.all(is_full), "{method} {path} {status}");
                            }
                            None => {
                                let description = response["description"].as_str().unwrap();
                                assert!(description.contains("The body is empty."), "{method} {path} {status}");
                            }
                        }
                        seen += 1;
                    }
                }
            }
        }
        println!("{seen} responses");
        assert!(seen > 100);
    }
}
