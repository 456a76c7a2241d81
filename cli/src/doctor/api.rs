//! The API: sign-in, privileges, which dialect it looks like, whether it obeys filters, its clock.

use super::{Asker, Report, base, token};
use crate::connect::Target;
use crate::failure::{Exit, Failure};
use crate::output::now;
use cardwright_client::{Credentials, Explanation, NOT_ALLOWED, Raw, Scheme, challenges};
use cardwright_core::Named;
use cardwright_core::certiflow::{CardState, Dialect, Endpoint, Privilege};
use cardwright_core::lifecycle::System;
use cardwright_core::mim;
use serde_json::Value;
use std::time::UNIX_EPOCH;

/// What no card has: no serial number, user or model is this.
const NOBODY: &str = "0cardwright-doctor-no-such-value";
/// What no card carries.
const NO_GUID: &str = "0ca4d000-0000-4000-8000-000000000000";

/// The first call: it reads little and needs no more than reading.
pub(super) fn first_path(target: &Target) -> String {
    match (target.system, target.dialect) {
        (System::Mim, _) => mim::Endpoint::Smartcards.route().path.to_string(),
        (System::CertiFlow, Dialect::G1) => cards(target, &format!("name={NOBODY}")),
        (System::CertiFlow, _) => cards(target, "count=1"),
    }
}

/// The list call of CertiFlow with parameters.
fn cards(target: &Target, query: &str) -> String {
    let route = Endpoint::Cards.route_in(target.dialect).unwrap_or(Endpoint::Cards.route());
    format!("{}?{query}", route.path)
}

/// Looks at the API; `stranger` is the answer to a request without a sign-in.
pub(super) fn look(report: &mut Report, target: &Target, anonymous: &Asker, stranger: &Raw) -> Result<(), Failure> {
    if !token::look(report, target) {
        return Ok(());
    }
    let asker = Asker::new(target, &target.url, target.credentials.clone())?;
    let answer = match asker.get(&first_path(target)) {
        Ok(answer) => answer,
        Err(error) => {
            report.fail("answer", Exit::NoConnection, error.to_string(), "try again; the first answer came");
            return Ok(());
        }
    };
    if sign_in(report, target, stranger, &answer, &asker.explain()).is_some()
        && base::look(report, target, anonymous, &asker, &answer)?
    {
        let listed = list(&answer);
        privileges(report, target, &asker, &answer, listed.as_deref());
        if let Some(listed) = listed {
            filters(report, target, &asker, &listed);
            if target.system == System::CertiFlow {
                dialect(report, target, &asker, &listed);
            }
        }
    }
    clock(report, &answer);
    let servers: Vec<&str> = answer.header("Server").chain(answer.header("X-Powered-By")).collect();
    let servers = if servers.is_empty() { "it does not say what it is".to_string() } else { servers.join(", ") };
    report.ok("server", servers);
    Ok(())
}

/// The elements of a list; nothing, `null` and one object are lists too. `None` for what is no JSON.
pub(super) fn list(answer: &Raw) -> Option<Vec<Value>> {
    let body = answer.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&answer.body);
    if answer.status == 204 || body.iter().all(u8::is_ascii_whitespace) {
        return matches!(answer.status, 200 | 204).then(Vec::new);
    }
    match (answer.status, serde_json::from_slice(body)) {
        (200, Ok(Value::Array(items))) => Some(items),
        (200, Ok(Value::Null)) => Some(Vec::new()),
        (200, Ok(object @ Value::Object(_))) => Some(vec![object]),
        _ => None,
    }
}

