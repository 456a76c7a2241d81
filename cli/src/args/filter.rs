//! The arguments of `cards`: filters, and the format of the list.

use cardwright::core::certiflow::{CardState, ContentExpirationStatus, OwnedQuery, RevocationReason};
use cardwright::named;
use clap::{Args, ValueEnum};

/// Which cards. All filters are CertiFlow's; MIM CM lists the account's own cards.
#[derive(Debug, Args)]
pub(crate) struct Filter {
    /// Clean, Assigned, Pending, Issued, Disabled or Revoked.
    #[arg(long, value_parser = named::<CardState>)]
    pub(crate) state: Option<CardState>,
    /// The card's serial number.
    #[arg(long)]
    pub(crate) serial: Option<String>,
    /// The user, DOMAIN\LogonName or UPN.
    #[arg(long = "of", value_name = "USER")]
    pub(crate) user_name: Option<String>,
    /// The name of the card's type.
    #[arg(long = "type", value_name = "NAME")]
    pub(crate) card_type: Option<String>,
    /// The card's model (since 7.1).
    #[arg(long)]
    pub(crate) model: Option<String>,
    /// The note on the card.
    #[arg(long)]
    pub(crate) comment: Option<String>,
    /// A tag; may be given several times.
    #[arg(long = "tag", value_name = "TAG")]
    pub(crate) tags: Vec<String>,
    /// The usage policy (since 7.1).
    #[arg(long)]
    pub(crate) policy: Option<String>,
    /// Whether certificates expire: ManagedCertificatesExpiring, ManagedCertificatesExpired, or the
    /// same with Common or Traced.
    #[arg(long, value_parser = named::<ContentExpirationStatus>, value_name = "STATUS")]
    pub(crate) content: Option<ContentExpirationStatus>,
    /// Short for --content ManagedCertificatesExpiring.
    #[arg(long, conflicts_with = "content")]
    pub(crate) expiring: bool,
    /// Issued on or since this date or time (since 7.1).
    #[arg(long, value_name = "DATE")]
    pub(crate) issued: Option<String>,
    /// Updated on or since this date or time (since 7.1).
    #[arg(long, value_name = "DATE")]
    pub(crate) updated: Option<String>,
    /// Revoked on or since this date or time (since 7.1).
    #[arg(long, value_name = "DATE")]
    pub(crate) revoked: Option<String>,
    /// Skip this number of cards.
    #[arg(long, value_name = "CARDS")]
    pub(crate) offset: Option<u32>,
    /// List this number of cards at most.
    #[arg(long, value_name = "CARDS")]
    pub(crate) limit: Option<u32>,
}

/// Which cards, and how to print them.
#[derive(Debug, Args)]
pub(crate) struct Cards {
    #[command(flatten)]
    pub(crate) filter: Filter,
    /// How to print them: a table for people; as the server sent them, in a list (json) or one a line
    /// (ndjson); or csv with the vendor's names of fields.
    #[arg(long, value_name = "FORMAT", conflicts_with = "json")]
    pub(crate) format: Option<Format>,
    /// In CSV, leave cells alone that a spreadsheet would take for a formula. Default: they get an apostrophe in
    /// front.
    #[arg(long)]
    pub(crate) csv_raw: bool,
}

/// How a list is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Table,
    Json,
    Ndjson,
    Csv,
}

impl Filter {
    /// What to ask the server for.
    pub(crate) fn query(&self) -> OwnedQuery {
        let expiring = self.expiring.then_some(ContentExpirationStatus::ManagedCertificatesExpiring);
        OwnedQuery {
            offset: self.offset,
            count: self.limit,
            serial_number: self.serial.clone(),
            user_name: self.user_name.clone(),
            card_type_name: self.card_type.clone(),
            card_model_name: self.model.clone(),
            comment: self.comment.clone(),
            tags: self.tags.clone(),
            policy_name: self.policy.clone(),
            state: self.state,
            content_expiration_status: self.content.or(expiring),
            time_issued: self.issued.clone(),
            time_updated: self.updated.clone(),
            time_revoked: self.revoked.clone(),
        }
    }
}

/// Reads a revocation reason by its name or number.
pub(crate) fn reason(text: &str) -> Result<RevocationReason, String> {
    RevocationReason::parse(text).map_or_else(|| named(text), Ok)
}
