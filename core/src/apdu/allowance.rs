//! How many APDUs a card may be sent until it must have come to an end.
//!
//! A card decides itself how often GET RESPONSE follows its answers (61xx), and how often a command is
//! repeated (6Cxx), so the sender must count. There is no clock here: a sender that has one also sets a
//! time limit.
//!
//! ISO/IEC 7816-4:2020, 5.3.4 and 5.6.

use crate::error::{Code, Error};

/// A number of APDUs that may be sent to a card, and how many were.
///
/// ```
/// use cardwright_core::Code;
/// use cardwright_core::apdu::Allowance;
/// let mut allowance = Allowance::new(2);
/// assert!(allowance.take().is_ok() && allowance.take().is_ok());
/// assert_eq!(allowance.take().unwrap_err().code, Code::CardEndless);
/// assert_eq!((allowance.sent(), allowance.most()), (2, 2));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    most: u32,
    sent: u32,
}

impl Allowance {
    /// The number unless another is set: three times what any card of today needs to identify itself.
    pub const DEFAULT: u32 = 200;

    /// The default time limit for all of them, in seconds, for a sender that has a clock: people do not wait longer for
    /// a card.
    pub const DEFAULT_SECONDS: u32 = 12;

    /// This many APDUs, none of them sent yet.
    #[inline]
    #[must_use]
    pub const fn new(most: u32) -> Self {
        Allowance { most, sent: 0 }
    }

    /// Counts an APDU that is about to be sent.
    ///
    /// # Errors
    ///
    /// [`Code::CardEndless`] when all were sent; `at` is their number. Nothing should be sent then.
    pub fn take(&mut self) -> Result<(), Error> {
        if self.sent >= self.most {
            return Err(Error::new(Code::CardEndless, usize::try_from(self.sent).unwrap_or(usize::MAX)));
        }
        self.sent = self.sent.saturating_add(1);
        Ok(())
    }

    /// How many may be sent in all.
    #[inline]
    #[must_use]
    pub const fn most(&self) -> u32 {
        self.most
    }

    /// How many were sent.
    #[inline]
    #[must_use]
    pub const fn sent(&self) -> u32 {
        self.sent
    }
}

impl Default for Allowance {
    fn default() -> Self {
        Allowance::new(Self::DEFAULT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_are_sent_as_are_allowed() {
        for most in [0, 1, 200] {
            let mut allowance = Allowance::new(most);
            let sent = (0..1000).take_while(|_| allowance.take().is_ok()).count();
            assert_eq!((sent, allowance.sent(), allowance.most()), (most as usize, most, most));
            assert_eq!(allowance.take(), Err(Error::new(Code::CardEndless, sent)));
        }
        assert_eq!(Allowance::default(), Allowance::new(200));
    }
}
