//! PKCS #12 files and encrypted keys, read by the library.
//!
//! RFC 7292 (PKCS #12), RFC 5958 and RFC 8018 (encrypted keys), RFC 1421 (`Proc-Type: 4,ENCRYPTED`).

use super::api::{Api, BIO_CTRL_PENDING, Handle, NID_PKCS7_DATA, Owned};
use std::ffi::{CString, c_char, c_int, c_void};
use std::ptr::{null, null_mut};
use std::sync::OnceLock;
use zeroize::{Zeroize as _, Zeroizing};

/// Why a file is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeyFileError {
    /// The password does not fit.
    WrongPassword,
    /// Anything else, in words.
    Other(String),
}

/// A certificate with its chain, and its key, in DER (the key as PKCS #8).
pub(crate) struct Pair {
    pub(crate) chain: Vec<Vec<u8>>,
    pub(crate) key: Zeroizing<Vec<u8>>,
}

/// Reads a PKCS #12 file.
///
/// # Errors
/// Why it cannot be read.
pub(crate) fn pkcs12(file: &[u8], password: &str) -> Result<Pair, KeyFileError> {
    let api = Api::load().map_err(KeyFileError::Other)?;
    let bio = reader(api, file)?;
    let failed = || failed(api);
    api.clear_errors();
    let mut made = start_pkcs12(api);
    // SAFETY: the buffer is alive; `made` is NULL or a structure that is owned here, which the library fills, or frees
    // and sets to NULL.
    let read = unsafe { (api.ssl.d2i_PKCS12_bio)(bio.get(), &mut made) };
    // SAFETY: it is owned here alone.
    let p12 = unsafe { Owned::new(read, api.ssl.PKCS12_free) }.ok_or_else(failed)?;
    let password = c_text(password)?;
    let (mut key, mut own, mut others) = (null_mut(), null_mut(), null_mut());
    // SAFETY: the file is alive, the password ends with a zero, and the places are this function's.
    let parsed =
        unsafe { (api.ssl.PKCS12_parse)(p12.get(), password.as_ptr().cast(), &mut key, &mut own, &mut others) };
    // SAFETY: what was made is owned here alone.
    let (key, own) = unsafe { (Owned::new(key, api.ssl.EVP_PKEY_free), Owned::new(own, api.ssl.X509_free)) };
    let mut rest = api.stack(others);
    if !others.is_null() {
        // SAFETY: the stack and its certificates are owned here, and not used again.
        unsafe { (api.ssl.OPENSSL_sk_pop_free)(others, api.ssl.X509_free) };
    }
    if parsed != 1 {
        return Err(failed());
    }
    let (Some(key), Some(own)) = (key, own) else {
        return Err(KeyFileError::Other("it holds no certificate with its key".into()));
    };
    let own = api.der(own.get()).ok_or_else(failed)?;
    // 1.1 tells the others in reverse.
    if !api.is_3 {
        rest.reverse();
    }
    let chain = std::iter::once(own).chain(rest).collect();
    Ok(Pair { chain, key: pkcs8(api, key.get())? })
}

/// Reads an encrypted key in PEM, and returns it as PKCS #8 in DER.
///
/// # Errors
/// Why it cannot be read.
pub(crate) fn pem_key(pem: &[u8], password: &str) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    let api = Api::load().map_err(KeyFileError::Other)?;
    let bio = reader(api, pem)?;
    api.clear_errors();
    let mut password = password;
    // SAFETY: the buffer is alive, and the pointer is to a `&str` that outlives the call.
    let key = unsafe {
        let place: *mut &str = &mut password;
        let read = (api.ssl.PEM_read_bio_PrivateKey)(bio.get(), null_mut(), give_password, place.cast());
        Owned::new(read, api.ssl.EVP_PKEY_free)
    };
    pkcs8(api, key.ok_or_else(|| failed(api))?.get())
}

/// Writes the password where the library wants it.
unsafe extern "C" fn give_password(buffer: *mut c_char, size: c_int, _: c_int, password: *mut c_void) -> c_int {
    // SAFETY: `pem_key` passes a pointer to its `&str`.
    let password = unsafe { *password.cast::<&str>() };
    match c_int::try_from(password.len()) {
        Ok(length) if length <= size && !buffer.is_null() => {
            // SAFETY: the library's buffer has `size` bytes, which is enough.
            unsafe { std::ptr::copy_nonoverlapping(password.as_ptr(), buffer.cast(), password.len()) };
            length
        }
        _ => -1,
    }
}

