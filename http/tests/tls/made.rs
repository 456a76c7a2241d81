//! Certificates for servers and clients, made for a test.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

/// A certificate and its key, in PEM, and the certificate in DER.
pub(crate) struct Made {
    pub(crate) certificate: String,
    pub(crate) key: String,
    pub(crate) der: Vec<u8>,
    /// What it is made of, where it may sign others.
    params: Option<CertificateParams>,
}

fn params(name: &str, change: impl FnOnce(&mut CertificateParams)) -> CertificateParams {
    let mut params = CertificateParams::new(vec![name.to_string()]).expect("a name");
    params.distinguished_name.push(DnType::CommonName, name);
    change(&mut params);
    params
}

impl Made {
    fn of(certificate: &rcgen::Certificate, key: &KeyPair, params: Option<CertificateParams>) -> Self {
        let (pem, der) = (certificate.pem(), certificate.der().to_vec());
        Made { certificate: pem, key: key.serialize_pem(), der, params }
    }

    /// One that was made elsewhere.
    fn elsewhere(certificate: String, key: String, der: Vec<u8>) -> Self {
        Made { certificate, key, der, params: None }
    }

    /// An authority.
    pub(crate) fn ca() -> Self {
        Self::self_signed("An authority", |params| {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            params.subject_alt_names.clear();
        })
    }

    /// A certificate that its own key has signed.
    pub(crate) fn self_signed(name: &str, change: impl FnOnce(&mut CertificateParams)) -> Self {
        let key = KeyPair::generate().expect("a key");
        let params = params(name, change);
        Self::of(&params.self_signed(&key).expect("a certificate"), &key, Some(params))
    }

    /// A certificate that this one has signed.
    pub(crate) fn leaf(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> Self {
        let key = KeyPair::generate().expect("a key");
        let own = KeyPair::from_pem(&self.key).expect("a key");
        let issuer = Issuer::from_params(self.params.as_ref().expect("an authority"), own);
        Self::of(&params(name, change).signed_by(&key, &issuer).expect("a certificate"), &key, None)
    }
}

/// What rcgen does not make.
pub(crate) mod openssl {
    use super::Made;
    use std::path::Path;
    use std::process::Command;

    /// Runs openssl in a folder.
    pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Vec<u8> {
        let output = Command::new("openssl").args(arguments).current_dir(folder).output().expect("openssl");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// A self-signed certificate for `localhost`, with a key `rsa:2048` or on a curve.
    pub(crate) fn self_signed(folder: &Path, key: &str) -> Made {
        let mut arguments = vec!["req", "-x509", "-nodes", "-subj", "/CN=localhost", "-addext"];
        arguments.extend(["subjectAltName=DNS:localhost", "-keyout", "made.key", "-out", "made.pem", "-newkey"]);
        let curve = format!("ec_paramgen_curve:{key}");
        match key.starts_with("rsa") {
            true => arguments.push(key),
            false => arguments.extend(["ec", "-pkeyopt", &curve]),
        }
        run(folder, &arguments);
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a file");
        let der = run(folder, &["x509", "-in", "made.pem", "-outform", "DER"]);
        Made::elsewhere(read("made.pem"), read("made.key"), der)
    }
}
