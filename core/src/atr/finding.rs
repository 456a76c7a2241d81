//! Where an ATR breaks the standards although it can be read.
//!
//! Findings come in the order of the bytes (that about the length last), each with the offset of the
//! byte concerned, and its rule with the clause. They refuse nothing: cards in the field break most
//! of these rules.
//!
//! The clauses are those of [`Rule`].

use core::fmt;

use super::historical::{CompactTlv, DataObject, StorageCard};
use super::level::{Chain, Letter, Link, bit};
use super::rule::{Rule, Rules};
use super::{Atr, Category, Classes, MAX_LENGTH, Protocol, Ta1, TckState};

/// One breach of a standard.
///
/// `Display` writes the name, with the T, level or tag where it belongs to the name: `tck-missing`,
/// `rfu-protocol-t5`, `ta3-undefined-for-t14`, `hb-tag3-len0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Finding {
    /// The rule that is broken.
    pub rule: Rule,
    /// The offset of the byte concerned, from TS; the length of the input for a missing byte.
    pub at: usize,
    /// The byte concerned; `None` for a missing one.
    pub value: Option<u8>,
    /// The number of its level when it is an interface byte, else 0.
    pub level: usize,
    /// T of the TD before it, when it is an interface byte from level 2 on.
    pub qualified_by: Option<u8>,
}

impl Finding {
    /// A breach at an offset, of a byte that is missing and no interface byte; the other fields are set one by one.
    #[must_use]
    pub const fn new(rule: Rule, at: usize) -> Self {
        Finding { rule, at, value: None, level: 0, qualified_by: None }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.value.unwrap_or(0);
        let (level, t) = (self.level, self.qualified_by.unwrap_or(0));
        match self.rule {
            Rule::RfuProtocol => write!(f, "rfu-protocol-t{}", value & 0x0F),
            Rule::RepeatTa | Rule::RepeatTb | Rule::RepeatTc => write!(f, "{}{level}-t{t}", self.rule.name()),
            Rule::UndefinedTa => write!(f, "ta{level}-undefined-for-t{t}"),
            Rule::UndefinedTb => write!(f, "tb{level}-undefined-for-t{t}"),
            Rule::UndefinedTc => write!(f, "tc{level}-undefined-for-t{t}"),
            Rule::HbTagLength => write!(f, "hb-tag{}-len{}", value >> 4, value & 0x0F),
            Rule::HbTagRfu => write!(f, "hb-tag{:x}-rfu", value >> 4),
            rule => f.write_str(rule.name()),
        }
    }
}

impl<'a> Atr<'a> {
    /// Everything in which the ATR breaks the standards, in the order of the bytes; too great a
    /// length comes last.
    #[must_use]
    pub fn findings(&self) -> Findings<'a> {
        Findings::new(*self)
    }

    /// The rules that are broken, without the places.
    #[must_use]
    pub fn broken_rules(&self) -> Rules {
        let mut findings = self.findings();
        let mut broken = Rules::NONE;
        while findings.advance() {
            broken = broken.or(findings.here);
        }
        broken
    }

    /// The ATR itself when it breaks no rule.
    ///
    /// # Errors
    ///
    /// The first finding. All of them are in [`findings`](Self::findings).
    pub fn strict(self) -> Result<Self, Finding> {
        match self.findings().next() {
            Some(finding) => Err(finding),
            None => Ok(self),
        }
    }
}

/// The findings of an ATR, in the order of the bytes; [`Rule::LongerThan33`] comes last.
#[derive(Debug, Clone)]
pub struct Findings<'a> {
    atr: Atr<'a>,
    stage: Stage<'a>,
    /// What is broken at the byte that was looked at last.
    here: Rules,
    at: usize,
    level: usize,
    t: Option<u8>,
}

/// What is looked at next.
#[derive(Debug, Clone)]
enum Stage<'a> {
    Interface { chain: Chain<'a>, seen: Seen },
    Historical,
    Objects { objects: CompactTlv<'a>, category: Category },
    Tck,
    Surplus,
    Length,
    Over,
}

/// What has been seen of the interface bytes.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    /// T of the TDs.
    tds: u16,
    /// T of the TAs, TBs and TCs from level 3 on.
    specific: [u16; 3],
    disordered: bool,
}

