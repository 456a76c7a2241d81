//! The arguments of the commands for readers and cards.

use clap::Args;
use std::path::PathBuf;

/// The reader that is meant.
#[derive(Debug, Args)]
pub(crate) struct ReaderArguments {
    /// The reader's name, or a part of it that no other has. Default: the only reader with a card.
    #[arg(long, value_name = "NAME")]
    pub(crate) reader: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Watch {
    /// End after this number of events.
    #[arg(long, value_name = "EVENTS")]
    pub(crate) events: Option<usize>,
    /// End after this number of seconds.
    #[arg(long = "for", value_name = "SECONDS")]
    pub(crate) seconds: Option<u64>,
}

#[derive(Debug, Args)]
pub(crate) struct Apdu {
    /// Command APDUs in hexadecimal digits, sent one after the other in one transaction; `-` reads them
    /// from standard input, one a line. Other users of the machine can see arguments in its list of
    /// processes, so a PIN goes through `-`. Of a command with a PIN (INS 20, 21, 24, 2C with data) only
    /// the header and Lc are shown, and after one the card is reset at the end, so that no other program
    /// finds it verified.
    #[arg(required = true, value_name = "HEX")]
    pub(crate) commands: Vec<String>,
    #[command(flatten)]
    pub(crate) place: ReaderArguments,
}

#[derive(Debug, Args)]
pub(crate) struct VirtualCard {
    /// A file, or one of the cards that come with the command: `list` names them.
    #[arg(value_name = "SCRIPT")]
    pub(crate) script: PathBuf,
    /// The ATR in hexadecimal digits, instead of the script's.
    #[arg(long, value_name = "HEX")]
    pub(crate) atr: Option<String>,
    /// The port of vpcd's reader on this machine; that of its second reader is the next.
    #[arg(long, default_value_t = 35_963)]
    pub(crate) port: u16,
}
