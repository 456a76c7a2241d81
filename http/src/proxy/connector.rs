//! The link in the chain of connectors that goes through a proxy, if there is one.

use super::absolute::AbsoluteForm;
use super::route::Route;
use super::{socks, tunnel};
use crate::deadline::left;
use crate::resolve::Names;
use std::sync::Arc;
use ureq::unversioned::resolver::Resolver as _;
use ureq::unversioned::transport::{ConnectionDetails, Connector, Either, Transport};

/// Connects through the proxy: a tunnel to an `https` server, requests in absolute form for an `http` server, or SOCKS.
#[derive(Debug)]
pub(crate) struct ProxyConnector {
    route: Option<Arc<Route>>,
    /// Looks up the proxy's own name.
    names: Names,
}

impl ProxyConnector {
    pub(crate) fn new(route: Option<Arc<Route>>, names: Names) -> Self {
        ProxyConnector { route, names }
    }
}

impl<In: Transport> Connector<In> for ProxyConnector {
    type Out = Either<In, Box<dyn Transport>>;

    fn connect(&self, details: &ConnectionDetails<'_>, chained: Option<In>) -> Result<Option<Self::Out>, ureq::Error> {
        if let Some(transport) = chained {
            return Ok(Some(Either::A(transport)));
        }
        // The connection to the proxy itself runs through the whole chain again.
        let Some(route) = self.route.as_deref().filter(|route| *details.uri != route.uri) else { return Ok(None) };
        if !route.address.protocol.is_http() {
            return socks::connect(route, details, &self.names).map(|transport| Some(Either::B(transport)));
        }
        let connect = || connect(route, details, &self.names);
        let transport = match details.needs_tls() {
            true => tunnel::open(route, details, connect)?,
            false => AbsoluteForm::new(connect()?, details.uri).boxed(),
        };
        Ok(Some(Either::B(transport)))
    }
}

/// A connection to the proxy itself.
fn connect(route: &Route, details: &ConnectionDetails<'_>, names: &Names) -> Result<Box<dyn Transport>, ureq::Error> {
    let limit = || left(details.timeout, details.now).map_err(|error| route.named(error));
    let addrs = names.resolve(&route.uri, &route.config, limit()?).map_err(|error| route.named(error))?;
    let transport = (details.run_connector)(&ConnectionDetails {
        uri: &route.uri,
        addrs,
        config: &route.config,
        request_level: details.request_level,
        resolver: details.resolver,
        // What is left runs from now on.
        now: (details.current_time)(),
        timeout: limit()?,
        current_time: Arc::clone(&details.current_time),
        run_connector: Arc::clone(&details.run_connector),
        register_shutdown: Arc::clone(&details.register_shutdown),
    });
    transport.map_err(|error| route.named(error))
}
