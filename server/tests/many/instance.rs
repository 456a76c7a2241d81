//! A server in a process of its own, which can be killed: this program again, with the test [`serve`].

use base64::Engine as _;
use cardwright_server::{Account, Config, Data, Database, Secret, Server};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// What tells a process that it is a server: where its registry is, and where it listens.
const SERVES: &str = "CARDWRIGHT_TEST_INSTANCE";

/// The password of every account.
pub(crate) const PASSWORD: &str = "not-a-secret";

/// A server. It is killed when this is dropped, and ends when this process does.
pub(crate) struct Instance {
    url: String,
    child: Child,
    pub(crate) address: SocketAddr,
}

/// A configuration of a server over the database at an address, without accounts.
pub(crate) fn config(url: &str) -> Config {
    let mut config = Config::default();
    config.data = Data::Postgres(Database::parse(url).unwrap());
    config.operator = true;
    config
}

/// An administrator.
pub(crate) fn administrator(name: &str) -> Account {
    Account::new(name, Secret::new(PASSWORD), "administrator")
}

/// A server; another process runs it.
#[test]
#[ignore = "the others run it in processes of their own"]
fn serve() {
    let given = std::env::var(SERVES).expect("another test starts it");
    let (url, address) = given.split_once(' ').unwrap();
    let mut config = config(url);
    config.listen = address.parse().unwrap();
    let running = Server::start(config).unwrap();
    println!("\nserves {}", running.address());
    std::io::stdout().flush().unwrap();
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
}

fn start(url: &str, address: SocketAddr) -> (Child, SocketAddr) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "instance::serve", "--ignored", "--nocapture"]).env(SERVES, format!("{url} {address}"));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let address = lines.filter_map(|line| line.strip_prefix("serves ")?.parse().ok()).next();
    (child, address.expect("the server starts"))
}

impl Instance {
    pub(crate) fn start(url: &str) -> Self {
        let (child, address) = start(url, "127.0.0.1:0".parse().unwrap());
        Instance { url: url.to_owned(), child, address }
    }

    /// Ends it as the system ends a process that takes too much memory: without a word.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts it again at the same address, after it was killed.
    pub(crate) fn start_again(&mut self) {
        (self.child, _) = start(&self.url, self.address);
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks as an account. The status and the body; `None` if there was no whole answer.
pub(crate) fn ask(address: SocketAddr, name: &str, method: &str, target: &str, body: &str) -> Option<(u16, String)> {
    let coded = base64::engine::general_purpose::STANDARD.encode(format!("{name}:{PASSWORD}"));
    ask_as(address, &format!("Basic {coded}"), method, target, body)
}

/// The same with these credentials.
pub(crate) fn ask_as(
    address: SocketAddr,
    authorization: &str,
    method: &str,
    target: &str,
    body: &str,
) -> Option<(u16, String)> {
    let json = if body.is_empty() { "" } else { "Content-Type: application/json\r\n" };
    let request = format!(
        "{method} {target} HTTP/1.0\r\nHost: localhost\r\nAuthorization: {authorization}\r\n{json}Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(60))).ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    if length.is_some_and(|length| length != body.len()) {
        return None;
    }
    Some((head.split(' ').nth(1)?.parse().ok()?, body.to_owned()))
}

/// A call of CertiFlow's.
pub(crate) fn certiflow(path: &str) -> String {
    format!("/certiflow/api/{path}")
}
