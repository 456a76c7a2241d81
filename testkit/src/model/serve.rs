//! The threads that take connections and answer.

use super::wire::{self, Asked, Reply};
use super::world::World;
use std::io::BufReader;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// A listener and its thread, which ends when this is dropped.
#[derive(Debug)]
pub(super) struct Listening {
    pub(super) address: SocketAddr,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Listening {
    /// Answers requests of all worlds, each connection in a thread of its own.
    pub(super) fn together(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let answer = Arc::new(answer);
        Self::start(move |listener, stop| {
            for stream in listener.incoming().flatten() {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let answer = Arc::clone(&answer);
                thread::spawn(move || connection(stream, |asked| answer(asked)));
            }
        })
    }

    /// Answers requests of one world, one a connection, until the world's server is gone.
    pub(super) fn alone(world: Arc<World>) -> Self {
        Self::start(move |listener, stop| {
            loop {
                let Ok((stream, _)) = listener.accept() else { continue };
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                if world.closes() {
                    continue;
                }
                let mut stream = open(stream);
                let Some(asked) = wire::read(&mut stream) else { continue };
                let reply = world.answer(&asked).closing();
                if world.is_gone() {
                    // Closed before the answer is sent, so that a client that has it finds the port closed.
                    drop(listener);
                    reply.send(stream.get_mut());
                    return;
                }
                reply.send(stream.get_mut());
            }
        })
    }

    fn start(serve: impl FnOnce(TcpListener, &AtomicBool) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
        let address = listener.local_addr().expect("an address");
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = Some(thread::spawn(move || serve(listener, &stopped)));
        Listening { address, stop, thread }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn connection(stream: TcpStream, answer: impl Fn(&Asked) -> Reply) {
    let mut stream = open(stream);
    while let Some(asked) = wire::read(&mut stream) {
        if !answer(&asked).send(stream.get_mut()) {
            return;
        }
    }
}

fn open(stream: TcpStream) -> BufReader<TcpStream> {
    let _ = stream.set_nodelay(true);
    let _ = stream.set_read_timeout(Some(Duration::from_secs(20)));
    BufReader::new(stream)
}
