//! The functions of libssl and libcrypto.
//!
//! Their manual pages (section 3) of OpenSSL 3.0 and 1.1.1. The numbers are those of its headers, which are a part of
//! its binary interface.

use std::ffi::{CStr, c_char, c_int, c_long, c_uint, c_ulong, c_void};
use std::sync::OnceLock;

/// The libraries that are tried. libcrypto comes with each, and its functions are found through it.
const LIBRARIES: &[&str] = &["libssl.so.3", "libssl.so.1.1"];

/// A pointer to a structure of the library's own.
pub(super) type Handle = *mut c_void;

/// Asks for a password: buffer, its size, whether it will be written with, and our pointer.
pub(super) type PasswordCallback = unsafe extern "C" fn(*mut c_char, c_int, c_int, *mut c_void) -> c_int;

/// Is called where a client certificate is asked for.
pub(super) type CertificateCallback = unsafe extern "C" fn(Handle, *mut c_void) -> c_int;

pub(super) const OPENSSL_INIT_NO_ATEXIT: u64 = 0x0008_0000;
pub(super) const SSL_VERIFY_PEER: c_int = 1;
pub(super) const SSL_CTRL_EXTRA_CHAIN_CERT: c_int = 14;
pub(super) const SSL_CTRL_MODE: c_int = 33;
pub(super) const SSL_CTRL_CHAIN: c_int = 88;
pub(super) const SSL_CTRL_CHAIN_CERT: c_int = 89;
pub(super) const SSL_CTRL_SET_TLSEXT_HOSTNAME: c_int = 55;
pub(super) const SSL_CTRL_SET_MIN_PROTO_VERSION: c_int = 123;
/// `SSL_MODE_ENABLE_PARTIAL_WRITE`, `SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER`, `SSL_MODE_AUTO_RETRY`.
pub(super) const MODES: c_long = 1 | 2 | 4;
pub(super) const TLS1_2_VERSION: c_long = 0x0303;
pub(super) const TLS1_3_VERSION: c_int = 0x0304;
pub(super) const BIO_CTRL_PENDING: c_int = 10;
pub(super) const X509_V_FLAG_PARTIAL_CHAIN: c_ulong = 0x80000;
/// `X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS`, `X509_CHECK_FLAG_NEVER_CHECK_SUBJECT`.
pub(super) const HOST_FLAGS: c_uint = 0x4 | 0x20;
pub(super) const NID_PKCS7_DATA: c_int = 21;

/// Declares the functions, each with the name by which it is looked up.
macro_rules! functions {
    ($(fn $name:ident($($kind:ty),* $(,)?) $(-> $result:ty)?;)*) => {
        /// The functions. Their library is never unloaded.
        #[allow(non_snake_case)]
        pub(super) struct Functions {
            $(pub(super) $name: unsafe extern "C" fn($($kind),*) $(-> $result)?,)*
            /// These are missing from 1.1.
            pub(super) PKCS12_init_ex: Option<unsafe extern "C" fn(c_int, Handle, *const c_char) -> Handle>,
            pub(super) OSSL_LIB_CTX_new: Option<unsafe extern "C" fn() -> Handle>,
            pub(super) OSSL_PROVIDER_load: Option<unsafe extern "C" fn(Handle, *const c_char) -> Handle>,
        }

        impl Functions {
            fn of(library: &libloading::Library) -> Result<Self, libloading::Error> {
                // SAFETY: the types are those of the manual pages, which 1.1 and 3 share; each name is looked up with
                // its own type.
                unsafe {
                    Ok(Functions {
                        $($name: *library.get(concat!(stringify!($name), "\0").as_bytes())?,)*
                        PKCS12_init_ex: library.get(b"PKCS12_init_ex\0").ok().map(|found| *found),
                        OSSL_LIB_CTX_new: library.get(b"OSSL_LIB_CTX_new\0").ok().map(|found| *found),
                        OSSL_PROVIDER_load: library.get(b"OSSL_PROVIDER_load\0").ok().map(|found| *found),
                    })
                }
            }
        }
    };
}

