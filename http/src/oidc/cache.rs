//! The token in a file, for the next process. Only its owner can read the file; it is replaced as a
//! whole, and a file that holds anything else is left alone.

use super::settings::Settings;
use super::token::Token;
use crate::error::Error;
use crate::secret::Secret;
use cardwright_core::Code;
use serde::{Deserialize, Serialize};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use zeroize::Zeroizing;

/// The longest file that is read, in bytes.
const MOST: u64 = 512 << 10;

/// A file, and the owner of the token in it.
#[derive(Clone)]
pub(super) struct Cache {
    file: PathBuf,
    owner: Owner,
}

/// The owner of a token. A token of another owner is not used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Owner {
    issuer: String,
    client_id: String,
    /// Whether the token is a person's.
    device_code: bool,
    #[serde(rename = "wanted")]
    parameters: Vec<(String, String)>,
}

/// The content of the file.
#[derive(Serialize, Deserialize)]
struct CachedToken<T> {
    cardwright_token: Owner,
    access_token: T,
    refresh_token: Option<T>,
    /// Seconds since 1970.
    ends: Option<u64>,
    renew: Option<u64>,
}

impl Cache {
    pub(super) fn new(file: PathBuf, settings: &Settings) -> Self {
        let parameters = settings.parameters.iter().map(|(name, value)| ((*name).to_string(), value.clone())).collect();
        let (issuer, client_id) = (settings.issuer.clone(), settings.client_id.clone());
        Cache { file, owner: Owner { issuer, client_id, device_code: settings.prompt.is_some(), parameters } }
    }

    fn wrong(&self, why: &dyn std::fmt::Display) -> Error {
        Error::setup(Code::Setting, format!("the token in {}: {why}", self.file.display()))
    }

    fn io(&self, error: std::io::Error) -> Error {
        self.wrong(&error).caused_by(error)
    }

    /// The token in the file, if it is this owner's.
    pub(super) fn read(&self) -> Result<Option<Token>, Error> {
        let file = match std::fs::File::open(&self.file) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.io(error)),
        };
        if let Some(mode) = readable_by_others(&file) {
            return Err(self.wrong(&format!("others can read the file (mode {mode:03o}): chmod 600")));
        }
        let mut text = Zeroizing::new(Vec::new());
        file.take(MOST).read_to_end(&mut text).map_err(|error| self.io(error))?;
        if text.is_empty() {
            return Ok(None);
        }
        let kept: CachedToken<String> =
            serde_json::from_slice(&text).map_err(|_| self.wrong(&"the file is something else, and is left alone"))?;
        let (access, refresh) = (Secret::new(kept.access_token), kept.refresh_token.map(Secret::new));
        if kept.cardwright_token != self.owner {
            return Ok(None);
        }
        let time = |seconds: Option<u64>| seconds.and_then(|s| UNIX_EPOCH.checked_add(Duration::from_secs(s)));
        Ok(Some(Token { access, refresh, ends: time(kept.ends), renew: time(kept.renew) }))
    }

    /// Replaces the token in the file.
    pub(super) fn write(&self, token: &Token) -> Result<(), Error> {
        let kept = CachedToken {
            cardwright_token: self.owner.clone(),
            access_token: token.access.expose(),
            refresh_token: token.refresh.as_ref().map(Secret::expose),
            ends: token.ends.map(seconds),
            renew: token.renew.map(seconds),
        };
        let text = serde_json::to_vec(&kept).map(Zeroizing::new).map_err(|error| self.wrong(&error))?;
        let folder = self.file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // Created readable for its owner only, then moved into place.
        let mut fresh = tempfile::NamedTempFile::new_in(folder).map_err(|error| self.io(error))?;
        fresh.write_all(&text).map_err(|error| self.io(error))?;
        fresh.persist(&self.file).map_err(|error| self.io(error.error))?;
        Ok(())
    }
}

/// Seconds since 1970.
pub(super) fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

#[cfg(unix)]
fn readable_by_others(file: &std::fs::File) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = file.metadata().ok()?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}

#[cfg(not(unix))]
fn readable_by_others(_: &std::fs::File) -> Option<u32> {
    None
}
