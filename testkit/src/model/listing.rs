//! A registry that is listed, and what is wrong with what a client made of the list.

use super::judge::Judgement;
use super::list_cards::{ListCard, Reading};
use super::list_story::{Change, ListStory, Obeys, Paging, Sequence};
use super::random::Random;
use super::task::Api;
use super::wire::{Asked, Reply};
use std::collections::{BTreeMap, BTreeSet};

/// The names of the filters.
const FILTERS: [&str; 12] = [
    "serialNumber",
    "userName",
    "cardTypeName",
    "cardModelName",
    "comment",
    "tags",
    "policyName",
    "state",
    "contentExpirationStatus",
    "timeIssued",
    "timeUpdated",
    "timeRevoked",
];

/// A registry, and the truth about the list that is asked for.
#[derive(Debug)]
pub(super) struct Listing {
    pub(super) story: ListStory,
    /// The path of the API's base.
    base: String,
    cards: Vec<Held>,
    random: Random,
    /// How many pages of the list were asked for.
    pages: u32,
    /// The cards that matched ever since the first page was asked for, and those that ever matched.
    throughout: BTreeSet<u64>,
    ever: BTreeSet<u64>,
    /// The ids of all cards that were ever there, as they are shown.
    ids: BTreeMap<String, u64>,
    /// How often each card was operated.
    operated: BTreeMap<u64, u32>,
    wrongs: Vec<String>,
    pub(super) log: Vec<String>,
}

#[derive(Debug, Clone)]
struct Held {
    card: ListCard,
    json: String,
}

impl Listing {
    pub(super) fn new(seed: u64, base: String) -> Self {
        let story = ListStory::of(seed);
        let mut listing = Listing {
            base,
            cards: Vec::new(),
            random: Random::new(seed, 7),
            pages: 0,
            throughout: BTreeSet::new(),
            ever: BTreeSet::new(),
            ids: BTreeMap::new(),
            operated: BTreeMap::new(),
            wrongs: Vec::new(),
            log: Vec::new(),
            story,
        };
        for n in 0..listing.story.cards as u64 {
            let card = ListCard::new(1_000 + 3 * n, listing.story.users, &mut listing.random);
            listing.add(card);
        }
        listing
    }

    pub(super) fn answer(&mut self, asked: &Asked) -> Reply {
        let api = self.story.order.api;
        let Some(parts) = asked.below(&self.base) else { return not_found() };
        let parts: Vec<String> = parts.iter().map(|part| part.to_ascii_lowercase()).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        match (asked.method.as_str(), api, parts.as_slice()) {
            ("GET", Api::G6 | Api::G7, ["cards"])
            | ("GET", Api::G1, ["user", "getcards"])
            | ("GET", Api::Mim, ["api", "v1.0", "smartcards"]) => self.list(asked),
            ("GET", Api::G7, ["cards", id]) => match self.cards.iter().find(|held| held.card.id(api) == *id) {
                Some(held) => Reply::new(200, &held.json),
                None => not_found(),
            },
            ("POST", Api::G6 | Api::G7, ["cards", id, word]) => self.operate(id, word),
            _ => not_found(),
        }
    }

