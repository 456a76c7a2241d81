//! What a Cortex-M makes of ATRs, requests and replies, and how many instructions and how much stack that takes.
//!
//! QEMU runs the program of `proof/src/count.rs`. It knows no cycles, but a clock that each
//! instruction moves on by the same time; so the counts are the same in every run.

use std::fmt::Write as _;

use cardwright_core::atr::AtrBuf;

use super::link::{self, Linked};
use crate::place;
use crate::run::{Done, Out, Stop, minutes};
use crate::sysroot::{TARGETS, Toolchain};

const ATRS: &str = "proof/atrs.txt";
const RECORD: &str = "benches/results/instructions.txt";

/// The most stack that a function in C may take, in bytes, as the header says.
const STACK: u64 = 2048;

/// The board for each target: a Cortex-M3, which has all instructions of a Cortex-M0.
const BOARD: &str = "mps2-an385";

/// Runs the program for every target, compares what it reads with what is read here, and prints the
/// counts.
///
/// # Errors
///
/// When the two differ, when it does not run to its end, when a function in C takes too much stack or is not
/// measured, or when there is no ATR. Skipped without the tools.
pub(crate) fn count(record: bool, out: &mut Out) -> Done {
    link::tools()?;
    if !place::on_path("qemu-system-arm") {
        return Err(Stop::Skipped("qemu-system-arm is missing: cargo xtask setup".into()));
    }
    let tools = Toolchain::find(out)?;
    let wanted = wanted(&place::read(ATRS)?)?;
    let functions = super::bare_functions(&[], out)?;
    let mut counts = vec![String::new(); wanted.len()];
    let mut too_deep = Vec::new();
    // By name, in the order of the first target.
    let mut calls: Vec<(String, String)> = Vec::new();
    for library in link::build(&tools, TARGETS, &["count"], out)? {
        let Linked::Program(program) = library.link_by("proof/count.ld", &["VECTORS"], &["-e", "VECTORS"])? else {
            return Err("the program can panic".into());
        };
        let mut qemu = place::program("qemu-system-arm", &["-machine", BOARD, "-icount", "shift=10"]);
        qemu.args(["-display", "none", "-monitor", "none", "-serial", "none", "-chardev", "stdio,id=out"]);
        qemu.args(["-semihosting-config", "enable=on,target=native,chardev=out"]);
        let printed = out.read(qemu.args(["-kernel", place::text(&program)?]), minutes(1))?;
        let mut lines: Vec<(&str, &str)> = printed.lines().filter_map(|line| line.split_once("; ")).collect();
        let measured = lines.split_off(wanted.len().min(lines.len()));
        if lines.iter().map(|line| line.0).ne(wanted.iter().map(String::as_str)) {
            return Err(format!("read there:\n{printed}read here:\n{}", wanted.join("\n")).into());
        }
        for (counts, (_, numbers)) in counts.iter_mut().zip(lines) {
            for number in numbers.split(' ') {
                let _ = write!(counts, "{number:>10}");
            }
        }
        if measured.is_empty() {
            return Err("no call is measured".into());
        }
        let measured = deepest(&measured);
        for function in &functions {
            if !measured.iter().any(|(name, _)| name.trim() == function) {
                return Err(format!("{function} is not measured: see proof/src/count/deep.rs").into());
            }
        }
        for (name, numbers) in measured {
            if name.trim().starts_with("cardwright_") && stack(numbers) > STACK {
                too_deep.push(format!("{} takes {} bytes of stack", name.trim(), stack(numbers)));
            }
            let columns: String = numbers.split(' ').map(|number| format!("{number:>10}")).collect();
            match calls.iter_mut().find(|(known, _)| known == name) {
                Some((_, counts)) => counts.push_str(&columns),
                None => calls.push((name.into(), columns)),
            }
        }
    }
    let mut table = String::new();
    let _ = writeln!(table, "{:<67}{:>20}{:>20}", "", "thumbv6m", "thumbv7m");
    let _ =
        writeln!(table, "{:<67}{:>10}{:>10}{:>10}{:>10}", "instructions", "parsed", "all read", "parsed", "all read");
    for (line, counts) in wanted.iter().zip(&counts) {
        let _ = writeln!(table, "{:<67}{counts}", line.split(' ').next().unwrap_or_default());
    }
    let _ = writeln!(table, "\n{:<67}{:>20}{:>20}", "", "thumbv6m", "thumbv7m");
    let columns = ["instr.", "stack", "instr.", "stack"].map(|title| format!("{title:>10}")).concat();
    let _ = writeln!(table, "{:<67}{columns}", "instructions, and bytes of stack");
    for (name, counts) in &calls {
        let _ = writeln!(table, "{name:<67}{counts}");
    }
    out.say(table.trim_end());
    if !too_deep.is_empty() {
        return Err(format!("{}, and {STACK} are allowed", too_deep.join(", ")).into());
    }
    if record {
        let text = format!("$ cargo xtask count --record\n{}\n\n{table}", tools.compiler(out)?);
        std::fs::write(place::root().join(RECORD), text).map_err(|error| format!("{RECORD}: {error}"))?;
    }
    Ok(format!("ATRs read alike here and on {}: {}; works measured: {}", TARGETS.join(", "), wanted.len(), calls.len()))
}

/// Of the rows of each name the one with most stack, in the order of the first ones.
fn deepest<'r>(measured: &[(&'r str, &'r str)]) -> Vec<(&'r str, &'r str)> {
    let mut rows: Vec<(&str, &str)> = Vec::new();
    for (name, numbers) in measured {
        match rows.iter_mut().find(|(known, _)| known == name) {
            Some((_, most)) if stack(most) < stack(numbers) => *most = numbers,
            Some(_) => {}
            None => rows.push((name, numbers)),
        }
    }
    rows
}

/// The second of two numbers.
fn stack(numbers: &str) -> u64 {
    numbers.split(' ').nth(1).and_then(|number| number.parse().ok()).unwrap_or(u64::MAX)
}

/// What the program must print of each ATR: its bytes, its default protocol, its findings.
fn wanted(atrs: &str) -> Result<Vec<String>, String> {
    let mut lines = Vec::new();
    for line in atrs.lines() {
        let atr = AtrBuf::from_hex(line).map_err(|error| format!("{ATRS}: {line}: {error}"))?;
        let atr = atr.as_atr();
        let findings: String = atr.findings().map(|finding| format!(" {finding}")).collect();
        lines.push(format!("{atr} {}{findings}", atr.default_protocol()));
    }
    if lines.is_empty() { Err(format!("{ATRS}: no ATR")) } else { Ok(lines) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_one_name_the_deepest_row_stays() {
        let rows = [("b", "9 8"), ("a", "1 100"), ("b", "5 16"), ("a", "7 60"), ("b", "6 12")];
        assert_eq!(deepest(&rows), [("b", "5 16"), ("a", "1 100")]);
        assert_eq!(stack("no number"), u64::MAX);
    }
}
