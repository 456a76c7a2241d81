//! What does it cost to call through C?
//!
//! Prints nanoseconds for each call, the least of many rounds of both by turns, and instructions where
//! valgrind is there. Both call through a pointer that the compiler does not know, and do the same work: what
//! C asks for is what the library in Rust gives.

// It calls the C library as C does.
#![allow(unsafe_code)]

use cardwright_core::apdu::StatusWord;
use cardwright_core::certiflow::{Call, CardInfo, CardState, Dialect};
use cardwright_core::date::Moment;
use cardwright_core::http::{self, Site};
use cardwright_core::identity::Serial;
use cardwright_core::json;
use cardwright_core::lifecycle::{NativeState, Operation, System, Verdict};
use cardwright_ffi::*;
use std::hint::black_box;
use std::process::Command;
use std::ptr::null_mut;
use std::time::{Duration, Instant};

const ROUNDS: usize = 2_000;
const CALLS: usize = 500;

const DATE: &str = "2026-12-03T11:22:20.1824104Z";
const ONE: &str = "6968EFD11755A0428F0516CA1A0B834D";
const OTHER: &str = "D1EF6869-5517-42A0-8F05-16CA1A0B834D";
const CARD: &[u8] = br#"{"id":1013,"serialNumber":"02A1B3C4","label":"Ivan Petrov","tags":["vip"],"state":"Issued","userName":"DEMO\\ipetrov","certificates":[{"type":"Managed","subject":"Ivan Petrov","validTo":"2026-12-03T11:22:20Z"}]}"#;

