//! Microsoft MIM CM: the caller's cards, a card by its id or by the id that it carries, and the
//! request workflow.

mod filter;
mod follow;
mod id;
mod list;
mod operate;
mod record;
mod request;
mod system;

pub use filter::RequestFilter;
pub use follow::FollowedRequest;
pub use record::MimCard;

use self::id::is_uuid;
use crate::client::{Builder, Client};
use crate::error::Error;
use crate::record::owned;
use cardwright_core::Code;
use cardwright_core::identity::{Find, Guid, Only, Serial, Spelling};
use cardwright_core::json::{self, List, Scalar, Text};
use cardwright_core::lifecycle::NativeState;
use cardwright_core::mim::{Call, OwnedSmartcard, Smartcard, StatusScheme};
use cardwright_http::Reply;

/// The REST API of MIM CM.
///
/// ```
/// # use cardwright_client::{Client, Credentials, Mim};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<Mim>::builder(server.mim_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// // By the id that the card carries.
/// let card = client.find("{91C3E7A5-26D8-4B0F-A7E4-0F5C8D3B6219}")?.ok_or("no such card")?;
/// println!("{:?}", client.operations(&card)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Mim {
    scheme: StatusScheme,
}

/// What a 404 of the web server itself means, where the address is right.
const SWITCHED_OFF: &str =
    "if the address is right, the API is switched off, as it comes: Clm.WebApi.Enabled in MIM CM's web.config";

impl Builder<Mim> {
    /// What the numbers of `Smartcard.Status` mean at this site. Default: [`StatusScheme::B`].
    pub fn status_scheme(mut self, scheme: StatusScheme) -> Self {
        self.api.scheme = scheme;
        self
    }
}

impl Client<Mim> {
    /// What the numbers of `Smartcard.Status` mean at this site, as assumed.
    #[must_use]
    pub fn status_scheme(&self) -> StatusScheme {
        self.api.scheme
    }

    /// One card by its id in the database.
    ///
    /// # Errors
    /// Any of [`Error`]. A card that the server does not have is `None`; another card than that one is
    /// [`Code::Unexpected`].
    pub fn smartcard(&self, uuid: &str) -> Result<Option<OwnedSmartcard>, Error> {
        let (cards, request) = self.cards(&Call::Smartcard { uuid })?;
        let card = at_most_one(cards, &request)?;
        match card.as_ref().map(uuid_of).filter(|found| !is_uuid(found, uuid)) {
            Some(other) => Err(Error::unexpected(&request, format!("card {other} where {uuid} was asked for"))),
            None => Ok(card),
        }
    }

    /// The card with a serial number. For a Base CSP card this is the id that the card carries, with
    /// braces or without.
    ///
    /// # Errors
    /// [`Code::Guid`] for what is no GUID: MIM CM looks cards up by that alone. Two cards are an error.
    pub fn find(&self, serial: &str) -> Result<Option<OwnedSmartcard>, Error> {
        let (cards, request) = self.with_serial(serial)?;
        at_most_one(cards, &request)
    }

    /// All cards with a serial number, and what was asked.
    fn with_serial(&self, serial: &str) -> Result<(Vec<OwnedSmartcard>, String), Error> {
        let card_id = Guid::parse(serial.trim())?;
        let text = card_id.to_string();
        let (cards, request) = self.cards(&Call::SmartcardByCardId { card_id: &text })?;
        for card in &cards {
            let its = owned(card.view().serial_number());
            if !Serial::parse(&its).is_ok_and(|its| its == Serial::from_guid(card_id)) {
                let words = format!("asked for cardid {text}, the server answered with {its:?}");
                return Err(Error::unexpected(&request, words));
            }
        }
        Ok((cards, request))
    }

