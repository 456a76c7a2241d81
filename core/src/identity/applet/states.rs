//! Cards that states give to people.

use super::parts::{NOTHING, SELECT_BELGIAN, object, part, read, step, vendor, whole};
use super::{Applet, Ask, Role, Says, Sign, Step, Take, VendorRead};
use crate::apdu::Read;
use crate::identity::{CardKind, Source};

/// The German identity card tells nothing without its holder's PIN: its ATRs are all that is known of it
/// (pcsc-tools). What passports of other states have too is not among them.
pub(super) const GERMAN_ID: Applet = Applet {
    kind: Some(CardKind::GermanId),
    signs: &[
        Sign::Is(&[0x80, 0x82, 0x90, 0x00]),
        Sign::Is(&[0x80, 0x31, 0xB8, 0x73, 0x84, 0x01, 0xE0]),
        Sign::Is(&[0x80, 0x31, 0xB8, 0x73, 0x86, 0x01, 0xE0]),
        Sign::Is(&[0x80, 0x31, 0xB8, 0x73, 0x84, 0x01, 0xE0, 0x82, 0x90, 0x00]),
        Sign::Is(&[0x80, 0x31, 0xF8, 0x73, 0xF7, 0x41, 0xE0, 0x82, 0x90, 0x00]),
        // Of type B: application data, protocol information, MBLI.
        Sign::Is(&[0xE1, 0xE1, 0xF3, 0x5E, 0x13, 0x77, 0x83, 0x00]),
        Sign::Is(&[0xE1, 0xF3, 0x5E, 0x13, 0x77, 0x83, 0x00, 0x00]),
        Sign::Is(&[0xE1, 0xF3, 0x5E, 0x13, 0x77, 0x83, 0xD5, 0x00]),
        Sign::Is(&[0xE1, 0xF3, 0x5E, 0x11, 0x77, 0x83, 0x00, 0x00]),
    ],
    role: Role::Alone,
    ..NOTHING
};

/// A card of type B that gives no application data; the list of pcsc-tools has a German identity card for it.
pub(super) const GERMAN_ID_BLANK: Applet = Applet {
    kind: Some(CardKind::GermanId),
    signs: &[Sign::Atr(&[0x3B, 0x88, 0x80, 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0x09])],
    says: Says::Hint,
    ..NOTHING
};

/// IAS ECC 1.0.1: EF.SN has the short identifier 1C. Other applications of the same makers have the same
/// historical bytes.
pub(super) const IAS_ECC: Applet = Applet {
    kind: Some(CardKind::IasEcc),
    signs: &[Sign::Starts(&[0x00, 0x31, 0xB8, 0x64]), Sign::Within(&[0xA0, 0x00, 0x00, 0x00, 0x77])],
    says: Says::Hint,
    steps: &[step(&[0x00, 0xB0, 0x9C, 0x00, 0x00], 0, &[object(Source::Iccsn, [0x5A, 0, 0])])],
    ..NOTHING
};

/// CNS file system (Italy), EF.ID_Carta under DF0. A signature card of the Basque Country has the same letters.
pub(super) const CNS: Applet = Applet {
    kind: Some(CardKind::Cns),
    signs: &[Sign::Within(b"CNS")],
    says: Says::Hint,
    steps: &[Step {
        file: Some(read(&[0x00, 0xA4, 0x08, 0x00, 0x04, 0x10, 0x00, 0x10, 0x03, 0x00])),
        proves: true,
        ask: Ask::Read(read(&[0x00, 0xB0, 0x00, 0x00, 0x10])),
        unless: 0,
        takes: &[whole(Source::CnsId)],
    }],
    ..NOTHING
};

/// Estonia, IDEMIA's card of 2018: the document number is in EF D003 under the master file (OpenSC,
/// card-esteid2018.c and pkcs15-esteid2018.c).
pub(super) const EST_EID_2018: Applet = Applet {
    kind: Some(CardKind::EstEid),
    signs: &[
        Sign::Starts(&[0x00, 0x12, 0x23, 0x3F, 0x53, 0x65, 0x49, 0x44]),
        Sign::Starts(&[0x00, 0x12, 0x23, 0x3F, 0x54, 0x65, 0x49, 0x44]),
    ],
    select: Some(read(&[
        0x00, 0xA4, 0x04, 0x00, 0x10, 0xA0, 0x00, 0x00, 0x00, 0x77, 0x01, 0x08, 0x00, 0x07, 0x00, 0x00, 0xFE, 0x00,
        0x00, 0x01, 0x00, 0x00,
    ])),
    steps: &[
        step(&[0x00, 0xA4, 0x00, 0x0C], 0, &[]),
        Step {
            file: Some(read(&[0x00, 0xA4, 0x09, 0x04, 0x02, 0xD0, 0x03, 0x00])),
            proves: false,
            ask: Ask::Read(read(&[0x00, 0xB0, 0x00, 0x00, 0x0B])),
            unless: 0,
            takes: &[object(Source::EstEid, [0x04, 0, 0])],
        },
    ],
    ..NOTHING
};

/// Estonia, Thales' card of 2025: the document number is in EF 5007 under DF DFDD (OpenSC,
/// card-esteid2025.c and pkcs15-esteid2025.c).
pub(super) const EST_EID_2025: Applet = Applet {
    kind: Some(CardKind::EstEid),
    signs: &[Sign::Starts(&[0x80, 0x31, 0xB8, 0x53, 0x65, 0x49, 0x44, 0x64])],
    select: Some(SELECT_PKCS15),
    steps: &[Step {
        file: Some(read(&[0x00, 0xA4, 0x08, 0x04, 0x04, 0xDF, 0xDD, 0x50, 0x07, 0x00])),
        proves: false,
        ask: Ask::Read(read(&[0x00, 0xB0, 0x00, 0x00, 0x09])),
        unless: 0,
        takes: &[part(Source::EstEid, 9, 0, 9)],
    }],
    ..NOTHING
};