fn sign_in(report: &mut Report, target: &Target, stranger: &Raw, answer: &Raw, how: &Explanation) -> Option<()> {
    let offered: Vec<&str> =
        stranger.header("WWW-Authenticate").flat_map(challenges).map(|challenge| challenge.scheme).collect();
    let offers =
        if offered.is_empty() { "it offers nothing".to_string() } else { format!("it offers {}", offered.join(", ")) };
    let who = match &target.credentials {
        Credentials::Anonymous => "nobody",
        Credentials::Bearer(_) | Credentials::Tokens(_) => "the bearer of a token",
        others => others.user().unwrap_or("the identity at hand"),
    };
    match answer.status {
        407 => {
            let next = "give the proxy's user and password in HTTPS_PROXY, http://USER:PASSWORD@HOST:PORT";
            report.fail("sign-in", Exit::NotAllowed, "the proxy wants a sign-in (407)", next);
            None
        }
        401 => {
            let said = refusal(answer).map(|said| format!("; it says {said}")).unwrap_or_default();
            let seen = match how.tried.as_slice() {
                [] => format!("{who} is not let in (401){said}; {offers}"),
                _ => format!("{who} is not let in (401); {how}"),
            };
            report.fail("sign-in", Exit::NotAllowed, seen, advice(target, &offered, how));
            None
        }
        _ if stranger.status == 401 => {
            let how = how.chosen.map_or("no sign-in", |scheme| scheme.name());
            report.ok("sign-in", format!("{who} is let in by {how}; {offers}"));
            Some(())
        }
        _ if stranger.status == 200 && list(stranger).is_some() => {
            let next = "unless this is meant, have Anonymous switched off in IIS";
            report.warn("sign-in", "the server answers anybody, without a sign-in", next);
            Some(())
        }
        status => {
            report.ok("sign-in", format!("not asked for here (status {} without, {status} with)", stranger.status));
            Some(())
        }
    }
}

/// What to do about a sign-in that was refused.
fn advice(target: &Target, offered: &[&str], how: &Explanation) -> &'static str {
    let offers = |scheme: Scheme| offered.iter().any(|one| one.eq_ignore_ascii_case(scheme.name()));
    let tried = |scheme: Scheme| how.tried.iter().any(|(its, outcome)| *its == scheme && outcome != NOT_ALLOWED);
    match &target.credentials {
        Credentials::Anonymous if offers(Scheme::Negotiate) => {
            "give --user and a password, or --auth negotiate for the Kerberos ticket of kinit"
        }
        Credentials::Anonymous if offers(Scheme::Bearer) => "give --issuer and --client-id, or --token-file",
        Credentials::Anonymous => "give --user and a password, or --token-file",
        Credentials::Bearer(_) | Credentials::Tokens(_) if offers(Scheme::Bearer) || offered.is_empty() => {
            "is the token for this server (--resource, --audience), and not expired?"
        }
        Credentials::Bearer(_) | Credentials::Tokens(_) => {
            "the server takes no token: give --user and a password, or --auth negotiate"
        }
        _ if how.tried.iter().any(|(_, outcome)| outcome == NOT_ALLOWED) && !how.offered.is_empty() => {
            "the server takes what --auth leaves out: leave --auth out, or name what it offers"
        }
        _ if ![Scheme::Negotiate, Scheme::Ntlm, Scheme::Basic].into_iter().any(offers) => {
            "the server takes none of Negotiate, NTLM and Basic: give --token-file, or have one of them switched on"
        }
        others if others.user().is_none() => "run kinit, give --keytab, or --user and a password",
        _ if tried(Scheme::Ntlm) || tried(Scheme::Basic) => {
            "check --user (DOMAIN\\NAME, or NAME@REALM) and the password; behind a proxy that ends TLS give \
             --channel-binding off"
        }
        _ => "check --user (NAME@REALM), the password and the clock; krb5.conf must know the realm",
    }
}

/// What the server says of a token that it refuses (RFC 6750, 3).
fn refusal(answer: &Raw) -> Option<String> {
    let said = answer.header("WWW-Authenticate").flat_map(challenges);
    said.filter(|one| one.scheme.eq_ignore_ascii_case("Bearer")).find_map(|one| {
        let words = [one.parameter("error"), one.parameter("error_description")];
        let words: Vec<&str> = words.into_iter().flatten().collect();
        (!words.is_empty()).then(|| words.join(": ").chars().take(300).collect())
    })
}

