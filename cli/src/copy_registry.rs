//! `copy-registry`: a whole registry from one place to another.

use crate::args::{Arguments, CopyRegistry};
use crate::failure::{Done, Exit, server_failure};
use crate::kept::Kept;
use crate::out::{self, say};
use crate::output::thousands;
use crate::progress::Progress;
use crate::style::{BOLD, END, KEY};
use serde_json::{Value, json};

pub(crate) fn copy_registry(arguments: &Arguments, given: &CopyRegistry) -> Done {
    let ca = given.database_ca.as_deref();
    let from = Kept::read_either(&given.from, "from", given.from_password_file.as_deref(), ca)?;
    let to = Kept::read_either(&given.to, "to", given.to_password_file.as_deref(), ca)?;
    let mut line = Progress::of_other_work();
    let copied = cardwright_server::copy_registry(&from.data, &to.data, |at| {
        let what = if at.is_comparing { "compares" } else { "copies" };
        line.say(&format!("{what} {}: {} rows", at.table, thousands(usize::try_from(at.rows).unwrap_or(usize::MAX))));
    });
    line.clear();
    let copied = copied.map_err(server_failure)?;
    if arguments.json {
        let tables: Vec<Value> = copied
            .iter()
            .map(|table| json!({ "table": table.table, "rows": table.rows, "blake2b": table.hash }))
            .collect();
        out::result_json(&json!({ "from": from.place, "to": to.place, "tables": tables }))?;
        return Ok(Exit::Done);
    }
    say!(
        "{BOLD}{}{END} is in {BOLD}{}{END}; both were read again, and their rows are the same:",
        from.place,
        to.place
    )?;
    for table in &copied {
        let rows = thousands(usize::try_from(table.rows).unwrap_or(usize::MAX));
        say!("  {:16} {rows:>12}  {KEY}{}{END}", table.table, table.hash)?;
    }
    Ok(Exit::Done)
}
