//! A CertiFlow of one of its seven generations, written by hand from the vendor's pages and from no table of ours: what
//! clients of every generation are judged by.
//!
//! It keeps six cards, passes over parameters that it does not know, as ASP.NET does, and records each operation.

use crate::raw::{Raw, answer, json};
use serde_json::{Map, Value, json as value};
use std::sync::{Arc, Mutex};

/// An operation that was carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    pub id: i64,
    /// `revoke`, `disable`, `enable`, `preupdate` or `withdraw`.
    pub operation: String,
    /// The number of the reason; 0 where none was found.
    pub reason: u64,
}

/// The server.
pub struct Generation {
    raw: Raw,
    base: String,
    done: Arc<Mutex<Vec<Done>>>,
}

/// The reasons by their numbers.
const REASONS: [&str; 8] =
    ["None", "CardBroken", "CardLost", "CardUpgrade", "CardExpired", "CardWithdraw", "UserRemoved", "CardCompromised"];

impl Generation {
    /// A server of generation `n` at its usual base.
    pub fn start(n: u8) -> Self {
        let base = match n {
            1..=4 => "/icmapi",
            5 => "/cm/api",
            _ => "/certiflow/api",
        };
        Self::at(n, base)
    }

    /// A server of generation `n` at a base.
    pub fn at(n: u8, base: &str) -> Self {
        Self::behind(n, base, |_, reply| reply)
    }

    /// A server at a base, behind something that may answer otherwise: it is given the request and the answer.
    pub fn behind(n: u8, base: &str, front: impl Fn(&str, Vec<u8>) -> Vec<u8> + Send + 'static) -> Self {
        let cards = Mutex::new(cards());
        let done = Arc::new(Mutex::new(Vec::new()));
        let (its, prefix) = (Arc::clone(&done), base.to_string());
        let raw = Raw::answering(move |request| {
            let mut cards = cards.lock().expect("no panic while held");
            let mut done = its.lock().expect("no panic while held");
            front(request, Asked::new(request, &prefix).answer(n, &mut cards, &mut done))
        });
        Generation { raw, base: base.into(), done }
    }

    /// The base of its API.
    pub fn url(&self) -> String {
        self.raw.url(&self.base)
    }

    /// What was carried out.
    pub fn done(&self) -> Vec<Done> {
        self.done.lock().expect("no panic while held").clone()
    }

    /// The requests that came.
    pub fn requests(&self) -> Vec<String> {
        self.raw.requests()
    }
}

/// Two cards of one user, one of each state, and models, policies and times of their own.
fn cards() -> Vec<Map<String, Value>> {
    let rows = [
        (11, "AA11", "Issued", "user1", "IDPrime", "IDPrime MD 830", "HQ", "vip", "Default", "2024-01-01"),
        (12, "BB12", "Issued", "user2", "eToken", "eToken 72K", "Branch", "field", "Contractors", "2025-01-01"),
        (13, "CC13", "Disabled", "user1", "eToken", "eToken 72K", "HQ", "field", "Default", "2024-06-01"),
        (14, "DD14", "Revoked", "user3", "Rutoken", "Rutoken ECP", "Lost", "old", "Default", "2023-01-01"),
        (15, "EE15", "Clean", "", "Rutoken", "Rutoken ECP", "Stock", "stock", "", ""),
        (16, "FF16", "Issued", "user4", "Rutoken", "Rutoken ECP 2", "HQ 2", "desk", "Guests", "2026-01-01"),
    ];
    let or_null = |text: &str| if text.is_empty() { Value::Null } else { text.into() };
    let card = |(id, serial, state, user, kind, model, comment, tag, policy, issued): (
        i64,
        _,
        _,
        &str,
        _,
        _,
        _,
        _,
        _,
        &str,
    )| {
        let time = if issued.is_empty() { String::new() } else { format!("{issued}T10:00:00Z") };
        let user_name = if user.is_empty() { String::new() } else { format!("DEMO\\{user}") };
        let whole = value!({
            "id": id, "serialNumber": serial, "cardTypeName": kind, "cardModelName": model, "atr": "3B00",
            "label": format!("card {id}"), "comment": comment, "tags": [tag], "state": state, "formFactor": "SmartCard",
            "pacNumber": null, "expirationDate": null, "timeIssued": or_null(&time), "timeDisabled": null,
            "timeUpdated": or_null(&time), "timeRevoked": if state == "Revoked" { or_null(&time) } else { Value::Null },
            "userId": or_null(user), "userName": or_null(&user_name), "policyId": 1, "policyName": or_null(policy),
            "certificates": [],
        });
        whole.as_object().expect("an object").clone()
    };
    rows.into_iter().map(card).collect()
}

