//! The generated methods of the clients in Python: those of the operations, and the list of cards with its filters.

use crate::schema::capitalized;
use cardwright_core::certiflow::Query;
use cardwright_core::json::{SchemaField, ValueType};
use cardwright_core::lifecycle::{Operation, System};
use std::fmt::Write as _;

/// The client of CertiFlow.
pub(crate) const CERTIFLOW: &str = "python/cardwright/_certiflow.py";

/// The client of MIM CM.
pub(crate) const MIM: &str = "python/cardwright/_mim.py";

/// The filters whose argument in Python has a shorter name than the getter of the query.
const SHORT: [(&str, &str); 9] = [
    ("serial_number", "serial"),
    ("user_name", "user"),
    ("card_type_name", "card_type"),
    ("card_model_name", "card_model"),
    ("policy_name", "policy"),
    ("content_expiration_status", "expiring"),
    ("time_issued", "issued"),
    ("time_updated", "updated"),
    ("time_revoked", "revoked"),
];

/// The operations of CertiFlow, a method each.
pub(crate) fn certiflow() -> String {
    methods(System::CertiFlow, "CardInfo", "")
}

/// The operations of MIM CM, a method each.
pub(crate) fn mim() -> String {
    methods(System::Mim, "Smartcard", "comment")
}

/// A method for each operation of a system; all of them take the optional text named `text`, if any.
fn methods(system: System, card: &str, text: &str) -> String {
    let mut out = String::new();
    for operation in Operation::of(system) {
        let facts = operation.facts();
        let method = snake_case(operation.native(system).unwrap_or_default());
        let (mut parameters, mut arguments) =
            (format!("self, card: {card} | str"), format!("card, Operation.{operation:?}"));
        if !text.is_empty() {
            parameters += &format!(", {text}: str = \"\"");
            arguments += &format!(", {text}={text}");
        } else if facts.takes_reason {
            parameters += ", reason: RevocationReason | RevocationReasonWord";
            arguments += ", reason=reason";
        }
        let about = capitalized(facts.about);
        let _ = write!(
            out,
            "    def {method}({parameters}) -> Outcome[{card}]:\n        \"\"\"{about}. As `operate`.\"\"\"\n        \
             return self.operate({arguments})\n\n"
        );
    }
    out.trim_end().into()
}

/// `cards` of CertiFlow: an argument for each parameter of the query.
pub(crate) fn cards() -> String {
    let mut out = String::from("    def cards(\n        self,\n        *,\n");
    for field in Query::SCHEMA.fields {
        let _ = writeln!(out, "        {}: {},", argument(field), annotation(&field.value));
    }
    out += CARDS_DOC;
    for field in Query::SCHEMA.fields {
        let _ = writeln!(out, "                {}={},", field.getter, value(field));
    }
    out + "            )\n        )\n"
}

const CARDS_DOC: &str = "    ) -> Cards[CardInfo]:
        \"\"\"The cards that a query finds: a lazy iterator that reads page by page.

        `offset` and `count` bound the whole list. `expiring` is whether the card's certificates expire; the three
        times are dates (ISO 8601), of which the vendor does not say whether they are a lower bound.

        Raises:
            NotSupported: the dialect lacks the filter; before anything is sent.
        \"\"\"
        return self._client.cards(
            _query(
";

/// The name of a filter's argument.
fn argument(field: &SchemaField) -> &'static str {
    SHORT.iter().find(|(getter, _)| *getter == field.getter).map_or(field.getter, |(_, short)| short)
}

/// The type of an argument, and its default.
fn annotation(value: &ValueType) -> String {
    match value {
        ValueType::Number => "int | None = None".into(),
        ValueType::Date => "date | str | None = None".into(),
        ValueType::Texts => "Iterable[str] = ()".into(),
        ValueType::Known(name) => format!("{name} | {name}Word | None = None"),
        _ => "str | None = None".into(),
    }
}

/// An argument as the extension takes it.
fn value(field: &SchemaField) -> String {
    let argument = argument(field);
    match field.value {
        ValueType::Number => format!("_arguments.optional_count(\"{argument}\", {argument})"),
        ValueType::Date => format!("_when(\"{argument}\", {argument})"),
        ValueType::Texts => format!("_arguments.texts(\"{argument}\", {argument})"),
        ValueType::Known(name) => format!("_arguments.word(\"{argument}\", {name}, {argument})"),
        _ => format!("_arguments.optional_filled(\"{argument}\", {argument})"),
    }
}

/// `PreUpdate` as `pre_update`.
fn snake_case(word: &str) -> String {
    let mut out = String::new();
    for letter in word.chars() {
        if letter.is_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_short_name_is_of_a_filter() {
        let getters: Vec<&str> = Query::SCHEMA.fields.iter().map(|field| field.getter).collect();
        assert!(SHORT.iter().all(|(getter, _)| getters.contains(getter)), "{getters:?}");
    }

    #[test]
    fn a_word_of_two_parts_has_an_underscore() {
        assert_eq!((snake_case("PreUpdate"), snake_case("Revoke")), ("pre_update".into(), "revoke".into()));
    }
}
