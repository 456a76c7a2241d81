//! Who asks: a ticket at hand, a keytab's key, or a password.

use super::api::{
    Api, Buffer, ERRORS, Handle, INDEFINITE, INITIATE, KRB5, KeyValue, KeyValueSet, NT_USER_NAME, Oid, OidSet, SPNEGO,
};
use crate::sign_in::{Failure, Scheme, SignIn};
use std::ffi::CString;
use std::path::Path;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicU64, Ordering};
use zeroize::Zeroizing;

/// Errors of Kerberos after which nobody has judged the password: no KDC was asked, or it does not
/// know the name. MIT's numbers, by `krb5.h`: `KRB5_KDC_UNREACH`, `KRB5_REALM_UNKNOWN`,
/// `KRB5_REALM_CANT_RESOLVE`, `KRB5_CONFIG_NODEFREALM`, `KRB5_CONFIG_CANTOPEN`,
/// `KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN`.
const NOT_JUDGED: &[i32] =
    &[-1_765_328_228, -1_765_328_230, -1_765_328_164, -1_765_328_160, -1_765_328_249, -1_765_328_378];

/// Who asks, as the library knows him.
pub(crate) struct Credential {
    api: &'static Api,
    pub(super) handle: Handle,
}

// SAFETY: a handle belongs to no thread (MIT's and Heimdal's libraries keep their state behind locks of
// their own, and none of it in threads). It is used by one thread at a time, as it is not `Sync`.
unsafe impl Send for Credential {}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credential(..)")
    }
}

impl Drop for Credential {
    fn drop(&mut self) {
        let mut ignored = 0;
        // SAFETY: the handle is the library's own or null, and is not used again.
        unsafe { (self.api.release_cred)(&mut ignored, &mut self.handle) };
    }
}

impl Credential {
    /// The ticket, the key or the password of whoever is to sign in.
    ///
    /// # Errors
    /// Where there is none, with the library's own words and a way out.
    pub(crate) fn acquire(sign_in: &SignIn, _: Scheme) -> Result<Self, Failure> {
        let api = Api::load()?;
        let user = sign_in.password.as_ref().map(|(user, _)| user).or(sign_in.principal.as_ref());
        // Without a realm, that of krb5.conf would be asked, which may be anybody's.
        if sign_in.password.as_ref().is_some_and(|(user, _)| !user.contains('@') || user.contains('\\')) {
            return Err(Failure::new("Kerberos takes a user as name@REALM"));
        }
        let name = user.map(|user| api.name(user, NT_USER_NAME)).transpose()?;
        let name = name.as_ref().map_or(null_mut(), |name| name.handle);
        let credential = match &sign_in.password {
            Some((_, password)) => {
                // Kerberos alone first: SPNEGO would hide what the KDC says of the password.
                Self::by_password(api, name, password.expose(), KRB5)?;
                Self::by_password(api, name, password.expose(), SPNEGO)?
            }
            None => Self::at_hand(api, name, sign_in)?,
        };
        credential.kerberos_alone()?;
        Ok(credential)
    }

    fn by_password(api: &'static Api, name: Handle, password: &str, mechanism: &'static [u8]) -> Result<Self, Failure> {
        let Some(acquire) = api.acquire_cred_with_password else {
            return Err(Failure::new("this Kerberos library takes no password: run kinit"));
        };
        let (mut minor, mut credential) = (0, Credential { api, handle: null_mut() });
        // SPNEGO asks every mechanism that is installed, and gss-ntlmssp reads on to a zero, whatever the length.
        let mut terminated = Zeroizing::new(Vec::with_capacity(password.len() + 1));
        terminated.extend_from_slice(password.as_bytes());
        terminated.push(0);
        let (mut password, mut oid) =
            (Buffer::of(terminated.get(..password.len()).unwrap_or_default()), Oid::of(mechanism));
        let mut set = OidSet { count: 1, elements: &mut oid };
        // SAFETY: the library reads name, password and set during the call alone, and writes a handle of
        // its own, which `Credential` gives back; results that are not wanted are null.
        let major = unsafe {
            acquire(
                &mut minor,
                name,
                &mut password,
                INDEFINITE,
                &mut set,
                INITIATE,
                &mut credential.handle,
                null_mut(),
                null_mut(),
            )
        };
        if major & ERRORS == 0 {
            return Ok(credential);
        }
        let judged = !NOT_JUDGED.contains(&minor.cast_signed());
        Err(Failure { why: format!("Kerberos does not take the password: {}", api.words(major, minor)), judged })
    }

    fn at_hand(api: &'static Api, name: Handle, sign_in: &SignIn) -> Result<Self, Failure> {
        let (mut minor, mut credential) = (0, Credential { api, handle: null_mut() });
        let mut oid = Oid::of(SPNEGO);
        let mut set = OidSet { count: 1, elements: &mut oid };
        let mut store = Vec::new();
        if let Some(keytab) = &sign_in.keytab {
            store.push((c"client_keytab", path(keytab)?));
        }
        match (&sign_in.ccache, &sign_in.keytab) {
            (Some(file), _) => store.push((c"ccache", path(file)?)),
            // Tickets that a keytab gives are nobody else's business.
            (None, Some(_)) => store.push((c"ccache", own_cache())),
            (None, None) => {}
        }
        let mut elements: Vec<KeyValue> =
            store.iter().map(|(key, value)| KeyValue { key: key.as_ptr(), value: value.as_ptr() }).collect();
        let count = u32::try_from(elements.len()).unwrap_or(0);
        let store = KeyValueSet { count, elements: elements.as_mut_ptr() };
        let (minor_out, handle) = (&mut minor, &mut credential.handle);
        let major = match (count, api.acquire_cred_from) {
            // SAFETY: as for a password; the library reads the set during the call alone.
            (0, _) => unsafe {
                (api.acquire_cred)(minor_out, name, INDEFINITE, &mut set, INITIATE, handle, null_mut(), null_mut())
            },
            // SAFETY: as above; keys and values are texts that end in 0 and live until its end.
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
            0 => Ok(credential),
            _ => Err(api.no_ticket(major, minor)),
        }
    }

    /// Keeps other mechanisms out of SPNEGO, such as an NTLM that the library can do too.
    fn kerberos_alone(&self) -> Result<(), Failure> {
        let (mut minor, mut oid) = (0, Oid::of(KRB5));
        let mut set = OidSet { count: 1, elements: &mut oid };
        let Some(set_neg_mechs) = self.api.set_neg_mechs else { return Ok(()) };
        // SAFETY: the handle is the library's own; it copies the set.
        let major = unsafe { set_neg_mechs(&mut minor, self.handle, &mut set) };
        match major & ERRORS {
            0 => Ok(()),
            _ => Err(Failure::new(format!("SPNEGO cannot be kept to Kerberos: {}", self.api.words(major, minor)))),
        }
    }
}

/// A cache of tickets in memory that no other client uses.
fn own_cache() -> CString {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let name = format!("MEMORY:cardwright-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    CString::new(name).unwrap_or_default()
}

fn path(path: &Path) -> Result<CString, Failure> {
    CString::new(path.as_os_str().as_encoded_bytes())
        .map_err(|_| Failure::new(format!("{} is no name of a file", path.display())))
}