/// The fields that the page of a generation lists.
fn fields(n: u8) -> &'static [&'static str] {
    match n {
        1 => &["id", "serialNumber", "atr", "label", "state", "pacNumber"],
        2 => &["id", "serialNumber", "atr", "label", "state", "formFactor", "pacNumber", "expirationDate"],
        3 => &[
            "id",
            "serialNumber",
            "cardTypeName",
            "cardModelName",
            "atr",
            "label",
            "comment",
            "tags",
            "state",
            "formFactor",
            "pacNumber",
            "expirationDate",
        ],
        _ => &[
            "id",
            "serialNumber",
            "cardTypeName",
            "cardModelName",
            "atr",
            "label",
            "comment",
            "tags",
            "state",
            "formFactor",
            "pacNumber",
            "expirationDate",
            "timeIssued",
            "timeDisabled",
            "timeUpdated",
            "timeRevoked",
            "userId",
            "userName",
            "policyId",
            "policyName",
            "certificates",
        ],
    }
}

/// The filters that the page of a generation lists, as they are written.
fn filters(n: u8) -> &'static [(&'static str, &'static str)] {
    match n {
        1 | 2 => &[],
        3 => &[
            ("filter.serialnumber", "serialNumber"),
            ("filter.cardtypename", "cardTypeName"),
            ("filter.comment", "comment"),
            ("filter.tags", "tags"),
        ],
        4 | 5 => &[
            ("filter.serialnumber", "serialNumber"),
            ("filter.username", "userName"),
            ("filter.cardtypename", "cardTypeName"),
            ("filter.comment", "comment"),
            ("filter.tags", "tags"),
            ("filter.state", "state"),
        ],
        6 => &[
            ("serialnumber", "serialNumber"),
            ("username", "userName"),
            ("cardtypename", "cardTypeName"),
            ("comment", "comment"),
            ("tags", "tags"),
            ("state", "state"),
        ],
        _ => &[
            ("serialnumber", "serialNumber"),
            ("username", "userName"),
            ("cardtypename", "cardTypeName"),
            ("cardmodelname", "cardModelName"),
            ("comment", "comment"),
            ("tags", "tags"),
            ("policyname", "policyName"),
            ("state", "state"),
            ("timeissued", "timeIssued"),
            ("timeupdated", "timeUpdated"),
            ("timerevoked", "timeRevoked"),
        ],
    }
}

/// A request, taken apart.
struct Asked<'r> {
    method: &'r str,
    path: Vec<String>,
    query: Vec<(String, String)>,
    body: &'r str,
}

