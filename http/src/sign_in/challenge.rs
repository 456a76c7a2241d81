//! The `WWW-Authenticate` header: the schemes that a server offers, with their parameters.
//!
//! One header may hold several challenges, separated by the same comma as their parameters. Unreadable
//! text is skipped up to the next challenge. At most 32 challenges of a header are read, each with at
//! most 32 parameters.
//!
//! RFC 9110 clause 11.

use std::borrow::Cow;

/// The most challenges of a header, and parameters of a challenge, that are read.
const MOST: usize = 32;

/// A scheme that a server offers.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Challenge<'h> {
    /// The scheme, as the server writes it.
    pub scheme: &'h str,
    /// The token of Negotiate or NTLM, in base64.
    pub token: Option<&'h str>,
    /// The parameters, such as `realm`.
    pub parameters: Vec<(&'h str, Cow<'h, str>)>,
}

impl Challenge<'_> {
    /// The value of a parameter, whatever the case of its name.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_ref())
    }
}

/// The challenges of one `WWW-Authenticate` header, in its order.
pub fn challenges(header: &str) -> Vec<Challenge<'_>> {
    let mut rest = Rest(header);
    let mut found = Vec::new();
    while found.len() < MOST {
        rest.skip(|c| c == ',' || is_blank(c));
        if rest.0.is_empty() {
            break;
        }
        match rest.take(is_tchar) {
            "" => rest.skip_to_comma(),
            scheme => found.push(rest.challenge(scheme)),
        }
    }
    found
}

/// The rest of the header.
struct Rest<'h>(&'h str);

impl<'h> Rest<'h> {
    fn challenge(&mut self, scheme: &'h str) -> Challenge<'h> {
        let mut challenge = Challenge { scheme, token: None, parameters: Vec::new() };
        if !self.0.starts_with(is_blank) {
            self.skip_to_comma();
            return challenge;
        }
        self.skip(is_blank);
        challenge.token = self.token68();
        if challenge.token.is_some() {
            return challenge;
        }
        while let Some(next) = self.at_parameter() {
            *self = next;
            let Some(parameter) = self.parameter() else { break };
            if challenge.parameters.len() < MOST {
                challenge.parameters.push(parameter);
            }
            self.skip(is_blank);
        }
        self.skip_to_comma();
        challenge
    }

    /// The place of the next parameter, after empty elements of the list (RFC 9110, 5.6.1.2). A word is a parameter only if
    /// a `=` follows; otherwise it is the next scheme.
    fn at_parameter(&self) -> Option<Self> {
        let mut ahead = Rest(self.0);
        ahead.skip(|c| c == ',' || is_blank(c));
        let parameter = Rest(ahead.0);
        let is_word = !ahead.take(is_tchar).is_empty();
        ahead.skip(is_blank);
        (is_word && ahead.0.starts_with('=')).then_some(parameter)
    }

    /// A single token, up to a comma or the end.
    fn token68(&mut self) -> Option<&'h str> {
        let mut ahead = Rest(self.0);
        let body = ahead.take(|c| c.is_ascii_alphanumeric() || "-._~+/".contains(c));
        ahead.skip(|c| c == '=');
        let token = self.0.get(..self.0.len().saturating_sub(ahead.0.len()))?;
        ahead.skip(is_blank);
        if body.is_empty() || !(ahead.0.is_empty() || ahead.0.starts_with(',')) {
            return None;
        }
        *self = ahead;
        Some(token)
    }

    /// `name=value`, where the value is a word or quoted.
    fn parameter(&mut self) -> Option<(&'h str, Cow<'h, str>)> {
        let name = self.take(is_tchar);
        self.skip(is_blank);
        if name.is_empty() || !self.0.starts_with('=') {
            return None;
        }
        self.0 = self.0.get(1..)?;
        self.skip(is_blank);
        if !self.0.starts_with('"') {
            return Some((name, Cow::Borrowed(self.take(|c| is_tchar(c) || "/:=".contains(c)))));
        }
        self.0 = self.0.get(1..)?;
        let plain = self.take(|c| c != '"' && c != '\\');
        if let Some(rest) = self.0.strip_prefix('"') {
            self.0 = rest;
            return Some((name, Cow::Borrowed(plain)));
        }
        let mut value = plain.to_string();
        let mut characters = self.0.chars();
        while let Some(character) = characters.next() {
            match character {
                '"' => break,
                '\\' => value.extend(characters.next()),
                other => value.push(other),
            }
        }
        self.0 = characters.as_str();
        Some((name, Cow::Owned(value)))
    }

