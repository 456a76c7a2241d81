//! What payment terminals refuse.

use crate::boundary::{CardwrightError, CardwrightText, Output, input, run};
use cardwright_core::atr::{Atr, EmvRule, Reset};
use cardwright_core::{Code, Error};

/// Everything for which a payment terminal refuses an ATR (EMV 4.3, Book 1, 8.3): bit n of `*refusals` is the
/// `CardwrightEmvRule` n, and 0 is an ATR that it takes. `reset` is the `CardwrightReset` that the ATR answered.
///
/// Most cards that are no payment cards are refused, and are right all the same. The codes of
/// `cardwright_atr_parse`, and `CARDWRIGHT_CODE_UNKNOWN_VALUE` where `reset` is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_atr_emv_refusals(
    bytes: *const u8,
    length: usize,
    reset: u32,
    refusals: *mut u32,
    error: *mut CardwrightError,
) -> i32 {
    let body = || {
        // SAFETY: the bytes are the caller's and stay for the call; the output is there to be written to.
        let (bytes, place) = unsafe { (input(bytes, length)?, Output::new(refusals)?) };
        let reset = match reset {
            n if n == Reset::Cold as u32 => Reset::Cold,
            n if n == Reset::Warm as u32 => Reset::Warm,
            _ => return Err(Error::of(Code::UnknownValue, "reset")),
        };
        let refusals = Atr::parse(bytes)?.emv_refusals(reset);
        place.put(refusals.fold(0, |set, rule| set | 1u32.wrapping_shl(rule as u32)));
        Ok(())
    };
    // SAFETY: the error is the caller's to be written to.
    unsafe { run(error, body) }
}

/// The name of a `CardwrightEmvRule`, such as `tb1-missing`: static; none where it is no rule.
#[unsafe(no_mangle)]
pub extern "C" fn cardwright_emv_rule_name(rule: u32) -> CardwrightText {
    let known = EmvRule::ALL.iter().find(|known| **known as u32 == rule);
    known.map_or(CardwrightText::NONE, |rule| CardwrightText::of(rule.name()))
}
