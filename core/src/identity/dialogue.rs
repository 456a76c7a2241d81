//! The dialogue by which a card tells what it is: which command comes next, what an answer means.
//!
//! Nothing is sent here. [`Dialogue::command`] says what to send, and [`Dialogue::answer`] reads the
//! response, until there are no more commands; [`identify`] does both over a [`Transmit`]. The
//! ATR says which applications are asked first; the others are asked only until one gives a
//! serial. Whatever a card answers, the dialogue ends within [`MAX_COMMANDS`] commands, all of them
//! [`commands`]: ones that read, and change nothing.
//!
//! A kind rests on the card's own answer or on its ATR, as its row says: that a command succeeded is no
//! evidence, and neither is a card that says the same to everything.

use super::applet::{self, APPLETS, Ask, Follow, MOST_COMMANDS, OneStep, Role, Row};
use super::kind::bit;
use super::parrot::Parrot;
use super::{Basis, CardKind, Identifier, Identity, Source};
use crate::Error;
use crate::apdu::{self, BerTlvs, Command, Transmit};
use crate::atr::{Atr, Standard};

/// The most commands that one dialogue has.
pub const MAX_COMMANDS: usize = MOST_COMMANDS;

/// Room for any answer that a dialogue asks for: the CHUID of a PIV card has up to 3 KiB
/// (SP 800-73-4, part 1, table 8), all others fit into 258 bytes.
pub const RESPONSE_ROOM: usize = 4096;

/// How the card is connected.
///
/// # Examples
/// ```
/// use cardwright_core::identity::{Dialogue, Interface};
///
/// // A contactless reader made this ATR for a storage card: its identifier is asked of the reader.
/// let atr = [
///     0x3B, 0x8F, 0x80, 0x01, 0x80, 0x4F, 0x0C, 0xA0, 0x00, 0x00, 0x03, 0x06, 0x03, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x6A,
/// ];
/// let dialogue = Dialogue::new(&atr, Interface::Contactless);
/// assert_eq!(dialogue.command().map(|command| command.to_string()).as_deref(), Some("FFCA000000"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[allow(
    clippy::exhaustive_enums,
    reason = "a card has contacts or has none; what else carries APDUs is one of the two to a card"
)]
pub enum Interface {
    /// As the ATR looks: by PC/SC part 3 those of contactless cards begin with 3B 8n 80 01.
    Unknown = 0,
    /// By contacts: the reader is not asked for a UID.
    Contact = 1,
    /// Without contacts.
    Contactless = 2,
}

/// A dialogue with one card. It holds what was found so far, and no bytes of answers besides.
///
/// # Examples
/// ```
/// use cardwright_core::identity::{Dialogue, Interface};
///
/// // A card that knows nothing of what it is asked.
/// let mut dialogue = Dialogue::new(&[0x3B, 0x00], Interface::Contact);
/// let mut asked = 0;
/// while let Some(command) = dialogue.command() {
///     assert!(!command.bytes().is_empty());
///     dialogue.answer(&[0x6A, 0x82]);
///     asked += 1;
/// }
/// assert!(asked > 0);
/// assert_eq!(dialogue.identity().identifiers().count(), 0);
/// ```
#[derive(Debug, Clone)]
// In this order small processors reach all but the identity by short instructions.
#[repr(C)]
pub struct Dialogue {
    place: Place,
    interface: Interface,
    /// The ATR says that the UID is none of type B.
    type_a: bool,
    /// The ATR names a row of which nothing is asked, and nothing else is.
    alone: bool,
    /// The answers to SELECT showed what the row is.
    shown: bool,
    /// Words for the next command, when the answer before had them.
    words: Option<[u16; 2]>,
    /// Bit n: the ATR names row n of the table, counted from 1.
    named: u64,
    /// What it said last.
    parrot: Parrot,
    identity: Identity,
}

/// How many rows there are.
const ROWS: u8 = APPLETS.len() as u8;

/// The numbers of kinds that the dialogue itself knows.
const STORAGE: u8 = CardKind::Storage.known() as u8;
const GERMAN_ID: u8 = CardKind::GermanId.known() as u8;

