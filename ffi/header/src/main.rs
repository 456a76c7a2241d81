//! Writes the C header to its standard output. `cargo xtask gen` runs it from the root of the repository.
//!
//! Functions, structures and enumerations are cbindgen's, from `ffi` and the enumerations of `core`. What it does not
//! see is added, and all of it put into the order in which a program has use of it.

mod block;
mod comment;
mod core_enumerations;
mod earlier;
mod layout;
mod prelude;
mod section;
mod shape;

use std::process::ExitCode;

fn main() -> ExitCode {
    match header() {
        Ok(header) => {
            print!("{header}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn header() -> Result<String, String> {
    let mut config = cbindgen::Config::from_file("ffi/header/cbindgen.toml")?;
    let conventions = config.header.take().unwrap_or_default();
    config.export.rename.extend(shape::numbers()?);
    let plain = core_enumerations::plain_enumerations()?;
    let bindings = cbindgen::Builder::new().with_crate("ffi").with_src(plain).with_config(config).generate();
    let mut bytes = Vec::new();
    bindings.map_err(|error| error.to_string())?.write(&mut bytes);
    let text = String::from_utf8(bytes).map_err(|error| error.to_string())? + &core_enumerations::fields()?;
    // The name of the product is one word.
    let text = text.replace("CERTI_FLOW", "CERTIFLOW");
    // A member for hosted programs ends within the condition, and those that follow each other share one.
    let text = text.replace("\n#endif\n  ;", ";\n#endif");
    let text = text.replace(";\n#endif\n#if defined(CARDWRIGHT_HOSTED)\n  /**", ";\n  /**");
    let text = shape::shaped(&text);
    let kinds =
        text.lines().filter_map(|line| line.strip_prefix("typedef enum ").or(line.strip_prefix("typedef struct ")));
    if let Some(foreign) = kinds.into_iter().find(|name| !name.starts_with("Cardwright")) {
        return Err(format!("{foreign}: name it in `rename` of cbindgen.toml, or in `exclude`"));
    }
    let ours: Vec<&str> = text.split("\n\n").filter(|block| !is_foreign(block) && !shape::is_alias(block)).collect();
    let ours = ours.join("\n\n");
    let lines = comment::in_words(&ours).into_iter().map(comment::in_c);
    let blocks = block::blocks(&lines.map(|line| line.trim_end().to_string() + "\n").collect::<String>())?;
    let layout = layout::Layout::of(&blocks)?;
    let body = layout.text((shape::ASSERTED, &shape::assertion())) + &earlier::text(&blocks)?;
    prelude::around(&conventions, &layout.index(), &body)
}

/// Whether a block is a constant that stands in one of core's types.
fn is_foreign(block: &str) -> bool {
    let name = block.lines().last().and_then(|line| line.strip_prefix("#define "));
    name.is_some_and(|name| !name.starts_with("CARDWRIGHT_"))
}
