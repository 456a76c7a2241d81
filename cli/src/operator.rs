//! What the operator of a `cardwright serve` does: `approve` and `deny` requests of MIM CM, for which the
//! product has no call (there it happens in the portal), and `backup`.

use crate::args::{Arguments, Backup, Decide};
use crate::connect;
use crate::failure::{Done, Exit, Failure, server_failure};
use crate::out;
use crate::style::escape_controls;
use cardwright::client::Decision;
use cardwright::core::Code;
use cardwright::core::identity::Guid;
use cardwright::failure_of_change;
use serde_json::json;

/// The next step where nobody knows whether a decision arrived.
const LOOK: &str = "cardwright request show tells whether it was decided";

pub(crate) fn decide(arguments: &Arguments, decide: &Decide, decision: Decision) -> Done {
    let request = Guid::parse(&decide.request)
        .map_err(|_| Failure::usage(format!("{}: a request's id is a GUID", decide.request)))?;
    let client = connect::client(arguments, None)?;
    let server = client.own_server()?;
    let request = request.to_string();
    let decided = arguments.limit.changing_other(LOOK, || server.decide(&request, decision)).map_err(|error| {
        let is_forbidden = error.code() == Code::Forbidden;
        let failure = failure_of_change(error, LOOK);
        if is_forbidden { failure.hint("sign in as an administrator who did not make the request") } else { failure }
    })?;
    if arguments.json {
        out::result_json(&decided.json())?;
    } else {
        let (status, approvals, needed) = (escape_controls(&decided.status), decided.approvals, decided.needed);
        let server = escape_controls(client.base());
        out::result(format_args!("request {request} is {status}; {approvals} of {needed} approvals, on {server}"))?;
    }
    Ok(Exit::Done)
}

/// Copies a registry, also while a server uses it.
pub(crate) fn backup(arguments: &Arguments, backup: &Backup) -> Done {
    let copied = cardwright_server::backup(&backup.data, &backup.file).map_err(server_failure)?;
    let (cards, audit, bytes) = (copied.cards, copied.audit, copied.bytes);
    if arguments.json {
        out::result_json(&json!({ "file": backup.file, "cards": cards, "audit": audit, "bytes": bytes }))?;
    } else {
        let file = backup.file.display();
        out::result(format_args!(
            "{cards} cards and {audit} rows of the audit log in {file}, {bytes} bytes\nto use it, put it into a folder of \
             its own as registry.sqlite"
        ))?;
    }
    Ok(Exit::Done)
}
