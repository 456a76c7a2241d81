//! What stands around the declarations: the conventions, the index, and what is defined before anything is declared.

use crate::shape;

/// The file with the version of all crates.
const WORKSPACE: &str = "Cargo.toml";

const FEATURES: &str = "
#if !defined(CARDWRIGHT_BARE)
/**
 * There is an operating system.
 */
#define CARDWRIGHT_HOSTED
#if !defined(CARDWRIGHT_NO_CLIENT)
/**
 * The library has clients.
 */
#define CARDWRIGHT_CLIENT
#endif
#if !defined(CARDWRIGHT_NO_READER)
/**
 * The library has readers.
 */
#define CARDWRIGHT_READER
#endif
#endif
";

const OPENED: &str = "
#ifdef __cplusplus
extern \"C\" {
#endif
";

const CLOSED: &str = "
#ifdef __cplusplus
}
#endif

#endif /* CARDWRIGHT_H */
";

/// The whole header.
///
/// # Errors
///
/// When the version of the crates cannot be read.
pub(crate) fn around(conventions: &str, index: &str, body: &str) -> Result<String, String> {
    let conventions = conventions.trim();
    let index = format!("/*\n * INDEX\n{index} */");
    let guard = "#ifndef CARDWRIGHT_H\n#define CARDWRIGHT_H\n\n#include <stddef.h>\n#include <stdint.h>\n";
    let version = version()?;
    Ok([conventions, "\n\n", &index, "\n\n", guard, FEATURES, shape::MACROS, &version, OPENED, body, CLOSED].concat())
}

/// The macros of the version.
fn version() -> Result<String, String> {
    let text = std::fs::read_to_string(WORKSPACE).map_err(|error| format!("{WORKSPACE}: {error}"))?;
    let of = text.split_once("[workspace.package]\n").and_then(|(_, rest)| rest.strip_prefix("version = \""));
    let version = of.and_then(|rest| rest.split_once('"')).map(|(version, _)| version);
    let numbers: Vec<u32> = version.unwrap_or_default().split('.').filter_map(|number| number.parse().ok()).collect();
    let [major, minor, patch] = numbers[..] else { return Err(format!("{WORKSPACE}: no version of three numbers")) };
    Ok(format!(
        "
/**
 * The version of this header. That of the library that the program runs with is cardwright_version().
 */
#define CARDWRIGHT_VERSION_MAJOR {major}

/**
 * The second number of the version.
 */
#define CARDWRIGHT_VERSION_MINOR {minor}

/**
 * The third number of the version.
 */
#define CARDWRIGHT_VERSION_PATCH {patch}

/**
 * Whether this header is of that version or a later one, for `#if`.
 */
#define CARDWRIGHT_VERSION_AT_LEAST(major, minor, patch) \\
  (CARDWRIGHT_VERSION_MAJOR > (major) || \\
   (CARDWRIGHT_VERSION_MAJOR == (major) && \\
    (CARDWRIGHT_VERSION_MINOR > (minor) || \\
     (CARDWRIGHT_VERSION_MINOR == (minor) && CARDWRIGHT_VERSION_PATCH >= (patch)))))
"
    ))
}
