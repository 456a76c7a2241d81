//! The processing of one card in a bulk run.
//!
//! While a card is in doubt (its operation was sent, and the result is not known) nothing is sent
//! but reads of it, unless the operation may be repeated.

use super::Stopped;
use super::gate::Passage;
use super::steps::Steps;
use super::table::{Card, Fate, Standing};
use super::way::{Next, Way, Work};
use std::time::Duration;

/// How often the server may ask to wait for a card before that counts as a failure.
const PATIENCE: u32 = 100;

impl<'w> Work<'w> {
    /// Takes a card to its end, or leaves it to be resumed where the run stops.
    pub(super) fn card(self, client: &dyn Steps, n: usize, card: &'w Card, standing: &Standing) -> Standing {
        let now = standing.clone();
        let ambiguous = now.doubt;
        let mut way = Way { work: self, n, card, now, ambiguous, refusal: None, last: None, sent: 0 };
        way.go(client);
        way.now
    }
}

impl Way<'_> {
    fn go(&mut self, client: &dyn Steps) {
        let Work { gate, settings, .. } = self.work;
        let (mut tries, mut waits) = (0u32, 0u32);
        loop {
            if !gate.enter() {
                return self.put_back(client);
            }
            let next = client.attempt(self);
            gate.leave(match &next {
                Next::End => Passage::Good,
                Next::Busy(error) => Passage::Busy(error.retry_after()),
                Next::Again(_) | Next::Stop(..) => Passage::Bad,
            });
            let error = match next {
                Next::End => return self.write_end(),
                Next::Stop(why, error) => {
                    gate.stop(why, Some(error));
                    continue;
                }
                Next::Busy(error) => {
                    waits += 1;
                    error
                }
                Next::Again(error) => {
                    tries += 1;
                    // The first look is at once: most answers are lost after the work was done.
                    if tries > 1 {
                        gate.rest(Duration::from_millis(20 << tries.min(7)));
                    }
                    error
                }
            };
            // Each attempt may need a second look at the card.
            if tries >= settings.attempts.saturating_mul(2).max(2) || waits >= PATIENCE {
                // A request of MIM CM stays open until it is ended.
                let open = self.now.doubt || self.now.request().is_some();
                self.fail(if open { Fate::Unknown } else { Fate::Failed }, error);
                return self.write_end();
            }
            self.last = Some(error);
        }
    }

    /// The run stops: the journal holds what is known, and the next run resumes from there. A card in
    /// doubt is read once more if the run was canceled and the server is reachable.
    fn put_back(&mut self, client: &dyn Steps) {
        let repeatable = self.work.job.operation.facts().repeatable;
        let unreachable = matches!(
            self.work.gate.stopped(),
            Some(Stopped::Unreachable | Stopped::SignIn | Stopped::Busy | Stopped::Journal)
        );
        let in_doubt = self.now.doubt && self.sent > 0 && !repeatable;
        if in_doubt
            && !unreachable
            && let Some(read) = client.look_again(self.card)
            && let Some(Next::End) = self.settle(read)
        {
            return self.write_end();
        }
        self.now.fate = match (self.now.fate, self.now.request()) {
            (Fate::AwaitingApproval, _) => Fate::AwaitingApproval,
            _ if self.now.doubt => Fate::Unknown,
            (_, Some(_)) => Fate::Unknown,
            _ => Fate::Planned,
        };
    }
}
