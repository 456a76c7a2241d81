//! `request`: a request of MIM CM that waits, or that was left behind.

use crate::args::{Arguments, ListRequests, Request};
use crate::confirm::named_confirmed;
use crate::connect;
use crate::failure::{Done, Exit, Failure, with_output};
use crate::listing::Objects;
use crate::operate::report;
use crate::out::{self, tell};
use crate::output;
use crate::style::{BOLD, CARE, END, escape_controls};
use crate::table::Table;
use cardwright::client::{AnyCard, AnyClient, FollowedRequest, RequestFilter};
use cardwright::core::json::Text;
use cardwright::core::mim::{OwnedRequest, Step};
use cardwright::core::{Code, Named as _};
use cardwright::{describe_target, failure_of_change};
use serde_json::json;
use std::io::BufWriter;

/// The next step where nobody knows whether a request was given up.
const LOOK: &str = "cardwright request show tells how it is";

const COLUMNS: &[&str] = &["REQUEST", "KIND", "STATUS", "APPROVALS", "CARD", "SUBMITTED", "COMMENT"];

pub(crate) fn request(arguments: &Arguments, request: &Request) -> Done {
    let client = connect::client(arguments, None)?;
    if !client.lists_operations() {
        let message = format!("{} has no requests", client.system().name());
        return Err(Failure::usage(message).hint("requests are MIM CM's; in CertiFlow an operation is one call"));
    }
    match request {
        Request::List(given) => list(arguments, &client, given),
        Request::Show(given) => {
            let followed = client.follow(&given.request)?;
            if let Some(error) = &followed.unread {
                tell!("{CARE}note:{END} its card cannot be read: {}", escape_controls(&error.unmasked().to_string()));
            }
            show(arguments, &client, &followed.request, followed.card.as_ref(), Some(&followed))
        }
        Request::Cancel(given) => {
            let canceled = arguments.limit.changing_other(LOOK, || client.cancel_request(&given.request));
            let canceled = canceled.map_err(|error| match error.code() {
                // It may have been sent.
                Code::Canceled => failure_of_change(error, LOOK),
                _ => Failure::from(error),
            })?;
            show(arguments, &client, &canceled, card_of(&client, &canceled).as_ref(), None)
        }
        Request::Continue(given) => go_on(arguments, &client, &given.decide.request, given.yes),
    }
}

/// Goes on with a request. What it does to the card is asked about as where the card is named.
fn go_on(arguments: &Arguments, client: &AnyClient, request: &str, yes: bool) -> Done {
    let found = client.request(request)?;
    let view = found.view();
    let operation = cardwright::core::mim::operation_of(&view);
    let card = card_of(client, &found);
    // Nothing is sent for one that has ended.
    let has_ended = matches!(view.step(), Step::Done | Step::Ended(_));
    if let Some(operation) = operation.filter(|_| !has_ended) {
        let what = match &card {
            Some(card) => describe_target(card, client.base()),
            None => format!("card {}, on {}", view.smartcard_uuid().unwrap_or_default(), client.base()),
        };
        let word = operation.native(client.system()).unwrap_or(operation.name()).to_lowercase();
        let asked = named_confirmed((operation, &word), &format!("request {request}, for {what}"), yes)?;
        if let (true, Some(card)) = (asked, &card) {
            client.check_unchanged(card)?;
        }
    }
    let outcome = arguments.limit.changing(|| client.go_on(request))?;
    report(arguments, client, card.as_ref(), operation, &outcome, |_| {})
}

fn list(arguments: &Arguments, client: &AnyClient, given: &ListRequests) -> Done {
    let statuses = match given.status {
        Some(status) => vec![status],
        None if given.open => RequestFilter::open().statuses,
        None => Vec::new(),
    };
    let requests = client.requests(&RequestFilter { statuses, for_caller: given.mine })?;
    if arguments.json {
        let mut objects = Objects::new(BufWriter::new(out::data()), true);
        for request in requests {
            objects.put(request?.view().json())?;
        }
        objects.end()?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new(out::text(), COLUMNS);
    let mut approvals = None;
    for request in requests {
        let request = match request {
            Ok(request) => request,
            Err(error) => {
                table.end()?;
                return Err(error.into());
            }
        };
        let view = request.view();
        let text = |text: Option<Text<'_>>| text.unwrap_or_default().to_string();
        let id = text(view.uuid());
        // Asked for once, and only where something waits for it: a server of MIM CM itself does not tell.
        let approved = match view.step() {
            Step::AwaitApproval => {
                let approvals = approvals.get_or_insert_with(|| cardwright::approvals(client));
                let found = approvals.get(&id.to_ascii_lowercase());
                found.map(|(given, needed)| format!("{given} of {needed}")).unwrap_or_default()
            }
            _ => String::new(),
        };
        let submitted = text(view.submitted());
        let card = text(view.smartcard_uuid());
        table.row(vec![
            id.into(),
            view.request_type().to_string().into(),
            view.status().to_string().into(),
            approved.into(),
            card.into(),
            submitted.into(),
            text(view.comment()).into(),
        ])?;
    }
    table.end()?;
    Ok(Exit::Done)
}

/// The card that a request is for; `None` where it cannot be read, which is then no more than not said.
fn card_of(client: &AnyClient, request: &OwnedRequest) -> Option<AnyCard> {
    let uuid = request.view().smartcard_uuid()?.to_string();
    client.card(&uuid).ok().flatten()
}

/// Shows a request, whose card it is for, and on which server. What is printed here changes nothing, but it may tell of a
/// change: it must not be lost on a full disk.
fn show(
    arguments: &Arguments,
    client: &AnyClient,
    request: &OwnedRequest,
    card: Option<&AnyCard>,
    followed: Option<&FollowedRequest>,
) -> Done {
    let view = request.view();
    let printed = if arguments.json {
        let mut target = json!({});
        output::add_target(&mut target, card, client.base());
        if let Some(followed) = followed {
            target["step"] = followed.step_name().into();
        }
        // The request as the server sent it, and what it does not say.
        let (sent, more) = (view.json().trim_end(), target.to_string());
        let object = match (sent.strip_suffix('}'), more.strip_prefix('{')) {
            (Some(sent), Some(more)) => format!("{sent},{more}"),
            _ => sent.to_string(),
        };
        out::result_json(&object)
    } else {
        let (uuid, kind, status) = (view.uuid().unwrap_or_default(), view.request_type(), view.status());
        let mut text = format!("{kind} {status}, for card {}", view.smartcard_uuid().unwrap_or_default());
        match &card {
            Some(card) => text += &format!(" {}, {}", card.serial_number(), output::whose(card, client.base())),
            None => text += &format!(", on {}", client.base()),
        }
        if followed.is_some_and(|followed| followed.step == Step::CarryOut) {
            text += "; cardwright request continue carries it out";
        }
        let text = format!("{BOLD}{}{END}  {}", escape_controls(&uuid.to_string()), escape_controls(&text));
        out::result(format_args!("{text}"))
    };
    with_output(Ok(Exit::Done), printed, arguments.json)
}
