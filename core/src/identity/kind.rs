//! What a card is, by the applications that reveal a serial number, and the identifiers it gave.

use core::fmt;

use super::{Identifier, Source, Trust};
use crate::Named;
use crate::named;

/// What a card is, on what evidence, and every identifier that it gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// The kinds on each [`Basis`], the strongest first; each kind is a bit.
    kinds: [u64; 3],
    identifiers: [Option<Identifier>; Identity::ROOM],
}

impl Identity {
    /// The most identifiers that are kept. A YubiKey in a contactless reader has five.
    pub const ROOM: usize = 8;

    /// What the card is, in the order of [`CardKind`]'s numbers; none when nothing is known. What is only a
    /// hint is among them only where nothing better is known.
    pub fn kinds(&self) -> impl Iterator<Item = CardKind> + use<> {
        let kinds = self.known();
        CardKind::ALL.iter().copied().filter(move |kind| kinds & kind.bit() != 0)
    }

    /// Whether the card is one of these.
    #[must_use]
    pub const fn is(&self, kind: CardKind) -> bool {
        self.known() & kind.bit() != 0
    }

    /// What it rests on that the card is one of these; `None` when it is none.
    #[must_use]
    pub fn basis(&self, kind: CardKind) -> Option<Basis> {
        let rows = Basis::ALL.iter().zip(self.kinds).filter(|_| self.is(kind));
        rows.filter(|(_, kinds)| kinds & kind.bit() != 0).map(|(basis, _)| *basis).next()
    }

    /// The kinds of which the number could not be read, because no public document says how, each with why.
    pub fn unread(&self) -> impl Iterator<Item = (CardKind, &'static str)> + use<> {
        self.kinds().filter_map(|kind| Some((kind, kind.unread()?)))
    }

    const fn known(&self) -> u64 {
        let [answers, atrs, hints] = self.kinds;
        if answers | atrs != 0 { answers | atrs } else { hints }
    }

    /// The identifiers in the order in which they were found, at most one of each source.
    pub fn identifiers(&self) -> impl Iterator<Item = &Identifier> {
        self.identifiers.iter().flatten()
    }

    /// The identifier of a source.
    #[must_use]
    pub fn get(&self, source: Source) -> Option<&Identifier> {
        self.identifiers().find(|identifier| identifier.source() == source)
    }

    /// Whether an application has given an identifier that is this card's alone.
    pub(super) fn has_serial(&self) -> bool {
        self.knows(!Source::Uid.bit())
    }

    /// Whether one of these is known; each is the bit of a source.
    #[inline(never)]
    pub(super) fn knows(&self, sources: u32) -> bool {
        self.identifiers().any(|one| one.trust() == Trust::Stable && one.source().bit() & sources != 0)
    }

    /// Notes a kind by its number; 0 is none.
    #[inline(never)]
    pub(super) fn note(&mut self, kind: u8, basis: Basis) {
        let [answers, atrs, hints] = &mut self.kinds;
        let kinds = match basis {
            Basis::Answer => answers,
            Basis::Atr => atrs,
            Basis::Hint => hints,
        };
        *kinds |= bit(kind);
    }

    /// Forgets a kind, by its number, that another one rules out.
    pub(super) fn forget(&mut self, kind: u8) {
        let kept = !bit(kind);
        for kinds in &mut self.kinds {
            *kinds &= kept;
        }
    }

    /// Whether it is one of a kind, by its number.
    pub(super) fn has(&self, kind: u8) -> bool {
        self.known() & bit(kind) != 0
    }

    /// Forgets what rests on answers of the card: kinds, and identifiers that are not of the ATR.
    pub(super) fn forget_answers(&mut self, of_atr: u32) {
        let [answers, _, hints] = &mut self.kinds;
        (*answers, *hints) = (0, 0);
        for place in &mut self.identifiers {
            if place.as_ref().is_some_and(|one| one.source().bit() & of_atr == 0) {
                *place = None;
            }
        }
    }

