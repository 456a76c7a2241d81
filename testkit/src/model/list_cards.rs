//! The cards of a list: what they hold, which filters they match, and their records.

use super::random::Random;
use super::task::Api;
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

/// A card of a list.
#[derive(Debug, Clone)]
pub(super) struct ListCard {
    pub(super) id: u64,
    pub(super) serial: String,
    pub(super) user: usize,
    pub(super) state: &'static str,
    kind: &'static str,
    model: Option<&'static str>,
    policy: &'static str,
    tags: Vec<&'static str>,
    comment: Option<&'static str>,
    issued: &'static str,
    updated: Option<&'static str>,
    revoked: Option<&'static str>,
    /// What the server says of its certificates.
    expiry: &'static str,
    /// What the certificates show.
    shows: &'static str,
    guid: String,
}

/// How a server reads filters where the vendor leaves it open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    /// A comment is found by a part of it.
    pub(super) part_of_comment: bool,
    /// A date is a day, and not the first of those meant.
    pub(super) day: bool,
}

pub(super) const STATES: [&str; 4] = ["Issued", "Issued", "Disabled", "Revoked"];
pub(super) const TYPES: [&str; 2] = ["IDPrime MD", "Rutoken"];
pub(super) const MODELS: [&str; 2] = ["IDPrime MD 830", "YubiKey 5"];
pub(super) const POLICIES: [&str; 3] = ["Default", "Contractors", "Default 2"];
pub(super) const TAGS: [&str; 3] = ["office", "leaver", "office-2"];
pub(super) const COMMENTS: [&str; 3] = ["leaver", "second floor", "no leaver"];
pub(super) const DAYS: [&str; 4] =
    ["2024-12-03T11:22:20.1824104Z", "2025-06-01T00:00:00Z", "2026-01-01T09:30:00Z", "2026-03-03T12:00:00Z"];
pub(super) const EXPIRIES: [&str; 3] = ["None", "ManagedCertificatesExpiring", "ManagedCertificatesExpired"];

impl ListCard {
    pub(super) fn new(id: u64, users: usize, random: &mut Random) -> Self {
        let maybe = |random: &mut Random, day| if random.percent(50) { Some(day) } else { None };
        let expiry = random.pick(&EXPIRIES);
        let tags: Vec<&str> = TAGS.into_iter().filter(|_| random.percent(30)).collect();
        let (updated, revoked) = (random.pick(&DAYS), random.pick(&DAYS));
        ListCard {
            id,
            serial: format!("{:06X}{id:04X}", random.below(1 << 24)),
            user: random.place(users),
            state: random.pick(&STATES),
            kind: random.pick(&TYPES),
            model: random.pick(&[Some(MODELS[0]), Some(MODELS[1]), None]),
            policy: random.pick(&POLICIES),
            tags,
            comment: random.pick(&[Some(COMMENTS[0]), Some(COMMENTS[1]), Some(COMMENTS[2]), None, Some("")]),
            issued: random.pick(&DAYS),
            updated: maybe(random, updated),
            revoked: maybe(random, revoked),
            expiry,
            // The server looks at certificates once a night.
            shows: if random.percent(4) { random.pick(&EXPIRIES) } else { expiry },
            guid: random.guid(),
        }
    }

    /// A card that differs by its numbers alone.
    pub(super) fn like(&self, other: &ListCard) -> Self {
        let (id, serial, guid) = (self.id, self.serial.clone(), self.guid.clone());
        ListCard { id, serial, guid, ..other.clone() }
    }

    pub(super) fn user_name(&self) -> String {
        format!("EXAMPLE\\user{}", self.user)
    }

    /// The id by which an API shows it.
    pub(super) fn id(&self, api: Api) -> String {
        if api == Api::Mim { self.guid.clone() } else { self.id.to_string() }
    }

    /// Whether its certificates show a status, whatever the server says of it.
    pub(super) fn shows(&self, status: &str) -> bool {
        self.shows.eq_ignore_ascii_case(status)
    }

