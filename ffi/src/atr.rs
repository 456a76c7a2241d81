//! ATRs: `CardwrightAtr` has every figure; items of lists are read by their index.

mod build;
mod emv;
mod historical;
mod timing;

pub use build::*;
pub use emv::*;
pub use historical::*;
pub use timing::*;

use crate::error::CardwrightError;
use crate::frame::{boundary, buffer, from_c, nth, padded, size, slice, structures};
use crate::text::CardwrightText;
use cardwright_core::atr::{Atr, AtrBuf, Finding, Rate, Rule};
use cardwright_core::{Code, Error};
use core::ffi::c_char;

/// The length of the longest ATR.
pub const CARDWRIGHT_ATR_MAX: usize = 33;

/// The value of a T that is absent.
pub const CARDWRIGHT_NO_T: u8 = 255;

/// What an ATR says. Offsets count from TS.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightAtr {
    /// `sizeof(CardwrightAtr)`, set by the caller.
    pub struct_size: u32,
    /// Bit n: T=n is offered (ISO/IEC 7816-3, 8.2.3).
    pub protocols: u16,
    /// The first protocol offered, 0 to 14; `CARDWRIGHT_NO_T` if only T=15 is indicated.
    pub first_offered: u8,
    /// The standard's default: the protocol in use after a reset when nothing is negotiated, 0 to 14.
    pub default_protocol: u8,
    /// A `CardwrightConvention`.
    pub convention: u8,
    /// 1 if a TD indicates T=15.
    pub indicates_t15: u8,
    /// The number of levels of interface bytes, at least 1: `cardwright_atr_level`.
    pub levels: u8,
    /// K, the number of historical bytes, 0 to 15.
    pub k: u8,
    /// The offset of the first historical byte.
    pub historical_at: usize,
    /// A `CardwrightCategory`; 0 if there are no historical bytes.
    pub category: u8,
    /// The number of COMPACT-TLV data objects in the historical bytes: `cardwright_atr_object`.
    pub objects: u8,
    /// A `CardwrightTckState`.
    pub tck_state: u8,
    /// The byte in the place of TCK; 0 if there is none.
    pub tck: u8,
    /// The value of TCK that is right for the bytes before it.
    pub tck_right: u8,
    /// 1 in specific mode (TA2 is there).
    pub specific_mode: u8,
    /// T of TA2, 0 to 15; `CARDWRIGHT_NO_T` in negotiable mode.
    pub specific_t: u8,
    /// 1 if TA2 says that the card can change to negotiable mode.
    pub can_change: u8,
    /// 1 if TA2 says that the rate is not that of TA1 but known implicitly.
    pub implicit: u8,
    /// TA1, 0x11 if it is absent.
    pub ta1: u8,
    /// Di, 1 to 64; 0 if it is reserved.
    pub di: u8,
    /// N of TC1, the extra guard time integer.
    pub n: u8,
    /// Fi, 372 to 2048; 0 if it is reserved.
    pub fi: u16,
    /// The greatest clock in kHz; 0 if it is reserved.
    pub fmax_khz: u16,
    /// F of the rate after the reset; 0 if it is implicit or reserved.
    pub f_after_reset: u16,
    /// D of the rate after the reset; 0 if it is implicit or reserved.
    pub d_after_reset: u8,
    /// WI, 1 to 255; 0 is reserved, and means here that T=0 is not offered.
    pub wi: u8,
    /// 1 if T=1 is offered, and the four members that follow mean something.
    pub has_t1: u8,
    /// IFSC, 1 to 254.
    pub ifsc: u8,
    /// BWI, 0 to 9.
    pub bwi: u8,
    /// CWI, 0 to 15.
    pub cwi: u8,
    /// A `CardwrightEdc`.
    pub edc: u8,
    /// A `CardwrightClockStop`.
    pub clock_stop: u8,
    /// The classes of operating conditions: 1 is A (5 V), 2 is B (3 V), 4 is C (1.8 V).
    pub classes: u8,
    /// What contact C6 is used for; 0 is nothing.
    pub spu: u8,
    /// 1 if TB1 is there, and the three members that follow mean something. Deprecated in 2006.
    pub has_vpp: u8,
    /// The greatest programming current in mA; 0 if it is reserved.
    pub vpp_milliamperes: u8,
    /// The programming voltage in V.
    pub vpp_volts: u8,
    /// The programming voltage of TB2 in tenths of a volt; 0 if there is no TB2.
    pub vpp_decivolts: u8,
    /// The offset of TCK, or of where it would be.
    pub tck_at: usize,
    /// The offset of the end of the ATR, where surplus bytes begin.
    pub end: usize,
    /// How often it breaks the standards: `cardwright_atr_finding`. A strict reader refuses all but 0;
    /// most cards in the field break some rule.
    pub findings: usize,
    /// Bit n: the `CardwrightRule` n is broken.
    pub broken_rules: u64,
    /// The protocol that a PC/SC service negotiates, as pcsc-lite does: T=1 if it is offered. `CARDWRIGHT_NO_T` if it is
    /// neither 0 nor 1. A session says which one is in use.
    pub pcsc_protocol: u8,
}

