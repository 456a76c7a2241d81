//! The device code (RFC 8628): a person types a code somewhere, and this side asks until that is done.
//!
//! It asks as often as the issuer wants, less often after `slow_down`, and stops when the code has
//! ended, when the person says no, or when the client is told to stop.

use super::endpoint::{Form, Hidden, Seconds};
use super::{Inner, Prompt, Token};
use crate::error::Error;
use crate::retry::Canceler;
use crate::secret::Secret;
use cardwright_core::Code;
use serde::Deserialize;
use std::time::{Duration, Instant};

/// What a person needs to sign in.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DeviceCode {
    /// What to type.
    pub user_code: String,
    /// Where, in any browser on any device.
    pub address: String,
    /// The same with the code in it already, where the issuer has such an address.
    pub address_with_code: Option<String>,
    /// How long the code is good.
    pub lasts: Duration,
}

/// RFC 8628, 3.2. `verification_url` is what older issuers call it.
#[derive(Deserialize)]
struct Begun {
    device_code: Hidden,
    user_code: String,
    #[serde(alias = "verification_url")]
    verification_uri: String,
    #[serde(alias = "verification_url_complete")]
    verification_uri_complete: Option<String>,
    expires_in: Seconds,
    interval: Option<Seconds>,
}

/// How long a code is waited for at most, whatever the issuer says.
const LONGEST: Duration = Duration::from_secs(3600);

/// Asks a person, by `prompt`, and waits for the token.
pub(super) fn token(inner: &Inner, prompt: &Prompt, canceler: &Canceler) -> Result<Token, Error> {
    let metadata = inner.metadata()?;
    let address = metadata.device_endpoint()?;
    metadata.token_endpoint()?;
    let mut form = Form::empty();
    inner.wanted(&mut form);
    let authorization = inner.client(&metadata, &mut form)?;
    let begun = Instant::now();
    let answer = inner.endpoint.post(address, &form, authorization.as_ref()).map_err(|refusal| refusal.error)?;
    let Begun { device_code: Hidden(code), user_code, verification_uri, verification_uri_complete, .. } =
        answer.json()?;
    let Begun { expires_in: Seconds(lasts), interval, .. } = answer.json()?;
    let lasts = lasts.min(LONGEST);
    prompt(&DeviceCode { user_code, address: verification_uri, address_with_code: verification_uri_complete, lasts });

    let mut pace = Pace::new(interval);
    loop {
        let left = lasts.saturating_sub(begun.elapsed());
        if pace.0 >= left {
            return Err(ended(address));
        }
        if !canceler.wait(pace.0) {
            return Err(inner.canceled());
        }
        match poll(inner, &code) {
            Ok(token) => return Ok(token),
            Err(refusal) if refusal.is("authorization_pending") => {}
            Err(refusal) if refusal.is("slow_down") => pace.slow_down(),
            Err(refusal) if refusal.is("expired_token") => return Err(ended(address)),
            // Section 3.5: an answer that did not come is no answer.
            Err(refusal)
                if matches!(refusal.error.code(), Code::Unreachable | Code::Timeout | Code::Broken | Code::Busy) =>
            {
                pace.back_off();
            }
            Err(refusal) => return Err(refusal.error),
        }
    }
}

fn poll(inner: &Inner, code: &Secret) -> Result<Token, super::endpoint::Refusal> {
    let mut form = Form::new("urn:ietf:params:oauth:grant-type:device_code");
    form.secret("device_code", code);
    inner.token(form)
}

fn ended(address: &str) -> Error {
    Error::answer(Code::SignIn, 200, &format!("POST {address}"), "nobody typed the code in time")
}

/// How long to wait before asking again.
struct Pace(Duration);

impl Pace {
    /// Section 3.2: five seconds where the issuer does not say. Whatever it says, not ten times a second.
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
