//! `bulk`: one operation for many cards, planned, confirmed, carried out, and resumed.

mod outcomes;

use crate::args::{Arguments, Bulk as Asked};
use crate::connect;
use crate::failure::{Done, Exit, Failure, Kind, with_output};
use crate::interrupt::on_interrupt;
use crate::out::{remark, tell};
use crate::output::{self, thousands};
use crate::progress::{Bar, Progress};
use crate::style::{BOLD, CARE, END, KEY, escape_controls};
use crate::terminal;
use crate::time_limit::TimeLimit;
use cardwright::client::AnyClient;
use cardwright::client::bulk::{Bulk, Counts, Fate, Pace, Ran, Stopped};
use cardwright::core::certiflow::Query;
use cardwright::core::lifecycle::Operation;
use cardwright::core::{Code, Named as _};
use cardwright::{CANNOT_BE_UNDONE, CardKey, CardList, Job};
use std::io::{BufReader, Read, stdin};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub(crate) fn bulk(arguments: &Arguments, asked: &Asked) -> Done {
    let client = connect::client(arguments, asked.check)?;
    let format = asked.format.or(arguments.json.then_some(crate::args::Format::Json));
    let mut bulk = match &asked.resume {
        Some(journal) => resume(&client, asked, journal)?,
        None => plan(&client, asked)?,
    };
    let word = bulk.job().operation.native(client.system()).unwrap_or_default().to_lowercase();
    if asked.resume.is_some() {
        // It was agreed to when the journal was begun; who resumes it may be another person.
        if cardwright::needs_consent(bulk.job().operation) {
            show_plan(&bulk, &word, true);
        }
        if let Some(nothing) = cardwright::nothing_left(bulk.counts()) {
            tell!("{KEY}{nothing}{END}");
        }
    } else {
        show_plan(&bulk, &word, false);
        if asked.plan {
            if let Some(format) = format {
                outcomes::print(format, &bulk, |_| true, Some(&client))?;
            }
            tell!("{KEY}nothing was sent{END}");
            return as_expected(asked, &word, bulk.counts().planned).map(|()| Exit::Done);
        }
        as_expected(asked, &word, bulk.counts().planned)?;
        if bulk.counts().planned > 0 {
            confirm(asked, (&word, bulk.job().operation), bulk.counts().planned)?;
            let journal = asked.journal.clone().unwrap_or_else(|| journal_name(&word));
            bulk.keep(&journal)?;
            tell!("{KEY}journal {}{END}", escape_controls(&journal.display().to_string()));
        }
    }
    let settings = Pace {
        concurrency: asked.concurrency,
        rate: asked.rate,
        canary: asked.canary,
        max_failures: asked.max_failures,
        ..Pace::default()
    };
    let ran = arguments.limit.changing(|| run(&client, &mut bulk, &settings, &arguments.limit))?;
    let printed = match format {
        Some(format) => outcomes::print(format, &bulk, |_| true, None),
        None => {
            let is_open = |fate| !matches!(fate, Fate::Done | Fate::Accepted | Fate::Skipped | Fate::Planned);
            outcomes::print(crate::args::Format::Table, &bulk, is_open, None)
        }
    };
    let (counts, server) = (counts_text(bulk.counts()), escape_controls(bulk.server()));
    remark!("{BOLD}{counts}{END}  in {:.1} s, on {server}", ran.elapsed.as_secs_f64());
    with_output(conclude(&bulk, ran, &arguments.limit), printed, arguments.json)
}

/// The journal's run, where it is what was asked for.
fn resume(client: &AnyClient, asked: &Asked, journal: &Path) -> Result<Bulk, Failure> {
    if asked.filter.query().with(|query| query != Query::default()) {
        return Err(Failure::usage("--resume takes no filter: the journal names its cards"));
    }
    let mut bulk = Bulk::resume(client, journal)?;
    // Arguments about the job must agree with the journal.
    let mut job = bulk.job().clone();
    if let Some(word) = &asked.operation {
        job.operation = cardwright::operation(client.system(), word)?;
    }
    job.reason = asked.reason.or(job.reason);
    if !asked.request_comment.is_empty() {
        job.comment.clone_from(&asked.request_comment);
    }
    bulk.check_job(&job)?;
    if asked.retry_failed {
        bulk.retry_failed();
    }
    Ok(bulk)
}

