//! What does it cost to write a request: into a buffer, and as most programs would do it?

use cardwright_core::certiflow::{self, CardState, Dialect, Query, RevocationReason};
use cardwright_core::http::{self, Call};
use cardwright_core::lifecycle::{Operation, System};
use cardwright_core::mim::{self, CreateRequest, RequestEnd, SmartcardStatus};
use criterion::{Criterion, criterion_group, criterion_main};
use serde::Serialize;
use std::hint::black_box;
use std::time::Duration;

const UUID: &str = "17cf063d-e337-4aa9-a822-346554ddd3c9";
const REQUEST: &str = "a9b4b42c-cc50-4c9b-89d1-bbc0bcd5a099";

/// Address and body in memory that is there already.
fn written(call: &impl Call) -> (usize, usize) {
    let (mut target, mut body) = ([0; 256], [0; 512]);
    let target = http::target_to(call, &mut target).unwrap();
    let body = http::body_to(call, &mut body).unwrap();
    (black_box(target).len(), black_box(body).len())
}

/// A text as a new one, percent-encoded.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[derive(Serialize)]
struct Create<'a> {
    datacollection: &'a str,
    r#type: &'a str,
    smartcard: &'a str,
    comment: &'a str,
}

#[derive(Serialize)]
struct Assign<'a> {
    requestid: &'a str,
    cardid: &'a str,
    atr: &'a str,
}

#[derive(Serialize)]
struct Status<'a> {
    status: &'a str,
}

fn certiflow(c: &mut Criterion) {
    let mut group = c.benchmark_group("CertiFlow");
    let query = Query {
        offset: Some(100),
        count: Some(50),
        user_name: Some(r"DEMO\ipetrov"),
        state: Some(CardState::Issued),
        ..Query::default()
    };
    group.bench_function("list", |b| {
        b.iter(|| written(&certiflow::Call::Cards(black_box(query)).in_dialect(Dialect::G7).unwrap()));
    });
    group.bench_function("list, naive", |b| {
        b.iter(|| {
            let (user, state) = (black_box(r"DEMO\ipetrov"), black_box("Issued"));
            format!("Cards?offset={}&count={}&userName={}&state={}", 100, 50, encoded(user), encoded(state))
        });
    });
    group.bench_function("card", |b| {
        b.iter(|| written(&certiflow::Call::Card { id: black_box("1013") }.in_dialect(Dialect::G7).unwrap()));
    });
    group.bench_function("card, naive", |b| b.iter(|| format!("Cards/{}", encoded(black_box("1013")))));
    for operation in Operation::of(System::CertiFlow) {
        let reason = operation.facts().takes_reason.then_some(RevocationReason::CardLost);
        group.bench_function(operation.facts().name, |b| {
            b.iter(|| {
                let call = certiflow::Call::Operate { operation, id: black_box("1013"), reason };
                written(&call.in_dialect(Dialect::G7).unwrap())
            });
        });
    }
    group.bench_function("revoke, naive", |b| {
        b.iter(|| format!("Cards/{}/Revoke?reason={}", encoded(black_box("1013")), encoded(black_box("CardLost"))));
    });
    group.finish();
}

fn mim(c: &mut Criterion) {
    let mut group = c.benchmark_group("MIM CM");
    let create = CreateRequest::for_operation(Operation::Revoke, UUID, "left the company \"for good\"").unwrap();
    for (name, call) in [
        ("find", mim::Call::SmartcardByCardId { card_id: UUID }),
        ("card", mim::Call::Smartcard { uuid: UUID }),
        ("operations", mim::Call::Operations { uuid: UUID }),
        ("create request", mim::Call::CreateRequest(create)),
        ("request", mim::Call::Request { uuid: REQUEST }),
        (
            "assign",
            mim::Call::AssignSmartcard { request: REQUEST, card_id: UUID, atr: "3b8d0180fba000000397425446590301c8" },
        ),
        ("update", mim::Call::UpdateSmartcard { request: REQUEST, uuid: UUID, status: SmartcardStatus::Retired }),
        ("complete", mim::Call::EndRequest { uuid: REQUEST, end: RequestEnd::Completed }),
    ] {
        group.bench_function(name, |b| {
            b.iter(|| {
                let call = black_box(call);
                call.check().unwrap();
                written(&call)
            });
        });
    }
    group.bench_function("create request, naive", |b| {
        b.iter(|| {
            let body = Create {
                datacollection: "[]",
                r#type: black_box("Revoke"),
                smartcard: black_box(UUID),
                comment: black_box("left the company \"for good\""),
            };
            ("api/v1.0/requests".to_owned(), serde_json::to_string(&body).unwrap())
        });
    });
    group.bench_function("assign, naive", |b| {
        b.iter(|| {
            let body =
                Assign { requestid: black_box(REQUEST), cardid: UUID, atr: "3b8d0180fba000000397425446590301c8" };
            ("api/v1.0/smartcards".to_owned(), serde_json::to_string(&body).unwrap())
        });
    });
    group.bench_function("update, naive", |b| {
        b.iter(|| {
            let (request, uuid) = (encoded(black_box(REQUEST)), encoded(black_box(UUID)));
            let body = Status { status: black_box("Retired") };
            (format!("api/v1.0/requests/{request}/smartcards/{uuid}"), serde_json::to_string(&body).unwrap())
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
    targets = certiflow, mim
}
criterion_main!(benches);
