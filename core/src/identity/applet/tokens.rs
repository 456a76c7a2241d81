//! Cards and tokens of makers with an operating system or an application of their own.

use super::parts::{CPLC, NO_DATA, NOTHING, SELECT_LASER, part, read, step, vendor, whole};
use super::{Applet, Ask, Name, Role, Says, Sign, Step, Take, VendorRead};
use crate::identity::{CardKind, Source};

/// Thales: IDPrime MD and the eTokens after it keep the minidriver's files; `cardid` is EF 0201. Identity cards
/// of many states have the same historical bytes, and any card of GlobalPlatform answers with CPLC data.
pub(super) const IDPRIME: Applet = Applet {
    kind: Some(CardKind::IdPrime),
    signs: &[Sign::Starts(&[0x80, 0x31, 0x80, 0x65, 0xB0])],
    says: Says::Ask,
    role: Role::Open,
    select: Some(read(&[
        0x00, 0xA4, 0x04, 0x00, 0x0B, 0xA0, 0x00, 0x00, 0x00, 0x18, 0x80, 0x00, 0x00, 0x00, 0x06, 0x62, 0x00,
    ])),
    name: Name::Selected,
    steps: &[
        Step {
            file: Some(read(&[0x00, 0xA4, 0x00, 0x00, 0x02, 0x02, 0x01, 0x00])),
            proves: true,
            ask: Ask::Read(read(&[0x00, 0xB0, 0x00, 0x00, 0x10])),
            unless: 0,
            takes: &[whole(Source::CardId)],
        },
        step(&[0x00, 0xCA, 0x9F, 0x7F, 0x00], 0, CPLC),
    ],
    control: Some(NO_DATA),
    ..NOTHING
};

/// Aventra, MyEID PKI card reference manual: GET DATA 01A0, applet information.
pub(super) const MY_EID: Applet = Applet {
    kind: Some(CardKind::MyEid),
    signs: &[Sign::Within(b"MyEID")],
    steps: &[step(&[0x00, 0xCA, 0x01, 0xA0, 0x00], 0, &[part(Source::MyEid, 20, 8, 18)])],
    ..NOTHING
};

/// Siemens, Atos, Eviden: a pair of historical bytes, the version. GET DATA 0181.
pub(super) const CARD_OS: Applet = Applet {
    kind: Some(CardKind::CardOs),
    signs: &[
        Sign::PairOf(0xC8),
        Sign::PairOf(0xC9),
        Sign::PairOf(0xCA),
        Sign::PairOf(0xCB),
        // Other historical bytes (OpenSC, card-cardos.c).
        Sign::Atr(&[0x3B, 0xF4, 0x98, 0x00, 0xFF, 0xC1, 0x10, 0x31, 0xFE, 0x55, 0x4D, 0x34, 0x63, 0x76, 0xB4]),
        Sign::Atr(&[
            0x3B, 0xFC, 0x98, 0x00, 0xFF, 0xC1, 0x10, 0x31, 0xFE, 0x55, 0xC8, 0x03, 0x49, 0x6E, 0x66, 0x6F, 0x63, 0x61,
            0x6D, 0x65, 0x72, 0x65, 0x28,
        ]),
        Sign::Atr(&[
            0x3B, 0xFB, 0x98, 0x00, 0xFF, 0xC1, 0x10, 0x31, 0xFE, 0x55, 0x00, 0x64, 0x05, 0x20, 0x47, 0x03, 0x31, 0x80,
            0x00, 0x90, 0x00, 0xF3,
        ]),
        Sign::Atr(&[
            0x3B, 0xE9, 0x00, 0xFF, 0xC1, 0x10, 0x31, 0xFE, 0x55, 0x00, 0x64, 0x05, 0x00, 0xC8, 0x02, 0x31, 0x80, 0x00,
            0x47,
        ]),
    ],
    steps: &[step(
        &[0x00, 0xCA, 0x01, 0x81, 0x00],
        0,
        &[part(Source::CardOs, 8, 0, 8), part(Source::CardOs, 32, 10, 16)],
    )],
    ..NOTHING
};

