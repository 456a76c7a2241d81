//! Numbers that many cards have: defaults of tools and makers, placeholders, numbers that are not unique.
//!
//! They identify nobody, and no guess at a record is made of them. All rules are here, each with who says so.

use super::guid::swap_fields;
use super::{Digits, Source, Trust, fasc_n};

/// What is known of a number by its source and its bytes.
#[inline(never)]
pub(super) fn trust(source: Source, bytes: &[u8]) -> Trust {
    match (source, bytes) {
        // ISO/IEC 14443-3:2018, 6.5.4: 08 begins a random number.
        (Source::Uid, [0x08, _, _, _]) => Trust::Random,
        _ if is_shared(source, bytes) => Trust::Shared,
        _ => Trust::Stable,
    }
}

fn is_shared(source: Source, bytes: &[u8]) -> bool {
    if is_one_sign(bytes) {
        return true;
    }
    match (source, bytes) {
        // ISO/IEC 14443-3:2018, 6.5.4, of four bytes: xF is fixed and not unique, 88 is the cascade tag and begins no
        // UID. 01 02 03 04 and DE AD BE EF are what rewritable MIFARE cards come with.
        (Source::Uid, [first, _, _, _]) => {
            first & 0x0F == 0x0F || *first == 0x88 || counts(bytes) || bytes == [0xDE, 0xAD, 0xBE, 0xEF]
        }
        // NXP's manufacturer byte before a counting number: what rewritable cards leave the factory with.
        (Source::Uid, [0x04, rest @ ..]) => counts(bytes) || counts(rest) || is_one_sign(rest),
        (Source::Uid, _) => counts(bytes),
        // Numbers of families without their feature come from elsewhere, unchecked.
        (Source::FascN | Source::CacCuid, _) if !cfg!(feature = "cards-piv") => true,
        (Source::OpenPgpAid, _) if !cfg!(feature = "cards-openpgp") => true,
        (Source::Cin, _) if !cfg!(feature = "cards-chips") => true,
        (Source::Iccsn, _) if !cfg!(feature = "cards-chips") => true,
        (Source::Iccid, _) if !cfg!(feature = "cards-states") => true,
        (Source::FascN, _) => is_filled_in(bytes),
        // A GUID that somebody has typed.
        (Source::ChuidGuid | Source::CardId | Source::Nitrokey | Source::Solo, _) => is_typed_guid(bytes),
        // The template of yubico-piv-tool (lib/util.c, CCC_TMPL) has zeros for the card's own number.
        (Source::CacCuid, [_, _, _, _, _, _, _, number @ ..]) => is_same(number),
        // OpenPGP application 3.4.1, 4.2.1: manufacturers 0000 and FF00 to FFFF are for tests and for cards
        // without a maker; serial 00000000 is of all that nobody gave another.
        (Source::OpenPgpAid, [_, _, _, _, _, _, _, _, m, n, serial @ .., _, _]) => {
            *m == 0xFF || (*m, *n) == (0, 0) || is_one_sign(serial)
        }
        // GlobalPlatform 2.3.1, H.6: serial number and batch of the chip. Simulators and development
        // cards have nothing or a counting number there.
        (Source::Cplc, _) => bytes.get(12..16).is_none_or(|serial| is_one_sign(serial) || counts(serial)),
        // The issuer's own count begins with what the issuer is; a development card has zeros or counts.
        (Source::Cin, _) => counts(bytes),
        // ITU-T E.118: 89, country and issuer, then the account number and a check digit.
        (Source::Iccid | Source::Iccsn, _) => {
            let swapped = matches!(source, Source::Iccid);
            Digits::of(bytes, swapped).is_none_or(|number| has_no_account(&number))
        }
        (Source::Iin | Source::AtsHistorical, _) => true,
        _ => false,
    }
}

/// A FASC-N that says nothing of one card. Agency 9999 is for issuers outside the government, who all write
/// it (SP 800-73-4, part 1, 3.1.2; yubico-piv-tool); agencies begin with 0001 (SP 800-87); a credential of
/// zeros is no number: pivy writes zero digits into every card (OpenSC pull request 3270), Token2 zero bytes
/// (OpenSC pull request 3559).
#[inline(never)]
fn is_filled_in(bytes: &[u8]) -> bool {
    let mut digits = [0; 40];
    let is_filled = |field: Option<&[u8]>| field.is_some_and(|digits| is_same(digits) && matches!(digits, [0 | 9, ..]));
    fasc_n::read(bytes, &mut digits).is_err()
        || is_filled(digits.get(fasc_n::AGENCY))
        || is_filled(digits.get(fasc_n::CREDENTIAL))
}

/// Sixteen bytes that nobody has made at random: a count, in either byte order; one sign, whatever the last byte is;
/// the version and variant (RFC 9562, 4.1 and 4.2) with nothing else.
#[inline(never)]
fn is_typed_guid(bytes: &[u8]) -> bool {
    let swapped = bytes.try_into().map(swap_fields).unwrap_or_default();
    let first = bytes.split_last().map_or(&[][..], |(_, rest)| rest);
    is_blank_guid(bytes) || is_one_sign(first) || counts(bytes) || counts(&swapped)
}

/// Sixteen bytes of one sign but for the version and the variant of a GUID, in either byte order.
fn is_blank_guid(bytes: &[u8]) -> bool {
    let [sign @ (0x00 | 0xFF), _, _, _, _, _, six, seven, ..] = bytes else { return false };
    // The version is the high half of byte 6, or of byte 7 where Windows has swapped the two.
    let same = bytes.iter().zip(0_u8..).all(|(byte, at)| {
        let fixed = match at {
            6 | 7 => 0x0F,
            8 => 0x3F,
            _ => 0xFF,
        };
        (byte ^ sign) & fixed == 0
    });
    same && (six == sign || seven == sign)
}

/// Whether the digits after those of country and issuer, seven at most, are all the same, but for the last,
/// which checks the others.
fn has_no_account(number: &Digits) -> bool {
    let account = number.as_bytes().get(7..).and_then(|rest| rest.split_last()).map_or(&[][..], |(_, rest)| rest);
    account.len() > 2 && is_one_sign(account)
}

/// Nothing but one byte, four times or more.
#[inline(never)]
fn is_one_sign(bytes: &[u8]) -> bool {
    bytes.len() > 3 && is_same(bytes)
}

/// Nothing but one byte.
#[inline(never)]
pub(super) fn is_same(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| Some(byte) == bytes.first())
}

/// Numbers that people fill in: 01 02 03 04, 11 22 33 44, 12 34 56 78; up or down by the same step.
fn counts(bytes: &[u8]) -> bool {
    let [first, second, ..] = bytes else { return false };
    let step = second.wrapping_sub(*first);
    let regular = bytes.iter().zip(bytes.iter().skip(1)).all(|(one, next)| next.wrapping_sub(*one) == step);
    // By 11 from the beginning only: A1 B2 C3 D4 may be a number.
    let begins = step != 0x11 || matches!(first, 0x00 | 0x11);
    bytes.len() > 3 && regular && begins && matches!(step, 0x01 | 0x11 | 0x22 | 0xEF | 0xFF)
}
