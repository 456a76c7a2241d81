//! The types and functions of the library in C.
//!
//! RFC 2744; MIT's additions are in its header `gssapi_ext.h`.

use crate::sign_in::{Failure, SignInCause};
use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr::null_mut;
use std::sync::OnceLock;
use zeroize::Zeroizing;

/// The libraries that are tried. On a Mac, MIT's library packs its structures on every processor and the
/// system's only on x86-64; on other processors only the system's has the layout below.
const LIBRARIES: &[&str] = if cfg!(all(target_os = "macos", target_arch = "x86_64")) {
    &["/System/Library/Frameworks/GSS.framework/GSS", "libgssapi_krb5.dylib"]
} else if cfg!(target_os = "macos") {
    &["/System/Library/Frameworks/GSS.framework/GSS"]
} else {
    &["libgssapi_krb5.so.2", "libgssapi.so.3", "libgssapi.so"]
};

/// Object identifiers: the value of their DER.
pub(super) const SPNEGO: &[u8] = &[0x2b, 6, 1, 5, 5, 2];
pub(super) const KRB5: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2];
pub(super) const NT_USER_NAME: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 1, 1];
/// `GSS_KRB5_NT_ENTERPRISE_NAME` of MIT since 1.17 (RFC 6806, 5).
pub(super) const NT_ENTERPRISE_NAME: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2, 6];
pub(super) const NT_HOSTBASED_SERVICE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 1, 4];

/// `GSS_C_INITIATE`, `GSS_C_MUTUAL_FLAG`, `GSS_C_INDEFINITE`, `GSS_S_CONTINUE_NEEDED`.
pub(super) const INITIATE: c_int = 1;
pub(super) const MUTUAL: u32 = 2;
pub(super) const INDEFINITE: u32 = u32::MAX;
pub(super) const CONTINUE_NEEDED: u32 = 1;
/// The error bits of a major status.
pub(super) const ERRORS: u32 = 0xffff_0000;

/// `gss_buffer_desc`.
#[repr(C)]
pub(super) struct Buffer {
    length: usize,
    value: *mut c_void,
}

/// `gss_OID_desc`.
#[cfg_attr(not(all(target_os = "macos", target_arch = "x86_64")), repr(C))]
#[cfg_attr(all(target_os = "macos", target_arch = "x86_64"), repr(C, packed(2)))]
pub(super) struct Oid {
    length: u32,
    elements: *mut c_void,
}

/// `gss_OID_set_desc`.
#[repr(C)]
pub(super) struct OidSet {
    pub(super) count: usize,
    pub(super) elements: *mut Oid,
}

/// `struct gss_channel_bindings_struct`.
#[cfg_attr(not(all(target_os = "macos", target_arch = "x86_64")), repr(C))]
#[cfg_attr(all(target_os = "macos", target_arch = "x86_64"), repr(C, packed(2)))]
pub(super) struct ChannelBindings {
    pub(super) initiator_address_type: u32,
    pub(super) initiator_address: Buffer,
    pub(super) acceptor_address_type: u32,
    pub(super) acceptor_address: Buffer,
    pub(super) application_data: Buffer,
}

/// The headers of Macs with x86-64 have `#pragma pack(push,2)`, which moves the pointer after a number.
#[cfg(target_pointer_width = "64")]
const _: () = {
    let packed = cfg!(all(target_os = "macos", target_arch = "x86_64"));
    assert!(std::mem::offset_of!(Oid, elements) == if packed { 4 } else { 8 });
    assert!(size_of::<ChannelBindings>() == if packed { 56 } else { 64 });
};

/// `gss_key_value_element_desc` and `gss_key_value_set_desc`.
#[repr(C)]
pub(super) struct KeyValue {
    pub(super) key: *const c_char,
    pub(super) value: *const c_char,
}
#[repr(C)]
pub(super) struct KeyValueSet {
    pub(super) count: u32,
    pub(super) elements: *mut KeyValue,
}

impl Buffer {
    pub(super) fn of(bytes: &[u8]) -> Self {
        Buffer { length: bytes.len(), value: bytes.as_ptr().cast_mut().cast() }
    }

    pub(super) const EMPTY: Buffer = Buffer { length: 0, value: null_mut() };
}

impl Oid {
    pub(super) fn of(bytes: &'static [u8]) -> Self {
        Oid { length: u32::try_from(bytes.len()).unwrap_or(0), elements: bytes.as_ptr().cast_mut().cast() }
    }
}

/// `gss_name_t`, `gss_cred_id_t`, `gss_ctx_id_t`.
pub(super) type Handle = *mut c_void;

