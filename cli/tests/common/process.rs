//! `cardwright serve` as a program of its own.

use super::{Done, cardwright, run};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};

/// A server process, ended at the end of the test.
pub(crate) struct Process {
    child: Child,
    /// The first line that it printed.
    pub(crate) first: String,
    pub(crate) url: String,
    /// Empty, as the password is, where the server has made no account.
    pub(crate) user: String,
    pub(crate) password: String,
}

impl Process {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::start_in(Path::new("."), arguments)
    }

    /// The same in a folder of its own.
    pub(crate) fn start_in(folder: &Path, arguments: &[&str]) -> Self {
        let mut command = cardwright(&["serve"]);
        Self::spawn(command.args(arguments).current_dir(folder))
    }

    /// The same by a command that ends as `cardwright serve`.
    pub(crate) fn spawn(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the command runs");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines().map_while(Result::ok);
        let first = lines.next().unwrap_or_default();
        let mut settings = Vec::new();
        // Then comes a command to try.
        for line in lines.take_while(|line| !line.contains("cardwright cards ")) {
            settings.extend(line.split_whitespace().map(str::to_string));
        }
        let value =
            |name: &str| settings.iter().find_map(|word| word.strip_prefix(&format!("{name}="))).map(str::to_string);
        let url = value("CARDWRIGHT_URL").expect("a line to try");
        let (user, password) =
            (value("CARDWRIGHT_USER").unwrap_or_default(), value("CARDWRIGHT_PASSWORD").unwrap_or_default());
        Process { child, first, url, user, password }
    }

    /// Its number.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// A command to this server.
    pub(crate) fn ask(&self, arguments: &[&str]) -> Done {
        run(cardwright(arguments)
            .env("CARDWRIGHT_URL", &self.url)
            .env("CARDWRIGHT_USER", &self.user)
            .env("CARDWRIGHT_PASSWORD", &self.password))
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, name: &str) {
        let mut kill = Command::new("kill");
        let asked = kill.args(["-s", name, &self.child.id().to_string()]).status().expect("kill runs");
        assert!(asked.success());
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) fn stop(mut self) -> Option<i32> {
        self.signal("TERM");
        self.child.wait().expect("it ends").code()
    }

    /// What it writes to standard error, if that is piped.
    pub(crate) fn errors(&mut self) -> BufReader<ChildStderr> {
        BufReader::new(self.child.stderr.take().expect("piped"))
    }

    /// Ends it on the spot: on Unix by SIGKILL, which no program can catch.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder that is not there yet.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("cardwright-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    folder
}
