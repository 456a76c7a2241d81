//! A log that keeps everything logged by `tracing`, and by `log`, which the layers below use.

use std::fmt::{Debug, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Writes down every field of every span, event and record.
#[derive(Clone, Default)]
pub struct Log {
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
    /// Everything logged so far.
    pub fn text(&self) -> String {
        self.text.lock().expect("no panic while held").clone()
    }

    fn write(&self, line: Line) {
        let mut text = self.text.lock().expect("no panic while held");
        text.push_str(&line.0);
        text.push('\n');
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // ureq and rustls use `log`.
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

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        self.write(Line(format!("{} {}", record.target(), record.args())));
    }

    fn flush(&self) {}
}
