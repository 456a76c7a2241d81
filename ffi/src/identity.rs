//! What a card is: the dialogue, and what it has found.

use crate::enumeration::{optional_value, value, value_of};
use crate::error::{CardwrightError, name, refused};
use crate::frame::{Pointee, boundary, buffer, from_c, nth, row, size, slice, structures};
use crate::number::{
    BasisNumber, CardKindNumber, EvidenceNumber, InterfaceNumber, SourceNumber, SystemNumber, TrustNumber,
};
use crate::storage::{Storage, Stored};
use cardwright_core::Named;
use cardwright_core::identity::{CardKind, Dialogue, Identifier, Interface, MAX_COMMANDS, Source, Spelling};
use core::ffi::c_char;

/// The most commands that one dialogue with a card has.
pub const CARDWRIGHT_MAX_COMMANDS: usize = 128;

/// Room for any answer that a dialogue asks for, in bytes.
pub const CARDWRIGHT_RESPONSE_ROOM: usize = 4096;

/// The first number of a `CardwrightCardKind` or `CardwrightSource` of the program's own: `CARDWRIGHT_OTHER + n` is its
/// n, up to 65535. The library has none of these.
pub const CARDWRIGHT_OTHER: u32 = 0x1_0000;

/// Room for any command of a dialogue, in bytes.
pub const CARDWRIGHT_COMMAND_ROOM: usize = 64;

const _: () = assert!(MAX_COMMANDS <= CARDWRIGHT_MAX_COMMANDS);
const _: () = assert!(cardwright_core::identity::RESPONSE_ROOM == CARDWRIGHT_RESPONSE_ROOM);

/// A dialogue with a card, and what it has found. Storage of the caller's: its content is private, it holds
/// no pointer, may be copied, and needs no clean-up.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightIdentity {
    /// Private.
    pub storage: [u64; 72],
}

impl Pointee for CardwrightIdentity {
    type Kind = Stored;
}

impl Storage for CardwrightIdentity {
    type Object = Dialogue;
    const MARK: u32 = 0x4944_2601;
}

/// Begins a dialogue with a card that has just been reset. An ATR that cannot be read names nothing, and is
/// not an error.
///
/// `interface_` is a `CardwrightInterface`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_identity_init(
    identity: *mut CardwrightIdentity, atr: *const u8, atr_length: usize, interface_: InterfaceNumber,
    error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (identity, atr) = (from_c!(identity), slice!(atr, atr_length));
        let interface = value_of!(interface_, "interface", Interface => Interface: Unknown, Contact, Contactless)?;
        identity.put(Dialogue::new(atr, interface));
    })
}

/// Writes the command APDU to send next; `*length` is 0 at the end of the dialogue. It stays the same until
/// `cardwright_identity_answer`. `CARDWRIGHT_COMMAND_ROOM` bytes are enough. All commands only read: they change
/// nothing on the card.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_identity_command(
    identity: *const CardwrightIdentity, buffer: *mut u8, capacity: usize, length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (buffer, dialogue) = (buffer!(buffer, capacity, length), from_c!(identity));
        let command = dialogue.command();
        buffer.bytes(command.as_ref().map_or(&[], |command| command.bytes()))?;
    })
}

/// Takes the answer to the command: the response APDU with SW1 SW2. A length of 0 says that there was none; the
/// dialogue continues with what does not need it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_identity_answer(
    identity: *mut CardwrightIdentity, response: *const u8, response_length: usize, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (response, dialogue) = (slice!(response, response_length), from_c!(identity).object()?);
        dialogue.answer(response);
    })
}

/// Adds what the program's own dialogue with the card has found, and ends the library's: that the card is of `kind`, 0
/// for none, and that it gave an identifier of `source`, `CARDWRIGHT_OTHER` and more; one of the same source
/// is replaced. `is_text` is 1 for printable ASCII of 32 characters at most, which is written as it is, 0 for up to 42
/// bytes, which are written in hexadecimal.
///
/// `CARDWRIGHT_CODE_ROOM` for the fifth kind or the ninth identifier, `CARDWRIGHT_CODE_ARGUMENT` for bytes that are no
/// identifier: none, or all 00 or FF.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_identity_add(
    identity: *mut CardwrightIdentity, kind: CardKindNumber, source: SourceNumber, bytes: *const u8, length: usize,
    is_text: u32, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (bytes, place) = (slice!(bytes, length), from_c!(identity));
        let kind: Option<CardKind> = optional_value(kind, "kind")?;
        let source: Source = value(source, "source")?;
        let text = core::str::from_utf8(bytes).ok().filter(|_| is_text != 0);
        let identifier = match is_text {
            0 => Identifier::new(source, bytes),
            _ => text.and_then(|text| Identifier::of_text(source, text)),
        };
        let identifier = identifier.ok_or_else(|| refused(name!(bytes), "no identifier: none, or all 00 or FF"))?;
        place.object()?.add(kind, &identifier)?;
    })
}

/// What has been found so far: `kinds` has bit n for the `CardwrightCardKind` n, but none for those of the program's
/// own, which `cardwright_identity_kind` tells; `identifiers` is the number of identifiers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_identity_found(
    identity: *const CardwrightIdentity, kinds: *mut u64, identifiers: *mut usize, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (dialogue, kinds, identifiers) = from_c!(identity, kinds, identifiers);
        let identity = dialogue.identity();
        kinds.put(identity.kinds().fold(0, |set, kind| set | 1u64.checked_shl(kind.number()).unwrap_or(0)));
        identifiers.put(identity.identifiers().count());
    })
}

