//! The readers of this machine, and the one that is meant.
//!
//! A build without readers has the same functions, and each fails.

use crate::failure::{Failure, Kind};
use crate::settings::Settings;
use crate::sources::Sources;
use cardwright_core::apdu::Allowance;
use cardwright_core::identity::Identity;
use std::time::Duration;
#[cfg(feature = "reader")]
use std::time::Instant;

/// How long the card in a reader may take, and how many APDUs, until it has told what it is, or has answered one
/// command with all that follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "made by setters or with ..default(): a field more breaks nothing")]
pub struct CardLimits {
    /// The time, that of the connect included.
    pub time: Duration,
    /// The number of APDUs.
    pub apdus: u32,
}

impl Default for CardLimits {
    /// 12 seconds, 200 APDUs.
    fn default() -> Self {
        CardLimits { time: Duration::from_secs(Allowance::DEFAULT_SECONDS.into()), apdus: Allowance::DEFAULT }
    }
}

impl CardLimits {
    /// Sets [`Self::time`](#structfield.time).
    #[must_use]
    pub fn time(mut self, time: Duration) -> Self {
        self.time = time;
        self
    }

    /// Sets [`Self::apdus`](#structfield.apdus).
    #[must_use]
    pub fn apdus(mut self, apdus: u32) -> Self {
        self.apdus = apdus;
        self
    }

    /// Those of the settings; the defaults where these say nothing.
    #[must_use]
    pub fn of(Sources { given, kept, .. }: &Sources) -> Self {
        let CardLimits { time, apdus } = CardLimits::default();
        let set = |of: fn(&Settings) -> (Option<Duration>, Option<u32>)| {
            let (given, kept) = (of(given), of(kept));
            (given.0.or(kept.0), given.1.or(kept.1))
        };
        let (its_time, its_apdus) = set(|settings| (settings.card_time_limit, settings.card_apdus));
        CardLimits { time: its_time.unwrap_or(time), apdus: its_apdus.unwrap_or(apdus) }
    }
}

/// A reader as it is now.
#[cfg_attr(not(feature = "reader"), allow(dead_code, reason = "there is none in a build without readers"))]
pub(crate) struct Reader {
    pub(crate) name: String,
    pub(crate) has_card: bool,
    pub(crate) atr: Vec<u8>,
    /// How often a card has come or gone.
    pub(crate) events: u16,
}

#[cfg(feature = "reader")]
fn readers() -> Result<Vec<Reader>, Failure> {
    let readers = cardwright_reader::readers()?.into_iter().map(|reader| {
        let has_card = reader.slot.has_card();
        Reader { name: reader.name, has_card, atr: reader.atr, events: reader.events }
    });
    Ok(readers.collect())
}

#[cfg(not(feature = "reader"))]
fn readers() -> Result<Vec<Reader>, Failure> {
    Err(Failure::usage("this command was built without readers")
        .hint("that of the Python package is; cargo install --path cli builds one with readers"))
}

/// What a card tells when it is asked.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) atr: Vec<u8>,
    /// T of the protocol in use.
    pub(crate) protocol: Option<u8>,
    pub(crate) identity: Identity,
    /// How often other programs reset it meanwhile.
    pub(crate) resets: u32,
    /// How many attempts the connect took.
    pub(crate) attempts: u32,
    /// Why it has not told all.
    pub(crate) cut_short: Option<Failure>,
}

/// A session with the card in a reader: to connect and to wait for other programs' transactions takes no longer than
/// the limit.
///
/// # Errors
/// No such reader, no card, and what goes wrong with the card.
#[cfg(feature = "reader")]
pub fn connect(reader: &str, limits: CardLimits) -> Result<cardwright_reader::Session, Failure> {
    let begin = Instant::now();
    let open = cardwright_reader::Open::new().card_time_limit(limits.time).card_apdus(limits.apdus);
    let mut session = open.limit(limits.time).connect(reader)?;
    // What comes next waits for other programs too.
    session.set_limit(limits.time.saturating_sub(begin.elapsed()).max(LEAST));
    Ok(session)
}

/// What is left at least to a wait after a connect that took all the time.
#[cfg(feature = "reader")]
const LEAST: Duration = Duration::from_millis(100);

/// Asks the card in a reader.
#[cfg(feature = "reader")]
pub(crate) fn identify(reader: &str, limits: CardLimits) -> Result<Told, Failure> {
    let mut session = connect(reader, limits)?;
    let (identity, cut_short) = match session.identify() {
        Ok(identity) => (identity, None),
        Err(error) => match error.identity().copied() {
            Some(identity) => (identity, Some(Failure::from(error))),
            None => return Err(error.into()),
        },
    };
    let protocol = match session.protocol() {
        Some(cardwright_reader::Protocol::T0) => Some(0),
        Some(cardwright_reader::Protocol::T1) => Some(1),
        _ => None,
    };
    let (resets, attempts) = (session.resets(), session.attempts());
    Ok(Told { atr: session.atr().to_vec(), protocol, identity, resets, attempts, cut_short })
}

#[cfg(not(feature = "reader"))]
pub(crate) fn identify(_: &str, _: CardLimits) -> Result<Told, Failure> {
    readers().map(|_| Told::default())
}

/// The reader of this name, if it is plugged in.
pub(crate) fn look(name: &str) -> Result<Option<Reader>, Failure> {
    Ok(readers()?.into_iter().find(|reader| reader.name == name))
}

/// The ATR of the card in the reader of this name, or in the one reader that has one; nothing is sent.
///
/// # Errors
/// No reader, several readers with a card, or no card; always in a build without readers.
pub fn atr_in_reader(reader: Option<&str>) -> Result<Vec<u8>, Failure> {
    let reader = choose_reader(reader)?;
    let atr = look(&reader)?.map(|found| found.atr).filter(|atr| !atr.is_empty());
    atr.ok_or_else(|| {
        Failure::new(Kind::NotFound, format!("no card in {reader} gives an ATR"))
            .hint("is a card in it, and the right way round? cardwright readers shows what is in each")
    })
}

/// The reader that is meant: by its name, by a part of it, or as the one with a card.
///
/// # Errors
/// No such reader, or several; always in a build without readers.
pub fn choose_reader(name: Option<&str>) -> Result<String, Failure> {
    let mut readers = readers()?;
    if let Some(name) = name {
        if let Some(reader) = readers.iter().find(|reader| reader.name == name) {
            return Ok(reader.name.clone());
        }
        readers.retain(|reader| reader.name.contains(name));
    } else {
        readers.retain(|reader| reader.has_card);
    }
    let names = || readers.iter().map(|reader| format!("{:?}", reader.name)).collect::<Vec<_>>().join(", ");
    Err(match (&*readers, name) {
        ([reader], _) => return Ok(reader.name.clone()),
        ([], Some(name)) => {
            Failure::new(Kind::NotFound, format!("no reader is called {name:?}")).hint("cardwright readers lists them")
        }
        ([], None) => Failure::new(Kind::NotFound, "no card is in a reader"),
        (_, Some(name)) => Failure::usage(format!("{name:?} is a part of several: {}", names())),
        (_, None) => Failure::usage(format!("several readers have a card: {}", names())).hint("name one by --reader"),
    })
}
