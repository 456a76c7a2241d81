//! A card that says the same to everything, or what was said to it, says nothing.

/// The shortest answer that can be told from chance.
const LEAST: usize = 4;

/// What was heard last.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Parrot {
    /// The instruction of the command, and whether it was the reader's; the answer as a checksum.
    last: Option<(u8, bool, u32)>,
    /// The last SELECT by name, and its answer, as checksums.
    selected: Option<(u32, u32)>,
}

impl Parrot {
    /// Takes the next answer; whether it is the command itself, or the answer to another instruction, to the
    /// SELECT of another name, or, where this command is a control, to any other.
    #[inline(never)]
    pub(super) fn hears(&mut self, command: &[u8], data: &[u8], is_control: bool) -> bool {
        let [class, instruction, first, _, ..] = command else { return false };
        if data.len() < LEAST {
            return false;
        }
        let sum = checksum(data);
        let (instruction, readers) = (*instruction, *class == 0xFF);
        let is_other = |one, other| is_control || (one, other) != (instruction, readers);
        let mut same = self.last.is_some_and(|(one, other, last)| is_other(one, other) && last == sum);
        self.last = Some((instruction, readers, sum));
        if (instruction, *first) == (0xA4, 0x04) {
            let name = checksum(command);
            same |= self.selected.is_some_and(|(other, last)| other != name && last == sum);
            self.selected = Some((name, sum));
        }
        same || data.get(..LEAST) == command.get(..LEAST)
    }
}

/// FNV-1a, 32 bits.
#[inline(never)]
fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811C_9DC5_u32, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}
