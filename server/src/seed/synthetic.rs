//! Invented cards, as varied as real ones: kinds, owners, states, tags and certificates, some of which
//! have expired and some of which soon will.

use super::people::{Person, person};
use super::{CardType, Demo, SerialStyle, TemplateSeed, add_templates, demo, optional_uuid};
use crate::random::Random;
use crate::registry::{Card, Certificate, HOLD, Stamp, Standing};
use crate::uuid::version_4;
use crate::{CaStatus, Error, Registry};
use cardwright_core::Named as _;
use cardwright_core::certiflow::{CertificateType, RevocationReason};
use cardwright_core::identity::Guid;
use cardwright_core::lifecycle::State;

/// The first id; those below are for the story.
const FIRST_ID: i64 = 2001;

/// How many cards are added at a time.
const BATCH: usize = 1000;

const DAY: i64 = 86_400;
const TAGS: [&str; 6] = ["vip", "hq", "remote", "contractor", "lab", "spare"];
const COMMENTS: [&str; 6] =
    ["HQ", "Warehouse 3", "Returned by courier", "Spare card", "Second shift", "Запасная карта"];

/// Adds `count` invented cards, which are the same for the same seed and time. Their ids are
/// consecutive, from 2001 or after the last card. Returns the first id.
///
/// # Errors
/// [`Error::Database`].
pub fn synthetic(registry: &Registry, count: u32, seed: u64) -> Result<i64, Error> {
    let demo = demo()?;
    registry.write(|writing| {
        add_templates(writing, &demo.templates)?;
        let first = writing.next_card()?.max(FIRST_ID);
        let mut maker =
            Maker { random: Random::new(seed), seed, people: u64::from(count) * 4 / 5 + 1, now: writing.now };
        let mut cards = Vec::with_capacity(BATCH);
        for n in 0..count {
            let (card, certificates) = maker.card(&demo, n, first + i64::from(n))?;
            // A generator of its own, so that the cards do not depend on it.
            let mut random = Random::new(seed ^ card.id.unsigned_abs().wrapping_mul(0xD6E8_FEB8_6659_FD93));
            let certificates = certificates.into_iter().map(|certificate| {
                let standing = standing(&mut random, &card, &certificate, writing.now);
                (certificate, standing)
            });
            let certificates = certificates.collect();
            cards.push((card, certificates));
            if cards.len() == BATCH {
                writing.add_cards(&cards)?;
                cards.clear();
            }
        }
        writing.add_cards(&cards)?;
        writing.number_on()?;
        Ok(first)
    })
}

struct Maker {
    random: Random,
    seed: u64,
    /// Fewer than cards, as some people have several.
    people: u64,
    now: Stamp,
}

impl Maker {
    fn card(&mut self, demo: &Demo, n: u32, id: i64) -> Result<(Card, Vec<Certificate>), Error> {
        let state = self.state();
        let empty = Error::Corrupt("seed/demo.json");
        let kind = self.kind(&demo.card_types).ok_or(empty)?;
        let card_id = version_4(self.random.bytes());
        let owner = if state == State::Stock { None } else { Some(person(self.seed, self.random.below(self.people))) };
        let template = owner.as_ref().and_then(|_| self.random.one(&demo.templates));
        let was_issued = matches!(state, State::Active | State::Suspended | State::Revoked | State::Retired);
        let issued = was_issued.then(|| self.ago(1_000));
        // Everything after the issue lies between it and now.
        let since = |random: &mut Random, from: Stamp, now: Stamp| {
            Stamp(from.0 + i64::try_from(random.below(u64::try_from(now.0 - from.0).unwrap_or(0))).unwrap_or(0))
        };
        let updated = issued.filter(|_| self.random.percent(20)).map(|from| since(&mut self.random, from, self.now));
        let last = updated.or(issued);
        let was_held = state == State::Suspended || was_issued && self.random.percent(4);
        let disabled = last.filter(|_| was_held).map(|from| since(&mut self.random, from, self.now));
        let is_over = matches!(state, State::Revoked | State::Retired);
        let revoked = disabled.or(last).filter(|_| is_over).map(|from| since(&mut self.random, from, self.now));
        let reason = if is_over { self.random.one(RevocationReason::ALL).copied() } else { None };
        let lasts = if self.random.percent(50) { 3 } else { 5 };
        let certificates = self.certificates(owner.as_ref(), was_issued);
        let serial_number = self.serial_number(kind.serial, card_id);
        let card = Card {
            state,
            card_type_name: Some(kind.name.clone()),
            card_model_name: kind.model.clone(),
            atr: Some(kind.atr.clone()),
            label: label(n, owner.as_ref()),
            comment: self.maybe(30, &COMMENTS),
            tags: self.tags(),
            form_factor: Some(kind.form_factor.clone()),
            pac_number: self.random.percent(60).then(|| format!("{:05}", self.random.below(100_000))),
            expiration_date: issued.map(|from| midnight(from.plus(lasts * 365 * DAY))),
            time_issued: issued,
            time_disabled: disabled,
            time_updated: updated,
            time_revoked: revoked,
            user: owner.as_ref().map(|owner| owner.user),
            user_name: owner.as_ref().map(|owner| owner.name.clone()),
            user_upn: owner.map(|owner| owner.upn),
            policy_id: template.map(|template| template.policy_id),
            policy_name: template.map(|template| template.policy_name.clone()),
            revocation_reason: reason,
            uuid: version_4(self.random.bytes()),
            card_id: Some(card_id),
            profile: version_4(self.random.bytes()),
            template: optional_uuid(template.map(|template: &TemplateSeed| template.uuid.as_str()))?,
            template_version: template.map_or(0, |template| template.version),
            ..Card::blank(id, serial_number)?
        };
        Ok((card, certificates))
    }

