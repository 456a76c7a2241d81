//! Kerberos by the system's GSSAPI, looked for when it is needed: MIT's and Heimdal's libraries, and
//! GSS.framework. Nothing is linked, so that a program runs where there is none.
//!
//! SPNEGO with Kerberos in it (RFC 4178, RFC 4121). The library waits for a KDC as long as krb5.conf says.
//!
//! RFC 2743 and RFC 2744; what MIT added stands in its header `gssapi_ext.h`.

// The one place but sspi.rs and the C library where Rust talks to C.
#![allow(unsafe_code)]

use crate::sign_in::{Failure, Scheme, SignIn};
use std::ffi::{CString, c_char, c_int, c_void};
use std::path::Path;
use std::ptr::{null, null_mut};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use zeroize::Zeroizing;

/// Where the library is looked for.
const LIBRARIES: &[&str] = if cfg!(target_os = "macos") {
    &["/System/Library/Frameworks/GSS.framework/GSS", "libgssapi_krb5.dylib"]
} else {
    &["libgssapi_krb5.so.2", "libgssapi.so.3", "libgssapi.so"]
};

/// Object identifiers, as the value of their DER.
const SPNEGO: &[u8] = &[0x2b, 6, 1, 5, 5, 2];
const KRB5: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2];
const NT_USER_NAME: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 1, 1];
const NT_HOSTBASED_SERVICE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 1, 4];

/// `GSS_C_INITIATE`, `GSS_C_MUTUAL_FLAG`, `GSS_C_INDEFINITE`, `GSS_S_CONTINUE_NEEDED`.
const INITIATE: c_int = 1;
const MUTUAL: u32 = 2;
const INDEFINITE: u32 = u32::MAX;
const CONTINUE_NEEDED: u32 = 1;
/// The bits of a major status that are an error.
const ERRORS: u32 = 0xffff_0000;

/// Errors of Kerberos after which nobody has judged the password: no KDC was asked, or it does not
/// know the name. MIT's numbers, by `krb5.h`: `KRB5_KDC_UNREACH`, `KRB5_REALM_UNKNOWN`,
/// `KRB5_REALM_CANT_RESOLVE`, `KRB5_CONFIG_NODEFREALM`, `KRB5_CONFIG_CANTOPEN`,
/// `KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN`.
const NOT_JUDGED: &[i32] =
    &[-1_765_328_228, -1_765_328_230, -1_765_328_164, -1_765_328_160, -1_765_328_249, -1_765_328_378];

/// `gss_buffer_desc`.
#[repr(C)]
struct Buffer {
    length: usize,
    value: *mut c_void,
}

/// `gss_OID_desc`.
#[repr(C)]
struct Oid {
    length: u32,
    elements: *mut c_void,
}

/// `gss_OID_set_desc`.
#[repr(C)]
struct OidSet {
    count: usize,
    elements: *mut Oid,
}

/// `struct gss_channel_bindings_struct`.
#[repr(C)]
struct ChannelBindings {
    initiator_address_type: u32,
    initiator_address: Buffer,
    acceptor_address_type: u32,
    acceptor_address: Buffer,
    application_data: Buffer,
}

/// `gss_key_value_element_desc` and `gss_key_value_set_desc`.
#[repr(C)]
struct KeyValue {
    key: *const c_char,
    value: *const c_char,
}
#[repr(C)]
struct KeyValueSet {
    count: u32,
    elements: *mut KeyValue,
}

impl Buffer {
    fn of(bytes: &[u8]) -> Self {
        Buffer { length: bytes.len(), value: bytes.as_ptr().cast_mut().cast() }
    }

    const EMPTY: Buffer = Buffer { length: 0, value: null_mut() };
}

impl Oid {
    fn of(bytes: &'static [u8]) -> Self {
        Oid { length: u32::try_from(bytes.len()).unwrap_or(0), elements: bytes.as_ptr().cast_mut().cast() }
    }
}

/// `gss_name_t`, `gss_cred_id_t`, `gss_ctx_id_t`.
type Handle = *mut c_void;

/// The functions. Their library is never unloaded.
struct Api {
    import_name: unsafe extern "C" fn(*mut u32, *mut Buffer, *mut Oid, *mut Handle) -> u32,
    release_name: unsafe extern "C" fn(*mut u32, *mut Handle) -> u32,
    acquire_cred:
        unsafe extern "C" fn(*mut u32, Handle, u32, *mut OidSet, c_int, *mut Handle, *mut *mut OidSet, *mut u32) -> u32,
    release_cred: unsafe extern "C" fn(*mut u32, *mut Handle) -> u32,
    init_sec_context: unsafe extern "C" fn(
        *mut u32,
        Handle,
        *mut Handle,
        Handle,
        *mut Oid,
        u32,
        u32,
        *mut ChannelBindings,
        *mut Buffer,
        *mut *mut Oid,
        *mut Buffer,
        *mut u32,
        *mut u32,
    ) -> u32,
    delete_sec_context: unsafe extern "C" fn(*mut u32, *mut Handle, *mut Buffer) -> u32,
    release_buffer: unsafe extern "C" fn(*mut u32, *mut Buffer) -> u32,
    display_status: unsafe extern "C" fn(*mut u32, u32, c_int, *mut Oid, *mut u32, *mut Buffer) -> u32,
    /// Not every library has these.
    acquire_cred_with_password: Option<AcquireWithPassword>,
    acquire_cred_from: Option<AcquireFrom>,
    set_neg_mechs: Option<unsafe extern "C" fn(*mut u32, Handle, *mut OidSet) -> u32>,
}

