//! Security keys: YubiKey, Nitrokey 3, Solo 2, Token2.

use super::parts::{
    CHUID, NOTHING, SELECT_FIDO, SELECT_PIV, SELECT_TOKEN2_OTP, SELECT_TRUSSED_ADMIN, SELECT_YUBIKEY_MANAGEMENT,
    SELECT_YUBIKEY_OTP, object, vendor, whole,
};
use super::{Applet, Name, Says, Sign, Take, VendorRead};
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
