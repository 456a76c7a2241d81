//! The operations: what would be sent, or sending it.

use crate::args::{Arguments, Operate};
use crate::confirm::{can_be_confirmed, confirmed};
use crate::connect::{self, Selected};
use crate::failure::{Done, Exit, Failure, Kind, with_output};
use crate::in_reader::{add_to, introduce};
use crate::out::{self, say, tell};
use crate::output;
use crate::style::{self, BOLD, CARE, END, KEY, escape_controls};
use cardwright::client::{AnyCard, AnyClient, Ending, Outcome, Planned};
use cardwright::core::lifecycle::{Operation, Verdict};
use cardwright::core::{Code, Named};
use serde_json::json;
use std::io;

pub(crate) fn operate(arguments: &Arguments, operate: &Operate) -> Done {
    let Operate { word, change, reason } = operate;
    let client = connect::client(arguments, change.check)?;
    let job = cardwright::job(client.system(), word, *reason, &change.comment)?;
    let operation = job.operation;
    // What the system or its dialect lacks shows with any card, and before anybody is asked.
    client.plan_by_id("0", &job)?;
    can_be_confirmed(operation, operate)?;
    let selected = connect::candidate(&client, &change.card, connect::card_limits(&arguments.server)?)?;
    let card = &selected.card;
    if change.dry_run {
        let plan = client.plan(card, &job)?;
        return show_plan(arguments, &client, &selected, operation, &plan);
    }
    if confirmed((operation, operate), &selected, client.base(), arguments.json)? {
        client.check_unchanged(card).map_err(|error| about(error.into(), Some(card), client.base()))?;
    }
    let outcome = arguments
        .limit
        .changing(|| client.operate(card, &job))
        .map_err(|error| about(error.into(), Some(card), client.base()))?;
    report(arguments, &client, Some(card), Some(operation), &outcome, |object| add_to(object, &selected))
}

/// Says how an operation ended. What was refused or not sent is an error; what is not known is the result.
pub(crate) fn report(
    arguments: &Arguments,
    client: &AnyClient,
    before: Option<&AnyCard>,
    operation: Option<Operation>,
    outcome: &Outcome<AnyCard>,
    add: impl FnOnce(&mut serde_json::Value),
) -> Done {
    let printed = if arguments.json {
        let mut object = outcome_json(client.base(), before, operation, outcome);
        add(&mut object);
        out::result_json(&object)
    } else if let Some(text) = text(client.base(), before, outcome) {
        out::result(format_args!("{text}"))
    } else {
        Ok(())
    };
    let done = match cardwright::failure_of(outcome) {
        None if outcome.ending == Ending::AwaitingApproval => {
            show_next(arguments, cardwright::next_step(outcome).as_deref());
            Ok(Exit::AwaitingApproval)
        }
        None => Ok(Exit::Done),
        Some(failure) if failure.kind() == Kind::Unknown => {
            show_next(arguments, failure.next());
            Ok(Exit::Unknown)
        }
        Some(failure) => Err(about(failure, before.or(outcome.card.as_ref()), client.base())),
    };
    with_output(done, printed, arguments.json)
}

/// A failure with the card that it is about, and the server.
fn about(failure: Failure, card: Option<&AnyCard>, server: &str) -> Failure {
    match card {
        Some(card) => failure.about(&format!("{}, {}", name(card), output::whose(card, server))),
        None => failure,
    }
}

/// A card's id and serial number.
fn name(card: &AnyCard) -> String {
    let (id, serial) = (card.id(), card.serial_number());
    if id == serial || serial.is_empty() { id } else { format!("{id} {serial}") }
}

fn show_next(arguments: &Arguments, next: Option<&str>) {
    if let (false, Some(next)) = (arguments.json, next) {
        tell!("{KEY}next:{END} {}", escape_controls(next));
    }
}

fn outcome_json(
    server: &str,
    before: Option<&AnyCard>,
    operation: Option<Operation>,
    outcome: &Outcome<AnyCard>,
) -> serde_json::Value {
    let failure = cardwright::failure_of(outcome);
    let after = outcome.card.as_ref();
    let mut object = json!({
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
    });
    output::add_target(&mut object, before.or(after), server);
    object
}

