//! What may go otherwise for a terminal: cards and answers that differ, what it must print then, and what it may send.

/// One way in which it goes otherwise.
pub(super) struct Case {
    pub(super) why: &'static str,
    /// The files that differ.
    pub(super) changes: &'static [(&'static str, Change)],
    /// How many of the three requests are sent: the look-up, the operation, the look afterwards.
    pub(super) sent: usize,
    /// The lines after that which says what is looked for; done only where the last one is `done`.
    pub(super) printed: &'static [&'static str],
}

/// How a file differs from that of the folder.
#[derive(Clone, Copy)]
pub(super) enum Change {
    /// The second text stands in place of the first.
    Replaced(&'static str, &'static str),
    /// This number of bytes is missing at the end, or all.
    Cut(usize),
    /// The whole file is another.
    Is(&'static str),
}

use Change::{Cut, Is, Replaced};

const OURS: &str = "card 1013, Issued";
const OTHERS: &str = "other cards: 2";
const SUSPEND: &str = "suspend: Issued to Disabled, documented";
const ON_HOLD: &str = "card 1013, Disabled";
const STILL_ISSUED: &str = "unknown: the card is Issued now";
const NOT_READ: &str = "unknown: the card cannot be read again";
const TWO: &str = "two cards have this serial number";

/// An answer to the operation that never came: the server has closed the connection.
const LOST: (&str, Change) = ("done.http", Cut(usize::MAX));
/// What a server, or what stands in front of it, sends where it wants somebody to sign in.
const SIGN_IN: Change = Is("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 52\r\n\r\n\
     <!DOCTYPE html><html><body>Sign in, please.</body>\r\n");
const ISSUED_AGAIN: (&str, Change) = ("again.http", Replaced("\"Disabled\"", "\"Issued\""));
const FAILED_AGAIN: (&str, Change) = ("again.http", Replaced("200 OK", "500 Failed"));
/// Two records with the serial number of the card, in two spellings.
const TWO_OURS: (&str, Change) = ("reply.http", Replaced("\"02A1B3D7\"", "\"{d1ef6869-5517-42a0-8f05-16ca1a0b834d}\""));

/// A list of a server that ignores what it is asked for.
macro_rules! list {
    ($($card:literal),*) => {
        Is(concat!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n[", list!(@ $($card),*), "]"))
    };
    (@ $first:literal $(, $card:literal)*) => { concat!($first $(, ",", $card)*) };
    (@) => { "" };
}

/// The three requests are sent, and after these cards the last line is that.
macro_rules! looked_again {
    ($why:literal, [$($change:expr),*], $($line:expr),+) => {
        Case {
            why: $why,
            changes: &[$($change),*],
            sent: 3,
            printed: &[OURS, OTHERS, SUSPEND, $($line),+],
        }
    };
}

/// Nothing but the look-up is sent.
macro_rules! nothing_sent {
    ($why:literal, [$($change:expr),*], $($line:expr),+) => {
        Case { why: $why, changes: &[$($change),*], sent: 1, printed: &[$($line),+] }
    };
}

pub(super) const CASES: &[Case] = &[
    // Which record is the card's.
    nothing_sent!("no record", [("reply.http", list!())], "no such card"),
    nothing_sent!(
        "the filter ignored, with others' cards alone",
        [("reply.http", Replaced("D1EF6869-", "D1EF6868-"))],
        "other cards: 3",
        "no such card"
    ),
    nothing_sent!("two records, among others", [TWO_OURS], OURS, "card 1014, Revoked", "other cards: 1", TWO),
    nothing_sent!(
        "two records and no other, in one spelling",
        [(
            "reply.http",
            list!(
                r#"{"id":1013,"serialNumber":"6968EFD11755A0428F0516CA1A0B834D","state":"Issued"}"#,
                r#"{"id":2013,"serialNumber":"6968EFD11755A0428F0516CA1A0B834D","state":"Issued"}"#
            )
        )],
        OURS,
        "card 2013, Issued",
        TWO
    ),
    nothing_sent!(
        "three records, the first one twice",
        [(
            "reply.http",
            list!(
                r#"{"id":1013,"serialNumber":"6968EFD11755A0428F0516CA1A0B834D","state":"Issued"}"#,
                r#"{"id":1013,"serialNumber":"6968EFD11755A0428F0516CA1A0B834D","state":"Issued"}"#,
                r#"{"id":7,"serialNumber":"d1ef6869-5517-42a0-8f05-16ca1a0b834d","state":"Revoked"}"#,
                r#"{"id":8,"serialNumber":"6968efd11755a0428f0516ca1a0b834d","state":"Issued"}"#
            )
        )],
        OURS,
        OURS,
        "card 7, Revoked",
        "card 8, Issued",
        TWO
    ),
    Case {
        why: "one record that a list shows twice",
        changes: &[(
            "reply.http",
            list!(
                r#"{"id":1013,"serialNumber":"6968EFD11755A0428F0516CA1A0B834D","state":"Issued"}"#,
                r#"{"id":1014,"serialNumber":"02A1B3D7","state":"Issued"}"#,
                r#"{"id":1013,"serialNumber":"6968EFD11755A0428F0516CA1A0B834D","state":"Issued"}"#
            ),
        )],
        sent: 3,
        printed: &[OURS, OURS, "other cards: 1", SUSPEND, ON_HOLD, "done"],
    },
    nothing_sent!(
        "the list broken off, after the record",
        [("reply.http", Cut(5))],
        OURS,
        "the connection broke at 648: "
    ),
    nothing_sent!(
        "a page to sign in, and no list",
        [("reply.http", SIGN_IN)],
        "a JSON value of another type than expected at 0: "
    ),
    nothing_sent!("the look-up lost", [("reply.http", Cut(usize::MAX))], "the connection broke at 0: "),
    // What became of the operation.
    Case {
        why: "the operation refused",
        changes: &[("done.http", Replaced("200 OK", "409 Conflict"))],
        sent: 2,
        printed: &[OURS, OTHERS, SUSPEND, "the server says 409"],
    },
    looked_again!("the answer lost, the card on hold", [LOST], ON_HOLD, "done"),
    looked_again!("the answer lost, the card as before", [LOST, ISSUED_AGAIN], OURS, STILL_ISSUED),
    looked_again!("the answer lost, the card not read", [LOST, FAILED_AGAIN], NOT_READ),
    looked_again!("the answer lost, and all after it", [LOST, ("again.http", Cut(usize::MAX))], NOT_READ),
    looked_again!(
        "the answer broken off, the card as before",
        [("done.http", Cut(30)), ISSUED_AGAIN],
        OURS,
        STILL_ISSUED
    ),
    looked_again!("the server failed, and did it", [("done.http", Replaced("200 OK", "500 Failed"))], ON_HOLD, "done"),
    looked_again!(
        "the server failed, and did nothing",
        [("done.http", Replaced("200 OK", "500 Failed")), ISSUED_AGAIN],
        OURS,
        STILL_ISSUED
    ),
    looked_again!("a page to sign in, the card on hold", [("done.http", SIGN_IN)], ON_HOLD, "done"),
    looked_again!("a page to sign in, the card as before", [("done.http", SIGN_IN), ISSUED_AGAIN], OURS, STILL_ISSUED),
    looked_again!("pages to sign in", [("done.http", SIGN_IN), ("again.http", SIGN_IN)], NOT_READ),
    looked_again!(
        "sent elsewhere, the card as before",
        [("done.http", Replaced("200 OK", "302 Found")), ISSUED_AGAIN],
        OURS,
        STILL_ISSUED
    ),
    looked_again!(
        "accepted for later",
        [("done.http", Is("HTTP/1.1 202 Accepted\r\nContent-Length: 15\r\n\r\n{\"queued\":true}")), ISSUED_AGAIN],
        OURS,
        STILL_ISSUED
    ),
    looked_again!("done, says the server", [ISSUED_AGAIN], OURS, STILL_ISSUED),
    looked_again!("not read again", [FAILED_AGAIN], NOT_READ),
    looked_again!("another card", [("again.http", Replaced("1013", "1014"))], "card 1014, Disabled", NOT_READ),
    looked_again!(
        "two cards of the number, by now",
        [(
            "again.http",
            list!(
                r#"{"id":1013,"serialNumber":"6968EFD11755A0428F0516CA1A0B834D","state":"Disabled"}"#,
                r#"{"id":2013,"serialNumber":"6968EFD11755A0428F0516CA1A0B834D","state":"Disabled"}"#
            )
        )],
        ON_HOLD,
        "card 2013, Disabled",
        NOT_READ
    ),
];
