//! The arguments of `cards`: filters, and the format of the list.

use cardwright::core::certiflow::{CardState, ContentExpirationStatus, OwnedQuery, RevocationReason};
use cardwright::named;
use clap::{Args, ValueEnum};

/// Defines [`Filter`], one row an option: its arguments, and after `=` the parameter of the query that it sets. A
/// parameter without a row does not compile.
macro_rules! filters {
    ($($(#[$meta:meta])* $option:ident: $type:ty $(= $parameter:ident)?;)*) => {
        /// Which cards. All filters are CertiFlow's; MIM CM lists the account's own cards.
        #[derive(Debug, Args)]
        pub(crate) struct Filter {
            $($(#[$meta])* pub(crate) $option: $type,)*
        }

        impl Filter {
            /// What to ask the server for.
            pub(crate) fn query(&self) -> OwnedQuery {
                let mut query = OwnedQuery { $($($parameter: self.$option.clone(),)?)* };
                if self.expiring {
                    query.content_expiration_status = Some(ContentExpirationStatus::ManagedCertificatesExpiring);
                }
                query
            }
        }
    };
}

filters! {
    /// Clean, Assigned, Pending, Issued, Disabled or Revoked.
    #[arg(long, value_parser = named::<CardState>)]
    state: Option<CardState> = state;
    /// The card's serial number.
    #[arg(long)]
    serial: Option<String> = serial_number;
    /// The user, DOMAIN\LogonName or UPN.
    #[arg(long = "of", value_name = "USER")]
    user_name: Option<String> = user_name;
    /// The name of the card's type.
    #[arg(long = "type", value_name = "NAME")]
    card_type: Option<String> = card_type_name;
    /// The card's model (since 7.1).
    #[arg(long)]
    model: Option<String> = card_model_name;
    /// The note on the card.
    #[arg(long)]
    comment: Option<String> = comment;
    /// A tag; may be given several times.
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String> = tags;
    /// The usage policy (since 7.1).
    #[arg(long)]
    policy: Option<String> = policy_name;
    /// Whether certificates expire: ManagedCertificatesExpiring, ManagedCertificatesExpired, or the
    /// same with Common or Traced.
    #[arg(long, value_parser = named::<ContentExpirationStatus>, value_name = "STATUS")]
    content: Option<ContentExpirationStatus> = content_expiration_status;
    /// Short for --content ManagedCertificatesExpiring.
    #[arg(long, conflicts_with = "content")]
    expiring: bool;
    /// Issued on or since this date or time (since 7.1).
    #[arg(long, value_name = "DATE")]
    issued: Option<String> = time_issued;
    /// Updated on or since this date or time (since 7.1).
    #[arg(long, value_name = "DATE")]
    updated: Option<String> = time_updated;
    /// Revoked on or since this date or time (since 7.1).
    #[arg(long, value_name = "DATE")]
    revoked: Option<String> = time_revoked;
    /// Skip this number of cards.
    #[arg(long, value_name = "CARDS")]
    offset: Option<u32> = offset;
    /// List this number of cards at most.
    #[arg(long, value_name = "CARDS")]
    limit: Option<u32> = count;
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
    /// front. Not for `seed --from` and `bulk --from`, which take an apostrophe away.
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

/// Reads a revocation reason by its name or number.
pub(crate) fn reason(text: &str) -> Result<RevocationReason, String> {
    RevocationReason::parse(text).map_or_else(|| named(text), Ok)
}