/// What is read off an ATR.
const OF_ATR: u32 = Source::AtsHistorical.bit() | Source::Token2.bit();

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    /// 0: the rows that the ATR names. 1: the others. 2: the end.
    pass: u8,
    /// The number of the row, from 1, where it begins, and where its step does.
    row: u8,
    at: u16,
    step: u8,
    phase: Phase,
}

impl Place {
    const fn of_pass(pass: u8) -> Self {
        Place { pass, row: 1, at: 0, step: 0, phase: Phase::Row }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Row,
    Select,
    Step,
    File,
    Read,
    Control,
}

impl Dialogue {
    /// A dialogue with a card that has just been reset. An ATR that cannot be read names nothing.
    #[must_use]
    pub fn new(atr: &[u8], interface: Interface) -> Self {
        let mut dialogue = Dialogue::nothing();
        dialogue.begin(atr, interface);
        dialogue
    }

    /// A dialogue that is over, with what was found elsewhere.
    #[must_use]
    pub fn ended(identity: Identity) -> Self {
        Dialogue { identity, ..Dialogue::nothing() }
    }

    /// Ends the dialogue, and adds what was found elsewhere: that the card is of this kind, by its own answer, and
    /// gave this number. It takes the place of another one of the same source.
    ///
    /// # Errors
    ///
    /// As [`Identity::with`]; nothing is changed then.
    pub fn add(&mut self, kind: Option<CardKind>, identifier: &Identifier) -> Result<(), Error> {
        self.identity.place_for(identifier.source())?;
        if let Some(kind) = kind {
            self.identity.add_kind(kind, Basis::Answer)?;
        }
        *self.identity.place_for(identifier.source())? = Some(*identifier);
        self.place = Place::of_pass(2);
        self.words = None;
        Ok(())
    }

    /// A dialogue that is over, in which nothing was found. (By itself, so that it takes its stack alone.)
    #[inline(never)]
    fn nothing() -> Self {
        Dialogue {
            place: Place::of_pass(2),
            interface: Interface::Unknown,
            type_a: false,
            alone: false,
            shown: false,
            words: None,
            named: 0,
            parrot: Parrot::default(),
            identity: Identity::default(),
        }
    }

    #[inline(never)]
    fn begin(&mut self, atr: &[u8], interface: Interface) {
        let read = Atr::parse(atr).ok();
        let historical = read.map_or(&[][..], |atr| atr.historical_bytes());
        let by_part_3 = matches!(atr, [0x3B, 0x80..=0x8F, 0x80, 0x01, ..]);
        self.interface = match interface {
            Interface::Unknown if by_part_3 => Interface::Contactless,
            Interface::Unknown => Interface::Contact,
            known => known,
        };
        let by_part_3 = by_part_3 && self.interface == Interface::Contactless;
        self.type_a = by_part_3 && read.is_some() && is_type_a(historical);
        self.place = Place::of_pass(0);
        while let Some(row) = self.row() {
            let is_alone = row.has_role(Role::Alone);
            // By contacts the same few bytes mean something else.
            if (by_part_3 || !is_alone) && row.is_on(atr, historical) {
                self.named |= bit(self.place.row);
                self.alone |= is_alone;
                if let Some(basis) = row.basis() {
                    self.identity.note(row.kind, basis);
                }
            }
            self.next_row(&row);
        }
        if let [0x86, 0x8E, _, _, .., _] = historical
            && let Some(serial) = historical.last_chunk::<8>()
        {
            self.identity.keep(Identifier::new(Source::Token2, serial));
        }
        if by_part_3 && !self.identity.has(STORAGE) {
            self.identity.keep(Identifier::new(Source::AtsHistorical, historical));
        }
        self.place = Place::of_pass(0);
        self.settle();
    }