    fn list(&mut self, asked: &Asked) -> Reply {
        let api = self.story.order.api;
        let number = |name: &str| asked.parameter(name).and_then(|text| text.parse::<usize>().ok());
        let (offset, count) = (number("offset").unwrap_or(0), number("count").unwrap_or(usize::MAX));
        let mut filters: Vec<(String, String)> = Vec::new();
        for (name, value) in asked.query.iter().filter(|(name, _)| !matches!(name.as_str(), "offset" | "count")) {
            let name = if api == Api::G1 && name == "name" { "userName" } else { name };
            filters.push((name.to_string(), value.clone()));
        }
        let its = &self.story.order.filters;
        let is_it =
            filters.len() == its.len() && its.iter().all(|its| filters.iter().any(|(n, v)| *n == its.0 && *v == its.1));
        if is_it {
            self.pages += 1;
            if self.pages == 1 {
                self.throughout = self.matching(Self::finds);
                self.ever = self.matching(Self::may_find);
            }
        }
        filters.retain_mut(|(name, _)| match self.story.obeys {
            Obeys::Prefixed => match name.strip_prefix("filter.").map(str::to_string) {
                Some(bare) => {
                    *name = bare;
                    true
                }
                None => false,
            },
            Obeys::Nothing => false,
            Obeys::AllBut(other) => name != other,
            Obeys::All | Obeys::BeginningOfUser => true,
        });
        filters.retain(|(name, _)| FILTERS.contains(&name.as_str()));
        let nobodys =
            |(name, value): &(String, String)| !self.cards.iter().any(|held| self.fits(&held.card, name, value));
        if !is_it && self.story.nobody != 200 && filters.iter().any(nobodys) {
            return Reply::new(self.story.nobody, r#"{"title":"One or more validation errors occurred."}"#);
        }
        let found =
            self.cards.iter().filter(|held| filters.iter().all(|(name, value)| self.fits(&held.card, name, value)));
        let found: Vec<&str> = found.map(|held| held.json.as_str()).collect();
        let page = self.page(&found, offset, count);
        let right = format!("[{}]", page.join(","));
        let fault =
            self.story.fault.filter(|fault| is_it && self.pages >= fault.page && self.pages - fault.page < fault.times);
        let reply = match fault {
            Some(fault) => fault.failure.reply(&right),
            None => Reply::new(200, &right),
        };
        self.log.push(format!("{} of {} cards", page.len(), found.len()));
        if is_it {
            self.shift();
        }
        reply
    }

    /// What stands in a page.
    fn page<'c>(&self, found: &[&'c str], offset: usize, count: usize) -> Vec<&'c str> {
        let paged = matches!(self.story.order.api, Api::G6 | Api::G7);
        let cut = |from: usize, count: usize| found.iter().skip(from).take(count).copied().collect::<Vec<_>>();
        match self.story.paging {
            _ if !paged => found.to_vec(),
            Paging::Honest => cut(offset, count),
            Paging::Capped(most) => cut(offset, count.min(most)),
            Paging::Varying => cut(offset, count.min(2 + self.pages as usize * 7 % 5)),
            Paging::Longer(more) => cut(offset, count.saturating_add(more)),
            Paging::NoOffset => cut(0, count),
            Paging::Everything => found.to_vec(),
            Paging::FromOne => cut(offset.saturating_sub(1), count),
            Paging::Doubled => found.iter().flat_map(|card| [*card, *card]).skip(offset).take(count).collect(),
            Paging::Repeated => found.iter().chain(found).skip(offset).take(count).copied().collect(),
        }
    }

    /// Whether the server finds a card by a filter.
    fn fits(&self, card: &ListCard, name: &str, value: &str) -> bool {
        let begins = |text: &str| text.get(..value.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(value));
        match (self.story.obeys, name) {
            (Obeys::BeginningOfUser, "userName") if begins(&card.user_name()) => true,
            _ => card.matches(name, value, self.story.reading),
        }
    }

    fn operate(&mut self, id: &str, word: &str) -> Reply {
        let api = self.story.order.api;
        let n = self.cards.iter().position(|held| held.card.id(api) == id);
        let known = self.ids.contains_key(id) && word == "disable" && self.story.order.disables;
        let Some(n) = n.filter(|_| known) else {
            // A card may go between its page and its turn.
            if !known {
                self.wrongs.push(format!("{word} for card {id}, which nobody asked for"));
            }
            return not_found();
        };
        let card = &mut self.cards[n].card;
        if !self.ever.contains(&card.id) {
            self.wrongs.push(format!("{word} for card {id}, which never matched"));
        }
        *self.operated.entry(card.id).or_default() += 1;
        if card.state != "Issued" {
            return Reply::new(409, r#"{"detail":"the card is not Issued"}"#);
        }
        card.state = "Disabled";
        // What the loop itself takes out of its list it has reached.
        self.cards[n].json = self.cards[n].card.json(api).to_string();
        Reply::new(200, "")
    }

    /// What happens to the registry between two pages.
    fn shift(&mut self) {
        for shift in self.story.shifts.clone() {
            if shift.after != self.pages {
                continue;
            }
            let place = |thousandths: usize| thousandths * self.cards.len() / 1_000;
            match shift.change {
                Change::ComesFirst | Change::ComesLast => {
                    let ids = || self.ids.values().copied();
                    let id = match shift.change {
                        Change::ComesFirst => ids().min().unwrap_or(1_000) - 1,
                        _ => ids().max().unwrap_or(1_000) + 1,
                    };
                    let mut card = ListCard::new(id, self.story.users, &mut self.random);
                    if let Some(like) = self.cards.iter().find(|held| self.ever.contains(&held.card.id)) {
                        card = card.like(&like.card);
                    }
                    self.log.push(format!("card {id} comes"));
                    self.add(card);
                }
                Change::Goes(at) if !self.cards.is_empty() => {
                    let gone = self.cards.remove(place(at));
                    self.log.push(format!("card {} goes", gone.card.id));
                }
                Change::Turns(at) if !self.cards.is_empty() => {
                    let n = place(at);
                    let held = &mut self.cards[n];
                    held.card.state = if held.card.state == "Issued" { "Disabled" } else { "Issued" };
                    held.json = held.card.json(self.story.order.api).to_string();
                    self.log.push(format!("card {} is {}", held.card.id, held.card.state));
                }
                Change::Goes(_) | Change::Turns(_) => {}
            }
            let matching = self.matching(Self::finds);
            // A card that the loop disabled itself has left by its own doing.
            self.throughout.retain(|id| matching.contains(id) || self.operated.contains_key(id));
            self.ever.extend(self.matching(Self::may_find));
        }
    }

    fn add(&mut self, card: ListCard) {
        let api = self.story.order.api;
        let sequence = self.story.sequence;
        let key = |id: u64| match sequence {
            Sequence::Ascending => id,
            Sequence::Descending => u64::MAX - id,
            Sequence::Shuffled => Random::new(id, 8).number(),
        };
        self.ids.insert(card.id(api), card.id);
        let at = self.cards.partition_point(|held| key(held.card.id) < key(card.id));
        self.cards.insert(at, Held { json: card.json(api).to_string(), card });
    }

    /// The cards that match what was asked for.
    fn matching(&self, finds: fn(&Self, &ListCard, &str, &str) -> bool) -> BTreeSet<u64> {
        let filters = &self.story.order.filters;
        let fits = |card: &ListCard| filters.iter().all(|(name, value)| finds(self, card, name, value));
        self.cards.iter().filter(|held| fits(&held.card)).map(|held| held.card.id).collect()
    }

    /// Whether a server that obeys finds a card.
    fn finds(&self, card: &ListCard, name: &str, value: &str) -> bool {
        card.matches(name, value, self.story.reading)
    }

    /// Whether a server could find it by any reading that the vendor leaves open: a client cannot know better.
    fn may_find(&self, card: &ListCard, name: &str, value: &str) -> bool {
        let readings = [true, false].map(|part_of_comment| [true, false].map(|day| Reading { part_of_comment, day }));
        let by_certificates = name == "contentExpirationStatus" && card.shows(value);
        by_certificates || readings.as_flattened().iter().any(|reading| card.matches(name, value, *reading))
    }

    /// Whether the list must come without an error.
    pub(super) fn must_be_whole(&self) -> bool {
        // One page that comes again looks like a server that does not look at the offset.
        let page = self.story.order.page_size as usize;
        let one_page = page < 3 || self.throughout.len() <= page + 1;
        self.story.must_be_whole() && !(self.story.paging == Paging::FromOne && one_page)
    }

    /// What is wrong with a list of these ids; nothing where all is well.
    pub(super) fn judge(&self, ids: &[String], failed: bool) -> Judgement {
        let mut wrong = self.wrongs.clone();
        let mut seen = BTreeSet::new();
        for id in ids {
            match self.ids.get(id) {
                None => wrong.push(format!("card {id}, which there never was")),
                Some(card) if !self.ever.contains(card) => wrong.push(format!("card {id}, which never matched")),
                Some(card) if !seen.insert(*card) => wrong.push(format!("card {id} twice")),
                Some(_) => {}
            }
        }
        for (id, times) in self.operated.iter().filter(|(_, times)| **times > 1) {
            wrong.push(format!("card {id} disabled {times} times"));
        }
        if failed {
            let needless = self.must_be_whole().then(|| "an error where nothing is wrong".into());
            return Judgement { wrong, missed: needless.into_iter().collect() };
        }
        match self.story.order.limit {
            Some(limit) => {
                let limit = limit as usize;
                let most = self.throughout.len().min(limit);
                if ids.len() > limit || (ids.len() < most && self.story.shifts.is_empty()) {
                    wrong.push(format!(
                        "{} cards where {limit} were asked for of {}",
                        ids.len(),
                        self.throughout.len()
                    ));
                }
            }
            None => {
                let missing: Vec<&u64> = self.throughout.difference(&seen).collect();
                if !missing.is_empty() {
                    wrong.push(format!("no error, and {missing:?} are missing, which matched throughout"));
                }
                let left: Vec<&u64> = self.throughout.iter().filter(|id| !self.operated.contains_key(id)).collect();
                if self.story.order.disables && !left.is_empty() {
                    wrong.push(format!("{left:?} not disabled by the loop"));
                }
            }
        }
        Judgement { wrong, missed: Vec::new() }
    }
}

fn not_found() -> Reply {
    Reply::new(404, r#"{"title":"Not Found","status":404}"#)
}