/// The functions. Their library is never unloaded.
pub(super) struct Api {
    pub(super) import_name: unsafe extern "C" fn(*mut u32, *mut Buffer, *mut Oid, *mut Handle) -> u32,
    pub(super) release_name: Release,
    pub(super) acquire_cred:
        unsafe extern "C" fn(*mut u32, Handle, u32, Set, c_int, *mut Handle, *mut Set, *mut u32) -> u32,
    pub(super) release_cred: Release,
    pub(super) init_sec_context: unsafe extern "C" fn(
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
    pub(super) delete_sec_context: unsafe extern "C" fn(*mut u32, *mut Handle, *mut Buffer) -> u32,
    pub(super) release_buffer: unsafe extern "C" fn(*mut u32, *mut Buffer) -> u32,
    pub(super) display_status: unsafe extern "C" fn(*mut u32, u32, c_int, *mut Oid, *mut u32, *mut Buffer) -> u32,
    /// These are missing from some libraries.
    pub(super) acquire_cred_with_password: Option<AcquireWithPassword>,
    pub(super) acquire_cred_from: Option<AcquireFrom>,
    pub(super) set_neg_mechs: Option<unsafe extern "C" fn(*mut u32, Handle, Set) -> u32>,
    pub(super) store_cred_into: Option<StoreInto>,
    canonicalize_name: Option<unsafe extern "C" fn(*mut u32, Handle, *mut Oid, *mut Handle) -> u32>,
    display_name: Option<unsafe extern "C" fn(*mut u32, Handle, *mut Buffer, *mut *mut Oid) -> u32>,
    inquire_cred: Option<unsafe extern "C" fn(*mut u32, Handle, *mut Handle, *mut u32, *mut c_int, *mut Set) -> u32>,
    tickets: Option<Tickets>,
}

/// What wipes a ticket cache: functions of the Kerberos library below, `krb5.h`.
struct Tickets {
    init_context: unsafe extern "C" fn(*mut Handle) -> i32,
    free_context: unsafe extern "C" fn(Handle),
    resolve: unsafe extern "C" fn(Handle, *const c_char, *mut Handle) -> i32,
    destroy: unsafe extern "C" fn(Handle, Handle) -> i32,
}

type Release = unsafe extern "C" fn(*mut u32, *mut Handle) -> u32;
type AcquireWithPassword =
    unsafe extern "C" fn(*mut u32, Handle, *mut Buffer, u32, Set, c_int, *mut Handle, *mut Set, *mut u32) -> u32;
type AcquireFrom =
    unsafe extern "C" fn(*mut u32, Handle, u32, Set, c_int, *const KeyValueSet, *mut Handle, *mut Set, *mut u32) -> u32;
type StoreInto =
    unsafe extern "C" fn(*mut u32, Handle, c_int, *mut Oid, u32, u32, *const KeyValueSet, *mut Set, *mut c_int) -> u32;
type Set = *mut OidSet;

impl Api {
    /// The library's functions, loaded once.
    pub(super) fn load() -> Result<&'static Api, Failure> {
        static API: OnceLock<Result<Api, String>> = OnceLock::new();
        API.get_or_init(Self::find).as_ref().map_err(|why| SignInCause::NoLibrary { why: why.clone() }.into())
    }

    fn find() -> Result<Api, String> {
        let mut last = String::new();
        for name in LIBRARIES {
            // SAFETY: these are libraries of the system, which run their initialisation as in a program that
            // is linked with them.
            match unsafe { libloading::Library::new(*name) } {
                Ok(library) => {
                    let api = Self::of(&library).map_err(|error| format!("{name}: {error}"));
                    // Its functions are kept for good, so it must stay loaded.
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
                store_cred_into: library.get(b"gss_store_cred_into\0").ok().map(|found| *found),
                canonicalize_name: library.get(b"gss_canonicalize_name\0").ok().map(|found| *found),
                display_name: library.get(b"gss_display_name\0").ok().map(|found| *found),
                inquire_cred: library.get(b"gss_inquire_cred\0").ok().map(|found| *found),
                tickets: Tickets::of(library).ok(),
            })
        }
    }

    /// The library's words for a status: those of the mechanism, which say more, or else the general ones.
    pub(super) fn words(&self, major: u32, minor: u32) -> String {
        let mut lines: Vec<String> = Vec::new();
        let mut mechanism = Oid::of(KRB5);
        for (status, kind) in [(minor, 2), (major, 1)] {
            if !lines.is_empty() {
                break;
            }
            let mut more = 0;
            for _ in 0..4 {
                let (mut ignored, mut text) = (0, Buffer::EMPTY);
                // SAFETY: all pointers are to values of this function; the library fills `text`, which is
                // copied and released below.
                let shown =
                    unsafe { (self.display_status)(&mut ignored, status, kind, &mut mechanism, &mut more, &mut text) };
                if shown & ERRORS != 0 || status == 0 {
                    break;
                }
                let line = String::from_utf8_lossy(&self.take(text)).trim_matches(['\0', ' ', '\n']).to_string();
                if !line.is_empty() && line != "Unknown error" && !lines.contains(&line) {
                    lines.push(line);
                }
                if more == 0 {
                    break;
                }
            }
        }
        lines.join("; ")
    }

