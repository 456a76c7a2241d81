//! The rules, and what they decide for each request.

use super::glob;
use super::shape::{Drip, Shape};
use crate::http_request::HttpRequest;
use crate::pages::Content;
use crate::random::Random;
use crate::reply::Reply;
use axum::body::Bytes;
use axum::http::Method;
use serde_json::{Value, json};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Rules that make faults. The default has none.
///
/// ```
/// use cardwright_server::Faults;
/// # fn main() -> Result<(), cardwright_server::WrongFault> {
/// let faults = Faults::parse(
///     r#"{"seed": 7, "rules": [
///         {"path": "/certiflow/api/cards/*/revoke", "every": 3, "status": 503, "retry_after": 2},
///         {"path": "/certificatemanagement/**", "probability": 0.1, "latency_ms": [50, 200]}
///     ]}"#,
/// )?;
/// assert_eq!(faults.len(), 2);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Faults {
    pub(super) seed: u64,
    pub(super) rules: Vec<Rule>,
    /// The rules as they were given.
    pub(super) given: Vec<Value>,
}

impl Faults {
    /// How many rules there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there is no rule.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }
}

/// A rule.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) name: String,
    /// A pattern for the path in lower case.
    pub(super) path: String,
    /// `None` for all.
    pub(super) method: Option<Method>,
    /// How many matching requests pass first.
    pub(super) skip: u64,
    pub(super) when: When,
    /// How often it applies at most.
    pub(super) times: u64,
    /// The minimum and the maximum, in milliseconds.
    pub(super) latency: (u64, u64),
    /// What the client gets instead of the answer.
    pub(super) instead: Option<Instead>,
    /// Whether the request is carried out nevertheless.
    pub(super) carry_out: bool,
    /// The length of a body of garbage.
    pub(super) garbage: Option<usize>,
    /// After how many bytes the body breaks off.
    pub(super) truncate: Option<usize>,
    pub(super) drip: Option<Drip>,
}

/// Which of the matching requests are affected.
#[derive(Debug, Clone, Copy)]
pub(super) enum When {
    Every(u64),
    Probability(f64),
}

/// What replaces an answer.
#[derive(Debug, Clone)]
pub(super) enum Instead {
    Reply(Reply),
    Close,
    Noise(usize),
}

/// What a rule decides for a request.
#[derive(Debug, Default)]
pub(crate) struct Ruling {
    /// The rule's name; `None` if no rule applies.
    pub(crate) rule: Option<String>,
    /// The delay before it is carried out.
    pub(crate) latency: Duration,
    /// What its client gets instead of the answer.
    pub(crate) instead: Option<Outcome>,
    /// Whether it is carried out though its answer is replaced.
    pub(crate) carry_out: bool,
    garbage: Option<Bytes>,
    truncate: Option<usize>,
    drip: Option<Drip>,
}

/// What a client gets.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    /// This answer.
    Reply(Reply),
    /// Nothing: the connection is closed.
    Close,
    /// Bytes that are not HTTP.
    Noise(Bytes),
}

/// Bytes to send instead of an answer: an extension of the response that they replace.
#[derive(Debug, Clone)]
pub(crate) struct Noise(pub(crate) Bytes);

impl Ruling {
    /// How this body is sent.
    pub(crate) fn shape(&self, content: Content) -> Shape {
        let garbage = self.garbage.clone().map(|bytes| Content { bytes, rest: None });
        Shape::new(garbage.unwrap_or(content), self.truncate, self.drip)
    }
}

/// The rules in force, and how often each was used.
#[derive(Debug)]
pub(crate) struct InForce(Mutex<(Faults, Vec<Count>)>);

/// How often a rule was used.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    matched: u64,
    applied: u64,
}

impl InForce {
    /// These rules, with all counts zero.
    pub(crate) fn new(faults: Faults) -> Self {
        let counts = vec![Count::default(); faults.len()];
        InForce(Mutex::new((faults, counts)))
    }

    fn both(&self) -> MutexGuard<'_, (Faults, Vec<Count>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts other rules in force, with all counts zero.
    pub(crate) fn replace(&self, faults: Faults) {
        let counts = vec![Count::default(); faults.len()];
        *self.both() = (faults, counts);
    }

    /// What happens to a request. It is counted.
    pub(crate) fn ruling(&self, http: &HttpRequest) -> Ruling {
        let mut both = self.both();
        let (faults, counts) = &mut *both;
        if faults.is_empty() {
            return Ruling::default();
        }
        let path = http.path.to_ascii_lowercase();
        let path = path.strip_suffix('/').unwrap_or(&path);
        for (place, (rule, count)) in faults.rules.iter().zip(counts).enumerate() {
            if rule.method.as_ref().is_some_and(|method| *method != http.method) || !glob::matches(&rule.path, path) {
                continue;
            }
            count.matched += 1;
            let start = faults.seed ^ (place as u64) << 48 ^ count.matched;
            if let Some(ruling) = rule.judge(*count, Random::new(start)) {
                count.applied += 1;
                return ruling;
            }
        }
        Ruling::default()
    }

    /// The rules and their counts.
    pub(super) fn show(&self) -> Value {
        let both = self.both();
        let (faults, counts) = &*both;
        let count = |(place, (rule, count)): (usize, (&Rule, &Count))| {
            let Count { matched, applied } = count;
            json!({ "rule": place + 1, "name": rule.name, "matched": matched, "applied": applied })
        };
        let counts: Vec<Value> = faults.rules.iter().zip(counts).enumerate().map(count).collect();
        json!({ "seed": faults.seed, "rules": faults.given, "counts": counts })
    }
}

impl Rule {
    /// What happens to the request that was matched last; `None` if the rule lets it pass.
    fn judge(&self, count: Count, mut random: Random) -> Option<Ruling> {
        let turn = count.matched.checked_sub(self.skip).filter(|turn| *turn > 0)?;
        let is_affected = match self.when {
            When::Every(every) => turn.is_multiple_of(every),
            // A floating-point number holds 53 bits.
            When::Probability(probability) => ((random.next() >> 11) as f64) < probability * (1u64 << 53) as f64,
        };
        if !is_affected || count.applied >= self.times {
            return None;
        }
        let (least, most) = self.latency;
        let latency = least + random.below(most - least + 1);
        let mut bytes =
            |length: usize| -> Bytes { core::iter::repeat_with(|| random.next() as u8).take(length).collect() };
        let instead = self.instead.as_ref().map(|instead| match instead {
            Instead::Reply(reply) => Outcome::Reply(reply.clone()),
            Instead::Close => Outcome::Close,
            Instead::Noise(length) => Outcome::Noise(bytes(*length)),
        });
        Some(Ruling {
            rule: Some(self.name.clone()),
            latency: Duration::from_millis(latency),
            instead,
            carry_out: self.carry_out,
            garbage: self.garbage.map(bytes),
            truncate: self.truncate,
            drip: self.drip,
        })
    }
}
