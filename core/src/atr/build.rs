//! An ATR from its parts: levels, historical bytes, and the check byte, which is worked out.
//!
//! What is built from the parts of an ATR is that ATR again, byte by byte, whatever is wrong with
//! it; only what stands after its end is not among the parts.
//!
//! ISO/IEC 7816-3:2006, 8.2.

use super::level::bit;
use super::{Atr, AtrBuf, Convention, Level, Levels, MAX_LENGTH, TckState};
use crate::error::{Code, Error};

/// What an ATR is built from.
///
/// `levels` is anything that gives [`LevelParts`] or [`Level`]s, and can be gone through twice: a
/// slice's iterator, `atr.levels()`.
///
/// # Examples
/// ```
/// use cardwright_core::atr::{Check, Convention, LevelParts, Parts};
///
/// // T=1 with an IFSC of 254, and two historical bytes.
/// let levels = [
///     LevelParts { t: Some(1), ..LevelParts::default() },
///     LevelParts { t: Some(1), ..LevelParts::default() },
///     LevelParts { ta: Some(0xFE), ..LevelParts::default() },
/// ];
/// let parts = Parts { convention: Convention::Direct, levels: &levels, historical_bytes: b"AB", check: Check::AsItShouldBe };
/// assert_eq!(parts.build()?.to_string(), "3B828111FE4142EF");
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts<'a, L> {
    /// TS.
    pub convention: Convention,
    /// The interface bytes.
    pub levels: L,
    /// T1 to TK, at most 15.
    pub historical_bytes: &'a [u8],
    /// The check byte.
    pub check: Check,
}

/// The interface bytes of one level. Y is not among them: it follows from what is there.
///
/// # Examples
/// ```
/// use cardwright_core::atr::{AtrBuf, LevelParts};
///
/// // From an ATR that there is: its first level has TA1 and TD1.
/// let atr = AtrBuf::from_hex("3B 9F 95 81 31 FE 9F 00 66 46 53 05 01 00 11 71 DF 00 00 03 90 00 80")?;
/// let first = atr.as_atr().levels().next().map(LevelParts::from);
/// assert_eq!(first, Some(LevelParts { ta: Some(0x95), t: Some(1), ..LevelParts::default() }));
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct LevelParts {
    /// TAi.
    pub ta: Option<u8>,
    /// TBi.
    pub tb: Option<u8>,
    /// TCi.
    pub tc: Option<u8>,
    /// T of TDi, 0 to 15. Every level but the last must have one.
    pub t: Option<u8>,
}

impl LevelParts {
    /// A level of these bytes and of no other. T is 0 to 15.
    #[must_use]
    pub const fn new(ta: Option<u8>, tb: Option<u8>, tc: Option<u8>, t: Option<u8>) -> Self {
        LevelParts { ta, tb, tc, t }
    }

    fn bytes(&self) -> [Option<u8>; 3] {
        [self.ta, self.tb, self.tc]
    }

    fn y(&self) -> u8 {
        let bits = [self.ta.is_some(), self.tb.is_some(), self.tc.is_some(), self.t.is_some()];
        bits.into_iter().rev().fold(0, |y, bit| y << 1 | u8::from(bit))
    }
}

impl From<Level> for LevelParts {
    fn from(level: Level) -> Self {
        let value = |byte: Option<super::InterfaceByte>| byte.map(|byte| byte.value);
        LevelParts { ta: value(level.ta), tb: value(level.tb), tc: value(level.tc), t: level.t() }
    }
}

impl From<&LevelParts> for LevelParts {
    fn from(level: &LevelParts) -> Self {
        *level
    }
}

/// What becomes of the check byte.
///
/// # Examples
/// ```
/// use cardwright_core::atr::{AtrBuf, Check, Parts};
///
/// // The same ATR with a check byte that is wrong, for a test of a reader.
/// let atr = AtrBuf::from_hex("3B8D0180FBA000000397425446590301C8")?;
/// let wrong = Parts { check: Check::Given(0xC9), ..atr.as_atr().parts() };
/// assert_eq!(wrong.build()?.as_atr().findings().count(), 1);
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Check {
    /// As it should be: the right one where the protocols demand one, none elsewhere.
    #[default]
    AsItShouldBe,
    /// This one, right or wrong, needed or not.
    Given(u8),
    /// None, needed or not.
    Omitted,
}

impl<'a, L> Parts<'a, L> {
    /// Of the direct convention, without historical bytes, and with the check byte that is right.
    ///
    /// ```
    /// use cardwright_core::atr::{LevelParts, Parts};
    /// let levels = [LevelParts::new(Some(0x18), None, None, Some(1))];
    /// let atr = Parts::new(levels).historical_bytes(b"\x80\x31").build()?;
    /// assert_eq!(atr.to_string(), "3B92180180313A");
    /// # Ok::<(), cardwright_core::Error>(())
    /// ```
    #[must_use]
    pub const fn new(levels: L) -> Self {
        Parts { convention: Convention::Direct, levels, historical_bytes: &[], check: Check::AsItShouldBe }
    }

