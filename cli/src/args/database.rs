//! The arguments of all commands that open a registry: the database of PostgreSQL that has it.

use clap::Args;
use clap::builder::RangedU64ValueParser;
use std::path::PathBuf;

/// The heading of these options. It is given to each, as what follows them is something else.
const HEADING: &str = "A registry in a database of PostgreSQL, which several servers may use";

/// A database of PostgreSQL in place of a folder.
#[derive(Debug, Args)]
pub(crate) struct DatabaseArguments {
    /// The registry in this database, without a password: postgresql://USER@HOST:PORT/NAME. An empty database becomes a
    /// registry. Beyond this computer TLS is used, unless ?sslmode=disable is added.
    // Not parsed by clap, which would print what is wrong with all that is in it.
    #[arg(long, value_name = "URL", conflicts_with = "data", help_heading = HEADING)]
    pub(crate) database: Option<String>,
    /// A file with the password of the database's user in its first line.
    #[arg(long, value_name = "FILE", requires = "database", conflicts_with = "data", help_heading = HEADING)]
    pub(crate) database_password_file: Option<PathBuf>,
    /// Certificates to trust besides the system's when the database is reached, as PEM.
    #[arg(long, value_name = "FILE", requires = "database", conflicts_with = "data", help_heading = HEADING)]
    pub(crate) database_ca: Option<PathBuf>,
    /// The number of connections to the database, at least 2.
    #[arg(long, value_name = "NUMBER", default_value_t = 16, requires = "database", conflicts_with = "data",
        help_heading = HEADING, value_parser = RangedU64ValueParser::<usize>::new().range(2..=10_000))]
    pub(crate) database_connections: usize,
}
