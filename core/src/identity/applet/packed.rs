//! The table of applications as a dialogue reads it: one string of bytes, a third of the table's size.
//!
//! It is made of the table when this is compiled. A part is its length and as many bytes:
//!
//! ```text
//! row    part: kind, flags, [unless], [kind that is ruled out], parts: signs, select, control, steps
//! sign   manner << 5 | length, as many bytes
//! step   part: flags, [unless], parts: file, command; takes
//! take   source, flags, tags, [length, from, to]
//! ```
//!
//! `unless` is a source, and with its highest bit also the source of the next number.

use super::{APPLETS, Applet, Ask, Follow, Name, Role, Sign, Step, Take, storage_card};
use crate::apdu::{Read, dig};
use crate::identity::{Basis, CardKind, Source};

static TABLE: [u8; Packer::<0>::table().length] = Packer::table().bytes;

/// Of rows and of steps.
const UNLESS: u8 = 0x80;
/// Of rows.
const RULES_OUT: u8 = 0x40;
/// Of steps and of takes.
const PROVES: u8 = 0x40;
/// Of takes.
const ASSUMED: u8 = 0x80;
const CUT: u8 = 0x20;

/// Manners of signs; the whole of what is there is 01.
const ATR: u8 = 0x00;
const IS: u8 = 0x20;
const PAIR: u8 = 0x40;
const STARTS: u8 = 0x60;
const WITHIN: u8 = 0x80;
const STORAGE: u8 = 0xA0;

/// Bytes that are taken from the front; where there are no more, zeros.
#[derive(Clone, Copy)]
struct Bytes(&'static [u8]);

impl Bytes {
    #[inline(never)]
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    #[inline(never)]
    fn take(&mut self, length: u8) -> &'static [u8] {
        let (part, rest) = self.0.split_at_checked(usize::from(length)).unwrap_or((&[], &[]));
        self.0 = rest;
        part
    }

    #[inline(never)]
    fn part(&mut self) -> &'static [u8] {
        let Some((length, rest)) = self.0.split_first() else { return &[] };
        self.0 = rest;
        self.take(*length)
    }

    /// A set of sources.
    fn unless(&mut self, flags: u8) -> u32 {
        if flags & UNLESS == 0 {
            return 0;
        }
        let source = self.byte();
        let sources = if source & 0x80 == 0 { 1_u32 } else { 3 };
        sources.wrapping_shl(u32::from(source))
    }
}

/// One application.
#[derive(Clone, Copy)]
pub(in crate::identity) struct Row {
    /// The number of its kind, or 0.
    pub(in crate::identity) kind: u8,
    flags: u8,
    pub(in crate::identity) unless: u32,
    /// The number of a kind, or 0.
    pub(in crate::identity) rules_out: u8,
    parts: Bytes,
    /// Where the next one begins.
    pub(in crate::identity) next: u16,
}

impl Row {
    /// The row that begins there; the first begins at 0.
    #[inline(never)]
    pub(in crate::identity) fn at(at: u16) -> Option<Self> {
        let row = Bytes(TABLE.get(usize::from(at)..)?).part();
        let [kind, flags, rest @ ..] = row else { return None };
        let (kind, flags, mut bytes) = (*kind, *flags, Bytes(rest));
        let unless = bytes.unless(flags);
        let rules_out = if flags & RULES_OUT == 0 { 0 } else { bytes.byte() };
        let next = at.wrapping_add(row.len() as u16).wrapping_add(1);
        Some(Row { kind, flags, unless, rules_out, parts: bytes, next })
    }

    /// Where the row after the one that begins there does.
    pub(in crate::identity) fn after(at: u16) -> u16 {
        let length = TABLE.get(usize::from(at)).copied().unwrap_or(0);
        at.wrapping_add(u16::from(length)).wrapping_add(1)
    }

    pub(in crate::identity) fn has_role(&self, role: Role) -> bool {
        self.flags & 0x03 == role as u8
    }

    /// What a kind rests on that the ATR names.
    pub(in crate::identity) fn basis(&self) -> Option<Basis> {
        match self.flags & 0x0C {
            0x00 => Some(Basis::Atr),
            0x04 => Some(Basis::Hint),
            _ => None,
        }
    }

    pub(in crate::identity) fn name(&self) -> Name {
        match self.flags & 0x30 {
            0x00 => Name::No,
            0x10 => Name::Selected,
            0x20 => Name::Piv,
            _ => Name::Issuer,
        }
    }

