//! The parts of a command APDU.
//!
//! ISO/IEC 7816-4:2020, 5.1.

/// A command APDU.
pub(crate) struct Apdu<'a> {
    pub(crate) header: [u8; 4],
    pub(crate) data: &'a [u8],
    /// How many bytes are requested, 1 to 65,536.
    pub(crate) ne: Option<usize>,
    pub(crate) extended: bool,
}

impl<'a> Apdu<'a> {
    /// The parts of a command; `None` if its lengths do not match.
    pub(crate) fn of(command: &'a [u8]) -> Option<Self> {
        let (&header, body) = command.split_first_chunk()?;
        let apdu = |data, ne, extended| Some(Apdu { header, data, ne, extended });
        let one = |le: u8| if le == 0 { 256 } else { usize::from(le) };
        let two = |le: [u8; 2]| match u16::from_be_bytes(le) {
            0 => 65_536,
            le => usize::from(le),
        };
        match *body {
            [] => apdu(&[], None, false),
            [le] => apdu(&[], Some(one(le)), false),
            [0, high, low] => apdu(&[], Some(two([high, low])), true),
            [0, high, low, ref rest @ ..] => {
                let length = usize::from(u16::from_be_bytes([high, low]));
                match rest.split_at_checked(length).filter(|_| length > 0)? {
                    (data, []) => apdu(data, None, true),
                    (data, &[high, low]) => apdu(data, Some(two([high, low])), true),
                    _ => None,
                }
            }
            [length, ref rest @ ..] => match rest.split_at_checked(usize::from(length)).filter(|_| length > 0)? {
                (data, []) => apdu(data, None, false),
                (data, &[le]) => apdu(data, Some(one(le)), false),
                _ => None,
            },
        }
    }
}
