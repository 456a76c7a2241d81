//! The way through a list, page by page, so that no card is left out and none comes twice.
//!
//! There is no snapshot: a card that leaves the list while it is read moves the others up. So a page begins with the
//! last card of the page before; where it does not, the list has shifted, and it is read again from its beginning
//! with what was seen, until one pass saw no shift. A page that is shorter than asked for is not the last one: an
//! empty one is, if the last card still stands where it stood.

use super::asked::Asked;
use super::coming::Coming;
use super::page::{ask, read_card};
use super::pass::{Page, Pass, Probe, Turn};
use super::size::Size;
use crate::certiflow::CertiFlow;
use crate::client::Client;
use crate::error::Error;
use crate::seen::{Key, Seen};
use cardwright_core::Code;
use cardwright_core::certiflow::{Dialect, Endpoint, OwnedCardInfo, OwnedQuery, Query};
use cardwright_http::Stream;
use std::time::{Duration, Instant};

/// A card, or what is wrong with one.
pub(super) type Item = Result<OwnedCardInfo, Error>;

/// How long the caller may take for a page, if the next one is to be asked for before it is needed.
const KEEPS_UP: Duration = Duration::from_secs(4);
/// The most cards that are handed out at once.
const BATCH: usize = 128;
/// How many cards of a page come before the list is read ahead.
const LONG: u32 = 32;
/// How many passes in a row may bring no card and see a shift. Pauses between them grow up to the settle limit: who
/// takes cards out of the list may come to an end.
const FRUITLESS: u32 = 10;
/// How many passes there may be at all: one that reaches half of what is left each time needs fewer.
const PASSES: u32 = 50;
/// How many cards may come for each that is handed out, and how many besides.
const REPEATS: (u64, u64) = (40, 10_000);

/// What a list is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// All cards.
    List,
    /// The cards with one serial number: one that comes again and again is one card.
    LookUp,
    /// The caller looks for one card, and asks the control questions if it finds it.
    Search,
}

/// The way through a list.
#[derive(Debug)]
pub(super) struct Walk {
    client: Client<CertiFlow>,
    query: OwnedQuery,
    filters: Asked,
    purpose: Purpose,
    dialect: Dialect,
    /// Whether this list has pages.
    paged: bool,
    /// Where the list begins.
    base: u32,
    /// How many cards may still be handed out.
    left: Option<u32>,
    /// How many cards to pass over here, as the dialect cannot.
    skip: u32,
    seen: Seen,
    size: Size,
    /// Whether pages are read ahead, and when the page before was asked for.
    ahead: bool,
    asked_before: Option<Instant>,
    coming: Option<Coming>,
    turn: Turn,
    pass: Pass,
    page: Option<Page>,
    spare: Option<Stream>,
    /// The digest of the page before, and how many were equal to it.
    page_before: (u64, u32),
    pass_before: Option<u64>,
    fruitless: u32,
    passes: u32,
    received: u64,
    /// How often the list broke off since the last card came.
    broken: u32,
    request: String,
    over: bool,
}

impl Walk {
    pub(super) fn new(
        client: Client<CertiFlow>,
        dialect: Dialect,
        query: Query<'_>,
        purpose: Purpose,
    ) -> Result<Self, Error> {
        let (offset, left) = (query.offset.unwrap_or(0), query.count);
        let query = Query { offset: None, count: None, ..query };
        query.check(dialect)?;
        let paged = query.endpoint(dialect) != Endpoint::CardsOfUser;
        let (base, skip) = if paged { (offset, 0) } else { (0, offset) };
        Ok(Walk {
            filters: Asked::new(&client, dialect, &query, purpose != Purpose::Search),
            query: query.owned(),
            purpose,
            dialect,
            paged,
            base,
            left,
            skip,
            seen: Seen::default(),
            size: Size::new(client.page_size),
            client,
            ahead: false,
            asked_before: None,
            coming: None,
            turn: Turn::First,
            pass: Pass { at: base, ..Pass::default() },
            page: None,
            spare: None,
            page_before: (0, 0),
            pass_before: None,
            fruitless: 0,
            passes: 0,
            received: 0,
            broken: 0,
            request: String::new(),
            over: false,
        })
    }

