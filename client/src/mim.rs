//! Microsoft MIM CM: the caller's cards, a card by its id or by the id that it carries, and the
//! request workflow.

mod bulk;
mod record;
mod system;

pub use record::MimCard;

use crate::client::{Builder, Client};
use crate::error::Error;
use crate::operate::{Check, Outcome, Planned};
use crate::record::owned;
use cardwright_core::identity::{Find, Guid, Serial, Spelling};
use cardwright_core::json::{self, FromJson, List, Scalar, Text};
use cardwright_core::lifecycle::{self, Evidence, NativeState, Operation, System, Verdict};
use cardwright_core::mim::{
    Call, CreateRequest, OwnedRequest, OwnedSmartcard, Request, RequestEnd, RequestType, Smartcard, SmartcardStatus,
    StatusScheme, Step, id_of_uri, listed_operation,
};
use cardwright_core::{Code, Named};
use cardwright_http::Stream;
use std::time::Duration;

/// The REST API of MIM CM.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mim {
    scheme: StatusScheme,
}

/// How often a request that is not yet processed is read, and how long to wait in between.
const LOOKS: usize = 5;
const BETWEEN: Duration = Duration::from_millis(200);

impl Builder<Mim> {
    /// What the numbers of `Smartcard.Status` mean at this site. Default: [`StatusScheme::B`].
    pub fn status_scheme(mut self, scheme: StatusScheme) -> Self {
        self.api.scheme = scheme;
        self
    }
}

impl Client<Mim> {
    /// What the numbers of `Smartcard.Status` mean at this site, as assumed.
    pub fn status_scheme(&self) -> StatusScheme {
        self.api.scheme
    }

    /// The caller's own cards.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub fn smartcards(&self) -> Result<impl Iterator<Item = Result<OwnedSmartcard, Error>> + use<>, Error> {
        let reply = self.transport.send(&Call::Smartcards)?;
        let nothing = reply.status == 204;
        let mut stream = Stream::new(reply, &self.transport);
        let mut done = false;
        Ok(std::iter::from_fn(move || {
            if done {
                return None;
            }
            let card = stream.next(|json| Smartcard::from_json(json).map(|card| card.to_owned()));
            // Only 204 says that there is nothing.
            if card.is_none() && !nothing && !stream.is_list() {
                done = true;
                return Some(Err(no_card_nor_list(stream.request())));
            }
            done = card.is_none() || matches!(&card, Some(Err(_)) if stream.is_over());
            card.map(|card| card.map_err(Error::from))
        }))
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

    /// Revokes the certificates of a card; MIM CM calls the resulting state Disabled.
    ///
    /// # Errors
    /// As [`Self::operate`].
    pub fn revoke(&self, card: &OwnedSmartcard, comment: &str) -> Result<Outcome<OwnedSmartcard>, Error> {
        self.operate(card, Operation::Revoke, comment)
    }

    /// Reinstates a suspended card.
    ///
    /// # Errors
    /// As [`Self::operate`].
    pub fn reinstate(&self, card: &OwnedSmartcard, comment: &str) -> Result<Outcome<OwnedSmartcard>, Error> {
        self.operate(card, Operation::Resume, comment)
    }

    /// Retires a card.
    ///
    /// # Errors
    /// As [`Self::operate`].
    pub fn retire(&self, card: &OwnedSmartcard, comment: &str) -> Result<Outcome<OwnedSmartcard>, Error> {
        self.operate(card, Operation::Retire, comment)
    }

    /// Performs an operation on a card by the request workflow: makes a request, and, once it is
    /// approved, sets the card's status and completes the request. The order is assumed from the
    /// vendor's walk-through.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] where the server does not list the operation for the card;
    /// [`Error::RequestEnded`] where the request was denied, canceled or failed.
    pub fn operate(
        &self,
        card: &OwnedSmartcard,
        operation: Operation,
        comment: &str,
    ) -> Result<Outcome<OwnedSmartcard>, Error> {
        let uuid = uuid_of(card);
        CreateRequest::for_operation(operation, &uuid, comment)?;
        let verdict = self.judge(&uuid, self.state(&card.view()), operation)?;
        match self.create(&uuid, operation, comment) {
            // The request may exist, and nothing tells its id.
            Err(error) if error.is_lost_answer() => {
                Ok(Outcome::Unknown { card: self.smartcard(&uuid).ok().flatten(), error, request: None })
            }
            made => self.carry_out(&made?, &uuid, operation, verdict, false),
        }
    }

