//! The operations: what would be sent, or sending it.

use crate::args::{Arguments, Operate};
use crate::connect::{self, Selected};
use crate::failure::{Done, Exit, Failure, Kind};
use crate::in_reader::{add_to, introduce};
use crate::output;
use crate::style::{self, BOLD, CARE, END, KEY, escape_controls};
use crate::terminal;
use cardwright::InReader;
use cardwright::client::{AnyCard, AnyClient, Ending, Outcome, Planned};
use cardwright::core::lifecycle::{Operation, Verdict};
use cardwright::core::{Code, Named};
use serde_json::json;

pub(crate) fn operate(arguments: &Arguments, operate: &Operate) -> Done {
    let Operate { word, change, reason } = operate;
    let client = connect::client(arguments, change.check)?;
    let job = cardwright::job(client.system(), word, *reason, &change.comment)?;
    let operation = job.operation;
    let selected = connect::candidate(&client, &change.card)?;
    let card = &selected.card;
    if change.dry_run {
        let plan = client.plan(card, &job)?;
        return show_plan(arguments, &client, &selected, operation, &plan);
    }
    if selected.from.is_some() {
        confirmed(arguments, operate, &selected)?;
    }
    let outcome = client.operate(card, &job)?;
    report(arguments, Some(card), Some(operation), &outcome, |object| add_to(object, &selected))
}

/// Says how an operation ended. What was refused or not sent is an error; what is not known is the result.
pub(crate) fn report(
    arguments: &Arguments,
    before: Option<&AnyCard>,
    operation: Option<Operation>,
    outcome: &Outcome<AnyCard>,
    add: impl FnOnce(&mut serde_json::Value),
) -> Done {
    if arguments.json {
        let mut object = outcome_json(before, operation, outcome);
        add(&mut object);
        anstream::println!("{object}");
    } else {
        print(before, outcome);
    }
    match cardwright::failure_of(outcome) {
        None if outcome.ending == Ending::AwaitingApproval => {
            show_next(arguments, cardwright::next_step(outcome).as_deref());
            Ok(Exit::AwaitingApproval)
        }
        None => Ok(Exit::Done),
        Some(failure) if failure.kind() == Kind::Unknown => {
            show_next(arguments, failure.next());
            Ok(Exit::Unknown)
        }
        Some(failure) => Err(failure),
    }
}

fn show_next(arguments: &Arguments, next: Option<&str>) {
    if let (false, Some(next)) = (arguments.json, next) {
        anstream::eprintln!("{KEY}next:{END} {}", escape_controls(next));
    }
}

/// That the card in the reader is still there, and that its record is the one to be changed: a person or --yes has
/// said so. What only a weaker identifier found is for a person alone.
fn confirmed(
    arguments: &Arguments,
    Operate { word, change, .. }: &Operate,
    selected: &Selected,
) -> Result<(), Failure> {
    let Some((in_reader, _)) = &selected.from else { return Ok(()) };
    if change.yes {
        selected.certain()?;
    }
    // A program that does not want to be asked reads the same in the outcome. On the error stream, as
    // the outcome alone is the output.
    if !(arguments.json && change.yes) {
        anstream::eprintln!("{}", introduce(selected).unwrap_or_default());
    }
    if !change.yes {
        let certain = selected.certain();
        let even_so = if certain.is_ok() { "" } else { ", although the record may be another's" };
        let question = format!("{BOLD}{word} this card{even_so}?{END} [y/N] ");
        confirm(&question, certain)?;
    } else if let Some(other) = in_reader.other_atr(&selected.card).filter(|_| !change.other_atr) {
        return Err(other_atr(in_reader, &other));
    }
    // Meanwhile a server was asked, and perhaps a person: another card may be in the reader by now.
    in_reader.still_there()
}

/// The record may be another card's: its serial number alone says that it is this one's.
fn other_atr(in_reader: &InReader, other: &str) -> Failure {
    let (reader, its) = (&in_reader.reader, cardwright::hex(&in_reader.atr));
    let message = format!("the record has the ATR {other}, and the card in {reader} has {its}; nothing was done");
    Failure::new(Kind::Refused, message).hint(
        "without --yes it asks; --yes --other-atr does it all the same (by contacts and without, one card has two ATRs)",
    )
}

/// Asks the person at the terminal; anything but a yes is a no. If nobody is there, the failure is that the record is
/// not certain, or that --yes is missing.
fn confirm(question: &str, certain: Result<(), Failure>) -> Result<(), Failure> {
    let Some(answer) = terminal::ask(question)? else {
        certain?;
        let message = "nobody is here to ask whether this card is the right one; nothing was done";
        return Err(Failure::usage(message).hint("--yes does it without asking"));
    };
    match answer.to_ascii_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::new(Kind::Refused, "not confirmed; nothing was done")),
    }
}

