//! The arguments of commands for one card: which card, and how it is changed.

use super::filter::reason;
use cardwright::client::Check;
use cardwright::core::certiflow::RevocationReason;
use cardwright::named;
use clap::Args;

/// The card that is meant.
#[derive(Debug, Args)]
pub(crate) struct CardArguments {
    #[command(flatten)]
    pub(crate) key: Key,
    /// The user whose card it is, DOMAIN\LogonName or UPN (CertiFlow): looks among this user's cards
    /// only. G1 has no other way.
    #[arg(long, value_name = "USER")]
    pub(crate) of: Option<String>,
    /// With --from-reader: the reader's name, or a part of it that no other has. Default: the only reader
    /// with a card.
    #[cfg_attr(feature = "reader", arg(long, value_name = "NAME", conflicts_with_all = ["id", "serial"]))]
    #[cfg_attr(not(feature = "reader"), arg(skip))]
    pub(crate) reader: Option<String>,
}

/// What identifies a card.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Key {
    /// The card's id in the system: CertiFlow's id, MIM CM's Uuid.
    #[arg(value_name = "CARD")]
    pub(crate) id: Option<String>,
    /// The card's serial number instead; for MIM CM the GUID that the card carries.
    #[arg(long, value_name = "SERIAL")]
    pub(crate) serial: Option<String>,
    /// The card in a reader instead: it is asked for its serial number.
    #[cfg_attr(feature = "reader", arg(long))]
    #[cfg_attr(not(feature = "reader"), arg(skip))]
    pub(crate) from_reader: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Change {
    #[command(flatten)]
    pub(crate) card: CardArguments,
    /// Show whether it is allowed, and what would be sent; send nothing that changes anything.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// What to do when the card's state does not allow it: warn (stop only where the vendor documents
    /// it), strict, or off. Default: the profile's, or warn.
    #[arg(long, value_parser = named::<Check>, value_name = "HOW")]
    pub(crate) check: Option<Check>,
    /// A comment for the request (MIM CM).
    #[arg(long, default_value = "")]
    pub(crate) comment: String,
    /// Do not ask before what cannot be undone, nor, with --from-reader, before the card is changed.
    #[arg(long)]
    pub(crate) yes: bool,
    /// With --yes: do it even if the record has another ATR than the card. One card may have two ATRs, with and
    /// without contacts; otherwise the record may be another card's.
    #[cfg_attr(feature = "reader", arg(long, requires = "yes", conflicts_with_all = ["id", "serial"]))]
    #[cfg_attr(not(feature = "reader"), arg(skip))]
    pub(crate) other_atr: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Revoke {
    #[command(flatten)]
    pub(crate) change: Change,
    /// Why (CertiFlow): None, CardBroken, CardLost, CardUpgrade, CardExpired, CardWithdraw,
    /// UserRemoved, CardCompromised, or the number.
    #[arg(long, value_parser = reason)]
    pub(crate) reason: Option<RevocationReason>,
}
