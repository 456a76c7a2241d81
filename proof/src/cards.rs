//! Roots of what is known of cards: ATRs, serial numbers, states, dates.

use core::fmt::Write;

use cardwright_core::atr::{Atr, AtrBuf, Protocol};
use cardwright_core::date::Moment;
use cardwright_core::identity::{ByteOrder, Guid, Serial};
use cardwright_core::lifecycle::{self, NativeState, Operation, System, Verdict};
use cardwright_core::{Named, certiflow::CardState, json, json::Scalar, mim};

use crate::show::texts;
use crate::sink::Sink;

root! {
    /// An ATR: everything that there is to read in it.
    fn root_atr(input: &[u8]) -> usize {
        let mut sink = Sink::default();
        match Atr::parse(input) {
            Ok(atr) => {
                let _ = write!(sink, "{atr}{atr:#}{atr:x}{:?}{:?}", atr.convention(), atr.tck());
                for level in atr.levels() {
                    let _ = write!(sink, "{level:?}{:?}", level.t());
                }
                for protocol in atr.protocols() {
                    let _ = write!(sink, "{protocol}");
                }
                let _ = write!(sink, "{:?}{}", atr.first_offered(), atr.default_protocol());
                let _ = write!(sink, "{:?}{:?}", atr.specific_mode(), atr.category());
                let _ = write!(sink, "{:?}{:?}", atr.historical_bytes(), atr.surplus());
                let _ = write!(sink, "{}{}", atr.k(), atr.historical_at());
                let _ = write!(sink, "{}{}", atr.offers(Protocol::T1), atr.indicates_t15());
            }
            Err(error) => {
                let _ = write!(sink, "{error}");
            }
        }
        sink.sum()
    }

    /// An ATR's findings, with their texts.
    fn root_atr_findings(input: &[u8]) -> usize {
        let mut sink = Sink::default();
        if let Ok(atr) = Atr::parse(input) {
            for finding in atr.findings() {
                let _ = write!(sink, "{finding}{}", finding.rule.text());
            }
        }
        sink.sum()
    }

    /// An ATR in hexadecimal, kept.
    fn root_atr_hex(input: &[u8]) -> usize {
        let [text] = texts(input);
        let mut sink = Sink::default();
        match AtrBuf::from_hex(text) {
            Ok(kept) => {
                let _ = write!(sink, "{kept}{:?}", kept.as_atr().k());
            }
            Err(error) => {
                let _ = write!(sink, "{error}");
            }
        }
        sink.sum()
    }

    /// Two serial numbers: their kinds, all their spellings, and whether they are one.
    fn root_serial(input: &[u8]) -> usize {
        let [a, b] = texts(input);
        let mut sink = Sink::default();
        match (Serial::parse(a), Serial::parse(b)) {
            (Ok(a), Ok(b)) => {
                let _ = write!(sink, "{a}{:?}{:?}{:?}{}", a.kind(), a.matches(&b), a.bytes(), a.text().unwrap_or("-"));
                for order in [ByteOrder::Windows, ByteOrder::Rfc4122] {
                    for spelling in [a.braced(order), a.bare(order), a.hex(order)].into_iter().flatten() {
                        let _ = write!(sink, "{spelling}{}{}{}", spelling.upper(), spelling.lower(), spelling.length());
                    }
                }
            }
            (Err(error), _) | (_, Err(error)) => {
                let _ = write!(sink, "{error}");
            }
        }
        sink.sum()
    }

    /// A serial number from a card's bytes, and a GUID from a text.
    fn root_serial_bytes(input: &[u8]) -> usize {
        let mut sink = Sink::default();
        if let Ok(serial) = Serial::from_bytes(input) {
            let _ = write!(sink, "{serial}{:?}", serial.guid(ByteOrder::Windows));
        }
        let [text] = texts(input);
        match Guid::parse(text) {
            Ok(guid) => {
                let _ = write!(sink, "{guid}{}{}{}", guid.braced(), guid.bare(), guid.is_nil());
            }
            Err(error) => {
                let _ = write!(sink, "{error}");
            }
        }
        sink.sum()
    }

    /// Any operation in any state of either system.
    fn root_lifecycle(input: &[u8]) -> usize {
        let [state, operation] = texts(input);
        let mut sink = Sink::default();
        for system in System::ALL.iter().copied() {
            let operation = match Operation::from_native(system, operation) {
                Ok(operation) => operation,
                Err(error) => {
                    let _ = write!(sink, "{error}");
                    continue;
                }
            };
            let Some(state) = NativeState::of(system).find(|native| native.name() == state) else { continue };
            let verdict = Verdict::of(state, operation);
            let _ = write!(sink, "{:?}{}", verdict.evidence(), verdict.is_allowed());
            match lifecycle::after(state, operation) {
                Ok(to) => write!(sink, "{to}"),
                Err(error) => write!(sink, "{error}"),
            }
            .unwrap_or_default();
            for (operation, verdict) in lifecycle::legal(state) {
                let _ = write!(sink, "{}{:?}", operation.name(), verdict.evidence());
            }
            if let Some(neutral) = state.neutral() {
                let native = neutral.native(System::CertiFlow).map_or("-", NativeState::name);
                let _ = write!(sink, "{}{native}", neutral.name());
            }
        }
        let listed = mim::listed_operation(operation).map_or(0, |operation| operation as usize);
        sink.sum() ^ listed
    }

    /// A state that a server sent, known or not.
    fn root_lifecycle_known(input: &[u8]) -> usize {
        let known = json::from_slice::<Scalar<'_>>(input).ok().and_then(CardState::from_scalar);
        known.map_or(0, |state| lifecycle::legal(NativeState::CertiFlow(state)).count())
    }

    /// A date, read and written again.
    fn root_date(input: &[u8]) -> usize {
        let [text] = texts(input);
        let mut sink = Sink::default();
        if let Some(moment) = Moment::parse(text) {
            let (year, month, day) = moment.ymd();
            let _ = write!(sink, "{moment}{}", Moment::is_bare(text));
            sink.add((year ^ month ^ day) as usize);
        }
        sink.sum()
    }

    /// Any moment, written.
    fn root_date_display(input: &[u8]) -> usize {
        let Some((seconds, rest)) = input.split_first_chunk::<8>() else { return 0 };
        let nanos = rest.first_chunk::<4>().map_or(0, |nanos| u32::from_le_bytes(*nanos));
        let mut sink = Sink::default();
        let _ = write!(sink, "{}", Moment { seconds: i64::from_le_bytes(*seconds), nanos });
        sink.sum()
    }
}
