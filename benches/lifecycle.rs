//! What does it cost to ask whether an operation is legal?

use cardwright_core::Named;
use cardwright_core::lifecycle::{NativeState, Operation, System, Verdict, legal};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::Duration;

fn cells(c: &mut Criterion) {
    let states: Vec<NativeState> = System::ALL.iter().flat_map(|system| NativeState::of(*system)).collect();
    let mut group = c.benchmark_group("lifecycle");
    group.throughput(Throughput::Elements((states.len() * Operation::ALL.len()) as u64));
    group.bench_function("a verdict for every cell", |b| {
        b.iter(|| {
            let cells =
                states.iter().flat_map(|state| Operation::ALL.iter().map(move |operation| (*state, *operation)));
            cells
                .filter(|(state, operation)| Verdict::of(black_box(*state), black_box(*operation)).is_allowed())
                .count()
        });
    });
    group.throughput(Throughput::Elements(states.len() as u64));
    group.bench_function("the legal operations of every state", |b| {
        b.iter(|| states.iter().map(|state| legal(black_box(*state)).count()).sum::<usize>());
    });
    group.throughput(Throughput::Elements(1));
    group.bench_function("an operation by its word", |b| {
        b.iter(|| Operation::from_native(System::CertiFlow, black_box("preupdate")));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .sample_size(20);
    targets = cells
}
criterion_main!(benches);
