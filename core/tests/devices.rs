//! Requests to, and replies from, devices of `embedded-io` that take and give what they like.

use core::fmt;
use std::collections::VecDeque;

use cardwright_core::certiflow::{Call, CardInfo, Dialect, Query};
use cardwright_core::http::{self, Incoming, IoError, ReplyPart, Site};
use cardwright_core::json::{self, Elements};
use cardwright_core::{Code, Error};
use embedded_io::{ErrorKind, ErrorType, Read, Write};

const REPLY: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n\
    12\r\n[{\"id\":\"1013\",\"sta\r\n1C\r\nte\":\"Issued\"},{\"id\":\"1014\"}]\r\n0\r\n\r\n";

/// A modem: how many bytes it takes and gives at once, and where it hangs up.
#[derive(Debug, Default)]
struct Modem {
    at_once: usize,
    to_come: VecDeque<u8>,
    sent: Vec<u8>,
    flushed: usize,
    /// After this number of bytes, either way.
    breaks: Option<usize>,
    moved: usize,
}

/// What a modem says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct NoCarrier(u8);

impl fmt::Display for NoCarrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NO CARRIER {}", self.0)
    }
}

impl core::error::Error for NoCarrier {}

impl embedded_io::Error for NoCarrier {
    fn kind(&self) -> ErrorKind {
        ErrorKind::ConnectionReset
    }
}

impl ErrorType for Modem {
    type Error = NoCarrier;
}

impl Modem {
    fn giving(reply: &[u8], at_once: usize, breaks: Option<usize>) -> Modem {
        Modem { at_once, to_come: reply.iter().copied().collect(), breaks, ..Modem::default() }
    }

    fn room(&mut self, wanted: usize) -> Result<usize, NoCarrier> {
        let left = self.breaks.map_or(usize::MAX, |breaks| breaks - self.moved);
        if left == 0 {
            return Err(NoCarrier(7));
        }
        let moved = wanted.min(self.at_once).min(left);
        self.moved += moved;
        Ok(moved)
    }
}

impl Read for Modem {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, NoCarrier> {
        let room = self.room(buffer.len().min(self.to_come.len()))?;
        for place in &mut buffer[..room] {
            *place = self.to_come.pop_front().expect("there are as many");
        }
        Ok(room)
    }
}

impl Write for Modem {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, NoCarrier> {
        let room = self.room(bytes.len())?;
        self.sent.extend(&bytes[..room]);
        Ok(room)
    }

    fn flush(&mut self) -> Result<(), NoCarrier> {
        self.flushed += 1;
        Ok(())
    }
}

#[derive(Debug)]
enum Trouble {
    Core(Error),
    Modem(NoCarrier),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Trouble::Core(error)
    }
}

impl From<IoError<NoCarrier>> for Trouble {
    fn from(error: IoError<NoCarrier>) -> Self {
        match error {
            IoError::Device(error) => Trouble::Modem(error),
            IoError::Core(error) => Trouble::Core(error),
            other => panic!("{other}"),
        }
    }
}

