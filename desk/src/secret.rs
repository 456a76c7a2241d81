//! Secrets from files and programs. A secret is never an argument, which every user of the machine can read.

use crate::failure::{Failure, Kind};
use crate::ownership;
use crate::prompt::Prompt;
use crate::text_file::{self, NotText};
use cardwright_client::Secret;
use std::borrow::Cow;
use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// How long a program may take to print a password: a person may have to unlock something.
const LIMIT: Duration = Duration::from_secs(30);

/// How much of what a program prints is read.
const MOST: u64 = 64 * 1024;

/// A new password for an account: the first line of a file (`-` is standard input), or of what a program prints, else
/// what the person types.
///
/// # Errors
/// Where there is none: nobody can be asked, or the file or the program gives none.
pub fn new_password(
    account: &str,
    file: Option<&Path>,
    command: Option<&[String]>,
    prompt: &dyn Prompt,
) -> Result<Secret, Failure> {
    let secret = match (file, command) {
        (Some(file), _) if file == Path::new("-") => {
            let mut bytes = Vec::with_capacity(MOST as usize + 64);
            std::io::stdin().take(MOST).read_to_end(&mut bytes)?;
            first_line(bytes).map_err(|why| Failure::usage(format!("the password on standard input: {why}")))?
        }
        (Some(file), _) => from_file(file, prompt)?,
        (None, Some(words)) => from_command(words)?,
        (None, None) => prompt.new_password(account)?.ok_or_else(|| {
            Failure::usage(format!("no password for {account}"))
                .hint("give --new-password-file FILE, or - for standard input, or --new-password-command COMMAND")
        })?,
    };
    if secret.expose().is_empty() { Err(Failure::usage("an account needs a password")) } else { Ok(secret) }
}

/// The first line of a file, which is a password. The person is warned where others can read the file too.
///
/// # Errors
/// Where the file cannot be read, or its first line is empty or no text.
pub fn from_file(file: &Path, prompt: &dyn Prompt) -> Result<Secret, Failure> {
    let wrong = |why: &dyn std::fmt::Display| Failure::usage(format!("{}: {why}", file.display()));
    let bytes = std::fs::read(file).map_err(|error| wrong(&error))?;
    if let Some(mode) = readable_by_others(file) {
        let file = file.display();
        prompt.warn(&format!("others can read {file}, which holds a secret (mode {mode:03o}); chmod 600 {file}"));
    }
    let secret = first_line(bytes).map_err(|why| wrong(&why))?;
    if secret.expose().is_empty() { Err(wrong(&"the first line is empty")) } else { Ok(secret) }
}

#[cfg(unix)]
fn readable_by_others(file: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(file).ok()?.permissions().mode() & 0o777;
    (mode & 0o044 != 0).then_some(mode)
}

#[cfg(not(unix))]
fn readable_by_others(_: &Path) -> Option<u32> {
    None
}

/// The first line that a program prints. It runs without a shell, with this program's own terminal
/// and error stream, so that it can ask for something itself. A program that others may write is not run.
pub(crate) fn from_command(words: &[String]) -> Result<Secret, Failure> {
    from_command_within(words, LIMIT)
}

fn from_command_within(words: &[String], limit: Duration) -> Result<Secret, Failure> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(Failure::usage("the password command names no program"));
    };
    let failed = |why: String| Failure::new(Kind::NotAllowed, format!("the password command {program}: {why}"));
    ownership::check_program(program)?;
    let started = Instant::now();
    let mut child = Command::new(program).args(arguments).stdout(Stdio::piped()).spawn().map_err(|error| {
        failed(error.to_string()).hint("it runs without a shell: for pipes, name sh, -c and the line")
    })?;
    let Some(out) = child.stdout.take() else { return Err(failed("it has no output".into())) };
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        // With room for all: what grows leaves copies behind.
        let mut bytes = Vec::with_capacity(MOST as usize + 64);
        let read = out.take(MOST).read_to_end(&mut bytes);
        // Nobody listens any more where it took too long.
        let _ = sender.send(read.map(|_| bytes));
    });
    let end = |child: &mut Child, what: &str| {
        let _ = child.kill();
        let _ = child.wait();
        Err(failed(format!("{what} within {} seconds", limit.as_secs_f32())))
    };
    let Ok(read) = receiver.recv_timeout(limit) else { return end(&mut child, "no password") };
    let secret = first_line(read.map_err(|error| failed(error.to_string()))?);
    // It has closed its output, and may run on all the same.
    let status = loop {
        match child.try_wait().map_err(|error| failed(error.to_string()))? {
            Some(status) => break status,
            None if started.elapsed() > limit => return end(&mut child, "it did not end"),
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    if !status.success() {
        return Err(failed(format!("it ended with {status}")));
    }
    let secret = secret.map_err(|why| failed(why.to_string()))?;
    if secret.expose().is_empty() { Err(failed("it printed nothing".into())) } else { Ok(secret) }
}

fn first_line(bytes: Vec<u8>) -> Result<Secret, NotText> {
    let bytes = Zeroizing::new(bytes);
    let text = match text_file::decode(&bytes)? {
        Cow::Borrowed(text) => return Ok(Secret::new(text.lines().next().unwrap_or(""))),
        Cow::Owned(text) => Secret::new(text),
    };
    Ok(Secret::new(text.expose().lines().next().unwrap_or("")))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn run(line: &str, limit: Duration) -> Result<Secret, Failure> {
        from_command_within(&["sh".to_string(), "-c".to_string(), line.to_string()], limit)
    }

    #[test]
    fn the_first_line_of_a_program_is_the_password() {
        let secret = run("printf 'one two\\r\\nthree\\n'", LIMIT).expect("a password");
        assert_eq!(secret.expose(), "one two");
    }

    #[test]
    fn a_password_is_read_as_windows_writes_it() {
        let wide: Vec<u8> = "p\u{e4}ss\r\nmore".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [b"\xEF\xBB\xBFp\xC3\xA4ss\r\n".to_vec(), [&[0xFF, 0xFE][..], &wide].concat()] {
            assert_eq!(first_line(bytes).expect("a password").expose(), "p\u{e4}ss");
        }
        assert!(first_line(wide).is_err(), "it would be a wrong password");
    }

    #[test]
    fn a_program_that_fails_or_prints_nothing_gives_no_password() {
        for (line, expected) in [("echo secret; exit 3", "exit status: 3"), ("true", "printed nothing")] {
            let message = format!("{:?}", run(line, LIMIT).expect_err("refused"));
            assert!(message.contains(expected) && !message.contains("secret"), "{message}");
        }
        let message = format!("{:?}", from_command(&["/no/such".to_string()]).expect_err("refused"));
        assert!(message.contains("without a shell"), "{message}");
    }

    #[test]
    fn a_program_that_takes_too_long_is_ended() {
        let started = Instant::now();
        let message = format!("{:?}", run("exec sleep 20", Duration::from_millis(200)).expect_err("refused"));
        assert!(message.contains("within 0.2 seconds") && started.elapsed() < Duration::from_secs(10), "{message}");
    }
}
