//! The terminals of `examples/firmware`, in Rust and in C, on boards that QEMU plays.
//!
//! The card and the server are files that the programs read through the debugger. Each must print
//! `expected.txt`, send `request.http`, and end with exit code 0; where the server's answer breaks off, or
//! it refuses the operation, with 1.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::place;
use crate::run::{Done, Out, Stop, minutes};
use crate::sysroot::{RISC_V, TARGETS, Toolchain};

const FOLDER: &str = "examples/firmware";

const WARNINGS: [&str; 5] = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"];

/// A machine that QEMU plays.
struct Board {
    qemu: &'static str,
    machine: &'static [&'static str],
    /// The target that Rust compiles for.
    target: &'static str,
}

/// Cortex-M0, M3 and M4.
const BOARDS: [Board; 3] = [
    Board { qemu: "qemu-system-arm", machine: &["microbit"], target: TARGETS[0] },
    Board { qemu: "qemu-system-arm", machine: &["lm3s6965evb"], target: TARGETS[1] },
    Board { qemu: "qemu-system-arm", machine: &["mps2-an386"], target: TARGETS[1] },
];

const RISC_V_BOARD: Board = Board { qemu: "qemu-system-riscv32", machine: &["virt", "-bios", "none"], target: RISC_V };

/// What is needed of a target besides Rust.
struct Tools {
    gcc: &'static str,
    ld: &'static str,
    cpu: &'static [&'static str],
    script: &'static str,
}

fn tools_of(target: &str) -> Tools {
    let arm = |cpu| Tools { gcc: "arm-none-eabi-gcc", ld: "arm-none-eabi-ld", cpu, script: "cortex-m.ld" };
    match target {
        "thumbv6m-none-eabi" => arm(&["-mcpu=cortex-m0", "-mthumb"]),
        "thumbv7m-none-eabi" => arm(&["-mcpu=cortex-m3", "-mthumb"]),
        _ => Tools {
            gcc: "riscv64-unknown-elf-gcc",
            ld: "riscv64-unknown-elf-ld",
            cpu: &["-march=rv32imc_zicsr", "-mabi=ilp32"],
            script: "risc-v.ld",
        },
    }
}

/// Builds both programs and runs them on every board; on RISC-V too with `--long`.
///
/// # Errors
///
/// When a program prints, sends or returns something else than it should. Skipped without the tools.
pub(crate) fn check(long: bool, out: &mut Out) -> Done {
    let toolchain = Toolchain::find(out)?;
    let mut names = Vec::new();
    for target in TARGETS {
        let programs = build(&toolchain, target, out)?;
        for board in BOARDS.iter().filter(|board| board.target == target) {
            names.push(on(board, &programs, out)?);
        }
    }
    if long {
        let programs = build(&Toolchain::risc_v(out)?, RISC_V, out)?;
        names.push(on(&RISC_V_BOARD, &programs, out)?);
    }
    Ok(format!("in Rust and in C on {}", names.join(", ")))
}

/// The programs for a target: in Rust, in C.
///
/// # Errors
///
/// When they do not compile. Skipped without a compiler or a linker.
pub(crate) fn build(toolchain: &Toolchain, target: &str, out: &mut Out) -> Result<[PathBuf; 2], Stop> {
    let tools = tools_of(target);
    for tool in [tools.gcc, tools.ld] {
        if !place::on_path(tool) {
            return Err(Stop::Skipped(format!("{tool} is missing: cargo xtask setup")));
        }
    }
    Ok([rust(toolchain, target, &tools, out)?, c(toolchain, target, &tools, out)?])
}

/// The compiler's options for the processor of a target.
pub(crate) fn cpu(target: &str) -> &'static [&'static str] {
    tools_of(target).cpu
}

fn rust(toolchain: &Toolchain, target: &str, tools: &Tools, out: &mut Out) -> Result<PathBuf, String> {
    let manifest = format!("{FOLDER}/Cargo.toml");
    let mut cargo = toolchain.cargo(&["build", "--release", "--locked", "--manifest-path", &manifest]);
    let variable = target.to_uppercase().replace('-', "_");
    cargo.args(["--target", target]).env(format!("CARGO_TARGET_{variable}_LINKER"), tools.ld);
    out.run(&mut cargo, minutes(10))?;
    Ok(toolchain.release(target).join("firmware"))
}

