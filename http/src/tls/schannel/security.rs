//! SChannel through SSPI: a credential, and the calls on one connection. The caller's buffers hold all bytes.

use std::ffi::c_void;
use std::io;
use std::ops::Range;
use std::ptr::{from_ref, null, null_mut};
use windows_sys::Win32::Foundation::{SEC_E_INSUFFICIENT_MEMORY, SEC_E_INTERNAL_ERROR, SEC_E_OK};
use windows_sys::Win32::Security::Authentication::Identity::{
    AcquireCredentialsHandleW, DecryptMessage, DeleteSecurityContext, EncryptMessage, FreeContextBuffer,
    FreeCredentialsHandle, ISC_REQ_ALLOCATE_MEMORY, ISC_REQ_CONFIDENTIALITY, ISC_REQ_EXTENDED_ERROR,
    ISC_REQ_REPLAY_DETECT, ISC_REQ_SEQUENCE_DETECT, ISC_REQ_STREAM, ISC_REQ_USE_SUPPLIED_CREDS,
    InitializeSecurityContextW, QueryContextAttributesW, SCH_CRED_MANUAL_CRED_VALIDATION, SCH_CRED_NO_DEFAULT_CREDS,
    SCH_CREDENTIALS, SCH_CREDENTIALS_VERSION, SCHANNEL_CRED, SCHANNEL_CRED_VERSION, SECBUFFER_DATA, SECBUFFER_EMPTY,
    SECBUFFER_EXTRA, SECBUFFER_STREAM_HEADER, SECBUFFER_STREAM_TRAILER, SECBUFFER_TOKEN, SECBUFFER_VERSION,
    SECPKG_ATTR_CONNECTION_INFO, SECPKG_ATTR_REMOTE_CERT_CONTEXT, SECPKG_ATTR_STREAM_SIZES, SECPKG_CRED_OUTBOUND,
    SECURITY_NATIVE_DREP, SP_PROT_TLS1_2_CLIENT, SP_PROT_TLS1_3_CLIENT, SecBuffer, SecBufferDesc,
    SecPkgContext_ConnectionInfo, SecPkgContext_StreamSizes, TLS_PARAMETERS, UNISP_NAME_W,
};
use windows_sys::Win32::Security::Credentials::SecHandle;
use windows_sys::Win32::Security::Cryptography::CERT_CONTEXT;

use super::chain::Certificate;

const NO_HANDLE: SecHandle = SecHandle { dwLower: 0, dwUpper: 0 };

/// No certificate of the client's is looked for in the user's store, and the server's is verified here.
const CREDENTIAL_FLAGS: u32 = SCH_CRED_MANUAL_CRED_VALIDATION | SCH_CRED_NO_DEFAULT_CREDS;

const FLAGS: u32 = ISC_REQ_SEQUENCE_DETECT
    | ISC_REQ_REPLAY_DETECT
    | ISC_REQ_CONFIDENTIALITY
    | ISC_REQ_ALLOCATE_MEMORY
    | ISC_REQ_EXTENDED_ERROR
    | ISC_REQ_STREAM;

/// A credential of a client without a certificate, for TLS 1.2 and 1.3.
pub(super) struct Credential(SecHandle);

impl Credential {
    /// # Errors
    /// Why Windows does not give it out, in words.
    pub(super) fn acquire() -> Result<Self, String> {
        let mut parameters = TLS_PARAMETERS {
            grbitDisabledProtocols: !(SP_PROT_TLS1_2_CLIENT | SP_PROT_TLS1_3_CLIENT),
            ..Default::default()
        };
        let new = SCH_CREDENTIALS {
            dwVersion: SCH_CREDENTIALS_VERSION,
            dwFlags: CREDENTIAL_FLAGS,
            cTlsParameters: 1,
            pTlsParameters: &mut parameters,
            ..Default::default()
        };
        // Before Windows 10 version 1809, which has no TLS 1.3.
        let old = SCHANNEL_CRED {
            dwVersion: SCHANNEL_CRED_VERSION,
            grbitEnabledProtocols: SP_PROT_TLS1_2_CLIENT,
            dwFlags: CREDENTIAL_FLAGS,
            ..Default::default()
        };
        Self::of(from_ref(&new).cast())
            .or_else(|_| Self::of(from_ref(&old).cast()))
            .map_err(|status| format!("Windows gives no credential for SChannel: {}", words(status)))
    }

    fn of(data: *const c_void) -> Result<Self, i32> {
        let (mut handle, mut expiry) = (NO_HANDLE, 0);
        // SAFETY: the name is a constant; `data` is one of the two structures above, which Windows tells apart by
        // their versions, and outlives the call; `Credential` releases the handle.
        let status = unsafe {
            AcquireCredentialsHandleW(
                null(),
                UNISP_NAME_W,
                SECPKG_CRED_OUTBOUND,
                null(),
                data,
                None,
                null(),
                &mut handle,
                &mut expiry,
            )
        };
        if status == SEC_E_OK { Ok(Credential(handle)) } else { Err(status) }
    }
}

