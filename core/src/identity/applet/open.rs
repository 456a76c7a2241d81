//! Applications of published standards, which any card may have.

use super::parts::{CHUID, NO_DATA, NOTHING, SELECT_GSC_CONTAINER, SELECT_PIV, object, part, read, step, vendor};
use super::{Applet, Ask, Follow, Name, Role, Says, Sign, Step, Take, VendorRead};
use crate::identity::{CardKind, Source};

/// Generic Identity Device Specification 2.0, 5 and 7.3.
pub(super) const GIDS: Applet = Applet {
    kind: Some(CardKind::Gids),
    signs: &[Sign::Within(&[0xA0, 0x00, 0x00, 0x03, 0x97])],
    role: Role::Open,
    select: Some(read(&[0x00, 0xA4, 0x04, 0x00, 0x09, 0xA0, 0x00, 0x00, 0x03, 0x97, 0x42, 0x54, 0x46, 0x59, 0x00])),
    name: Name::Selected,
    steps: &[
        step(
            &[0x00, 0xCB, 0xA0, 0x12, 0x04, 0x5C, 0x02, 0xDF, 0x20, 0x00],
            0,
            &[object(Source::CardId, [0xDF20, 0, 0])],
        ),
        // Where it is not at its usual place, the master file says where it is.
        step(&[0x00, 0xCB, 0xA0, 0x00, 0x04, 0x5C, 0x02, 0xDF, 0x1F, 0x00], Source::CardId.bit(), &[]),
        Step {
            file: None,
            proves: false,
            ask: Ask::Follow(read(&[0x00, 0xCB, 0xA0, 0x12, 0x04, 0x5C, 0x02, 0xDF, 0x20, 0x00]), Follow::CardId),
            unless: Source::CardId.bit(),
            takes: &[Take { skip: 3, proves: true, ..part(Source::CardId, 16, 0, 16) }],
        },
    ],
    control: Some(read(&[0x00, 0xCB, 0xA0, 0x12, 0x04, 0x5C, 0x02, 0xDF, 0x7E, 0x00])),
    ..NOTHING
};

/// SP 800-73-4, part 1, 3.1.1 and 3.1.2. The capability container is asked when the CHUID gives
/// nothing of use.
pub(super) const PIV: Applet = Applet {
    kind: Some(CardKind::Piv),
    signs: &[Sign::Within(&[0xA0, 0x00, 0x00, 0x03, 0x08])],
    says: Says::Hint,
    role: Role::Open,
    unless: Source::ChuidGuid.bit(),
    select: Some(SELECT_PIV),
    name: Name::Piv,
    steps: &[
        CHUID,
        step(
            &[0x00, 0xCB, 0x3F, 0xFF, 0x05, 0x5C, 0x03, 0x5F, 0xC1, 0x07, 0x00],
            Source::ChuidGuid.bit() | Source::FascN.bit(),
            &[object(Source::CacCuid, [0x53, 0xF0, 0])],
        ),
    ],
    control: Some(read(&[0x00, 0xCB, 0x3F, 0xFF, 0x05, 0x5C, 0x03, 0x5F, 0xFF, 0x7E, 0x00])),
    ..NOTHING
};

/// OpenPGP application 3.4.1, 4.2.1. Cards of banks have the same historical bytes.
pub(super) const OPEN_PGP: Applet = Applet {
    kind: Some(CardKind::OpenPgp),
    signs: &[
        Sign::Starts(&[0x00, 0x31, 0xC1, 0x73]),
        Sign::Starts(&[0x00, 0x31, 0xC5, 0x73]),
        Sign::Starts(&[0x00, 0x31, 0xF5, 0x73]),
        Sign::Starts(&[0x00, 0x31, 0x84, 0x73]),
    ],
    says: Says::Ask,
    role: Role::Open,
    select: Some(read(&[0x00, 0xA4, 0x04, 0x00, 0x06, 0xD2, 0x76, 0x00, 0x01, 0x24, 0x01, 0x00])),
    name: Name::Selected,
    steps: &[step(
        &[0x00, 0xCA, 0x00, 0x4F, 0x00],
        0,
        &[Take { proves: true, ..part(Source::OpenPgpAid, 16, 0, 16) }, object(Source::OpenPgpAid, [0x4F, 0, 0])],
    )],
    control: Some(NO_DATA),
    ..NOTHING
};

