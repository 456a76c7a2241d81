//! A server for the tests of a program that works with either system.

use crate::{Account, Config, Error, Fault, Faults, Running, Secret, Server, WrongFault, seed};
use std::ops::Deref;

/// A server for a program's own tests: on a free loopback port, with an account, cards, and an empty data
/// folder of its own. It stops, and forgets everything, when it is dropped. Many may run at a time.
///
/// It is the real server, so that a test sees what a client of a real system would see: states, refusals, privileges. It
/// dereferences to [`Running`], which has its addresses and its registry.
///
/// ```
/// use cardwright_core::lifecycle::State;
/// use cardwright_server::{Fault, TestServer};
///
/// // The cards of the vendors' examples: 1013, 1065 and others.
/// let server = TestServer::start()?;
/// println!("{} as {}", server.certiflow_url(), TestServer::USER);
///
/// // Cards of one's own, in CertiFlow's words, as NDJSON or CSV.
/// let server = TestServer::with_cards(r#"{"id": 7, "state": "Disabled", "serialNumber": "0A0B0C0D"}"#)?;
/// assert_eq!(server.state(7)?, State::Suspended);
///
/// // From now on each Enable is carried out, and its answer is lost.
/// server.fault(Fault::at("**/enable").carry_out().close())?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct TestServer {
    running: Running,
}

impl TestServer {
    /// The name of its account, which may do everything.
    pub const USER: &'static str = "tester";

    /// The password of its account.
    pub const PASSWORD: &'static str = "not a secret";

    /// A server with the cards, templates and requests of the vendors' examples, of which the account's user has the
    /// cards in MIM CM.
    ///
    /// # Errors
    /// Where the system has no port, thread or folder left.
    pub fn start() -> Result<Self, Error> {
        let server = Self::with(Config::default())?;
        seed::story(server.registry())?;
        Ok(server)
    }

    /// A server with these cards alone, as [`seed::inventory`] reads them: an object of CertiFlow's on each line, or CSV
    /// with a header.
    ///
    /// # Errors
    /// [`Error::Inventory`] with the line that is wrong.
    pub fn with_cards(cards: &str) -> Result<Self, Error> {
        let server = Self::with(Config::default())?;
        seed::inventory(server.registry(), cards)?;
        Ok(server)
    }

    /// A server with these settings, the account besides, and no cards.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub fn with(mut config: Config) -> Result<Self, Error> {
        let account = Account::new(Self::USER, Secret::new(Self::PASSWORD), "administrator");
        config.accounts.push(account.as_user(seed::story_user()?));
        Ok(TestServer { running: Server::start(config)? })
    }

    /// From now on this happens to requests, and nothing else that was said before.
    ///
    /// # Errors
    /// [`WrongFault`] for one that does nothing, or that asks for what cannot be.
    pub fn fault(&self, fault: Fault) -> Result<(), WrongFault> {
        self.running.set_faults(Faults::of([fault])?);
        Ok(())
    }

    /// From now on all requests are answered as they should be.
    pub fn no_faults(&self) {
        self.running.set_faults(Faults::default());
    }

    /// The state of a card, by its id in CertiFlow.
    ///
    /// # Errors
    /// Where there is no such card.
    pub fn state(&self, id: i64) -> Result<cardwright_core::lifecycle::State, Error> {
        self.running.registry().state(id)
    }

    /// Puts a card into a state, whatever it is in.
    ///
    /// # Errors
    /// Where there is no such card.
    pub fn set_state(&self, id: i64, state: cardwright_core::lifecycle::State) -> Result<(), Error> {
        self.running.registry().set_state(id, state)
    }
}

impl Deref for TestServer {
    type Target = Running;

    fn deref(&self) -> &Running {
        &self.running
    }
}
