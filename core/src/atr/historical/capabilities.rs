//! What a card can do: the card service data and the three software function tables.
//!
//! Bits are read as the latest edition has them; [`CommandCapabilities::extended_length_information`] says what
//! an earlier one calls otherwise. A table that the card leaves out is `None`.
//!
//! ISO/IEC 7816-4:2005, 8.1.1.2.3 and 8.1.1.2.7 with tables 86 to 88; 2013 and 2020, 12.1.1.

/// The card service data byte, data object 43.
///
/// # Examples
/// ```
/// use cardwright_core::atr::CardServiceData;
///
/// let data = CardServiceData(0xC0);
/// assert!(data.by_full_df_name() && data.by_partial_df_name() && data.has_master_file());
/// assert_eq!(data.access(), Some("READ RECORD"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CardServiceData(pub u8);

impl CardServiceData {
    /// b8: an application is selected by its full DF name.
    #[must_use]
    pub const fn by_full_df_name(self) -> bool {
        self.0 & 0x80 != 0
    }

    /// b7: an application is selected by a part of its DF name.
    #[must_use]
    pub const fn by_partial_df_name(self) -> bool {
        self.0 & 0x40 != 0
    }

    /// b6: EF.DIR has BER-TLV data objects.
    #[must_use]
    pub const fn objects_in_dir(self) -> bool {
        self.0 & 0x20 != 0
    }

    /// b5: EF.ATR/INFO has BER-TLV data objects.
    #[must_use]
    pub const fn objects_in_atr(self) -> bool {
        self.0 & 0x10 != 0
    }

    /// b4 to b2: how EF.DIR and EF.ATR/INFO are read: `READ BINARY`, `READ RECORD`, `GET DATA`, or
    /// `None` where the value is reserved.
    #[must_use]
    pub const fn access(self) -> Option<&'static str> {
        match self.0 & 0x0E {
            0x08 => Some("READ BINARY"),
            0x00 => Some("READ RECORD"),
            0x04 => Some("GET DATA"),
            _ => None,
        }
    }

    /// b1 = 0: the card has a master file.
    #[must_use]
    pub const fn has_master_file(self) -> bool {
        self.0 & 1 == 0
    }
}

/// The software function tables that a card gives, data object 47.
///
/// # Examples
/// ```
/// use cardwright_core::atr::Capabilities;
///
/// let told = Capabilities::of(&[0xC0, 0x01, 0x40]).unwrap();
/// assert!(told.commands.is_some_and(|commands| commands.extended_length()));
/// assert_eq!(Capabilities::of(&[]), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Capabilities {
    /// The first table: how files are selected.
    pub selection: Selection,
    /// The second: how data are coded.
    pub coding: Option<DataCoding>,
    /// The third: chaining, long commands, logical channels.
    pub commands: Option<CommandCapabilities>,
}

impl Capabilities {
    /// Reads the content of data object 47; `None` unless it has 1, 2 or 3 bytes.
    pub fn of(value: &[u8]) -> Option<Self> {
        let (&[first], rest) = value.split_first_chunk()?;
        let coding = rest.first().copied().map(DataCoding);
        let commands = rest.get(1).copied().map(CommandCapabilities);
        (rest.len() < 3).then_some(Capabilities { selection: Selection(first), coding, commands })
    }
}

/// The first software function table: how files are selected.
///
/// # Examples
/// ```
/// use cardwright_core::atr::Selection;
///
/// assert!(Selection(0xC0).methods().eq(["full DF name", "partial DF name"]));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Selection(pub u8);

impl Selection {
    /// The methods from b8 down to b1, as far as the bits are set.
    pub fn methods(self) -> impl Iterator<Item = &'static str> {
        METHODS
            .iter()
            .enumerate()
            .filter(move |(n, _)| (0x80_u8 >> (*n as u32 & 7)) & self.0 != 0)
            .map(|(_, text)| *text)
    }
}

