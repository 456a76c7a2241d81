//! CertiFlow with a few cards, each of which has its story.

use super::judge::Facts;
use super::random::Random;
use super::script::{Act, Carry, Failure, Reads};
use super::story::{Finding, Gone, Story, target};
use super::task::{Api, GROUP, Order, Said};
use super::wire::{Asked, Reply};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// The registry of one group of seeds.
#[derive(Debug)]
pub(super) struct CertiFlow {
    order: Order,
    /// The path of the API's base.
    base: String,
    cards: Vec<Card>,
    /// Whether cards are looked up one by one, so that finding them goes wrong too.
    single: bool,
    gone: bool,
    /// Connections to close before anything is read.
    pub(super) closes: u32,
    wrongs: Vec<String>,
    pub(super) log: Vec<String>,
}

/// A card, and what was done to it.
#[derive(Debug, Clone)]
pub(super) struct Card {
    pub(super) id: u64,
    pub(super) serial: String,
    pub(super) user: String,
    user_id: String,
    state: &'static str,
    /// `None` for a card that nobody was asked to operate.
    story: Option<Story>,
    arrivals: Vec<Arrival>,
    looks: u32,
    reads: u32,
    due: Vec<Due>,
}

#[derive(Debug, Clone)]
struct Arrival {
    act: Act,
    answered: Option<u16>,
}

#[derive(Debug, Clone, Copy)]
enum Due {
    Reads(u32),
    At(Instant),
}

/// What a read of a card comes to.
enum Shown {
    Record(View),
    Absent,
    Fails(Failure),
}

/// A record as it is shown.
struct View {
    id: u64,
    serial: Option<String>,
    user: String,
    user_id: String,
    /// JSON.
    state: String,
}

impl CertiFlow {
    /// The cards of a group. Those of `asked` are to be operated.
    pub(super) fn new(group: u64, asked: &[u64], single: bool, base: String) -> Self {
        let order = Order::of(group);
        let random = &mut Random::new(group, 3);
        let b = 11 + random.below(80);
        // Ids that begin alike, and neighbours.
        let own = [b, 10 * b, 10 * b + 1, 100 * b + 3, b + 1, b + 2, 10 * b + 7, 100 * b + 30];
        let others = [b + 3, 10 * b + 2, 100 * b + 31, 1000 * b + 1];
        let mut cards: Vec<Card> = Vec::new();
        for (n, id) in own.into_iter().chain(others).enumerate() {
            let seed = group * GROUP + n as u64;
            let story = (n < own.len()).then(|| Story::of(seed, &order));
            // A serial number that begins like another, and a second card of the first one's user.
            let number = random.number() >> 32;
            let serial = if n == 9 { format!("{}01", cards[1].serial) } else { format!("{number:07X}{n:X}") };
            let user = if n == 8 { cards[0].user.clone() } else { format!("EXAMPLE\\user{b}{n}") };
            let state = story.as_ref().map_or("Issued", |story| story.before);
            let story = story.filter(|_| asked.contains(&seed));
            let user_id = random.guid();
            cards.push(Card {
                id,
                serial,
                user,
                user_id,
                state,
                story,
                arrivals: Vec::new(),
                looks: 0,
                reads: 0,
                due: Vec::new(),
            });
        }
        let closes = 0;
        CertiFlow { order, base, cards, single, gone: false, closes, wrongs: Vec::new(), log: Vec::new() }
    }

    /// The card of a seed.
    pub(super) fn card(&self, seed: u64) -> &Card {
        &self.cards[(seed % GROUP) as usize]
    }

    /// Whether the server takes no connection any more.
    pub(super) fn is_gone(&self) -> bool {
        self.gone
    }

    /// Whether it goes away one day, or has other habits, so that it needs a port of its own.
    pub(super) fn is_fickle(&self) -> bool {
        self.cards.iter().filter_map(|card| card.story.as_ref()).any(|story| story.gone != Gone::No)
    }

    pub(super) fn answer(&mut self, asked: &Asked) -> Reply {
        self.settle();
        let Some(parts) = asked.below(&self.base) else { return not_found() };
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let lower: Vec<String> = parts.iter().map(|part| part.to_ascii_lowercase()).collect();
        let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
        let old = self.order.api == Api::G1;
        match (asked.method.as_str(), lower.as_slice()) {
            ("GET", ["user", "getcards"]) if old => self.list(asked),
            ("GET", ["cards"]) if !old => self.list(asked),
            ("GET", ["cards", _]) if self.order.api == Api::G7 => self.show(parts[1]),
            ("POST", ["card", word]) if old => {
                let reason = asked.body.trim().strip_prefix("{\"reason\":").and_then(|rest| rest.strip_suffix('}'));
                self.operate(asked.parameter("id").unwrap_or_default(), word, reason)
            }
            ("POST", ["cards", _, word]) if !old => self.operate(parts[1], word, asked.parameter("reason")),
            _ => not_found(),
        }
    }

