//! Which application is asked what, and what of its answers is an identifier: one table.
//!
//! A row is an application, by what an ATR names it, how it is selected, what is read from it. The
//! commands are constants of a type that holds reading ones only; a command of a maker's own can
//! stand only in the row that selects that maker's application. Both are checked when this is
//! compiled.
//!
//! What proves a kind stands in its row: a sign that belongs to such cards alone, the application's own
//! name in the answer to SELECT, or an object of the right shape.

#[cfg_attr(not(feature = "all-cards"), allow(dead_code, reason = "rows of that feature"))]
mod keys;
#[cfg_attr(not(feature = "all-cards"), allow(dead_code, reason = "rows of that feature"))]
mod open;
mod packed;
#[cfg_attr(not(feature = "all-cards"), allow(dead_code, reason = "parts of rows of that feature"))]
mod parts;
#[cfg_attr(not(feature = "all-cards"), allow(dead_code, reason = "rows of that feature"))]
mod states;
mod table;
#[cfg_attr(not(feature = "all-cards"), allow(dead_code, reason = "rows of that feature"))]
mod tokens;

use super::{Basis, CardKind, Source};
use crate::apdu::{Read, dig};
use crate::atr::StorageCard;

pub(super) use packed::{OneStep, Row};
pub(super) use table::{APPLETS, MOST_COMMANDS};

/// One application.
pub(super) struct Applet {
    /// What a card is that has it.
    pub(super) kind: Option<CardKind>,
    /// What in an ATR says that a card has it.
    pub(super) signs: &'static [Sign],
    pub(super) says: Says,
    pub(super) role: Role,
    /// Not asked when one of these sources, each a bit, is known already.
    pub(super) unless: u32,
    /// By which it is selected, where it is not there from the start.
    pub(super) select: Option<Read>,
    pub(super) name: Name,
    /// What a card with this application is not, though its ATR says so.
    pub(super) rules_out: Option<CardKind>,
    pub(super) steps: &'static [Step],
    /// For an object that no card has. A card that gives the same to it as to a step, and did not show by its
    /// answer to SELECT what it is, answers anything with it.
    pub(super) control: Option<Read>,
}

/// How much a sign in the ATR says.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Says {
    /// The ATR is of such cards alone.
    Kind,
    /// Other products have it too: a hint.
    Hint,
    /// Only that asking is worth while.
    Ask,
}

/// How an application names itself in its answer to SELECT.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// Not at all, or in no way that is its own.
    No,
    /// The name by which it was selected, in the file's control information (ISO/IEC 7816-4, 7.4.3).
    Selected,
    /// The application property template of PIV (SP 800-73-4, part 2, 3.1.1).
    Piv,
    /// The issuer's security domain (GlobalPlatform 2.3.1, 11.9.3).
    Issuer,
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
    /// When the ATR names it; else after those, until one gives a serial.
    Open,
}

/// A mark in the ATR: in its historical bytes, or all of it.
pub(super) enum Sign {
    /// The whole ATR.
    Atr(&'static [u8]),
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
    /// The file's control parameters prove the kind: their shape and the file are the application's own.
    pub(super) proves: bool,
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
    /// The object has a shape that proves the kind.
    pub(super) proves: bool,
    /// It is read as from cards akin to this one.
    pub(super) assumed: bool,
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
    /// Trussed's admin application of Nitrokey 3 and Solo 2: UUID (admin-app, `Command::Uuid`; solo2-cli,
    /// apps/admin.rs).
    TrussedUuid,
    /// Token2, FIDO application, GET_INFO: the serial number (OTP on FIDO Command Manual, 1.10, which has
    /// the long form of Lc).
    Token2FidoInfo,
    /// The same, in the OTP application.
    Token2OtpInfo,
    /// Token2, PIV application: GET SERIAL gives the last digits of the serial number, two in each byte
    /// (keyroost, issue 125).
    Token2Piv,
    /// Aladdin, LASER application: capability 0114, the serial number (OpenSC, card-laser.c).
    LaserSerial,
    /// Belgium, applet of the identity card: GET CARD DATA (Belpic Applet v1.7 reference manual, 6.9).
    BelgianCardData,
    /// The same where the ATR says that the applet is the only one.
    BelgianCardDataAlone,
    /// Spain: the chip's serial number (OpenSC, card-dnie.c, after the reference manual of the DNIe).
    DnieSerial,
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
            VendorRead::YubiKeyPiv | VendorRead::Token2Piv => &[0x00, 0xF8, 0x00, 0x00, 0x00],
            VendorRead::TrussedUuid => &[0x00, 0x62, 0x00, 0x00, 0x10],
            VendorRead::Token2FidoInfo | VendorRead::Token2OtpInfo => {
                &[0x80, 0x33, 0x00, 0x00, 0x00, 0x00, 0x12, 0xD1, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
            }
            VendorRead::LaserSerial => &[0x80, 0xCB, 0x01, 0x14, 0x00],
            VendorRead::BelgianCardData | VendorRead::BelgianCardDataAlone => &[0x80, 0xE4, 0x00, 0x00, 0x1C],
            VendorRead::DnieSerial => &[0x90, 0xB8, 0x00, 0x00, 0x07],
            VendorRead::GscReadBuffer => &[0x00, 0x52, 0x00, 0x00, 0x02, 0x02, 0x17, 0x17],
        }
    }
}