impl<'r> Asked<'r> {
    fn new(request: &'r str, base: &str) -> Self {
        let (head, body) = request.split_once("\r\n\r\n").unwrap_or((request, ""));
        let mut words = head.split(' ');
        let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let below = path.to_ascii_lowercase();
        let below = below.strip_prefix(&base.to_ascii_lowercase()).unwrap_or("?");
        let path = below.split('/').filter(|part| !part.is_empty()).map(decoded).collect();
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let query = pairs.map(|(name, value)| (decoded(name).to_ascii_lowercase(), decoded(value))).collect();
        Asked { method, path, query, body }
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(its, _)| its == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    fn answer(&self, n: u8, cards: &mut [Map<String, Value>], done: &mut Vec<Done>) -> Vec<u8> {
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        match (self.method, path.as_slice(), n) {
            ("GET", ["user", "getcards"], 1..=3) => self.of_user(n, cards),
            ("GET", ["card", "getallcards"], 2..=3) | ("GET", ["cards"], 4..) => self.list(n, cards),
            ("GET", ["cards", id], 7) => match cards.iter().find(|card| has_id(card, id)) {
                Some(card) => json(&shown(card, n).to_string()),
                None => missing(n, "The card is not found."),
            },
            ("POST", ["card", operation @ ("revoke" | "disable" | "enable" | "preupdate")], 1..=3) => {
                self.operate(n, self.parameter("id").unwrap_or(""), operation, cards, done)
            }
            ("POST", ["cards", id, operation @ ("revoke" | "disable" | "enable" | "preupdate")], 4..)
            | ("POST", ["cards", id, operation @ "withdraw"], 7) => self.operate(n, id, operation, cards, done),
            _ if n < 5 => answer("404 Not Found", "text/html", "<html><title>404</title></html>"),
            _ => answer("404 Not Found", "text/plain", ""),
        }
    }

    fn of_user(&self, n: u8, cards: &[Map<String, Value>]) -> Vec<u8> {
        let Some(name) = self.parameter("name") else { return missing(n, "name") };
        let name = name.split('@').next().unwrap_or("");
        let his =
            |card: &&Map<String, Value>| card["userName"].as_str().is_some_and(|its| its == format!("DEMO\\{name}"));
        list_of(cards.iter().filter(his), n)
    }

    fn list(&self, n: u8, cards: &[Map<String, Value>]) -> Vec<u8> {
        let fits = |card: &&Map<String, Value>| {
            filters(n).iter().all(|(parameter, field)| {
                let wanted: Vec<&str> =
                    self.query.iter().filter(|(name, _)| name == parameter).map(|(_, value)| value.as_str()).collect();
                wanted.is_empty()
                    || wanted.iter().any(|wanted| match &card[*field] {
                        Value::String(its) if field.starts_with("time") => its.starts_with(wanted),
                        Value::String(its) if *field == "userName" => {
                            // DOMAIN\LogonName since G6, before the logon name alone; a UPN in all.
                            let name = its.split('\\').next_back().unwrap_or("");
                            its == wanted && n >= 6
                                || name == *wanted && n < 6
                                || wanted.split_once('@').is_some_and(|(its, _)| its == name)
                        }
                        Value::String(its) => its.eq_ignore_ascii_case(wanted),
                        Value::Array(tags) => tags.iter().any(|tag| tag == wanted),
                        _ => false,
                    })
            })
        };
        let number = |name| self.parameter(name).and_then(|text| text.parse::<usize>().ok());
        let (offset, count) = (number("offset").unwrap_or(0), number("count").unwrap_or(usize::MAX));
        list_of(cards.iter().filter(fits).skip(offset).take(count), n)
    }

    fn operate(
        &self,
        n: u8,
        id: &str,
        operation: &str,
        cards: &mut [Map<String, Value>],
        done: &mut Vec<Done>,
    ) -> Vec<u8> {
        let Some(card) = cards.iter_mut().find(|card| has_id(card, id)) else {
            return missing(n, "The card is not found.");
        };
        let reason = if operation == "revoke" { self.reason(n) } else { Some(0) };
        let Some(reason) = reason else { return answer("400 Bad Request", "application/json", "{}") };
        let to = match (operation, card["state"].as_str().unwrap_or("")) {
            ("revoke", "Issued" | "Disabled" | "Pending") => "Revoked",
            ("disable", "Issued") => "Disabled",
            ("enable", "Disabled") | ("preupdate", "Issued") => "Issued",
            ("withdraw", "Revoked") => "Clean",
            _ => return answer("409 Conflict", "application/json", "{}"),
        };
        card["state"] = to.into();
        let id = card["id"].as_i64().expect("a number");
        done.push(Done { id, operation: operation.into(), reason });
        answer("200 OK", "text/plain", "")
    }

    /// The number of the reason: in the body up to G5, a parameter since G6. `None` for one that the generation lacks.
    fn reason(&self, n: u8) -> Option<u64> {
        let given = if n <= 5 {
            serde_json::from_str::<Value>(self.body).ok().map(|body| body["reason"].clone())
        } else {
            self.parameter("reason").map(Value::from)
        };
        let number = match given {
            None | Some(Value::Null) => 0,
            Some(Value::Number(number)) => number.as_u64()?,
            Some(Value::String(word)) => {
                let by_name = REASONS.iter().position(|name| name.eq_ignore_ascii_case(&word)).map(|at| at as u64);
                by_name.or_else(|| word.parse().ok())?
            }
            Some(_) => return None,
        };
        (number < if n == 1 { 7 } else { 8 }).then_some(number)
    }
}

fn shown(card: &Map<String, Value>, n: u8) -> Value {
    let mut shown: Map<String, Value> =
        fields(n).iter().map(|field| (field.to_string(), card[*field].clone())).collect();
    if n <= 3 {
        shown["id"] = card["id"].to_string().into();
    }
    shown.into()
}

fn list_of<'c>(cards: impl Iterator<Item = &'c Map<String, Value>>, n: u8) -> Vec<u8> {
    json(&Value::Array(cards.map(|card| shown(card, n)).collect()).to_string())
}

fn missing(n: u8, words: &str) -> Vec<u8> {
    let body = if n < 5 { value!({ "Message": words }) } else { value!({ "title": words, "status": 404 }) };
    answer("404 Not Found", "application/json", &body.to_string())
}

fn has_id(card: &Map<String, Value>, id: &str) -> bool {
    card["id"].as_i64().is_some_and(|its| id.parse() == Ok(its))
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        bytes.push(u8::from_str_radix(after.get(..2).expect("two digits"), 16).expect("hexadecimal"));
        rest = after.get(2..).expect("two digits");
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8(bytes).expect("UTF-8")
}
