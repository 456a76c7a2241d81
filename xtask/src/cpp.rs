//! The C++ face of the C header: its enumerations as types, and whether a function of it is left out.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::header;
use crate::run::Out;

/// The enumerations of the C header, as C++ has them.
pub(crate) const ENUMERATIONS: &str = "include/cardwright/enumerations.hpp";

/// The part that is written by hand, in the order in which one includes the other.
pub(crate) const FILES: [&str; 10] = [
    "include/cardwright/result.hpp",
    "include/cardwright/values.hpp",
    "include/cardwright/cards.hpp",
    "include/cardwright/messages.hpp",
    "include/cardwright/handle.hpp",
    "include/cardwright/options.hpp",
    "include/cardwright/client.hpp",
    "include/cardwright/bulk.hpp",
    "include/cardwright/reader.hpp",
    "include/cardwright.hpp",
];

/// All headers for C++, which are installed as they stand in `include`.
pub(crate) fn headers() -> impl Iterator<Item = &'static str> {
    std::iter::once(ENUMERATIONS).chain(FILES)
}

/// What cannot be a name in C++, of the words that the values of an enumeration have.
const KEYWORDS: [&str; 18] = [
    "and", "auto", "default", "delete", "double", "explicit", "export", "float", "int", "long", "new", "not", "or",
    "private", "public", "short", "static", "xor",
];

/// What stands before the enumerations.
const BASE: &str = "\
namespace cardwright {

/** A value of an enumeration, and its name in C++. */
template <typename E> struct Named {
    E value;
    std::string_view word;
};

/** @private What is known of an enumeration; of other types, nothing. */
template <typename E> struct Traits {};

/** A value may be compared with the constant of cardwright.h. */
template <typename E> constexpr bool operator==(E one, typename Traits<E>::Constant other) noexcept {
    return static_cast<std::uint32_t>(one) == static_cast<std::uint32_t>(other);
}
template <typename E> constexpr bool operator!=(E one, typename Traits<E>::Constant other) noexcept {
    return !(one == other);
}
#if __cplusplus < 202002L
template <typename E> constexpr bool operator==(typename Traits<E>::Constant one, E other) noexcept {
    return other == one;
}
template <typename E> constexpr bool operator!=(typename Traits<E>::Constant one, E other) noexcept {
    return !(other == one);
}
#endif
";

/// An enumeration of the C header.
#[derive(Debug, PartialEq)]
struct Enumeration {
    name: String,
    about: String,
    values: Vec<Value>,
}

/// A value of one: its constant in C, when it is there, and what it says.
#[derive(Debug, PartialEq)]
struct Value {
    constant: String,
    condition: Option<String>,
    about: String,
}

impl Enumeration {
    /// Its name in C++.
    fn short(&self) -> &str {
        match self.name.strip_prefix("Cardwright").unwrap_or(&self.name) {
            // `Result` is what a function returns there.
            "Result" => "OperationResult",
            short => short,
        }
    }

    /// What its constants begin with.
    fn prefix(&self) -> String {
        let mut out = String::new();
        for letter in self.name.strip_suffix("Field").unwrap_or(&self.name).chars() {
            if letter.is_ascii_uppercase() && !out.is_empty() {
                out.push('_');
            }
            out.push(letter.to_ascii_uppercase());
        }
        out + "_"
    }

    /// The condition that all its values have.
    fn condition(&self) -> Option<&str> {
        let first = self.values.first()?.condition.as_deref()?;
        self.values.iter().all(|value| value.condition.as_deref() == Some(first)).then_some(first)
    }
}

/// The enumerations of the C header as types of C++.
///
/// # Errors
///
/// When the header cannot be written, or a constant does not begin with the name of its enumeration.
pub(crate) fn enumerations(out: &mut Out) -> Result<String, String> {
    text(&header::text(out)?)
}

fn text(header: &str) -> Result<String, String> {
    let all = read(header);
    let mut out = String::from(
        "/*\n * cardwright/enumerations.hpp - the enumerations of cardwright.h as types of C++.\n *\n * Written by \
         `cargo xtask gen` from cardwright.h; do not edit.\n */\n\n#ifndef CARDWRIGHT_ENUMERATIONS_HPP\n#define \
         CARDWRIGHT_ENUMERATIONS_HPP\n\n#include <cardwright.h>\n\n#include <cstdint>\n#include <string_view>\n#include <type_traits>\n\n",
    );
    out.push_str(BASE);
    let named = all.iter().filter(|one| one.name == "CardwrightEnumeration").flat_map(|one| &one.values);
    let named = named.map(|value| (value.constant.clone(), value.condition.clone())).collect();
    for one in &all {
        write_one(&mut out, one, &named)?;
    }
    out.push_str("\n} // namespace cardwright\n\n#endif /* CARDWRIGHT_ENUMERATIONS_HPP */\n");
    match all.is_empty() {
        true => Err("the header has no enumeration".into()),
        false => Ok(out),
    }
}