structures!(
    CardwrightAtr { protocols, first_offered, default_protocol, convention, indicates_t15, levels, k, historical_at, category, objects, tck_state, tck, tck_right, specific_mode, specific_t, can_change, implicit, ta1, di, n, fi, fmax_khz, f_after_reset, d_after_reset, wi, has_t1, ifsc, bwi, cwi, edc, clock_stop, classes, spu, has_vpp, vpp_milliamperes, vpp_volts, vpp_decivolts, tck_at, end, findings, broken_rules, pcsc_protocol }
    CardwrightAtrLevel { number, qualified_by, ta, tb, tc, td }
    CardwrightAtrObject { tag, length, value }
    CardwrightFinding { rule, at, level, has_value, value, qualified_by }
    CardwrightRuleFacts { name, text, standard, clause }
);

/// Reads an ATR as a reader reports it, from TS on. No ATR that can be parsed is refused.
///
/// `CARDWRIGHT_CODE_SHORT` if something announced is missing, `CARDWRIGHT_CODE_TS` if the first byte is
/// neither 3B nor 3F.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_atr_parse(
    bytes: *const u8, length: usize, atr: *mut CardwrightAtr, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (bytes, atr) = (slice!(bytes, length), from_c!(atr));
        atr.put(figures(&Atr::parse(bytes)?));
    })
}

fn figures(atr: &Atr<'_>) -> CardwrightAtr {
    let mode = atr.specific_mode();
    let (ta1, tck, globals, vpp) = (atr.ta1(), atr.tck(), atr.globals(), atr.vpp());
    let (t1, after_reset) = (atr.t1(), atr.rate_after_reset());
    let t1_or_none = t1.unwrap_or_default();
    let objects = atr.historical().map_or(0, |historical| historical.objects().count());
    CardwrightAtr {
        struct_size: size::<CardwrightAtr>(),
        protocols: atr.protocols().fold(0, |set, protocol| set | 1u16.wrapping_shl(protocol.t().into())),
        first_offered: atr.first_offered().map_or(CARDWRIGHT_NO_T, |protocol| protocol.t()),
        default_protocol: atr.default_protocol().t(),
        convention: atr.convention() as u8,
        indicates_t15: atr.indicates_t15().into(),
        levels: u8::try_from(atr.levels().count()).unwrap_or(u8::MAX),
        k: atr.k(),
        historical_at: atr.historical_at(),
        category: atr.category().map_or(0, |category| category as u8),
        objects: u8::try_from(objects).unwrap_or(u8::MAX),
        tck_state: tck.state as u8,
        tck: tck.value.unwrap_or(0),
        tck_right: tck.right,
        specific_mode: mode.is_some().into(),
        specific_t: mode.map_or(CARDWRIGHT_NO_T, |mode| mode.t),
        can_change: mode.is_some_and(|mode| mode.can_change).into(),
        implicit: mode.is_some_and(|mode| mode.implicit).into(),
        ta1: ta1.0,
        di: ta1.di().unwrap_or(0),
        n: atr.n(),
        fi: ta1.fi().unwrap_or(0),
        fmax_khz: ta1.fmax_khz().unwrap_or(0),
        f_after_reset: after_reset.map_or(0, Rate::f),
        d_after_reset: after_reset.map_or(0, Rate::d),
        wi: atr.wi().unwrap_or(0),
        has_t1: t1.is_some().into(),
        ifsc: t1_or_none.ifsc,
        bwi: t1_or_none.bwi,
        cwi: t1_or_none.cwi,
        edc: t1_or_none.edc as u8,
        clock_stop: globals.clock_stop as u8,
        classes: globals.classes.0,
        spu: globals.spu.0,
        has_vpp: vpp.is_some().into(),
        vpp_milliamperes: vpp.and_then(|vpp| vpp.milliamperes).unwrap_or(0),
        vpp_volts: vpp.map_or(0, |vpp| vpp.volts),
        vpp_decivolts: atr.pi2().unwrap_or(0),
        tck_at: tck.at,
        end: atr.bytes().len().wrapping_sub(atr.surplus().len()),
        findings: atr.findings().count(),
        broken_rules: atr.broken_rules().iter().fold(0, |set, rule| set | 1u64.wrapping_shl(rule.number().into())),
        pcsc_protocol: atr.pcsc_protocol().map_or(CARDWRIGHT_NO_T, |protocol| protocol.t()),
    }
}

