//! ATRs: all that there is to read, findings in their places, and the same bytes again from the parts.
//!
//! The input is the ATR. What must hold is what the tests of the core ask of real ATRs.

#![no_main]

use cardwright_core::atr::{Atr, AtrBuf};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let readable = cardwright_testkit::atr::holds_together(bytes);
    assert_eq!(AtrBuf::parse(bytes).is_ok(), readable && bytes.len() <= 33);
    if let Ok(atr) = Atr::parse(bytes) {
        let (upper, spaced) = (atr.to_string(), format!("{atr:#}"));
        let mut room = vec![0; bytes.len()];
        assert_eq!(Atr::from_hex(&spaced, &mut room), Ok(atr));
        assert_eq!(Atr::from_hex(&upper.to_lowercase(), &mut room), Ok(atr));
        for finding in atr.findings() {
            let names = [finding.to_string(), finding.rule.text().into(), finding.rule.clause().into()];
            assert!(names.iter().all(|name| !name.is_empty()));
        }
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        if let Err(error) = AtrBuf::from_hex(text) {
            assert!(error.at <= text.len(), "{error}");
        }
    }
});
