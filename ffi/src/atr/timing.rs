//! How long a card and a reader wait for each other.

use crate::error::{CardwrightError, name, refused};
use crate::frame::{boundary, from_c, size, slice, structures};
use cardwright_core::Error;
use cardwright_core::atr::{Atr, Rate, Ratio};

/// A time in cycles of the clock, as a fraction that is not reduced.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct CardwrightRatio {
    /// The dividend; 0 if there is no such time.
    pub cycles: u64,
    /// The divisor, never 0.
    pub per: u32,
}

/// The times of an ATR at a rate (ISO/IEC 7816-3, 7.1, 8.3, 10.2, 11).
#[derive(Debug)]
#[repr(C)]
pub struct CardwrightTiming {
    /// `sizeof(CardwrightTiming)`, set by the caller.
    pub struct_size: u32,
    /// One elementary time unit.
    pub etu: CardwrightRatio,
    /// GT, the guard time from the reader to the card.
    pub gt: CardwrightRatio,
    /// WT, the waiting time of T=0; none if T=0 is not offered.
    pub wt: CardwrightRatio,
    /// CGT, the character guard time of T=1; this and the next three are none if T=1 is not offered.
    pub cgt: CardwrightRatio,
    /// CWT, the character waiting time of T=1.
    pub cwt: CardwrightRatio,
    /// BGT, the block guard time of T=1.
    pub bgt: CardwrightRatio,
    /// BWT, the block waiting time of T=1.
    pub bwt: CardwrightRatio,
}

structures!(CardwrightTiming { etu, gt, wt, cgt, cwt, bgt, bwt });

/// The times of an ATR if one etu takes f/d cycles of the clock; 372 and 1 after a reset.
///
/// `CARDWRIGHT_CODE_ARGUMENT` if `f` or `d` is 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_atr_timing(
    bytes: *const u8, length: usize, f: u16, d: u8, timing: *mut CardwrightTiming, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let (bytes, timing) = (slice!(bytes, length), from_c!(timing));
        let times = Atr::parse(bytes)?.timing(rate(f, d)?);
        let ratio = |time: Option<Ratio>| CardwrightRatio {
            cycles: time.map_or(0, Ratio::cycles),
            per: time.map_or(1, Ratio::per),
        };
        timing.put(CardwrightTiming {
            struct_size: size::<CardwrightTiming>(),
            etu: ratio(Some(times.etu)),
            gt: ratio(Some(times.gt)),
            wt: ratio(times.wt),
            cgt: ratio(times.t1.map(|t1| t1.cgt)),
            cwt: ratio(times.t1.map(|t1| t1.cwt)),
            bgt: ratio(times.t1.map(|t1| t1.bgt)),
            bwt: ratio(times.t1.map(|t1| t1.bwt)),
        });
    })
}

/// A time at a clock of `clock_hz`, in nanoseconds, rounded down.
///
/// `CARDWRIGHT_CODE_ARGUMENT` if `clock_hz` is 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_ratio_nanoseconds(
    ratio: CardwrightRatio, clock_hz: u32, nanoseconds: *mut u64, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let nanoseconds = from_c!(nanoseconds);
        nanoseconds.put(
            Ratio::new(ratio.cycles, ratio.per).nanoseconds(clock_hz).ok_or_else(|| refused(name!(clock_hz), "0"))?,
        );
    })
}

/// The bits per second of a rate at a clock of `clock_hz`: an etu is f/d cycles of the clock.
///
/// `CARDWRIGHT_CODE_ARGUMENT` if `f` or `d` is 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cardwright_rate_bits_per_second(
    f: u16, d: u8, clock_hz: u32, bits: *mut u64, error: *mut CardwrightError,
) -> i32 {
    boundary!(error, {
        let bits = from_c!(bits);
        bits.put(rate(f, d)?.bits_per_second(clock_hz));
    })
}

fn rate(f: u16, d: u8) -> Result<Rate, Error> {
    if f == 0 {
        return Err(refused(name!(f), "0"));
    }
    Rate::new(f, d).ok_or_else(|| refused(name!(d), "0"))
}
