//! What a card is, by the applications that reveal a serial number, and the identifiers it gave.

use core::fmt;

use super::{Identifier, Source, Trust};
use crate::Named;
use crate::named;

/// What a card is, and every identifier that it gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    kinds: u32,
    identifiers: [Option<Identifier>; Identity::ROOM],
}

impl Identity {
    /// The most identifiers that are kept. A YubiKey in a contactless reader has five.
    pub const ROOM: usize = 8;

    /// What the card is, in the order of [`CardKind`]'s numbers; none when nothing is known.
    pub fn kinds(&self) -> impl Iterator<Item = CardKind> + use<> {
        let kinds = self.kinds;
        CardKind::ALL.iter().copied().filter(move |kind| kinds & kind.bit() != 0)
    }

    /// Whether the card is one of these.
    pub const fn is(&self, kind: CardKind) -> bool {
        self.kinds & kind.bit() != 0
    }

    /// The identifiers in the order in which they were found, at most one of each source.
    pub fn identifiers(&self) -> impl Iterator<Item = &Identifier> {
        self.identifiers.iter().flatten()
    }

    /// The identifier of a source.
    pub fn get(&self, source: Source) -> Option<&Identifier> {
        self.identifiers().find(|identifier| identifier.source() == source)
    }

    /// Whether an application has given an identifier that is this card's alone.
    pub(super) fn has_serial(&self) -> bool {
        self.knows(!Source::Uid.bit())
    }

    /// Whether one of these is known; each is the bit of a source.
    pub(super) fn knows(&self, sources: u32) -> bool {
        self.identifiers().any(|one| one.trust() == Trust::Stable && one.source().bit() & sources != 0)
    }

    pub(super) fn note(&mut self, kind: Option<CardKind>) {
        self.kinds |= kind.map_or(0, CardKind::bit);
    }

    /// Says whether there was an identifier. The first one of a source counts, unless it is hidden.
    pub(super) fn keep(&mut self, identifier: Option<Identifier>) -> bool {
        let Some(new) = identifier else { return false };
        let known = self.identifiers.iter_mut().flatten().find(|one| one.source() == new.source());
        match known {
            Some(known) if known.trust() == Trust::Hidden => *known = new,
            Some(_) => {}
            None => {
                if let Some(place) = self.identifiers.iter_mut().find(|place| place.is_none()) {
                    *place = Some(new);
                }
            }
        }
        true
    }
}

impl Default for Identity {
    /// Nothing is known.
    fn default() -> Self {
        Identity { kinds: 0, identifiers: [None; Identity::ROOM] }
    }
}

/// One readable line: `PIV, YubiKey: YubiKey serial 23852774, CHUID GUID …`.
impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut between = "";
        for kind in self.kinds() {
            write!(f, "{between}{}", kind.name())?;
            between = ", ";
        }
        between = if between.is_empty() { "" } else { ": " };
        for identifier in self.identifiers() {
            write!(f, "{between}{} {identifier}", identifier.source().name())?;
            between = ", ";
        }
        Ok(())
    }
}

/// What a card is, or has: one card can be several of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum CardKind {
    /// A storage card that a contactless reader presents by PC/SC part 3 (MIFARE, FeliCa, ICODE).
    Storage = 1,
    /// NXP DESFire.
    DesFire = 2,
    /// The German identity card, or another that answers like it.
    GermanId = 3,
    /// A Yubico YubiKey.
    YubiKey = 4,
    /// A PIV card, or another with the PIV application.
    Piv = 5,
    /// A Nitrokey 3.
    Nitrokey = 6,
    /// A card of the Generic Identity Device Specification, virtual ones of Windows too.
    Gids = 7,
    /// A Thales (Gemalto) IDPrime, or an eToken with its application.
    IdPrime = 8,
    /// An OpenPGP card.
    OpenPgp = 9,
    /// A SmartCard-HSM.
    SmartCardHsm = 10,
    /// A MyEID card.
    MyEid = 11,
    /// A card with CardOS, older eTokens too.
    CardOs = 12,
    /// A Feitian ePass2003.
    EPass2003 = 13,
    /// An Aktiv Rutoken.
    Rutoken = 14,
    /// An IAS ECC card.
    IasEcc = 15,
    /// A Java-based eToken (PRO 72K, 5100, 5110).
    EToken = 16,
    /// A SIM or UICC.
    Sim = 17,
    /// A card whose issuer's domain answers, as GlobalPlatform has it.
    GlobalPlatform = 18,
    /// A Token2 key.
    Token2 = 19,
    /// A Common Access Card of the US Department of Defense with a GSC-IS container.
    Cac = 20,
    /// An Italian CNS.
    Cns = 21,
}

named! {
    CardKind {
        Storage = "storage card",
        DesFire = "DESFire",
        GermanId = "German identity card",
        YubiKey,
        Piv = "PIV",
        Nitrokey,
        Gids = "GIDS",
        IdPrime = "IDPrime",
        OpenPgp = "OpenPGP",
        SmartCardHsm = "SmartCard-HSM",
        MyEid = "MyEID",
        CardOs = "CardOS",
        EPass2003 = "ePass2003",
        Rutoken,
        IasEcc = "IAS ECC",
        EToken = "eToken",
        Sim = "SIM",
        GlobalPlatform,
        Token2,
        Cac = "CAC",
        Cns = "CNS",
    }
}

impl CardKind {
    /// A bit of its own.
    const fn bit(self) -> u32 {
        1_u32.wrapping_shl(self as u32)
    }
}
