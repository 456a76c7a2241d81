//! The credential of a user: an existing ticket, a key in a keytab, or a password.
//!
//! A password goes to one KDC in one exchange. Another spelling of the name is tried only after a KDC said that it does
//! not know the name, so that a wrong password counts once.

use super::api::{
    Api, Buffer, ERRORS, Handle, INDEFINITE, INITIATE, KRB5, KeyValue, KeyValueSet, NT_ENTERPRISE_NAME, NT_USER_NAME,
    Oid, OidSet, Owned, SPNEGO,
};
use super::minor::{self, Asked};
use super::spelling::{self, Own};
use crate::sign_in::{Failure, Scheme, SignIn, SignInCause};
use std::ffi::{CStr, CString};
use std::path::Path;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicU64, Ordering};
use zeroize::Zeroizing;

/// A credential of the library.
pub(crate) struct Credential {
    /// For SPNEGO.
    pub(super) spnego: Owned,
    /// For Kerberos alone, whose errors have the numbers of a KDC; SPNEGO hides them.
    pub(super) kerberos: Owned,
    pub(super) asked: Asked,
    /// The tickets in memory; dropped last.
    _tickets: Option<PrivateTickets>,
}

// SAFETY: a handle belongs to no thread: the libraries of MIT and Heimdal keep their state behind their
// own locks, and none of it in threads. One thread uses it at a time, as it is not `Sync`.
unsafe impl Send for Credential {}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credential(..)")
    }
}

impl Credential {
    /// The credential of the user who signs in to this host.
    ///
    /// # Errors
    /// If there is none, with the cause.
    pub(crate) fn acquire(sign_in: &SignIn, _: Scheme, host: &str) -> Result<Self, Failure> {
        let api = Api::load()?;
        match &sign_in.password {
            Some((user, password)) => {
                let realm = api.default_realm();
                let alone = !sign_in.schemes.contains(&Scheme::Ntlm);
                Self::by_password(api, user, password.expose(), Own { realm: realm.as_deref(), host, alone })
            }
            None => Self::existing(api, sign_in),
        }
    }

