//! The plan of a bulk operation, which becomes the table of its outcomes.

use super::journal::{Journal, wrong};
use super::table::{Counts, Fate, Group, Row, Standing, row};
use crate::any::{AnyCard, AnyClient};
use crate::error::Error;
use crate::operate::Planned;
use crate::subject::Subject;
use crate::system::{Job, wrong_system};
use cardwright_core::lifecycle::System;
use cardwright_core::{Code, Named};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// An operation for many cards: the plan and the outcome of each.
///
/// ```
/// # use cardwright_client::{AnyClient, CertiFlow, Client, Credentials};
/// # use cardwright_server::TestServer;
/// # let server = TestServer::start()?;
/// # let client = Client::<CertiFlow>::builder(server.certiflow_url())
/// #     .credentials(Credentials::basic(TestServer::USER, TestServer::PASSWORD))
/// #     .build()?;
/// # let client = AnyClient::CertiFlow(client);
/// use cardwright_client::bulk::{Bulk, Job, Pace};
/// use cardwright_core::certiflow::Query;
/// use cardwright_core::lifecycle::Operation;
/// use std::ops::ControlFlow;
///
/// # let folder = tempfile::tempdir()?;
/// # let journal = folder.path().join("hold.ndjson");
/// let mut bulk = Bulk::plan(&client, Job::new(Operation::Suspend), client.cards(Query::default())?)?;
/// bulk.keep(&journal)?;
/// drop(bulk);
///
/// // Another process, later: nothing was done yet, and all of it is.
/// let mut bulk = Bulk::resume(&client, &journal)?;
/// assert_eq!(bulk.counts().done, 0);
/// bulk.run(&client, &Pace::default(), |_| ControlFlow::Continue(()))?;
/// assert_eq!(bulk.counts().planned, 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Bulk {
    pub(super) job: Job,
    pub(super) system: System,
    pub(super) base: String,
    pub(super) cards: Vec<Subject>,
    pub(super) standings: Vec<Standing>,
    pub(super) journal: Option<Journal>,
    /// Time has passed since its cards were found.
    pub(super) resumed: bool,
}

impl Bulk {
    /// Asks the tables about each card; nothing is sent but what the list of cards itself asks for. A
    /// card that comes twice counts once. A card that the client's [`Check`](crate::Check) stops is
    /// [`Fate::Skipped`]. In MIM CM none is: there the server's own list of operations decides, and is
    /// asked for right before a card's turn.
    ///
    /// # Errors
    /// The first error of the list: of a list that cannot be read whole, no part is planned.
    /// [`Code::NoSuchOperation`], [`Code::ReasonNeeded`] and what else the system or its dialect lacks.
    pub fn plan(
        client: &AnyClient,
        job: Job,
        cards: impl IntoIterator<Item = Result<AnyCard, Error>>,
    ) -> Result<Self, Error> {
        let system = client.system();
        if job.operation.native(system).is_none() {
            return Err(cardwright_core::Error::of(Code::NoSuchOperation, system.name()).into());
        }
        // What the dialect lacks shows with any card.
        client.plan_by_id("0", &job)?;
        let (mut found, mut standings): (Vec<Subject>, Vec<Standing>) = Default::default();
        for card in cards {
            let card = card?;
            if card.system() != system {
                return Err(wrong_system());
            }
            let card = Subject::of(&*card);
            if card.id().is_empty() {
                return Err(Error::setting(format!("the card {:?} has no id", card.serial())));
            }
            let mut standing = Standing::default();
            if let Err(error) = client.engine().judge_plan(card.state, job.operation) {
                standing.fate = Fate::Skipped;
                let more = standing.more();
                (more.code, more.words) = (Some(error.code()), error.to_string());
            }
            found.push(card);
            standings.push(standing);
        }
        let mut ids = HashSet::with_capacity(found.len());
        let is_first: Vec<bool> = found.iter().map(|card| ids.insert(card.id())).collect();
        drop(ids);
        let mut first = is_first.iter();
        found.retain(|_| first.next() == Some(&true));
        let mut first = is_first.iter();
        standings.retain(|_| first.next() == Some(&true));
        found.shrink_to_fit();
        standings.shrink_to_fit();
        Ok(Bulk { job, system, base: client.base().into(), cards: found, standings, journal: None, resumed: false })
    }

    /// Resumes from a journal. Cards for which the account was refused are planned again. Cards whose outcome it does not tell are [`Fate::Unknown`] until the next run,
    /// which reads them. An incomplete last line is dropped.
    ///
    /// # Errors
    /// [`Error::Journal`] where it is a journal of another server or system, is damaged, is being used by
    /// another run, or is no journal.
    pub fn resume(client: &AnyClient, journal: &Path) -> Result<Self, Error> {
        let (journal, found) = Journal::open(journal)?;
        if found.system != client.system() || found.base != client.base() {
            let (its, ours) = (found.system.name(), client.system().name());
            let message = format!("it is of {its} at {}, and the client is of {ours} at {}", found.base, client.base());
            return Err(wrong(journal.path(), message));
        }
        let (job, system, base) = (found.job, found.system, found.base);
        let mut standings = found.standings;
        // The account was refused, and not the card.
        standings.iter_mut().filter(|standing| standing.is_sign_in()).for_each(Standing::plan_again);
        Ok(Bulk { job, system, base, cards: found.cards, standings, journal: Some(journal), resumed: true })
    }

