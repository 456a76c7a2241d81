//! New ids.

use crate::Error;
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

fn of_version(version: u8, mut bytes: [u8; 16]) -> Guid {
    bytes[6] = bytes[6] & 0x0F | version << 4;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    Guid::new(bytes)
}
