//! Stand-ins for what must not leave a site: names, serial numbers, ids, hosts.
//!
//! A value gets the same stand-in wherever it stands and however it is spelled, and the stand-in has
//! its shape: as many letters and digits, the same punctuation. So a reader sees what a server's
//! values look like, and not what they are. The key is drawn anew for each recording.
//!
//! What is kept is listed here by name; what is not listed is replaced.

use cardwright_core::base::BASES;
use cardwright_core::certiflow::{Dialect, Endpoint};
use cardwright_core::{Named as _, http, mim};
use serde_json::{Map, Number, Value};
use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};

/// Fields and parameters of which the values are kept, in small letters: words of the vendors', dates,
/// what tells a make of card.
const KEPT: &str = "\
    state status type kind reason formfactor atr middleware flags count offset expirationdate timeissued \
    timedisabled timeupdated timerevoked validto submitted completed contentexpirationstatus requesttype \
    priority profiletemplateversion datacollectionflags issmartcard isenrollmentagent isdatacollectioncomplete \
    operations code errorcode";

/// Fields with sentences of the server's.
const WORDS: &str = "\
    title detail message exceptionmessage error error_description errors modelstate";

/// Headers of which the values are kept.
const HEADERS: &str = "\
    content-type content-length transfer-encoding date server x-powered-by x-aspnet-version retry-after allow \
    cache-control connection content-encoding api-supported-versions";

/// Whether a list of words has a name.
fn has(list: &str, name: &str) -> bool {
    list.split(' ').any(|word| word == name)
}

/// How many values are remembered for finding them in sentences.
const MOST: usize = 200_000;

/// What gives stand-ins.
pub(crate) struct Disguise {
    key: RandomState,
    /// The words of all paths, in small letters.
    paths: HashSet<String>,
    /// Values that were seen, in small letters.
    seen: HashSet<String>,
}

impl Disguise {
    pub(crate) fn new() -> Self {
        let certiflow =
            Dialect::ALL.iter().flat_map(|dialect| Endpoint::ALL.iter().filter_map(|call| call.route_in(*dialect)));
        let routes = certiflow.chain(mim::Endpoint::ALL.iter().map(|call| call.route()));
        let words = routes.flat_map(|route| route.path.split('/')).filter(|word| !word.starts_with('{'));
        let paths =
            words.chain(BASES.iter().flat_map(|base| base.path.split('/'))).map(str::to_ascii_lowercase).collect();
        Disguise { key: RandomState::new(), paths, seen: HashSet::new() }
    }

    /// A value that is to be found in sentences too.
    pub(crate) fn know(&mut self, value: &str) {
        for part in std::iter::once(value).chain(value.split(['\\', '@'])) {
            if part.chars().count() >= 3 && self.seen.len() < MOST {
                self.seen.insert(part.to_lowercase());
            }
        }
    }

    /// The stand-in of a value: its shape with other letters and digits.
    pub(crate) fn value(&mut self, value: &str) -> String {
        self.know(value);
        self.shape(value)
    }

    fn shape(&self, value: &str) -> String {
        let bare: String = value.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        // Nothing is said by nothing, by zeros alone, or by one sign.
        if bare.chars().all(|c| c == '0') || bare.chars().nth(1).is_none() {
            return value.to_string();
        }
        let hex = bare.chars().all(|c| c.is_ascii_hexdigit()) && bare.chars().any(|c| c.is_ascii_digit());
        (0u32..).map(|salt| self.drawn(value, &bare, hex, salt)).find(|stand_in| stand_in != value).unwrap_or_default()
    }

    fn drawn(&self, value: &str, bare: &str, hex: bool, salt: u32) -> String {
        let seed = self.key.hash_one((bare, salt));
        let mut at = 0u32;
        value
            .chars()
            .map(|c| {
                if !c.is_alphanumeric() {
                    return c;
                }
                at += 1;
                let drawn = self.key.hash_one((seed, at));
                let letters: &str = if hex { "abcdef" } else { "abcdefghijklmnopqrstuvwxyz" };
                let pick = |from: &str| from.chars().nth((drawn % from.chars().count() as u64) as usize).unwrap_or('x');
                match c {
                    _ if c.is_ascii_digit() => pick("123456789"),
                    _ if c.is_ascii_uppercase() => pick(letters).to_ascii_uppercase(),
                    _ if c.is_ascii() => pick(letters),
                    _ => pick("бвгджзклмнпрст"),
                }
            })
            .collect()
    }

