//! CertiFlow: the privilege to read, filters, and what the server speaks.

use super::answer::{Asker, list};
use super::report::Checks;
use super::system::{Examine, ignored};
use crate::failure::Kind;
use crate::target::Target;
use cardwright_client::{Raw, is_no_api};
use cardwright_core::Named as _;
use cardwright_core::base::Base;
use cardwright_core::certiflow::{CardState, Dialect, Endpoint, Privilege};
use serde_json::Value;

/// What no card has: no serial number, user or model is this.
const NOBODY: &str = "0cardwright-doctor-no-such-value";

/// The filters by a text, for which a value that nobody has must find nothing, and the first dialect of each.
const BY_TEXT: [(&str, Dialect); 6] = [
    ("serialNumber", Dialect::G6),
    ("cardTypeName", Dialect::G6),
    ("comment", Dialect::G6),
    ("tags", Dialect::G6),
    ("cardModelName", Dialect::G7),
    ("policyName", Dialect::G7),
];

pub(crate) struct CertiFlow;

impl Examine for CertiFlow {
    fn first_path(&self, target: &Target) -> String {
        match target.dialect {
            Dialect::G1 => cards(target.dialect, &format!("name={NOBODY}")),
            _ => cards(target.dialect, "count=1"),
        }
    }

    fn path_at(&self, base: &Base) -> String {
        match base.dialect().unwrap_or_default() {
            Dialect::G7 => cards(Dialect::G7, "count=1"),
            dialect => route(dialect).to_string(),
        }
    }