/// Feitian: GET DATA 0180. The prefix 00 66 46 53 05 is of its Java cards too, what comes after it is not.
pub(super) const EPASS2003: Applet = Applet {
    kind: Some(CardKind::EPass2003),
    signs: &[
        Sign::Starts(&[0x00, 0x66, 0x46, 0x53, 0x05, 0x01, 0x00]),
        Sign::Starts(&[0x00, 0x66, 0x46, 0x53, 0x05, 0x10, 0x04]),
        Sign::Starts(&[0x00, 0x66, 0x46, 0x53, 0x05, 0x10, 0x06]),
        Sign::Starts(&[0x00, 0x66, 0x46, 0x53, 0x05, 0x10, 0x32]),
        Sign::Starts(&[0x00, 0x66, 0x46, 0x53, 0x05, 0x20, 0x03]),
        Sign::Starts(&[0x00, 0x66, 0x46, 0x53, 0x05, 0x23, 0x00]),
        Sign::Starts(&[0x00, 0x66, 0x46, 0x53, 0x05, 0x34, 0x00]),
        Sign::Starts(&[0x00, 0x66, 0x46, 0x53, 0x05, 0x51, 0x00]),
    ],
    steps: &[step(&[0x00, 0xCA, 0x01, 0x80, 0x08], 0, &[whole(Source::EPass2003)])],
    ..NOTHING
};

/// Aktiv: GET DATA 0181, of the tokens that OpenSC has (card-rtecp.c, card-rutoken.c).
pub(super) const RUTOKEN: Applet = Applet {
    kind: Some(CardKind::Rutoken),
    signs: &[
        Sign::Within(b"utoken ECP"),
        Sign::Within(b"utoken DS "),
        Sign::Within(b"utokenECPsc"),
        Sign::Within(b"RtSC"),
        Sign::Within(b"ruTokn"),
    ],
    steps: &[step(RUTOKEN_SERIAL, 0, &[whole(Source::Rutoken)])],
    ..NOTHING
};

/// Aktiv's others: Lite, Micron, Bluetooth, 2151 and PINPad. Nobody has published what they answer.
pub(super) const RUTOKEN_OTHERS: Applet = Applet {
    kind: Some(CardKind::Rutoken),
    signs: &[Sign::Within(b"utoken"), Sign::Within(b"RtMC"), Sign::Within(b"RtPINPad")],
    unless: Source::Rutoken.bit(),
    steps: &[step(RUTOKEN_SERIAL, 0, &[Take { assumed: true, ..whole(Source::Rutoken) }])],
    ..NOTHING
};

const RUTOKEN_SERIAL: &[u8] = &[0x00, 0xCA, 0x01, 0x81, 0x04];

/// Athena, NXP, Aladdin: the LASER application (OpenSC, card-laser.c). Many cards of NXP and Athena have its
/// historical bytes; JaCarta-2 PKI has others.
pub(super) const JACARTA: Applet = Applet {
    kind: Some(CardKind::JaCarta),
    signs: &[
        Sign::Within(&[0x73, 0xC8, 0x21, 0x13]),
        Sign::Atr(&[0x3B, 0x9F, 0x11, 0x81, 0x11, 0x3D, 0x00, 0x11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x32]),
    ],
    says: Says::Ask,
    select: Some(SELECT_LASER),
    name: Name::Selected,
    rules_out: Some(CardKind::EToken),
    steps: &[vendor(VendorRead::LaserSerial, 0, &[part(Source::JaCarta, 8, 0, 8)])],
    ..NOTHING
};

/// JaCarta PRO, with the ATR of an eToken, which has no such application: eight bytes are as much as its name.
pub(super) const JACARTA_PRO: Applet = Applet {
    signs: &[Sign::Atr(ETOKEN_JAVA)],
    steps: &[vendor(VendorRead::LaserSerial, 0, &[Take { proves: true, ..part(Source::JaCarta, 8, 0, 8) }])],
    ..JACARTA
};

/// Aladdin R.D.: its ATR alone is public (OpenSC, card-laser.c; pcsc-tools).
pub(super) const JACARTA_LT: Applet = Applet {
    kind: Some(CardKind::JaCartaLt),
    signs: &[Sign::Atr(&[
        0x3B, 0xDC, 0x18, 0xFF, 0x81, 0x11, 0xFE, 0x80, 0x73, 0xC8, 0x21, 0x13, 0x66, 0x01, 0x06, 0x01, 0x30, 0x80,
        0x01, 0x8D,
    ])],
    ..NOTHING
};

/// Aladdin, SafeNet: Java-based eTokens. 80 73 C8 21 10 is what NXP's JCOP 4 has if nobody sets others, so
/// that only whole ATRs say something (pcsc-tools).
pub(super) const ETOKEN: Applet = Applet {
    kind: Some(CardKind::EToken),
    signs: &[
        Sign::Atr(ETOKEN_JAVA),
        Sign::Atr(&[0x3B, 0xD5, 0x18, 0x00, 0x81, 0x31, 0x3A, 0x7D, 0x80, 0x73, 0xC8, 0x21, 0x10, 0x30]),
    ],
    ..NOTHING
};

