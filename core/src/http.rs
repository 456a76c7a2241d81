//! Calls of the two APIs as HTTP requests: method, address and body, written into the caller's
//! memory; and whole messages both ways, for programs without an HTTP library.
//!
//! Nothing is sent here. A [`Call`] says what it is; [`target_len`] and [`body_len`] say how long it
//! will be before anything is written, so that a terminal can send `Content-Length` first and needs
//! no more memory than that. Addresses are relative to the API's base, percent-encoded (RFC 3986).

#[cfg(feature = "embedded-io")]
mod embedded_io;
mod message;
mod percent;
mod reply;

#[cfg(feature = "embedded-io")]
pub use embedded_io::{Incoming, IoError, send};
pub use message::{Site, message_len, message_to, write_message};
pub use percent::encode;
pub use reply::{ReplyPart, ReplyReader};

use crate::write::{fill, length, write_decimal};
use crate::{Code, Error};
use core::fmt::{self, Write};

/// The methods that the two APIs use.
///
/// # Examples
/// ```
/// use cardwright_core::http::Method;
///
/// assert_eq!(Method::Post.name(), "POST");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[cfg_attr(not(cardwright_exhaustive), non_exhaustive)]
pub enum Method {
    /// Reads, and changes nothing.
    Get = 1,
    /// Creates or operates. Without a body it still says `Content-Length: 0`: IIS insists.
    Post = 2,
    /// Changes what exists.
    Put = 3,
    /// Changes a part of what exists. Neither of the two systems uses it.
    Patch = 4,
    /// Removes what exists. Neither of the two systems uses it.
    Delete = 5,
}

impl Method {
    /// All methods.
    pub const ALL: &'static [Method] = &[Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete];

    /// The word on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }
}

/// Where a call goes: a method and a path with places for its arguments, such as `Cards/{id}/Revoke`.
///
/// # Examples
/// ```
/// use cardwright_core::http::{Method, Route};
///
/// let route = Route::new(Method::Get, "Cards/{id}");
/// let mut arguments = [""];
/// assert!(route.matches("Cards/1013", &mut arguments));
/// assert_eq!(arguments, ["1013"]);
/// assert!(!route.matches("Cards", &mut arguments));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "a method and a path; written as a constant by who implements `Call`")]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path below the API's base, with no slash in front.
    pub path: &'static str,
}

impl Route {
    /// A route by its method and path.
    ///
    /// ```
    /// use cardwright_core::http::{Method, Route};
    /// static BLOCK: Route = Route::new(Method::Put, "badges/{number}/block");
    /// let mut arguments = [""; 1];
    /// assert!(BLOCK.matches("Badges/7/block", &mut arguments));
    /// assert_eq!(arguments, ["7"]);
    /// ```
    #[must_use]
    pub const fn new(method: Method, path: &'static str) -> Self {
        Route { method, path }
    }

    /// Whether a path below the base is this route, ignoring the case of its fixed parts; `arguments`
    /// receives the arguments in order, still percent-encoded.
    pub fn matches<'p>(&self, path: &'p str, arguments: &mut [&'p str]) -> bool {
        let mut arguments = arguments.iter_mut();
        let mut given = Segments(Some(path));
        for wanted in Segments(Some(self.path)) {
            let Some(given) = given.next() else { return false };
            if wanted.starts_with('{') {
                if given.is_empty() {
                    return false;
                }
                if let Some(argument) = arguments.next() {
                    *argument = given;
                }
            } else if !wanted.eq_ignore_ascii_case(given) {
                return false;
            }
        }
        given.next().is_none()
    }
}

/// A request of one of the APIs.
///
/// # Examples
/// ```
/// use cardwright_core::http::{self, Call, Method, Route};
///
/// /// The state of a badge, for a vendor that is not one of ours.
/// struct Badge<'a> {
///     number: &'a str,
/// }
///
/// impl Call for Badge<'_> {
///     fn route(&self) -> &'static Route {
///         const { &Route::new(Method::Get, "v2/badges/{number}/state") }
///     }
///     fn argument(&self, _: usize) -> &str {
///         self.number
///     }
/// }
///
/// assert_eq!(http::target_to(&Badge { number: "A 7" }, &mut [0; 64])?, "v2/badges/A%207/state");
/// # Ok::<(), cardwright_core::Error>(())
/// ```
pub trait Call {
    /// Where it goes.
    fn route(&self) -> &'static Route;

    /// The argument for the `n`th place of the route's path. It is percent-encoded; an empty one, `.` and `..` would lead
    /// elsewhere, and are refused by [`check_arguments`].
    fn argument(&self, n: usize) -> &str;

    /// Writes the parameters after the `?`.
    ///
    /// # Errors
    /// Only those of the sink behind `query`.
    fn query(&self, query: &mut Query<'_>) -> fmt::Result {
        let _ = query;
        Ok(())
    }

    /// Writes the body, if there is one.
    ///
    /// # Errors
    /// Only those of `out`.
    fn body(&self, out: &mut dyn Write) -> fmt::Result {
        let _ = out;
        Ok(())
    }

