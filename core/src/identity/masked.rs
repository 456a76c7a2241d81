//! A number as logs may have it.

use core::fmt::{self, Write};

/// What is written with a star for each letter and digit but the last two: `*******56`. Nothing is allocated; it is
/// written twice, once to be counted.
///
/// # Examples
/// ```
/// use cardwright_core::identity::Masked;
///
/// let shown = Masked("3012345678").to_string();
/// assert!(shown.ends_with('8') && !shown.contains("30123"), "{shown}");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_structs, reason = "it is what it wraps")]
pub struct Masked<T>(pub T);

impl<T: fmt::Display> fmt::Display for Masked<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut count = Count(0);
        write!(count, "{}", self.0)?;
        write!(Mask { out: f, left: count.0 }, "{}", self.0)
    }
}

/// Counts letters and digits.
struct Count(usize);

impl Write for Count {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let counted = text.chars().filter(|c| c.is_ascii_alphanumeric()).count();
        self.0 = self.0.saturating_add(counted);
        Ok(())
    }
}

/// Lets through what is no letter or digit, and the last two of those.
struct Mask<'a, 'b> {
    out: &'a mut fmt::Formatter<'b>,
    left: usize,
}

impl Write for Mask<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            let counts = c.is_ascii_alphanumeric();
            self.out.write_char(if counts && self.left > 2 { '*' } else { c })?;
            self.left = self.left.saturating_sub(usize::from(counts));
        }
        Ok(())
    }
}
