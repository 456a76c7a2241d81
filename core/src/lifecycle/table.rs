//! The transition tables, one row for each state and operation.
//!
//! A missing or doubled row is a compile error. The clauses are those of the vendors' pages: "API"
//! and "guide" for CertiFlow, "REST" and "SDK" for MIM CM.

use crate::Named;
use crate::certiflow::CardState;
use crate::mim::SmartcardStatus;
use crate::operation::{Evidence, Operation};
use Evidence::{Assumed, Documented};
use Operation::*;

/// What one operation does in one state.
///
/// # Examples
/// ```
/// use cardwright_core::certiflow::CardState;
/// use cardwright_core::lifecycle::{CERTIFLOW, Operation};
///
/// let row = CERTIFLOW.iter().find(|row| row.from == CardState::Issued && row.operation == Operation::Suspend);
/// assert_eq!(row.and_then(|row| row.to), Some(CardState::Disabled));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row<S> {
    /// The state before.
    pub from: S,
    /// The operation.
    pub operation: Operation,
    /// The state after; `None` if the operation is refused.
    pub to: Option<S>,
    /// The evidence for it.
    pub evidence: Evidence,
    /// The clause behind it.
    pub source: &'static str,
}

const fn to<S>(from: S, operation: Operation, to: S, evidence: Evidence, source: &'static str) -> Row<S> {
    Row { from, operation, to: Some(to), evidence, source }
}

const fn no<S>(from: S, operation: Operation, evidence: Evidence, source: &'static str) -> Row<S> {
    Row { from, operation, to: None, evidence, source }
}

const NO_USER: &str = "the card has no user";
const NOT_ISSUED: &str = "only a card in use can be put on hold";
const NOT_HELD: &str = "only a card on hold can be taken off it";
const NOT_REVOKED: &str = "the API says: withdraw a revoked card";
const PRE_UPDATE: &str = "API, PreUpdate: not for a card that is disabled, assigned, revoked or pending";

/// Axidian CertiFlow.
#[rustfmt::skip]
pub const CERTIFLOW: &[Row<CardState>] = {
    use CardState::{Assigned, Clean, Disabled, Issued, Pending, Revoked};
    &[
        no(Clean,    Suspend, Assumed, NOT_ISSUED),
        no(Assigned, Suspend, Assumed, NOT_ISSUED),
        no(Pending,  Suspend, Assumed, NOT_ISSUED),
        to(Issued,   Suspend, Disabled, Documented, "API, Disable; guide, Disabling and enabling"),
        no(Disabled, Suspend, Assumed, "already on hold"),
        no(Revoked,  Suspend, Assumed, "a revocation is final"),

        no(Clean,    Resume, Assumed, NOT_HELD),
        no(Assigned, Resume, Assumed, NOT_HELD),
        no(Pending,  Resume, Assumed, NOT_HELD),
        no(Issued,   Resume, Assumed, NOT_HELD),
        to(Disabled, Resume, Issued, Documented, "API, Enable; guide, Disabling and enabling"),
        no(Revoked,  Resume, Assumed, "a revocation is final"),

        no(Clean,    Revoke, Assumed, NO_USER),
        no(Assigned, Revoke, Assumed, "nothing was issued"),
        to(Pending,  Revoke, Revoked, Assumed, "a card on its way can be stopped"),
        to(Issued,   Revoke, Revoked, Documented, "API, Revoke; guide, Smart card revocation"),
        to(Disabled, Revoke, Revoked, Assumed, "a hold may become final"),
        no(Revoked,  Revoke, Assumed, "already revoked"),

        no(Clean,    Retire, Assumed, NOT_REVOKED),
        no(Assigned, Retire, Assumed, NOT_REVOKED),
        no(Pending,  Retire, Assumed, NOT_REVOKED),
        no(Issued,   Retire, Assumed, NOT_REVOKED),
        no(Disabled, Retire, Assumed, NOT_REVOKED),
        to(Revoked,  Retire, Clean, Documented, "API 7.x: withdraw a revoked card"),

        no(Clean,    PreUpdate, Assumed, NO_USER),
        no(Assigned, PreUpdate, Documented, PRE_UPDATE),
        no(Pending,  PreUpdate, Documented, PRE_UPDATE),
        to(Issued,   PreUpdate, Issued, Documented, PRE_UPDATE),
        no(Disabled, PreUpdate, Documented, PRE_UPDATE),
        no(Revoked,  PreUpdate, Documented, PRE_UPDATE),
    ]
};

const NO_INFORMATION: &str = "None says nothing about the card";
const IN_THE_MAKING: &str = "the card is still being made";
const OVER: &str = "SDK, SmartcardStatus.Retired: the life cycle is over";