    /// A JSON value of a field.
    pub(crate) fn json(&mut self, field: &str, value: &Value) -> Value {
        let name = field.to_ascii_lowercase();
        match value {
            Value::Null | Value::Bool(_) => value.clone(),
            Value::Number(number) => Value::Number(self.number(&name, number)),
            Value::String(text) => Value::String(self.text(&name, text)),
            Value::Array(items) => items.iter().map(|item| self.json(field, item)).collect(),
            Value::Object(fields) => {
                let words = has(WORDS, &name);
                let mut out = Map::new();
                for (key, value) in fields {
                    // Below `errors` each key names a parameter, and its value is a sentence.
                    let its = if words { name.as_str() } else { key };
                    out.insert(key.clone(), self.json(its, value));
                }
                Value::Object(out)
            }
        }
    }

    fn number(&mut self, name: &str, number: &Number) -> Number {
        let text = number.to_string();
        if has(KEPT, name) || text.len() == 1 {
            return number.clone();
        }
        serde_json::from_str(&self.value(&text)).unwrap_or_else(|_| Number::from(0))
    }

    fn text(&mut self, name: &str, text: &str) -> String {
        match name {
            // The body of a change of an account.
            "password" => "(left out)".to_string(),
            _ if text.is_empty() => String::new(),
            // What a problem links to names the server, unless it is the standard's own page.
            _ if text.contains("://") && !text.starts_with("https://tools.ietf.org/") => self.address(text),
            _ if has(KEPT, name) && text.contains(char::is_whitespace) => self.sentence(text),
            _ if has(KEPT, name) && text.len() <= 100 => text.to_string(),
            _ if has(WORDS, name) => self.sentence(text),
            // A text with no field is a path (MIM CM's new request), or something said.
            "" if text.contains('/') && !text.contains(' ') => self.path(text),
            "" => self.sentence(text),
            _ => self.value(text),
        }
    }

    /// A sentence: what was seen as a value, and what looks like a name, a number or an address, is
    /// replaced. A name that was never seen as a value stays: nobody can tell it from a word.
    pub(crate) fn sentence(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        // Values of several words first, the longest before the others.
        let mut text = text.to_string();
        let lower = text.to_lowercase();
        let mut several: Vec<String> =
            self.seen.iter().filter(|value| value.contains(' ') && lower.contains(value.as_str())).cloned().collect();
        several.sort_by_key(|value| std::cmp::Reverse(value.len()));
        for value in several {
            while let Some(at) = text.to_lowercase().find(&value) {
                let Some(found) = text.get(at..at + value.len()).map(str::to_string) else { break };
                let stand_in = self.shape(&found);
                text.replace_range(at..at + value.len(), &stand_in);
            }
        }
        for word in text.split_inclusive(|c: char| c.is_whitespace() || "\"'()[]{}<>,;:=".contains(c)) {
            let end = word.trim_end_matches(|c: char| !c.is_alphanumeric());
            let token = end.trim_start_matches(|c: char| !c.is_alphanumeric());
            let start = end.len() - token.len();
            let telling = token.contains(['\\', '@'])
                || token.chars().any(|c| c.is_ascii_digit()) && token.len() > 3
                || token.trim_matches('.').contains('.')
                || self.seen.contains(&token.to_lowercase());
            out.push_str(end.get(..start).unwrap_or(""));
            out.push_str(&if telling { self.shape(token) } else { token.to_string() });
            out.push_str(word.get(end.len()..).unwrap_or(""));
        }
        out
    }

    /// An address: the host is another, and so is what is no word of an API.
    pub(crate) fn address(&mut self, address: &str) -> String {
        let Some((scheme, rest)) = address.split_once("://") else { return self.path(address) };
        let (host, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        self.know(host);
        self.know(host.rsplit_once(':').map_or(host, |(name, _)| name));
        let number = self.key.hash_one(host.to_ascii_lowercase()) % 10_000;
        format!("{scheme}://host-{number:04}.example{}", self.path(path))
    }

    /// A path with its parameters.
    fn path(&mut self, path: &str) -> String {
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        let segments: Vec<String> = path.split('/').map(|segment| self.part("", segment)).collect();
        let mut out = segments.join("/");
        if let Some(query) = query {
            let pairs = query.split('&').map(|pair| match pair.split_once('=') {
                Some((name, value)) => format!("{name}={}", self.part(name, value)),
                None => self.part("", pair),
            });
            out = format!("{out}?{}", pairs.collect::<Vec<_>>().join("&"));
        }
        out
    }

    fn part(&mut self, name: &str, part: &str) -> String {
        let lower = part.to_ascii_lowercase();
        if part.is_empty() || self.paths.contains(&lower) || has(KEPT, &name.to_ascii_lowercase()) {
            return part.to_string();
        }
        let stand_in = self.value(&decoded(part));
        let mut out = String::new();
        // A String takes everything.
        let _ = http::encode(&stand_in, &mut out);
        out
    }

    /// The value of a header; `None` for one that is only named.
    pub(crate) fn header(&mut self, name: &str, value: &str) -> Option<String> {
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "location" => Some(self.address(value)),
            // The scheme alone: what follows may be a ticket, or name a realm.
            "www-authenticate" => value.split_whitespace().next().map(str::to_string),
            _ => has(HEADERS, &name).then(|| value.to_string()),
        }
    }
}

