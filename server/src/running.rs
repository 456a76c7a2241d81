//! Starting and stopping a server, and which APIs it has.

use crate::admission::Site;
use crate::api::Api;
use crate::app::{App, spawn_blocking};
use crate::auth::Passwords;
use crate::bases::{MIM, OWN, own_of};
use crate::bearer::Tokens;
use crate::bounds::Bounds;
use crate::certiflow::CertiFlow;
use crate::dispatch::Service;
use crate::faults::InForce;
use crate::log::Ids;
use crate::metrics::Metrics;
use crate::mim::Mim;
use crate::{Config, Error, Faults, Generation, Registry, Tls, accept};
use cardwright_core::certiflow::Dialect;
use core::fmt;
use core::future::Future;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

/// How long an issuer has to send its keys when they are read again on request.
const RELOAD_LIMIT: Duration = Duration::from_secs(30);

/// The APIs of a server.
fn apis(config: &Config) -> Vec<Box<dyn Api>> {
    let generations = config.certiflow.iter().cloned().map(|one| Box::new(CertiFlow::new(one)) as Box<dyn Api>);
    generations.chain([Box::new(Mim) as Box<dyn Api>]).collect()
}

/// Where its own API is: beside or below each of them.
fn own_bases(apis: &[Box<dyn Api>]) -> Vec<String> {
    let mut bases = vec![OWN.to_owned()];
    for base in apis.iter().map(|api| own_of(api.base())) {
        if !bases.contains(&base) {
            bases.push(base);
        }
    }
    bases
}

/// Both APIs over one registry.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::exhaustive_structs, reason = "it has nothing to hold: a server that runs is a `Running`")]
pub struct Server;

impl Server {
    /// Starts a server on a thread of its own, and returns once it accepts connections.
    ///
    /// # Errors
    /// [`Error::NotLoopback`] for an address that others can reach without TLS, [`Error::SameBase`] for generations
    /// that cannot be beside each other, [`Error::InUse`] if another server has the data directory, and others if the
    /// registry or the address cannot be used.
    pub fn start(config: Config) -> Result<Running, Error> {
        if config.tls.is_none() && !config.listen.ip().is_loopback() {
            return Err(Error::NotLoopback(config.listen));
        }
        Generation::check(&config.certiflow)?;
        let cannot_listen = |error| Error::Listen(config.listen, error);
        let registry =
            Registry::open(&config.data, config.clock.clone(), config.waiting_changes, config.notices.clone())?;
        for account in &config.accounts {
            registry.add_account_as(&account.name, &account.password, &account.role, account.user)?;
        }
        let passwords = Passwords::new(config.switches.sign_in_delays)?;
        let tokens = config.bearer.clone().map(|bearer| Tokens::new(bearer, config.clock.clone(), &registry));
        let tokens = tokens.transpose()?;
        // From here on the system accepts connections; they wait until the thread below is ready.
        let listener = TcpListener::bind(config.listen).map_err(cannot_listen)?;
        // Rust's own queue is 128 connections long; one that finds no place in it tries again after a second.
        #[cfg(unix)]
        rustix::net::listen(&listener, 4096)
            .and_then(|()| rustix::net::sockopt::set_socket_send_buffer_size(&listener, SEND_BUFFER))
            .map_err(|error| cannot_listen(error.into()))?;
        listener.set_nonblocking(true).map_err(cannot_listen)?;
        let address = listener.local_addr().map_err(cannot_listen)?;
        let site = Site::new(&config, address)?;

        let runtime = tokio::runtime::Builder::new_multi_thread()
            .thread_name("cardwright-server")
            .max_blocking_threads(64)
            .enable_all()
            .build()
            .map_err(Error::Runtime)?;
        let mut prefix = [0; 8];
        getrandom::fill(&mut prefix).map_err(|_| Error::Crypto("the system gives no random numbers"))?;
        let apis = apis(&config);
        let service = Arc::new(Service {
            own: own_bases(&apis),
            apis,
            passwords,
            tokens,
            faults: InForce::new(config.faults.clone()),
            ids: Ids::new(u64::from_ne_bytes(prefix)),
            site,
            app: Arc::new(App {
                registry: registry.clone(),
                config,
                bounds: Arc::new(Bounds::new()),
                metrics: Metrics::new(),
            }),
        });
        let served = Arc::clone(&service);
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new().name("cardwright-server".into()).spawn(move || {
            runtime.block_on(run(listener, served, stopped));
            runtime.shutdown_timeout(Duration::from_secs(1));
        });
        let thread = thread.map_err(Error::Runtime)?;
        Ok(Running { address, registry, service, runtime: handle, stop: Some(stop), thread: Some(thread) })
    }
}

/// The part of an answer that the system holds for a client that does not read, in bytes; Linux doubles it. Without a size it grows
/// to some megabytes, and Linux lets the server write only when a third of it is free again: a client that reads
/// slowly and steadily would seem to stand still. Connections inherit it from the listener.
#[cfg(unix)]
const SEND_BUFFER: usize = 64 << 10;

/// Serves until it is told to stop.
async fn run(listener: TcpListener, service: Arc<Service>, stopped: oneshot::Receiver<()>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let probing = tokio::spawn(probe(Arc::clone(&service.app)));
    accept::run(listener, service, stopped).await;
    probing.abort();
}

