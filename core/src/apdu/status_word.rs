//! What SW1 SW2 say: how a command ended.
//!
//! Every value has a meaning, if only that it is the application's own; none is refused.
//!
//! ISO/IEC 7816-4:2020, 5.6, tables 6 and 7.

use core::fmt;

/// SW1 SW2, as one number.
///
/// ```
/// use cardwright_core::apdu::StatusWord;
/// let word = StatusWord::of(b"\x80\x27\x90\x00").unwrap();
/// assert!(word == StatusWord::OK && word.is_ok());
/// assert!(!StatusWord(0x6A82).is_ok());
/// assert_eq!(StatusWord::of(b"\x90"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StatusWord(pub u16);

impl StatusWord {
    /// 9000: done, without more to say.
    pub const OK: StatusWord = StatusWord(0x9000);

    /// The status word at the end of a response APDU; `None` when it is too short for one.
    #[inline]
    #[must_use]
    pub fn of(response: &[u8]) -> Option<Self> {
        response.last_chunk().map(|sw| StatusWord(u16::from_be_bytes(*sw)))
    }

    /// Whether the command was carried out: 9000 or 61xx.
    #[inline]
    #[must_use]
    pub const fn is_ok(self) -> bool {
        self.0 == 0x9000 || self.0 >> 8 == 0x61
    }

    /// What it means, in plain words. A number in it is not told: it is in the word itself.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self.0 {
            0x9000 => "done",
            0x6100..=0x61FF => "done; more data waits: the second byte is the number of bytes",
            0x6281 => "warning: part of the data may be corrupt",
            0x6282 => "warning: the end of the file or record came early",
            0x6283 => "warning: the selected file is deactivated",
            0x6284 => "warning: file control information not formatted",
            0x6285 => "warning: the selected file is in its termination state",
            0x6286 => "warning: no input from a sensor",
            0x6200..=0x62FF => "warning: nothing changed",
            0x6381 => "warning: the file is full",
            0x63C0..=0x63CF => "the verification failed; the last digit is how many tries are left",
            0x6300..=0x63FF => "warning: something changed, or the verification failed",
            0x6401 => "error: the card needs an immediate answer",
            0x6400..=0x64FF => "error: nothing changed",
            0x6581 => "error: the memory failed",
            0x6500..=0x65FF => "error: something changed",
            0x6600..=0x66FF => "error: a matter of security",
            0x6700 => "wrong length",
            0x6881 => "logical channels not supported",
            0x6882 => "secure messaging not supported",
            0x6883 => "the last command of the chain is expected",
            0x6884 => "command chaining not supported",
            0x6981 => "the command does not fit the structure of the file",
            0x6982 => "security status not satisfied: a PIN or key is needed first",
            0x6983 => "the PIN or key is blocked",
            0x6984 => "the reference data cannot be used",
            0x6985 => "conditions of use not satisfied",
            0x6986 => "the command is not allowed: no file is selected",
            0x6987 => "objects of secure messaging are missing",
            0x6988 => "objects of secure messaging are wrong",
            0x6A80 => "wrong data",
            0x6A81 => "function not supported",
            0x6A82 => "no such file or application",
            0x6A83 => "no such record",
            0x6A84 => "not enough memory in the file",
            0x6A85 => "the length does not fit the structure",
            0x6A86 => "wrong P1 P2",
            0x6A87 => "the length does not fit P1 P2",
            0x6A88 => "no such data object or key",
            0x6A89 => "the file is there already",
            0x6A8A => "the name is there already",
            0x6B00 => "wrong parameters P1 P2",
            0x6C00..=0x6CFF => "wrong Le; the second byte is the right one",
            0x6D00 => "instruction not supported",
            0x6E00 => "class not supported",
            0x6F00 => "error without a diagnosis",
            0x6800..=0x68FF => "function of CLA not supported",
            0x6900..=0x69FF => "the command is not allowed",
            0x6A00..=0x6AFF => "wrong parameters P1 P2",
            _ => "the application's own",
        }
    }
}

/// Four upper-case hexadecimal digits.
impl fmt::Display for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_a_text_and_two_alone_are_success() {
        let mut success = 0;
        for word in (0..=u16::MAX).map(StatusWord) {
            assert!(!word.text().is_empty());
            success += usize::from(word.is_ok());
            assert_eq!(word.is_ok(), word.text().starts_with("done"), "{word}");
        }
        assert_eq!(success, 257);
    }

    #[test]
    fn it_is_the_end_of_a_response() {
        assert_eq!(StatusWord::of(&[1, 2, 0x6A, 0x82]), Some(StatusWord(0x6A82)));
        assert_eq!(StatusWord::of(&[0x90]), None);
        assert!(StatusWord(0x6A82).text().contains("no such file"));
    }
}
