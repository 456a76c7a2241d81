//! What a server does otherwise than it should: the parts that the scripts of both systems are made of.
//!
//! Nothing here depends on the clock but [`Carry::AfterMillis`] and delays: the others count requests, so that a
//! seed goes wrong in the same way in each run.

use super::random::Random;
use super::task::SETTLE;
use super::wire::Reply;
use std::time::Duration;

/// Whether and when a change is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Carry {
    Now,
    Never,
    /// Once the card was read this often since.
    AfterReads(u32),
    /// This number of milliseconds after it was asked for.
    AfterMillis(u64),
    /// Now, but something else: the card gets another state.
    Otherwise(&'static str),
}

/// More reads than a client makes until it settles.
pub(super) const TOO_MANY: u32 = 400;

/// The body of an answer that should have none, or another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    /// What the vendor documents.
    Documented,
    SignInPage,
    ErrorObject,
    Null,
    /// Another card's record, in the state that the operation leads to.
    OtherCard,
    /// A problem, as ASP.NET writes it.
    Problem,
}

/// What is said of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Status {
        status: u16,
        body: Body,
        retry_after: Option<u32>,
    },
    /// A redirect to the same operation on another card.
    Redirect(u16),
    /// The connection ends without a byte.
    Lost,
    /// It ends within the head.
    HalfHead,
    /// It ends within the body.
    HalfBody,
}

impl Answer {
    pub(super) const fn of(status: u16, body: Body) -> Self {
        Answer::Status { status, body, retry_after: None }
    }

    /// The status, where there is one.
    pub(super) fn status(self) -> Option<u16> {
        match self {
            Answer::Status { status, .. } | Answer::Redirect(status) => Some(status),
            _ => None,
        }
    }

    /// Whether the server says that it will not do it.
    pub(super) fn refuses(self) -> bool {
        self.status().is_some_and(refuses)
    }

    /// Whether the server is busy, so that it may be asked again later.
    pub(super) fn is_busy(self) -> bool {
        matches!(self.status(), Some(429 | 503))
    }

    /// Whether the server says when to ask again, and means at once.
    pub(super) fn asks_again(self) -> bool {
        matches!(self, Answer::Status { status: 429 | 503, retry_after: Some(0), .. })
    }

    /// The same, or 201: success without a word of something else.
    pub(super) fn is_plain_success(self) -> bool {
        self.documented() || self == Answer::of(201, Body::Documented)
    }

    /// Whether the server says that it is done, and nothing else.
    pub(super) fn documented(self) -> bool {
        matches!(self, Answer::Status { status: 200 | 204, body: Body::Documented, .. })
    }
}

/// Whether a status says that the operation will not be carried out.
pub(super) fn refuses(status: u16) -> bool {
    (400..500).contains(&status) && !matches!(status, 408 | 429)
}

/// What happens when a change is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Act {
    pub(super) carry: Carry,
    pub(super) answer: Answer,
    /// Milliseconds before the answer.
    pub(super) delay: u64,
}

impl Act {
    pub(super) const fn honest(status: u16) -> Self {
        Act { carry: Carry::Now, answer: Answer::of(status, Body::Documented), delay: 0 }
    }

    pub(super) fn is_honest(self) -> bool {
        self.carry == Carry::Now && self.answer.documented()
    }

