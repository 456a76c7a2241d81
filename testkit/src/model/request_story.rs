//! What happens to an operation of MIM CM, from the request's making to its completion, and which ends a client may
//! come to.

use super::random::Random;
use super::script::{Act, Answer, Body, Carry, Failure, Reads, TOO_MANY};
use super::story::{Finding, Gone};
use super::task::{Order, Said};

/// The script of one card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RequestStory {
    /// The card's status before.
    pub(super) before: &'static str,
    /// Whether the card is looked up by the id that it carries.
    pub(super) by_serial: bool,
    pub(super) finding: Finding,
    pub(super) operations: Operations,
    pub(super) create: Act,
    /// The same for the next times.
    pub(super) create_again: Act,
    pub(super) place: Place,
    pub(super) made: Made,
    /// The request's status once it is made, and after how many reads it becomes Approved.
    pub(super) status: (u8, Option<u32>),
    pub(super) change: Act,
    pub(super) complete: Act,
    /// How the request reads until it is completed.
    pub(super) looks: Looks,
    /// How the request reads after that.
    pub(super) looks_after: Looks,
    /// How the card reads once its status was to be changed.
    pub(super) reads: Reads,
    pub(super) gone: Gone,
}

/// What the server says may be done with the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operations {
    Listed,
    NotListed,
    Nothing,
    Refused(Failure),
}

/// Where the new request is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// `api/v1.0/requests/ID`.
    Documented,
    /// With the path of the base before it.
    WithBase,
    /// On another server.
    Elsewhere,
    /// `null`.
    Null,
    /// Without an id.
    NoId,
    /// Where another card's request is.
    OtherRequest,
}

/// The request that is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Made {
    AsAsked,
    OtherCard,
    OtherKind,
    /// It shows another id than the one that it is read by.
    OtherId,
}

/// How a request reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Looks {
    Honest,
    Fails(u32, Failure),
    Refused(Failure),
    OtherRequest,
}

/// Where an operation leads.
pub(super) fn target(operation: &str) -> &'static str {
    match operation {
        "Retire" => "Retired",
        "Revoke" => "Disabled",
        "Reinstate" => "Active",
        other => panic!("no operation of MIM CM: {other}"),
    }
}

/// States whose numbers are attested and that an operation must not lead to.
fn elsewhere(operation: &str) -> &'static [&'static str] {
    match operation {
        "Retire" => &["Assigned"],
        _ => &["Assigned", "Retired"],
    }
}

impl RequestStory {
    pub(super) fn of(seed: u64, order: &Order) -> Self {
        let random = &mut Random::new(seed, 4);
        let before = if order.operation == "Reinstate" { "Suspended" } else { "Active" };
        let mut story = RequestStory {
            before,
            by_serial: random.percent(50),
            finding: Finding::Honest,
            operations: Operations::Listed,
            create: Act::honest(201),
            create_again: Act::honest(201),
            place: random.pick(&[Place::Documented, Place::Documented, Place::WithBase]),
            made: Made::AsAsked,
            status: (3, None),
            change: Act::honest(200),
            complete: Act::honest(200),
            looks: Looks::Honest,
            looks_after: Looks::Honest,
            reads: Reads::Honest,
            gone: Gone::No,
        };
        for _ in 0..random.pick(&[0, 1, 1, 1, 1, 1, 2, 3]) {
            story.bend(random, order);
        }
        if order.impatient && random.percent(70) {
            let act = random.below(3);
            [&mut story.create, &mut story.change, &mut story.complete][act as usize].delay = 80;
        }
        story
    }

