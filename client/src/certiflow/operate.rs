//! Operations on a card of CertiFlow: one request, and the card's state that shows the result.

use super::known::{Key, may_lack};
use super::{ById, CertiFlow, CertiFlowCard};
use crate::any::AnyCard;
use crate::client::Client;
use crate::engine::{Around, Begun, Engine, Look, Sent, Verify, settle};
use crate::error::Error;
use crate::operate::Planned;
use crate::outcome::{Ending, Outcome};
use crate::record::Record as _;
use crate::subject::Subject;
use crate::system::Job;
use crate::told;
use cardwright_core::certiflow::{Call, Endpoint, OwnedCardInfo, Query, RevocationReason};
use cardwright_core::lifecycle::{NativeState, Operation, System};
use cardwright_core::{Code, Error as CallError, Named as _};
use cardwright_http::Repeat;

/// A card to operate on, and the user whose cards were searched. In G1 the card can be read again only through
/// that user; in other dialects the user does not matter.
///
/// ```
/// # use cardwright_client::{CertiFlow, Client, Credentials};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// use cardwright_core::certiflow::Dialect;
///
/// # let client = Client::<CertiFlow>::builder(server.icmapi_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .dialect(Dialect::G1)
/// #     .build()?;
/// # let user = "ipetrov@demo.example";
/// // In G1 the card is read again through the user whose cards were searched.
/// if let Some(card) = client.card_of(user, "02A1B3C4")? {
///     client.disable((&card, user))?.done()?;
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct CardOf<'c> {
    card: &'c OwnedCardInfo,
    user: Option<&'c str>,
}

impl<'c> From<&'c OwnedCardInfo> for CardOf<'c> {
    fn from(card: &'c OwnedCardInfo) -> Self {
        CardOf { card, user: None }
    }
}

impl<'c> From<(&'c OwnedCardInfo, &'c str)> for CardOf<'c> {
    fn from((card, user): (&'c OwnedCardInfo, &'c str)) -> Self {
        CardOf { card, user: Some(user) }
    }
}

/// That a job says nothing that no request of CertiFlow carries.
///
/// # Errors
/// [`Code::NoSuchParameter`] for a comment.
pub(super) fn no_comment(job: &Job) -> Result<(), Error> {
    if job.comment.is_empty() { Ok(()) } else { Err(CallError::of(Code::NoSuchParameter, "comment").into()) }
}

