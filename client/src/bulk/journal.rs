//! The journal of a bulk operation: what was planned, what is about to be sent, and the result.
//!
//! It is a text of one JSON object a line, to which lines are only ever added. The first says what is
//! done where; then come the cards, and `planned` when that is all of them. From then on a line is about
//! card `n` of them, counted from 0: `sent` before its request is sent, `unsent` where it certainly
//! did not arrive, `request` when MIM CM has made one, and an end: `done`, `accepted`, `awaiting
//! approval`, `failed` or `unknown`. The last line about a card counts.
//!
//! A `sent` is on the disk before it is acted upon. Threads that wait for the disk at the same time
//! wait for one sync. Ends are written at once and come onto the disk with the next `sent`, or at the
//! end: an end that is lost is found again by reading the card. What follows the last line end was
//! being written when the power was lost, and is dropped.

use super::Job;
use super::table::{Fate, Standing};
use crate::error::Error;
use crate::subject::{Parts, Subject};
use cardwright_core::certiflow::RevocationReason;
use cardwright_core::date::Moment;
use cardwright_core::lifecycle::{NativeState, Operation, System};
use cardwright_core::{Code, Named};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

/// What the first line is called.
const NAME: &str = "cardwright bulk";
/// The form that is written, and the only one that is read.
const VERSION: u32 = 1;

/// A journal that is open, and locked against every other run.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    /// How many bytes were written; its lock keeps lines apart.
    written: Mutex<u64>,
    /// How many of them are certainly on the disk; its lock is held while it syncs.
    synced: Mutex<u64>,
    /// A line or a sync has failed: what comes after it cannot be trusted, even where the file takes it.
    broken: AtomicBool,
    file: File,
}

/// What a journal says.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) job: Job,
    pub(super) system: System,
    pub(super) base: String,
    pub(super) cards: Vec<Subject>,
    pub(super) standings: Vec<Standing>,
}

/// A line; each kind has some of the fields.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Line<'l> {
    #[serde(borrow)]
    is: Cow<'l, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Cow<'l, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial: Option<Cow<'l, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    holder: Option<Cow<'l, str>>,
    /// The holder's name, where that is not `holder`.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Cow<'l, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<Cow<'l, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<Cow<'l, str>>,
    /// The state as the server sent it, where that is not `state`.
    #[serde(skip_serializing_if = "Option::is_none")]
    stated: Option<Cow<'l, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<Cow<'l, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<Cow<'l, str>>,
}

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    is: String,
    version: u32,
    server: String,
    system: String,
    operation: String,
    reason: Option<String>,
    comment: String,
    cards: usize,
    at: String,
}

impl Journal {
    /// Writes a plan into a new file, and onto the disk.
    pub(super) fn create(
        path: &Path,
        (job, system, base): (&Job, System, &str),
        cards: &[Subject],
        standings: &[Standing],
    ) -> Result<Self, Error> {
        let failed = |e: io::Error| failed(path, e);
        let mut options = OpenOptions::new();
        options.read(true).append(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|e| match e.kind() {
            io::ErrorKind::AlreadyExists => wrong(path, "it is there already: resume it, or name another file"),
            _ => failed(e),
        })?;
        lock(&file, path)?;
        let mut out = BufWriter::with_capacity(1 << 16, &file);
        let mut written = 0;
        let mut put = |line: String| {
            written += line.len() as u64;
            out.write_all(line.as_bytes())
        };
        let head = Head {
            is: NAME.into(),
            version: VERSION,
            server: base.into(),
            system: system.name().into(),
            operation: job.operation.name().into(),
            reason: job.reason.map(|reason| reason.name().into()),
            comment: job.comment.clone(),
            cards: cards.len(),
            at: now(),
        };
        put(text(&head)?).map_err(failed)?;
        for (n, (card, standing)) in cards.iter().zip(standings).enumerate() {
            let line = Line {
                is: if standing.fate == Fate::Skipped { "skipped" } else { "card" }.into(),
                n: Some(n),
                id: Some(card.id().into()),
                serial: Some(card.serial().into()),
                holder: Some(card.holder()).filter(|holder| !holder.is_empty()).map(Into::into),
                name: Some(card.name()).filter(|name| *name != card.holder()).map(Into::into),
                user: card.user().map(Into::into),
                state: Some(card.state_text().into()),
                stated: Some(card.stated()).filter(|stated| *stated != card.state_text()).map(Into::into),
                code: standing.more.as_ref().and_then(|more| more.code).map(Code::number),
                words: standing.more.as_ref().map(|more| more.words.as_str().into()),
                ..Line::default()
            };
            put(text(&line)?).map_err(failed)?;
        }
        put(text(&Line { is: "planned".into(), at: Some(now()), ..Line::default() })?).map_err(failed)?;
        out.flush().map_err(failed)?;
        drop(out);
        file.sync_all().map_err(failed)?;
        // Its name, too.
        #[cfg(unix)]
        if let Some(folder) = std::path::absolute(path).ok().as_deref().and_then(Path::parent) {
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
        }
        Ok(Self::of(path, file, written, written))
    }

