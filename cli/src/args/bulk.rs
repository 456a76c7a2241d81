//! The arguments of `bulk`.

use super::filter::{Filter, Format, reason};
use cardwright::client::Check;
use cardwright::core::certiflow::RevocationReason;
use cardwright::named;
use clap::Args;
use std::path::PathBuf;

/// One operation for many cards.
#[derive(Debug, Args)]
pub(crate) struct Bulk {
    /// The system's own word, by which it is a command for one card too, such as disable or retire.
    #[arg(required_unless_present = "resume")]
    pub(crate) operation: Option<String>,
    #[command(flatten)]
    pub(crate) filter: Filter,
    /// Every card that the account may see; required without a filter or a list.
    #[arg(long)]
    pub(crate) all: bool,
    /// The cards of this list, an id a line, or CSV with a column of ids or serial numbers; - reads it from standard
    /// input. Empty lines and those that begin with # are ignored.
    #[arg(long, value_name = "FILE", conflicts_with = "all")]
    pub(crate) from: Option<PathBuf>,
    /// With --from: the lines are serial numbers, or that column of the CSV counts.
    #[arg(long, requires = "from")]
    pub(crate) serials: bool,
    /// Why, for revoke (CertiFlow): the name or the number, as with `cardwright revoke`.
    #[arg(long, value_parser = reason)]
    pub(crate) reason: Option<RevocationReason>,
    /// A comment for the requests (MIM CM).
    #[arg(long, default_value = "", value_name = "TEXT")]
    pub(crate) request_comment: String,
    /// What to do with a card whose state does not allow it: warn (skip it where the vendor documents it),
    /// strict, or off. Default: the profile's, or warn.
    #[arg(long, value_parser = named::<Check>, value_name = "HOW")]
    pub(crate) check: Option<Check>,
    /// Show what would happen to which cards; send nothing that changes anything.
    #[arg(long)]
    pub(crate) plan: bool,
    /// Do not ask: this number of cards is to be changed, and if it is another number nothing is done.
    #[arg(long, value_name = "CARDS")]
    pub(crate) expect: Option<usize>,
    /// The number of cards in progress at the same time.
    #[arg(long, default_value_t = 8, value_name = "CARDS")]
    pub(crate) concurrency: usize,
    /// The most operations a second.
    #[arg(long, value_name = "OPERATIONS")]
    pub(crate) rate: Option<f64>,
    /// Process this number of cards first, one by one; if one of them is not done, stop.
    #[arg(long, default_value_t = 0, value_name = "CARDS")]
    pub(crate) canary: usize,
    /// Stop when more cards than this have failed.
    #[arg(long, value_name = "CARDS")]
    pub(crate) max_failures: Option<usize>,
    /// The journal, a file that does not exist yet. Default: cardwright-OPERATION-TIME.ndjson in this folder.
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,
    /// Resume the run of this journal, which names its operation and its cards.
    #[arg(long, value_name = "JOURNAL", conflicts_with_all = ["all", "from", "plan", "expect", "journal"])]
    pub(crate) resume: Option<PathBuf>,
    /// With --resume: try the cards again that failed.
    #[arg(long, requires = "resume")]
    pub(crate) retry_failed: bool,
    /// Print every card and its outcome. Default: those that are not done, as a table.
    #[arg(long, value_name = "FORMAT", conflicts_with = "json")]
    pub(crate) format: Option<Format>,
}