    fn by_password(api: &'static Api, user: &str, password: &str, own: Own<'_>) -> Result<Self, Failure> {
        let Some(acquire) = api.acquire_cred_with_password else {
            return Err(Failure::new("this Kerberos library takes no password: run kinit"));
        };
        // SPNEGO asks all installed mechanisms, and gss-ntlmssp reads up to a zero, whatever the length.
        let mut terminated = Zeroizing::new(Vec::with_capacity(password.len() + 1));
        terminated.extend_from_slice(password.as_bytes());
        terminated.push(0);
        let password = terminated.get(..password.len()).unwrap_or_default();
        let obtain = |name: Handle, mechanism: &'static [u8]| {
            let mut credential = Owned { release: api.release_cred, handle: null_mut() };
            let (mut minor, mut password, mut oid) = (0, Buffer::of(password), Oid::of(mechanism));
            let mut set = OidSet { count: 1, elements: &mut oid };
            let (minor_out, handle) = (&mut minor, &mut credential.handle);
            // SAFETY: the library reads name, password and set only during the call, and writes a handle of its
            // own, which `Owned` releases; results that are not needed are null.
            let major = unsafe {
                acquire(minor_out, name, &mut password, INDEFINITE, &mut set, INITIATE, handle, null_mut(), null_mut())
            };
            if major & ERRORS == 0 { Ok(credential) } else { Err((major, minor)) }
        };
        let mut refused: Option<Failure> = None;
        let (mut silent, mut unknown) = (Vec::new(), None);
        for spelling in spelling::spellings(user, own) {
            // A KDC that did not answer is not waited for again.
            if silent.contains(&spelling.realm) {
                continue;
            }
            let kind = if spelling.enterprise { NT_ENTERPRISE_NAME } else { NT_USER_NAME };
            // Some libraries have no enterprise names.
            let Ok(name) = api.name(&spelling.text, kind) else { continue };
            let asked = Asked { name: user.to_string(), realm: spelling.realm.clone(), by_key: false };
            let (major, minor) = match obtain(name.handle, KRB5) {
                Ok(kerberos) => {
                    let stored = PrivateTickets::store(api, &kerberos).and_then(|tickets| {
                        let spnego = from_store(api, null_mut(), SPNEGO, &[(c"ccache", tickets.name())]).ok()?;
                        Some((spnego, Some(tickets)))
                    });
                    let (spnego, tickets) = match stored {
                        Some(stored) => stored,
                        // A library that cannot keep it asks the KDC a second time.
                        None => match obtain(name.handle, SPNEGO) {
                            Ok(spnego) => (spnego, None),
                            Err((major, minor)) => return Err(Failure::new(api.words(major, minor))),
                        },
                    };
                    return Credential { spnego, kerberos, asked, _tickets: tickets }.only_kerberos(api);
                }
                Err(statuses) => statuses,
            };
            let cause = minor::cause(minor::number(minor), &asked);
            let password_checked = minor::may_have_checked(cause.as_ref());
            match &cause {
                Some(SignInCause::KdcUnreachable { realm }) => silent.push(realm.clone()),
                Some(cause @ SignInCause::RealmUnknown { .. }) => unknown = Some(cause.to_string()),
                _ => {}
            }
            let failure = match cause {
                Some(cause) => Failure { password_checked, ..cause.into() },
                None => {
                    let why = format!("Kerberos cannot sign {user} in: {}", api.words(major, minor));
                    Failure { password_checked, ..Failure::new(why) }
                }
            };
            if password_checked {
                return Err(failure);
            }
            if refused.as_ref().is_none_or(|refused| tells(&failure) > tells(refused)) {
                refused = Some(failure);
            }
        }
        let mut refused = refused.unwrap_or_else(|| SignInCause::RealmUnknown { realm: String::new() }.into());
        // The suffix may be misspelled.
        if let (Some(SignInCause::NameUnknown { .. }), Some(unknown)) = (&refused.cause, unknown) {
            refused.why = format!("{}, and {unknown}", refused.why);
        }
        Err(refused)
    }

    fn existing(api: &'static Api, sign_in: &SignIn) -> Result<Self, Failure> {
        let mut tickets = None;
        let mut store = Vec::new();
        if let Some(keytab) = &sign_in.keytab {
            store.push((c"client_keytab", path(keytab)?));
        }
        match (&sign_in.ccache, &sign_in.keytab) {
            (Some(file), _) => store.push((c"ccache", path(file)?)),
            // Tickets from a keytab are not shared with other clients.
            (None, Some(_)) => {
                let private = PrivateTickets::new(api);
                store.push((c"ccache", private.name().to_owned()));
                tickets = Some(private);
            }
            (None, None) => {}
        }
        let store: Vec<(&CStr, &CStr)> = store.iter().map(|(key, value)| (*key, value.as_c_str())).collect();
        let by_key = sign_in.keytab.is_some();
        let given = sign_in.principal.as_deref();
        let realm = given.and_then(|name| name.rsplit_once('@')).map(|(_, realm)| realm.to_uppercase());
        let realm = realm.or_else(|| api.default_realm()).unwrap_or_default();
        let asked = Asked { name: given.unwrap_or_default().to_string(), realm, by_key };
        let spellings =
            given.map_or_else(|| vec![None], |name| spelling::at_hand(name).into_iter().map(Some).collect());
        let mut refused: Option<Failure> = None;
        for spelling in spellings {
            let name = spelling.map(|name| api.name(&name, NT_USER_NAME)).transpose()?;
            let name = name.as_ref().map_or(null_mut(), |name| name.handle);
            let failure = match from_store(api, name, KRB5, &store) {
                Ok(kerberos) => match from_store(api, name, SPNEGO, &store) {
                    Ok(spnego) => {
                        return Credential { spnego, kerberos, asked, _tickets: tickets }.only_kerberos(api);
                    }
                    Err(failure) => failure.told(api, &asked),
                },
                Err(failure) => failure.told(api, &asked),
            };
            refused.get_or_insert(failure);
        }
        Err(refused.unwrap_or_else(|| SignInCause::NoTicket { name: None }.into()))
    }

    /// The principal of the ticket at hand, if there is one that is still valid. Nothing is sent.
    pub(crate) fn at_hand() -> Option<String> {
        let api = Api::load().ok()?;
        // Without a keytab there is nothing to ask a KDC by.
        let store = [(c"client_keytab", c"MEMORY:cardwright-none")];
        let credential = from_store(api, null_mut(), KRB5, &store).ok()?;
        api.principal(&credential)
    }

    /// Excludes other mechanisms of the library from SPNEGO, such as NTLM.
    fn only_kerberos(self, api: &Api) -> Result<Self, Failure> {
        let (mut minor, mut oid) = (0, Oid::of(KRB5));
        let mut set = OidSet { count: 1, elements: &mut oid };
        let Some(set_neg_mechs) = api.set_neg_mechs else { return Ok(self) };
        // SAFETY: the handle is the library's own; it copies the set.
        let major = unsafe { set_neg_mechs(&mut minor, self.spnego.handle, &mut set) };
        match major & ERRORS {
            0 => Ok(self),
            _ => Err(Failure::new(format!("SPNEGO cannot be kept to Kerberos: {}", api.words(major, minor)))),
        }
    }
}

