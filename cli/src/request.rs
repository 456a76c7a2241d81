//! `request`: a request of MIM CM that waits, or that was left behind.

use crate::args::{Arguments, Request};
use crate::connect;
use crate::failure::{Done, Exit, Failure};
use crate::operate::report;
use crate::style::{BOLD, END, escape_controls};
use cardwright::core::Named as _;
use cardwright::core::mim::OwnedRequest;

pub(crate) fn request(arguments: &Arguments, request: &Request) -> Done {
    let client = connect::client(arguments, None)?;
    if !client.lists_operations() {
        let message = format!("{} has no requests", client.system().name());
        return Err(Failure::usage(message).hint("requests are MIM CM's; in CertiFlow an operation is one call"));
    }
    match request {
        Request::Show(given) => show(arguments, &client.request(&given.request)?),
        Request::Cancel(given) => show(arguments, &client.cancel_request(&given.request)?),
        Request::Continue(given) => {
            let found = client.request(&given.request)?;
            let operation = cardwright::core::mim::operation_of(&found.view());
            report(arguments, None, operation, &client.go_on(&given.request)?, |_| {})
        }
    }
}

fn show(arguments: &Arguments, request: &OwnedRequest) -> Done {
    let view = request.view();
    if arguments.json {
        anstream::println!("{}", view.json());
    } else {
        let (uuid, kind, status) = (view.uuid().unwrap_or_default(), view.request_type(), view.status());
        let text = format!("{kind} {status}, for card {}", view.smartcard_uuid().unwrap_or_default());
        anstream::println!("{BOLD}{}{END}  {}", escape_controls(&uuid.to_string()), escape_controls(&text));
    }
    Ok(Exit::Done)
}
