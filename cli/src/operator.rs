//! What the operator of a `cardwright serve` does: `approve` and `deny` requests of MIM CM, for which the
//! product has no call (there it happens in the portal), and `backup`.

use crate::args::{Arguments, Backup, Decide};
use crate::connect;
use crate::failure::{Done, Exit, Failure, server_failure};
use crate::kept::Kept;
use crate::out;
use crate::style::escape_controls;
use cardwright::client::Decision;
use cardwright::core::Code;
use cardwright::core::identity::Guid;
use cardwright::failure_of_change;
use serde_json::json;
use std::borrow::Cow;
use std::path::Path;

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

/// Copies the registry in a folder, also while a server uses it. A database is copied by PostgreSQL's own programs: says how.
pub(crate) fn backup(arguments: &Arguments, backup: &Backup) -> Done {
    let folder = match (&backup.data, Kept::read(None, &backup.database)?) {
        (Some(folder), _) => folder,
        (None, Some(database)) => return Err(by_postgres(&database, backup)),
        (None, None) => return Err(Failure::usage("no registry is named").hint("give --data DIR or --database URL")),
    };
    let copied = cardwright_server::backup(folder, &backup.file).map_err(server_failure)?;
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

/// How a database is copied into a file.
fn by_postgres(database: &Kept, given: &Backup) -> Failure {
    let quoted = |text: &str| shlex::try_quote(text).map(Cow::into_owned).unwrap_or_default();
    let path = |path: &Path| quoted(&path.display().to_string());
    let (url, file) = (quoted(&database.place), path(&given.file));
    let ca = given.database.database_ca.as_deref();
    let tls = ca.map(|ca| format!("PGSSLMODE=verify-full PGSSLROOTCERT={} ", path(ca))).unwrap_or_default();
    let what = &database.place;
    Failure::usage(format!(
        "nothing was copied: PostgreSQL has the registry, and copies it by its own programs: {what}"
    ))
    .hint(format!(
        "{tls}pg_dump --format=custom --file={file} --dbname={url}; a password comes from the file that PGPASSFILE \
             names; restore it into an empty database: {tls}pg_restore --exit-on-error --no-owner --dbname=URL {file}; \
             docs/many-servers.md says how it is checked"
    ))
}
