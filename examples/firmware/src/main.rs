//! A card terminal, whole: a card comes, its record is looked up in CertiFlow, and it is put on hold.
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
use cardwright_core::certiflow::{Call, CardInfo, CardState, Dialect, Query};
use cardwright_core::http::{self, ReplyPart, ReplyReader, Site};
use cardwright_core::identity::{Interface, Serial, Spelling, identify};
use cardwright_core::json::{self, Elements};
use cardwright_core::lifecycle::{NativeState, Operation, System, Verdict};
use cardwright_core::{Error, Named};

/// The most of an answer of a card that the dialogue wants to see, here for cards with short APDUs.
const ANSWER: usize = 258;

/// The largest record of a card that crosses the edge of two pieces.
const RECORD: usize = 1024;

/// The longest id that is kept until the operation.
const ID: usize = 40;

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
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Trouble::Core(error)
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
    let mut connection = Connection::open()?;
    let mut text = [0; 64];
    let serial = spelling.copy_to(&mut text).unwrap_or_default();
    let query = Query { serial_number: Some(serial), ..Query::default() };
    http::write_message(&Call::Cards(query).in_dialect(DIALECT)?, &site, &mut connection).map_err(|_| board::SEND)?;

    let mut id = [0; ID];
    let (id, state) = record(&mut connection, &Serial::parse(serial)?, &mut id)?;
    let operation = Operation::Suspend;
    match Verdict::of(NativeState::CertiFlow(state), operation) {
        Verdict::Allowed { to, evidence, .. } => {
            say!("{}: {} to {}, {}", operation.facts().name, state.name(), to.name(), evidence.name());
        }
        // The server may allow what an assumption refuses: ask it. This terminal does not.
        Verdict::Refused { .. } | Verdict::Lacks => return Err(Trouble::Other("not allowed in this state")),
    }
    let call = Call::Operate { operation, id, reason: None }.in_dialect(DIALECT)?;
    http::write_message(&call, &site, &mut connection).map_err(|_| board::SEND)?;
    accepted(&mut connection)?;
    say!("done");
    Ok(())
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

/// Reads the list of cards that the server sends, piece by piece; the id and state of ours.
///
/// What a server does not understand of a query it may ignore, and then send every card.
fn record<'i>(
    connection: &mut Connection,
    serial: &Serial<'_>,
    id: &'i mut [u8; ID],
) -> Result<(&'i str, CardState), Trouble> {
    let mut reply = ReplyReader::new([0; 128]);
    let mut elements = Elements::new([0; RECORD]);
    let mut piece = [0; 100];
    let mut found = None;
    'reply: loop {
        let mut bytes = connection.receive(&mut piece)?;
        if bytes.is_empty() {
            reply.finish()?;
            break;
        }
        while let Some(part) = reply.next(&mut bytes)? {
            match part {
                ReplyPart::Status(200) => {}
                ReplyPart::Status(status) => return Err(Trouble::Status(status)),
                ReplyPart::Header { .. } => {}
                ReplyPart::Body(mut body) => {
                    while let Some(element) = elements.next(&mut body)? {
                        let card = json::from_slice::<CardInfo<'_>>(element.json)?;
                        let ours = is_ours(&card, serial);
                        say!("card {}, {}{}", card.id(), card.state().raw(), if ours { ", this one" } else { "" });
                        if let (true, Some(state)) = (ours, card.state().known()) {
                            let length = card.id().copy_to(id).ok_or(Trouble::Other("a long id"))?.len();
                            found = Some((length, state));
                        }
                    }
                }
                ReplyPart::End => break 'reply,
            }
        }
    }
    elements.finish()?;
    let (length, state) = found.ok_or(Trouble::Other("no record of this card"))?;
    let id = id.get(..length).and_then(|id| core::str::from_utf8(id).ok());
    Ok((id.unwrap_or_default(), state))
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
                ReplyPart::Status(200..=299) | ReplyPart::Header { .. } | ReplyPart::Body(_) => {}
                ReplyPart::Status(status) => return Err(Trouble::Status(status)),
                ReplyPart::End => return Ok(()),
            }
        }
    }
}

fn is_ours(card: &CardInfo<'_>, serial: &Serial<'_>) -> bool {
    let mut room = [0; 64];
    let theirs = card.serial_number().and_then(|text| text.copy_to(&mut room));
    theirs.and_then(|text| Serial::parse(text).ok()).is_some_and(|theirs| theirs.matches(serial).is_some())
}

/// A slot as the core sees it.
impl Transmit for Slot {
    type Error = Trouble;

    fn transmit(&mut self, command: &[u8], response: &mut [u8]) -> Result<usize, Trouble> {
        Ok(self.exchange(command, response)?)
    }
}