impl Drop for Credential {
    fn drop(&mut self) {
        // SAFETY: the handle is from `AcquireCredentialsHandleW`, and is not used again.
        unsafe { FreeCredentialsHandle(&self.0) };
    }
}

/// What Windows says of a status, in the user's language, with its number.
pub(super) fn words(status: i32) -> String {
    format!("{} (0x{status:08x})", io::Error::from_raw_os_error(status))
}

/// How a call on the handshake ended.
pub(super) struct Step {
    pub(super) status: i32,
    /// What is to be sent, also where it failed.
    pub(super) token: Vec<u8>,
    /// How many bytes at the end of the input were not used.
    pub(super) extra: usize,
}

/// What came out of bytes of the server.
pub(super) struct Opened {
    pub(super) status: i32,
    /// Where the plain bytes stand in the input.
    pub(super) plain: Range<usize>,
    /// How many bytes at the end of the input were not used.
    pub(super) extra: usize,
}

/// How long the parts of a record are, in bytes.
#[derive(Clone, Copy, Default)]
pub(super) struct Sizes {
    header: usize,
    trailer: usize,
    /// The longest message.
    pub(super) most: usize,
}

/// SChannel's side of one connection.
pub(super) struct Security {
    handle: Option<SecHandle>,
    /// The server's name, with a 0 at its end.
    target: Vec<u16>,
}

impl Security {
    pub(super) fn new(host: &str) -> Self {
        Security { handle: None, target: host.encode_utf16().chain(std::iter::once(0)).collect() }
    }

    /// Goes on with a handshake, with the bytes of the server so far. `without` says to go on without a certificate of
    /// the client's, where the server has asked for one.
    pub(super) fn step(&mut self, credential: &Credential, input: &mut [u8], without: bool) -> Step {
        let mut ins = [buffer(SECBUFFER_TOKEN, input), buffer(SECBUFFER_EMPTY, &mut [])];
        let inputs = described(&mut ins);
        let mut out = [buffer(SECBUFFER_TOKEN, &mut [])];
        let mut outputs = described(&mut out);
        let mut handle = self.handle.unwrap_or(NO_HANDLE);
        let (mut attributes, mut expiry) = (0, 0);
        // SAFETY: handles come from Windows; the name and the buffers outlive the call and have the lengths that are
        // told; Windows allocates the output, which is released below.
        let status = unsafe {
            InitializeSecurityContextW(
                &credential.0,
                self.handle.as_ref().map_or(null(), from_ref),
                self.target.as_ptr(),
                FLAGS | if without { ISC_REQ_USE_SUPPLIED_CREDS } else { 0 },
                0,
                SECURITY_NATIVE_DREP,
                if self.handle.is_none() { null() } else { &inputs },
                0,
                &mut handle,
                &mut outputs,
                &mut attributes,
                &mut expiry,
            )
        };
        if handle.dwLower != 0 || handle.dwUpper != 0 {
            self.handle = Some(handle);
        }
        let mut token = Vec::new();
        let [out] = out;
        if !out.pvBuffer.is_null() && out.cbBuffer > 0 {
            // SAFETY: Windows has written `cbBuffer` bytes there.
            token.extend_from_slice(unsafe {
                std::slice::from_raw_parts(out.pvBuffer.cast::<u8>(), out.cbBuffer as usize)
            });
        }
        if !out.pvBuffer.is_null() {
            // SAFETY: the call above allocated it, and it is not used again.
            unsafe { FreeContextBuffer(out.pvBuffer) };
        }
        Step { status, token, extra: extra(&ins, input.len()) }
    }

    /// Decrypts the first record of the input, in its place.
    pub(super) fn decrypt(&mut self, input: &mut [u8]) -> Opened {
        let (start, length) = (input.as_ptr() as usize, input.len());
        let mut buffers = [
            buffer(SECBUFFER_DATA, input),
            buffer(SECBUFFER_EMPTY, &mut []),
            buffer(SECBUFFER_EMPTY, &mut []),
            buffer(SECBUFFER_EMPTY, &mut []),
        ];
        let message = described(&mut buffers);
        let Some(handle) = &self.handle else { return Opened { status: SEC_E_INTERNAL_ERROR, plain: 0..0, extra: 0 } };
        // SAFETY: the handle comes from Windows; the input outlives the call, has the length that is told, and is
        // borrowed for writing.
        let status = unsafe { DecryptMessage(handle, &message, 0, null_mut()) };
        let [_, rest @ ..] = &buffers;
        let plain = rest.iter().find(|one| one.BufferType == SECBUFFER_DATA).and_then(|one| {
            let begins = (one.pvBuffer as usize).checked_sub(start)?;
            let ends = begins.checked_add(one.cbBuffer as usize)?;
            (ends <= length).then_some(begins..ends)
        });
        Opened { status, plain: plain.unwrap_or(0..0), extra: extra(rest, length) }
    }

