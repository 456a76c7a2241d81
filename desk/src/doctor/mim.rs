//! MIM CM: permissions, the look-up by `cardid`, and an API that is switched off.

use super::answer::{Asker, list};
use super::report::Checks;
use super::system::{Examine, ignored};
use crate::failure::Kind;
use crate::target::Target;
use cardwright_core::base::Base;
use cardwright_core::mim;
use serde_json::Value;

/// What no card carries.
const NO_GUID: &str = "0ca4d000-0000-4000-8000-000000000000";

pub(crate) struct Mim;

impl Examine for Mim {
    fn first_path(&self, _: &Target) -> String {
        mim::Endpoint::Smartcards.route().path.to_string()
    }

    fn path_at(&self, _: &Base) -> String {
        mim::Endpoint::Smartcards.route().path.to_string()
    }

    /// With its API switched off, MIM CM answers 404 to every call: the portal's folder tells that from a wrong
    /// base.
    fn is_off(&self, target: &Target, status: u16, askers: [&Asker; 2]) -> Option<(String, String)> {
        if status != 404 {
            return None;
        }
        if target.url.to_ascii_lowercase().contains("/api/v1.0") {
            let base = target.url.get(..target.url.to_ascii_lowercase().find("/api/v1.0").unwrap_or(0)).unwrap_or("");
            return Some((
                "the base has api/v1.0 in it, which calls bring themselves (status 404)".into(),
                format!("give --url {base}"),
            ));
        }
        let portal = askers.iter().find_map(|asker| {
            let answer = asker.get("").ok()?;
            (answer.status != 404).then_some(answer.status)
        });
        Some(match portal {
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
        })
    }

    fn forbidden(&self, _: &Target) -> (&'static str, String) {
        let next = "the account needs CM's permissions: on the service connection point, and Read on the users";
        ("the account's own cards may not be read (403)", next.to_string())
    }

    fn privileges(&self, checks: &mut Checks<'_>, _: &Target, asker: &Asker, listed: Option<&[Value]>) {
        let uuid = listed.and_then(|cards| cards.first()?.get("Uuid")?.as_str());
        let path = uuid.map(|uuid| mim::Endpoint::Operations.route().path.replace("{id}", uuid));
        match path.map(|path| asker.get(&path)) {
            Some(Ok(answer)) if answer.status == 403 => checks.warn(
                "privileges",
                "own cards may be read, their operations not (403)",
                "the account needs CM's permissions on the profile template",
            ),
            Some(_) => checks.ok("privileges", "own cards and their operations may be read"),
            None => checks.ok("privileges", "own cards may be read; this account has none"),
        }
    }

    fn filters(&self, checks: &mut Checks<'_>, _: &Target, asker: &Asker, _: &[Value]) {
        let path = format!("{}?cardid={NO_GUID}", mim::Endpoint::Smartcards.route().path);
        match asker.get(&path) {
            Ok(answer) if list(&answer).is_some_and(|cards| !cards.is_empty()) => {
                checks.fail("filters", Kind::Failed, ignored("cardid"), "look cards up by their Uuid alone");
            }
            Ok(answer) => {
                checks.ok("filters", format!("a card that cannot exist is not found (status {})", answer.status))
            }
            Err(error) => checks.warn("filters", error.unmasked().to_string(), "try again"),
        }
    }
}