    fn bend(&mut self, random: &mut Random, order: &Order) {
        let alone = order.alone;
        match random.below(25) {
            0..=3 => {
                self.create.answered_otherwise(random, alone);
                if self.create.answer.asks_again() && random.percent(30) {
                    self.create_again = self.create;
                }
            }
            4 | 5 => {
                self.place = random.pick(&[Place::Elsewhere, Place::Null, Place::NoId, Place::OtherRequest]);
            }
            6 | 7 => self.made = random.pick(&[Made::OtherCard, Made::OtherKind, Made::OtherId]),
            8..=10 => {
                let ends = [(16, None), (16, None), (0, Some(1)), (0, Some(2)), (0, None), (4, None), (9, None)];
                let strange = [(17, None), (1, None), (2, None), (99, None), (18, None), (8, None)];
                self.status = if random.percent(60) { random.pick(&ends) } else { random.pick(&strange) };
            }
            11..=13 => self.change.answered_otherwise(random, alone),
            14 | 15 => self.change.carried_otherwise(random, elsewhere(order.operation)),
            16..=18 => self.complete.answered_otherwise(random, alone),
            19 => self.complete.carry = random.pick(&[Carry::Never, Carry::AfterReads(1), Carry::AfterReads(TOO_MANY)]),
            20 => self.looks = Looks::otherwise(random),
            21 => self.looks_after = Looks::otherwise(random),
            22 => self.reads = Reads::otherwise(random, alone),
            23 => self.finding = Finding::otherwise(random),
            _ if alone => self.gone = random.pick(&[Gone::BeforeIt, Gone::BeforeIt, Gone::AfterIt, Gone::Closes]),
            _ => {
                self.operations = random.pick(&[
                    Operations::NotListed,
                    Operations::Nothing,
                    Operations::Refused(Failure::Status(403)),
                    Operations::Refused(Failure::SignInPage),
                ]);
            }
        }
        // Another number that nobody attests may be what the site calls it.
        if self.reads == Reads::State("77") {
            self.reads = Reads::State("\"Frozen\"");
        }
        // Nobody says whether a card that is retired has its user still.
        if self.reads == Reads::OtherHolder {
            self.reads = Reads::OtherSerial;
        }
    }

    /// Whether nothing is wrong.
    pub(super) fn is_honest(&self) -> bool {
        let made = self.create.answer == Answer::of(201, Body::Documented) && self.create.carry == Carry::Now;
        let acts = made && self.change.is_honest() && self.complete.is_honest();
        let place = matches!(self.place, Place::Documented | Place::WithBase);
        let looks = self.looks == Looks::Honest && self.looks_after == Looks::Honest && self.reads == Reads::Honest;
        let found = self.finding == Finding::Honest && self.operations == Operations::Listed && self.gone == Gone::No;
        acts && place && looks && found && self.made == Made::AsAsked && self.status == (3, None)
    }

    /// Whether a client's end depends on how fast it is.
    pub(super) fn races(&self, order: &Order) -> bool {
        [self.create, self.change, self.complete].into_iter().any(Act::races)
            || self.reads.race()
            || self.status == (0, Some(2))
            || order.impatient
    }