fn c(toolchain: &Toolchain, target: &str, tools: &Tools, out: &mut Out) -> Result<PathBuf, String> {
    let library = toolchain.c_library(target, out)?;
    let folder = work()?;
    let program = folder.join(format!("{target}.elf"));
    let sources = format!("{FOLDER}/c");
    let mut gcc = place::program(tools.gcc, &["-std=c11", "-Os", "-ffreestanding", "-Iinclude"]);
    gcc.args(tools.cpu).args(WARNINGS).args(["-ffunction-sections", "-fdata-sections"]);
    gcc.args(["main.c", "board.c"].map(|name| format!("{sources}/{name}"))).arg(library);
    gcc.args(["-nostdlib", "-L", &sources, "-T", tools.script, "-Wl,--gc-sections,--fatal-warnings,-znoexecstack"]);
    out.run(gcc.arg("-o").arg(&program), minutes(1))?;
    Ok(program)
}

fn work() -> Result<PathBuf, String> {
    let folder = place::logs().join("firmware");
    std::fs::create_dir_all(&folder).map_err(place::at(&folder))?;
    Ok(folder)
}

/// Runs both programs on a board; its name.
fn on(board: &Board, programs: &[PathBuf], out: &mut Out) -> Result<String, Stop> {
    if !place::on_path(board.qemu) {
        return Err(Stop::Skipped(format!("{} is missing: cargo xtask setup", board.qemu)));
    }
    let folder = work()?;
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).map_err(place::at(&path))
    };
    let name = board.machine.first().copied().unwrap_or_default();
    let (card, reply) = (place::read(&format!("{FOLDER}/card.txt"))?, place::read(&format!("{FOLDER}/reply.http"))?);
    let (expected, request) =
        (place::read(&format!("{FOLDER}/expected.txt"))?, place::read(&format!("{FOLDER}/request.http"))?);
    let done = place::read(&format!("{FOLDER}/done.http"))?;
    for program in programs {
        write("card.txt", card.as_bytes())?;
        write("reply.http", reply.as_bytes())?;
        write("done.http", done.as_bytes())?;
        write("sent.http", b"")?;
        let shown = format!("{} on {name}", program.display());
        let printed = out.read(&mut qemu(board, program, &folder)?, minutes(1))?;
        if printed != expected {
            return Err(format!("{shown} does not print {FOLDER}/expected.txt, but:\n{printed}").into());
        }
        let sent = std::fs::read_to_string(folder.join("sent.http")).map_err(|error| error.to_string())?;
        if sent != request {
            return Err(format!("{shown} does not send {FOLDER}/request.http, but:\n{sent}").into());
        }
        let fails = |why: &str, words: &str| {
            let output = qemu(board, program, &folder)?.output().map_err(|error| format!("{}: {error}", board.qemu))?;
            let printed = String::from_utf8_lossy(&output.stdout);
            match output.status.code() {
                Some(1) if printed.contains(words) => Ok::<(), Stop>(()),
                _ => Err(format!("{shown}, {why}: {}\n{printed}", output.status).into()),
            }
        };
        write("done.http", done.replace("200 OK", "409 Conflict").as_bytes())?;
        fails("the operation refused", "the server says 409")?;
        // Without the end of the last chunk.
        write("reply.http", reply.as_bytes().strip_suffix(b"0\r\n\r\n").unwrap_or_default())?;
        fails("the answer broken off", "the connection broke")?;
    }
    Ok(name.into())
}

fn qemu(board: &Board, program: &Path, folder: &Path) -> Result<Command, String> {
    // A program that hangs is ended by `timeout`.
    let mut command = place::program("timeout", &["30", board.qemu, "-machine"]);
    command.args(board.machine).args(["-display", "none", "-monitor", "none", "-serial", "none"]);
    command.args(["-chardev", "stdio,id=out", "-semihosting-config", "enable=on,target=native,chardev=out"]);
    command.args(["-kernel", place::text(program)?]).current_dir(folder);
    Ok(command)
}