    /// A record with these bytes, of which there may be [`Sizes::most`].
    ///
    /// # Errors
    /// The status of Windows.
    pub(super) fn encrypt(&mut self, sizes: Sizes, bytes: &[u8]) -> Result<Vec<u8>, i32> {
        let handle = self.handle.as_ref().ok_or(SEC_E_INTERNAL_ERROR)?;
        let mut record = vec![0; sizes.header];
        record.extend_from_slice(bytes);
        record.resize(record.len().saturating_add(sizes.trailer), 0);
        let (header, rest) = record.split_at_mut_checked(sizes.header).ok_or(SEC_E_INSUFFICIENT_MEMORY)?;
        let (data, trailer) = rest.split_at_mut_checked(bytes.len()).ok_or(SEC_E_INSUFFICIENT_MEMORY)?;
        let mut buffers = [
            buffer(SECBUFFER_STREAM_HEADER, header),
            buffer(SECBUFFER_DATA, data),
            buffer(SECBUFFER_STREAM_TRAILER, trailer),
            buffer(SECBUFFER_EMPTY, &mut []),
        ];
        let message = described(&mut buffers);
        // SAFETY: the handle comes from Windows; the three parts of the record outlive the call, have the lengths that
        // are told, and are borrowed for writing.
        let status = unsafe { EncryptMessage(handle, 0, &message, 0) };
        if status != SEC_E_OK {
            return Err(status);
        }
        let length = buffers.iter().fold(0_usize, |sum, one| sum.saturating_add(one.cbBuffer as usize));
        record.truncate(length);
        Ok(record)
    }

    /// The lengths of a record's parts, once the handshake is done.
    ///
    /// # Errors
    /// The status of Windows.
    pub(super) fn sizes(&self) -> Result<Sizes, i32> {
        let mut sizes = SecPkgContext_StreamSizes::default();
        // SAFETY: the attribute is of this type.
        unsafe { self.query(SECPKG_ATTR_STREAM_SIZES, (&raw mut sizes).cast()) }?;
        let most = sizes.cbMaximumMessage as usize;
        Ok(Sizes { header: sizes.cbHeader as usize, trailer: sizes.cbTrailer as usize, most: most.clamp(1, 1 << 14) })
    }

    /// Whether the connection is TLS 1.3, once the handshake is done; `None` where it is older than TLS 1.2, which the
    /// credential asks for in vain from Wine.
    ///
    /// # Errors
    /// The status of Windows.
    pub(super) fn is_13(&self) -> Result<Option<bool>, i32> {
        let mut info = SecPkgContext_ConnectionInfo::default();
        // SAFETY: the attribute is of this type.
        unsafe { self.query(SECPKG_ATTR_CONNECTION_INFO, (&raw mut info).cast()) }?;
        Ok(match info.dwProtocol {
            SP_PROT_TLS1_3_CLIENT => Some(true),
            SP_PROT_TLS1_2_CLIENT => Some(false),
            _ => None,
        })
    }

    /// The server's own certificate, with the others that it presented in its store.
    ///
    /// # Errors
    /// The status of Windows.
    pub(super) fn certificate(&self) -> Result<Certificate, i32> {
        let mut own: *mut CERT_CONTEXT = null_mut();
        // SAFETY: the attribute is of this type.
        unsafe { self.query(SECPKG_ATTR_REMOTE_CERT_CONTEXT, (&raw mut own).cast()) }?;
        // SAFETY: Windows gave it out to be owned by the caller.
        unsafe { Certificate::owned(own) }.ok_or(SEC_E_INTERNAL_ERROR)
    }

    /// # Safety
    /// `place` must be of the attribute's type.
    unsafe fn query(&self, attribute: u32, place: *mut c_void) -> Result<(), i32> {
        let handle = self.handle.as_ref().ok_or(SEC_E_INTERNAL_ERROR)?;
        // SAFETY: the handle comes from Windows, and the caller's place is of the attribute's type.
        match unsafe { QueryContextAttributesW(handle, attribute, place) } {
            SEC_E_OK => Ok(()),
            status => Err(status),
        }
    }
}

impl Drop for Security {
    fn drop(&mut self) {
        if let Some(handle) = &self.handle {
            // SAFETY: the handle is from `InitializeSecurityContextW`, and is not used again.
            unsafe { DeleteSecurityContext(handle) };
        }
    }
}

fn buffer(kind: u32, bytes: &mut [u8]) -> SecBuffer {
    let address = if bytes.is_empty() { null_mut() } else { bytes.as_mut_ptr().cast() };
    SecBuffer { cbBuffer: u32::try_from(bytes.len()).unwrap_or(0), BufferType: kind, pvBuffer: address }
}

fn described(buffers: &mut [SecBuffer]) -> SecBufferDesc {
    let count = u32::try_from(buffers.len()).unwrap_or(0);
    SecBufferDesc { ulVersion: SECBUFFER_VERSION, cBuffers: count, pBuffers: buffers.as_mut_ptr() }
}

/// How many bytes at the end of the input Windows has left over.
fn extra(buffers: &[SecBuffer], length: usize) -> usize {
    let left = buffers.iter().find(|one| one.BufferType == SECBUFFER_EXTRA);
    left.map_or(0, |one| one.cbBuffer as usize).min(length)
}
