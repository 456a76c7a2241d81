//! `cargo xtask install`: the C library as others find it.
//!
//! Headers, the static library, the shared one with its soname and its debug information, a file for
//! pkg-config, a package for CMake, the licences of what is linked in, and a list of all that, by which
//! `cargo xtask uninstall` removes it.

mod compile;
mod files;
mod link;
mod name;
mod notices;
mod options;
mod packages;
mod tools;

pub(crate) mod bare;

use std::path::{Path, PathBuf};

pub(crate) use self::name::{SHARED, SONAME};
pub(crate) use self::options::{Debug, Options, Order};

use self::files::{Content, File};
use self::tools::Tools;
use crate::run::{Done, Out, Stop};
use crate::{cpp, header, place};

/// Does what the words after `cargo xtask install` or `uninstall` ask for.
///
/// # Errors
///
/// When something cannot be compiled, linked, written or removed.
pub(crate) fn order(order: &Order, out: &mut Out) -> Done {
    match order {
        Order::Help => Ok(options::HELP.trim_end().into()),
        Order::Install(options) => run(options, out),
        Order::Uninstall { folders, dry } => files::remove(folders, *dry, out),
    }
}

/// Compiles and installs.
///
/// # Errors
///
/// When something cannot be compiled, linked or written.
pub(crate) fn run(options: &Options, out: &mut Out) -> Done {
    if options.dry {
        return plan(options, out);
    }
    let tools = Tools::of(options.target.as_deref(), out)?;
    if tools.system != "linux" {
        return Err(Stop::Skipped(format!("{}: only for Linux there is an install as yet", tools.triple)));
    }
    let compiled = compile::library(options, &tools, out)?;
    let declared = tools.cc(&["-E", "-P"]).args(options.defines()).arg(header::FILE).output();
    let declared = declared.map_err(|error| format!("{}: {error}", tools.shown()))?;
    let functions = header::functions(&String::from_utf8_lossy(&declared.stdout));
    if functions.is_empty() {
        return Err(format!("{} finds no function in {}", tools.shown(), header::FILE).into());
    }
    let work = Work::new()?;
    let made = link::libraries(&compiled, &functions, options, &tools, &work.0, out)?;
    let files = everything(options, &tools, &compiled.native, &made, notices::text(out)?)?;
    // From here on only the disk can fail, so that an earlier installation is not left half replaced.
    files::put(&options.folders, &files)?;
    Ok(format!("{} files in {}, {SONAME}", files.len(), options.folders.on_disk(Path::new("")).display()))
}

/// Everything that is installed, the list of it apart.
fn everything(
    options: &Options,
    tools: &Tools,
    native: &[String],
    made: &link::Made,
    third_parties: String,
) -> Result<Vec<File>, String> {
    let (lib, include, doc) = (&options.libdir, &options.includedir, &options.docdir);
    let text = |path: PathBuf, text: String| File { path, content: Content::Text(text), program: false };
    let mut files = vec![
        File { path: lib.join(SHARED), content: Content::Of(made.shared.clone()), program: true },
        File { path: lib.join(SONAME), content: Content::Link(SHARED.into()), program: false },
        File { path: lib.join("libcardwright.so"), content: Content::Link(SHARED.into()), program: false },
    ];
    if let Some(archive) = &made.archive {
        files.push(File { path: lib.join("libcardwright.a"), content: Content::Of(archive.clone()), program: false });
    }
    if let Some((debug, id)) = &made.debug {
        let path = lib.join(".debug").join(link::DEBUG);
        let by_id = Path::new(files::BY_ID).join(id);
        let to = files::relative(&options.folders, by_id.parent().unwrap_or(&by_id), &path);
        files.push(File { path, content: Content::Of(debug.clone()), program: false });
        files.push(File { path: by_id, content: Content::Link(to), program: false });
    }
    for file in std::iter::once(header::FILE).chain(cpp::headers()) {
        let below = Path::new(file).strip_prefix("include").map_err(|error| format!("{file}: {error}"))?;
        files.push(text(include.join(below), place::read(file)?));
    }
    let packages = packages::of(options, tools, native);
    files.push(text(lib.join("pkgconfig/cardwright.pc"), packages.pkg_config));
    files.push(text(lib.join("cmake/cardwright/cardwrightConfig.cmake"), packages.cmake));
    files.push(text(lib.join("cmake/cardwright/cardwrightConfigVersion.cmake"), packages.cmake_version));
    files.push(text(doc.join("THIRD-PARTY.txt"), third_parties));
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        files.push(text(doc.join(name), place::read(name)?));
    }
    if !options.manifest {
        return Ok(files);
    }
    files.push(text(PathBuf::from(files::MANIFEST), String::new()));
    Ok(files)
}

/// Says what would be installed, and compiles nothing.
fn plan(options: &Options, out: &mut Out) -> Done {
    let tools = Tools::of(options.target.as_deref(), out)?;
    let archive = options.has("static").then(PathBuf::new);
    let debug = (options.debug == Debug::Split).then(|| (PathBuf::new(), PathBuf::from("XX/BUILD-ID.debug")));
    let made = link::Made { archive, shared: PathBuf::new(), debug };
    let files = everything(options, &tools, &[], &made, String::new())?;
    for file in &files {
        let path = options.folders.on_disk(&file.path);
        match &file.content {
            Content::Link(to) => out.say(format_args!("{} -> {}", path.display(), to.display())),
            _ => out.say(path.display()),
        }
    }
    Ok(format!("{} files for {}, none of them written", files.len(), tools.triple))
}

/// A folder for what is made on the way. It goes when this does.
struct Work(PathBuf);

impl Work {
    /// Of this process and this installation alone, as others may run beside it.
    fn new() -> Result<Work, String> {
        let folder = place::logs().join(format!("install-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).map_err(place::at(&folder))?;
        Ok(Work(folder))
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