    /// Says whether there was an identifier. The first one of a source counts, unless it is hidden.
    #[inline(never)]
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
    #[inline]
    fn default() -> Self {
        Identity { kinds: [0; 3], identifiers: [None; Identity::ROOM] }
    }
}

/// One readable line: `PIV, YubiKey: YubiKey serial 23852774, CHUID GUID …`. A personal number is
/// [masked](Identifier::masked), since lines end up in logs.
impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut between = "";
        for kind in self.kinds() {
            write!(f, "{between}{}", kind.name())?;
            between = ", ";
        }
        between = if between.is_empty() { "" } else { ": " };
        for identifier in self.identifiers() {
            write!(f, "{between}{} ", identifier.source().name())?;
            match identifier.source().is_personal() {
                true => write!(f, "{}", identifier.masked())?,
                false => write!(f, "{identifier}")?,
            }
            between = ", ";
        }
        Ok(())
    }
}

/// What it rests on that a card is one of a kind. A status word alone is no evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Basis {
    /// The card's own answer: the application gave its name, or an object of the shape that it has.
    Answer = 1,
    /// An ATR that belongs to cards of this kind alone.
    Atr = 2,
    /// A hint: historical bytes that other products have too, and no more.
    Hint = 3,
}

named! { Basis { Answer = "its own answer", Atr = "its ATR", Hint = "a hint" } }

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
    /// A card or token with the LASER application of Athena IDProtect: JaCarta PKI, PKI/BIO and -2 PKI.
    JaCarta = 22,
    /// An Aladdin JaCarta LT.
    JaCartaLt = 23,
    /// A SoloKeys Solo 2.
    Solo = 24,
    /// A card with Athena's ASEPCOS.
    Asepcos = 25,
    /// An Estonian identity card, from 2018 on.
    EstEid = 26,
    /// A Finnish identity or organisation card.
    FinEid = 27,
    /// A Belgian identity card.
    BelgianEid = 28,
    /// A Spanish identity card (DNI electrónico).
    Dnie = 29,
    /// An ISBC ESMART Token.
    Esmart = 30,
    /// A card or token for SafeSign: Giesecke+Devrient StarSign, and SafeSign's own.
    SafeSign = 31,
    /// A HID Crescendo with ActivID applications and without PIV (C1100, C700).
    ActivId = 32,
    /// An Asseco cryptoCertum.
    CryptoCertum = 33,
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
        JaCarta = "JaCarta (IDProtect LASER)",
        JaCartaLt = "JaCarta LT",
        Solo = "Solo 2",
        Asepcos = "ASEPCOS",
        EstEid = "EstEID",
        FinEid = "FINEID",
        BelgianEid = "Belgian eID",
        Dnie = "DNIe",
        Esmart = "ESMART Token",
        SafeSign = "StarSign (SafeSign)",
        ActivId = "HID Crescendo (ActivID)",
        CryptoCertum = "cryptoCertum",
    }
}

impl CardKind {
    /// Why the number of such a card is not read; `None` where it is, or there is none.
    #[must_use]
    pub const fn unread(self) -> Option<&'static str> {
        match self {
            CardKind::EToken => {
                Some("its serial number is told to SafeNet Authentication Client only, in no public way")
            }
            CardKind::JaCartaLt => Some("its serial number is told to Aladdin's own software only, in no public way"),
            CardKind::Esmart => Some("its serial number is told to ISBC's own software only, in no public way"),
            CardKind::SafeSign => Some("its serial number is told to SafeSign only, in no public way"),
            CardKind::ActivId => Some("its CUID is told to ActivClient only, in no public way"),
            CardKind::CryptoCertum => Some("its serial number is told to Certum's own software only, in no public way"),
            CardKind::GermanId => Some("it tells no number without its holder's PIN, and a new UID each time"),
            _ => None,
        }
    }

    /// A bit of its own.
    const fn bit(self) -> u64 {
        1_u64.wrapping_shl(self as u32)
    }
}

/// The bit of a number; none for 0.
#[inline(never)]
pub(super) const fn bit(number: u8) -> u64 {
    1_u64.wrapping_shl(number as u32) & !1
}