    #[inline(never)]
    fn part(&self, number: u8) -> &'static [u8] {
        let mut parts = self.parts;
        for _ in 0..number {
            parts.part();
        }
        parts.part()
    }

    /// The command that selects it; empty where it is there from the start.
    pub(in crate::identity) fn select(&self) -> &'static [u8] {
        self.part(1)
    }

    /// The command for an object that no card has, or nothing.
    pub(in crate::identity) fn control(&self) -> &'static [u8] {
        self.part(2)
    }

    /// Whether an ATR with these historical bytes bears one of its signs.
    #[inline(never)]
    pub(in crate::identity) fn is_on(&self, atr: &[u8], historical: &[u8]) -> bool {
        let mut signs = Bytes(self.part(0));
        while !signs.0.is_empty() {
            let head = signs.byte();
            let bytes = signs.take(head & 0x1F);
            let manner = head & 0xE0;
            let text = if manner == ATR { atr } else { historical };
            let is_on = match manner {
                STORAGE => storage_card(historical).is_some(),
                WITHIN => is_within(bytes, text),
                STARTS => text.starts_with(bytes),
                PAIR => text.len() == 2 && text.starts_with(bytes),
                _ => text == bytes,
            };
            if is_on {
                return true;
            }
        }
        false
    }

    /// The step that begins there; the first begins at 0.
    #[inline(never)]
    pub(in crate::identity) fn step(&self, at: u8) -> Option<OneStep> {
        let step = Bytes(self.part(3).get(usize::from(at)..)?).part();
        let mut bytes = Bytes(step);
        let flags = bytes.byte();
        let unless = bytes.unless(flags);
        let (file, command) = (bytes.part(), bytes.part());
        let next = at.wrapping_add(step.len() as u8).wrapping_add(1);
        (!step.is_empty()).then_some(OneStep { flags, unless, file, command, takes: bytes, next })
    }
}

/// One thing to read.
#[derive(Clone, Copy)]
pub(in crate::identity) struct OneStep {
    flags: u8,
    pub(in crate::identity) unless: u32,
    /// The command that selects the file, or nothing.
    pub(in crate::identity) file: &'static [u8],
    pub(in crate::identity) command: &'static [u8],
    takes: Bytes,
    /// Where the next one begins.
    pub(in crate::identity) next: u8,
}

impl OneStep {
    /// The file's control parameters prove the kind.
    pub(in crate::identity) fn proves(&self) -> bool {
        self.flags & PROVES != 0
    }

    /// Which words of the command come from the answer before.
    pub(in crate::identity) fn follow(&self) -> Option<Follow> {
        match self.flags & 0x03 {
            0x01 => Some(Follow::Holder),
            0x02 => Some(Follow::CardId),
            _ => None,
        }
    }
}

/// The numbers that a step gives.
impl Iterator for OneStep {
    type Item = OneTake;

    fn next(&mut self) -> Option<OneTake> {
        if self.takes.0.is_empty() {
            return None;
        }
        let (source, flags) = (self.takes.byte(), self.takes.byte());
        let path = self.takes.take(flags & 0x07);
        let mut cut = || if flags & CUT == 0 { 0 } else { self.takes.byte() };
        let (of, from, to) = (cut(), cut(), cut());
        Some(OneTake { source, flags, path, of, from, to })
    }
}

/// What of an answer is an identifier.
pub(in crate::identity) struct OneTake {
    source: u8,
    flags: u8,
    /// The tags of objects, one inside the other.
    pub(in crate::identity) path: &'static [u8],
    of: u8,
    from: u8,
    to: u8,
}

impl OneTake {
    pub(in crate::identity) fn source(&self) -> Option<Source> {
        Source::of_number(self.source)
    }

    /// The object has a shape that proves the kind.
    pub(in crate::identity) fn proves(&self) -> bool {
        self.flags & PROVES != 0
    }

    /// It is read as from cards akin to this one.
    pub(in crate::identity) fn is_assumed(&self) -> bool {
        self.flags & ASSUMED != 0
    }

    /// Its bytes of an answer.
    #[inline(never)]
    pub(in crate::identity) fn cut<'a>(&self, data: &'a [u8]) -> Option<&'a [u8]> {
        let data = data.get(usize::from(self.flags >> 3 & 0x03)..)?;
        let (value, is_whole) = dig(data, self.path)?;
        let right = is_whole && (self.of == 0 || value.len() == usize::from(self.of));
        let end = if self.to == 0 { value.len() } else { usize::from(self.to) };
        value.get(usize::from(self.from)..end).filter(|_| right)
    }
}

fn is_within(bytes: &[u8], text: &[u8]) -> bool {
    let (Some(first), mut rest) = (bytes.first(), text) else { return false };
    while let [here, after @ ..] = rest {
        // A call for each place would take as long as all else in the ATR.
        if here == first && rest.starts_with(bytes) {
            return true;
        }
        rest = after;
    }
    false
}

/// Bytes that are being written; those for which there is no room are counted.
struct Packer<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

/// What is written as a part fits into this.
type Part = Packer<256>;

impl<const N: usize> Packer<N> {
    const fn new() -> Self {
        Packer { bytes: [0; N], length: 0 }
    }

    const fn table() -> Self {
        let mut table = Packer::new();
        let mut rows = APPLETS;
        while let [row, rest @ ..] = rows {
            table.inner(&Part::row(row));
            rows = rest;
        }
        assert!(table.length <= u16::MAX as usize, "the table is too long");
        table
    }