    /// The ends that a client may come to; nothing for any that the truth allows.
    pub(super) fn allowed(&self, order: &Order) -> &'static [Said] {
        use Said::{Accepted, Done, NotBegun, NotSent};
        match (self.finding, self.gone) {
            _ if order.impatient => return &[],
            (Finding::NoSerial, _) if !self.by_serial => return &[],
            (Finding::Fails(_, Failure::Cut), _) => return &[],
            (Finding::Honest | Finding::Fails(..), Gone::No) => {}
            (Finding::Honest | Finding::Fails(..), Gone::BeforeIt) => return &[NotSent, NotBegun],
            (Finding::Honest | Finding::Fails(..), _) => return &[],
            _ => return &[NotBegun],
        }
        if self.operations != Operations::Listed {
            return &[NotBegun];
        }
        match self.making().or_else(|| self.carrying_out()) {
            // Where nobody looks, the server's word may be all there is.
            Some([Said::Unknown, ..]) if !order.verify => &[],
            Some([Said::Refused, Said::Unknown, Said::Done]) if !order.verify => &[],
            Some(allowed) => allowed,
            None if self.races(order) => &[],
            None if order.verify => &[Done],
            None if self.is_honest() => &[Accepted],
            None => &[],
        }
    }

    /// The ends where the request does not come to be carried out.
    fn making(&self) -> Option<&'static [Said]> {
        use Said::{Refused, Unknown};
        let Act { carry, answer, .. } = self.create;
        Some(match answer {
            _ if answer.refuses() && carry == Carry::Never => &[Refused],
            _ if answer.refuses() => &[Refused, Unknown],
            Answer::Redirect(_) => &[Refused, Unknown],
            _ if answer.is_busy() => &[],
            Answer::Status { status: 408 | 500..=599, .. } => &[Unknown],
            Answer::Status { body: Body::Documented, status: 200 | 201, .. } if carry == Carry::Now => {
                return self.reading();
            }
            Answer::Status { body: Body::Documented, status: 200 | 201, .. } => &[Unknown, Refused],
            Answer::Status { body: Body::Documented, status: 202 | 203 | 205..300, .. } => &[],
            Answer::Status { .. } | Answer::Lost | Answer::HalfHead | Answer::HalfBody => &[Unknown],
        })
    }

    /// The ends that the request itself leads to, once it is made.
    fn reading(&self) -> Option<&'static [Said]> {
        use Said::{AwaitingApproval, Refused, Unknown};
        Some(match (self.place, self.looks, self.status) {
            (Place::Null | Place::NoId, ..) => &[Unknown],
            (Place::Elsewhere, ..) => &[],
            (Place::OtherRequest, ..) => &[Unknown, Refused],
            (_, Looks::Refused(_) | Looks::OtherRequest, _) => &[Unknown, Refused],
            _ if self.made != Made::AsAsked => &[Unknown, Refused],
            (.., (16, _)) => &[AwaitingApproval],
            (.., (0, None) | (18, _)) => &[AwaitingApproval, Unknown, Refused],
            (.., (4 | 9 | 17, _)) => &[Refused],
            (.., (0 | 3, _)) => return None,
            _ => &[Unknown, Refused],
        })
    }

    /// The ends that the card's change and the request's completion lead to.
    fn carrying_out(&self) -> Option<&'static [Said]> {
        use Said::{Done, Refused, Unknown};
        let mut worst: Option<&'static [Said]> = None;
        for act in [self.change, self.complete] {
            let Act { carry, answer, .. } = act;
            let allowed: Option<&'static [Said]> = match carry {
                Carry::Otherwise(_) if answer.refuses() => Some(&[Refused, Unknown]),
                Carry::Otherwise(_) => Some(&[Unknown]),
                Carry::Now if act.is_honest() => None,
                Carry::Now if answer.refuses() => Some(&[Refused, Unknown, Done]),
                Carry::Now if !matches!(answer, Answer::Status { status: 200..400, .. } | Answer::Redirect(_)) => None,
                Carry::Now => Some(&[]),
                Carry::Never if answer.refuses() => return Some(&[Refused, Unknown]),
                Carry::AfterReads(TOO_MANY) | Carry::Never if answer.documented() => Some(&[Unknown]),
                _ => Some(&[]),
            };
            worst = worst.or(allowed);
        }
        let hidden =
            matches!(self.looks_after, Looks::Refused(_) | Looks::OtherRequest) || !self.reads.show_the_truth();
        match worst {
            // What comes before the hidden part may end it already.
            None if hidden => Some(&[Unknown]),
            Some([Unknown]) => Some(&[Unknown, Refused]),
            worst => worst,
        }
    }
}

impl Looks {
    fn otherwise(random: &mut Random) -> Self {
        match random.below(6) {
            0..=2 => Looks::Fails(random.pick(&[1, 1, 2]), Failure::transient(random)),
            3 => Looks::Refused(Failure::Status(random.pick(&[403, 404, 500]))),
            4 => Looks::Refused(random.pick(&[Failure::SignInPage, Failure::Null, Failure::Empty, Failure::Cut])),
            _ => Looks::OtherRequest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::task::{Api, GROUP};
    use std::collections::HashMap;

    #[test]
    fn the_stories_are_of_all_kinds_and_many_have_one_right_end() {
        let (mut honest, mut ends) = (0, HashMap::new());
        for seed in 0..20_000 {
            let order = Order::of(seed / GROUP);
            if order.api != Api::Mim {
                continue;
            }
            let story = RequestStory::of(seed, &order);
            honest += usize::from(story.is_honest());
            let allowed = story.allowed(&order);
            *ends.entry(allowed).or_insert(0) += 1;
            if story.is_honest() && !order.impatient {
                let end = if order.verify { Said::Done } else { Said::Accepted };
                assert_eq!(allowed, [end], "{story:?} {order:?}");
            }
        }
        println!("{honest} honest; {ends:?}");
        for said in [Said::Done, Said::Refused, Said::AwaitingApproval, Said::Unknown, Said::NotBegun] {
            assert!(ends.get(&[said][..]).is_some_and(|count| *count > 40), "{said:?}: {ends:?}");
        }
        assert!(honest > 300);
    }
}
