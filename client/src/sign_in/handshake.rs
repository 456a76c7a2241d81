//! The loop around a request: what is sent to sign in, and what is done when the server says no.
//!
//! A refusal's body is read before the next leg, so that the connection stays. All legs of a scheme go
//! over one connection; where it does not last, the sign-in begins once more, and then it is an error.
//! Until the server has taken a password for the first time, one request at a time tries it, so that
//! a wrong one is sent once, however many threads ask.

use super::challenge::challenges;
use super::{Credentials, Explanation, Mutual, NOT_ALLOWED, Scheme, SignIn, TokenSource};
use crate::error::Error;
#[cfg(unix)]
use crate::gssapi as system;
#[cfg(feature = "ntlm")]
use crate::ntlm;
use crate::secret::Secret;
use crate::slots::drained;
#[cfg(windows)]
use crate::sspi as system;
use crate::transport::{Response, Sending};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cardwright_core::Named as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use zeroize::Zeroizing;

/// How many legs a scheme has at most. NTLM has two, Negotiate rarely more than three.
const LEGS: usize = 6;

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
    pub(crate) fn new(credentials: Credentials, place: Place) -> Result<Self, Error> {
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
            Signer::Offered(offered) => offered.state().explanation.clone(),
        }
    }
}

fn encoded(token: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(STANDARD.encode(token))
}

fn bearer(token: &Secret) -> Zeroizing<String> {
    joined(&["Bearer ", token.expose()])
}

/// One text of several, without a copy of its beginning left behind, as one that grows would have.
fn joined(parts: &[&str]) -> Zeroizing<String> {
    Zeroizing::new(parts.concat())
}

/// Where requests go.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// The host's name or address.
    pub(crate) host: String,
    /// Whether by TLS.
    pub(crate) secure: bool,
}

impl Place {
    fn is_loopback(&self) -> bool {
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        let name = host.trim_end_matches('.').to_ascii_lowercase();
        name == "localhost"
            || name.ends_with(".localhost")
            || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

/// A sign-in by what the server offers, and what was learnt of the server.
#[derive(Debug)]
pub(crate) struct Offered {
    sign_in: SignIn,
    place: Place,
    state: Mutex<State>,
    proof: Mutex<Proof>,
    /// What the system's library knows of the user, once it was asked.
    credential: Mutex<Option<system::Credential>>,
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
    /// The connection did not last.
    Torn,
}

/// Why a scheme cannot be used.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) why: String,
    /// Whether somebody has judged the password.
    pub(crate) judged: bool,
}

impl Failure {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Failure { why: why.into(), judged: false }
    }
}

/// A sign-in that is under way.
enum Handshake {
    Basic,
    /// By the system's own library.
    System(system::Context),
    #[cfg(feature = "ntlm")]
    Ntlm(Box<ntlm::Client>),
}

/// What goes to the server next.
struct Token {
    /// What stands behind the scheme's word.
    text: Zeroizing<String>,
    /// Whether the server may let the user in on it, so that the body goes with it.
    last: bool,
    /// Whether it proves the password.
    proves: bool,
}

impl Handshake {
    /// Whether the connection is signed in, and not the request.
    fn stays(&self) -> bool {
        !matches!(self, Handshake::Basic)
    }
}

