//! From what was typed to a client.

use crate::args::{Arguments, ServerArguments, Which};
use crate::failure::{Exit, Failure};
use cardwright_client::{AnyCard, AnyClient, CertiFlow, Check, Client, Credentials, Mim, Secret, Trust};
use cardwright_core::Named;
use cardwright_core::lifecycle::System;
use std::path::Path;

/// A client of the server that was named.
pub(crate) fn client(arguments: &Arguments, check: Check) -> Result<AnyClient, Failure> {
    let server = &arguments.server;
    let Some(url) = server.url.as_deref() else {
        return Err(Failure::usage("no server named").hint(
            "give --url (or CARDWRIGHT_URL), such as https://HOST/certiflow/api; cardwright serve starts one to try",
        ));
    };
    let system = match server.api.or_else(|| system_of(url)) {
        Some(system) => system,
        None => {
            return Err(
                Failure::usage(format!("cannot tell which system {url} is")).hint("give --api mim or --api certiflow")
            );
        }
    };
    let credentials = credentials(server)?;
    let mut trust = Trust::system();
    if let Some(file) = &server.ca {
        trust = trust.add_pem(&read(file)?)?;
    }
    Ok(match system {
        System::Mim => {
            AnyClient::Mim(Client::<Mim>::builder(url).credentials(credentials).trust(trust).check(check).build()?)
        }
        System::CertiFlow => AnyClient::CertiFlow(
            Client::<CertiFlow>::builder(url)
                .dialect(server.dialect)
                .credentials(credentials)
                .trust(trust)
                .check(check)
                .build()?,
        ),
    })
}

/// The system that an address names by the way it ends.
fn system_of(url: &str) -> Option<System> {
    let path = url.trim_end_matches('/').to_ascii_lowercase();
    if path.ends_with("/certificatemanagement") {
        Some(System::Mim)
    } else if ["/certiflow/api", "/cm/api", "/keybox/api"].iter().any(|end| path.ends_with(end)) {
        Some(System::CertiFlow)
    } else {
        None
    }
}

fn credentials(server: &ServerArguments) -> Result<Credentials, Failure> {
    if let Some(file) = &server.token_file {
        return Ok(Credentials::Bearer(first_line(file)?));
    }
    let Some(user) = &server.user else {
        return match server.password_file {
            Some(_) => Err(Failure::usage("--password-file without --user")),
            None => Ok(Credentials::Anonymous),
        };
    };
    let password = match &server.password_file {
        Some(file) => first_line(file)?,
        None => match std::env::var("CARDWRIGHT_PASSWORD") {
            Ok(password) => Secret::new(password),
            Err(_) => {
                return Err(Failure::usage(format!("no password for {user}"))
                    .hint("set CARDWRIGHT_PASSWORD, or give --password-file FILE"));
            }
        },
    };
    Ok(Credentials::basic(user, password))
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(file).map_err(|e| Failure::usage(format!("{}: {e}", file.display())))
}

fn first_line(file: &Path) -> Result<Secret, Failure> {
    let text = String::from_utf8(read(file)?)
        .map(Secret::new)
        .map_err(|_| Failure::usage(format!("{}: not UTF-8", file.display())))?;
    Ok(Secret::new(text.expose().lines().next().unwrap_or("")))
}

/// The card that was named.
pub(crate) fn find(client: &AnyClient, which: &Which) -> Result<AnyCard, Failure> {
    let (found, key) = match (&which.id, &which.serial) {
        (Some(id), _) => (client.card(id)?, id),
        (None, Some(serial)) => (client.find(serial)?, serial),
        (None, None) => return Err(Failure::usage("no card named")),
    };
    found.ok_or_else(|| {
        let system = client.system().name();
        let failure = Failure::new(Exit::NotFound, format!("{system} has no card {key}"));
        match which.serial {
            Some(_) => failure,
            None => failure.hint("a serial number is looked up by --serial"),
        }
    })
}
