//! Which cards of a list were seen.
//!
//! Ids that ascend are kept as the gaps between them: consecutive ones need no memory, others a byte or two. Ids
//! that do not ascend, and those that are no numbers, are kept in a table of at most 16 bytes a card.

use cardwright_core::json::Scalar;
use std::hash::{BuildHasher as _, RandomState};

/// The identity of a card: its id. Numbers are kept exactly; a text is 95 bits of a keyed hash, and an odd number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    Number(u64),
    Text(u64, u32),
}

/// The cards of a list that were seen.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    ascending: Ascending,
    /// How often a look-up went back to the beginning of the ascending ids.
    rewinds: u32,
    table: Table,
    keys: [RandomState; 2],
    count: u64,
}

/// More look-ups from the beginning, and the ids are put into the table.
const REWINDS: u32 = 16;

impl Seen {
    /// The key of an id.
    pub(crate) fn key(&self, id: Scalar<'_>) -> Key {
        if let Scalar::Number(digits) = id {
            return self.key_of(digits);
        }
        self.key_of(&id.to_string())
    }

    fn key_of(&self, text: &str) -> Key {
        // Only what has no other spelling.
        let is_number = text == "0" || !text.starts_with(['0', '+']);
        match text.parse().ok().filter(|_| is_number) {
            Some(number) => Key::Number(number),
            None => {
                let [one, other] = &self.keys;
                Key::Text(one.hash_one(text), other.hash_one(text) as u32 | 1)
            }
        }
    }

    /// A number that depends on a key and on all that was mixed in before it.
    pub(crate) fn mix(before: u64, key: Option<Key>) -> u64 {
        let number = match key {
            Some(Key::Number(number) | Key::Text(number, _)) => number,
            None => u64::MAX,
        };
        // The steps of SplitMix64: a bijection of each of the two.
        let mixed = (before.rotate_left(23) ^ number).wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB)
    }

    /// How many cards were seen.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// Marks a card as seen; returns whether it was not.
    pub(crate) fn insert(&mut self, key: Key) -> bool {
        let new = self.is_new(key);
        self.count += u64::from(new);
        new
    }

    fn is_new(&mut self, key: Key) -> bool {
        if let Key::Number(number) = key
            && self.rewinds <= REWINDS
        {
            // What came out of order is smaller than the last that ascended.
            if self.ascending.push(number) {
                return true;
            }
            let known = self.ascending.has(number, &mut self.rewinds);
            if self.rewinds > REWINDS {
                for number in std::mem::take(&mut self.ascending).iter() {
                    self.table.insert(Key::Number(number));
                }
            }
            if known {
                return false;
            }
        }
        self.table.insert(key)
    }
}

/// Ascending numbers: for each run of consecutive ones the distance from the run before, and how many follow.
#[derive(Debug, Default)]
struct Ascending {
    bytes: Vec<u8>,
    /// The run that is not yet in `bytes`: its distance, and how many follow its first number.
    open: Option<(u64, u64)>,
    last: u64,
    /// Where the last look-up stopped.
    place: Place,
}

/// A place among the runs: where the next one stands, and the last number before it.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    at: usize,
    before: u64,
    /// First and last number of the run that was read last.
    run: Option<(u64, u64)>,
}

impl Ascending {
    /// Adds a number, if it is larger than all before.
    fn push(&mut self, number: u64) -> bool {
        let Some((distance, more)) = self.open else {
            (self.open, self.last) = (Some((number, 0)), number);
            return true;
        };
        if number <= self.last {
            return false;
        }
        if number - self.last == 1 {
            self.open = Some((distance, more + 1));
        } else {
            write(&mut self.bytes, distance);
            write(&mut self.bytes, more);
            self.open = Some((number - self.last, 0));
        }
        self.last = number;
        true
    }

    /// Whether a number is among them. Numbers that are asked for in ascending order need one walk together.
    fn has(&mut self, number: u64, rewinds: &mut u32) -> bool {
        let Some((_, more)) = self.open else { return false };
        if number >= self.last - more {
            return number <= self.last;
        }
        if self.place.run.is_some_and(|(from, _)| number < from) {
            self.place = Place::default();
            *rewinds += 1;
        }
        loop {
            if let Some((from, to)) = self.place.run
                && number <= to
            {
                return number >= from;
            }
            match self.next(self.place) {
                Some(next) => self.place = next,
                None => return false,
            }
        }
    }

    /// The run at a place, and the place behind it.
    fn next(&self, place: Place) -> Option<Place> {
        let mut at = place.at;
        let (distance, more) = (read(&self.bytes, &mut at)?, read(&self.bytes, &mut at)?);
        let from = place.before.wrapping_add(distance);
        let to = from.wrapping_add(more);
        Some(Place { at, before: to, run: Some((from, to)) })
    }

    /// All numbers.
    fn iter(&self) -> impl Iterator<Item = u64> {
        let runs = std::iter::successors(self.next(Place::default()), |place| self.next(*place));
        let open = self.open.map(|(_, more)| (self.last - more, self.last));
        runs.filter_map(|place| place.run).chain(open).flat_map(|(from, to)| from..=to)
    }
}

/// Writes a number in groups of seven bits, the lowest first.
fn write(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn read(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.get(*at)?;
        *at += 1;
        number |= u64::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            break;
        }
    }
    Some(number)
}

