//! What the client tells a log: each request that it sends, by the OpenTelemetry names, and no secret
//! and no name of a person. A binary of its own: which log listens is a matter of the whole process.

mod common;

use cardwright_client::{CertiFlow, Client, Credentials, Secret};
use cardwright_core::certiflow::Query;
use common::{Raw, answer, json};
use std::fmt::{Debug, Write as _};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// A log that writes down every field of everything.
#[derive(Clone, Default)]
struct Log {
    text: Arc<Mutex<String>>,
    spans: Arc<AtomicU64>,
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
}

impl Log {
    fn write(&self, line: Line) {
        let mut text = self.text.lock().expect("no panic while held");
        text.push_str(&line.0);
        text.push('\n');
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("cardwright")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut line = Line("span".into());
        span.record(&mut line);
        self.write(line);
        Id::from_u64(self.spans.fetch_add(1, Ordering::SeqCst) + 1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        let mut line = Line("record".into());
        values.record(&mut line);
        self.write(line);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line("event".into());
        event.record(&mut line);
        self.write(line);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

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
    let text = log.text.lock().expect("no panic while held").clone();
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
    for secret in ["correct horse", "ipetrov", "b3BlcmF0b3I6", "Basic"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}
