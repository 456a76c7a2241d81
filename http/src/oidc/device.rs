//! The device code (RFC 8628): a person types a code somewhere, and this side polls until that is done.
//!
//! It polls as often as the issuer wants, less often after `slow_down`, and stops when the code has
//! expired, when the person refuses, or when the client is canceled.

use super::endpoint::{Refusal, Seconds, SecretText};
use super::form::Form;
use super::issuer::Issuer;
use super::settings::{DeviceCode, Prompt};
use super::token::Token;
use crate::cancel::Canceler;
use crate::error::Error;
use crate::secret::Secret;
use cardwright_core::Code;
use serde::Deserialize;
use std::time::{Duration, Instant};

/// The answer with the code (RFC 8628, 3.2); older issuers call the address `verification_url`.
#[derive(Deserialize)]
struct Authorization {
    device_code: SecretText,
    user_code: String,
    #[serde(alias = "verification_url")]
    verification_uri: String,
    #[serde(alias = "verification_url_complete")]
    verification_uri_complete: Option<String>,
    expires_in: Seconds,
    interval: Option<Seconds>,
}

/// The longest wait for the person, whatever the issuer allows.
const LONGEST: Duration = Duration::from_secs(3600);

/// Asks a person, by `prompt`, and waits for the token.
pub(super) fn token(issuer: &Issuer, prompt: &Prompt, canceler: &Canceler) -> Result<Token, Error> {
    let metadata = issuer.metadata(canceler)?;
    let address = metadata.device_endpoint()?;
    metadata.token_endpoint()?;
    let begun = Instant::now();
    let answer = issuer.post(address, Form::empty(), canceler).map_err(|refusal| refusal.error)?;
    let authorization: Authorization = answer.json()?;
    let (SecretText(code), Seconds(lasts)) = (authorization.device_code, authorization.expires_in);
    let lasts = lasts.min(LONGEST);
    prompt(&DeviceCode {
        user_code: authorization.user_code,
        address: authorization.verification_uri,
        address_with_code: authorization.verification_uri_complete,
        lasts,
    });

    let mut pace = Pace::new(authorization.interval);
    loop {
        let left = lasts.saturating_sub(begun.elapsed());
        if pace.0 >= left {
            return Err(expired(address));
        }
        if !canceler.wait(pace.0) {
            return Err(Error::canceled(&issuer.settings.issuer, false));
        }
        match poll(issuer, &code, canceler) {
            Ok(token) => return Ok(token),
            Err(refusal) if refusal.is("authorization_pending") => {}
            Err(refusal) if refusal.is("slow_down") => pace.slow_down(),
            Err(refusal) if refusal.is("expired_token") => return Err(expired(address)),
            // Section 3.5: after a failed connection, polling goes on.
            Err(refusal)
                if matches!(refusal.error.code(), Code::Unreachable | Code::Timeout | Code::Broken | Code::Busy) =>
            {
                pace.back_off();
            }
            Err(refusal) => return Err(refusal.error),
        }
    }
}

fn poll(issuer: &Issuer, code: &Secret, canceler: &Canceler) -> Result<Token, Refusal> {
    let mut form = Form::new("urn:ietf:params:oauth:grant-type:device_code");
    form.secret("device_code", code);
    issuer.token(form, canceler)
}

fn expired(address: &str) -> Error {
    Error::answer(Code::SignIn, 200, &format!("POST {address}"), "nobody typed the code in time")
        .with_oauth("expired_token")
}

/// The time between two polls.
struct Pace(Duration);

impl Pace {
    /// Section 3.2: five seconds if the issuer does not say; at least 0.2 seconds.
    fn new(interval: Option<Seconds>) -> Self {
        let interval = interval.map_or(Duration::from_secs(5), |Seconds(interval)| interval);
        Pace(interval.clamp(Duration::from_millis(200), Duration::from_secs(300)))
    }

    /// Section 3.5: five seconds more, from now on.
    fn slow_down(&mut self) {
        self.0 += Duration::from_secs(5);
    }

    fn back_off(&mut self) {
        self.0 = (self.0 * 2).min(Duration::from_secs(60)).max(self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_issuer_says_how_often_it_is_asked() {
        let seconds = |pace: &Pace| pace.0.as_secs_f64();
        let mut pace = Pace::new(None);
        assert_eq!(seconds(&pace), 5.0);
        pace.slow_down();
        pace.slow_down();
        assert_eq!(seconds(&pace), 15.0);
        (0..9).for_each(|_| pace.back_off());
        assert_eq!(seconds(&pace), 60.0);
        pace.slow_down();
        pace.back_off();
        assert_eq!(seconds(&pace), 65.0, "never less than the issuer wants");
        for (told, expected) in [(0, 0.2), (1, 1.0), (9999, 300.0)] {
            assert_eq!(seconds(&Pace::new(Some(Seconds(Duration::from_secs(told))))), expected);
        }
    }
}
