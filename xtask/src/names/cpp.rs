//! Which class and method of the C++ headers a function of C is called in.
//!
//! The counterpart of a function is the method or function of C++ in whose body its name stands; `try_find` is named as
//! `find`. What only helps others, in a namespace `detail`, counts if nothing else does.

use std::collections::BTreeMap;

use crate::place;

/// The folder with the headers.
const FOLDER: &str = "include";

/// The counterpart of each function.
///
/// # Errors
///
/// When a header cannot be read.
pub(super) fn counterparts() -> Result<BTreeMap<String, String>, String> {
    let mut files = Vec::new();
    for folder in [place::root().join(FOLDER), place::root().join(FOLDER).join("cardwright")] {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            files.extend(Some(entry.path()).filter(|path| path.extension().is_some_and(|end| end == "hpp")));
        }
    }
    files.sort();
    let mut found = Found::default();
    for file in &files {
        found.add(&std::fs::read_to_string(file).map_err(place::at(file))?);
    }
    found.helpers.extend(found.faces);
    Ok(found.helpers)
}

#[derive(Debug, Default)]
struct Found {
    faces: BTreeMap<String, String>,
    helpers: BTreeMap<String, String>,
}

/// What a pair of braces is the body of.
#[derive(Debug, Clone, PartialEq)]
enum Body {
    Namespace(String),
    Class(String),
    Function(String),
    Other,
}

impl Found {
    /// Reads a header: what stands before a brace says what it is the body of.
    fn add(&mut self, text: &str) {
        let mut bodies: Vec<Body> = Vec::new();
        let (mut head, mut brackets) = (String::new(), 0_usize);
        for c in without_comments(text).chars() {
            match c {
                '(' => brackets += 1,
                ')' => brackets = brackets.saturating_sub(1),
                _ => {}
            }
            match c {
                // Braces among parameters and arguments end nothing.
                '{' | '}' | ';' if brackets > 0 => head.push(' '),
                '{' => {
                    bodies.push(body(&head, &bodies));
                    self.uses(&head, &bodies);
                    head.clear();
                }
                '}' => {
                    self.uses(&head, &bodies);
                    bodies.pop();
                    head.clear();
                }
                ';' => {
                    self.uses(&head, &bodies);
                    head.clear();
                }
                c => head.push(c),
            }
        }
    }

    /// Takes the functions of C that stand in a piece of code.
    fn uses(&mut self, code: &str, bodies: &[Body]) {
        let names = code.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        for name in names.filter(|name| name.starts_with("cardwright_")) {
            let classes = bodies.iter().filter_map(|body| match body {
                Body::Class(name) => Some(name.as_str()),
                _ => None,
            });
            let function = bodies.iter().find_map(|body| match body {
                Body::Function(name) => Some(name.trim_start_matches("try_").to_string()),
                _ => None,
            });
            let mut path: Vec<&str> = classes.collect();
            // A class names in its head what frees its objects.
            let last = match (&function, path.last()) {
                (Some(function), Some(class)) if function == class => None,
                (Some(function), _) => Some(function.clone()),
                (None, Some(class)) => Some(format!("~{class}")),
                (None, None) => continue,
            };
            path.extend(last.as_deref());
            let inner = |body: &Body| matches!(body, Body::Namespace(name) if name.contains("detail"));
            let list = if bodies.iter().any(inner) { &mut self.helpers } else { &mut self.faces };
            list.entry(name.to_string()).or_insert_with(|| path.join("::"));
        }
    }
}

/// What a brace behind this is the body of.
fn body(head: &str, bodies: &[Body]) -> Body {
    // Within a function nothing is declared that has a name outside.
    if bodies.iter().any(|body| matches!(body, Body::Function(_))) {
        return Body::Other;
    }
    let words: Vec<&str> =
        head.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
    let before = head.split('(').next().unwrap_or_default();
    let name = |kind: &str| {
        let at = words.iter().position(|word| *word == kind)?;
        words.get(at + 1).map(|name| (*name).to_string())
    };
    if words.first() == Some(&"namespace") {
        return Body::Namespace(head.trim().trim_start_matches("namespace").trim().to_string());
    }
    if !head.contains('(') || before.contains(" : ") {
        let class = ["class", "struct"].iter().find_map(|kind| name(kind));
        // The parameters of a template are classes too.
        let class = match head.trim_start().starts_with("template") {
            true => head.rsplit_once('>').and_then(|(_, rest)| {
                let mut words = rest.split_whitespace();
                words.next().filter(|kind| ["class", "struct"].contains(kind))?;
                words.next().map(String::from)
            }),
            false => class,
        };
        return class.map_or(Body::Other, Body::Class);
    }
    // Outside its class a method has the name of the class before its own.
    let function =
        before.split(|c: char| !c.is_ascii_alphanumeric() && !"_:".contains(c)).rfind(|word| !word.is_empty());
    function.map_or(Body::Other, |name| Body::Function(name.replace("::try_", "::")))
}

/// The code: no comments, no lines of the preprocessor, no texts.
fn without_comments(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/*") {
        out += before;
        rest = after.split_once("*/").map_or("", |(_, rest)| rest);
    }
    out += rest;
    let lines = out.lines().filter(|line| !line.trim_start().starts_with('#'));
    let lines = lines.map(|line| line.split_once("//").map_or(line, |(code, _)| code));
    let code: Vec<&str> = lines.collect();
    // Every second part stands between quotes.
    let code = code.join("\n").replace("'\"'", "").replace("'{'", "").replace("'}'", "").replace("';'", "");
    code.split('"').step_by(2).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "namespace cardwright {\nnamespace detail {\ninline int a() { return cardwright_last_error(1); }\n}\n/** cardwright_gone(). */\nclass Car : public Handle<CardwrightCar, cardwright_car_free> {\npublic:\n    explicit Car(int x) : Car(given<Car>(cardwright_car_new, &x)) {}\n    Result<int> try_drive() const { if (x) { return does(cardwright_car_drive, get()); } }\n    Result<int> try_stop(Where where = {}) { return did(cardwright_car_stop, [] { return 1; }); }\n    int drive() const { return try_drive().value(); }\n};\ninline Result<int> Car::try_wash() { return does(cardwright_car_wash); }\ntemplate <typename E> std::string name_of(E value) { return cardwright_name(\"{\", value); }\n}\n";

    #[test]
    fn a_function_belongs_to_the_method_that_calls_it() {
        let mut found = Found::default();
        found.add(TEXT);
        let faces: Vec<(&str, &str)> = found.faces.iter().map(|(c, cpp)| (c.as_str(), cpp.as_str())).collect();
        assert_eq!(
            faces,
            [
                ("cardwright_car_drive", "Car::drive"),
                ("cardwright_car_free", "Car::~Car"),
                ("cardwright_car_new", "Car"),
                ("cardwright_car_stop", "Car::stop"),
                ("cardwright_car_wash", "Car::wash"),
                ("cardwright_name", "name_of"),
            ]
        );
        assert_eq!(found.helpers.get("cardwright_last_error").map(String::as_str), Some("a"));
    }
}
