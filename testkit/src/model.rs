//! A server that keeps the truth of a small registry, and misbehaves by a seed.
//!
//! A seed decides what is asked of a client and what the server does otherwise than it should: statuses and bodies,
//! lost answers, changes that are carried out late or not at all, reads that fail or show another card, filters that
//! are not looked at, pages of its own size, cards that come and go. The server records every request that arrived
//! whole and every change to the truth. A client is judged by that: what it says must be so. The same seed misbehaves
//! in the same way each time, for one card alone and for many in a bulk run.
//!
//! One [`Model`] serves many worlds, each below a path of its own. Another process asks for a world by `GET
//! /task/SEED`, and for the verdict by `POST /judge/KEY` with what it came to.

mod certiflow;
mod judge;
mod list_cards;
mod list_story;
mod listing;
mod mim;
mod random;
mod request_story;
mod script;
mod serve;
mod story;
mod task;
mod wire;
mod world;

pub use judge::Judgement;
pub use list_story::ListOrder;
pub use task::{Api, GROUP, Order, SETTLE, Said, Shape};
pub use world::{Ask, World};

use serde_json::{Value, json};
use serve::Listening;
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use wire::{Asked, Reply};

/// The server of all worlds.
#[derive(Debug)]
pub struct Model {
    listening: Listening,
    worlds: Arc<Worlds>,
}

/// Worlds by their keys, each with the port of its own that it may have.
type Served = HashMap<u64, (Arc<World>, Option<Listening>)>;

/// The worlds that are open.
#[derive(Debug, Default)]
struct Worlds {
    next: AtomicU64,
    open: Mutex<Served>,
}

/// A world that is served until this is dropped.
#[derive(Debug)]
pub struct Open {
    world: Arc<World>,
    url: String,
    worlds: Arc<Worlds>,
}

impl Model {
    /// A server on a free loopback port.
    pub fn start() -> Self {
        let worlds = Arc::new(Worlds::default());
        let its = Arc::clone(&worlds);
        let address = Arc::new(Mutex::new(String::new()));
        let known = Arc::clone(&address);
        let listening = Listening::together(move |asked| {
            let address = known.lock().unwrap_or_else(PoisonError::into_inner).clone();
            its.answer(asked, &address)
        });
        *address.lock().unwrap_or_else(PoisonError::into_inner) = listening.address.to_string();
        Model { listening, worlds }
    }

    /// The world of one seed, for an operation on its card or for its list.
    pub fn single(&self, seed: u64) -> Open {
        self.open(&[seed], true)
    }

    /// The world of some seeds of one group, for a bulk run over their cards.
    pub fn bulk(&self, seeds: &[u64]) -> Open {
        self.open(seeds, false)
    }

    fn open(&self, seeds: &[u64], single: bool) -> Open {
        let (world, url) = self.worlds.open(seeds, single, &self.listening.address.to_string());
        Open { world, url, worlds: Arc::clone(&self.worlds) }
    }

    /// The address under which other processes ask for tasks.
    pub fn url(&self) -> String {
        format!("http://{}", self.listening.address)
    }
}

impl Worlds {
    fn open(&self, seeds: &[u64], single: bool, address: &str) -> (Arc<World>, String) {
        let key = self.next.fetch_add(1, Ordering::Relaxed) + 1;
        let world = Arc::new(World::new(key, seeds, single));
        let own = world.is_fickle().then(|| Listening::alone(Arc::clone(&world)));
        let address = own.as_ref().map_or(address.to_string(), |own| own.address.to_string());
        let url = format!("http://{address}{}", world.base());
        self.lock().insert(key, (Arc::clone(&world), own));
        (world, url)
    }

    fn lock(&self) -> MutexGuard<'_, Served> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn world(&self, key: &str) -> Option<Arc<World>> {
        self.lock().get(&key.parse().ok()?).map(|(world, _)| Arc::clone(world))
    }

    fn close(&self, key: u64) {
        let closed = self.lock().remove(&key);
        drop(closed);
    }

    fn answer(&self, asked: &Asked, address: &str) -> Reply {
        let Some(parts) = asked.below("") else { return Reply::new(404, "") };
        match (asked.method.as_str(), parts.first().map(String::as_str), parts.get(1)) {
            (_, Some("w"), Some(key)) => match self.world(key) {
                Some(world) => world.answer(asked),
                None => Reply::new(404, r#"{"detail":"no such world"}"#),
            },
            ("GET", Some("task"), Some(seed)) => match seed.parse() {
                Ok(seed) => {
                    let (world, url) = self.open(&[seed], true, address);
                    Reply::new(200, &world.task(&url).to_string())
                }
                Err(_) => Reply::new(404, r#"{"detail":"a seed is a number"}"#),
            },
            ("POST", Some("judge"), Some(key)) => match self.world(key) {
                Some(world) => {
                    let reply = Reply::new(200, &verdict(&world, &asked.body).to_string());
                    self.close(world.key);
                    reply
                }
                None => Reply::new(404, r#"{"detail":"no such world"}"#),
            },
            _ => Reply::new(404, ""),
        }
    }
}

/// What is wrong with what another process came to: `{"said": WORD}` of an operation, `{"ids": […], "failed": …}` of
/// a list; `more` is shown beside it.
fn verdict(world: &World, body: &str) -> Value {
    let came_to: Value = serde_json::from_str(body).expect("what the client came to, in JSON");
    let seed = world.seeds[0];
    let judgement = match Shape::of(seed) {
        Shape::Operation => {
            let word = came_to["said"].as_str().expect("a word");
            world.judge(seed, Said::from_word(word).unwrap_or_else(|| panic!("no such end: {word}")))
        }
        Shape::List => {
            let ids = came_to["ids"].as_array().expect("ids").iter();
            let ids: Vec<String> = ids.map(|id| id.as_str().expect("a text").into()).collect();
            world.judge_list(&ids, came_to["failed"].as_bool().expect("whether it failed"))
        }
    };
    let Judgement { wrong, missed } = judgement;
    let words = |what: &[String]| match what {
        [] => String::new(),
        what => world.describe(seed, what, &came_to["more"].to_string()),
    };
    json!({ "wrong": words(&wrong), "missed": words(&missed) })
}

impl Open {
    /// The address of the API's base.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Deref for Open {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.worlds.close(self.world.key);
    }
}
