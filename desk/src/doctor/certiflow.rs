//! CertiFlow: the privilege to read, filters, and which generation of the API the server speaks.

use super::answer::{Asker, list};
use super::report::Checks;
use super::system::{Examine, ignored};
use crate::failure::Kind;
use crate::generation::{Generation, UNSURE, option};
use crate::target::Target;
use cardwright_client::{Raw, is_no_api};
use cardwright_core::Named as _;
use cardwright_core::base::{Base, usual_dialects};
use cardwright_core::certiflow::{Answer, CardState, Dialect, Endpoint, Finding, Privilege, Probe, Query, Sure};
use cardwright_core::http::{Call, write_target};
use cardwright_core::json::ValueType;
use serde_json::Value;

/// What no card has: no serial number, user or model is this.
const NOBODY: &str = "0cardwright-doctor-no-such-value";

pub(crate) struct CertiFlow;

impl Examine for CertiFlow {
    fn first_path(&self, target: &Target) -> String {
        match target.dialect {
            None => Probe::new().question().as_ref().map(path).unwrap_or_default(),
            Some(dialect) if dialect.has_pages() => cards(dialect, "count=1"),
            Some(_) => of_user(),
        }
    }

    fn path_at(&self, base: &Base) -> String {
        match base.dialect() {
            Some(Dialect::G1) => of_user(),
            _ => cards(Dialect::G7, "count=1"),
        }
    }

    fn found(&self, target: &Target, asker: &Asker, first: &Raw) -> Option<(Finding, Dialect)> {
        let usual = usual_dialects(&target.url);
        match target.dialect {
            None => {
                let finding = probe(asker, Some(first));
                // Where the answers do not tell, what is usual there: G1 may answer 404 for an unknown user.
                Some((finding, finding.dialect(usual).unwrap_or(spoken(target))))
            }
            // The one that was given is not there: another one may be.
            Some(told) if matches!(first.status, 404 | 405) => {
                let finding = probe(asker, None);
                finding.dialect(usual).filter(|_| finding.rules_out(told)).map(|found| (finding, found))
            }
            Some(_) => None,
        }
    }

    /// G1 answers 404 for an unknown user.
    fn is_answer(&self, target: &Target, answer: &Raw) -> Option<&'static str> {
        let is_g1 = target.dialect == Some(Dialect::G1) && answer.status == 404;
        let is_api = answer.content_type.starts_with("application/") && !is_no_api(&answer.body);
        (is_g1 && is_api).then_some("an API answers, and does not know the user who cannot exist (status 404)")
    }

    fn forbidden(&self, target: &Target) -> (&'static str, String) {
        let viewing = name(target, Privilege::ViewingCardRepository);
        let next = format!("a service role with the privilege \"{viewing}\" must hold this account");
        ("cards may not be read (403)", next)
    }

    fn privileges(&self, checks: &mut Checks<'_>, target: &Target, asker: &Asker, _: Option<&[Value]>) {
        let dialect = spoken(target);
        if Privilege::FindingUsers.name_in(dialect).is_none() {
            checks.ok("privileges", "cards may be read; others show only when they are used");
            return;
        }
        let path = match dialect.lists_by_user() {
            true => of_user(),
            false => cards(dialect, &format!("{}={NOBODY}&count=1", wire("userName", dialect))),
        };
        if asker.get(&path).is_ok_and(|answer| answer.status == 403) {
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
        let dialect = spoken(target);
        if !dialect.has_pages() {
            return match listed {
                [] => checks.ok("filters", "a user who cannot exist has no cards"),
                _ => checks.fail("filters", Kind::Failed, ignored("name"), other),
            };
        }
        let mut obeyed = Vec::new();
        for name in texts(dialect) {
            let filter = wire(name, dialect);
            let answer = match asker.get(&cards(dialect, &format!("{filter}={NOBODY}&count=2"))) {
                Ok(answer) => answer,
                Err(error) => return checks.warn("filters", error.unmasked().to_string(), "try again"),
            };
            match (answer.status, list(&answer)) {
                (_, Some(found)) if !found.is_empty() => {
                    return checks.fail("filters", Kind::Failed, ignored(filter), other);
                }
                (200 | 204 | 400..=499, _) => obeyed.push(filter),
                (status, _) => {
                    let seen = format!("{filter} with a value that cannot exist gives status {status}");
                    return checks.warn("filters", seen, "look cards up by their id");
                }
            }
        }
        if obeyed.is_empty() {
            return checks.ok("filters", format!("{} has none: cards are looked for among all", dialect.name()));
        }
        let state = wire("state", dialect);
        if Query::PARAMETERS.iter().any(|one| one.name == "state" && one.since > dialect) {
            return checks.ok("filters", format!("{} are obeyed", obeyed.join(", ")));
        }
        // A state that the first card does not have shows the most.
        let is_revoked = |card: &Value| {
            card["state"].as_str().is_some_and(|its| its.eq_ignore_ascii_case(CardState::Revoked.name()))
        };
        let asked = if listed.first().is_some_and(is_revoked) { CardState::Issued } else { CardState::Revoked };
        let by_state = asker.get(&cards(dialect, &format!("{state}={}&count=20", asked.name())));
        let Some(found) = by_state.ok().and_then(|answer| list(&answer)) else {
            let seen = format!("{} are obeyed, and {state} gives no list", obeyed.join(", "));
            return checks.warn("filters", seen, "have the server's log looked at");
        };
        let is_other = |card: &Value| card["state"].as_str().is_some_and(|its| !its.eq_ignore_ascii_case(asked.name()));
        if found.iter().any(is_other) {
            return checks.fail("filters", Kind::Failed, ignored(state), other);
        }
        obeyed.push(state);
        let seen = format!("{} are obeyed ({} cards are {})", obeyed.join(", "), many(&found), asked.name());
        checks.ok("filters", seen);
    }

    fn dialect(&self, checks: &mut Checks<'_>, target: &Target, asker: &Asker, given: Option<Dialect>) {
        let known = checks.report.generation;
        let generation = known.unwrap_or_else(|| Generation::of(probe(asker, None), &target.url));
        checks.report.generation = Some(generation);
        let Generation { finding, dialect: found } = generation;
        let seen = finding.to_string();
        match (given, found) {
            (Some(told), Some(found)) if finding.rules_out(told) && found.understands(told) => checks.warn(
                "dialect",
                format!("{seen}; {} is told", told.name()),
                format!("--dialect {} can do more", option(found)),
            ),
            (Some(told), Some(found)) if finding.rules_out(told) => checks.fail(
                "dialect",
                Kind::Failed,
                format!("{seen}; {} is told", told.name()),
                format!("give --dialect {}", option(found)),
            ),
            (Some(told), _) if finding.sure() == Sure::Nothing => {
                checks.warn("dialect", format!("{seen}; {} is told", told.name()), UNSURE);
            }
            (Some(told), _) => checks.ok("dialect", format!("{seen}; {} is told", told.name())),
            (None, Some(found)) => {
                let line = format!("for the profile: dialect = \"{}\"", option(found));
                checks.ok("dialect", format!("{seen}; {line}"));
            }
            (None, None) => checks.warn("dialect", seen, UNSURE),
        }
    }
}