impl Offered {
    fn new(sign_in: SignIn, place: Place) -> Result<Self, Error> {
        let (state, proof, credential) = (Mutex::default(), Mutex::new(Proof::Untried), Mutex::default());
        let offered = Offered { sign_in, place, state, proof, credential };
        match offered.sign_in.schemes.as_slice() {
            [] => Err(Error::setup("no scheme to sign in by is allowed")),
            [Scheme::Basic] => offered.may_use_basic().map(|()| offered).map_err(Error::setup),
            _ => Ok(offered),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn may_use_basic(&self) -> Result<(), String> {
        if self.place.secure || self.place.is_loopback() || self.sign_in.basic_in_clear {
            return Ok(());
        }
        Err(format!("Basic would send the password over plain HTTP to {}, readable by all on the way", self.place.host))
    }

    /// Sends a request, with all that a sign-in takes.
    fn exchange(&self, sending: &mut Sending<'_>) -> Result<Response, Error> {
        let mut answer = match self.open(sending)? {
            Some(Legs::Accepted(answer) | Legs::Refused(answer, true)) => return Ok(answer),
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
            if !self.sign_in.schemes.contains(&scheme) {
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
                    Legs::Refused(answer, true) => return Ok(answer),
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
        let chosen = match (chosen, self.sign_in.schemes.as_slice()) {
            (None, [only @ (Scheme::Basic | Scheme::Negotiate)]) => Some((*only, only.name())),
            (chosen, _) => chosen,
        };
        let (scheme, word) = match chosen {
            Some((Scheme::Basic, word)) => (Scheme::Basic, word),
            // The binding needs the server's certificate, which is known after the first answer.
            Some((Scheme::Negotiate, word))
                if (each_request || sending.slot().signed_in.is_none())
                    && (!self.place.secure || !self.sign_in.bindings || leaf.is_some()) =>
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
        if self.sign_in.password.is_none() {
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
        let legs = match self.start(scheme, sending) {
            Ok(handshake) => self.legs(handshake, scheme, word, sending)?,
            Err(failure) => Legs::Failed(None, failure),
        };
        let user = self.sign_in.password.as_ref().map_or("the identity at hand", |(user, _)| user);
        match &legs {
            Legs::Accepted(_) => {
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

    fn start(&self, scheme: Scheme, sending: &mut Sending<'_>) -> Result<Handshake, Failure> {
        let leaf = sending.slot().wire.leaf().or_else(|| self.state().leaf.clone());
        let leaf = leaf.filter(|_| self.place.secure && self.sign_in.bindings);
        let binding = leaf.and_then(|leaf| crate::binding::end_point(&leaf));
        let service = self.sign_in.service.clone().unwrap_or_else(|| format!("HTTP@{}", self.place.host));
        match (scheme, &self.sign_in.password) {
            (Scheme::Basic, _) => self.may_use_basic().map(|()| Handshake::Basic).map_err(Failure::new),
            (Scheme::Negotiate, _) => system::Context::new(&service, binding, scheme).map(Handshake::System),
            #[cfg(feature = "ntlm")]
            (Scheme::Ntlm, Some((user, password))) => {
                let service = service.replacen('@', "/", 1);
                Ok(Handshake::Ntlm(Box::new(ntlm::Client::new(user, password.expose(), service, binding))))
            }
            #[cfg(windows)]
            (Scheme::Ntlm, None) => system::Context::new(&service, binding, scheme).map(Handshake::System),
            #[cfg(unix)]
            (Scheme::Ntlm, None) => Err(Failure::new("needs user and password")),
            _ => Err(Failure::new("not built in")),
        }
    }

    fn step(&self, handshake: &mut Handshake, input: Option<&[u8]>) -> Result<Token, Failure> {
        match handshake {
            Handshake::Basic => {
                let password = self.sign_in.password.as_ref();
                let (user, password) = password.ok_or_else(|| Failure::new("needs user and password"))?;
                let pair = joined(&[user, ":", password.expose()]);
                Ok(Token { text: encoded(pair.as_bytes()), last: true, proves: true })
            }
            Handshake::System(context) => {
                let token = self.system_step(context, input)?;
                Ok(Token { text: encoded(&token), last: true, proves: false })
            }
            #[cfg(feature = "ntlm")]
            Handshake::Ntlm(client) => {
                let token = client.step(input).map_err(Failure::new)?;
                Ok(Token { text: encoded(&token), last: input.is_some(), proves: input.is_some() })
            }
        }
    }

    /// Asks the system's library. What it knows of the user may have run out since it was asked first.
    fn system_step(&self, context: &mut system::Context, input: Option<&[u8]>) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let mut held = self.credential.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(credential) = &*held {
            match context.step(credential, input) {
                Err(_) if input.is_none() => *held = None,
                stepped => return stepped,
            }
        }
        let credential = system::Credential::acquire(&self.sign_in, context.scheme())?;
        let token = context.step(&credential, input)?;
        *held = Some(credential);
        Ok(token)
    }

    /// Reads what came with the answer that lets the user in.
    fn finish(&self, handshake: &mut Handshake, input: Option<&[u8]>) -> Result<(), String> {
        let Handshake::System(context) = handshake else { return Ok(()) };
        if let Some(input) = input
            && !context.is_done()
        {
            let stepped = self.system_step(context, Some(input));
            stepped.map_err(|failure| format!("the server's proof of who it is is wrong: {}", failure.why))?;
        }
        match (context.is_done(), self.sign_in.mutual) {
            (true, _) => Ok(()),
            (false, Mutual::Require) => Err("the server has not proved who it is, and must".to_string()),
            (false, Mutual::Warn) => {
                tracing::warn!("the server has not proved who it is (mutual authentication)");
                Ok(())
            }
        }
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
        for leg in 0..LEGS {
            let token = match self.step(&mut handshake, input.as_deref()) {
                Ok(token) => token,
                Err(failure) => return Ok(Legs::Failed(last, failure)),
            };
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
            if answer.status().as_u16() != 401 {
                if let Err(message) = self.finish(&mut handshake, reply.as_deref()) {
                    return Err(Error::SignIn { request: sending.request().to_string(), message, sent: true });
                }
                let number = sending.slot().wire.number();
                sending.slot().signed_in = handshake.stays().then_some(number);
                return Ok(Legs::Accepted(answer));
            }
            if reply.is_none() {
                let offered = offered(&answer);
                // Who does not offer a scheme has not judged what it carries.
                let judged = token.proves && offered.iter().any(|its| its.eq_ignore_ascii_case(word));
                self.state().explanation.offered = offered;
                return Ok(Legs::Refused(answer, judged));
            }
            input = reply;
            last = Some(drained(answer));
        }
        Ok(Legs::Failed(last, Failure::new(format!("the server asks for more than {LEGS} legs"))))
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
    values.filter_map(|value| value.to_str().ok()).map(str::to_string).collect()
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
