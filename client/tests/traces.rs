//! What the client tells a log: each request that it sends, by the OpenTelemetry names, and no secret
//! and no name of a person. A binary of its own: which log listens is a matter of the whole process.

use cardwright_client::{CertiFlow, Client, Credentials, Secret};
use cardwright_core::certiflow::Query;
use cardwright_testkit::log_keeper::Log;
use cardwright_testkit::raw::{Raw, answer, json};
use std::sync::atomic::{AtomicUsize, Ordering};

#[test]
fn every_request_is_a_span_without_secrets_or_names() {
    let turn = AtomicUsize::new(0);
    let raw = Raw::answering(move |_| match turn.fetch_add(1, Ordering::SeqCst) {
        0 => answer("503 Unavailable", "text/plain", ""),
        _ => json("[]"),
    });
    let log = Log::default();
    tracing::subscriber::with_default(log.clone(), || {
        let credentials = Credentials::basic("operator", Secret::new("correct horse"));
        let client = Client::<CertiFlow>::builder(raw.url("/api")).credentials(credentials).build().expect("usable");
        let query = Query { user_name: Some("DEMO\\ipetrov"), ..Query::default() };
        assert_eq!(client.cards(query).expect("a query").count(), 0);
    });
    let text = log.text();
    for wanted in [
        "http.request.method=\"GET\"",
        "http.request.resend_count=0",
        "http.request.resend_count=1",
        "http.response.status_code=503",
        "http.response.status_code=200",
        "userName=REDACTED",
    ] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    for secret in ["correct horse", "ipetrov", "b3BlcmF0b3I6", "Basic b"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}
