//! Who may write a file that is obeyed: a config file that names a program, and the program itself.
//!
//! Anyone who may write such a file runs what they like as its reader, and so does anyone who may put another one in its
//! place. As with ssh, it must belong to the user who runs this or to root, and neither its group nor others may write it;
//! the same holds for its folder, but that others may write a folder with the sticky bit, such as `/tmp`, in which
//! nobody replaces the files of another. Where the file is named by a link, that holds for what the link leads to as well.
//!
//! On Windows nothing is checked: there, who may write a file stands in an access control list.

use crate::Failure;
use std::path::Path;

/// Checks that nobody but this user and root may write a file or replace it. One that is not there is not judged.
///
/// # Errors
/// Which permissions of the file or its folder are too wide, and how to narrow them.
pub fn check(file: &Path) -> Result<(), Failure> {
    #[cfg(unix)]
    unix::check(file)?;
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

/// Checks a program that is about to be run, as [`check`] does if it is named by its path. Of a program that is found in
/// `PATH` the file alone is checked: which folders are in `PATH` is the user's choice.
pub(crate) fn check_program(program: &str) -> Result<(), Failure> {
    #[cfg(unix)]
    unix::check_program(program)?;
    #[cfg(not(unix))]
    let _ = program;
    Ok(())
}

#[cfg(unix)]
mod unix {
    use super::{Failure, Path};
    use std::ffi::{OsStr, OsString};
    use std::fs::Metadata;
    use std::os::unix::fs::MetadataExt as _;

    /// The bits of a mode.
    const STICKY: u32 = 0o1000;
    const ANYONE_RUNS: u32 = 0o111;
    const GROUP_WRITES: u32 = 0o020;
    const OTHERS_WRITE: u32 = 0o002;

    /// Where a program is looked for if `PATH` is not set.
    const DEFAULT_PATH: &str = "/bin:/usr/bin";

    pub(super) fn check(file: &Path) -> Result<(), Failure> {
        check_file(file)?;
        check_folder(file, file)?;
        match file.canonicalize() {
            Ok(real) if real != file => check_folder(file, &real),
            _ => Ok(()),
        }
    }

    pub(super) fn check_program(program: &str) -> Result<(), Failure> {
        if program.contains('/') {
            return check(Path::new(program));
        }
        let path = std::env::var_os("PATH").unwrap_or_else(|| OsString::from(DEFAULT_PATH));
        match find(program, &path) {
            Some(found) => check_file(&found),
            None => Ok(()),
        }
    }

    /// The file of a program, as `execvp` finds it.
    fn find(program: &str, path: &OsStr) -> Option<std::path::PathBuf> {
        let runs = |file: &Path| file.metadata().is_ok_and(|found| found.is_file() && found.mode() & ANYONE_RUNS != 0);
        std::env::split_paths(path).map(|folder| folder.join(program)).find(|file| runs(file))
    }

    fn check_file(file: &Path) -> Result<(), Failure> {
        let Ok(found) = file.metadata() else { return Ok(()) };
        refuse(file, "it", file, breach(&found, false))
    }

    fn check_folder(file: &Path, place: &Path) -> Result<(), Failure> {
        let folder = match place.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let Ok(found) = folder.metadata() else { return Ok(()) };
        refuse(file, &format!("its folder {}", folder.display()), folder, breach(&found, true))
    }

    /// What is wrong with a file or a folder, and the command that puts it right.
    fn breach(found: &Metadata, is_folder: bool) -> Option<(String, &'static str)> {
        let user = rustix::process::geteuid().as_raw();
        let mode = found.mode() & 0o7777;
        if found.uid() != user && found.uid() != 0 {
            return Some((format!("belongs to another user, of number {}", found.uid()), "chown"));
        }
        let who = match mode {
            _ if is_folder && mode & STICKY != 0 => return None,
            _ if mode & OTHERS_WRITE != 0 => "others",
            _ if mode & GROUP_WRITES != 0 => "its group",
            _ => return None,
        };
        Some((format!("can be written by {who} (mode {mode:04o})"), "chmod go-w"))
    }

    fn refuse(file: &Path, what: &str, place: &Path, breach: Option<(String, &str)>) -> Result<(), Failure> {
        let Some((why, command)) = breach else { return Ok(()) };
        let owner = if command == "chown" { " $(id -u)" } else { "" };
        Err(Failure::usage(format!("{} is not obeyed: {what} {why}", file.display()))
            .hint(format!("{command}{owner} {}", place.display())))
    }

    #[cfg(test)]
    mod tests {
        use super::{Failure, Path, check, find};
        use std::fs::{Permissions, set_permissions};
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        use std::path::PathBuf;

        /// A folder of a test's own, removed at its end.
        struct Folder(PathBuf);

        impl Folder {
            fn new(name: &str) -> Self {
                let folder = std::env::temp_dir().join(format!("cardwright-ownership-{name}-{}", std::process::id()));
                let _ = std::fs::remove_dir_all(&folder);
                std::fs::create_dir_all(&folder).expect("a folder");
                mode(&folder, 0o700);
                Folder(folder)
            }

            fn file(&self, name: &str) -> PathBuf {
                let file = self.0.join(name);
                std::fs::write(&file, "").expect("a file");
                mode(&file, 0o600);
                file
            }
        }

        impl Drop for Folder {
            fn drop(&mut self) {
                let _ = std::fs::remove_dir_all(&self.0);
            }
        }

        fn mode(path: &Path, mode: u32) {
            set_permissions(path, Permissions::from_mode(mode)).expect("a mode");
        }

        fn why(refused: Result<(), Failure>) -> (String, String) {
            let refused = refused.expect_err("it is refused");
            (refused.message().to_string(), refused.next().expect("a next step").to_string())
        }

        #[test]
        fn a_file_that_others_may_write_or_replace_is_refused() {
            let folder = Folder::new("modes");
            let file = folder.file("config.toml");
            for (of_file, of_folder, expected) in [
                (0o600, 0o700, None),
                (0o644, 0o755, None),
                (0o755, 0o755, None),
                (0o600, 0o1777, None),
                (0o600, 0o1770, None),
                (0o620, 0o700, Some("not obeyed: it can be written by its group (mode 0620)")),
                (0o602, 0o700, Some("not obeyed: it can be written by others (mode 0602)")),
                (0o666, 0o1777, Some("not obeyed: it can be written by others (mode 0666)")),
                // A sticky bit says nothing about a file.
                (0o1622, 0o700, Some("not obeyed: it can be written by others (mode 1622)")),
                (0o600, 0o777, Some("can be written by others (mode 0777)")),
                (0o600, 0o730, Some("can be written by its group (mode 0730)")),
            ] {
                mode(&file, of_file);
                mode(&folder.0, of_folder);
                let Some(expected) = expected else {
                    check(&file).expect("obeyed");
                    continue;
                };
                let (why, next) = why(check(&file));
                assert!(why.contains(expected) && why.starts_with(file.to_str().expect("UTF-8")), "{why}");
                let place = if why.contains("its folder") { &folder.0 } else { &file };
                assert_eq!(next, format!("chmod go-w {}", place.display()));
            }
        }

        #[test]
        fn a_link_is_judged_by_its_own_folder_and_by_what_it_leads_to() {
            let (one, other) = (Folder::new("link"), Folder::new("target"));
            let (link, target) = (one.0.join("config.toml"), other.file("real.toml"));
            symlink(&target, &link).expect("a link");
            check(&link).expect("obeyed");
            mode(&target, 0o606);
            assert!(why(check(&link)).0.contains("others"));
            mode(&target, 0o600);
            for folder in [&one.0, &other.0] {
                mode(folder, 0o777);
                assert!(why(check(&link)).0.contains(folder.to_str().expect("UTF-8")));
                mode(folder, 0o700);
            }
        }

        #[test]
        fn a_file_of_another_user_is_refused() {
            let folder = Folder::new("owner");
            let file = folder.file("config.toml");
            if !rustix::process::geteuid().is_root() {
                // What is root's is obeyed by everybody.
                return check(Path::new("/bin/sh")).expect("obeyed");
            }
            for place in [&file, &folder.0] {
                std::os::unix::fs::chown(place, Some(65_534), None).expect("given away");
                assert!(why(check(&file)).0.contains("belongs to another user, of number 65534"));
                std::os::unix::fs::chown(place, Some(0), None).expect("taken");
            }
        }

        #[test]
        fn what_is_not_there_is_not_judged() {
            check(Path::new("/no/such/file")).expect("nothing to refuse");
        }

        #[test]
        fn a_program_is_found_as_the_system_finds_it() {
            let (one, other) = (Folder::new("path-one"), Folder::new("path-other"));
            let (plain, program) = (one.file("give"), other.file("give"));
            mode(&program, 0o700);
            let path = std::env::join_paths([&one.0, &other.0]).expect("a path");
            assert_eq!(find("give", &path), Some(program));
            mode(&plain, 0o700);
            assert_eq!(find("give", &path), Some(plain));
            assert_eq!(find("other", &path), None);
        }
    }
}