    /// Makes a request for an operation, and returns its id.
    pub(crate) fn create(&self, uuid: &str, operation: Operation, comment: &str) -> Result<String, Error> {
        let create = CreateRequest::for_operation(operation, uuid, comment)?;
        let (document, request) = self.document(&Call::CreateRequest(create))?;
        let uri = json::from_slice::<Text<'_>>(&document).map_err(|e| Error::decode(e, &document, 0, &request))?;
        let uri = uri.to_cow();
        id_of_uri(&uri).map(str::to_string).ok_or_else(|| {
            let words = format!("expected the address of a request, the server answered {uri:?}");
            cardwright_http::Error::answer(Code::Unreadable, 201, &request, words).into()
        })
    }

    /// Continues a request that waited for approval, or that was left unfinished.
    ///
    /// # Errors
    /// As [`Self::operate`]; [`Code::NotFound`] where there is no such request, and
    /// [`Code::NoSuchOperation`] where it is for something else.
    pub fn go_on(&self, request: &str) -> Result<Outcome<OwnedSmartcard>, Error> {
        let found = self.request(request)?;
        let view = found.view();
        let operation = match view.request_type().known() {
            Some(RequestType::Retire) => Operation::Retire,
            Some(RequestType::Disable) => Operation::Revoke,
            // REST can only make requests to reinstate.
            Some(RequestType::SuspendOrReinstate) => Operation::Resume,
            _ => return Err(cardwright_core::Error::of(Code::NoSuchOperation, System::Mim.name()).into()),
        };
        self.carry_out(request, &owned(view.old_smartcard_uuid()), operation, None, true)
    }

    /// One request by its id.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub fn request(&self, uuid: &str) -> Result<OwnedRequest, Error> {
        let (document, request) = self.document(&Call::Request { uuid })?;
        let found = json::from_slice::<Request<'_>>(&document).map_err(|e| Error::decode(e, &document, 0, &request))?;
        Ok(found.to_owned())
    }

    /// What [`Self::operate`] would send; `{request}` stands for the id that the server will give.
    ///
    /// # Errors
    /// [`Code::NoSuchOperation`].
    pub fn plan(&self, card: &OwnedSmartcard, operation: Operation, comment: &str) -> Result<Vec<Planned>, Error> {
        self.plan_by_id(&uuid_of(card), operation, comment)
    }

    /// As [`Self::plan`], for the card with this id.
    pub(crate) fn plan_by_id(&self, uuid: &str, operation: Operation, comment: &str) -> Result<Vec<Planned>, Error> {
        let create = CreateRequest::for_operation(operation, uuid, comment)?;
        let status = status_after(operation)?;
        let request = "{request}";
        let calls = [
            Call::CreateRequest(create),
            Call::Request { uuid: request },
            Call::UpdateSmartcard { request, uuid, status },
            Call::EndRequest { uuid: request, end: RequestEnd::Completed },
            Call::Smartcard { uuid },
        ];
        let plan = calls.iter().map(|call| Planned::of(&self.transport, call));
        Ok(plan.map(|p| Planned { address: p.address.replace("%7Brequest%7D", request), ..p }).collect())
    }

    /// The card's state, as assumed from its number.
    pub fn state(&self, card: &Smartcard<'_>) -> Option<NativeState> {
        self.api.scheme.status(card.status()).map(NativeState::Mim)
    }

    /// The server's list decides; the table only explains.
    pub(crate) fn judge(
        &self,
        uuid: &str,
        state: Option<NativeState>,
        operation: Operation,
    ) -> Result<Option<Verdict>, Error> {
        let verdict = state.map(|state| Verdict::of(state, operation));
        if self.check == Check::Off {
            return Ok(verdict);
        }
        let words = self.operations_of(uuid)?;
        let listed = words.iter().any(|word| listed_operation(word) == Some(operation));
        if listed {
            return Ok(verdict);
        }
        let listed = if words.is_empty() { "nothing".to_string() } else { words.join(", ") };
        Err(Error::NotAllowed {
            operation,
            state,
            evidence: Evidence::Documented,
            reason: format!("the server allows this account {listed} on this card"),
        })
    }

    /// Carries a request out. One that was `begun` before may have set the card's status already.
    pub(crate) fn carry_out(
        &self,
        id: &str,
        uuid: &str,
        operation: Operation,
        verdict: Option<Verdict>,
        begun: bool,
    ) -> Result<Outcome<OwnedSmartcard>, Error> {
        let request = id.to_string();
        match self.step(id)? {
            Step::AwaitApproval => return Ok(Outcome::AwaitingApproval { request, verdict }),
            Step::Ended(status) => return Err(Error::RequestEnded { request, status: Some(status) }),
            Step::Unknown => return Err(Error::RequestEnded { request, status: None }),
            Step::Done => {}
            Step::CarryOut if begun && self.is_set(uuid, operation)? => self.complete(id)?,
            Step::CarryOut => match self.set_status(id, uuid, operation)? {
                Some(error) => {
                    let card = self.smartcard(uuid).ok().flatten();
                    return Ok(Outcome::Unknown { card, error, request: Some(request) });
                }
                None => self.complete(id)?,
            },
        }
        let card = self.smartcard(uuid).ok().flatten();
        Ok(Outcome::Done { card, verdict, request: Some(request), answer_lost: false })
    }

    /// Whether the card has the status already that an operation gives it.
    fn is_set(&self, uuid: &str, operation: Operation) -> Result<bool, Error> {
        let wanted = NativeState::Mim(status_after(operation)?);
        Ok(self.smartcard(uuid)?.is_some_and(|card| self.state(&card.view()) == Some(wanted)))
    }

    /// Sets the card's status in the course of a request. Where the answer is lost the card tells
    /// whether it was set; the error is returned where it cannot.
    fn set_status(&self, id: &str, uuid: &str, operation: Operation) -> Result<Option<Error>, Error> {
        let status = status_after(operation)?;
        let Err(error) = self.transport.send(&Call::UpdateSmartcard { request: id, uuid, status }) else {
            return Ok(None);
        };
        if error.is_lost_answer() {
            let card = self.smartcard(uuid).ok().flatten();
            let now = card.and_then(|card| self.state(&card.view()));
            return Ok(if now == Some(NativeState::Mim(status)) { None } else { Some(error.into()) });
        }
        // The server said no: an approved request that will not be carried out is no use. To ask for another
        // sign-in, or to wait, is no such answer.
        if error.status().is_some_and(|status| (400..500).contains(&status) && !matches!(status, 401 | 407 | 429)) {
            let _ = self.transport.send(&Call::EndRequest { uuid: id, end: RequestEnd::Canceled });
        }
        Err(error.into())
    }

    /// Completes a request. Where the answer is lost the request tells whether it is completed.
    fn complete(&self, id: &str) -> Result<(), Error> {
        match self.transport.send(&Call::EndRequest { uuid: id, end: RequestEnd::Completed }) {
            Err(error) if error.is_lost_answer() => match self.request(id) {
                Ok(request) if request.view().step() == Step::Done => Ok(()),
                _ => Err(error.into()),
            },
            sent => Ok(sent.map(|_| ())?),
        }
    }

    /// The next step of a request. One that is not yet processed is read a few times.
    fn step(&self, id: &str) -> Result<Step, Error> {
        use cardwright_core::mim::RequestStatus::NotProcessed;
        for _ in 0..LOOKS {
            let request = self.request(id)?;
            if !request.view().status().is(NotProcessed) {
                return Ok(request.view().step());
            }
            std::thread::sleep(BETWEEN);
        }
        Ok(Step::AwaitApproval)
    }

    /// A whole reply and what was asked; empty where the server says that there is nothing.
    fn document(&self, call: &Call<'_>) -> Result<(Vec<u8>, String), Error> {
        self.reply(call).map(|(document, request, _)| (document, request))
    }

    /// A whole reply, what was asked, and the status.
    fn reply(&self, call: &Call<'_>) -> Result<(Vec<u8>, String, u16), Error> {
        call.check()?;
        let reply = self.transport.send(call)?;
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
            return Err(no_card_nor_list(&request));
        }
        let decode = |e| Error::decode(e, &document, 0, &request);
        let cards = List::<'_, Smartcard<'_>>::new(&document).map_err(decode)?;
        let cards = cards.into_iter().map(|card| card.map(|card| card.to_owned()).map_err(decode));
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