/// A part of an address without its percent signs.
fn decoded(part: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = part.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let pair = more.get(..2).and_then(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        match (first, pair) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = more.get(2..).unwrap_or(&[]);
            }
            _ => {
                bytes.push(*first);
                rest = more;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_has_one_stand_in_however_it_is_spelled() {
        let mut disguise = Disguise::new();
        let plain = disguise.value("02a1b3c4");
        assert_eq!(disguise.value("02A1B3C4").to_ascii_lowercase(), plain);
        let guid = disguise.value("{D1EF6869-5517-42a0-8f05-16ca1a0b834d}");
        assert_eq!(
            disguise.value("d1ef6869551742a08f0516ca1a0b834d"),
            guid.to_ascii_lowercase().replace(['{', '}', '-'], "")
        );
        assert_ne!(disguise.value("02A1B3C5"), disguise.value("02A1B3C4"));
        assert_ne!(Disguise::new().value("02a1b3c4"), plain, "each recording has its own");
    }

    #[test]
    fn a_persons_number_has_a_stand_in_wherever_it_stands() {
        for number in ["AS0123456", "9990123456789001", "0669A1B2C3D4E5", "534C494E0123456789ABCDEF10325476"] {
            let mut disguise = Disguise::new();
            let said = [
                disguise.path(&format!("/certiflow/api/v2/cards?serialNumber={number}&count=500")),
                disguise.path(&format!("/certiflow/api/v2/cards/{number}")),
                disguise.json("", &json!([{ "serialNumber": number, "label": number }])).to_string(),
                disguise.sentence(&format!("No card has the serial number '{number}'.")),
                // Before it was seen as a value.
                Disguise::new().sentence(&format!("card {number} is unknown")),
            ];
            for said in said {
                assert!(!said.to_lowercase().contains(&number.to_lowercase()), "{said}");
            }
        }
    }

    #[test]
    fn of_a_password_not_even_the_shape_is_there() {
        let mut disguise = Disguise::new();
        for password in ["0000", "x", "http://secret.example/x", "Active"] {
            assert_eq!(disguise.json("Password", &json!(password)), json!("(left out)"));
        }
    }

    #[test]
    fn a_stand_in_has_the_shape_of_the_value_and_nothing_else_of_it() {
        let mut disguise = Disguise::new();
        let name = disguise.value(r"DEMO\Ivan.Petrov7");
        assert_eq!(name.len(), 17);
        assert!(name.get(..5).is_some_and(|domain| domain.ends_with('\\') && domain != "DEMO\\"), "{name}");
        assert_eq!(disguise.value("00000000-0000-0000-0000-000000000000"), "00000000-0000-0000-0000-000000000000");
        assert!(!disguise.value("Иван").contains("Иван"));
        let number = disguise.json("id", &json!(1013));
        assert_eq!((number.to_string().len(), number == json!(1013)), (4, false));
    }

    #[test]
    fn words_of_the_vendors_stay_and_what_is_not_known_goes() {
        let mut disguise = Disguise::new();
        let card = json!({"state": "Issued", "atr": "3B8D", "timeIssued": "2024-01-01T00:00:00Z", "Status": 3, "secret": "hunter22"});
        let out = disguise.json("", &card);
        for field in ["state", "atr", "timeIssued", "Status"] {
            assert_eq!(out[field], card[field]);
        }
        assert_ne!(out["secret"], card["secret"]);
        let linked = disguise.json("", &json!({"type": "https://cm.corp.example/errors/1", "reason": "by DEMO\\ip"}));
        assert!(!linked.to_string().contains("corp") && !linked.to_string().contains("DEMO"), "{linked}");
    }

    #[test]
    fn an_address_keeps_its_words_and_a_sentence_loses_what_was_seen() {
        let mut disguise = Disguise::new();
        let address = disguise
            .address("https://cm.corp.example:8443/certiflow/api/Cards/1013/Revoke?reason=CardLost&userName=DEMO%5Cip");
        let id = disguise.value("1013");
        assert!(
            address.contains(&format!(".example/certiflow/api/Cards/{id}/Revoke?reason=CardLost&userName=")),
            "{address}"
        );
        assert!(!address.contains("corp") && !address.contains("DEMO"), "{address}");
        disguise.know("Ivan Petrov");
        let message =
            disguise.sentence("Card 1013: Enable is refused (409) for DEMO\\ip and Ivan Petrov at cm.corp.example.");
        assert!(message.starts_with(&format!("Card {id}: Enable is refused (409) for ")), "{message}");
        for gone in ["DEMO", "Ivan", "Petrov", "corp"] {
            assert!(!message.contains(gone), "{message}");
        }
    }
}
