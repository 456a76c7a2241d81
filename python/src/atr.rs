//! ATRs: every figure that the core reads out of one.

mod figures;
mod historical;

pub(crate) use figures::{Finding, Globals, Level, Rate, SpecificMode, T1, Tck, Timing, Vpp};
pub(crate) use historical::{Capabilities, CardServiceData, DataObject, Historical, Status, StorageCard};

use cardwright_core::atr::{Atr as CoreAtr, AtrBuf, Convention, Reset};
use cardwright_python_common::Failure;
use cardwright_python_common::members::member;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString, PyTuple, PyType};
use std::hash::{DefaultHasher, Hash, Hasher};

/// The answer to reset of a card (ISO/IEC 7816-3, 8), from hexadecimal digits or bytes.
///
/// Digits may have spaces and colons between them. What breaks a standard and can still be read is no error but one of `findings`.
///
/// Raises:
///     InputError: no ATR: it does not begin with 3B or 3F, or ends too early, or has more than 33 bytes.
///
///     >>> atr = Atr("3B 8D 01 80 FB A0 00 00 03 97 42 54 46 59 03 01 C8")
///     >>> atr.protocols, atr.historical_bytes.hex()
///     ((1,), '80fba000000397425446590301')
///     >>> [str(finding) for finding in atr.findings]
///     []
#[pyclass(frozen, module = "cardwright")]
pub(crate) struct Atr {
    kept: AtrBuf,
}

impl Atr {
    pub(crate) fn of(&self) -> CoreAtr<'_> {
        self.kept.as_atr()
    }
}

#[pymethods]
impl Atr {
    #[new]
    fn new(atr: &Bound<'_, PyAny>) -> PyResult<Self> {
        let kept = if let Ok(text) = atr.cast::<PyString>() {
            AtrBuf::from_hex(&text.to_cow()?)
        } else if let Ok(bytes) = atr.cast::<PyBytes>() {
            AtrBuf::parse(bytes.as_bytes())
        } else if let Ok(bytes) = atr.extract::<Vec<u8>>() {
            AtrBuf::parse(&bytes)
        } else {
            let kind = atr.get_type().name()?;
            return Err(PyTypeError::new_err(format!("an ATR is made of str, bytes or numbers, not of {kind}")));
        };
        Ok(Atr { kept: kept.map_err(Failure::from)? })
    }