/// How much a failure tells of a name that has several spellings: a domain that did not answer may know it.
fn tells(failure: &Failure) -> u8 {
    match failure.cause {
        Some(SignInCause::KdcUnreachable { .. }) => 3,
        Some(SignInCause::NameUnknown { .. }) => 2,
        Some(SignInCause::RealmUnknown { .. }) => 1,
        _ => 0,
    }
}

/// Why there is no credential on this machine.
enum Missing {
    Statuses(u32, u32),
    /// The library takes keytab and tickets from the environment alone.
    Environment,
}

impl Missing {
    fn told(self, api: &Api, asked: &Asked) -> Failure {
        match self {
            Missing::Environment => Failure::new(
                "this Kerberos library takes keytab and tickets from the environment alone: set KRB5_CLIENT_KTNAME and \
                 KRB5CCNAME",
            ),
            Missing::Statuses(major, minor) => {
                let name = asked.name.clone();
                let cause = minor::cause(minor::number(minor), asked).unwrap_or(match asked.by_key {
                    true => SignInCause::NoKey { name },
                    false => SignInCause::NoTicket { name: Some(name).filter(|name| !name.is_empty()) },
                });
                let words = api.words(major, minor);
                Failure { why: format!("{cause} ({words})"), ..cause.into() }
            }
        }
    }
}

/// A credential from these files, or from those of the environment.
fn from_store(
    api: &'static Api,
    name: Handle,
    mechanism: &'static [u8],
    store: &[(&CStr, &CStr)],
) -> Result<Owned, Missing> {
    let (mut minor, mut credential) = (0, Owned { release: api.release_cred, handle: null_mut() });
    let mut oid = Oid::of(mechanism);
    let mut set = OidSet { count: 1, elements: &mut oid };
    let mut elements: Vec<KeyValue> =
        store.iter().map(|(key, value)| KeyValue { key: key.as_ptr(), value: value.as_ptr() }).collect();
    let count = u32::try_from(elements.len()).unwrap_or(0);
    let store = KeyValueSet { count, elements: elements.as_mut_ptr() };
    let (minor_out, handle) = (&mut minor, &mut credential.handle);
    let major = match (count, api.acquire_cred_from) {
        // SAFETY: the library reads name and set only during the call, and writes a handle of its own, which `Owned`
        // releases; results that are not needed are null.
        (0, _) => unsafe {
            (api.acquire_cred)(minor_out, name, INDEFINITE, &mut set, INITIATE, handle, null_mut(), null_mut())
        },
        // SAFETY: as above; keys and values are texts that end in 0 and outlive the call.
        (_, Some(acquire)) => unsafe {
            acquire(minor_out, name, INDEFINITE, &mut set, INITIATE, &store, handle, null_mut(), null_mut())
        },
        (_, None) => return Err(Missing::Environment),
    };
    match major & ERRORS {
        0 => Ok(credential),
        _ => Err(Missing::Statuses(major, minor)),
    }
}

/// A ticket cache in memory that no other client uses, and that is wiped at the end.
struct PrivateTickets {
    api: &'static Api,
    name: CString,
}

impl PrivateTickets {
    fn new(api: &'static Api) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        // Another copy of this library in the process counts for itself, and its caches are the same library's.
        let name = format!("MEMORY:cardwright-{:p}-{}", &raw const NEXT, NEXT.fetch_add(1, Ordering::Relaxed));
        PrivateTickets { api, name: CString::new(name).unwrap_or_default() }
    }

    /// One with the tickets of this credential; `None` if the library cannot do that.
    fn store(api: &'static Api, credential: &Owned) -> Option<Self> {
        let (store, tickets) = (api.store_cred_into?, Self::new(api));
        let (mut minor, mut oid) = (0, Oid::of(KRB5));
        let mut element = KeyValue { key: c"ccache".as_ptr(), value: tickets.name.as_ptr() };
        let place = KeyValueSet { count: 1, elements: &mut element };
        let minor_out = &mut minor;
        // SAFETY: the handle is the library's own; key and value are texts that end in 0 and outlive the call;
        // results that are not needed are null.
        let major =
            unsafe { store(minor_out, credential.handle, INITIATE, &mut oid, 1, 0, &place, null_mut(), null_mut()) };
        (major & ERRORS == 0).then_some(tickets)
    }

    fn name(&self) -> &CStr {
        &self.name
    }
}

impl Drop for PrivateTickets {
    fn drop(&mut self) {
        self.api.destroy_tickets(&self.name);
    }
}

fn path(path: &Path) -> Result<CString, Failure> {
    CString::new(path.as_os_str().as_encoded_bytes())
        .map_err(|_| Failure::new(format!("{} is no name of a file", path.display())))
}