    /// One card by its id.
    fn show(&mut self, id: &str) -> Reply {
        let Some(n) = self.cards.iter().position(|card| card.id.to_string() == id) else { return not_found() };
        let finding = self.finding(n);
        match self.look(n) {
            Shown::Absent => not_found(),
            Shown::Fails(failure) => failure.reply(&self.whole(n)),
            Shown::Record(view) if finding == Some(Finding::Twice) => {
                Reply::new(200, &Value::from(vec![self.json(&view), self.json(&view)]).to_string())
            }
            Shown::Record(view) => Reply::new(200, &self.json(&view).to_string()),
        }
    }

    fn list(&mut self, asked: &Asked) -> Reply {
        let mut filters: Vec<(&str, &str)> = asked.query.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let number = |name: &str| asked.parameter(name).and_then(|text| text.parse::<usize>().ok());
        let (offset, count) = (number("offset").unwrap_or(0), number("count").unwrap_or(usize::MAX));
        filters.retain(|(name, _)| !matches!(*name, "offset" | "count"));
        let by_user = |card: &Card, wanted: &str| card.user.eq_ignore_ascii_case(wanted);
        let named = |name: &str| filters.iter().find(|(its, _)| *its == name).map(|(_, value)| *value);
        // The card that such a list is of: what is wrong with it is wrong with the whole answer.
        let its = match (self.order.api, named("serialNumber"), named("name")) {
            (Api::G1, _, Some(user)) => self.cards.iter().position(|card| by_user(card, user)),
            (_, Some(serial), _) => self.cards.iter().position(|card| card.serial.eq_ignore_ascii_case(serial)),
            _ => None,
        };
        let finding = its.and_then(|n| self.finding(n));
        let mut views = Vec::new();
        for n in 0..self.cards.len() {
            let card = &self.cards[n];
            let key = filters.iter().all(|(name, value)| match *name {
                "serialNumber" => card.serial.eq_ignore_ascii_case(value),
                "userName" | "name" => by_user(card, value),
                _ => true,
            });
            if !key && finding != Some(Finding::Ignored) {
                continue;
            }
            match self.look(n) {
                Shown::Record(view) => {
                    let fits = |(name, value): &(&str, &str)| match *name {
                        "state" => view.state.trim_matches('"').eq_ignore_ascii_case(value),
                        "cardTypeName" => value.eq_ignore_ascii_case("IDPrime MD"),
                        "policyName" => value.eq_ignore_ascii_case("Default"),
                        "serialNumber" | "userName" | "name" => true,
                        _ => false,
                    };
                    if finding == Some(Finding::Ignored) || filters.iter().all(fits) {
                        let record = self.json(&view);
                        if finding == Some(Finding::Twice) && its == Some(n) {
                            let mut twin = record.clone();
                            let id = 900_000 + view.id;
                            twin["id"] = if self.order.api == Api::G1 { json!(id.to_string()) } else { json!(id) };
                            views.push(twin);
                        }
                        views.push(record);
                    }
                }
                Shown::Fails(failure) if its == Some(n) => return failure.reply(&format!("[{}]", self.whole(n))),
                Shown::Fails(_) | Shown::Absent => {}
            }
        }
        let page: Vec<Value> = views.into_iter().skip(offset).take(count).collect();
        Reply::new(200, &Value::from(page).to_string())
    }

