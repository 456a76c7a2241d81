//! The OpenAPI documents of the APIs, which need no sign-in.
//!
//! `cargo xtask gen` writes them from the core's tables.

use crate::api::Api;
use crate::http_request::HttpRequest;
use crate::reply::Reply;
use crate::route::below;
use axum::http::{Method, StatusCode, header};

/// The reply to a request for a document; `None` for any other request.
pub(crate) fn answer(apis: &[Box<dyn Api>], http: &HttpRequest) -> Option<Reply> {
    let document = apis.iter().find_map(|api| {
        let path = below(&http.path, api.base())?;
        api.document().filter(|document| path.eq_ignore_ascii_case(document.path))
    })?;
    Some(if http.method == Method::GET {
        Reply::written(document.text)
    } else {
        Reply::empty(StatusCode::METHOD_NOT_ALLOWED).with(header::ALLOW, "GET")
    })
}

/// The addresses of the documents.
pub(crate) fn addresses(apis: &[Box<dyn Api>]) -> impl Iterator<Item = String> {
    let documents = apis.iter().filter_map(|api| Some((api.base(), api.document()?.path)));
    documents.map(|(base, path)| format!("{base}/{path}"))
}

#[cfg(test)]
mod tests {
    use crate::certiflow::CertiFlow;
    use crate::mim::Mim;
    use crate::{Generation, api::Api as _};
    use cardwright_core::Named as _;
    use cardwright_core::certiflow::Dialect;
    use serde_json::Value;

    /// The component that a reference names, or the value itself.
    fn followed<'v>(document: &'v Value, value: &'v Value) -> &'v Value {
        match value["$ref"].as_str() {
            Some(reference) => document.pointer(&reference[1..]).unwrap(),
            None => value,
        }
    }

    #[test]
    fn every_response_has_a_schema_or_says_that_it_is_empty() {
        let mut seen = 0;
        let generations = Dialect::ALL.iter().map(|dialect| CertiFlow::new(Generation::new(*dialect)).document());
        for document in generations.chain([Mim.document()]) {
            let text: Value = serde_json::from_slice(&document.unwrap().text).unwrap();
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
        assert!(seen > 400);
    }
}
