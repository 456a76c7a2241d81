//! A card's record in CertiFlow.

use crate::record::{Record, owned};
use cardwright_core::certiflow::{CardInfo, OwnedCardInfo};
use cardwright_core::json::Field;
use cardwright_core::lifecycle::{Evidence, NativeState, System};

/// A card's record in CertiFlow.
#[derive(Debug, Clone)]
pub struct CertiFlowCard {
    /// The record.
    pub card: OwnedCardInfo,
    /// The user whose cards were searched, if any: in G1 the only way to read the card again.
    pub found_by: Option<String>,
}

impl Record for CertiFlowCard {
    fn system(&self) -> System {
        System::CertiFlow
    }

    fn id(&self) -> String {
        self.card.view().id().to_string()
    }

    fn serial_number(&self) -> String {
        owned(self.card.view().serial_number())
    }

    fn atr(&self) -> String {
        owned(self.card.view().atr())
    }

    fn user(&self) -> String {
        owned(self.card.view().user_name())
    }

    fn found_by(&self) -> Option<&str> {
        self.found_by.as_deref()
    }

    fn state(&self) -> Option<NativeState> {
        native_state(&self.card.view())
    }

    fn state_text(&self) -> String {
        self.card.view().state().to_string()
    }

    fn state_evidence(&self) -> Evidence {
        Evidence::Documented
    }

    fn json(&self) -> &str {
        self.card.view().json()
    }

    fn fields(&self) -> &'static [Field] {
        CardInfo::FIELDS
    }

    fn raw(&self, n: usize) -> &str {
        self.card.view().raw(n)
    }
}

/// The state of a card, where its name is known.
pub(crate) fn native_state(card: &CardInfo<'_>) -> Option<NativeState> {
    card.state().known().map(NativeState::CertiFlow)
}
