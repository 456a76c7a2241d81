//! What happens to one card of CertiFlow, and which ends a client may come to.

use super::random::Random;
use super::script::{Act, Answer, Carry, Failure, Reads, TOO_MANY};
use super::task::{Api, Order, Said};

/// The script of one card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Story {
    /// The state before.
    pub(super) before: &'static str,
    /// Whether the card is looked up by its serial number, and not by its id.
    pub(super) by_serial: bool,
    /// How the card is found.
    pub(super) finding: Finding,
    /// What happens when the operation is asked for.
    pub(super) act: Act,
    /// The same for the next times.
    pub(super) again: Act,
    /// How the card reads after that.
    pub(super) reads: Reads,
    /// Whether the server goes away.
    pub(super) gone: Gone,
}

/// How a card is found before an operation on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finding {
    Honest,
    /// Once something went wrong, it is found.
    Fails(u32, Failure),
    /// It cannot be read.
    Refused(Failure),
    /// Another card's record comes.
    OtherCard,
    /// What is asked for is not looked at: every card comes.
    Ignored,
    /// The record lacks the serial number.
    NoSerial,
    /// Two records have this id or serial number.
    Twice,
}

/// Whether the server takes connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gone {
    No,
    /// It takes none once the card was read.
    BeforeIt,
    /// It takes none once the operation was asked for.
    AfterIt,
    /// The connection after the first read is closed before the request is read.
    Closes,
}

/// Where an operation leads.
pub(super) fn target(operation: &str) -> &'static str {
    match operation {
        "Disable" => "Disabled",
        "Enable" | "PreUpdate" => "Issued",
        "Revoke" => "Revoked",
        "Withdraw" => "Clean",
        other => panic!("no operation of CertiFlow: {other}"),
    }
}

/// States that an operation must not lead to, nor are they a state before it.
fn elsewhere(operation: &str) -> &'static [&'static str] {
    match operation {
        "Disable" => &["Revoked", "Pending", "Clean", "Frozen"],
        "Enable" => &["Revoked", "Pending", "Frozen"],
        "Revoke" => &["Clean", "Assigned", "Frozen"],
        "Withdraw" => &["Assigned", "Issued", "Frozen"],
        _ => &["Disabled", "Revoked", "Frozen"],
    }
}

impl Story {
    pub(super) fn of(seed: u64, order: &Order) -> Self {
        let random = &mut Random::new(seed, 2);
        let before = match order.operation {
            "Disable" | "PreUpdate" => "Issued",
            "Enable" => "Disabled",
            "Withdraw" => "Revoked",
            _ => random.pick(&["Issued", "Issued", "Disabled", "Pending"]),
        };
        let honest = Act::honest(if order.api == Api::G1 { 204 } else { random.pick(&[200, 200, 204]) });
        let mut story = Story {
            before,
            by_serial: order.api == Api::G6 || random.percent(50),
            finding: Finding::Honest,
            act: honest,
            again: honest,
            reads: Reads::Honest,
            gone: Gone::No,
        };
        for _ in 0..random.pick(&[0, 1, 1, 1, 1, 2, 2, 3]) {
            story.bend(random, order);
        }
        if order.impatient && random.percent(70) {
            story.act.delay = 80;
        } else if random.percent(4) {
            story.act.delay = 1 + random.below(3);
        }
        // The state does not tell of a PreUpdate, so it must not be hidden either.
        if order.operation == "PreUpdate" && matches!(story.act.carry, Carry::Otherwise(_)) {
            story.reads = Reads::Honest;
        }
        // Only where the record shows a holder, and the operation leaves him, does another one tell.
        if story.reads == Reads::OtherHolder && (order.api == Api::G1 || order.operation == "Withdraw") {
            story.reads = Reads::OtherSerial;
        }
        story
    }

    fn bend(&mut self, random: &mut Random, order: &Order) {
        match random.below(20) {
            0..=7 => {
                self.act.answered_otherwise(random, order.alone);
                if self.act.answer.asks_again() && random.percent(30) {
                    self.again = self.act;
                }
            }
            8..=11 => self.act.carried_otherwise(random, elsewhere(order.operation)),
            12..=16 => self.reads = Reads::otherwise(random, order.alone),
            17 | 18 => self.finding = Finding::otherwise(random),
            _ if order.alone => self.gone = random.pick(&[Gone::BeforeIt, Gone::BeforeIt, Gone::AfterIt, Gone::Closes]),
            _ => {}
        }
    }