/// What a card is, and what that rests on.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightKind {
    /// `sizeof(CardwrightKind)`, set by the caller.
    pub struct_size: u32,
    /// A `CardwrightCardKind`, or `CARDWRIGHT_OTHER` and more for the program's own.
    pub kind: u32,
    /// What it rests on: a `CardwrightBasis`.
    pub basis: BasisNumber,
    /// The number of kinds that the card is of, this one included.
    pub count: u32,
    /// Why the number of such a card is not read, `\0`-terminated; empty where it is.
    pub unread: [c_char; 128],
}

/// What the card is by its index, from 0, in the order of the numbers of `CardwrightCardKind`.
///
/// `CARDWRIGHT_CODE_ARGUMENT` past the last; there is none if nothing is known.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_identity_kind(
    identity: *const CardwrightIdentity, index: usize, kind: *mut CardwrightKind, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (dialogue, place) = from_c!(identity, kind);
        let identity = dialogue.identity();
        let kind = nth(identity.kinds(), index)?;
        place.put(CardwrightKind {
            struct_size: size::<CardwrightKind>(),
            kind: kind.number(),
            basis: identity.basis(kind).map_or(0, |basis| basis as u32),
            count: u32::try_from(identity.kinds().count()).unwrap_or(u32::MAX),
            unread: row(|out| out.write_str(kind.unread().unwrap_or_default())),
        });
    })
}

/// A number by which a card identifies itself.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightIdentifier {
    /// `sizeof(CardwrightIdentifier)`, set by the caller.
    pub struct_size: u32,
    /// Where it comes from: a `CardwrightSource`, or `CARDWRIGHT_OTHER` and more for the program's own.
    pub source: u32,
    /// How reliably it tells one card from all others: a `CardwrightTrust`.
    pub trust: TrustNumber,
    /// Its length in bytes; 0 if the card hides it.
    pub length: u32,
    /// Its bytes as the card gave them.
    pub bytes: [u8; 42],
    /// As its makers print it, `\0`-terminated; empty if the card hides it.
    pub spelling: [c_char; 65],
    /// How sure it is that this is the card's number: a `CardwrightEvidence`, documented or assumed.
    pub evidence: EvidenceNumber,
    /// 1 if it stands for a person, as a document number does; 0 otherwise. Logs should not have it.
    pub personal: u32,
}

/// An identifier by its index, from 0, in the order in which they were found.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_identity_identifier(
    identity: *const CardwrightIdentity, index: usize, identifier: *mut CardwrightIdentifier,
    error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (dialogue, identifier) = from_c!(identity, identifier);
        let found = nth(dialogue.identity().identifiers(), index)?;
        let mut bytes = [0; Identifier::ROOM];
        bytes.iter_mut().zip(found.bytes()).for_each(|(to, from)| *to = *from);
        identifier.put(CardwrightIdentifier {
            struct_size: size::<CardwrightIdentifier>(),
            source: found.source().number(),
            trust: found.trust() as u32,
            length: u32::try_from(found.bytes().len()).unwrap_or(0),
            bytes,
            spelling: spelled(found.spelling().as_ref()),
            evidence: found.evidence() as u32,
            personal: u32::from(found.source().is_personal()),
        });
    })
}

/// One way in which a system may have stored the serial of a card.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightGuess {
    /// `sizeof(CardwrightGuess)`, set by the caller.
    pub struct_size: u32,
    /// The identifier that it was made from: a `CardwrightSource`.
    pub source: SourceNumber,
    /// Whether the system's vendor documents it, or it is assumed: a `CardwrightEvidence`.
    pub evidence: EvidenceNumber,
    /// The number of guesses for the system, this one included.
    pub count: u32,
    /// The serial as the system would write it, `\0`-terminated.
    pub spelling: [c_char; 65],
}

/// A guess at how a `CardwrightSystem` stored this card's serial, by its index, from 0: the strongest identifier comes
/// first, and of each identifier the best guess. Those of one `source` stand together.
///
/// `CARDWRIGHT_CODE_ARGUMENT` past the last; there is none if nothing is known that is this card's alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_identity_guess(
    identity: *const CardwrightIdentity, system: SystemNumber, index: usize, guess: *mut CardwrightGuess,
    error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (dialogue, place) = from_c!(identity, guess);
        let system = crate::enumeration::system(system)?;
        let (mut wanted, mut count) = (None, 0usize);
        for guess in dialogue.identity().guesses(system) {
            if count == index {
                wanted = Some(guess);
            }
            count = count.wrapping_add(1);
        }
        let guess = nth(wanted.into_iter(), 0)?;
        place.put(CardwrightGuess {
            struct_size: size::<CardwrightGuess>(),
            source: guess.source.number(),
            evidence: guess.evidence as u32,
            count: u32::try_from(count).unwrap_or(u32::MAX),
            spelling: spelled(Some(&guess.spelling)),
        });
    })
}

structures!(
    CardwrightKind { kind, basis, count, unread }
    CardwrightIdentifier { source, trust, length, bytes, spelling, evidence, personal }
    CardwrightGuess { source, evidence, count, spelling }
);

/// A spelling, which has 64 characters at most, `\0`-terminated.
fn spelled(spelling: Option<&Spelling>) -> [c_char; 65] {
    row(|out| spelling.map_or(Ok(()), |spelling| spelling.write_to(out)))
}
