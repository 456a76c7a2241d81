//! How a client signs in: not at all, by a token, or by a scheme that the server offers.

use super::negotiation::Negotiation;
use super::offer::{offered, token_refused};
use super::origin::Origin;
use super::{Credentials, Explanation, Scheme, SignIn, SignInCause, TokenSource};
use crate::error::Error;
use crate::request::Attempt;
use crate::response::{Response, SignInNote, buffered};
use crate::secret::Secret;
use cardwright_core::{Code, Named as _};
use std::sync::Arc;

/// The length above which a header may be too long for a server: Apache accepts 8190 bytes, IIS 16 KiB.
const LONG: usize = 8000;

/// How a client signs in.
#[derive(Debug)]
pub(crate) enum Authenticator {
    Anonymous,
    /// The same token with each request.
    Bearer(Secret),
    /// A token from a source.
    Tokens(Arc<dyn TokenSource>),
    /// A scheme that the server offers.
    Negotiation(Box<Negotiation>),
}

impl Authenticator {
    /// How these credentials sign in to this server.
    ///
    /// # Errors
    /// If a password or a token would be sent unencrypted, and must not.
    pub(crate) fn new(credentials: Credentials, origin: Origin, tokens_in_clear: bool) -> Result<Self, Error> {
        if matches!(credentials, Credentials::Bearer(_) | Credentials::Tokens(_)) && !tokens_in_clear {
            origin.check_confidential(Scheme::Bearer, "token").map_err(|why| Error::setup(Code::Setting, why))?;
        }
        Ok(match credentials {
            Credentials::Anonymous => Authenticator::Anonymous,
            Credentials::Bearer(token) => Authenticator::Bearer(token),
            Credentials::Tokens(source) => Authenticator::Tokens(source),
            Credentials::Basic { user, password } => {
                let sign_in = SignIn::password(user, password).schemes(&[Scheme::Basic]);
                Authenticator::Negotiation(Box::new(Negotiation::new(sign_in, origin)?))
            }
            Credentials::SignIn(sign_in) => Authenticator::Negotiation(Box::new(Negotiation::new(sign_in, origin)?)),
        })
    }

    /// Takes over what must not be forgotten of the parent process.
    pub(crate) fn remember(&self, parent: &Self) {
        if let (Authenticator::Negotiation(own), Authenticator::Negotiation(parent)) = (self, parent) {
            own.remember(parent);
        }
    }

    /// Sends a request and signs in as needed; returns the last answer, whatever its status.
    pub(crate) fn exchange(&self, attempt: &mut Attempt<'_>) -> Result<Response, Error> {
        match self {
            Authenticator::Anonymous => attempt.send(None, true),
            Authenticator::Bearer(token) => attempt.send(Some(bearer(token)), true),
            Authenticator::Tokens(source) => {
                let token = attempt.beside_the_limit(|canceler| source.token(canceler))?;
                let answer = attempt.send(Some(bearer(&token)), true)?;
                if answer.status().as_u16() != 401 {
                    return Ok(answer);
                }
                tracing::debug!("the server refuses the token: another one is asked for");
                match attempt.beside_the_limit(|canceler| source.renew(&token, canceler)) {
                    Ok(Some(other)) => {
                        drop(buffered(answer));
                        attempt.send(Some(bearer(&other)), true)
                    }
                    Ok(None) => Ok(answer),
                    Err(error) => {
                        let message = format!("the server refused the token, and there is no other one: {error}");
                        Err(Error::sign_in(attempt.label(), message, false).because(Some(token_refused(&answer))))
                    }
                }
            }
            Authenticator::Negotiation(negotiation) => negotiation.exchange(attempt),
        }
    }

    /// The answer with a note on the sign-in, if that may be the reason for a refusal.
    pub(crate) fn explained(&self, mut answer: Response, longest_header: usize) -> Response {
        let note = match (answer.status().as_u16(), self) {
            (401, Authenticator::Negotiation(_)) => {
                let explanation = self.explain();
                SignInNote { words: explanation.to_string(), cause: explanation.cause }
            }
            (401, Authenticator::Anonymous) => {
                let offered = offered(&answer);
                let takes = |scheme: Scheme| offered.iter().any(|offer| offer.eq_ignore_ascii_case(scheme.name()));
                let ticket = takes(Scheme::Negotiate).then(ticket_at_hand).flatten();
                let explanation = Explanation {
                    offered: offered.clone(),
                    cause: Some(SignInCause::NothingGiven { offered, ticket }),
                    ..Explanation::default()
                };
                SignInNote { words: explanation.to_string(), cause: explanation.cause }
            }
            (401, Authenticator::Bearer(_) | Authenticator::Tokens(_)) => {
                let (offered, refused) = (offered(&answer), token_refused(&answer));
                let takes = |scheme: Scheme| offered.iter().any(|offer| offer.eq_ignore_ascii_case(scheme.name()));
                let cause = match refused {
                    SignInCause::TokenRefused { .. } if !offered.is_empty() && !takes(Scheme::Bearer) => {
                        SignInCause::NotOffered { offered: offered.clone() }
                    }
                    refused => refused,
                };
                let explanation = Explanation { offered, cause: Some(cause), ..Explanation::default() };
                SignInNote { words: explanation.to_string(), cause: explanation.cause }
            }
            // A token that is valid and not enough (RFC 6750, 3.1).
            (403, Authenticator::Bearer(_) | Authenticator::Tokens(_)) => match token_refused(&answer) {
                cause @ SignInCause::TokenRefused { error: Some(_), .. } => {
                    SignInNote { words: cause.to_string(), cause: Some(cause) }
                }
                _ => return answer,
            },
            (400 | 413 | 431, _) if longest_header > LONG => SignInNote {
                words: format!(
                    "the header that signs in has {longest_header} bytes, which may be more than the server takes: a user \
                     in many groups has a large ticket or token; IIS takes more by MaxFieldLength and MaxRequestBytes, \
                     Apache by LimitRequestFieldSize"
                ),
                cause: None,
            },
            _ => return answer,
        };
        answer.extensions_mut().insert(note);
        answer
    }

    /// What was offered, tried and chosen.
    pub(crate) fn explain(&self) -> Explanation {
        match self {
            Authenticator::Anonymous => Explanation::default(),
            Authenticator::Bearer(_) | Authenticator::Tokens(_) => {
                Explanation { chosen: Some(Scheme::Bearer), ..Explanation::default() }
            }
            Authenticator::Negotiation(negotiation) => negotiation.explanation(),
        }
    }
}

fn bearer(token: &Secret) -> Secret {
    Secret::concat(&["Bearer ", token.expose()])
}

/// The principal of the Kerberos ticket that lies at hand, if there is one. Nothing is sent.
fn ticket_at_hand() -> Option<String> {
    #[cfg(all(unix, feature = "kerberos"))]
    return crate::gssapi::Credential::at_hand();
    #[cfg(not(all(unix, feature = "kerberos")))]
    return None;
}
