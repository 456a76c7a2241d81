//! What is asked of a list, and what its server does otherwise than it should.

use super::list_cards::{COMMENTS, DAYS, EXPIRIES, MODELS, POLICIES, Reading, TAGS, TYPES};
use super::random::Random;
use super::script::Failure;
use super::task::Api;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListOrder {
    pub api: Api,
    /// Names as on the wire of the newest dialect, and values.
    pub filters: Vec<(&'static str, String)>,
    pub limit: Option<u32>,
    /// How many cards the client is to ask for at once.
    pub page_size: u32,
    /// Whether the loop over the cards disables each.
    pub disables: bool,
}

/// The script of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ListStory {
    pub(super) order: ListOrder,
    pub(super) cards: usize,
    pub(super) users: usize,
    pub(super) sequence: Sequence,
    pub(super) reading: Reading,
    pub(super) obeys: Obeys,
    pub(super) paging: Paging,
    pub(super) fault: Option<Fault>,
    pub(super) shifts: Vec<Shift>,
    /// The status of the answer to a value that nobody has; 200 with an empty list where it is 200.
    pub(super) nobody: u16,
}

/// In which order the server lists cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sequence {
    Ascending,
    Descending,
    /// Neither, and always the same.
    Shuffled,
}

/// Which filters the server looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Obeys {
    All,
    AllBut(&'static str),
    Nothing,
    /// Those that begin with `filter.`, as in a dialect before.
    Prefixed,
    /// It finds users by the beginning of their names.
    BeginningOfUser,
}

/// What the server makes of `offset` and `count`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paging {
    Honest,
    /// No more cards than that in a page.
    Capped(usize),
    /// A number of its own each time, from two on.
    Varying,
    /// More than asked for, by this number.
    Longer(usize),
    /// The first page again and again.
    NoOffset,
    /// All cards each time.
    Everything,
    /// Offset 1 is the first card.
    FromOne,
    /// Each card twice, one after the other.
    Doubled,
    /// The whole list twice, one after the other.
    Repeated,
}

/// A page that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault {
    /// The number of the request, from 1.
    pub(super) page: u32,
    /// How often.
    pub(super) times: u32,
    pub(super) failure: Failure,
}

/// A change to the registry while the list is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shift {
    /// After how many pages.
    pub(super) after: u32,
    pub(super) change: Change,
}

/// What changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// A card comes, with the smallest id or the largest.
    ComesFirst,
    ComesLast,
    /// The card at this place, in thousandths, goes.
    Goes(usize),
    /// It gets another state.
    Turns(usize),
}

impl ListStory {
    pub(super) fn of(seed: u64) -> Self {
        let random = &mut Random::new(seed, 6);
        let api =
            random.pick(&[Api::G7, Api::G7, Api::G7, Api::G7, Api::G7, Api::G7, Api::G6, Api::G6, Api::G1, Api::Mim]);
        let most = random.pick(&[0, 1, 3, 8, 8, 20, 20, 40, 40, 120]);
        let cards = random.place(most + 1) + most.min(1);
        let users = random.pick(&[2, 4, 12]);
        let disables = matches!(api, Api::G6 | Api::G7) && random.percent(12);
        let filters = filters(random, api, users, disables);
        let limit = (api != Api::Mim && !disables && random.percent(8)).then(|| 1 + random.below(20) as u32);
        let page_size = random.pick(&[1, 2, 3, 3, 5, 5, 8, 20, 500]);
        let order = ListOrder { api, filters, limit, page_size, disables };
        let mut story = ListStory {
            order,
            cards,
            users,
            sequence: random.pick(&[
                Sequence::Ascending,
                Sequence::Ascending,
                Sequence::Descending,
                Sequence::Shuffled,
            ]),
            reading: Reading { part_of_comment: random.percent(50), day: random.percent(50) },
            obeys: Obeys::All,
            paging: Paging::Honest,
            fault: None,
            shifts: Vec::new(),
            nobody: random.pick(&[200, 200, 200, 400, 404, 422]),
        };
        for _ in 0..random.pick(&[0, 1, 1, 1, 1, 2]) {
            story.bend(random);
        }
        story
    }

