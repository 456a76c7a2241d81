//! What a card is, by the applications that reveal a serial number, and the identifiers it gave.

use core::fmt;

use super::{Identifier, Source, Trust};
use crate::named;
use crate::names::named_or_other;
use crate::{Code, Error, Named};

/// What a card is, on what evidence, and every identifier that it gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// The kinds on each [`Basis`], the strongest first; each kind is a bit.
    kinds: [u64; 3],
    /// The kinds of the program's own.
    others: [Option<(u16, Basis)>; Identity::OTHERS],
    identifiers: [Option<Identifier>; Identity::ROOM],
}

impl Identity {
    /// The most identifiers that are kept. A YubiKey in a contactless reader has five.
    pub const ROOM: usize = 8;

    /// The most kinds of the program's own that are kept.
    pub const OTHERS: usize = 4;

    /// The same card, which is also of this kind, and has this number: what a dialogue of the program's own has
    /// found, beside what the library's did.
    ///
    /// ```
    /// use cardwright_core::identity::{CardKind, Identifier, Identity, Source};
    ///
    /// let serial = Identifier::new(Source::Other(3), &[0x4C, 0x58, 0x00, 0x2A]).unwrap();
    /// let identity = Identity::default().with(CardKind::Other(7), serial)?;
    /// assert!(identity.is(CardKind::Other(7)));
    /// assert_eq!(identity.get(Source::Other(3)), Some(&serial));
    /// assert_eq!(identity.to_string(), "other 7: other 3 4C58002A");
    /// # Ok::<(), cardwright_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`with_kind`](Self::with_kind) and [`with_identifier`](Self::with_identifier).
    pub fn with(self, kind: CardKind, identifier: Identifier) -> Result<Self, Error> {
        self.with_kind(kind, Basis::Answer)?.with_identifier(identifier)
    }

    /// The same card, which is also of this kind, on this basis; one that rests on more keeps it.
    ///
    /// # Errors
    ///
    /// [`Code::Room`] for a fifth of [`CardKind::Other`].
    pub fn with_kind(mut self, kind: CardKind, basis: Basis) -> Result<Self, Error> {
        self.add_kind(kind, basis)?;
        Ok(self)
    }

    /// The same card, which also gave this number. It takes the place of another one of the same source.
    ///
    /// # Errors
    ///
    /// [`Code::Room`] for one more than [`ROOM`](Self::ROOM) numbers.
    pub fn with_identifier(mut self, identifier: Identifier) -> Result<Self, Error> {
        *self.place_for(identifier.source())? = Some(identifier);
        Ok(self)
    }

    /// As [`with_kind`](Self::with_kind), in place.
    pub(super) fn add_kind(&mut self, kind: CardKind, basis: Basis) -> Result<(), Error> {
        let CardKind::Other(own) = kind else {
            self.note(kind.known() as u8, basis);
            return Ok(());
        };
        let known = self.others.iter().flatten().find(|(other, _)| *other == own).copied();
        let basis = known.map_or(basis, |(_, known)| if known.number() < basis.number() { known } else { basis });
        let place = self.others.iter_mut().find(|place| place.is_none_or(|(other, _)| other == own));
        *place.ok_or(Error::of(Code::Room, "a kind of one's own"))? = Some((own, basis));
        Ok(())
    }

    /// Where a number of a source goes.
    pub(super) fn place_for(&mut self, source: Source) -> Result<&mut Option<Identifier>, Error> {
        let is_of = |place: &Option<Identifier>| place.as_ref().is_some_and(|one| one.source() == source);
        let place = match self.identifiers.iter().position(is_of) {
            Some(at) => self.identifiers.get_mut(at),
            None => self.identifiers.iter_mut().find(|place| place.is_none()),
        };
        place.ok_or(Error::of(Code::Room, "an identifier"))
    }

