//! The applications, in the order in which they are asked.

use super::{Applet, Ask, Follow, Role, Sign, Step, Take, VendorRead};
use crate::apdu::Read;
use crate::identity::{CardKind, Source};

/// All applications, in the order in which they are asked.
pub(in crate::identity) const APPLETS: &[Applet] = &[
    // PC/SC part 3, 3.2.2.1.3.
    Applet {
        kind: None,
        signs: &[],
        role: Role::Reader,
        unless: 0,
        select: None,
        steps: &[step(&[0xFF, 0xCA, 0x00, 0x00, 0x00], 0, &[whole(Source::Uid)])],
    },
    // PC/SC part 3, 3.1.3.2.3: contactless cards below ISO/IEC 14443-4 have no applications.
    Applet { kind: Some(CardKind::Storage), signs: &[Sign::StorageCard], role: Role::Alone, ..NOTHING },
    // The ATS of all of them has the one historical byte 80.
    Applet { kind: Some(CardKind::DesFire), signs: &[Sign::Is(&[0x80])], role: Role::Alone, ..NOTHING },
    // The German identity card tells nothing without its holder's PIN.
    Applet {
        kind: Some(CardKind::GermanId),
        signs: &[Sign::Is(&[0x80, 0x82, 0x90, 0x00])],
        role: Role::Alone,
        ..NOTHING
    },
    // Yubico, "YubiKey Configuration Reference", READ CONFIG: tag 02 is the serial number; a key
    // that tells its version (tag 05) and no serial number hides it.
    Applet {
        kind: Some(CardKind::YubiKey),
        signs: YUBIKEY,
        role: Role::Named,
        unless: 0,
        select: Some(SELECT_YUBIKEY_MANAGEMENT),
        steps: &[Step {
            file: None,
            ask: Ask::Vendor(VendorRead::YubiKeyConfig),
            unless: 0,
            takes: &[
                Take { skip: 1, ..object(Source::YubiKey, [0x02, 0, 0]) },
                Take { skip: 1, from: 3, to: 3, ..object(Source::YubiKey, [0x05, 0, 0]) },
            ],
        }],
    },
    Applet {
        kind: Some(CardKind::YubiKey),
        signs: YUBIKEY,
        role: Role::Named,
        unless: Source::YubiKey.bit(),
        select: Some(SELECT_YUBIKEY_OTP),
        steps: &[Step {
            file: None,
            ask: Ask::Vendor(VendorRead::YubiKeyOtp),
            unless: 0,
            takes: &[whole(Source::YubiKey)],
        }],
    },
    Applet {
        kind: Some(CardKind::Piv),
        signs: YUBIKEY,
        role: Role::Named,
        unless: 0,
        select: Some(SELECT_PIV),
        steps: &[
            CHUID,
            Step {
                file: None,
                ask: Ask::Vendor(VendorRead::YubiKeyPiv),
                unless: Source::YubiKey.bit(),
                takes: &[whole(Source::YubiKey)],
            },
        ],
    },
    Applet {
        kind: Some(CardKind::Nitrokey),
        signs: &[Sign::Within(b"Nitrokey")],
        role: Role::Named,
        unless: 0,
        select: Some(SELECT_NITROKEY_ADMIN),
        steps: &[Step {
            file: None,
            ask: Ask::Vendor(VendorRead::NitrokeyUuid),
            unless: 0,
            takes: &[whole(Source::Nitrokey)],
        }],
    },
    // Generic Identity Device Specification 2.0, 5 and 7.3.
    Applet {
        kind: Some(CardKind::Gids),
        signs: &[Sign::Within(&[0xA0, 0x00, 0x00, 0x03, 0x97])],
        role: Role::Open,
        unless: 0,
        select: Some(read(&[0x00, 0xA4, 0x04, 0x00, 0x09, 0xA0, 0x00, 0x00, 0x03, 0x97, 0x42, 0x54, 0x46, 0x59, 0x00])),
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
                ask: Ask::Follow(read(&[0x00, 0xCB, 0xA0, 0x12, 0x04, 0x5C, 0x02, 0xDF, 0x20, 0x00]), Follow::CardId),
                unless: Source::CardId.bit(),
                takes: &[Take { skip: 3, ..part(Source::CardId, 16, 0, 16) }],
            },
        ],
    },
    // SP 800-73-4, part 1, 3.1.1 and 3.1.2. The capability container is asked when the CHUID gives
    // nothing of use.
    Applet {
        kind: Some(CardKind::Piv),
        signs: &[Sign::Within(&[0xA0, 0x00, 0x00, 0x03, 0x08])],
        role: Role::Open,
        unless: Source::ChuidGuid.bit(),
        select: Some(SELECT_PIV),
        steps: &[
            CHUID,
            step(
                &[0x00, 0xCB, 0x3F, 0xFF, 0x05, 0x5C, 0x03, 0x5F, 0xC1, 0x07, 0x00],
                Source::ChuidGuid.bit() | Source::FascN.bit(),
                &[object(Source::CacCuid, [0x53, 0xF0, 0])],
            ),
        ],
    },
    // Thales: IDPrime MD and the eTokens after it keep the minidriver's files; `cardid` is EF 0201.
    Applet {
        kind: Some(CardKind::IdPrime),
        signs: &[Sign::Starts(&[0x80, 0x31, 0x80, 0x65, 0xB0])],
        role: Role::Open,
        unless: 0,
        select: Some(read(&[
            0x00, 0xA4, 0x04, 0x00, 0x0B, 0xA0, 0x00, 0x00, 0x00, 0x18, 0x80, 0x00, 0x00, 0x00, 0x06, 0x62, 0x00,
        ])),
        steps: &[
            Step {
                file: Some(read(&[0x00, 0xA4, 0x00, 0x00, 0x02, 0x02, 0x01, 0x00])),
                ask: Ask::Read(read(&[0x00, 0xB0, 0x00, 0x00, 0x10])),
                unless: 0,
                takes: &[whole(Source::CardId)],
            },
            step(&[0x00, 0xCA, 0x9F, 0x7F, 0x00], Source::CardId.bit(), CPLC),
        ],
    },
    // OpenPGP application 3.4.1, 4.2.1.
    Applet {
        kind: Some(CardKind::OpenPgp),
        signs: &[
            Sign::Starts(&[0x00, 0x31, 0xC1, 0x73]),
            Sign::Starts(&[0x00, 0x31, 0xC5, 0x73]),
            Sign::Starts(&[0x00, 0x31, 0xF5, 0x73]),
            Sign::Starts(&[0x00, 0x31, 0x84, 0x73]),
        ],
        role: Role::Open,
        unless: 0,
        select: Some(read(&[0x00, 0xA4, 0x04, 0x00, 0x06, 0xD2, 0x76, 0x00, 0x01, 0x24, 0x01, 0x00])),
        steps: &[step(
            &[0x00, 0xCA, 0x00, 0x4F, 0x00],
            0,
            &[part(Source::OpenPgpAid, 16, 0, 16), object(Source::OpenPgpAid, [0x4F, 0, 0])],
        )],
    },
    // CardContact: the holder of the device's certificate (EF 2F02) begins with the serial number.
    Applet {
        kind: Some(CardKind::SmartCardHsm),
        signs: &[Sign::Within(b"THSM1")],
        role: Role::Open,
        unless: 0,
        select: Some(read(&[
            0x00, 0xA4, 0x04, 0x00, 0x0B, 0xE8, 0x2B, 0x06, 0x01, 0x04, 0x01, 0x81, 0xC3, 0x1F, 0x02, 0x01, 0x00,
        ])),
        steps: &[
            step(
                &[0x00, 0xB1, 0x2F, 0x02, 0x04, 0x54, 0x02, 0x00, 0x00, 0x00],
                0,
                &[object(Source::SmartCardHsm, [0x7F21, 0x7F4E, 0x5F20])],
            ),
            Step {
                file: None,
                ask: Ask::Follow(read(&[0x00, 0xB1, 0x2F, 0x02, 0x04, 0x54, 0x02, 0x00, 0x00, 0x00]), Follow::Holder),
                unless: Source::SmartCardHsm.bit(),
                takes: &[object(Source::SmartCardHsm, [0x5F20, 0, 0])],
            },
        ],
    },
    // Aventra, MyEID PKI card reference manual: GET DATA 01A0, applet information.
    Applet {
        kind: Some(CardKind::MyEid),
        signs: &[Sign::Within(b"MyEID")],
        role: Role::Named,
        steps: &[step(&[0x00, 0xCA, 0x01, 0xA0, 0x00], 0, &[part(Source::MyEid, 20, 8, 18)])],
        ..NOTHING
    },
    // Siemens, Atos: GET DATA 0181.
    Applet {
        kind: Some(CardKind::CardOs),
        signs: &[Sign::PairOf(0xC8), Sign::PairOf(0xC9), Sign::PairOf(0xCA)],
        role: Role::Named,
        steps: &[step(
            &[0x00, 0xCA, 0x01, 0x81, 0x00],
            0,
            &[part(Source::CardOs, 8, 0, 8), part(Source::CardOs, 32, 10, 16)],
        )],
        ..NOTHING
    },
    // Feitian: GET DATA 0180. The prefix 00 66 46 53 05 is of its Java cards too.
    Applet {
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
        role: Role::Hinted,
        steps: &[step(&[0x00, 0xCA, 0x01, 0x80, 0x08], 0, &[whole(Source::EPass2003)])],
        ..NOTHING
    },
    // Aktiv: GET DATA 0181.
    Applet {
        kind: Some(CardKind::Rutoken),
        signs: &[Sign::Within(b"utoken"), Sign::Within(b"ruTokn")],
        role: Role::Named,
        steps: &[step(&[0x00, 0xCA, 0x01, 0x81, 0x04], 0, &[whole(Source::Rutoken)])],
        ..NOTHING
    },
    // IAS ECC 1.0.1: EF.SN has the short identifier 1C.
    Applet {
        kind: Some(CardKind::IasEcc),
        signs: &[Sign::Starts(&[0x00, 0x31, 0xB8, 0x64]), Sign::Within(&[0xA0, 0x00, 0x00, 0x00, 0x77])],
        role: Role::Named,
        steps: &[step(&[0x00, 0xB0, 0x9C, 0x00, 0x00], 0, &[object(Source::Iccsn, [0x5A, 0, 0])])],
        ..NOTHING
    },
    // CNS file system (Italy), EF.ID_Carta under DF0.
    Applet {
        kind: Some(CardKind::Cns),
        signs: &[Sign::Within(b"CNS")],
        role: Role::Named,
        steps: &[Step {
            file: Some(read(&[0x00, 0xA4, 0x08, 0x00, 0x04, 0x10, 0x00, 0x10, 0x03, 0x00])),
            ask: Ask::Read(read(&[0x00, 0xB0, 0x00, 0x00, 0x10])),
            unless: 0,
            takes: &[whole(Source::CnsId)],
        }],
        ..NOTHING
    },
    // Aladdin, SafeNet: nothing more is known of how it tells its number.
    Applet {
        kind: Some(CardKind::EToken),
        signs: &[Sign::Starts(&[0x80, 0x73, 0xC8, 0x21, 0x10])],
        role: Role::Named,
        ..NOTHING
    },
    // ETSI TS 102 221, 13.2 (UICC); TS 51.011, 9.2 and 10.1.1 (SIM). 73 12 21 13 is of cards before
    // the UICC, which know class A0 only; 73 F6 21 alone is of an identity card too.
    Applet {
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
        role: Role::Named,
        steps: &[
            Step {
                file: Some(read(&[0x00, 0xA4, 0x00, 0x04, 0x02, 0x2F, 0xE2, 0x00])),
                ask: Ask::Read(read(&[0x00, 0xB0, 0x00, 0x00, 0x0A])),
                unless: 0,
                takes: &[whole(Source::Iccid)],
            },
            Step {
                file: Some(read(&[0xA0, 0xA4, 0x00, 0x00, 0x02, 0x2F, 0xE2])),
                ask: Ask::Read(read(&[0xA0, 0xB0, 0x00, 0x00, 0x0A])),
                unless: Source::Iccid.bit(),
                takes: &[whole(Source::Iccid)],
            },
        ],
        ..NOTHING
    },
    // GSC-IS 2.1: the value buffer begins with its length and the CUID.
    Applet {
        kind: Some(CardKind::Cac),
        signs: &[],
        role: Role::Open,
        unless: 0,
        select: Some(SELECT_GSC_CONTAINER),
        steps: &[Step {
            file: None,
            ask: Ask::Vendor(VendorRead::GscReadBuffer),
            unless: 0,
            takes: &[part(Source::CacCuid, 23, 2, 23)],
        }],
    },
    // GlobalPlatform 2.3.1, 11.3 and H.6: the issuer's domain is selected by no name at all.
    Applet {
        kind: Some(CardKind::GlobalPlatform),
        signs: &[],
        role: Role::Open,
        unless: 0,
        select: Some(read(&[0x00, 0xA4, 0x04, 0x00, 0x00])),
        steps: &[
            step(&[0x80, 0xCA, 0x9F, 0x7F, 0x00], 0, CPLC),
            step(&[0x00, 0xCA, 0x9F, 0x7F, 0x00], Source::Cplc.bit(), CPLC),
            step(&[0x80, 0xCA, 0x00, 0x42, 0x00], Source::Cplc.bit(), &[object(Source::Iin, [0x42, 0, 0])]),
            step(&[0x80, 0xCA, 0x00, 0x45, 0x00], Source::Cplc.bit(), &[object(Source::Cin, [0x45, 0, 0])]),
        ],
    },
    // DIN V 66291-1, EF.GDO under the master file, which is selected first, as others were before:
    // STARCOS, TCOS, health and signature cards. A card that refuses that may never have left it.
    Applet {
        kind: None,
        signs: &[],
        role: Role::Open,
        unless: 0,
        select: None,
        steps: &[
            step(&[0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00], 0, &[]),
            Step {
                file: Some(read(&[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x2F, 0x02])),
                ask: Ask::Read(read(&[0x00, 0xB0, 0x00, 0x00, 0x00])),
                unless: 0,
                takes: &[object(Source::Iccsn, [0x5A, 0, 0])],
            },
        ],
    },
];

