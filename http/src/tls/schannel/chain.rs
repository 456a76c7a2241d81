//! Certificates, stores and chains of CryptoAPI, each released when it is dropped.

use std::ffi::c_void;
use std::mem::offset_of;
use std::ptr::{NonNull, null, null_mut};
use windows_sys::Win32::Foundation::{
    CERT_E_CHAINING, CERT_E_EXPIRED, CERT_E_INVALID_NAME, CERT_E_UNTRUSTEDROOT, CERT_E_WRONG_USAGE, CRYPT_E_REVOKED,
    TRUST_E_BASIC_CONSTRAINTS, TRUST_E_CERT_SIGNATURE, TRUST_E_EXPLICIT_DISTRUST,
};
use windows_sys::Win32::Security::Cryptography::{
    AUTHTYPE_SERVER, CERT_CHAIN_CACHE_END_CERT, CERT_CHAIN_CONTEXT, CERT_CHAIN_ENGINE_CONFIG,
    CERT_CHAIN_EXCLUSIVE_ENABLE_CA_FLAG, CERT_CHAIN_PARA, CERT_CHAIN_POLICY_IGNORE_ALL_REV_UNKNOWN_FLAGS,
    CERT_CHAIN_POLICY_PARA, CERT_CHAIN_POLICY_SSL, CERT_CHAIN_POLICY_STATUS,
    CERT_CHAIN_REVOCATION_ACCUMULATIVE_TIMEOUT, CERT_CHAIN_REVOCATION_CHECK_END_CERT, CERT_CONTEXT,
    CERT_STORE_ADD_ALWAYS, CERT_STORE_DEFER_CLOSE_UNTIL_LAST_FREE_FLAG, CERT_STORE_PROV_MEMORY,
    CERT_TRUST_HAS_EXCLUDED_NAME_CONSTRAINT, CERT_TRUST_HAS_NOT_PERMITTED_NAME_CONSTRAINT,
    CERT_TRUST_INVALID_BASIC_CONSTRAINTS, CERT_TRUST_INVALID_NAME_CONSTRAINTS, CERT_TRUST_IS_CYCLIC,
    CERT_TRUST_IS_EXPLICIT_DISTRUST, CERT_TRUST_IS_NOT_SIGNATURE_VALID, CERT_TRUST_IS_NOT_TIME_VALID,
    CERT_TRUST_IS_NOT_VALID_FOR_USAGE, CERT_TRUST_IS_PARTIAL_CHAIN, CERT_TRUST_IS_REVOKED,
    CERT_TRUST_IS_UNTRUSTED_ROOT, CERT_USAGE_MATCH, CTL_USAGE, CertAddEncodedCertificateToStore, CertCloseStore,
    CertCreateCertificateChainEngine, CertEnumCertificatesInStore, CertFreeCertificateChain,
    CertFreeCertificateChainEngine, CertFreeCertificateContext, CertGetCertificateChain, CertOpenStore,
    CertVerifyCertificateChainPolicy, HTTPSPolicyCallbackData, HTTPSPolicyCallbackData_0, USAGE_MATCH_TYPE_AND,
    X509_ASN_ENCODING, szOID_PKIX_KP_SERVER_AUTH,
};

/// How long Windows may look for missing certificates and for what is revoked, in milliseconds, in all.
const LOOK_UP: u32 = 10_000;

/// SECURITY_FLAG_IGNORE_CERT_CN_INVALID of `wininet.h`: the name is not compared here.
const NAME_IS_COMPARED_ELSEWHERE: u32 = 0x1000;

/// SECURITY_FLAG_IGNORE_REVOCATION of `wininet.h`.
const NOT_REVOKED: u32 = 0x80;

/// What is wrong with a chain, and the errors for it: refused whatever the policy says, as Wine lets some pass.
const REFUSED: &[(u32, i32)] = &[
    (CERT_TRUST_IS_EXPLICIT_DISTRUST, TRUST_E_EXPLICIT_DISTRUST),
    (CERT_TRUST_IS_NOT_SIGNATURE_VALID, TRUST_E_CERT_SIGNATURE),
    (CERT_TRUST_IS_UNTRUSTED_ROOT, CERT_E_UNTRUSTEDROOT),
    (CERT_TRUST_IS_PARTIAL_CHAIN | CERT_TRUST_IS_CYCLIC, CERT_E_CHAINING),
    (CERT_TRUST_IS_REVOKED, CRYPT_E_REVOKED),
    (CERT_TRUST_IS_NOT_TIME_VALID, CERT_E_EXPIRED),
    (CERT_TRUST_IS_NOT_VALID_FOR_USAGE, CERT_E_WRONG_USAGE),
    (CERT_TRUST_INVALID_BASIC_CONSTRAINTS, TRUST_E_BASIC_CONSTRAINTS),
    (NAME_CONSTRAINTS, CERT_E_INVALID_NAME),
];

