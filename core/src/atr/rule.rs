//! The rules that an ATR can break, each with a number and a name that never change their meaning.
//!
//! ISO/IEC 7816-3:2006, 8 (structure, global bytes), 10 (T=0), 11 (T=1); ISO/IEC 7816-4:2005, 8.1.1
//! (historical bytes); PC/SC part 3, 3.1.3.2.3 (storage cards).

use crate::names::every;

/// The rules, by numbers that never change their meaning.
///
/// # Examples
/// ```
/// use cardwright_core::atr::Rule;
///
/// let rule = Rule::TckMissing;
/// assert_eq!(Rule::from_number(rule.number()), Some(rule));
/// println!("{}: {} ({}, {})", rule.name(), rule.text(), rule.standard(), rule.clause());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
#[non_exhaustive]
pub enum Rule {
    /// More than TS and 32 bytes. The place is that of the first byte too many.
    LongerThan33 = 1,
    /// T=15 in TD1, where only a protocol may stand.
    T15InTd1 = 2,
    /// A TD with a lower T than the one before. Reported for the first such TD only.
    TdOrder = 3,
    /// A TD with a T from 2 to 13. Reported once for each T, which is part of the finding's name.
    RfuProtocol = 4,
    /// TA2 has b7 or b6 set.
    Ta2RfuBits = 5,
    /// TA2 names T=15.
    Ta2T15 = 6,
    /// TA2 names a T from 2 to 13.
    Ta2RfuProtocol = 7,
    /// TA2 names a protocol that no TD indicates.
    Ta2ProtocolNotOffered = 8,
    /// No TCK where there must be one.
    TckMissing = 9,
    /// T0 to TCK do not give zero by exclusive or.
    TckWrong = 10,
    /// Bytes after the end of the ATR. The place is that of the first.
    ExtraBytes = 11,
    /// The one extra byte is the right TCK of a card that must not send any. Comes with
    /// [`Rule::ExtraBytes`].
    TckUnexpected = 12,
    /// Fi in TA1 is reserved: 7, 8, E or F.
    Ta1FiRfu = 13,
    /// Di in TA1 is reserved: 0 or A to F.
    Ta1DiRfu = 14,
    /// TB1 is there. Deprecated since 2006; EMV wants it all the same.
    Tb1Deprecated = 15,
    /// TB2 is there. Deprecated since 2006.
    Tb2Deprecated = 16,
    /// TC2 is 00.
    Tc2WiZero = 17,
    /// TC2 is there and T=0 is not offered.
    Tc2WithoutT0 = 18,
    /// A TA for a T that has had one, counted from level 3 on. Level and T are part of the finding's name,
    /// such as `repeat-ta4-t1`.
    RepeatTa = 19,
    /// The same of TB.
    RepeatTb = 20,
    /// The same of TC.
    RepeatTc = 21,
    /// The first TA for T=1 is 00 or FF.
    T1IfscRfu = 22,
    /// The first TB for T=1 has BWI A to F.
    T1BwiRfu = 23,
    /// The first TC for T=1 has one of b8 to b2 set.
    T1EdcRfuBits = 24,
    /// The first TA for T=15 names classes other than A, B, C, AB, BC and ABC. ETSI TS 102 221 allows
    /// more of them.
    T15ClassRfu = 25,
    /// The first TB for T=15 is 01 to 7F.
    T15SpuRfu = 26,
    /// A first TC for T=15.
    T15TcRfu = 27,
    /// A first TA from level 3 on for a T other than 1 and 15. Level and T are part of the finding's name,
    /// such as `ta3-undefined-for-t14`.
    UndefinedTa = 28,
    /// The same of TB.
    UndefinedTb = 29,
    /// The same of TC.
    UndefinedTc = 30,
    /// Category 10 without its one byte, or with more than one.
    HbDirLength = 31,
    /// Category 00 with fewer than three bytes after it.
    HbStatusMissing = 32,
    /// A data object that does not fit; the reading of data objects ends there.
    HbTlvOverrun = 33,
    /// A data object 43, 44, 47 or 48 of a length that it cannot have. Tag and length are part of the
    /// finding's name, such as `hb-tag3-len0`.
    HbTagLength = 34,
    /// Data object 48 with something after it.
    HbStatusNotLast = 35,
    /// Data object 48 under category 00.
    HbStatusTlvInCat00 = 36,
    /// A data object 40 or 49 to 4E. The tag is part of the finding's name, such as `hb-tag9-rfu`.
    HbTagRfu = 37,
    /// A storage card whose length is not that of what follows.
    PcscLength = 38,
    /// A storage card whose length is not 12.
    PcscLengthNot12 = 39,
}