/// The ids of a list.
fn ids(modem: &mut Modem, piece: usize) -> Result<Vec<String>, Trouble> {
    let mut reply = Incoming::new(modem, [0; 128], vec![0; piece]);
    let mut elements = Elements::new([0; 64]);
    let (mut ids, mut ended) = (Vec::new(), false);
    while reply.receive()? {
        while let Some(part) = reply.next()? {
            match part {
                ReplyPart::Status(status) => assert_eq!(status, 200),
                ReplyPart::Body(mut body) => {
                    while let Some(element) = elements.next(&mut body)? {
                        ids.push(json::from_slice::<CardInfo<'_>>(element.json)?.id().to_string());
                    }
                }
                ReplyPart::End => ended = true,
                _ => {}
            }
        }
    }
    elements.finish()?;
    assert!(ended && !reply.receive()? && reply.next()?.is_none(), "what has ended stays so");
    Ok(ids)
}

#[test]
fn a_reply_is_read_in_pieces_of_any_size() {
    for at_once in [1, 2, 3, 7, 64, 1000] {
        for piece in [1, 2, 16, 1000] {
            let mut modem = Modem::giving(REPLY, at_once, None);
            assert_eq!(ids(&mut modem, piece).expect("it is whole"), ["1013", "1014"], "{at_once} {piece}");
        }
    }
    let mut slice = REPLY;
    let mut reply = Incoming::new(&mut slice, [0; 128], [0; 9]);
    let mut body: Vec<u8> = Vec::new();
    while reply.receive().expect("a slice has no errors") {
        while let Some(part) = reply.next().expect("it is a reply") {
            if let ReplyPart::Body(bytes) = part {
                body.extend(bytes);
            }
        }
    }
    assert_eq!(body.len(), 0x12 + 0x1C);
}

#[test]
fn a_device_that_gives_up_is_heard_at_every_byte() {
    for breaks in 0..REPLY.len() {
        for at_once in [1, 50] {
            let mut modem = Modem::giving(REPLY, at_once, Some(breaks));
            let trouble = ids(&mut modem, 20).expect_err("it is not whole");
            assert!(matches!(trouble, Trouble::Modem(NoCarrier(7))), "{breaks}: {trouble:?}");
        }
        // The line is closed, in good order, before the end.
        let trouble = ids(&mut Modem::giving(&REPLY[..breaks], 50, None), 20).expect_err("it is not whole");
        assert!(matches!(trouble, Trouble::Core(error) if error.code == Code::Broken), "{breaks}: {trouble:?}");
    }
    let no_room = ids(&mut Modem::giving(REPLY, 50, None), 0).expect_err("there is no room");
    assert!(matches!(no_room, Trouble::Core(error) if error.code == Code::Room), "{no_room:?}");
}

#[test]
fn no_byte_of_the_next_reply_is_read() {
    let mut modem = Modem::giving(&[REPLY, REPLY].concat(), 1, None);
    for left in [REPLY.len(), 0] {
        assert_eq!(ids(&mut modem, 1).expect("it is whole"), ["1013", "1014"]);
        assert_eq!(modem.to_come.len(), left);
    }
}

#[test]
fn a_request_is_sent_whole_or_the_device_says_why_not() {
    let serial = "{d1ef6869-5517-42a0-8f05-16ca1a0b834d}";
    let query = Query { serial_number: Some(serial), user_name: Some("Jürgen Müller"), ..Query::default() };
    let call = Call::Cards(query).in_dialect(Dialect::G7).expect("the dialect has it");
    let password = "a long password ".repeat(6);
    let site =
        Site::new("cm.example", "/certiflow/api").and_then(|site| site.with_basic("a", &password)).expect("a site");
    let mut buffer = [0; 512];
    let message = http::message_to(&call, &site, &mut buffer).expect("there is room").as_bytes().to_vec();
    assert!(message.len() > 2 * 128, "it is more than two pieces: {}", message.len());
    for at_once in [1, 5, 128, 1000] {
        let mut modem = Modem::giving(&[], at_once, None);
        http::send(&call, &site, &mut modem).expect("it takes all");
        assert_eq!((modem.sent == message, modem.flushed), (true, 1), "{at_once}");
        for breaks in 0..message.len() {
            let mut modem = Modem::giving(&[], at_once, Some(breaks));
            let error = http::send(&call, &site, &mut modem).expect_err("it hangs up");
            assert_eq!(error, IoError::Device(NoCarrier(7)), "{breaks}");
            assert_eq!((modem.sent.as_slice(), modem.flushed), (&message[..breaks], 0));
        }
    }
    let mut full = Modem::giving(&[], 0, None);
    let error = http::send(&call, &site, &mut full).expect_err("it takes nothing");
    assert!(matches!(error, IoError::Core(error) if error.code == Code::Room), "{error}");
}

#[test]
fn an_error_names_the_device_s() {
    let error: IoError<NoCarrier> = IoError::Device(NoCarrier(7));
    let source = std::error::Error::source(&error).and_then(|source| source.downcast_ref::<NoCarrier>());
    assert_eq!((error.to_string().as_str(), source), ("NO CARRIER 7", Some(&NoCarrier(7))));
}