functions! {
    fn OpenSSL_version_num() -> c_ulong;
    fn OpenSSL_version(c_int) -> *const c_char;
    fn OPENSSL_init_ssl(u64, *const c_void) -> c_int;
    fn OPENSSL_sk_num(Handle) -> c_int;
    fn OPENSSL_sk_value(Handle, c_int) -> Handle;
    fn OPENSSL_sk_pop_free(Handle, unsafe extern "C" fn(Handle));
    fn ERR_clear_error();
    fn ERR_get_error() -> c_ulong;
    fn ERR_reason_error_string(c_ulong) -> *const c_char;
    fn BIO_s_mem() -> *const c_void;
    fn BIO_new(*const c_void) -> Handle;
    fn BIO_new_mem_buf(*const c_void, c_int) -> Handle;
    fn BIO_free(Handle) -> c_int;
    fn BIO_read(Handle, *mut c_void, c_int) -> c_int;
    fn BIO_write(Handle, *const c_void, c_int) -> c_int;
    fn BIO_ctrl(Handle, c_int, c_long, *mut c_void) -> c_long;
    fn d2i_X509(*mut Handle, *mut *const u8, c_long) -> Handle;
    fn i2d_X509(Handle, *mut *mut u8) -> c_int;
    fn X509_free(Handle);
    fn X509_STORE_add_cert(Handle, Handle) -> c_int;
    fn X509_VERIFY_PARAM_set_flags(Handle, c_ulong) -> c_int;
    fn X509_VERIFY_PARAM_set1_ip_asc(Handle, *const c_char) -> c_int;
    fn X509_verify_cert_error_string(c_long) -> *const c_char;
    fn d2i_AutoPrivateKey(*mut Handle, *mut *const u8, c_long) -> Handle;
    fn EVP_PKEY_free(Handle);
    fn PEM_read_bio_PrivateKey(Handle, *mut Handle, PasswordCallback, *mut c_void) -> Handle;
    fn i2d_PKCS8PrivateKey_bio(Handle, Handle, *const c_void, *const c_char, c_int, *const c_void, *mut c_void) -> c_int;
    fn d2i_PKCS12_bio(Handle, *mut Handle) -> Handle;
    fn PKCS12_parse(Handle, *const c_char, *mut Handle, *mut Handle, *mut Handle) -> c_int;
    fn PKCS12_free(Handle);
    fn TLS_client_method() -> *const c_void;
    fn SSL_CTX_new(*const c_void) -> Handle;
    fn SSL_CTX_free(Handle);
    fn SSL_CTX_ctrl(Handle, c_int, c_long, *mut c_void) -> c_long;
    fn SSL_CTX_set_verify(Handle, c_int, *const c_void);
    fn SSL_CTX_set_default_verify_paths(Handle) -> c_int;
    fn SSL_CTX_get_cert_store(Handle) -> Handle;
    fn SSL_CTX_use_certificate(Handle, Handle) -> c_int;
    fn SSL_CTX_use_PrivateKey(Handle, Handle) -> c_int;
    fn SSL_CTX_check_private_key(Handle) -> c_int;
    fn SSL_CTX_set_post_handshake_auth(Handle, c_int);
    fn SSL_CTX_set_cert_cb(Handle, CertificateCallback, *mut c_void);
    fn SSL_get_certificate(Handle) -> Handle;
    fn SSL_new(Handle) -> Handle;
    fn SSL_free(Handle);
    fn SSL_ctrl(Handle, c_int, c_long, *mut c_void) -> c_long;
    fn SSL_set_bio(Handle, Handle, Handle);
    fn SSL_set_connect_state(Handle);
    fn SSL_set_hostflags(Handle, c_uint);
    fn SSL_set1_host(Handle, *const c_char) -> c_int;
    fn SSL_get0_param(Handle) -> Handle;
    fn SSL_do_handshake(Handle) -> c_int;
    fn SSL_read(Handle, *mut c_void, c_int) -> c_int;
    fn SSL_write(Handle, *const c_void, c_int) -> c_int;
    fn SSL_get_error(Handle, c_int) -> c_int;
    fn SSL_get_verify_result(Handle) -> c_long;
    fn SSL_get_peer_cert_chain(Handle) -> Handle;
    fn SSL_version(Handle) -> c_int;
}

/// The library.
pub(super) struct Api {
    pub(super) ssl: Functions,
    /// Whether it is OpenSSL 3 or later, where errors are numbered otherwise.
    pub(super) is_3: bool,
}

/// An error in the library's queue.
#[derive(Debug, Clone)]
pub(super) struct QueuedError {
    /// The part of the library.
    pub(super) library: c_ulong,
    /// The reason within that part.
    pub(super) reason: c_ulong,
    /// Its words.
    pub(super) words: String,
}

/// The number of libssl among the parts of the library.
pub(super) const ERR_LIB_SSL: c_ulong = 20;

