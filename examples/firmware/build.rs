//! Tells the linker where flash and memory are.

use std::path::PathBuf;
use std::{env, fs};

/// What each of the boards has: micro:bit (Cortex-M0), lm3s6965evb (M3), mps2-an386 (M4).
const CORTEX_M: &str = "MEMORY {
    FLASH : ORIGIN = 0x00000000, LENGTH = 256K
    RAM : ORIGIN = 0x20000000, LENGTH = 16K
}
";

/// QEMU's board virt, all of whose memory is RAM.
const RISC_V: &str = "MEMORY {
    FLASH : ORIGIN = 0x80000000, LENGTH = 256K
    RAM : ORIGIN = 0x80040000, LENGTH = 16K
}
REGION_ALIAS(\"REGION_TEXT\", FLASH);
REGION_ALIAS(\"REGION_RODATA\", FLASH);
REGION_ALIAS(\"REGION_DATA\", RAM);
REGION_ALIAS(\"REGION_BSS\", RAM);
REGION_ALIAS(\"REGION_HEAP\", RAM);
REGION_ALIAS(\"REGION_STACK\", RAM);
";

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let risc_v = env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|name| name == "riscv32");
    fs::write(out.join("memory.x"), if risc_v { RISC_V } else { CORTEX_M }).expect("OUT_DIR can be written to");
    println!("cargo:rustc-link-search={}", out.display());
    if risc_v {
        println!("cargo:rustc-link-arg-bins=-melf32lriscv");
        println!("cargo:rustc-link-arg-bins=-Tmemory.x");
    }
    println!("cargo:rustc-link-arg-bins=-Tlink.x");
    println!("cargo:rerun-if-changed=build.rs");
}
