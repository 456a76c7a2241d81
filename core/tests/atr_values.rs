//! What the bytes of an ATR mean: rates, times, parameters, historical bytes; and ATRs from parts.

use cardwright_core::atr::{
    Atr, Check, Classes, ClockStop, CommandCapabilities, CompactTlv, Convention, DataCoding, Edc, Historical,
    InitialAccess, LevelParts, LifeCycle, Parts, Rate, Rule, Selection, Spu, Standard, T1, Ta1, Vpp, WriteBehaviour,
};
use cardwright_core::{Code, Error};
use cardwright_testkit::atr::bytes_of;

#[test]
fn fi_di_and_the_greatest_clock_come_from_ta1() {
    let fi = [372, 372, 558, 744, 1116, 1488, 1860, 0, 0, 512, 768, 1024, 1536, 2048, 0, 0];
    let khz = [4000, 5000, 6000, 8000, 12_000, 16_000, 20_000, 0, 0, 5000, 7500, 10_000, 15_000, 20_000, 0, 0];
    let di = [0, 1, 2, 4, 8, 16, 32, 64, 12, 20, 0, 0, 0, 0, 0, 0];
    for value in 0..=255 {
        let ta1 = Ta1(value);
        let (high, low) = (usize::from(value >> 4), usize::from(value & 15));
        assert_eq!(ta1.fi().unwrap_or(0), fi[high], "{value:02X}");
        assert_eq!(ta1.fmax_khz().unwrap_or(0), khz[high], "{value:02X}");
        assert_eq!(ta1.di().unwrap_or(0), di[low], "{value:02X}");
        assert_eq!(ta1.rate().is_some(), fi[high] > 0 && di[low] > 0);
    }
}

#[test]
fn rates_are_those_that_are_printed_elsewhere() {
    for (ta1, clock, wanted) in
        [(0x96, 4_000_000, 250_000), (0x96, 5_000_000, 312_500), (0x18, 4_000_000, 129_032), (0x11, 3_571_200, 9600)]
    {
        assert_eq!(Ta1(ta1).rate().expect("a rate").bits_per_second(clock), wanted, "{ta1:02X}");
    }
    let etu = Ta1(0x18).rate().expect("a rate").etu();
    assert_eq!((etu.cycles(), etu.per(), etu.cycles_up()), (372, 12, 31));
    assert_eq!(Ta1(0x18).fmax_khz(), Some(5000));
    let fastest = Ta1(0x97).rate().expect("a rate");
    assert_eq!((fastest.etu().cycles_up(), fastest.etu().nanoseconds(5_000_000)), (8, Some(1600)));
    assert_eq!(Rate::new(0, 1), None);
    assert_eq!(Rate::new(372, 0), None);
    assert_eq!(Rate::DEFAULT.etu().nanoseconds(0), None);
}

#[test]
fn guard_times_follow_n_the_rate_and_t15() {
    // hex, F and D in use, GT in cycles times D·Di
    for (hex, f, d, cycles, per) in [
        ("3B00", 372, 1, 12 * 372, 1),
        ("3B40FE", 372, 1, (12 + 254) * 372, 1),
        ("3B40FF", 372, 1, 12 * 372, 1),
        ("3B509640", 372, 1, (12 + 64) * 372, 1),
        ("3B509640", 512, 32, (12 + 64) * 512, 32),
        // With T=15, N counts in etu of TA1, whatever the rate.
        ("3BD096408 01F 41 00", 372, 1, 12 * 372 * 32 + 64 * 512, 32),
        ("3BD096408 01F 41 00", 512, 32, 12 * 512 * 32 + 64 * 512 * 32, 32 * 32),
        // K = 15 is no T=15.
        ("3B4F02000102030405060708090A0B0C0D0E", 372, 1, 14 * 372, 1),
    ] {
        let bytes = bytes_of(&hex.replace(' ', ""));
        let atr = Atr::parse(&bytes).expect(hex);
        let timing = atr.timing(Rate::new(f, d).expect("a rate"));
        assert_eq!(timing.gt.cycles() * per, cycles * u64::from(timing.gt.per()), "{hex}");
    }
}

