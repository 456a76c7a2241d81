//! What a terminal that says numbers prints in place of words.

use cardwright_core::certiflow::CardState;
use cardwright_core::lifecycle::Operation;
use cardwright_core::{Code, Named};

/// The line in numbers.
pub(super) fn of(line: &str) -> String {
    error(line).or_else(|| verdict(line)).or_else(|| state(line)).unwrap_or_else(|| match line.split_once(", ") {
        Some((serial, _)) if line.starts_with("look for ") => serial.into(),
        _ => line.into(),
    })
}

/// `the connection broke at 648: `
fn error(line: &str) -> Option<String> {
    let (text, at) = line.split_once(" at ")?;
    let code = Code::ALL.iter().find(|code| code.text() == text)?;
    Some(format!("error {} at {}", code.number(), at.split_once(": ")?.0))
}

/// `suspend: Issued to Disabled, documented`
fn verdict(line: &str) -> Option<String> {
    let (operation, states) = line.split_once(": ")?;
    let (from, to) = states.split_once(", ")?.0.split_once(" to ")?;
    let [from, to] = [CardState::from_name(from)?, CardState::from_name(to)?];
    Some(format!("operation {}: {} to {}", Operation::from_name(operation)?.number(), from.number(), to.number()))
}

/// `unknown: the card is Issued now`
fn state(line: &str) -> Option<String> {
    let (before, state) = line.strip_suffix(" now")?.rsplit_once(' ')?;
    Some(format!("{before} {} now", CardState::from_name(state)?.number()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_numbers_and_other_lines_stay() {
        for (words, numbers) in [
            ("the connection broke at 648: ", "error 603 at 648"),
            ("suspend: Issued to Disabled, documented", "operation 1: 4 to 5"),
            ("unknown: the card is Issued now", "unknown: the card is 4 now"),
            ("look for 02A1, assumed", "look for 02A1"),
            ("card 1013, Issued", "card 1013, Issued"),
            ("the server says 409", "the server says 409"),
        ] {
            assert_eq!(of(words), numbers);
        }
    }
}
