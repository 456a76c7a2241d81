//! From a command APDU to its whole response APDU, in as many exchanges as needed.
//!
//! Sends GET RESPONSE after 61xx, repeats the command after 6Cxx, chains blocks for a card without
//! extended length, and uses the forms of T=0. It terminates: each exchange after 61xx brings at least a
//! byte or is an error, and all of them must fit into the caller's buffer; a session ends it earlier, by the
//! limits of the command.
//!
//! ISO/IEC 7816-4:2020, 5.1 to 5.3; ISO/IEC 7816-3:2006, 12.

use super::open::Protocol;
use crate::apdu::Apdu;
use crate::capabilities::Capabilities;
use cardwright_core::Code;
use zeroize::Zeroizing;

/// A command to be sent. It may hold a PIN.
type Command = Zeroizing<Vec<u8>>;

/// What the exchange needs to know of the card.
#[derive(Debug, Clone, Copy)]
pub(super) struct Card {
    pub(super) protocol: Protocol,
    /// `None` when the card says nothing about it.
    pub(super) capabilities: Option<Capabilities>,
}

/// Sends a command by as many calls of `raw` as needed, writes the response to the front of `response`
/// and returns its length. `raw` is told whether it is a block before the last of a chained command: their
/// number is the caller's doing, that of all others the card's.
///
/// # Errors
///
/// Those of `raw`; by `fault`, `CardAnswer` when an answer is not a response APDU or does not end, and
/// `Room` when the response does not fit.
pub(super) fn exchange<E>(
    command: &[u8],
    response: &mut [u8],
    card: Card,
    mut raw: impl FnMut(Command, bool) -> Result<Vec<u8>, E>,
    fault: impl Fn(Code) -> E,
) -> Result<usize, E> {
    let mut parts = parts(command, card);
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let answer = raw(part, true)?;
        // The card refused the block; the rest is not sent.
        if answer != [0x90, 0x00] {
            return split(&answer).and_then(|(data, sw)| put(data, sw, response)).map_err(fault);
        }
    }
    let mut next = last;
    let mut filled = 0;
    let (mut again, mut more) = (true, false);
    loop {
        let answer = raw(next.clone(), false)?;
        let (data, sw) = split(&answer).map_err(&fault)?;
        let room = response.get_mut(filled..).unwrap_or_default();
        match (sw, data) {
            ([0x6C, le], []) if again && with_le(&mut next, le) => {
                again = false;
                continue;
            }
            // 61xx again without a byte would go on forever.
            ([0x61, _], []) if more => return Err(fault(Code::CardAnswer)),
            ([0x61, le], _) => {
                put(data, sw, room).map_err(&fault)?;
                next = get_response(command, le);
                (again, more) = (true, true);
            }
            _ => return Ok(filled + put(data, sw, room).map_err(fault)?),
        }
        filled += data.len();
    }
}

/// Data, and SW1 SW2.
fn split(answer: &[u8]) -> Result<(&[u8], [u8; 2]), Code> {
    let (data, sw) = answer.split_last_chunk().ok_or(Code::CardAnswer)?;
    Ok((data, *sw))
}

fn put(data: &[u8], sw: [u8; 2], room: &mut [u8]) -> Result<usize, Code> {
    let (front, rest) = room.split_at_mut_checked(data.len()).ok_or(Code::Room)?;
    let end = rest.first_chunk_mut().ok_or(Code::Room)?;
    front.copy_from_slice(data);
    *end = sw;
    Ok(data.len() + sw.len())
}

/// GET RESPONSE on the logical channel of the command. A proprietary CLA is taken to hold the channel
/// in the bits of the first interindustry values.
fn get_response(command: &[u8], le: u8) -> Command {
    let cla = match command.first() {
        Some(cla @ 0x40..=0x7F) => cla & 0x4F,
        Some(cla) => cla & 0x03,
        None => 0,
    };
    vec![cla, 0xC0, 0x00, 0x00, le].into()
}

/// Puts the length that the card named into a command that asks for data; returns whether it could.
fn with_le(command: &mut Command, le: u8) -> bool {
    let Some(Apdu { ne: Some(_), extended, .. }) = Apdu::of(command) else { return false };
    if extended {
        let ne = if le == 0 { 0x0100 } else { u16::from(le) };
        let Some(end) = command.last_chunk_mut() else { return false };
        *end = ne.to_be_bytes();
    } else if let Some(end) = command.last_mut() {
        *end = le;
    }
    true
}

/// The command in the form and the blocks that the card accepts, at least one.
fn parts(command: &[u8], card: Card) -> Vec<Command> {
    let Some(apdu) = Apdu::of(command) else {
        // Not a command of ISO/IEC 7816-4: sent unchanged.
        return vec![command.to_vec().into()];
    };
    let fits = apdu.data.len() <= SHORT;
    let short_only = match card.capabilities {
        Some(capabilities) => !capabilities.extended && (fits || capabilities.chaining),
        None => false,
    };
    // P3 of T=0 is one byte (ISO/IEC 7816-3, 12.1.1).
    let short_only = short_only || card.protocol == Protocol::T0 && fits;
    if apdu.extended && !short_only {
        return vec![command.to_vec().into()];
    }
    let mut blocks = apdu.data.chunks(SHORT).peekable();
    let mut parts = Vec::new();
    while let Some(block) = blocks.next() {
        let last = blocks.peek().is_none();
        let [cla, ins, p1, p2] = apdu.header;
        let header = if last { apdu.header } else { [cla | 0x10, ins, p1, p2] };
        parts.push(short(header, block, apdu.ne.filter(|_| last), card.protocol));
    }
    if parts.is_empty() {
        parts.push(short(apdu.header, &[], apdu.ne, card.protocol));
    }
    parts
}

/// The most data bytes in a short APDU.
const SHORT: usize = 255;

/// A short command APDU; with T=0 a TPDU, which always has P3 and never both Lc and Le.
fn short(header: [u8; 4], data: &[u8], ne: Option<usize>, protocol: Protocol) -> Command {
    let mut command = Vec::with_capacity(6 + data.len());
    command.extend_from_slice(&header);
    if !data.is_empty() {
        // At most SHORT, by the chunks.
        command.push(u8::try_from(data.len()).unwrap_or(u8::MAX));
        command.extend_from_slice(data);
    }
    match (protocol, ne) {
        (Protocol::T0, Some(_)) if !data.is_empty() => {}
        // 00 stands for 256, the most that can be requested.
        (_, Some(ne)) => command.push(u8::try_from(ne).unwrap_or(0)),
        (Protocol::T0, None) if data.is_empty() => command.push(0),
        (_, None) => {}
    }
    command.into()
}

#[cfg(test)]
mod tests;
