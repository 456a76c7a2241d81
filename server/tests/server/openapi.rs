//! The documents that the server hands out, and whether it does what they say.

use crate::http::{get, mim, send, send_as, start};
use cardwright_server::Running;
use serde_json::Value;
use std::collections::BTreeSet;

const CERTIFLOW: &str = "/certiflow/api/swagger/v1/swagger.json";
const MIM: &str = "/CertificateManagement/api/openapi.json";

fn document(running: &Running, target: &str) -> Value {
    let answer = send_as(running, None, "GET", target, ("", ""));
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json; charset=utf-8")));
    answer.json()
}

fn names(object: &Value) -> BTreeSet<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn anybody_may_read_the_documents_and_nothing_else() {
    let running = start();
    for target in [CERTIFLOW, MIM] {
        assert_eq!(document(&running, target)["openapi"], "3.1.0");
        document(&running, &target.to_uppercase().replace("%2F", "/"));
        let wrong = send(&running, "POST", target, "{}");
        assert_eq!((wrong.status, wrong.header("allow")), (405, Some("GET")));
    }
    assert_eq!(send_as(&running, None, "GET", "/certiflow/api/swagger", ("", "")).status, 401);
}

#[test]
fn every_call_of_the_documents_is_there_and_answers_as_they_say() {
    let running = start();
    let mut seen = 0;
    for target in [CERTIFLOW, MIM] {
        let document = document(&running, target);
        let base = document["servers"][0]["url"].as_str().unwrap();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, call) in methods.as_object().unwrap() {
                let path = if target == MIM {
                    path.replace("{id}", "00000000-0000-0000-0000-000000000009")
                        .replace("{requestid}", "00000000-0000-0000-0000-000000000009")
                } else {
                    path.replace("{id}", "1065")
                };
                let method = method.to_uppercase();
                let target = format!("{base}{path}");
                for credentials in [None, Some(crate::http::DEMO)] {
                    let answer = send_as(&running, credentials, &method, &target, ("application/json", "{}"));
                    let status = answer.status.to_string();
                    assert!(call["responses"].get(&status).is_some(), "{method} {target}: {status} is not documented");
                    assert_ne!(status, "405", "{method} {target}");
                    seen += 1;
                }
            }
        }
    }
    assert_eq!(seen, 2 * (7 + 9));
}

#[test]
fn the_objects_of_the_server_have_the_fields_of_the_documents() {
    let running = start();
    let certiflow = document(&running, CERTIFLOW)["components"]["schemas"].clone();
    let card = get(&running, "/certiflow/api/Cards/1013").json();
    assert_eq!(names(&card), names(&certiflow["CardInfo"]["properties"]));
    assert_eq!(names(&card["certificates"][0]), names(&certiflow["Certificate"]["properties"]));
    let schemas = document(&running, MIM)["components"]["schemas"].clone();
    let smartcard = get(&running, &mim("smartcards")).json()[0].clone();
    assert_eq!(names(&smartcard), names(&schemas["Smartcard"]["properties"]));
    let refused = get(&running, &mim("smartcards/x")).json();
    assert_eq!(names(&refused), names(&schemas["Error"]["properties"]));
}
