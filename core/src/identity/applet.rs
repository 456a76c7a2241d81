//! Which application is asked what, and what of its answers is an identifier: one table.
//!
//! A row is an application, by what an ATR names it, how it is selected, what is read from it. The
//! commands are constants of a type that holds reading ones only; a command of a maker's own can
//! stand only in the row that selects that maker's application. Both are checked when this is
//! compiled.

mod table;

use super::{CardKind, Source};
use crate::apdu::Read;
use crate::atr::StorageCard;

pub(super) use table::{APPLETS, MOST_COMMANDS};

/// One application.
pub(super) struct Applet {
    /// What a card is that has it.
    pub(super) kind: Option<CardKind>,
    /// Historical bytes that say that a card has it.
    pub(super) signs: &'static [Sign],
    pub(super) role: Role,
    /// Not asked when one of these sources, each a bit, is known already.
    pub(super) unless: u32,
    /// By which it is selected, where it is not there from the start.
    pub(super) select: Option<Read>,
    pub(super) steps: &'static [Step],
}

/// When an application is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Not the card but the contactless reader: first, of each contactless card.
    Reader,
    /// When the ATR of a contactless card names it, and then nothing else is asked.
    Alone,
    /// When the ATR names it.
    Named,
    /// When the ATR may name it: the card is one only when it gives its serial.
    Hinted,
    /// When the ATR names it; else after those, until one gives a serial.
    Open,
}

/// A mark in the historical bytes.
pub(super) enum Sign {
    Is(&'static [u8]),
    Starts(&'static [u8]),
    Within(&'static [u8]),
    /// Two bytes, the first of which is this.
    PairOf(u8),
    /// What a reader says of a storage card.
    StorageCard,
}

/// One thing to read.
pub(super) struct Step {
    /// The file that must be selected before.
    pub(super) file: Option<Read>,
    pub(super) ask: Ask,
    /// Not read when one of these sources, each a bit, is known already.
    pub(super) unless: u32,
    pub(super) takes: &'static [Take],
}

#[derive(Clone, Copy)]
pub(super) enum Ask {
    Read(Read),
    Vendor(VendorRead),
    /// Words of the command come from the answer before, which must have had them.
    Follow(Read, Follow),
}

/// What an answer says of the next command.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Follow {
    /// Where in a file the holder's name is: the offset of READ BINARY (INS B1).
    Holder,
    /// In which file and data object `cardid` is: those of GET DATA (INS CB).
    CardId,
}

/// What of an answer is an identifier.
pub(super) struct Take {
    pub(super) source: Source,
    /// Bytes before the data objects.
    pub(super) skip: u8,
    /// The tags, one inside the other; 0 is none. Without any, it is the answer itself.
    pub(super) path: [u16; 3],
    /// The length that the value must have, or 0 for any.
    pub(super) of: u8,
    pub(super) from: u8,
    /// The end, or 0 for that of the value.
    pub(super) to: u8,
}

/// The commands of makers that read a serial number, each in its own application only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum VendorRead {
    /// Yubico, OTP application, "API request" slot 10: the serial number
    /// (YubiKey 5 Series Technical Manual, "OTP: READ SERIAL").
    YubiKeyOtp,
    /// Yubico, management application: READ CONFIG, since 4.1.
    YubiKeyConfig,
    /// Yubico, PIV application: GET SERIAL, since 5.0 (Yubico PIV extensions).
    YubiKeyPiv,
    /// Nitrokey, admin application of Nitrokey 3: UUID (admin-app, `Command::Uuid`).
    NitrokeyUuid,
    /// US Department of Defense, capability container of a CAC: READ BUFFER, the first 23 bytes of
    /// the value buffer (GSC-IS 2.1, NISTIR 6887; the class is that which OpenSC sends).
    GscReadBuffer,
}

impl VendorRead {
    /// The APDU.
    pub(super) const fn bytes(self) -> &'static [u8] {
        match self {
            VendorRead::YubiKeyOtp => &[0x00, 0x01, 0x10, 0x00, 0x00],
            VendorRead::YubiKeyConfig => &[0x00, 0x1D, 0x00, 0x00, 0x00],
            VendorRead::YubiKeyPiv => &[0x00, 0xF8, 0x00, 0x00, 0x00],
            VendorRead::NitrokeyUuid => &[0x00, 0x62, 0x00, 0x00, 0x10],
            VendorRead::GscReadBuffer => &[0x00, 0x52, 0x00, 0x00, 0x02, 0x02, 0x17, 0x17],
        }
    }
}

impl Sign {
    /// Whether the historical bytes bear it.
    pub(super) fn is_on(&self, historical: &[u8]) -> bool {
        match self {
            Sign::Is(bytes) => historical == *bytes,
            Sign::Starts(bytes) => historical.starts_with(bytes),
            Sign::StorageCard => storage_card(historical).is_some(),
            Sign::PairOf(first) => matches!(historical, [byte, _] if byte == first),
            Sign::Within(bytes) => {
                let mut rest = historical;
                loop {
                    if rest.starts_with(bytes) {
                        return true;
                    }
                    let [_, after @ ..] = rest else { return false };
                    rest = after;
                }
            }
        }
    }
}

/// What the historical bytes say of a storage card.
pub(super) fn storage_card(historical: &[u8]) -> Option<StorageCard<'_>> {
    match historical {
        [0x80, body @ ..] => StorageCard::of(body),
        _ => None,
    }
}