    /// The generation in which it is asked for.
    pub(super) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// What was asked last.
    pub(super) fn request(&self) -> &str {
        &self.request
    }

    /// Checks that the client was not canceled: what was read ahead is not handed out then either.
    ///
    /// # Errors
    /// [`Code::Canceled`](cardwright_core::Code::Canceled).
    pub(super) fn check_canceled(&self) -> Result<(), Error> {
        Ok(self.client.transport.check_canceled(&self.request)?)
    }

    /// Reads on, and adds what may be handed out to `batch`; returns whether there may be more. Blocks until
    /// something has come.
    pub(super) fn more(&mut self, batch: &mut Vec<Item>) -> bool {
        if !self.over && self.left != Some(0) {
            match self.step(batch) {
                Ok(()) => return !self.over,
                Err(error) => batch.push(Err(error)),
            }
        }
        self.end();
        false
    }

    fn end(&mut self) {
        (self.over, self.page, self.spare, self.coming) = (true, None, None, None);
    }

    fn step(&mut self, batch: &mut Vec<Item>) -> Result<(), Error> {
        let mut page = match self.page.take() {
            Some(page) => page,
            None => match self.ask()? {
                Some(page) => page,
                None => return Ok(()),
            },
        };
        // Short lists need no thread.
        if !self.ahead && self.purpose == Purpose::List && page.got >= LONG {
            self.ahead = true;
            page.stream.read_ahead();
        }
        let mut card = page.stream.next(read_card);
        if page.turn == Turn::First && page.got == 0 && page.stream.is_list() {
            self.query.with(|query| self.client.learn_list(self.dialect, &query));
        }
        while let Some(found) = card {
            match found {
                Ok(card) => {
                    if let Some(card) = self.take(&mut page, card)? {
                        batch.push(Ok(card));
                    }
                }
                Err(error) if page.stream.is_over() => return self.broke_off(page, error),
                Err(error) => {
                    self.unreadable(&mut page);
                    // One that ended the page before was an error there.
                    if page.turn == Turn::First || page.found != Some(page.got - 1) {
                        batch.push(Err(error.into()));
                    }
                }
            }
            if self.left == Some(0) {
                self.end();
                return Ok(());
            }
            if batch.len() >= BATCH {
                self.page = Some(page);
                return Ok(());
            }
            card = page.stream.next_here(read_card);
        }
        if !page.stream.is_over() {
            self.page = Some(page);
            return Ok(());
        }
        self.turn_over(page)
    }

    /// Asks for the next page; `None` where it could not be, and may be asked for again.
    fn ask(&mut self) -> Result<Option<Page>, Error> {
        let size = self.size.cards();
        let asked = self.left.map_or(size, |left| left.saturating_add(1).min(size));
        let asked = if self.turn == Turn::Overlap { asked } else { self.left.unwrap_or(u32::MAX).min(asked) };
        let offset = if self.turn == Turn::Overlap { self.pass.at.saturating_sub(1) } else { self.pass.at };
        let mut since = Instant::now();
        let before = self.asked_before.replace(since);
        let (reply, asked) = match self.coming.take().filter(|coming| coming.offset == offset) {
            Some(coming) => {
                let asked = coming.asked;
                match coming.reply() {
                    Some((reply, took)) => {
                        since = Instant::now().checked_sub(took).unwrap_or(since);
                        (reply?, asked)
                    }
                    None => return Ok(None),
                }
            }
            None => (ask(&self.client, self.dialect, &self.query, self.paged.then_some((offset, asked)))?, asked),
        };
        let keeps_up = before.is_some_and(|before| before.elapsed() < KEEPS_UP);
        if keeps_up {
            self.ask_for_next(offset, asked);
        }
        self.request.clone_from(&reply.request);
        let stream = match self.spare.take() {
            Some(stream) => stream.followed_by(reply, &self.client.transport),
            None => Stream::new(reply, &self.client.transport),
        };
        let (turn, before) = (self.turn, self.pass.chain);
        let mut stream = stream.list_only();
        if self.ahead && asked > LONG {
            stream.read_ahead();
        }
        Ok(Some(Page { turn, stream, asked, got: 0, found: None, last: None, before, digest: 0, fresh: 0, since }))
    }

