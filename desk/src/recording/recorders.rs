//! Recordings of a client that lives on.

use super::Recorder;
use cardwright_client::http::PerProcess;
use cardwright_client::{Exchange, Observe};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An observer whose recordings begin and end while its client lives. Without any, it costs next to nothing.
///
/// After a fork a child has none: two processes do not write one file.
///
/// ```
/// use cardwright::client::{CertiFlow, Client, Credentials};
/// use cardwright::{Recorder, Recorders, Silent};
/// use std::sync::Arc;
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let url = server.certiflow_url();
/// # let file = std::env::temp_dir().join(format!("recorders-{}.ndjson", std::process::id()));
///
/// let recorders = Arc::new(Recorders::default());
/// let client = Client::<CertiFlow>::builder(&url)
///     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
///     .observe(recorders.clone())
///     .build()?;
/// client.card("1013")?;
/// let recorder = Arc::new(Recorder::create(&file, "certiflow", None, &url, &[TestServer::USER], Arc::new(Silent))?);
/// recorders.begin(&recorder);
/// client.card("1013")?;
/// recorders.end(&recorder);
/// client.card("1013")?;
/// // A line about itself, and one of the request in between.
/// assert_eq!(std::fs::read_to_string(&file)?.lines().count(), 2);
/// # std::fs::remove_file(&file)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Recorders(PerProcess<Mutex<Vec<Arc<Recorder>>>>);

impl Default for Recorders {
    fn default() -> Self {
        Recorders(PerProcess::new(Mutex::default()))
    }
}

impl Recorders {
    fn here(&self) -> MutexGuard<'_, Vec<Arc<Recorder>>> {
        self.0.here(|_| Mutex::default()).lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a recording, of exchanges that begin from now on.
    pub fn begin(&self, recorder: &Arc<Recorder>) {
        self.here().push(Arc::clone(recorder));
    }

    /// Ends a recording. What has not come to its end is not in it. Twice is as good as once.
    pub fn end(&self, recorder: &Arc<Recorder>) {
        self.here().retain(|other| !Arc::ptr_eq(other, recorder));
    }
}

impl Observe for Recorders {
    fn exchange(&self, exchange: Exchange) {
        let recorders = self.here().clone();
        for recorder in &recorders {
            recorder.exchange(exchange.clone());
        }
    }

    fn wants(&self) -> bool {
        !self.here().is_empty()
    }
}