/// Decodes an ATR written in hexadecimal, with spaces or colons between the bytes or without, into
/// `buffer`; `CARDWRIGHT_ATR_MAX` bytes of it are enough. It need not be a correct ATR beyond what
/// `cardwright_atr_parse` demands.
///
/// The codes of that function, and `CARDWRIGHT_CODE_HEX`, `CARDWRIGHT_CODE_HEX_ODD`, `CARDWRIGHT_CODE_ROOM`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_atr_from_hex(
    text: CardwrightText, buffer: *mut u8, capacity: usize, length: *mut usize, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (text, buffer) = (from_c!(text), buffer!(buffer, capacity, length));
        buffer.bytes(AtrBuf::from_hex(text)?.bytes())?;
    })
}

/// A byte of one level of an ATR.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightInterfaceByte {
    /// 1 if it is there.
    pub present: u8,
    /// The byte.
    pub value: u8,
    /// Its offset from TS.
    pub at: u16,
}

/// The interface bytes TAi, TBi, TCi, TDi of one i.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightAtrLevel {
    /// `sizeof(CardwrightAtrLevel)`, set by the caller.
    pub struct_size: u32,
    /// i, from 1.
    pub number: u32,
    /// T of the TD before it, 0 to 15; `CARDWRIGHT_NO_T` at level 1.
    pub qualified_by: u8,
    /// TAi.
    pub ta: CardwrightInterfaceByte,
    /// TBi.
    pub tb: CardwrightInterfaceByte,
    /// TCi.
    pub tc: CardwrightInterfaceByte,
    /// TDi.
    pub td: CardwrightInterfaceByte,
}

/// A level of an ATR by its index, from 0; `CardwrightAtr.levels` is their number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_atr_level(
    bytes: *const u8, length: usize, index: usize, level: *mut CardwrightAtrLevel, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (bytes, place) = (slice!(bytes, length), from_c!(level));
        let level = nth(Atr::parse(bytes)?.levels(), index)?;
        let byte = |byte: Option<cardwright_core::atr::InterfaceByte>| CardwrightInterfaceByte {
            present: byte.is_some().into(),
            value: byte.map_or(0, |byte| byte.value),
            at: byte.map_or(0, |byte| u16::try_from(byte.at).unwrap_or(u16::MAX)),
        };
        place.put(CardwrightAtrLevel {
            struct_size: size::<CardwrightAtrLevel>(),
            number: u32::try_from(level.number).unwrap_or(u32::MAX),
            qualified_by: level.qualified_by.unwrap_or(CARDWRIGHT_NO_T),
            ta: byte(level.ta),
            tb: byte(level.tb),
            tc: byte(level.tc),
            td: byte(level.td),
        });
    })
}

/// A COMPACT-TLV data object of historical bytes (ISO/IEC 7816-4, 12.1.1).
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightAtrObject {
    /// `sizeof(CardwrightAtrObject)`, set by the caller.
    pub struct_size: u32,
    /// The lower half of its tag, 0 to 15: 7 for 47.
    pub tag: u8,
    /// The length of its content, 0 to 15.
    pub length: u8,
    /// Its content.
    pub value: [u8; 15],
}