fn privileges(report: &mut Report, target: &Target, asker: &Asker, answer: &Raw, listed: Option<&[Value]>) {
    let name = |privilege: Privilege| match target.dialect {
        Dialect::G1 => privilege.name_in_g1().unwrap_or(privilege.name()),
        _ => privilege.name(),
    };
    if answer.status == 403 {
        let (what, next) = match target.system {
            System::CertiFlow => {
                let viewing = name(Privilege::ViewingCardRepository);
                (
                    "cards may not be read (403)",
                    format!("a service role with the privilege \"{viewing}\" must hold this account"),
                )
            }
            System::Mim => (
                "the account's own cards may not be read (403)",
                "the account needs CM's permissions: on the service connection point, and Read on the users"
                    .to_string(),
            ),
        };
        report.fail("privileges", Exit::NotAllowed, what, next);
        return;
    }
    match target.system {
        System::CertiFlow if target.dialect != Dialect::G1 => {
            let by_user = asker.get(&cards(target, &format!("userName={NOBODY}&count=1")));
            if by_user.is_ok_and(|answer| answer.status == 403) {
                let next = format!(
                    "the privilege \"{}\" is missing: cards cannot be found by their user",
                    name(Privilege::FindingUsers)
                );
                report.warn("privileges", "cards may be read, and not by their user (403)", next);
            } else {
                report.ok("privileges", "cards may be read, also by their user; others show only when they are used");
            }
        }
        System::CertiFlow => report.ok("privileges", "cards may be read; others show only when they are used"),
        System::Mim => {
            let uuid = listed.and_then(|cards| cards.first()?.get("Uuid")?.as_str());
            let path = uuid.map(|uuid| mim::Endpoint::Operations.route().path.replace("{id}", uuid));
            match path.map(|path| asker.get(&path)) {
                Some(Ok(answer)) if answer.status == 403 => report.warn(
                    "privileges",
                    "own cards may be read, their operations not (403)",
                    "the account needs CM's permissions on the profile template",
                ),
                Some(_) => report.ok("privileges", "own cards and their operations may be read"),
                None => report.ok("privileges", "own cards may be read; this account has none"),
            }
        }
    }
}

fn filters(report: &mut Report, target: &Target, asker: &Asker, listed: &[Value]) {
    let ignored = |name: &str| format!("the server ignores {name}: it answers with cards that it cannot have meant");
    let other = "is --dialect right, and --url the API's base? Do not rely on filters here";
    if target.system == System::Mim {
        let path = format!("{}?cardid={NO_GUID}", mim::Endpoint::Smartcards.route().path);
        match asker.get(&path) {
            Ok(answer) if list(&answer).is_some_and(|cards| !cards.is_empty()) => {
                report.fail("filters", Exit::Failed, ignored("cardid"), "look cards up by their Uuid alone");
            }
            Ok(answer) => {
                report.ok("filters", format!("a card that cannot exist is not found (status {})", answer.status))
            }
            Err(error) => report.warn("filters", error.to_string(), "try again"),
        }
        return;
    }
    if target.dialect == Dialect::G1 {
        match listed {
            [] => report.ok("filters", "a user who cannot exist has no cards"),
            _ => report.fail("filters", Exit::Failed, ignored("name"), other),
        }
        return;
    }
    let by_serial = asker.get(&cards(target, &format!("serialNumber={NOBODY}&count=2")));
    match by_serial.as_ref().map(|answer| (answer.status, list(answer))) {
        Ok((_, Some(found))) if !found.is_empty() => {
            report.fail("filters", Exit::Failed, ignored("serialNumber"), other);
            return;
        }
        Ok((200 | 204 | 404, _)) => {}
        Ok((status, _)) => {
            report.warn(
                "filters",
                format!("a serial number that cannot exist gives status {status}"),
                "look cards up by their id",
            );
            return;
        }
        Err(error) => {
            report.warn("filters", error.to_string(), "try again");
            return;
        }
    }
    // A state that the first card does not have shows the most.
    let first = listed.first().and_then(|card| card["state"].as_str()).unwrap_or_default();
    let asked =
        if first.eq_ignore_ascii_case(CardState::Revoked.name()) { CardState::Issued } else { CardState::Revoked };
    let found =
        asker.get(&cards(target, &format!("state={}&count=20", asked.name()))).ok().and_then(|answer| list(&answer));
    match found {
        Some(found)
            if found
                .iter()
                .any(|card| card["state"].as_str().is_some_and(|its| !its.eq_ignore_ascii_case(asked.name()))) =>
        {
            report.fail("filters", Exit::Failed, ignored("state"), other);
        }
        Some(found) => {
            let seen = format!("serialNumber and state are obeyed ({} cards are {})", many(&found), asked.name());
            report.ok("filters", seen);
        }
        None => {
            report.warn("filters", "serialNumber is obeyed, and state gives no list", "have the server's log looked at")
        }
    }
}