#[test]
fn waiting_times_follow_wi_bwi_and_cwi() {
    let timing = |hex: &str, rate| Atr::parse(&bytes_of(hex)).expect(hex).timing(rate);
    // WI 10: 9600 etu at Fi 372, D 1. TA1 counts, not the rate in use.
    assert_eq!(timing("3B00", Rate::DEFAULT).wt.map(|wt| wt.cycles()), Some(10 * 960 * 372));
    assert_eq!(timing("3B1096", Rate::DEFAULT).wt.map(|wt| wt.cycles()), Some(10 * 960 * 512));
    assert_eq!(timing("3B80404000", Rate::DEFAULT).wt.map(|wt| wt.cycles()), Some(64 * 960 * 372));
    assert_eq!(timing("3B00", Rate::DEFAULT).wt.and_then(|wt| wt.nanoseconds(4_000_000)), Some(892_800_000));
    assert_eq!(timing("3B800181", Rate::DEFAULT).wt, None);
    assert_eq!(timing("3B00", Rate::DEFAULT).t1, None);

    let t1 = timing("3B800181", Rate::DEFAULT).t1.expect("T=1");
    assert_eq!(t1.cwt.cycles(), (11 + 8192) * 372);
    assert_eq!(t1.bwt.cycles(), 11 * 372 + 16 * 960 * 372);
    assert_eq!((t1.bgt.cycles(), t1.cgt.cycles()), (22 * 372, 12 * 372));
    let rate = Rate::new(512, 32).expect("a rate");
    let t1 = timing("3BD096FF81314045", rate).t1.expect("T=1");
    // N 255: 11 etu. BWT keeps Fd = 372 whatever the rate: 11·16 + 16·960·372 cycles.
    assert_eq!(t1.cgt.cycles_up(), 11 * 16);
    assert_eq!(t1.cwt.cycles_up(), (11 + 32) * 16);
    assert_eq!(t1.bwt.cycles_up(), 11 * 16 + 16 * 960 * 372);
    // The longest that bytes can say, a reserved BWI: no overflow, 2935 s at 4 MHz.
    let t1 = timing("3B80 8131 FEFF 4F".replace(' ', "").as_str(), Rate::DEFAULT).t1.expect("T=1");
    assert_eq!(t1.bwt.nanoseconds(4_000_000), Some((11 * 372 + ((960 * 372) << 15)) * 250));
    assert_eq!(t1.bwt.nanoseconds(1), Some((11 * 372 + ((960 * 372) << 15)) * 1_000_000_000));
}

#[test]
fn the_rate_after_reset_is_the_default_but_in_specific_mode() {
    for (hex, wanted) in [
        ("3B1096", Some(Rate::DEFAULT)),
        ("3B9096801F4100", Some(Rate::DEFAULT)),
        ("3B90961000", Rate::new(512, 32)),
        ("3B90961010", None),
        ("3B90701000", None),
    ] {
        assert_eq!(Atr::parse(&bytes_of(hex)).expect(hex).rate_after_reset(), wanted, "{hex}");
    }
}

#[test]
fn only_the_first_byte_for_a_protocol_counts() {
    let t1 = |hex: &str| Atr::parse(&bytes_of(hex)).expect(hex).t1();
    assert_eq!(t1("3B00"), None);
    assert_eq!(t1("3B800181"), Some(T1 { ifsc: 32, bwi: 4, cwi: 13, edc: Edc::Lrc }));
    assert_eq!(t1("3B808171FE4501"), Some(T1 { ifsc: 254, bwi: 4, cwi: 5, edc: Edc::Crc }));
    // TA3 FE, then TA4 20 for T=1 again: reserved.
    let bytes = bytes_of("3B808191FE112000");
    let atr = Atr::parse(&bytes).expect("an ATR");
    assert_eq!(atr.t1().map(|t1| t1.ifsc), Some(254));
    let names: Vec<String> = atr.findings().map(|finding| finding.to_string()).collect();
    assert_eq!(names, ["repeat-ta4-t1", "tck-wrong"]);
    // TA2 and TB2 are global, also after T=1.
    let bytes = bytes_of("3B8031011000");
    assert_eq!(Atr::parse(&bytes).expect("an ATR").t1(), Some(T1::default()));
}

