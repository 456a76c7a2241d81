//! A world: one registry with its script, at an address of its own.

use super::certiflow::CertiFlow;
use super::judge::{Facts, Judgement, judge};
use super::list_story::{ListOrder, ListStory};
use super::listing::Listing;
use super::mim::Mim;
use super::task::{Api, GROUP, Order, SETTLE, Said, Shape};
use super::wire::{Asked, Reply};
use serde_json::{Value, json};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A registry with its script.
#[derive(Debug)]
pub struct World {
    pub(super) key: u64,
    /// The seeds that are asked for.
    pub(super) seeds: Vec<u64>,
    /// For one card alone, whose finding goes wrong too.
    single: bool,
    scene: Mutex<Scene>,
}

#[derive(Debug)]
enum Scene {
    CertiFlow(CertiFlow),
    Mim(Mim),
    Listing(Box<Listing>),
}

/// What a client is to do with a card.
#[derive(Debug, Clone)]
pub struct Ask {
    pub order: Order,
    /// CertiFlow's `id`, MIM CM's `Uuid`.
    pub id: String,
    pub serial: String,
    /// The user whose cards are to be searched, in G1.
    pub user: String,
    /// Whether to look the card up by its serial number.
    pub by_serial: bool,
}

impl World {
    /// A world for these seeds, which are of one group.
    pub(super) fn new(key: u64, seeds: &[u64], single: bool) -> Self {
        let first = *seeds.first().expect("a seed");
        assert!(seeds.iter().all(|seed| seed / GROUP == first / GROUP), "{seeds:?} are of several groups");
        let scene = match Shape::of(first) {
            Shape::List => {
                let base = |api: Api| format!("/w/{key}{}", api.base());
                let order = ListStory::of(first).order;
                Scene::Listing(Box::new(Listing::new(first, base(order.api))))
            }
            Shape::Operation => {
                let group = first / GROUP;
                let api = Order::of(group).api;
                let base = format!("/w/{key}{}", api.base());
                match api {
                    Api::Mim => Scene::Mim(Mim::new(group, seeds, single, base)),
                    _ => Scene::CertiFlow(CertiFlow::new(group, seeds, single, base)),
                }
            }
        };
        World { key, seeds: seeds.into(), single, scene: Mutex::new(scene) }
    }

    fn scene(&self) -> MutexGuard<'_, Scene> {
        self.scene.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn api(&self) -> Api {
        match &*self.scene() {
            Scene::Listing(listing) => listing.story.order.api,
            _ => Order::of(self.seeds[0] / GROUP).api,
        }
    }

    /// The path of the API's base.
    pub(super) fn base(&self) -> String {
        format!("/w/{}{}", self.key, self.api().base())
    }

    /// Whether the server of this world goes away one day, so that it needs a port of its own.
    pub(super) fn is_fickle(&self) -> bool {
        match &*self.scene() {
            Scene::CertiFlow(certiflow) => certiflow.is_fickle(),
            Scene::Mim(mim) => mim.is_fickle(),
            Scene::Listing(_) => false,
        }
    }

    /// Whether it takes no connection any more.
    pub(super) fn is_gone(&self) -> bool {
        match &*self.scene() {
            Scene::CertiFlow(certiflow) => certiflow.is_gone(),
            Scene::Mim(mim) => mim.is_gone(),
            Scene::Listing(_) => false,
        }
    }

    /// Whether the next connection is to be closed before anything is read.
    pub(super) fn closes(&self) -> bool {
        let mut scene = self.scene();
        let (closes, log) = match &mut *scene {
            Scene::CertiFlow(certiflow) => (&mut certiflow.closes, &mut certiflow.log),
            Scene::Mim(mim) => (&mut mim.closes, &mut mim.log),
            Scene::Listing(_) => return false,
        };
        let is = *closes > 0;
        if is {
            *closes -= 1;
            log.push("a connection is closed before anything is read".into());
        }
        is
    }

    /// Answers a request that arrived whole.
    pub(super) fn answer(&self, asked: &Asked) -> Reply {
        let mut scene = self.scene();
        let query: Vec<String> = asked.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let words = format!("> {} {} {} {}", asked.method, asked.path, query.join("&"), asked.body);
        let log = |scene: &mut Scene, words: String| match scene {
            Scene::CertiFlow(certiflow) => certiflow.log.push(words),
            Scene::Mim(mim) => mim.log.push(words),
            Scene::Listing(listing) => listing.log.push(words),
        };
        log(&mut scene, words);
        let reply = match &mut *scene {
            Scene::CertiFlow(certiflow) => certiflow.answer(asked),
            Scene::Mim(mim) => mim.answer(asked),
            Scene::Listing(listing) => listing.answer(asked),
        };
        let body = reply.bytes.windows(4).position(|bytes| bytes == b"\r\n\r\n").map_or(0, |at| at + 4);
        let body = String::from_utf8_lossy(&reply.bytes[body..]).chars().take(160).collect::<String>();
        log(&mut scene, format!("< {} {body}{}", reply.status, if reply.close { " (closed)" } else { "" }));
        reply
    }