fn outcome_json(
    before: Option<&AnyCard>,
    operation: Option<Operation>,
    outcome: &Outcome<AnyCard>,
) -> serde_json::Value {
    let failure = cardwright::failure_of(outcome);
    let after = outcome.card.as_ref();
    json!({
        "operation": operation.map(Operation::name),
        "word": operation.and_then(|operation| operation.native(before.or(after)?.system())),
        "outcome": outcome.ending.name(),
        "before": before.map(output::state_json),
        "after": after.map(output::state_json),
        "card": after.map(output::record),
        "request": outcome.request,
        "verdict": output::verdict_json(outcome.verdict),
        "answer_lost": outcome.answer_lost,
        "warning": outcome.warning,
        "error": failure.as_ref().map(Failure::message),
        "code": outcome.code().map(Code::number),
        "hint": failure.as_ref().and_then(Failure::next),
    })
}

/// One line on what happened, and further ones where the tables did not expect it.
fn print(before: Option<&AnyCard>, outcome: &Outcome<AnyCard>) {
    let name = before.or(outcome.card.as_ref()).map(|card| format!("{} {}", card.id(), card.serial_number()));
    let name = escape_controls(name.as_deref().unwrap_or("the card")).to_string();
    match outcome.ending {
        Ending::Done => {
            let after = outcome.card.as_ref();
            let (state, style) =
                after.map_or_else(Default::default, |card| (card.state_text(), style::of_state(card.state())));
            let was = before.map_or_else(String::new, |before| {
                let (was, old) = (style::of_state(before.state()), before.state_text());
                format!("{was}{}{END} → ", escape_controls(&old))
            });
            anstream::println!("{BOLD}{name}{END}  {was}{style}{}{END}", escape_controls(&state));
        }
        Ending::Accepted => {
            anstream::println!(
                "{BOLD}{name}{END}  {CARE}accepted{END}: the server said yes, and the card was not read again"
            );
        }
        Ending::AwaitingApproval => {
            let request = escape_controls(outcome.request.as_deref().unwrap_or_default()).to_string();
            anstream::println!("{BOLD}{name}{END}  {CARE}waits for approval{END}: request {request}");
        }
        Ending::Unknown => {
            let words = outcome.to_string();
            let words = words.strip_prefix("unknown").unwrap_or(&words);
            anstream::println!("{BOLD}{name}{END}  {CARE}unknown{END}{}", escape_controls(words));
        }
        _ => return,
    }
    if let Some(warning) = &outcome.warning {
        anstream::println!("{CARE}note:{END} {}", escape_controls(warning));
    }
    if let Some(Verdict::Refused { evidence, source }) = outcome.verdict {
        anstream::println!("{CARE}note:{END} our tables did not expect this ({}: {source})", evidence.name());
    }
}

fn show_plan(
    arguments: &Arguments,
    client: &AnyClient,
    selected: &Selected,
    operation: Operation,
    plan: &[Planned],
) -> Done {
    let card = &selected.card;
    let verdict = card.state().map(|state| Verdict::of(state, operation));
    // The server's own list takes precedence over our tables.
    let listed = match client.lists_operations() {
        true => Some(client.operations(card)?.iter().any(|listed| listed.operation == Some(operation))),
        false => None,
    };
    if arguments.json {
        let mut object = json!({
            "operation": operation.name(),
            "card": output::record(card),
            "state": output::state_json(card),
            "verdict": output::verdict_json(verdict),
            "listed_by_server": listed,
            "requests": plan.iter().map(output::planned_json).collect::<Vec<_>>(),
        });
        add_to(&mut object, selected);
        anstream::println!("{object}");
    } else {
        let word = operation.native(client.system()).unwrap_or(operation.name());
        let card_text = format!("{} {}, now {}", card.id(), card.serial_number(), card.state_text());
        if let Some(text) = introduce(selected) {
            anstream::println!("{text}");
        }
        anstream::println!("{BOLD}{word}{END} {}", escape_controls(&card_text));
        anstream::println!("  {KEY}tables{END}  {}", output::verdict_text(verdict));
        if let Some(listed) = listed {
            let listed = if listed { "lists the operation" } else { "does not list the operation" };
            anstream::println!("  {KEY}server{END}  {listed} for this account");
        }
        for planned in plan {
            anstream::println!("  {KEY}send{END}    {} {}", planned.method, escape_controls(&planned.address));
            if let Some(body) = &planned.body {
                anstream::println!("          {}", escape_controls(body));
            }
        }
        anstream::println!("{KEY}nothing was sent{END}");
    }
    let refused = verdict.is_some_and(|verdict| !verdict.is_allowed()) || listed == Some(false);
    let refused = refused || selected.certain().is_err();
    Ok(if refused { Exit::Refused } else { Exit::Done })
}