    /// The bytes of a buffer that the library has filled, which is released.
    pub(super) fn take(&self, mut buffer: Buffer) -> Zeroizing<Vec<u8>> {
        let bytes = match buffer.value.is_null() {
            true => Vec::new(),
            // SAFETY: `length` bytes are valid there until the buffer is released.
            false => unsafe { std::slice::from_raw_parts(buffer.value.cast::<u8>(), buffer.length) }.to_vec(),
        };
        let mut ignored = 0;
        // SAFETY: the buffer is the library's own, and is not used again.
        unsafe { (self.release_buffer)(&mut ignored, &mut buffer) };
        Zeroizing::new(bytes)
    }

    /// The machine's own realm, if it has one.
    pub(super) fn default_realm(&'static self) -> Option<String> {
        let name = self.name("x", NT_USER_NAME).ok()?;
        let (mut minor, mut mechanism) = (0, Oid::of(KRB5));
        let mut whole = Owned { release: self.release_name, handle: null_mut() };
        // SAFETY: the library reads name and identifier only during the call, and writes a handle of its own, which
        // `Owned` releases.
        let major = unsafe { (self.canonicalize_name?)(&mut minor, name.handle, &mut mechanism, &mut whole.handle) };
        let text = (major & ERRORS == 0).then(|| self.text(&whole)).flatten()?;
        text.rsplit_once('@').map(|(_, realm)| realm.to_string()).filter(|realm| !realm.is_empty())
    }

    /// The principal of a credential that has not expired.
    pub(super) fn principal(&'static self, credential: &Owned) -> Option<String> {
        let (mut minor, mut seconds) = (0, 0);
        let mut name = Owned { release: self.release_name, handle: null_mut() };
        // SAFETY: the handle is the library's own; it writes a name of its own, which `Owned` releases; results that
        // are not needed are null.
        let major = unsafe {
            let inquire = self.inquire_cred?;
            inquire(&mut minor, credential.handle, &mut name.handle, &mut seconds, null_mut(), null_mut())
        };
        (major & ERRORS == 0 && seconds > 0).then(|| self.text(&name)).flatten()
    }

    fn text(&self, name: &Owned) -> Option<String> {
        let (mut minor, mut text) = (0, Buffer::EMPTY);
        // SAFETY: the handle is the library's own; it fills `text`, which is copied and released below.
        let major = unsafe { (self.display_name?)(&mut minor, name.handle, &mut text, null_mut()) };
        let text = self.take(text);
        (major & ERRORS == 0 && !text.is_empty()).then(|| String::from_utf8_lossy(&text).into_owned())
    }

    /// Wipes a ticket cache, if the library can.
    pub(super) fn destroy_tickets(&self, name: &CStr) {
        let Some(tickets) = &self.tickets else { return };
        let (mut context, mut cache) = (null_mut(), null_mut());
        // SAFETY: context and cache are handles of the Kerberos library, used only where it has written them; the
        // name ends in 0 and outlives the call; neither handle is used again.
        unsafe {
            if (tickets.init_context)(&mut context) == 0 {
                if (tickets.resolve)(context, name.as_ptr(), &mut cache) == 0 {
                    (tickets.destroy)(context, cache);
                }
                (tickets.free_context)(context);
            }
        }
    }

    /// A name for the library.
    pub(super) fn name(&'static self, text: &str, kind: &'static [u8]) -> Result<Owned, Failure> {
        let (mut minor, mut buffer, mut kind) = (0, Buffer::of(text.as_bytes()), Oid::of(kind));
        let mut name = Owned { release: self.release_name, handle: null_mut() };
        // SAFETY: the library reads the buffer and the identifier only during the call, and writes a
        // handle of its own, which `Owned` releases.
        let major = unsafe { (self.import_name)(&mut minor, &mut buffer, &mut kind, &mut name.handle) };
        match major & ERRORS {
            0 => Ok(name),
            _ => Err(Failure::new(format!("{text} is no name for Kerberos: {}", self.words(major, minor)))),
        }
    }
}

impl Tickets {
    /// The library below is loaded with the one above it, in which its names are found.
    fn of(library: &libloading::Library) -> Result<Self, libloading::Error> {
        // SAFETY: the types are those of `krb5.h`, which MIT and Heimdal share.
        unsafe {
            Ok(Tickets {
                init_context: *library.get(b"krb5_init_context\0")?,
                free_context: *library.get(b"krb5_free_context\0")?,
                resolve: *library.get(b"krb5_cc_resolve\0")?,
                destroy: *library.get(b"krb5_cc_destroy\0")?,
            })
        }
    }
}

/// A name or credential of the library, with the function that releases it.
pub(super) struct Owned {
    pub(super) release: Release,
    pub(super) handle: Handle,
}

impl Drop for Owned {
    fn drop(&mut self) {
        let mut ignored = 0;
        // SAFETY: the handle is the library's own or null, the function is the one for its kind, and the
        // handle is not used again.
        unsafe { (self.release)(&mut ignored, &mut self.handle) };
    }
}
