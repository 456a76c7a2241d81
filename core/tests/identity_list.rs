//! What an ATR alone says of a card, against the list of cards by ATR that pcsc-tools installs.

use std::collections::BTreeMap;
use std::fs;

use cardwright_core::Named;
use cardwright_core::identity::{Basis, CardKind, Dialogue, Interface};

const LIST: &str = "/usr/share/pcsc/smartcard_list.txt";

/// The words that the list has for cards of a kind. One of them in an entry agrees; an entry that has none of them
/// and some of another kind's contradicts.
fn words(kind: CardKind) -> &'static [&'static str] {
    match kind {
        CardKind::Storage => &["pcsc std part3", "mifare", "felica", "icode", "nfc", "rfid", "ultralight", "ntag"],
        CardKind::DesFire => &["desfire"],
        CardKind::GermanId => &["german", "personalausweis", "aufenthaltstitel"],
        CardKind::YubiKey => &["yubikey", "yubico"],
        CardKind::Piv => &["piv", "fips201"],
        CardKind::Nitrokey => &["nitrokey"],
        CardKind::Gids => &["microsoft virtual", "gids"],
        CardKind::IdPrime => &["idprime"],
        CardKind::OpenPgp => &["openpgp"],
        CardKind::SmartCardHsm => &["smartcard-hsm", "smartcard hsm"],
        CardKind::MyEid => &["myeid"],
        // OpenSC (card-cardos.c) has the Italian identity card among its CardOS cards.
        CardKind::CardOs => &["cardos", "identity card of italian republic"],
        CardKind::EPass2003 => &["epass2003", "epass 2003", "epass 3003"],
        CardKind::Rutoken => &["rutoken"],
        CardKind::IasEcc => &["ias ecc", "ias/ecc", "iasecc"],
        CardKind::EToken => &["etoken"],
        CardKind::Sim => &["sim", "telecommunication", "gsm", "umts", "mobile"],
        CardKind::GlobalPlatform => &["globalplatform"],
        CardKind::Token2 => &["token2"],
        CardKind::Cac => &["common access card"],
        CardKind::Cns => &["cns", "carta", "italia"],
        CardKind::JaCarta => &["jacarta", "idprotect", "athena"],
        CardKind::JaCartaLt => &["jacarta lt"],
        CardKind::Solo => &["solo 2"],
        CardKind::Asepcos => &["asepcos", "asecard"],
        CardKind::EstEid => &["estonia", "esteid"],
        CardKind::FinEid => &["finnish", "fineid", "finland", "setec"],
        CardKind::BelgianEid => &["belgi"],
        CardKind::Dnie => &["dni", "spanish"],
        CardKind::Esmart => &["esmart"],
        CardKind::SafeSign => &["starsign", "safesign"],
        CardKind::ActivId => &["crescendo", "activid"],
        CardKind::CryptoCertum => &["cryptocertum"],
        _ => &[],
    }
}

/// The entries: an ATR with zeros for what may be anything, and its words.
fn entries(text: &str) -> Vec<(Vec<u8>, String)> {
    let mut all: Vec<(Vec<u8>, String)> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        match line.strip_prefix('\t') {
            Some(words) => {
                if let Some((_, known)) = all.last_mut() {
                    *known = format!("{known}{}\n", words.trim().to_lowercase());
                }
            }
            None => all.push((bytes(line), String::new())),
        }
    }
    all.retain(|(atr, _)| !atr.is_empty());
    all
}

/// The bytes of a pattern: a point is any digit, brackets hold alternatives, of which the first is taken. Nothing where
/// it is no such pattern.
fn bytes(pattern: &str) -> Vec<u8> {
    let mut digits = String::new();
    let mut within = None;
    for c in pattern.chars().filter(|c| !c.is_whitespace()) {
        match (c, &mut within) {
            ('[', None) => within = Some(0),
            (']', Some(_)) => within = None,
            (_, Some(0)) => {
                digits.push(c);
                within = Some(1);
            }
            (_, Some(_)) => {}
            (_, None) => digits.push(if c == '.' { '0' } else { c }),
        }
    }
    let pairs = digits.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2));
    pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect::<Option<_>>().unwrap_or_default()
}

#[test]
fn what_an_atr_alone_says_is_what_the_list_says() {
    let Ok(text) = fs::read(LIST) else {
        eprintln!("SKIPPED: {LIST} is not there (Debian: pcsc-tools): no ATR was compared with what others say of it");
        assert!(std::env::var("CI").as_deref() != Ok("true"), "with CI=true the list must be there");
        return;
    };
    let entries = entries(&String::from_utf8_lossy(&text));
    assert!(entries.len() > 3_000, "{LIST}: {} entries", entries.len());
    let mut found: BTreeMap<u32, (usize, Vec<String>)> = BTreeMap::new();
    for (atr, said) in &entries {
        let dialogue = Dialogue::new(atr, Interface::Unknown);
        let identity = dialogue.identity();
        for kind in identity.kinds().filter(|kind| identity.basis(*kind) == Some(Basis::Atr)) {
            let (count, contradictions) = found.entry(kind.number()).or_default();
            *count += 1;
            let says = |kind: CardKind| words(kind).iter().any(|word| said.contains(word));
            if !says(kind) && CardKind::ALL.iter().any(|other| *other != kind && says(*other)) {
                contradictions.push(format!("{atr:02X?} {said}"));
            }
        }
    }
    for (kind, (count, contradictions)) in &found {
        let name = CardKind::ALL.iter().find(|one| one.number() == *kind).unwrap().name();
        println!("{name:<28} {count:>4} entries, {} contradict", contradictions.len());
        assert!(contradictions.len() * 50 <= *count, "{name}: {contradictions:#?}");
    }
    assert!(found.len() > 20, "{} kinds rest on an ATR", found.len());
}

#[test]
fn every_kind_has_words_by_which_the_list_would_know_it() {
    for kind in CardKind::ALL.iter().copied() {
        assert!(!words(kind).is_empty(), "{}", kind.name());
    }
}
