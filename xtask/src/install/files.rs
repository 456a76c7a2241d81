//! Files as they are put into a prefix, the list of them, and how they are removed by it.
//!
//! The list names files and the folders that were made for them, from the prefix or absolute. To install
//! once more adds to it, so that what an earlier version left is removed too.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use crate::place;
use crate::run::{Done, Out};

/// The list, from the prefix.
pub(super) const MANIFEST: &str = "share/cardwright/installed.txt";

/// Where debug information is looked for by the number of a build, from the prefix.
pub(super) const BY_ID: &str = "lib/debug/.build-id";

/// The first line of the list.
const TITLE: &str = "# What `cargo xtask install` has put here, and `cargo xtask uninstall` removes.";

/// Where users find files, and where they are written.
#[derive(Debug)]
pub(crate) struct Folders {
    /// Where users find the library.
    pub(super) prefix: PathBuf,
    /// A folder put before every path, to build a package.
    pub(super) destdir: Option<PathBuf>,
}

impl Folders {
    /// Where a path is written that is absolute or counts from the prefix.
    pub(super) fn on_disk(&self, path: &Path) -> PathBuf {
        let whole = self.prefix.join(path);
        match &self.destdir {
            Some(destdir) => destdir.join(whole.strip_prefix("/").unwrap_or(&whole)),
            None => whole,
        }
    }
}

/// A file to be installed.
pub(super) struct File {
    /// From the prefix, or absolute.
    pub(super) path: PathBuf,
    pub(super) content: Content,
    /// Whether it may be executed, as shared libraries may.
    pub(super) program: bool,
}

pub(super) enum Content {
    Text(String),
    /// As that file.
    Of(PathBuf),
    /// A link to that path.
    Link(PathBuf),
}

/// The way from one folder to a file, both from the prefix or absolute.
pub(super) fn relative(folders: &Folders, from: &Path, to: &Path) -> PathBuf {
    let (from, to) = (folders.prefix.join(from), folders.prefix.join(to));
    let shared = from.components().zip(to.components()).take_while(|(one, other)| one == other).count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(to.components().skip(shared)).collect()
}

/// Writes files, and before them the list where it is one of them.
///
/// # Errors
///
/// When the disk cannot take one.
pub(super) fn put(folders: &Folders, files: &[File]) -> Result<(), String> {
    let listed = files.iter().any(|file| file.path == Path::new(MANIFEST));
    let mut list = List::read(folders).unwrap_or_default();
    for file in files {
        list.files.insert(file.path.clone());
        for folder in file.path.ancestors().skip(1).filter(|folder| !folders.on_disk(folder).exists()) {
            list.made.insert(folder.to_path_buf());
        }
    }
    // What stands above the prefix in a package's folder was made too.
    for folder in folders.prefix.ancestors().skip(1).filter(|folder| !folders.on_disk(folder).exists()) {
        list.made.insert(folder.to_path_buf());
    }
    list.made.retain(|folder| folder != Path::new("/"));
    // Links by the number of an earlier build, whose debug information is overwritten.
    for file in files {
        let Content::Link(to) = &file.content else { continue };
        for old in list.files.clone().iter().filter(|old| old.starts_with(BY_ID) && **old != file.path) {
            let path = folders.on_disk(old);
            if fs::read_link(&path).is_ok_and(|old| old == *to) {
                fs::remove_file(&path).map_err(place::at(&path))?;
                list.files.remove(old);
                let folder = old.parent().unwrap_or(old);
                let needed = files.iter().any(|file| file.path.starts_with(folder));
                if !needed && list.made.contains(folder) && fs::remove_dir(folders.on_disk(folder)).is_ok() {
                    list.made.remove(folder);
                }
            }
        }
    }
    if listed {
        // First, so that an installation that breaks off can be removed.
        write(&folders.on_disk(Path::new(MANIFEST)), &Content::Text(list.text(&folders.prefix)), false)?;
    }
    for file in files.iter().filter(|file| file.path != Path::new(MANIFEST)) {
        write(&folders.on_disk(&file.path), &file.content, file.program)?;
    }
    Ok(())
}

