//! Whether a card is one that was asked for.
//!
//! The documents leave open how some filters compare, so a card is taken by any reading that they leave open. What a
//! card shows is one of three things: that the filter was obeyed, that it was not, or neither.

use crate::filters::Filter;
use crate::record::owned;
use crate::spelling::is_serial;
use cardwright_core::certiflow::{CardInfo, Certificate, CertificateType, ContentExpirationStatus, Dialect, Query};
use cardwright_core::date::{DAY, Moment};
use cardwright_core::json::{Scalar, Text};
use std::time::{SystemTime, UNIX_EPOCH};

/// What a card shows about a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// That it was obeyed.
    Shows,
    /// Nothing.
    Silent,
    /// That it was not, by what the card has.
    Contradicts(String),
}

/// What a card shows about a filter of the query; nothing is contradicted where the query does not have the filter.
pub(super) fn verdict(filter: Filter, query: &Query<'_>, card: &CardInfo<'_>, dialect: Dialect) -> Verdict {
    let same = |asked: Option<&str>, got: Option<Text<'_>>| match asked {
        Some(asked) => text(got, |got| alike(asked, got)),
        None => Verdict::Shows,
    };
    let since = |asked: Option<&str>, got: Option<Text<'_>>| match asked {
        Some(asked) => time(asked, got),
        None => Verdict::Shows,
    };
    match filter {
        Filter::SerialNumber => query.serial_number.map_or(Verdict::Shows, |asked| serial(asked, card)),
        Filter::UserName => query.user_name.map_or(Verdict::Shows, |asked| user(asked, card, dialect)),
        Filter::CardTypeName => same(query.card_type_name, card.card_type_name()),
        Filter::CardModelName => same(query.card_model_name, card.card_model_name()),
        Filter::PolicyName => same(query.policy_name, card.policy_name()),
        Filter::Comment => query.comment.map_or(Verdict::Shows, |asked| comment(asked, card)),
        Filter::Tags => tags(query.tags, card),
        Filter::State => match (query.state, card.state().raw()) {
            (None, _) => Verdict::Shows,
            (Some(asked), _) if card.state().is(asked) => Verdict::Shows,
            // The numbers of the states are not published.
            (Some(_), Scalar::Number(_)) if card.state().known().is_none() => Verdict::Silent,
            (Some(_), got) => contradicts(got),
        },
        Filter::Expiration => query.content_expiration_status.map_or(Verdict::Shows, |asked| expiration(asked, card)),
        Filter::TimeIssued => since(query.time_issued, card.time_issued()),
        Filter::TimeUpdated => since(query.time_updated, card.time_updated()),
        Filter::TimeRevoked => since(query.time_revoked, card.time_revoked()),
    }
}

/// Two cards of different persons where one person was asked for.
pub(super) fn other_person(one: &str, other: &str) -> bool {
    let same_form = one.contains('\\') == other.contains('\\') && one.contains('@') == other.contains('@');
    same_form && !alike(one, other)
}

fn contradicts(got: Scalar<'_>) -> Verdict {
    Verdict::Contradicts(if got.is_null() { "none".into() } else { got.to_string() })
}

fn text(got: Option<Text<'_>>, fits: impl Fn(&str) -> bool) -> Verdict {
    match got {
        None => Verdict::Contradicts("none".into()),
        Some(got) => {
            let got = got.to_cow();
            if fits(&got) { Verdict::Shows } else { Verdict::Contradicts(got.into_owned()) }
        }
    }
}

/// As databases compare: without case, and without the blanks around.
fn alike(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim(), other.trim());
    one.eq_ignore_ascii_case(other) || one.to_lowercase() == other.to_lowercase()
}