    /// Whether nothing is wrong.
    pub(super) fn is_honest(&self) -> bool {
        self.finding == Finding::Honest && self.act.is_honest() && self.reads == Reads::Honest && self.gone == Gone::No
    }

    /// Whether a client's end depends on how fast it is.
    pub(super) fn races(&self, order: &Order) -> bool {
        self.act.races() || self.reads.race() || order.impatient
    }

    /// The ends that a client may come to; nothing for any that the truth allows.
    pub(super) fn allowed(&self, order: &Order) -> &'static [Said] {
        use Said::{Accepted, Done, NotBegun, NotSent, Refused, Unknown};
        match (self.finding, self.gone) {
            _ if order.impatient => return &[],
            // A single record that breaks off is not always read again.
            (Finding::Fails(_, Failure::Cut), _) => return &[],
            (Finding::Honest | Finding::Fails(..), Gone::No) => {}
            (Finding::Honest | Finding::Fails(..), Gone::BeforeIt) => return &[NotSent, NotBegun],
            (Finding::Honest | Finding::Fails(..), Gone::AfterIt | Gone::Closes) => return &[],
            // Who is found by his id shows it, whatever else his record lacks.
            (Finding::NoSerial, _) if !self.by_serial => return &[],
            // The card is that user's, so that it may be found among all.
            (Finding::Ignored, _) if order.api == Api::G1 => return &[],
            (Finding::Twice, _) if order.api == Api::G1 && !self.by_serial => return &[],
            _ => return &[NotBegun],
        }
        let Act { carry, answer, .. } = self.act;
        if self.races(order) && !answer.refuses() {
            return &[];
        }
        if answer.refuses() {
            return if carry == Carry::Never { &[Refused] } else { &[Refused, Done, Unknown] };
        }
        let repeatable = order.operation == "PreUpdate";
        if matches!(answer, Answer::Redirect(_)) && !repeatable {
            return &[Refused, Done, Unknown];
        }
        if !order.verify && answer.status().is_some_and(|status| (200..300).contains(&status)) {
            return if answer.documented() { &[Accepted] } else { &[] };
        }
        let seen = self.reads.show_the_truth();
        if repeatable {
            return match carry {
                Carry::Now | Carry::Never | Carry::AfterReads(_) if answer.documented() && seen => &[Done],
                _ => &[],
            };
        }
        if answer.is_busy() && carry != Carry::Now {
            let all_well = order.verify
                && answer.asks_again()
                && carry == Carry::Never
                && self.again.is_honest()
                && self.reads == Reads::Honest;
            return if all_well { &[Done] } else { &[] };
        }
        match carry {
            Carry::Now if seen => &[Done],
            Carry::AfterReads(reads) if reads < TOO_MANY && self.reads == Reads::Honest => &[Done],
            Carry::AfterReads(reads) if reads < TOO_MANY && seen => &[],
            _ => &[Unknown],
        }
    }
}

impl Finding {
    pub(super) fn otherwise(random: &mut Random) -> Self {
        match random.below(8) {
            0 | 1 => Finding::Fails(1, Failure::transient(random)),
            2 => Finding::Refused(Failure::Status(random.pick(&[400, 403, 500]))),
            3 => Finding::Refused(random.pick(&[
                Failure::SignInPage,
                Failure::Null,
                Failure::Empty,
                Failure::Cut,
                Failure::Closed,
            ])),
            4 => Finding::OtherCard,
            5 => Finding::Ignored,
            6 => Finding::NoSerial,
            _ => Finding::Twice,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn the_stories_are_of_all_kinds_and_many_have_one_right_end() {
        let (mut honest, mut ends) = (0, HashMap::new());
        for seed in 0..20_000 {
            let order = Order::of(seed / crate::model::task::GROUP);
            if order.api == Api::Mim {
                continue;
            }
            let story = Story::of(seed, &order);
            assert_eq!(story, Story::of(seed, &order), "a seed has one story");
            honest += usize::from(story.is_honest());
            let allowed = story.allowed(&order);
            *ends.entry(allowed).or_insert(0) += 1;
            if story.is_honest() && !order.impatient {
                let end = if order.verify { Said::Done } else { Said::Accepted };
                assert_eq!(allowed, [end], "{story:?} {order:?}");
            }
        }
        println!("{honest} honest; {ends:?}");
        for said in [Said::Done, Said::Refused, Said::Accepted, Said::Unknown, Said::NotBegun] {
            assert!(ends.get(&[said][..]).is_some_and(|count| *count > 50), "{said:?}: {ends:?}");
        }
        assert!(honest > 500);
    }
}
