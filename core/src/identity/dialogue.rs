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

use super::applet::{self, APPLETS, Applet, Ask, Follow, MOST_COMMANDS, Name, Role, Step, Take};
use super::parrot::Parrot;
use super::{Basis, CardKind, Identifier, Identity, Source};
use crate::apdu::{self, BerTlvs, Command, Transmit};
use crate::atr::{Atr, Standard};

/// The most commands that one dialogue has.
pub const MAX_COMMANDS: usize = MOST_COMMANDS;

/// Room for any answer that a dialogue asks for: the CHUID of a PIV card has up to 3 KiB
/// (SP 800-73-4, part 1, table 8), all others fit into 258 bytes.
pub const RESPONSE_ROOM: usize = 4096;

/// How the card is connected.
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
#[derive(Debug, Clone)]
pub struct Dialogue {
    /// Bit n: the ATR names row n of the table.
    named: u64,
    interface: Interface,
    /// The ATR says that the UID is none of type B.
    type_a: bool,
    place: Place,
    /// Words for the next command, when the answer before had them.
    words: Option<[u16; 2]>,
    /// The answers to SELECT showed what the row is.
    shown: bool,
    /// What it said last.
    parrot: Parrot,
    identity: Identity,
}

/// What is read off an ATR.
const OF_ATR: u64 = Source::AtsHistorical.bit() | Source::Token2.bit();

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    /// 0: the rows that the ATR names. 1: the others. 2: the end.
    pass: u8,
    row: u8,
    step: u8,
    phase: Phase,
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
        let read = Atr::parse(atr).ok();
        let historical = read.map_or(&[][..], |atr| atr.historical_bytes());
        let by_part_3 = matches!(atr, [0x3B, 0x80..=0x8F, 0x80, 0x01, ..]);
        let interface = match interface {
            Interface::Unknown if by_part_3 => Interface::Contactless,
            Interface::Unknown => Interface::Contact,
            known => known,
        };
        let by_part_3 = by_part_3 && interface == Interface::Contactless;
        let mut identity = Identity::default();
        let mut named = 0;
        for (row, applet) in (0_u32..).zip(APPLETS) {
            // By contacts the same few bytes mean something else.
            let possible = by_part_3 || applet.role != Role::Alone;
            if possible && applet.signs.iter().any(|sign| sign.is_on(atr, historical)) {
                named |= 1_u64.wrapping_shl(row);
                if let Some(basis) = applet.says.basis() {
                    identity.note(applet.kind, basis);
                }
            }
        }
        if let [0x86, 0x8E, _, _, .., _] = historical
            && let Some(serial) = historical.last_chunk::<8>()
        {
            identity.keep(Identifier::new(Source::Token2, serial));
        }
        if by_part_3 && !identity.is(CardKind::Storage) {
            identity.keep(Identifier::new(Source::AtsHistorical, historical));
        }
        let place = Place { pass: 0, row: 0, step: 0, phase: Phase::Row };
        let type_a = by_part_3 && read.is_some() && is_type_a(historical);
        let parrot = Parrot::default();
        let mut dialogue = Dialogue { named, interface, type_a, place, words: None, shown: false, parrot, identity };
        dialogue.settle();
        dialogue
    }

    /// A dialogue that is over, with what was found elsewhere.
    #[must_use]
    pub fn ended(identity: Identity) -> Self {
        let place = Place { pass: 2, row: 0, step: 0, phase: Phase::Row };
        let (interface, parrot) = (Interface::Unknown, Parrot::default());
        Dialogue { named: 0, interface, type_a: false, place, words: None, shown: false, parrot, identity }
    }

    /// The command to send now; `None` at the end. The same until [`answer`](Self::answer).
    #[must_use]
    pub fn command(&self) -> Option<Command> {
        let applet = self.applet()?;
        let step = applet.steps.get(usize::from(self.place.step));
        let bytes = match self.place.phase {
            Phase::Select => applet.select?.bytes(),
            Phase::File => step?.file?.bytes(),
            Phase::Control => applet.control?.bytes(),
            _ => match step?.ask {
                Ask::Read(read) => read.bytes(),
                Ask::Vendor(vendor) => vendor.bytes(),
                Ask::Follow(read, follow) => return Some(follow.fill(Command::of(read.bytes()), self.words?)),
            },
        };
        Some(Command::of(bytes))
    }

    /// Takes the answer to [`command`](Self::command): the response APDU with SW1 SW2.
    ///
    /// No bytes at all say that none came; the dialogue goes on with what does not need it. An
    /// answer may be cut short, then without SW1 SW2 it counts as none; with them (61xx, 6282) what
    /// is whole in it is taken.
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
        let Some(applet) = self.applet() else { return };
        match (self.place.phase, data) {
            (Phase::Select, Some(data)) => {
                if applet.name != Name::No && applet.name.is_in(data, command) {
                    self.prove(applet);
                    self.shown = true;
                }
                self.place.phase = Phase::Step;
            }
            (Phase::Select, None) => self.next_row(),
            (Phase::File, Some(data)) => {
                let step = applet.steps.get(usize::from(self.place.step));
                let is_named = self.is_named();
                if step.is_some_and(|step| step.proves) && applet::is_control_parameters(data, command, is_named) {
                    self.prove(applet);
                    self.shown = true;
                }
                self.place.phase = Phase::Read;
            }
            (Phase::Control, _) => {
                // Once for a row.
                self.shown = true;
                self.next_step();
            }
            (_, data) => {
                let mut taken = false;
                let step = applet.steps.get(usize::from(self.place.step));
                if let (Some(step), Some(data)) = (step, data) {
                    taken = self.take(applet, step, data);
                }
                self.words = self.following(applet).and_then(|follow| follow.words(data?));
                let is_open = applet.role == Role::Open && !self.is_named();
                match taken && is_open && !self.shown && applet.control.is_some() {
                    true => self.place.phase = Phase::Control,
                    false => self.next_step(),
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

    fn applet(&self) -> Option<&'static Applet> {
        APPLETS.get(usize::from(self.place.row)).filter(|_| self.place.pass < 2)
    }

    /// Goes on to the next place that has a command.
    fn settle(&mut self) {
        while self.place.pass < 2 {
            let Some(applet) = self.applet() else {
                let alone = self.rows_named().any(|applet| applet.role == Role::Alone);
                self.place.pass = if alone { 2 } else { self.place.pass.wrapping_add(1) };
                self.place.row = 0;
                continue;
            };
            match self.place.phase {
                Phase::Row if !self.is_due(applet) => self.next_row(),
                Phase::Row if applet.select.is_some() => self.place.phase = Phase::Select,
                Phase::Row => self.place.phase = Phase::Step,
                Phase::Step => match applet.steps.get(usize::from(self.place.step)) {
                    None => self.next_row(),
                    Some(step) if self.identity.knows(step.unless) => self.next_step(),
                    Some(step) if matches!(step.ask, Ask::Follow(..)) && self.words.is_none() => self.next_step(),
                    Some(step) if step.file.is_some() => self.place.phase = Phase::File,
                    Some(_) => self.place.phase = Phase::Read,
                },
                Phase::Select | Phase::File | Phase::Read | Phase::Control => return,
            }
        }
    }

    /// Whether the row is asked in this pass.
    fn is_due(&self, applet: &Applet) -> bool {
        let named = self.is_named();
        let first = self.place.pass == 0;
        let due = match applet.role {
            Role::Reader => first && self.interface == Interface::Contactless,
            Role::Alone | Role::Named => first && named,
            Role::Open if first => named,
            Role::Open => !named && !self.identity.has_serial() && !self.was_selected(applet),
        };
        due && !self.identity.knows(applet.unless)
    }

    /// Whether the ATR names the row that is asked.
    fn is_named(&self) -> bool {
        self.named.wrapping_shr(u32::from(self.place.row)) & 1 != 0
    }

    /// Whether a row that the ATR names selects the same application.
    fn was_selected(&self, applet: &Applet) -> bool {
        applet.select.is_some() && self.rows_named().any(|other| other.select == applet.select)
    }

    /// What the next step wants to know of the answer to this one.
    fn following(&self, applet: &Applet) -> Option<Follow> {
        match applet.steps.get(usize::from(self.place.step).wrapping_add(1))?.ask {
            Ask::Follow(_, follow) => Some(follow),
            _ => None,
        }
    }

    fn rows_named(&self) -> impl Iterator<Item = &'static Applet> {
        let named = self.named;
        (0_u32..).zip(APPLETS).filter(move |(row, _)| named.wrapping_shr(*row) & 1 != 0).map(|(_, applet)| applet)
    }

    fn next_row(&mut self) {
        let row = self.place.row.saturating_add(1);
        self.shown = false;
        self.place = Place { row, step: 0, phase: Phase::Row, ..self.place };
    }

    fn next_step(&mut self) {
        let step = self.place.step.saturating_add(1);
        self.place = Place { step, phase: Phase::Step, ..self.place };
    }

    /// Notes that the card's own answer shows its kind.
    fn prove(&mut self, applet: &Applet) {
        self.identity.note(applet.kind, Basis::Answer);
        self.identity.forget(applet.rules_out);
    }

    /// Keeps what is an identifier; whether anything was.
    fn take(&mut self, applet: &Applet, step: &Step, data: &[u8]) -> bool {
        let mut taken = false;
        for take in step.takes {
            let identifier = cut(take, data).and_then(|bytes| Identifier::new(take.source, bytes));
            let Some(mut identifier) = identifier else { continue };
            // Bytes of no shape are a number only where something else says whose they are.
            let has_shape = take.proves || take.path != [0; 3] || applet.kind.is_none();
            if !has_shape && !self.is_named() && !applet.kind.is_some_and(|kind| self.identity.is(kind)) {
                continue;
            }
            if take.source == Source::Uid && self.identity.basis(CardKind::GermanId) == Some(Basis::Atr) {
                identifier = identifier.as_random();
            } else if take.source == Source::Uid && !self.type_a {
                identifier = identifier.as_pupi();
            } else if take.assumed {
                identifier = identifier.as_assumed();
            }
            taken |= self.identity.keep(Some(identifier));
            if take.proves {
                self.prove(applet);
            } else if self.is_named() {
                // What answers as it should is one, if the ATR alone does not say so.
                self.identity.note(applet.kind, applet.says.basis().unwrap_or(Basis::Hint));
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
    let mut dialogue = Dialogue::new(atr, interface);
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

/// The bytes of an answer that a table row means.
fn cut<'a>(take: &Take, data: &'a [u8]) -> Option<&'a [u8]> {
    let mut value = data.get(usize::from(take.skip)..)?;
    let mut whole = true;
    for tag in take.path.into_iter().filter(|tag| *tag != 0) {
        let object = BerTlvs::new(value).find_tag(u32::from(tag))?;
        whole = object.is_whole();
        value = object.value;
    }
    let right = whole && (take.of == 0 || value.len() == usize::from(take.of));
    let end = if take.to == 0 { value.len() } else { usize::from(take.to) };
    value.get(usize::from(take.from)..end).filter(|_| right)
}

impl Follow {
    /// The words of an answer.
    fn words(self, data: &[u8]) -> Option<[u16; 2]> {
        match self {
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
