//! How others find the library: the files for pkg-config and CMake.

use std::path::{Component, Path};

use super::name::{SHARED, SONAME, VERSION};
use super::options::Options;
use super::tools::Tools;

const PKG_CONFIG: &str = include_str!("../../../ffi/packaging/cardwright.pc.in");
const CMAKE: &str = include_str!("../../../ffi/packaging/cardwrightConfig.cmake.in");
const CMAKE_VERSION: &str = include_str!("../../../ffi/packaging/cardwrightConfigVersion.cmake.in");

/// The texts of the files.
pub(super) struct Packages {
    pub(super) pkg_config: String,
    pub(super) cmake: String,
    pub(super) cmake_version: String,
}

/// A library of the system that has a file for pkg-config of its own: as the linker names it, and as that does.
const PACKAGED: (&str, &str) = ("-lpcsclite", "libpcsclite");

/// Writes them for what is installed.
pub(super) fn of(options: &Options, tools: &Tools, native: &[String]) -> Packages {
    let (packaged, plain): (Vec<&String>, Vec<&String>) = native.iter().partition(|name| *name == PACKAGED.0);
    let words = |names: &[&String]| names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(" ");
    let libraries: Vec<&str> = native.iter().map(|name| name.trim_start_matches("-l")).collect();
    let definitions: Vec<String> = options.defines().iter().map(|define| define.replace("-D", "")).collect();
    let yes = |whether: bool| if whether { "TRUE" } else { "FALSE" };
    let requires = if packaged.is_empty() { String::new() } else { format!("Requires.private: {}\n", PACKAGED.1) };
    let put = |text: &str| {
        text.replace("@VERSION@", VERSION)
            .replace("@SONAME@", SONAME)
            .replace("@SHARED@", SHARED)
            .replace("@REQUIRES@\n", &requires)
            .replace("@PRIVATE@", &words(&plain))
            .replace("@DEFINES@", &options.defines().iter().map(|define| format!(" {define}")).collect::<String>())
            .replace("@DEFINITIONS@", &definitions.join(";"))
            .replace("@LIBRARIES@", &libraries.join(";"))
            .replace("@POINTER@", &tools.pointer.to_string())
            .replace("@BITS@", &(tools.pointer * 8).to_string())
            .replace("@STATIC@", yes(options.has("static")))
            .replace("@CLIENT@", yes(options.has("client")))
            .replace("@READER@", yes(options.has("reader")))
            .replace("@FROM_CMAKE@", &up(&options.libdir, 2).unwrap_or_default())
            .replace("@PREFIX@", &prefix(options))
            .replace("@LIBDIR@", &beneath(&options.libdir, "${prefix}"))
            .replace("@INCLUDEDIR@", &beneath(&options.includedir, "${prefix}"))
            .replace("@CMAKE_INCLUDEDIR@", &beneath(&options.includedir, "${_cardwright_prefix}"))
    };
    Packages { pkg_config: put(PKG_CONFIG), cmake: put(CMAKE), cmake_version: put(CMAKE_VERSION) }
}

/// The prefix for pkg-config: found from where the file lies, if that is below the prefix.
fn prefix(options: &Options) -> String {
    match up(&options.libdir, 1).filter(|_| !options.fixed) {
        Some(up) => format!("${{pcfiledir}}{up}"),
        None => options.folders.prefix.display().to_string(),
    }
}

/// The steps from a folder that is so much deeper than `libdir` to the prefix. None if that is not above it.
fn up(libdir: &Path, deeper: usize) -> Option<String> {
    let steps = libdir.components().filter(|part| matches!(part, Component::Normal(_))).count();
    (!libdir.is_absolute()).then(|| "/..".repeat(steps + deeper))
}

/// A folder of the prefix by the name that the prefix has there.
fn beneath(folder: &Path, prefix: &str) -> String {
    if folder.is_absolute() { folder.display().to_string() } else { format!("{prefix}/{}", folder.display()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place;

    #[test]
    fn cargo_c_would_install_the_same_names() {
        let metadata = ["metadata", "--no-deps", "--format-version=1", "--locked"];
        let output = place::cargo(&metadata).output().expect("cargo runs");
        let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let packages = metadata["packages"].as_array().expect("packages");
        let ffi = packages.iter().find(|package| package["name"] == "cardwright-ffi").expect("the crate");
        assert!(ffi["features"]["capi"].is_array());
        let capi = &ffi["metadata"]["capi"];
        assert_eq!(capi["library"]["name"], "cardwright");
        let components = capi["library"]["version_suffix_components"].as_u64().and_then(|n| usize::try_from(n).ok());
        let suffix: Vec<&str> = VERSION.split('.').take(components.expect("a number")).collect();
        assert_eq!(format!("libcardwright.so.{}", suffix.join(".")), SONAME);
        assert_eq!(format!("{}.pc", capi["pkg_config"]["filename"].as_str().expect("a name")), "cardwright.pc");
        assert!(
            PKG_CONFIG
                .contains(&format!("Description: {}\n", capi["pkg_config"]["description"].as_str().expect("words")))
        );
        assert!(PKG_CONFIG.contains(&format!("Name: {}\n", capi["pkg_config"]["name"].as_str().expect("a name"))));
        let headers: Vec<&str> = capi["install"]["include"]["asset"]
            .as_array()
            .expect("headers")
            .iter()
            .filter_map(|asset| asset["from"].as_str())
            .collect();
        assert_eq!(headers, ["../include/cardwright.h", "../include/cardwright.hpp", "../include/cardwright/*.hpp"]);
        assert_eq!(capi["install"]["include"]["asset"][2]["to"].as_str(), Some("cardwright"));
    }
}