const NAME_CONSTRAINTS: u32 = CERT_TRUST_INVALID_NAME_CONSTRAINTS
    | CERT_TRUST_HAS_NOT_PERMITTED_NAME_CONSTRAINT
    | CERT_TRUST_HAS_EXCLUDED_NAME_CONSTRAINT;

/// How many certificates of a server are looked at.
const MOST: usize = 64;

/// A certificate.
pub(super) struct Certificate(NonNull<CERT_CONTEXT>);

impl Certificate {
    /// # Safety
    /// It must be NULL, or a certificate of CryptoAPI that the caller owns.
    pub(super) unsafe fn owned(certificate: *mut CERT_CONTEXT) -> Option<Self> {
        NonNull::new(certificate).map(Certificate)
    }

    /// Itself and then the others of its store, in DER.
    pub(super) fn with_others(&self) -> Vec<Vec<u8>> {
        // SAFETY: the certificate is alive, and so is its content.
        let (own, store) = unsafe { (der(self.0.as_ptr()), (*self.0.as_ptr()).hCertStore) };
        let mut all = vec![own];
        let mut last: *mut CERT_CONTEXT = null_mut();
        while !store.is_null() && all.len() < MOST {
            // SAFETY: the certificate keeps its store alive; each call releases the one before.
            last = unsafe { CertEnumCertificatesInStore(store, last) };
            if last.is_null() {
                return all;
            }
            // SAFETY: it is alive until the next call.
            let one = unsafe { der(last) };
            if !all.contains(&one) {
                all.push(one);
            }
        }
        // SAFETY: it is NULL, or the last one of the enumeration, which ends here.
        drop(unsafe { Certificate::owned(last) });
        all
    }
}

/// # Safety
/// The certificate must be alive.
unsafe fn der(certificate: *const CERT_CONTEXT) -> Vec<u8> {
    // SAFETY: the caller's; a certificate has `cbCertEncoded` bytes there.
    let bytes = unsafe {
        let certificate = &*certificate;
        std::slice::from_raw_parts(certificate.pbCertEncoded, certificate.cbCertEncoded as usize)
    };
    bytes.to_vec()
}

impl Drop for Certificate {
    fn drop(&mut self) {
        // SAFETY: it is owned, and not used again.
        unsafe { CertFreeCertificateContext(self.0.as_ptr()) };
    }
}

/// A store in memory, which Windows keeps until its last certificate is released.
pub(super) struct Store(NonNull<c_void>);

impl Store {
    pub(super) fn new() -> Option<Self> {
        let flags = CERT_STORE_DEFER_CLOSE_UNTIL_LAST_FREE_FLAG;
        // SAFETY: a store in memory takes no further arguments; what is made is owned here alone.
        NonNull::new(unsafe { CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, flags, null()) }).map(Store)
    }

    /// Adds a certificate in DER; `None` if Windows cannot read it.
    pub(super) fn add(&mut self, der: &[u8]) -> Option<Certificate> {
        let length = u32::try_from(der.len()).ok()?;
        let mut made: *mut CERT_CONTEXT = null_mut();
        // SAFETY: the store is alive; `length` bytes are readable there, which Windows copies.
        let added = unsafe {
            CertAddEncodedCertificateToStore(
                self.0.as_ptr(),
                X509_ASN_ENCODING,
                der.as_ptr(),
                length,
                CERT_STORE_ADD_ALWAYS,
                &mut made,
            )
        };
        // SAFETY: what was made is owned here.
        let made = unsafe { Certificate::owned(made) };
        made.filter(|_| added != 0)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // SAFETY: it is owned, and not used again.
        unsafe { CertCloseStore(self.0.as_ptr(), 0) };
    }
}

/// What builds chains that end in given certificates alone.
pub(super) struct Engine(NonNull<c_void>);

