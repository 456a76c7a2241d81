//! A card's record, whichever system has it.

use cardwright_core::json::{Field, Text};
use cardwright_core::lifecycle::{Evidence, NativeState, System};
use std::fmt;

/// A card's record in one of the systems. Texts are empty where the record does not say.
///
/// ```
/// # use cardwright_client::{CertiFlow, Client, Credentials};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// # let client = cardwright_client::AnyClient::CertiFlow(client);
/// use cardwright_client::Record;
///
/// fn line(card: &dyn Record) -> String {
///     format!("{} {} {}", card.id(), card.serial_number(), card.state_text())
/// }
/// let card = client.find("02A1B3C4")?.ok_or("no such card")?;
/// assert_eq!(line(&*card), "1013 02A1B3C4 Issued");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Record: fmt::Debug + Send + Sync {
    /// The system that has the record.
    fn system(&self) -> System;

    /// The id that the system looks the record up by: CertiFlow's `id`, MIM's `Uuid`.
    fn id(&self) -> String;

    /// The serial number, as the system writes it.
    fn serial_number(&self) -> String;

    /// The ATR in hexadecimal digits, as the system writes it.
    fn atr(&self) -> String;

    /// The user: CertiFlow's `userName`, MIM's `AssignedUserUuid`.
    fn user(&self) -> String;

    /// The id of the card's holder, which stays the same when the holder's name changes: CertiFlow's `userId`, MIM's
    /// `AssignedUserUuid`.
    fn holder(&self) -> String;

    /// The user whose cards were searched, where the record can be read again only through that user.
    fn found_by(&self) -> Option<&str> {
        None
    }

    /// The state, where it is known.
    fn state(&self) -> Option<NativeState>;

    /// The state as the server sent it: CertiFlow's word, MIM's number.
    fn stated(&self) -> String;

    /// The state as text: the system's word, or what the server sent.
    fn state_text(&self) -> String;

    /// Whether the meaning of the state is documented or assumed.
    fn state_evidence(&self) -> Evidence;

    /// The record as the server sent it.
    fn json(&self) -> &str;

    /// The fields that the vendor documents, in the vendor's order.
    fn fields(&self) -> &'static [Field];

    /// What a list shows of the record: a value for each of [`CardSystem::columns`](crate::CardSystem::columns).
    fn row(&self) -> Vec<Shown>;

    /// The `n`th of [`Self::fields`] as it was written, or `""`.
    fn raw(&self, n: usize) -> &str;
}

/// A value in a list of cards.
///
/// ```
/// # use cardwright_client::{CertiFlow, Client, Credentials};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// # let client = cardwright_client::AnyClient::CertiFlow(client);
/// use cardwright_client::Shown;
///
/// let card = client.find("02A1B3C4")?.ok_or("no such card")?;
/// for (heading, shown) in client.columns().iter().zip(card.row()) {
///     match shown {
///         Shown::Text(text) => println!("{heading}: {text}"),
///         Shown::State => println!("{heading}: {}", card.state_text()),
///         other => println!("{heading}: {other:?}"),
///     }
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Shown {
    /// A text.
    Text(String),
    /// The record's state.
    State,
    /// When something ends, ISO 8601; `None` where nothing does.
    Ends(Option<String>),
}

/// A text of a record; empty where the record has none.
pub(crate) fn owned(text: Option<Text<'_>>) -> String {
    text.map(|text| text.to_cow().into_owned()).unwrap_or_default()
}
