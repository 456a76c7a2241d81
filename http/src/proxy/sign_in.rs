//! Signing in to an HTTP proxy, around one request to it: CONNECT, or a request in absolute form.
//!
//! The user and the password of the proxy's address sign in by NTLM, Digest and Basic, the identity at hand by Negotiate
//! and on Windows by NTLM. Each scheme is tried once. A password that the proxy has refused is not sent to it again, by no
//! scheme; until the proxy has accepted it, one request at a time tries it.
//!
//! RFC 9110, 11.7; RFC 7617 (Basic), RFC 7616 (Digest), RFC 4559 (Negotiate), MS-NTHT (NTLM).

use super::address::{Account, ProxyAddress};
use super::challenges::{offers, token};
use super::digest::Digest;
use super::environment::variable;
use super::refusal::ProxyRefusal;
use crate::lock::{lock, try_lock};
use crate::secret::Secret;
use crate::sign_in::Scheme;
use crate::sign_in::towards_proxy::ProxyIdentity;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::sync::{Mutex, MutexGuard};
use zeroize::Zeroizing;

/// The most legs of a scheme.
const LEGS: usize = 6;

/// A scheme by which a proxy lets users sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Negotiate,
    Ntlm,
    Digest,
    Basic,
}

impl Way {
    fn name(self) -> &'static str {
        match self {
            Way::Negotiate => "Negotiate",
            Way::Ntlm => "NTLM",
            Way::Digest => "Digest",
            Way::Basic => "Basic",
        }
    }

    /// Whether it signs in the connection, not the single request.
    fn signs_in_connection(self) -> bool {
        matches!(self, Way::Negotiate | Way::Ntlm)
    }
}

/// The answer to one leg.
pub(crate) enum Asked<T> {
    /// The proxy has let the request pass, with this status of the answer.
    Passed(T, u16),
    /// It wants a sign-in: 407.
    Wants(Wanted),
    /// The connection over which the leg had to go is gone.
    NotKept,
}

/// What an answer 407 says.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    /// The values of `Proxy-Authenticate`.
    pub(crate) challenges: Vec<String>,
    pub(crate) words: String,
}

/// A request to a proxy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asking<'a> {
    /// The method and the target, as they stand in the request line.
    pub(crate) method: &'a str,
    pub(crate) target: &'a str,
    /// Whether the request is for an `https` address.
    pub(crate) secure: bool,
    /// Whether the connection has signed in.
    pub(crate) signed_in: bool,
}

/// A request that did not pass.
pub(crate) enum Failed<E> {
    Refused(ProxyRefusal),
    Below(E),
}

/// An account at a proxy, and what is known of both.
#[derive(Debug)]
pub(crate) struct ProxySignIn {
    proxy: String,
    /// The variable of the environment that holds the address.
    variable: Option<&'static str>,
    account: Option<Account>,
    /// By the password, for NTLM.
    by_password: Option<ProxyIdentity>,
    at_hand: ProxyIdentity,
    known: Mutex<Known>,
    password: Mutex<Password>,
}

#[derive(Debug, Default)]
struct Known {
    /// The scheme of the last sign-in.
    chosen: Option<Way>,
    /// The last challenge of Digest.
    digest: Option<Digest>,
}

/// What is known of the proxy's password.
#[derive(Debug)]
pub(super) enum Password {
    Untried,
    /// Sent, and neither accepted nor refused.
    Sent,
    Accepted,
    Refused(ProxyRefusal),
}

/// The result of trying one scheme.
enum Tried<T> {
    /// It has let the request pass, with this status; and whether the password was proved before.
    Passed { answer: T, status: u16, proved: bool },
    /// The proxy refused it; and whether it has checked the password.
    Refused(Wanted, bool),
    /// It cannot be used, or not continued, here.
    Failed(String),
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Account(..)")
    }
}

impl ProxySignIn {
    /// The account of this address, of which nothing is known.
    pub(crate) fn new(address: &ProxyAddress) -> Self {
        let (account, host) = (address.account.clone(), address.place.host.as_str());
        let identity = |account: &Account| ProxyIdentity::new(Some((&account.user, &account.password)), host);
        ProxySignIn {
            proxy: address.place.host_and_port(),
            variable: address.variable,
            by_password: account.as_ref().map(identity),
            at_hand: ProxyIdentity::new(None, host),
            account,
            known: Mutex::default(),
            password: Mutex::new(Password::Untried),
        }
    }

