//! What does it cost to learn who a card is: its ATR, the dialogue, its serial number?

use cardwright_core::Named;
use cardwright_core::apdu::Transmit;
use cardwright_core::atr::Atr;
use cardwright_core::identity::{ByteOrder, Interface, RESPONSE_ROOM, Serial, identify};
use cardwright_core::lifecycle::System;
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::Duration;

/// The card of MIM CM's documentation: Windows' own profile for smart cards (GIDS).
const ATR: [u8; 17] =
    [0x3B, 0x8D, 0x01, 0x80, 0xFB, 0xA0, 0x00, 0x00, 0x03, 0x97, 0x42, 0x54, 0x46, 0x59, 0x03, 0x01, 0xC8];
const SELECTED: &[u8] = b"\x61\x12\x4F\x0B\xA0\x00\x00\x03\x97\x42\x54\x46\x59\x02\x01\x73\x03\x40\x01\xC0\x90\x00";
const CARD_ID: &[u8] = b"\xDF\x20\x10\x69\x68\xEF\xD1\x17\x55\xA0\x42\x8F\x05\x16\xCA\x1A\x0B\x83\x4D\x90\x00";

/// Answers at once what that card does.
struct Card;

impl Transmit for Card {
    type Error = ();

    fn transmit(&mut self, command: &[u8], response: &mut [u8]) -> Result<usize, ()> {
        let answer = if command.get(1) == Some(&0xA4) { SELECTED } else { CARD_ID };
        response.get_mut(..answer.len()).ok_or(())?.copy_from_slice(answer);
        Ok(answer.len())
    }
}

fn cards(c: &mut Criterion) {
    let mut group = c.benchmark_group("cards");
    group.bench_function("an ATR, parsed", |b| b.iter(|| Atr::parse(black_box(&ATR))));
    group.bench_function("an ATR, parsed, and its findings", |b| {
        b.iter(|| Atr::parse(black_box(&ATR)).map(|atr| atr.findings().count()));
    });
    let mut response = [0; RESPONSE_ROOM];
    group.bench_function("the dialogue with a GIDS card", |b| {
        b.iter(|| identify(&mut Card, black_box(&ATR), Interface::Contact, &mut response));
    });
    let identity = identify(&mut Card, &ATR, Interface::Contact, &mut response).expect("it answers");
    assert_eq!(identity.identifiers().count(), 1);
    group.bench_function("the spellings in which both systems may have it", |b| {
        b.iter(|| System::ALL.iter().map(|system| black_box(&identity).guesses(*system).count()).sum::<usize>());
    });
    group.bench_function("a serial number, parsed and compared with the card's bytes", |b| {
        let card = Serial::from_bytes(&[0x69; 16]).expect("sixteen bytes");
        b.iter(|| Serial::parse(black_box("{d1ef6869-5517-42a0-8f05-16ca1a0b834d}")).map(|one| one.matches(&card)));
    });
    group.bench_function("a serial number, spelled for MIM CM", |b| {
        let card = Serial::from_bytes(&[0x69; 16]).expect("sixteen bytes");
        b.iter(|| black_box(&card).braced(ByteOrder::Windows));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .sample_size(20);
    targets = cards
}
criterion_main!(benches);
