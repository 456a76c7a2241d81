//! New ids.

use crate::Error;
use cardwright_core::date::Moment;
use cardwright_core::identity::Guid;

/// A new random id (RFC 9562, version 4).
pub(crate) fn new_uuid() -> Result<Guid, Error> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).map_err(|_| Error::Crypto("the system gives no random numbers"))?;
    Ok(version_4(bytes))
}

/// Random bytes as a GUID of version 4.
pub(crate) fn version_4(bytes: [u8; 16]) -> Guid {
    of_version(4, bytes)
}

/// Bytes that are derived from something else, as a GUID of version 8 (RFC 9562).
pub(crate) fn version_8(bytes: [u8; 16]) -> Guid {
    of_version(8, bytes)
}

/// A new id that begins with the time, so that an index grows at its end (RFC 9562, version 7).
pub(crate) fn time_ordered(now: Moment) -> Result<Guid, Error> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).map_err(|_| Error::Crypto("the system gives no random numbers"))?;
    let milliseconds = now.seconds.saturating_mul(1000).saturating_add(i64::from(now.nanos / 1_000_000));
    for (byte, of_time) in bytes.iter_mut().zip(milliseconds.to_be_bytes().into_iter().skip(2)) {
        *byte = of_time;
    }
    Ok(of_version(7, bytes))
}

fn of_version(version: u8, mut bytes: [u8; 16]) -> Guid {
    bytes[6] = bytes[6] & 0x0F | version << 4;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    Guid::new(bytes)
}