#[test]
fn global_bytes_come_after_t15() {
    let globals = |hex: &str| Atr::parse(&bytes_of(hex)).expect(hex).globals();
    let none = globals("3B00");
    assert_eq!((none.clock_stop, none.classes, none.spu), (ClockStop::NotSupported, Classes(1), Spu(0)));
    let some = globals("3B80803FC3A000");
    assert_eq!((some.clock_stop, some.classes, some.spu), (ClockStop::NoPreference, Classes(3), Spu(0xA0)));
    assert!(some.classes.any(Classes::A) && some.classes.any(Classes::B) && !some.classes.any(Classes::C));
    assert_eq!(some.spu.etsi().collect::<Vec<_>>(), ["UICC-CLF interface, SWP (TS 102 613)"]);
    assert_eq!(Spu(0x20).etsi().count(), 0);
    let all: Vec<_> = Spu(0xFF).etsi().collect();
    assert_eq!(all.len(), 6);
    assert!(all.contains(&"secure channel (TS 102 484), secured APDUs required"));
    assert_eq!(Spu(0x88).etsi().collect::<Vec<_>>(), ["secure channel (TS 102 484)"]);
    assert_eq!(Spu(0x84).etsi().count(), 0);
    let allowed: Vec<u8> = (0..64).filter(|bits| !Classes(*bits).is_reserved()).collect();
    assert_eq!(allowed, [1, 2, 3, 4, 6, 7]);
}

#[test]
fn programming_voltage_is_told_and_needs_nothing() {
    let vpp = |hex: &str| Atr::parse(&bytes_of(hex)).expect(hex).vpp();
    assert_eq!(vpp("3B00"), None);
    assert_eq!(vpp("3B2025"), Some(Vpp { milliamperes: Some(50), volts: 5, decivolts: None }));
    assert_eq!(vpp("3B2065"), Some(Vpp { milliamperes: None, volts: 5, decivolts: None }));
    assert_eq!(vpp("3BA04520 7D".replace(' ', "").as_str()).and_then(|vpp| vpp.decivolts), Some(125));
}

#[test]
fn data_objects_are_given_one_by_one_until_one_does_not_fit() {
    let historical = bytes_of("8031F573C0016000 4F".replace(' ', "").as_str());
    let mut objects = Historical::of(&historical).expect("some").objects();
    let tags: Vec<(u8, usize)> = objects.by_ref().map(|object| (object.tag, object.value.len())).collect();
    assert_eq!((tags, objects.rest()), (vec![(3, 1), (7, 3), (0, 0)], &[0x4F][..]));
    assert_eq!(CompactTlv::new(&[]).count(), 0);
    let longest = [0x5F; 16];
    assert_eq!(CompactTlv::new(&longest).map(|object| object.header()).collect::<Vec<_>>(), [0x5F]);
    assert_eq!(CompactTlv::new(&longest[1..]).count(), 0);
}

#[test]
fn capabilities_are_read_bit_by_bit() {
    let bytes = bytes_of("3BDA18FF81B1FE751F030031F573C001600090001C");
    let atr = Atr::parse(&bytes).expect("an ATR");
    let historical = atr.historical().expect("some");
    let service = historical.card_service_data().expect("a byte");
    assert!(service.by_full_df_name() && service.by_partial_df_name());
    assert!(service.objects_in_dir() && service.objects_in_atr() && !service.has_master_file());
    assert_eq!(service.access(), Some("GET DATA"));
    let capabilities = historical.capabilities().expect("three tables");
    assert_eq!(capabilities.selection.methods().collect::<Vec<_>>(), ["full DF name", "partial DF name"]);
    let coding = capabilities.coding.expect("the second");
    assert_eq!((coding.write_behaviour(), coding.data_unit_quartets()), (WriteBehaviour::OneTime, 2));
    let commands = capabilities.commands.expect("the third");
    assert!(!commands.command_chaining() && commands.extended_length() && commands.extended_length_information());
    assert_eq!(commands.channels(), 1);
    let status = historical.status().expect("three bytes");
    assert_eq!((status.life_cycle, status.sw), (Some(LifeCycle(0)), Some(0x9000)));

    assert_eq!(Selection(0xFF).methods().count(), 8);
    assert_eq!((CommandCapabilities(0x1F).channels(), CommandCapabilities(0x17).channel_by_reader()), (8, false));
    assert_eq!(DataCoding(0x7F).data_unit_quartets(), 32_768);
    assert!(DataCoding(0x90).tlv_files() && DataCoding(0x90).ff_is_tag());
    let tables = |hex: &str| {
        let bytes = bytes_of(hex);
        Historical::of(&bytes).and_then(|historical| historical.capabilities()).map(|c| (c.coding, c.commands))
    };
    assert_eq!(tables("8070"), None);
    assert_eq!(tables("807180"), Some((None, None)));
    assert_eq!(tables("80728021"), Some((Some(DataCoding(0x21)), None)));
    assert_eq!(tables("807401020304"), None);
}