/// Microsoft MIM CM. The server's `/operations` takes precedence over this table.
#[rustfmt::skip]
pub const MIM: &[Row<SmartcardStatus>] = {
    use SmartcardStatus::{Active, Assigned, Disabled, New, None, Retired, Suspended};
    &[
        no(None,      Resume, Assumed, NO_INFORMATION),
        no(New,       Resume, Assumed, IN_THE_MAKING),
        no(Assigned,  Resume, Assumed, IN_THE_MAKING),
        no(Active,    Resume, Assumed, "only a suspended card can be reinstated"),
        to(Suspended, Resume, Active, Documented, "SDK: Reinstate makes the certificates valid again"),
        no(Disabled,  Resume, Assumed, "a revocation is final"),
        no(Retired,   Resume, Documented, OVER),

        no(None,      Revoke, Assumed, NO_INFORMATION),
        no(New,       Revoke, Assumed, IN_THE_MAKING),
        no(Assigned,  Revoke, Assumed, IN_THE_MAKING),
        to(Active,    Revoke, Disabled, Documented, "SDK: Disable revokes all certificates"),
        to(Suspended, Revoke, Disabled, Assumed, "a hold may become final"),
        no(Disabled,  Revoke, Assumed, "already revoked"),
        no(Retired,   Revoke, Documented, OVER),

        no(None,      Retire, Assumed, NO_INFORMATION),
        no(New,       Retire, Assumed, IN_THE_MAKING),
        no(Assigned,  Retire, Assumed, IN_THE_MAKING),
        to(Active,    Retire, Retired, Documented, "SDK: Retire revokes the certificates and ends the card"),
        to(Suspended, Retire, Retired, Assumed, "a card on hold may be ended"),
        to(Disabled,  Retire, Retired, Assumed, "a revoked card may be ended"),
        no(Retired,   Retire, Documented, OVER),
    ]
};

/// A table as a program has it: half of the rows' size.
pub(super) struct Packed<const ROWS: usize> {
    /// For each row the state and the operation, then the state after, the evidence and the place of the clause.
    rows: [[u8; 2]; ROWS],
    clauses: [&'static str; 16],
}

/// The bit of a row that is documented.
const DOCUMENTED: u8 = 0x80;

macro_rules! packed {
    ($table:ident) => {{
        let mut packed = Packed { rows: [[0; 2]; $table.len()], clauses: [""; 16] };
        let mut n = 0;
        while n < $table.len() {
            let row = &$table[n];
            let to = match row.to {
                Some(to) => to as u8,
                None => 0,
            };
            assert!(to < 8 && row.to.is_none() == (to == 0), "a state without three bits");
            let mut place = 0;
            while !packed.clauses[place].is_empty() && !same(packed.clauses[place], row.source) {
                place += 1;
            }
            packed.clauses[place] = row.source;
            let sure = if matches!(row.evidence, Documented) { DOCUMENTED } else { 0 };
            packed.rows[n] = [(row.from as u8) << 4 | row.operation as u8, sure | to << 4 | place as u8];
            n += 1;
        }
        packed
    }};
}

pub(super) static PACKED_CERTIFLOW: Packed<{ CERTIFLOW.len() }> = packed!(CERTIFLOW);
pub(super) static PACKED_MIM: Packed<{ MIM.len() }> = packed!(MIM);

const fn same(one: &str, two: &str) -> bool {
    let (mut one, mut two) = (one.as_bytes(), two.as_bytes());
    while let ([a, one_rest @ ..], [b, two_rest @ ..]) = (one, two) {
        if *a != *b {
            return false;
        }
        (one, two) = (one_rest, two_rest);
    }
    one.is_empty() && two.is_empty()
}

impl<const ROWS: usize> Packed<ROWS> {
    /// What an operation does in a state: the state after, if it is allowed, the evidence and the clause. `None` if the
    /// system lacks the operation.
    #[inline(never)]
    pub(super) fn row<S: Named>(&self, from: S, operation: Operation) -> Option<(Option<S>, Evidence, &'static str)> {
        let wanted = (from.number() as u8) << 4 | operation as u8;
        let [_, row] = self.rows.iter().find(|[row, _]| *row == wanted)?;
        let to = row >> 4 & 0x07;
        let to = S::ALL.iter().copied().find(|state| to > 0 && state.number() as u8 == to);
        let evidence = if row & DOCUMENTED != 0 { Documented } else { Assumed };
        Some((to, evidence, self.clauses.get(usize::from(row & 0x0F)).copied().unwrap_or("")))
    }
}

/// Where an operation leads from wherever it is allowed.
pub(super) fn target<S: Copy>(table: &'static [Row<S>], operation: Operation) -> Option<S> {
    table.iter().filter(|row| row.operation as u8 == operation as u8).find_map(|row| row.to)
}

/// Each state of a system has one row for each operation that the system has, and no other; an operation leads to
/// one state alone.
const _: () = {
    let mut seen = [[false; 8]; 8];
    let mut targets = [const { Option::<u8>::None }; 8];
    let mut n = 0;
    while n < CERTIFLOW.len() {
        let row = &CERTIFLOW[n];
        assert!(!seen[row.from as usize][row.operation as usize], "CertiFlow: the same state and operation twice");
        assert!(row.operation.facts().certiflow.is_some(), "CertiFlow has no such operation");
        seen[row.from as usize][row.operation as usize] = true;
        if let Some(to) = row.to {
            let other = &mut targets[row.operation as usize];
            assert!(
                other.is_none() || matches!(*other, Some(known) if known == to as u8),
                "CertiFlow: an operation that leads to two states"
            );
            *other = Some(to as u8);
        }
        n += 1;
    }
    let mut seen = [[false; 8]; 8];
    let mut targets = [const { Option::<u8>::None }; 8];
    let mut n = 0;
    while n < MIM.len() {
        let row = &MIM[n];
        assert!(!seen[row.from as usize][row.operation as usize], "MIM: the same state and operation twice");
        assert!(row.operation.facts().mim.is_some(), "MIM has no such operation");
        seen[row.from as usize][row.operation as usize] = true;
        if let Some(to) = row.to {
            let other = &mut targets[row.operation as usize];
            assert!(
                other.is_none() || matches!(*other, Some(known) if known == to as u8),
                "MIM: an operation that leads to two states"
            );
            *other = Some(to as u8);
        }
        n += 1;
    }
};
