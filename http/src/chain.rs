//! An error with all levels below it, in one line that repeats nothing.

use std::error::Error;
use std::fmt;

/// An error and all that is below it, for a log. Our own errors tell in one line what is below them, as most programs
/// print the top alone; others tell their own level. So what was written already is not written again.
///
/// ```
/// # use cardwright_http::{Proxy, Setup, Transport};
/// let nobody = Transport::new(Setup::new("http://127.0.0.1:9/api").proxy(Proxy::None))?;
/// let error = nobody.raw(cardwright_core::http::Method::Get, "Cards", None).expect_err("nobody listens there");
/// assert_eq!(cardwright_http::chain(&error).to_string(), error.to_string());
/// # Ok::<(), cardwright_http::Error>(())
/// ```
pub fn chain<'e>(error: &'e (dyn Error + 'static)) -> impl fmt::Display + 'e {
    Chain(error)
}

struct Chain<'e>(&'e (dyn Error + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut written = self.0.to_string();
        f.write_str(&written)?;
        let mut next = self.0.source();
        while let Some(error) = next {
            let words = error.to_string();
            if !written.contains(&words) {
                write!(f, ": {words}")?;
                written.push_str(&words);
            }
            next = error.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Level(&'static str, Option<Box<Level>>);

    impl fmt::Display for Level {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for Level {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.1.as_deref().map(|below| below as _)
        }
    }

    #[test]
    fn what_was_written_is_not_written_again() {
        let level = |words, below| Level(words, Some(Box::new(below)));
        let error = level(
            "no card: no server: refused",
            level("no server: refused", level("refused", Level("errno 111", None))),
        );
        assert_eq!(chain(&error).to_string(), "no card: no server: refused: errno 111");
    }
}
