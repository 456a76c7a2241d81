//! How fast is a list of 100,000 cards read over HTTP, and in how much memory? Each peer is a process
//! of its own, against the same body from memory, and against the server of this project, near and 50 ms away.
//!
//! `cargo build --release -p cardwright-cli && cargo run --release -p cardwright-benches --bin list`

use cardwright_benches::{StringCard, list};
use cardwright_client::{CertiFlow, Client, Credentials, Secret};
use cardwright_core::certiflow::Query;
use cardwright_server::{Account, Config, Faults, Server, seed};
use serde::Deserializer;
use serde::de::{SeqAccess, Visitor};
use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::Instant;

type Done<T> = Result<T, Box<dyn Error>>;

const CARDS: usize = 100_000;
const ROUNDS: usize = 5;
/// Of a server that is gone when this program ends.
const USER: &str = "bench";
const PASSWORD: &str = "not-a-secret";

fn main() -> Done<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => compare(),
        ["ours", url] => measured(|| ours(url)),
        ["serde_json", url] => measured(|| serde_json_stream(url)),
        _ => Err("no words, or: ours URL, serde_json URL".into()),
    }
}

/// What a peer came to: cards, seconds, and the most memory it had, in MiB.
struct Figure {
    cards: usize,
    seconds: f64,
    peak: f64,
}