impl<'a> Findings<'a> {
    fn new(atr: Atr<'a>) -> Self {
        let stage = Stage::Interface { chain: Chain::new(atr.bytes), seen: Seen::default() };
        Findings { atr, stage, here: Rules::NONE, at: 0, level: 0, t: None }
    }

    /// Goes to the next byte that may break rules; false at the end.
    fn advance(&mut self) -> bool {
        match &mut self.stage {
            Stage::Interface { chain, seen } => match chain.next() {
                Some(link) => {
                    (self.at, self.level, self.t) = (link.at, link.level, link.t);
                    self.here = interface_byte(&self.atr, &link, seen);
                }
                None => {
                    (self.here, self.level, self.t) = (Rules::NONE, 0, None);
                    self.stage = Stage::Historical;
                }
            },
            Stage::Historical => self.historical(),
            Stage::Objects { objects, category } => {
                let left = objects.rest().len();
                let object = objects.next();
                let last = objects.rest().is_empty();
                // The objects begin behind the category; under category 00 three bytes follow them.
                let after = if *category == Category::CompactTlvStatus { 3 } else { 0 };
                self.at = self.atr.historical_end().wrapping_sub(left).wrapping_sub(after);
                match object {
                    Some(object) => self.here = data_object(&object, *category, last),
                    None => {
                        self.here = Rules::when(left > 0, Rule::HbTlvOverrun);
                        self.stage = Stage::Tck;
                    }
                }
            }
            Stage::Tck => {
                let tck = self.atr.tck();
                self.at = tck.at;
                self.here = match tck.state {
                    TckState::NotNeeded | TckState::Right => Rules::NONE,
                    TckState::Wrong => Rules::one(Rule::TckWrong),
                    TckState::Missing => Rules::one(Rule::TckMissing),
                    TckState::Unexpected => Rules::one(Rule::TckUnexpected),
                };
                self.stage = Stage::Surplus;
            }
            Stage::Surplus => {
                let surplus = self.atr.surplus().len();
                self.at = self.atr.bytes.len().wrapping_sub(surplus);
                self.here = Rules::when(surplus > 0, Rule::ExtraBytes);
                self.stage = Stage::Length;
            }
            Stage::Length => {
                self.at = MAX_LENGTH;
                self.here = Rules::when(self.atr.bytes.len() > MAX_LENGTH, Rule::LongerThan33);
                self.stage = Stage::Over;
            }
            Stage::Over => return false,
        }
        true
    }

    fn historical(&mut self) {
        let historical = self.atr.historical_bytes();
        self.at = self.atr.historical_at();
        self.stage = Stage::Tck;
        let Some((&first, body)) = historical.split_first() else { return };
        let category = Category::of(first);
        match category {
            Category::CompactTlvStatus => {
                let split = body.split_last_chunk::<3>();
                self.here = Rules::when(split.is_none(), Rule::HbStatusMissing);
                if let Some((objects, _)) = split {
                    self.stage = Stage::Objects { objects: CompactTlv::new(objects), category };
                }
            }
            Category::CompactTlv => match StorageCard::of(body) {
                Some(card) => {
                    self.at = self.at.wrapping_add(2);
                    let fits = usize::from(card.announced).wrapping_add(2) == body.len();
                    self.here = Rules::when(!fits, Rule::PcscLength)
                        .or(Rules::when(card.announced != 12, Rule::PcscLengthNot12));
                }
                None => self.stage = Stage::Objects { objects: CompactTlv::new(body), category },
            },
            Category::DirDataReference => self.here = Rules::when(body.len() != 1, Rule::HbDirLength),
            Category::Reserved | Category::Proprietary => {}
        }
    }
}

impl Iterator for Findings<'_> {
    type Item = Finding;

    fn next(&mut self) -> Option<Finding> {
        while self.here.is_empty() {
            if !self.advance() {
                return None;
            }
        }
        let rule = self.here.take_first()?;
        let value = self.atr.bytes.get(self.at).copied();
        Some(Finding { rule, at: self.at, value, level: self.level, qualified_by: self.t })
    }
}

impl core::iter::FusedIterator for Findings<'_> {}

