//! The terminals of `examples/firmware`, in Rust and in C, on boards that QEMU plays.
//!
//! The card and the server are files that the programs read through the debugger. Each must print
//! `expected.txt`, send `request.http`, and end with exit code 0. Where the files differ as a [`Case`] says, it must
//! print the lines of the case, send no more than it says, and end with 0 only if it is done. The terminals in C for
//! little flash print numbers in place of words.

mod cases;
mod numbers;

use std::path::{Path, PathBuf};
use std::process::Command;

use self::cases::{CASES, Case, Change};
use crate::install::bare;
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

/// Builds the programs and runs them on every board; on RISC-V too with `--long`.
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

/// A terminal for a target.
pub(crate) struct Program {
    pub(crate) name: &'static str,
    pub(crate) path: PathBuf,
    speaks: Speaks,
}

/// How a terminal says what it does.
#[derive(Clone, Copy, PartialEq)]
enum Speaks {
    Words,
    Numbers,
}

/// A terminal in C, over a library that is installed for it.
struct InC {
    name: &'static str,
    systems: &'static [&'static str],
    features: &'static [&'static str],
    speaks: Speaks,
}

const IN_C: [InC; 3] = [
    InC { name: "in C", systems: &["certiflow", "mim"], features: &["complete"], speaks: Speaks::Words },
    InC {
        name: "in C, in numbers, CertiFlow alone",
        systems: &["certiflow"],
        features: &["complete"],
        speaks: Speaks::Numbers,
    },
    InC {
        name: "in C, in numbers, CertiFlow's G7 alone, GIDS alone",
        systems: &["certiflow"],
        features: &[],
        speaks: Speaks::Numbers,
    },
];

/// The programs for a target: in Rust, then those in C.
///
/// # Errors
///
/// When they do not compile. Skipped without a compiler or a linker.
pub(crate) fn build(toolchain: &Toolchain, target: &str, out: &mut Out) -> Result<Vec<Program>, Stop> {
    let tools = tools_of(target);
    for tool in [tools.gcc, tools.ld] {
        if !place::on_path(tool) {
            return Err(Stop::Skipped(format!("{tool} is missing: cargo xtask setup")));
        }
    }
    let path = rust(toolchain, target, &tools, out)?;
    let mut programs = vec![Program { name: "in Rust", path, speaks: Speaks::Words }];
    for (n, of) in IN_C.iter().enumerate() {
        let path = work()?.join(format!("{target}-{n}.elf"));
        c(of, toolchain, target, &tools, &path, out)?;
        programs.push(Program { name: of.name, path, speaks: of.speaks });
    }
    Ok(programs)
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

fn c(of: &InC, toolchain: &Toolchain, target: &str, tools: &Tools, to: &Path, out: &mut Out) -> Result<(), Stop> {
    let prefix = to.with_extension("installed");
    let kind = bare::Kind { systems: of.systems.to_vec(), features: of.features.to_vec() };
    bare::put(toolchain, &kind, target, &prefix, out)?;
    let sources = format!("{FOLDER}/c");
    let mut gcc = place::program(tools.gcc, &["-std=c11", "-Os", "-ffreestanding", "-ffunction-sections"]);
    gcc.args(tools.cpu).args(WARNINGS).arg("-fdata-sections").arg("-I").arg(prefix.join("include"));
    // In memory.c compilers would find memcpy, and call it.
    gcc.arg("-fno-tree-loop-distribute-patterns");
    let says: &[&str] = if of.speaks == Speaks::Words { &["words.c"] } else { &["numbers.c", "memory.c"] };
    let files = ["main.c", "console.c", "board.c"].iter().chain(says);
    gcc.args(files.map(|name| format!("{sources}/{name}"))).arg("-L").arg(prefix.join("lib")).arg("-lcardwright");
    gcc.args(["-nostdlib", "-L", &sources, "-T", tools.script, "-Wl,--gc-sections,--fatal-warnings,-znoexecstack"]);
    out.run(gcc.arg("-o").arg(to), minutes(1))?;
    Ok(())
}

fn work() -> Result<PathBuf, String> {
    let folder = place::logs().join("firmware");
    std::fs::create_dir_all(&folder).map_err(place::at(&folder))?;
    Ok(folder)
}

/// Runs the programs on a board; its name.
fn on(board: &Board, programs: &[Program], out: &mut Out) -> Result<String, Stop> {
    if !place::on_path(board.qemu) {
        return Err(Stop::Skipped(format!("{} is missing: cargo xtask setup", board.qemu)));
    }
    let folder = work()?;
    let name = board.machine.first().copied().unwrap_or_default();
    let files = Files::read()?;
    let (in_words, request) =
        (place::read(&format!("{FOLDER}/expected.txt"))?, place::read(&format!("{FOLDER}/request.http"))?);
    for program in programs {
        let shown = format!("{} ({}) on {name}", program.name, program.path.display());
        let expected = program.speaks.says(&in_words);
        files.write(&folder)?;
        let printed = out.read(&mut qemu(board, &program.path, &folder)?, minutes(1))?;
        if printed != expected {
            return Err(format!("{shown} does not print what {FOLDER}/expected.txt says, but:\n{printed}").into());
        }
        let sent = std::fs::read_to_string(folder.join("sent.http")).map_err(|error| error.to_string())?;
        if sent != request {
            return Err(format!("{shown} does not send {FOLDER}/request.http, but:\n{sent}").into());
        }
        let head = head(&in_words)?;
        // All programs in C are one; those for little flash need not fail in each way on each board.
        let cases = if program.speaks == Speaks::Words || board.target == TARGETS[0] { CASES } else { &[] };
        for case in cases {
            case.play(&Play { board, program, files: &files, folder: &folder, head, request: &request })
                .map_err(|why| format!("{shown}, {}: {why}", case.why))?;
        }
    }
    Ok(name.into())
}

impl Speaks {
    /// What a program that speaks so prints in place of these lines of one that speaks in words.
    fn says(self, words: &str) -> String {
        match self {
            Speaks::Words => words.into(),
            Speaks::Numbers => {
                let at = words.find("look for ").unwrap_or(0);
                words.get(at..).unwrap_or_default().lines().map(|line| numbers::of(line) + "\n").collect()
            }
        }
    }
}

/// What is printed before the server is asked.
fn head(expected: &str) -> Result<&str, String> {
    let at = expected.find("look for ").and_then(|at| expected.get(at..)?.find('\n').map(|end| at + end + 1));
    at.and_then(|at| expected.get(..at)).ok_or_else(|| "expected.txt does not say what is looked for".into())
}

/// A program on a board.
struct Play<'a> {
    board: &'a Board,
    program: &'a Program,
    files: &'a Files,
    folder: &'a Path,
    /// What it prints in any case.
    head: &'a str,
    /// The three requests.
    request: &'a str,
}

