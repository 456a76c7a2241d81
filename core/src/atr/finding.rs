//! Where the structure of an ATR breaks the standard although it can be read.
//!
//! Findings come in the order of the bytes (that about the length last), each with a number and a name that never change their
//! meaning, the offset of the byte concerned, and the clause. They refuse nothing: cards in the
//! field break most of these rules.
//!
//! ISO/IEC 7816-3:2006, 8.2 and 8.3.

use core::fmt;

use super::level::{Level, Levels, bit};
use super::{Atr, MAX_LENGTH, SpecificMode, TckState};

/// One breach of the standard.
///
/// `Display` writes the name, with the T where it belongs to the name: `tck-missing`,
/// `rfu-protocol-t5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Finding {
    /// The rule that is broken.
    pub rule: Rule,
    /// The offset of the byte concerned, from TS; the length of the input for a missing byte.
    pub at: usize,
    /// The byte concerned; `None` for a missing one.
    pub value: Option<u8>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.rule.name())?;
        match (self.rule, self.value) {
            (Rule::RfuProtocol, Some(td)) => write!(f, "-t{}", td & 0x0F),
            _ => Ok(()),
        }
    }
}

/// The rules, by numbers that never change their meaning.
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
    /// A TD with a T from 2 to 13. Reported once for each T.
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
}

impl Rule {
    /// All rules, in the order of their numbers.
    pub const ALL: [Rule; 12] = [
        Rule::LongerThan33,
        Rule::T15InTd1,
        Rule::TdOrder,
        Rule::RfuProtocol,
        Rule::Ta2RfuBits,
        Rule::Ta2T15,
        Rule::Ta2RfuProtocol,
        Rule::Ta2ProtocolNotOffered,
        Rule::TckMissing,
        Rule::TckWrong,
        Rule::ExtraBytes,
        Rule::TckUnexpected,
    ];

    /// The number: stable, and never used again for something else.
    #[inline]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The name: stable, lower case, with hyphens.
    pub const fn name(self) -> &'static str {
        match self {
            Rule::LongerThan33 => "longer-than-33",
            Rule::T15InTd1 => "t15-in-td1",
            Rule::TdOrder => "td-order",
            Rule::RfuProtocol => "rfu-protocol",
            Rule::Ta2RfuBits => "ta2-rfu-bits",
            Rule::Ta2T15 => "ta2-t15",
            Rule::Ta2RfuProtocol => "ta2-rfu-protocol",
            Rule::Ta2ProtocolNotOffered => "ta2-protocol-not-offered",
            Rule::TckMissing => "tck-missing",
            Rule::TckWrong => "tck-wrong",
            Rule::ExtraBytes => "extra-bytes",
            Rule::TckUnexpected => "tck-unexpected",
        }
    }

    /// One line in plain words.
    pub const fn text(self) -> &'static str {
        match self {
            Rule::LongerThan33 => "more than 33 bytes",
            Rule::T15InTd1 => "TD1 indicates T=15, which is not a protocol",
            Rule::TdOrder => "the protocols are not in ascending order",
            Rule::RfuProtocol => "TD indicates a protocol that is reserved for future use",
            Rule::Ta2RfuBits => "bits of TA2 are set that are reserved for future use",
            Rule::Ta2T15 => "TA2 names T=15, which is not a protocol",
            Rule::Ta2RfuProtocol => "TA2 names a protocol that is reserved for future use",
            Rule::Ta2ProtocolNotOffered => "TA2 names a protocol that is not offered",
            Rule::TckMissing => "the check byte TCK is missing",
            Rule::TckWrong => "the check byte TCK is wrong",
            Rule::ExtraBytes => "bytes after the end of the ATR",
            Rule::TckUnexpected => "a check byte TCK although only T=0 is offered",
        }
    }

    /// The clause of ISO/IEC 7816-3:2006.
    pub const fn clause(self) -> &'static str {
        match self {
            Rule::LongerThan33 | Rule::ExtraBytes => "8.2.1",
            Rule::T15InTd1 | Rule::TdOrder | Rule::RfuProtocol => "8.2.3",
            Rule::TckMissing | Rule::TckWrong | Rule::TckUnexpected => "8.2.5",
            Rule::Ta2RfuBits | Rule::Ta2T15 | Rule::Ta2RfuProtocol | Rule::Ta2ProtocolNotOffered => "8.3",
        }
    }
}

