//! Functions by their earlier names, which programs of 0.1.0 ask the library for.
//!
//! The list is read for the last section of the header, where the earlier name stands for the newer one.

use crate::*;
use core::ffi::c_char;

/// Each earlier function with its parameters, and the newer one with them in its own order.
macro_rules! earlier {
    ($($name:ident($($parameter:ident: $type:ty),*) -> $result:ty = $now:ident($($given:ident),*);)*) => {
        $(
            /// The newer function.
            #[unsafe(no_mangle)]
            pub unsafe extern "C" fn $name($($parameter: $type),*) -> $result {
                // SAFETY: the caller promises the same of both.
                #[allow(unused_unsafe, reason = "one of them is safe")]
                unsafe { $now($($given),*) }
            }
        )*
    };
}

type Error = *mut CardwrightError;

earlier! {
    cardwright_verdict(system: u32, state: u32, operation: u32, verdict: *mut CardwrightVerdict, error: Error) -> i32
        = cardwright_lifecycle_verdict(system, state, operation, verdict, error);
    cardwright_after(system: u32, state: u32, operation: u32, to: *mut u32, error: Error) -> i32
        = cardwright_lifecycle_after(system, state, operation, to, error);
    cardwright_legal(system: u32, state: u32, operations: *mut u32, documented: *mut u32, error: Error) -> i32
        = cardwright_lifecycle_legal(system, state, operations, documented, error);
    cardwright_neutral_state(system: u32, state: u32, neutral: *mut u32, error: Error) -> i32
        = cardwright_lifecycle_neutral(system, state, neutral, error);
    cardwright_native_state(neutral: u32, system: u32, state: *mut u32, error: Error) -> i32
        = cardwright_lifecycle_native(system, neutral, state, error);
    cardwright_operation(operation: u32, facts: *mut CardwrightOperationFacts, error: Error) -> i32
        = cardwright_lifecycle_operation(operation, facts, error);
    cardwright_rule(number: u32, facts: *mut CardwrightRuleFacts, error: Error) -> i32
        = cardwright_atr_rule(number, facts, error);
    cardwright_finding_name(finding: *const CardwrightFinding, buffer: *mut c_char, capacity: usize,
        length: *mut usize, error: Error) -> i32
        = cardwright_atr_finding_name(finding, buffer, capacity, length, error);
    cardwright_emv_rule_name(rule: u32) -> CardwrightText
        = cardwright_atr_emv_rule_name(rule);
    cardwright_hex(bytes: *const u8, bytes_length: usize, style: u32, buffer: *mut c_char, capacity: usize,
        length: *mut usize, error: Error) -> i32
        = cardwright_hex_write(bytes, bytes_length, style, buffer, capacity, length, error);
    cardwright_name(enumeration: u32, value: u32, buffer: *mut c_char, capacity: usize, length: *mut usize,
        error: Error) -> i32
        = cardwright_enumeration_name(enumeration, value, buffer, capacity, length, error);
    cardwright_value(enumeration: u32, name: CardwrightText, value: *mut u32, error: Error) -> i32
        = cardwright_enumeration_value(enumeration, name, value, error);
    cardwright_date(date: CardwrightText, seconds: *mut i64, error: Error) -> i32
        = cardwright_date_parse(date, seconds, error);
}
