//! Cards in the readers of a real pcscd, as we see them and as others do.

#![cfg(target_os = "linux")]

use cardwright_core::Code;
use cardwright_core::identity::{Interface, RESPONSE_ROOM, Source, identify};
use cardwright_reader::virtual_card::{Answer, Gids, Program, VirtualCard};
use cardwright_reader::{Attribute, Open, Protocol, Protocols, Session, Share, Sharing, Slot, readers};
use cardwright_testkit::readers::{READERS, in_lab, script, witness};

const GIDS_ID: [u8; 16] =
    [0x69, 0x68, 0xEF, 0xD1, 0x17, 0x55, 0xA0, 0x42, 0x8F, 0x05, 0x16, 0xCA, 0x1A, 0x0B, 0x83, 0x4D];

/// Every script, and what OpenSC takes for the card's serial number.
const CARDS: &[(&str, Option<&str>)] = &[
    ("gids", Some("69 68 EF D1 17 55 A0 42 8F 05 16 CA 1A 0B 83 4D")),
    ("piv", Some("2F 6D 1B 0A 4C 8E 47 95 A3 B1 D0 7E 5C 92 4F 18")),
    ("openpgp", Some("00 05 00 00 AB CD")),
    ("yubikey", None),
    ("idprime", None),
    ("cplc", None),
    ("mifare", None),
    ("random-uid", None),
];

/// What the core finds out about each of them.
const IDENTITIES: &[(&str, Source, &str)] = &[
    ("gids", Source::CardId, "d1ef6869-5517-42a0-8f05-16ca1a0b834d"),
    ("piv", Source::ChuidGuid, "2f6d1b0a-4c8e-4795-a3b1-d07e5c924f18"),
    ("piv", Source::FascN, "9999-9999-999999-0-1-0000000000-3-0000-1"),
    ("openpgp", Source::OpenPgpAid, "0005:0000ABCD"),
    ("yubikey", Source::YubiKey, "23852774"),
    ("idprime", Source::CardId, "c3b2a100-e5d4-07f6-1829-3a4b5c6d7e8f"),
    ("cplc", Source::Cplc, "425032721D3C0106C2BB"),
    ("mifare", Source::Uid, "04A1B2C3D4E580"),
    ("random-uid", Source::Uid, "08A1B2C3"),
];

fn hex(bytes: &[u8], between: &str) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(between)
}

#[test]
fn other_programs_see_the_same_atr_and_serial() {
    in_lab("other_programs_see_the_same_atr_and_serial", |lab| {
        let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/cards")).expect("cards");
        assert_eq!(folder.count(), CARDS.len(), "a script is not looked at");
        for (name, serial) in CARDS {
            let card = lab.insert(0, script(name));
            let atr = script(name).atr();
            let reader = readers().expect("readers").swap_remove(0);
            assert_eq!((reader.slot, &reader.atr), (Slot::Card, &atr), "{name}");
            assert_eq!(Session::connect(READERS[0]).expect(name).atr(), atr, "{name}");
            let tool = witness("opensc-tool", &["--reader", "0", "--atr"]);
            assert!(tool.to_uppercase().contains(&hex(&atr, ":")), "{name}: {tool}");
            let scan = witness("pcsc_scan", &["-n", "-q", "-t", "1"]);
            assert!(scan.contains(&hex(&atr, " ")), "{name}: {scan}");
            if let Some(serial) = serial {
                let tool = witness("opensc-tool", &["--reader", "0", "--serial"]);
                assert!(tool.contains(serial), "{name}: {tool}");
            }
            lab.remove(0, card);
        }
        println!("{} cards", CARDS.len());
    });
}

#[test]
fn the_core_identifies_every_card_over_a_transaction() {
    in_lab("the_core_identifies_every_card_over_a_transaction", |lab| {
        for (name, _) in CARDS {
            let card = lab.insert(0, script(name));
            let mut session = Session::connect(READERS[0]).expect(name);
            let atr = session.atr().to_vec();
            let mut transaction = session.transaction().expect(name);
            let identity = identify(&mut transaction, &atr, Interface::Unknown, &mut [0; RESPONSE_ROOM]).expect(name);
            let expected = IDENTITIES.iter().filter(|(card, ..)| card == name);
            let looked_at = expected.inspect(|(_, source, text)| {
                assert_eq!(identity.get(*source).map(ToString::to_string).as_deref(), Some(*text), "{name}");
            });
            assert!(looked_at.count() > 0, "{name}");
            drop(transaction);
            lab.remove(0, card);
        }
    });
}

#[test]
fn opensc_reads_the_emulated_gids_card() {
    in_lab("opensc_reads_the_emulated_gids_card", |lab| {
        let card = Gids::new(GIDS_ID).with_file("kxc00", 0xDF24, vec![7; 300]);
        let _card = lab.insert(0, card);
        let name = witness("opensc-tool", &["--reader", "0", "--name"]);
        assert!(name.contains("GIDS Smart Card"), "{name}");
        let serial = witness("opensc-tool", &["--reader", "0", "--serial"]);
        assert!(serial.contains(&hex(&GIDS_ID, " ")), "{serial}");
        assert_is_dumped(&witness("pkcs15-tool", &["--reader", "0", "--dump"]));
        // And we what takes more than one answer.
        let mut session = Session::connect(READERS[0]).expect("a session");
        let file = session.send(&[0x00, 0xCB, 0xA0, 0x10, 0x04, 0x5C, 0x02, 0xDF, 0x24, 0x00]).expect("an answer");
        assert_eq!((file.len(), &file[305..]), (307, &[0x90, 0x00][..]));
    });
}

