//! The settings of a client from the environment and a profile, gathered as the command gathers them.

use super::carriage::{self, Carriage};
use super::settings;
use cardwright::client::{DeviceCode, Secret};
use cardwright::{Prompt, Settings, Sources, Target, text_file};
use cardwright_core::base::Base;
use cardwright_core::lifecycle::System;
use cardwright_core::{Code, Named as _};
use cardwright_python_common::Failure;
use pyo3::prelude::*;
use std::path::Path;
use std::sync::Arc;

/// What was gathered, and what the program says instead.
pub(crate) struct Gathered {
    given: Settings,
    kept: Settings,
    carriage: Carriage,
}

impl Gathered {
    /// What the environment says of a client of this system, and the profile that is named here or there.
    ///
    /// # Errors
    /// A variable or a file that cannot be read, and what is for another system.
    pub(super) fn new(
        system: System,
        own: &mut settings::Settings,
        profile: Option<&str>,
        config: Option<&Path>,
    ) -> Result<Self, Failure> {
        let options = Settings {
            dialect: own.dialect,
            tls: own.tls.as_deref().map(carriage::tls).transpose()?,
            ..Settings::default()
        };
        let Sources { mut given, mut kept, .. } = Sources::gather(options, profile, config)?;
        let url = given.url.as_ref().or(kept.url.as_ref()).cloned().unwrap_or_default();
        let api = given.api.or(kept.api).or_else(|| Base::of(&url).map(|base| base.system));
        if let Some(other) = api.filter(|api| *api != system) {
            let (other, system) = (other.name(), system.name());
            let why = format!("{url} is an address of {other}, and this is a client of {system}");
            return Err(Failure::new(Code::Setting, why));
        }
        given.api = Some(system);
        let has_own_ca = own.ca.is_given();
        if own.certificate.is_given() {
            given = without_certificate(given);
            kept = without_certificate(kept);
        }
        let tls = given.tls.or(kept.tls).unwrap_or_default();
        let ca = given.ca.as_deref().or(kept.ca.as_deref());
        let ca = || ca.map(trusted).transpose();
        let carriage = Carriage::of(own, &url, ca, tls)?;
        for settings in [&mut given, &mut kept] {
            if has_own_ca {
                settings.ca = None;
            }
            if carriage.has_proxy() {
                settings.proxy = None;
            }
        }
        Ok(Gathered { given, kept, carriage })
    }

    /// The server, and how to talk to it.
    ///
    /// # Errors
    /// What is missing, what contradicts, and what cannot be used.
    pub(super) fn target(&self) -> Result<Target, Failure> {
        let adjust = |setup: &mut _| self.carriage.carry(setup);
        Ok(Target::adjusted(&self.given, &self.kept, &(Arc::new(Person) as _), &adjust)?)
    }
}

fn without_certificate(settings: Settings) -> Settings {
    Settings {
        client_cert: None,
        client_key: None,
        client_key_password: None,
        client_key_password_file: None,
        client_key_password_command: None,
        ..settings
    }
}

fn trusted(file: &Path) -> Result<Vec<u8>, Failure> {
    text_file::read_as_utf8(file)
        .map_err(|error| Failure::new(Code::Certificate, format!("{}: {error}", file.display())))
}

/// The person at the program: asked for nothing, and told by the means of Python.
struct Person;

impl Prompt for Person {
    fn password(&self, _: &str) -> Result<Option<Secret>, cardwright::Failure> {
        Ok(None)
    }

    fn device_code(&self, code: &DeviceCode) {
        super::auth::tell_by(|py| py.import("cardwright._auth")?.getattr("_show_code"), code);
    }

    fn warn(&self, text: &str) {
        let _ = Python::try_attach(|py| {
            let warned = py.import("warnings").and_then(|warnings| warnings.call_method1("warn", (text,)));
            if let Err(error) = warned {
                error.write_unraisable(py, None);
            }
        });
    }
}
