//! Where the numbers of cards come from, and how far each can be trusted.

use crate::named;

/// Where an identifier comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum Source {
    /// The file `cardid` of a minidriver card (GIDS, IDPrime): 16 bytes, a GUID as Windows keeps
    /// it.
    CardId = 1,
    /// The GUID in the CHUID of a PIV card (tag 34): 16 bytes in the order of RFC 4122.
    ChuidGuid = 2,
    /// The FASC-N in the CHUID of a PIV card (tag 30): 25 bytes.
    FascN = 3,
    /// The card's identifier in its capability container (CAC, tag F0): 21 bytes.
    CacCuid = 4,
    /// Card production life cycle data: 42 bytes.
    Cplc = 5,
    /// The application identifier of an OpenPGP card: 16 bytes.
    OpenPgpAid = 6,
    /// The serial number of a YubiKey: 4 bytes, big-endian. None when the key hides it.
    YubiKey = 7,
    /// The UUID of a Nitrokey 3: 16 bytes.
    Nitrokey = 8,
    /// The serial number of CardOS: 8 bytes (5.x) or 6 (4.x).
    CardOs = 9,
    /// The serial number of MyEID: 10 bytes.
    MyEid = 10,
    /// The serial number of a SmartCard-HSM: up to 11 characters.
    SmartCardHsm = 11,
    /// The serial number of an ePass2003: 8 bytes.
    EPass2003 = 12,
    /// The serial number of a Rutoken: 4 bytes, big-endian (the token gives them the other way).
    Rutoken = 13,
    /// The serial number of a Token2 key: 8 to 16 characters, of which an older key tells the last 8 only.
    Token2 = 14,
    /// The number of a SIM (EF 2FE2): 10 bytes of decimal digits with the nibbles swapped.
    Iccid = 15,
    /// The card's number in EF.GDO or EF.SN (tag 5A): up to 10 bytes of decimal digits.
    Iccsn = 16,
    /// The card image number of GlobalPlatform (tag 45), the issuer's own count.
    Cin = 17,
    /// The issuer identification number of GlobalPlatform (tag 42): of the issuer, not of the card.
    Iin = 18,
    /// The UID, PUPI or IDm by which a contactless reader tells cards apart: 4 to 10 bytes. Four
    /// bytes are not unique (ISO/IEC 14443-3:2018, 6.5.4; NXP AN10927), and a PUPI of four may be another
    /// one each time.
    Uid = 19,
    /// The historical bytes of the ATS of a contactless card: of the model, not of the card. Of a
    /// card of type B, which its ATR does not tell apart, they are the application data instead.
    AtsHistorical = 20,
    /// The number of an Italian CNS (EF.ID_Carta): 16 characters.
    CnsId = 21,
    /// The serial number of the LASER application: 8 bytes, two and the chip's serial number and batch.
    JaCarta = 22,
    /// The UUID of a Solo 2: 16 bytes.
    Solo = 23,
    /// The serial number of ASEPCOS: 8 bytes.
    Asepcos = 24,
    /// The document number of an Estonian identity card: letters and digits.
    EstEid = 25,
    /// The number of a Finnish card in its token information: letters and digits.
    FinEid = 26,
    /// The chip's number of a Belgian identity card: 16 bytes.
    BelgianEid = 27,
    /// The serial number of a Spanish identity card: 7 bytes.
    Dnie = 28,
}

impl Source {
    /// A bit of its own.
    pub(super) const fn bit(self) -> u64 {
        1_u64.wrapping_shl(self as u32)
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

named! {
    Source {
        CardId = "cardid",
        ChuidGuid = "CHUID GUID",
        FascN = "FASC-N",
        CacCuid = "CAC CUID",
        Cplc = "CPLC",
        OpenPgpAid = "OpenPGP AID",
        YubiKey = "YubiKey serial",
        Nitrokey = "Nitrokey UUID",
        CardOs = "CardOS serial",
        MyEid = "MyEID serial",
        SmartCardHsm = "SmartCard-HSM serial",
        EPass2003 = "ePass2003 serial",
        Rutoken = "Rutoken serial",
        Token2 = "Token2 serial",
        Iccid = "ICCID",
        Iccsn = "ICCSN",
        Cin = "CIN",
        Iin = "IIN",
        Uid = "UID",
        AtsHistorical = "ATS historical bytes",
        CnsId = "CNS number",
        JaCarta = "JaCarta serial",
        Solo = "Solo UUID",
        Asepcos = "ASEPCOS serial",
        EstEid = "EstEID document number",
        FinEid = "FINEID card number",
        BelgianEid = "Belgian eID chip number",
        Dnie = "DNIe serial",
    }
}

/// How far an identifier distinguishes one card from all others.
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
