//! How a client signs in: not at all, by a token, or by what the server offers.

use super::handshake::{Place, joined};
use super::offered::Offered;
use super::{Credentials, Explanation, Scheme, SignIn, TokenSource};
use crate::error::Error;
use crate::secret::Secret;
use crate::sending::{Response, Sending};
use crate::slots::drained;
use std::sync::Arc;
use zeroize::Zeroizing;

/// From which length on a header may be too long for a server: Apache takes 8190 bytes, IIS 16 KiB.
const LONG: usize = 8000;

/// What is to be said about the sign-in, with an answer that is a refusal.
#[derive(Debug, Clone)]
pub(crate) struct Said(pub(crate) String);

/// How a client signs in.
#[derive(Debug)]
pub(crate) enum Signer {
    Anonymous,
    /// The same token with each request.
    Bearer(Secret),
    /// A token from a source.
    Tokens(Arc<dyn TokenSource>),
    /// What the server offers.
    Offered(Box<Offered>),
}

impl Signer {
    /// How these credentials sign in to this place.
    ///
    /// # Errors
    /// Where a password or a token would go in clear, and may not.
    pub(crate) fn new(credentials: Credentials, place: Place, tokens_in_clear: bool) -> Result<Self, Error> {
        if matches!(credentials, Credentials::Bearer(_) | Credentials::Tokens(_)) && !tokens_in_clear {
            place.hides(Scheme::Bearer, "token").map_err(Error::setup)?;
        }
        Ok(match credentials {
            Credentials::Anonymous => Signer::Anonymous,
            Credentials::Bearer(token) => Signer::Bearer(token),
            Credentials::Tokens(source) => Signer::Tokens(source),
            Credentials::Basic { user, password } => {
                let sign_in = SignIn::password(user, password).schemes(&[Scheme::Basic]);
                Signer::Offered(Box::new(Offered::new(sign_in, place)?))
            }
            Credentials::SignIn(sign_in) => Signer::Offered(Box::new(Offered::new(sign_in, place)?)),
        })
    }

    /// Sends a request, with all that a sign-in takes; returns the last answer, whatever its status.
    pub(crate) fn exchange(&self, sending: &mut Sending<'_>) -> Result<Response, Error> {
        match self {
            Signer::Anonymous => sending.send(None, true),
            Signer::Bearer(token) => sending.send(Some(bearer(token)), true),
            Signer::Tokens(source) => {
                let token = source.token(sending.canceler())?;
                let answer = sending.send(Some(bearer(&token)), true)?;
                if answer.status().as_u16() != 401 {
                    return Ok(answer);
                }
                match source.renew(&token, sending.canceler())? {
                    Some(other) => {
                        drop(drained(answer));
                        sending.send(Some(bearer(&other)), true)
                    }
                    None => Ok(answer),
                }
            }
            Signer::Offered(offered) => offered.exchange(sending),
        }
    }

    /// The answer with what there is to say about the sign-in, where that may be why it is a refusal.
    pub(crate) fn told(&self, mut answer: Response, longest: usize) -> Response {
        let said = match answer.status().as_u16() {
            401 => match self {
                Signer::Offered(_) => self.explain().to_string(),
                _ => return answer,
            },
            400 | 413 | 431 if longest > LONG => format!(
                "the header that signs in has {longest} bytes, which may be more than the server takes: a user in many \
                 groups has a large ticket or token; IIS takes more by MaxFieldLength and MaxRequestBytes, Apache by \
                 LimitRequestFieldSize"
            ),
            _ => return answer,
        };
        answer.extensions_mut().insert(Said(said));
        answer
    }

    /// What was offered, tried and chosen.
    pub(crate) fn explain(&self) -> Explanation {
        match self {
            Signer::Anonymous => Explanation::default(),
            Signer::Bearer(_) | Signer::Tokens(_) => {
                Explanation { chosen: Some(Scheme::Bearer), ..Explanation::default() }
            }
            Signer::Offered(offered) => offered.explanation(),
        }
    }
}

fn bearer(token: &Secret) -> Zeroizing<String> {
    joined(&["Bearer ", token.expose()])
}