#[test]
fn other_data_objects_are_read() {
    let bytes = bytes_of("80 12276F 2453300012 41 FE 55 4142434445".replace(' ', "").as_str());
    let historical = Historical::of(&bytes).expect("some");
    assert_eq!(historical.country_code().and_then(|digits| digits.first_three()), Some(276));
    assert_eq!(historical.country_code().map(|digits| digits.to_string()), Some("276".into()));
    assert_eq!(historical.issuer().map(|digits| digits.to_string()), Some("53300012".into()));
    assert_eq!(historical.initial_access().map(InitialAccess::command), Some([0x00, 0xB0, 0x00, 0x00, 0xFE]));
    assert_eq!(historical.object(5), Some(&b"ABCDE"[..]));
    assert_eq!(historical.status(), None);
    for (value, command) in [
        ("8220", Some([0x00, 0xB0, 0x82, 0x00, 0x20])),
        ("0220", Some([0x00, 0xB2, 0x01, 0x16, 0x20])),
        ("00CA7F6800", Some([0x00, 0xCA, 0x7F, 0x68, 0x00])),
        ("", None),
        ("000000", None),
    ] {
        assert_eq!(InitialAccess::of(&bytes_of(value)).map(InitialAccess::command), command, "{value}");
    }
    let mim = bytes_of("3B8D0180FBA000000397425446590301C8");
    let aid = Atr::parse(&mim).expect("an ATR").historical().and_then(|historical| historical.application_identifier());
    assert_eq!(aid, Some(&mim[5..16]));
}

#[test]
fn life_cycle_states_have_the_names_of_the_table() {
    let names: Vec<&str> = (0..=16).map(|lcs| LifeCycle(lcs).name()).collect();
    let mut wanted = ["rfu"; 17];
    wanted[0] = "no-information";
    wanted[1] = "creation";
    wanted[3] = "initialisation";
    (wanted[4], wanted[6]) = ("operational-deactivated", "operational-deactivated");
    (wanted[5], wanted[7]) = ("operational-activated", "operational-activated");
    wanted[12..16].fill("termination");
    wanted[16] = "proprietary";
    assert_eq!(names, wanted);
}

#[test]
fn storage_cards_are_told_before_data_objects() {
    let card = |hex: &str| {
        let bytes = bytes_of(hex);
        match Historical::of(&bytes).expect("some") {
            Historical::StorageCard(card) => Some((card.standard, card.number, card.name(), card.reserved.len())),
            _ => None,
        }
    };
    let a3 = Standard(3);
    assert_eq!(card("804F0CA00000030603000100000000"), Some((a3, 1, Some("MIFARE Classic 1K"), 4)));
    assert_eq!(
        card("804F0CA000000306 11 003B 00000000".replace(' ', "").as_str()),
        Some((Standard(0x11), 0x3B, Some("FeliCa"), 4))
    );
    assert_eq!(card("804F0CA00000030603FF2800000000"), Some((a3, 0xFF28, Some("JCOP 30"), 4)));
    assert_eq!(card("804F0CA00000030603434400000000"), Some((a3, 0x4344, None, 4)));
    assert_eq!(card("804F0CA00000030603000500000000"), Some((a3, 5, None, 4)));
    assert_eq!(
        card("804F0CA00000030600000000000000").map(|card| (card.2, card.0.name())),
        Some((None, Some("no information")))
    );
    assert_eq!(card("804F08A000000306030001"), Some((a3, 1, Some("MIFARE Classic 1K"), 0)));
    assert_eq!(card("804F07A000000306030001"), None);
    assert_eq!(card("804F0CA000000306030001"), Some((a3, 1, Some("MIFARE Classic 1K"), 0)));
    assert_eq!(card("804F0CA0000003060300"), None);
    assert_eq!(card("804F0CA00000030803000100000000"), None);
    assert_eq!((0..=255).filter(|ss| Standard(*ss).name().is_some()).count(), 17);
}

