//! Which generation of CertiFlow's API a server speaks: the questions, for a program that has nothing but a connection,
//! and what they show.

use crate::call::{CardwrightSite, site_of};
use crate::error::CardwrightError;
use crate::frame::{Pointee, boundary, buffer, from_c, nullable, size, slice, structures};
use crate::storage::{Storage, Stored};
use crate::text::CardwrightText;
use cardwright_core::base::usual_dialects;
use cardwright_core::certiflow::{Answer, Finding, Probe};
use cardwright_core::http;
use core::ffi::c_char;

/// The most questions that one probe of a server has.
pub const CARDWRIGHT_MAX_QUESTIONS: usize = 6;

const _: () = assert!(Probe::MOST == CARDWRIGHT_MAX_QUESTIONS);

/// The questions to one server, and what they have shown. Storage of the caller's: its content is private, it holds no
/// pointer, may be copied, and needs no clean-up.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightProbe {
    /// Private.
    pub storage: [u64; 24],
}

impl Pointee for CardwrightProbe {
    type Kind = Stored;
}

impl Storage for CardwrightProbe {
    type Object = Probe;
    const MARK: u32 = 0x5052_2601;
}

/// Which generation of CertiFlow's API a server was found to speak.
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightGeneration {
    /// `sizeof(CardwrightGeneration)`, set by the caller.
    pub struct_size: u32,
    /// The `CardwrightDialect` to speak: of several that answer so, one whose calls they all have. 0 if nothing was
    /// learned.
    pub dialect: u32,
    /// All that answer so: bit n for the `CardwrightDialect` n.
    pub dialects: u32,
    /// How sure that is: a `CardwrightSure`.
    pub sure: u32,
}

structures!(CardwrightGeneration { dialect, dialects, sure });

impl CardwrightGeneration {
    /// What a finding at a base of an API comes to.
    pub(crate) fn of(finding: &Finding, base: &str) -> Self {
        CardwrightGeneration {
            struct_size: size::<CardwrightGeneration>(),
            dialect: finding.dialect(usual_dialects(base)).map_or(0, |dialect| dialect as u32),
            dialects: finding.dialects().bits().into(),
            sure: finding.sure() as u32,
        }
    }
}

/// Begins to probe a server of which nothing is known.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_probe_init(probe: *mut CardwrightProbe, error: *mut CardwrightError) -> i32 {
    boundary!(error, { from_c!(probe).put(Probe::new()) })
}

/// Writes the address of the next question below the API's base, percent-encoded, with its parameters:
/// `Cards?offset=0&count=1`. It is to be sent by GET, and changes nothing on the server. Nothing is written (`*length` is 0) at
/// the end, after `CARDWRIGHT_MAX_QUESTIONS` at most. It stays the same until `cardwright_probe_answer`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_probe_target(
    probe: *const CardwrightProbe, buffer: *mut c_char, capacity: usize, length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (buffer, probe) = (buffer!(buffer, capacity, length), from_c!(probe));
        let question = probe.question();
        buffer.plain(|out| question.as_ref().map_or(Ok(()), |question| http::write_target(question, out)))?;
    })
}

/// Writes the next question as a whole HTTP/1.1 message, as `cardwright_call_message` does a call; nothing at the end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_probe_message(
    probe: *const CardwrightProbe, site: *const CardwrightSite, buffer: *mut c_char, capacity: usize,
    length: *mut usize, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (buffer, probe, site) = (buffer!(buffer, capacity, length), from_c!(probe), from_c!(site));
        let (site, question) = (site_of(&site)?, probe.question());
        buffer.plain(|out| question.as_ref().map_or(Ok(()), |question| http::write_message(question, &site, out)))?;
    })
}

/// Takes the result of the question: the HTTP status, and the body; of a list, the beginning with the whole first card is
/// enough. A status of 0 says that there was no answer; the probe goes on with what does not need it. At the end nothing
/// is taken.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_probe_answer(
    probe: *mut CardwrightProbe, status: u32, body: *const u8, body_length: usize, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (body, probe) = (slice!(body, body_length), from_c!(probe).object()?);
        probe.answer(Answer::read(u16::try_from(status).unwrap_or(0), body));
    })
}

/// What is known so far. `base` is the base of the API, such as `/icmapi` or an address that ends so: of two generations
/// with the same calls the one that is usual there is chosen. It may be no text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_probe_finding(
    probe: *const CardwrightProbe, base: CardwrightText, generation: *mut CardwrightGeneration,
    error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (probe, base, generation) = (from_c!(probe), nullable!(base), from_c!(generation));
        generation.put(CardwrightGeneration::of(&probe.finding(), base.unwrap_or("")));
    })
}

/// Writes what is known so far, and from what: `G6: Cards answers, Cards/{id} is missing, …`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_probe_text(
    probe: *const CardwrightProbe, buffer: *mut c_char, capacity: usize, length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (buffer, probe) = (buffer!(buffer, capacity, length), from_c!(probe));
        let finding = probe.finding();
        buffer.text(|out| write!(out, "{finding}"))?;
    })
}
