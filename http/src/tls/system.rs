//! The system's library for TLS, where this operating system has one that is looked for.

#[cfg(not(all(unix, not(target_os = "macos"))))]
pub(crate) use super::no_key_files as key_files;
#[cfg(not(any(windows, all(unix, not(target_os = "macos")))))]
pub(super) use super::no_openssl::{Client, Context, check, open, version};
#[cfg(all(unix, not(target_os = "macos")))]
pub(crate) use super::openssl::key_files;
#[cfg(all(unix, not(target_os = "macos")))]
pub(super) use super::openssl::{Client, Context, check, open, version};
#[cfg(windows)]
pub(super) use super::schannel::{Client, Context, check, open, version};