    /// The operations that the caller may perform on a card, in the server's words.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub fn operations(&self, card: &OwnedSmartcard) -> Result<Vec<String>, Error> {
        self.operations_of(&uuid_of(card))
    }

    fn operations_of(&self, uuid: &str) -> Result<Vec<String>, Error> {
        let (document, request) = self.document(&Call::Operations { uuid })?;
        let decode = |e| Error::decode(e, &document, 0, &request);
        if document.is_empty() {
            return Ok(Vec::new());
        }
        let words = List::<'_, Text<'_>>::new(&document).map_err(decode)?;
        words.into_iter().map(|word| word.map(|word| word.to_cow().into_owned()).map_err(decode)).collect()
    }

    /// The card's state, as assumed from its number.
    pub fn state(&self, card: &Smartcard<'_>) -> Option<NativeState> {
        self.api.scheme.status(card.status()).map(NativeState::Mim)
    }

    /// Sends a call. While its API is switched off, MIM CM answers 404 to every call.
    fn send(&self, call: &Call<'_>) -> Result<Reply, Error> {
        self.transport.send(call).map_err(|error| match error.status() {
            Some(404) if error.code() == Code::Address => Error::from(error).with_words(SWITCHED_OFF),
            _ => error.into(),
        })
    }

    /// A whole reply and what was asked; empty where the server says that there is nothing.
    fn document(&self, call: &Call<'_>) -> Result<(Vec<u8>, String), Error> {
        self.reply(call).map(|(document, request, _)| (document, request))
    }

    /// A whole reply, what was asked, and the status.
    fn reply(&self, call: &Call<'_>) -> Result<(Vec<u8>, String, u16), Error> {
        call.check()?;
        let reply = self.send(call)?;
        let (request, status) = (reply.request.clone(), reply.status);
        Ok((reply.document(self.transport.max_element())?.unwrap_or_default(), request, status))
    }

    /// A reply of cards, and what was asked; no card where the server says that there is none, by 204 or 404. The
    /// documents promise a list and print an object; both are read.
    fn cards(&self, call: &Call<'_>) -> Result<(Vec<OwnedSmartcard>, String), Error> {
        let (document, request, status) = match self.reply(call) {
            Err(e) if e.code() == Code::NotFound => return Ok(Default::default()),
            found => found?,
        };
        if status == 204 {
            return Ok((Vec::new(), request));
        }
        if document.is_empty() || json::from_slice::<Scalar<'_>>(&document).is_ok_and(Scalar::is_null) {
            return Err(nothing_nor_list(&request, "cards"));
        }
        let decode = |e| Error::decode(e, &document, 0, &request);
        let cards = List::<'_, Smartcard<'_>>::new(&document).map_err(decode)?;
        let cards = cards.into_iter().map(|card| card.map(|card| card.owned()).map_err(decode));
        Ok((cards.collect::<Result<_, _>>()?, request))
    }
}

/// The documented endpoint takes a GUID alone; another spelling is [`Code::Guid`].
impl Find for &Client<Mim> {
    type Record = OwnedSmartcard;
    type Error = Error;

    fn find(&mut self, serial: &Spelling, found: &mut dyn FnMut(OwnedSmartcard)) -> Result<(), Error> {
        let (cards, _) = self.with_serial(&serial.to_string())?;
        cards.into_iter().for_each(found);
        Ok(())
    }
}

/// An answer of success that has no card or request, and does not say that there is none.
fn nothing_nor_list(request: &str, what: &str) -> Error {
    let words = format!("nothing, or null, where {what} were asked for: that there is none is said by 204");
    Error::unexpected(request, words)
}

/// The only card, if there is one. Two are an error: a program must not choose between them.
fn at_most_one(cards: Vec<OwnedSmartcard>, request: &str) -> Result<Option<OwnedSmartcard>, Error> {
    match cards.into_iter().collect() {
        Only::Several(first, second) => {
            let words = format!("more than one card: {} and {}", uuid_of(&first), uuid_of(&second));
            Err(Error::unexpected(request, words))
        }
        found => Ok(found.one().ok()),
    }
}

fn uuid_of(card: &OwnedSmartcard) -> String {
    owned(card.view().uuid())
}
