//! A card's record in either system.

use crate::certiflow::CertiFlowCard;
use crate::mim::MimCard;
use crate::record::Record;
use std::ops::Deref;

/// A card's record in one of the systems. It dereferences to [`Record`], which has its fields.
///
/// ```
/// # use cardwright_client::{CertiFlow, Client, Credentials};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// # let client = cardwright_client::AnyClient::CertiFlow(client);
/// let card = client.find("02A1B3C4")?.ok_or("no such card")?;
/// assert_eq!((card.id(), card.serial_number(), card.state_text()), ("1013".into(), "02A1B3C4".into(), "Issued".into()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum AnyCard {
    /// A record of MIM CM.
    Mim(MimCard),
    /// A record of CertiFlow.
    CertiFlow(CertiFlowCard),
}

impl Deref for AnyCard {
    type Target = dyn Record;

    fn deref(&self) -> &Self::Target {
        match self {
            AnyCard::Mim(card) => card,
            AnyCard::CertiFlow(card) => card,
        }
    }
}
