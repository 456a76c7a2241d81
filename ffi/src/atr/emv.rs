//! What payment terminals refuse.

use crate::enumeration::value_of;
use crate::error::CardwrightError;
use crate::frame::{boundary, from_c, slice};
use crate::number::{EmvRuleNumber, ResetNumber};
use crate::text::CardwrightText;
use cardwright_core::atr::{Atr, EmvRule, Reset};

/// For what a payment terminal refuses an ATR: all reasons (EMV 4.3, Book 1, 8.3), bit n of `*refusals` for the
/// `CardwrightEmvRule` n, and 0 is an ATR that it accepts. `reset` is the `CardwrightReset` that the ATR answered.
///
/// Most cards that are not payment cards are refused, which is no fault of theirs. The codes of
/// `cardwright_atr_parse`, and `CARDWRIGHT_CODE_UNKNOWN_VALUE` for an unknown `reset`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_atr_emv_refusals(
    bytes: *const u8, length: usize, reset: ResetNumber, refusals: *mut u32, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (bytes, refusals) = (slice!(bytes, length), from_c!(refusals));
        let reset = value_of!(reset, "reset", Reset => Reset: Cold, Warm)?;
        let broken = Atr::parse(bytes)?.emv_refusals(reset);
        refusals.put(broken.fold(0, |set, rule| set | 1u32.wrapping_shl(rule as u32)));
    })
}

/// The name of a `CardwrightEmvRule`, such as `tb1-missing`: static; no text for an unknown rule.
#[unsafe(no_mangle)]
pub extern "C" fn cardwright_atr_emv_rule_name(rule: EmvRuleNumber) -> CardwrightText {
    let known = EmvRule::ALL.iter().find(|known| **known as u32 == rule);
    known.map_or(CardwrightText::NONE, |rule| CardwrightText::of(rule.name()))
}