    fn state(&mut self) -> State {
        match self.random.below(100) {
            0..8 => State::Stock,
            8..14 => State::Assigned,
            14..17 => State::Pending,
            17..22 => State::Suspended,
            22..29 => State::Revoked,
            29 => State::Retired,
            _ => State::Active,
        }
    }

    /// A kind of card, by its weight.
    fn kind<'t>(&mut self, kinds: &'t [CardType]) -> Option<&'t CardType> {
        let mut left = self.random.below(kinds.iter().map(|kind| kind.weight).sum());
        kinds.iter().find(|kind| {
            let is_it = left < kind.weight;
            left = left.saturating_sub(kind.weight);
            is_it
        })
    }

    fn serial_number(&mut self, style: SerialStyle, card_id: Guid) -> String {
        match style {
            SerialStyle::Hex4 => self.random.hex(4),
            SerialStyle::Decimal8 => (10_000_000 + self.random.below(20_000_000)).to_string(),
            SerialStyle::Decimal10 => format!("{:010}", 700_000_000 + self.random.below(400_000_000)),
            SerialStyle::Guid => card_id.to_string().replace('-', "").to_ascii_uppercase(),
        }
    }

    fn certificates(&mut self, owner: Option<&Person>, was_issued: bool) -> Vec<Certificate> {
        let Some(owner) = owner.filter(|_| was_issued) else { return Vec::new() };
        let mut certificates = vec![self.certificate(CertificateType::Managed, &owner.display, "Demo CA")];
        if self.random.percent(40) {
            let subject = format!("{} (signature)", owner.display);
            certificates.push(self.certificate(CertificateType::Managed, &subject, "Demo CA"));
        }
        if self.random.percent(20) {
            certificates.push(self.certificate(CertificateType::Common, "Shared Mail", "Demo CA"));
        }
        if self.random.percent(15) {
            certificates.push(self.certificate(CertificateType::Traced, &owner.display, "Example Bank CA"));
        }
        certificates
    }

    fn certificate(&mut self, kind: CertificateType, subject: &str, issuer: &str) -> Certificate {
        let seconds = i64::try_from(self.random.below(86_400)).unwrap_or(0);
        let days = |random: &mut Random, end| i64::try_from(random.below(end)).unwrap_or(0);
        let valid_to = match self.random.below(100) {
            0..8 => self.now.plus(-DAY * (1 + days(&mut self.random, 300)) + seconds),
            8..18 => self.now.plus(DAY * days(&mut self.random, 29) + seconds),
            _ => self.now.plus(DAY * (30 + days(&mut self.random, 1_000)) + seconds),
        };
        Certificate {
            kind,
            serial_number: format!("4D{}", self.random.hex(18)),
            thumbprint: self.random.hex(20),
            subject: subject.to_owned(),
            issuer: issuer.to_owned(),
            // The times of certificates are in whole seconds.
            valid_to: Stamp(valid_to.0 - valid_to.0.rem_euclid(10_000_000)),
        }
    }

    fn ago(&mut self, days: u64) -> Stamp {
        let ticks = i64::try_from(self.random.below(days * 86_400 * 10_000_000)).unwrap_or(0);
        Stamp(self.now.0 - ticks - 10_000_000)
    }

    fn maybe(&mut self, percent: u64, list: &[&str]) -> Option<String> {
        if !self.random.percent(percent) {
            return None;
        }
        self.random.one(list).map(|text| (*text).to_owned())
    }

    fn tags(&mut self) -> Vec<String> {
        let first = self.maybe(40, &TAGS);
        let second = self.maybe(15, &TAGS).filter(|tag| first.is_some() && first.as_ref() != Some(tag));
        first.into_iter().chain(second).collect()
    }
}

/// What the certificate authority knows of a certificate: it follows from the card's state, but some
/// certificates are held or revoked on their own.
fn standing(random: &mut Random, card: &Card, certificate: &Certificate, now: Stamp) -> Standing {
    let (revoke_with_card, in_new_policy) = (!random.percent(25), !random.percent(10));
    let by_itself = random.below(100);
    let good = Standing { revoke_with_card, in_new_policy, ..Standing::GOOD };
    let held = |held_with_card| Standing { status: CaStatus::Hold, crl_reason: Some(HOLD), held_with_card, ..good };
    let revoked = |crl_reason| Standing { status: CaStatus::Revoked, crl_reason: Some(crl_reason), ..good };
    if certificate.kind != CertificateType::Managed || certificate.valid_to <= now {
        return good;
    }
    let reason = card.revocation_reason.unwrap_or(RevocationReason::None);
    let takes_all = matches!(reason, RevocationReason::CardLost | RevocationReason::CardCompromised);
    match card.state {
        State::Suspended if revoke_with_card => held(true),
        State::Revoked if revoke_with_card || takes_all => revoked(reason.crl_reason()),
        State::Retired => revoked(reason.crl_reason()),
        // In any other state a few certificates are held or revoked on their own.
        _ if by_itself < 2 => held(false),
        _ if by_itself < 4 => revoked(RevocationReason::CardUpgrade.crl_reason()),
        _ => good,
    }
}

/// Most cards carry their owner's name. The first tests whether a client can read an emoji.
fn label(n: u32, owner: Option<&Person>) -> Option<String> {
    if n == 0 { Some("Reception \u{1F6CE}\u{FE0F}".into()) } else { owner.map(|owner| owner.display.clone()) }
}

fn midnight(stamp: Stamp) -> Stamp {
    Stamp(stamp.0 - stamp.0.rem_euclid(DAY * 10_000_000))
}