impl Rule {
    /// The number: stable, and never used again for something else.
    #[inline]
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The rule with a number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Rule::ALL.get(usize::from(number).wrapping_sub(1)).copied()
    }

    /// The name: stable, lower case, with hyphens.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.get(self.row()).copied().unwrap_or_default()
    }

    /// One line in plain words.
    #[must_use]
    pub fn text(self) -> &'static str {
        TEXTS.get(self.row()).copied().unwrap_or_default().1
    }

    /// The clause of [`standard`](Self::standard).
    #[must_use]
    pub fn clause(self) -> &'static str {
        TEXTS.get(self.row()).copied().unwrap_or_default().0
    }

    /// The standard: ISO/IEC 7816-3:2006, ISO/IEC 7816-4:2005 or PC/SC part 3.
    #[must_use]
    pub const fn standard(self) -> &'static str {
        match self as u8 {
            ..=30 => "ISO/IEC 7816-3:2006",
            31..=37 => "ISO/IEC 7816-4:2005",
            38.. => "PC/SC part 3",
        }
    }

    fn row(self) -> usize {
        usize::from(self as u8).wrapping_sub(1)
    }
}

/// Makes the lists of rules, names, and clauses with texts from one table. Names and texts are lists of their own, so
/// that a program without the texts is without their bytes. A rule that is left out does not compile.
macro_rules! rules {
    ($($rule:ident: $name:literal, $clause:literal, $text:literal;)*) => {
        impl Rule {
            /// All rules, in the order of their numbers.
            pub const ALL: [Rule; 39] = every!(Rule { $($rule),* });
        }

        const NAMES: [&str; Rule::ALL.len()] = [$($name),*];

        const TEXTS: [(&str, &str); Rule::ALL.len()] = [$(($clause, $text)),*];
    };
}