const ETOKEN_JAVA: &[u8] = &[0x3B, 0xD5, 0x18, 0x00, 0x81, 0x31, 0xFE, 0x7D, 0x80, 0x73, 0xC8, 0x21, 0x10, 0xF4];

/// ISBC: the name in the ATR, and the ATR of the card (pcsc-tools).
pub(super) const ESMART: Applet = Applet {
    kind: Some(CardKind::Esmart),
    signs: &[
        Sign::Within(b"ESMARTGOST"),
        Sign::Atr(&[
            0x3B, 0xBE, 0x96, 0x00, 0x00, 0x42, 0x06, 0x21, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x90, 0x00,
        ]),
    ],
    ..NOTHING
};

/// Giesecke+Devrient StarSign; A.E.T. Europe SafeSign (pcsc-tools).
pub(super) const SAFESIGN: Applet = Applet {
    kind: Some(CardKind::SafeSign),
    signs: &[
        Sign::Atr(&[0x3B, 0x74, 0x18, 0x00, 0x00, 0x73, 0x66, 0x74, 0x65]),
        Sign::Within(&[0x06, 0x09, 0x2B, 0x06, 0x01, 0x04, 0x01, 0xE9, 0x10]),
    ],
    ..NOTHING
};

/// The ATRs of Giesecke+Devrient's Sm@rtCafé, on which StarSign is built, and others' cards too (pcsc-tools).
pub(super) const SAFESIGN_PLATFORM: Applet = Applet {
    kind: Some(CardKind::SafeSign),
    signs: &[
        Sign::Atr(&[
            0x3B, 0xF9, 0x96, 0x00, 0x00, 0x81, 0x31, 0xFE, 0x45, 0x53, 0x43, 0x45, 0x37, 0x20, 0x0E, 0x00, 0x20, 0x20,
            0x28,
        ]),
        Sign::Atr(&[
            0x3B, 0xFD, 0x18, 0x00, 0x00, 0x81, 0x31, 0xFE, 0x45, 0x53, 0x43, 0x45, 0x36, 0x30, 0x2D, 0x43, 0x43, 0x30,
            0x38, 0x31, 0x2D, 0x46, 0xC2,
        ]),
    ],
    says: Says::Hint,
    ..NOTHING
};

/// HID: the ActivID applications, which name the model.
pub(super) const ACTIV_ID: Applet =
    Applet { kind: Some(CardKind::ActivId), signs: &[Sign::Within(b"HIDC1"), Sign::Within(b"HIDC7")], ..NOTHING };

/// Asseco cryptoCertum 3.5 (pcsc-tools).
pub(super) const CRYPTO_CERTUM: Applet = Applet {
    kind: Some(CardKind::CryptoCertum),
    signs: &[Sign::Atr(&[
        0x3B, 0xDD, 0x96, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x80, 0x59, 0x5F, 0x53, 0x74, 0x64, 0x5F, 0x49, 0x6E, 0x69,
        0x74, 0x81, 0x05, 0x9B,
    ])],
    ..NOTHING
};

/// Athena: GET DATA 0114 (OpenSC, card-asepcos.c). Test cards of PC/SC have the historical bytes of the first.
pub(super) const ASEPCOS: Applet = Applet {
    kind: Some(CardKind::Asepcos),
    signs: &[Sign::Atr(&[
        0x3B, 0xD6, 0x18, 0x00, 0x81, 0xB1, 0x80, 0x7D, 0x1F, 0x03, 0x80, 0x51, 0x00, 0x61, 0x10, 0x30, 0x8F,
    ])],
    steps: &[ASEPCOS_SERIAL],
    ..NOTHING
};

/// The same as an application of a Java card.
pub(super) const ASEPCOS_JAVA: Applet = Applet {
    kind: Some(CardKind::Asepcos),
    signs: &[Sign::Atr(&[
        0x3B, 0xD6, 0x18, 0x00, 0x81, 0xB1, 0xFE, 0x7D, 0x1F, 0x03, 0x41, 0x53, 0x45, 0x37, 0x35, 0x35, 0x01,
    ])],
    select: Some(read(&[
        0x00, 0xA4, 0x04, 0x00, 0x0D, 0xA0, 0x00, 0x00, 0x01, 0x64, 0x41, 0x53, 0x45, 0x50, 0x43, 0x4F, 0x53, 0x00,
        0x00,
    ])),
    name: Name::Selected,
    steps: &[ASEPCOS_SERIAL],
    ..NOTHING
};

const ASEPCOS_SERIAL: Step = step(&[0x00, 0xCA, 0x01, 0x14, 0x00], 0, &[whole(Source::Asepcos)]);