    /// Opens a journal to go on with it.
    pub(super) fn open(path: &Path) -> Result<(Self, Found), Error> {
        let failed = |e: io::Error| failed(path, e);
        let file = OpenOptions::new().read(true).append(true).open(path).map_err(failed)?;
        lock(&file, path)?;
        let (found, length) = read(&file, path)?;
        if file.metadata().map_err(failed)?.len() > length {
            file.set_len(length).map_err(failed)?;
        }
        (&file).seek(SeekFrom::End(0)).map_err(failed)?;
        Ok((Self::of(path, file, length, 0), found))
    }

    fn of(path: &Path, file: File, written: u64, synced: u64) -> Self {
        let (written, synced) = (Mutex::new(written), Mutex::new(synced));
        Journal { path: path.into(), written, synced, broken: AtomicBool::new(false), file }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// A card is about to be sent. With `synced` this is on the disk when it returns.
    pub(super) fn sent(&self, n: usize, attempts: u16, synced: bool) -> Result<(), Error> {
        let line = Line { is: "sent".into(), n: Some(n), attempts: Some(attempts), ..Line::default() };
        let end = self.add(line)?;
        if synced { self.sync(end) } else { Ok(()) }
    }

    /// What was sent certainly did not arrive.
    pub(super) fn unsent(&self, n: usize) -> Result<(), Error> {
        self.add(Line { is: "unsent".into(), n: Some(n), ..Line::default() }).map(drop)
    }

    /// MIM CM has made a request.
    pub(super) fn request(&self, n: usize, request: &str) -> Result<(), Error> {
        self.add(Line { is: "request".into(), n: Some(n), request: Some(request.into()), ..Line::default() }).map(drop)
    }

    /// The outcome of a card.
    pub(super) fn end(&self, n: usize, standing: &Standing) -> Result<(), Error> {
        let more = standing.more.as_deref();
        let line = Line {
            is: standing.fate.name().into(),
            n: Some(n),
            attempts: Some(standing.attempts),
            status: Some(standing.status).filter(|status| *status != 0),
            code: more.and_then(|more| more.code).map(Code::number),
            words: more.map(|more| more.words.as_str()).filter(|words| !words.is_empty()).map(Into::into),
            request: standing.request().map(Into::into),
            ..Line::default()
        };
        self.add(line).map(drop)
    }

    /// Adds a line, and returns where it ends.
    fn add(&self, mut line: Line<'_>) -> Result<u64, Error> {
        line.at = Some(now());
        let line = text(&line)?;
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        self.check()?;
        if let Err(e) = (&self.file).write_all(line.as_bytes()) {
            // What there is of the line goes again.
            let _ = self.file.set_len(*written);
            return Err(self.broke(e));
        }
        *written += line.len() as u64;
        Ok(*written)
    }

    /// Brings all up to here onto the disk.
    fn sync(&self, end: u64) -> Result<(), Error> {
        let mut synced = self.synced.lock().unwrap_or_else(PoisonError::into_inner);
        if *synced < end {
            let written = *self.written.lock().unwrap_or_else(PoisonError::into_inner);
            self.check()?;
            // After one that failed the next may succeed, although the pages are lost.
            self.file.sync_data().map_err(|e| self.broke(e))?;
            *synced = written;
        }
        Ok(())
    }

    fn check(&self) -> Result<(), Error> {
        match self.broken.load(Ordering::SeqCst) {
            true => Err(wrong(&self.path, "it could not be written before: resume it")),
            false => Ok(()),
        }
    }

    fn broke(&self, error: io::Error) -> Error {
        self.broken.store(true, Ordering::SeqCst);
        failed(&self.path, error)
    }

    /// Brings all onto the disk.
    pub(super) fn finish(&self) -> Result<(), Error> {
        let written = *self.written.lock().unwrap_or_else(PoisonError::into_inner);
        self.sync(written)
    }
}

fn lock(file: &File, path: &Path) -> Result<(), Error> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(wrong(path, "another run is using it")),
        Err(TryLockError::Error(e)) => Err(failed(path, e)),
    }
}

