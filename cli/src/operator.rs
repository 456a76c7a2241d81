//! What the operator of a `cardwright serve` does: `approve` and `deny` requests of MIM CM, for which the
//! product has no call (there it happens in the portal), and `backup`.

use crate::args::{Arguments, Backup, Decide};
use crate::connect;
use crate::failure::{Done, Exit, Failure, Kind, server_failure};
use cardwright::client::http::Transport;
use cardwright::core::base::Base;
use cardwright::core::http::Method;
use cardwright::core::identity::Guid;
use serde_json::{Value, json};

pub(crate) fn decide(arguments: &Arguments, decide: &Decide, what: &str) -> Done {
    let target = connect::target(&arguments.server)?;
    let url = &target.url;
    let root = root(url).ok_or_else(|| Failure::usage(format!("{url} does not end as an API of cardwright serve")))?;
    let request = Guid::parse(&decide.request)
        .map_err(|_| Failure::usage(format!("{}: a request's id is a GUID", decide.request)))?;
    let client = Transport::new(target.setup(&format!("{root}/_sandbox")))?;
    let answer = client.raw(Method::Post, &format!("requests/{request}/{what}"), None)?;
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let message = body["error"].as_str();
    match (answer.status, message) {
        (200, _) if body["status"].is_string() => {}
        (401, _) => return Err(Failure::new(Kind::NotAllowed, "the server does not accept the account")),
        (403, message) => return Err(Failure::new(Kind::NotAllowed, message.unwrap_or("the account may not decide"))),
        (404, Some(message)) => return Err(Failure::new(Kind::NotFound, message)),
        (409, Some(message)) => return Err(Failure::new(Kind::Refused, message)),
        (status, _) => {
            let message = format!("{root} has no operator's calls (HTTP {status})");
            return Err(Failure::usage(message)
                .hint("only a server of cardwright serve has them; in MIM CM requests are decided in the portal"));
        }
    }
    if arguments.json {
        anstream::println!("{body}");
    } else {
        let status = body["status"].as_str().unwrap_or_default();
        let (approvals, needed) = (&body["approvals"], &body["needed"]);
        anstream::println!("request {request} is {status}; {approvals} of {needed} approvals");
    }
    Ok(Exit::Done)
}

/// Copies a registry, also while a server uses it.
pub(crate) fn backup(arguments: &Arguments, backup: &Backup) -> Done {
    let copied = cardwright_server::backup(&backup.data, &backup.file).map_err(server_failure)?;
    let (cards, audit, bytes) = (copied.cards, copied.audit, copied.bytes);
    if arguments.json {
        anstream::println!("{}", json!({ "file": backup.file, "cards": cards, "audit": audit, "bytes": bytes }));
    } else {
        let file = backup.file.display();
        anstream::println!("{cards} cards and {audit} rows of the audit log in {file}, {bytes} bytes");
        anstream::println!("to use it, put it into a folder of its own as registry.sqlite");
    }
    Ok(Exit::Done)
}

/// The server's address without the API's base.
fn root(url: &str) -> Option<&str> {
    let url = url.trim_end_matches('/');
    let base = Base::of(url).filter(|base| cardwright_server::serves(base.path))?;
    url.get(..url.len().checked_sub(base.path.len())?)
}

#[cfg(test)]
mod tests {
    use super::root;

    #[test]
    fn the_servers_address_is_what_stands_before_the_base() {
        for base in ["/certiflow/api", "/CertiFlow/API/", "/icmapi", "/CertificateManagement"] {
            assert_eq!(root(&format!("http://127.0.0.1:8080{base}")), Some("http://127.0.0.1:8080"));
        }
        assert_eq!(root("https://host/cm/api"), None);
        assert_eq!(root("/api"), None);
    }
}