/// A data object of the historical bytes by its index, from 0; `CardwrightAtr.objects` is their
/// number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_atr_object(
    bytes: *const u8, length: usize, index: usize, object: *mut CardwrightAtrObject, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (bytes, place) = (slice!(bytes, length), from_c!(object));
        let atr = Atr::parse(bytes)?;
        let object = nth(atr.historical().into_iter().flat_map(|historical| historical.objects()), index)?;
        place.put(CardwrightAtrObject {
            struct_size: size::<CardwrightAtrObject>(),
            tag: object.tag,
            length: object.header() & 0x0F,
            value: padded(object.value),
        });
    })
}

/// One breach of a standard by an ATR.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightFinding {
    /// `sizeof(CardwrightFinding)`, set by the caller.
    pub struct_size: u32,
    /// The `CardwrightRule` that is broken.
    pub rule: u32,
    /// The offset of the byte concerned; the length of the input for a missing one.
    pub at: usize,
    /// The number of its level when it is an interface byte, else 0.
    pub level: usize,
    /// 1 if there is a byte concerned, 0 for a missing one.
    pub has_value: u8,
    /// The byte concerned.
    pub value: u8,
    /// T of the TD before it when it is an interface byte from level 2 on, else `CARDWRIGHT_NO_T`.
    pub qualified_by: u8,
}

/// A finding of an ATR by its index, from 0, in the order of the bytes; `CardwrightAtr.findings` is their
/// number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_atr_finding(
    bytes: *const u8, length: usize, index: usize, finding: *mut CardwrightFinding, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (bytes, place) = (slice!(bytes, length), from_c!(finding));
        let finding = nth(Atr::parse(bytes)?.findings(), index)?;
        place.put(CardwrightFinding {
            struct_size: size::<CardwrightFinding>(),
            rule: finding.rule.number().into(),
            at: finding.at,
            level: finding.level,
            has_value: finding.value.is_some().into(),
            value: finding.value.unwrap_or(0),
            qualified_by: finding.qualified_by.unwrap_or(CARDWRIGHT_NO_T),
        });
    })
}

/// Writes the name of a finding, such as `tck-missing` or `ta3-undefined-for-t14`.
///
/// `CARDWRIGHT_CODE_UNKNOWN_VALUE` for an unknown rule.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_finding_name(
    finding: *const CardwrightFinding, buffer: *mut c_char, capacity: usize, length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (given, buffer) = (from_c!(finding), buffer!(buffer, capacity, length));
        let mut finding = Finding::new(rule(given.rule)?, given.at);
        finding.value = (given.has_value != 0).then_some(given.value);
        finding.level = given.level;
        finding.qualified_by = (given.qualified_by != CARDWRIGHT_NO_T).then_some(given.qualified_by);
        buffer.text(|out| write!(out, "{finding}"))?;
    })
}

/// A rule that an ATR can break. The texts are static.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightRuleFacts {
    /// `sizeof(CardwrightRuleFacts)`, set by the caller.
    pub struct_size: u32,
    /// Its name, such as `tck-missing`.
    pub name: CardwrightText,
    /// One line in plain words.
    pub text: CardwrightText,
    /// The standard, such as `ISO/IEC 7816-3:2006`.
    pub standard: CardwrightText,
    /// The clause of it.
    pub clause: CardwrightText,
}

/// Facts about a `CardwrightRule`; `CARDWRIGHT_CODE_UNKNOWN_VALUE` for an unknown one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_rule(
    number: u32, facts: *mut CardwrightRuleFacts, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let facts = from_c!(facts);
        let rule = rule(number)?;
        facts.put(CardwrightRuleFacts {
            struct_size: size::<CardwrightRuleFacts>(),
            name: CardwrightText::of(rule.name()),
            text: CardwrightText::of(rule.text()),
            standard: CardwrightText::of(rule.standard()),
            clause: CardwrightText::of(rule.clause()),
        });
    })
}

fn rule(number: u32) -> Result<Rule, Error> {
    let rule = u8::try_from(number).ok().and_then(Rule::from_number);
    rule.ok_or(Error::of(Code::UnknownValue, "rule"))
}
