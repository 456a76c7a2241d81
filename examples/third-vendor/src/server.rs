//! A small Lodge: its API over HTTP/1.1, with the passes in memory.
//!
//! It misbehaves where it is told to, as servers and what stands before them do. One thread answers one connection
//! after the other.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use cardwright_core::Named as _;

use crate::api::PassState;

/// A pass as Lodge keeps it.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its key.
    pub id: &'static str,
    /// The number that it tells.
    pub number: &'static str,
    /// The holder.
    pub holder: &'static str,
    /// What it may do.
    pub state: PassState,
}

/// What Lodge does otherwise than it should.
#[derive(Debug, Clone, Copy, Default)]
pub struct Behaviour {
    /// It does not look at the filter of a list.
    pub ignores_filter: bool,
    /// How it answers an operation.
    pub operation: Answer,
    /// After an operation a pass cannot be read.
    pub unreadable_after: bool,
}

/// How Lodge answers an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Answer {
    /// It carries it out, and says so.
    #[default]
    Done,
    /// It carries it out, and the answer is lost.
    LostDone,
    /// It does not carry it out, and closes the connection.
    Lost,
    /// Something before it sends a page to sign in, with 200.
    Page,
    /// It says that it will, and does not.
    Accepted,
    /// It refuses.
    Refused,
}

/// A Lodge that is served until this is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    kept: Arc<Mutex<World>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct World {
    passes: Vec<Kept>,
    behaviour: Behaviour,
    operated: bool,
    requests: Vec<String>,
}

impl Server {
    /// Serves these passes at a free port of this machine.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn start(passes: Vec<Kept>, behaviour: Behaviour) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let kept = Arc::new(Mutex::new(World { passes, behaviour, operated: false, requests: Vec::new() }));
        let stop = Arc::new(AtomicBool::new(false));
        let (its, ends) = (Arc::clone(&kept), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().map_while(|stream| Some(stream).filter(|_| !ends.load(Ordering::SeqCst)))
            {
                // A client that hangs up is its own affair.
                let _ = stream.and_then(|stream| serve(&stream, &its));
            }
        });
        Ok(Server { address, kept, stop, thread: Some(thread) })
    }

    /// Where its API is.
    pub fn base(&self) -> String {
        format!("http://{}/lodge/v2", self.address)
    }

    /// Method and path of the requests so far.
    pub fn requests(&self) -> Vec<String> {
        lock(&self.kept).requests.clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn lock(world: &Mutex<World>) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Answers one request, and closes the connection.
fn serve(mut stream: &TcpStream, world: &Mutex<World>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut lines = BufReader::new(stream).lines();
    let Some(first) = lines.next().transpose()? else { return Ok(()) };
    // No request of Lodge's has a body.
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let mut words = first.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let target = target.strip_prefix("/lodge/v2/").unwrap_or_default();
    let answer = lock(world).answer(method, target);
    stream.write_all(answer.as_bytes())
}

impl World {
    fn answer(&mut self, method: &str, target: &str) -> String {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        self.requests.push(format!("{method} {path}"));
        let parts: Vec<&str> = path.split('/').collect();
        match (method, parts.as_slice()) {
            ("GET", ["passes"]) => {
                let wanted = query.strip_prefix("passNo=").filter(|_| !self.behaviour.ignores_filter);
                let matching = self.passes.iter().filter(|pass| wanted.is_none_or(|number| pass.number == number));
                let list: Vec<String> = matching.map(json).collect();
                reply("200 OK", "application/json", &format!("[{}]", list.join(",")))
            }
            ("GET", ["passes", _]) if self.operated && self.behaviour.unreadable_after => {
                reply("500 Internal Server Error", "text/plain", "the disk is full")
            }
            ("GET", ["passes", id]) => match self.passes.iter().find(|pass| pass.id == *id) {
                Some(pass) => reply("200 OK", "application/json", &json(pass)),
                None => reply("404 Not Found", "text/plain", "no such pass"),
            },
            ("POST", ["passes", id, "hold"]) => self.hold(id),
            _ => reply("404 Not Found", "text/plain", "no such call"),
        }
    }

    fn hold(&mut self, id: &str) -> String {
        self.operated = true;
        let answer = self.behaviour.operation;
        let Some(pass) = self.passes.iter_mut().find(|pass| pass.id == id) else {
            return reply("404 Not Found", "text/plain", "no such pass");
        };
        if matches!(answer, Answer::Done | Answer::LostDone) {
            pass.state = PassState::OnHold;
        }
        match answer {
            Answer::Done => reply("200 OK", "application/json", &json(pass)),
            Answer::LostDone | Answer::Lost => String::new(),
            Answer::Page => reply("200 OK", "text/html", "<!DOCTYPE html><title>Sign in</title>"),
            Answer::Accepted => reply("202 Accepted", "application/json", r#"{"queued":true}"#),
            Answer::Refused => reply("409 Conflict", "text/plain", "the pass is withdrawn"),
        }
    }
}

fn json(pass: &Kept) -> String {
    let Kept { id, number, holder, state } = pass;
    let state = state.name();
    format!(
        r#"{{"id":"{id}","passNo":"{number}","state":"{state}","holder":"{holder}","until":"2031-04-30","doors":[{{"name":"North"}}],"colour":"green"}}"#
    )
}

fn reply(status: &str, content_type: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}
