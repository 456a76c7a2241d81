//! How fast are cards read: one, and ten thousand, whole and as a stream?

use cardwright_benches::{CowCard, StringCard, card, list};
use cardwright_core::certiflow::{CardInfo, CardState, OwnedCardInfo};
use cardwright_core::json::{self, Elements, FromJson, List};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use std::hint::black_box;
use std::io::BufReader;
use std::time::Duration;

const CARDS: usize = 10_000;
const CHUNK: usize = 64 * 1024;

/// What a report looks at.
fn look(card: &CardInfo<'_>) -> usize {
    usize::from(card.state().is(CardState::Issued)) + card.id().as_i64().unwrap_or(0) as usize
}

/// Every field, decoded and borrowed where it can be.
fn every_field(card: &CardInfo<'_>) -> usize {
    let texts = [
        card.serial_number(),
        card.card_type_name(),
        card.card_model_name(),
        card.atr(),
        card.label(),
        card.comment(),
        card.expiration_date(),
        card.time_issued(),
        card.time_disabled(),
        card.time_updated(),
        card.time_revoked(),
        card.user_name(),
        card.policy_name(),
        card.form_factor().as_text(),
        card.pac_number().as_text(),
        card.user_id().as_text(),
    ];
    let mut sum = texts.into_iter().flatten().map(|text| black_box(text.to_cow()).len()).sum::<usize>() + look(card);
    sum += card.policy_id().as_i64().unwrap_or(0) as usize;
    sum += card.tags().into_iter().flatten().map(|tag| black_box(tag.to_cow()).len()).sum::<usize>();
    for certificate in card.certificates().into_iter().flatten() {
        let texts = [
            certificate.serial_number(),
            certificate.thumbprint(),
            certificate.subject(),
            certificate.issuer(),
            certificate.valid_to(),
        ];
        sum += texts.into_iter().flatten().map(|text| black_box(text.to_cow()).len()).sum::<usize>();
        sum += usize::from(certificate.kind().known().is_some());
    }
    sum
}

fn stream(document: &[u8], mut each: impl FnMut(CardInfo<'_>)) {
    let mut elements = Elements::new(vec![0; 4096]);
    for mut chunk in document.chunks(CHUNK) {
        while let Some((_, card)) = elements.read(&mut chunk, CardInfo::from_json).unwrap() {
            each(card.unwrap());
        }
    }
    elements.finish().unwrap();
}

/// Hands each card of a list to a function, as serde_json does it with the fewest cards in memory.
struct Each<F>(F);

impl<'de, F: FnMut(StringCard)> DeserializeSeed<'de> for Each<F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, F: FnMut(StringCard)> Visitor<'de> for Each<F> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list of cards")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut cards: A) -> Result<(), A::Error> {
        while let Some(card) = cards.next_element()? {
            (self.0)(card);
        }
        Ok(())
    }
}

fn one(c: &mut Criterion) {
    // With one certificate.
    let json = card(1).into_bytes();
    let mut group = c.benchmark_group("one card");
    group.throughput(Throughput::Bytes(json.len() as u64));
    group.bench_function("checked only", |b| b.iter(|| json::check(black_box(&json)).unwrap()));
    group.bench_function("view, id and state", |b| {
        b.iter(|| look(&json::from_slice(black_box(&json)).unwrap()));
    });
    group.bench_function("view, every field", |b| {
        b.iter(|| every_field(&json::from_slice(black_box(&json)).unwrap()));
    });
    group.bench_function("owned copy", |b| {
        b.iter(|| json::from_slice::<CardInfo<'_>>(black_box(&json)).unwrap().to_owned());
    });
    group.bench_function("serde_json, Cow", |b| {
        b.iter(|| serde_json::from_slice::<CowCard<'_>>(black_box(&json)).unwrap());
    });
    group.bench_function("serde_json, String", |b| {
        b.iter(|| serde_json::from_slice::<StringCard>(black_box(&json)).unwrap());
    });
    group.finish();
}

fn whole(c: &mut Criterion) {
    let json = list(CARDS);
    let mut group = c.benchmark_group("10,000 cards, whole");
    group.throughput(Throughput::Bytes(json.len() as u64));
    group.bench_function("views, id and state", |b| {
        b.iter(|| {
            let cards = List::<CardInfo<'_>>::new(black_box(&json)).unwrap();
            cards.into_iter().map(|card| look(&card.unwrap())).sum::<usize>()
        });
    });
    group.bench_function("views, every field", |b| {
        b.iter(|| {
            let cards = List::<CardInfo<'_>>::new(black_box(&json)).unwrap();
            cards.into_iter().map(|card| every_field(&card.unwrap())).sum::<usize>()
        });
    });
    group.bench_function("views, all kept", |b| {
        b.iter(|| {
            let cards = List::<CardInfo<'_>>::new(black_box(&json)).unwrap();
            cards.into_iter().collect::<Result<Vec<_>, _>>().unwrap()
        });
    });
    group.bench_function("serde_json, Cow, all kept", |b| {
        b.iter(|| serde_json::from_slice::<Vec<CowCard<'_>>>(black_box(&json)).unwrap());
    });
    group.bench_function("serde_json, String, all kept", |b| {
        b.iter(|| serde_json::from_slice::<Vec<StringCard>>(black_box(&json)).unwrap());
    });
    group.finish();
}

fn streamed(c: &mut Criterion) {
    let json = list(CARDS);
    let mut group = c.benchmark_group("10,000 cards, streamed");
    group.throughput(Throughput::Bytes(json.len() as u64));
    group.bench_function("views, id and state", |b| {
        b.iter(|| {
            let mut sum = 0;
            stream(black_box(&json), |card| sum += look(&card));
            sum
        });
    });
    group.bench_function("owned copies, all kept", |b| {
        b.iter(|| {
            let mut cards: Vec<OwnedCardInfo> = Vec::new();
            stream(black_box(&json), |card| cards.push(card.owned()));
            cards
        });
    });
    group.bench_function("serde_json, String, from a reader", |b| {
        b.iter(|| {
            let mut sum = 0;
            let reader = BufReader::with_capacity(CHUNK, black_box(&json[..]));
            let mut deserializer = serde_json::Deserializer::from_reader(reader);
            Each(|card: StringCard| sum += card.id as usize).deserialize(&mut deserializer).unwrap();
            sum
        });
    });
    group.bench_function("serde_json, String, from a reader, all kept", |b| {
        b.iter(|| {
            let mut cards = Vec::new();
            let reader = BufReader::with_capacity(CHUNK, black_box(&json[..]));
            let mut deserializer = serde_json::Deserializer::from_reader(reader);
            Each(|card: StringCard| cards.push(card)).deserialize(&mut deserializer).unwrap();
            cards
        });
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .sample_size(20);
    targets = one, whole, streamed
}
criterion_main!(benches);
