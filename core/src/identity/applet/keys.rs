//! Security keys: YubiKey, Nitrokey 3, Solo 2, Token2.

use super::open::{CHUID, SELECT_PIV};
use super::table::{NOTHING, object, read, whole};
use super::{Applet, Ask, Name, Says, Sign, Step, Take, VendorRead};
use crate::apdu::Read;
use crate::identity::{CardKind, Source};

/// An ACR122U gives the last of these bytes as FF.
const YUBIKEY: &[Sign] = &[Sign::Within(b"YubiKe"), Sign::Within(b"Yubike")];

/// Yubico, "YubiKey Configuration Reference", READ CONFIG: tag 02 is the serial number; a key
/// that tells its version (tag 05) and no serial number hides it.
pub(super) const YUBIKEY_MANAGEMENT: Applet = Applet {
    kind: Some(CardKind::YubiKey),
    signs: YUBIKEY,
    select: Some(SELECT_YUBIKEY_MANAGEMENT),
    steps: &[vendor(
        VendorRead::YubiKeyConfig,
        0,
        &[
            Take { skip: 1, ..object(Source::YubiKey, [0x02, 0, 0]) },
            Take { skip: 1, from: 3, to: 3, ..object(Source::YubiKey, [0x05, 0, 0]) },
        ],
    )],
    ..NOTHING
};

pub(super) const YUBIKEY_OTP: Applet = Applet {
    kind: Some(CardKind::YubiKey),
    signs: YUBIKEY,
    unless: Source::YubiKey.bit(),
    select: Some(SELECT_YUBIKEY_OTP),
    steps: &[vendor(VendorRead::YubiKeyOtp, 0, &[whole(Source::YubiKey)])],
    ..NOTHING
};

pub(super) const YUBIKEY_PIV: Applet = Applet {
    kind: Some(CardKind::Piv),
    signs: YUBIKEY,
    says: Says::Ask,
    select: Some(SELECT_PIV),
    name: Name::Piv,
    steps: &[CHUID, vendor(VendorRead::YubiKeyPiv, Source::YubiKey.bit(), &[whole(Source::YubiKey)])],
    ..NOTHING
};

pub(super) const NITROKEY: Applet = Applet {
    kind: Some(CardKind::Nitrokey),
    signs: &[Sign::Within(b"Nitrokey")],
    select: Some(SELECT_TRUSSED_ADMIN),
    steps: &[vendor(VendorRead::TrussedUuid, 0, &[whole(Source::Nitrokey)])],
    ..NOTHING
};

pub(super) const SOLO: Applet = Applet {
    kind: Some(CardKind::Solo),
    signs: &[Sign::Within(b"Solo 2")],
    select: Some(SELECT_TRUSSED_ADMIN),
    steps: &[vendor(VendorRead::TrussedUuid, 0, &[whole(Source::Solo)])],
    ..NOTHING
};

/// What Token2's keys have in their ATR: the application that it is of (OpenSC issue 3545), or a product's and
/// a serial number.
const TOKEN2: &[Sign] = &[Sign::Starts(b"TK\0PIV"), Sign::Starts(&[0x86, 0x8E])];
const TOKEN2_INFO: Take = object(Source::Token2, [0xD1, 0, 0]);

pub(super) const TOKEN2_FIDO: Applet = Applet {
    kind: Some(CardKind::Token2),
    signs: TOKEN2,
    unless: Source::Token2.bit(),
    select: Some(SELECT_FIDO),
    steps: &[vendor(VendorRead::Token2FidoInfo, 0, &[TOKEN2_INFO])],
    ..NOTHING
};

pub(super) const TOKEN2_OTP: Applet = Applet {
    kind: Some(CardKind::Token2),
    signs: TOKEN2,
    unless: Source::Token2.bit(),
    select: Some(SELECT_TOKEN2_OTP),
    steps: &[vendor(VendorRead::Token2OtpInfo, 0, &[TOKEN2_INFO])],
    ..NOTHING
};

pub(super) const TOKEN2_PIV: Applet = Applet {
    kind: Some(CardKind::Piv),
    signs: TOKEN2,
    says: Says::Ask,
    select: Some(SELECT_PIV),
    name: Name::Piv,
    steps: &[CHUID, vendor(VendorRead::Token2Piv, Source::Token2.bit(), &[whole(Source::Token2)])],
    ..NOTHING
};

const SELECT_YUBIKEY_OTP: Read = read(&[0x00, 0xA4, 0x04, 0x00, 0x07, 0xA0, 0x00, 0x00, 0x05, 0x27, 0x20, 0x01, 0x00]);
const SELECT_YUBIKEY_MANAGEMENT: Read =
    read(&[0x00, 0xA4, 0x04, 0x00, 0x08, 0xA0, 0x00, 0x00, 0x05, 0x27, 0x47, 0x11, 0x17, 0x00]);
const SELECT_TRUSSED_ADMIN: Read =
    read(&[0x00, 0xA4, 0x04, 0x00, 0x09, 0xA0, 0x00, 0x00, 0x08, 0x47, 0x00, 0x00, 0x00, 0x01, 0x00]);
const SELECT_FIDO: Read = read(&[0x00, 0xA4, 0x04, 0x00, 0x08, 0xA0, 0x00, 0x00, 0x06, 0x47, 0x2F, 0x00, 0x01, 0x00]);
const SELECT_TOKEN2_OTP: Read =
    read(&[0x00, 0xA4, 0x04, 0x00, 0x08, 0xF0, 0x00, 0x00, 0x01, 0x4F, 0x74, 0x70, 0x01, 0x00]);

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
            VendorRead::GscReadBuffer => super::open::SELECT_GSC_CONTAINER,
            VendorRead::LaserSerial => super::tokens::SELECT_LASER,
            VendorRead::BelgianCardData => super::states::SELECT_BELGIAN,
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
pub(super) const fn vendor(ask: VendorRead, unless: u64, takes: &'static [Take]) -> Step {
    Step { file: None, proves: false, ask: Ask::Vendor(ask), unless, takes }
}