/// Finland, Thales' and Gemalto's cards: the number is in the token information, EF 5032 (OpenSC,
/// pkcs15-esteid2025.c, which passes over the first four bytes; FINEID S1).
pub(super) const FIN_EID: Applet = Applet {
    kind: Some(CardKind::FinEid),
    signs: &[Sign::Starts(&[0x80, 0x31, 0xB8, 0x65, 0xB0])],
    select: Some(SELECT_PKCS15),
    steps: &[
        Step {
            file: Some(SELECT_TOKEN_INFO),
            proves: false,
            ask: Ask::Read(read(&[0x00, 0xB0, 0x00, 0x04, 0x00])),
            unless: 0,
            takes: &[object(Source::FinEid, [0x04, 0, 0])],
        },
        Step {
            file: Some(SELECT_TOKEN_INFO),
            proves: false,
            ask: Ask::Read(read(&[0x00, 0xB0, 0x00, 0x00, 0x00])),
            unless: Source::FinEid.bit(),
            takes: &[object(Source::FinEid, [0x30, 0x04, 0])],
        },
    ],
    ..NOTHING
};

/// Finland, Setec's cards (OpenSC, card-setcos.c): the kind alone.
pub(super) const FIN_EID_SETEC: Applet =
    Applet { kind: Some(CardKind::FinEid), signs: &[Sign::Within(b"QVFinEID"), Sign::Within(b"TVFinEID")], ..NOTHING };

const SELECT_TOKEN_INFO: Read = read(&[0x00, 0xA4, 0x08, 0x04, 0x02, 0x50, 0x32, 0x00]);

/// PKCS #15 v1.1, 5.4.
const SELECT_PKCS15: Read =
    read(&[0x00, 0xA4, 0x04, 0x00, 0x0C, 0xA0, 0x00, 0x00, 0x00, 0x63, 0x50, 0x4B, 0x43, 0x53, 0x2D, 0x31, 0x35, 0x00]);

/// Belgium, cards up to applet 1.7, which have the one application: the first sixteen bytes of GET CARD DATA.
pub(super) const BELGIAN_EID: Applet = Applet {
    kind: Some(CardKind::BelgianEid),
    signs: &[
        Sign::Is(&[0xA5, 0x03, 0x01, 0x01, 0x01, 0xAD, 0x13, 0x10]),
        Sign::Is(&[0xA5, 0x03, 0x01, 0x01, 0x01, 0xAD, 0x13, 0x11]),
    ],
    steps: &[vendor(VendorRead::BelgianCardDataAlone, 0, &[BELGIAN_NUMBER])],
    ..NOTHING
};

/// Belgium, applet 1.8 on a card of Thales: other states' cards differ from it in no byte but the last ones, so
/// that the applet must have been selected.
pub(super) const BELGIAN_EID_18: Applet = Applet {
    kind: Some(CardKind::BelgianEid),
    signs: &[Sign::Atr(&[
        0x3B, 0x7F, 0x96, 0x00, 0x00, 0x80, 0x31, 0x80, 0x65, 0xB0, 0x85, 0x04, 0x01, 0x20, 0x12, 0x0F, 0xFF, 0x82,
        0x90, 0x00,
    ])],
    says: Says::Hint,
    select: Some(SELECT_BELGIAN),
    steps: &[vendor(VendorRead::BelgianCardData, 0, &[Take { proves: true, ..BELGIAN_NUMBER }])],
    ..NOTHING
};

const BELGIAN_NUMBER: Take = part(Source::BelgianEid, 28, 0, 16);

/// Spain: the card says its name.
pub(super) const DNIE: Applet = Applet {
    kind: Some(CardKind::Dnie),
    signs: &[Sign::Starts(b"\0jDNIe")],
    steps: &[vendor(VendorRead::DnieSerial, 0, &[part(Source::Dnie, 7, 0, 7)])],
    ..NOTHING
};

/// ETSI TS 102 221, 13.2 (UICC); TS 51.011, 9.2 and 10.1.1 (SIM). 73 12 21 13 is of cards before
/// the UICC, which know class A0 only; 73 F6 21 alone is of an identity card too.
pub(super) const SIM: Applet = Applet {
    kind: Some(CardKind::Sim),
    signs: &[
        Sign::Within(&[0x73, 0xBE, 0x21]),
        Sign::Within(&[0x73, 0xFE, 0x21]),
        Sign::Within(&[0x73, 0xF6, 0x21, 0x13]),
        Sign::Starts(&[0x80, 0x31, 0xE0, 0x73, 0xF6, 0x21]),
        Sign::Within(&[0x73, 0x36, 0x21, 0x13]),
        Sign::Within(&[0x73, 0x12, 0x21, 0x13]),
        Sign::Within(&[0x73, 0xB6, 0xA1, 0x00]),
    ],
    steps: &[
        Step {
            file: Some(read(&[0x00, 0xA4, 0x00, 0x04, 0x02, 0x2F, 0xE2, 0x00])),
            proves: true,
            ask: Ask::Read(read(&[0x00, 0xB0, 0x00, 0x00, 0x0A])),
            unless: 0,
            takes: &[whole(Source::Iccid)],
        },
        Step {
            file: Some(read(&[0xA0, 0xA4, 0x00, 0x00, 0x02, 0x2F, 0xE2])),
            proves: false,
            ask: Ask::Read(read(&[0xA0, 0xB0, 0x00, 0x00, 0x0A])),
            unless: Source::Iccid.bit(),
            takes: &[whole(Source::Iccid)],
        },
    ],
    ..NOTHING
};
