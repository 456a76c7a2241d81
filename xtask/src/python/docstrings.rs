//! The docstrings of the stubs, written from the doc comments of the Rust that is compiled into the extension modules.
//!
//! Rust is read as tokens: a class, its parts and its methods look the same within `pickled!` as outside. Of `value!`, the
//! first line of a class is known by its `from`. What the stub alone has, such as a protocol, keeps its docstring.

use std::collections::BTreeMap;
use std::path::Path;

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};
use syn::LitStr;

use super::text::CLASSES;
use crate::place;

/// The stub of the extension module `_cardwright`, with the docstrings of its Rust.
///
/// # Errors
///
/// As [`rewritten`].
pub(crate) fn cardwright(stub: &str) -> Result<String, String> {
    of_folder("python/src", stub)
}

/// The stub of the extension module of the readers.
///
/// # Errors
///
/// As [`rewritten`].
pub(crate) fn readers(stub: &str) -> Result<String, String> {
    of_folder("python/reader/src", stub)
}

/// The file of that stub.
pub(crate) const READERS: &str = "python/cardwright/_reader.pyi";

fn of_folder(folder: &str, stub: &str) -> Result<String, String> {
    let mut docs = Docs::default();
    docs.read_below(&place::root().join(folder))?;
    let docs = docs.in_python();
    match docs.texts.is_empty() {
        true => Err(format!("{folder}: no class with a doc comment")),
        false => rewritten(stub, &docs),
    }
}

/// The doc comments of what Python sees.
#[derive(Debug, Default)]
struct Docs {
    /// By the name of the class and that of its member. Either may be empty: a function of the module, a class, the module.
    texts: BTreeMap<(String, String), String>,
    /// The name in Python of each class, by that in Rust.
    renamed: BTreeMap<String, String>,
}

/// What stands before a thing: its doc comment, and what its attributes say of it.
#[derive(Debug, Default)]
struct Before {
    doc: Vec<String>,
    words: Vec<String>,
    /// The name in Python, where it is another one.
    name: Option<String>,
}

impl Before {
    /// Takes an attribute in.
    fn add(&mut self, attribute: &Group) {
        let tokens: Vec<TokenTree> = attribute.stream().into_iter().collect();
        match tokens.as_slice() {
            [TokenTree::Ident(doc), TokenTree::Punct(_), TokenTree::Literal(line)] if doc == "doc" => {
                let line = syn::parse2::<LitStr>(TokenTree::from(line.clone()).into());
                let line = line.map(|line| line.value()).unwrap_or_default();
                self.doc.push(line.strip_prefix(' ').unwrap_or(&line).trim_end().into());
            }
            [.., TokenTree::Ident(word), TokenTree::Group(arguments)] => {
                self.words.push(word.to_string());
                self.arguments(arguments.stream());
            }
            [.., TokenTree::Ident(word)] => self.words.push(word.to_string()),
            _ => {}
        }
    }

    fn arguments(&mut self, arguments: TokenStream) {
        let tokens: Vec<TokenTree> = arguments.into_iter().collect();
        for three in tokens.windows(3) {
            if let [TokenTree::Ident(word), TokenTree::Punct(_), TokenTree::Literal(name)] = three
                && word == "name"
            {
                let name = syn::parse2::<LitStr>(TokenTree::from(name.clone()).into());
                self.name = name.ok().map(|name| name.value());
            }
        }
    }

    fn has(&self, word: &str) -> bool {
        self.words.iter().any(|of| of == word)
    }

    fn text(&self) -> String {
        self.doc.join("\n").trim().into()
    }
}

impl Docs {
    fn read_below(&mut self, folder: &Path) -> Result<(), String> {
        for entry in std::fs::read_dir(folder).map_err(place::at(folder))? {
            let path = entry.map_err(place::at(folder))?.path();
            if path.is_dir() {
                self.read_below(&path)?;
            } else if !path.ends_with(CLASSES) {
                let text = std::fs::read_to_string(&path).map_err(place::at(&path))?;
                self.read(text.parse().map_err(|error| format!("{}: {error}", path.display()))?);
            }
        }
        Ok(())
    }

    /// The same, by the names that the classes have in Python.
    fn in_python(self) -> Self {
        let Docs { texts, renamed } = self;
        let name = |class: String| renamed.get(&class).cloned().unwrap_or(class);
        let texts = texts.into_iter().map(|((class, member), text)| ((name(class), member), text)).collect();
        Docs { texts, renamed }
    }

