//! The terminals of `examples/firmware`, in Rust and in C, on boards that QEMU plays.
//!
//! The card and the server are files that the programs read through the debugger. Each must print
//! `expected.txt`, send `request.http`, and end with exit code 0. Where the server has no record of the card, or two,
//! refuses the operation, or the card read again is not as it should be, it must end with 1 and never say `done`.

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
    let name = board.machine.first().copied().unwrap_or_default();
    let files = Files::read()?;
    let (expected, request) =
        (place::read(&format!("{FOLDER}/expected.txt"))?, place::read(&format!("{FOLDER}/request.http"))?);
    for program in programs {
        let shown = format!("{} on {name}", program.display());
        files.write(&folder)?;
        let printed = out.read(&mut qemu(board, program, &folder)?, minutes(1))?;
        if printed != expected {
            return Err(format!("{shown} does not print {FOLDER}/expected.txt, but:\n{printed}").into());
        }
        let sent = std::fs::read_to_string(folder.join("sent.http")).map_err(|error| error.to_string())?;
        if sent != request {
            return Err(format!("{shown} does not send {FOLDER}/request.http, but:\n{sent}").into());
        }
        for (why, file, change, done, words) in CASES {
            files.changed(file, *change)?.write(&folder)?;
            let output = qemu(board, program, &folder)?.output().map_err(|error| format!("{}: {error}", board.qemu))?;
            let printed = String::from_utf8_lossy(&output.stdout);
            let said_done = printed.lines().last() == Some("done");
            let code = if *done { 0 } else { 1 };
            if output.status.code() != Some(code) || said_done != *done || !printed.contains(words) {
                return Err(format!("{shown}, {why}: {}\n{printed}", output.status).into());
            }
        }
    }
    Ok(name.into())
}

/// What may go otherwise: why, which file differs, by what, whether the card is on hold all the same, and words
/// that must be printed.
const CASES: &[(&str, &str, Change, bool, &str)] = &[
    ("the operation refused", "done.http", Change::Replaced("200 OK", "409 Conflict"), false, "the server says 409"),
    ("no answer to the operation", "done.http", Change::Cut(200), true, "card 1013, Disabled"),
    (
        "the server failed, and did it",
        "done.http",
        Change::Replaced("200 OK", "500 Failed"),
        true,
        "card 1013, Disabled",
    ),
    ("the list broken off", "reply.http", Change::Cut(5), false, "the connection broke"),
    ("no record", "reply.http", Change::Replaced("D1EF6869-", "D1EF6868-"), false, "no such card"),
    (
        "two records",
        "reply.http",
        Change::Replaced("\"02A1B3D7\"", "\"{d1ef6869-5517-42a0-8f05-16ca1a0b834d}\""),
        false,
        "two cards have this serial number",
    ),
    (
        "not done",
        "again.http",
        Change::Replaced("\"Disabled\"", "\"Issued\""),
        false,
        "unknown: the card is Issued now",
    ),
    (
        "not read again",
        "again.http",
        Change::Replaced("200 OK", "500 Failed"),
        false,
        "unknown: the card cannot be read",
    ),
    ("another card", "again.http", Change::Replaced("1013", "1014"), false, "unknown: the card cannot be read again"),
];

/// How a file differs from that of the folder.
#[derive(Clone, Copy)]
enum Change {
    /// The second text stands in place of the first.
    Replaced(&'static str, &'static str),
    /// This number of bytes is missing at the end, or all.
    Cut(usize),
}

/// The card, and the server's answers.
struct Files(Vec<(&'static str, String)>);

impl Files {
    fn read() -> Result<Self, Stop> {
        let names = ["card.txt", "reply.http", "done.http", "again.http"];
        let files = names.map(|name| Ok::<_, Stop>((name, place::read(&format!("{FOLDER}/{name}"))?)));
        Ok(Files(files.into_iter().collect::<Result<_, _>>()?))
    }

    /// The same with one file changed.
    fn changed(&self, name: &str, change: Change) -> Result<Self, Stop> {
        let mut files = self.0.clone();
        let Some((_, text)) = files.iter_mut().find(|(file, _)| *file == name) else {
            return Err(format!("there is no {name}").into());
        };
        let before = text.clone();
        match change {
            Change::Replaced(one, other) => *text = replaced(text, one, other),
            Change::Cut(bytes) => text.truncate(text.len().saturating_sub(bytes)),
        }
        if *text == before { Err(format!("{name} is not changed").into()) } else { Ok(Files(files)) }
    }

    fn write(&self, folder: &Path) -> Result<(), Stop> {
        for (name, text) in self.0.iter().map(|(name, text)| (*name, text.as_str())).chain([("sent.http", "")]) {
            let path = folder.join(name);
            std::fs::write(&path, text).map_err(place::at(&path))?;
        }
        Ok(())
    }
}

/// An answer with another text in place of one; JSON has a length then, whatever framed it before.
fn replaced(answer: &str, one: &str, other: &str) -> String {
    let Some((head, body)) = answer.split_once("\r\n\r\n").filter(|(head, _)| head.contains("json")) else {
        return answer.replace(one, other);
    };
    let body = if head.contains("chunked") { unchunked(body) } else { body.into() };
    let framing = |line: &&str| !line.starts_with("Content-Length") && !line.starts_with("Transfer-Encoding");
    let head: Vec<&str> = head.split("\r\n").filter(framing).collect();
    let (head, body) = (head.join("\r\n").replace(one, other), body.replace(one, other));
    format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// The body that comes in chunks.
fn unchunked(body: &str) -> String {
    let (mut whole, mut rest) = (String::new(), body);
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap_or(0);
        let Some((chunk, after)) = after.split_at_checked(size).filter(|_| size > 0) else { break };
        whole += chunk;
        rest = after.strip_prefix("\r\n").unwrap_or(after);
    }
    whole
}

fn qemu(board: &Board, program: &Path, folder: &Path) -> Result<Command, String> {
    // A program that hangs is ended by `timeout`.
    let mut command = place::program("timeout", &["30", board.qemu, "-machine"]);
    command.args(board.machine).args(["-display", "none", "-monitor", "none", "-serial", "none"]);
    command.args(["-chardev", "stdio,id=out", "-semihosting-config", "enable=on,target=native,chardev=out"]);
    command.args(["-kernel", place::text(program)?]).current_dir(folder);
    Ok(command)
}