type AcquireWithPassword = unsafe extern "C" fn(
    *mut u32,
    Handle,
    *mut Buffer,
    u32,
    *mut OidSet,
    c_int,
    *mut Handle,
    *mut *mut OidSet,
    *mut u32,
) -> u32;
type AcquireFrom = unsafe extern "C" fn(
    *mut u32,
    Handle,
    u32,
    *mut OidSet,
    c_int,
    *const KeyValueSet,
    *mut Handle,
    *mut *mut OidSet,
    *mut u32,
) -> u32;

impl Api {
    /// The library's functions; looked for once.
    fn load() -> Result<&'static Api, Failure> {
        static API: OnceLock<Result<Api, String>> = OnceLock::new();
        API.get_or_init(Self::find).as_ref().map_err(|why| Failure::new(why.clone()))
    }

    fn find() -> Result<Api, String> {
        let mut last = String::new();
        for name in LIBRARIES {
            // SAFETY: these are libraries of the system; what they do when loaded is up to them, as for
            // a program that is linked with them.
            match unsafe { libloading::Library::new(*name) } {
                Ok(library) => {
                    let api = Self::of(&library).map_err(|error| format!("{name}: {error}"));
                    // Their functions are kept for good, so they must stay.
                    std::mem::forget(library);
                    return api;
                }
                Err(error) => last = error.to_string(),
            }
        }
        let all = LIBRARIES.join(", ");
        Err(format!("no Kerberos library found ({all}; {last}): on Debian install libgssapi-krb5-2"))
    }

    fn of(library: &libloading::Library) -> Result<Api, libloading::Error> {
        // SAFETY: the types are those of RFC 2744 and of MIT's gssapi_ext.h, which Heimdal and
        // GSS.framework share; each name is looked up with its own type.
        unsafe {
            Ok(Api {
                import_name: *library.get(b"gss_import_name\0")?,
                release_name: *library.get(b"gss_release_name\0")?,
                acquire_cred: *library.get(b"gss_acquire_cred\0")?,
                release_cred: *library.get(b"gss_release_cred\0")?,
                init_sec_context: *library.get(b"gss_init_sec_context\0")?,
                delete_sec_context: *library.get(b"gss_delete_sec_context\0")?,
                release_buffer: *library.get(b"gss_release_buffer\0")?,
                display_status: *library.get(b"gss_display_status\0")?,
                acquire_cred_with_password: library.get(b"gss_acquire_cred_with_password\0").ok().map(|found| *found),
                acquire_cred_from: library.get(b"gss_acquire_cred_from\0").ok().map(|found| *found),
                set_neg_mechs: library.get(b"gss_set_neg_mechs\0").ok().map(|found| *found),
            })
        }
    }

    /// The library's words for a status.
    fn words(&self, major: u32, minor: u32) -> String {
        let mut said: Vec<String> = Vec::new();
        let mut mechanism = Oid::of(KRB5);
        for (status, kind) in [(major, 1), (minor, 2)] {
            let mut more = 0;
            for _ in 0..4 {
                let (mut ignored, mut text) = (0, Buffer::EMPTY);
                // SAFETY: all pointers are to values of this function; the library fills `text`, which
                // is copied and given back below.
                let shown =
                    unsafe { (self.display_status)(&mut ignored, status, kind, &mut mechanism, &mut more, &mut text) };
                if shown & ERRORS != 0 || status == 0 {
                    break;
                }
                let line = String::from_utf8_lossy(&self.take(text)).trim().to_string();
                if !line.is_empty() && !said.contains(&line) {
                    said.push(line);
                }
                if more == 0 {
                    break;
                }
            }
        }
        said.join("; ")
    }

    /// The bytes of a buffer that the library has filled; it is given back.
    fn take(&self, mut buffer: Buffer) -> Zeroizing<Vec<u8>> {
        let bytes = match buffer.value.is_null() {
            true => Vec::new(),
            // SAFETY: the library says that `length` bytes stand there, until it is given back.
            false => unsafe { std::slice::from_raw_parts(buffer.value.cast::<u8>(), buffer.length) }.to_vec(),
        };
        let mut ignored = 0;
        // SAFETY: the buffer is the library's own, and is not used again.
        unsafe { (self.release_buffer)(&mut ignored, &mut buffer) };
        Zeroizing::new(bytes)
    }

    fn name(&'static self, text: &str, kind: &'static [u8]) -> Result<Name, Failure> {
        let (mut minor, mut buffer, mut kind) = (0, Buffer::of(text.as_bytes()), Oid::of(kind));
        let mut name = Name { api: self, handle: null_mut() };
        // SAFETY: the library reads the buffer and the identifier during the call alone, and writes a
        // handle of its own, which `Name` gives back.
        let major = unsafe { (self.import_name)(&mut minor, &mut buffer, &mut kind, &mut name.handle) };
        match major & ERRORS {
            0 => Ok(name),
            _ => Err(Failure::new(format!("{text} is no name for Kerberos: {}", self.words(major, minor)))),
        }
    }
}