    fn operate(&mut self, id: &str, word: &str, reason: Option<&str>) -> Reply {
        let Some(n) = self.cards.iter().position(|card| card.id.to_string() == id) else {
            self.wrongs.push(format!("{word} for card {id}, which there is not"));
            return not_found();
        };
        let asked_for = word.eq_ignore_ascii_case(self.order.operation) && reason_is(reason, self.order.reason);
        let other = &self.cards[if n == 8 { 10 } else { 8 }];
        let elsewhere = match self.order.api {
            Api::G1 => format!("{}/card/{word}?id={}", self.base, other.id),
            _ => format!("{}/Cards/{}/{word}", self.base, other.id),
        };
        let wrong = View { state: format!("{:?}", target(self.order.operation)), ..view(other) };
        let other = self.json(&wrong).to_string();
        let card = &mut self.cards[n];
        let Some(story) = card.story.as_ref().filter(|_| asked_for) else {
            self.wrongs.push(format!("{word} ({reason:?}) for card {id}, which nobody asked for"));
            return Reply::new(200, "");
        };
        let mut act = if card.arrivals.is_empty() { story.act } else { story.again };
        let changes = self.order.operation != "PreUpdate";
        if changes && card.state != story.before {
            act = Act { answer: super::script::Answer::of(409, super::script::Body::Problem), ..act };
            act.carry = Carry::Never;
        }
        match act.carry {
            Carry::Now => card.state = target(self.order.operation),
            Carry::Otherwise(state) => card.state = state,
            Carry::AfterReads(reads) => card.due.push(Due::Reads(card.reads + reads)),
            Carry::AfterMillis(millis) => card.due.push(Due::At(Instant::now() + Duration::from_millis(millis))),
            Carry::Never => {}
        }
        self.gone |= story.gone == Gone::AfterIt;
        self.log.push(format!("card {id} is {}", card.state));
        let reply = act.reply("", &other, &elsewhere);
        let answered = Some(reply.status).filter(|status| *status != 0);
        card.arrivals.push(Arrival { act, answered });
        reply
    }

    /// Carries out what is due.
    fn settle(&mut self) {
        let now = Instant::now();
        for card in &mut self.cards {
            if card.due.iter().any(|due| matches!(due, Due::At(at) if *at <= now)) {
                card.due.clear();
                card.state = target(self.order.operation);
                self.log.push(format!("card {} is {}, late", card.id, card.state));
            }
        }
    }

    /// How a card is found, where that still matters.
    fn finding(&self, n: usize) -> Option<Finding> {
        let card = &self.cards[n];
        card.story.as_ref().filter(|_| self.single && card.arrivals.is_empty()).map(|story| story.finding)
    }

    /// Reads a card: the truth first, then what is shown of it.
    fn look(&mut self, n: usize) -> Shown {
        let finding = self.finding(n);
        let (target, old) = (target(self.order.operation), self.order.api == Api::G1);
        let card = &mut self.cards[n];
        card.looks += 1;
        let Some(story) = &card.story else { return Shown::Record(view(card)) };
        if card.arrivals.is_empty() {
            if card.looks == 1 {
                self.gone |= story.gone == Gone::BeforeIt;
                self.closes = if story.gone == Gone::Closes { 1 } else { self.closes };
            }
            return match finding {
                Some(Finding::Fails(times, failure)) if card.looks <= times => Shown::Fails(failure),
                Some(Finding::Refused(failure)) => Shown::Fails(failure),
                Some(Finding::OtherCard) => Shown::Record(view(&self.cards[8])),
                Some(Finding::Ignored) if !old && !story.by_serial => Shown::Record(view(&self.cards[8])),
                Some(Finding::NoSerial) => Shown::Record(View { serial: None, ..view(card) }),
                _ => Shown::Record(view(card)),
            };
        }
        card.reads += 1;
        if card.due.iter().any(|due| matches!(due, Due::Reads(reads) if *reads < card.reads)) {
            card.due.clear();
            card.state = target;
            self.log.push(format!("card {} is {}, after {} reads", card.id, card.state, card.reads - 1));
        }
        let aim = format!("{target:?}");
        match story.reads {
            Reads::Stale(reads) if card.reads <= reads => {
                Shown::Record(View { state: format!("{:?}", story.before), ..view(card) })
            }
            Reads::Fails(reads, failure) if card.reads <= reads => Shown::Fails(failure),
            Reads::Honest | Reads::Stale(_) | Reads::Fails(..) => Shown::Record(view(card)),
            Reads::Refused(failure) => Shown::Fails(failure),
            Reads::Gone => Shown::Absent,
            Reads::State(state) => Shown::Record(View { state: state.into(), ..view(card) }),
            Reads::OtherCard => Shown::Record(View { state: aim, ..view(&self.cards[8]) }),
            Reads::OtherSerial => {
                Shown::Record(View { serial: Some(format!("{}F", card.serial)), state: aim, ..view(card) })
            }
            Reads::OtherHolder => {
                let other = &self.cards[9];
                let (user, user_id) = (other.user.clone(), other.user_id.clone());
                Shown::Record(View { user, user_id, state: aim, ..view(&self.cards[n]) })
            }
        }
    }

    /// The record as it would be read.
    fn whole(&self, n: usize) -> String {
        self.json(&view(&self.cards[n])).to_string()
    }

