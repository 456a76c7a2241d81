//! The data folder: who may enter it, who uses it, and whether a registry was ever in it.
//!
//! The folder is private (0700), and so is each file in it (0600), whatever the umask and whatever was there before:
//! they hold password hashes, names and the audit log, and a lock that others could open would let them keep the
//! server from starting. SQLite gives its log and its index the mode of the database.
//!
//! One process at a time uses the folder. A registry is new only in a folder in which none was ever used: where its file is
//! missing or empty beside others of it, records were lost, and a new registry would hide that.

use crate::Error;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// The file of the registry.
pub(super) const REGISTRY: &str = "registry.sqlite";

const LOCK: &str = "registry.lock";

/// What SQLite keeps beside the file: the log, its index, and the journal of an interrupted transaction in another mode.
const BESIDE: [&str; 3] = ["registry.sqlite-wal", "registry.sqlite-shm", "registry.sqlite-journal"];

/// What the lock holds until its registry is made: if the process is ended meanwhile, nothing is lost.
const MAKING: &[u8] = b"new\n";

/// A data folder that this process has for itself.
pub(super) struct Folder {
    path: PathBuf,
    is_new: bool,
    lock: File,
    _temporary: Option<tempfile::TempDir>,
}

impl Folder {
    /// Creates the folder if it is missing, or a temporary one if none is named, makes it private, and locks it for this process; the system releases the
    /// lock when this is dropped, however the process ends. The file of a new registry is created empty.
    ///
    /// # Errors
    /// [`Error::Data`] if it cannot be used or made private, [`Error::InUse`], [`Error::Lost`].
    pub(super) fn open(path: Option<&Path>) -> Result<Self, Error> {
        let (path, temporary) = match path {
            Some(path) => {
                create(path).map_err(|error| Error::Data(path.to_owned(), error))?;
                (path.to_owned(), None)
            }
            None => {
                let created = tempfile::Builder::new().prefix("cardwright-").tempdir();
                let created = created.map_err(|error| Error::Data(std::env::temp_dir(), error))?;
                (created.path().to_owned(), Some(created))
            }
        };
        make_private(&path, 0o700)?;
        // From here on no other user can put anything into it.
        let found = |name: &str| path.join(name).symlink_metadata().is_ok();
        let was_locked = found(LOCK);
        let mut lock = lock(&path)?;
        let is_making = !was_locked && ![REGISTRY].iter().chain(&BESIDE).any(|name| found(name)) || makes(&mut lock);
        if is_making {
            begin(&mut lock, &path).map_err(|error| Error::Data(path.join(LOCK), error))?;
        }
        let folder = Folder { path, is_new: is_making, lock, _temporary: temporary };
        folder.look()?;
        for name in [REGISTRY].iter().chain(&BESIDE).filter(|name| folder.path.join(name).symlink_metadata().is_ok()) {
            make_private(&folder.path.join(name), 0o600)?;
        }
        Ok(folder)
    }

    /// Whether no registry was ever in it.
    pub(super) const fn is_new(&self) -> bool {
        self.is_new
    }

    /// The file of the registry.
    pub(super) fn registry(&self) -> PathBuf {
        self.path.join(REGISTRY)
    }

    /// Records that the registry is made: from now on it can be lost. That is on the disk before any card is.
    ///
    /// # Errors
    /// [`Error::Data`].
    pub(super) fn finish(&self) -> Result<(), Error> {
        let is_done = if self.is_new { self.lock.set_len(0).and_then(|()| self.lock.sync_all()) } else { Ok(()) };
        is_done.map_err(|error| Error::Data(self.path.join(LOCK), error))
    }

    /// Looks whether the registry is there.
    fn look(&self) -> Result<(), Error> {
        let file = self.registry();
        let lost = |how| Err(Error::Lost(file.clone(), how));
        match file.metadata() {
            _ if self.is_new => Ok(()),
            Ok(found) if found.is_file() && found.len() == 0 => lost("is empty"),
            Err(error) if error.kind() == io::ErrorKind::NotFound => lost("is missing"),
            _ => Ok(()),
        }
    }
}

/// Whether a log with records lies beside a registry.
pub(super) fn has_log(registry: &Path) -> bool {
    registry.with_file_name(BESIDE[0]).metadata().is_ok_and(|log| log.len() > 0)
}

/// Whether the lock says that its registry is still to be made.
fn makes(lock: &mut File) -> bool {
    let mut held = Vec::new();
    lock.take(16).read_to_end(&mut held).is_ok() && held == MAKING
}

/// Records that a registry is to be made, and creates its file: SQLite would give it the mode of the umask.
fn begin(lock: &mut File, folder: &Path) -> io::Result<()> {
    lock.set_len(0)?;
    io::Seek::rewind(lock)?;
    lock.write_all(MAKING)?;
    lock.sync_all()?;
    match private().create_new(true).open(folder.join(REGISTRY)) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        created => created.map(drop),
    }
}

fn create(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

fn lock(folder: &Path) -> Result<File, Error> {
    let path = folder.join(LOCK);
    let cannot = |error| Error::Data(path.clone(), error);
    // A link is refused, and a pipe, which would wait for its other end.
    if path.symlink_metadata().is_ok() {
        make_private(&path, 0o600)?;
    }
    let file = private().read(true).create(true).truncate(false).open(&path).map_err(cannot)?;
    make_private(&path, 0o600)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::InUse(folder.to_owned())),
        Err(TryLockError::Error(error)) => Err(cannot(error)),
    }
}

/// How files are created: for their owner only.
fn private() -> OpenOptions {
    let mut options = File::options();
    options.write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
}

/// Gives a folder or a file the mode of what is its owner's alone. On other systems than Unix nothing is done.
#[cfg(unix)]
fn make_private(path: &Path, mode: u32) -> Result<(), Error> {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;
    let is_folder = mode == 0o700;
    let cannot = |error| Error::Data(path.to_owned(), error);
    let denied = |why| cannot(io::Error::new(io::ErrorKind::PermissionDenied, why));
    // The folder may be named by a link; a file in it is never one.
    let found = || if is_folder { path.metadata() } else { path.symlink_metadata() };
    let before = found().map_err(cannot)?;
    if !is_folder && !before.is_file() {
        return Err(cannot(io::Error::other("it is a link or no file, and is not followed")));
    }
    let is_private = |permissions: Permissions| permissions.mode() & 0o777 == mode;
    if is_private(before.permissions()) {
        return Ok(());
    }
    let open = format!("its permissions are {:04o}, not {mode:04o}", before.permissions().mode() & 0o7777);
    set_permissions(path, Permissions::from_mode(mode)).map_err(|error| denied(format!("{open}: {error}")))?;
    // Some file systems accept a mode and have none.
    let is_changed = is_private(found().map_err(cannot)?.permissions());
    if is_changed { Ok(()) } else { Err(denied(format!("{open}, and the file system keeps them"))) }
}

#[cfg(not(unix))]
fn make_private(_: &Path, _: u32) -> Result<(), Error> {
    Ok(())
}