/// One enumeration: the type, and what is known of it. `named` are the enumerations whose values have names.
fn write_one(out: &mut String, one: &Enumeration, named: &BTreeMap<String, Option<String>>) -> Result<(), String> {
    let (short, prefix) = (one.short(), one.prefix());
    let whole = one.condition();
    let mut names = Vec::new();
    for value in &one.values {
        let rest = value.constant.strip_prefix(&prefix);
        let rest = rest.ok_or_else(|| format!("{} does not begin with {prefix}", value.constant))?;
        let plain = rest.to_lowercase();
        let name = if KEYWORDS.contains(&plain.as_str()) { format!("{plain}_") } else { plain.clone() };
        names.push((value, name, plain));
    }
    out.push('\n');
    if let Some(condition) = whole {
        let _ = writeln!(out, "#if {condition}");
    }
    let _ = writeln!(out, "/** {} */\nenum class {short} : std::uint32_t {{", one.about);
    let part = |out: &mut String, value: &Value, line: String| match &value.condition {
        Some(condition) if whole.is_none() => {
            let _ = writeln!(out, "#if {condition}\n{line}\n#endif");
        }
        _ => {
            let _ = writeln!(out, "{line}");
        }
    };
    for (value, name, _) in &names {
        part(out, value, format!("    {name} = {}, /**< {} */", value.constant, value.about));
    }
    let _ = writeln!(out, "}};\n/** @private */\ntemplate <> struct Traits<{short}> {{");
    let _ = writeln!(out, "    using Constant = ::{};", one.name);
    let constant = format!("CARDWRIGHT_ENUMERATION_{}", prefix.trim_start_matches("CARDWRIGHT_").trim_end_matches('_'));
    let line = |number: &str| format!("    static constexpr std::uint32_t enumeration = {number};\n");
    out.push_str(&match named.get(&constant).map(|condition| condition.as_deref().filter(|_| whole.is_none())) {
        Some(Some(condition)) => format!("#if {condition}\n{}#else\n{}#endif\n", line(&constant), line("0")),
        Some(None) => line(&constant),
        None => line("0"),
    });
    let _ = writeln!(out, "    static constexpr Named<{short}> values[] = {{");
    for (value, name, plain) in &names {
        part(out, value, format!("        {{{short}::{name}, \"{plain}\"}},"));
    }
    out.push_str("    };\n};\n");
    if whole.is_some() {
        out.push_str("#endif\n");
    }
    Ok(())
}

/// The enumerations that a header declares.
fn read(header: &str) -> Vec<Enumeration> {
    let mut all: Vec<Enumeration> = Vec::new();
    let mut conditions: Vec<&str> = Vec::new();
    let (mut about, mut inside) = (String::new(), false);
    for line in header.lines() {
        let bare = line.trim();
        if let Some(condition) = bare.strip_prefix("#if ") {
            conditions.push(condition);
        } else if bare.starts_with("#ifdef ") || bare.starts_with("#ifndef ") {
            conditions.push("");
        } else if bare.starts_with("#endif") {
            conditions.pop();
        } else if bare == "/**" {
            about.clear();
        } else if let Some(words) = bare.strip_prefix("* ") {
            about.push_str(if about.is_empty() { "" } else { " " });
            about.push_str(words);
        } else if let Some(name) = line.trim_start_matches("typedef ").strip_prefix("enum Cardwright") {
            let name = name.split([' ', ':', '{', ';']).next().unwrap_or_default();
            all.push(Enumeration { name: format!("Cardwright{name}"), about: sentence(&about), values: Vec::new() });
            inside = true;
        } else if line.starts_with('}') {
            inside = false;
        } else if let (true, Some((constant, _)), Some(last)) = (inside, bare.split_once(" = "), all.last_mut()) {
            let condition = conditions.iter().find(|condition| condition.contains("CARDWRIGHT_"));
            let condition = condition.map(ToString::to_string);
            last.values.push(Value { constant: constant.to_string(), condition, about: sentence(&about) });
        }
    }
    all.retain(|one| !one.values.is_empty());
    all
}

/// The first sentence of a text; of a field, which begins with its type, two.
fn sentence(text: &str) -> String {
    if let Some((kind, more)) = text.split_once(". ").filter(|_| text.starts_with('`') && text.contains("`, a ")) {
        return format!("{kind}. {}", sentence(more));
    }
    let end = text
        .match_indices(". ")
        .find(|(at, _)| text.get(at + 2..).is_some_and(|rest| rest.starts_with(char::is_uppercase)));
    end.and_then(|(at, _)| text.get(..=at)).unwrap_or(text).to_string()
}