/// A name that the library knows.
struct Name {
    api: &'static Api,
    handle: Handle,
}

impl Drop for Name {
    fn drop(&mut self) {
        let mut ignored = 0;
        // SAFETY: the handle is the library's own or null, and is not used again.
        unsafe { (self.api.release_name)(&mut ignored, &mut self.handle) };
    }
}

/// Who asks, as the library knows him.
pub(crate) struct Credential {
    api: &'static Api,
    handle: Handle,
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
        credential.kerberos_alone();
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
            (Buffer { length: password.len(), ..Buffer::of(&terminated) }, Oid::of(mechanism));
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
            _ => Err(no_ticket(api, major, minor)),
        }
    }

    /// Keeps other mechanisms out of SPNEGO, such as an NTLM that the library can do too.
    fn kerberos_alone(&self) {
        let (mut ignored, mut oid) = (0, Oid::of(KRB5));
        let mut set = OidSet { count: 1, elements: &mut oid };
        if let Some(set_neg_mechs) = self.api.set_neg_mechs {
            // SAFETY: the handle is the library's own; it copies the set.
            unsafe { set_neg_mechs(&mut ignored, self.handle, &mut set) };
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

fn no_ticket(api: &Api, major: u32, minor: u32) -> Failure {
    Failure::new(format!("no ticket ({}): run kinit, or give a keytab", api.words(major, minor)))
}

/// A sign-in to one service, under way.
pub(crate) struct Context {
    api: &'static Api,
    handle: Handle,
    service: Name,
    /// The application data of the channel binding.
    binding: Option<Vec<u8>>,
    done: bool,
}

impl Context {
    /// A sign-in to the service `HTTP@host`, bound to a channel.
    ///
    /// # Errors
    /// Where there is no library, or the name is none.
    pub(crate) fn new(service: &str, binding: Option<Vec<u8>>, _: Scheme) -> Result<Self, Failure> {
        let api = Api::load()?;
        let service = api.name(service, NT_HOSTBASED_SERVICE)?;
        Ok(Context { api, handle: null_mut(), service, binding, done: false })
    }

    /// The scheme that it was made for.
    pub(crate) fn scheme(&self) -> Scheme {
        Scheme::Negotiate
    }

    /// Whether the server has proved who it is, too.
    pub(crate) fn is_done(&self) -> bool {
        self.done
    }

    /// The next token for the server, from what it sent; empty where it needs none.
    ///
    /// # Errors
    /// Where the library refuses what the server sent, or has no ticket for it.
    pub(crate) fn step(
        &mut self,
        credential: &Credential,
        input: Option<&[u8]>,
    ) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let (mut minor, mut mechanism, mut output) = (0, Oid::of(SPNEGO), Buffer::EMPTY);
        let mut input = input.map(Buffer::of);
        let mut binding = self.binding.as_deref().map(|data| ChannelBindings {
            initiator_address_type: 0,
            initiator_address: Buffer::EMPTY,
            acceptor_address_type: 0,
            acceptor_address: Buffer::EMPTY,
            application_data: Buffer::of(data),
        });
        // SAFETY: credential, service and context are handles of this library, and the context is written
        // by it alone; input, binding and identifier are read during the call alone; what it fills is
        // taken and given back; results that are not wanted are null.
        let major = unsafe {
            (self.api.init_sec_context)(
                &mut minor,
                credential.handle,
                &mut self.handle,
                self.service.handle,
                &mut mechanism,
                MUTUAL,
                0,
                binding.as_mut().map_or(null_mut(), |binding| binding),
                input.as_mut().map_or(null_mut(), |input| input),
                null_mut(),
                &mut output,
                null_mut(),
                null_mut(),
            )
        };
        let token = self.api.take(output);
        if major & ERRORS != 0 {
            return Err(match input {
                Some(_) => Failure::new(self.api.words(major, minor)),
                None => no_ticket(self.api, major, minor),
            });
        }
        self.done = major & CONTINUE_NEEDED == 0;
        Ok(token)
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        let mut ignored = 0;
        // SAFETY: the handle is the library's own or null, and is not used again.
        unsafe { (self.api.delete_sec_context)(&mut ignored, &mut self.handle, null::<Buffer>().cast_mut()) };
    }
}
