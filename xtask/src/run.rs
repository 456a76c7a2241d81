//! How a child process runs: within a time limit, its output where it belongs, nothing left behind.
//!
//! On Unix each child leads a process group. The group ends with the child, with the time limit,
//! or with this program, whichever is first: also when this program is killed.

use std::fmt::Display;
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::place;

/// How something ended: in a few words what was found, or why not.
pub(crate) type Done = Result<String, Stop>;

/// Why something did not end well.
#[derive(Debug)]
pub(crate) enum Stop {
    /// It is wrong.
    Failed(String),
    /// It could not be tried.
    Skipped(String),
}

impl From<String> for Stop {
    fn from(why: String) -> Self {
        Stop::Failed(why)
    }
}

impl From<&str> for Stop {
    fn from(why: &str) -> Self {
        Stop::Failed(why.into())
    }
}

/// Prints how a command ended.
pub(crate) fn conclude(done: Done) -> ExitCode {
    match done {
        Ok(note) => {
            // The reader may have seen enough and closed the pipe.
            let _ = writeln!(std::io::stdout(), "{note}");
            ExitCode::SUCCESS
        }
        Err(Stop::Skipped(why)) => {
            eprintln!("SKIPPED: {why}");
            ExitCode::FAILURE
        }
        Err(Stop::Failed(why)) => {
            eprintln!("FAILED: {why}");
            ExitCode::FAILURE
        }
    }
}

/// A number of minutes, for time limits.
pub(crate) const fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

/// Where output goes.
pub(crate) enum Out {
    /// To the terminal.
    Terminal,
    /// To a log.
    File(File),
}

impl Out {
    /// A new log.
    ///
    /// # Errors
    ///
    /// When the file cannot be made.
    pub(crate) fn log(path: &Path) -> Result<Out, String> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(place::at(folder))?;
        }
        File::create(path).map(Out::File).map_err(place::at(path))
    }

    /// Writes a line.
    pub(crate) fn say(&mut self, line: impl Display) {
        // A log that cannot be written must not stop the check that it tells about.
        let _ = match self {
            Out::Terminal => writeln!(std::io::stdout(), "{line}"),
            Out::File(file) => writeln!(file, "{line}"),
        };
    }

    /// Runs a command with its output here.
    ///
    /// # Errors
    ///
    /// When it cannot be started, ends with another code than 0, or is over its time.
    pub(crate) fn run(&mut self, command: &mut Command, limit: Duration) -> Result<(), String> {
        let name = shown(command);
        self.say(format_args!("$ {name}"));
        command.stdout(self.stdio()?).stderr(self.stdio()?);
        judge(&name, Group::start(command, &name)?.wait(limit, &name)?)
    }

    /// Runs a command and returns what it writes to its standard output.
    ///
    /// # Errors
    ///
    /// As [`Out::run`], and when the output is not UTF-8.
    pub(crate) fn read(&mut self, command: &mut Command, limit: Duration) -> Result<String, String> {
        let name = shown(command);
        command.stdout(Stdio::piped()).stderr(self.stdio()?);
        let mut group = Group::start(command, &name)?;
        let pipe = group.child.stdout.take();
        let reader = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            pipe.map_or(Ok(0), |mut pipe| pipe.read_to_end(&mut bytes)).map(|_| bytes)
        });
        judge(&name, group.wait(limit, &name)?)?;
        let bytes = match reader.join() {
            Ok(read) => read.map_err(|error| format!("{name}: {error}"))?,
            Err(_) => return Err(format!("{name}: its output could not be read")),
        };
        String::from_utf8(bytes).map_err(|_| format!("{name}: its output is not UTF-8"))
    }

    fn stdio(&self) -> Result<Stdio, String> {
        match self {
            Out::Terminal => Ok(Stdio::inherit()),
            Out::File(file) => file.try_clone().map(Stdio::from).map_err(|error| error.to_string()),
        }
    }
}