/// The most commands that one card can be sent.
pub(in crate::identity) const MOST_COMMANDS: usize = {
    let mut sum = 0;
    let mut row = APPLETS;
    while let [applet, rows @ ..] = row {
        row = rows;
        sum += applet.select.is_some() as usize;
        let mut steps = applet.steps;
        while let [step, rest @ ..] = steps {
            steps = rest;
            sum += 1 + step.file.is_some() as usize;
            if let Ask::Vendor(vendor) = step.ask {
                let Some(select) = applet.select else { panic!("a maker's command without its application") };
                assert!(same(select.bytes(), vendor.select().bytes()), "a maker's command in a foreign application");
                // The PIV application is not Yubico's alone, so the ATR must say whose it is.
                let named = matches!(applet.role, Role::Named) && !applet.signs.is_empty();
                assert!(named || !matches!(vendor, VendorRead::YubiKeyPiv), "a maker's command to another's card");
            }
        }
    }
    sum
};

impl VendorRead {
    /// The only application that it is sent to, by the command that selects it.
    const fn select(self) -> Read {
        match self {
            VendorRead::YubiKeyOtp => SELECT_YUBIKEY_OTP,
            VendorRead::YubiKeyConfig => SELECT_YUBIKEY_MANAGEMENT,
            VendorRead::YubiKeyPiv => SELECT_PIV,
            VendorRead::NitrokeyUuid => SELECT_NITROKEY_ADMIN,
            VendorRead::GscReadBuffer => SELECT_GSC_CONTAINER,
        }
    }
}

