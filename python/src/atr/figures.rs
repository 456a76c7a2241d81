//! Single figures of an ATR.

use cardwright_core::atr as core;
use cardwright_python_common::{Failure, shown, value};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

value! {
    /// The interface bytes of one level.
    Level from core::Level as level {
        /// Its number, from 1 on.
        number: usize = level.number,
        /// TA: `int`, or `None`.
        ta: Option<u8> = level.ta.map(|byte| byte.value),
        /// TB: `int`, or `None`.
        tb: Option<u8> = level.tb.map(|byte| byte.value),
        /// TC: `int`, or `None`.
        tc: Option<u8> = level.tc.map(|byte| byte.value),
        /// TD: `int`, or `None`.
        td: Option<u8> = level.td.map(|byte| byte.value),
        /// T of this level's TD: `int`, or `None`.
        t: Option<u8> = level.t(),
        /// T of the TD before, which says what TA, TB and TC are for: `int`, or `None` at level 1.
        qualified_by: Option<u8> = level.qualified_by,
    }
}

value! {
    /// Specific mode: one protocol from the start, with no negotiation (TA2).
    SpecificMode from core::SpecificMode as mode {
        /// T of the protocol.
        t: u8 = mode.t,
        /// Whether a warm reset leads to negotiable mode.
        can_change: bool = mode.can_change,
        /// Whether the parameters are implicit, not those of TA1.
        implicit: bool = mode.implicit,
    }
}

value! {
    /// The check byte.
    Tck from core::Tck as tck {
        /// `"not-needed"`, `"right"`, `"wrong"`, `"missing"` or `"unexpected"`.
        state: &'static str = state(tck.state),
        /// Where it stands or would stand, in bytes from TS.
        at: usize = tck.at,
        /// The byte that stands there: `int`, or `None`.
        value: Option<u8> = tck.value,
        /// The byte that would be right.
        right: u8 = tck.right,
        /// Whether the protocols demand one.
        expected: bool = tck.expected(),
    }
}

value! {
    /// The programming voltage.
    Vpp from core::Vpp as vpp {
        /// The greatest current in milliamperes; `None` where it is reserved.
        milliamperes: Option<u8> = vpp.milliamperes,
        /// The voltage in volts; 0 is a card that has no use for it.
        volts: u8 = vpp.volts,
        /// The voltage in tenths of a volt, where TB2 gives it.
        decivolts: Option<u8> = vpp.decivolts,
    }
}

value! {
    /// The parameters of T=1.
    T1 from core::T1 as t1 {
        /// The most bytes in the information field of a block: 1 to 254.
        ifsc: u8 = t1.ifsc,
        /// Of which the block waiting time is made.
        bwi: u8 = t1.bwi,
        /// Of which the character waiting time is made.
        cwi: u8 = t1.cwi,
        /// `"lrc"` or `"crc"`.
        edc: &'static str = if t1.edc == core::Edc::Crc { "crc" } else { "lrc" },
    }
}

value! {
    /// The global bytes.
    Globals from core::Globals as globals {
        /// `"not-supported"`, `"state-l"`, `"state-h"` or `"no-preference"`.
        clock_stop: &'static str = globals.clock_stop.name(),
        /// The classes of operating conditions, as bits: 1 is A (5 V), 2 is B (3 V), 4 is C (1.8 V).
        classes: u8 = globals.classes.0,
        /// The byte that says what contact C6 is used for; 0 for nothing.
        spu: u8 = globals.spu.0,
    }
}

/// The word for a state of TCK.
fn state(state: core::TckState) -> &'static str {
    match state {
        core::TckState::NotNeeded => "not-needed",
        core::TckState::Right => "right",
        core::TckState::Wrong => "wrong",
        core::TckState::Missing => "missing",
        core::TckState::Unexpected => "unexpected",
    }
}

value! {
    /// A rate F/D: cycles of the clock for a bit.
    Rate from core::Rate as rate {
        /// F.
        f: u16 = rate.f(),
        /// D.
        d: u8 = rate.d(),
    }
}

impl Rate {
    pub(crate) fn core(&self) -> core::Rate {
        // It was made from one.
        core::Rate::new(self.f, self.d).unwrap_or(core::Rate::DEFAULT)
    }
}