fn compare() -> Done<()> {
    let body = list(CARDS);
    println!("A list of {CARDS} cards, {} MB, from memory; the best of {ROUNDS} rounds", body.len() / 1_000_000);
    let memory = from_memory(body)?;
    table(&format!("http://{memory}/certiflow/api"))?;

    for (what, faults) in
        [("", r#"{"rules": []}"#), (", 50 ms away", r#"{"rules": [{"path": "/certiflow/api/**", "latency_ms": 50}]}"#)]
    {
        let mut config = Config::default();
        config.faults = Faults::parse(faults)?;
        config.accounts.push(Account::new(USER, cardwright_server::Secret::new(PASSWORD), "viewer"));
        let server = Server::start(config)?;
        seed::synthetic(server.registry(), u32::try_from(CARDS)?, 1)?;
        println!("\nThe same number of cards from the server of this project{what}");
        table(&server.certiflow_url())?;
        server.stop();
    }
    Ok(())
}

fn table(url: &str) -> Done<()> {
    let own = std::env::current_exe()?;
    let own = own.to_str().ok_or("the program's path is no UTF-8")?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/list.py");
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    println!("{:38} {:>9} {:>12} {:>9} {:>9}", "", "seconds", "cards/s", "peak MiB", "ratio");
    let mut first = None;
    for (name, command) in [
        ("cardwright_client, each card viewed", vec![own, "ours", url]),
        ("cardwright cards --format ndjson", vec!["cardwright"]),
        ("serde_json, one struct at a time", vec![own, "serde_json", url]),
        ("Python, requests and json", vec![&python, script, url]),
        ("curl into nothing", vec!["curl"]),
    ] {
        let best = (0..ROUNDS)
            .map(|_| match command.as_slice() {
                ["curl"] => curl(url),
                ["cardwright"] => cards(url),
                command => child(command),
            })
            .collect::<Done<Vec<Figure>>>()
            .map(|figures| figures.into_iter().min_by(|a, b| a.seconds.total_cmp(&b.seconds)));
        match best {
            Ok(Some(Figure { cards, seconds, peak })) => {
                let ratio = seconds / *first.get_or_insert(seconds);
                let peak = if peak > 0.0 { format!("{peak:.0}") } else { "–".into() };
                println!("{name:38} {seconds:9.3} {:12.0} {peak:>9} {ratio:9.2}", cards as f64 / seconds);
            }
            Ok(None) => {}
            Err(error) => println!("{name:38} not run: {error}"),
        }
    }
    Ok(())
}

/// Runs a peer, which prints its figure in one line.
fn child(command: &[&str]) -> Done<Figure> {
    let (program, arguments) = command.split_first().ok_or("no command")?;
    let output = Command::new(program).args(arguments).stderr(Stdio::inherit()).output()?;
    let line = String::from_utf8(output.stdout)?;
    let numbers: Vec<f64> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    match (output.status.success(), numbers.as_slice()) {
        (true, &[cards, seconds, peak]) if cards as usize >= CARDS * 9 / 10 => {
            Ok(Figure { cards: cards as usize, seconds, peak })
        }
        _ => Err(format!("{program}: {}, {line:?}", output.status).into()),
    }
}

/// The command, which stands beside this program.
fn cards(url: &str) -> Done<Figure> {
    let program = std::env::current_exe()?.with_file_name("cardwright");
    let started = Instant::now();
    let mut command = Command::new(program)
        .args(["cards", "--format", "ndjson", "--auth", "basic", "--url", url, "--user", USER])
        .env("CARDWRIGHT_PASSWORD", PASSWORD)
        .stdout(Stdio::piped())
        .spawn()?;
    let status = format!("/proc/{}/status", command.id());
    let mut lines = command.stdout.take().ok_or("no output")?;
    let (mut piece, mut cards, mut peak) = (vec![0; 1 << 20], 0, 0.0);
    loop {
        match lines.read(&mut piece)? {
            0 => break,
            read => cards += piece.iter().take(read).filter(|byte| **byte == b'\n').count(),
        }
        peak = peak_of(&status).max(peak);
    }
    let ended = command.wait()?;
    let seconds = started.elapsed().as_secs_f64();
    if ended.success() && cards >= CARDS * 9 / 10 {
        Ok(Figure { cards, seconds, peak })
    } else {
        Err(format!("{ended}, {cards} cards").into())
    }
}

fn curl(url: &str) -> Done<Figure> {
    let mut curl = Command::new("curl")
        .args(["-sS", "-f", "-o", "/dev/null", "-w", "%{time_total}", "-K", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut settings = curl.stdin.take().ok_or("no input")?;
    writeln!(settings, "url = \"{url}/Cards\"\nuser = \"{USER}:{PASSWORD}\"")?;
    drop(settings);
    let output = curl.wait_with_output()?;
    let seconds = String::from_utf8(output.stdout)?.parse()?;
    Ok(Figure { cards: CARDS, seconds, peak: 0.0 })
}

fn measured(read: impl FnOnce() -> Done<usize>) -> Done<()> {
    let started = Instant::now();
    let cards = read()?;
    let seconds = started.elapsed().as_secs_f64();
    println!("{cards} {seconds} {}", peak_of("/proc/self/status"));
    Ok(())
}

/// The most memory that a process has had, in MiB.
fn peak_of(status: &str) -> f64 {
    let status = std::fs::read_to_string(status).unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib: f64 = peak.and_then(|line| line.split_whitespace().next()).and_then(|n| n.parse().ok()).unwrap_or(0.0);
    kib / 1024.0
}

fn ours(url: &str) -> Done<usize> {
    let credentials = Credentials::basic(USER, Secret::new(PASSWORD));
    let client = Client::<CertiFlow>::builder(url).credentials(credentials).build()?;
    let mut cards = 0;
    let mut issued = 0;
    for card in client.cards(Query::default())? {
        let card = card?;
        cards += 1;
        issued += usize::from(card.view().state().to_string() == "Issued");
    }
    if issued == 0 { Err("nothing is issued".into()) } else { Ok(cards) }
}

fn serde_json_stream(url: &str) -> Done<usize> {
    struct Each<'c>(&'c mut usize, &'c mut usize);
    impl<'de> Visitor<'de> for Each<'_> {
        type Value = ();
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a list of cards")
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut cards: A) -> Result<(), A::Error> {
            while let Some(card) = cards.next_element::<StringCard>()? {
                *self.0 += 1;
                *self.1 += usize::from(card.state.as_deref() == Some("Issued"));
            }
            Ok(())
        }
    }
    let address = url.strip_prefix("http://").and_then(|rest| rest.split('/').next()).ok_or("no address")?;
    let path = url.split_once(address).map_or("", |(_, path)| path);
    let mut stream = TcpStream::connect(address)?;
    // bench:not-a-secret
    let authorization = "Basic YmVuY2g6bm90LWEtc2VjcmV0";
    write!(stream, "GET {path}/Cards HTTP/1.0\r\nHost: {address}\r\nAuthorization: {authorization}\r\n\r\n")?;
    let mut reader = BufReader::with_capacity(64 * 1024, stream);
    let mut line = String::new();
    while line != "\r\n" {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Err("no answer".into());
        }
    }
    let (mut cards, mut issued) = (0, 0);
    serde_json::Deserializer::from_reader(reader).deserialize_seq(Each(&mut cards, &mut issued))?;
    if issued == 0 { Err("nothing is issued".into()) } else { Ok(cards) }
}

/// A server that answers with one body, from memory, whatever the number that is asked for; the last card and what is
/// behind it are asked for, too.
fn from_memory(body: Vec<u8>) -> Done<std::net::SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let mut last = serde_json::from_slice::<Vec<serde_json::Value>>(&body)?;
    let last = serde_json::to_vec(&last.split_off(last.len().saturating_sub(1)))?;
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut request = Vec::new();
            let mut byte = [0];
            while !request.ends_with(b"\r\n\r\n") && matches!(stream.read(&mut byte), Ok(1)) {
                request.push(byte[0]);
            }
            let request = String::from_utf8_lossy(&request);
            let offset = request.split("offset=").nth(1).and_then(|rest| rest.split(['&', ' ']).next());
            let body = match offset.and_then(|offset| offset.parse::<usize>().ok()) {
                None | Some(0) => body.as_slice(),
                Some(offset) if offset + 1 == CARDS => last.as_slice(),
                Some(_) => b"[]",
            };
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
        }
    });
    Ok(address)
}