    /// The proxy's host and port.
    pub(crate) fn place(&self) -> &str {
        &self.proxy
    }

    /// Takes over that the password was refused, from the parent process.
    pub(super) fn remember(&self, parent: &Self) {
        if let Some(Password::Refused(refusal)) = try_lock(&parent.password).as_deref() {
            *lock(&self.password) = Password::Refused(refusal.clone());
        }
    }

    /// Whether a password was sent that the proxy has neither accepted nor refused.
    pub(crate) fn is_unproven(&self) -> bool {
        // It is held while it is tried.
        let is_sent = |password: MutexGuard<'_, Password>| matches!(*password, Password::Sent);
        self.account.is_some() && try_lock(&self.password).is_none_or(is_sent)
    }

    /// The password, while it is untried; nothing if there is none or it was accepted.
    ///
    /// # Errors
    /// If the proxy has refused it.
    pub(super) fn untried(&self) -> Result<Option<MutexGuard<'_, Password>>, ProxyRefusal> {
        if self.account.is_none() {
            return Ok(None);
        }
        let password = lock(&self.password);
        match &*password {
            Password::Untried | Password::Sent => Ok(Some(password)),
            Password::Accepted => Ok(None),
            Password::Refused(refusal) => Err(refusal.clone()),
        }
    }

    /// Remembers that the proxy has refused the password.
    pub(super) fn refuse(&self, untried: Option<MutexGuard<'_, Password>>, refusal: &ProxyRefusal) {
        *untried.unwrap_or_else(|| lock(&self.password)) = Password::Refused(refusal.clone());
    }

    /// A refusal of this proxy.
    pub(super) fn refusal(&self, secure: bool, status: Option<u16>, words: String) -> ProxyRefusal {
        ProxyRefusal {
            proxy: self.proxy.clone(),
            status,
            schemes: Vec::new(),
            account_given: self.account.is_some(),
            password_refused: false,
            tried: Vec::new(),
            ticket_refused: false,
            from_environment: self.variable.is_some(),
            variable: self.variable.unwrap_or_else(|| variable(secure)),
            words,
        }
    }

    /// Sends a request to the proxy and signs in as it wants. `ask` sends the request once, with this
    /// `Proxy-Authorization`, and with `true` over the connection of the leg before and no other. Returns the answer,
    /// and whether its connection has signed in.
    ///
    /// # Errors
    /// If the proxy does not let the request pass for want of a sign-in, or `ask` fails.
    pub(crate) fn exchange<T, E>(
        &self,
        asking: Asking<'_>,
        mut ask: impl FnMut(Option<Secret>, bool) -> Result<Asked<T>, E>,
    ) -> Result<(T, bool), Failed<E>> {
        drop(self.untried().map_err(Failed::Refused)?);
        // Held from the first scheme that uses the password, until the proxy has judged it.
        let mut untried = None;
        let mut tried: Vec<(Way, String)> = Vec::new();
        let mut wanted = None;
        let mut next = self.opening(asking.signed_in);
        loop {
            let Some(way) = next.take() else {
                match ask(None, false).map_err(Failed::Below)? {
                    Asked::Passed(answer, _) => return Ok((answer, asking.signed_in)),
                    Asked::Wants(wants) => {
                        next = self.next(&wants, &tried);
                        wanted = Some(wants);
                    }
                    Asked::NotKept => return Err(Failed::Refused(self.refusal(asking.secure, None, NOT_KEPT.into()))),
                }
                if next.is_none() {
                    break;
                }
                continue;
            };
            let by_password = self.account.is_some() && way != Way::Negotiate;
            if by_password && untried.is_none() {
                untried = self.untried().map_err(Failed::Refused)?;
            }
            if let Some(password) = untried.as_deref_mut().filter(|_| by_password) {
                *password = Password::Sent;
            }
            let was_accepted = by_password && untried.is_none();
            match self.attempt(way, wanted.as_ref(), asking, was_accepted, &mut ask).map_err(Failed::Below)? {
                Tried::Passed { answer, status, proved } => {
                    lock(&self.known).chosen = Some(way);
                    if let Some(password) = untried.as_deref_mut().filter(|_| by_password && proved && accepts(status))
                    {
                        *password = Password::Accepted;
                    }
                    return Ok((answer, way.signs_in_connection()));
                }
                Tried::Refused(wants, true) => {
                    let mut refusal = self.refusal(asking.secure, Some(407), wants.words);
                    refusal.schemes = offers(&wants.challenges);
                    refusal.password_refused = true;
                    self.refuse(untried, &refusal);
                    return Err(Failed::Refused(refusal));
                }
                Tried::Refused(wants, false) => {
                    tried.push((way, NOT_ACCEPTED.to_string()));
                    wanted = Some(wants);
                }
                Tried::Failed(why) => tried.push((way, why)),
            }
            lock(&self.known).chosen = None;
            next = wanted.as_ref().and_then(|wanted| self.next(wanted, &tried));
            if next.is_none() && wanted.is_some() {
                break;
            }
        }
        let wanted = wanted.unwrap_or_default();
        let mut refusal = self.refusal(asking.secure, Some(407), wanted.words);
        refusal.schemes = offers(&wanted.challenges);
        refusal.ticket_refused = tried.iter().any(|(way, why)| *way == Way::Negotiate && why == NOT_ACCEPTED);
        let offered = |way: Way| refusal.schemes.iter().any(|scheme| scheme.eq_ignore_ascii_case(way.name()));
        refusal.tried =
            tried.iter().filter(|(way, _)| offered(*way)).map(|(way, why)| format!("{}: {why}", way.name())).collect();
        Err(Failed::Refused(refusal))
    }

    /// The scheme to begin with, before the proxy has said anything.
    fn opening(&self, signed_in: bool) -> Option<Way> {
        match lock(&self.known).chosen {
            Some(way) if way.signs_in_connection() && signed_in => None,
            Some(way) => Some(way),
            // As curl does. A Windows account is not sent in clear before the proxy has said what it wants.
            None => self.account.as_ref().filter(|account| !account.has_domain()).map(|_| Way::Basic),
        }
    }

    /// The strongest scheme that the proxy offers, can be used, and was not tried.
    fn next(&self, wanted: &Wanted, tried: &[(Way, String)]) -> Option<Way> {
        let offered = offers(&wanted.challenges);
        // Who gives a user means that one, and not the ticket that lies at hand.
        let order: &[Way] = match &self.account {
            None => &[Way::Negotiate, Way::Ntlm],
            Some(account) if account.has_domain() => &[Way::Ntlm, Way::Digest, Way::Basic, Way::Negotiate],
            Some(_) => &[Way::Digest, Way::Ntlm, Way::Basic, Way::Negotiate],
        };
        order.iter().copied().find(|way| {
            let is_offered = offered.iter().any(|scheme| scheme.eq_ignore_ascii_case(way.name()));
            is_offered && tried.iter().all(|(known, _)| known != way)
        })
    }

    /// Tries one scheme.
    fn attempt<T, E>(
        &self,
        way: Way,
        wanted: Option<&Wanted>,
        asking: Asking<'_>,
        was_accepted: bool,
        ask: &mut impl FnMut(Option<Secret>, bool) -> Result<Asked<T>, E>,
    ) -> Result<Tried<T>, E> {
        match (way, &self.account) {
            (Way::Basic, Some(account)) => {
                let pair = Secret::concat(&[&account.user, ":", account.password.expose()]);
                let coded = Zeroizing::new(STANDARD.encode(pair.expose()));
                Ok(match ask(Some(Secret::concat(&["Basic ", &coded])), false)? {
                    Asked::Passed(answer, status) => Tried::Passed { answer, status, proved: true },
                    Asked::Wants(wants) => refused(way, wants),
                    Asked::NotKept => Tried::Failed(NOT_KEPT.to_string()),
                })
            }
            (Way::Digest, Some(account)) => self.digest(account, wanted, asking, was_accepted, ask),
            (Way::Ntlm, Some(_)) => match &self.by_password {
                Some(identity) => handshake(way, identity, ask),
                None => Ok(Tried::Failed("needs user and password".to_string())),
            },
            (Way::Negotiate | Way::Ntlm, _) => handshake(way, &self.at_hand, ask),
            (Way::Basic | Way::Digest, None) => Ok(Tried::Failed("needs user and password".to_string())),
        }
    }

    fn digest<T, E>(
        &self,
        account: &Account,
        wanted: Option<&Wanted>,
        asking: Asking<'_>,
        was_accepted: bool,
        ask: &mut impl FnMut(Option<Secret>, bool) -> Result<Asked<T>, E>,
    ) -> Result<Tried<T>, E> {
        if let Some(challenge) = wanted.and_then(|wanted| Digest::of(&wanted.challenges)) {
            lock(&self.known).digest = Some(challenge);
        }
        for again in [true, false] {
            let answered = {
                let mut known = lock(&self.known);
                let Some(digest) = &mut known.digest else {
                    return Ok(Tried::Failed("its challenge is none that is known here".to_string()));
                };
                digest.answer(account, asking.method, asking.target).map(|header| (header, digest.nonce.clone()))
            };
            let (header, nonce) = match answered {
                Ok(answered) => answered,
                Err(why) => return Ok(Tried::Failed(why.to_string())),
            };
            let wants = match ask(Some(header), false)? {
                Asked::Passed(answer, status) => return Ok(Tried::Passed { answer, status, proved: true }),
                Asked::NotKept => return Ok(Tried::Failed(NOT_KEPT.to_string())),
                Asked::Wants(wants) => wants,
            };
            let challenge = Digest::of(&wants.challenges);
            // A nonce that has grown old says nothing of the password.
            let is_old = challenge.as_ref().is_some_and(|new| new.stale || was_accepted && new.nonce != nonce);
            lock(&self.known).digest = challenge;
            if !(again && is_old) {
                return Ok(refused(Way::Digest, wants));
            }
        }
        Ok(Tried::Failed("the proxy accepts no nonce of its own".to_string()))
    }
}