fn plan(client: &AnyClient, asked: &Asked) -> Result<Bulk, Failure> {
    let word = asked.operation.as_deref().unwrap_or_default();
    let job = cardwright::job(client.system(), word, asked.reason, &asked.request_comment)?;
    let query = asked.filter.query();
    if let Some(file) = &asked.from {
        // A user is no filter here: it says whose cards are searched.
        if query.with(|query| Query { user_name: None, ..query } != Query::default()) {
            return Err(Failure::usage("a list of cards and a filter at once: which is it?").hint("leave one out"));
        }
        return plan_of_list(client, asked, job, file);
    }
    if !query.with(|query| query.is_filter()) && !asked.all {
        return Err(Failure::usage("this means every card").hint(cardwright::no_filter(client.system())));
    }
    let mut progress = Progress::of_a_list();
    let mut count = 0;
    let cards = client.list(&query)?.inspect(|_| {
        count += 1;
        progress.count(count);
    });
    let bulk = Bulk::plan(client, job, cards);
    progress.clear();
    Ok(bulk?)
}

/// A plan for the cards of a list.
fn plan_of_list(client: &AnyClient, asked: &Asked, job: Job, file: &Path) -> Result<Bulk, Failure> {
    let name = if file == Path::new("-") { "standard input".to_string() } else { file.display().to_string() };
    let input: Box<dyn Read> = match file == Path::new("-") {
        true => Box::new(stdin()),
        false => Box::new(std::fs::File::open(file).map_err(|e| Failure::usage(format!("{name}: {e}")))?),
    };
    let cards = CardList::read(BufReader::new(input), name, asked.serials.then_some(CardKey::Serial))?;
    cardwright::plan_listed(client, job, asked.filter.user_name.as_deref(), cards).map_err(|failure| {
        match failure.kind() {
            Kind::NotFound => failure.hint("nothing was done; --serials is for serial numbers"),
            _ => failure,
        }
    })
}

/// What is to be done; of a run that is resumed, what is left of it.
fn show_plan(bulk: &Bulk, word: &str, resumed: bool) {
    let counts = bulk.counts();
    let server = escape_controls(bulk.server());
    let cards = match resumed {
        false => count_of_cards(counts.planned),
        true => {
            let left = counts.left();
            format!("{} of {}", thousands(left), count_of_cards(counts.total()))
        }
    };
    tell!("{BOLD}{word}{END} {cards}, on {server}");
    for group in bulk.groups() {
        let tables = output::verdict_text(group.verdict);
        let fate = if group.fate == Fate::Planned { String::new() } else { format!(", {}", group.fate.name()) };
        tell!(
            "  {:>9}  {}  {}{CARE}{fate}{END}",
            thousands(group.cards),
            escape_controls(&group.state_text),
            if tables.is_empty() { "a state that the tables do not know" } else { &tables },
        );
    }
}

/// The user confirms the number of cards.
fn confirm(asked: &Asked, (word, operation): (&str, Operation), planned: usize) -> Result<(), Failure> {
    if asked.expect.is_some() {
        return as_expected(asked, word, planned);
    }
    let undone = if cardwright::needs_consent(operation) { format!("; {CANNOT_BE_UNDONE}") } else { String::new() };
    let is_list = asked.from.as_deref() == Some(Path::new("-"));
    let question = format!("{BOLD}Type {planned} to {word} {}{undone}:{END} ", count_of_cards(planned));
    match if is_list { None } else { terminal::ask(&question)? } {
        Some(answer) if answer == planned.to_string() => Ok(()),
        Some(_) => Err(cardwright::not_confirmed()),
        None => Err(cardwright::nobody_to_ask(format!(
            "--expect {planned} does it without asking, if it is still {planned} cards then"
        ))),
    }
}

/// That the number of cards is the one that was expected, where one was.
fn as_expected(asked: &Asked, word: &str, planned: usize) -> Result<(), Failure> {
    match asked.expect.filter(|expected| *expected != planned) {
        None => Ok(()),
        Some(expected) => {
            let message = format!("{expected} cards were expected, and it would {word} {planned}; nothing was done");
            Err(Failure::new(Kind::Refused, message))
        }
    }
}

/// A number of cards, in words.
fn count_of_cards(cards: usize) -> String {
    format!("{} {}", thousands(cards), if cards == 1 { "card" } else { "cards" })
}

fn journal_name(word: &str) -> PathBuf {
    let now = cardwright::core::date::Moment { nanos: 0, ..cardwright::now() };
    let time: String = now.to_string().chars().filter(|c| !matches!(c, '-' | ':')).collect();
    format!("cardwright-{word}-{time}.ndjson").into()
}

