//! Programs over the core, each of which is measured alone: what it takes in flash is the program,
//! and what it reaches of the core and of Rust's own library. Whom it reads from and writes to is
//! not in it.

use core::fmt::Write;

use cardwright_core::apdu::Transmit;
use cardwright_core::atr::Atr;
use cardwright_core::certiflow::{self, CardInfo, Dialect};
use cardwright_core::http::{self, Call, ReplyPart, ReplyReader, Site};
use cardwright_core::identity::{ByteOrder, Guess, Interface, Serial, identify};
use cardwright_core::json::{self, Elements, FromJson, Text};
use cardwright_core::lifecycle::{self, NativeState, Operation, System, Verdict};
use cardwright_core::mim::{self, Smartcard, StatusScheme};

use crate::outside::{any, give, give_each, roots};

roots! {
    "an ATR: parsed" => give(Atr::parse(any())),
    "an ATR: its levels, protocols, historical bytes, TCK" => atr(any()),
    "an ATR: every value, its historical bytes, its findings by number" => { atr(any()); values(any()) },
    "an ATR: its levels and protocols, and its findings as text" => { atr(any()); findings(any()) },
    "a serial number: of a card, and whether a system's text is the same" => serial(any(), any()),
    "a serial number: in every spelling" => spellings(any()),
    "a card: the dialogue that tells its kind and serials" => dialogue(any(), any(), any()),
    "an ATR and the identity: the dialogue, kinds, serials as bytes" => {
        atr(any());
        identity(any(), any(), any());
    },
    "a terminal: an ATR and its findings, the dialogue, a serial number" => {
        atr(any());
        findings(any());
        dialogue(any(), any(), any());
        serial(any(), any());
    },
    "a card of CertiFlow: its id and state" => card(any()),
    "a card of CertiFlow: also its serial number and certificates, decoded" => { card(any()); decoded(any()) },
    "a list of cards: as a stream, through a buffer" => elements(any(), any()),
    "a request to CertiFlow: any, in any dialect" => certiflow_call(any(), any()),
    "a request to MIM CM: any" => mim_call(any()),
    "lifecycle: where an operation leads, and which are legal" => lifecycle(any(), any()),
    "a terminal with CertiFlow: ATR, identity, HTTP, lists, lifecycle" => {
        atr(any());
        let card = certiflow(any(), any(), any(), any());
        if let Some(state) = card.and_then(|card| card.state().known()) {
            give(Verdict::of(NativeState::CertiFlow(state), any()));
        }
    },
    "a terminal with MIM CM: the same" => {
        atr(any());
        let card = mim(any(), any(), any());
        if let Some(status) = card.and_then(|card| StatusScheme::default().status(card.status())) {
            give(Verdict::of(NativeState::Mim(status), any()));
        }
    },
    "a terminal: all of the above" => {
        atr(any());
        findings(any());
        serial(any(), any());
        spellings(any());
        dialogue(any(), any(), any());
        card(any());
        decoded(any());
        elements(any(), any());
        certiflow_call(any(), any());
        mim_call(any());
        lifecycle(any(), any());
    },
}

fn atr(bytes: &[u8]) {
    let Ok(atr) = Atr::parse(bytes) else { return };
    give_each(atr.levels());
    give_each(atr.protocols());
    give((atr.default_protocol(), atr.historical_bytes(), atr.tck()));
}

fn values(bytes: &[u8]) {
    let Ok(atr) = Atr::parse(bytes) else { return };
    give((atr.ta1().rate(), atr.ta1().fmax_khz(), atr.n(), atr.wi(), atr.t1(), atr.globals(), atr.vpp()));
    give(atr.rate_after_reset().map(|rate| atr.timing(rate)));
    if let Some(historical) = atr.historical() {
        give_each(historical.objects());
        give((historical, historical.status(), historical.capabilities(), historical.card_service_data()));
    }
    give_each(atr.findings());
}

fn findings(bytes: &[u8]) {
    let Ok(atr) = Atr::parse(bytes) else { return };
    for finding in atr.findings() {
        give(write!(out(), "{finding}: {} at byte {}", finding.rule.text(), finding.at));
    }
}

/// Who the card is, the request for its record, and what the reply says of the card.
fn certiflow<'a>(
    call: certiflow::Call<'_>,
    dialect: Dialect,
    site: Site<'_>,
    line: &'a mut [u8],
) -> Option<CardInfo<'a>> {
    give(guess(System::CertiFlow));
    let request = call.in_dialect(dialect).ok()?;
    give(http::write_message(&request, &site, out()));
    reply(line)
}

