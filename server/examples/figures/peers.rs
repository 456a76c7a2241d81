//! The servers that are measured, each a process of its own. A server tells its address on its standard
//! output, and ends when its standard input does: it cannot outlive the measurement.

use crate::Done;
use axum::Router;
use axum::http::header;
use axum::routing::get as on_get;
use cardwright_server::{Account, Config, Data, Database, Log, Secret, Server, seed as seeds};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Of servers on loopback that are gone when this program ends.
const USER: &str = "figures";
const PASSWORD: &str = "not-a-secret";

/// `USER:PASSWORD` in Base64.
pub(crate) const CREDENTIALS: &str = "ZmlndXJlczpub3QtYS1zZWNyZXQ=";

/// A server in a process of its own. It ends when this is dropped.
pub(crate) struct Peer {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Peer {
    /// Starts this program with these words, which make it a server. Its log goes nowhere.
    pub(crate) fn start(words: &[&str]) -> Done<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        let address = line.trim().parse().map_err(|_| format!("the server {words:?} does not start"))?;
        Ok(Peer { child, address })
    }

    /// The number of its process.
    pub(crate) fn id(&self) -> String {
        self.child.id().to_string()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // Nobody can be told of a failure.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// A registry in a folder, or in the database at an address.
fn config(data: &str) -> Result<Config, cardwright_server::Error> {
    let mut config = Config::default();
    config.data = match data.contains("://") {
        true => Data::Postgres(Database::parse(data)?),
        false => Data::Directory(data.into()),
    };
    let account = Account::new(USER, Secret::new(PASSWORD), "administrator");
    config.accounts.push(account.as_user(seeds::story_user()?));
    Ok(config)
}

/// Makes a registry with the story and so many cards.
pub(crate) fn seed(data: &str, cards: u32) -> Done<()> {
    let running = Server::start(config(data)?)?;
    seeds::story(running.registry())?;
    seeds::synthetic(running.registry(), cards, 1)?;
    running.stop();
    Ok(())
}

/// The server of this project, as `cardwright serve` has it.
pub(crate) fn ours(data: &str, is_logged: bool) -> Done<()> {
    let mut config = config(data)?;
    config.log = if is_logged { Log::Stderr } else { Log::Off };
    let running = Server::start(config)?;
    serve(running.address())?;
    running.stop();
    Ok(())
}

/// A bare axum server, served by `axum::serve`: `/0` is the first file, and so on.
pub(crate) fn bare(files: &[&str]) -> Done<()> {
    let mut router = Router::new();
    for (n, file) in files.iter().enumerate() {
        let body = axum::body::Bytes::from(std::fs::read(file)?);
        let answer = async move || ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], body.clone());
        router = router.route(&format!("/{n}"), on_get(answer));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let listener = runtime.block_on(tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
    let address = listener.local_addr()?;
    runtime.spawn(async move { axum::serve(listener, router).await });
    serve(address)?;
    runtime.shutdown_timeout(Duration::from_secs(1));
    Ok(())
}

/// Tells the address, and waits until nobody wants the server any more.
fn serve(address: SocketAddr) -> Done<()> {
    println!("{address}");
    std::io::stdout().flush()?;
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

/// A connection on which an address was asked for. In HTTP/1.0 the answer is not in chunks.
pub(crate) fn ask(peer: &Peer, target: &str) -> Done<TcpStream> {
    let mut stream = TcpStream::connect(peer.address)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let head = format!(
        "GET {target} HTTP/1.0\r\nHost: localhost\r\nAuthorization: Basic {CREDENTIALS}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    Ok(stream)
}

/// The body of what a server answers, which must be 200.
pub(crate) fn get(peer: &Peer, target: &str) -> Done<Vec<u8>> {
    let mut answer = Vec::new();
    ask(peer, target)?.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").ok_or("an answer without an end of its head")?;
    if answer.get(9..12) != Some(b"200") {
        let said = answer.get(..200.min(answer.len())).unwrap_or_default();
        return Err(format!("{target}: {}", String::from_utf8_lossy(said)).into());
    }
    Ok(answer.split_off(end + 4))
}
