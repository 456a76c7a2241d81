//! A small HTTP proxy: it carries requests in absolute form, opens tunnels, and wants the sign-in that a test gives it.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request as the proxy has seen it.
#[derive(Debug, Clone)]
pub struct Seen {
    pub connection: usize,
    pub head: String,
    pub body: String,
    /// The status that the proxy answered, 0 if it let the request pass.
    pub refused: u16,
}

impl Seen {
    /// The value of `Proxy-Authorization`.
    pub fn authorization(&self) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("Proxy-Authorization")).map(|(_, value)| value)
    }
}

/// What the proxy says to a request: nothing if it may pass, else an answer, after which the connection is closed where
/// that says so. It is told what has come over the same connection, this request last.
type Judge = dyn Fn(&[Seen]) -> Option<String> + Send + Sync;

pub struct Gateway {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Gateway {
    /// A proxy for everybody.
    pub fn open() -> Self {
        Self::judging(|_| None)
    }

    pub fn judging(judge: impl Fn(&[Seen]) -> Option<String> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
        let address = listener.local_addr().expect("an address");
        let (seen, judge): (Arc<Mutex<Vec<Seen>>>, Arc<Judge>) = (Arc::default(), Arc::new(judge));
        let all = Arc::clone(&seen);
        // The thread ends with the program of the tests.
        std::thread::spawn(move || {
            for (connection, client) in listener.incoming().flatten().enumerate() {
                let (all, judge) = (Arc::clone(&all), Arc::clone(&judge));
                std::thread::spawn(move || serve(client, connection, &all, &*judge));
            }
        });
        Gateway { address, seen }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn with_account(&self, account: &str) -> String {
        format!("http://{account}@{}", self.address)
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("no panic while held").clone()
    }
}

/// A refusal with these challenges.
pub fn wants(challenges: &[&str], more: &str) -> String {
    let lines: String = challenges.iter().map(|challenge| format!("Proxy-Authenticate: {challenge}\r\n")).collect();
    format!("HTTP/1.1 407 Sign in\r\n{lines}{more}Content-Length: 5\r\n\r\nwords")
}

fn serve(mut client: TcpStream, connection: usize, all: &Mutex<Vec<Seen>>, judge: &Judge) {
    let _ = client.set_read_timeout(Some(Duration::from_secs(10)));
    let mut here = Vec::new();
    while let Some((head, body)) = read(&mut client) {
        let mut seen = Seen { connection, head, body, refused: 0 };
        here.push(seen.clone());
        let refusal = judge(&here);
        if let Some(refusal) = &refusal {
            seen.refused = refusal.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        }
        // Before the answer, so that a test that has the answer finds its request.
        all.lock().expect("no panic while held").push(seen.clone());
        match refusal {
            Some(refusal) => {
                let closes = refusal.to_ascii_lowercase().contains("connection: close");
                if client.write_all(refusal.as_bytes()).is_err() || closes {
                    return;
                }
            }
            None if seen.head.starts_with("CONNECT ") => return tunnel(client, &seen.head),
            None => {
                let Some(answer) = carry(&seen) else { return };
                if client.write_all(&answer).is_err() {
                    return;
                }
            }
        }
    }
}

fn read(stream: &mut TcpStream) -> Option<(String, String)> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let lower = head.to_ascii_lowercase();
    let length = lower.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    Some((head, String::from_utf8_lossy(&body).into_owned()))
}

/// Asks the server in the form for servers, and returns the answer so that the connection can stay.
fn carry(seen: &Seen) -> Option<Vec<u8>> {
    let rest = seen.head.split(' ').nth(1)?.strip_prefix("http://")?;
    let (server, _) = rest.split_once('/')?;
    let mut server_side = TcpStream::connect(server).ok()?;
    let head = seen.head.replacen(&format!("http://{server}"), "", 1).replacen("\r\n", "\r\nConnection: close\r\n", 1);
    server_side.write_all(format!("{head}{}", seen.body).as_bytes()).ok()?;
    let mut answer = Vec::new();
    server_side.read_to_end(&mut answer).ok()?;
    let text = String::from_utf8_lossy(&answer).into_owned();
    Some(text.replace("Connection: close\r\n", "").replace("connection: close\r\n", "").into_bytes())
}

/// Opens a tunnel to whatever is asked for.
fn tunnel(mut client: TcpStream, head: &str) {
    let target = head.split(' ').nth(1).unwrap_or_default();
    let Ok(server) = TcpStream::connect(target) else { return };
    let _ = client.write_all(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 Opened\r\nVia: x\r\n\r\n");
    let (Ok(mut up), Ok(mut down)) = (client.try_clone(), server.try_clone()) else { return };
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let _ = std::io::copy(&mut up, &mut &server);
            let _ = server.shutdown(Shutdown::Write);
        });
        let _ = std::io::copy(&mut down, &mut &client);
        let _ = client.shutdown(Shutdown::Both);
    });
}
