//! Whole HTTP/1.1 requests (RFC 9112), for programs without an HTTP library.

use core::fmt::{self, Write};

use super::{Call, Method, body_len, write_target};
use crate::base::host_and_port;
use crate::bytes::{LETTERS_AND_DIGITS, Set, run, set};
use crate::write::{fill, length, write_decimal};
use crate::{Code, Error};

/// Where an API is served, and by which account: what all requests to it have in common.
///
/// Checked once, so that no text in it can end a line of the message early.
///
/// # Examples
/// ```
/// use cardwright_core::http::{self, Site};
/// use cardwright_core::mim::Call;
///
/// let site = Site::new("cm.example", "/CertificateManagement")?.with_basic("operator", "not a secret")?;
/// let mut buffer = [0; 512];
/// let message = http::message_to(&Call::Smartcards, &site, &mut buffer)?;
/// assert!(message.starts_with("GET /CertificateManagement/api/v1.0/smartcards HTTP/1.1\r\n"));
/// assert!(message.contains("\r\nAuthorization: Basic "));
/// # Ok::<(), cardwright_core::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Site<'a> {
    host: &'a str,
    base: &'a str,
    credentials: Credentials<'a>,
}

#[derive(Clone, Copy)]
enum Credentials<'a> {
    None,
    Basic { user: &'a str, password: &'a str },
    Bearer(&'a str),
}

impl<'a> Site<'a> {
    /// A site without sign-in.
    ///
    /// `host` is the name or address, with the port where it is not the usual one: `cm.example`,
    /// `10.0.0.5:8080`, `[fd00::5]`. `base` is the path of the API, such as `/certiflow/api`, or
    /// empty; a slash at its end does not count.
    ///
    /// # Errors
    /// [`Code::Address`] with `host`, `port` or `base`, at the first byte that cannot stand there; a port is 1 to
    /// 65535. A name outside ASCII goes in its ASCII form (RFC 5891), a path percent-encoded.
    pub fn new(host: &'a str, base: &'a str) -> Result<Self, Error> {
        let base = base.strip_suffix('/').unwrap_or(base);
        check(base, "base", Code::Address, &PATH)?;
        host_and_port(host)?;
        if !base.is_empty() && !base.starts_with('/') {
            return Err(Error::of(Code::Address, "base"));
        }
        Ok(Site { host, base, credentials: Credentials::None })
    }

    /// The same with a user and a password in each request (RFC 7617), as UTF-8.
    ///
    /// # Errors
    /// [`Code::Unwritable`] with `user` or `password`: neither holds a control character, a user
    /// no colon.
    pub fn with_basic(self, user: &'a str, password: &'a str) -> Result<Self, Error> {
        check(user, "user", Code::Unwritable, &USER)?;
        check(password, "password", Code::Unwritable, &PASSWORD)?;
        Ok(Site { credentials: Credentials::Basic { user, password }, ..self })
    }

    /// The same with a bearer token in each request (RFC 6750, 2.1).
    ///
    /// # Errors
    /// [`Code::Unwritable`] with `token` where it is empty or holds what a token does not.
    pub fn with_bearer(self, token: &'a str) -> Result<Self, Error> {
        check(token, "token", Code::Unwritable, &TOKEN)?;
        if token.is_empty() {
            return Err(Error::of(Code::Unwritable, "token"));
        }
        Ok(Site { credentials: Credentials::Bearer(token), ..self })
    }
}

/// Without the password and the token.
impl fmt::Debug for Site<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let credentials = match self.credentials {
            Credentials::None => "none",
            Credentials::Basic { .. } => "Basic(..)",
            Credentials::Bearer(_) => "Bearer(..)",
        };
        f.debug_struct("Site")
            .field("host", &self.host)
            .field("base", &self.base)
            .field("credentials", &format_args!("{credentials}"))
            .finish()
    }
}

