//! Signing in by a scheme that the server offers, around one request.
//!
//! The body of a refusal is read before the next leg, so that the connection stays open. All legs of a
//! scheme use one connection; if it is lost, the sign-in starts again, once. Until the server has accepted
//! a password for the first time, one request at a time tries it, so that a wrong password is sent once,
//! however many threads send requests.

use super::challenge::Challenge;
use super::handshake::{Handshake, Identity};
use super::offer::{in_challenges, offered};
use super::origin::Origin;
use super::{Explanation, Failure, NOT_ALLOWED, Scheme, SignIn, SignInCause};
use crate::cancel::Canceler;
use crate::error::Error;
use crate::lock::{lock, try_lock};
use crate::request::Attempt;
use crate::response::{Response, buffered};
use crate::secret::Secret;
use crate::status;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cardwright_core::{Code, Named as _};
use std::sync::{Arc, Mutex, MutexGuard};

/// The most legs of a scheme. NTLM has two, Negotiate rarely more than three.
const LEGS: usize = 6;

/// A user who signs in by the schemes that the server offers, and what is known of the server.
#[derive(Debug)]
pub(crate) struct Negotiation {
    identity: Identity,
    known: Mutex<Known>,
    password: Mutex<Password>,
}

/// What is known of the server.
#[derive(Debug, Default)]
struct Known {
    /// The scheme of the last sign-in, and the server's name for it.
    chosen: Option<(Scheme, &'static str)>,
    /// Whether the server requires a sign-in for every request, even on the same connection.
    each_request: bool,
    /// The certificate that the server presented last.
    certificate: Option<Arc<[u8]>>,
    explanation: Explanation,
}

/// What is known of the password.
#[derive(Debug)]
enum Password {
    Untried,
    Accepted,
    /// Refused, with the reason.
    Refused(String, Option<SignInCause>),
}

/// The result of trying one scheme.
enum Outcome {
    /// The server accepted the user; it may still refuse the request.
    Accepted(Response),
    /// The server refused the user; and whether it has checked the password.
    Refused(Response, bool),
    /// The scheme cannot be used, or not continued, by the client.
    Failed(Option<Response>, Failure),
    /// The server failed or was busy before it looked at the user.
    Undecided(Response),
    /// The connection was lost between two legs.
    ConnectionLost,
}

impl Negotiation {
    pub(super) fn new(sign_in: SignIn, origin: Origin) -> Result<Self, Error> {
        let identity = Identity::new(sign_in, origin);
        match identity.sign_in.schemes.as_slice() {
            [] => return Err(Error::setup(Code::Setting, "no scheme to sign in by is allowed")),
            _ if !cfg!(feature = "kerberos") && identity.sign_in.needs_kerberos() => {
                return Err(Error::setup(
                    Code::Setting,
                    "the sign-in by Kerberos needs the feature `kerberos` of this library, which is not built in",
                ));
            }
            [Scheme::Ntlm] if !cfg!(feature = "ntlm") && !cfg!(all(windows, feature = "kerberos")) => {
                return Err(Error::setup(
                    Code::Setting,
                    "the sign-in by NTLM needs the feature `ntlm` of this library, which is not built in",
                ));
            }
            [Scheme::Basic] => identity.check_basic().map_err(|why| Error::setup(Code::Setting, why))?,
            _ => {}
        }
        Ok(Negotiation { identity, known: Mutex::default(), password: Mutex::new(Password::Untried) })
    }