/// What OpenSC makes of a GIDS card: the serial number, the PIN and its tries.
fn assert_is_dumped(dump: &str) {
    for expected in [&hex(&GIDS_ID, ""), "GIDS card", "PIN [UserPIN]", "Tries left     : 3"] {
        assert!(dump.to_uppercase().contains(&expected.to_uppercase()), "{expected}: {dump}");
    }
}

#[test]
fn opensc_dumps_the_gids_script() {
    in_lab("opensc_dumps_the_gids_script", |lab| {
        let card = lab.insert(0, script("gids"));
        assert_is_dumped(&witness("pkcs15-tool", &["--reader", "0", "--dump"]));
        lab.remove(0, card);
    });
}

#[test]
fn a_reader_tells_of_itself_and_its_card() {
    in_lab("a_reader_tells_of_itself_and_its_card", |lab| {
        let names: Vec<String> = readers().expect("readers").into_iter().map(|reader| reader.name).collect();
        assert_eq!(names, READERS);
        assert_eq!(Session::connect(READERS[0]).expect_err("no card").code(), Code::NoCard);
        assert_eq!(Session::connect("no such").expect_err("no reader").code(), Code::NoReader);
        assert_eq!(Session::connect("no\0such").expect_err("no reader").code(), Code::NoReader);

        let mut direct = Open::new().share(Share::Direct).connect(READERS[1]).expect("a reader without a card");
        assert_eq!((direct.protocol(), direct.atr()), (None, &[][..]));
        assert_eq!(direct.send(&[0, 0xA4, 4, 0]).expect_err("no card").code(), Code::NoProtocol);
        // vpcd tells nothing of itself.
        for attribute in [Attribute::FriendlyName, Attribute::VendorName, Attribute::VendorSerial, Attribute::MaxInput]
        {
            assert_eq!(direct.attribute(attribute).expect("an answer"), None, "{attribute:?}");
        }

        let _card = lab.insert(0, script("mifare"));
        let mut session = Session::connect(READERS[0]).expect("a session");
        assert_eq!(session.uid().expect("an answer"), Some(vec![0x04, 0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0x80]));
        assert_eq!(session.ats().expect("an answer"), None);
        assert_eq!(readers().expect("readers")[0].sharing, Sharing::Shared);
    });
}

#[test]
fn sharing_and_protocols_are_as_asked_for() {
    in_lab("sharing_and_protocols_are_as_asked_for", |lab| {
        let _card = lab.insert(0, script("gids"));
        let alone = Open::new().share(Share::Exclusive).connect(READERS[0]).expect("a session");
        assert_eq!(alone.protocol(), Some(Protocol::T1));
        assert_eq!(readers().expect("readers")[0].sharing, Sharing::Exclusive);
        assert_eq!(Session::connect(READERS[0]).expect_err("it is not shared").code(), Code::CardBusy);
        drop(alone);
        let t0 = Open::new().protocols(Protocols::T0).connect(READERS[0]);
        assert_eq!(t0.expect_err("the card offers T=1 alone").code(), Code::NoProtocol);
        let t1 = Open::new().protocols(Protocols::T1).connect(READERS[0]).expect("a session");
        assert_eq!(t1.protocol(), Some(Protocol::T1));
    });
}

/// What pcscd negotiates is what the core forecasts; the standard's default is another thing.
#[test]
fn the_protocol_in_use_is_the_one_that_is_forecast() {
    in_lab("the_protocol_in_use_is_the_one_that_is_forecast", |lab| {
        for (atr, default, negotiated) in [
            ("3B00", 0, Some(Protocol::T0)),
            ("3B7F96000080318065B0855956FB120FFE829000", 0, Some(Protocol::T0)),
            ("3BD218008131FE58C90217", 1, Some(Protocol::T1)),
            // Both, T=0 first and T=1 first.
            ("3B8C80018073C82113660106115900012C", 0, Some(Protocol::T1)),
            ("3B80810001", 1, Some(Protocol::T1)),
            // Specific mode: T=0 although T=1 is offered too; T=1 although T=0 is offered first.
            ("3B8090000111", 0, Some(Protocol::T0)),
            ("3B8090010110", 1, Some(Protocol::T1)),
            // T=14 alone.
            ("3B800E8E", 14, None),
        ] {
            let bytes: cardwright_core::atr::AtrBuf = atr.parse().expect(atr);
            assert_eq!(bytes.as_atr().default_protocol().t(), default, "{atr}");
            let answer = |_: &[u8]| Answer::Bytes(vec![0x90, 0x00]);
            let card = lab.insert(0, Program { atr: bytes.as_atr().bytes().to_vec(), answer });
            let forecast = bytes.as_atr().pcsc_protocol().map(|protocol| match protocol.t() {
                0 => Protocol::T0,
                _ => Protocol::T1,
            });
            let session = Session::connect(READERS[0]);
            let in_use = session.as_ref().ok().and_then(Session::protocol);
            assert_eq!((in_use, forecast), (negotiated, negotiated), "{atr}: {session:?}");
            drop(session);
            lab.remove(0, card);
        }
    });
}
