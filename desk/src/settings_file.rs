//! A text file as a place in errors and of other files.

use crate::Failure;
use std::path::{Path, PathBuf};

/// A settings file: what is wrong in it is told with its line, and files named in it are found from it.
#[derive(Debug, Clone, Copy)]
pub struct SettingsFile<'t> {
    text: &'t str,
    path: &'t Path,
}

impl<'t> SettingsFile<'t> {
    /// A file and its text.
    #[must_use]
    pub fn new(path: &'t Path, text: &'t str) -> Self {
        SettingsFile { text, path }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &'t Path {
        self.path
    }

    /// What is wrong at a byte of the text.
    pub fn wrong(&self, at: usize, why: impl std::fmt::Display) -> Failure {
        let line = 1 + self.text.bytes().take(at).filter(|byte| *byte == b'\n').count();
        Failure::usage(format!("{}:{line}: {why}", self.path.display()))
    }

    /// A file that is named in this one: `~/` is the home folder, and what is relative begins at this
    /// file's folder.
    #[must_use]
    pub fn file(&self, text: &str) -> PathBuf {
        match (text.strip_prefix("~/"), std::env::var_os("HOME")) {
            (Some(rest), Some(home)) => PathBuf::from(home).join(rest),
            _ => self.path.parent().unwrap_or(Path::new("")).join(text),
        }
    }
}