/// A star may stand for any text, or for itself: that is not documented.
fn fits_mask(mask: &str, text: &str) -> bool {
    let (mask, text) = (mask.to_lowercase(), text.to_lowercase());
    let mut parts = mask.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let last = parts.pop().unwrap_or("");
    for part in parts {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

fn serial(asked: &str, card: &CardInfo<'_>) -> Verdict {
    let got = owned(card.serial_number());
    if got.is_empty() {
        return Verdict::Contradicts("none".into());
    }
    if is_serial(&got, asked) || alike(asked, &got) {
        Verdict::Shows
    } else if asked.contains('*') {
        if fits_mask(asked, &got) { Verdict::Shows } else { Verdict::Silent }
    } else {
        Verdict::Contradicts(got)
    }
}

fn comment(asked: &str, card: &CardInfo<'_>) -> Verdict {
    let within = |got: &str| got.to_lowercase().contains(&asked.trim().to_lowercase());
    match text(card.comment(), within) {
        Verdict::Contradicts(_) if asked.contains('*') && card.comment().is_some() => Verdict::Silent,
        verdict => verdict,
    }
}

/// Whether several tags are all wanted or any of them is not documented.
fn tags(asked: &[&str], card: &CardInfo<'_>) -> Verdict {
    if asked.is_empty() {
        return Verdict::Shows;
    }
    let tags: Vec<String> = card.tags().into_iter().filter_map(Result::ok).map(|tag| tag.to_string()).collect();
    let has = |asked: &&str| {
        tags.iter().any(|tag| alike(tag, asked) || tag.split([',', ';', ' ', '|']).any(|part| alike(part, asked)))
    };
    if asked.iter().any(has) {
        Verdict::Shows
    } else {
        Verdict::Contradicts(if tags.is_empty() { "none".into() } else { tags.join(", ") })
    }
}

/// A user's name: of a domain, of the principal, or bare.
enum User<'t> {
    OfDomain(&'t str, &'t str),
    Principal(&'t str),
    Bare(&'t str),
}

impl<'t> User<'t> {
    fn of(name: &'t str) -> Self {
        match name.split_once('\\') {
            Some((domain, name)) => User::OfDomain(domain, name),
            None if name.contains('@') => User::Principal(name),
            None => User::Bare(name),
        }
    }
}

fn user(asked: &str, card: &CardInfo<'_>, dialect: Dialect) -> Verdict {
    let got = owned(card.user_name());
    if got.is_empty() {
        // The older records do not have the user.
        return if !dialect.has_field("userName") { Verdict::Silent } else { Verdict::Contradicts("none".into()) };
    }
    if alike(asked, &got) {
        return Verdict::Shows;
    }
    let other = Verdict::Contradicts(got.clone());
    match (User::of(asked.trim()), User::of(got.trim())) {
        // A domain has a short name and one with dots.
        (User::OfDomain(one, name), User::OfDomain(two, its))
            if alike(name, its) && one.contains('.') != two.contains('.') =>
        {
            Verdict::Silent
        }
        (User::OfDomain(..), User::OfDomain(..))
        | (User::Principal(_), User::Principal(_))
        | (User::Bare(_), User::Bare(_)) => other,
        (User::Bare(name), User::OfDomain(_, its)) | (User::OfDomain(_, name), User::Bare(its)) => {
            if alike(name, its) {
                Verdict::Shows
            } else {
                other
            }
        }
        (User::Bare(name), User::Principal(its)) | (User::Principal(its), User::Bare(name)) => {
            let begins = its.split_once('@').is_some_and(|(its, _)| alike(name, its));
            if begins { Verdict::Shows } else { Verdict::Silent }
        }
        (User::OfDomain(..), User::Principal(_)) | (User::Principal(_), User::OfDomain(..)) => Verdict::Silent,
    }
}

/// In which zone a day is meant is not documented: the sun is fourteen hours ahead of UTC at most.
const ZONES: i64 = 14 * 3_600;

/// A lower bound, the same day, or the exact moment: nothing before that day fits any of them.
fn time(asked: &str, got: Option<Text<'_>>) -> Verdict {
    let got = owned(got);
    let Some(moment) = Moment::parse(&got) else {
        let unset = got.is_empty() || got.starts_with("0001-01-01");
        return if unset { Verdict::Contradicts("none".into()) } else { Verdict::Silent };
    };
    let Some(asked) = Moment::parse(asked) else { return Verdict::Silent };
    let day = asked.seconds - asked.seconds.rem_euclid(DAY);
    if moment.seconds < day - ZONES { Verdict::Contradicts(got) } else { Verdict::Shows }
}

/// Within which time a certificate counts as expiring is not documented; the system's own list lags behind.
fn expiration(asked: ContentExpirationStatus, card: &CardInfo<'_>) -> Verdict {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64);
    let ends = |kind: Option<CertificateType>| {
        let wanted = move |certificate: &Certificate<'_>| kind.is_none_or(|kind| certificate.kind().is(kind));
        let certificates = card.certificates().into_iter().filter_map(Result::ok).filter(wanted);
        certificates
            .filter_map(|certificate| Moment::parse(&owned(certificate.valid_to())))
            .map(move |end| end.seconds - now)
    };
    let shows = match asked.of_certificates() {
        None => ends(None).all(|left| left > 90 * DAY),
        Some((kind, true)) => ends(Some(kind)).any(|left| left <= 0),
        Some((kind, false)) => ends(Some(kind)).any(|left| (0..=366 * DAY).contains(&left)),
    };
    if shows { Verdict::Shows } else { Verdict::Silent }
}