fn interface_byte(atr: &Atr<'_>, link: &Link, seen: &mut Seen) -> Rules {
    let value = link.value;
    match (link.letter, link.level) {
        (Letter::D, level) => td(level, value, link.t, seen),
        (Letter::A, 1) => {
            let ta1 = Ta1(value);
            Rules::when(ta1.fi().is_none(), Rule::Ta1FiRfu).or(Rules::when(ta1.di().is_none(), Rule::Ta1DiRfu))
        }
        (Letter::B, 1) => Rules::one(Rule::Tb1Deprecated),
        (Letter::C, 1) => Rules::NONE,
        (Letter::A, 2) => ta2(atr, value),
        (Letter::B, 2) => Rules::one(Rule::Tb2Deprecated),
        (Letter::C, 2) if atr.offers(Protocol::T0) => Rules::when(value == 0, Rule::Tc2WiZero),
        (Letter::C, 2) => Rules::one(Rule::Tc2WithoutT0),
        (letter, _) => specific(letter, link.t.unwrap_or(0), value, seen),
    }
}

fn td(level: usize, value: u8, before: Option<u8>, seen: &mut Seen) -> Rules {
    let t = value & 0x0F;
    let misplaced = level == 1 && t == 15;
    let disordered = !seen.disordered && before.is_some_and(|before| t < before);
    let reserved = matches!(t, 2..=13) && seen.tds & bit(t) == 0;
    seen.disordered |= disordered;
    seen.tds |= bit(t);
    Rules::when(misplaced, Rule::T15InTd1)
        .or(Rules::when(disordered, Rule::TdOrder))
        .or(Rules::when(reserved, Rule::RfuProtocol))
}

fn ta2(atr: &Atr<'_>, value: u8) -> Rules {
    let protocol = match value & 0x0F {
        15 => Rules::one(Rule::Ta2T15),
        2..=13 => Rules::one(Rule::Ta2RfuProtocol),
        t => Rules::when(!atr.indicates(t), Rule::Ta2ProtocolNotOffered),
    };
    Rules::when(value & 0x60 != 0, Rule::Ta2RfuBits).or(protocol)
}

fn specific(letter: Letter, t: u8, value: u8, seen: &mut Seen) -> Rules {
    let [tas, tbs, tcs] = &mut seen.specific;
    let (ts, repeat, undefined) = match letter {
        Letter::A => (tas, Rule::RepeatTa, Rule::UndefinedTa),
        Letter::B => (tbs, Rule::RepeatTb, Rule::UndefinedTb),
        Letter::C | Letter::D => (tcs, Rule::RepeatTc, Rule::UndefinedTc),
    };
    if *ts & bit(t) != 0 {
        return Rules::one(repeat);
    }
    *ts |= bit(t);
    match (t, letter) {
        (1, Letter::A) => Rules::when(matches!(value, 0x00 | 0xFF), Rule::T1IfscRfu),
        (1, Letter::B) => Rules::when(value >> 4 > 9, Rule::T1BwiRfu),
        (1, _) => Rules::when(value & 0xFE != 0, Rule::T1EdcRfuBits),
        (15, Letter::A) => Rules::when(Classes(value & 0x3F).is_reserved(), Rule::T15ClassRfu),
        (15, Letter::B) => Rules::when(matches!(value, 0x01..=0x7F), Rule::T15SpuRfu),
        (15, _) => Rules::one(Rule::T15TcRfu),
        _ => Rules::one(undefined),
    }
}

fn data_object(object: &DataObject<'_>, category: Category, last: bool) -> Rules {
    let right_length = match object.tag {
        3 => object.value.len() == 1,
        4 => matches!(object.value.len(), 1 | 2 | 5),
        7 | 8 => matches!(object.value.len(), 1..=3),
        _ => true,
    };
    let status = object.tag == 8;
    Rules::when(!right_length, Rule::HbTagLength)
        .or(Rules::when(status && !last, Rule::HbStatusNotLast))
        .or(Rules::when(status && category == Category::CompactTlvStatus, Rule::HbStatusTlvInCat00))
        .or(Rules::when(matches!(object.tag, 0 | 9..=14), Rule::HbTagRfu))
}
