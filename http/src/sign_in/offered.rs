//! The loop around a request: what is sent to sign in, and what is done when the server says no.
//!
//! A refusal's body is read before the next leg, so that the connection stays. All legs of a scheme go
//! over one connection; where it does not last, the sign-in begins once more, and then it is an error.
//! Until the server has taken a password for the first time, one request at a time tries it, so that
//! a wrong one is sent once, however many threads ask.

use super::challenge::challenges;
use super::handshake::{Handshake, Identity, Place, joined};
use super::{Explanation, Failure, NOT_ALLOWED, Scheme, SignIn};
use crate::error::Error;
use crate::sending::{Response, Sending};
use crate::slots::drained;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cardwright_core::Named as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many legs a scheme has at most. NTLM has two, Negotiate rarely more than three.
const LEGS: usize = 6;

/// A sign-in by what the server offers, and what was learnt of the server.
#[derive(Debug)]
pub(crate) struct Offered {
    identity: Identity,
    state: Mutex<State>,
    proof: Mutex<Proof>,
}

#[derive(Debug, Default)]
struct State {
    /// What let the user in last, and the word that it goes by.
    chosen: Option<(Scheme, &'static str)>,
    /// Whether the server wants it with every request, though the connection stays.
    each_request: bool,
    /// The certificate that the server showed last.
    leaf: Option<Arc<[u8]>>,
    explanation: Explanation,
}

/// What is known of the password.
#[derive(Debug)]
enum Proof {
    Untried,
    Good,
    /// Refused, by whom.
    Refused(String),
}

/// What came of a scheme's legs.
enum Legs {
    /// The server let the user in; it may refuse the request all the same.
    Accepted(Response),
    /// It did not; and whether it has seen the password, or the proof of it.
    Refused(Response, bool),
    /// It cannot be gone on with here.
    Failed(Option<Response>, Failure),
    /// Something failed or has no time, before anybody looked at who asks.
    Unjudged(Response),
    /// The connection did not last.
    Torn,
}

impl Offered {
    pub(super) fn new(sign_in: SignIn, place: Place) -> Result<Self, Error> {
        let (state, proof) = (Mutex::default(), Mutex::new(Proof::Untried));
        let offered = Offered { identity: Identity::new(sign_in, place), state, proof };
        match offered.identity.sign_in.schemes.as_slice() {
            [] => Err(Error::setup("no scheme to sign in by is allowed")),
            [Scheme::Basic] => offered.identity.may_use_basic().map(|()| offered).map_err(Error::setup),
            _ => Ok(offered),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was offered, tried and chosen.
    pub(super) fn explanation(&self) -> Explanation {
        self.state().explanation.clone()
    }

    /// Sends a request, with all that a sign-in takes.
    pub(super) fn exchange(&self, sending: &mut Sending<'_>) -> Result<Response, Error> {
        let mut answer = match self.open(sending)? {
            Some(Legs::Accepted(answer) | Legs::Refused(answer, true) | Legs::Unjudged(answer)) => return Ok(answer),
            Some(Legs::Refused(answer, false) | Legs::Failed(Some(answer), _)) => answer,
            Some(Legs::Failed(None, _) | Legs::Torn) | None => {
                let signed_in = sending.slot().signed_in;
                let answer = sending.send(None, true)?;
                if answer.status().as_u16() != 401 {
                    return Ok(answer);
                }
                self.state().each_request |= signed_in == Some(sending.slot().wire.number());
                answer
            }
        };
        sending.slot().signed_in = None;
        let offered = offered(&answer);
        {
            let mut state = self.state();
            state.leaf = sending.slot().wire.leaf();
            state.explanation = Explanation { offered: offered.clone(), ..Explanation::default() };
        }
        answer = drained(answer);
        for scheme in [Scheme::Negotiate, Scheme::Ntlm, Scheme::Basic] {
            let offers = |word: &str| offered.iter().any(|its| its.eq_ignore_ascii_case(word));
            let word = match scheme {
                // Windows takes NTLM by this name too.
                Scheme::Ntlm if !offers("NTLM") && offers("Negotiate") => "Negotiate",
                _ if offers(scheme.name()) => scheme.name(),
                _ => continue,
            };
            if !self.identity.sign_in.schemes.contains(&scheme) {
                self.note(scheme, NOT_ALLOWED);
                continue;
            }
            let mut torn = false;
            loop {
                match self.attempt(scheme, word, sending)? {
                    Legs::Accepted(answer) => {
                        self.state().chosen = Some((scheme, word));
                        return Ok(answer);
                    }
                    Legs::Refused(answer, true) | Legs::Unjudged(answer) => return Ok(answer),
                    Legs::Refused(refusal, false) => {
                        answer = drained(refusal);
                        self.note(scheme, "refused");
                    }
                    Legs::Failed(refusal, failure) => {
                        self.note(scheme, &failure.why);
                        answer = refusal.unwrap_or(answer);
                        if failure.judged {
                            return Ok(answer);
                        }
                    }
                    Legs::Torn if !torn => {
                        torn = true;
                        sending.renew();
                        continue;
                    }
                    Legs::Torn => return Err(Error::sign_in(sending.request(), NOT_KEPT)),
                }
                break;
            }
        }
        Ok(answer)
    }

    /// Signs in with the first request, where the scheme is known.
    fn open(&self, sending: &mut Sending<'_>) -> Result<Option<Legs>, Error> {
        let (chosen, each_request, leaf) = {
            let state = self.state();
            (state.chosen, state.each_request, state.leaf.clone())
        };
        let chosen = match (chosen, self.identity.sign_in.schemes.as_slice()) {
            (None, [only @ (Scheme::Basic | Scheme::Negotiate)]) => Some((*only, only.name())),
            (chosen, _) => chosen,
        };
        let (scheme, word) = match chosen {
            Some((Scheme::Basic, word)) => (Scheme::Basic, word),
            // The binding needs the server's certificate, which is known after the first answer.
            Some((Scheme::Negotiate, word))
                if (each_request || sending.slot().signed_in.is_none())
                    && (!self.identity.place.secure || !self.identity.sign_in.bindings || leaf.is_some()) =>
            {
                (Scheme::Negotiate, word)
            }
            _ => {
                self.refused(sending)?;
                return Ok(None);
            }
        };
        let legs = self.attempt(scheme, word, sending)?;
        if matches!(legs, Legs::Accepted(_)) {
            self.state().chosen = Some((scheme, word));
        }
        Ok(Some(legs))
    }

    /// An error, where the password was refused already.
    fn refused(&self, sending: &Sending<'_>) -> Result<Option<MutexGuard<'_, Proof>>, Error> {
        if self.identity.sign_in.password.is_none() {
            return Ok(None);
        }
        let proof = self.proof.lock().unwrap_or_else(PoisonError::into_inner);
        match &*proof {
            Proof::Untried => Ok(Some(proof)),
            Proof::Good => Ok(None),
            Proof::Refused(how) => {
                let why = format!("{how}; it is not tried again, as that could lock the account");
                Err(Error::sign_in(sending.request(), &why))
            }
        }
    }

    /// Goes through the legs of one scheme.
    fn attempt(&self, scheme: Scheme, word: &'static str, sending: &mut Sending<'_>) -> Result<Legs, Error> {
        // Held while the password is tried for the first time.
        let mut gate = self.refused(sending)?;
        let leaf = sending.slot().wire.leaf().or_else(|| self.state().leaf.clone());
        let legs = match self.identity.start(scheme, leaf) {
            Ok(handshake) => self.legs(handshake, scheme, word, sending)?,
            Err(failure) => Legs::Failed(None, failure),
        };
        let user = self.identity.sign_in.password.as_ref().map_or("the identity at hand", |(user, _)| user);
        match &legs {
            Legs::Accepted(answer) => {
                // What else a proxy may have said, before anybody looked at the password.
                if !matches!(answer.status().as_u16(), 200..=299 | 403 | 404 | 409) {
                    return Ok(legs);
                }
                if let Some(proof) = gate.as_deref_mut() {
                    *proof = Proof::Good;
                }
                let mut state = self.state();
                if state.chosen.is_none() && scheme == Scheme::Ntlm {
                    tracing::warn!("signed in by NTLM, which Microsoft is retiring: Kerberos is the better way");
                }
                if state.explanation.chosen.is_none() {
                    state.explanation.tried.push((scheme, format!("signed in as {user}")));
                }
                state.explanation.chosen = Some(scheme);
            }
            Legs::Refused(_, true) | Legs::Failed(_, Failure { judged: true, .. }) => {
                let why = match &legs {
                    Legs::Failed(_, failure) => failure.why.clone(),
                    _ => format!("the server has refused user or password of {user} by {}", scheme.name()),
                };
                self.note(scheme, &why);
                let mut proof = gate.unwrap_or_else(|| self.proof.lock().unwrap_or_else(PoisonError::into_inner));
                *proof = Proof::Refused(why);
            }
            _ => {}
        }
        Ok(legs)
    }

    fn legs(
        &self,
        mut handshake: Handshake,
        scheme: Scheme,
        word: &str,
        sending: &mut Sending<'_>,
    ) -> Result<Legs, Error> {
        let mut input: Option<Vec<u8>> = None;
        let mut last = None;
        let mut proved = false;
        for leg in 0..LEGS {
            let token = match self.identity.step(&mut handshake, input.as_deref()) {
                Ok(token) => token,
                Err(failure) => {
                    return Ok(Legs::Failed(last, Failure { judged: failure.judged || proved, ..failure }));
                }
            };
            proved |= token.proves;
            if handshake.stays() {
                tracing::debug!(scheme = scheme.name(), leg = leg + 1, "signing in");
            }
            let header = joined(&[word, " ", &token.text]);
            sending.slot().wire.pin(leg > 0);
            let answer = sending.send(Some(header), token.last);
            sending.slot().wire.pin(false);
            if sending.slot().wire.has_refused() {
                return Ok(Legs::Torn);
            }
            let answer = answer?;
            let reply = reply(&answer, word);
            let status = answer.status().as_u16();
            if status != 401 && !token.last {
                if status == 429 || status >= 500 {
                    return Ok(Legs::Unjudged(answer));
                }
                let message = format!("the server answers {status} before the sign-in by {} is done", scheme.name());
                return Err(Error::SignIn { request: sending.request().to_string(), message, sent: true });
            }
            if status != 401 {
                if let Err(message) = self.identity.finish(&mut handshake, reply.as_deref()) {
                    return Err(Error::SignIn { request: sending.request().to_string(), message, sent: true });
                }
                let number = sending.slot().wire.number();
                sending.slot().signed_in = handshake.stays().then_some(number);
                return Ok(Legs::Accepted(answer));
            }
            // Whatever stands with a refusal of the last proof, it is no next leg.
            if reply.is_none() || token.proves && handshake.ends_with_proof() {
                let offered = offered(&answer);
                // Who offers other schemes alone has not judged what this one carries.
                let offers = offered.is_empty() || offered.iter().any(|its| its.eq_ignore_ascii_case(word));
                let judged = token.proves && offers;
                self.state().explanation.offered = offered;
                return Ok(Legs::Refused(answer, judged));
            }
            input = reply;
            last = Some(drained(answer));
        }
        let why = format!("the server asks for more than {LEGS} legs");
        Ok(Legs::Failed(last, Failure { why, judged: proved }))
    }

    fn note(&self, scheme: Scheme, outcome: &str) {
        self.state().explanation.tried.push((scheme, outcome.to_string()));
    }
}

const NOT_KEPT: &str = "the connection does not last from one leg of the sign-in to the next; a load balancer or a \
     proxy on the way usually does that: it must keep a client's connection to one server";

/// The values of the header `WWW-Authenticate`.
fn words(answer: &Response) -> Vec<String> {
    let values = answer.headers().get_all("WWW-Authenticate").iter();
    // A realm may have letters that are not ASCII.
    values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect()
}

/// The schemes that it offers.
fn offered(answer: &Response) -> Vec<String> {
    words(answer).iter().flat_map(|header| challenges(header)).map(|offer| offer.scheme.to_string()).collect()
}

/// What the server says behind a scheme's word.
fn reply(answer: &Response, word: &str) -> Option<Vec<u8>> {
    words(answer).iter().flat_map(|header| challenges(header)).find_map(|challenge| {
        let token = challenge.token.filter(|_| challenge.scheme.eq_ignore_ascii_case(word))?;
        STANDARD.decode(token).ok()
    })
}