    fn __bytes__<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.kept.bytes())
    }

    fn __len__(&self) -> usize {
        self.kept.bytes().len()
    }

    fn __str__(&self) -> String {
        self.of().to_string()
    }

    fn __repr__(&self) -> String {
        format!("Atr('{}')", self.of())
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Atr>().is_ok_and(|other| other.get().kept.bytes() == self.kept.bytes())
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.kept.bytes().hash(&mut hasher);
        hasher.finish()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyType>, Bound<'py, PyTuple>)> {
        Ok((slf.get_type(), (slf.get().__bytes__(slf.py()),).into_pyobject(slf.py())?))
    }

    /// `"direct"` or `"inverse"`, by TS.
    #[getter]
    fn convention(&self) -> &'static str {
        match self.of().convention() {
            Convention::Direct => "direct",
            Convention::Inverse => "inverse",
        }
    }

    /// The interface bytes, level by level.
    #[getter]
    fn levels<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.of().levels().map(Level::from).collect::<Vec<_>>())
    }

    /// T of each protocol that is offered, in the ATR's order; 0 where none is named.
    #[getter]
    fn protocols<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.of().protocols().map(|protocol| protocol.t()).collect::<Vec<_>>())
    }

    /// T of the first protocol that is offered; `None` where it is no protocol of the standard.
    #[getter]
    fn first_offered(&self) -> Option<u8> {
        self.of().first_offered().map(|protocol| protocol.t())
    }

    /// T of the standard's default: the protocol in use after a reset when nothing is negotiated.
    #[getter]
    fn default_protocol(&self) -> u8 {
        self.of().default_protocol().t()
    }

    /// T of the protocol that a PC/SC service negotiates, as pcsc-lite does: T=1 where it is offered. `None` where it is
    /// neither 0 nor 1. A session says which one is in use.
    #[getter]
    fn pcsc_protocol(&self) -> Option<u8> {
        self.of().pcsc_protocol().map(|protocol| protocol.t())
    }

    /// Whether T=15 is indicated, which qualifies global bytes.
    #[getter]
    fn indicates_t15(&self) -> bool {
        self.of().indicates_t15()
    }

    /// The specific mode by TA2; `None` where the card can negotiate.
    #[getter]
    fn specific_mode(&self) -> Option<SpecificMode> {
        self.of().specific_mode().map(SpecificMode::from)
    }

    /// K, how many historical bytes T0 announces: 0 to 15.
    #[getter]
    fn k(&self) -> u8 {
        self.of().k()
    }

    /// The historical bytes.
    #[getter]
    fn historical_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.of().historical_bytes())
    }

    /// Where the historical bytes begin, in bytes from TS.
    #[getter]
    fn historical_at(&self) -> usize {
        self.of().historical_at()
    }

    /// What the historical bytes say (ISO/IEC 7816-4, 8.1.1); `None` where there are none.
    #[getter]
    fn historical(&self) -> Option<Historical> {
        let atr = self.of();
        Some(Historical::new(atr.historical_bytes(), atr.historical()?))
    }

    /// The check byte TCK.
    #[getter]
    fn tck(&self) -> Tck {
        self.of().tck().into()
    }

    /// The bytes behind the end of the ATR.
    #[getter]
    fn surplus<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.of().surplus())
    }

    /// TA1 as it counts: 11 in hexadecimal where there is none.
    #[getter]
    fn ta1(&self) -> u8 {
        self.of().ta1().0
    }

    /// Fi, the clock rate conversion integer; `None` where TA1 has a reserved one.
    #[getter]
    fn fi(&self) -> Option<u16> {
        self.of().ta1().fi()
    }

    /// Di, the baud rate adjustment integer; `None` where TA1 has a reserved one.
    #[getter]
    fn di(&self) -> Option<u8> {
        self.of().ta1().di()
    }

    /// The highest clock in kilohertz; `None` where TA1 has a reserved Fi.
    #[getter]
    fn fmax_khz(&self) -> Option<u16> {
        self.of().ta1().fmax_khz()
    }

    /// The programming voltage by TB1 and TB2, which no reader supplies any more.
    #[getter]
    fn vpp(&self) -> Option<Vpp> {
        self.of().vpp().map(Vpp::from)
    }

    /// PI2 of TB2, in tenths of a volt.
    #[getter]
    fn pi2(&self) -> Option<u8> {
        self.of().pi2()
    }

    /// N, the extra guard time of TC1: 0 to 255.
    #[getter]
    fn n(&self) -> u8 {
        self.of().n()
    }

    /// WI of T=0; `None` where T=0 is not offered.
    #[getter]
    fn wi(&self) -> Option<u8> {
        self.of().wi()
    }

    /// The parameters of T=1; `None` where they do not count.
    #[getter]
    fn t1(&self) -> Option<T1> {
        self.of().t1().map(T1::from)
    }

    /// The global bytes after T=15: clock stop, classes, use of C6.
    #[getter]
    fn globals(&self) -> Globals {
        self.of().globals().into()
    }

    /// The rate right after the reset; `None` where it is implicit or reserved.
    #[getter]
    fn rate_after_reset(&self) -> Option<Rate> {
        self.of().rate_after_reset().map(Rate::from)
    }

    /// The times at a rate, in cycles of the clock; without one, at that after the reset, or 372/1.
    #[pyo3(signature = (rate=None))]
    fn timing(&self, py: Python<'_>, rate: Option<PyRef<'_, Rate>>) -> PyResult<Timing> {
        use cardwright_core::atr::Rate as CoreRate;
        let atr = self.of();
        let rate = match rate {
            Some(rate) => rate.core(),
            None => atr.rate_after_reset().unwrap_or(CoreRate::DEFAULT),
        };
        Timing::new(py, &atr.timing(rate))
    }

    /// Everything in which it breaks the standards, in the order of the bytes.
    #[getter]
    fn findings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let findings = self.of().findings().map(|finding| Finding::new(finding, member(py, finding.rule)?.unbind()));
        PyTuple::new(py, findings.collect::<PyResult<Vec<_>>>()?)
    }

    /// Names of the rules for which a payment terminal refuses it (EMV), after a cold or a warm reset.
    #[pyo3(signature = (*, warm=false))]
    fn emv_refusals<'py>(&self, py: Python<'py>, warm: bool) -> PyResult<Bound<'py, PyTuple>> {
        let reset = if warm { Reset::Warm } else { Reset::Cold };
        PyTuple::new(py, self.of().emv_refusals(reset).map(|rule| rule.name()).collect::<Vec<_>>())
    }
}