    /// The command to send now; `None` at the end. The same until [`answer`](Self::answer).
    #[must_use]
    pub fn command(&self) -> Option<Command> {
        let row = self.row()?;
        let step = || row.step(self.place.step);
        let bytes = match self.place.phase {
            Phase::Select => row.select(),
            Phase::Control => row.control(),
            Phase::File => step()?.file,
            _ => {
                let step = step()?;
                let command = Command::of(step.command);
                return match step.follow() {
                    Some(follow) => Some(follow.fill(command, self.words?)),
                    None => Some(command),
                };
            }
        };
        Some(Command::of(bytes))
    }

    /// Takes the answer to [`command`](Self::command): the response APDU with SW1 SW2.
    ///
    /// No bytes at all say that none came; the dialogue goes on with what does not need it. An
    /// answer may be cut short, then without SW1 SW2 it counts as none; with them (61xx, 6282) what
    /// is whole in it is taken.
    #[inline(never)]
    pub fn answer(&mut self, response: &[u8]) {
        let command = self.command();
        let command = command.as_ref().map_or(&[][..], |command| command.bytes());
        let data = match (command, response) {
            // TS 51.011, 9.4.1: done, and there is an answer to be fetched.
            ([0xA0, ..], [0x9F, _]) => Some(&[][..]),
            _ => apdu::data(response),
        };
        if self.parrot.hears(command, data.unwrap_or_default(), self.place.phase == Phase::Control) {
            self.identity.forget_answers(OF_ATR);
            self.place.pass = 2;
        }
        let Some(row) = self.row() else { return };
        let step = row.step(self.place.step);
        match (self.place.phase, data) {
            (Phase::Select, None) => self.next_row(&row),
            (Phase::Select, Some(data)) => {
                self.place.phase = Phase::Step;
                if row.name().is_in(data, command) {
                    self.prove(&row);
                    self.shown = true;
                }
            }
            (Phase::File, Some(data)) => {
                self.place.phase = Phase::Read;
                let has_files = cfg!(any(feature = "cards-states", feature = "cards-thales", feature = "cards-tokens"));
                let proves = has_files && step.is_some_and(|step| step.proves());
                if proves && applet::is_control_parameters(data, command, self.is_named()) {
                    self.prove(&row);
                    self.shown = true;
                }
            }
            (phase, data) => {
                let mut goes_on = true;
                if phase == Phase::Control {
                    // Once for a row.
                    self.shown = true;
                } else {
                    self.words = None;
                    if let (Some(step), Some(data)) = (step, data) {
                        let follow = row.step(step.next).and_then(|next| next.follow());
                        self.words = follow.and_then(|follow| follow.words(data));
                        let taken = self.take(&row, step, data);
                        let is_open = row.has_role(Role::Open) && !self.is_named();
                        let doubted = taken && is_open && !self.shown;
                        goes_on = !doubted || row.control().is_empty();
                    }
                }
                self.place.phase = Phase::Control;
                if goes_on {
                    self.next_step(step);
                }
            }
        }
        self.settle();
    }

    /// Runs the dialogue with a card, to its end or to the first command that gets no answer.
    ///
    /// `response` is scratch space; [`RESPONSE_ROOM`] bytes are enough for every answer.
    ///
    /// # Errors
    ///
    /// That of the channel. What was found stays, and the dialogue can be run on: it goes on after
    /// the command that got no answer.
    pub fn run<T: Transmit + ?Sized>(&mut self, card: &mut T, response: &mut [u8]) -> Result<(), T::Error> {
        while let Some(command) = self.command() {
            let sent = card.transmit(command.bytes(), response);
            let length = sent.as_ref().copied().unwrap_or(0);
            self.answer(response.get(..length).unwrap_or_default());
            sent?;
        }
        Ok(())
    }

    /// What was found so far.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    fn row(&self) -> Option<Row> {
        Row::at(self.place.at).filter(|_| self.place.pass < 2)
    }

