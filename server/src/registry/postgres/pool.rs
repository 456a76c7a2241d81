//! The connections of a server: bounded, made when they are needed, and made anew when they are lost.

use super::database::Database;
use super::session::Session;
use super::tls::Tls;
use crate::Error;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio_postgres::config::Config;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(5);

/// How long one waits for a connection that another request uses.
const WAIT: Duration = Duration::from_secs(10);

/// For how long the failure to connect is the answer to all: a database that is away is not asked for each request.
const AWAY: Duration = Duration::from_millis(if cfg!(test) { 20 } else { 250 });

/// What each connection is set to. A statement that takes longer than a request may is ended, and so is a transaction that
/// a server has left behind; what is answered must be on the disk, whatever the default of the database is.
const SETTINGS: &str = "SET statement_timeout = '30s'; SET lock_timeout = '10s'; \
    SET idle_in_transaction_session_timeout = '60s'; SET client_min_messages = 'error'; \
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

/// Connections to a database.
pub(super) struct Pool {
    /// Where it is, for a message.
    shown: String,
    config: Config,
    tls: Option<Tls>,
    most: usize,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Session>,
    /// All, in use or not.
    open: usize,
    /// How many wait for one.
    waiting: usize,
    /// When a connection could not be made for the last time, and why.
    failed: Option<(Instant, String)>,
}

impl Pool {
    /// None so far.
    ///
    /// # Errors
    /// [`Error::DatabaseUrl`] if its certificates cannot be used.
    pub(super) fn new(database: &Database) -> Result<Self, Error> {
        let wrong = |why: String| Error::DatabaseUrl(why);
        let mut config = (*database.config).clone();
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        if config.get_application_name().is_none() {
            config.application_name("cardwright-server");
        }
        // A computer that has vanished is noticed within half a minute.
        config.tcp_user_timeout(Duration::from_secs(20));
        config.keepalives_idle(Duration::from_secs(10));
        config.keepalives_interval(Duration::from_secs(5)).keepalives_retries(3);
        let tls = if database.is_encrypted {
            let mut roots = database.roots.clone().unwrap_or_default();
            if let Some(file) = &database.roots_file {
                roots.extend(std::fs::read(file).map_err(|error| wrong(format!("{}: {error}", file.display())))?);
            }
            Some(Tls::new(Some(roots.as_slice()).filter(|roots| !roots.is_empty())).map_err(wrong)?)
        } else {
            None
        };
        Ok(Pool {
            shown: database.to_string(),
            config,
            tls,
            most: database.connections,
            state: Mutex::default(),
            freed: Condvar::new(),
        })
    }

    /// Closes the connections that nobody uses, as one of them was found broken.
    pub(super) fn forget(&self) {
        let mut state = self.state();
        let idle = core::mem::take(&mut state.idle);
        state.open -= idle.len();
        drop(state);
        self.freed.notify_all();
        drop(idle);
    }

    const fn place(&self) -> Place<'_> {
        Place { pool: self, is_kept: false }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection, and its place in the pool.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if none can be made, [`Error::Busy`] if none becomes free.
    pub(super) fn take(&self) -> Result<(Session, Place<'_>), Error> {
        let until = Instant::now() + WAIT;
        let mut state = self.state();
        loop {
            if let Some(mut session) = state.idle.pop() {
                drop(state);
                let place = self.place();
                if session.is_alive() {
                    return Ok((session, place));
                }
                // The others were made at the same time, more or less.
                drop((session, place));
                self.forget();
                state = self.state();
                continue;
            }
            // Where there are connections, one comes back in a moment.
            if let Some((when, why)) = &state.failed
                && state.open == 0
                && when.elapsed() < AWAY
            {
                return Err(Error::Unavailable(why.clone().into()));
            }
            if state.open < self.most {
                state.open += 1;
                break;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Error::Busy);
            }
            state.waiting += 1;
            state = self.freed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
            state.waiting -= 1;
        }
        drop(state);
        // It is given up with this, whatever happens.
        let place = self.place();
        let connected = self.connect();
        let mut state = self.state();
        match connected {
            Ok(session) => {
                state.failed = None;
                Ok((session, place))
            }
            Err(why) => {
                state.failed = Some((Instant::now(), why.clone()));
                drop(state);
                drop(place);
                self.freed.notify_all();
                Err(Error::Unavailable(why.into()))
            }
        }
    }

    /// A connection besides those of the pool.
    ///
    /// # Errors
    /// In words.
    pub(super) fn connect(&self) -> Result<Session, String> {
        let said = |why: String| format!("{}: {why}", self.shown);
        let mut session = Session::connect(&self.config, self.tls.clone()).map_err(said)?;
        session.simple(SETTINGS).map_err(|error| said(error.said()))?;
        Ok(session)
    }
}

/// The place of a connection that is in use. Where it is dropped without the connection, as after a panic, another one may
/// be made.
pub(super) struct Place<'p> {
    pool: &'p Pool,
    is_kept: bool,
}

impl Place<'_> {
    /// Returns a connection that is in no transaction.
    pub(super) fn keep(mut self, mut session: Session) {
        session.put_aside();
        self.is_kept = true;
        self.pool.state().idle.push(session);
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut state = self.pool.state();
        if !self.is_kept {
            state.open -= 1;
        }
        let is_awaited = state.waiting > 0;
        drop(state);
        // Waking nobody is a call of the system, too.
        if is_awaited {
            self.pool.freed.notify_one();
        }
    }
}