    /// What is to be done with a seed's card.
    pub fn ask(&self, seed: u64) -> Ask {
        let order = Order::of(seed / GROUP);
        let (id, serial, user, by_serial) = match &*self.scene() {
            Scene::CertiFlow(certiflow) => {
                let card = certiflow.card(seed);
                (card.id.to_string(), card.serial.clone(), card.user.clone(), certiflow.is_by_serial(seed))
            }
            Scene::Mim(mim) => {
                let [id, serial] = mim.ids(seed);
                (id, serial, String::new(), mim.is_by_serial(seed))
            }
            Scene::Listing(_) => panic!("seed {seed} is a list"),
        };
        Ask { order, id, serial, user, by_serial }
    }

    /// What is asked for, of a list.
    pub fn list(&self) -> ListOrder {
        match &*self.scene() {
            Scene::Listing(listing) => listing.story.order.clone(),
            _ => panic!("seeds {:?} are operations", self.seeds),
        }
    }

    fn facts(&self, seed: u64) -> Facts {
        match &mut *self.scene() {
            Scene::CertiFlow(certiflow) => certiflow.facts(seed),
            Scene::Mim(mim) => mim.facts(seed),
            Scene::Listing(_) => panic!("seed {seed} is a list"),
        }
    }

    /// Judges a client that ended with a seed's card so.
    pub fn judge(&self, seed: u64, said: Said) -> Judgement {
        judge(&self.facts(seed), said)
    }

    /// Judges a client that listed these ids, or that ended with an error after them.
    pub fn judge_list(&self, ids: &[String], failed: bool) -> Judgement {
        match &*self.scene() {
            Scene::Listing(listing) => listing.judge(ids, failed),
            _ => panic!("seeds {:?} are operations", self.seeds),
        }
    }

    /// Fails the test where a client is wrong about a seed's card.
    pub fn check(&self, seed: u64, said: Said, more: &str) {
        let Judgement { wrong, missed } = self.judge(seed, said);
        let wrong = [wrong, missed].concat();
        assert!(wrong.is_empty(), "{}", self.describe(seed, &wrong, more));
    }

    /// Whether nothing is wrong with a seed's card or list.
    pub fn is_honest(&self, seed: u64) -> bool {
        match &*self.scene() {
            Scene::CertiFlow(certiflow) => certiflow.is_honest(seed),
            Scene::Mim(mim) => mim.is_honest(seed),
            Scene::Listing(listing) => listing.must_be_whole(),
        }
    }

    /// Whether a bulk run and a single operation must come to the same end.
    pub fn compares(&self, seed: u64) -> bool {
        match &*self.scene() {
            Scene::CertiFlow(certiflow) => certiflow.compares(seed),
            Scene::Mim(mim) => mim.compares(seed),
            Scene::Listing(_) => false,
        }
    }

    /// All there is to know about what went wrong.
    pub fn describe(&self, seed: u64, wrong: &[String], more: &str) -> String {
        let scene = self.scene();
        let (script, log) = match &*scene {
            Scene::CertiFlow(certiflow) => (certiflow.stories(), &certiflow.log),
            Scene::Mim(mim) => (mim.stories(), &mim.log),
            Scene::Listing(listing) => (format!("{:?}\n", listing.story), &listing.log),
        };
        let order = match &*scene {
            Scene::Listing(_) => String::new(),
            _ => format!("{:?}\n", Order::of(seed / GROUP)),
        };
        let way = if self.single { "alone" } else { "in bulk" };
        format!(
            "MODEL_SEED={seed} ({way}):\n  {}\n{more}\n{order}{script}{}",
            wrong.join("\n  "),
            log.iter().map(|line| format!("  {line}\n")).collect::<String>()
        )
    }

    /// What is to be done, for a program that is not in this process.
    pub(super) fn task(&self, url: &str) -> Value {
        let seed = self.seeds[0];
        if Shape::of(seed) == Shape::List {
            let order = self.list();
            let filters: serde_json::Map<String, Value> =
                order.filters.iter().map(|(name, value)| (name.to_string(), json!(value))).collect();
            return json!({"key": self.key, "url": url, "shape": "list", "api": order.api.word(), "filters": filters,
                "limit": order.limit, "page_size": order.page_size, "disables": order.disables, "settle": SETTLE});
        }
        let Ask { order, id, serial, user, by_serial } = self.ask(seed);
        json!({"key": self.key, "url": url, "shape": "operation", "api": order.api.word(), "operation": order.operation,
            "reason": order.reason, "verify": order.verify, "impatient": order.impatient, "id": id, "serial": serial,
            "user": user, "by_serial": by_serial, "settle": SETTLE})
    }
}
