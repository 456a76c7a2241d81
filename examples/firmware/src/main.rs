//! A card terminal, whole: a card comes, its record is looked up in CertiFlow, and it is put on hold.
//!
//! It changes one card or none: two records of one serial number are an error. It says *done* when the card, read
//! again, is on hold, whatever the answer was; if it is not, or cannot be read, that is unknown and said so.
//!
//! All that is particular to the machine is in `board`: a slot that powers a card and carries APDUs, a
//! connection, a console. The rest runs anywhere. There is no heap, and nothing waits: who has a slow
//! line calls [`ReplyReader::next`] whenever bytes have come.

#![no_std]
#![no_main]

mod board;

use board::{Connection, Slot, say};
use cardwright_core::apdu::Transmit;
use cardwright_core::atr::Atr;
use cardwright_core::certiflow::{Call, CardState, Dialect, Query};
use cardwright_core::http::{self, ReplyPart, ReplyReader, Site};
use cardwright_core::identity::{Interface, NotOne, OneRecord, Record, Serial, Spelling, identify};
use cardwright_core::lifecycle::{NativeState, Operation, System, Verdict};
use cardwright_core::{Error, Named};

/// The most of an answer of a card that the dialogue wants to see, here for cards with short APDUs.
const ANSWER: usize = 258;

/// The largest record of a card that crosses the edge of two pieces.
const RECORD: usize = 1024;

/// The dialect that the server speaks.
const DIALECT: Dialect = Dialect::G7;

/// Why nothing came of it.
enum Trouble {
    /// What the core said.
    Core(Error),
    /// What the board said.
    Board(board::Error),
    /// The server's status.
    Status(u16),
    /// The system's rules.
    Other(&'static str),
    /// The operation may have been carried out, or may still be: the state of the card, where it can be read.
    Unknown(Option<CardState>),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Trouble::Core(error)
    }
}

impl From<NotOne> for Trouble {
    fn from(not_one: NotOne) -> Self {
        Trouble::Other(not_one.text())
    }
}

impl From<board::Error> for Trouble {
    fn from(error: board::Error) -> Self {
        Trouble::Board(error)
    }
}

/// Begins; `board` calls it. Whether all went well.
fn run() -> bool {
    match terminal() {
        Ok(()) => true,
        Err(trouble) => {
            match trouble {
                Trouble::Core(error) => say!("{} at {}: {}", error.code.text(), error.at, error.what),
                Trouble::Board(what) => say!("{what}"),
                Trouble::Status(status) => say!("the server says {status}"),
                Trouble::Other(what) => say!("{what}"),
                Trouble::Unknown(Some(state)) => say!("unknown: the card is {} now", state.name()),
                Trouble::Unknown(None) => say!("unknown: the card cannot be read again"),
            }
            false
        }
    }
}

fn terminal() -> Result<(), Trouble> {
    let mut slot = Slot::power()?;
    let spelling = card(&mut slot)?;

    // A password belongs where the board keeps secrets, and the connection is to be one over TLS.
    let site = Site::new("cm.example", "/certiflow/api")?.with_basic("terminal-7", "not a secret")?;
    let mut connection = Connection::to_server()?;
    let mut text = [0; 64];
    let serial = spelling.copy_to(&mut text).unwrap_or_default();
    let query = Query { serial_number: Some(serial), ..Query::default() };
    send(Call::Cards(query), &site, &mut connection)?;

    let serial = Serial::parse(serial)?;
    let card = only_record(&mut connection, serial)?;
    let state = card.kept.ok_or(Trouble::Other("a state that is not known"))?;
    let operation = Operation::Suspend;
    let to = match Verdict::of(NativeState::CertiFlow(state), operation) {
        Verdict::Allowed { to, evidence, .. } => {
            say!("{}: {} to {}, {}", operation.facts().name, state.name(), to.name(), evidence.name());
            to
        }
        // The server may allow what an assumption refuses: ask it. This terminal does not.
        Verdict::Refused { .. } | Verdict::Lacks => return Err(Trouble::Other("not allowed in this state")),
    };
    let call = Call::Operate { operation, id: card.id(), reason: None };
    match send(call, &site, &mut connection).and_then(|()| accepted(&mut connection)) {
        Err(Trouble::Status(status)) if is_refusal(status) => return Err(Trouble::Status(status)),
        // No answer proves anything, not even one that says that it failed: look.
        _ => {}
    }
    let again = send(Call::Card { id: card.id() }, &site, &mut connection);
    let again = again.and_then(|()| only_record(&mut connection, serial)).ok().filter(|again| again.id() == card.id());
    match again.and_then(|again| again.kept) {
        Some(now) if NativeState::CertiFlow(now) == to => say!("done"),
        now => return Err(Trouble::Unknown(now)),
    }
    Ok(())
}