/// The structure into which a file is read: one that knows old ciphers too (RC2 with 40 bits, as Windows exported), in
/// a context of its own, so that nothing else in the program gets them. NULL where the library has no such contexts.
fn start_pkcs12(api: &Api) -> Handle {
    static OLD: OnceLock<usize> = OnceLock::new();
    let (Some(init), Some(new), Some(load)) =
        (api.ssl.PKCS12_init_ex, api.ssl.OSSL_LIB_CTX_new, api.ssl.OSSL_PROVIDER_load)
    else {
        return null_mut();
    };
    let context = *OLD.get_or_init(|| {
        // SAFETY: the context is made once and kept for good; the names are texts with their ends. Where "legacy" is
        // not installed, it is not loaded.
        unsafe {
            let context = new();
            if !context.is_null() {
                load(context, c"default".as_ptr());
                load(context, c"legacy".as_ptr());
            }
            context as usize
        }
    });
    api.clear_errors();
    // SAFETY: the context is alive or NULL, which is the usual one.
    unsafe { init(NID_PKCS7_DATA, context as Handle, null()) }
}

/// A buffer of the library over these bytes, which must outlive it.
fn reader(api: &Api, bytes: &[u8]) -> Result<Owned, KeyFileError> {
    let length = c_int::try_from(bytes.len()).map_err(|_| KeyFileError::Other("it is too long".into()))?;
    // SAFETY: `length` bytes are readable there, and only read.
    bio(api, unsafe { (api.ssl.BIO_new_mem_buf)(bytes.as_ptr().cast(), length) })
}

fn bio(api: &Api, made: Handle) -> Result<Owned, KeyFileError> {
    unsafe extern "C" fn free(bio: Handle) {
        if let Ok(api) = Api::load() {
            // SAFETY: `Owned` says so.
            unsafe { (api.ssl.BIO_free)(bio) };
        }
    }
    // SAFETY: what was made is owned here alone.
    unsafe { Owned::new(made, free) }.ok_or_else(|| failed(api))
}

/// A key as PKCS #8 in DER, not encrypted.
fn pkcs8(api: &Api, key: Handle) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    // SAFETY: the kind of buffer is a constant of the library.
    let bio = bio(api, unsafe { (api.ssl.BIO_new)((api.ssl.BIO_s_mem)()) })?;
    // SAFETY: buffer and key are alive; there is no cipher, and so no password.
    let written = unsafe { (api.ssl.i2d_PKCS8PrivateKey_bio)(bio.get(), key, null(), null(), 0, null(), null_mut()) };
    // SAFETY: the buffer is alive.
    let length = unsafe { (api.ssl.BIO_ctrl)(bio.get(), BIO_CTRL_PENDING, 0, null_mut()) };
    let (1, Ok(length), Ok(size)) = (written, usize::try_from(length), c_int::try_from(length)) else {
        return Err(failed(api));
    };
    let mut der = Zeroizing::new(vec![0_u8; length]);
    // SAFETY: the buffer is alive, and `der` has this length.
    let read = unsafe { (api.ssl.BIO_read)(bio.get(), der.as_mut_ptr().cast(), size) };
    if read == size { Ok(der) } else { Err(failed(api)) }
}

/// A text with its end, wiped when it is dropped.
fn c_text(text: &str) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    let mut bytes = Vec::with_capacity(text.len() + 1);
    bytes.extend_from_slice(text.as_bytes());
    match CString::new(bytes) {
        Ok(text) => Ok(Zeroizing::new(text.into_bytes_with_nul())),
        Err(error) => {
            error.into_vec().zeroize();
            Err(KeyFileError::Other("its password has a zero character".into()))
        }
    }
}

/// The first of the library's errors that says why.
fn failed(api: &Api) -> KeyFileError {
    let errors = api.errors();
    // ERR_LIB_EVP BAD_DECRYPT, ERR_LIB_PEM BAD_DECRYPT and BAD_PASSWORD_READ, ERR_LIB_PKCS12 MAC_VERIFY_FAILURE; in a
    // provider (57) BAD_DECRYPT.
    let wrong = [(6, 100), (9, 101), (9, 104), (35, 113), (57, 100)];
    if errors.iter().any(|error| wrong.contains(&(error.library, error.reason))) {
        return KeyFileError::WrongPassword;
    }
    KeyFileError::Other(errors.into_iter().next().map_or_else(|| "no reason told".into(), |error| error.words))
}
