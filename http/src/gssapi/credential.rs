//! The credential of a user: an existing ticket, a key in a keytab, or a password.

use super::api::{
    Api, Buffer, ERRORS, Handle, INDEFINITE, INITIATE, KRB5, KeyValue, KeyValueSet, NT_USER_NAME, Oid, OidSet, Owned,
    SPNEGO,
};
use crate::sign_in::{Failure, Scheme, SignIn};
use std::ffi::CString;
use std::path::Path;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicU64, Ordering};
use zeroize::Zeroizing;

/// Errors of Kerberos that leave the password unchecked: no KDC was asked, or it does not know the name.
/// MIT's numbers, by `krb5.h`: `KRB5_KDC_UNREACH`, `KRB5_REALM_UNKNOWN`,
/// `KRB5_REALM_CANT_RESOLVE`, `KRB5_CONFIG_NODEFREALM`, `KRB5_CONFIG_CANTOPEN`,
/// `KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN`.
const UNCHECKED: &[i32] =
    &[-1_765_328_228, -1_765_328_230, -1_765_328_164, -1_765_328_160, -1_765_328_249, -1_765_328_378];

/// A credential of the library.
pub(crate) struct Credential(pub(super) Owned);

// SAFETY: a handle belongs to no thread: the libraries of MIT and Heimdal keep their state behind their
// own locks, and none of it in threads. One thread uses it at a time, as it is not `Sync`.
unsafe impl Send for Credential {}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credential(..)")
    }
}

impl Credential {
    /// The credential of the user who signs in.
    ///
    /// # Errors
    /// If there is none, with the library's own words and the next step.
    pub(crate) fn acquire(sign_in: &SignIn, _: Scheme) -> Result<Self, Failure> {
        let api = Api::load()?;
        let user = sign_in.password.as_ref().map(|(user, _)| user).or(sign_in.principal.as_ref());
        // A name without a realm would go to the default realm of krb5.conf, which may be a wrong one.
        if sign_in.password.as_ref().is_some_and(|(user, _)| !user.contains('@') || user.contains('\\')) {
            return Err(Failure::new("Kerberos takes a user as name@REALM"));
        }
        let name = user.map(|user| api.name(user, NT_USER_NAME)).transpose()?;
        let name = name.as_ref().map_or(null_mut(), |name| name.handle);
        let credential = match &sign_in.password {
            Some((_, password)) => {
                // Kerberos alone first: SPNEGO would hide what the KDC says about the password.
                Self::by_password(api, name, password.expose(), KRB5)?;
                Self::by_password(api, name, password.expose(), SPNEGO)?
            }
            None => Self::existing(api, name, sign_in)?,
        };
        credential.only_kerberos(api)?;
        Ok(credential)
    }

    fn by_password(api: &'static Api, name: Handle, password: &str, mechanism: &'static [u8]) -> Result<Self, Failure> {
        let Some(acquire) = api.acquire_cred_with_password else {
            return Err(Failure::new("this Kerberos library takes no password: run kinit"));
        };
        let (mut minor, mut credential) = (0, Owned { release: api.release_cred, handle: null_mut() });
        // SPNEGO asks all installed mechanisms, and gss-ntlmssp reads up to a zero, whatever the length.
        let mut terminated = Zeroizing::new(Vec::with_capacity(password.len() + 1));
        terminated.extend_from_slice(password.as_bytes());
        terminated.push(0);
        let (mut password, mut oid) =
            (Buffer::of(terminated.get(..password.len()).unwrap_or_default()), Oid::of(mechanism));
        let mut set = OidSet { count: 1, elements: &mut oid };
        let (minor_out, handle) = (&mut minor, &mut credential.handle);
        // SAFETY: the library reads name, password and set only during the call, and writes a handle of its
        // own, which `Owned` releases; results that are not needed are null.
        let major = unsafe {
            acquire(minor_out, name, &mut password, INDEFINITE, &mut set, INITIATE, handle, null_mut(), null_mut())
        };
        if major & ERRORS == 0 {
            return Ok(Credential(credential));
        }
        let password_checked = !UNCHECKED.contains(&minor.cast_signed());
        Err(Failure {
            why: format!("Kerberos does not take the password: {}", api.words(major, minor)),
            password_checked,
        })
    }

    fn existing(api: &'static Api, name: Handle, sign_in: &SignIn) -> Result<Self, Failure> {
        let (mut minor, mut credential) = (0, Owned { release: api.release_cred, handle: null_mut() });
        let mut oid = Oid::of(SPNEGO);
        let mut set = OidSet { count: 1, elements: &mut oid };
        let mut store = Vec::new();
        if let Some(keytab) = &sign_in.keytab {
            store.push((c"client_keytab", path(keytab)?));
        }
        match (&sign_in.ccache, &sign_in.keytab) {
            (Some(file), _) => store.push((c"ccache", path(file)?)),
            // Tickets from a keytab are not shared with other clients.
            (None, Some(_)) => store.push((c"ccache", private_cache())),
            (None, None) => {}
        }
        let mut elements: Vec<KeyValue> =
            store.iter().map(|(key, value)| KeyValue { key: key.as_ptr(), value: value.as_ptr() }).collect();
        let count = u32::try_from(elements.len()).unwrap_or(0);
        let store = KeyValueSet { count, elements: elements.as_mut_ptr() };
        let (minor_out, handle) = (&mut minor, &mut credential.handle);
        let major = match (count, api.acquire_cred_from) {
            // SAFETY: as for a password.
            (0, _) => unsafe {
                (api.acquire_cred)(minor_out, name, INDEFINITE, &mut set, INITIATE, handle, null_mut(), null_mut())
            },
            // SAFETY: as above; keys and values are texts that end in 0 and outlive the call.
            (_, Some(acquire)) => unsafe {
                acquire(minor_out, name, INDEFINITE, &mut set, INITIATE, &store, handle, null_mut(), null_mut())
            },
            (_, None) => {
                let why = "this Kerberos library takes keytab and tickets from the environment alone: set \
                           KRB5_CLIENT_KTNAME and KRB5CCNAME";
                return Err(Failure::new(why));
            }
        };
        match major & ERRORS {
            0 => Ok(Credential(credential)),
            _ => Err(api.no_ticket(major, minor)),
        }
    }

    /// Excludes other mechanisms of the library from SPNEGO, such as NTLM.
    fn only_kerberos(&self, api: &Api) -> Result<(), Failure> {
        let (mut minor, mut oid) = (0, Oid::of(KRB5));
        let mut set = OidSet { count: 1, elements: &mut oid };
        let Some(set_neg_mechs) = api.set_neg_mechs else { return Ok(()) };
        // SAFETY: the handle is the library's own; it copies the set.
        let major = unsafe { set_neg_mechs(&mut minor, self.0.handle, &mut set) };
        match major & ERRORS {
            0 => Ok(()),
            _ => Err(Failure::new(format!("SPNEGO cannot be kept to Kerberos: {}", api.words(major, minor)))),
        }
    }
}

/// A ticket cache in memory that no other client uses.
fn private_cache() -> CString {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let name = format!("MEMORY:cardwright-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    CString::new(name).unwrap_or_default()
}

fn path(path: &Path) -> Result<CString, Failure> {
    CString::new(path.as_os_str().as_encoded_bytes())
        .map_err(|_| Failure::new(format!("{} is no name of a file", path.display())))
}
