//! A server that answers with the bytes that a test gives it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// A server on a free loopback port. It answers each request by a function of it, and closes the
/// connection after the answer.
pub struct Raw {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Raw {
    pub fn answering(answer: impl Fn(&str) -> Vec<u8> + Send + 'static) -> Self {
        Self::start(move |mut stream, requests| {
            let request = read_request(&mut stream);
            if request.is_empty() {
                return; // A connection that only checked whether the server listens.
            }
            let bytes = answer(&request);
            // Before the answer, so that a test that has the answer finds its request.
            requests.lock().expect("no panic while held").push(request);
            let _ = stream.write_all(&bytes);
        })
    }

    /// Hands each connection to `serve`, which returns the request.
    pub fn serving(serve: impl Fn(TcpStream) -> String + Send + 'static) -> Self {
        Self::start(move |stream, requests| {
            let request = serve(stream);
            requests.lock().expect("no panic while held").push(request);
        })
    }

    fn start(serve: impl Fn(TcpStream, &Mutex<Vec<String>>) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
        let address = listener.local_addr().expect("an address");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let stop = Arc::new(AtomicBool::new(false));
        let thread = std::thread::spawn({
            let (requests, stop) = (Arc::clone(&requests), Arc::clone(&stop));
            move || {
                for stream in listener.incoming() {
                    if stop.load(Ordering::SeqCst) {
                        return;
                    }
                    let Ok(stream) = stream else { continue };
                    let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
                    serve(stream, &requests);
                }
            }
        });
        Raw { address, requests, stop, thread: Some(thread) }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("no panic while held").clone()
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Reads one request with its body.
pub fn read_request(stream: &mut impl Read) -> String {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => bytes.push(byte[0]),
            _ => return String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
    let head = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")).and_then(|n| n.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    let _ = stream.read_exact(&mut body);
    bytes.extend(body);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// An answer with a body.
pub fn answer(status: &str, content_type: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// An answer of success with JSON.
pub fn json(body: &str) -> Vec<u8> {
    answer("200 OK", "application/json", body)
}

/// The number that a request gives for a parameter.
pub fn number(request: &str, parameter: &str) -> Option<usize> {
    let target = request.split(' ').nth(1)?;
    let (_, query) = target.split_once('?')?;
    let value = query.split('&').find_map(|pair| pair.strip_prefix(parameter)?.strip_prefix('='))?;
    value.parse().ok()
}

/// The page of these cards that a request asks for by `offset` and `count`.
pub fn page<C: AsRef<str>>(request: &str, cards: &[C]) -> Vec<u8> {
    let offset = number(request, "offset").unwrap_or(0);
    let count = number(request, "count").unwrap_or(cards.len());
    let page: Vec<&str> = cards.iter().skip(offset).take(count).map(AsRef::as_ref).collect();
    json(&format!("[{}]", page.join(",")))
}
