//! Which forms of command a card says it accepts: extended length, command chaining.
//!
//! ISO/IEC 7816-4:2020, 12.1.1.9, third software function table.

use cardwright_core::atr::Atr;

/// What a card accepts besides single short APDUs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct Capabilities {
    /// Command chaining: a command in blocks, with bit 5 of CLA set in all but the last (5.3.3).
    pub chaining: bool,
    /// Extended length: Lc and Le of two or three bytes (5.1).
    pub extended: bool,
}

impl Capabilities {
    /// Sets [`Self::chaining`](#structfield.chaining).
    #[must_use]
    pub fn chaining(mut self, chaining: bool) -> Self {
        self.chaining = chaining;
        self
    }

    /// Sets [`Self::extended`](#structfield.extended).
    #[must_use]
    pub fn extended(mut self, extended: bool) -> Self {
        self.extended = extended;
        self
    }

    /// What the historical bytes of an ATR say, or `None` when they say nothing about it.
    #[must_use]
    pub fn of_atr(atr: &[u8]) -> Option<Self> {
        let commands = Atr::parse(atr).ok()?.historical()?.capabilities()?.commands?;
        Some(Capabilities { chaining: commands.command_chaining(), extended: commands.extended_length() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(historical: &[u8]) -> Option<Capabilities> {
        let mut atr = vec![0x3B, 0x80 | u8::try_from(historical.len()).expect("at most 15"), 0x01];
        atr.extend_from_slice(historical);
        atr.push(atr.iter().skip(1).fold(0, |sum, byte| sum ^ byte));
        Capabilities::of_atr(&atr)
    }

    #[test]
    fn the_third_table_says_it() {
        let both = Some(Capabilities { chaining: true, extended: true });
        assert_eq!(of(&[0x80, 0x73, 0xC0, 0x21, 0xC0]), both);
        assert_eq!(of(&[0x00, 0x31, 0xC5, 0x73, 0xC0, 0x01, 0xC0, 0x05, 0x90, 0x00]), both);
        assert_eq!(of(&[0x80, 0x73, 0, 0, 0x80]), Some(Capabilities { chaining: true, extended: false }));
    }

    #[test]
    fn a_card_that_says_nothing_says_nothing() {
        for historical in [
            &[][..],
            &[0x80],
            &[0x80, 0x71, 0xC0],
            &[0x80, 0x73, 0xC0],
            &[0x00, 0x73, 0xC0, 0x01, 0xC0],
            &[0x31, 0x73, 0xC0, 0x21, 0xC0],
        ] {
            assert_eq!(of(historical), None, "{historical:02X?}");
        }
        assert_eq!(Capabilities::of_atr(&[]), None);
    }
}
