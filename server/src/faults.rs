//! Faults on request: what a client must cope with, made to order and the same each time.
//!
//! Rules are a list. A request is judged by the first rule that matches it and applies to it.
//! The decision of a rule follows from the seed, the rule's place and how many requests it has matched:
//! the same seed and the same requests bring the same faults.

mod calls;
mod fault;
mod glob;
mod read;
mod rules;
mod shape;

pub(crate) use calls::answer;
pub use fault::Fault;
pub use read::WrongFault;
pub use rules::Faults;
pub(crate) use rules::{InForce, Noise, Outcome, Ruling};
pub(crate) use shape::Shape;
