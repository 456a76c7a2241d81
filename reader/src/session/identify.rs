//! The core's identity dialogue over a session.

use super::open::Protocol;
use super::{Session, exchange};
use crate::capabilities::Capabilities;
use crate::error::Error;
use cardwright_core::Code;
use cardwright_core::apdu::Transmit;
use cardwright_core::identity::{Dialogue, Identity, Interface, RESPONSE_ROOM};

impl Session {
    /// Identifies the card by commands that only read, in one transaction.
    ///
    /// After a reset by another program it starts again, once, and [`resets`](Self::resets) counts the
    /// reset. A command without an answer (some readers refuse those that they do not know) is skipped,
    /// and [`missed`](Self::missed) counts it. Afterwards a different application may be selected.
    ///
    /// With T=0 the card is known to have contacts; otherwise the ATR decides.
    ///
    /// All of it together has the limits of one command: [`Open::card_time_limit`](crate::Open::card_time_limit) and
    /// [`Open::card_apdus`](crate::Open::card_apdus).
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send); [`Code::CardAnswer`], [`Code::Room`] and [`Code::ReaderFailed`] only when
    /// the commands found no identifier beyond those of the ATR. What was found before the error is in
    /// [`Error::identity`]; more may be on the card, and a stronger identifier.
    pub fn identify(&mut self) -> Result<Identity, Error> {
        self.within_limits(|session| match session.identify_once() {
            Err(error) if error.code() == Code::CardReset => session.identify_once(),
            identity => identity,
        })
    }

    fn identify_once(&mut self) -> Result<Identity, Error> {
        self.missed = 0;
        let by_atr = *Dialogue::new(&self.atr, interface(self.protocol)).identity();
        let mut card = self.transaction().map_err(|error| error.after(&by_atr))?;
        // Read within the transaction: a reset before it may have changed both.
        let Session { atr, protocol, .. } = card.session();
        let (atr, interface) = (atr.clone(), interface(*protocol));
        let (identity, missed) = converse(&mut card, &atr, interface)?;
        card.end()?;
        self.missed = missed;
        Ok(identity)
    }
}

/// What the protocol says about the interface: contactless cards are never reached by T=0 (PC/SC part 3, 3.1.3.2.3).
fn interface(protocol: Option<Protocol>) -> Interface {
    match protocol {
        Some(Protocol::T0) => Interface::Contact,
        _ => Interface::Unknown,
    }
}

/// Runs the dialogue to its end, and counts the commands without an answer. The error of a single
/// command is returned only if no command found an identifier.
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
            return Err(error.after(dialogue.identity()));
        }
        failed = Some(error);
        missed = missed.saturating_add(1);
    }
    let identity = *dialogue.identity();
    match failed {
        Some(error) if identity.identifiers().count() == by_atr => Err(error.after(&identity)),
        _ => Ok((identity, missed)),
    }
}

/// [`Session::identify`] with a function in place of the reader, for the fuzz targets.
#[doc(hidden)]
pub fn identify_over(protocol: Protocol, atr: &[u8], raw: impl FnMut(&[u8]) -> Vec<u8>) -> Result<Identity, Error> {
    let card = exchange::Card { protocol, capabilities: Capabilities::of_atr(atr) };
    converse(&mut WithoutReader { card, raw }, atr, interface(Some(protocol))).map(|(identity, _)| identity)
}

struct WithoutReader<F> {
    card: exchange::Card,
    raw: F,
}

impl<F: FnMut(&[u8]) -> Vec<u8>> Transmit for WithoutReader<F> {
    type Error = Error;

    fn transmit(&mut self, command: &[u8], response: &mut [u8]) -> Result<usize, Error> {
        let fault = |code| Error::new(code, "");
        exchange::exchange(command, response, self.card, |command, _| Ok((self.raw)(&command)), fault)
    }
}
