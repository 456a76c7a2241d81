//! What the rows are made of: commands that several have, makers' commands with their applications, and short ways
//! to write a step.

use super::{Applet, Ask, Name, Role, Says, Step, Take, VendorRead};
use crate::apdu::Read;
use crate::identity::Source;

/// A row with nothing in it.
pub(super) const NOTHING: Applet = Applet {
    kind: None,
    signs: &[],
    says: Says::Kind,
    role: Role::Named,
    unless: 0,
    select: None,
    name: Name::No,
    rules_out: None,
    steps: &[],
    control: None,
};

/// GET DATA of a tag that nobody has given to an object.
pub(super) const NO_DATA: Read = read(&[0x00, 0xCA, 0x5F, 0x7E, 0x00]);

/// A step without a file.
pub(super) const fn step(apdu: &'static [u8], unless: u32, takes: &'static [Take]) -> Step {
    Step { file: None, proves: false, ask: Ask::Read(read(apdu)), unless, takes }
}

pub(super) const fn read(apdu: &'static [u8]) -> Read {
    match Read::new(apdu) {
        Some(read) => read,
        None => panic!("not a command that only reads"),
    }
}

pub(super) const fn whole(source: Source) -> Take {
    part(source, 0, 0, 0)
}

pub(super) const fn part(source: Source, of: u8, from: u8, to: u8) -> Take {
    Take { source, skip: 0, path: [0; 3], of, from, to, proves: false, assumed: false }
}

pub(super) const fn object(source: Source, path: [u16; 3]) -> Take {
    Take { path, proves: true, ..part(source, 0, 0, 0) }
}

/// SP 800-73-4, part 1, 3.1.2: the CHUID.
pub(super) const CHUID: Step = Step {
    file: None,
    proves: false,
    ask: Ask::Read(read(&[0x00, 0xCB, 0x3F, 0xFF, 0x05, 0x5C, 0x03, 0x5F, 0xC1, 0x02, 0x00])),
    unless: 0,
    takes: &[object(Source::ChuidGuid, [0x53, 0x34, 0]), object(Source::FascN, [0x53, 0x30, 0])],
};

/// GlobalPlatform 2.3.1, H.6. A chip's, whatever the application.
pub(super) const CPLC: &[Take] =
    &[Take { proves: false, ..object(Source::Cplc, [0x9F7F, 0, 0]) }, part(Source::Cplc, 42, 0, 42)];
/// The application without its version, as SP 800-73-4, part 2, 3.1.1 allows.
pub(super) const SELECT_PIV: Read =
    read(&[0x00, 0xA4, 0x04, 0x00, 0x09, 0xA0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00, 0x00]);

pub(super) const SELECT_GSC_CONTAINER: Read =
    read(&[0x00, 0xA4, 0x04, 0x00, 0x07, 0xA0, 0x00, 0x00, 0x01, 0x16, 0xDB, 0x00, 0x00]);

pub(super) const SELECT_YUBIKEY_OTP: Read =
    read(&[0x00, 0xA4, 0x04, 0x00, 0x07, 0xA0, 0x00, 0x00, 0x05, 0x27, 0x20, 0x01, 0x00]);
pub(super) const SELECT_YUBIKEY_MANAGEMENT: Read =
    read(&[0x00, 0xA4, 0x04, 0x00, 0x08, 0xA0, 0x00, 0x00, 0x05, 0x27, 0x47, 0x11, 0x17, 0x00]);
pub(super) const SELECT_TRUSSED_ADMIN: Read =
    read(&[0x00, 0xA4, 0x04, 0x00, 0x09, 0xA0, 0x00, 0x00, 0x08, 0x47, 0x00, 0x00, 0x00, 0x01, 0x00]);
pub(super) const SELECT_FIDO: Read =
    read(&[0x00, 0xA4, 0x04, 0x00, 0x08, 0xA0, 0x00, 0x00, 0x06, 0x47, 0x2F, 0x00, 0x01, 0x00]);
pub(super) const SELECT_TOKEN2_OTP: Read =
    read(&[0x00, 0xA4, 0x04, 0x00, 0x08, 0xF0, 0x00, 0x00, 0x01, 0x4F, 0x74, 0x70, 0x01, 0x00]);

pub(super) const SELECT_LASER: Read =
    read(&[0x00, 0xA4, 0x04, 0x00, 0x0C, 0xA0, 0x00, 0x00, 0x01, 0x64, 0x4C, 0x41, 0x53, 0x45, 0x52, 0x00, 0x01, 0x00]);

/// eid-mw, cardlayer/Card.cpp, APPLET_AID.
pub(super) const SELECT_BELGIAN: Read = read(&[
    0x00, 0xA4, 0x04, 0x0C, 0x0F, 0xA0, 0x00, 0x00, 0x00, 0x30, 0x29, 0x05, 0x70, 0x00, 0xAD, 0x13, 0x10, 0x01, 0x01,
    0xFF,
]);

impl VendorRead {
    /// The only application that it is sent to, by the command that selects it; `None` where the ATR must say
    /// that the card has no other.
    pub(super) const fn select(self) -> Option<Read> {
        Some(match self {
            VendorRead::YubiKeyOtp => SELECT_YUBIKEY_OTP,
            VendorRead::YubiKeyConfig => SELECT_YUBIKEY_MANAGEMENT,
            VendorRead::YubiKeyPiv | VendorRead::Token2Piv => SELECT_PIV,
            VendorRead::TrussedUuid => SELECT_TRUSSED_ADMIN,
            VendorRead::Token2FidoInfo => SELECT_FIDO,
            VendorRead::Token2OtpInfo => SELECT_TOKEN2_OTP,
            VendorRead::GscReadBuffer => SELECT_GSC_CONTAINER,
            VendorRead::LaserSerial => SELECT_LASER,
            VendorRead::BelgianCardData => SELECT_BELGIAN,
            VendorRead::BelgianCardDataAlone | VendorRead::DnieSerial => return None,
        })
    }

    /// Whether the application alone does not say whose the command is, so that the ATR must.
    pub(super) const fn needs_sign(self) -> bool {
        matches!(
            self,
            VendorRead::YubiKeyPiv
                | VendorRead::Token2Piv
                | VendorRead::Token2FidoInfo
                | VendorRead::BelgianCardDataAlone
                | VendorRead::DnieSerial
        )
    }
}

/// A step with a maker's own command.
pub(super) const fn vendor(ask: VendorRead, unless: u32, takes: &'static [Take]) -> Step {
    Step { file: None, proves: false, ask: Ask::Vendor(ask), unless, takes }
}