    /// What the card is, in the order of [`CardKind`]'s numbers, the program's own last; none when nothing is known.
    /// What is only a hint is among them only where nothing better is known.
    pub fn kinds(&self) -> impl Iterator<Item = CardKind> + use<> {
        let (kinds, others, hints) = (self.known(), self.others, self.shows_hints());
        let known =
            (1..=CardKind::ALL.len() as u8).filter(move |kind| kinds & bit(*kind) != 0).filter_map(CardKind::of_known);
        let others = others.into_iter().flatten().filter(move |(_, basis)| hints || *basis != Basis::Hint);
        known.chain(others.map(|(own, _)| CardKind::Other(own)))
    }

    /// Whether the card is one of these.
    #[must_use]
    pub fn is(&self, kind: CardKind) -> bool {
        self.basis(kind).is_some()
    }

    /// What it rests on that the card is one of these; `None` when it is none.
    #[must_use]
    pub fn basis(&self, kind: CardKind) -> Option<Basis> {
        let basis = match kind {
            CardKind::Other(own) => {
                self.others.iter().flatten().find(|(other, _)| *other == own).map(|(_, basis)| *basis)
            }
            kind => {
                let mut rows = Basis::ALL.iter().zip(self.kinds);
                rows.find(|(_, kinds)| kinds & kind.bit() != 0).map(|(basis, _)| *basis)
            }
        };
        basis.filter(|basis| *basis != Basis::Hint || self.shows_hints())
    }

    /// The kinds of which the number could not be read, because no public document says how, each with why.
    pub fn unread(&self) -> impl Iterator<Item = (CardKind, &'static str)> + use<> {
        self.kinds().filter_map(|kind| Some((kind, kind.unread()?)))
    }

    fn known(&self) -> u64 {
        let [answers, atrs, hints] = self.kinds;
        if self.shows_hints() { hints } else { answers | atrs }
    }

