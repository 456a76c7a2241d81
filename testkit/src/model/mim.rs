//! MIM CM with a few cards, each of which has its story.

mod kept;
mod records;

use super::judge::Facts;
use super::random::Random;
use super::request_story::{Looks, Made, Operations, Place, RequestStory, target};
use super::script::{Act, Carry, Failure, Reads, refuses};
use super::story::{Finding, Gone};
use super::task::{GROUP, Order};
use super::wire::{Asked, Reply};
use kept::{Card, Due, Request};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// The registry of one group of seeds.
#[derive(Debug)]
pub(super) struct Mim {
    order: Order,
    /// The path of the API's base.
    base: String,
    cards: Vec<Card>,
    requests: Vec<Request>,
    /// Whether cards are looked up one by one, so that finding them goes wrong too.
    single: bool,
    /// Whether Suspended and Disabled have each other's number at this site.
    swapped: bool,
    gone: bool,
    /// Connections to close before anything is read.
    pub(super) closes: u32,
    wrongs: Vec<String>,
    pub(super) log: Vec<String>,
}

enum Shown {
    Record(Value),
    Absent,
    Fails(Failure),
}

impl Mim {
    /// The cards of a group. Those of `asked` are to be operated.
    pub(super) fn new(group: u64, asked: &[u64], single: bool, base: String) -> Self {
        let order = Order::of(group);
        let random = &mut Random::new(group, 5);
        let mut cards = Vec::new();
        for n in 0..GROUP + 4 {
            let seed = group * GROUP + n;
            let story = (n < GROUP).then(|| RequestStory::of(seed, &order));
            let status = story.as_ref().map_or("Active", |story| story.before);
            let ids = [random.guid(), random.guid(), random.guid()];
            cards.push(Card::new(ids, status, story.filter(|_| asked.contains(&seed))));
        }
        let (swapped, stranger) = (random.percent(30), random.guid());
        let mut mim = Mim {
            order,
            base,
            cards,
            requests: Vec::new(),
            single,
            swapped,
            gone: false,
            closes: 0,
            wrongs: Vec::new(),
            log: Vec::new(),
        };
        // A request of somebody else, that is approved.
        let other = GROUP as usize;
        mim.requests.push(Request::new(stranger, (other, other), mim.kind(), 3));
        mim
    }

    /// The card of a seed.
    fn card(&self, seed: u64) -> &Card {
        &self.cards[(seed % GROUP) as usize]
    }

    /// Whether the server takes no connection any more.
    pub(super) fn is_gone(&self) -> bool {
        self.gone
    }

    /// Whether it goes away one day, so that it needs a port of its own.
    pub(super) fn is_fickle(&self) -> bool {
        self.cards.iter().filter_map(|card| card.story.as_ref()).any(|story| story.gone != Gone::No)
    }

