//! A card's record in MIM CM.

use crate::record::{Record, Shown, owned};
use cardwright_core::json::Field;
use cardwright_core::lifecycle::{Evidence, NativeState, System};
use cardwright_core::mim::{EMPTY_UUID, OwnedSmartcard, Smartcard, StatusScheme};

/// A card's record in MIM CM.
///
/// ```
/// # use cardwright_client::{Client, Credentials, Mim};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<Mim>::builder(server.mim_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// use cardwright_client::{MimCard, Record as _};
///
/// let card = client.find("91c3e7a5-26d8-4b0f-a7e4-0f5c8d3b6219")?.ok_or("no such card")?;
/// assert_eq!(MimCard::new(card, client.status_scheme()).state_text(), "Active");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct MimCard {
    /// The record.
    pub card: OwnedSmartcard,
    /// Its state, as assumed from its number.
    pub state: Option<NativeState>,
}

impl MimCard {
    /// A record, and its state as a scheme reads the number.
    pub fn new(card: OwnedSmartcard, scheme: StatusScheme) -> Self {
        let state = scheme.status(card.view().status()).map(NativeState::Mim);
        MimCard { card, state }
    }
}

impl Record for MimCard {
    fn system(&self) -> System {
        System::Mim
    }

    fn id(&self) -> String {
        owned(self.card.view().uuid())
    }

    fn serial_number(&self) -> String {
        owned(self.card.view().serial_number())
    }

    fn atr(&self) -> String {
        owned(self.card.view().atr())
    }

    fn user(&self) -> String {
        owned(self.card.view().assigned_user_uuid())
    }

    fn holder(&self) -> String {
        Some(self.user()).filter(|uuid| uuid != EMPTY_UUID).unwrap_or_default()
    }

    fn state(&self) -> Option<NativeState> {
        self.state
    }

    fn stated(&self) -> String {
        self.card.view().status().to_string()
    }

    fn state_text(&self) -> String {
        match self.state {
            Some(state) => state.name().to_string(),
            None => self.stated(),
        }
    }

    fn state_evidence(&self) -> Evidence {
        Evidence::Assumed
    }

    fn json(&self) -> &str {
        self.card.view().json()
    }

    fn fields(&self) -> &'static [Field] {
        Smartcard::FIELDS
    }

    fn row(&self) -> Vec<Shown> {
        let texts = [self.user(), owned(self.card.view().middleware())].map(Shown::Text);
        [Shown::Text(self.id()), Shown::Text(self.serial_number()), Shown::State].into_iter().chain(texts).collect()
    }

    fn raw(&self, n: usize) -> &str {
        self.card.view().raw(n)
    }
}