const NOTHING: Applet = Applet { kind: None, signs: &[], role: Role::Named, unless: 0, select: None, steps: &[] };

const YUBIKEY: &[Sign] = &[Sign::Within(b"YubiKey"), Sign::Within(b"Yubikey")];

/// SP 800-73-4, part 1, 3.1.2: the CHUID.
const CHUID: Step = Step {
    file: None,
    ask: Ask::Read(read(&[0x00, 0xCB, 0x3F, 0xFF, 0x05, 0x5C, 0x03, 0x5F, 0xC1, 0x02, 0x00])),
    unless: 0,
    takes: &[object(Source::ChuidGuid, [0x53, 0x34, 0]), object(Source::FascN, [0x53, 0x30, 0])],
};

/// GlobalPlatform 2.3.1, H.6.
const CPLC: &[Take] = &[object(Source::Cplc, [0x9F7F, 0, 0]), part(Source::Cplc, 42, 0, 42)];

const SELECT_YUBIKEY_OTP: Read = read(&[0x00, 0xA4, 0x04, 0x00, 0x07, 0xA0, 0x00, 0x00, 0x05, 0x27, 0x20, 0x01, 0x00]);
const SELECT_YUBIKEY_MANAGEMENT: Read =
    read(&[0x00, 0xA4, 0x04, 0x00, 0x08, 0xA0, 0x00, 0x00, 0x05, 0x27, 0x47, 0x11, 0x17, 0x00]);
