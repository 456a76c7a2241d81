//! How the card in a reader and its record are shown.

use crate::connect::Selected;
use crate::style::{BOLD, CARE, END, KEY, escape_controls};
use cardwright::core::Named as _;
use cardwright::core::identity::Guess;
use cardwright::core::lifecycle::System;
use cardwright::{InReader, describe_guess, describe_guesses, describe_record, hex};
use serde_json::{Map, Value, json};

/// The card in the reader and its record, for the person who decides whether they belong together; `None` where no
/// card was asked.
pub(crate) fn introduce(Selected { card: record, from }: &Selected) -> Option<String> {
    let (card, by) = from.as_ref()?;
    let (reader, told, brief) = (escape_controls(&card.reader), card.description(), describe_record(record));
    let mut text = format!("{BOLD}{reader}{END}  {}\n", escape_controls(&told));
    text += &format!("{KEY}its record by{END} {}{KEY}:{END} {}", describe_guess(by.guess), escape_controls(&brief));
    if !by.passed_over.is_empty() {
        let stronger = describe_guesses(&by.passed_over);
        text += &format!("\n{CARE}it may be another card's:{END} there is no record by the stronger {stronger}");
    }
    if let Some(other) = card.other_atr(record) {
        let (other, its) = (escape_controls(&other), hex(&card.atr));
        text += &format!("\n{CARE}the record has another ATR:{END} {other}, and the card has {its}");
    }
    Some(text)
}

/// Adds the card in the reader, where one was asked, and how its record was found to an object about the record.
pub(crate) fn add_to(object: &mut Value, Selected { card: record, from }: &Selected) {
    let Some((card, by)) = from else { return };
    object["in_reader"] = as_json(card);
    object["by"] = guess_json(by.guess);
    object["passed_over"] = by.passed_over.iter().copied().map(guess_json).collect();
    object["other_atr"] = card.other_atr(record).into();
}

/// That the first connect failed for a moment.
#[cfg(feature = "reader")]
pub(crate) const SECOND_ATTEMPT: &str = "connected at the second attempt: at the first the card had no protocol, as after a program was killed in the middle of a command";

/// The card, for a program.
pub(crate) fn as_json(card: &InReader) -> Value {
    let identifiers = card.identity.identifiers().map(|one| {
        json!({
            "source": one.source().name(),
            "trust": one.trust().name(),
            "evidence": one.evidence().name(),
            "personal": one.source().is_personal(),
            "text": one.to_string(),
            "bytes": hex(one.bytes()),
        })
    });
    let guesses = System::ALL.iter().map(|system| {
        let guesses: Vec<Value> = card.identity.guesses(*system).map(guess_json).collect();
        (system.name().to_string(), guesses.into())
    });
    let basis = |kind| card.identity.basis(kind).map(|basis| basis.name());
    let evidence = card.identity.kinds().map(|kind| (kind.name().to_string(), basis(kind).into()));
    let unread = card.identity.unread().map(|(kind, why)| (kind.name().to_string(), why.into()));
    json!({
        "reader": card.reader,
        "atr": hex(&card.atr),
        "protocol": card.protocol,
        "kinds": card.identity.kinds().map(|kind| kind.name()).collect::<Vec<_>>(),
        "evidence": evidence.collect::<Map<String, Value>>(),
        "unread": unread.collect::<Map<String, Value>>(),
        "identifiers": identifiers.collect::<Vec<_>>(),
        "guesses": guesses.collect::<Map<String, Value>>(),
        "resets": card.resets,
        "attempts": card.attempts,
        "events": card.events,
    })
}

/// A guess, for a program.
pub(crate) fn guess_json(guess: Guess) -> Value {
    json!({
        "spelling": guess.spelling.to_string(),
        "source": guess.source.name(),
        "evidence": guess.evidence.name(),
    })
}