    /// Whether nothing better than hints is known.
    fn shows_hints(&self) -> bool {
        let [answers, atrs, _] = self.kinds;
        answers | atrs == 0 && self.others.iter().flatten().all(|(_, basis)| *basis == Basis::Hint)
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

    /// Whether it is one of a kind, by its number, on the basis of its ATR and of no answer.
    pub(super) fn is_by_atr(&self, kind: u8) -> bool {
        let [answers, atrs, _] = self.kinds;
        atrs & !answers & bit(kind) != 0
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
        Identity { kinds: [0; 3], others: [None; Identity::OTHERS], identifiers: [None; Identity::ROOM] }
    }
}

/// One readable line: `PIV, YubiKey: YubiKey serial 23852774, CHUID GUID …`. A personal number is
/// [masked](Identifier::masked), since lines end up in logs.
impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut between = "";
        for kind in self.kinds() {
            write!(f, "{between}{kind}")?;
            between = ", ";
        }
        between = if between.is_empty() { "" } else { ": " };
        for identifier in self.identifiers() {
            write!(f, "{between}{} ", identifier.source())?;
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
///
/// # Examples
/// ```
/// use cardwright_core::identity::{Basis, CardKind, Identity};
///
/// let identity = Identity::default().with_kind(CardKind::Piv, Basis::Answer)?;
/// assert_eq!(identity.basis(CardKind::Piv), Some(Basis::Answer));
/// assert_eq!(identity.basis(CardKind::Gids), None);
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
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
///
/// # Examples
/// ```
/// use cardwright_core::identity::CardKind;
///
/// assert_eq!(CardKind::YubiKey.to_string(), "YubiKey");
/// assert!(CardKind::EToken.unread().is_some(), "its number is not told in a public way");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
// As the numbers of `named_or_other!` are: what turns one into the other is no code.
#[repr(u16)]
#[non_exhaustive]
pub enum CardKind {
    /// A storage card that a contactless reader presents by PC/SC part 3 (MIFARE, FeliCa, ICODE).
    Storage = 1,
    /// NXP DESFire.
    DesFire,
    /// The German identity card, or another that answers like it.
    GermanId,
    /// A Yubico YubiKey.
    YubiKey,
    /// A PIV card, or another with the PIV application.
    Piv,
    /// A Nitrokey 3.
    Nitrokey,
    /// A card of the Generic Identity Device Specification, virtual ones of Windows too.
    Gids,
    /// A Thales (Gemalto) IDPrime, or an eToken with its application.
    IdPrime,
    /// An OpenPGP card.
    OpenPgp,
    /// A SmartCard-HSM.
    SmartCardHsm,
    /// A MyEID card.
    MyEid,
    /// A card with CardOS, older eTokens too.
    CardOs,
    /// A Feitian ePass2003.
    EPass2003,
    /// An Aktiv Rutoken.
    Rutoken,
    /// An IAS ECC card.
    IasEcc,
    /// A Java-based eToken (PRO 72K, 5100, 5110).
    EToken,
    /// A SIM or UICC.
    Sim,
    /// A card whose issuer's domain answers, as GlobalPlatform has it.
    GlobalPlatform,
    /// A Token2 key.
    Token2,
    /// A Common Access Card of the US Department of Defense with a GSC-IS container.
    Cac,
    /// An Italian CNS.
    Cns,
    /// A card or token with the LASER application of Athena IDProtect: JaCarta PKI, PKI/BIO and -2 PKI.
    JaCarta,
    /// An Aladdin JaCarta LT.
    JaCartaLt,
    /// A SoloKeys Solo 2.
    Solo,
    /// A card with Athena's ASEPCOS.
    Asepcos,
    /// An Estonian identity card, from 2018 on.
    EstEid,
    /// A Finnish identity or organisation card.
    FinEid,
    /// A Belgian identity card.
    BelgianEid,
    /// A Spanish identity card (DNI electrónico).
    Dnie,
    /// An ISBC ESMART Token.
    Esmart,
    /// A card or token for SafeSign: Giesecke+Devrient StarSign, and SafeSign's own.
    SafeSign,
    /// A HID Crescendo with ActivID applications and without PIV (C1100, C700).
    ActivId,
    /// An Asseco cryptoCertum.
    CryptoCertum,
    /// A kind that only the program knows, by the program's own count.
    Other(u16) = 0,
}

named_or_other! {
    CardKind {
        Storage = 1 "storage card",
        DesFire = 2 "DESFire",
        GermanId = 3 "German identity card",
        YubiKey = 4 "YubiKey",
        Piv = 5 "PIV",
        Nitrokey = 6 "Nitrokey",
        Gids = 7 "GIDS",
        IdPrime = 8 "IDPrime",
        OpenPgp = 9 "OpenPGP",
        SmartCardHsm = 10 "SmartCard-HSM",
        MyEid = 11 "MyEID",
        CardOs = 12 "CardOS",
        EPass2003 = 13 "ePass2003",
        Rutoken = 14 "Rutoken",
        IasEcc = 15 "IAS ECC",
        EToken = 16 "eToken",
        Sim = 17 "SIM",
        GlobalPlatform = 18 "GlobalPlatform",
        Token2 = 19 "Token2",
        Cac = 20 "CAC",
        Cns = 21 "CNS",
        JaCarta = 22 "JaCarta (IDProtect LASER)",
        JaCartaLt = 23 "JaCarta LT",
        Solo = 24 "Solo 2",
        Asepcos = 25 "ASEPCOS",
        EstEid = 26 "EstEID",
        FinEid = 27 "FINEID",
        BelgianEid = 28 "Belgian eID",
        Dnie = 29 "DNIe",
        Esmart = 30 "ESMART Token",
        SafeSign = 31 "StarSign (SafeSign)",
        ActivId = 32 "HID Crescendo (ActivID)",
        CryptoCertum = 33 "cryptoCertum",
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

    /// A bit of its own; none for those of the program.
    const fn bit(self) -> u64 {
        match self {
            CardKind::Other(_) => 0,
            known => 1_u64.wrapping_shl(known.known()),
        }
    }
}

/// The bit of a number; none for 0.
#[inline(never)]
pub(super) const fn bit(number: u8) -> u64 {
    1_u64.wrapping_shl(number as u32) & !1
}
