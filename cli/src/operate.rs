//! The operations: what would be sent, or sending it.

use crate::args::{Arguments, Operate};
use crate::connect::{self, Selected};
use crate::failure::{Done, Exit, Failure, Kind};
use crate::in_reader::{add_to, introduce};
use crate::output;
use crate::style::{self, BOLD, CARE, END, KEY, escape_controls};
use crate::terminal;
use cardwright::InReader;
use cardwright::client::{AnyCard, AnyClient, Outcome, Planned};
use cardwright::core::Named;
use cardwright::core::lifecycle::{Operation, Verdict};
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
    if arguments.json {
        let mut object = outcome_json(card, operation, &outcome);
        add_to(&mut object, &selected);
        anstream::println!("{object}");
    } else {
        print(card, &outcome);
    }
    Ok(match outcome {
        Outcome::AwaitingApproval { .. } => Exit::AwaitingApproval,
        Outcome::Unknown { .. } => Exit::Unknown,
        _ => Exit::Done,
    })
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

fn outcome_json(before: &AnyCard, operation: Operation, outcome: &Outcome<AnyCard>) -> serde_json::Value {
    let (done, after, verdict, request) = match outcome {
        Outcome::Done { card, verdict, request, .. } => ("done", card.as_ref(), *verdict, request.as_deref()),
        Outcome::AwaitingApproval { request, verdict } => ("awaiting approval", None, *verdict, Some(request.as_str())),
        Outcome::Unknown { card, request, .. } => ("unknown", card.as_ref(), None, request.as_deref()),
        _ => ("unknown", None, None, None),
    };
    json!({
        "operation": operation.name(),
        "word": operation.native(before.system()),
        "outcome": done,
        "before": output::state_json(before),
        "after": after.map(output::state_json),
        "card": after.map(output::record),
        "request": request,
        "verdict": output::verdict_json(verdict),
    })
}

/// One line on what happened, and a second one if the tables did not expect it.
fn print(before: &AnyCard, outcome: &Outcome<AnyCard>) {
    let name = format!("{} {}", before.id(), before.serial_number());
    let name = escape_controls(&name);
    match outcome {
        Outcome::Done { card, .. } => {
            let (state, style) = match card {
                Some(card) => (card.state_text(), style::of_state(card.state())),
                None => ("done; the card could not be read again".to_string(), CARE),
            };
            let (was, old) = (style::of_state(before.state()), before.state_text());
            let (old, state) = (escape_controls(&old), escape_controls(&state));
            anstream::println!("{BOLD}{name}{END}  {was}{old}{END} → {style}{state}{END}");
        }
        Outcome::AwaitingApproval { request, .. } => {
            let request = escape_controls(request);
            anstream::println!("{BOLD}{name}{END}  {CARE}waits for approval{END}: request {request}");
        }
        Outcome::Unknown { card, error, .. } => {
            let now = card.as_ref().map_or("it cannot be read".to_string(), |card| card.state_text());
            let lost = format!("the answer was lost ({error}); the card is now {now}");
            anstream::println!("{BOLD}{name}{END}  {CARE}unknown{END}: {}", escape_controls(&lost));
        }
        _ => {}
    }
    if let Outcome::Done { verdict: Some(Verdict::Refused { evidence, source }), .. }
    | Outcome::AwaitingApproval { verdict: Some(Verdict::Refused { evidence, source }), .. } = outcome
    {
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