/// An answer of success that has no card, and does not say that there is none.
fn no_card_nor_list(request: &str) -> Error {
    Error::unexpected(request, "nothing, or null, where cards were asked for: that there is none is said by 204")
}

/// The only card, if there is one. Two are an error: a program must not choose between them.
fn at_most_one(cards: Vec<OwnedSmartcard>, request: &str) -> Result<Option<OwnedSmartcard>, Error> {
    if let [first, second, ..] = cards.as_slice() {
        let words = format!("more than one card: {} and {}", uuid_of(first), uuid_of(second));
        return Err(Error::unexpected(request, words));
    }
    Ok(cards.into_iter().next())
}

/// The status that a card is given in the course of a request. Only Retired is documented.
fn status_after(operation: Operation) -> Result<SmartcardStatus, Error> {
    // Wherever an operation is allowed, it leads to the same status.
    let status = lifecycle::MIM.iter().filter(|row| row.operation == operation).find_map(|row| row.to);
    status.ok_or_else(|| cardwright_core::Error::of(Code::NoSuchOperation, System::Mim.name()).into())
}

fn uuid_of(card: &OwnedSmartcard) -> String {
    owned(card.view().uuid())
}

/// Whether two texts are one id: the same GUID in any spelling, or the same text.
fn is_uuid(one: &str, other: &str) -> bool {
    match (Guid::parse(one), Guid::parse(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => one.eq_ignore_ascii_case(other),
    }
}
