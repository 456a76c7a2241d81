//! Which generation of CertiFlow's API a client speaks, and finding it out.

use super::handle::{CardwrightClient, noted};
use crate::error::CardwrightError;
use crate::frame::{boundary_with_detail, buffer, from_c};
use crate::probe::CardwrightGeneration;
use core::ffi::c_char;

/// Finds out which generation of CertiFlow's API the server speaks, by at most `CARDWRIGHT_MAX_QUESTIONS` questions that
/// change nothing. If the client was set up without a dialect, it is spoken from then on.
///
/// `CARDWRIGHT_CODE_NO_SUCH_CALL` for MIM CM; a code from 601 on if no answer came to the first question. Any other
/// answer is part of what is found.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_probe(
    client: *const CardwrightClient, generation: *mut CardwrightGeneration, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, generation) = from_c!(client, generation);
        let finding = client.0.probe().map_err(noted)?;
        generation.put(CardwrightGeneration::of(&finding, client.0.base()));
    })
}

/// Writes what a probe has told, and from what: `G6: Cards answers, Cards/{id} is missing, …`. A client that was set up
/// without a dialect may also have asked by itself. Empty if nothing was asked. Nothing is sent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_found(
    client: *const CardwrightClient, buffer: *mut c_char, capacity: usize, length: *mut usize,
    error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, buffer) = (from_c!(client), buffer!(buffer, capacity, length));
        let finding = client.0.finding();
        buffer.text(|out| finding.map_or(Ok(()), |finding| write!(out, "{finding}")))?;
    })
}

/// The `CardwrightDialect` that is spoken: the one of the options, else what is known of the server by now, or is usual
/// at its base. 0 for MIM CM. Nothing is sent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_client_dialect(
    client: *const CardwrightClient, dialect: *mut u32, error: *mut CardwrightError,
) -> i32 {
    boundary_with_detail!(error, {
        let (client, dialect) = from_c!(client, dialect);
        dialect.put(client.0.dialect().map_or(0, |dialect| dialect as u32));
    })
}
