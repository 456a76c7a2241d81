//! Initial cards: the documented story, any number of invented cards, and an inventory from
//! another system.
//!
//! The bodies, ids and times that the documents print are in `seed/story.json` and nowhere in the
//! server's code, so that no answer is hard-coded.

mod fill;
mod inventory;
mod people;
mod row;
mod story;
mod synthetic;

pub use fill::fill_new;
pub use inventory::{Imported, inventory};
pub(crate) use row::Row;
pub use story::{story, story_user};
pub use synthetic::synthetic;

use crate::Error;
use crate::registry::{Card, Certificate, Policy, Stamp, Standing, Template, Writing};
use cardwright_core::Named;
use cardwright_core::date::Moment;
use cardwright_core::identity::Guid;
use cardwright_core::lifecycle::State;
use serde::Deserialize;

/// Invented templates and kinds of cards.
const DEMO: &str = include_str!("seed/demo.json");

#[derive(Deserialize)]
struct Demo {
    templates: Vec<TemplateSeed>,
    card_types: Vec<CardType>,
}

/// A kind of card, with its relative frequency.
#[derive(Deserialize)]
struct CardType {
    name: String,
    model: Option<String>,
    atr: String,
    form_factor: String,
    serial: SerialStyle,
    weight: u64,
}

/// How a card's middleware writes its serial number.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum SerialStyle {
    Hex4,
    Decimal8,
    Decimal10,
    Guid,
}

#[derive(Deserialize)]
struct TemplateSeed {
    uuid: String,
    name: String,
    version: i64,
    policy_id: i64,
    policy_name: String,
    policies: Vec<PolicySeed>,
}

#[derive(Deserialize)]
struct PolicySeed {
    kind: String,
    approvals: u32,
    flags: i64,
    data_collection_flags: i64,
    data_items: Vec<String>,
    security_descriptor: String,
}

#[derive(Deserialize)]
struct CardSeed {
    id: i64,
    state: String,
    serial_number: String,
    card_type_name: Option<String>,
    card_model_name: Option<String>,
    atr: Option<String>,
    label: Option<String>,
    comment: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    form_factor: Option<String>,
    pac_number: Option<String>,
    expiration_date: Option<String>,
    time_issued: Option<String>,
    user: Option<String>,
    user_name: Option<String>,
    user_upn: Option<String>,
    uuid: String,
    card_id: Option<String>,
    profile: String,
    template: Option<String>,
    template_version: i64,
    #[serde(default)]
    certificates: Vec<CertificateSeed>,
}

#[derive(Deserialize)]
struct CertificateSeed {
    r#type: String,
    serial_number: String,
    thumbprint: String,
    subject: String,
    issuer: String,
    valid_to: String,
    #[serde(default = "is_true")]
    revoke_with_card: bool,
    #[serde(default = "is_true")]
    in_new_policy: bool,
}

/// The defaults are those of [`Standing::GOOD`].
const fn is_true() -> bool {
    true
}

fn demo() -> Result<Demo, Error> {
    serde_json::from_str(DEMO).map_err(|_| Error::Corrupt("seed/demo.json"))
}

/// Adds the templates that are missing.
fn add_templates(writing: &Writing<'_>, templates: &[TemplateSeed]) -> Result<(), Error> {
    for seed in templates {
        let template = seed.template()?;
        if writing.template(template.uuid)?.is_none() {
            let policies =
                seed.policies.iter().map(|policy| policy.policy(template.uuid)).collect::<Result<Vec<_>, _>>()?;
            writing.add_template(&template, &policies)?;
        }
    }
    Ok(())
}

impl TemplateSeed {
    fn template(&self) -> Result<Template, Error> {
        Ok(Template {
            uuid: uuid(&self.uuid)?,
            name: self.name.clone(),
            version: self.version,
            policy_id: self.policy_id,
            policy_name: self.policy_name.clone(),
        })
    }
}

impl PolicySeed {
    fn policy(&self, template: Guid) -> Result<Policy, Error> {
        Ok(Policy {
            template,
            kind: named(&self.kind)?,
            approvals: self.approvals,
            flags: self.flags,
            data_collection_flags: self.data_collection_flags,
            data_items: self.data_items.clone(),
            security_descriptor: self.security_descriptor.clone(),
            priority: 0,
            is_enrollment_agent: false,
            is_data_complete: false,
        })
    }
}

impl CardSeed {
    /// The card, with the policy of its template.
    fn card(&self, writing: &Writing<'_>) -> Result<Card, Error> {
        let template = optional_uuid(self.template.as_deref())?;
        let policy = template.map(|uuid| writing.template(uuid)).transpose()?.flatten();
        Ok(Card {
            state: named::<State>(&self.state)?,
            card_type_name: self.card_type_name.clone(),
            card_model_name: self.card_model_name.clone(),
            atr: self.atr.clone(),
            label: self.label.clone(),
            comment: self.comment.clone(),
            tags: self.tags.clone(),
            form_factor: self.form_factor.clone(),
            pac_number: self.pac_number.clone(),
            expiration_date: self.expiration_date.as_deref().map(stamp).transpose()?,
            time_issued: self.time_issued.as_deref().map(stamp).transpose()?,
            user: optional_uuid(self.user.as_deref())?,
            user_name: self.user_name.clone(),
            user_upn: self.user_upn.clone(),
            policy_id: policy.as_ref().map(|template| template.policy_id),
            policy_name: policy.map(|template| template.policy_name),
            uuid: uuid(&self.uuid)?,
            card_id: optional_uuid(self.card_id.as_deref())?,
            profile: uuid(&self.profile)?,
            template,
            template_version: self.template_version,
            ..Card::blank(self.id, self.serial_number.clone())?
        })
    }
}

impl CertificateSeed {
    fn certificate(&self) -> Result<Certificate, Error> {
        Ok(Certificate {
            kind: named(&self.r#type)?,
            serial_number: self.serial_number.clone(),
            thumbprint: self.thumbprint.clone(),
            subject: self.subject.clone(),
            issuer: self.issuer.clone(),
            valid_to: stamp(&self.valid_to)?,
        })
    }

    const fn standing(&self) -> Standing {
        Standing { revoke_with_card: self.revoke_with_card, in_new_policy: self.in_new_policy, ..Standing::GOOD }
    }
}

fn named<T: Named>(name: &str) -> Result<T, Error> {
    T::from_name(name).ok_or(Error::Corrupt("a name in the seed data"))
}

fn uuid(text: &str) -> Result<Guid, Error> {
    Guid::parse(text).map_err(|_| Error::Corrupt("a GUID in the seed data"))
}

fn optional_uuid(text: Option<&str>) -> Result<Option<Guid>, Error> {
    text.map(uuid).transpose()
}

fn stamp(text: &str) -> Result<Stamp, Error> {
    Moment::parse(text).map(Stamp::of).ok_or(Error::Corrupt("a time in the seed data"))
}