/// One line on what happened, and further ones where the tables did not expect it; `None` where it is an error.
fn text(server: &str, before: Option<&AnyCard>, outcome: &Outcome<AnyCard>) -> Option<String> {
    let card = before.or(outcome.card.as_ref());
    let name = card.map_or_else(|| "the card".to_string(), name);
    let name = escape_controls(&name);
    let whose = card.map_or_else(|| format!("on {server}"), |card| output::whose(card, server));
    let whose = format!("{KEY}{}{END}", escape_controls(&whose));
    let mut text = match outcome.ending {
        Ending::Done => {
            let after = outcome.card.as_ref();
            let (state, style) =
                after.map_or_else(Default::default, |card| (card.state_text(), style::of_state(card.state())));
            let was = before.map_or_else(String::new, |before| {
                let (was, old) = (style::of_state(before.state()), before.state_text());
                format!("{was}{}{END} → ", escape_controls(&old))
            });
            format!("{BOLD}{name}{END}  {was}{style}{}{END}  {whose}", escape_controls(&state))
        }
        Ending::Accepted => {
            format!(
                "{BOLD}{name}{END}  {CARE}accepted{END}: the server said yes, and the card was not read again  {whose}"
            )
        }
        Ending::AwaitingApproval => {
            let request = escape_controls(outcome.request.as_deref().unwrap_or_default()).to_string();
            format!("{BOLD}{name}{END}  {CARE}waits for approval{END}: request {request}  {whose}")
        }
        Ending::Unknown => {
            let words = outcome.to_string();
            let words = words.strip_prefix("unknown").unwrap_or(&words);
            format!("{BOLD}{name}{END}  {CARE}unknown{END}{}  {whose}", escape_controls(words))
        }
        _ => return None,
    };
    if let Some(warning) = &outcome.warning {
        text += &format!("\n{CARE}note:{END} {}", escape_controls(warning));
    }
    if let Some(Verdict::Refused { evidence, source }) = outcome.verdict {
        text += &format!("\n{CARE}note:{END} our tables did not expect this ({}: {source})", evidence.name());
    }
    Some(text)
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
    let printed = match arguments.json {
        true => {
            let mut object = json!({
                "operation": operation.name(),
                "card": output::record(card),
                "state": output::state_json(card),
                "verdict": output::verdict_json(verdict),
                "listed_by_server": listed,
                "requests": plan.iter().map(output::planned_json).collect::<Vec<_>>(),
            });
            output::add_target(&mut object, Some(card), client.base());
            add_to(&mut object, selected);
            out::json(&object)
        }
        false => print_plan(client, selected, operation, (verdict, listed), plan),
    };
    let refused = verdict.is_some_and(|verdict| !verdict.is_allowed()) || listed == Some(false);
    let refused = refused || selected.certain().is_err();
    with_output(Ok(if refused { Exit::Refused } else { Exit::Done }), printed, arguments.json)
}

/// A plan for people.
fn print_plan(
    client: &AnyClient,
    selected: &Selected,
    operation: Operation,
    (verdict, listed): (Option<Verdict>, Option<bool>),
    plan: &[Planned],
) -> io::Result<()> {
    let card = &selected.card;
    let word = operation.native(client.system()).unwrap_or(operation.name());
    let card_text = format!("{}, now {}", name(card), card.state_text());
    if let Some(text) = introduce(selected) {
        say!("{text}")?;
    }
    let whose = output::whose(card, client.base());
    say!("{BOLD}{word}{END} {}  {KEY}{}{END}", escape_controls(&card_text), escape_controls(&whose))?;
    say!("  {KEY}tables{END}  {}", output::verdict_text(verdict))?;
    if let Some(listed) = listed {
        let listed = if listed { "lists the operation" } else { "does not list the operation" };
        say!("  {KEY}server{END}  {listed} for this account")?;
    }
    for planned in plan {
        say!("  {KEY}send{END}    {} {}", planned.method, escape_controls(&planned.address))?;
        if let Some(body) = &planned.body {
            say!("          {}", escape_controls(body))?;
        }
    }
    say!("{KEY}nothing was sent{END}")
}