/// Writes a call as a whole message: request line, headers, empty line, body.
///
/// A POST or PUT without a body says `Content-Length: 0`: IIS insists. The connection may be kept.
///
/// # Errors
/// Only those of `out`.
pub fn write_message(call: &(impl Call + ?Sized), site: &Site<'_>, out: &mut dyn Write) -> fmt::Result {
    let (method, has_body) = (call.route().method, call.has_body());
    out.write_str(method.name())?;
    out.write_str(" ")?;
    out.write_str(site.base)?;
    out.write_str("/")?;
    write_target(call, out)?;
    out.write_str(" HTTP/1.1\r\nHost: ")?;
    out.write_str(site.host)?;
    match site.credentials {
        Credentials::None => {}
        Credentials::Basic { user, password } => {
            out.write_str("\r\nAuthorization: Basic ")?;
            base64([user, ":", password], out)?;
        }
        Credentials::Bearer(token) => {
            out.write_str("\r\nAuthorization: Bearer ")?;
            out.write_str(token)?;
        }
    }
    out.write_str("\r\nAccept: application/json\r\n")?;
    if has_body {
        out.write_str("Content-Type: application/json\r\n")?;
    }
    if !matches!(method, Method::Get) || has_body {
        out.write_str("Content-Length: ")?;
        write_decimal(body_len(call) as u64, out)?;
        out.write_str("\r\n")?;
    }
    out.write_str("\r\n")?;
    if has_body { call.body(out) } else { Ok(()) }
}

/// The length in bytes of what [`write_message`] writes.
pub fn message_len(call: &(impl Call + ?Sized), site: &Site<'_>) -> usize {
    length(|out| write_message(call, site, out))
}

/// Writes a call as a whole message into `buffer`.
///
/// # Errors
/// [`Code::Room`] with the length that is needed.
pub fn message_to<'b>(call: &(impl Call + ?Sized), site: &Site<'_>, buffer: &'b mut [u8]) -> Result<&'b str, Error> {
    fill(buffer, |out| write_message(call, site, out)).ok_or_else(|| Error::new(Code::Room, message_len(call, site)))
}

static TOKEN: Set = set(LETTERS_AND_DIGITS, b"-._~+/=", false);
/// Printable, and not what ends or quotes a path.
static PATH: Set = set(LETTERS_AND_DIGITS, b"!$%&'()*+,-./:;=@[]^_`{|}~", false);
static PASSWORD: Set = set(LETTERS_AND_DIGITS, b" !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", true);
static USER: Set = set(LETTERS_AND_DIGITS, b" !\"#$%&'()*+,-./;<=>?@[\\]^_`{|}~", true);

#[inline(never)]
fn check(text: &str, what: &'static str, code: Code, set: &Set) -> Result<(), Error> {
    let at = run(text.as_bytes(), set);
    if at < text.len() { Err(Error { code, at, what }) } else { Ok(()) }
}

/// Writes texts, one after the other, in base64 with padding (RFC 4648, 4).
fn base64(texts: [&str; 3], out: &mut dyn Write) -> fmt::Result {
    let (mut group, mut length) = (0_u32, 0_u32);
    for text in texts {
        for byte in text.bytes() {
            group = group << 8 | u32::from(byte);
            length = length.wrapping_add(1);
            if length == 3 {
                base64_group(group, length, out)?;
                (group, length) = (0, 0);
            }
        }
    }
    if length > 0 { base64_group(group << if length == 1 { 16 } else { 8 }, length, out) } else { Ok(()) }
}

/// Writes up to three bytes.
#[inline(never)]
fn base64_group(group: u32, length: u32, out: &mut dyn Write) -> fmt::Result {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut group = group;
    for place in 0..4 {
        let digit = DIGITS.get((group >> 18 & 0x3F) as usize).filter(|_| place <= length);
        out.write_char(digit.map_or('=', |digit| char::from(*digit)))?;
        group <<= 6;
    }
    Ok(())
}
