//! Which cards have an ATR, by the user's own `smartcard_list.txt` of pcsc-tools.
//!
//! The list is indexed once; a look-up goes through the entries of the same length at most. Entries
//! are regular expressions of a small kind: a dot for any half of a byte, a few halves in brackets,
//! `.*` at the end for any bytes. What is none of it is left out.
//!
//! The format is described at the beginning of that file. The list is not part of this program.

use cardwright::text_file;
use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A list of known cards.
#[derive(Debug)]
pub struct KnownCards {
    text: String,
    /// ATRs without wildcards, by their bytes.
    exact: HashMap<Box<[u8]>, Vec<Entry>>,
    /// Those with wildcards, by their length in bytes.
    patterns: Vec<Vec<Pattern>>,
    /// Those that end in `.*`.
    open: Vec<Pattern>,
    entries: usize,
    left_out: usize,
}

/// The lines that describe a card.
#[derive(Debug, Clone, Copy)]
struct Entry {
    start: usize,
    end: usize,
}

impl KnownCards {
    /// What to do when there is no list.
    pub const HOW_TO_GET: &'static str =
        "apt install pcsc-tools brings one (/usr/share/pcsc/smartcard_list.txt); another is given by --file FILE";

    /// The first list in the usual places that is not empty: `$XDG_CACHE_HOME`, `~/.cache`, `~`
    /// (with a dot in front of its name), `/usr/local/share/pcsc`, `/usr/share/pcsc`.
    #[must_use]
    pub fn usual_file() -> Option<PathBuf> {
        let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let home = folder("HOME");
        let places = [
            folder("XDG_CACHE_HOME").map(|cache| cache.join("smartcard_list.txt")),
            home.as_ref().map(|home| home.join(".cache/smartcard_list.txt")),
            home.map(|home| home.join(".smartcard_list.txt")),
            Some(PathBuf::from("/usr/local/share/pcsc/smartcard_list.txt")),
            Some(PathBuf::from("/usr/share/pcsc/smartcard_list.txt")),
        ];
        // ATR_analysis leaves an empty one behind when it has no network.
        places.into_iter().flatten().find(|place| std::fs::metadata(place).is_ok_and(|file| file.len() > 0))
    }

    /// Reads a list.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn load(path: &Path) -> std::io::Result<Self> {
        let bytes = std::fs::read(path)?;
        // Names of cards are in whatever encoding their contributors used.
        let text = text_file::decode(&bytes).unwrap_or_else(|_| String::from_utf8_lossy(&bytes));
        Ok(Self::new(text.into_owned()))
    }

    /// Indexes a list.
    #[must_use]
    pub fn new(text: String) -> Self {
        let mut cards = KnownCards {
            text: String::new(),
            exact: HashMap::new(),
            patterns: Vec::new(),
            open: Vec::new(),
            entries: 0,
            left_out: 0,
        };
        let mut current: Option<(&str, Entry)> = None;
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let end = start + line.len();
            if line.starts_with(['\t', ' ']) {
                if let Some((_, entry)) = &mut current {
                    entry.end = end;
                }
            } else {
                cards.add(current.take());
                let written = line.trim();
                if !written.is_empty() && !written.starts_with('#') {
                    current = Some((written, Entry { start: end, end }));
                }
            }
            start = end;
        }
        cards.add(current);
        cards.text = text;
        cards
    }

    /// The descriptions of the cards with an ATR, those of its own entry first; none when it is not
    /// known.
    pub fn find<'c>(&'c self, atr: &[u8]) -> impl Iterator<Item = &'c str> + use<'c> {
        let mut found: Vec<Entry> = self.exact.get(atr).cloned().unwrap_or_default();
        let same_length = self.patterns.get(atr.len()).map(Vec::as_slice).unwrap_or_default();
        found.extend(same_length.iter().chain(&self.open).filter(|p| p.matches(atr)).map(|pattern| pattern.entry));
        found.into_iter().flat_map(|entry| self.lines(entry.start..entry.end))
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries == 0
    }

    /// How many entries are of no known form.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// The ATRs without wildcards, in no order.
    pub fn atrs(&self) -> impl Iterator<Item = &[u8]> {
        self.exact.keys().map(|atr| &**atr)
    }

    fn lines(&self, range: Range<usize>) -> impl Iterator<Item = &str> {
        self.text.get(range).unwrap_or_default().lines().map(str::trim).filter(|line| !line.is_empty())
    }

    fn add(&mut self, entry: Option<(&str, Entry)>) {
        let Some((written, entry)) = entry else { return };
        let Some(pattern) = Pattern::read(written, entry) else {
            self.left_out += 1;
            return;
        };
        self.entries += 1;
        if pattern.open {
            self.open.push(pattern);
        } else if let Some(bytes) = pattern.exact() {
            self.exact.entry(bytes.into()).or_default().push(entry);
        } else {
            let length = pattern.length;
            self.patterns.resize_with(self.patterns.len().max(length + 1), Vec::new);
            self.patterns[length].push(pattern);
        }
    }
}