impl Api {
    /// The library's functions, loaded once.
    ///
    /// # Errors
    /// What to install.
    pub(super) fn load() -> Result<&'static Api, String> {
        static API: OnceLock<Result<Api, String>> = OnceLock::new();
        API.get_or_init(Self::find).as_ref().map_err(Clone::clone)
    }

    fn find() -> Result<Api, String> {
        let mut last = String::new();
        for name in LIBRARIES {
            // SAFETY: these are libraries of the system, which run their initialisation as in a program that is linked
            // with them.
            match unsafe { libloading::Library::new(*name) } {
                Ok(library) => {
                    let ssl = Functions::of(&library).map_err(|error| format!("{name}: {error}"));
                    // Its functions are kept for good, so it must stay loaded.
                    std::mem::forget(library);
                    return Self::start(ssl?).ok_or_else(|| format!("{name} cannot be initialised"));
                }
                Err(error) => last = error.to_string(),
            }
        }
        let all = LIBRARIES.join(", ");
        Err(format!("the system's OpenSSL was not found ({all}; {last}): on Debian install libssl3"))
    }

    fn start(ssl: Functions) -> Option<Api> {
        // At the end of the program, other threads may still use the library: it must not be taken down.
        // SAFETY: the settings may be NULL.
        let started = unsafe { (ssl.OPENSSL_init_ssl)(OPENSSL_INIT_NO_ATEXIT, std::ptr::null()) };
        // SAFETY: a function without arguments.
        let is_3 = unsafe { (ssl.OpenSSL_version_num)() } >= 0x3000_0000;
        (started == 1).then_some(Api { ssl, is_3 })
    }

    /// The library's name and version, such as `OpenSSL 3.0.22 5 Aug 2026`.
    pub(super) fn version(&self) -> &'static str {
        // SAFETY: 0 asks for the version, which is a constant of the library, and that is never unloaded.
        let version = unsafe { CStr::from_ptr((self.ssl.OpenSSL_version)(0)) };
        version.to_str().unwrap_or("OpenSSL")
    }

    /// Empties this thread's queue of errors.
    pub(super) fn clear_errors(&self) {
        // SAFETY: the queue is the thread's own.
        unsafe { (self.ssl.ERR_clear_error)() };
    }

    /// Takes this thread's errors out of the queue, the first one first.
    pub(super) fn errors(&self) -> Vec<QueuedError> {
        let mut found = Vec::new();
        for _ in 0..16 {
            // SAFETY: the queue is the thread's own.
            let code = unsafe { (self.ssl.ERR_get_error)() };
            if code == 0 {
                break;
            }
            let (library, reason) = match self.is_3 {
                // An error of the system has no part of the library.
                true if code & 0x8000_0000 != 0 => (0, code & 0x7fff_ffff),
                true => ((code >> 23) & 0xff, code & 0x7f_ffff),
                false => ((code >> 24) & 0xff, code & 0xfff),
            };
            // SAFETY: the text is the library's own, constant, or NULL.
            let words = self.text(unsafe { (self.ssl.ERR_reason_error_string)(code) });
            found.push(QueuedError { library, reason, words: words.unwrap_or_else(|| format!("error {reason}")) });
        }
        self.clear_errors();
        found
    }

    /// The words of this thread's first error.
    pub(super) fn first_words(&self) -> String {
        self.errors().into_iter().next().map_or_else(|| "no reason told".into(), |error| error.words)
    }

    /// The words for a result of verification.
    pub(super) fn verify_words(&self, result: c_long) -> String {
        // SAFETY: the text is the library's own and constant.
        let words = self.text(unsafe { (self.ssl.X509_verify_cert_error_string)(result) });
        words.unwrap_or_else(|| format!("the certificate cannot be verified ({result})"))
    }

    fn text(&self, text: *const c_char) -> Option<String> {
        // SAFETY: what is not NULL is a constant text of the library, with its end.
        (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned())
    }

    /// The DER of a certificate of the library.
    pub(super) fn der(&self, certificate: Handle) -> Option<Vec<u8>> {
        // SAFETY: the certificate is one of the library's, alive during the call; without a buffer only the length is
        // told.
        let length = usize::try_from(unsafe { (self.ssl.i2d_X509)(certificate, std::ptr::null_mut()) }).ok()?;
        let mut der = vec![0_u8; length];
        let mut place = der.as_mut_ptr();
        // SAFETY: the buffer has the length that was told for this certificate.
        let written = unsafe { (self.ssl.i2d_X509)(certificate, &mut place) };
        (usize::try_from(written) == Ok(length)).then_some(der)
    }

    /// The DER of all certificates of a stack, which may be NULL.
    pub(super) fn stack(&self, stack: Handle) -> Vec<Vec<u8>> {
        if stack.is_null() {
            return Vec::new();
        }
        // SAFETY: the stack is one of the library's, of certificates, and alive during the call.
        let count = unsafe { (self.ssl.OPENSSL_sk_num)(stack) }.clamp(0, 64);
        // SAFETY: as above; the index is within the stack.
        (0..count).filter_map(|at| self.der(unsafe { (self.ssl.OPENSSL_sk_value)(stack, at) })).collect()
    }
}

/// A structure of the library, with the function that frees it.
pub(super) struct Owned {
    handle: Handle,
    free: unsafe extern "C" fn(Handle),
}

impl Owned {
    /// Takes what a function of the library has made, if it is not NULL.
    ///
    /// # Safety
    /// The handle is NULL, or owned by the caller alone and freed by this function.
    pub(super) unsafe fn new(handle: Handle, free: unsafe extern "C" fn(Handle)) -> Option<Self> {
        (!handle.is_null()).then_some(Owned { handle, free })
    }

    pub(super) fn get(&self) -> Handle {
        self.handle
    }

    /// Gives it away: it is not freed here.
    pub(super) fn release(self) -> Handle {
        let handle = self.handle;
        std::mem::forget(self);
        handle
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        // SAFETY: `new` says so.
        unsafe { (self.free)(self.handle) };
    }
}
