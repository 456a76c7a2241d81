//! A server of each generation of CertiFlow's API, as small as one can be: it has the calls and the filters that its
//! generation has, ignores parameters that it does not know, and answers 404 for all else.

use super::fake::{Fake, answer, json};
use std::sync::Mutex;

/// The cards: id, serial number, user.
const CARDS: [(&str, &str, &str); 3] =
    [("7", "AB01", "ivan@demo.example"), ("8", "AB02", "ivan@demo.example"), ("9", "AB03", "anna@demo.example")];

/// The base of each generation.
pub(crate) const BASES: [(u8, &str); 7] = [
    (1, "/icmapi"),
    (2, "/icmapi"),
    (3, "/icmapi"),
    (4, "/icmapi"),
    (5, "/cm/api"),
    (6, "/certiflow/api"),
    (7, "/certiflow/api"),
];

/// A server of a generation, whose cards are all issued.
pub(crate) fn server(generation: u8) -> Fake {
    let states = Mutex::new(["Issued"; 3]);
    let base = BASES.iter().find(|(its, _)| *its == generation).expect("a generation").1;
    Fake::answering(move |line, _| {
        let mut states = states.lock().expect("no panic while held");
        let (method, target) = line.split_once(' ').unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let path = path.strip_prefix(base).unwrap_or_default().trim_start_matches('/');
        respond(generation, (method, path), query, &mut states)
    })
}

fn respond(generation: u8, call: (&str, &str), query: &str, states: &mut [&'static str; 3]) -> String {
    let value = |name: &str| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(its, _)| *its == name).map(|(_, value)| value.replace("%40", "@")).next()
    };
    let missing = || answer("404 Not Found", "Content-Type: application/json\r\n", "{\"title\":\"Not Found\"}");
    let position = |id: &str| CARDS.iter().position(|(its, ..)| *its == id);
    match call {
        ("GET", "user/getcards") if generation <= 3 => {
            let user = value("name").unwrap_or_default();
            list(generation, states, |at| CARDS[at].2 == user)
        }
        ("GET", "Card/GetAllCards") if (2..=3).contains(&generation) => {
            let serial = value("filter.serialNumber").filter(|_| generation == 3);
            page(generation, states, &value, |at| serial.as_deref().is_none_or(|serial| CARDS[at].1 == serial))
        }
        ("GET", "Cards") if generation >= 4 => {
            let name = |name: &str| if generation <= 5 { format!("filter.{name}") } else { name.to_string() };
            let (serial, user, state) = (value(&name("serialNumber")), value(&name("userName")), value(&name("state")));
            let policy = value("policyName").filter(|_| generation == 7);
            let as_asked = |states: &[&str; 3], at: usize| {
                serial.as_deref().is_none_or(|serial| CARDS[at].1 == serial)
                    && user.as_deref().is_none_or(|user| CARDS[at].2 == user)
                    && state.as_deref().is_none_or(|state| states[at] == state)
                    && policy.as_deref().is_none_or(|policy| policy == "Default")
            };
            page(generation, states, &value, |at| as_asked(states, at))
        }
        ("GET", path) if generation == 7 => match path.strip_prefix("Cards/").and_then(position) {
            Some(at) => json(&card(generation, states, at)),
            None => missing(),
        },
        ("POST", path) => {
            let (id, word) = match path.strip_prefix("Cards/").filter(|_| generation >= 4) {
                Some(rest) => rest.split_once('/').unwrap_or_default(),
                None => ("", path.strip_prefix("card/").filter(|_| generation <= 3).unwrap_or_default()),
            };
            let id = value("id").unwrap_or_else(|| id.to_string());
            let state = match word {
                "Disable" | "disable" => "Disabled",
                "Enable" | "enable" => "Issued",
                "Revoke" | "revoke" => "Revoked",
                _ => return missing(),
            };
            match position(&id) {
                Some(at) => {
                    states[at] = state;
                    answer("204 No Content", "", "")
                }
                None => missing(),
            }
        }
        _ => missing(),
    }
}

fn page(
    generation: u8,
    states: &[&str; 3],
    value: &dyn Fn(&str) -> Option<String>,
    is_asked: impl Fn(usize) -> bool,
) -> String {
    let number = |name: &str| value(name).and_then(|text| text.parse::<usize>().ok());
    let found = (0..CARDS.len()).filter(|at| is_asked(*at)).skip(number("offset").unwrap_or(0));
    let found: Vec<usize> = found.take(number("count").unwrap_or(usize::MAX)).collect();
    list(generation, states, |at| found.contains(&at))
}

fn list(generation: u8, states: &[&str; 3], is_asked: impl Fn(usize) -> bool) -> String {
    let cards: Vec<String> =
        (0..CARDS.len()).filter(|at| is_asked(*at)).map(|at| card(generation, states, at)).collect();
    json(&format!("[{}]", cards.join(",")))
}

fn card(generation: u8, states: &[&str; 3], at: usize) -> String {
    let ((id, serial, user), state) = (CARDS[at], states[at]);
    let user = if generation >= 4 { format!(r#","userName":"{user}","policyName":"Default""#) } else { String::new() };
    format!(r#"{{"id":{id},"serialNumber":"{serial}","atr":"3B00","label":"a card","state":"{state}"{user}}}"#)
}
