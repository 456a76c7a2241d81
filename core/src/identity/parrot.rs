//! A card that says the same to everything, or what was said to it, says nothing.

/// The shortest answer that can be told from chance.
const LEAST: usize = 4;

/// What was heard last.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Parrot {
    /// The instruction of the command, and whether it was the reader's; the answer as a checksum.
    last: Option<(u8, bool, u32)>,
}

impl Parrot {
    /// Takes the next answer; whether it is the command itself, or the answer to another instruction.
    pub(super) fn hears(&mut self, command: &[u8], data: &[u8]) -> bool {
        let [class, instruction, _, _, ..] = command else { return false };
        if data.len() < LEAST {
            return false;
        }
        // FNV-1a, 32 bits.
        let sum = data.iter().fold(0x811C_9DC5_u32, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
        let (instruction, readers) = (*instruction, *class == 0xFF);
        let same = self.last.is_some_and(|(one, other, last)| (one, other) != (instruction, readers) && last == sum);
        self.last = Some((instruction, readers, sum));
        same || data.get(..LEAST) == command.get(..LEAST)
    }
}