/// How long a database may take to answer until it is taken for away.
const PROBE_LIMIT: Duration = Duration::from_secs(5);

/// Tries each second to write, while the registry cannot be written; and whether a remote database is there, so that a balancer
/// knows before a client does.
async fn probe(app: Arc<App>) {
    loop {
        sleep(Duration::from_secs(1)).await;
        let is_troubled = app.registry.health().may_recover();
        if !is_troubled && !app.registry.is_remote() {
            continue;
        }
        let probe = spawn_blocking(&app, move |app| match is_troubled {
            true => app.registry.probe(),
            false => app.registry.epoch().map(|_| ()),
        });
        // If it fails, the registry has reported why.
        if timeout(PROBE_LIMIT, probe).await.is_err() {
            app.registry.note_silence(PROBE_LIMIT);
        }
    }
}

/// A running server. It stops when this is dropped.
pub struct Running {
    address: SocketAddr,
    registry: Registry,
    service: Arc<Service>,
    runtime: Handle,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// The address on which it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://`, or `https://` if it has a certificate, and the address, with no slash at the end. If
    /// it listens on all addresses, it is the loopback address.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.service.app.config.tls.is_some() { "https" } else { "http" };
        let mut address = self.address;
        match address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
            IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
            _ => {}
        }
        format!("{scheme}://{address}")
    }

    /// The base of MIM CM's API: its virtual folder.
    #[must_use]
    pub fn mim_url(&self) -> String {
        self.url() + MIM
    }

    /// The generations of CertiFlow's API that it has, the newest first.
    #[must_use]
    pub fn generations(&self) -> Vec<&Generation> {
        let mut all: Vec<_> = self.service.app.config.certiflow.iter().collect();
        all.sort_by_key(|one| core::cmp::Reverse(one.dialect()));
        all
    }

    /// The base of CertiFlow's API, in the newest generation that it has.
    #[must_use]
    pub fn certiflow_url(&self) -> String {
        self.url() + self.generations().first().map_or(Dialect::G7.base(), |one| one.base())
    }

    /// The base of a generation of CertiFlow's API; `None` if it does not have that one.
    #[must_use]
    pub fn url_of(&self, dialect: Dialect) -> Option<String> {
        let found = self.service.app.config.certiflow.iter().find(|one| one.dialect() == dialect);
        found.map(|one| self.url() + one.base())
    }

    /// The base of G1, the oldest generation of CertiFlow's API; the one that it usually has, if the server does not
    /// have it.
    #[must_use]
    pub fn icmapi_url(&self) -> String {
        self.url_of(Dialect::G1).unwrap_or_else(|| self.url() + Dialect::G1.base())
    }

    /// The registry that it serves: for seeding, for accounts, and for reading the audit log.
    #[must_use]
    pub const fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Replaces the faults in force; the counts of all rules begin at zero.
    pub fn set_faults(&self, faults: Faults) {
        self.service.faults.replace(faults);
    }

    /// Presents this certificate from the next handshake on. Connections that there are continue.
    ///
    /// # Errors
    /// [`Error::Tls`] if the server was started without one.
    pub fn replace_certificate(&self, tls: &Tls) -> Result<(), Error> {
        let own = self.service.app.config.tls.as_ref();
        own.ok_or_else(|| Error::Tls("the server was started without a certificate".into()))?.replace(tls);
        Ok(())
    }

    /// Reads the keys of the tokens' issuer again, from their file or address. The old ones are kept if that fails.
    /// Returns whether there is an issuer.
    ///
    /// # Errors
    /// [`Error::Bearer`] if they cannot be read.
    pub fn reload_bearer_keys(&self) -> Result<bool, Error> {
        let service = Arc::clone(&self.service);
        let read = async move {
            match &service.tokens {
                Some(tokens) => tokens.reload().await.map(|()| true),
                None => Ok(false),
            }
        };
        let read = self.on_runtime(read, RELOAD_LIMIT);
        read.unwrap_or_else(|| Err(Error::Bearer(format!("no answer within {} s", RELOAD_LIMIT.as_secs()))))
    }

    /// Whether the server still accepts connections and gets to its work within this time.
    #[must_use]
    pub fn is_alive(&self, within: Duration) -> bool {
        let is_running = self.thread.as_ref().is_some_and(|thread| !thread.is_finished());
        is_running && self.on_runtime(async {}, within).is_some()
    }

    /// What a task of the server's own threads returns; `None` if it takes longer.
    fn on_runtime<T: Send + 'static>(
        &self,
        task: impl Future<Output = T> + Send + 'static,
        within: Duration,
    ) -> Option<T> {
        let (send, receive) = std::sync::mpsc::sync_channel(1);
        self.runtime.spawn(async move {
            // Nobody waits any more if it took too long.
            let _ = send.send(task.await);
        });
        receive.recv_timeout(within).ok()
    }

    /// Stops: accepts no more connections, closes at once those between requests, lets requests under way finish
    /// within `Config::stop_limit`, and closes the registry unless a clone of its handle is kept.
    pub fn stop(self) {
        drop(self);
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