/// An ATR with wildcards. No entry is longer than [`ROOM`] bytes.
#[derive(Debug)]
struct Pattern {
    /// The bits that are fixed, and their values.
    mask: [u8; ROOM],
    value: [u8; ROOM],
    length: usize,
    /// Halves of bytes, counted from the first, of which some values are allowed: bit n for n.
    classes: Vec<(usize, u16)>,
    /// Whether any bytes may follow.
    open: bool,
    entry: Entry,
}

const ROOM: usize = 40;

impl Pattern {
    fn read(written: &str, entry: Entry) -> Option<Self> {
        let (written, open) = match written.strip_suffix(".*") {
            Some(before) => (before, true),
            None => (written, false),
        };
        let mut pattern = Pattern { mask: [0; ROOM], value: [0; ROOM], length: 0, classes: Vec::new(), open, entry };
        let mut halves = 0;
        let mut rest = written.chars().filter(|c| !c.is_whitespace());
        while let Some(c) = rest.next() {
            let allowed = match c {
                '.' => 0xFFFF,
                '[' => class(&mut rest)?,
                c => 1_u16 << c.to_digit(16)?,
            };
            let (mask, value) = (pattern.mask.get_mut(halves / 2)?, pattern.value.get_mut(halves / 2)?);
            let shift = if halves % 2 == 0 { 4 } else { 0 };
            match allowed.count_ones() {
                1 => {
                    *mask |= 0x0F << shift;
                    *value |= (allowed.trailing_zeros() as u8) << shift;
                }
                16 => {}
                _ => pattern.classes.push((halves, allowed)),
            }
            halves += 1;
        }
        pattern.length = halves / 2;
        (halves % 2 == 0 && halves > 0).then_some(pattern)
    }

    fn exact(&self) -> Option<&[u8]> {
        let fixed = self.mask[..self.length].iter().all(|mask| *mask == 0xFF);
        (fixed && !self.open).then_some(&self.value[..self.length])
    }

    fn matches(&self, atr: &[u8]) -> bool {
        let right_length = if self.open { atr.len() >= self.length } else { atr.len() == self.length };
        let fixed = self.mask.iter().zip(&self.value).zip(atr).all(|((mask, value), byte)| byte & mask == *value);
        right_length
            && fixed
            && self.classes.iter().all(|(half, allowed)| {
                atr.get(half / 2).is_some_and(|byte| {
                    let value = if half % 2 == 0 { byte >> 4 } else { byte & 0x0F };
                    allowed & (1 << value) != 0
                })
            })
    }
}

/// What stands in brackets: digits, and ranges of them. Commas are for the eye.
fn class(rest: &mut impl Iterator<Item = char>) -> Option<u16> {
    let mut allowed = 0;
    let mut last: Option<u32> = None;
    let mut range = false;
    loop {
        match rest.next()? {
            ']' => return (allowed != 0).then_some(allowed),
            ',' => {}
            '-' => range = true,
            c => {
                let digit = c.to_digit(16)?;
                let first = if range { last? } else { digit };
                (first..=digit).for_each(|digit| allowed |= 1_u16 << digit);
                (last, range) = (Some(digit), false);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "# a comment\n\n3B 65 00 00 9C 1[01] 01\n\tclass\n\n3B 00\n\tfirst\n\tsecond\n3b 0.\n\tany half\n\
        3F .. 1[1-3,F]\n\trange\n3B FF .*\n\topen\n3B 0\n\thalf a byte\nno ATR\n\tno ATR\n3B 00\n\tagain";

    fn found(atr: &[u8]) -> Vec<String> {
        KnownCards::new(LIST.into()).find(atr).map(str::to_string).collect()
    }

    #[test]
    fn an_atr_is_found_by_its_own_entries_and_by_wildcards() {
        assert_eq!(found(&[0x3B, 0x00]), ["first", "second", "again", "any half"]);
        assert_eq!(found(&[0x3B, 0x0F]), ["any half"]);
        assert_eq!(found(&[0x3B, 0x65, 0, 0, 0x9C, 0x11, 1]), ["class"]);
        assert_eq!(found(&[0x3B, 0x65, 0, 0, 0x9C, 0x12, 1]), [""; 0]);
        for (last, count) in [(0x10, 0), (0x11, 1), (0x12, 1), (0x13, 1), (0x14, 0), (0x1F, 1), (0x2F, 0)] {
            assert_eq!(found(&[0x3F, 0xAB, last]).len(), count, "{last:02X}");
        }
        assert_eq!(found(&[0x3B, 0xFF]), ["open"]);
        assert_eq!(found(&[0x3B, 0xFF, 1, 2, 3]), ["open"]);
        assert_eq!(found(&[0x3B]), [""; 0]);
        assert_eq!(found(&[]), [""; 0]);
        assert_eq!(found(&[0x3B; 100]), [""; 0]);
    }

    #[test]
    fn what_is_no_pattern_is_left_out_and_counted() {
        let cards = KnownCards::new(LIST.into());
        assert_eq!((cards.len(), cards.left_out(), cards.is_empty()), (6, 2, false));
        assert!(KnownCards::new(String::new()).is_empty());
    }
}
