//! What is wrong with what a client said of a card.

use super::task::Said;

/// The truth about one card, as far as a client is judged by it.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    /// Whether the truth is what the operation leads to.
    pub(super) done: bool,
    /// The truth, in words.
    pub(super) truth: String,
    /// How often the operation arrived.
    pub(super) arrived: usize,
    /// How often the server answered that it is to be sent again.
    pub(super) busy: usize,
    /// Whether it may be sent again whatever came back.
    pub(super) repeatable: bool,
    /// Whether the server refused it.
    pub(super) refused: bool,
    /// Whether the server said that it is carried out.
    pub(super) succeeded: bool,
    /// Whether a request of MIM CM waits for somebody.
    pub(super) waits: bool,
    /// The ends that the script allows; none for any.
    pub(super) allowed: &'static [Said],
    /// Whether the client was to read the card again.
    pub(super) verify: bool,
    /// What a client must never do, and did.
    pub(super) wrongs: Vec<String>,
}

/// What is wrong with what a client said, or with a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judgement {
    /// What must never be.
    pub wrong: Vec<String>,
    /// What a client with enough time would not have missed. A client that had to wait for the processor may.
    pub missed: Vec<String>,
}

impl Judgement {
    /// Whether all is well.
    pub fn is_well(&self) -> bool {
        self.wrong.is_empty() && self.missed.is_empty()
    }
}

/// Judges what a client said of a card.
pub(super) fn judge(facts: &Facts, said: Said) -> Judgement {
    let mut wrong = facts.wrongs.clone();
    let mut never = |holds: bool, words: &str| {
        if !holds {
            wrong.push(format!("{:?} where {words}; {}", said.word(), facts.truth));
        }
    };
    match said {
        Said::Done => never(facts.done, "the truth is not so"),
        Said::NotSent => never(facts.arrived == 0, "the request arrived"),
        Said::NotBegun => never(facts.arrived == 0, "the operation arrived"),
        Said::Refused => never(facts.refused, "the server refused nothing"),
        Said::AwaitingApproval => never(facts.waits, "no request waits"),
        Said::Accepted => {
            never(!facts.verify && facts.succeeded, "the server did not say so, or its word is not enough")
        }
        Said::Unknown => {}
    }
    never(facts.repeatable || facts.arrived <= 1 + facts.busy, "the operation was sent again without need");
    let may = facts.allowed.is_empty() || facts.allowed.contains(&said);
    let words: Vec<&str> = facts.allowed.iter().map(|said| said.word()).collect();
    let missed = format!("{:?} where only {words:?} is right; {}", said.word(), facts.truth);
    Judgement { wrong, missed: if may { Vec::new() } else { vec![missed] } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(facts: &Facts, said: Said) -> usize {
        let Judgement { wrong, missed } = judge(facts, said);
        wrong.len() + missed.len()
    }

    #[test]
    fn done_needs_the_truth_and_not_sent_that_nothing_arrived() {
        let facts = Facts { arrived: 1, verify: true, ..Facts::default() };
        assert_eq!((wrong(&facts, Said::Done), wrong(&facts, Said::NotSent), wrong(&facts, Said::Unknown)), (1, 1, 0));
        assert_eq!(
            (wrong(&facts, Said::Refused), wrong(&facts, Said::Accepted), wrong(&facts, Said::NotBegun)),
            (1, 1, 1)
        );
        let facts = Facts { done: true, refused: true, waits: true, ..Facts::default() };
        for said in [Said::Done, Said::NotSent, Said::Refused, Said::AwaitingApproval] {
            assert_eq!(wrong(&facts, said), 0, "{said:?}");
        }
    }

    #[test]
    fn a_client_that_always_says_unknown_is_wrong_too() {
        let facts = Facts { done: true, arrived: 1, allowed: &[Said::Done], ..Facts::default() };
        assert_eq!((wrong(&facts, Said::Unknown), wrong(&facts, Said::Done)), (1, 0));
    }

    #[test]
    fn what_was_sent_twice_without_need_is_wrong() {
        let facts = Facts { arrived: 2, ..Facts::default() };
        assert_eq!(wrong(&facts, Said::Unknown), 1);
        assert_eq!(wrong(&Facts { busy: 1, ..facts.clone() }, Said::Unknown), 0);
        assert_eq!(wrong(&Facts { repeatable: true, ..facts }, Said::Unknown), 0);
    }
}
