//! What a payment terminal refuses in an ATR that the standards allow.
//!
//! A policy of its own, beside the findings: most cards that are no payment cards break it, and are
//! right to do so.
//!
//! EMV 4.3, Book 1, 8.3. That TD2 may name T=14 after T=0, and that N = 255 counts as -1 for TB3, is
//! taken from descriptions of it.

use super::level::{Chain, Letter, Levels, Link};
use super::{Atr, TckState};
use crate::names::every;

/// Which reset the ATR answered.
///
/// # Examples
/// ```
/// use cardwright_core::atr::{AtrBuf, Reset};
///
/// // A rate other than 372/1 without negotiation: accepted by nobody after a cold reset.
/// let atr = AtrBuf::from_hex("3B 10 13")?;
/// assert!(atr.as_atr().emv_refusals(Reset::Cold).next().is_some());
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Reset {
    /// The first, with the power.
    Cold = 1,
    /// One after that, while the card is under power: TB1 may then be anything.
    Warm = 2,
}

/// Why a terminal refuses an ATR, by numbers that never change their meaning.
///
/// # Examples
/// ```
/// use cardwright_core::atr::{AtrBuf, EmvRule, Reset};
///
/// let atr = AtrBuf::from_hex("3B 65 00 00 9C 02 02 07 02")?;
/// let refusals: Vec<EmvRule> = atr.as_atr().emv_refusals(Reset::Cold).collect();
/// assert!(refusals.is_empty(), "a payment terminal takes it: {refusals:?}");
/// assert_eq!(EmvRule::Tck.name(), "tck");
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
#[non_exhaustive]
pub enum EmvRule {
    /// No TB1 after a cold reset.
    Tb1Missing = 1,
    /// TB1 is not 00 after a cold reset.
    Tb1NotZero = 2,
    /// TD1 offers neither T=0 nor T=1.
    Td1Protocol = 3,
    /// In specific mode the rate is implicit (b5 of TA2).
    Ta2Implicit = 4,
    /// In specific mode, TA1 is not 11 to 13; a terminal may support other rates.
    Ta1Rate = 5,
    /// TB2 is there.
    Tb2 = 6,
    /// TC2 is not 0A; a terminal may support other values.
    Tc2Wi = 7,
    /// TD2 names another T than 1, or 1 and 14 after T=0.
    Td2Protocol = 8,
    /// TA3 for T=1 is below 10, or FF.
    Ta3Ifsc = 9,
    /// No TB3 although TD1 offers T=1.
    Tb3Missing = 10,
    /// TB3 for T=1 has a BWI above 4 or a CWI above 5.
    Tb3Range = 11,
    /// 2 to the power of CWI is not greater than N + 1.
    Tb3GuardTime = 12,
    /// TC3 for T=1 is not 00.
    Tc3Edc = 13,
    /// TCK is wrong, or missing where it must be.
    Tck = 14,
}

impl EmvRule {
    /// All, in the order of their numbers.
    pub const ALL: [EmvRule; 14] = every!(EmvRule {
        Tb1Missing,
        Tb1NotZero,
        Td1Protocol,
        Ta2Implicit,
        Ta1Rate,
        Tb2,
        Tc2Wi,
        Td2Protocol,
        Ta3Ifsc,
        Tb3Missing,
        Tb3Range,
        Tb3GuardTime,
        Tc3Edc,
        Tck,
    });

    /// The name, which is stable: `tb1-missing`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            EmvRule::Tb1Missing => "tb1-missing",
            EmvRule::Tb1NotZero => "tb1-not-zero",
            EmvRule::Td1Protocol => "td1-protocol",
            EmvRule::Ta2Implicit => "ta2-implicit",
            EmvRule::Ta1Rate => "ta1-rate",
            EmvRule::Tb2 => "tb2",
            EmvRule::Tc2Wi => "tc2-wi",
            EmvRule::Td2Protocol => "td2-protocol",
            EmvRule::Ta3Ifsc => "ta3-ifsc",
            EmvRule::Tb3Missing => "tb3-missing",
            EmvRule::Tb3Range => "tb3-range",
            EmvRule::Tb3GuardTime => "tb3-guard-time",
            EmvRule::Tc3Edc => "tc3-edc",
            EmvRule::Tck => "tck",
        }
    }
}

impl<'a> Atr<'a> {
    /// Everything for which a payment terminal refuses this ATR, in the order of the bytes; what is
    /// missing comes last.
    pub fn emv_refusals(&self, reset: Reset) -> impl Iterator<Item = EmvRule> + 'a {
        let atr = *self;
        let present = Chain::new(atr.bytes).flat_map(move |link| atr.emv_byte(&link, reset));
        let has = move |letter, level| Chain::new(atr.bytes).any(|link| link.letter == letter && link.level == level);
        let td1_is_t1 = Levels::of(atr.bytes).next().and_then(|level| level.t()) == Some(1);
        let missing = [
            (reset == Reset::Cold && !has(Letter::B, 1)).then_some(EmvRule::Tb1Missing),
            (td1_is_t1 && !has(Letter::B, 3)).then_some(EmvRule::Tb3Missing),
            matches!(atr.tck().state, TckState::Wrong | TckState::Missing).then_some(EmvRule::Tck),
        ];
        present.chain(missing.into_iter().flatten())
    }

    /// What a terminal minds in one byte: two things at most.
    fn emv_byte(&self, link: &Link, reset: Reset) -> impl Iterator<Item = EmvRule> + use<> {
        let value = link.value;
        let t = value & 0x0F;
        let (one, two) = match (link.letter, link.level, link.t) {
            (Letter::B, 1, _) => ((reset == Reset::Cold && value != 0).then_some(EmvRule::Tb1NotZero), None),
            (Letter::D, 1, _) => ((t > 1).then_some(EmvRule::Td1Protocol), None),
            (Letter::A, 2, _) => {
                let implicit = value & 0x10 != 0;
                let rate = !implicit && !matches!(self.ta1().0, 0x11..=0x13);
                (implicit.then_some(EmvRule::Ta2Implicit), rate.then_some(EmvRule::Ta1Rate))
            }
            (Letter::B, 2, _) => (Some(EmvRule::Tb2), None),
            (Letter::C, 2, _) => ((value != 0x0A).then_some(EmvRule::Tc2Wi), None),
            (Letter::D, 2, first) => {
                let fits = t == 1 || (t == 14 && first == Some(0));
                ((!fits).then_some(EmvRule::Td2Protocol), None)
            }
            (Letter::A, 3, Some(1)) => ((!matches!(value, 0x10..=0xFE)).then_some(EmvRule::Ta3Ifsc), None),
            (Letter::B, 3, Some(1)) => {
                let characters = self.n().wrapping_add(1);
                let range = value >> 4 > 4 || t > 5;
                let guard = 1_u16.wrapping_shl(u32::from(t)) <= u16::from(characters);
                (range.then_some(EmvRule::Tb3Range), guard.then_some(EmvRule::Tb3GuardTime))
            }
            (Letter::C, 3, Some(1)) => ((value != 0).then_some(EmvRule::Tc3Edc), None),
            _ => (None, None),
        };
        one.into_iter().chain(two)
    }
}
