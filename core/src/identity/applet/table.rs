//! The applications, in the order in which they are asked.

use super::parts::{NOTHING, step, whole};
use super::{Applet, Ask, Role, Says, Sign, open};
#[cfg_attr(not(feature = "all-cards"), allow(unused_imports, reason = "rows of that feature"))]
use super::{keys, states, tokens};
use crate::identity::{CardKind, Source};

/// All applications, in the order in which they are asked, of the families of which there is a feature.
pub(in crate::identity) const APPLETS: &[Applet] = &[
    // PC/SC part 3, 3.2.2.1.3.
    Applet { role: Role::Reader, steps: &[step(&[0xFF, 0xCA, 0x00, 0x00, 0x00], 0, &[whole(Source::Uid)])], ..NOTHING },
    // PC/SC part 3, 3.1.3.2.3: contactless cards below ISO/IEC 14443-4 have no applications.
    Applet { kind: Some(CardKind::Storage), signs: &[Sign::StorageCard], role: Role::Alone, ..NOTHING },
    // The ATS of all of them has the one historical byte 80.
    Applet { kind: Some(CardKind::DesFire), signs: &[Sign::Is(&[0x80])], role: Role::Alone, ..NOTHING },
    #[cfg(feature = "cards-states")]
    states::GERMAN_ID,
    #[cfg(feature = "all-cards")]
    states::GERMAN_ID_BLANK,
    #[cfg(feature = "cards-keys")]
    keys::YUBIKEY_MANAGEMENT,
    #[cfg(feature = "cards-keys")]
    keys::YUBIKEY_OTP,
    #[cfg(feature = "cards-keys")]
    keys::YUBIKEY_PIV,
    #[cfg(feature = "cards-keys")]
    keys::NITROKEY,
    #[cfg(feature = "all-cards")]
    keys::SOLO,
    #[cfg(feature = "all-cards")]
    keys::TOKEN2_FIDO,
    #[cfg(feature = "all-cards")]
    keys::TOKEN2_OTP,
    #[cfg(feature = "all-cards")]
    keys::TOKEN2_PIV,
    #[cfg(feature = "all-cards")]
    states::EST_EID_2018,
    #[cfg(feature = "all-cards")]
    states::EST_EID_2025,
    #[cfg(feature = "all-cards")]
    states::FIN_EID,
    #[cfg(feature = "all-cards")]
    states::FIN_EID_SETEC,
    #[cfg(feature = "all-cards")]
    states::BELGIAN_EID,
    #[cfg(feature = "all-cards")]
    states::BELGIAN_EID_18,
    #[cfg(feature = "all-cards")]
    states::DNIE,
    open::GIDS,
    #[cfg(feature = "cards-piv")]
    open::PIV,
    #[cfg(feature = "cards-thales")]
    tokens::IDPRIME,
    #[cfg(feature = "cards-openpgp")]
    open::OPEN_PGP,
    #[cfg(feature = "cards-tokens")]
    open::SMART_CARD_HSM,
    #[cfg(feature = "cards-tokens")]
    tokens::MY_EID,
    #[cfg(feature = "cards-tokens")]
    tokens::CARD_OS,
    #[cfg(feature = "cards-tokens")]
    tokens::EPASS2003,
    #[cfg(feature = "cards-tokens")]
    tokens::RUTOKEN,
    #[cfg(feature = "all-cards")]
    tokens::RUTOKEN_OTHERS,
    #[cfg(feature = "cards-tokens")]
    tokens::JACARTA,
    #[cfg(feature = "cards-tokens")]
    tokens::JACARTA_PRO,
    #[cfg(feature = "all-cards")]
    tokens::JACARTA_LT,
    #[cfg(feature = "all-cards")]
    tokens::ASEPCOS,
    #[cfg(feature = "all-cards")]
    tokens::ASEPCOS_JAVA,
    #[cfg(feature = "cards-states")]
    states::IAS_ECC,
    #[cfg(feature = "cards-states")]
    states::CNS,
    #[cfg(feature = "cards-thales")]
    tokens::ETOKEN,
    #[cfg(feature = "all-cards")]
    tokens::ESMART,
    #[cfg(feature = "all-cards")]
    tokens::SAFESIGN,
    #[cfg(feature = "all-cards")]
    tokens::SAFESIGN_PLATFORM,
    #[cfg(feature = "all-cards")]
    tokens::ACTIV_ID,
    #[cfg(feature = "all-cards")]
    tokens::CRYPTO_CERTUM,
    #[cfg(feature = "cards-states")]
    states::SIM,
    #[cfg(feature = "cards-piv")]
    open::CAC,
    #[cfg(feature = "cards-chips")]
    open::GLOBAL_PLATFORM,
    #[cfg(feature = "cards-chips")]
    open::GDO,
];

/// A dialogue has a bit for each row, from 1 on.
const _: () = assert!(APPLETS.len() < 64, "more rows than bits");

/// The most commands that one card can be sent.
pub(in crate::identity) const MOST_COMMANDS: usize = {
    let mut sum = 0;
    let mut row = APPLETS;
    while let [applet, rows @ ..] = row {
        row = rows;
        sum += applet.select.is_some() as usize + applet.control.is_some() as usize;
        let mut steps = applet.steps;
        while let [step, rest @ ..] = steps {
            steps = rest;
            sum += 1 + step.file.is_some() as usize;
            if let Ask::Vendor(vendor) = step.ask {
                match (applet.select, vendor.select()) {
                    (Some(select), Some(own)) => {
                        assert!(same(select.bytes(), own.bytes()), "a maker's command in a foreign application");
                    }
                    (None, None) => {}
                    _ => panic!("a maker's command without its application"),
                }
                // Some applications are not one maker's alone, so the ATR must say whose it is.
                let named = matches!(applet.role, Role::Named) && !applet.signs.is_empty();
                assert!(named || !vendor.needs_sign(), "a maker's command to another's card");
                let sure = applet.select.is_some() || matches!(applet.says, Says::Kind);
                assert!(sure, "a maker's command on a hint");
            }
        }
    }
    sum
};

const fn same(mut one: &[u8], mut two: &[u8]) -> bool {
    while let ([a, one_rest @ ..], [b, two_rest @ ..]) = (one, two) {
        if *a != *b {
            return false;
        }
        (one, two) = (one_rest, two_rest);
    }
    one.is_empty() && two.is_empty()
}
