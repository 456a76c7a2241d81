//! From what was typed to a server, a client, and the record that is meant.

use crate::args::{Arguments, CardArguments, ServerArguments};
use crate::failure::{Failure, Kind};
use crate::terminal::Terminal;
use cardwright::client::{AnyCard, AnyClient, Check};
use cardwright::core::Named as _;
use cardwright::core::identity::Serial;
use cardwright::{CardLimits, FoundBy, InReader, Records, Sources, Target, refuses_user, wants_user};
use std::sync::Arc;

/// A client of the server that was named.
pub(crate) fn client(arguments: &Arguments, check: Option<Check>) -> Result<AnyClient, Failure> {
    let client = target(arguments)?.client(check)?;
    arguments.limit.cancels(client.canceler());
    arguments.asked.by(&client);
    Ok(client)
}

/// The server that was named, by options, the environment or a profile.
pub(crate) fn target(arguments: &Arguments) -> Result<Target, Failure> {
    let Sources { given, kept, .. } = sources(&arguments.server)?;
    if let Some(limit) = given.time_limit.or(kept.time_limit) {
        arguments.limit.set(limit, arguments.json)?;
    }
    Target::new(&given, &kept, &(Arc::new(Terminal) as _))
}

/// The limits of the card in a reader.
pub(crate) fn card_limits(server: &ServerArguments) -> Result<CardLimits, Failure> {
    sources(server).map(|sources| CardLimits::of(&sources))
}

/// Whether a server was named.
#[cfg(feature = "reader")]
pub(crate) fn names_server(server: &ServerArguments) -> Result<bool, Failure> {
    sources(server).map(|sources| sources.given.url.is_some() || sources.has_profile)
}

fn sources(server: &ServerArguments) -> Result<Sources, Failure> {
    Sources::gather(server.settings.clone(), server.profile.as_deref(), server.config.as_deref())
}

/// The record that was meant.
pub(crate) struct Selected {
    pub(crate) card: AnyCard,
    /// The card in the reader whose record it is, and how that was found.
    pub(crate) from: Option<(InReader, FoundBy)>,
}

impl Selected {
    /// That it is the record of the card that is meant.
    ///
    /// # Errors
    /// It may be another card's than the one in the reader: the evidence.
    pub(crate) fn certain(&self) -> Result<(), Failure> {
        self.from.as_ref().map_or(Ok(()), |(in_reader, by)| by.certain(in_reader, &self.card))
    }
}

/// The record of the card that was named, or of the one in the reader.
///
/// Fails too if the record may be another card's.
pub(crate) fn find(client: &AnyClient, given: &CardArguments, limits: CardLimits) -> Result<Selected, Failure> {
    let selected = candidate(client, given, limits)?;
    selected.certain().map(|()| selected)
}

/// The record of the card that was named, or of the one in the reader; that one may be another card's, unless it is
/// [certain](Selected::certain).
pub(crate) fn candidate(client: &AnyClient, given: &CardArguments, limits: CardLimits) -> Result<Selected, Failure> {
    let user = given.of.as_deref();
    if let (Some(why), Some(_)) = (refuses_user(client.system()), user) {
        return Err(Failure::usage(why).hint("leave --of out"));
    }
    if user.is_none() && client.finds_by_user_alone() {
        let named = match (given.key.from_reader, &given.key.serial) {
            (true, _) => "--from-reader".to_string(),
            (false, serial) => format!("--serial {}", serial.as_deref().unwrap_or("SERIAL")),
        };
        return Err(Failure::usage("G1 finds cards by their user alone")
            .hint(format!("add --of USER; the user's UPN, such as --of user@example.com {named}")));
    }
    let selected = select(client, given, limits);
    if user.is_some() { selected } else { selected.map_err(|failure| wants_user(client, failure)) }
}

fn select(client: &AnyClient, given: &CardArguments, limits: CardLimits) -> Result<Selected, Failure> {
    let user = given.of.as_deref();
    if given.key.from_reader {
        let in_reader = InReader::ask(given.reader.as_deref(), limits)?;
        let (card, by) = Records::search(client, user, &in_reader)?.candidate(client.system(), &in_reader)?;
        return Ok(Selected { card, from: Some((in_reader, by)) });
    }
    Ok(Selected { card: find_named(client, given)?, from: None })
}

/// The card of this id or serial number.
fn find_named(client: &AnyClient, given: &CardArguments) -> Result<AnyCard, Failure> {
    let key = given.key.id.as_deref().or(given.key.serial.as_deref()).unwrap_or_default();
    let by_serial = given.key.serial.is_some();
    if by_serial {
        Serial::parse(key)?;
    }
    let found = match &given.of {
        // Another card may have that for its id.
        Some(user) => client.card_of(user, key)?.filter(|card| !by_serial || cardwright::has_serial(card, key)),
        None if by_serial => client.find(key)?,
        None => client.card(key)?,
    };
    found.ok_or_else(|| {
        let system = client.system().name();
        let whose = given.of.as_deref().map(|user| format!(" of {user}")).unwrap_or_default();
        let failure = Failure::new(Kind::NotFound, format!("{system} has no card {key}{whose}"));
        match by_serial {
            true => failure,
            false => failure.hint("a serial number is looked up by --serial"),
        }
    })
}
