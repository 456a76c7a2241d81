//! A balancer of TCP connections, in front of servers that come and go.
//!
//! It knows nothing of what it carries, and has no limits of time: what a server does is what its client sees.

use std::collections::{BTreeMap, HashMap};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// How many connections are carried at once, with two threads each. Who comes then waits to be accepted.
pub const CONNECTIONS: usize = 256;

/// A balancer, which closes all its connections when it is dropped.
pub struct Balancer {
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// A connection has ended.
    ended: Condvar,
}

#[derive(Default)]
struct State {
    backends: Vec<SocketAddr>,
    /// Which backend has its turn.
    turn: usize,
    stops: bool,
    /// How many clients were accepted and have not ended.
    clients: usize,
    next: u64,
    /// Both ends of each connection that is carried.
    carried: HashMap<u64, [TcpStream; 2]>,
    counts: BTreeMap<SocketAddr, usize>,
}

impl Balancer {
    pub fn start(backends: &[SocketAddr]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared::default());
        shared.state().backends = backends.to_vec();
        let accepts = Arc::clone(&shared);
        let thread = std::thread::spawn(move || accepts.accept(&listener));
        Balancer { address, shared, thread: Some(thread) }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The backends from now on. Connections that are carried stay.
    pub fn set(&self, backends: &[SocketAddr]) {
        self.shared.state().backends = backends.to_vec();
    }

    /// Takes a backend out. Its connections stay.
    pub fn remove(&self, backend: SocketAddr) {
        self.shared.state().backends.retain(|one| *one != backend);
    }

    /// How many connections are carried now.
    pub fn carried(&self) -> usize {
        self.shared.state().carried.len()
    }

    /// How many connections each backend has had.
    pub fn counts(&self) -> BTreeMap<SocketAddr, usize> {
        self.shared.state().counts.clone()
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        state.stops = true;
        state.carried.values().flatten().for_each(close);
        drop(state);
        self.shared.ended.notify_all();
        // Wakes the thread that accepts; where it waits for room, it is awake already.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn accept(&self, listener: &TcpListener) {
        std::thread::scope(|scope| {
            for client in listener.incoming().map_while(Result::ok) {
                let has_no_room = |state: &mut State| state.clients >= CONNECTIONS && !state.stops;
                let waited = self.ended.wait_while(self.state(), has_no_room);
                let mut state = waited.unwrap_or_else(PoisonError::into_inner);
                if state.stops {
                    return;
                }
                state.clients += 1;
                scope.spawn(|| {
                    self.serve(client);
                    self.state().clients -= 1;
                    self.ended.notify_all();
                });
            }
        });
    }

    /// Where no backend accepts, the client is closed.
    fn serve(&self, client: TcpStream) {
        let Some((backend, server)) = self.connect() else { return };
        let Some(number) = self.keep(backend, [&client, &server]) else { return };
        carry(&client, &server);
        self.state().carried.remove(&number);
    }

    /// A connection to the backend that has its turn, or else to the next one that accepts.
    fn connect(&self) -> Option<(SocketAddr, TcpStream)> {
        let (backends, turn) = {
            let mut state = self.state();
            state.turn = state.turn.wrapping_add(1);
            (state.backends.clone(), state.turn)
        };
        let count = backends.len();
        let in_turn = (0..count).map(|at| backends[(turn % count + at) % count]);
        in_turn.into_iter().find_map(|backend| Some((backend, TcpStream::connect(backend).ok()?)))
    }

    fn keep(&self, backend: SocketAddr, ends: [&TcpStream; 2]) -> Option<u64> {
        let [client, server] = ends.map(|end| {
            let _ = end.set_nodelay(true);
            end.try_clone()
        });
        let ends = [client.ok()?, server.ok()?];
        let mut state = self.state();
        if state.stops {
            return None;
        }
        let number = state.next;
        state.next += 1;
        state.carried.insert(number, ends);
        *state.counts.entry(backend).or_default() += 1;
        Some(number)
    }
}

/// Copies both ways. The end of what the client sends is passed on; where the server ends, or either breaks, all is
/// closed.
fn carry(client: &TcpStream, server: &TcpStream) {
    std::thread::scope(|scope| {
        scope.spawn(|| match std::io::copy(&mut &*client, &mut &*server) {
            Ok(_) => drop(server.shutdown(Shutdown::Write)),
            Err(_) => [client, server].into_iter().for_each(close),
        });
        let _ = std::io::copy(&mut &*server, &mut &*client);
        [client, server].into_iter().for_each(close);
    });
}

fn close(stream: &TcpStream) {
    let _ = stream.shutdown(Shutdown::Both);
}