/// Asks which generation the server speaks; the answer to the first question may be there already.
fn probe(asker: &Asker, first: Option<&Raw>) -> Finding {
    let mut probe = Probe::new();
    let mut first = first.cloned();
    while let Some(question) = probe.question() {
        let answer = first.take().or_else(|| asker.get(&path(&question)).ok());
        match answer {
            Some(answer) => probe.answer(Answer::read(answer.status, &answer.body)),
            None => probe.answer(Answer::Unclear),
        }
    }
    probe.finding()
}

/// The generation in which the server is examined.
fn spoken(target: &Target) -> Dialect {
    target.dialect.or(usual_dialects(&target.url).first().copied()).unwrap_or_default()
}

/// The filters by a text that a generation has, apart from the user.
fn texts(dialect: Dialect) -> impl Iterator<Item = &'static str> {
    let parameters = Query::PARAMETERS.into_iter().zip(Query::SCHEMA.fields);
    parameters
        .filter(move |(parameter, field)| {
            parameter.since <= dialect && matches!(field.value, ValueType::Text | ValueType::Texts)
        })
        .map(|(parameter, _)| parameter.name)
        .filter(|name| *name != "userName")
}

/// The name of a parameter on the wire.
fn wire(name: &'static str, dialect: Dialect) -> &'static str {
    Query::PARAMETERS.iter().find(|one| one.name == name).map_or(name, |one| one.name_in(dialect))
}

/// The list call with parameters.
fn cards(dialect: Dialect, query: &str) -> String {
    let route = Endpoint::Cards.route_in(dialect).unwrap_or(Endpoint::Cards.route());
    format!("{}?{query}", route.path)
}

/// The list of a user that does not exist.
fn of_user() -> String {
    format!("{}?name={NOBODY}", Endpoint::CardsOfUser.route().path)
}

/// The path and the parameters of a question.
fn path(question: &impl Call) -> String {
    let mut path = String::new();
    // A String takes all that is written.
    let _ = write_target(question, &mut path);
    path
}

fn name(target: &Target, privilege: Privilege) -> &'static str {
    privilege.name_in(spoken(target)).unwrap_or(privilege.name())
}

fn many(found: &[Value]) -> String {
    if found.len() == 20 { "at least 20".to_string() } else { found.len().to_string() }
}