    fn json(&self, view: &View) -> Value {
        let state: Value = serde_json::from_str(&view.state).expect("JSON");
        let View { id, serial, user, user_id, .. } = view;
        if self.order.api == Api::G1 {
            let label = user.rsplit('\\').next();
            return json!({"id": id.to_string(), "serialNumber": serial, "atr": ATR, "label": label, "state": state,
                "pacNumber": null});
        }
        // A card that was withdrawn has no user, and what comes with him.
        let held = state != "Clean";
        let of = |value: Value| if held { value } else { Value::Null };
        json!({"id": id, "serialNumber": serial, "cardTypeName": "IDPrime MD", "cardModelName": "IDPrime MD 830",
            "atr": ATR, "label": "a card", "comment": null, "tags": [], "state": state, "formFactor": "SmartCard",
            "pacNumber": null, "expirationDate": "2047-12-03T00:00:00Z", "timeIssued": "2024-12-03T11:22:20.1824104Z",
            "timeDisabled": null, "timeUpdated": null, "timeRevoked": null, "userId": of(json!(user_id)),
            "userName": of(json!(user)), "policyId": of(json!(3)), "policyName": of(json!("Default")),
            "certificates": []})
    }

    /// The truth about a seed's card.
    pub(super) fn facts(&mut self, seed: u64) -> Facts {
        self.settle();
        let card = &self.cards[(seed % GROUP) as usize];
        let Some(story) = &card.story else { return Facts::default() };
        let aim = target(self.order.operation);
        let said = |wanted: &dyn Fn(&Arrival) -> bool| card.arrivals.iter().any(wanted);
        // A PreUpdate leaves the state as it is: the answer alone tells.
        let evidence = self.order.operation != "PreUpdate" || said(&|arrival| arrival.act.answer.is_plain_success());
        let is = |status: &u16, first: u16| status / 100 == first;
        Facts {
            done: card.state == aim && evidence,
            truth: format!("card {} is {}, and it should be {aim}", card.id, card.state),
            arrived: card.arrivals.len(),
            busy: card.arrivals.iter().filter(|arrival| matches!(arrival.answered, Some(429 | 503))).count(),
            repeatable: self.order.operation == "PreUpdate",
            refused: said(&|arrival| {
                arrival.act.answer.refuses() || arrival.answered.is_some_and(|status| is(&status, 3))
            }),
            succeeded: said(&|arrival| arrival.answered.is_some_and(|status| is(&status, 2))),
            waits: false,
            allowed: if self.single { story.allowed(&self.order) } else { self.allowed_in_bulk(story) },
            verify: self.order.verify,
            wrongs: self.wrongs.clone(),
        }
    }

    /// In bulk the cards come from one list, so nothing is wrong with finding them.
    fn allowed_in_bulk(&self, story: &Story) -> &'static [Said] {
        Story { finding: Finding::Honest, ..story.clone() }.allowed(&self.order)
    }

    /// The stories of the cards that are to be operated.
    pub(super) fn stories(&self) -> String {
        let stories = self.cards.iter().filter_map(|card| card.story.as_ref().map(|story| (card.id, story)));
        stories.map(|(id, story)| format!("card {id}: {story:?}\n")).collect()
    }

    /// How a seed's card is looked up: by its serial number, or by its id.
    pub(super) fn is_by_serial(&self, seed: u64) -> bool {
        self.card(seed).story.as_ref().is_some_and(|story| story.by_serial)
    }

    /// Whether nothing is wrong with a seed's card.
    pub(super) fn is_honest(&self, seed: u64) -> bool {
        self.card(seed).story.as_ref().is_some_and(Story::is_honest)
    }

    /// Whether a bulk run and a single operation must come to the same end.
    pub(super) fn compares(&self, seed: u64) -> bool {
        let story = self.card(seed).story.as_ref();
        story.is_some_and(|story| {
            let found = matches!(story.finding, Finding::Honest | Finding::Fails(..));
            found && !story.races(&self.order) && story.gone != Gone::Closes
        })
    }
}

fn view(card: &Card) -> View {
    View {
        id: card.id,
        serial: Some(card.serial.clone()),
        user: card.user.clone(),
        user_id: card.user_id.clone(),
        state: format!("{:?}", card.state),
    }
}

/// Reasons have numbers in the old API.
fn reason_is(given: Option<&str>, wanted: Option<&str>) -> bool {
    let number = match wanted {
        Some("CardBroken") => "1",
        Some("CardLost") => "2",
        Some("CardWithdraw") => "5",
        _ => "",
    };
    match (given, wanted) {
        (Some(given), Some(wanted)) => given.eq_ignore_ascii_case(wanted) || given == number,
        (given, wanted) => given.is_some() == wanted.is_some(),
    }
}

fn not_found() -> Reply {
    Reply::new(404, r#"{"title":"Not Found","status":404}"#)
}

const ATR: &str = "3B7F96000080318065B0855956FB120FFE829000";
