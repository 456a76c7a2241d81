//! Sign-in by the Security Support Provider Interface of Windows: its packages "Negotiate", which includes
//! Kerberos and NTLM, and "NTLM".
//!
//! It has the same interface as `gssapi.rs`. MS Learn: "SSPI Functions".

// It calls C; a check lists all files that may.
#![allow(unsafe_code)]

use crate::sign_in::{Failure, Scheme, SignIn, SignInCause};
use std::ptr::{null, null_mut};
use windows_sys::Win32::Foundation::{
    SEC_E_KDC_UNKNOWN_ETYPE, SEC_E_LOGON_DENIED, SEC_E_NO_AUTHENTICATING_AUTHORITY, SEC_E_NO_CREDENTIALS, SEC_E_OK,
    SEC_E_TARGET_UNKNOWN, SEC_E_TIME_SKEW, SEC_E_WRONG_PRINCIPAL, SEC_I_COMPLETE_AND_CONTINUE, SEC_I_COMPLETE_NEEDED,
    SEC_I_CONTINUE_NEEDED,
};
use windows_sys::Win32::Security::Authentication::Identity::{
    AcquireCredentialsHandleW, DeleteSecurityContext, FreeContextBuffer, FreeCredentialsHandle,
    ISC_REQ_ALLOCATE_MEMORY, ISC_REQ_MUTUAL_AUTH, ISC_RET_MUTUAL_AUTH, InitializeSecurityContextW,
    SECBUFFER_CHANNEL_BINDINGS, SECBUFFER_TOKEN, SECBUFFER_VERSION, SECPKG_CRED_OUTBOUND, SECURITY_NATIVE_DREP,
    SecBuffer, SecBufferDesc,
};
use windows_sys::Win32::Security::Credentials::SecHandle;
use windows_sys::Win32::System::Rpc::{SEC_WINNT_AUTH_IDENTITY_UNICODE, SEC_WINNT_AUTH_IDENTITY_W};
use zeroize::Zeroizing;

const NO_HANDLE: SecHandle = SecHandle { dwLower: 0, dwUpper: 0 };

/// A credential of Windows.
pub(crate) struct Credential {
    handle: SecHandle,
    /// The name with a password, which may be wrong.
    name: Option<String>,
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credential(..)")
    }
}

impl Drop for Credential {
    fn drop(&mut self) {
        // SAFETY: the handle is from `AcquireCredentialsHandleW`, and is not used again.
        unsafe { FreeCredentialsHandle(&self.handle) };
    }
}

impl Credential {
    /// The credential of a user with a password, or of the user who is logged on.
    ///
    /// # Errors
    /// If Windows does not know the package, or a keytab or tickets are given.
    pub(crate) fn acquire(sign_in: &SignIn, scheme: Scheme, _: &str) -> Result<Self, Failure> {
        if sign_in.keytab.is_some() || sign_in.ccache.is_some() {
            return Err(Failure::new("Windows takes no keytab and no file with tickets"));
        }
        let package = wide(if scheme == Scheme::Ntlm { "NTLM" } else { "Negotiate" });
        let (user, password) = match &sign_in.password {
            Some((user, password)) => (user.as_str(), wide(password.expose())),
            None => ("", Zeroizing::new(Vec::new())),
        };
        let (domain, user) = user.split_once('\\').unwrap_or(("", user));
        let (domain, user) = (wide(domain), wide(user));
        // Without the 0 at the end.
        let length = |text: &[u16]| u32::try_from(text.len().saturating_sub(1)).unwrap_or(0);
        let identity = SEC_WINNT_AUTH_IDENTITY_W {
            User: user.as_ptr().cast_mut(),
            UserLength: length(&user),
            Domain: domain.as_ptr().cast_mut(),
            DomainLength: length(&domain),
            Password: password.as_ptr().cast_mut(),
            PasswordLength: length(&password),
            Flags: SEC_WINNT_AUTH_IDENTITY_UNICODE,
        };
        let name = sign_in.password.as_ref().map(|(name, _)| name.clone());
        let data = if name.is_some() { (&raw const identity).cast() } else { null() };
        let (mut handle, mut expiry) = (NO_HANDLE, 0);
        // SAFETY: texts end in 0 and outlive the call; Windows copies the identity; `Credential` releases
        // the handle.
        let status = unsafe {
            AcquireCredentialsHandleW(
                null(),
                package.as_ptr(),
                SECPKG_CRED_OUTBOUND,
                null(),
                data,
                None,
                null(),
                &mut handle,
                &mut expiry,
            )
        };
        match status {
            SEC_E_OK => Ok(Credential { handle, name }),
            status => Err(failure(status, name.as_deref(), "")),
        }
    }
}

/// A sign-in to one service.
pub(crate) struct Context {
    handle: SecHandle,
    /// `HTTP/host`, with a 0 at its end.
    service: Zeroizing<Vec<u16>>,
    /// A `SEC_CHANNEL_BINDINGS` with its data.
    binding: Option<Vec<u8>>,
    scheme: Scheme,
    done: bool,
    mutual: bool,
}

impl Context {
    /// A sign-in to the service `HTTP@host`, bound to a channel by its application data.
    ///
    /// # Errors
    /// None on Windows; the other implementation has some.
    pub(crate) fn new(service: &str, binding: Option<Vec<u8>>, scheme: Scheme) -> Result<Self, Failure> {
        let service = wide(&service.replacen('@', "/", 1));
        let binding = binding.map(|data| {
            // Six numbers for absent addresses, then length and place of the data.
            let length = u32::try_from(data.len()).unwrap_or(0);
            [&[0; 24], &length.to_le_bytes()[..], &32_u32.to_le_bytes(), &data].concat()
        });
        Ok(Context { handle: NO_HANDLE, service, binding, scheme, done: false, mutual: false })
    }

