//! The FASC-N: what is read is written again and is the same bytes, so nothing is read in two ways.

#![no_main]

use cardwright_core::identity::FascN;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    match FascN::parse(bytes) {
        Ok(read) => assert_eq!(written(&read), bytes, "{read}"),
        Err(error) => assert!(error.at <= 25 && !error.what.is_empty(), "{error:?}"),
    }
});

/// Symbols of five bits: the digit's lowest bit first, then the odd parity.
fn written(read: &FascN) -> Vec<u8> {
    let FascN { agency, system, credential, series, issue, person, category, organization, association } = read;
    let text = format!(
        "B{agency:04}D{system:04}D{credential:06}D{series}D{issue}D{person:010}{category}{organization:04}{association}F"
    );
    let mut digits: Vec<u32> = text.chars().map(|c| c.to_digit(16).unwrap()).collect();
    digits.push(digits.iter().fold(0, |check, digit| check ^ digit));
    let mut bits = Vec::new();
    for digit in digits {
        bits.extend((0..4).map(|bit| digit >> bit & 1));
        bits.push(1 ^ digit.count_ones() & 1);
    }
    bits.chunks(8).map(|byte| byte.iter().fold(0, |sum, bit| sum << 1 | *bit as u8)).collect()
}
