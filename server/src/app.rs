//! What every handler needs: the registry and the configuration.

use crate::bounds::Bounds;
use crate::metrics::Metrics;
use crate::{Config, Error, Registry};
use std::sync::Arc;

/// The state that all requests share.
pub(crate) struct App {
    pub(crate) registry: Registry,
    pub(crate) config: Config,
    pub(crate) bounds: Arc<Bounds>,
    pub(crate) metrics: Metrics,
}

/// Does work that takes longer than reading a card on a thread that may block.
pub(crate) async fn spawn_blocking<T: Send + 'static>(
    app: &Arc<App>,
    work: impl FnOnce(&App) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let app = Arc::clone(app);
    let done = tokio::task::spawn_blocking(move || work(&app)).await;
    done.unwrap_or_else(|failed| Err(Error::Database(Box::new(failed))))
}
