//! The types and functions of the library in C.
//!
//! RFC 2744; MIT's additions are in its header `gssapi_ext.h`.

use crate::sign_in::Failure;
use std::ffi::{c_char, c_int, c_void};
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
}

type Release = unsafe extern "C" fn(*mut u32, *mut Handle) -> u32;
type AcquireWithPassword =
    unsafe extern "C" fn(*mut u32, Handle, *mut Buffer, u32, Set, c_int, *mut Handle, *mut Set, *mut u32) -> u32;
type AcquireFrom =
    unsafe extern "C" fn(*mut u32, Handle, u32, Set, c_int, *const KeyValueSet, *mut Handle, *mut Set, *mut u32) -> u32;
type Set = *mut OidSet;

impl Api {
    /// The library's functions, loaded once.
    pub(super) fn load() -> Result<&'static Api, Failure> {
        static API: OnceLock<Result<Api, String>> = OnceLock::new();
        API.get_or_init(Self::find).as_ref().map_err(|why| Failure::new(why.clone()))
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
            })
        }
    }

    /// The failure of a library that has no ticket.
    pub(super) fn no_ticket(&self, major: u32, minor: u32) -> Failure {
        Failure::new(format!("no ticket ({}): run kinit, or give a keytab", self.words(major, minor)))
    }

    /// The library's words for a status.
    pub(super) fn words(&self, major: u32, minor: u32) -> String {
        let mut lines: Vec<String> = Vec::new();
        let mut mechanism = Oid::of(KRB5);
        for (status, kind) in [(major, 1), (minor, 2)] {
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
                let line = String::from_utf8_lossy(&self.take(text)).trim().to_string();
                if !line.is_empty() && !lines.contains(&line) {
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
