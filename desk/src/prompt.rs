//! The person at the program: asked for a password, and shown codes and warnings.

use crate::failure::Failure;
use cardwright_client::{DeviceCode, Secret};

/// The person at the program.
pub trait Prompt: Send + Sync {
    /// The password of a user; `None` where nobody can be asked.
    ///
    /// # Errors
    /// Where the person could not be asked.
    fn password(&self, user: &str) -> Result<Option<Secret>, Failure>;

    /// A new password for an account; `None` where nobody can be asked.
    ///
    /// # Errors
    /// Where the person could not be asked, or typed two passwords.
    fn new_password(&self, account: &str) -> Result<Option<Secret>, Failure> {
        self.password(account)
    }

    /// Shows a code, and where to type it.
    fn device_code(&self, code: &DeviceCode);

    /// Shows a warning: nothing has failed, and something should be looked at.
    fn warn(&self, text: &str);
}

/// A program without a person: nobody is asked, and nothing is shown.
#[derive(Debug, Clone, Copy, Default)]
#[allow(clippy::exhaustive_structs, reason = "it has nothing to hold")]
pub struct Silent;

impl Prompt for Silent {
    fn password(&self, _: &str) -> Result<Option<Secret>, Failure> {
        Ok(None)
    }

    fn device_code(&self, _: &DeviceCode) {}

    fn warn(&self, _: &str) {}
}
