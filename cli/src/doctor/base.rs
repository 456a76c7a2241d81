//! Whether the base address is an API's, and what is wrong where it is not: another base, a portal, or
//! MIM CM with its API switched off, which answers 404 to every call.

use super::api::list;
use super::{Asker, Report};
use crate::connect::Target;
use crate::failure::{Exit, Failure};
use cardwright_client::{Credentials, Raw};
use cardwright_core::certiflow::{Dialect, Endpoint};
use cardwright_core::lifecycle::System;
use cardwright_core::mim;

/// Where the APIs usually are, and a call of each.
const USUAL: [(&str, System, Dialect); 5] = [
    ("/certiflow/api", System::CertiFlow, Dialect::G7),
    ("/cm/api", System::CertiFlow, Dialect::G7),
    ("/keybox/api", System::CertiFlow, Dialect::G7),
    ("/icmapi", System::CertiFlow, Dialect::G1),
    ("/CertificateManagement", System::Mim, Dialect::G7),
];

/// Whether an API is there, by the answer to its first call.
pub(super) fn look(
    report: &mut Report,
    target: &Target,
    anonymous: &Asker,
    asker: &Asker,
    answer: &Raw,
) -> Result<bool, Failure> {
    let status = answer.status;
    let page = answer.content_type.to_ascii_lowercase().starts_with("text/html");
    if list(answer).is_some() || matches!(status, 403) && !page {
        report.ok("base", format!("an API of {} answers (status {status})", target.system_name()));
        return Ok(true);
    }
    if status >= 500 {
        let id = answer.header("request-id").next().map(|id| format!(" (request-id {id})")).unwrap_or_default();
        let next = format!("have the server's event log looked at{id}");
        report.fail("base", Exit::Failed, format!("the server fails (status {status})"), next);
        return Ok(false);
    }
    // G1 answers so for a user whom it does not know.
    if status == 404 && target.dialect == Dialect::G1 && answer.content_type.starts_with("application/") {
        report.ok("base", "an API answers, and does not know the user who cannot exist (status 404)");
        return Ok(true);
    }
    if let Some(better) = elsewhere(target)? {
        let seen = format!("no API here (status {status}); one answers at {better}");
        report.fail("base", Exit::Failed, seen, format!("give --url {better}"));
        return Ok(false);
    }
    let redirect = answer.header("Location").next().filter(|_| (300..400).contains(&status));
    let (seen, next) = if let Some(place) = redirect {
        (format!("it points to {place}, a sign-in page or another address (status {status})"), base_of(target))
    } else if page && status < 400 || status == 403 {
        (format!("a page for people, and no API (status {status})"), base_of(target))
    } else if target.system == System::Mim && status == 404 {
        mim_is_off(target, anonymous, asker)
    } else {
        (format!("no API here (status {status})"), base_of(target))
    };
    report.fail("base", Exit::Failed, seen, next);
    Ok(false)
}

/// What 404 means in MIM CM: the portal's folder tells a wrong base from an API that is switched off.
fn mim_is_off(target: &Target, anonymous: &Asker, asker: &Asker) -> (String, String) {
    if target.url.to_ascii_lowercase().contains("/api/v1.0") {
        let base = target.url.get(..target.url.to_ascii_lowercase().find("/api/v1.0").unwrap_or(0)).unwrap_or("");
        return (
            "the base has api/v1.0 in it, which calls bring themselves (status 404)".into(),
            format!("give --url {base}"),
        );
    }
    let portal = [anonymous, asker].iter().find_map(|asker| {
        let answer = asker.get("").ok()?;
        (answer.status != 404).then_some(answer.status)
    });
    match portal {
        Some(status) => (
            format!("MIM CM's portal is here (status {status}), and its API answers 404: it is switched off, as it comes"),
            "on the server, in <ClmConfiguration> of CM's web.config: <add key=\"Clm.WebApi.Enabled\" value=\"true\" />, then iisreset".into(),
        ),
        None => (
            "neither MIM CM's portal nor its API is here (status 404)".into(),
            "is the virtual folder another one than /CertificateManagement? If it is right, the API may be switched off: \
             Clm.WebApi.Enabled in CM's web.config, then iisreset"
                .into(),
        ),
    }
}

fn base_of(target: &Target) -> String {
    match target.system {
        System::Mim => "the base is https://HOST/CertificateManagement, without api/v1.0".into(),
        System::CertiFlow => "the base is https://HOST/certiflow/api, /cm/api, /keybox/api, or /icmapi for G1".into(),
    }
}

/// Another of the usual bases, on the same server, at which an API answers. No sign-in is sent there.
fn elsewhere(target: &Target) -> Result<Option<String>, Failure> {
    let after = target.url.find("://").map_or(0, |at| at + 3);
    let end = target.url.get(after..).and_then(|rest| rest.find('/')).map_or(target.url.len(), |at| after + at);
    let server = target.url.get(..end).unwrap_or_default();
    let at = |base: &str, path: &str| -> Result<Option<Raw>, Failure> {
        let asker = Asker::new(target, &format!("{server}{base}"), Credentials::Anonymous)?;
        Ok(asker.get(path).ok())
    };
    // A server that answers everything alike does not tell by its answers.
    let nothing = at("/0cardwright-doctor", "no-such-path")?.map(|answer| answer.status);
    for (base, system, dialect) in USUAL {
        if system != target.system
            || target.url.trim_end_matches('/').to_ascii_lowercase().ends_with(&base.to_ascii_lowercase())
        {
            continue;
        }
        let path = match system {
            System::Mim => mim::Endpoint::Smartcards.route().path,
            System::CertiFlow => Endpoint::Cards.route_in(dialect).unwrap_or(Endpoint::Cards.route()).path,
        };
        let path = if dialect == Dialect::G7 && system == System::CertiFlow {
            format!("{path}?count=1")
        } else {
            path.to_string()
        };
        let Some(answer) = at(base, &path)? else { continue };
        if nothing != Some(answer.status) && (list(&answer).is_some() || answer.status == 401) {
            return Ok(Some(format!("{server}{base}")));
        }
    }
    Ok(None)
}
