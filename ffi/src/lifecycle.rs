//! States and operations. A state belongs to its system: both systems use the same words for different things.

use crate::enumeration::value;
use crate::error::CardwrightError;
use crate::frame::{boundary, from_c, size, structures};
use crate::text::CardwrightText;
use cardwright_core::lifecycle::{self, Evidence, NativeState, Operation, State, Verdict};
use cardwright_core::{Code, Error};

/// What the table of a system says about an operation in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum CardwrightAnswer {
    /// The operation is allowed.
    Allowed = 1,
    /// The system has the operation, but not in this state.
    Refused = 2,
    /// The system has no such operation.
    Lacks = 3,
}

/// What the table of a system says about an operation in a state, and how certain that is.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightVerdict {
    /// `sizeof(CardwrightVerdict)`, set by the caller.
    pub struct_size: u32,
    /// A `CardwrightAnswer`.
    pub answer: u32,
    /// The state to which it leads, in the same system; 0 unless `answer` is `CARDWRIGHT_ANSWER_ALLOWED`.
    pub to: u32,
    /// A `CardwrightEvidence`. What is only assumed should stop nobody.
    pub evidence: u32,
    /// The clause that says so: static, and empty if the system lacks the operation.
    pub source: CardwrightText,
}

/// What the table of a system says about an operation in a state.
///
/// `system` is a `CardwrightSystem`, `state` a `CardwrightCardState` of CertiFlow or a
/// `CardwrightSmartcardStatus` of MIM CM, `operation` a `CardwrightOperation`.
/// `CARDWRIGHT_CODE_UNKNOWN_VALUE` for an unknown one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_verdict(
    system: u32, state: u32, operation: u32, verdict: *mut CardwrightVerdict, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let verdict = from_c!(verdict);
        verdict.put(verdict_of(Verdict::of(native(system, state)?, operation_of(operation)?)));
    })
}

pub(crate) fn verdict_of(verdict: Verdict) -> CardwrightVerdict {
    let (answer, to, source) = match verdict {
        Verdict::Allowed { to, source, .. } => (CardwrightAnswer::Allowed, to.number(), source),
        Verdict::Refused { source, .. } => (CardwrightAnswer::Refused, 0, source),
        Verdict::Lacks => (CardwrightAnswer::Lacks, 0, ""),
    };
    CardwrightVerdict {
        struct_size: size::<CardwrightVerdict>(),
        answer: answer as u32,
        to,
        evidence: verdict.evidence() as u32,
        source: CardwrightText::of(source),
    }
}

/// Where an operation leads from a state, in the same system; the parameters are those of
/// `cardwright_verdict`.
///
/// `CARDWRIGHT_CODE_NOT_ALLOWED` if the table refuses it, on whatever evidence;
/// `CARDWRIGHT_CODE_NO_SUCH_OPERATION` if the system lacks it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_after(
    system: u32, state: u32, operation: u32, to: *mut u32, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let to = from_c!(to);
        to.put(lifecycle::after(native(system, state)?, operation_of(operation)?)?.number());
    })
}

/// The operations that the table allows in a state, on whatever evidence: bit n of `*operations` is the
/// `CardwrightOperation` n, and `*documented` has those of them that the vendor documents.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_legal(
    system: u32, state: u32, operations: *mut u32, documented: *mut u32, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (operations, documented) = from_c!(operations, documented);
        let state = native(system, state)?;
        let set = |sure: bool| {
            let legal = lifecycle::legal(state);
            let chosen = legal.filter(|(_, verdict)| !sure || verdict.evidence() == Evidence::Documented);
            chosen.fold(0, |set, (operation, _)| set | 1u32.wrapping_shl(operation as u32))
        };
        operations.put(set(false));
        documented.put(set(true));
    })
}

/// The `CardwrightState` that a system's own state means; 0 for MIM CM's None, which says nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_neutral_state(
    system: u32, state: u32, neutral: *mut u32, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let neutral = from_c!(neutral);
        neutral.put(native(system, state)?.neutral().map_or(0, |state| state as u32));
    })
}

/// The system's own state for a `CardwrightState`.
///
/// `CARDWRIGHT_CODE_UNKNOWN_VALUE` also if the system has none for it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_native_state(
    neutral: u32, system: u32, state: *mut u32, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let state = from_c!(state);
        let system = crate::enumeration::system(system)?;
        let neutral: State = value(neutral, "state")?;
        state.put(neutral.native(system).ok_or(Error::of(Code::UnknownValue, "state"))?.number());
    })
}

/// Facts about an operation. The texts are static.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightOperationFacts {
    /// `sizeof(CardwrightOperationFacts)`, set by the caller.
    pub struct_size: u32,
    /// 1 if CertiFlow takes a revocation reason for it.
    pub takes_reason: u8,
    /// 1 if doing it twice is the same as doing it once.
    pub repeatable: u8,
    /// 1 if no operation undoes it: somebody should confirm it first.
    pub is_final: u8,
    /// The neutral name.
    pub name: CardwrightText,
    /// One line on what it does.
    pub about: CardwrightText,
    /// What CertiFlow calls it; none if it lacks it.
    pub certiflow: CardwrightText,
    /// What MIM CM calls it; none if it lacks it.
    pub mim: CardwrightText,
}

structures!(
    CardwrightVerdict { answer, to, evidence, source }
    CardwrightOperationFacts { takes_reason, repeatable, is_final, name, about, certiflow, mim }
);

/// Facts about a `CardwrightOperation`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_operation(
    operation: u32, facts: *mut CardwrightOperationFacts, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let place = from_c!(facts);
        let facts = operation_of(operation)?.facts();
        place.put(CardwrightOperationFacts {
            struct_size: size::<CardwrightOperationFacts>(),
            takes_reason: facts.takes_reason.into(),
            repeatable: facts.repeatable.into(),
            is_final: facts.is_final.into(),
            name: CardwrightText::of(facts.name),
            about: CardwrightText::of(facts.about),
            certiflow: CardwrightText::of_any(facts.certiflow),
            mim: CardwrightText::of_any(facts.mim),
        });
    })
}

/// The operation with a number.
pub(crate) fn operation_of(number: u32) -> Result<Operation, Error> {
    value(number, "operation")
}

/// The state of a system with a number.
fn native(system: u32, state: u32) -> Result<NativeState, Error> {
    NativeState::from_number(crate::enumeration::system(system)?, state).ok_or(Error::of(Code::UnknownValue, "state"))
}
