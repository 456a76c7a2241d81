//! Where the numbers of cards come from, and how far each can be trusted.

use crate::named;
use crate::names::named_or_other;

/// Where an identifier comes from.
///
/// # Examples
/// ```
/// use cardwright_core::identity::Source;
///
/// assert_eq!(Source::CardId.to_string(), "cardid");
/// assert!(Source::Dnie.is_personal(), "it stands for a person, and is masked");
/// assert!(!Source::YubiKey.is_personal());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
// As the numbers of `named_or_other!` are: what turns one into the other is no code.
#[repr(u16)]
#[non_exhaustive]
pub enum Source {
    /// The file `cardid` of a minidriver card (GIDS, IDPrime): 16 bytes, a GUID as Windows keeps
    /// it.
    CardId = 1,
    /// The GUID in the CHUID of a PIV card (tag 34): 16 bytes in the order of RFC 4122.
    ChuidGuid,
    /// The FASC-N in the CHUID of a PIV card (tag 30): 25 bytes.
    FascN,
    /// The card's identifier in its capability container (CAC, tag F0): 21 bytes.
    CacCuid,
    /// Card production life cycle data: 42 bytes.
    Cplc,
    /// The application identifier of an OpenPGP card: 16 bytes.
    OpenPgpAid,
    /// The serial number of a YubiKey: 4 bytes, big-endian. None when the key hides it.
    YubiKey,
    /// The UUID of a Nitrokey 3: 16 bytes.
    Nitrokey,
    /// The serial number of CardOS: 8 bytes (5.x) or 6 (4.x).
    CardOs,
    /// The serial number of MyEID: 10 bytes.
    MyEid,
    /// The serial number of a SmartCard-HSM: up to 11 characters.
    SmartCardHsm,
    /// The serial number of an ePass2003: 8 bytes.
    EPass2003,
    /// The serial number of a Rutoken: 4 bytes, big-endian (the token gives them the other way).
    Rutoken,
    /// The serial number of a Token2 key: 8 to 16 characters, of which an older key tells the last 8 only.
    Token2,
    /// The number of a SIM (EF 2FE2): 10 bytes of decimal digits with the nibbles swapped.
    Iccid,
    /// The card's number in EF.GDO or EF.SN (tag 5A): up to 10 bytes of decimal digits.
    Iccsn,
    /// The card image number of GlobalPlatform (tag 45), the issuer's own count.
    Cin,
    /// The issuer identification number of GlobalPlatform (tag 42): of the issuer, not of the card.
    Iin,
    /// The UID, PUPI or IDm by which a contactless reader tells cards apart: 4 to 10 bytes. Four
    /// bytes are not unique (ISO/IEC 14443-3:2018, 6.5.4; NXP AN10927), and a PUPI of four may be another
    /// one each time.
    Uid,
    /// The historical bytes of the ATS of a contactless card: of the model, not of the card. Of a
    /// card of type B, which its ATR does not tell apart, they are the application data instead.
    AtsHistorical,
    /// The number of an Italian CNS (EF.ID_Carta): 16 characters.
    CnsId,
    /// The serial number of the LASER application: 8 bytes, two and the chip's serial number and batch.
    JaCarta,
    /// The UUID of a Solo 2: 16 bytes.
    Solo,
    /// The serial number of ASEPCOS: 8 bytes.
    Asepcos,
    /// The document number of an Estonian identity card: letters and digits.
    EstEid,
    /// The number of a Finnish card in its token information: letters and digits.
    FinEid,
    /// The chip's number of a Belgian identity card: 16 bytes.
    BelgianEid,
    /// The serial number of a Spanish identity card: 7 bytes.
    Dnie,
    /// A number that only the program's own dialogue with the card reads, by the program's own count: up to 42 bytes.
    /// It is taken for this card's alone, and never masked: a number that stands for a person has no place in it.
    Other(u16) = 0,
}

impl Source {
    /// A bit of its own; those of the program share one.
    pub(super) const fn bit(self) -> u32 {
        1_u32.wrapping_shl(self.known())
    }

    /// The source of a number.
    pub(super) fn of_number(number: u8) -> Option<Self> {
        Source::of_known(number)
    }

    /// Whether the number stands for a person: a document number, or the number of a card that a state gives
    /// to a person. Logs have it [masked](super::Identifier::masked).
    #[must_use]
    pub const fn is_personal(self) -> bool {
        matches!(self, Source::EstEid | Source::FinEid | Source::BelgianEid | Source::Dnie | Source::CnsId)
    }

    /// Whether the bytes are a text.
    pub(super) const fn is_text(self) -> bool {
        matches!(self, Source::SmartCardHsm | Source::Token2 | Source::CnsId | Source::EstEid | Source::FinEid)
    }
}

named_or_other! {
    Source {
        CardId = 1 "cardid",
        ChuidGuid = 2 "CHUID GUID",
        FascN = 3 "FASC-N",
        CacCuid = 4 "CAC CUID",
        Cplc = 5 "CPLC",
        OpenPgpAid = 6 "OpenPGP AID",
        YubiKey = 7 "YubiKey serial",
        Nitrokey = 8 "Nitrokey UUID",
        CardOs = 9 "CardOS serial",
        MyEid = 10 "MyEID serial",
        SmartCardHsm = 11 "SmartCard-HSM serial",
        EPass2003 = 12 "ePass2003 serial",
        Rutoken = 13 "Rutoken serial",
        Token2 = 14 "Token2 serial",
        Iccid = 15 "ICCID",
        Iccsn = 16 "ICCSN",
        Cin = 17 "CIN",
        Iin = 18 "IIN",
        Uid = 19 "UID",
        AtsHistorical = 20 "ATS historical bytes",
        CnsId = 21 "CNS number",
        JaCarta = 22 "JaCarta serial",
        Solo = 23 "Solo UUID",
        Asepcos = 24 "ASEPCOS serial",
        EstEid = 25 "EstEID document number",
        FinEid = 26 "FINEID card number",
        BelgianEid = 27 "Belgian eID chip number",
        Dnie = 28 "DNIe serial",
    }
}

/// How far an identifier distinguishes one card from all others.
///
/// # Examples
/// ```
/// use cardwright_core::identity::{Identifier, Source, Trust};
///
/// // A UID that begins with 08 is another one at each insertion: no record is looked for by it.
/// let uid = Identifier::new(Source::Uid, &[0x08, 0xA1, 0x52, 0x3C]).unwrap();
/// assert_eq!(uid.trust(), Trust::Random);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Trust {
    /// The same each time, and unique to this card if its maker keeps the rules.
    Stable = 1,
    /// A different one each time.
    Random = 2,
    /// The same on other cards too, or not known to be unique to this card.
    Shared = 3,
    /// The card has one and does not reveal it: there are no bytes.
    Hidden = 4,
}

named! { Trust { Stable = "stable", Random = "random", Shared = "shared", Hidden = "hidden" } }