/// What a journal says, and where its last whole line ends.
fn read(file: &File, path: &Path) -> Result<(Found, u64), Error> {
    let mut lines = BufReader::with_capacity(1 << 16, file);
    let (mut buffer, mut number, mut length) = (Vec::new(), 0usize, 0u64);
    // The next whole line; what is torn is none.
    let mut next = |buffer: &mut Vec<u8>| -> Result<Option<usize>, Error> {
        buffer.clear();
        let read = lines.read_until(b'\n', buffer).map_err(|e| failed(path, e))?;
        if !buffer.ends_with(b"\n") {
            return Ok(None);
        }
        (number, length) = (number + 1, length + read as u64);
        Ok(Some(number))
    };
    let damaged = |number: usize, why: &str| wrong(path, format!("line {number}: {why}"));

    next(&mut buffer)?.ok_or_else(|| wrong(path, "it is empty, or no journal: nothing was sent"))?;
    let head: Head = serde_json::from_slice(&buffer).map_err(|_| wrong(path, "it is no journal of a bulk run"))?;
    if head.is != NAME || head.version != VERSION {
        let message =
            format!("it is a journal of {:?} {}; this version reads {NAME:?} {VERSION}", head.is, head.version);
        return Err(wrong(path, message));
    }
    let unknown = |what: &str, name: &str| damaged(1, &format!("{what} {name:?} is not known"));
    let system = System::from_name(&head.system).ok_or_else(|| unknown("the system", &head.system))?;
    let operation = Operation::from_name(&head.operation).ok_or_else(|| unknown("the operation", &head.operation))?;
    let reason =
        head.reason.as_deref().map(|name| RevocationReason::from_name(name).ok_or_else(|| unknown("the reason", name)));
    let job = Job { operation, reason: reason.transpose()?, comment: head.comment };

    let (mut cards, mut standings): (Vec<Subject>, Vec<Standing>) = Default::default();
    let mut whole = false;
    while let Some(number) = next(&mut buffer)? {
        let line: Line<'_> = serde_json::from_slice(&buffer).map_err(|e| damaged(number, &e.to_string()))?;
        match line.is.as_ref() {
            is @ ("card" | "skipped") if !whole && line.n == Some(cards.len()) => {
                let part = |part: &'_ Option<Cow<'_, str>>| part.as_deref().unwrap_or_default().to_string();
                let state_text = part(&line.state);
                let state = NativeState::of(system).find(|state| state.name() == state_text);
                let parts = Parts {
                    id: &part(&line.id),
                    serial: &part(&line.serial),
                    holder: &part(&line.holder),
                    name: &part(&line.name),
                    user: &part(&line.user),
                    stated: line.stated.as_deref().unwrap_or(&state_text),
                    state_text: &state_text,
                };
                cards.push(Subject::new(parts, state));
                let mut standing = Standing::default();
                if is == "skipped" {
                    standing.fate = Fate::Skipped;
                    take(&mut standing, line);
                }
                standings.push(standing);
            }
            "planned" if !whole && cards.len() == head.cards => whole = true,
            _ if whole => {
                let standing = line.n.and_then(|n| standings.get_mut(n));
                let standing = standing.ok_or_else(|| damaged(number, "it is about no card of the plan"))?;
                apply(standing, line).map_err(|is| damaged(number, &format!("{is:?} is not known")))?;
            }
            other => return Err(damaged(number, &format!("{other:?} does not belong here"))),
        }
    }
    if !whole {
        return Err(wrong(path, "its plan is not whole, so nothing was sent: remove it and begin anew"));
    }
    Ok((Found { job, system, base: head.server, cards, standings }, length))
}

