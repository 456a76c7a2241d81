//! What a hint is.

use std::borrow::Cow;

/// The next step, where there is one.
pub(crate) type Hint = Option<Cow<'static, str>>;