    /// Goes on to the next place that has a command.
    #[inline(never)]
    fn settle(&mut self) {
        while self.place.pass < 2 {
            // Most rows of the first pass are not named: only the reader's, the first, is asked though.
            let is_first = self.place.pass == 0 && self.place.phase == Phase::Row;
            if is_first && (2..=ROWS).contains(&self.place.row) && !self.is_named() {
                self.place.row = self.place.row.wrapping_add(1);
                self.place.at = Row::after(self.place.at);
                continue;
            }
            let Some(row) = self.row() else {
                // The others are asked for a serial number only.
                let over = self.alone || self.identity.has_serial();
                self.place = Place::of_pass(if over { 2 } else { self.place.pass.wrapping_add(1) });
                continue;
            };
            match self.place.phase {
                Phase::Row if !self.is_due(&row) => self.next_row(&row),
                Phase::Row if !row.select().is_empty() => self.place.phase = Phase::Select,
                Phase::Row => self.place.phase = Phase::Step,
                Phase::Step => match row.step(self.place.step) {
                    None => self.next_row(&row),
                    Some(step) if self.identity.knows(step.unless) => self.next_step(Some(step)),
                    Some(step) if step.follow().is_some() && self.words.is_none() => self.next_step(Some(step)),
                    Some(step) => self.place.phase = if step.file.is_empty() { Phase::Read } else { Phase::File },
                },
                Phase::Select | Phase::File | Phase::Read | Phase::Control => return,
            }
        }
    }

    /// Whether the row is asked in this pass.
    fn is_due(&self, row: &Row) -> bool {
        let named = self.is_named();
        let is_open = row.has_role(Role::Open);
        let due = match self.place.pass {
            0 if row.has_role(Role::Reader) => self.interface == Interface::Contactless,
            0 => named,
            _ => is_open && !named && !self.identity.has_serial() && !self.was_selected(row),
        };
        due && !self.identity.knows(row.unless)
    }

    /// Whether the ATR names the row that is asked.
    #[inline(never)]
    fn is_named(&self) -> bool {
        self.named & bit(self.place.row) != 0
    }

    /// Whether a row that the ATR names selects the same application.
    fn was_selected(&self, row: &Row) -> bool {
        let select = row.select();
        let (mut named, mut at) = (self.named >> 1, 0);
        while let Some(other) = Row::at(at).filter(|_| named != 0) {
            if named & 1 != 0 && !select.is_empty() && other.select() == select {
                return true;
            }
            named >>= 1;
            at = other.next;
        }
        false
    }

    fn next_row(&mut self, row: &Row) {
        self.shown = false;
        let number = self.place.row.wrapping_add(1);
        self.place = Place { row: number, at: row.next, ..Place::of_pass(self.place.pass) };
    }

    fn next_step(&mut self, step: Option<OneStep>) {
        self.place.step = step.map_or(u8::MAX, |step| step.next);
        self.place.phase = Phase::Step;
    }

    /// Notes that the card's own answer shows its kind.
    fn prove(&mut self, row: &Row) {
        self.identity.note(row.kind, Basis::Answer);
        self.identity.forget(row.rules_out);
    }

    /// Keeps what is an identifier; whether anything was.
    #[inline(never)]
    fn take(&mut self, row: &Row, step: OneStep, data: &[u8]) -> bool {
        let mut taken = false;
        for take in step {
            let Some(source) = take.source() else { continue };
            let Some(mut identifier) = take.cut(data).and_then(|bytes| Identifier::new(source, bytes)) else {
                continue;
            };
            // Bytes of no shape are a number only where something else says whose they are.
            let has_shape = take.proves() || !take.path.is_empty() || row.kind == 0;
            if !has_shape && !self.is_named() && !self.identity.has(row.kind) {
                continue;
            }
            if source == Source::Uid && self.identity.is_by_atr(GERMAN_ID) {
                identifier = identifier.as_random();
            } else if source == Source::Uid && !self.type_a {
                identifier = identifier.as_pupi();
            } else if take.is_assumed() {
                identifier = identifier.as_assumed();
            }
            taken |= self.identity.keep(Some(identifier));
            if take.proves() {
                self.prove(row);
            } else if self.is_named() {
                // What answers as it should is one, if the ATR alone does not say so.
                self.identity.note(row.kind, row.basis().unwrap_or(Basis::Hint));
            }
        }
        taken
    }
}