/// The names of functions that a C++ header calls or passes on: what is not in comments.
#[cfg(test)]
fn used(source: &str) -> std::collections::BTreeSet<&str> {
    let code = source.lines().filter(|line| !line.trim_start().starts_with(['*', '/', '#']));
    let words = code.flat_map(|line| {
        let line = line.split("/**").next().unwrap_or_default().split(" // ").next().unwrap_or_default();
        line.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
    });
    words.filter(|word| word.starts_with("cardwright_")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place;
    use std::collections::BTreeSet;

    /// The functions that have no face in C++, and why.
    const LEFT_OUT: &[(&str, &str)] = &[("cardwright_text", "a std::string_view knows its length: cardwright::text")];

    fn source() -> String {
        FILES.iter().map(|file| place::read(file).expect(file)).collect()
    }

    #[test]
    fn every_function_has_a_face_in_cpp() {
        let (header, source) = (place::read(header::FILE).expect("the header"), source());
        let declared = header::functions(&header);
        let used = used(&source);
        assert!(declared.len() > 100, "{}", declared.len());
        for name in &declared {
            let left_out = LEFT_OUT.iter().any(|(out, _)| out == name);
            assert_ne!(left_out, used.contains(name.as_str()), "{name}");
        }
        let unknown: Vec<&&str> = used.iter().filter(|name| !declared.iter().any(|known| known == *name)).collect();
        assert!(unknown.is_empty(), "{unknown:?} are not in the header, or by an earlier name");
    }

    #[test]
    fn a_result_and_a_value_come_in_pairs() {
        let source = source();
        let tried: BTreeSet<&str> = source
            .lines()
            .filter(|line| !line.trim_start().starts_with("return "))
            .filter_map(|line| line.split_once(" try_")?.1.split_once('('))
            .map(|(name, _)| name)
            .collect();
        assert!(tried.len() > 80, "{}", tried.len());
        for name in tried {
            // For a parameter of the program's, of whose end the caller is told either way.
            let word = [" ", "!", "("].iter().any(|before| source.contains(&format!("{before}{name}(")));
            assert!(word, "try_{name} has no {name}");
            assert!(source.contains(&format!("try_{name}(")), "{name}");
        }
        for line in source
            .lines()
            .filter(|line| line.trim_start().starts_with("Result<") && line.contains("(") && !line.contains("(*"))
        {
            let name = line.split_once("> ").map(|(_, rest)| rest.split('(').next().unwrap_or_default());
            let inner = line.starts_with("template") || line.contains("operator") || line.contains("Result(");
            let private = [
                "connect", "told", "outcome", "planned", "gives", "may_give", "does", "did", "row", "present", "settle",
            ];
            let fine = name.is_some_and(|name| name.starts_with("try_") || private.contains(&name)) || inner;
            assert!(fine, "returns a result, and is not called try_: {line}");
        }
    }

    #[test]
    fn the_headers_for_cpp_can_each_be_read_at_a_sitting() {
        for file in FILES {
            let lines = place::read(file).expect(file).lines().count();
            assert!((20..700).contains(&lines), "{file}: {lines} lines");
        }
        let folder = std::fs::read_dir(place::root().join("include/cardwright")).expect("the folder");
        assert_eq!(folder.count() + 1, headers().count(), "a header that is not installed");
    }

    const HEADER: &str = "/**\n * How.\n */\ntypedef enum CardwrightNewResult CARDWRIGHT_WIDTH(uint8_t) {\n  /**\n   * It is new. \
                          Yes.\n   */\n  CARDWRIGHT_NEW_RESULT_NEW = 1,\n#if defined(CARDWRIGHT_READER)\n  /**\n   * Read.\n   \
                          */\n  CARDWRIGHT_NEW_RESULT_READ = 0x2,\n#endif\n} CardwrightNewResult;\n";

    #[test]
    fn an_enumeration_is_read_with_its_values() {
        let all = read(HEADER);
        let value = |constant: &str, condition: Option<&str>, about: &str| Value {
            constant: constant.into(),
            condition: condition.map(Into::into),
            about: about.into(),
        };
        let values = vec![
            value("CARDWRIGHT_NEW_RESULT_NEW", None, "It is new."),
            value("CARDWRIGHT_NEW_RESULT_READ", Some("defined(CARDWRIGHT_READER)"), "Read."),
        ];
        assert_eq!(all, [Enumeration { name: "CardwrightNewResult".into(), about: "How.".into(), values }]);
        let text = text(HEADER).expect("it is one");
        assert!(
            text.contains("enum class NewResult : std::uint32_t {\n    new_ = CARDWRIGHT_NEW_RESULT_NEW,"),
            "{text}"
        );
        assert!(text.contains("#if defined(CARDWRIGHT_READER)\n    read = "), "{text}");
        assert!(super::text(&HEADER.replace("RESULT_NEW", "RESUL_NEW")).is_err());
        assert!(super::text("").is_err());
    }

    #[test]
    fn names_in_comments_are_not_used() {
        let source = "/** cardwright_a */\n    call(cardwright_b, 1); /**< cardwright_c */\n// cardwright_d\n";
        assert_eq!(used(source), BTreeSet::from(["cardwright_b"]));
    }
}
