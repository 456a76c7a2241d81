//! The registry that a command opens: in a folder, or in a database.

use crate::args::DatabaseArguments;
use crate::failure::{Failure, server_failure};
use crate::terminal::Terminal;
use cardwright_server::{Data, Database, Secret};
use std::path::Path;

/// Where a registry is kept.
pub(crate) struct Kept {
    pub(crate) data: Data,
    /// The option that names it, without its dashes.
    pub(crate) option: &'static str,
    /// What was given to that option. There is no password in it.
    pub(crate) place: String,
}

impl Kept {
    /// The folder or the database that was named, if any was.
    ///
    /// # Errors
    /// Where the database's address is wrong or has a password, or a file that belongs to it cannot be used.
    pub(crate) fn read(folder: Option<&Path>, given: &DatabaseArguments) -> Result<Option<Self>, Failure> {
        if let Some(folder) = folder {
            let (data, place) = (Data::Directory(folder.to_owned()), folder.display().to_string());
            return Ok(Some(Kept { data, option: "data", place }));
        }
        let Some(url) = &given.database else { return Ok(None) };
        let data = Data::Postgres(database(url, given, "--database")?);
        Ok(Some(Kept { data, option: "database", place: url.clone() }))
    }

    /// The folder or the database that one option names: what begins as an address is a database.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(crate) fn read_either(
        place: &str,
        option: &'static str,
        password_file: Option<&Path>,
        ca: Option<&Path>,
    ) -> Result<Self, Failure> {
        let data = if place.starts_with("postgresql://") || place.starts_with("postgres://") {
            let given = DatabaseArguments {
                database: None,
                database_password_file: password_file.map(Path::to_owned),
                database_ca: ca.map(Path::to_owned),
                database_connections: 2,
            };
            Data::Postgres(database(place, &given, &format!("--{option}"))?)
        } else if let Some(file) = password_file {
            let why = format!("{}: --{option} names a folder, which needs no password", file.display());
            return Err(Failure::usage(why));
        } else {
            Data::Directory(place.into())
        };
        Ok(Kept { data, option, place: place.to_owned() })
    }

    /// How it is named on a command line of a shell.
    pub(crate) fn words(&self) -> String {
        let quoted = shlex::try_quote(&self.place).unwrap_or_default();
        format!("--{} {quoted}", self.option)
    }
}

/// A database by its address, with what else is needed to reach it.
fn database(url: &str, given: &DatabaseArguments, option: &str) -> Result<Database, Failure> {
    let mut database = Database::parse(url).map_err(server_failure)?.connections(given.database_connections);
    if database.has_password() {
        let why = format!("{option}: there is a password in the address, and others can read it in the process list");
        return Err(Failure::usage(why).hint(format!("put it into a file for {option}-password-file")));
    }
    if let Some(file) = &given.database_password_file {
        let password = cardwright::secret_from_file(file, &Terminal)?;
        database = database.password(&Secret::new(password.expose()));
    }
    if let Some(file) = &given.database_ca {
        let pem = cardwright::text_file::read_as_utf8(file);
        database = database.roots(pem.map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?);
    }
    Ok(database)
}