/// The application without its version, as SP 800-73-4, part 2, 3.1.1 allows.
const SELECT_PIV: Read =
    read(&[0x00, 0xA4, 0x04, 0x00, 0x09, 0xA0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00, 0x00]);
const SELECT_NITROKEY_ADMIN: Read =
    read(&[0x00, 0xA4, 0x04, 0x00, 0x09, 0xA0, 0x00, 0x00, 0x08, 0x47, 0x00, 0x00, 0x00, 0x01, 0x00]);

const SELECT_GSC_CONTAINER: Read =
    read(&[0x00, 0xA4, 0x04, 0x00, 0x07, 0xA0, 0x00, 0x00, 0x01, 0x16, 0xDB, 0x00, 0x00]);

/// A step without a file.
const fn step(apdu: &'static [u8], unless: u32, takes: &'static [Take]) -> Step {
    Step { file: None, ask: Ask::Read(read(apdu)), unless, takes }
}

const fn read(apdu: &'static [u8]) -> Read {
    match Read::new(apdu) {
        Some(read) => read,
        None => panic!("not a command that only reads"),
    }
}

const fn whole(source: Source) -> Take {
    Take { source, skip: 0, path: [0; 3], of: 0, from: 0, to: 0 }
}

const fn part(source: Source, of: u8, from: u8, to: u8) -> Take {
    Take { source, skip: 0, path: [0; 3], of, from, to }
}

const fn object(source: Source, path: [u16; 3]) -> Take {
    Take { source, skip: 0, path, of: 0, from: 0, to: 0 }
}

const fn same(mut one: &[u8], mut two: &[u8]) -> bool {
    while let ([a, one_rest @ ..], [b, two_rest @ ..]) = (one, two) {
        if *a != *b {
            return false;
        }
        (one, two) = (one_rest, two_rest);
    }
    one.is_empty() && two.is_empty()
}
