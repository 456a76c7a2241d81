//! How many requests a second are answered behind a sign-in, over kept connections? Each peer is a process
//! of its own; all ask one Apache, which asks the server of this project.
//!
//! `cargo run --release -p cardwright-benches --bin sign_in`

use cardwright_client::{CertiFlow, Client, Credentials, Secret, SignIn};
use cardwright_testkit::realm::{self, Place};
use std::error::Error;
use std::process::{Command, Stdio};
use std::sync::Barrier;
use std::time::Instant;

type Done<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// How many requests follow the first, in all threads together.
const REQUESTS: usize = 400;
const ROUNDS: usize = 9;
/// The lab's own user.
const USER: &str = "CORP\\anna";
const PASSWORD: &str = "Anna-Passw0rd";

/// What is compared: its name, who asks by which way in how many threads, and Apache's path.
const PEERS: &[(&str, [&str; 3], &str)] = &[
    ("cardwright_client, anonymous", ["ours", "anonymous", "1"], "anonymous"),
    ("cardwright_client, Negotiate", ["ours", "negotiate", "1"], "bound"),
    ("cardwright_client, NTLM", ["ours", "ntlm", "1"], "ntlm"),
    ("cardwright_client, Negotiate each time", ["ours", "negotiate", "1"], "kerberos"),
    ("requests, anonymous", ["python", "anonymous", "1"], "anonymous"),
    ("requests-gssapi", ["python", "negotiate", "1"], "bound"),
    ("requests_ntlm", ["python", "ntlm", "1"], "ntlm"),
    ("requests-gssapi, each time", ["python", "negotiate", "1"], "kerberos"),
    ("8 threads: anonymous", ["ours", "anonymous", "8"], "anonymous"),
    ("8 threads: Negotiate", ["ours", "negotiate", "8"], "bound"),
    ("8 threads: NTLM", ["ours", "ntlm", "8"], "ntlm"),
];

fn main() -> Done<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => compare(),
        ["ours", way, threads, url] => ours(way, threads.parse()?, url),
        _ => Err("no words, or: ours WAY THREADS URL".into()),
    }
}

/// What one run came to.
#[derive(Clone, Copy)]
struct Figure {
    /// The seconds of the first request.
    first: f64,
    /// The requests a second after it.
    rate: f64,
}

fn compare() -> Done<()> {
    let place = realm::open()?;
    println!("{REQUESTS} requests after the first; {ROUNDS} rounds of all by turns, and the middle of them");
    println!("ratio: to the anonymous requests of the same client in the same round");
    println!("{:40} {:>10} {:>7} {:>10}", "", "requests/s", "ratio", "first, ms");
    let mut rounds: Vec<Vec<Option<Figure>>> = Vec::new();
    for _ in 0..ROUNDS {
        let round = PEERS.iter().map(|(name, words, path)| match run(&place, *words, path) {
            Ok(figure) => Some(figure),
            Err(error) => {
                eprintln!("{name}: {error}");
                None
            }
        });
        rounds.push(round.collect());
    }
    let mut anonymous = 0;
    for (at, (name, [_, way, _], _)) in PEERS.iter().enumerate() {
        if *way == "anonymous" {
            anonymous = at;
        }
        let figures = || rounds.iter().filter_map(|round| Some((round[at]?, round[anonymous]?)));
        let rate = middle(figures().map(|(its, _)| its.rate));
        let ratio = middle(figures().map(|(its, base)| its.rate / base.rate));
        let first = middle(figures().map(|(its, _)| its.first * 1e3));
        match (rate, ratio, first) {
            (Some(rate), Some(ratio), Some(first)) => println!("{name:40} {rate:10.0} {ratio:7.2} {first:10.1}"),
            _ => println!("{name:40} not run"),
        }
    }
    Ok(())
}

fn middle(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Runs a peer, which prints its figure in one line.
fn run(place: &Place, [who, way, threads]: [&str; 3], path: &str) -> Done<Figure> {
    let url = place.url(path);
    let mut command = match who {
        "ours" => {
            let mut command = Command::new(std::env::current_exe()?);
            command.args(["ours", way, threads, &url]);
            command
        }
        _ => {
            let mut command = Command::new(std::env::var("PYTHON").unwrap_or_else(|_| "python3".into()));
            command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/sign_in.py")).args([way, &REQUESTS.to_string(), &url]);
            command
        }
    };
    place.enter(&mut command);
    let output = command.env("NTLM_USER", USER).env("NTLM_PASSWORD", PASSWORD).stderr(Stdio::inherit()).output()?;
    let line = String::from_utf8(output.stdout)?;
    let numbers: Vec<f64> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    match (output.status.success(), numbers.as_slice()) {
        (true, &[first, rest]) => Ok(Figure { first, rate: REQUESTS as f64 / rest }),
        _ => Err(format!("{who}: {}, {line:?}", output.status).into()),
    }
}

fn ours(way: &str, threads: usize, url: &str) -> Done<()> {
    let credentials = match way {
        "anonymous" => Credentials::Anonymous,
        "negotiate" => SignIn::ambient().into(),
        "ntlm" => SignIn::password(USER, Secret::new(PASSWORD)).into(),
        _ => return Err(format!("{way} is no way").into()),
    };
    let client = Client::<CertiFlow>::builder(url).credentials(credentials).build()?;
    let ask = || -> Done<()> {
        client.card("1013")?.ok_or("there is no such card")?;
        Ok(())
    };
    let started = Instant::now();
    ask()?;
    let first = started.elapsed().as_secs_f64();
    let barrier = Barrier::new(threads + 1);
    let rest = std::thread::scope(|scope| -> Done<f64> {
        let asking: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    barrier.wait();
                    (0..REQUESTS / threads).try_for_each(|_| ask())
                })
            })
            .collect();
        barrier.wait();
        let started = Instant::now();
        for thread in asking {
            thread.join().map_err(|_| "a thread has panicked")??;
        }
        Ok(started.elapsed().as_secs_f64())
    })?;
    println!("{first} {rest}");
    Ok(())
}
