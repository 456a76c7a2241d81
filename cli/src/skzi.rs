//! `skzi`: the register of SKZI of Indeed CM 7.1, entry by entry as the server sends them.

use crate::args::{Arguments, Skzi};
use crate::connect;
use crate::failure::{Done, Exit, Failure, Kind};
use crate::listing::Objects;
use crate::out::{self, tell};
use crate::style::{BAD, END, escape_controls};
use std::io::BufWriter;

pub(crate) fn skzi(arguments: &Arguments, given: &Skzi) -> Done {
    let client = connect::client(arguments, None)?;
    let entries = client.skzi(&given.query().view())?;
    let mut objects = Objects::new(BufWriter::new(out::data()), arguments.json);
    let mut unreadable = 0usize;
    for entry in entries {
        match entry {
            Ok(entry) => objects.put(&entry)?,
            // One entry that cannot be read does not hide the others.
            Err(error) if matches!(error.code().band(), 300 | 400) => {
                unreadable += 1;
                tell!("{BAD}unreadable:{END} {}", escape_controls(&error.unmasked().to_string()));
            }
            Err(error) => {
                objects.end()?;
                return Err(error.into());
            }
        }
    }
    objects.end()?;
    match unreadable {
        0 => Ok(Exit::Done),
        _ => Err(Failure::new(Kind::Failed, format!("{unreadable} entries could not be read"))),
    }
}