/// CardContact: the holder of the device's certificate (EF 2F02) begins with the serial number.
pub(super) const SMART_CARD_HSM: Applet = Applet {
    kind: Some(CardKind::SmartCardHsm),
    signs: &[Sign::Within(b"THSM1")],
    role: Role::Open,
    select: Some(read(&[
        0x00, 0xA4, 0x04, 0x00, 0x0B, 0xE8, 0x2B, 0x06, 0x01, 0x04, 0x01, 0x81, 0xC3, 0x1F, 0x02, 0x01, 0x00,
    ])),
    name: Name::Selected,
    steps: &[
        step(
            &[0x00, 0xB1, 0x2F, 0x02, 0x04, 0x54, 0x02, 0x00, 0x00, 0x00],
            0,
            &[object(Source::SmartCardHsm, [0x7F21, 0x7F4E, 0x5F20])],
        ),
        Step {
            file: None,
            proves: false,
            ask: Ask::Follow(read(&[0x00, 0xB1, 0x2F, 0x02, 0x04, 0x54, 0x02, 0x00, 0x00, 0x00]), Follow::Holder),
            unless: Source::SmartCardHsm.bit(),
            takes: &[object(Source::SmartCardHsm, [0x5F20, 0, 0])],
        },
    ],
    control: Some(read(&[0x00, 0xB1, 0x2F, 0x7E, 0x04, 0x54, 0x02, 0x00, 0x00, 0x00])),
    ..NOTHING
};

/// GSC-IS 2.1: the value buffer begins with its length and the CUID.
pub(super) const CAC: Applet = Applet {
    kind: Some(CardKind::Cac),
    role: Role::Open,
    select: Some(SELECT_GSC_CONTAINER),
    name: Name::Selected,
    steps: &[vendor(VendorRead::GscReadBuffer, 0, &[Take { proves: true, ..part(Source::CacCuid, 23, 2, 23) }])],
    control: Some(NO_DATA),
    ..NOTHING
};

/// GlobalPlatform 2.3.1, 11.3 and H.6: the issuer's domain is selected by no name at all.
pub(super) const GLOBAL_PLATFORM: Applet = Applet {
    kind: Some(CardKind::GlobalPlatform),
    role: Role::Open,
    select: Some(read(&[0x00, 0xA4, 0x04, 0x00, 0x00])),
    name: Name::Issuer,
    steps: &[
        step(&[0x80, 0xCA, 0x9F, 0x7F, 0x00], 0, ISSUERS_CPLC),
        step(&[0x00, 0xCA, 0x9F, 0x7F, 0x00], Source::Cplc.bit(), ISSUERS_CPLC),
        step(&[0x80, 0xCA, 0x00, 0x42, 0x00], Source::Cplc.bit(), &[object(Source::Iin, [0x42, 0, 0])]),
        step(&[0x80, 0xCA, 0x00, 0x45, 0x00], Source::Cplc.bit(), &[object(Source::Cin, [0x45, 0, 0])]),
    ],
    control: Some(read(&[0x80, 0xCA, 0x5F, 0x7E, 0x00])),
    ..NOTHING
};

/// DIN V 66291-1, EF.GDO under the master file, which is selected first, as others were before:
/// STARCOS, TCOS, health and signature cards. A card that refuses that may never have left it.
pub(super) const GDO: Applet = Applet {
    role: Role::Open,
    steps: &[
        step(&[0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00], 0, &[]),
        Step {
            file: Some(read(&[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x2F, 0x02])),
            proves: false,
            ask: Ask::Read(read(&[0x00, 0xB0, 0x00, 0x00, 0x00])),
            unless: 0,
            takes: &[object(Source::Iccsn, [0x5A, 0, 0])],
        },
    ],
    // The highest short identifier of a file.
    control: Some(read(&[0x00, 0xB0, 0x9E, 0x00, 0x00])),
    ..NOTHING
};

const ISSUERS_CPLC: &[Take] = &[object(Source::Cplc, [0x9F7F, 0, 0]), part(Source::Cplc, 42, 0, 42)];