/// Keys in open addressing, in parts that grow one by one, so that no more than a part stands there twice.
#[derive(Debug, Default)]
struct Table {
    parts: Vec<Part>,
    hasher: RandomState,
}

#[derive(Debug, Default, Clone)]
struct Part {
    slots: Vec<Slot>,
    used: usize,
}

/// A key in twelve bytes; all zeros are no key.
type Slot = [u32; 3];

const EMPTY: Slot = [0; 3];
const PARTS: usize = 64;

impl Table {
    fn slot(key: Key) -> Slot {
        let (low, tag) = match key {
            Key::Number(number) => (number, 2),
            Key::Text(low, high) => (low, high),
        };
        [low as u32, (low >> 32) as u32, tag]
    }

    /// Adds a key; returns whether it was not there.
    fn insert(&mut self, key: Key) -> bool {
        if self.parts.is_empty() {
            self.parts = vec![Part::default(); PARTS];
        }
        let (hash, slot) = (self.hasher.hash_one(key), Self::slot(key));
        let Some(part) = self.parts.get_mut(hash as usize % PARTS) else { return true };
        // At most nine of ten are used, and at least three of four after that.
        if part.used * 10 >= part.slots.len() * 9 {
            part.grow(&self.hasher);
        }
        match part.find(slot, hash) {
            Ok(free) => {
                if let Some(place) = part.slots.get_mut(free) {
                    *place = slot;
                    part.used += 1;
                }
                true
            }
            Err(()) => false,
        }
    }
}

impl Part {
    /// The free place for a key, or that it is there.
    fn find(&self, slot: Slot, hash: u64) -> Result<usize, ()> {
        let len = self.slots.len();
        // The upper half of the hash, scaled to the length.
        let mut at = ((hash >> 32).wrapping_mul(len as u64) >> 32) as usize;
        for _ in 0..len {
            match self.slots.get(at) {
                Some(found) if *found == slot => return Err(()),
                Some(&EMPTY) => return Ok(at),
                _ => at = if at + 1 < len { at + 1 } else { 0 },
            }
        }
        Ok(len)
    }

    fn grow(&mut self, hasher: &RandomState) {
        let len = self.slots.len() + self.slots.len() / 6 + 8;
        let old = std::mem::replace(&mut self.slots, vec![EMPTY; len]);
        for slot in old.into_iter().filter(|slot| *slot != EMPTY) {
            let [low, high, tag] = slot;
            let low = u64::from(low) | u64::from(high) << 32;
            let key = if tag == 2 { Key::Number(low) } else { Key::Text(low, tag) };
            let free = self.find(slot, hasher.hash_one(key));
            if let Some(place) = free.ok().and_then(|free| self.slots.get_mut(free)) {
                *place = slot;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(seen: &Seen) -> usize {
        let table: usize = seen.table.parts.iter().map(|part| part.slots.capacity() * size_of::<Slot>()).sum();
        table + seen.table.parts.capacity() * size_of::<Part>() + seen.ascending.bytes.capacity()
    }

    #[test]
    fn consecutive_ids_need_no_memory_and_ascending_ones_hardly_any() {
        let mut seen = Seen::default();
        assert!((0..1_000_000).all(|n| seen.insert(Key::Number(n))));
        assert_eq!((bytes(&seen), seen.count()), (0, 1_000_000));
        let mut seen = Seen::default();
        assert!((0..100_000).all(|n| seen.insert(Key::Number(7 * n))));
        assert!(bytes(&seen) <= 400_000, "{}", bytes(&seen));
        assert!((0..100_000).all(|n| !seen.insert(Key::Number(7 * n))));
    }

    #[test]
    fn other_ids_need_at_most_sixteen_bytes_each_and_none_is_seen_twice() {
        for texts in [false, true] {
            let mut seen = Seen::default();
            let key = |seen: &Seen, n: u64| match texts {
                true => seen.key(Scalar::Number(&format!("{n}x"))),
                false => Key::Number(n.wrapping_mul(0x9E37_79B9_7F4A_7C15)),
            };
            for n in 1..=200_000 {
                let one = key(&seen, n);
                assert!(seen.insert(one), "{n}");
                if n % 10_000 == 0 {
                    assert!(bytes(&seen) as u64 <= 16 * n, "{} for {n}", bytes(&seen));
                }
            }
            for n in 1..=200_000 {
                let one = key(&seen, n);
                assert!(!seen.insert(one), "{n}");
            }
            assert_eq!(seen.count(), 200_000);
        }
    }

    #[test]
    fn whatever_the_order_a_card_is_new_once() {
        let mut state = 1_u64;
        for bound in [3, 50, 4_000] {
            let (mut seen, mut known) = (Seen::default(), std::collections::BTreeSet::new());
            for n in 0..20_000_u64 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let number = if n % 3 == 0 { n } else { (state >> 33) % bound };
                assert_eq!(seen.insert(Key::Number(number)), known.insert(number), "{number} of {bound}");
            }
            assert_eq!(seen.count(), known.len() as u64);
        }
    }

    #[test]
    fn numbers_with_zeros_in_front_are_texts() {
        let seen = Seen::default();
        assert_eq!(seen.key(Scalar::Number("17")), Key::Number(17));
        assert_eq!(seen.key(Scalar::Number("0")), Key::Number(0));
        for text in ["017", "+17", "1.0", "-1", "18446744073709551616"] {
            assert!(matches!(seen.key(Scalar::Number(text)), Key::Text(..)), "{text}");
        }
    }
}