    /// Asks for the page behind one that has begun to arrive, if that is likely to be as long as asked for, and the
    /// caller keeps up: what nobody reads for long, servers cut off.
    fn ask_for_next(&mut self, offset: u32, asked: u32) {
        if self.paged && self.ahead && self.size.is_full() && self.turn == Turn::Overlap && asked > 1 {
            // The first card of each page was the last of the page before.
            let next = offset.saturating_add(asked - 1);
            let size = self.size.cards();
            let size = match self.left.map(|left| left.saturating_sub(asked - 1)) {
                Some(0) => return,
                left => left.map_or(size, |left| left.saturating_add(1).min(size)),
            };
            self.coming = Coming::start(&self.client, self.dialect, &self.query, next, size);
        }
    }

    /// Notes a card of a page; returns it where it may be handed out.
    fn take(&mut self, page: &mut Page, card: OwnedCardInfo) -> Result<Option<OwnedCardInfo>, Error> {
        let key = self.seen.key(card.view().id());
        self.note(page, Some(key));
        if !self.seen.insert(key) {
            return Ok(None);
        }
        (page.fresh, self.pass.fresh, self.broken) = (page.fresh + 1, self.pass.fresh + 1, 0);
        self.filters.check(&card, &self.request)?;
        if self.skip > 0 {
            self.skip -= 1;
            return Ok(None);
        }
        self.left = self.left.map(|left| left - 1);
        Ok(Some(card))
    }

    fn unreadable(&mut self, page: &mut Page) {
        self.note(page, None);
    }

    fn note(&mut self, page: &mut Page, key: Option<Key>) {
        self.received += 1;
        page.digest = Seen::mix(page.digest, key);
        page.last = key;
        if page.turn != Turn::First && page.found.is_none() && key == self.pass.last {
            page.found = Some(page.got);
            // What stands before it belongs to the pages before.
            self.pass.chain = page.before;
        } else {
            self.pass.chain = Seen::mix(self.pass.chain, key);
        }
        page.got += 1;
    }

    /// A page broke off: it is read on, within the limits of the client's retries.
    fn broke_off(&mut self, page: Page, error: cardwright_http::Error) -> Result<(), Error> {
        let again = matches!(error.code(), Code::Broken | Code::Timeout | Code::JsonEnd);
        self.broken += 1;
        if !again || !self.client.transport.pause(self.broken) {
            return Err(error.after(self.broken).into());
        }
        if !self.paged {
            self.turn = Turn::First;
        } else if page.got > 0 {
            match page.turn {
                Turn::First => self.move_on(&page, page.got, Turn::Overlap),
                Turn::Overlap => {
                    self.pass.shifted |= page.found != Some(0);
                    self.pass.gap |= page.found.is_none();
                    if page.got > 1 {
                        self.pass.probe = None;
                    }
                    self.move_on(&page, page.got - 1, Turn::Overlap);
                }
                // What stands behind the last card is read again.
                Turn::Beyond => self.pass.chain = page.before,
            }
        }
        self.spare = Some(page.stream);
        self.coming = None;
        self.size.reset();
        Ok(())
    }

    fn move_on(&mut self, page: &Page, cards: u32, turn: Turn) {
        self.pass.at = self.pass.at.saturating_add(cards);
        self.pass.last = page.last;
        self.turn = turn;
    }

    /// The end of a page: what comes next.
    fn turn_over(&mut self, page: Page) -> Result<(), Error> {
        let ms = page.since.elapsed().as_secs_f64() * 1e3;
        tracing::debug!(cards = page.got, offset = self.pass.at, asked = page.asked, ms, "read a page of a list");
        if !self.paged {
            self.end();
            return Ok(());
        }
        self.size.grow(page.got, page.asked, page.since.elapsed());
        self.same_page_again(&page)?;
        let next =
            if page.got <= 1 || page.got < page.asked && !self.pass.capped { Turn::Beyond } else { Turn::Overlap };
        let done = match (page.turn, page.got) {
            (Turn::First, 0) => true,
            (Turn::First, _) => {
                self.move_on(&page, page.got, next);
                self.pass.only_end = page.got < page.asked;
                false
            }
            (Turn::Beyond, 0) => {
                self.pass.probe = Some(Probe::Empty);
                self.turn = Turn::Overlap;
                self.purpose == Purpose::LookUp
            }
            (Turn::Beyond, len) => {
                self.pass.shifted |= page.found.is_some();
                self.pass.probe = Some(Probe::Cards { len, last: page.last });
                (self.pass.capped, self.turn) = (true, Turn::Overlap);
                // The overlap decides whether they belong here.
                self.pass.chain = page.before;
                self.purpose == Purpose::LookUp && page.fresh == 0
            }
            (Turn::Overlap, 0) => {
                (self.pass.shifted, self.pass.gap) = (true, true);
                self.pass.only_end &= matches!(self.pass.probe, Some(Probe::Empty));
                true
            }
            (Turn::Overlap, _) => self.overlap(&page, next),
        };
        self.spare = Some(page.stream);
        if !done {
            return Ok(());
        }
        self.end_pass()
    }