fn mim<'a>(call: mim::Call<'_>, site: Site<'_>, line: &'a mut [u8]) -> Option<Smartcard<'a>> {
    give(guess(System::Mim));
    call.check().ok()?;
    give(http::write_message(&call, &site, out()));
    reply(line)
}

fn guess(system: System) -> Option<Guess> {
    let card: &mut dyn Transmit<Error = ()> = any();
    let identity = identify(card, any(), any(), any()).ok()?;
    identity.guesses(system).next()
}

/// Reads a reply, and of the list in it each card.
fn reply<'a, T: FromJson<'a>>(line: &'a mut [u8]) -> Option<T> {
    let mut reader = ReplyReader::new(line);
    let mut elements = Elements::new(any::<&'a mut [u8]>());
    loop {
        let mut chunk: &[u8] = any();
        while let Some(part) = reader.next(&mut chunk).ok()? {
            match part {
                ReplyPart::Body(mut bytes) => {
                    while let Some(element) = elements.next(&mut bytes).ok()? {
                        give(element);
                        give(json::from_slice::<T>(any()).ok()?);
                    }
                }
                ReplyPart::End => return json::from_slice::<T>(any()).ok(),
                part => give(part),
            }
        }
    }
}

fn serial(card: &[u8], system: &str) {
    let (Ok(card), Ok(system)) = (Serial::from_bytes(card), Serial::parse(system)) else { return };
    give(card.matches(&system));
}

fn spellings(bytes: &[u8]) {
    let Ok(serial) = Serial::from_bytes(bytes) else { return };
    for order in [ByteOrder::Windows, ByteOrder::Rfc4122] {
        for spelling in [serial.braced(order), serial.bare(order), serial.hex(order)].into_iter().flatten() {
            give(write!(out(), "{spelling}"));
        }
    }
}

fn dialogue(atr: &[u8], interface: Interface, response: &mut [u8]) {
    let card: &mut dyn Transmit<Error = ()> = any();
    let Ok(identity) = identify(card, atr, interface, response) else { return };
    give_each(identity.kinds());
    for identifier in identity.identifiers() {
        if let Some(spelling) = identifier.spelling() {
            give(write!(out(), "{spelling}"));
        }
    }
}

fn identity(atr: &[u8], interface: Interface, response: &mut [u8]) {
    let card: &mut dyn Transmit<Error = ()> = any();
    let Ok(identity) = identify(card, atr, interface, response) else { return };
    give_each(identity.kinds());
    for identifier in identity.identifiers() {
        give((identifier.source(), identifier.trust(), identifier.bytes()));
    }
}

fn card(bytes: &[u8]) {
    give(json::from_slice::<CardInfo<'_>>(bytes).map(|card| (card.id(), card.state())));
}

fn decoded(bytes: &[u8]) {
    let Ok(card) = json::from_slice::<CardInfo<'_>>(bytes) else { return };
    text(card.serial_number());
    for certificate in card.certificates().into_iter().flatten() {
        text(certificate.thumbprint());
        text(certificate.subject());
    }
}

fn text(text: Option<Text<'_>>) {
    if let Some(text) = text {
        give(write!(out(), "{text}"));
    }
}

fn elements(buffer: &mut [u8], mut chunk: &[u8]) {
    let mut elements = Elements::new(buffer);
    while any() {
        while let Ok(Some(element)) = elements.next(&mut chunk) {
            card(element.json);
        }
        chunk = any();
    }
    give(elements.finish());
}

fn certiflow_call(call: certiflow::Call<'_>, dialect: Dialect) {
    match call.in_dialect(dialect) {
        Ok(request) => written(&request),
        Err(error) => give(write!(out(), "{error}")),
    }
}

fn mim_call(call: mim::Call<'_>) {
    match call.check() {
        Ok(()) => written(&call),
        Err(error) => give(write!(out(), "{error}")),
    }
}

fn written(call: &impl Call) {
    give((call.route(), http::body_len(call), http::write_target(call, out()), call.body(out())));
}

fn lifecycle(state: NativeState, operation: &str) {
    give_each(lifecycle::legal(state));
    for system in [System::CertiFlow, System::Mim] {
        if let Ok(operation) = Operation::from_native(system, operation) {
            give(lifecycle::after(state, operation));
        }
    }
}

fn out() -> &'static mut dyn Write {
    any()
}