/// What is asked, in Rust and in C.
type Question = (&'static str, fn() -> usize, fn() -> usize);

const QUESTIONS: [Question; 6] = [
    ("a status word in words", status_word, status_word_c),
    ("whether an operation is legal", verdict, verdict_c),
    ("a date", date, date_c),
    ("two serial numbers compared", serial, serial_c),
    ("a card's record, its fields found", view, view_c),
    ("a request as a message", message, message_c),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [count, asked, rounds] = &arguments[..] {
        assert_eq!(count, "--count");
        let (number, in_c) = asked.split_once(' ').expect("a number and a language");
        let (_, rust, c) = QUESTIONS[number.parse::<usize>().expect("a number")];
        let call = black_box(if in_c == "c" { c } else { rust });
        (0..rounds.parse().expect("a number")).for_each(|_| assert!(call() > 0));
        return;
    }
    println!("{:<36}{:>10}{:>10}{:>10}{:>14}{:>10}{:>10}", "", "ns Rust", "C", "more", "instr. Rust", "C", "more");
    for (n, (name, rust, c)) in QUESTIONS.iter().enumerate() {
        let [rust, c] = least([*rust, *c]);
        let counts = ["rust", "c"].map(|language| instructions(&format!("{n} {language}")));
        let counts = match counts {
            [Some(rust), Some(c)] => format!("{rust:>14}{c:>10}{:>10}", c as i64 - rust as i64),
            _ => "  no valgrind".into(),
        };
        println!("{name:<36}{rust:>10.1}{c:>10.1}{:>10.1}{counts}", c - rust);
    }
}

/// The least time for a call of each, by turns, in nanoseconds.
fn least(calls: [fn() -> usize; 2]) -> [f64; 2] {
    let mut least = [Duration::MAX; 2];
    for _ in 0..ROUNDS {
        for (least, call) in least.iter_mut().zip(black_box(calls)) {
            let start = Instant::now();
            (0..CALLS).for_each(|_| assert!(call() > 0));
            *least = start.elapsed().min(*least);
        }
    }
    least.map(|time| time.as_nanos() as f64 / CALLS as f64)
}

/// Instructions for a call: what a thousand more take.
fn instructions(asked: &str) -> Option<usize> {
    let count = |rounds: &str| {
        let mut command = Command::new("valgrind");
        command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(std::env::current_exe().ok()?);
        let output = command.args(["--count", asked, rounds]).output().ok()?;
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let line = text.lines().find_map(|line| line.split("Collected :").nth(1)).map(str::trim)?;
        line.parse::<usize>().ok()
    };
    Some(count("1100")?.saturating_sub(count("100")?) / 1000)
}

fn text(text: &'static str) -> CardwrightText {
    CardwrightText { data: black_box(text).as_ptr().cast(), length: text.len() }
}

/// A structure of the library, all zero but its size.
fn structure<T>() -> T {
    // SAFETY: the header says that its structures may be zeroed, and they begin with their size.
    unsafe {
        let mut one: T = std::mem::zeroed();
        (&raw mut one).cast::<u32>().write(size_of::<T>() as u32);
        one
    }
}

fn status_word() -> usize {
    StatusWord(black_box(0x6A82)).text().len()
}

fn status_word_c() -> usize {
    black_box(cardwright_status_word_text as extern "C" fn(u32) -> CardwrightText)(black_box(0x6A82)).length
}

fn verdict() -> usize {
    let verdict = Verdict::of(NativeState::CertiFlow(black_box(CardState::Issued)), black_box(Operation::Suspend));
    usize::from(black_box(verdict).is_allowed())
}

fn date() -> usize {
    black_box(Moment::parse(black_box(DATE))).is_some().into()
}

fn serial() -> usize {
    let (one, other) = (Serial::parse(black_box(ONE)), Serial::parse(black_box(OTHER)));
    one.ok().zip(other.ok()).and_then(|(one, other)| one.matches(&other)).map_or(0, |how| how as usize)
}

fn view() -> usize {
    let card = json::from_slice::<CardInfo<'_>>(black_box(CARD));
    black_box(&card).as_ref().map_or(0, |card| card.json().len())
}

fn message() -> usize {
    let site = Site::new(black_box("cm.example"), "/certiflow/api").and_then(|site| site.with_basic("user", "secret"));
    let call = Call::Operate { operation: Operation::Suspend, id: black_box("1013"), reason: None };
    let (Ok(site), Ok(request)) = (site, call.in_dialect(Dialect::G7)) else { return 0 };
    let mut buffer = [0; 400];
    http::message_to(&request, &site, &mut buffer).map_or(0, str::len)
}

/// The calls in C, each by a pointer that the compiler does not know.
mod in_c {
    use super::*;

    macro_rules! call {
        ($function:ident: $type:ty, $($argument:expr),*) => {
            // SAFETY: all that is pointed to is there, as the header wants it.
            unsafe { black_box($function as $type)($($argument),*) }
        };
    }

    type Error = *mut CardwrightError;

    pub(crate) fn verdict_c() -> usize {
        let mut verdict: CardwrightVerdict = structure();
        let (state, operation) = (black_box(CardState::Issued as u32), black_box(Operation::Suspend as u32));
        call!(cardwright_lifecycle_verdict: unsafe extern "C" fn(u32, u32, u32, *mut CardwrightVerdict, Error) -> i32,
            System::CertiFlow as u32, state, operation, &raw mut verdict, null_mut());
        usize::from(verdict.answer == CardwrightAnswer::Allowed as u32)
    }

    pub(crate) fn date_c() -> usize {
        let mut seconds = 0;
        call!(cardwright_date_parse: unsafe extern "C" fn(CardwrightText, *mut i64, Error) -> i32,
            text(DATE), &raw mut seconds, null_mut());
        seconds as usize
    }

    pub(crate) fn serial_c() -> usize {
        let mut how = 0;
        call!(cardwright_serial_match: unsafe extern "C" fn(CardwrightText, CardwrightText, *mut u32, Error) -> i32,
            text(ONE), text(OTHER), &raw mut how, null_mut());
        how as usize
    }

    pub(crate) fn view_c() -> usize {
        let mut view: CardwrightView = structure();
        call!(cardwright_view_parse: unsafe extern "C" fn(u32, *const u8, usize, *mut CardwrightView, Error) -> i32,
            CardwrightObject::CardInfo as u32, black_box(CARD).as_ptr(), CARD.len(), &raw mut view, null_mut());
        view.length
    }

    pub(crate) fn message_c() -> usize {
        let (host, base) = (text("cm.example"), text("/certiflow/api"));
        let site = CardwrightSite { host, base, user: text("user"), password: text("secret"), ..structure() };
        let call = CardwrightCall {
            kind: CardwrightCallKind::CertiflowOperate as u32,
            dialect: Dialect::G7 as u32,
            operation: Operation::Suspend as u32,
            id: text("1013"),
            ..structure()
        };
        let (mut buffer, mut length) = ([0 as std::ffi::c_char; 400], 0);
        call!(cardwright_call_message: unsafe extern "C" fn(*const CardwrightCall, *const CardwrightSite,
                *mut std::ffi::c_char, usize, *mut usize, Error) -> i32,
            &raw const call, &raw const site, buffer.as_mut_ptr(), 400, &raw mut length, null_mut());
        length
    }
}
use in_c::{date_c, message_c, serial_c, verdict_c, view_c};