impl Client<CertiFlow> {
    /// Puts a card on hold.
    ///
    /// # Errors
    /// Any of [`Error`]; [`Error::NotAllowed`] where the card's state documents that it cannot be.
    pub fn disable<'c>(&self, card: impl Into<CardOf<'c>>) -> Result<Outcome<OwnedCardInfo>, Error> {
        self.operate(card, Operation::Suspend, None)
    }

    /// Lifts the hold.
    ///
    /// # Errors
    /// As [`Self::disable`].
    pub fn enable<'c>(&self, card: impl Into<CardOf<'c>>) -> Result<Outcome<OwnedCardInfo>, Error> {
        self.operate(card, Operation::Resume, None)
    }

    /// Revokes a card for good.
    ///
    /// # Errors
    /// As [`Self::disable`].
    pub fn revoke<'c>(
        &self,
        card: impl Into<CardOf<'c>>,
        reason: RevocationReason,
    ) -> Result<Outcome<OwnedCardInfo>, Error> {
        self.operate(card, Operation::Revoke, Some(reason))
    }

    /// Revokes the certificates that the card's new policy no longer has.
    ///
    /// # Errors
    /// As [`Self::disable`].
    pub fn pre_update<'c>(&self, card: impl Into<CardOf<'c>>) -> Result<Outcome<OwnedCardInfo>, Error> {
        self.operate(card, Operation::PreUpdate, None)
    }

    /// Withdraws a revoked card from its user. Since G7.
    ///
    /// # Errors
    /// As [`Self::disable`].
    pub fn withdraw<'c>(&self, card: impl Into<CardOf<'c>>) -> Result<Outcome<OwnedCardInfo>, Error> {
        self.operate(card, Operation::Retire, None)
    }

    /// Performs an operation on a card, and reads the card again until it shows the result or the settle limit
    /// ends it. The outcome says what is so.
    ///
    /// # Errors
    /// As [`Self::disable`]: the operation was not begun. `reason` is for [`Operation::Revoke`] alone, and must be
    /// given there.
    pub fn operate<'c>(
        &self,
        card: impl Into<CardOf<'c>>,
        operation: Operation,
        reason: Option<RevocationReason>,
    ) -> Result<Outcome<OwnedCardInfo>, Error> {
        let CardOf { card, user } = card.into();
        let record = CertiFlowCard { card: card.clone(), found_by: user.map(str::to_string) };
        let job = Job { reason, ..Job::new(operation) };
        let mut alone = self.alone();
        let subject = Subject::of(&record);
        let outcome = self.carry_out(&subject, &job, Begun::default(), &mut alone);
        Ok(told::ended(subject.id(), operation, outcome)?.map(|card| card.card))
    }

    /// What [`Self::operate`] would send.
    ///
    /// # Errors
    /// What the dialect lacks.
    pub fn plan(
        &self,
        card: &OwnedCardInfo,
        operation: Operation,
        reason: Option<RevocationReason>,
    ) -> Result<Vec<Planned>, Error> {
        self.plan_by_id(&super::id_of(card), operation, reason)
    }

    /// As [`Self::plan`], for the card with this id.
    pub(super) fn plan_by_id(
        &self,
        id: &str,
        operation: Operation,
        reason: Option<RevocationReason>,
    ) -> Result<Vec<Planned>, Error> {
        let request = self.request(Call::Operate { operation, id, reason })?;
        Ok(vec![Planned::of(&self.transport, &request)])
    }

    fn carry_out(
        &self,
        card: &Subject,
        job: &Job,
        begun: Begun<'_>,
        around: &mut dyn Around,
    ) -> Result<Outcome<CertiFlowCard>, Error> {
        no_comment(job)?;
        let Job { operation, reason, .. } = *job;
        let call = Call::Operate { operation, id: card.id(), reason };
        self.request(call)?;
        self.ask_who_has(call);
        let mut verdict = self.check.judge(card.state, operation)?;
        let repeatable = operation.facts().repeatable;
        // Whether a request may have arrived that is not accounted for.
        let mut ambiguous = begun.doubt && !repeatable;
        if begun.resumed
            && !ambiguous
            && let Some(seen) = self.again(card, Self::by_id)?
        {
            // Nothing was sent yet, so the holder counts whatever the operation does.
            card.check(&seen)?;
            verdict = self.check.judge(seen.state(), operation)?;
        }
        let judged = |outcome: Outcome<CertiFlowCard>| -> Result<_, Error> { Ok(Outcome { verdict, ..outcome }) };
        let (mut attempt, mut last) = (0, None);
        loop {
            if ambiguous && !matches!(self.look(card, operation, false), Look::Before(_)) {
                break;
            }
            // Only now: a look may have shown another generation.
            let request = match self.confirm(card, operation).and_then(|()| self.request(call)) {
                Ok(request) => request,
                Err(error) if attempt == 0 && !ambiguous => return Err(error),
                Err(error) => {
                    last = Some(error);
                    break;
                }
            };
            around.sending(repeatable)?;
            attempt += 1;
            let error = match Sent::without_body(self.transport.send_again(&request, Repeat::Unsent)) {
                Sent::Success(status) if self.settling.verify == Verify::Never => {
                    return judged(Outcome::new(Ending::Accepted).with_status(status));
                }
                Sent::Success(status) => {
                    let look = settle(self.settling.after_success(), around, || self.look(card, operation, true));
                    return judged(end(look, None, false).with_status(status));
                }
                Sent::Nothing(error) if !ambiguous && attempt == 1 => {
                    around.unsent()?;
                    return judged(Outcome::new(Ending::NotSent).with_error(error));
                }
                Sent::Refused(error) if !ambiguous && attempt == 1 => {
                    return judged(Outcome::new(Ending::Refused).with_error(error));
                }
                Sent::Busy(error) => {
                    // It is looked at now, and once more before it is sent again.
                    let as_before = matches!(self.look(card, operation, false), Look::Before(_));
                    if as_before && around.again(attempt, &error) {
                        (ambiguous, last) = (!repeatable, Some(error));
                        continue;
                    }
                    error
                }
                // Doing it twice has the same effect as doing it once.
                Sent::Unclear(error) if repeatable && around.again(attempt, &error) => continue,
                Sent::Unclear(error) | Sent::Refused(error) | Sent::Nothing(error) => error,
            };
            last = Some(error);
            break;
        }
        let look = settle(self.settling.limit, around, || self.look(card, operation, false));
        judged(end(look, last, true))
    }

    /// What the card shows of an operation. One that leaves the state as it is is shown by the documented answer
    /// (`answered`) and by the state being as before.
    fn look(&self, card: &Subject, operation: Operation, answered: bool) -> Look<CertiFlowCard> {
        // One that fails is repeated by the caller.
        let once = |client: &Self, id: &str| client.by_id_in(id, |request| client.transport.send_once(request));
        let seen = match self.again(card, once) {
            Ok(Some(seen)) => seen,
            Ok(None) => return Look::Other(None, "the server no longer has the card".into()),
            Err(error) => {
                let privilege = cardwright_core::Named::name(Endpoint::Card.privilege());
                return Look::failed(error, &format!("reading takes the privilege \"{privilege}\""));
            }
        };
        let is_as_before = seen.stated().eq_ignore_ascii_case(card.stated());
        if let Some(words) = card.other_card(&seen, (!is_as_before).then_some(operation)) {
            return Look::Foreign(seen, words);
        }
        match card.goal(System::CertiFlow, operation) {
            Some(goal) if seen.state() == Some(goal) => Look::Done(seen),
            None if answered && is_as_before => Look::Done(seen),
            _ if is_as_before => Look::Before(seen),
            goal => {
                let wanted = goal.map_or(card.state_text(), |goal| goal.name());
                let words = format!("the card is {}, where {wanted} was expected", seen.state_text());
                Look::Other(Some(seen), words)
            }
        }
    }

    /// Makes sure, before a first operation, that the server speaks the generation that was given: the card is found
    /// by the key by which it is read afterwards. And that it looks for a reason where that is written. Whether one card
    /// can be read by its id makes no difference to the operation, and shows afterwards.
    ///
    /// What cannot be made sure does not stop the operation.
    ///
    /// # Errors
    /// [`Error::Dialect`] where the server speaks another generation; [`Error::Ignored`] where it is none that is known;
    /// [`Error::OtherCard`].
    fn confirm(&self, card: &Subject, operation: Operation) -> Result<(), Error> {
        if self.given_dialect().is_some() && !self.api.known.has_key(self.key(card)) {
            let missing = || CallError::of(Code::NotFound, "a card").into();
            match self.again(card, Self::by_id) {
                Ok(Some(seen)) => card.check(&seen)?,
                Ok(None) => self.unless_other(self.instead_of(self.dialect(), missing()))?,
                Err(error) if may_lack(&error) => self.unless_other(self.instead_of(self.dialect(), error))?,
                Err(error) => self.unless_other::<()>(Err(error))?,
            }
        }
        if !operation.facts().takes_reason || self.knows_place_of_reason() {
            return Ok(());
        }
        self.unless_other(match self.ensure_serial_filter(card.serial()) {
            Err(error) if may_lack(&error) => self.instead_of(self.dialect(), error).map(|_| ()),
            done => done,
        })
    }

    /// Passes on only the error of another generation than the one that was given, of a filter that was seen to be
    /// ignored, and of a canceled request.
    fn unless_other<T>(&self, looked: Result<T, Error>) -> Result<(), Error> {
        match looked {
            Err(error) if matches!(error, Error::Dialect { .. } | Error::Ignored { .. }) => Err(error),
            Err(error) if error.code() == Code::Canceled => Err(error),
            Err(error) => {
                tracing::warn!("{error}; whether the server speaks {} is not known", self.dialect().name());
                Ok(())
            }
            Ok(_) => Ok(()),
        }
    }

    /// The card as it is now, by the best key that the dialect has.
    fn again(
        &self,
        card: &Subject,
        by_id: impl Fn(&Self, &str) -> Result<ById, Error>,
    ) -> Result<Option<CertiFlowCard>, Error> {
        let with_user = |found: OwnedCardInfo| CertiFlowCard { card: found, found_by: card.user().map(str::to_string) };
        let mut key = self.key(card);
        if key == Key::User && card.user().is_none() {
            self.ask_for_key();
            key = self.key(card);
        }
        if key == Key::Id {
            match by_id(self, card.id())? {
                ById::Card(found) => return Ok(found.map(with_user)),
                ById::NoCall => key = self.key(card),
            }
        }
        let mut cards = match key {
            Key::User => self.search(card.user().unwrap_or_default())?,
            Key::Serial => self.look_up(card.serial())?,
            Key::Id | Key::All => self.cards(Query::default())?,
        };
        // A card that cannot be read counts as another one; a list that ends early tells nothing.
        let is_it = |found: &Result<OwnedCardInfo, Error>| match found {
            Ok(found) => found.view().id().reads(card.id()),
            Err(error) => !matches!(error.code().band(), 300 | 400),
        };
        let found = cards.find(is_it).transpose()?;
        if found.is_some() {
            self.api.known.note_key(key);
        }
        Ok(found.map(with_user))
    }
}

