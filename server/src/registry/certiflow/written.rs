//! Cards written as JSON, with their certificates.

use crate::Error;
use crate::registry::shown::Shown;
use core::ops::Range;

/// How a card is shown.
#[derive(Debug)]
pub(crate) struct CardShown {
    pub(crate) fields: Vec<Shown>,
    /// How its certificates are, in the field `certificates`; `None` if it has no such field.
    pub(crate) certificates: Option<&'static [Shown]>,
}

/// Cards in JSON.
#[derive(Debug, Default)]
pub(crate) struct Written {
    bytes: Vec<u8>,
    /// The id of each card, and where it is without its certificates and its closing brace.
    cards: Vec<(i64, Range<usize>)>,
    /// The card of each certificate, in the order of the cards, and where that is.
    certificates: Vec<(i64, Range<usize>)>,
    has_certificates: bool,
}

impl Written {
    /// None so far, with or without certificates.
    pub(in crate::registry) fn new(shown: &CardShown) -> Self {
        // Room for one card with its certificates.
        Written {
            bytes: Vec::with_capacity(2 << 10),
            has_certificates: shown.certificates.is_some(),
            ..Written::default()
        }
    }

    /// Adds the next card: its id, and what writes it without its closing brace.
    pub(in crate::registry) fn card(
        &mut self,
        id: i64,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let start = self.bytes.len();
        write(&mut self.bytes)?;
        self.cards.push((id, start..self.bytes.len()));
        Ok(())
    }

    /// Adds the next certificate, in the order of the cards: its card, and what writes it without its closing brace.
    pub(in crate::registry) fn certificate(
        &mut self,
        card: i64,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let start = self.bytes.len();
        write(&mut self.bytes)?;
        self.bytes.push(b'}');
        self.certificates.push((card, start..self.bytes.len()));
        Ok(())
    }

    /// The ids of the cards.
    pub(in crate::registry) fn ids(&self) -> Vec<i64> {
        self.cards.iter().map(|card| card.0).collect()
    }

    /// How many cards.
    pub(in crate::registry) fn count(&self) -> u32 {
        u32::try_from(self.cards.len()).unwrap_or(u32::MAX)
    }

    /// Passes each card, and the parts of its object.
    pub(super) fn each(&self, mut take: impl FnMut(i64, &[&[u8]])) {
        let mut certificates = self.certificates.iter().peekable();
        let bytes = |range: &Range<usize>| self.bytes.get(range.clone()).unwrap_or_default();
        let mut parts: Vec<&[u8]> = Vec::new();
        for (id, range) in &self.cards {
            parts.clear();
            parts.push(bytes(range));
            if self.has_certificates {
                let mut between: &[u8] = br#","certificates":["#;
                let is_empty = certificates.peek().is_none_or(|one| one.0 != *id);
                while let Some((_, range)) = certificates.next_if(|one| one.0 == *id) {
                    parts.extend([between, bytes(range)]);
                    between = b",";
                }
                parts.push(if is_empty { br#","certificates":[]"# } else { b"]" });
            }
            parts.push(b"}");
            take(*id, &parts);
        }
    }
}