fn many(found: &[Value]) -> String {
    if found.len() == 20 { "at least 20".to_string() } else { found.len().to_string() }
}

/// Which dialect it looks like, by a filter and a call that only G7 has.
fn dialect(report: &mut Report, target: &Target, asker: &Asker, listed: &[Value]) {
    if target.dialect == Dialect::G1 {
        report.ok("dialect", "G1, as told");
        return;
    }
    let Some(first) = listed.first() else {
        report.ok("dialect", format!("{} as told; there is no card to tell by", target.dialect.name()));
        return;
    };
    let by_model = asker.get(&cards(target, &format!("cardModelName={NOBODY}&count=1"))).ok();
    let obeyed = by_model.as_ref().and_then(list).map(|found| found.is_empty());
    let id = first["id"].as_str().map_or_else(|| first["id"].to_string(), str::to_string);
    let one = asker.get(&Endpoint::Card.route().path.replace("{id}", &id)).ok();
    let found = one.as_ref().and_then(list).is_some_and(|found| !found.is_empty());
    let looks = match (obeyed, found) {
        (Some(true), _) => Dialect::G7,
        (Some(false), _) => Dialect::G6,
        (None, true) => Dialect::G7,
        (None, false) => Dialect::G6,
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
            report.warn("dialect", format!("looks like G7: {why}"), "--dialect g6 does without that call");
        }
        (looks, told) if looks == told => report.ok("dialect", format!("looks like {}: {why}", looks.name())),
        (Dialect::G6, _) => report.fail("dialect", Exit::Failed, format!("looks like G6: {why}"), "give --dialect g6"),
        (looks, told) => report.warn(
            "dialect",
            format!("looks like {} and not {}: {why}", looks.name(), told.name()),
            format!("--dialect {} can do more", looks.name().to_ascii_lowercase()),
        ),
    }
}

fn clock(report: &mut Report, answer: &Raw) {
    let date = answer.date.as_deref().and_then(|date| httpdate::parse_http_date(date).ok());
    let Some(seconds) = date.and_then(|date| date.duration_since(UNIX_EPOCH).ok()).map(|since| since.as_secs()) else {
        report.warn(
            "clock",
            "the server does not tell its time",
            "compare the clocks by hand: Kerberos takes 5 minutes at most",
        );
        return;
    };
    let skew = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_sub(now().seconds);
    let side = if skew < 0 { "behind" } else { "ahead" };
    match skew.abs() {
        0..=2 => report.ok("clock", "the server's is the same"),
        3..=60 => report.ok("clock", format!("the server's is {} s {side}", skew.abs())),
        _ => report.warn(
            "clock",
            format!("the server's is {} s {side}", skew.abs()),
            "set both by NTP: tokens and Kerberos tickets fail, and \"today\" is another day",
        ),
    }
}