    /// TS.
    #[must_use]
    pub fn convention(self, convention: Convention) -> Self {
        Parts { convention, ..self }
    }

    /// T1 to TK, at most 15.
    #[must_use]
    pub fn historical_bytes(self, historical_bytes: &'a [u8]) -> Self {
        Parts { historical_bytes, ..self }
    }

    /// The check byte.
    #[must_use]
    pub fn check(self, check: Check) -> Self {
        Parts { check, ..self }
    }
}

impl<L> Parts<'_, L>
where
    L: IntoIterator<Item: Into<LevelParts>> + Clone,
{
    /// Builds it into a value of its own.
    ///
    /// # Errors
    ///
    /// Those of [`write`](Self::write); [`Code::Room`] when there are more than 33 bytes.
    pub fn build(&self) -> Result<AtrBuf, Error> {
        let mut bytes = [0; MAX_LENGTH];
        let length = self.write(&mut bytes)?;
        AtrBuf::parse(bytes.get(..length).unwrap_or_default())
    }

    /// The number of bytes that [`write`](Self::write) writes.
    pub fn length(&self) -> usize {
        let mut indicated = 0;
        let mut length = 2_usize.wrapping_add(self.historical_bytes.len());
        for level in self.levels() {
            length = length.wrapping_add(level.y().count_ones() as usize);
            indicated |= level.t.map_or(0, bit);
        }
        let check = match self.check {
            Check::AsItShouldBe => indicated & !1 != 0,
            Check::Given(_) => true,
            Check::Omitted => false,
        };
        length.wrapping_add(usize::from(check))
    }

    /// Writes it to the front of a buffer; returns the number of bytes.
    ///
    /// # Errors
    ///
    /// - [`Code::Room`] when the buffer is smaller than [`length`](Self::length).
    /// - [`Code::Unwritable`] for more than 15 historical bytes, a T above 15, a level after one
    ///   without T, and an empty level that is not the first: none of them can be told in an ATR.
    pub fn write(&self, out: &mut [u8]) -> Result<usize, Error> {
        let room = Error { code: Code::Room, at: out.len(), what: "ATR" };
        let unwritable = |what| Error::of(Code::Unwritable, what);
        let k = u8::try_from(self.historical_bytes.len()).ok().filter(|k| *k < 16);
        let k = k.ok_or(unwritable("historical bytes"))?;
        let mut writer = Writer { out, at: 0 };
        writer.put(self.convention as u8).ok_or(room)?;
        let mut levels = self.levels().peekable();
        let y1 = levels.peek().map_or(0, LevelParts::y);
        writer.put(y1 << 4 | k).ok_or(room)?;
        let mut indicated = 0;
        while let Some(level) = levels.next() {
            for byte in level.bytes().into_iter().flatten() {
                writer.put(byte).ok_or(room)?;
            }
            let next = levels.peek().map(LevelParts::y);
            match (level.t, next) {
                (_, Some(0)) | (None, Some(_)) => return Err(unwritable("level")),
                (Some(16..), _) => return Err(unwritable("T")),
                (Some(t), next) => {
                    indicated |= bit(t);
                    writer.put(next.unwrap_or(0) << 4 | t).ok_or(room)?;
                }
                (None, None) => {}
            }
        }
        for byte in self.historical_bytes {
            writer.put(*byte).ok_or(room)?;
        }
        match self.check {
            Check::AsItShouldBe if indicated & !1 != 0 => {
                let right = super::tck::sum(writer.written().get(1..).unwrap_or_default());
                writer.put(right).ok_or(room)?;
            }
            Check::Given(byte) => writer.put(byte).ok_or(room)?,
            Check::AsItShouldBe | Check::Omitted => {}
        }
        Ok(writer.at)
    }

    fn levels(&self) -> impl Iterator<Item = LevelParts> {
        self.levels.clone().into_iter().map(Into::into)
    }
}

impl<'a> Atr<'a> {
    /// The parts that this ATR is made of, without its [`surplus`](Self::surplus).
    #[must_use]
    pub fn parts(&self) -> Parts<'a, Levels<'a>> {
        let tck = self.tck();
        let check = match (tck.state, tck.value) {
            (TckState::Missing, _) => Check::Omitted,
            (TckState::Wrong, Some(value)) => Check::Given(value),
            _ => Check::AsItShouldBe,
        };
        Parts { convention: self.convention(), levels: self.levels(), historical_bytes: self.historical_bytes(), check }
    }
}

struct Writer<'o> {
    out: &'o mut [u8],
    at: usize,
}

impl Writer<'_> {
    fn put(&mut self, byte: u8) -> Option<()> {
        *self.out.get_mut(self.at)? = byte;
        self.at = self.at.wrapping_add(1);
        Some(())
    }

    fn written(&self) -> &[u8] {
        self.out.get(..self.at).unwrap_or_default()
    }
}