    /// Whether it matches a filter.
    pub(super) fn matches(&self, name: &str, value: &str, reading: Reading) -> bool {
        let same = |text: &str| text.eq_ignore_ascii_case(value);
        let since = |day: Option<&str>| {
            let day = day.and_then(|day| day.get(..10));
            let value = value.get(..10).unwrap_or(value);
            day.is_some_and(|day| if reading.day { day == value } else { day >= value })
        };
        match name {
            "state" => same(self.state),
            "serialNumber" => same(&self.serial),
            "userName" | "name" => same(&self.user_name()) || same(&format!("user{}@example.com", self.user)),
            "cardTypeName" => same(self.kind),
            "cardModelName" => self.model.is_some_and(same),
            "policyName" => same(self.policy),
            "tags" => self.tags.contains(&value),
            "comment" if reading.part_of_comment => self.comment.is_some_and(|comment| comment.contains(value)),
            "comment" => self.comment.is_some_and(same),
            "timeIssued" => since(Some(self.issued)),
            "timeUpdated" => since(self.updated),
            "timeRevoked" => since(self.revoked),
            "contentExpirationStatus" => same(self.expiry),
            other => panic!("no filter: {other}"),
        }
    }

    pub(super) fn json(&self, api: Api) -> Value {
        let ListCard { id, serial, state, .. } = self;
        if api == Api::Mim {
            return json!({"Uuid": self.guid, "Status": 3, "Flags": 1, "SerialNumber": serial, "AssignedUserUuid": self.guid,
                "Middleware": "MSBaseCSP", "Atr": "3b8d0180fba000000397425446590301c8"});
        }
        if api == Api::G1 {
            return json!({"id": id.to_string(), "serialNumber": serial, "atr": ATR, "label": "a card", "state": state,
                "pacNumber": null});
        }
        let until = match self.shows {
            "None" => "2047-12-03T00:00:00Z".into(),
            "ManagedCertificatesExpiring" => in_days(11),
            _ => "2021-02-03T00:00:00Z".to_string(),
        };
        json!({"id": id, "serialNumber": serial, "cardTypeName": self.kind, "cardModelName": self.model, "atr": ATR,
            "label": "a card", "comment": self.comment, "tags": self.tags, "state": state, "formFactor": "SmartCard",
            "pacNumber": null, "expirationDate": until, "timeIssued": self.issued, "timeDisabled": null,
            "timeUpdated": self.updated, "timeRevoked": self.revoked, "userId": format!("id of user{}", self.user),
            "userName": self.user_name(), "policyId": 3, "policyName": self.policy,
            "certificates": [{"type": "Managed", "serialNumber": "01", "thumbprint": "AA", "subject": "user",
                "issuer": "EXAMPLE CA", "validTo": until}]})
    }
}

/// The date in some days.
fn in_days(days: u64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs() / 86_400 + days;
    // Howard Hinnant, "chrono-compatible low-level date algorithms": civil_from_days.
    let z = now + 719_468;
    let (era, of_era) = (z / 146_097, z % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{:04}-{month:02}-{day:02}T00:00:00Z", year + era * 400 + carry)
}

const ATR: &str = "3B7F96000080318065B0855956FB120FFE829000";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_matches_by_what_its_record_shows() {
        let random = &mut Random::new(1, 1);
        let reading = Reading { part_of_comment: true, day: false };
        for id in 0..50 {
            let card = ListCard::new(id, 5, random);
            let json = card.json(Api::G7);
            for (filter, value) in [("state", "Issued"), ("policyName", "default"), ("cardModelName", "YubiKey 5")] {
                let shown = json[filter].as_str().is_some_and(|shown| shown.eq_ignore_ascii_case(value));
                assert_eq!(card.matches(filter, value, reading), shown, "{filter}: {json}");
            }
            assert!(card.matches("userName", &format!("USER{}@example.com", card.user), reading));
        }
        assert_eq!(in_days(0).len(), 20);
    }
}
