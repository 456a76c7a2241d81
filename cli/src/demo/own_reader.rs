//! A pcscd of the demo's own with a virtual card in it, which the machine's neither sees nor feels.
//!
//! The demo starts itself again in mount, network and process namespaces of its own (unshare, of
//! util-linux): `/run`, where pcscd has its socket, is empty there, the loopback is another one, and
//! everything that runs there ends with it.

use super::stage::Stage;
use crate::failure::Exit;
use cardwright::core::identity::Guid;
use cardwright::reader::virtual_card::{Gids, insert};
use cardwright::reader::{Event, Watch, readers};
use cardwright::{CardLimits, InReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Made by [`SET_UP`]; nobody else's `/run` has it.
const MARK: &str = "/run/cardwright-demo";

/// The shell stays, as the first process of a process namespace is deaf to Ctrl-C.
const SET_UP: &str = "export PATH=\"$PATH:/usr/bin:/bin:/usr/sbin:/sbin\" && ip link set lo up && mount -t tmpfs tmpfs /run \
    && mkdir /run/pcscd /run/cardwright-demo && \"$@\"; exit $?";

const NAMESPACES: [&str; 6] = ["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"];

const DRIVERS: [&str; 3] = [
    "/usr/lib/pcsc/drivers/serial/libifdvpcd.so",
    "/usr/lib64/pcsc/drivers/serial/libifdvpcd.so",
    "/usr/local/lib/pcsc/drivers/serial/libifdvpcd.so",
];

/// Free, as the network is the demo's own.
const PORT: u16 = 35_963;

/// How long pcscd may take to start, and to see the card.
const LIMIT: Duration = Duration::from_secs(15);

/// Outside: runs the whole demo inside, where that can be. Inside: puts the card into the reader.
pub(super) fn stage(card_id: &str) -> Stage {
    let stage =
        if Path::new(MARK).exists() { present(card_id).map(|card| Stage::Card(Box::new(card))) } else { run_inside() };
    stage.unwrap_or_else(Stage::NoReader)
}

fn run_inside() -> Result<Stage, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    if program.file_stem().is_none_or(|name| name != "cardwright") {
        return Err("the demo runs in another program".into());
    }
    driver()?;
    let mut message = String::new();
    for root in [&[][..], &["--map-root-user"]] {
        let unshare = || {
            let mut command = Command::new("unshare");
            command.args(root).args(NAMESPACES).args(["sh", "-c", SET_UP, "sh"]);
            command
        };
        let trial = unshare().args(["pcscd", "--version"]).output().map_err(|error| format!("unshare: {error}"))?;
        if trial.status.success() {
            let status = unshare().arg(program).args(std::env::args_os().skip(1)).status();
            let done = status.map_err(|error| format!("unshare: {error}"))?.success();
            return Ok(Stage::Over(if done { Exit::Done } else { Exit::Failed }));
        }
        message = String::from_utf8_lossy(&trial.stderr).lines().next().unwrap_or_default().to_string();
    }
    Err(message)
}

fn driver() -> Result<&'static str, String> {
    let driver = DRIVERS.into_iter().find(|driver| Path::new(driver).exists());
    driver.ok_or_else(|| "vpcd is not installed (Debian: pcscd and vsmartcard-vpcd)".into())
}

/// Starts pcscd, puts the card in, and asks it who it is.
fn present(card_id: &str) -> Result<InReader, String> {
    let config =
        format!("FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:{PORT}\nLIBPATH {}\nCHANNELID {PORT}\n", driver()?);
    let text = |error: std::io::Error| error.to_string();
    std::fs::write(Path::new(MARK).join("vpcd"), config).map_err(text)?;
    let mut pcscd = Command::new("pcscd");
    pcscd.args(["--foreground", "--config", MARK]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let _pcscd = Service(pcscd.spawn().map_err(|error| format!("pcscd: {error}"))?);

    let end = Instant::now() + LIMIT;
    while !readers().is_ok_and(|readers| !readers.is_empty()) {
        if Instant::now() > end {
            return Err("pcscd does not start".into());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let card_id = Guid::parse(card_id).map_err(|error| error.to_string())?;
    let mut watch = Watch::new();
    let _card = insert(("127.0.0.1", PORT), Gids::new(card_id.to_windows_bytes())).map_err(text)?;
    while let Some(event) = watch.next_within(end.saturating_duration_since(Instant::now())) {
        if let Event::CardInserted { reader, .. } = event {
            return InReader::ask(Some(&reader), CardLimits::default())
                .map_err(|failure| failure.message().to_string());
        }
    }
    Err("pcscd does not see the card".into())
}

struct Service(Child);

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