    const fn push(&mut self, byte: u8) {
        if self.length < N {
            self.bytes[self.length] = byte;
        }
        self.length += 1;
    }

    const fn push_all(&mut self, mut bytes: &[u8]) {
        while let [byte, rest @ ..] = bytes {
            self.push(*byte);
            bytes = rest;
        }
    }

    const fn part(&mut self, bytes: &[u8]) {
        assert!(bytes.len() <= u8::MAX as usize, "a part is too long");
        self.push(bytes.len() as u8);
        self.push_all(bytes);
    }

    const fn command(&mut self, read: Option<Read>) {
        match read {
            Some(read) => self.part(read.bytes()),
            None => self.part(&[]),
        }
    }

    const fn inner(&mut self, part: &Part) {
        assert!(part.length > 0, "a part with nothing in it");
        self.part(part.bytes.split_at(part.length).0);
    }

    const fn unless(&mut self, sources: u32) {
        let first = sources.trailing_zeros() as u8;
        match sources {
            0 => {}
            _ if sources >> first == 1 => self.push(first),
            _ if sources >> first == 3 => self.push(first | 0x80),
            _ => panic!("only one source, or two whose numbers follow each other"),
        }
    }
}

impl Part {
    const fn row(row: &Applet) -> Self {
        let mut part = Packer::new();
        let mut flags = row.role as u8 | (row.says as u8) << 2 | (row.name as u8) << 4;
        flags |= if row.unless == 0 { 0 } else { UNLESS };
        flags |= if row.rules_out.is_none() { 0 } else { RULES_OUT };
        part.push(number(row.kind));
        part.push(flags);
        part.unless(row.unless);
        if row.rules_out.is_some() {
            part.push(number(row.rules_out));
        }
        let mut signs = Part::new();
        let mut rest = row.signs;
        while let [sign, signs_after @ ..] = rest {
            signs.sign(sign);
            rest = signs_after;
        }
        part.part(signs.bytes.split_at(signs.length).0);
        part.command(row.select);
        part.command(row.control);
        let mut steps = Part::new();
        let mut rest = row.steps;
        while let [step, steps_after @ ..] = rest {
            steps.inner(&Part::step(step));
            rest = steps_after;
        }
        part.part(steps.bytes.split_at(steps.length).0);
        part
    }

    const fn sign(&mut self, sign: &Sign) {
        let (manner, bytes): (u8, &[u8]) = match sign {
            Sign::Atr(bytes) => (ATR, bytes),
            Sign::Is(bytes) => (IS, bytes),
            Sign::PairOf(first) => (PAIR, core::slice::from_ref(first)),
            Sign::Starts(bytes) => (STARTS, bytes),
            Sign::Within(bytes) => (WITHIN, bytes),
            Sign::StorageCard => (STORAGE, &[]),
        };
        assert!(bytes.len() < 32, "a sign is too long");
        self.push(manner | bytes.len() as u8);
        self.push_all(bytes);
    }

    const fn step(step: &Step) -> Self {
        let mut part = Packer::new();
        let (follow, command) = match step.ask {
            Ask::Read(read) => (0, read.bytes()),
            Ask::Vendor(vendor) => (0, vendor.bytes()),
            Ask::Follow(read, Follow::Holder) => (1, read.bytes()),
            Ask::Follow(read, Follow::CardId) => (2, read.bytes()),
        };
        let proves = if step.proves { PROVES } else { 0 };
        part.push(follow | proves | if step.unless == 0 { 0 } else { UNLESS });
        part.unless(step.unless);
        part.command(step.file);
        part.part(command);
        let mut takes = step.takes;
        while let [take, rest @ ..] = takes {
            part.take(take);
            takes = rest;
        }
        part
    }

    const fn take(&mut self, take: &Take) {
        let mut path = Packer::<6>::new();
        let mut tags: &[u16] = &take.path;
        while let [tag, rest @ ..] = tags {
            let [high, low] = tag.to_be_bytes();
            if high != 0 {
                path.push(high);
            }
            if *tag != 0 {
                path.push(low);
            }
            tags = rest;
        }
        assert!(take.skip < 4, "too many bytes are passed over");
        let cut = take.of | take.from | take.to;
        let mut flags = path.length as u8 | take.skip << 3;
        flags |= if cut == 0 { 0 } else { CUT };
        flags |= if take.proves { PROVES } else { 0 };
        flags |= if take.assumed { ASSUMED } else { 0 };
        self.push(take.source.known() as u8);
        self.push(flags);
        self.push_all(path.bytes.split_at(path.length).0);
        if cut != 0 {
            self.push_all(&[take.of, take.from, take.to]);
        }
    }
}

const fn number(kind: Option<CardKind>) -> u8 {
    match kind {
        Some(kind) => kind.known() as u8,
        None => 0,
    }
}
