//! The balancer finds who accepts, carries what is sent, and ends.

use cardwright_testkit::balancer::{Balancer, CONNECTIONS};
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread::JoinHandle;

/// A server that says its name, and then what it is sent, until that ends. It takes a number of connections and ends.
struct Echo {
    address: SocketAddr,
    thread: JoinHandle<()>,
}

impl Echo {
    fn start(name: u8, connections: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let thread = std::thread::spawn(move || {
            std::thread::scope(|scope| {
                for stream in listener.incoming().take(connections) {
                    let mut stream = stream.expect("a connection");
                    scope.spawn(move || {
                        if stream.write_all(&[name]).is_ok() {
                            let _ = std::io::copy(&mut stream.try_clone().expect("a handle"), &mut stream);
                        }
                    });
                }
            });
        });
        Echo { address, thread }
    }

    fn ends(self) {
        self.thread.join().expect("it ends");
    }
}

/// Nobody listens there.
fn nobody() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address")
}

/// A connection, and the name that it is greeted with; nothing where it is closed.
fn connect(balancer: &Balancer) -> (TcpStream, Option<u8>) {
    let mut stream = TcpStream::connect(balancer.address()).expect("it listens");
    let mut name = [0];
    let greeted = stream.read_exact(&mut name).is_ok();
    (stream, greeted.then_some(name[0]))
}

fn greeted(balancer: &Balancer, count: usize) -> Vec<Option<u8>> {
    (0..count).map(|_| connect(balancer).1).collect()
}

#[test]
fn backends_take_turns_and_those_that_refuse_are_passed_over() {
    let (a, b) = (Echo::start(b'a', 5), Echo::start(b'b', 3));
    let balancer = Balancer::start(&[a.address, b.address]);
    let mut names = greeted(&balancer, 4);
    assert_ne!(names[0], names[1]);
    names.sort();
    assert_eq!(names, [Some(b'a'), Some(b'a'), Some(b'b'), Some(b'b')]);

    balancer.set(&[nobody(), b.address]);
    assert_eq!(greeted(&balancer, 1), [Some(b'b')]);
    let (stopped, is_b) = (b.address, b);
    drop(TcpStream::connect(stopped));
    is_b.ends();
    balancer.set(&[stopped, a.address]);
    assert_eq!(greeted(&balancer, 3), [Some(b'a'); 3]);
    assert_eq!(balancer.counts(), [(a.address, 5), (stopped, 3)].into());

    balancer.set(&[stopped]);
    assert_eq!(greeted(&balancer, 2), [None; 2]);
    balancer.remove(stopped);
    assert_eq!(greeted(&balancer, 2), [None; 2], "there is none");
    a.ends();
}

#[test]
fn what_is_sent_arrives_whole_both_ways_and_the_end_of_it_too() {
    let echo = Echo::start(b'e', 1);
    let balancer = Balancer::start(&[echo.address]);
    let (mut stream, name) = connect(&balancer);
    assert_eq!((name, balancer.carried()), (Some(b'e'), 1));
    let sent: Vec<u8> = (0..4_000_000_u32).map(|at| (at % 251) as u8).collect();
    let got = std::thread::scope(|scope| {
        scope.spawn(|| {
            (&stream).write_all(&sent).expect("it is carried");
            stream.shutdown(Shutdown::Write).expect("a connection");
        });
        let mut got = Vec::new();
        (&stream).read_to_end(&mut got).expect("it comes back");
        got
    });
    assert!(got == sent, "{} of {} bytes", got.len(), sent.len());
    echo.ends();
    assert_eq!(stream.read(&mut [0]).expect("the end"), 0);
}

#[test]
fn a_backend_that_goes_away_takes_its_connections_with_it() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let balancer = Balancer::start(&[listener.local_addr().expect("an address")]);
    let mut client = TcpStream::connect(balancer.address()).expect("it listens");
    client.write_all(b"half").expect("it is carried");
    let (mut server, _) = listener.accept().expect("a connection");
    server.read_exact(&mut [0; 4]).expect("four bytes");
    assert_eq!(balancer.carried(), 1);
    drop((server, listener));
    assert!(matches!(client.read(&mut [0]), Ok(0) | Err(_)));
    while balancer.carried() > 0 {
        std::thread::yield_now();
    }
}

#[test]
fn who_comes_when_it_is_full_waits_and_the_end_of_a_balancer_is_that_of_its_connections() {
    let echo = Echo::start(b'e', CONNECTIONS + 1);
    let balancer = Balancer::start(&[echo.address]);
    let mut streams: Vec<_> = (0..CONNECTIONS).map(|_| connect(&balancer)).collect();
    assert!(streams.iter().all(|(_, name)| *name == Some(b'e')));
    let mut waits = TcpStream::connect(balancer.address()).expect("the system accepts it");
    waits.set_nonblocking(true).expect("a connection");
    let error = waits.read(&mut [0]).expect_err("nobody greets it");
    assert_eq!((error.kind(), balancer.carried()), (std::io::ErrorKind::WouldBlock, CONNECTIONS));
    streams.pop();
    waits.set_nonblocking(false).expect("a connection");
    let mut name = [0];
    waits.read_exact(&mut name).expect("there is room now");
    assert_eq!((name, balancer.carried()), ([b'e'], CONNECTIONS));

    let address = balancer.address();
    drop(balancer);
    assert!(matches!(waits.read(&mut [0]), Ok(0) | Err(_)));
    assert!(streams.iter_mut().all(|(stream, _)| matches!(stream.read(&mut [0]), Ok(0) | Err(_))));
    assert!(TcpStream::connect(address).is_err());
    echo.ends();
}