impl Engine {
    /// Each certificate of the store is trusted for itself, also where it is not self-signed.
    pub(super) fn only(store: &Store) -> Option<Self> {
        // Wine knows the structure without its last field, as Windows 7 did.
        let sizes = [size_of::<CERT_CHAIN_ENGINE_CONFIG>(), offset_of!(CERT_CHAIN_ENGINE_CONFIG, dwExclusiveFlags)];
        sizes.into_iter().find_map(|size| Self::of_size(store, size as u32))
    }

    fn of_size(store: &Store, size: u32) -> Option<Self> {
        let config = CERT_CHAIN_ENGINE_CONFIG {
            cbSize: size,
            hExclusiveRoot: store.0.as_ptr(),
            dwExclusiveFlags: CERT_CHAIN_EXCLUSIVE_ENABLE_CA_FLAG,
            ..Default::default()
        };
        let mut engine = null_mut();
        // SAFETY: the structure is at least as long as it says, and outlives the call; the engine takes a reference to the store.
        let made = unsafe { CertCreateCertificateChainEngine(&config, &mut engine) };
        NonNull::new(engine).filter(|_| made != 0).map(Engine)
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // SAFETY: it is owned, and not used again.
        unsafe { CertFreeCertificateChainEngine(self.0.as_ptr()) };
    }
}

/// Whether a server's certificate leads to one that is trusted by this engine, or by the system's, and is for servers;
/// the names are left to the caller. The error of Windows if not, which is 0 if it is; `None` if it cannot be told.
pub(super) fn policy_error(engine: Option<&Engine>, own: &Certificate, others: &Store) -> Option<i32> {
    let mut usages = [szOID_PKIX_KP_SERVER_AUTH.cast_mut()];
    let parameters = CERT_CHAIN_PARA {
        cbSize: size_of::<CERT_CHAIN_PARA>() as u32,
        RequestedUsage: CERT_USAGE_MATCH {
            dwType: USAGE_MATCH_TYPE_AND,
            Usage: CTL_USAGE { cUsageIdentifier: 1, rgpszUsageIdentifier: usages.as_mut_ptr() },
        },
        dwUrlRetrievalTimeout: LOOK_UP,
        ..Default::default()
    };
    let flags =
        CERT_CHAIN_CACHE_END_CERT | CERT_CHAIN_REVOCATION_CHECK_END_CERT | CERT_CHAIN_REVOCATION_ACCUMULATIVE_TIMEOUT;
    let engine = engine.map_or(null_mut(), |engine| engine.0.as_ptr());
    let mut chain: *mut CERT_CHAIN_CONTEXT = null_mut();
    // SAFETY: all that is passed is alive and outlives the call; without a time it is the present one.
    let built = unsafe {
        let (own, others) = (own.0.as_ptr(), others.0.as_ptr());
        CertGetCertificateChain(engine, own, null(), others, &parameters, flags, null(), &mut chain)
    };
    if built == 0 || chain.is_null() {
        return None;
    }
    // SAFETY: the chain is alive.
    let status = unsafe { (*chain).TrustStatus.dwErrorStatus };
    let mut server = HTTPSPolicyCallbackData {
        Anonymous: HTTPSPolicyCallbackData_0 { cbSize: size_of::<HTTPSPolicyCallbackData>() as u32 },
        dwAuthType: AUTHTYPE_SERVER,
        // What Windows cannot find out does not make it refuse, as with rustls.
        fdwChecks: NAME_IS_COMPARED_ELSEWHERE | if status & CERT_TRUST_IS_REVOKED == 0 { NOT_REVOKED } else { 0 },
        pwszServerName: null_mut(),
    };
    let policy = CERT_CHAIN_POLICY_PARA {
        cbSize: size_of::<CERT_CHAIN_POLICY_PARA>() as u32,
        dwFlags: CERT_CHAIN_POLICY_IGNORE_ALL_REV_UNKNOWN_FLAGS,
        pvExtraPolicyPara: (&raw mut server).cast(),
    };
    let mut answer =
        CERT_CHAIN_POLICY_STATUS { cbSize: size_of::<CERT_CHAIN_POLICY_STATUS>() as u32, ..Default::default() };
    // SAFETY: chain and structures are alive; the chain is owned here, and not used again after it is released.
    let told = unsafe {
        let told = CertVerifyCertificateChainPolicy(CERT_CHAIN_POLICY_SSL, chain, &policy, &mut answer);
        CertFreeCertificateChain(chain);
        told
    };
    let of_chain = REFUSED.iter().find(|(flags, _)| status & flags != 0).map(|(_, error)| *error);
    (told != 0).then_some(of_chain.unwrap_or(answer.dwError.cast_signed()))
}