    /// Reads items: of a file, of a module, of what is given to a macro.
    fn read(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        let mut before = Before::default();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Punct(hash) if hash.as_char() == '#' => {
                    if let Some(TokenTree::Group(attribute)) =
                        tokens.next_if(|next| matches!(next, TokenTree::Group(_)))
                    {
                        before.add(&attribute);
                    }
                }
                TokenTree::Punct(end) if end.as_char() == ';' => before = Before::default(),
                TokenTree::Ident(word) if word == "macro_rules" => {
                    let _ = tokens.by_ref().find(|token| matches!(token, TokenTree::Group(_)));
                }
                TokenTree::Ident(word) if word == "struct" || word == "enum" || word == "mod" || word == "fn" => {
                    if let Some(TokenTree::Ident(name)) = tokens.next() {
                        let body = tokens.by_ref().find(is_end);
                        self.item(&word.to_string(), &name.to_string(), &std::mem::take(&mut before), body);
                    }
                }
                TokenTree::Ident(word) if word == "impl" => {
                    let (mut class, mut body) = (String::new(), None);
                    for token in tokens.by_ref() {
                        match token {
                            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                                body = Some(group);
                                break;
                            }
                            TokenTree::Ident(name) if class.is_empty() => class = name.to_string(),
                            _ => {}
                        }
                    }
                    if let (true, Some(body)) = (std::mem::take(&mut before).has("pymethods"), body) {
                        self.methods(&class, body.stream());
                    }
                }
                // `value!`: the class, and behind it what it is made from.
                TokenTree::Ident(name) if matches!(tokens.peek(), Some(TokenTree::Ident(next)) if next == "from") => {
                    let body = tokens.by_ref().find(is_end);
                    before.words.push("pyclass".into());
                    self.item("struct", &name.to_string(), &std::mem::take(&mut before), body);
                }
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                    self.read(group.stream());
                    before = Before::default();
                }
                _ => {}
            }
        }
    }

    /// Takes an item in, if Python sees it.
    fn item(&mut self, word: &str, rust: &str, before: &Before, body: Option<TokenTree>) {
        let name = before.name.clone().unwrap_or_else(|| rust.into());
        let keep = match word {
            "fn" => before.has("pyfunction").then(|| (String::new(), name)),
            "mod" => before.has("pymodule").then(<(String, String)>::default),
            _ => before.has("pyclass").then(|| {
                self.renamed.insert(rust.into(), name);
                (rust.into(), String::new())
            }),
        };
        if let Some(key) = keep {
            let class = key.0.clone();
            self.texts.insert(key, before.text());
            if let (false, Some(TokenTree::Group(body))) = (class.is_empty(), body) {
                self.parts(&class, body.stream());
            }
        } else if let ("mod", false, Some(TokenTree::Group(body))) = (word, before.has("cfg"), body) {
            self.read(body.stream());
        }
    }

    /// Reads the parts of a class: a doc comment, a name, `:`.
    fn parts(&mut self, class: &str, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        let mut before = Before::default();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Punct(hash) if hash.as_char() == '#' => {
                    if let Some(TokenTree::Group(attribute)) = tokens.next() {
                        before.add(&attribute);
                    }
                }
                TokenTree::Ident(name) => {
                    let is_part = matches!(tokens.peek(), Some(TokenTree::Punct(colon))
                        if colon.as_char() == ':' && colon.spacing() == Spacing::Alone);
                    if is_part && !before.doc.is_empty() {
                        let name = before.name.take().unwrap_or_else(|| name.to_string());
                        // A method of this name is what Python sees.
                        self.texts.entry((class.into(), name)).or_insert(before.text());
                        before = Before::default();
                    }
                }
                _ => {}
            }
        }
    }

    /// Reads the methods of a class.
    fn methods(&mut self, class: &str, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        let mut before = Before::default();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Punct(hash) if hash.as_char() == '#' => {
                    if let Some(TokenTree::Group(attribute)) = tokens.next() {
                        before.add(&attribute);
                    }
                }
                TokenTree::Ident(word) if word == "fn" => {
                    if let Some(TokenTree::Ident(name)) = tokens.next()
                        && !before.has("new")
                    {
                        let name = before.name.take().unwrap_or_else(|| name.to_string());
                        let name = name.strip_prefix("r#").unwrap_or(&name);
                        self.texts.insert((class.into(), name.into()), before.text());
                    }
                    before = Before::default();
                    let _ = tokens
                        .by_ref()
                        .find(|token| matches!(token, TokenTree::Group(body) if body.delimiter() == Delimiter::Brace));
                }
                _ => {}
            }
        }
    }
}

