//! The core's dialogue over a session.

use super::open::Protocol;
use super::{Session, exchange};
use crate::capabilities::Capabilities;
use crate::error::Error;
use cardwright_core::Code;
use cardwright_core::apdu::Transmit;
use cardwright_core::identity::{Dialogue, Identity, Interface, RESPONSE_ROOM};

impl Session {
    /// Asks the card who it is, by commands that only read, in one transaction.
    ///
    /// A reset by another program in the middle is survived once: it is asked anew, and
    /// [`resets`](Self::resets) counts it. A command that comes to no answer (some readers refuse those
    /// that they do not know) is passed over, and [`missed`](Self::missed) counts it. Afterwards another application is selected than before.
    ///
    /// With T=0 the card is known to have contacts; else the ATR tells.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send); [`Code::CardAnswer`], [`Code::Room`] and [`Code::ReaderFailed`] only when
    /// no command told anything: what the ATR says does not count.
    pub fn identify(&mut self) -> Result<Identity, Error> {
        let first = self.identify_once();
        match first {
            Err(error) if error.code() == Code::CardReset => self.identify_once(),
            identity => identity,
        }
    }

    fn identify_once(&mut self) -> Result<Identity, Error> {
        self.missed = 0;
        let mut card = self.transaction()?;
        // Not before: a reset may have changed both.
        let Session { atr, protocol, .. } = card.session();
        let (atr, interface) = (atr.clone(), interface(*protocol));
        let (identity, missed) = converse(&mut card, &atr, interface)?;
        card.end()?;
        self.missed = missed;
        Ok(identity)
    }
}

/// What the protocol tells: contactless cards are never reached by T=0 (PC/SC part 3, 3.1.3.2.3).
fn interface(protocol: Option<Protocol>) -> Interface {
    match protocol {
        Some(Protocol::T0) => Interface::Contact,
        _ => Interface::Unknown,
    }
}

/// Runs the dialogue to its end; says too how many commands came to no answer. An error of one command
/// alone counts only where no command told anything.
fn converse(
    card: &mut impl Transmit<Error = Error>,
    atr: &[u8],
    interface: Interface,
) -> Result<(Identity, u32), Error> {
    let mut dialogue = Dialogue::new(atr, interface);
    let by_atr = dialogue.identity().identifiers().count();
    let mut response = vec![0; RESPONSE_ROOM];
    let (mut failed, mut missed) = (None, 0_u32);
    while let Err(error) = dialogue.run(card, &mut response) {
        if !matches!(error.code(), Code::CardAnswer | Code::Room | Code::ReaderFailed) {
            return Err(error);
        }
        failed = Some(error);
        missed = missed.saturating_add(1);
    }
    let identity = *dialogue.identity();
    match failed {
        Some(error) if identity.identifiers().count() == by_atr => Err(error),
        _ => Ok((identity, missed)),
    }
}

/// [`Session::identify`] with a function in the reader's place: for the fuzzer, which has no reader.
#[doc(hidden)]
pub fn identify_over(protocol: Protocol, atr: &[u8], raw: impl FnMut(&[u8]) -> Vec<u8>) -> Result<Identity, Error> {
    let card = exchange::Card { protocol, capabilities: Capabilities::of_atr(atr) };
    converse(&mut Bare { card, raw }, atr, interface(Some(protocol))).map(|(identity, _)| identity)
}

struct Bare<F> {
    card: exchange::Card,
    raw: F,
}

impl<F: FnMut(&[u8]) -> Vec<u8>> Transmit for Bare<F> {
    type Error = Error;

    fn transmit(&mut self, command: &[u8], response: &mut [u8]) -> Result<usize, Error> {
        let fault = |code| Error::new(code, "");
        exchange::exchange(command, response, self.card, |command| Ok((self.raw)(&command)), fault)
    }
}