/// Asks a card for all that it tells: [`Dialogue::run`] from beginning to end.
///
/// # Errors
///
/// That of the channel, at the first command that gets no answer.
pub fn identify<T: Transmit + ?Sized>(
    card: &mut T,
    atr: &[u8],
    interface: Interface,
    response: &mut [u8],
) -> Result<Identity, T::Error> {
    // Not `new`, so that there is one dialogue on the stack.
    let mut dialogue = Dialogue::nothing();
    dialogue.begin(atr, interface);
    dialogue.run(card, response)?;
    Ok(dialogue.identity)
}

/// Every command that any dialogue can have. In two of them words come from the card: the offset of
/// READ BINARY (INS B1) is 0 here, and GET DATA (INS CB) of a GIDS card has the usual file.
pub fn commands() -> impl Iterator<Item = Command> {
    APPLETS.iter().flat_map(|applet| {
        let steps = applet.steps.iter().flat_map(|step| {
            let ask = match step.ask {
                Ask::Read(read) | Ask::Follow(read, _) => read.bytes(),
                Ask::Vendor(vendor) => vendor.bytes(),
            };
            step.file.map(|file| file.bytes()).into_iter().chain([ask])
        });
        let [select, control] = [applet.select, applet.control].map(|read| read.map(|read| read.bytes()));
        select.into_iter().chain(steps).chain(control).map(Command::of)
    })
}

/// Whether a contactless card is none of type B, by the historical bytes of its ATR: those of a
/// storage card name the standard, and those of a type B card are eight (PC/SC part 3, 3.1.3.2.3.1).
fn is_type_a(historical: &[u8]) -> bool {
    match applet::storage_card(historical) {
        Some(card) => matches!(card.standard, Standard(0x01..=0x03)),
        None => historical.len() != 8,
    }
}

impl Follow {
    /// The words of an answer.
    #[inline(never)]
    fn words(self, data: &[u8]) -> Option<[u16; 2]> {
        match self {
            Follow::Holder if !cfg!(feature = "cards-tokens") => None,
            Follow::Holder => Some([holder_offset(data)?, 0]),
            Follow::CardId => card_id_file(data),
        }
    }

    /// Puts them where they belong in the command.
    fn fill(self, command: Command, [one, two]: [u16; 2]) -> Command {
        match self {
            Follow::Holder => command.with(7, one),
            Follow::CardId => command.with(2, one).with(7, two),
        }
    }
}

/// Where in a card-verifiable certificate the certificate holder reference stands, when the public
/// key before it reaches beyond what was read (BSI TR-03110, part 3, C.1).
fn holder_offset(data: &[u8]) -> Option<u16> {
    let certificate = BerTlvs::new(data).find_tag(0x7F21)?;
    let body = certificate.objects().find_tag(0x7F4E)?;
    let mut objects = body.objects();
    let key = objects.find_tag(0x7F49)?;
    let missing = key.length.checked_sub(u32::try_from(key.value.len()).ok()?)?;
    let read = data.len().checked_sub(objects.rest().len())?;
    u16::try_from(u32::try_from(read).ok()?.checked_add(missing)?).ok()
}

/// File and data object of `cardid` in the master file of a GIDS card: after one byte come records
/// of 28, a directory of nine characters, a name of nine, two bytes, data object and file as four
/// bytes each, little-endian (Generic Identity Device Specification 2.0, 7.3.2).
fn card_id_file(data: &[u8]) -> Option<[u16; 2]> {
    let file = BerTlvs::new(data).find_tag(0xDF1F)?;
    let mut rest = file.value.get(1..)?;
    while let Some((record, records)) = rest.split_first_chunk::<28>() {
        // A file of this name in a folder is another one.
        if record.starts_with(b"\0\0\0\0\0\0\0\0\0cardid\0\0\0")
            && let Some([a, b, 0, 0, c, d, 0, 0]) = record.last_chunk()
        {
            return Some([u16::from_le_bytes([*c, *d]), u16::from_le_bytes([*a, *b])]);
        }
        rest = records;
    }
    None
}
