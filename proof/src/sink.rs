//! Where a root writes text, so that the optimiser cannot leave the writing out.

use core::fmt;

/// Takes any text and keeps a number that depends on every byte of it.
#[derive(Default)]
pub(crate) struct Sink(u32);

impl Sink {
    /// Takes a number.
    pub(crate) fn add(&mut self, number: usize) {
        self.0 = self.0.wrapping_mul(31).wrapping_add(number as u32);
    }

    /// A number that depends on everything that was written.
    pub(crate) fn sum(&self) -> usize {
        self.0 as usize
    }
}

impl fmt::Write for Sink {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            self.0 = self.0.wrapping_mul(31).wrapping_add(byte.into());
        }
        Ok(())
    }
}
