//! Which functions of the core cannot panic, and what programs over it take in flash.
//!
//! `proof/` is a library whose panic handler calls a function that nobody defines. It has a root for
//! each public function of the core, which calls it with whatever there can be. All are linked
//! together. Whatever panic the optimiser could not rule out keeps the call of the handler, and the
//! link fails; then each root is linked alone, to tell which.

mod api;
mod count;
mod flash;
mod link;
mod roots;

use api::Function;
use link::{Library, Linked};

use crate::run::{Done, Out, Stop};
use crate::sysroot::{TARGETS, Toolchain};
use crate::{header, place};

pub(crate) use count::count;
pub(crate) use link::build;
pub(crate) use roots::{FILE, text};

const TARGET: &str = "thumbv7m-none-eabi";

/// The roots of a function that can panic, and of one that allocates.
const PLANTED: &str = "planted::at";
const PLANTED_ALLOCATION: &str = "planted::allocates";

/// Ends of the names of functions that need not be proved, and why. Of each at least one can panic.
const EXEMPT: &[(&str, &str)] = &[
    (" as core::fmt::Debug>::fmt", "what Rust's own library writes of texts and of 64-bit numbers keeps checks"),
    ("base::is_loopback", "Rust's own parser of addresses keeps checks"),
];

/// Links a root of every public function, and every program; prints what was found.
///
/// # Errors
///
/// When a function can panic and is not exempt, when an exemption is not needed, when the planted
/// panic is not found, or when there is nothing to look at. Skipped without the tools.
pub(crate) fn check(record: bool, out: &mut Out) -> Done {
    link::tools()?;
    let tools = Toolchain::find(out)?;
    let functions = api::functions(out)?;
    if place::read(FILE)? != roots::written(&functions) {
        return Err(format!("{FILE} is not as generated; run cargo xtask gen").into());
    }
    let [library] = link::build(&tools, [TARGET], &["functions"], out)?;
    let proved = prove(&library, &functions, out)?;
    if let Linked::Program(_) = library.link(&[PLANTED])? {
        return Err("the planted panic is not found".into());
    }
    out.say("the planted panic is found");
    let (mut in_c, mut proved_c) = (String::new(), Vec::new());
    for set in flash::IN_C {
        let functions = bare_functions(set.defines, out)?;
        let libraries = link::build(&tools, TARGETS, &[&["c"], set.features].concat(), out)?;
        proved_c.push(format!("{} with {}", prove_c(&libraries, &functions, out)?, set.features.join(" and ")));
        // The next build puts its libraries in the same place.
        in_c += &flash::in_c(set, &libraries, &functions, out)?;
    }
    let proved_c = format!("functions in C that neither panic nor allocate: {}", proved_c.join(", "));
    let measured = flash::measure(&tools, &link::build(&tools, TARGETS, &["programs"], out)?, &in_c, record, out)?;
    Ok(format!("{proved}; {proved_c}; {measured}"))
}

/// Links every function of the C library that there is without an operating system, and says how many.
fn prove_c(libraries: &[Library], functions: &[String], out: &mut Out) -> Result<usize, Stop> {
    let roots: Vec<&str> = functions.iter().map(String::as_str).collect();
    for library in libraries {
        if !matches!(library.link(&roots)?, Linked::Program(_)) {
            for name in library.panics(&roots)? {
                let ways = library.ways(name, out)?;
                out.say(format_args!("CAN PANIC OR ALLOCATES  {name}: {ways}"));
            }
            return Err("a function in C can panic or allocates".into());
        }
        let planted = |name| library.link(&[name]);
        match (planted(PLANTED)?, planted(PLANTED_ALLOCATION)?) {
            (Linked::Panics, Linked::Allocates) => {}
            _ => return Err("the planted panic or allocation is not found in C".into()),
        }
    }
    out.say("the planted panic and the planted allocation are found beside the functions in C");
    Ok(functions.len())
}

/// The functions of the C library without an operating system.
fn bare_functions(defines: &[&str], out: &mut Out) -> Result<Vec<String>, String> {
    let functions = header::functions(&header::bare(defines, out)?);
    if functions.is_empty() {
        Err("the header declares nothing without an operating system".into())
    } else {
        Ok(functions)
    }
}

fn prove(library: &Library, functions: &[Function], out: &mut Out) -> Done {
    let names = || functions.iter().map(|function| function.name.as_str());
    let (exempt, wanted): (Vec<&str>, Vec<&str>) =
        names().partition(|name| EXEMPT.iter().any(|(end, _)| name.ends_with(end)));
    if wanted.is_empty() {
        return Err("no public function to look at".into());
    }
    if !matches!(library.link(&wanted)?, Linked::Program(_)) {
        let panics = library.panics(&wanted)?;
        for name in &panics {
            let ways = library.ways(name, out)?;
            out.say(format_args!("CAN PANIC  {name}: {ways}"));
        }
        let which = if panics.is_empty() { "all together, none alone".into() } else { panics.join(", ") };
        return Err(format!("can panic: {which}").into());
    }
    let unproved = library.panics(&exempt)?;
    for (end, why) in EXEMPT {
        let of = |names: &[&str]| names.iter().filter(|name| name.ends_with(end)).count();
        out.say(format_args!("not proved: {} of {} functions *{end}: {why}", of(&unproved), of(&exempt)));
        if of(&unproved) == 0 {
            return Err(format!("the exemption of {end} is not needed").into());
        }
    }
    let proved = functions.len() - unproved.len();
    Ok(format!("of {} public functions {proved} cannot panic, {} are exempt", functions.len(), unproved.len()))
}