/// The findings of an ATR, in the order of the bytes; [`Rule::LongerThan33`] comes last.
#[derive(Debug, Clone)]
pub struct Findings<'a> {
    atr: Atr<'a>,
    levels: Levels<'a>,
    seen: u16,
    disordered: bool,
    ended: bool,
    waiting: Batch,
}

/// What one level, or the end of the ATR, can give at most.
type Batch = [Option<Finding>; 5];

impl<'a> Findings<'a> {
    pub(super) fn new(atr: Atr<'a>) -> Self {
        Findings { atr, levels: atr.levels(), seen: 0, disordered: false, ended: false, waiting: [None; 5] }
    }

    fn level(&mut self, level: &Level) -> Batch {
        let [ta2_bits, ta2_protocol] = match level.ta {
            Some(ta2) if level.number == 2 => self.ta2(&SpecificMode::new(ta2)),
            _ => [None; 2],
        };
        let (Some(td), Some(t)) = (level.td, level.t()) else {
            return [ta2_bits, ta2_protocol, None, None, None];
        };
        let misplaced = level.number == 1 && t == 15;
        let disordered = !self.disordered && level.qualified_by.is_some_and(|before| t < before);
        let reserved = matches!(t, 2..=13) && self.seen & bit(t) == 0;
        self.disordered |= disordered;
        self.seen |= bit(t);
        [
            ta2_bits,
            ta2_protocol,
            misplaced.then(|| self.found(Rule::T15InTd1, td.at)),
            disordered.then(|| self.found(Rule::TdOrder, td.at)),
            reserved.then(|| self.found(Rule::RfuProtocol, td.at)),
        ]
    }

    fn ta2(&self, mode: &SpecificMode) -> [Option<Finding>; 2] {
        let protocol = match mode.t {
            15 => Some(Rule::Ta2T15),
            2..=13 => Some(Rule::Ta2RfuProtocol),
            t if !self.atr.indicates(t) => Some(Rule::Ta2ProtocolNotOffered),
            _ => None,
        };
        [
            (mode.reserved != 0).then(|| self.found(Rule::Ta2RfuBits, mode.at)),
            protocol.map(|rule| self.found(rule, mode.at)),
        ]
    }

    fn end(&self) -> Batch {
        let atr = &self.atr;
        let tck = atr.tck();
        let by_state = match tck.state {
            TckState::NotNeeded | TckState::Right => None,
            TckState::Wrong => Some(Rule::TckWrong),
            TckState::Missing => Some(Rule::TckMissing),
            TckState::Unexpected => Some(Rule::TckUnexpected),
        };
        let length = atr.bytes().len();
        let surplus = atr.surplus().len();
        [
            by_state.map(|rule| self.found(rule, tck.at)),
            (surplus > 0).then(|| self.found(Rule::ExtraBytes, length.wrapping_sub(surplus))),
            (length > MAX_LENGTH).then(|| self.found(Rule::LongerThan33, MAX_LENGTH)),
            None,
            None,
        ]
    }

    fn found(&self, rule: Rule, at: usize) -> Finding {
        Finding { rule, at, value: self.atr.bytes().get(at).copied() }
    }
}

impl Iterator for Findings<'_> {
    type Item = Finding;

    fn next(&mut self) -> Option<Finding> {
        loop {
            if let Some(finding) = self.waiting.iter_mut().find_map(Option::take) {
                return Some(finding);
            }
            if let Some(level) = self.levels.next() {
                self.waiting = self.level(&level);
            } else if !self.ended {
                self.ended = true;
                self.waiting = self.end();
            } else {
                return None;
            }
        }
    }
}

impl core::iter::FusedIterator for Findings<'_> {}