    pub(super) fn answer(&mut self, asked: &Asked) -> Reply {
        self.settle();
        let Some(parts) = asked.below(&format!("{}/api/v1.0", self.base)) else { return not_found() };
        let parts: Vec<String> = parts.iter().map(|part| part.to_ascii_lowercase()).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        match (asked.method.as_str(), parts.as_slice()) {
            ("GET", ["smartcards"]) => self.find(asked.parameter("cardid")),
            ("GET", ["smartcards", uuid]) => match self.cards.iter().position(|card| card.uuid == *uuid) {
                Some(n) => self.show(n),
                None => Reply::new(204, ""),
            },
            ("GET", ["smartcards", uuid, "operations"]) => self.operations(uuid),
            ("POST", ["requests"]) => self.create(&asked.body),
            ("GET", ["requests", id]) => match self.requests.iter().position(|request| request.uuid == *id) {
                Some(n) => self.read_request(n),
                None => Reply::new(404, r#"{"Message":"no such request"}"#),
            },
            ("PUT", ["requests", id]) => self.end(id, &asked.body),
            ("PUT", ["requests", id, "smartcards", uuid]) => self.change(id, uuid, &asked.body),
            _ => not_found(),
        }
    }

    fn find(&mut self, card_id: Option<&str>) -> Reply {
        let wanted = card_id.map(|id| id.trim_matches(['{', '}']).to_ascii_lowercase());
        if let Some(wanted) = wanted {
            let Some(n) = self.cards.iter().position(|card| card.card_id == wanted) else {
                return Reply::new(204, "");
            };
            if self.finding(n) != Some(Finding::Ignored) {
                return self.show(n);
            }
        }
        let mut all = Vec::new();
        for n in 0..self.cards.len() {
            if let Shown::Record(record) = self.look(n) {
                all.push(record);
            }
        }
        Reply::new(200, &Value::from(all).to_string())
    }

    fn show(&mut self, n: usize) -> Reply {
        let finding = self.finding(n);
        match self.look(n) {
            Shown::Absent => Reply::new(204, ""),
            Shown::Fails(failure) => failure.reply(&self.record(n, self.cards[n].status).to_string()),
            Shown::Record(record) if finding == Some(Finding::Twice) => {
                Reply::new(200, &Value::from(vec![record.clone(), record]).to_string())
            }
            Shown::Record(record) => Reply::new(200, &record.to_string()),
        }
    }

    fn operations(&mut self, uuid: &str) -> Reply {
        let Some(card) = self.cards.iter().find(|card| card.uuid == uuid) else { return not_found() };
        let story = card.story.as_ref();
        self.gone |= story.is_some_and(|story| story.gone == Gone::BeforeIt);
        self.closes += u32::from(story.is_some_and(|story| story.gone == Gone::Closes && card.creates.is_empty()));
        let word = self.order.operation.to_ascii_lowercase();
        match story.map(|story| story.operations) {
            Some(Operations::Listed) => Reply::new(200, &json!(["renew", "unblock", word]).to_string()),
            Some(Operations::Nothing) => Reply::new(200, "[]"),
            Some(Operations::Refused(failure)) => failure.reply("[]"),
            Some(Operations::NotListed) | None => Reply::new(200, r#"["renew","unblock"]"#),
        }
    }

    fn create(&mut self, body: &str) -> Reply {
        let asked: Value = serde_json::from_str(body).unwrap_or_default();
        let (kind, uuid) =
            (asked["type"].as_str().unwrap_or_default(), asked["smartcard"].as_str().unwrap_or_default());
        let n = self.cards.iter().position(|card| card.uuid.eq_ignore_ascii_case(uuid));
        let found = n.and_then(|n| self.cards[n].story.clone().map(|story| (n, story)));
        let Some((n, story)) = found.filter(|_| kind == self.order.operation) else {
            self.wrongs.push(format!("a request to {kind} card {uuid}, which nobody asked for"));
            return Reply::new(403, "");
        };
        let times = self.cards[n].creates.len();
        let act = if times == 0 { story.create } else { story.create_again };
        let id = format!("dddddddd-{:04x}-4000-8000-{:012x}", times, n + 1);
        if act.carry == Carry::Now {
            let card = if story.made == Made::OtherCard { GROUP as usize + 1 } else { n };
            let kind = if story.made == Made::OtherKind { 3 } else { self.kind() };
            let (status, _) = story.status;
            self.requests.push(Request::new(id.clone(), (n, card), kind, status));
            self.log.push(format!("request {id} for card {}, status {status}", self.cards[card].uuid));
        }
        let place = match story.place {
            Place::Documented => format!("api/v1.0/requests/{id}"),
            Place::WithBase => format!("{}/api/v1.0/requests/{id}", self.base),
            Place::Elsewhere => format!("https://evil.example/other/{id}"),
            Place::OtherRequest => format!("api/v1.0/requests/{}", self.requests[0].uuid),
            Place::NoId => "api/v1.0/requests/".into(),
            Place::Null => String::new(),
        };
        let place = if place.is_empty() { "null".to_string() } else { json!(place).to_string() };
        self.gone |= story.gone == Gone::AfterIt;
        let reply = self.reply(n, act, &place);
        self.cards[n].creates.push(reply.status);
        reply
    }

    fn read_request(&mut self, r: usize) -> Reply {
        let request = &mut self.requests[r];
        request.reads += 1;
        let Some(story) = self.cards[request.of].story.as_ref() else {
            return Reply::new(200, &self.request(r, false).to_string());
        };
        if let (0, Some(reads)) = (request.status, story.status.1)
            && request.reads > reads
        {
            request.status = 3;
        }
        if request.ends > 0 {
            request.reads_after += 1;
        }
        if request.due.is_some_and(|due| due < request.reads_after) {
            (request.due, request.status) = (None, 8);
            self.log.push(format!("request {} is completed, late", request.uuid));
        }
        let (looks, reads) = match request.ends {
            0 => (story.looks, request.reads),
            _ => (story.looks_after, request.reads_after),
        };
        let (of, foreign) = (request.of, story.made == Made::OtherId);
        let right = self.request(r, foreign);
        let reply = match looks {
            Looks::Fails(times, failure) if reads <= times => failure.reply(&right.to_string()),
            Looks::Refused(failure) => failure.reply(&right.to_string()),
            Looks::OtherRequest => Reply::new(200, &self.request(0, false).to_string()),
            Looks::Honest | Looks::Fails(..) => Reply::new(200, &right.to_string()),
        };
        if refuses(reply.status) {
            self.cards[of].answers.push(reply.status);
        }
        reply
    }

    fn change(&mut self, id: &str, uuid: &str, body: &str) -> Reply {
        let status: Value = serde_json::from_str(body).unwrap_or_default();
        let request = self.requests.iter().find(|request| request.uuid == id).cloned();
        let n = self.cards.iter().position(|card| card.uuid == uuid);
        let ours = request.as_ref().zip(n).filter(|(request, n)| self.is_ours(request, *n));
        let aim = target(self.order.operation);
        let Some((request, n)) = ours.filter(|_| status["status"] == aim) else {
            self.wrongs.push(format!("card {uuid} changed by request {id}: {body}"));
            return Reply::new(403, "");
        };
        if request.status != 3 {
            self.cards[n].answers.push(403);
            return Reply::new(403, r#"{"Message":"the request is not approved"}"#);
        }
        let story = self.story(n);
        let act = if self.cards[n].changes == 0 { story.change } else { Act::honest(200) };
        let card = &mut self.cards[n];
        card.changes += 1;
        match act.carry {
            Carry::Now => card.status = aim,
            Carry::Otherwise(status) => card.status = status,
            Carry::AfterReads(reads) => card.due = Some(Due::Reads(card.reads + reads)),
            Carry::AfterMillis(millis) => card.due = Some(Due::At(Instant::now() + Duration::from_millis(millis))),
            Carry::Never => {}
        }
        self.log.push(format!("card {uuid} is {}", card.status));
        let record = self.record(n, self.cards[n].status).to_string();
        let reply = self.reply(n, act, &record);
        self.cards[n].answers.push(reply.status);
        reply
    }

    fn end(&mut self, id: &str, body: &str) -> Reply {
        let asked: Value = serde_json::from_str(body).unwrap_or_default();
        let Some(r) = self.requests.iter().position(|request| request.uuid == id) else {
            self.wrongs.push(format!("request {id}, which there is not, ended: {body}"));
            return not_found();
        };
        let request = self.requests[r].clone();
        if asked["status"] != "Completed" {
            // Its own request a client may cancel.
            if self.cards[request.of].story.is_none() {
                self.wrongs.push(format!("another's request {id} ended: {body}"));
            }
            self.requests[r].status = 17;
            return Reply::new(200, &self.request(r, false).to_string());
        }
        if !self.is_ours(&request, request.of) {
            self.wrongs.push(format!("request {id} completed, which is for another card or of another kind"));
            return Reply::new(403, "");
        }
        if request.status != 3 && request.status != 8 {
            self.cards[request.of].answers.push(403);
            return Reply::new(403, r#"{"Message":"the request is not approved"}"#);
        }
        let story = self.story(request.of);
        let act = if request.ends == 0 { story.complete } else { Act::honest(200) };
        let request = &mut self.requests[r];
        request.ends += 1;
        match act.carry {
            Carry::Now => request.status = 8,
            Carry::AfterReads(reads) => request.due = Some(request.reads_after + reads),
            Carry::Never | Carry::AfterMillis(_) | Carry::Otherwise(_) => {}
        }
        self.log.push(format!("request {id} has status {}", request.status));
        let record = self.request(r, false).to_string();
        let of = self.requests[r].of;
        let reply = self.reply(of, act, &record);
        self.cards[of].answers.push(reply.status);
        reply
    }

    fn reply(&self, n: usize, act: Act, documented: &str) -> Reply {
        let other = self.record(GROUP as usize + 1, target(self.order.operation)).to_string();
        let elsewhere = format!("{}/api/v1.0/requests/{}", self.base, self.requests[0].uuid);
        debug_assert!(n < GROUP as usize);
        act.reply(documented, &other, &elsewhere)
    }

    fn story(&self, n: usize) -> RequestStory {
        self.cards[n].story.clone().expect("a card that was asked for")
    }

    /// Whether a request is the one that was asked for, for this card, and shows it.
    fn is_ours(&self, request: &Request, card: usize) -> bool {
        let story = self.cards[request.of].story.as_ref();
        request.of == card && request.card == card && story.is_some_and(|story| story.made == Made::AsAsked)
    }

    /// The number that replies show for what is asked for.
    fn kind(&self) -> u8 {
        match self.order.operation {
            "Retire" => 7,
            "Revoke" => 4,
            _ => 9,
        }
    }

    fn finding(&self, n: usize) -> Option<Finding> {
        let card = &self.cards[n];
        let begun = !card.creates.is_empty();
        card.story.as_ref().filter(|_| self.single && !begun).map(|story| story.finding)
    }

    /// Reads a card: the truth first, then what is shown of it.
    fn look(&mut self, n: usize) -> Shown {
        let (finding, aim) = (self.finding(n), target(self.order.operation));
        let other = GROUP as usize + 1;
        let card = &mut self.cards[n];
        card.looks += 1;
        let (looks, status) = (card.looks, card.status);
        let Some(story) = card.story.clone() else { return Shown::Record(self.record(n, status)) };
        if card.changes == 0 {
            return match finding {
                Some(Finding::Fails(times, failure)) if looks <= times => Shown::Fails(failure),
                Some(Finding::Refused(failure)) => Shown::Fails(failure),
                Some(Finding::OtherCard) => Shown::Record(self.record(other, "Active")),
                Some(Finding::Ignored) if !story.by_serial => Shown::Record(self.record(other, "Active")),
                Some(Finding::NoSerial) => {
                    let mut record = self.record(n, status);
                    record["SerialNumber"] = Value::Null;
                    Shown::Record(record)
                }
                _ => Shown::Record(self.record(n, status)),
            };
        }
        card.reads += 1;
        if matches!(card.due, Some(Due::Reads(reads)) if reads < card.reads) {
            (card.due, card.status) = (None, aim);
            self.log.push(format!("card {} is {aim}, after {} reads", card.uuid, card.reads - 1));
        }
        let (reads, status) = (card.reads, card.status);
        Shown::Record(match story.reads {
            Reads::Stale(times) if reads <= times => self.record(n, story.before),
            Reads::Fails(times, failure) if reads <= times => return Shown::Fails(failure),
            Reads::Refused(failure) => return Shown::Fails(failure),
            Reads::Gone => return Shown::Absent,
            Reads::OtherCard => self.record(other, aim),
            Reads::OtherSerial | Reads::OtherHolder => {
                let mut record = self.record(n, aim);
                record["SerialNumber"] = self.record(other, aim)["SerialNumber"].clone();
                record
            }
            Reads::State(state) => {
                let mut record = self.record(n, status);
                record["Status"] = serde_json::from_str(state).expect("JSON");
                record
            }
            Reads::Honest | Reads::Stale(_) | Reads::Fails(..) => self.record(n, status),
        })
    }

    fn record(&self, n: usize, status: &str) -> Value {
        let Card { uuid, card_id, user, .. } = &self.cards[n];
        records::smartcard([uuid, card_id, user], status, self.swapped)
    }

    fn request(&self, r: usize, foreign: bool) -> Value {
        let Request { uuid, card, kind, status, .. } = &self.requests[r];
        let uuid = if foreign { "eeeeeeee-0000-4000-8000-00000000000e" } else { uuid };
        records::request(uuid, &self.cards[*card].uuid, *kind, *status)
    }

    /// Carries out what is due.
    fn settle(&mut self) {
        let (now, aim) = (Instant::now(), target(self.order.operation));
        for card in &mut self.cards {
            if matches!(card.due, Some(Due::At(at)) if at <= now) {
                (card.due, card.status) = (None, aim);
                self.log.push(format!("card {} is {aim}, late", card.uuid));
            }
        }
    }

    /// The truth about a seed's card.
    pub(super) fn facts(&mut self, seed: u64) -> Facts {
        self.settle();
        let n = (seed % GROUP) as usize;
        let card = &self.cards[n];
        let Some(story) = &card.story else { return Facts::default() };
        let aim = target(self.order.operation);
        let ours = || self.requests.iter().filter(|request| self.is_ours(request, n));
        let is = |status: u16, first: u16| status / 100 == first;
        let answers = || card.creates.iter().chain(&card.answers).copied();
        let statuses: Vec<u8> = ours().map(|request| request.status).collect();
        let finding = if self.single { story.finding } else { Finding::Honest };
        Facts {
            done: card.status == aim && ours().any(|request| request.status == 8),
            truth: format!(
                "card {} is {}, and it should be {aim}; its requests are {statuses:?}",
                card.uuid, card.status
            ),
            arrived: card.creates.len(),
            busy: card.creates.iter().filter(|status| matches!(status, 429 | 503)).count(),
            repeatable: false,
            refused: answers().any(|status| refuses(status) || is(status, 3))
                || matches!(story.status.0, 4 | 9 | 17 | 8)
                || story.made != Made::AsAsked
                || story.place == Place::OtherRequest,
            succeeded: answers().any(|status| is(status, 2)),
            waits: ours().any(|request| matches!(request.status, 0 | 16 | 18)),
            allowed: RequestStory { finding, ..story.clone() }.allowed(&self.order),
            verify: self.order.verify,
            wrongs: self.wrongs.clone(),
        }
    }

    /// The stories of the cards that are to be operated.
    pub(super) fn stories(&self) -> String {
        let stories = self.cards.iter().filter_map(|card| card.story.as_ref().map(|story| (&card.uuid, story)));
        stories.map(|(uuid, story)| format!("card {uuid}: {story:?}\n")).collect()
    }

    /// The id in the database and the id that it carries, of a seed's card.
    pub(super) fn ids(&self, seed: u64) -> [String; 2] {
        let card = self.card(seed);
        [card.uuid.clone(), card.card_id.clone()]
    }

    /// How a seed's card is looked up: by the id that it carries, or by its id in the database.
    pub(super) fn is_by_serial(&self, seed: u64) -> bool {
        self.card(seed).story.as_ref().is_some_and(|story| story.by_serial)
    }

    /// Whether nothing is wrong with a seed's card.
    pub(super) fn is_honest(&self, seed: u64) -> bool {
        self.card(seed).story.as_ref().is_some_and(RequestStory::is_honest)
    }

    /// Whether a bulk run and a single operation must come to the same end.
    pub(super) fn compares(&self, seed: u64) -> bool {
        let story = self.card(seed).story.as_ref();
        story.is_some_and(|story| {
            let found = matches!(story.finding, Finding::Honest | Finding::Fails(..));
            let begun = story.operations == Operations::Listed;
            found && begun && !story.races(&self.order) && story.gone != Gone::Closes
        })
    }
}

fn not_found() -> Reply {
    Reply::new(404, r#"{"Message":"No HTTP resource was found"}"#)
}