/// Runs it until its end, until Ctrl-C, or until the time limit.
fn run(client: &AnyClient, bulk: &mut Bulk, settings: &Pace, limit: &TimeLimit) -> Result<Ran, Failure> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&interrupted);
    on_interrupt(move || seen.store(true, Ordering::Relaxed))?;
    let mut bar = Bar::to_stderr();
    let ran = bulk.run(client, settings, |progress| {
        bar.show(progress);
        let stops = interrupted.load(Ordering::Relaxed) || limit.has_passed();
        if stops { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    bar.clear();
    Ok(ran?)
}

fn counts_text(counts: Counts) -> String {
    let parts = [
        (counts.done, "done"),
        (counts.accepted, "accepted"),
        (counts.awaiting_approval, "waiting for approval"),
        (counts.failed, "failed"),
        (counts.unknown, "unknown"),
        (counts.skipped, "skipped"),
        (counts.planned, "left"),
    ];
    let parts = parts.iter().enumerate().filter(|(n, (cards, _))| *n == 0 || *cards > 0);
    let parts: Vec<String> = parts.map(|(_, (cards, what))| format!("{} {what}", thousands(*cards))).collect();
    format!("{}: {}", count_of_cards(counts.total()), parts.join(", "))
}

/// The kind of failure of a card that failed: what was not begun is none of the server's refusals.
fn kind_of_failure(code: Option<Code>) -> Kind {
    match code {
        Some(code) if (700..800).contains(&code.number()) || code == Code::NotAllowed || code == Code::RequestEnded => {
            cardwright::kind_of_refusal(Some(code))
        }
        _ => Kind::Failed,
    }
}

/// The exit code, and how to go on.
fn conclude(bulk: &Bulk, ran: Ran, limit: &TimeLimit) -> Done {
    let counts = bulk.counts();
    let go_on = bulk.journal().map(|journal| {
        // As one word of a shell, whatever the name.
        let name = journal.display().to_string();
        let name = shlex::try_quote(&name).map_or(name.clone(), |name| name.into_owned());
        format!("cardwright bulk --resume {name} goes on")
    });
    if let Some(stopped) = ran.stopped {
        let (kind, why) = match stopped {
            Stopped::Canceled if limit.has_passed() => (Kind::NotSent, "stopped: the time limit has passed"),
            Stopped::Canceled => (Kind::Failed, "stopped as asked"),
            Stopped::Canary => (Kind::Failed, "stopped: one of the first cards was not done"),
            Stopped::Failures => (Kind::Failed, "stopped: too many cards failed"),
            Stopped::Unreachable => (Kind::NotSent, "stopped: the server cannot be reached"),
            Stopped::SignIn => (Kind::NotAllowed, "stopped: the server does not accept the sign-in"),
            Stopped::Busy => (Kind::NoConnection, "stopped: the server asks for a longer wait than five minutes"),
            Stopped::Journal => (Kind::Failed, "stopped: the journal cannot be written"),
            #[cfg_attr(cardwright_exhaustive, expect(unreachable_patterns))]
            _ => (Kind::Failed, "stopped"),
        };
        let cause = ran.error.map(Failure::from);
        let message = cause.as_ref().map(|cause| format!(" ({})", cause.message())).unwrap_or_default();
        // What is not known about some cards outweighs that others were not sent.
        let kind = if kind == Kind::NotSent && counts.unknown > 0 { Kind::Unknown } else { kind };
        let failure = Failure::new(kind, format!("{why}{message}"));
        // First what is in the way, where that is known; it stands there again until it is gone.
        let steps = [cause.as_ref().and_then(Failure::next).map(str::to_string), go_on];
        let steps: Vec<String> = steps.into_iter().flatten().collect();
        return Err(match steps.is_empty() {
            true => failure,
            false => failure.hint(steps.join("; then ")),
        });
    }
    Ok(if counts.unknown > 0 {
        if let Some(hint) = go_on {
            tell!("{KEY}next:{END} {hint}, and reads the unknown cards again");
        }
        Exit::Unknown
    } else if counts.failed > 0 {
        // As for a single card, where all failed alike.
        let mut kinds = bulk.rows().filter(|row| row.fate == Fate::Failed).map(|row| kind_of_failure(row.code));
        let first = kinds.next().unwrap_or(Kind::Failed);
        if kinds.all(|kind| kind == first) { first.into() } else { Exit::Failed }
    } else if counts.awaiting_approval > 0 {
        if let Some(hint) = go_on {
            tell!("{KEY}next:{END} when they are approved, {hint}");
        }
        Exit::AwaitingApproval
    } else {
        Exit::Done
    })
}