/// The legs of Negotiate or NTLM, all over one connection; anew, once, if that is lost.
fn handshake<T, E>(
    way: Way,
    identity: &ProxyIdentity,
    ask: &mut impl FnMut(Option<Secret>, bool) -> Result<Asked<T>, E>,
) -> Result<Tried<T>, E> {
    let scheme = if way == Way::Ntlm { Scheme::Ntlm } else { Scheme::Negotiate };
    let mut proved = false;
    for _ in 0..2 {
        let mut handshake = match identity.start(scheme) {
            Ok(handshake) => handshake,
            Err(failure) => return Ok(Tried::Failed(failure.why)),
        };
        let mut input: Option<Vec<u8>> = None;
        for leg in 0..LEGS {
            let (token_text, proves) = match identity.step(&mut handshake, input.as_deref()) {
                Ok(token) => token,
                Err(failure) => return Ok(Tried::Failed(failure.why)),
            };
            proved |= proves;
            tracing::debug!(scheme = way.name(), leg = leg + 1, "signing in to the proxy");
            let header = Secret::concat(&[way.name(), " ", token_text.expose()]);
            let wants = match ask(Some(header), leg > 0)? {
                Asked::Passed(answer, status) => return Ok(Tried::Passed { answer, status, proved }),
                Asked::NotKept => break,
                Asked::Wants(wants) => wants,
            };
            input = token(&wants.challenges, way.name());
            // A token in the refusal of NTLM's proof does not start another leg.
            if input.is_none() || way == Way::Ntlm && proves {
                return Ok(match refused(way, wants) {
                    Tried::Refused(wants, checked) => Tried::Refused(wants, checked && proves),
                    other => other,
                });
            }
        }
        // What has proved the password once is not sent again.
        if proved {
            break;
        }
    }
    Ok(Tried::Failed(NOT_KEPT.to_string()))
}

const NOT_KEPT: &str = "the proxy does not keep the connection from one leg of the sign-in to the next";

const NOT_ACCEPTED: &str = "not accepted";

/// A refusal of what proves the password; a proxy that offers only other schemes has not checked this one.
fn refused<T>(way: Way, wants: Wanted) -> Tried<T> {
    let offered = offers(&wants.challenges);
    let checked = offered.is_empty() || offered.iter().any(|scheme| scheme.eq_ignore_ascii_case(way.name()));
    Tried::Refused(wants, checked)
}

/// Whether an answer with this status shows that the proxy has accepted the user: others may come before it looks.
fn accepts(status: u16) -> bool {
    matches!(status, 200..=399 | 401 | 404 | 409)
}