    /// Another answer, carried out or not. `alone`: also one that stops a bulk run.
    pub(super) fn answered_otherwise(&mut self, random: &mut Random, alone: bool) {
        let success = random.pick(&[200, 200, 200, 201, 202, 202, 204, 207]);
        let wrong = random.pick(&[Body::SignInPage, Body::ErrorObject, Body::Null, Body::OtherCard]);
        let refusal = random.pick(&[400, 403, 403, 404, 405, 409, 409, 410, 422]);
        let failure = random.pick(&[408, 429, 500, 500, 502, 503, 504]);
        let body = random.pick(&[Body::Documented, Body::Problem, Body::Problem, Body::SignInPage]);
        self.answer = match random.below(13) {
            0 => Answer::of(success, Body::Documented),
            1 | 2 => Answer::of(if success == 204 { 200 } else { success }, wrong),
            // A page under 404 says that the base is wrong: that stops a run too.
            3 | 4 if body == Body::SignInPage && !alone => Answer::of(refusal, Body::Problem),
            3 | 4 => Answer::of(refusal, body),
            5 if alone => Answer::of(401, body),
            5 | 6 => Answer::of(failure, body),
            7 => {
                let retry_after = if alone { random.pick(&[0, 3600]) } else { 0 };
                Answer::Status { status: random.pick(&[429, 503]), body, retry_after: Some(retry_after) }
            }
            8 => Answer::Redirect(random.pick(&[301, 302, 303, 307, 308])),
            9 | 10 => Answer::Lost,
            11 => Answer::HalfHead,
            _ => Answer::HalfBody,
        };
        let carried = if self.answer.refuses() { 15 } else { 50 };
        self.carry = if random.percent(carried) { Carry::Now } else { Carry::Never };
    }