    /// The scheme of the sign-in.
    pub(crate) fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Whether Windows expects no more tokens.
    pub(crate) fn is_done(&self) -> bool {
        self.done
    }

    /// Whether the server has proved its identity, which is possible with Kerberos only.
    pub(crate) fn is_mutual(&self) -> bool {
        self.done && self.mutual
    }

    /// The next token for the server, from the server's last one; empty if none is needed.
    ///
    /// # Errors
    /// If Windows refuses the server's token, or cannot sign in to the server.
    pub(crate) fn step(
        &mut self,
        credential: &Credential,
        input: Option<&[u8]>,
    ) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let buffer = |kind: u32, bytes: &[u8]| SecBuffer {
            cbBuffer: u32::try_from(bytes.len()).unwrap_or(0),
            BufferType: kind,
            pvBuffer: bytes.as_ptr().cast_mut().cast(),
        };
        let token = input.map(|token| buffer(SECBUFFER_TOKEN, token));
        let binding = self.binding.as_deref().map(|binding| buffer(SECBUFFER_CHANNEL_BINDINGS, binding));
        let mut inputs: Vec<SecBuffer> = token.into_iter().chain(binding).collect();
        let count = u32::try_from(inputs.len()).unwrap_or(0);
        let inputs = SecBufferDesc { ulVersion: SECBUFFER_VERSION, cBuffers: count, pBuffers: inputs.as_mut_ptr() };
        let mut output = SecBuffer { cbBuffer: 0, BufferType: SECBUFFER_TOKEN, pvBuffer: null_mut() };
        let mut outputs = SecBufferDesc { ulVersion: SECBUFFER_VERSION, cBuffers: 1, pBuffers: &mut output };
        let first = self.handle.dwLower == 0 && self.handle.dwUpper == 0;
        let (mut handle, mut attributes, mut expiry) = (self.handle, 0, 0);
        // SAFETY: handles come from Windows; service and buffers outlive the call, and the input buffers are
        // not written; Windows allocates the output, which is released below.
        let status = unsafe {
            InitializeSecurityContextW(
                &credential.handle,
                if first { null() } else { &self.handle },
                self.service.as_ptr(),
                ISC_REQ_ALLOCATE_MEMORY | ISC_REQ_MUTUAL_AUTH,
                0,
                SECURITY_NATIVE_DREP,
                if count == 0 { null() } else { &inputs },
                0,
                &mut handle,
                &mut outputs,
                &mut attributes,
                &mut expiry,
            )
        };
        self.handle = handle;
        let mut token = Zeroizing::new(Vec::new());
        if !output.pvBuffer.is_null() {
            // SAFETY: Windows has written `cbBuffer` bytes there.
            let bytes = unsafe { std::slice::from_raw_parts(output.pvBuffer.cast::<u8>(), output.cbBuffer as usize) };
            token.extend_from_slice(bytes);
            // SAFETY: the call above allocated it, and it is not used again.
            unsafe { FreeContextBuffer(output.pvBuffer) };
        }
        self.done = status == SEC_E_OK;
        self.mutual = attributes & ISC_RET_MUTUAL_AUTH != 0;
        match status {
            SEC_E_OK | SEC_I_CONTINUE_NEEDED | SEC_I_COMPLETE_NEEDED | SEC_I_COMPLETE_AND_CONTINUE => Ok(token),
            status => {
                let password_checked = credential.name.is_some() && status == SEC_E_LOGON_DENIED;
                let service = String::from_utf16_lossy(&self.service);
                let failure = failure(status, credential.name.as_deref(), service.trim_end_matches('\0'));
                Err(Failure { password_checked, ..failure })
            }
        }
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        if self.handle.dwLower != 0 || self.handle.dwUpper != 0 {
            // SAFETY: the handle is from `InitializeSecurityContextW`, and is not used again.
            unsafe { DeleteSecurityContext(&self.handle) };
        }
    }
}

/// The failure that a status means, for this name and service.
fn failure(status: i32, name: Option<&str>, service: &str) -> Failure {
    // Windows describes these numbers in the user's language.
    let words = format!("{} (0x{status:08x})", std::io::Error::from_raw_os_error(status));
    let cause = match (status, name) {
        (SEC_E_LOGON_DENIED, Some(name)) => SignInCause::PasswordWrong { name: name.to_string() },
        (SEC_E_TARGET_UNKNOWN | SEC_E_WRONG_PRINCIPAL, _) if !service.is_empty() => {
            SignInCause::ServiceUnknown { service: service.to_string() }
        }
        (SEC_E_NO_AUTHENTICATING_AUTHORITY, _) => SignInCause::KdcUnreachable { realm: String::new() },
        (SEC_E_TIME_SKEW, _) => SignInCause::ClockSkew,
        (SEC_E_KDC_UNKNOWN_ETYPE, _) => SignInCause::EncryptionType,
        (SEC_E_NO_CREDENTIALS, _) => SignInCause::NoTicket { name: name.map(str::to_string) },
        _ => return Failure::new(words),
    };
    Failure { why: format!("{cause} ({words})"), ..cause.into() }
}

fn wide(text: &str) -> Zeroizing<Vec<u16>> {
    let mut units = Zeroizing::new(Vec::with_capacity(text.len().saturating_add(1)));
    units.extend(text.encode_utf16());
    units.push(0);
    units
}
