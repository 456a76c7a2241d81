//! Finding and adding profile templates.

use crate::Error;
use crate::registry::rows::{Policy, Template};
use crate::registry::{Reading, Writing};
use cardwright_core::identity::Guid;
use cardwright_core::mim::RequestKind;

impl Reading<'_> {
    /// The kinds of request that a template allows.
    pub(crate) fn allowed_kinds(&self, template: Guid) -> Result<Vec<RequestKind>, Error> {
        Ok(self.policies(template)?.into_iter().map(|policy| policy.kind).collect())
    }
}

impl Writing<'_> {
    /// Adds a template with its policies.
    pub(crate) fn add_template(&self, template: &Template, policies: &[Policy]) -> Result<(), Error> {
        self.writes.add_template(template, policies)
    }
}
