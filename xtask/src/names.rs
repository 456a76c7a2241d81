//! The table of what a function is called in C, C++ and Python, for the book.

mod cpp;
mod python;

use std::fmt::Write as _;

use crate::header;
use crate::run::Out;

/// Functions that have no name of their own in C++, with the reason.
const NOT_IN_CPP: &[(&str, &str)] = &[("cardwright_text", "a `std::string_view` is taken as it is")];

/// The table, by the sections of the header.
///
/// # Errors
///
/// Tells each function that has neither a counterpart nor a reason, and each counterpart that is not declared.
pub(crate) fn table(out: &mut Out) -> Result<String, String> {
    let header = header::text(out)?;
    let functions = header::functions(&header);
    let (in_cpp, in_python) = (cpp::counterparts()?, python::Declared::read()?);
    let earlier = header::renamed(&header);
    let mut wrong: Vec<String> =
        python::idle(&functions).into_iter().map(|name| format!("{name} is no function of C")).collect();
    let mut table = String::new();
    for (title, functions) in sections(&header) {
        let _ = write!(table, "\n## {title}\n\n| C | C++ | Python |\n|---|---|---|\n");
        for function in functions {
            let reason = NOT_IN_CPP.iter().find(|(name, _)| *name == function).map(|(_, why)| (*why).to_string());
            // A header of C++ may go on with an earlier name.
            let names = earlier.iter().filter(|(_, newer)| *newer == function).map(|(earlier, _)| earlier);
            let face = names.chain([&function]).find_map(|name| in_cpp.get(name)).map(|name| format!("`{name}`"));
            let face = reason.or(face).unwrap_or_else(|| {
                wrong.push(format!("{function} has no counterpart in C++"));
                String::new()
            });
            let twin = match python::counterpart(&function) {
                Some(python::In::None(why)) => why.to_string(),
                Some(python::In::Python(names)) => {
                    let gone = names.iter().filter(|name| !in_python.has(name));
                    wrong.extend(gone.map(|name| format!("{function}: {name} is not declared in Python")));
                    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
                }
                None => {
                    wrong.push(format!("{function} has no counterpart in Python: xtask/src/names/python.rs"));
                    String::new()
                }
            };
            let _ = writeln!(table, "| `{function}` | {face} | {twin} |");
        }
    }
    if wrong.is_empty() { Ok(table) } else { Err(wrong.join("; ")) }
}

/// The sections of the header with their functions.
fn sections(header: &str) -> Vec<(String, Vec<String>)> {
    let parts = header.split("\n * @defgroup ").skip(1);
    let named = parts.filter_map(|part| {
        let title = part.lines().next()?.split_once(' ')?.1;
        Some((title.to_string(), header::functions(part)))
    });
    named.filter(|(_, functions)| !functions.is_empty()).collect()
}
