//! Command and response APDUs, and the one way in which the core reaches a card.
//!
//! Nothing here talks to a reader: [`Transmit`] is what somebody who has one implements. The only
//! commands that can be made here are those that read: [`Read`].
//!
//! ISO/IEC 7816-4:2020, 5.

mod allowance;
mod ber;
mod read;
mod status_word;

pub use allowance::Allowance;
pub(crate) use ber::dig;
pub use ber::{BerTlv, BerTlvs};
pub use read::{Command, Read};
pub use status_word::StatusWord;

/// A channel to one card: an APDU there, an APDU back.
///
/// Who implements it does what belongs to the transport (GET RESPONSE after 61xx, a repeated
/// command after 6Cxx, T=0 and T=1), so that one call is one command and its whole answer. A card can
/// answer 61xx for ever: an [`Allowance`] counts what is sent, and says when to stop.
///
/// ```
/// use cardwright_core::apdu::{Allowance, Transmit};
///
/// /// A slot of one's own, in which a card answers by a table.
/// struct Slot(&'static [(&'static [u8], &'static [u8])]);
///
/// impl Slot {
///     fn exchange(&self, command: &[u8]) -> &'static [u8] {
///         self.0.iter().find(|(known, _)| *known == command).map_or(b"\x6D\x00", |(_, answer)| answer)
///     }
/// }
///
/// impl Transmit for Slot {
///     type Error = cardwright_core::Error;
///
///     fn transmit(&mut self, command: &[u8], response: &mut [u8]) -> Result<usize, Self::Error> {
///         let mut allowance = Allowance::new(Allowance::DEFAULT);
///         let (mut length, mut command) = (0, command.to_vec());
///         loop {
///             allowance.take()?;
///             let answer = self.exchange(&command);
///             let (data, more) = match answer {
///                 [data @ .., 0x61, more] => (data, Some(*more)),
///                 whole => (whole, None),
///             };
///             response[length..length + data.len()].copy_from_slice(data);
///             length += data.len();
///             let Some(more) = more else { return Ok(length) };
///             command = vec![0x00, 0xC0, 0x00, 0x00, more];
///         }
///     }
/// }
///
/// let mut slot = Slot(&[(b"\x00\xCA\x00\x5A\x00", b"\x61\x04"), (b"\x00\xC0\x00\x00\x04", b"\x5A\x02\x80\x27\x90\x00")]);
/// let mut response = [0; 258];
/// let length = slot.transmit(b"\x00\xCA\x00\x5A\x00", &mut response)?;
/// assert_eq!(response[..length], *b"\x5A\x02\x80\x27\x90\x00");
/// # Ok::<(), cardwright_core::Error>(())
/// ```
pub trait Transmit {
    /// Why no answer came.
    type Error;

    /// Sends a command APDU and writes the response APDU, data and SW1 SW2, to the front of
    /// `response`.
    ///
    /// Returns the length of the response APDU: at least 2, at most that of `response`.
    ///
    /// # Errors
    ///
    /// When no whole answer came, or when it does not fit into `response`. What `response` holds
    /// then is of no meaning.
    fn transmit(&mut self, command: &[u8], response: &mut [u8]) -> Result<usize, Self::Error>;
}

/// So that a channel can be lent.
impl<T: Transmit + ?Sized> Transmit for &mut T {
    type Error = T::Error;

    fn transmit(&mut self, command: &[u8], response: &mut [u8]) -> Result<usize, Self::Error> {
        (**self).transmit(command, response)
    }
}

/// The data of a response APDU that reports success, or `None`.
///
/// Success is SW1 90 or 61 (there is more, which the transport did not fetch) with data as they
/// are, and 62 (a warning: the end of a file, a deactivated application; nothing changed).
/// ISO/IEC 7816-4:2020, 5.6.
///
/// ```
/// use cardwright_core::apdu::data;
/// assert_eq!(data(b"\x5A\x01\x07\x90\x00"), Some(b"\x5A\x01\x07".as_slice()));
/// // The file was not found.
/// assert_eq!(data(b"\x6A\x82"), None);
/// ```
#[must_use]
pub fn data(response: &[u8]) -> Option<&[u8]> {
    match response {
        [data @ .., 0x90, 0x00] | [data @ .., 0x61 | 0x62, _] => Some(data),
        _ => None,
    }
}