impl Case {
    /// Whether the program prints, sends and returns what it should.
    fn play(&self, play: &Play<'_>) -> Result<(), String> {
        self.changes
            .iter()
            .try_fold(play.files.clone(), |files, (name, change)| files.changed(name, *change))?
            .write(play.folder)?;
        let output = qemu(play.board, &play.program.path, play.folder)?.output();
        let output = output.map_err(|error| format!("{}: {error}", play.board.qemu))?;
        let printed = String::from_utf8_lossy(&output.stdout);
        let wanted = play.program.speaks.says(&format!("{}{}\n", play.head, self.printed.join("\n")));
        if printed != wanted {
            return Err(format!("it prints\n{printed}and should print\n{wanted}"));
        }
        let code = if self.printed.last() == Some(&"done") { 0 } else { 1 };
        if output.status.code() != Some(code) {
            return Err(format!("{}, not {code}", output.status));
        }
        let sent = std::fs::read_to_string(play.folder.join("sent.http")).map_err(|error| error.to_string())?;
        let wanted: String = play.request.split_inclusive("\r\n\r\n").take(self.sent).collect();
        if sent != wanted { Err(format!("it sends\n{sent}and should send\n{wanted}")) } else { Ok(()) }
    }
}

/// The card, and the server's answers.
#[derive(Clone)]
struct Files(Vec<(&'static str, String)>);

impl Files {
    fn read() -> Result<Self, Stop> {
        let names = ["card.txt", "reply.http", "done.http", "again.http"];
        let files = names.map(|name| Ok::<_, Stop>((name, place::read(&format!("{FOLDER}/{name}"))?)));
        Ok(Files(files.into_iter().collect::<Result<_, _>>()?))
    }

    /// The same with one file changed.
    fn changed(&self, name: &str, change: Change) -> Result<Self, String> {
        let mut files = self.0.clone();
        let Some((_, text)) = files.iter_mut().find(|(file, _)| *file == name) else {
            return Err(format!("there is no {name}"));
        };
        let before = text.clone();
        match change {
            Change::Replaced(one, other) => *text = replaced(text, one, other),
            Change::Cut(bytes) => text.truncate(text.len().saturating_sub(bytes)),
            Change::Is(other) => *text = other.into(),
        }
        if *text == before { Err(format!("{name} is not changed")) } else { Ok(Files(files)) }
    }

    fn write(&self, folder: &Path) -> Result<(), String> {
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
