//! Lodge as a system of cards: whose record it is, and an operation of which the outcome is so.

use std::fmt;
use std::time::Duration;

use cardwright_client::http::{Meaning, meaning};
use cardwright_client::{Client, Error};
use cardwright_core::Named as _;
use cardwright_core::identity::{Find, Found, Identity, Only, Serial, Spelling, find_records};
use cardwright_core::json::FromJson as _;
use cardwright_core::lifecycle::Evidence;

use crate::api::{Hold, One, OwnedPass, Pass, PassState, Passes};
use crate::pass::PASS_NUMBER;

/// How often, and after which pauses, a pass is looked at after an operation.
const LOOKS: [Duration; 4] =
    [Duration::ZERO, Duration::from_millis(50), Duration::from_millis(200), Duration::from_millis(500)];

/// A Lodge. Its client has the time limits, retries and sign-in of every other one.
#[derive(Debug)]
pub struct Lodge {
    client: Client<()>,
}

impl Lodge {
    /// The Lodge whose API is at this base.
    pub fn new(client: Client<()>) -> Self {
        Lodge { client }
    }

    /// The record of a pass: there is exactly one, or it is an error.
    ///
    /// # Errors
    ///
    /// [`NotFound`], which says why.
    pub fn record(&self, identity: &Identity) -> Result<OwnedPass, NotFound> {
        let number = identity.get(PASS_NUMBER).ok_or(NotFound::NoPass)?;
        // Lodge writes the number as the pass tells it; it documents so itself.
        let guess = number.guess(Evidence::Documented).ok_or(NotFound::NoPass)?;
        let mut only = Only::default();
        let search = find_records(&mut &*self, [guess], |record: OwnedPass| {
            only.put_other(record, |one, other| one.view().id() == other.view().id());
        });
        search.map_err(NotFound::Failed)?;
        match only {
            Only::One(record) => Ok(record),
            Only::Nothing => Err(NotFound::Nothing),
            Only::Several(..) => Err(NotFound::Several),
        }
    }

    /// Puts a pass on hold. Whatever Lodge answers, it is done when the record, read again, says so.
    pub fn hold(&self, pass: &OwnedPass, asked_by: &str) -> Held {
        let id = pass.view().id().to_string();
        let said = self.client.call(&Hold { id: &id, asked_by });
        if let Err(error) = &said {
            if !error.http().is_none_or(cardwright_client::http::Error::was_sent) {
                return Held::NotSent(error.to_string());
            }
            if error.status().is_some_and(|status| matches!(meaning(status), Meaning::Refused | Meaning::SignIn)) {
                return Held::Refused(error.to_string());
            }
        }
        let mut now = None;
        for pause in LOOKS {
            std::thread::sleep(pause);
            now = self.look(&id, pass).or(now);
            if now == Some(PassState::OnHold) {
                return Held::Done;
            }
        }
        Held::Unknown { now, said: said.err().map(|error| error.to_string()) }
    }

    /// The state of a pass, read again; `None` where it cannot be read, or the record is another pass's.
    fn look(&self, id: &str, pass: &OwnedPass) -> Option<PassState> {
        let document = self.client.call(&One { id }).ok()?;
        let again = document.read::<Pass<'_>>().ok()?;
        let is_it = again.id() == pass.view().id() && again.number() == pass.view().number();
        again.state().known().filter(|_| is_it)
    }
}

impl Find for &Lodge {
    type Record = OwnedPass;
    type Error = Error;

    fn find(&mut self, serial: &Spelling, found: &mut dyn FnMut(OwnedPass)) -> Result<(), Error> {
        let number = serial.to_string();
        let passes = self
            .client
            .call_list(&Passes { number: &number }, |json| Pass::from_json(json).map(|pass| pass.owned()))?;
        for pass in passes {
            // One that cannot be read may be the one, or a second one: then nobody knows whose record it is.
            let pass = pass?;
            // What a server does not understand of a query it may ignore, and then send every pass.
            let theirs = pass.view().number().to_string();
            if Serial::parse(&theirs).ok() == Serial::parse(&number).ok() {
                found(pass);
            }
        }
        Ok(())
    }
}

/// Why there is no record of a card.
#[derive(Debug)]
pub enum NotFound {
    /// The card is no pass.
    NoPass,
    /// Lodge has no record of it.
    Nothing,
    /// Lodge has several, and nothing tells which is the pass's.
    Several,
    /// Lodge cannot be asked.
    Failed(Error),
}

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotFound::NoPass => f.write_str("the card is no pass"),
            NotFound::Nothing => write!(f, "records: {}", Found::Nothing.name()),
            NotFound::Several => write!(f, "records: {}, and nothing was sent", Found::Several.name()),
            NotFound::Failed(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for NotFound {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            NotFound::Failed(error) => Some(error),
            _ => None,
        }
    }
}

/// What became of an operation.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub enum Held {
    /// The record, read again, is on hold.
    Done,
    /// Lodge refused it.
    Refused(String),
    /// No byte of it left.
    NotSent(String),
    /// It may have been carried out, or may still be.
    Unknown {
        /// The state of the pass as it was read last; `None` where it could not be read.
        now: Option<PassState>,
        /// What went wrong with the answer, where something did.
        said: Option<String>,
    },
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Held::Done => f.write_str("done"),
            Held::Refused(why) => write!(f, "refused: {why}"),
            Held::NotSent(why) => write!(f, "not sent: {why}"),
            Held::Unknown { now: Some(state), .. } => write!(f, "unknown: the pass is {state} now"),
            Held::Unknown { now: None, .. } => f.write_str("unknown: the pass cannot be read again"),
        }
    }
}
