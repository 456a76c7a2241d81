//! A program for a Cortex-M that reads ATRs, writes requests and reads replies, in Rust and through the C
//! library, and tells how many instructions and how much stack that took.
//!
//! It is for QEMU: the board mps2, text and exit by semihosting, and a clock that goes on by 1024 ns
//! with each instruction (`-icount shift=10`). The stack is painted before each call, and what is no longer
//! as painted was used.

mod calls;
mod deep;

use core::fmt::{self, Write};
use core::hint::black_box;

use cardwright_core::atr::{Atr, AtrBuf};

/// One ATR a line, in hexadecimal.
const ATRS: &str = include_str!("../atrs.txt");

/// What the processor reads first: the stack's end, where to begin, and where to go on a fault.
#[repr(C)]
struct Vectors {
    stack: u32,
    reset: extern "C" fn() -> !,
    faults: [extern "C" fn() -> !; 14],
}

#[unsafe(no_mangle)]
#[unsafe(link_section = ".vectors")]
static VECTORS: Vectors = Vectors { stack: 0x2004_0000, reset, faults: [fault; 14] };

extern "C" fn reset() -> ! {
    start_clock();
    let nothing = instructions(|| ());
    for line in lines(ATRS) {
        let Ok(atr) = AtrBuf::from_hex(line) else { fault() };
        let parsed = instructions(|| keep(Atr::parse(black_box(atr.bytes()))));
        let all = instructions(|| read(black_box(atr.bytes())));
        let atr = atr.as_atr();
        let _ = write!(Console, "{atr} {}", atr.default_protocol());
        for finding in atr.findings() {
            let _ = write!(Console, " {finding}");
        }
        let _ = write!(Console, "; {} {}\n", parsed.wrapping_sub(nothing), all.wrapping_sub(nothing));
    }
    calls::all(&mut |name, work| {
        let taken = instructions(&mut *work);
        let used = stack(work);
        let _ = write!(Console, "{name}; {} {used}\n", taken.wrapping_sub(nothing));
    });
    exit(STOPPED)
}

extern "C" fn fault() -> ! {
    exit(RUN_TIME_ERROR)
}

fn read(bytes: &[u8]) {
    let Ok(atr) = Atr::parse(bytes) else { return };
    atr.levels().for_each(keep);
    atr.protocols().for_each(keep);
    keep((atr.default_protocol(), atr.historical_bytes(), atr.tck()));
    atr.findings().for_each(keep);
}

/// Sees to it that a value is computed.
fn keep<T>(value: T) {
    black_box(value);
}

/// The lines of a text. (`str::lines` cannot be proved free of panics.)
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    core::iter::from_fn(move || {
        let end = rest.bytes().position(|byte| byte == b'\n')?;
        let line = rest.get(..end)?;
        rest = rest.get(end.wrapping_add(1)..)?;
        Some(line)
    })
}

/// How many instructions it takes, with those that start and stop the clock.
fn instructions(work: impl FnOnce()) -> u32 {
    let before = clock();
    work();
    // The clock counts down 25 million times a second, in 24 bits.
    let ticks = before.wrapping_sub(clock()) & 0x00FF_FFFF;
    ticks.wrapping_mul(40).wrapping_add(512) >> 10
}

/// How far below this function it writes, in bytes: the deepest of what it calls.
#[inline(never)]
fn stack(work: &mut dyn FnMut()) -> u32 {
    const PAINT: u32 = 0xA5A5_5A5A;
    const DEPTH: u32 = 16 << 10;
    let top: u32;
    // SAFETY: reads a register.
    unsafe { core::arch::asm!("mov {}, sp", out(reg) top) };
    let words = || (top.wrapping_sub(DEPTH)..top).step_by(4).map(|at| at as *mut u32);
    // SAFETY: below the stack pointer is free memory, four megabytes of it, and no interrupt uses it.
    words().for_each(|word| unsafe { word.write_volatile(PAINT) });
    work();
    // SAFETY: as above.
    let untouched = words().take_while(|word| unsafe { word.read_volatile() } == PAINT).count() as u32;
    DEPTH.wrapping_sub(untouched.wrapping_mul(4))
}

/// SysTick: control, reload value, current value (ARMv6-M and ARMv7-M, B3.3).
const SYST_CSR: *mut u32 = 0xE000_E010 as *mut u32;
const SYST_RVR: *mut u32 = 0xE000_E014 as *mut u32;
const SYST_CVR: *mut u32 = 0xE000_E018 as *mut u32;

fn start_clock() {
    // SAFETY: every Cortex-M of the board has these registers, and nothing else here uses them.
    unsafe {
        SYST_RVR.write_volatile(0x00FF_FFFF);
        SYST_CVR.write_volatile(0);
        // The processor's clock, no interrupt.
        SYST_CSR.write_volatile(0b101);
    }
}

#[inline(always)]
fn clock() -> u32 {
    // SAFETY: as in `start_clock`.
    unsafe { SYST_CVR.read_volatile() }
}

/// Where semihosting writes: a character at a time.
struct Console;

impl Write for Console {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.bytes().for_each(|byte| semihosting(SYS_WRITEC, (&raw const byte) as usize));
        Ok(())
    }
}

/// Operations and reasons of Arm's semihosting.
const SYS_WRITEC: usize = 0x03;
const SYS_EXIT: usize = 0x18;
const STOPPED: usize = 0x20026;
const RUN_TIME_ERROR: usize = 0x20023;

fn exit(reason: usize) -> ! {
    semihosting(SYS_EXIT, reason);
    loop {}
}

fn semihosting(operation: usize, argument: usize) {
    // SAFETY: the debugger, which QEMU is here, reads at most the byte at `argument`, and answers in r0.
    unsafe { core::arch::asm!("bkpt 0xAB", inout("r0") operation => _, in("r1") argument) }
}
