//! A connection to the database that breaks while a change is committed: what has become of the change is looked up.

use crate::cluster;
use crate::instance::{administrator, ask, certiflow, config};
use cardwright_server::{Server, seed};
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// When a connection is broken.
const NEVER: u8 = 0;
/// When COMMIT has come from the server, before it goes to the database.
const BEFORE: u8 = 1;
/// When the database has been given COMMIT, before its answer goes to the server.
const AFTER: u8 = 2;

/// What stands between a server and its database.
struct Cutter {
    address: SocketAddr,
    cuts: Arc<AtomicU8>,
}

impl Cutter {
    fn start(database: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, cuts) = (listener.local_addr().unwrap(), Arc::new(AtomicU8::new(NEVER)));
        let when = Arc::clone(&cuts);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let Ok(server) = TcpStream::connect(database) else { continue };
                let when = Arc::clone(&when);
                let (up, down) = ((client.try_clone().unwrap(), server.try_clone().unwrap()), (server, client));
                std::thread::spawn(move || carry(up.0, up.1, &when));
                std::thread::spawn(move || carry(down.0, down.1, &AtomicU8::new(NEVER)));
            }
        });
        Cutter { address, cuts }
    }

    /// Breaks the next connection on which something is committed.
    fn cut(&self, when: u8) {
        self.cuts.store(when, Ordering::SeqCst);
    }

    fn is_cut(&self) -> bool {
        self.cuts.load(Ordering::SeqCst) == NEVER
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, when: &AtomicU8) {
    let mut part = [0; 16 << 10];
    while let Ok(length @ 1..) = from.read(&mut part) {
        let part = &part[..length];
        // A query of the simple protocol: Q, its length, the text and a zero.
        let commits = part.starts_with(b"Q\0\0\0\x0bCOMMIT\0");
        let cut = if commits { when.swap(NEVER, Ordering::SeqCst) } else { NEVER };
        if cut == BEFORE {
            break;
        }
        if cut == AFTER {
            // No answer goes through any more; the database has all of it.
            let _ = from.shutdown(Shutdown::Both);
            let _ = to.write_all(part);
            // The database ends the transaction before it reads on.
            let _ = to.shutdown(Shutdown::Write);
            return;
        }
        if to.write_all(part).is_err() {
            break;
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}

#[test]
fn a_change_whose_commit_was_not_answered_is_done_once_and_answered_as_it_is() {
    let Some(cluster) = cluster() else { return };
    let url = cluster.database();
    let cutter = Cutter::start(SocketAddr::from(([127, 0, 0, 1], cluster.port())));
    let through = url.replace(&format!(":{}/", cluster.port()), &format!(":{}/", cutter.address.port()));
    assert_ne!(url, through);
    let mut config = config(&through);
    config.accounts.push(administrator("ann"));
    let running = Server::start(config).unwrap();
    seed::story(running.registry()).unwrap();
    let status = |word: &str| {
        let target = certiflow(&format!("Cards/1013/{word}"));
        ask(running.address(), "ann", "POST", &target, "").unwrap().0
    };
    let name = url.rsplit('/').next().unwrap().split('?').next().unwrap();
    let rows =
        || cluster.psql(name, "SELECT count(*) FROM audit WHERE outcome = 'done'").trim().parse::<usize>().unwrap();
    let before = rows();
    for (round, word) in ["Disable", "Enable"].into_iter().cycle().take(20).enumerate() {
        cutter.cut(if round % 4 < 2 { BEFORE } else { AFTER });
        assert_eq!(status(word), 200, "round {round}");
        assert!(cutter.is_cut(), "round {round}: no connection was broken");
        assert_eq!(rows() - before, round + 1, "round {round}");
    }
}