rules! {
    LongerThan33: "longer-than-33", "8.2.1", "more than 33 bytes";
    T15InTd1: "t15-in-td1", "8.2.3", "TD1 indicates T=15, which is not a protocol";
    TdOrder: "td-order", "8.2.3", "the protocols are not in ascending order";
    RfuProtocol: "rfu-protocol", "8.2.3", "TD indicates a protocol that is reserved for future use";
    Ta2RfuBits: "ta2-rfu-bits", "8.3", "bits of TA2 are set that are reserved for future use";
    Ta2T15: "ta2-t15", "8.3", "TA2 names T=15, which is not a protocol";
    Ta2RfuProtocol: "ta2-rfu-protocol", "8.3", "TA2 names a protocol that is reserved for future use";
    Ta2ProtocolNotOffered: "ta2-protocol-not-offered", "8.3", "TA2 names a protocol that is not offered";
    TckMissing: "tck-missing", "8.2.5", "the check byte TCK is missing";
    TckWrong: "tck-wrong", "8.2.5", "the check byte TCK is wrong";
    ExtraBytes: "extra-bytes", "8.2.1", "bytes after the end of the ATR";
    TckUnexpected: "tck-unexpected", "8.2.5", "a check byte TCK although only T=0 is offered";
    Ta1FiRfu: "ta1-fi-rfu", "8.3", "TA1 has a value of Fi that is reserved for future use";
    Ta1DiRfu: "ta1-di-rfu", "8.3", "TA1 has a value of Di that is reserved for future use";
    Tb1Deprecated: "tb1-deprecated", "8.3", "TB1 tells a programming voltage, which no reader supplies any more";
    Tb2Deprecated: "tb2-deprecated", "8.3", "TB2 tells a programming voltage, which no reader supplies any more";
    Tc2WiZero: "tc2-wi-zero", "10.2", "TC2 has WI 0, which is reserved for future use";
    Tc2WithoutT0: "tc2-without-t0", "8.2.3", "TC2, which belongs to T=0, although T=0 is not offered";
    RepeatTa: "repeat-ta", "8.2.3", "a second TA for the same T is reserved for future use";
    RepeatTb: "repeat-tb", "8.2.3", "a second TB for the same T is reserved for future use";
    RepeatTc: "repeat-tc", "8.2.3", "a second TC for the same T is reserved for future use";
    T1IfscRfu: "t1-ifsc-rfu", "11.4.2", "IFSC of T=1 is 00 or FF, which are reserved for future use";
    T1BwiRfu: "t1-bwi-rfu", "11.4.3", "BWI of T=1 is greater than 9, which is reserved for future use";
    T1EdcRfuBits: "t1-edc-rfu-bits", "11.4.4", "bits of the first TC for T=1 are set that are reserved for future use";
    T15ClassRfu: "t15-class-rfu", "8.3", "the class indicator has a value that is reserved for future use";
    T15SpuRfu: "t15-spu-rfu", "8.3", "the use of contact C6 has a value that is reserved for future use";
    T15TcRfu: "t15-tc-rfu", "8.3", "a TC for T=15 is reserved for future use";
    UndefinedTa: "undefined-ta", "8.2.3", "no meaning is defined of a TA for this T";
    UndefinedTb: "undefined-tb", "8.2.3", "no meaning is defined of a TB for this T";
    UndefinedTc: "undefined-tc", "8.2.3", "no meaning is defined of a TC for this T";
    HbDirLength: "hb-dir-length", "8.1.1.4", "category 10 is not followed by one byte";
    HbStatusMissing: "hb-status-missing", "8.1.1.3", "category 00 is not followed by a status indicator of three bytes";
    HbTlvOverrun: "hb-tlv-overrun", "8.1.1.2", "a data object is longer than what is there";
    HbTagLength: "hb-tag-length", "8.1.1.2", "a data object has a length that is not defined for its tag";
    HbStatusNotLast: "hb-status-not-last", "8.1.1.3", "the status indicator is not the last data object";
    HbStatusTlvInCat00: "hb-status-tlv-in-cat00", "8.1.1.3", "a status indicator with a tag although category 00 ends with one without";
    HbTagRfu: "hb-tag-rfu", "8.1.1.2", "a data object has a tag that is reserved for future use";
    PcscLength: "pcsc-length", "3.1.3.2.3.2", "the length of a storage card's data is not that of the bytes that follow";
    PcscLengthNot12: "pcsc-length-not-12", "3.1.3.2.3.2", "the length of a storage card's data is not 12";
}

/// A set of rules.
///
/// # Examples
/// ```
/// use cardwright_core::atr::{AtrBuf, Rule, Rules};
///
/// let broken = AtrBuf::from_hex("3B 00 90")?.as_atr().broken_rules();
/// assert!(!broken.is_empty() && !broken.contains(Rule::TckWrong));
/// assert_eq!(broken.or(Rules::NONE).iter().count(), 1);
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Rules(u64);

impl Rules {
    /// No rule.
    pub const NONE: Rules = Rules(0);

    /// Bit n is set when rule n is in the set.
    #[inline]
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Whether there is none.
    #[inline]
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a rule is in the set.
    #[inline]
    #[must_use]
    pub const fn contains(self, rule: Rule) -> bool {
        self.0 & Rules::one(rule).0 != 0
    }

    /// The rules of both sets.
    #[inline]
    #[must_use]
    pub const fn or(self, other: Rules) -> Rules {
        Rules(self.0 | other.0)
    }

    /// The rules in the set, by their numbers.
    pub fn iter(mut self) -> impl Iterator<Item = Rule> {
        core::iter::from_fn(move || self.take_first())
    }

    #[inline]
    pub(super) const fn one(rule: Rule) -> Rules {
        Rules(1_u64.wrapping_shl(rule as u32))
    }

    #[inline]
    pub(super) const fn when(broken: bool, rule: Rule) -> Rules {
        if broken { Rules::one(rule) } else { Rules::NONE }
    }

    #[inline]
    pub(super) fn take_first(&mut self) -> Option<Rule> {
        let number = self.0.trailing_zeros();
        self.0 &= self.0.wrapping_sub(1);
        Rule::from_number(number as u8)
    }
}
