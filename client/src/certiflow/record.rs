//! A card's record in CertiFlow.

use crate::record::{Record, Shown, owned};
use cardwright_core::certiflow::{CardInfo, CertificateType, OwnedCardInfo};
use cardwright_core::json::Field;
use cardwright_core::lifecycle::{Evidence, NativeState, System};

/// A card's record in CertiFlow.
///
/// ```
/// # use cardwright_client::{CertiFlow, Client, Credentials};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// use cardwright_client::{CertiFlowCard, Record as _};
///
/// let card = CertiFlowCard::new(client.card("1013")?.ok_or("no such card")?);
/// assert_eq!(card.state_text(), "Issued");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CertiFlowCard {
    /// The record.
    pub card: OwnedCardInfo,
    /// The user whose cards were searched, if any: in G1 the only way to read the card again.
    pub found_by: Option<String>,
}

impl CertiFlowCard {
    /// A record.
    #[must_use]
    pub fn new(card: OwnedCardInfo) -> Self {
        CertiFlowCard { card, found_by: None }
    }

    /// Sets [`Self::found_by`](#structfield.found_by).
    #[must_use]
    pub fn of_user(mut self, user: impl Into<Option<String>>) -> Self {
        self.found_by = user.into();
        self
    }
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

    fn holder(&self) -> String {
        let id = self.card.view().user_id();
        if id.is_null() { String::new() } else { id.to_string() }
    }

    fn found_by(&self) -> Option<&str> {
        self.found_by.as_deref()
    }

    fn state(&self) -> Option<NativeState> {
        native_state(&self.card.view())
    }

    fn stated(&self) -> String {
        self.card.view().state().to_string()
    }

    fn state_text(&self) -> String {
        self.stated()
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

    fn row(&self) -> Vec<Shown> {
        let view = self.card.view();
        vec![
            Shown::Text(self.id()),
            Shown::Text(self.serial_number()),
            Shown::State,
            Shown::Text(self.user()),
            Shown::Text(owned(view.card_type_name())),
            Shown::Ends(first_end(&view, |_| true)),
            Shown::Text(owned(view.label())),
        ]
    }

    fn raw(&self, n: usize) -> &str {
        self.card.view().raw(n)
    }
}

/// The state of a card, where its name is known.
pub(crate) fn native_state(card: &CardInfo<'_>) -> Option<NativeState> {
    card.state().known().map(NativeState::CertiFlow)
}

/// When the first of the managed certificates ends, of those whose end fits.
pub fn first_end(card: &CardInfo<'_>, fits: impl Fn(&str) -> bool) -> Option<String> {
    card.certificates()
        .into_iter()
        .filter_map(Result::ok)
        .filter(|certificate| certificate.kind().is(CertificateType::Managed))
        .filter_map(|certificate| certificate.valid_to().map(|text| text.to_string()))
        .filter(|end| fits(end))
        .min()
}