    fn bend(&mut self, random: &mut Random) {
        let paged = matches!(self.order.api, Api::G6 | Api::G7);
        match random.below(10) {
            0..=3 if !self.order.filters.is_empty() => {
                let name = self.order.filters[random.place(self.order.filters.len())].0;
                self.obeys = match random.below(8) {
                    0 => Obeys::Nothing,
                    1 if paged => Obeys::Prefixed,
                    // Where the record does not show the user, nobody can see it.
                    2 if paged => Obeys::BeginningOfUser,
                    _ => Obeys::AllBut(name),
                };
            }
            0..=6 if paged => {
                self.paging = random.pick(&[
                    Paging::Capped(1),
                    Paging::Capped(2),
                    Paging::Capped(3),
                    Paging::Capped(7),
                    Paging::Varying,
                    Paging::Longer(1),
                    Paging::Longer(7),
                    Paging::NoOffset,
                    Paging::Everything,
                    Paging::FromOne,
                    Paging::Doubled,
                    Paging::Repeated,
                ]);
            }
            7 | 8 if paged => {
                for _ in 0..random.pick(&[1, 1, 2, 3, 5]) {
                    let place = random.place(1_000);
                    let change = random.pick(&[
                        Change::ComesFirst,
                        Change::ComesLast,
                        Change::Goes(place),
                        Change::Goes(place),
                        Change::Turns(place),
                    ]);
                    self.shifts.push(Shift { after: 1 + random.below(6) as u32, change });
                }
            }
            _ => {
                let lasting = random.pick(&[
                    Failure::Null,
                    Failure::Empty,
                    Failure::SignInPage,
                    Failure::Status(403),
                    Failure::Status(404),
                    Failure::Status(204),
                    Failure::Status(500),
                ]);
                // There MIM CM may say by 204 that there is no card.
                let unheard = self.order.api == Api::Mim && lasting == Failure::Status(204);
                let lasting = if unheard { Failure::Empty } else { lasting };
                let page = 1 + random.below(3) as u32;
                self.fault = Some(match random.percent(40) {
                    true => Fault { page, times: 1, failure: Failure::transient(random) },
                    false => Fault { page, times: u32::MAX, failure: lasting },
                });
            }
        }
    }

    /// Whether the list must come without an error.
    pub(super) fn must_be_whole(&self) -> bool {
        let paging = match self.paging {
            Paging::Honest | Paging::Varying | Paging::Longer(_) | Paging::FromOne | Paging::Doubled => true,
            Paging::Capped(cards) => cards > 1,
            Paging::NoOffset | Paging::Everything | Paging::Repeated => false,
        };
        let fault = self.fault.is_none_or(|fault| fault.times == 1);
        self.obeys == Obeys::All && paging && fault && self.shifts.is_empty()
    }
}

/// Up to two filters, mostly with values that some card has.
fn filters(random: &mut Random, api: Api, users: usize, disables: bool) -> Vec<(&'static str, String)> {
    let user = |random: &mut Random| {
        let n = random.place(users);
        random
            .pick(
                &[format!("EXAMPLE\\user{n}"), format!("user{n}@example.com"), format!("example\\USER{n}")].each_ref(),
            )
            .clone()
    };
    if api == Api::Mim {
        return Vec::new();
    }
    if api == Api::G1 {
        return vec![("userName", user(random))];
    }
    let mut filters = Vec::new();
    if disables {
        filters.push(("state", "Issued".to_string()));
    }
    for _ in 0..random.pick(&[0, 1, 1, 1, 2]) {
        let day = || DAYS.map(|day| &day[..10]);
        let newest = api == Api::G7;
        let (name, value) = match random.below(11) {
            0 | 1 => ("state", random.pick(&["Issued", "Disabled", "Revoked", "Pending"]).to_string()),
            2 => ("userName", user(random)),
            3 => ("cardTypeName", random.pick(&[TYPES[0], TYPES[1], "no such type"]).to_string()),
            4 if newest => ("cardModelName", random.pick(&MODELS).to_string()),
            5 if newest => ("policyName", random.pick(&[POLICIES[0], POLICIES[1], "no such policy"]).to_string()),
            6 => ("tags", random.pick(&TAGS).to_string()),
            7 => ("comment", random.pick(&COMMENTS).to_string()),
            8 if newest => ("timeIssued", random.pick(&day()).to_string()),
            9 if newest => (random.pick(&["timeUpdated", "timeRevoked"]), random.pick(&day()).to_string()),
            _ => ("contentExpirationStatus", random.pick(&EXPIRIES).to_string()),
        };
        if !filters.iter().any(|(its, _)| *its == name) {
            filters.push((name, value));
        }
    }
    filters
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn the_lists_are_of_all_kinds() {
        let (mut whole, mut obeys, mut paging, mut names) =
            (0, HashMap::<_, u32>::new(), HashMap::<_, u32>::new(), HashMap::<_, u32>::new());
        for seed in 0..5_000 {
            let story = ListStory::of(seed);
            assert_eq!(story, ListStory::of(seed));
            whole += usize::from(story.must_be_whole());
            *obeys.entry(format!("{:?}", story.obeys)).or_default() += 1;
            *paging.entry(format!("{:?}", story.paging)).or_default() += 1;
            for (name, _) in &story.order.filters {
                *names.entry(*name).or_default() += 1;
            }
        }
        println!("{whole} whole; {obeys:?} {paging:?} {names:?}");
        assert!(whole > 1_000 && obeys.len() >= 14 && paging.len() >= 12 && names.len() == 11);
        assert!(names.values().chain(paging.values()).all(|count| *count > 20));
    }
}
