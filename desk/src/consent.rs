//! What somebody must agree to before an operation is carried out: one rule, and its words, for every front end.
//!
//! An operation that no other undoes ([`Facts::is_final`](cardwright_core::lifecycle::Facts)) is asked about, for a
//! card that is named as for many. The question names the holder, the serial number, the state and the server, as one
//! wrong digit of an id means another person's card. Only a typed `y` or `yes` agrees. Where nobody can be asked, the
//! caller must have said yes beforehand, or nothing is sent.

use crate::failure::{Failure, Kind};
use crate::in_reader::describe_record;
use cardwright_client::AnyCard;
use cardwright_core::lifecycle::Operation;

/// Whether somebody must agree before the operation is carried out on a card.
#[must_use]
pub fn needs_consent(operation: Operation) -> bool {
    operation.facts().is_final
}

/// What is asked about, in one line: the card as its server has it, and the server.
#[must_use]
pub fn describe_target(card: &AnyCard, server: &str) -> String {
    format!("{}, on {server}", describe_record(card))
}

/// What is said of an operation that needs consent.
pub const CANNOT_BE_UNDONE: &str = "this cannot be undone";

/// Whether what a person typed means yes. Enter alone does not.
#[must_use]
pub fn agrees(answer: &str) -> bool {
    matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

/// The failure where nobody can be asked; `how` it goes without a question.
pub fn nobody_to_ask(how: impl Into<String>) -> Failure {
    Failure::usage("nobody is here to confirm it; nothing was done").hint(how)
}

/// The failure where the answer was not yes.
#[must_use]
pub fn not_confirmed() -> Failure {
    Failure::new(Kind::Refused, "not confirmed; nothing was done")
}

#[cfg(test)]
mod tests {
    use super::*;
    use cardwright_core::Named as _;

    #[test]
    fn what_no_operation_undoes_needs_consent() {
        let asked: Vec<&str> =
            Operation::ALL.iter().filter(|one| needs_consent(**one)).map(|one| one.facts().name).collect();
        assert_eq!(asked, ["revoke", "retire"]);
    }

    #[test]
    fn only_a_typed_yes_agrees() {
        for (answer, expected) in
            [("y\n", true), ("YES", true), (" yes \r\n", true), ("\n", false), ("", false), ("n", false), ("ye", false)]
        {
            assert_eq!(agrees(answer), expected, "{answer:?}");
        }
    }
}