/// Writes a file beside its place and moves it there: programs that run have the earlier one open.
fn write(path: &Path, content: &Content, program: bool) -> Result<(), String> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(place::at(folder))?;
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new = path.with_file_name(name);
    let _ = fs::remove_file(&new);
    match content {
        Content::Text(text) => fs::write(&new, text),
        Content::Of(file) => fs::copy(file, &new).map(|_| ()),
        #[cfg(unix)]
        Content::Link(to) => std::os::unix::fs::symlink(to, &new),
        #[cfg(not(unix))]
        Content::Link(to) => fs::write(&new, to.to_string_lossy().as_bytes()),
    }
    .map_err(place::at(&new))?;
    #[cfg(unix)]
    if !matches!(content, Content::Link(_)) {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = if program { 0o755 } else { 0o644 };
        fs::set_permissions(&new, fs::Permissions::from_mode(mode)).map_err(place::at(&new))?;
    }
    fs::rename(&new, path).map_err(place::at(path))
}

/// Removes what the list names, and the folders that were made for it and are empty.
///
/// # Errors
///
/// When there is no list, or something cannot be removed; the list is then still there.
pub(super) fn remove(folders: &Folders, dry: bool, out: &mut Out) -> Done {
    let list = List::read(folders)?;
    let mut count = 0;
    for file in list.files.iter().filter(|file| *file != Path::new(MANIFEST)) {
        let path = folders.on_disk(file);
        match if dry { fs::symlink_metadata(&path).map(|_| ()) } else { fs::remove_file(&path) } {
            Ok(()) => count += 1,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(place::at(&path)(error).into()),
        }
        if dry {
            out.say(path.display());
        }
    }
    let manifest = folders.on_disk(Path::new(MANIFEST));
    if dry {
        out.say(manifest.display());
        return Ok(format!("{} files would be removed", count + 1));
    }
    fs::remove_file(&manifest).map_err(place::at(&manifest))?;
    // The inner ones first.
    let mut made: Vec<PathBuf> = list.made.iter().map(|folder| folders.on_disk(folder)).collect();
    made.sort_by_key(|folder| std::cmp::Reverse(folder.components().count()));
    for folder in made {
        // It is the system that refuses to remove one with something in it.
        match fs::remove_dir(&folder) {
            Ok(()) => {}
            Err(error) if [ErrorKind::NotFound, ErrorKind::DirectoryNotEmpty].contains(&error.kind()) => {}
            Err(error) => out.say(format_args!("left as it is: {}: {error}", folder.display())),
        }
    }
    Ok(format!("{} files removed from {}", count + 1, folders.on_disk(Path::new("")).display()))
}

/// What stands in the list.
#[derive(Debug, Default, PartialEq, Eq)]
struct List {
    files: BTreeSet<PathBuf>,
    /// Folders that were not there before.
    made: BTreeSet<PathBuf>,
}

impl List {
    fn read(folders: &Folders) -> Result<List, String> {
        let path = folders.on_disk(Path::new(MANIFEST));
        let text = fs::read_to_string(&path);
        let text = text.map_err(|error| format!("{}: {error}; it lists what was installed there", path.display()))?;
        List::parse(&text, &folders.prefix).map_err(place::at(&path))
    }

    fn text(&self, prefix: &Path) -> String {
        let mut text = format!("{TITLE}\nprefix {}\n", prefix.display());
        for (word, paths) in [("folder", &self.made), ("file", &self.files)] {
            for path in paths {
                // The prefix itself has no name from itself.
                let name = if path.as_os_str().is_empty() { Path::new(".") } else { path };
                text += &format!("{word} {}\n", name.display());
            }
        }
        text
    }

