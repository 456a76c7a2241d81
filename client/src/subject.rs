//! The card that an operation is for, as it was when it was found.
//!
//! An operation goes to a card, not to an id: what it was found by is compared with each record that is
//! read of it later. In few bytes, as a bulk run may have a million of them.

use crate::error::Error;
use crate::record::Record;
use crate::spelling::is_serial;
use cardwright_core::lifecycle::{NativeState, Operation, System, Verdict, target};

/// A card to operate on.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    /// Id, serial number, holder, the holder's name where it is not his id, the user whose cards were searched, the state
    /// as the server sent it, and the state's text.
    text: Box<str>,
    /// Where the first six end.
    ends: [u32; 6],
    pub(crate) state: Option<NativeState>,
}

/// The texts of a [`Subject`]; empty where the record does not say.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Parts<'p> {
    pub(crate) id: &'p str,
    pub(crate) serial: &'p str,
    /// The id of the card's holder, which stays the same when the holder's name changes.
    pub(crate) holder: &'p str,
    /// The name of the card's holder, where that is not `holder`.
    pub(crate) name: &'p str,
    /// The user whose cards were searched, if that matters.
    pub(crate) user: &'p str,
    /// The state as the server sent it: a word, or a number.
    pub(crate) stated: &'p str,
    /// The state for people.
    pub(crate) state_text: &'p str,
}

impl Subject {
    pub(crate) fn new(parts: Parts<'_>, state: Option<NativeState>) -> Self {
        let Parts { id, serial, holder, name, user, stated, state_text } = parts;
        let mut end = 0u32;
        let ends = [id, serial, holder, name, user, stated].map(|part| {
            end = end.saturating_add(u32::try_from(part.len()).unwrap_or(u32::MAX));
            end
        });
        Subject { text: [id, serial, holder, name, user, stated, state_text].concat().into(), ends, state }
    }

    pub(crate) fn of(record: &dyn Record) -> Self {
        let (holder, name) = (record.holder(), record.user());
        let parts = Parts {
            id: &record.id(),
            serial: &record.serial_number(),
            holder: &holder,
            name: if name == holder { "" } else { &name },
            user: record.found_by().unwrap_or_default(),
            stated: &record.stated(),
            state_text: &record.state_text(),
        };
        Self::new(parts, record.state())
    }

    fn part(&self, n: usize) -> &str {
        let from = n.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end as usize);
        let to = self.ends.get(n).map_or(self.text.len(), |end| *end as usize);
        self.text.get(from..to).unwrap_or_default()
    }

    pub(crate) fn id(&self) -> &str {
        self.part(0)
    }

    pub(crate) fn serial(&self) -> &str {
        self.part(1)
    }

    pub(crate) fn holder(&self) -> &str {
        self.part(2)
    }

    /// The name of the card's holder; his id where that is all there is.
    pub(crate) fn name(&self) -> &str {
        Some(self.part(3)).filter(|name| !name.is_empty()).unwrap_or(self.holder())
    }

    /// The user whose cards were searched, if that matters.
    pub(crate) fn user(&self) -> Option<&str> {
        Some(self.part(4)).filter(|user| !user.is_empty())
    }

    /// The state as the server sent it.
    pub(crate) fn stated(&self) -> &str {
        self.part(5)
    }

    pub(crate) fn state_text(&self) -> &str {
        self.part(6)
    }

    /// What the tables say about an operation; `None` where the state is not known.
    pub(crate) fn verdict(&self, operation: Operation) -> Option<Verdict> {
        self.state.map(|state| Verdict::of(state, operation))
    }

    /// The state that an operation leads to, if it leads to another state at all. One that leaves the state as it
    /// is cannot be seen in the record.
    pub(crate) fn goal(&self, system: System, operation: Operation) -> Option<NativeState> {
        target(system, operation).filter(|_| !operation.facts().repeatable)
    }

    /// Checks that a record with this id is this card's; before anything is sent.
    ///
    /// # Errors
    /// [`Error::OtherCard`] where it is another card's.
    pub(crate) fn check(&self, record: &dyn Record) -> Result<(), Error> {
        self.other_card(record, None).map_or(Ok(()), |words| Err(Error::other_card(self.id(), words)))
    }

    /// Checks that a record with this id is this card's, and says of holder and state what was shown; before anything
    /// is sent.
    ///
    /// # Errors
    /// [`Error::OtherCard`] where it is another card's, and [`Error::Changed`] where it says something else.
    pub(crate) fn check_shown(&self, record: &dyn Record) -> Result<(), Error> {
        self.check(record)?;
        let user = record.user();
        let words = if !user.eq_ignore_ascii_case(self.name()) {
            let user = if user.is_empty() { "nobody" } else { user.as_str() };
            let shown = if self.name().is_empty() { "nobody" } else { self.name() };
            format!("holder {user} where {shown} was shown")
        } else if !record.stated().eq_ignore_ascii_case(self.stated()) {
            format!("state {} where {} was shown", record.state_text(), self.state_text())
        } else {
            return Ok(());
        };
        Err(Error::Changed { id: self.id().into(), words })
    }

    /// How a record with this id shows that it is another card's by now; `None` where it is the same card. What
    /// one of the two records does not say is not compared, nor the holder after an `operation` that removes him.
    pub(crate) fn other_card(&self, record: &dyn Record, operation: Option<Operation>) -> Option<String> {
        let (serial, holder) = (record.serial_number(), record.holder());
        let is_same = serial == self.serial() || is_serial(self.serial(), &serial);
        if !self.serial().is_empty() && !serial.is_empty() && !is_same {
            return Some(format!("serial number {serial} where {} was found", self.serial()));
        }
        let removed = operation.is_some_and(|operation| operation.facts().removes_holder);
        if !removed && !self.holder().is_empty() && !holder.is_empty() && !self.holder().eq_ignore_ascii_case(&holder) {
            return Some(format!("holder {holder} where {} was found", self.holder()));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_of_a_card_come_back_apart() {
        let parts =
            Parts { id: "17", serial: "02Ä1", holder: "u-1", name: "Ü", stated: "3", state_text: "Active", user: "" };
        let card = Subject::new(parts, None);
        assert_eq!((card.id(), card.serial(), card.holder(), card.user()), ("17", "02Ä1", "u-1", None));
        assert_eq!((card.stated(), card.state_text(), card.name()), ("3", "Active", "Ü"));
        assert_eq!(Subject::new(Parts { name: "", ..parts }, None).name(), "u-1");
    }
}