#[pymethods]
impl Rate {
    #[new]
    fn new(f: u16, d: u8) -> PyResult<Self> {
        let wrong = || Failure::argument(format!("no rate: F must be at least 1 and D too, not {f} and {d}"));
        Ok(core::Rate::new(f, d).map(Rate::from).ok_or_else(wrong)?)
    }

    /// Bits in a second at a clock in hertz, rounded down.
    fn bits_per_second(&self, clock_hz: u32) -> u64 {
        self.core().bits_per_second(clock_hz)
    }
}

/// Times in cycles of the clock, exact: `fractions.Fraction`. Divided by the clock in hertz they are seconds.
#[pyclass(frozen, get_all, module = "cardwright")]
pub(crate) struct Timing {
    /// One elementary time unit, F/D (7.1).
    etu: Py<PyAny>,
    /// The guard time (8.3).
    gt: Py<PyAny>,
    /// The waiting time of T=0 (10.2); `None` where T=0 is not offered.
    wt: Option<Py<PyAny>>,
    /// The character guard time of T=1 (11.2); `None` where T=1 is not offered, as the next three.
    cgt: Option<Py<PyAny>>,
    /// The character waiting time of T=1 (11.4.3).
    cwt: Option<Py<PyAny>>,
    /// The block guard time of T=1 (11.4.3).
    bgt: Option<Py<PyAny>>,
    /// The block waiting time of T=1 (11.4.3).
    bwt: Option<Py<PyAny>>,
}

impl Timing {
    pub(super) fn new(py: Python<'_>, timing: &core::Timing) -> PyResult<Self> {
        static FRACTION: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let class = FRACTION.import(py, "fractions", "Fraction")?;
        let fraction = |ratio: core::Ratio| Ok::<_, PyErr>(class.call1((ratio.cycles(), ratio.per()))?.unbind());
        let block = |part: fn(&core::BlockTiming) -> core::Ratio| {
            timing.t1.as_ref().map(|block| fraction(part(block))).transpose()
        };
        Ok(Timing {
            etu: fraction(timing.etu)?,
            gt: fraction(timing.gt)?,
            wt: timing.wt.map(fraction).transpose()?,
            cgt: block(|block| block.cgt)?,
            cwt: block(|block| block.cwt)?,
            bgt: block(|block| block.bgt)?,
            bwt: block(|block| block.bwt)?,
        })
    }
}

#[pymethods]
impl Timing {
    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        shown(slf.as_any(), "Timing", &["etu", "gt", "wt", "cgt", "cwt", "bgt", "bwt"])
    }
}

/// One breach of a standard. `str()` gives its name, such as `tck-missing`.
#[pyclass(frozen, module = "cardwright")]
pub(crate) struct Finding {
    finding: core::Finding,
    rule: Py<PyAny>,
}

impl Finding {
    pub(super) fn new(finding: core::Finding, rule: Py<PyAny>) -> PyResult<Self> {
        Ok(Finding { finding, rule })
    }
}

#[pymethods]
impl Finding {
    /// The rule that is broken: `Rule`.
    #[getter]
    fn rule(&self, py: Python<'_>) -> Py<PyAny> {
        self.rule.clone_ref(py)
    }

    /// The offset of the byte concerned, from TS; the length of the ATR for a missing byte.
    #[getter]
    fn at(&self) -> usize {
        self.finding.at
    }

    /// The byte concerned; `None` for a missing one.
    #[getter]
    fn value(&self) -> Option<u8> {
        self.finding.value
    }

    /// One line in plain words.
    #[getter]
    fn text(&self) -> &'static str {
        self.finding.rule.text()
    }

    /// The standard.
    #[getter]
    fn standard(&self) -> &'static str {
        self.finding.rule.standard()
    }

    /// The clause of the standard.
    #[getter]
    fn clause(&self) -> &'static str {
        self.finding.rule.clause()
    }

    fn __str__(&self) -> String {
        self.finding.to_string()
    }

    fn __repr__(&self) -> String {
        let core::Finding { rule, at, .. } = &self.finding;
        format!("<Finding {} at {at}: {} ({}, {})>", self.finding, rule.text(), rule.standard(), rule.clause())
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Finding>().is_ok_and(|other| other.get().finding == self.finding)
    }

    fn __hash__(&self) -> u64 {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        self.finding.hash(&mut hasher);
        hasher.finish()
    }
}
