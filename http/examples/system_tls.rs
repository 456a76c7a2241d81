//! One GET, with TLS by the system's library: OpenSSL on Linux, SChannel on Windows.
//!
//! `system_tls URL [CA-FILE [CLIENT-FILE]]`: with a file only its certificates are trusted (`+FILE`: the system's
//! too). It prints the library, and the status or the cause of the failure.

use cardwright_core::http::Method;
use cardwright_http::{ClientCertificate, Proxy, Retries, Setup, TlsBackend, Transport, Trust};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().ok_or("expected the address of a server")?;
    let trust = match arguments.next() {
        None => Trust::system(),
        Some(file) => match file.strip_prefix('+') {
            Some(file) => Trust::system().add_pem(&std::fs::read(file)?)?,
            None => Trust::only_added().add_pem(&std::fs::read(&file)?)?,
        },
    };
    let certificate = match arguments.next() {
        Some(file) => {
            let pem = ClientCertificate::load(file.as_ref())?;
            Some(ClientCertificate::from_pem(&pem, &pem)?)
        }
        None => None,
    };
    println!("library: {}", TlsBackend::System.library().unwrap_or("none"));
    let trust = trust.backend(TlsBackend::System)?;
    let setup = Setup { trust, certificate, proxy: Proxy::None, retries: Retries::none(), ..Setup::new(url) };
    match Transport::new(setup)?.raw(Method::Get, "", None) {
        Ok(answer) => println!("status {}, {} bytes", answer.status, answer.body.len()),
        Err(error) => println!("error: {error}; cause: {:?}", error.tls_cause()),
    }
    Ok(())
}
