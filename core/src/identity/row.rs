//! The table of applications, for pages and tests: which card, how it is known, which number, who says so.

use super::applet::{APPLETS, Applet, Ask, Name, Says, Step, Take};
use super::{Basis, CardKind, Source};
use crate::apdu::Command;
use crate::operation::Evidence;

/// One number of one kind of card, or a kind that tells none.
///
/// # Examples
/// ```
/// use cardwright_core::identity::{CardKind, rows};
///
/// // What is asked of a card that may be PIV.
/// let piv = rows().find(|row| row.kind == Some(CardKind::Piv)).unwrap();
/// assert!(piv.select.is_some());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row {
    /// What a card is that has the application; `None` for what any card may have.
    pub kind: Option<CardKind>,
    /// Whether the kind can rest on this.
    pub answer: bool,
    /// What the ATR says by itself.
    pub atr: Option<Basis>,
    /// The application, by the command that selects it, where it is not there from the start.
    pub select: Option<Command>,
    /// The number, and the command that reads it.
    pub number: Option<(Source, Command)>,
    /// How sure it is that this is the card's number.
    pub evidence: Evidence,
}

/// All rows, in the order in which cards are asked.
pub fn rows() -> impl Iterator<Item = Row> {
    APPLETS.iter().flat_map(|applet| {
        let numbers =
            applet.steps.iter().flat_map(move |step| step.takes.iter().map(move |take| of(applet, Some((step, take)))));
        let is_silent = applet.steps.iter().all(|step| step.takes.is_empty());
        numbers.chain(is_silent.then(|| of(applet, None)))
    })
}

fn of(applet: &Applet, number: Option<(&Step, &Take)>) -> Row {
    let proves = |step: &Step| step.proves || step.takes.iter().any(|take| take.proves);
    let atr = applet.says.basis().filter(|_| !applet.signs.is_empty());
    let command = |step: &Step| {
        Command::of(match step.ask {
            Ask::Read(read) | Ask::Follow(read, _) => read.bytes(),
            Ask::Vendor(vendor) => vendor.bytes(),
        })
    };
    let assumed = number.is_some_and(|(_, take)| take.assumed);
    Row {
        kind: applet.kind,
        answer: applet.name != Name::No || applet.steps.iter().any(proves),
        // What is asked for a sign that says nothing is a hint at most.
        atr: atr.or((applet.says == Says::Ask && !applet.signs.is_empty()).then_some(Basis::Hint)),
        select: applet.select.map(|select| Command::of(select.bytes())),
        number: number.map(|(step, take)| (take.source, command(step))),
        evidence: if assumed { Evidence::Assumed } else { Evidence::Documented },
    }
}

/// Who says how a number is read, or what an ATR is of: a document or a public program.
#[must_use]
pub const fn witness(kind: Option<CardKind>, source: Option<Source>) -> &'static str {
    let Some(kind) = kind else {
        return match source {
            Some(Source::Uid) => "PC/SC part 3, 3.2.2.1.3",
            _ => "DIN V 66291-1",
        };
    };
    match kind {
        CardKind::Storage => "PC/SC part 3, 3.1.3.2.3",
        CardKind::DesFire | CardKind::Esmart | CardKind::SafeSign | CardKind::ActivId | CardKind::CryptoCertum => {
            "pcsc-tools, smartcard_list"
        }
        CardKind::GermanId => "pcsc-tools, smartcard_list; BSI TR-03110",
        CardKind::YubiKey => "Yubico, YubiKey 5 Technical Manual",
        CardKind::Piv => match source {
            Some(Source::YubiKey) => "Yubico, PIV extensions",
            Some(Source::Token2) => "keyroost, issue 125",
            _ => "NIST SP 800-73-4",
        },
        CardKind::Nitrokey => "Nitrokey, admin-app",
        CardKind::Solo => "SoloKeys, solo2-cli",
        CardKind::Token2 => "Token2, OTP on FIDO Command Manual, by keyroost",
        CardKind::Gids => "Generic Identity Device Specification 2.0",
        CardKind::IdPrime => "OpenSC, card-idprime.c",
        CardKind::OpenPgp => "OpenPGP application 3.4.1",
        CardKind::SmartCardHsm => "OpenSC, card-sc-hsm.c",
        CardKind::MyEid => "Aventra, MyEID reference manual",
        CardKind::CardOs => "OpenSC, card-cardos.c, card-dtrust.c and card-skeid.c",
        CardKind::EPass2003 => "OpenSC, card-epass2003.c",
        CardKind::Rutoken => "OpenSC, card-rtecp.c and card-rutoken.c",
        CardKind::IasEcc => "IAS ECC 1.0.1",
        CardKind::EToken | CardKind::JaCartaLt => "pcsc-tools, smartcard_list; OpenSC, card-laser.c",
        CardKind::Sim => "ETSI TS 102 221, 13.2",
        CardKind::GlobalPlatform => "GlobalPlatform 2.3.1, H.6",
        CardKind::Cac => "GSC-IS 2.1, NISTIR 6887",
        CardKind::Cns => "CNS file system; OpenSC, card-itacns.c",
        CardKind::JaCarta => "OpenSC, card-laser.c, by Aladdin R.D.",
        CardKind::Asepcos => "OpenSC, card-asepcos.c",
        CardKind::EstEid => "OpenSC, pkcs15-esteid2018.c and pkcs15-esteid2025.c",
        CardKind::FinEid => "OpenSC, pkcs15-esteid2025.c and card-setcos.c",
        CardKind::BelgianEid => "Belpic Applet reference manual, 6.9; OpenSC, card-belpic.c",
        CardKind::Dnie => "OpenSC, card-dnie.c",
        CardKind::Other(_) => "the program itself",
    }
}
