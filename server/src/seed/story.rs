//! The story that the vendors' examples tell: the cards, templates and requests of MIM CM's pages, and
//! cards with the ids in CertiFlow's.

use super::{CardSeed, TemplateSeed, add_templates, demo, named, optional_uuid, stamp, uuid};
use crate::registry::Request;
use crate::{Error, Registry};
use cardwright_core::identity::Guid;
use serde::Deserialize;

const STORY: &str = include_str!("story.json");

#[derive(Deserialize)]
struct Story {
    user: String,
    templates: Vec<TemplateSeed>,
    cards: Vec<CardSeed>,
    requests: Vec<RequestSeed>,
}

#[derive(Deserialize)]
struct RequestSeed {
    uuid: String,
    kind: String,
    status: String,
    flags: i64,
    data_collection: Vec<(String, Option<String>)>,
    data_collection_flags: i64,
    originator: String,
    target: String,
    submitted: String,
    new_profile: Option<String>,
    old_profile: Option<String>,
    new_smartcard: Option<String>,
    old_smartcard: Option<String>,
    template: String,
    security_descriptor: String,
    card: Option<i64>,
}

/// Adds what is missing of the story. It begins at a point where all its ids exist: the enroll request is
/// approved and has its card, which is assigned; an unblock and a retire request wait for that card;
/// an older card is active, and so is one whose template requires approvals.
///
/// # Errors
/// [`Error::Database`].
pub fn story(registry: &Registry) -> Result<(), Error> {
    let story = parsed()?;
    let demo = demo()?;
    registry.write(|writing| {
        add_templates(writing, &demo.templates)?;
        add_templates(writing, &story.templates)?;
        for seed in &story.cards {
            let card = seed.card(writing)?;
            if writing.card(card.id)?.is_some() {
                continue;
            }
            let certificates = seed.certificates.iter().map(|one| Ok((one.certificate()?, one.standing())));
            let certificates = certificates.collect::<Result<Vec<_>, Error>>()?;
            writing.add_cards(&[(card, certificates)])?;
        }
        for seed in &story.requests {
            let request = seed.request()?;
            if writing.request(request.uuid)?.is_none() {
                writing.add_request(&request)?;
            }
        }
        writing.number_on()
    })
}

/// The user whose cards MIM CM's examples show: an account with this user can follow them.
///
/// # Errors
/// Only [`Error::Corrupt`], if the seed data is broken.
pub fn story_user() -> Result<Guid, Error> {
    uuid(&parsed()?.user)
}

fn parsed() -> Result<Story, Error> {
    serde_json::from_str(STORY).map_err(|_| Error::Corrupt("seed/story.json"))
}

impl RequestSeed {
    fn request(&self) -> Result<Request, Error> {
        Ok(Request {
            uuid: uuid(&self.uuid)?,
            kind: named(&self.kind)?,
            status: named(&self.status)?,
            flags: self.flags,
            data_collection: self.data_collection.clone(),
            data_collection_flags: self.data_collection_flags,
            originator: uuid(&self.originator)?,
            target: uuid(&self.target)?,
            submitted: stamp(&self.submitted)?,
            completed: None,
            new_profile: optional_uuid(self.new_profile.as_deref())?,
            old_profile: optional_uuid(self.old_profile.as_deref())?,
            new_smartcard: optional_uuid(self.new_smartcard.as_deref())?,
            old_smartcard: optional_uuid(self.old_smartcard.as_deref())?,
            priority: 0,
            comment: String::new(),
            template: uuid(&self.template)?,
            security_descriptor: self.security_descriptor.clone(),
            is_smartcard: true,
            is_enrollment_agent: false,
            is_data_complete: false,
            card: self.card,
            carried_out: false,
        })
    }
}
