//! The bearer token: what it says of itself. It is not shown, and its signature is for the server to check.

use super::report::Checks;
use crate::due::{date, in_days, now};
use crate::failure::Kind;
use crate::hint;
use crate::target::Target;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cardwright_client::{Canceler, Credentials, Secret};
use cardwright_core::Code;
use cardwright_core::date::{DAY, Moment};
use serde_json::{Map, Value};

/// Checks the token, if the server is to get one; returns whether it is worth going on.
pub(super) fn look(checks: &mut Checks<'_>, target: &Target) -> bool {
    match target.credentials() {
        Credentials::Bearer(token) => examine(checks, token, "get a new one, and put it into the file"),
        Credentials::Tokens(tokens) => match tokens.token(&canceler(target)) {
            Ok(token) => examine(checks, &token, "have the issuer's clock and the life of its tokens looked at"),
            Err(error) => {
                let exit = match error.code() {
                    Code::SignIn => Kind::NotAllowed,
                    code if code.is_setup() => Kind::Usage,
                    _ => Kind::NoConnection,
                };
                let step = hint::sign_in::no_token(&error).or_else(|| hint::after_request(&error));
                let next = step.unwrap_or_else(|| match exit {
                    Kind::Usage => "have what is given for the issuer looked at".into(),
                    _ => "is --issuer right? Below it is /.well-known/openid-configuration".into(),
                });
                checks.fail("token", exit, error.unmasked().to_string(), next);
                return false;
            }
        },
        _ => {}
    }
    true
}

/// What ends the wait for a token where the examination's limit passes.
fn canceler(target: &Target) -> Canceler {
    let canceler = Canceler::new();
    if let Some(limit) = target.limit() {
        limit.cancels(canceler.clone());
    }
    canceler
}

fn examine(checks: &mut Checks<'_>, token: &Secret, renew: &str) {
    let Some(claims) = claims(token.expose()) else {
        checks.ok("token", "it is no JWT: only the server can tell what is in it");
        return;
    };
    let (now, time) = (now().seconds, |name: &str| claims.get(name).and_then(Value::as_f64).map(|time| time as i64));
    let whose = format!("of {} for {}", text(&claims, "iss"), text(&claims, "aud"));
    match (time("exp"), time("nbf")) {
        (Some(exp), _) if exp <= now => {
            let seen =
                format!("{whose}: it has expired {} ago, on {}", lasting(now - exp), date(Moment::from_seconds(exp)));
            checks.fail("token", Kind::NotAllowed, seen, renew);
        }
        (_, Some(nbf)) if nbf > now + 60 => {
            let seen = format!("{whose}: it is valid in {} only", lasting(nbf - now));
            checks.warn("token", seen, "is this machine's clock right?");
        }
        (Some(exp), _) => checks.ok("token", format!("{whose}, for another {}", lasting(exp - now))),
        (None, _) => checks.warn("token", format!("{whose}: it never ends"), "servers may refuse a token without exp"),
    }
}

/// What a JWT claims.
fn claims(token: &str) -> Option<Map<String, Value>> {
    let mut parts = token.split('.');
    let (Some(_), Some(claims), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return None;
    };
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
}

/// A claim that is one text or several, cut at a readable length.
fn text(claims: &Map<String, Value>, name: &str) -> String {
    let message = match claims.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        _ => return "nobody".into(),
    };
    message.chars().take(200).collect()
}

/// A duration in words.
fn lasting(seconds: i64) -> String {
    match seconds {
        ..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        7200..DAY => format!("{} h", seconds / 3600),
        _ => in_days(seconds / DAY),
    }
}