/// The first words of a command, as a person would type them.
fn shown(command: &Command) -> String {
    let path = Path::new(command.get_program());
    let mut text = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    for argument in command.get_args().map(|argument| argument.to_string_lossy()) {
        let line = argument.lines().next().unwrap_or_default();
        text = text + " " + line;
        if line.len() < argument.len() {
            text += " …";
            break;
        }
    }
    text
}

fn judge(name: &str, status: ExitStatus) -> Result<(), String> {
    if status.success() { Ok(()) } else { Err(format!("{name}: {status}")) }
}

/// A child and the processes that it starts.
struct Group {
    child: Child,
    /// Ends the group as soon as its standard input is closed.
    lifeline: Option<Child>,
}

/// Waits for the end of its input, then asks the group to end, and after two seconds makes it.
const LIFELINE: &str = "read -r _; kill -s TERM -- -$0 || exit 0
for _ in 1 2 3 4 5 6 7 8 9 10; do sleep 0.2; kill -s 0 -- -$0 || exit 0; done
kill -s KILL -- -$0";

impl Group {
    fn start(command: &mut Command, name: &str) -> Result<Group, String> {
        command.stdin(Stdio::null());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let child = command.spawn().map_err(|error| format!("{name}: {error}"))?;
        let mut group = Group { child, lifeline: None };
        #[cfg(unix)]
        {
            let mut lifeline = Command::new("sh");
            lifeline.args(["-c", LIFELINE, &group.child.id().to_string()]);
            lifeline.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
            // In a group of its own, so that Ctrl-C ends this program and not what watches it.
            std::os::unix::process::CommandExt::process_group(&mut lifeline, 0);
            group.lifeline = lifeline.spawn().ok();
        }
        if cfg!(unix) && group.lifeline.is_none() {
            let _ = group.child.kill();
            return Err(format!("{name}: no `sh` to watch over it"));
        }
        Ok(group)
    }

    fn wait(mut self, limit: Duration, name: &str) -> Result<ExitStatus, String> {
        let started = Instant::now();
        let mut pause = Duration::from_millis(1);
        loop {
            if let Some(status) = self.child.try_wait().map_err(|error| format!("{name}: {error}"))? {
                return Ok(status);
            }
            if started.elapsed() > limit {
                return Err(format!("{name}: not done after {} seconds", limit.as_secs()));
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(50));
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        match &mut self.lifeline {
            Some(lifeline) => drop(lifeline.stdin.take()),
            None => drop(self.child.kill()),
        }
        let _ = self.child.wait();
        if let Some(lifeline) = &mut self.lifeline {
            let _ = lifeline.wait();
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn sh(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn output_and_exit_code_are_kept() {
        let text = Out::Terminal.read(&mut sh("echo one; echo two"), Duration::from_secs(20));
        assert_eq!(text.as_deref(), Ok("one\ntwo\n"));
        assert!(Out::Terminal.run(&mut sh("exit 3"), Duration::from_secs(20)).is_err_and(|why| why.contains('3')));
        assert!(Out::Terminal.run(&mut Command::new("/no/such/program"), Duration::from_secs(1)).is_err());
    }

    #[test]
    fn a_child_over_its_time_is_ended_with_its_own_children() {
        let started = Instant::now();
        let end = Out::Terminal.run(&mut sh("sleep 61.25 & sleep 61.25"), Duration::from_millis(100));
        assert!(end.is_err_and(|why| why.contains("not done")));
        assert!(started.elapsed() < Duration::from_secs(30));
        let listed = Out::Terminal.read(&mut sh("cat /proc/[0-9]*/cmdline | tr '\\0' ' '"), Duration::from_secs(20));
        assert!(!listed.is_ok_and(|text| text.contains("sleep 61.25")));
    }

    #[test]
    fn a_child_that_ignores_the_request_to_end_is_made_to() {
        let started = Instant::now();
        let end = Out::Terminal.run(&mut sh("trap '' TERM; sleep 30; sleep 30"), Duration::from_millis(100));
        assert!(end.is_err());
        assert!(started.elapsed() < Duration::from_secs(20));
    }
}