    /// The end of a page that should begin with the last card of the one before; returns whether it is the last one.
    fn overlap(&mut self, page: &Page, next: Turn) -> bool {
        let probe = self.pass.probe.take();
        match page.found {
            Some(0) if page.got == 1 => match probe {
                Some(Probe::Empty) => return true,
                Some(Probe::Cards { len, last }) => {
                    self.pass.at = self.pass.at.saturating_add(len);
                    (self.pass.last, self.turn) = (last, Turn::Beyond);
                    self.pass.chain = Seen::mix(self.pass.chain, last);
                }
                None => self.turn = Turn::Beyond,
            },
            found => {
                self.pass.shifted |= found != Some(0);
                self.pass.gap |= found.is_none();
                self.pass.only_end = false;
                // It was the end, and the end has moved: another pass will tell.
                if found.is_none() && matches!(probe, Some(Probe::Empty)) {
                    return true;
                }
                let turn = if found == Some(page.got - 1) { Turn::Beyond } else { next };
                self.move_on(page, page.got - 1, turn);
            }
        }
        false
    }

    /// A server that ignores `offset` sends the same page again and again.
    fn same_page_again(&mut self, page: &Page) -> Result<(), Error> {
        if page.got == 0 {
            return Ok(());
        }
        let (digest, times) = self.page_before;
        // The last card alone, once behind and once before its end, is how a list ends.
        let ends = page.got == 1 && page.found == Some(0) && page.turn == Turn::Overlap;
        let same = digest == page.digest && page.turn != Turn::First && !ends;
        if !ends {
            self.page_before = (page.digest, if same { times + 1 } else { 0 });
        }
        let again = same && (page.got > 1 || times > 0) && self.purpose != Purpose::LookUp;
        // Cards without end that were all seen.
        let (each, besides) = REPEATS;
        if again {
            return Err(self.unexpected("the server ignores offset: it sends the same page again"));
        }
        if self.received > self.seen.count().saturating_mul(each).saturating_add(besides) || self.pass.at == u32::MAX {
            return Err(self.unexpected("the list has no end: its pages bring the same cards again and again"));
        }
        Ok(())
    }

    /// The end of a pass: of the list, too, if no shift was seen, or if the pass before saw the very same.
    fn end_pass(&mut self) -> Result<(), Error> {
        let pass = std::mem::replace(&mut self.pass, Pass { at: self.base, ..Pass::default() });
        let same = self.pass_before.replace(pass.chain) == Some(pass.chain) && (!pass.gap || pass.only_end);
        if !pass.shifted || same || self.purpose == Purpose::LookUp {
            self.end();
            return Ok(());
        }
        self.fruitless = if pass.fresh > 0 { 0 } else { self.fruitless + 1 };
        self.passes += 1;
        if self.fruitless >= FRUITLESS || self.passes >= PASSES {
            return Err(self.unexpected("the list changes faster than it can be read"));
        }
        tracing::debug!(cards = self.seen.count(), "the list shifted while it was read: it is read again");
        if self.fruitless > 0 {
            let limit = self.client.settling.limit;
            // The next page tells of a client that was canceled.
            self.client.transport.canceler().wait((limit / 64).saturating_mul(1 << self.fruitless.min(16)).min(limit));
        }
        (self.turn, self.page_before, self.coming) = (Turn::First, (0, 0), None);
        Ok(())
    }

    fn unexpected(&self, words: &str) -> Error {
        Error::unexpected(&self.request, words)
    }
}