    /// G1 answers 404 for an unknown user.
    fn is_answer(&self, target: &Target, answer: &Raw) -> Option<&'static str> {
        let is_g1 = target.dialect == Dialect::G1 && answer.status == 404;
        let is_api = answer.content_type.starts_with("application/") && !is_no_api(&answer.body);
        (is_g1 && is_api).then_some("an API answers, and does not know the user who cannot exist (status 404)")
    }

    fn forbidden(&self, target: &Target) -> (&'static str, String) {
        let viewing = name(target, Privilege::ViewingCardRepository);
        let next = format!("a service role with the privilege \"{viewing}\" must hold this account");
        ("cards may not be read (403)", next)
    }

    fn privileges(&self, checks: &mut Checks<'_>, target: &Target, asker: &Asker, _: Option<&[Value]>) {
        if target.dialect == Dialect::G1 {
            checks.ok("privileges", "cards may be read; others show only when they are used");
            return;
        }
        let by_user = asker.get(&cards(target.dialect, &format!("userName={NOBODY}&count=1")));
        if by_user.is_ok_and(|answer| answer.status == 403) {
            let next = format!(
                "the privilege \"{}\" is missing: cards cannot be found by their user",
                name(target, Privilege::FindingUsers)
            );
            checks.warn("privileges", "cards may be read, and not by their user (403)", next);
        } else {
            checks.ok("privileges", "cards may be read, also by their user; others show only when they are used");
        }
    }

    fn filters(&self, checks: &mut Checks<'_>, target: &Target, asker: &Asker, listed: &[Value]) {
        let other = "is --dialect right, and --url the API's base? Do not rely on filters here";
        if target.dialect == Dialect::G1 {
            return match listed {
                [] => checks.ok("filters", "a user who cannot exist has no cards"),
                _ => checks.fail("filters", Kind::Failed, ignored("name"), other),
            };
        }
        let mut obeyed = Vec::new();
        for (filter, since) in BY_TEXT.into_iter().filter(|(_, since)| *since as u8 <= target.dialect as u8) {
            let answer = match asker.get(&cards(target.dialect, &format!("{filter}={NOBODY}&count=2"))) {
                Ok(answer) => answer,
                Err(error) => return checks.warn("filters", error.to_string(), "try again"),
            };
            match (answer.status, list(&answer)) {
                (_, Some(found)) if !found.is_empty() => {
                    // A generation that does not have it yet passes over it: the next check tells.
                    if since == Dialect::G7 {
                        continue;
                    }
                    return checks.fail("filters", Kind::Failed, ignored(filter), other);
                }
                (200 | 204 | 400..=499, _) => obeyed.push(filter),
                (status, _) => {
                    let seen = format!("{filter} with a value that cannot exist gives status {status}");
                    return checks.warn("filters", seen, "look cards up by their id");
                }
            }
        }
        // A state that the first card does not have shows the most.
        let is_revoked = |card: &Value| {
            card["state"].as_str().is_some_and(|its| its.eq_ignore_ascii_case(CardState::Revoked.name()))
        };
        let asked = if listed.first().is_some_and(is_revoked) { CardState::Issued } else { CardState::Revoked };
        let by_state = asker.get(&cards(target.dialect, &format!("state={}&count=20", asked.name())));
        let Some(found) = by_state.ok().and_then(|answer| list(&answer)) else {
            let seen = format!("{} are obeyed, and state gives no list", obeyed.join(", "));
            return checks.warn("filters", seen, "have the server's log looked at");
        };
        let is_other = |card: &Value| card["state"].as_str().is_some_and(|its| !its.eq_ignore_ascii_case(asked.name()));
        if found.iter().any(is_other) {
            return checks.fail("filters", Kind::Failed, ignored("state"), other);
        }
        obeyed.push("state");
        let seen = format!("{} are obeyed ({} cards are {})", obeyed.join(", "), many(&found), asked.name());
        checks.ok("filters", seen);
    }

    /// By a filter and a call that only G7 has.
    fn dialect(&self, checks: &mut Checks<'_>, target: &Target, asker: &Asker, listed: &[Value]) {
        if target.dialect == Dialect::G1 {
            checks.ok("dialect", "G1, as told");
            return;
        }
        let Some(first) = listed.first() else {
            checks.ok("dialect", format!("{} as told; there is no card to tell by", target.dialect.name()));
            return;
        };
        let by_model = asker.get(&cards(target.dialect, &format!("cardModelName={NOBODY}&count=1"))).ok();
        let obeyed = by_model.as_ref().and_then(list).map(|found| found.is_empty());
        let id = first["id"].as_str().map_or_else(|| first["id"].to_string(), str::to_string);
        let one = asker.get(&Endpoint::Card.route().path.replace("{id}", &id)).ok();
        let found = one.as_ref().and_then(list).is_some_and(|found| !found.is_empty());
        let looks = match (obeyed, found) {
            (Some(true), _) | (None, true) => Dialect::G7,
            _ => Dialect::G6,
        };
        let why = match (obeyed, found) {
            (Some(true), true) => "it filters by model and has one card by its id",
            (Some(true), false) => "it filters by model; one card by its id it does not have",
            (Some(false), true) => "it ignores the filter by model; one card by its id it has",
            (None, true) => "it has one card by its id",
            (_, false) => "it has neither a filter by model nor one card by its id",
        };
        match (looks, target.dialect) {
            (Dialect::G7, _) if !found => {
                checks.warn("dialect", format!("looks like G7: {why}"), "--dialect g6 does without that call");
            }
            (looks, told) if looks == told => checks.ok("dialect", format!("looks like {}: {why}", looks.name())),
            (Dialect::G6, _) => {
                checks.fail("dialect", Kind::Failed, format!("looks like G6: {why}"), "give --dialect g6")
            }
            (looks, told) => checks.warn(
                "dialect",
                format!("looks like {} and not {}: {why}", looks.name(), told.name()),
                format!("--dialect {} can do more", looks.name().to_ascii_lowercase()),
            ),
        }
    }
}

fn route(dialect: Dialect) -> &'static str {
    Endpoint::Cards.route_in(dialect).unwrap_or(Endpoint::Cards.route()).path
}

/// The list call with parameters.
fn cards(dialect: Dialect, query: &str) -> String {
    format!("{}?{query}", route(dialect))
}

fn name(target: &Target, privilege: Privilege) -> &'static str {
    match target.dialect {
        dialect => privilege.name_in(dialect).unwrap_or(privilege.name()),
    }
}

fn many(found: &[Value]) -> String {
    if found.len() == 20 { "at least 20".to_string() } else { found.len().to_string() }
}