#[test]
fn a_strict_reader_refuses_by_the_first_finding() {
    let bytes = bytes_of("3B800180");
    let atr = Atr::parse(&bytes).expect("an ATR");
    assert_eq!(atr.strict().map_err(|finding| (finding.rule, finding.at)), Err((Rule::TckWrong, 3)));
    assert!(atr.broken_rules().contains(Rule::TckWrong) && !atr.broken_rules().contains(Rule::TckMissing));
    assert_eq!(atr.broken_rules().iter().collect::<Vec<_>>(), [Rule::TckWrong]);
    let bytes = bytes_of("3B800181");
    assert!(Atr::parse(&bytes).expect("an ATR").strict().is_ok());
    for number in 0..=255 {
        assert_eq!(Rule::from_number(number).map(Rule::number), (1..=39).contains(&number).then_some(number));
    }
}

#[test]
fn an_atr_is_built_from_parts_with_y_k_and_tck_worked_out() {
    let levels = [
        LevelParts { ta: Some(0x13), tb: Some(0x00), tc: Some(0x00), t: Some(1) },
        LevelParts { t: Some(1), ..LevelParts::default() },
        LevelParts { ta: Some(0xFE), tb: Some(0x15), ..LevelParts::default() },
    ];
    let historical = bytes_of("8073C021C057597562694B6579");
    let parts =
        Parts { convention: Convention::Direct, levels, historical_bytes: &historical, check: Check::AsItShouldBe };
    let built = parts.build().expect("an ATR");
    assert_eq!(built.to_string(), "3BFD1300008131FE158073C021C057597562694B657940");
    let without = Parts { check: Check::Omitted, ..parts };
    assert_eq!((without.length(), parts.length()), (22, 23));
    let t0: [LevelParts; 0] = [];
    let least =
        Parts { convention: Convention::Inverse, levels: t0, historical_bytes: &[], check: Check::AsItShouldBe };
    assert_eq!(least.build().map(|atr| atr.to_string()), Ok("3F00".into()));
    let given = Parts { check: Check::Given(0), ..least };
    assert_eq!(given.build().map(|atr| atr.to_string()), Ok("3F0000".into()));
}

#[test]
fn what_cannot_be_told_in_an_atr_is_not_built() {
    let build = |levels: &[LevelParts], historical: usize| {
        let bytes = [0; 20];
        let parts = Parts {
            convention: Convention::Direct,
            levels,
            historical_bytes: &bytes[..historical],
            check: Check::AsItShouldBe,
        };
        parts.build()
    };
    let none = LevelParts::default();
    let td = LevelParts { t: Some(1), ..none };
    let error = |code, at, what| Err(Error { code, at, what });
    assert!(build(&[td], 15).is_ok());
    assert_eq!(build(&[td], 16), error(Code::Unwritable, 0, "historical bytes"));
    assert_eq!(build(&[none, td], 0), error(Code::Unwritable, 0, "level"));
    assert_eq!(build(&[td, none], 0), error(Code::Unwritable, 0, "level"));
    assert_eq!(build(&[LevelParts { t: Some(16), ..none }], 0), error(Code::Unwritable, 0, "T"));
    assert!(build(&[td; 30], 0).is_ok());
    assert_eq!(build(&[td; 31], 0), error(Code::Room, 33, "ATR"));
}
