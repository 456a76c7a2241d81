//! The file with a self-signed certificate, which clients trust.
//!
//! It replaces the certificate of an earlier run and nothing else, follows no link, and is complete whenever it can be
//! read: it is written beside its place and then moved there.

use super::{Tls, pem};
use crate::Error;
use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

/// Longer than any certificate that is made here.
const MAX_BYTES: u64 = 64 << 10;

/// The name of holder and issuer in a certificate that is made here; rcgen's.
const NAME: &[u8] = b"rcgen self signed cert";

impl Tls {
    /// Writes the certificate to a file, which is new or holds the certificate of an earlier run and nothing else.
    ///
    /// # Errors
    /// [`Error::Data`] if something else is there, or it cannot be written.
    pub fn write_certificate(&self, file: &Path) -> Result<(), Error> {
        let cannot = |error: io::Error| Error::Data(file.to_owned(), error);
        let is_new = match file.symlink_metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => true,
            Err(error) => return Err(cannot(error)),
            Ok(found) if found.is_symlink() => {
                return Err(cannot(io::Error::other("it is a link, and none is followed")));
            }
            Ok(found) => {
                let is_ours = found.is_file() && is_ours(file).map_err(cannot)?;
                if !is_ours {
                    let why = "it is there already, and is not the certificate of an earlier run";
                    return Err(cannot(io::Error::new(io::ErrorKind::AlreadyExists, why)));
                }
                false
            }
        };
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".cardwright-certificate-");
        #[cfg(unix)]
        let readable = {
            use std::os::unix::fs::PermissionsExt as _;
            // Clients of other users read it.
            std::fs::Permissions::from_mode(0o644)
        };
        #[cfg(unix)]
        builder.permissions(readable);
        let mut part = builder.tempfile_in(folder).map_err(cannot)?;
        part.write_all(self.certificate_pem().as_bytes()).map_err(cannot)?;
        let moved = if is_new { part.persist_noclobber(file) } else { part.persist(file) };
        moved.map(drop).map_err(|failed| cannot(failed.error))
    }
}

/// Whether a file holds one certificate that was made here, as it is written here.
fn is_ours(file: &Path) -> io::Result<bool> {
    let mut text = Vec::new();
    File::open(file)?.take(MAX_BYTES).read_to_end(&mut text)?;
    let Ok(certificate) = CertificateDer::from_pem_slice(&text) else { return Ok(false) };
    let names = certificate.windows(NAME.len()).filter(|part| *part == NAME).count();
    Ok(names == 2 && pem(&certificate).as_bytes() == text)
}

#[cfg(test)]
mod tests {
    use super::{Tls, is_ours};

    #[test]
    fn a_certificate_of_an_earlier_run_is_replaced_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let tls = |name: &str| Tls::self_signed(&[name.into()]).unwrap();
        let file = folder.path().join("server.pem");
        for name in ["one.example", "two.example"] {
            let tls = tls(name);
            tls.write_certificate(&file).unwrap();
            assert_eq!(std::fs::read_to_string(&file).unwrap(), tls.certificate_pem());
        }
        let ours = std::fs::read_to_string(&file).unwrap();
        let made = rcgen::generate_simple_self_signed(vec!["three.example".into()]).unwrap();
        let mut parameters = rcgen::CertificateParams::new(vec!["four.example".into()]).unwrap();
        parameters.distinguished_name.push(rcgen::DnType::CommonName, "An authority");
        let other = parameters.self_signed(&made.signing_key).unwrap().pem().replace('\r', "");
        for text in [
            "",
            "notes of somebody\n",
            &made.signing_key.serialize_pem(),
            &other,
            &format!("{ours}{ours}"),
            &format!("{ours}{}", made.signing_key.serialize_pem()),
            &format!("# the old one\n{ours}"),
            &format!("{ours}\n"),
        ] {
            std::fs::write(&file, text).unwrap();
            assert!(!is_ours(&file).unwrap(), "{text}");
            let refused = tls("x.example").write_certificate(&file).unwrap_err().to_string();
            assert!(refused.contains("server.pem") && refused.contains("is there already"), "{refused}");
            assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
        }
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["server.pem"]);
    }

    #[cfg(unix)]
    #[test]
    fn no_link_is_followed() {
        let folder = tempfile::tempdir().unwrap();
        let tls = Tls::self_signed(&["x.example".into()]).unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("server.pem"));
        std::os::unix::fs::symlink(&target, &link).unwrap();
        for is_there in [false, true] {
            if is_there {
                tls.write_certificate(&target).unwrap();
            }
            let before = std::fs::read(&target).ok();
            let refused = tls.write_certificate(&link).unwrap_err().to_string();
            assert!(refused.contains("link"), "{refused}");
            assert_eq!(std::fs::read(&target).ok(), before);
        }
        // Nor is anything but a file written to.
        assert!(tls.write_certificate(folder.path()).is_err());
        assert!(tls.write_certificate(&folder.path().join("no/such/file")).is_err());
    }
}