/// Whether an item ends here: its body, or a semicolon.
fn is_end(token: &TokenTree) -> bool {
    match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(end) => end.as_char() == ';',
        _ => false,
    }
}

/// The stub with these docstrings.
///
/// # Errors
///
/// Where the stub documents a member of a class that Rust knows, and Rust does not.
fn rewritten(stub: &str, docs: &Docs) -> Result<String, String> {
    let mut lines = stub.lines().peekable();
    let (mut out, mut class, mut seen) = (Vec::<String>::new(), String::new(), Vec::new());
    if let Some(text) = docs.texts.get(&Default::default()) {
        let _ = docstring(&mut lines);
        out.extend(quoted(text, ""));
    }
    while let Some(line) = lines.next() {
        let indent = line.get(..line.len() - line.trim_start().len()).unwrap_or_default();
        let Some((kind, name)) = declared(line.trim_start()).filter(|_| indent.len() <= 4) else {
            out.push(line.into());
            continue;
        };
        let mut head = vec![line.to_string()];
        while !is_whole(&head) {
            head.extend(lines.next().map(String::from));
        }
        let key = match (kind, indent.is_empty()) {
            (Kind::Class, _) => {
                class = name.into();
                (class.clone(), String::new())
            }
            (_, true) => (String::new(), name.into()),
            (_, false) => (class.clone(), name.into()),
        };
        let before = docstring(&mut lines);
        let is_known = key.0.is_empty() || docs.texts.contains_key(&(key.0.clone(), String::new()));
        let text = docs.texts.get(&key).filter(|text| !text.is_empty() && !seen.contains(&key));
        let inner = if kind == Kind::Value { indent.to_string() } else { format!("{indent}    ") };
        match text {
            Some(text) => {
                if let Some(last) = head.last_mut() {
                    *last = last.trim_end_matches(" ...").into();
                }
                out.append(&mut head);
                out.extend(quoted(text, &inner));
            }
            None if before.is_empty() => out.append(&mut head),
            None if is_known && (kind != Kind::Value || !key.0.is_empty()) => {
                return Err(format!("{}.{}: the stub has a docstring, and Rust no doc comment", key.0, key.1));
            }
            None => out.extend(head.into_iter().chain(before)),
        }
        seen.push(key);
    }
    Ok(out.join("\n") + "\n")
}

/// What a line of a stub declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Class,
    Function,
    Value,
}

/// What a line declares, and its name.
fn declared(line: &str) -> Option<(Kind, &str)> {
    let word = |rest: &'_ str| rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let (kind, rest) = match (line.strip_prefix("class "), line.strip_prefix("def ")) {
        (Some(rest), _) => (Kind::Class, rest),
        (_, Some(rest)) => (Kind::Function, rest),
        _ => (Kind::Value, line),
    };
    let (name, after) = rest.split_at_checked(word(rest))?;
    let is_declared = kind != Kind::Value || after.starts_with(": ");
    (is_declared && !name.is_empty()).then_some((kind, name))
}

/// Whether the brackets of a declaration are closed.
fn is_whole(head: &[String]) -> bool {
    let count = |open: char, close: char| {
        let characters = head.iter().flat_map(|line| line.chars());
        characters.fold(0_i32, |depth, c| depth + i32::from(c == open) - i32::from(c == close))
    };
    count('(', ')') <= 0 && count('[', ']') <= 0
}

/// Takes the docstring that comes next, if one does.
fn docstring<'a>(lines: &mut std::iter::Peekable<impl Iterator<Item = &'a str>>) -> Vec<String> {
    let begins = |line: &&str| line.trim_start().trim_start_matches('r').starts_with(QUOTES);
    let Some(first) = lines.next_if(begins) else { return Vec::new() };
    let mut taken = vec![first.to_string()];
    if first.matches(QUOTES).count() < 2 {
        for line in lines.by_ref() {
            taken.push(line.into());
            if line.contains(QUOTES) {
                break;
            }
        }
    }
    taken
}

/// What begins and ends a docstring.
const QUOTES: &str = "\"\"\"";

