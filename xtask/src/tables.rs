//! The text of the generated parts: the core's tables as Markdown and Mermaid, example programs, the demo's transcript.

mod generations;

pub(crate) use generations::{generations, matrix, pairs};

use cardwright_core::certiflow::{Dialect, Endpoint, Privilege};
use cardwright_core::identity::{self, Basis};
use cardwright_core::lifecycle::{Evidence, NativeState, Operation, System, Verdict};
use cardwright_core::{Code, Named};
use std::fmt::Write as _;

/// The operations and what each system calls them, for README and the book.
pub(crate) fn operations() -> String {
    let mut out = String::from("| operation | CertiFlow | MIM CM | what it does |\n|---|---|---|---|\n");
    for operation in Operation::ALL {
        let facts = operation.facts();
        let native = |word: Option<&str>| word.map_or("–".to_string(), |word| format!("`{word}`"));
        let _ =
            writeln!(out, "| {} | {} | {} | {} |", facts.name, native(facts.certiflow), native(facts.mim), facts.about);
    }
    out
}

/// The privilege that each command needs in CertiFlow, for the book.
pub(crate) fn privileges() -> String {
    let mut out = String::from("| command | privilege since G2 | privilege in G1 |\n|---|---|---|\n");
    let mut row = |command: &str, privilege: Privilege, in_g1: bool| {
        let old = privilege.name_in(Dialect::G1).filter(|_| in_g1).unwrap_or("–");
        let _ = writeln!(out, "| {command} | {} | {old} |", privilege.name());
    };
    row("`cards`, `card`, `operations`, `doctor`", Endpoint::Cards.privilege(), true);
    row("the same with `--of`: also", Privilege::FindingUsers, true);
    for endpoint in Endpoint::ALL {
        let word = endpoint.operation().and_then(|operation| operation.native(System::CertiFlow));
        if let Some(word) = word {
            let in_g1 = endpoint.route_in(Dialect::G1).is_some();
            row(&format!("`{}`", word.to_ascii_lowercase()), endpoint.privilege(), in_g1);
        }
    }
    out
}

/// The states of both systems side by side, for the book.
pub(crate) fn states() -> String {
    use cardwright_core::lifecycle::State;
    let mut out = String::from("| state | CertiFlow | MIM CM |\n|---|---|---|\n");
    for state in State::ALL {
        let native =
            |system| state.native(system).map_or("–".to_string(), |native: NativeState| format!("`{native}`"));
        let _ = writeln!(out, "| {} | {} | {} |", state.name(), native(System::CertiFlow), native(System::Mim));
    }
    out
}

/// What each operation does in each state of CertiFlow, for the book.
pub(crate) fn certiflow_transitions() -> String {
    transitions(System::CertiFlow)
}

/// What each operation does in each state of MIM CM, for the book.
pub(crate) fn mim_transitions() -> String {
    transitions(System::Mim)
}

/// A row for each state, a column for each operation.
fn transitions(system: System) -> String {
    let words: Vec<&str> = Operation::of(system).filter_map(|operation| operation.native(system)).collect();
    let mut out = format!("| state | `{}` |\n|---|{}\n", words.join("` | `"), "---|".repeat(words.len()));
    for state in NativeState::of(system) {
        let _ = write!(out, "| `{state}` |");
        for operation in Operation::of(system) {
            let _ = match Verdict::of(state, operation) {
                Verdict::Allowed { to, evidence, .. } => write!(out, " → `{to}`, {} |", evidence.name()),
                Verdict::Refused { evidence, .. } => write!(out, " refused, {} |", evidence.name()),
                Verdict::Lacks => write!(out, " – |"),
            };
        }
        out.push('\n');
    }
    out
}

/// The transitions of CertiFlow, for ARCHITECTURE.
pub(crate) fn certiflow_diagram() -> String {
    diagram(System::CertiFlow)
}

/// The transitions of MIM CM, for ARCHITECTURE.
pub(crate) fn mim_diagram() -> String {
    diagram(System::Mim)
}