    /// Carried out late, never, or otherwise. `others`: states that the card may get instead.
    pub(super) fn carried_otherwise(&mut self, random: &mut Random, others: &[&'static str]) {
        self.carry = match random.below(8) {
            0 | 1 => Carry::Never,
            2 | 3 => Carry::AfterReads(random.pick(&[1, 1, 2])),
            4 => Carry::AfterReads(TOO_MANY),
            5 => Carry::AfterMillis(random.pick(&[1, 5, 20, 50, SETTLE, 2 * SETTLE])),
            _ => Carry::Otherwise(random.pick(others)),
        };
    }

    /// Whether what the client sees depends on how fast it is.
    pub(super) fn races(self) -> bool {
        matches!(self.carry, Carry::AfterMillis(_) | Carry::AfterReads(2))
    }

    /// The answer's bytes. `documented` is the body that the vendor documents, `other` another card's record, and
    /// `elsewhere` where a redirect leads.
    pub(super) fn reply(self, documented: &str, other: &str, elsewhere: &str) -> Reply {
        let reply = match self.answer {
            Answer::Lost => Reply::none(),
            Answer::HalfHead => Reply::broken(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Le".to_vec()),
            Answer::HalfBody => Reply::broken(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{\"i".to_vec(),
            ),
            Answer::Redirect(status) => Reply::with(status, "", &[&format!("Location: {elsewhere}")]),
            Answer::Status { status, body, retry_after } => {
                let text = match body {
                    Body::Documented if (200..300).contains(&status) => documented,
                    Body::Documented => "",
                    Body::SignInPage => SIGN_IN_PAGE,
                    Body::ErrorObject => r#"{"error":"The card is locked by a task."}"#,
                    Body::Null => "null",
                    Body::OtherCard => other,
                    Body::Problem => r#"{"title":"no for today","detail":"the model says so"}"#,
                };
                let text = if status == 204 { "" } else { text };
                match retry_after {
                    Some(seconds) => Reply::with(status, text, &[&format!("Retry-After: {seconds}")]),
                    None => Reply::new(status, text),
                }
            }
        };
        reply.after(Duration::from_millis(self.delay))
    }
}

/// How a card reads once an operation on it arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reads {
    Honest,
    /// As it was before, so often; then as it is.
    Stale(u32),
    /// Not, so often; then as it is.
    Fails(u32, Failure),
    /// Not any more.
    Refused(Failure),
    /// Another card's record, in the state that the operation leads to.
    OtherCard,
    /// Its id belongs to another card by now: another serial number, in the state that the operation leads to.
    OtherSerial,
    /// Its id belongs to another user's card by now, in the state that the operation leads to.
    OtherHolder,
    /// Its state is this JSON.
    State(&'static str),
    /// It is not there any more.
    Gone,
}

/// Why a read fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    Status(u16),
    /// 429 with `Retry-After: 0`.
    Busy,
    SignInPage,
    Null,
    Empty,
    Cut,
    Closed,
}

impl Failure {
    /// The answer to a read whose right answer is `right`.
    pub(super) fn reply(self, right: &str) -> Reply {
        match self {
            Failure::Status(status) => Reply::new(status, r#"{"detail":"not for you"}"#),
            Failure::Busy => Reply::with(429, "", &["Retry-After: 0"]),
            Failure::SignInPage => Reply::new(200, SIGN_IN_PAGE),
            Failure::Null => Reply::new(200, "null"),
            Failure::Empty => Reply::new(200, ""),
            Failure::Cut => Reply::new(200, right).cut(right.len() / 2 + 1),
            Failure::Closed => Reply::none(),
        }
    }

    pub(super) fn transient(random: &mut Random) -> Self {
        random.pick(&[Failure::Status(500), Failure::Status(503), Failure::Busy, Failure::Cut, Failure::Closed])
    }
}

impl Reads {
    pub(super) fn otherwise(random: &mut Random, alone: bool) -> Self {
        match random.below(14) {
            0 | 1 => Reads::Stale(random.pick(&[1, 1, 2])),
            2 => Reads::Stale(TOO_MANY),
            3 | 4 => Reads::Fails(random.pick(&[1, 1, 2]), Failure::transient(random)),
            5 if alone => Reads::Refused(Failure::Status(401)),
            5 | 6 => Reads::Refused(Failure::Status(random.pick(&[403, 403, 500]))),
            7 => Reads::Refused(random.pick(&[
                Failure::SignInPage,
                Failure::Null,
                Failure::Empty,
                Failure::Cut,
                Failure::Closed,
            ])),
            8 => Reads::OtherCard,
            9 | 10 => Reads::OtherSerial,
            11 => Reads::OtherHolder,
            12 => Reads::Gone,
            _ => Reads::State(random.pick(&["\"Frozen\"", "null", "77", "\"\"", "{}"])),
        }
    }

    /// Whether the truth shows before the client has read too often.
    pub(super) fn show_the_truth(self) -> bool {
        match self {
            Reads::Honest => true,
            Reads::Stale(reads) | Reads::Fails(reads, _) => reads < TOO_MANY,
            _ => false,
        }
    }

    /// Whether it depends on the client's time if the truth shows.
    pub(super) fn race(self) -> bool {
        matches!(self, Reads::Stale(2) | Reads::Fails(2, _))
    }
}

pub(super) const SIGN_IN_PAGE: &str = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form \
                                action=\"/adfs/ls\"><input name=\"id\" value=\"1\"></form></body></html>";

#[cfg(test)]
mod tests {
    use super::*;

    fn text(act: Act) -> String {
        String::from_utf8(act.reply("", r#"{"id":2}"#, "/else").bytes).expect("text")
    }

    #[test]
    fn an_answer_is_what_the_script_says() {
        let act = |answer| Act { carry: Carry::Never, answer, delay: 0 };
        assert!(text(act(Answer::of(200, Body::SignInPage))).contains("Sign in"));
        assert!(text(act(Answer::of(200, Body::OtherCard))).ends_with(r#"{"id":2}"#));
        assert!(text(act(Answer::Redirect(307))).contains("\r\nLocation: /else\r\n"));
        assert!(text(act(Answer::HalfHead)).ends_with("Content-Le"));
        assert_eq!(text(act(Answer::Lost)), "");
        assert!(text(Act::honest(200)).ends_with("Content-Length: 0\r\n\r\n"));
    }

    #[test]
    fn a_refusal_is_a_4xx_but_a_timeout_and_a_request_to_wait_are_none() {
        assert!([400, 401, 403, 404, 409, 422].into_iter().all(refuses));
        assert!(![200, 302, 408, 429, 500, 503].into_iter().any(refuses));
    }

    #[test]
    fn every_way_to_go_wrong_occurs() {
        let random = &mut Random::new(1, 1);
        let mut answers = std::collections::HashSet::new();
        let mut reads = std::collections::HashSet::new();
        for _ in 0..3_000 {
            let mut act = Act::honest(200);
            act.answered_otherwise(random, true);
            answers.insert(act.answer.status());
            reads.insert(format!("{:?}", Reads::otherwise(random, true)));
        }
        println!("{} statuses, {} ways to read", answers.len(), reads.len());
        assert!(answers.len() >= 25 && reads.len() >= 24);
    }
}