/// What a line says of a card.
fn apply(standing: &mut Standing, line: Line<'_>) -> Result<(), String> {
    match line.is.as_ref() {
        "sent" => {
            // The result is not known yet. An earlier request has ended, or there would be no other.
            (standing.fate, standing.doubt, standing.more) = (Fate::Unknown, true, None);
            standing.attempts = line.attempts.unwrap_or(standing.attempts);
        }
        "unsent" => (standing.fate, standing.doubt) = (Fate::Planned, false),
        "request" => {
            standing.more().request = line.request.map(Cow::into_owned);
            standing.doubt = false;
        }
        is => {
            let ends = [Fate::Done, Fate::AwaitingApproval, Fate::Failed, Fate::Unknown, Fate::Accepted];
            let fate = ends.into_iter().find(|fate| fate.name() == is).ok_or_else(|| is.to_string())?;
            (standing.fate, standing.doubt) = (fate, fate == Fate::Unknown && line.request.is_none());
            take(standing, line);
        }
    }
    Ok(())
}

/// Takes over the facts of an end.
fn take(standing: &mut Standing, line: Line<'_>) {
    standing.attempts = line.attempts.unwrap_or(standing.attempts);
    standing.status = line.status.unwrap_or(0);
    standing.clear();
    if line.code.is_some() || line.words.is_some() || line.request.is_some() {
        let more = standing.more();
        more.code = line.code.and_then(|number| Code::ALL.iter().copied().find(|code| code.number() == number));
        more.words = line.words.unwrap_or_default().into_owned();
        more.request = line.request.map(Cow::into_owned).or(more.request.take());
    }
}

fn text(line: &impl Serialize) -> Result<String, Error> {
    let mut text = serde_json::to_string(line).map_err(|e| Error::setting(e.to_string()))?;
    text.push('\n');
    Ok(text)
}

/// Now, to the millisecond.
fn now() -> String {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let nanos = since.subsec_millis() * 1_000_000;
    Moment { seconds: i64::try_from(since.as_secs()).unwrap_or(i64::MAX), nanos }.to_string()
}

pub(super) fn wrong(path: &Path, message: impl Into<String>) -> Error {
    Error::Journal { file: path.into(), message: message.into(), source: None }
}

fn failed(path: &Path, error: io::Error) -> Error {
    Error::Journal { file: path.into(), message: error.to_string(), source: Some(error) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn after_a_write_or_a_sync_that_failed_the_journal_takes_nothing_any_more() {
        let path = std::env::temp_dir().join(format!("cardwright-journal-{}.ndjson", std::process::id()));
        let open = |path: &Path| OpenOptions::new().append(true).open(path).expect("it opens");
        // The one takes no byte, and the other cannot be synced.
        for device in ["/dev/full", "/dev/null"] {
            File::create(&path).expect("a file");
            let mut journal = Journal::of(&path, open(Path::new(device)), 0, 0);
            let error = journal.sent(0, 1, true).expect_err(device);
            assert!(
                std::error::Error::source(&error).is_some_and(|below| below.is::<io::Error>()),
                "{device}: {error}"
            );
            journal.file = open(&path);
            let again = [journal.sent(0, 1, true), journal.unsent(0), journal.sync(u64::MAX)];
            assert!(again.iter().all(|done| done.as_ref().is_err_and(|e| e.code() == Code::Journal)), "{again:?}");
            assert_eq!(std::fs::metadata(&path).expect("a file").len(), 0, "{device}");
        }
        std::fs::remove_file(&path).expect("removed");
    }

    #[test]
    fn a_request_of_before_is_not_that_of_a_card_that_is_sent_again() {
        let mut standing = Standing::default();
        for line in [
            r#"{"is":"sent","n":0}"#,
            r#"{"is":"request","n":0,"request":"R1"}"#,
            r#"{"is":"failed","n":0,"code":805,"words":"request R1 is denied","request":"R1"}"#,
            r#"{"is":"sent","n":0}"#,
        ] {
            apply(&mut standing, serde_json::from_str(line).expect("a line")).expect("known");
        }
        assert_eq!((standing.fate, standing.doubt, standing.request()), (Fate::Unknown, true, None));
    }
}