impl Client<CertiFlow> {
    /// The best key that the generation has for a card.
    fn key(&self, card: &Subject) -> Key {
        let dialect = self.dialect();
        let has = |query: Query<'_>| query.check(dialect).is_ok();
        if Endpoint::Card.route_in(dialect).is_some() {
            Key::Id
        } else if dialect.lists_by_user() && card.user().is_some() {
            Key::User
        } else if has(Query { serial_number: Some(card.serial()), ..Query::default() }) {
            Key::Serial
        } else if has(Query::default()) {
            Key::All
        } else {
            Key::User
        }
    }
}

/// The outcome that the last look at a card tells, after an `error` and, perhaps, a lost answer.
fn end(look: Look<CertiFlowCard>, error: Option<Error>, lost: bool) -> Outcome<CertiFlowCard> {
    let ending = if matches!(look, Look::Done(_)) { Ending::Done } else { Ending::Unknown };
    let (card, seen) = look.into_seen(|card| card.state_text());
    let error = match (ending, error) {
        (Ending::Unknown, None) => Some(Error::Unverified),
        (_, error) => error,
    };
    Outcome::new(ending).with_card(card).with_error(error).with_seen(seen).after_lost_answer(lost)
}

impl Engine for Client<CertiFlow> {
    fn judge_plan(&self, state: Option<NativeState>, operation: Operation) -> Result<(), Error> {
        self.check.judge(state, operation).map(|_| ())
    }

    fn read_again(&self, card: &Subject) -> Result<Option<AnyCard>, Error> {
        Ok(self.again(card, Self::by_id)?.map(AnyCard::CertiFlow))
    }

    fn perform(
        &self,
        card: &Subject,
        job: &Job,
        begun: Begun<'_>,
        around: &mut dyn Around,
    ) -> Result<Outcome<AnyCard>, Error> {
        Ok(self.carry_out(card, job, begun, around)?.map(AnyCard::CertiFlow))
    }
}