    /// Skips to the next comma outside quotes.
    fn skip_to_comma(&mut self) {
        let (mut quoted, mut escaped) = (false, false);
        self.skip(|c| {
            let end = c == ',' && !quoted;
            quoted ^= c == '"' && !escaped;
            escaped = quoted && c == '\\' && !escaped;
            !end
        });
    }

    fn take(&mut self, mut is: impl FnMut(char) -> bool) -> &'h str {
        let (taken, rest) = self.0.split_at(self.0.find(|c| !is(c)).unwrap_or(self.0.len()));
        self.0 = rest;
        taken
    }

    fn skip(&mut self, is: impl FnMut(char) -> bool) {
        self.take(is);
    }
}

fn is_blank(c: char) -> bool {
    c == ' ' || c == '\t'
}

fn is_tchar(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `scheme token? (name=value)*`, for comparing.
    fn read(header: &str) -> Vec<String> {
        let one = |challenge: Challenge<'_>| {
            let token = challenge.token.map(|token| format!(" {token}")).unwrap_or_default();
            let parameters = challenge.parameters.iter().map(|(name, value)| format!(" [{name}={value}]"));
            format!("{}{token}{}", challenge.scheme, parameters.collect::<String>())
        };
        challenges(header).into_iter().map(one).collect()
    }

    #[test]
    fn one_header_may_hold_several_challenges() {
        for (header, expected) in [
            ("Negotiate", &["Negotiate"][..]),
            ("Negotiate, NTLM", &["Negotiate", "NTLM"]),
            ("NTLM TlRMTVNTUAAC=", &["NTLM TlRMTVNTUAAC="]),
            ("Negotiate oYG2MIGz==, Basic realm=\"a, b\"", &["Negotiate oYG2MIGz==", "Basic [realm=a, b]"]),
            ("Basic realm=\"x\",NTLM", &["Basic [realm=x]", "NTLM"]),
            (
                "Digest realm=\"r\", qop=\"auth,auth-int\" , nonce = abc, Negotiate abc, Bearer error=invalid_token",
                &["Digest [realm=r] [qop=auth,auth-int] [nonce=abc]", "Negotiate abc", "Bearer [error=invalid_token]"],
            ),
            (
                r#"Bearer scope="a \"b\" \\c", error_description="d""#,
                &["Bearer [scope=a \"b\" \\c] [error_description=d]"],
            ),
            (" , ,NTLM, ", &["NTLM"]),
            (", ,Basic realm=\"x\",,", &["Basic [realm=x]"]),
            ("Basic ,realm=x,, ,charset=UTF-8, ,NTLM,,", &["Basic [realm=x] [charset=UTF-8]", "NTLM"]),
            ("Negotiate,,,NTLM abc=,, Basic", &["Negotiate", "NTLM abc=", "Basic"]),
            ("Basic ,,", &["Basic"]),
            (",,\t,", &[]),
            ("Basic realm=\"never ends, NTLM", &["Basic [realm=never ends, NTLM]"]),
            ("Basic charset=UTF-8 ?, NTLM", &["Basic [charset=UTF-8]", "NTLM"]),
            ("@@@, NTLM", &["NTLM"]),
            ("", &[]),
        ] {
            assert_eq!(read(header), expected, "{header}");
        }
    }

    #[test]
    fn a_header_without_end_is_read_in_part() {
        assert_eq!(challenges(&"NTLM,".repeat(10_000)).len(), MOST);
        let many = format!("Digest {}", "a=b,".repeat(10_000));
        assert_eq!(challenges(&many).first().map(|digest| digest.parameters.len()), Some(MOST));
    }

    #[test]
    fn a_parameter_is_found_whatever_the_case_of_its_name() {
        let header = "Bearer Realm=\"r\"";
        assert_eq!(challenges(header).first().and_then(|bearer| bearer.parameter("realm")), Some("r"));
    }
}