    /// Whether this is that job; for a journal that is taken up.
    ///
    /// # Errors
    /// [`Error::Journal`] says what the job is.
    pub fn check_job(&self, job: &Job) -> Result<(), Error> {
        if self.job == *job {
            return Ok(());
        }
        let words = |job: &Job| {
            let word = job.operation.native(self.system).unwrap_or(job.operation.name());
            let reason = job.reason.map(|reason| format!(" for {}", reason.name())).unwrap_or_default();
            let comment = if job.comment.is_empty() { String::new() } else { format!(" ({:?})", job.comment) };
            format!("{word}{reason}{comment}")
        };
        Err(self.not_this(format!("it is of {}, and not of {}", words(&self.job), words(job))))
    }

    /// Whether these are its cards, in whatever order; for a journal that is taken up. A list that is
    /// asked for anew, by the same filter, lacks the cards that have left the state it asks for: of the
    /// journal's only those must be there with which nothing was done yet ([`Fate::Planned`]).
    ///
    /// # Errors
    /// [`Error::Journal`] says how many are missing on each side.
    pub fn check_cards<'i>(&self, ids: impl IntoIterator<Item = &'i str>) -> Result<(), Error> {
        let its: HashSet<&str> = self.cards.iter().map(Subject::id).collect();
        let given: HashSet<&str> = ids.into_iter().collect();
        let to_do = || self.rows().filter(|row| row.fate == Fate::Planned);
        let (new, left_out) = (given.difference(&its).count(), to_do().filter(|row| !given.contains(row.id)).count());
        if new + left_out == 0 {
            return Ok(());
        }
        Err(self.not_this(format!(
            "it is of other cards: {new} of the {} given are not among its {}, and {left_out} of its {} to do are \
             not given",
            given.len(),
            its.len(),
            to_do().count()
        )))
    }

    fn not_this(&self, message: String) -> Error {
        wrong(self.journal.as_ref().map_or(Path::new("the plan"), Journal::path), message)
    }

    /// Writes the plan into a new journal, which the run continues. Without this a run that is
    /// killed cannot be resumed.
    ///
    /// # Errors
    /// [`Error::Journal`] where the file is there already or cannot be written.
    pub fn keep(&mut self, journal: &Path) -> Result<(), Error> {
        let what = (&self.job, self.system, self.base.as_str());
        self.journal = Some(Journal::create(journal, what, &self.cards, &self.standings)?);
        Ok(())
    }

    /// Closes the journal, so that another run can resume it, and returns its path. A run after that is not
    /// written anywhere.
    pub fn let_go(&mut self) -> Option<PathBuf> {
        self.journal.take().map(|journal| journal.path().into())
    }

    /// Makes the cards that failed planned again. If one of them has a request in MIM CM, that is continued;
    /// the card gets another one if it has ended.
    pub fn retry_failed(&mut self) {
        self.standings.iter_mut().filter(|standing| standing.fate == Fate::Failed).for_each(Standing::plan_again);
    }

    /// The operation and its parameters.
    pub fn job(&self) -> &Job {
        &self.job
    }

    /// The base of the API of the server that it is for.
    pub fn server(&self) -> &str {
        &self.base
    }

    /// The journal.
    pub fn journal(&self) -> Option<&Path> {
        self.journal.as_ref().map(Journal::path)
    }

    /// The number of cards by outcome.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        self.standings.iter().for_each(|standing| *counts.of(standing.fate) += 1);
        counts
    }

    /// The cards in their order, each with its outcome.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        self.cards.iter().zip(&self.standings).map(|(card, standing)| row(card, standing, self.job.operation))
    }

    /// How many cards are alike in state, verdict and fate; the largest group first.
    pub fn groups(&self) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for row in self.rows() {
            let is_its = |group: &&mut Group| {
                group.fate == row.fate && group.state_text == row.state_text && group.verdict == row.verdict
            };
            match groups.iter_mut().find(is_its) {
                Some(group) => group.cards += 1,
                None => groups.push(Group {
                    state_text: row.state_text.into(),
                    verdict: row.verdict,
                    fate: row.fate,
                    cards: 1,
                }),
            }
        }
        groups.sort_by_key(|group| std::cmp::Reverse(group.cards));
        groups
    }

    /// What would be sent for a card, by its place among [`Self::rows`]; nothing for a place behind the last.
    ///
    /// # Errors
    /// What the system or its dialect lacks.
    pub fn requests(&self, client: &AnyClient, place: usize) -> Result<Vec<Planned>, Error> {
        self.cards.get(place).map_or(Ok(Vec::new()), |card| client.plan_by_id(card.id(), &self.job))
    }
}