    /// The length of the body in bytes; 0 if there is none. Unless a call knows it, it is written to be counted.
    fn body_len(&self) -> usize {
        length(|out| self.body(out))
    }

    /// Whether there is a body: none is sent otherwise. It is JSON. By default a body of no bytes is none.
    fn has_body(&self) -> bool {
        self.body_len() > 0
    }
}

/// The parameters of a call while they are written.
///
/// # Examples
/// ```
/// use core::fmt;
/// use cardwright_core::http::{self, Call, Method, Query, Route};
///
/// struct Readers<'a> {
///     site: &'a str,
/// }
///
/// impl Call for Readers<'_> {
///     fn route(&self) -> &'static Route {
///         const { &Route::new(Method::Get, "v2/readers") }
///     }
///     fn argument(&self, _: usize) -> &str {
///         ""
///     }
///     fn query(&self, query: &mut Query<'_>) -> fmt::Result {
///         query.add("site", self.site)?;
///         query.add_number("count", 10)
///     }
/// }
///
/// let mut buffer = [0; 64];
/// assert_eq!(http::target_to(&Readers { site: "H & K" }, &mut buffer)?, "v2/readers?site=H%20%26%20K&count=10");
/// # Ok::<(), cardwright_core::Error>(())
/// ```
pub struct Query<'w> {
    out: &'w mut dyn Write,
    first: bool,
}

impl Query<'_> {
    /// Adds a parameter.
    ///
    /// # Errors
    /// Only those of the sink.
    pub fn add(&mut self, name: &str, value: &str) -> fmt::Result {
        self.out.write_char(if core::mem::replace(&mut self.first, false) { '?' } else { '&' })?;
        encode(name, self.out)?;
        self.out.write_char('=')?;
        encode(value, self.out)
    }

    /// Adds a parameter that is a number.
    ///
    /// # Errors
    /// Only those of the sink.
    #[inline]
    pub fn add_number(&mut self, name: &str, value: u64) -> fmt::Result {
        self.add(name, "")?;
        write_decimal(value, self.out)
    }
}

impl fmt::Debug for Query<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Query").field("first", &self.first).finish_non_exhaustive()
    }
}

/// Writes the address of a call, below the API's base, with its parameters.
///
/// # Errors
/// Only those of `out`.
pub fn write_target(call: &(impl Call + ?Sized), out: &mut dyn Write) -> fmt::Result {
    let mut arguments = 0usize;
    for (n, part) in Segments(Some(call.route().path)).enumerate() {
        if n > 0 {
            out.write_char('/')?;
        }
        if part.as_bytes().first() == Some(&b'{') {
            encode(call.argument(arguments), out)?;
            arguments = arguments.wrapping_add(1);
        } else {
            out.write_str(part)?;
        }
    }
    call.query(&mut Query { out, first: true })
}

/// The length in bytes of what [`write_target`] writes.
pub fn target_len(call: &(impl Call + ?Sized)) -> usize {
    length(|out| write_target(call, out))
}

/// The length in bytes of the body; 0 if there is none.
pub fn body_len(call: &(impl Call + ?Sized)) -> usize {
    call.body_len()
}

/// Writes the address of a call into `buffer`.
///
/// # Errors
/// [`Code::Room`] with the length that is needed.
pub fn target_to<'b>(call: &(impl Call + ?Sized), buffer: &'b mut [u8]) -> Result<&'b str, Error> {
    fill(buffer, |out| write_target(call, out)).ok_or_else(|| Error::new(Code::Room, target_len(call)))
}

/// Writes the body of a call into `buffer`.
///
/// # Errors
/// [`Code::Room`] with the length that is needed.
pub fn body_to<'b>(call: &(impl Call + ?Sized), buffer: &'b mut [u8]) -> Result<&'b str, Error> {
    fill(buffer, |out| call.body(out)).ok_or_else(|| Error::new(Code::Room, body_len(call)))
}

/// Checks an argument of a path: empty, `.` and `..` would lead elsewhere.
///
/// # Errors
/// [`Code::Unwritable`] with the argument's name.
pub fn check_argument(name: &'static str, value: &str) -> Result<(), Error> {
    match value {
        "" | "." | ".." => Err(Error::of(Code::Unwritable, name)),
        _ => Ok(()),
    }
}

/// Checks every argument of a call's path, as [`check_argument`] does. Who sends calls that are not the library's asks
/// first.
///
/// # Errors
/// [`Code::Unwritable`].
pub fn check_arguments(call: &(impl Call + ?Sized)) -> Result<(), Error> {
    let places = Segments(Some(call.route().path)).filter(|part| part.starts_with('{'));
    (0usize..).zip(places).try_for_each(|(n, _)| check_argument("an argument of the path", call.argument(n)))
}

/// The segments of a path. (`str::split` cannot be proved free of panics.)
struct Segments<'p>(Option<&'p str>);

impl<'p> Iterator for Segments<'p> {
    type Item = &'p str;

    fn next(&mut self) -> Option<&'p str> {
        let path = self.0.take()?;
        let Some(slash) = path.bytes().position(|byte| byte == b'/') else { return Some(path) };
        self.0 = path.get(slash.wrapping_add(1)..);
        path.get(..slash)
    }
}
