//! What payment terminals refuse: the basic ATRs of EMV 4.3, Book 1, 8.3, and each deviation.

use cardwright_core::atr::{Atr, EmvRule, Reset};

fn refusals(hex: &str, reset: Reset) -> Vec<&'static str> {
    let mut buffer = [0; 33];
    let atr = Atr::from_hex(hex, &mut buffer).unwrap();
    atr.emv_refusals(reset).map(EmvRule::name).collect()
}

/// Appends the TCK that fits.
fn with_tck(hex: &str) -> String {
    let digits: Vec<u8> =
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
    let tck = digits.iter().skip(1).fold(0, |sum, byte| sum ^ byte);
    format!("{hex}{tck:02X}")
}

#[test]
fn the_basic_atrs_are_taken() {
    // T=0: T0 = 6x, TB1 = 00, TC1. T=1: T0 = Ex, TB1 = 00, TC1, TD1 = 81, TD2 = 31, TA3, TB3, TCK.
    for atr in ["3B600000".into(), "3F6000FF".into(), with_tck("3BE000008131FE45"), with_tck("3BE000FF81312040")] {
        assert_eq!(refusals(&atr, Reset::Cold), [""; 0], "{atr}");
        assert_eq!(refusals(&atr, Reset::Warm), [""; 0], "{atr}");
    }
}

#[test]
fn every_deviation_has_its_name() {
    let cases: &[(&str, &[&str])] = &[
        ("3B00", &["tb1-missing"]),
        ("3B602500", &["tb1-not-zero"]),
        ("3BE000000E", &["td1-protocol"]),
        // TA2: T=0, implicit; then with TA1 = 94, explicit.
        ("3BE000001010", &["ta2-implicit"]),
        ("3BF09400001000", &["ta1-rate"]),
        ("3BF01300001000", &[]),
        ("3BE000002000", &["tb2"]),
        ("3BE000004000", &["tc2-wi"]),
        ("3BE00000400A", &[]),
        ("3BE0000080 0F", &["td2-protocol"]),
        ("3BE0000080 0E", &[]),
        ("3BE0000081 3E FE 45", &["td2-protocol"]),
        ("3BE0000081 31 0F 45", &["ta3-ifsc"]),
        ("3BE0000081 31 FF 45", &["ta3-ifsc"]),
        ("3BE0000081 11 FE", &["tb3-missing"]),
        // TD1 names T=15: T=1 in TD2 needs no TB3 here, whatever is wrong besides.
        ("3BE000008F 01", &["td1-protocol"]),
        ("3BE0000081 31 FE 55", &["tb3-range"]),
        ("3BE0000081 31 FE 46", &["tb3-range"]),
        // N = 7: 2 to the power of 3 is 8, which is not greater than 8.
        ("3BE0000781 31 FE 43", &["tb3-guard-time"]),
        ("3BE0000781 31 FE 44", &[]),
        ("3BE0000081 71 FE 45 01", &["tc3-edc"]),
    ];
    for (atr, wanted) in cases {
        let plain = atr.replace(' ', "");
        let mut buffer = [0; 33];
        let needs_tck = Atr::from_hex(&plain, &mut buffer).unwrap().protocols().any(|protocol| protocol as u8 != 0)
            || Atr::from_hex(&plain, &mut buffer).unwrap().indicates_t15();
        let whole = if needs_tck { with_tck(&plain) } else { plain };
        assert_eq!(refusals(&whole, Reset::Cold), *wanted, "{atr}");
    }
}

#[test]
fn a_wrong_check_byte_is_refused() {
    assert_eq!(refusals("3BE000008131FE4500", Reset::Cold), ["tck"]);
    assert_eq!(refusals("3BE000008131FE45", Reset::Cold), ["tck"]);
}

#[test]
fn a_warm_reset_leaves_tb1_free() {
    assert_eq!(refusals("3B00", Reset::Warm), [""; 0]);
    assert_eq!(refusals("3B602500", Reset::Warm), [""; 0]);
}

#[test]
fn numbers_and_names_are_those_of_the_list() {
    for (number, rule) in (1..).zip(EmvRule::ALL) {
        assert_eq!(rule as u8, number);
        assert_eq!(EmvRule::ALL.iter().filter(|other| other.name() == rule.name()).count(), 1);
    }
}