fn diagram(system: System) -> String {
    let mut out = String::from("```mermaid\nstateDiagram-v2\n    direction LR\n");
    let mut refused = [0, 0];
    for state in NativeState::of(system) {
        for operation in Operation::of(system) {
            match Verdict::of(state, operation) {
                Verdict::Allowed { to, evidence, .. } => {
                    let word = operation.native(system).unwrap_or_default();
                    let mark = if evidence == Evidence::Assumed { " (assumed)" } else { "" };
                    let _ = writeln!(out, "    {state} --> {to}: {word}{mark}");
                }
                Verdict::Refused { evidence: Evidence::Documented, .. } => refused[0] += 1,
                Verdict::Refused { evidence: Evidence::Assumed, .. } => refused[1] += 1,
                Verdict::Lacks => {}
            }
        }
    }
    let _ = writeln!(
        out,
        "```\n\nEverything else is refused: {} cells are documented, {} assumed.",
        refused[0], refused[1]
    );
    out
}

/// The numbers of all errors, for the book.
pub(crate) fn codes() -> String {
    let mut out = String::from("| number | meaning |\n|---|---|\n");
    for code in Code::ALL {
        let _ = writeln!(out, "| {} | {} |", code.number(), code.text());
    }
    out
}

/// The cards that are recognised and their numbers, for the book.
pub(crate) fn cards() -> String {
    let mut out = String::from(
        "| card | known by | its number | read by | how sure | who says so |\n|---|---|---|---|---|---|\n",
    );
    let mut lines: Vec<String> = Vec::new();
    for row in identity::rows() {
        let kind = row.kind.map_or("any card", Named::name);
        let answer = row.answer.then_some(Basis::Answer);
        let by: Vec<&str> = answer.into_iter().chain(row.atr).map(Named::name).collect();
        let by = if by.is_empty() { "–".to_string() } else { by.join(", or ") };
        let unread = row.kind.and_then(identity::CardKind::unread).unwrap_or("none");
        let (number, read, sure) = match row.number {
            Some((source, command)) => {
                let select = row.select.map(|select| format!("`{select}`, ")).unwrap_or_default();
                let personal = if source.is_personal() { ", a person's" } else { "" };
                (format!("{}{personal}", source.name()), format!("{select}`{command}`"), row.evidence.name())
            }
            None => (unread.to_string(), "–".to_string(), "–"),
        };
        let witness = identity::witness(row.kind, row.number.map(|(source, _)| source));
        let line = format!("| {kind} | {by} | {number} | {read} | {sure} | {witness} |\n");
        // A number may be cut from one answer in two ways.
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.sort_by_key(|line| line.to_lowercase());
    lines.into_iter().for_each(|line| out.push_str(&line));
    out
}

/// A whole program, which the tests run.
pub(crate) fn program(language: &str, path: &str) -> String {
    // Without the file nothing stands between the fences, and the check shows a difference.
    format!("```{language}\n{}```\n", crate::place::read(path).unwrap_or_default())
}

/// A function of a program that the tests run: from the line that begins so to its closing brace.
pub(crate) fn function(language: &str, path: &str, beginning: &str) -> String {
    let program = crate::place::read(path).unwrap_or_default();
    let lines = program.lines().skip_while(|line| !line.starts_with(beginning));
    let body: String = lines.take_while(|line| *line != "}").map(|line| format!("{line}\n")).collect();
    format!("```{language}\n{body}}}\n```\n")
}

/// The demo without the parts that README leaves to the book: those paragraphs of its transcript that begin so.
pub(crate) fn demo_excerpt() -> String {
    const KEPT: [&str; 4] = ["One registry", "A card goes into a reader", "MIM CM: find", "CertiFlow: find a card"];
    let page = crate::place::read("docs/start.md").unwrap_or_default();
    let (_, after) = page.split_once("<!-- transcript: demo -->\n```text\n").unwrap_or_default();
    let (transcript, _) = after.split_once("\n```").unwrap_or_default();
    let kept = transcript.split("\n\n").filter(|part| KEPT.iter().any(|beginning| part.starts_with(beginning)));
    format!("```text\n{}\n```\n", kept.collect::<Vec<_>>().join("\n\n"))
}