    /// Takes over that the password was refused, from the parent process.
    pub(super) fn remember(&self, parent: &Self) {
        if let Some(Password::Refused(why, cause)) = try_lock(&parent.password).as_deref() {
            *lock(&self.password) = Password::Refused(why.clone(), cause.clone());
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        lock(&self.known)
    }

    /// What was offered, tried and chosen.
    pub(super) fn explanation(&self) -> Explanation {
        self.known().explanation.clone()
    }

    /// Sends a request and signs in as needed.
    pub(super) fn exchange(&self, attempt: &mut Attempt<'_>) -> Result<Response, Error> {
        // A scheme that cannot be used is not begun a second time: each beginning may be an exchange with a KDC.
        let mut useless = None;
        let mut answer = match self.sign_in_first(attempt)? {
            Some((_, Outcome::Accepted(answer) | Outcome::Refused(answer, true) | Outcome::Undecided(answer))) => {
                return Ok(answer);
            }
            Some((_, Outcome::Refused(answer, false) | Outcome::Failed(Some(answer), _))) => answer,
            first => {
                if let Some((scheme, Outcome::Failed(_, failure))) = first {
                    useless = Some((scheme, failure));
                }
                let signed_in = attempt.slot.get().signed_in;
                let answer = attempt.send(None, true)?;
                if answer.status().as_u16() != 401 {
                    return Ok(answer);
                }
                self.known().each_request |= signed_in == Some(attempt.slot.get().connection.number());
                answer
            }
        };
        attempt.slot.get().signed_in = None;
        let offered = offered(&answer);
        {
            let mut known = self.known();
            known.certificate = attempt.slot.get().connection.certificate();
            known.explanation = Explanation { offered: offered.clone(), ..Explanation::default() };
        }
        answer = buffered(answer);
        for scheme in [Scheme::Negotiate, Scheme::Ntlm, Scheme::Basic] {
            let offers = |word: &str| offered.iter().any(|offer| offer.eq_ignore_ascii_case(word));
            let word = match scheme {
                // Windows servers accept NTLM by this name too.
                Scheme::Ntlm if !offers("NTLM") && offers("Negotiate") => "Negotiate",
                _ if offers(scheme.name()) => scheme.name(),
                _ => continue,
            };
            if !self.identity.sign_in.schemes.contains(&scheme) {
                self.note(scheme, NOT_ALLOWED, None);
                continue;
            }
            let mut outcome = match useless.take_if(|(its, _)| *its == scheme) {
                Some((_, failure)) => Outcome::Failed(None, failure),
                None => self.try_scheme(scheme, word, attempt)?,
            };
            if matches!(outcome, Outcome::ConnectionLost) {
                attempt.slot.reconnect();
                outcome = self.try_scheme(scheme, word, attempt)?;
            }
            match outcome {
                Outcome::Accepted(answer) | Outcome::Refused(answer, true) | Outcome::Undecided(answer) => {
                    return Ok(answer);
                }
                Outcome::Refused(refusal, false) => {
                    answer = buffered(refusal);
                    let cause = self.identity.refused(scheme, false);
                    let outcome = cause.as_ref().map_or_else(|| "refused".to_string(), SignInCause::to_string);
                    self.note(scheme, &outcome, cause.as_ref());
                }
                Outcome::Failed(refusal, failure) => {
                    self.note(scheme, &failure.why, failure.cause.as_ref());
                    answer = refusal.unwrap_or(answer);
                    if failure.password_checked {
                        return Ok(answer);
                    }
                }
                Outcome::ConnectionLost => {
                    let cause = SignInCause::ConnectionNotKept;
                    let message = format!("{cause}: it must keep a client's connection to one server");
                    return Err(Error::sign_in(attempt.label(), message, false).because(Some(cause)));
                }
            }
        }
        let explanation = &mut self.known().explanation;
        let is_tried = explanation.tried.iter().any(|(_, outcome)| outcome != NOT_ALLOWED);
        if explanation.cause.is_none() && (!is_tried || self.identity.sign_in.password.is_none()) {
            explanation.cause = Some(match explanation.tried.as_slice() {
                tried if !tried.is_empty() && !is_tried => SignInCause::NotAllowed { offered },
                _ => SignInCause::NotOffered { offered },
            });
        }
        Ok(answer)
    }

    /// Signs in with the first request, if the scheme is known.
    fn sign_in_first(&self, attempt: &mut Attempt<'_>) -> Result<Option<(Scheme, Outcome)>, Error> {
        let (chosen, each_request, certificate) = {
            let known = self.known();
            (known.chosen, known.each_request, known.certificate.clone())
        };
        let chosen = match (chosen, self.identity.sign_in.schemes.as_slice()) {
            (None, [only @ (Scheme::Basic | Scheme::Negotiate)]) => Some((*only, only.name())),
            (chosen, _) => chosen,
        };
        let usable = chosen.filter(|(scheme, _)| match scheme {
            Scheme::Basic => true,
            // The channel binding needs the server's certificate, which is known after the first answer.
            Scheme::Negotiate => {
                (each_request || attempt.slot.get().signed_in.is_none())
                    && (!self.identity.origin.secure || !self.identity.sign_in.bindings || certificate.is_some())
            }
            _ => false,
        });
        match usable {
            Some((scheme, word)) => self.try_scheme(scheme, word, attempt).map(|outcome| Some((scheme, outcome))),
            None => self.check_password(attempt).map(|_| None),
        }
    }

    /// Checks that the password was not refused before; returns a guard while it is untried.
    fn check_password(&self, attempt: &Attempt<'_>) -> Result<Option<MutexGuard<'_, Password>>, Error> {
        if self.identity.sign_in.password.is_none() {
            return Ok(None);
        }
        let Some(password) = attempt.slot.canceler().lock(&self.password) else {
            return Err(Error::canceled(attempt.label(), attempt.sent));
        };
        match &*password {
            Password::Untried => Ok(Some(password)),
            Password::Accepted => Ok(None),
            Password::Refused(why, cause) => {
                let locks = cause.as_ref().is_none_or(SignInCause::counts_against_the_account);
                let more = if locks { "; it is not tried again, as that could lock the account" } else { "" };
                Err(Error::sign_in(attempt.label(), format!("{why}{more}"), false).because(cause.clone()))
            }
        }
    }

    /// Tries one scheme.
    fn try_scheme(&self, scheme: Scheme, word: &'static str, attempt: &mut Attempt<'_>) -> Result<Outcome, Error> {
        // Held while the password is tried for the first time.
        let mut untried = self.check_password(attempt)?;
        let certificate = attempt.slot.get().connection.certificate().or_else(|| self.known().certificate.clone());
        let outcome = match self.identity.start(scheme, certificate) {
            Ok(handshake) => {
                let legs = self.legs(handshake, scheme, word, attempt);
                // A password that was accepted before is right; the connection is at fault.
                legs.map_err(|(error, proved)| match proved && untried.is_some() {
                    true => error.with_unproven_password(),
                    false => error,
                })?
            }
            Err(failure) => Outcome::Failed(None, failure),
        };
        let user = self.identity.sign_in.password.as_ref().map_or("the identity at hand", |(user, _)| user);
        match &outcome {
            Outcome::Accepted(answer) => {
                let mut known = self.known();
                let is_first = known.chosen.replace((scheme, word)).is_none();
                // Any other status may come from a proxy, before the server looked at the password.
                if !status::accepts_account(answer.status().as_u16()) {
                    return Ok(outcome);
                }
                if let Some(password) = untried.as_deref_mut() {
                    *password = Password::Accepted;
                }
                if known.explanation.chosen.is_none() {
                    known.explanation.tried.push((scheme, format!("signed in as {user}")));
                }
                let is_new = known.explanation.chosen.replace(scheme) != Some(scheme);
                known.explanation.cause = None;
                // A log may call the client: it hears of this when nothing is locked.
                drop((known, untried));
                if is_first && scheme == Scheme::Ntlm {
                    tracing::warn!("signed in by NTLM, which Microsoft is retiring: Kerberos is the better way");
                }
                if is_new {
                    tracing::info!(scheme = scheme.name(), "signed in");
                }
            }
            Outcome::Refused(_, true) | Outcome::Failed(_, Failure { password_checked: true, .. }) => {
                let (why, cause) = match &outcome {
                    Outcome::Failed(_, failure) => (failure.why.clone(), failure.cause.clone()),
                    _ => {
                        let cause = self.identity.refused(scheme, true);
                        let why = cause.as_ref().map(SignInCause::to_string);
                        (why.unwrap_or_else(|| "refused".to_string()), cause)
                    }
                };
                self.note(scheme, &why, cause.as_ref());
                *untried.unwrap_or_else(|| lock(&self.password)) = Password::Refused(why, cause);
                tracing::warn!(scheme = scheme.name(), "the sign-in is refused");
            }
            _ => {}
        }
        Ok(outcome)
    }

    /// The legs of one scheme. An error comes with whether the proof of the password may have arrived before it.
    fn legs(
        &self,
        mut handshake: Handshake,
        scheme: Scheme,
        word: &str,
        attempt: &mut Attempt<'_>,
    ) -> Result<Outcome, (Error, bool)> {
        let connection = attempt.slot.get().connection.clone();
        let mut input: Option<Vec<u8>> = None;
        let mut last = None;
        let mut proved = false;
        for leg in 0..LEGS {
            let step = |_: &Canceler| self.identity.step(&mut handshake, input.as_deref());
            let token = match attempt.beside_the_limit(step) {
                Ok(token) => token,
                Err(failure) => {
                    let password_checked = failure.password_checked || proved;
                    return Ok(Outcome::Failed(last, Failure { password_checked, ..failure }));
                }
            };
            proved |= token.proves;
            if handshake.signs_in_connection() {
                tracing::debug!(scheme = scheme.name(), leg = leg + 1, "signing in");
            }
            let header = Secret::concat(&[word, " ", token.text.expose()]);
            connection.pin(leg > 0);
            let answer = attempt.send(Some(header), token.last);
            connection.pin(false);
            if connection.has_refused() {
                return Ok(Outcome::ConnectionLost);
            }
            let answer = answer.map_err(|error| {
                let proved = token.proves && error.was_sent();
                (error, proved)
            })?;
            let reply = reply(&answer, word);
            let status = answer.status().as_u16();
            if status != 401 && !token.last {
                if status::is_undecided(status) {
                    return Ok(Outcome::Undecided(answer));
                }
                let message = format!("the server answers {status} before the sign-in by {} is done", scheme.name());
                return Err((Error::sign_in(attempt.label(), message, true), proved));
            }
            if status != 401 {
                if let Err(message) = self.identity.finish(&mut handshake, reply.as_deref()) {
                    return Err((Error::sign_in(attempt.label(), message, true), proved));
                }
                attempt.slot.get().signed_in = handshake.signs_in_connection().then(|| connection.number());
                return Ok(Outcome::Accepted(answer));
            }
            // A token in the refusal of the last proof does not start another leg.
            if reply.is_none() || token.proves && handshake.ends_with_proof() {
                let offered = offered(&answer);
                // A server that offers only other schemes has not checked this one.
                let offers = offered.is_empty() || offered.iter().any(|offer| offer.eq_ignore_ascii_case(word));
                let checked = token.proves && offers;
                self.known().explanation.offered = offered;
                return Ok(Outcome::Refused(answer, checked));
            }
            input = reply;
            last = Some(buffered(answer));
        }
        let why = format!("the server asks for more than {LEGS} legs");
        Ok(Outcome::Failed(last, Failure { password_checked: proved, ..Failure::new(why) }))
    }

    fn note(&self, scheme: Scheme, outcome: &str, cause: Option<&SignInCause>) {
        self.known().explanation.note(scheme, outcome, cause);
    }
}

/// The server's token for a scheme.
fn reply(answer: &Response, word: &str) -> Option<Vec<u8>> {
    let token = |challenge: &Challenge<'_>| {
        let token = challenge.token.filter(|_| challenge.scheme.eq_ignore_ascii_case(word))?;
        STANDARD.decode(token).ok()
    };
    in_challenges(answer, token).into_iter().next()
}