/// A docstring, line by line.
fn quoted(text: &str, indent: &str) -> Vec<String> {
    let raw = if text.contains('\\') { "r" } else { "" };
    let mut lines: Vec<String> =
        text.lines().map(|line| if line.is_empty() { String::new() } else { format!("{indent}{line}") }).collect();
    if let Some(first) = lines.first_mut() {
        *first = format!("{indent}{raw}{QUOTES}{}", first.trim_start());
    }
    match lines.last_mut() {
        Some(last) if !text.contains("\n\n") && !text.ends_with('"') => last.push_str(QUOTES),
        _ => lines.push(format!("{indent}{QUOTES}")),
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUST: &str = r##"
        //! A file.
        macro_rules! shape { ($(#[$doc:meta])* struct $name:ident) => { struct No; } }
        /// A box.
        ///
        /// Of `one\two`.
        #[pyclass(frozen, name = "Box")]
        pub(crate) struct Case<'a> {
            /// How wide.
            #[pyo3(get)]
            pub(crate) width: Vec<(u8, crate::Deep)>,
            /// What nobody sees.
            lid: u8,
            plain: u8,
        }
        impl Case { /// Not seen.
            fn hidden(&self) {} }
        #[pymethods]
        impl Case {
            /// Not a method.
            #[new]
            fn new() -> Self { Case }
            /// What is on it.
            #[getter]
            fn lid(&self) -> PyResult<()> { fn inner() {} }
            fn __len__(&self) -> usize { 0 }
        }
        value! {
            /// A size.
            Size from Core<'_> as size {
                /// In millimetres.
                height: u8 = size.height(),
                depth: u8 = 0,
            }
        }
        /// Runs.
        #[pyfunction(name = "run")]
        fn run_it() {}
        /// The module.
        #[pyo3::pymodule(gil_used = false)]
        mod _boxes { fn init() {} }
    "##;

    fn docs() -> Docs {
        let mut docs = Docs::default();
        docs.read(RUST.parse().expect("it is Rust"));
        docs.in_python()
    }

    #[test]
    fn what_python_sees_is_found() {
        let texts = docs().texts;
        let of = |class: &str, member: &str| texts.get(&(class.into(), member.into())).map(String::as_str);
        assert_eq!(of("", ""), Some("The module."));
        assert_eq!(of("", "run"), Some("Runs."));
        assert_eq!(of("Box", ""), Some("A box.\n\nOf `one\\two`."));
        assert_eq!(of("Box", "width"), Some("How wide."));
        assert_eq!(of("Box", "lid"), Some("What is on it."));
        assert_eq!(of("Box", "__len__"), Some(""));
        assert_eq!(of("Size", "height"), Some("In millimetres."));
        for (class, member) in [("Box", "new"), ("Box", "hidden"), ("Box", "plain"), ("Size", "depth"), ("No", "")] {
            assert_eq!(of(class, member), None, "{class}.{member}");
        }
    }

    #[test]
    fn docstrings_are_put_in_and_changed() {
        let stub = "\"\"\"Old.\"\"\"\n\nclass Box:\n    width: int\n    @property\n    def lid(\n        self, of: str\n    ) -> str: ...\n\
            \x20   def __len__(self) -> int: ...\n\nclass Own:\n    \"\"\"Kept.\"\"\"\n\ndef run() -> int:\n    \"\"\"Old\n    text.\"\"\"\n";
        let new = rewritten(stub, &docs()).expect("all is known");
        let right = "\"\"\"The module.\"\"\"\n\nclass Box:\n    r\"\"\"A box.\n\n    Of `one\\two`.\n    \"\"\"\n    width: int\n\
            \x20   \"\"\"How wide.\"\"\"\n    @property\n    def lid(\n        self, of: str\n    ) -> str:\n        \"\"\"What is on it.\"\"\"\n\
            \x20   def __len__(self) -> int: ...\n\nclass Own:\n    \"\"\"Kept.\"\"\"\n\ndef run() -> int:\n    \"\"\"Runs.\"\"\"\n";
        assert_eq!(new, right);
        assert_eq!(rewritten(&new, &docs()).as_deref(), Ok(right));
    }

    #[test]
    fn a_docstring_that_rust_does_not_know_is_refused() {
        let stub = "class Box:\n    def __len__(self) -> int:\n        \"\"\"Its length.\"\"\"\n";
        assert!(rewritten(stub, &docs()).is_err());
    }
}