impl Says {
    /// What a kind rests on that the sign names.
    pub(super) const fn basis(self) -> Option<Basis> {
        match self {
            Says::Kind => Some(Basis::Atr),
            Says::Hint => Some(Basis::Hint),
            Says::Ask => None,
        }
    }
}

impl Name {
    /// Whether an answer to SELECT, of the application of this command, has it.
    #[inline(never)]
    pub(super) fn is_in(self, answer: &[u8], select: &[u8]) -> bool {
        match self {
            Name::No => false,
            Name::Selected => {
                let wanted = selected(select);
                static PATHS: [[u8; 2]; 4] = [[0x6F, 0x84], [0x61, 0x4F], [0x6F, 0x4F], [0x62, 0x84]];
                // The whole name may be longer, by a version, or of old have ended before it. Five bytes are a
                // provider and no application (ISO/IEC 7816-4, 12.2.3).
                let is_part = |name: &[u8]| name.len() > 6 && wanted.starts_with(name);
                let is_it = |name: &[u8]| wanted.len() > 4 && name.starts_with(wanted) || is_part(name);
                PATHS.iter().filter_map(|path| dig(answer, path)).any(|(name, _)| is_it(name))
            }
            Name::Piv if !cfg!(feature = "cards-piv") => false,
            Name::Piv => {
                const PIV: &[u8] = &[0xA0, 0x00, 0x00, 0x03, 0x08];
                begins(answer, &[0x61, 0x79, 0x4F], PIV) || begins(answer, &[0x61, 0x4F], PIV)
            }
            Name::Issuer if !cfg!(feature = "cards-chips") => false,
            Name::Issuer => {
                static DOMAINS: [&[u8]; 3] = [
                    &[0xA0, 0x00, 0x00, 0x01, 0x51],
                    &[0xA0, 0x00, 0x00, 0x00, 0x03, 0x00, 0x00],
                    &[0xA0, 0x00, 0x00, 0x00, 0x18, 0x43, 0x4D],
                ];
                DOMAINS.iter().any(|domain| begins(answer, &[0x6F, 0x84], domain))
            }
        }
    }
}

/// Whether the value inside of objects begins so.
#[inline(never)]
fn begins(answer: &[u8], path: &[u8], beginning: &[u8]) -> bool {
    dig(answer, path).is_some_and(|(value, _)| value.starts_with(beginning))
}

/// The data of a short SELECT.
#[inline(never)]
fn selected(select: &[u8]) -> &[u8] {
    let data = select.get(5..).unwrap_or_default();
    select.get(4).and_then(|length| data.get(..usize::from(*length))).unwrap_or_default()
}

/// Whether an answer to the SELECT of a file has the control parameters of this file (ISO/IEC 7816-4, table 10): its
/// identifier, or, where the ATR says whose the card is, what kind of file it is.
#[inline(never)]
pub(super) fn is_control_parameters(answer: &[u8], select: &[u8], is_named: bool) -> bool {
    is_of_file(answer, 0x62, select, is_named) || is_of_file(answer, 0x6F, select, is_named)
}

#[inline(never)]
fn is_of_file(answer: &[u8], template: u8, select: &[u8], is_named: bool) -> bool {
    let has = |tag| dig(answer, &[template, tag]).is_some();
    match dig(answer, &[template, 0x83]) {
        Some((file, _)) => file.len() == 2 && selected(select).ends_with(file),
        None => is_named && has(0x82) && (has(0x80) || has(0x81)),
    }
}

/// What the historical bytes say of a storage card.
pub(super) fn storage_card(historical: &[u8]) -> Option<StorageCard<'_>> {
    match historical {
        [0x80, body @ ..] => StorageCard::of(body),
        _ => None,
    }
}