/// Sends a call, over a connection of its own: an answer that comes late is not taken for that of the next call.
fn send(call: Call<'_>, site: &Site<'_>, connection: &mut Connection) -> Result<(), Trouble> {
    let request = call.in_dialect(DIALECT)?;
    connection.open()?;
    http::write_message(&request, site, connection).map_err(|_| board::SEND.into())
}

/// Whether a status says that nothing was done and nothing will be.
fn is_refusal(status: u16) -> bool {
    matches!(status, 400..=499) && !matches!(status, 408 | 429)
}

/// Reads the ATR and asks the card who it is: how CertiFlow writes its serial number, most likely.
fn card(slot: &mut Slot) -> Result<Spelling, Trouble> {
    let bytes = slot.atr()?;
    let atr = Atr::parse(bytes.bytes())?;
    say!("ATR {atr:#}");
    say!("T={}, {} historical bytes", atr.default_protocol().t(), atr.k());
    for finding in atr.findings() {
        say!("{finding}: {}", finding.rule.text());
    }

    let identity = identify(slot, atr.bytes(), Interface::Contact, &mut [0; ANSWER])?;
    for kind in identity.kinds() {
        say!("kind {}", kind.name());
    }
    for identifier in identity.identifiers() {
        if let Some(spelling) = identifier.spelling() {
            say!("{} {spelling}, {}", identifier.source().name(), identifier.trust().name());
        }
    }
    let guess = identity.guesses(System::CertiFlow).next().ok_or(Trouble::Other("the card hides its serial"))?;
    say!("look for {}, {}", guess.spelling, guess.evidence.name());
    Ok(guess.spelling)
}

/// A record of the card: its id, and its state where that is known.
type Card = Record<Option<CardState>>;

/// Reads the list of cards that the server sends, or the one card, piece by piece; the only record of ours.
///
/// What a server does not understand of a query it may ignore, and then send every card.
fn only_record(connection: &mut Connection, serial: Serial<'_>) -> Result<Card, Trouble> {
    let mut reply = ReplyReader::new([0; 128]);
    let mut records = OneRecord::new(serial, [0; RECORD]);
    let mut piece = [0; 100];
    'reply: loop {
        let mut bytes = connection.receive(&mut piece)?;
        if bytes.is_empty() {
            reply.finish()?;
            break;
        }
        while let Some(part) = reply.next(&mut bytes)? {
            match part {
                ReplyPart::Status(200) | ReplyPart::Header { .. } => {}
                ReplyPart::Status(status) => return Err(Trouble::Status(status)),
                ReplyPart::Body(body) => records.cards(body, |card| {
                    say!("card {}, {}", card.id(), card.state().raw());
                    card.state().known()
                })?,
                ReplyPart::End => break 'reply,
            }
        }
    }
    if records.others() > 0 {
        say!("other cards: {}", records.others());
    }
    Ok(records.finish()?.one()?)
}

/// Reads the answer to the operation, of which the status counts.
fn accepted(connection: &mut Connection) -> Result<(), Trouble> {
    let mut reply = ReplyReader::new([0; 128]);
    let mut piece = [0; 100];
    loop {
        let mut bytes = connection.receive(&mut piece)?;
        if bytes.is_empty() {
            return Ok(reply.finish()?);
        }
        while let Some(part) = reply.next(&mut bytes)? {
            match part {
                ReplyPart::Status(200..=299) => {}
                ReplyPart::Status(status) => return Err(Trouble::Status(status)),
                ReplyPart::End => return Ok(()),
                _ => {}
            }
        }
    }
}

/// A slot as the core sees it.
impl Transmit for Slot {
    type Error = Trouble;

    fn transmit(&mut self, command: &[u8], response: &mut [u8]) -> Result<usize, Trouble> {
        Ok(self.exchange(command, response)?)
    }
}