    /// Reads a list. In a prefix that was moved only what is below the prefix counts.
    fn parse(text: &str, prefix: &Path) -> Result<List, String> {
        let (mut list, mut moved) = (List::default(), true);
        let mut lines = text.lines();
        if lines.next() != Some(TITLE) {
            return Err("no list of installed files".into());
        }
        for line in lines {
            let (word, path) = line.split_once(' ').ok_or_else(|| format!("not a line of the list: {line}"))?;
            let path = Path::new(path);
            if path.components().any(|part| part == Component::ParentDir) {
                return Err(format!("it may not climb: {line}"));
            }
            if word == "prefix" {
                moved = path != prefix;
                continue;
            }
            if moved && path.is_absolute() {
                continue;
            }
            let path = path.components().filter(|part| *part != Component::CurDir).collect();
            match word {
                "file" => list.files.insert(path),
                "folder" => list.made.insert(path),
                _ => return Err(format!("not a line of the list: {line}")),
            };
        }
        Ok(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("cardwright-install-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        folder
    }

    fn file(path: &str, text: &str) -> File {
        File { path: path.into(), content: Content::Text(text.into()), program: false }
    }

    /// Every path below a folder.
    fn all(folder: &Path) -> Vec<PathBuf> {
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            paths.push(entry.path());
            if entry.path().is_dir() && !entry.path().is_symlink() {
                paths.extend(all(&entry.path()));
            }
        }
        paths.sort();
        paths
    }

    #[test]
    fn a_link_finds_its_file_from_where_it_lies() {
        let folders = Folders { prefix: "/usr".into(), destdir: None };
        let way = |from: &str, to: &str| relative(&folders, Path::new(from), Path::new(to));
        assert_eq!(way("lib/debug/.build-id/ab", "lib/.debug/a"), Path::new("../../../.debug/a"));
        assert_eq!(way("lib/debug", "/lib/a"), Path::new("../../../lib/a"));
        assert_eq!(way("lib", "lib/a"), Path::new("a"));
    }

    #[test]
    fn what_was_there_before_is_there_afterwards_and_nothing_else() {
        let root = folder("before");
        let folders = Folders { prefix: "/usr".into(), destdir: Some(root.clone()) };
        // An empty folder that was there, and a file of somebody else's.
        fs::create_dir_all(root.join("usr/lib/pkgconfig")).expect("a folder");
        fs::create_dir_all(root.join("usr/share/doc")).expect("a folder");
        fs::write(root.join("usr/share/doc/other"), "").expect("a file");
        let before = all(&root);
        let files =
            [file("lib/pkgconfig/a.pc", "1"), file("share/doc/a/b", "1"), file("/etc/a", "1"), file(MANIFEST, "")];
        put(&folders, &files).expect("it is written");
        // Another version, with another file in it.
        put(&folders, &[file("lib/pkgconfig/a.pc", "2"), file("lib/b", "2"), file(MANIFEST, "")]).expect("once more");
        assert_eq!(fs::read_to_string(root.join("usr/lib/pkgconfig/a.pc")).expect("the file"), "2");
        let installed = all(&root);
        remove(&folders, true, &mut Out::Terminal).expect("it says what it would do");
        assert_eq!(all(&root), installed);
        assert!(matches!(remove(&folders, false, &mut Out::Terminal), Ok(text) if text.starts_with("5 files")));
        assert_eq!(all(&root), before);
        assert!(remove(&folders, false, &mut Out::Terminal).is_err());
        let _ = fs::remove_dir_all(&root);
    }

    #[cfg(unix)]
    #[test]
    fn the_number_of_an_earlier_build_goes_with_its_debug_information() {
        let root = folder("number");
        let folders = Folders { prefix: root.clone(), destdir: None };
        let link = |id: &str| {
            let path = Path::new(BY_ID).join(id);
            [File { path, content: Content::Link("../../a".into()), program: false }, file(MANIFEST, "")]
        };
        for id in ["ab/1", "cd/2", "cd/3"] {
            put(&folders, &link(id)).expect(id);
        }
        let by_id = root.join(BY_ID);
        assert_eq!(all(&by_id), [by_id.join("cd"), by_id.join("cd/3")]);
        remove(&folders, false, &mut Out::Terminal).expect("it is removed");
        assert!(all(&root).is_empty());
        let _ = fs::remove_dir_all(&root);
    }

    #[test]
    fn a_folder_with_something_of_somebody_elses_stays() {
        let root = folder("else");
        let folders = Folders { prefix: root.join("new"), destdir: None };
        put(&folders, &[file("lib/a", ""), file(MANIFEST, "")]).expect("it is written");
        fs::write(root.join("new/lib/theirs"), "").expect("a file");
        remove(&folders, false, &mut Out::Terminal).expect("it is removed");
        assert_eq!(all(&root), [root.join("new"), root.join("new/lib"), root.join("new/lib/theirs")]);
        let _ = fs::remove_dir_all(&root);
    }

    #[test]
    fn a_list_names_nothing_outside_of_a_prefix_that_was_moved() {
        let text = format!("{TITLE}\nprefix /usr\nfolder .\nfolder /lib\nfile lib/a\nfile /lib/b\n");
        let list = List::parse(&text, Path::new("/usr")).expect("a list");
        assert_eq!(List::parse(&list.text(Path::new("/usr")), Path::new("/usr")), Ok(list));
        let list = List::parse(&text, Path::new("/opt")).expect("a list");
        assert_eq!(list.files, BTreeSet::from(["lib/a".into()]));
        assert_eq!(list.made, BTreeSet::from([PathBuf::new()]));
        for wrong in ["", "file /etc/passwd\n", &format!("{TITLE}\nfile ../a\n"), &format!("{TITLE}\na b\n")] {
            assert!(List::parse(wrong, Path::new("/usr")).is_err(), "{wrong}");
        }
    }
}