const METHODS: [&str; 8] = [
    "full DF name",
    "partial DF name",
    "path",
    "file identifier",
    "implicit selection",
    "short EF identifier",
    "record number",
    "record identifier",
];

/// The second software function table: how data are coded.
///
/// # Examples
/// ```
/// use cardwright_core::atr::{DataCoding, WriteBehaviour};
///
/// // Data units of a byte, which writing replaces as a whole.
/// let coding = DataCoding(0x21);
/// assert_eq!((coding.data_unit_quartets(), coding.write_behaviour()), (2, WriteBehaviour::Proprietary));
/// assert!(!coding.tlv_files());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DataCoding(pub u8);

impl DataCoding {
    /// b8: there are EFs of TLV structure.
    #[must_use]
    pub const fn tlv_files(self) -> bool {
        self.0 & 0x80 != 0
    }

    /// b7 and b6: what writing does to a file that holds something already.
    #[must_use]
    pub const fn write_behaviour(self) -> WriteBehaviour {
        match self.0 & 0x60 {
            0x00 => WriteBehaviour::OneTime,
            0x20 => WriteBehaviour::Proprietary,
            0x40 => WriteBehaviour::Or,
            _ => WriteBehaviour::And,
        }
    }

    /// b5: FF may begin a BER-TLV tag. Otherwise it is padding.
    #[must_use]
    pub const fn ff_is_tag(self) -> bool {
        self.0 & 0x10 != 0
    }

    /// b4 to b1: the size of a data unit in quartets, halves of a byte: 1 to 32,768.
    #[must_use]
    pub const fn data_unit_quartets(self) -> u16 {
        1_u16.wrapping_shl((self.0 & 0x0F) as u32)
    }
}

/// What the write functions do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum WriteBehaviour {
    /// Write once.
    OneTime = 0,
    /// The card's own way.
    Proprietary = 1,
    /// Set bits.
    Or = 2,
    /// Clear bits.
    And = 3,
}

impl WriteBehaviour {
    /// In a word or two.
    ///
    /// ```
    /// use cardwright_core::atr::DataCoding;
    /// assert_eq!(DataCoding(0x41).write_behaviour().text(), "write OR");
    /// ```
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            WriteBehaviour::OneTime => "one-time write",
            WriteBehaviour::Proprietary => "proprietary write",
            WriteBehaviour::Or => "write OR",
            WriteBehaviour::And => "write AND",
        }
    }
}

/// The third software function table: chaining, long commands, logical channels.
///
/// # Examples
/// ```
/// use cardwright_core::atr::CommandCapabilities;
///
/// let told = CommandCapabilities(0xC0);
/// assert!(told.command_chaining() && told.extended_length());
/// assert!(!told.extended_length_information());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CommandCapabilities(pub u8);

impl CommandCapabilities {
    /// b8: commands may be chained.
    #[must_use]
    pub const fn command_chaining(self) -> bool {
        self.0 & 0x80 != 0
    }

    /// b7: Lc and Le may be extended.
    #[must_use]
    pub const fn extended_length(self) -> bool {
        self.0 & 0x40 != 0
    }

    /// b6: EF.ATR/INFO tells the greatest lengths. Reserved in the edition of 2005; from 2013 on it
    /// has this meaning.
    #[must_use]
    pub const fn extended_length_information(self) -> bool {
        self.0 & 0x20 != 0
    }

    /// b5: the card assigns the numbers of logical channels.
    #[must_use]
    pub const fn channel_by_card(self) -> bool {
        self.0 & 0x10 != 0
    }

    /// b4: the reader assigns the numbers of logical channels.
    #[must_use]
    pub const fn channel_by_reader(self) -> bool {
        self.0 & 0x08 != 0
    }

    /// b3 to b1: the logical channels, the basic one too: 1 to 7, or 8 for eight or more. The
    /// edition of 1995 did not have this.
    #[must_use]
    pub const fn channels(self) -> u8 {
        (self.0 & 0x07) + 1
    }
}
