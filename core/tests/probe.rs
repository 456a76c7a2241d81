//! The probe of CertiFlow's generations, over every way in which a server may answer.

use cardwright_core::certiflow::{Answer, Dialect, Probe, Question, Sure};
use cardwright_core::http;
use std::collections::BTreeSet;

/// One answer of each kind.
fn answers() -> [(u16, &'static [u8]); 12] {
    [
        (200, br#"[{"id":1013}]"#),
        (200, br#"{"id":1013}"#),
        (200, br#"[{"id":1013},{"id":1014}]"#),
        (200, br#"{"id":7}"#),
        (200, b"[]"),
        (204, b""),
        (404, b"<html></html>"),
        (405, b""),
        (400, b"{}"),
        (403, b""),
        (200, b"<!DOCTYPE html><html></html>"),
        (503, b"[]"),
    ]
}

#[test]
fn every_way_ends_within_six_questions_and_names_only_what_was_shown() {
    let mut ends = 0;
    let mut asked = BTreeSet::new();
    let mut open = vec![(Probe::new(), 0)];
    while let Some((probe, questions)) = open.pop() {
        let Some(question) = probe.question() else {
            let finding = probe.finding();
            let text = finding.to_string();
            assert_eq!(finding.sure() == Sure::Nothing, text.starts_with("cannot tell"), "{text}");
            for usual in [&[][..], &[Dialect::G1, Dialect::G4], &[Dialect::G7, Dialect::G6]] {
                let dialect = finding.dialect(usual);
                assert_eq!(dialect.is_none(), finding.dialects().is_empty(), "{text}");
                assert!(dialect.is_none_or(|one| finding.spoken().has(one) && !finding.rules_out(one)), "{text}");
            }
            // A generation alone was shown by something that it has, and not by something that is missing alone.
            let shows = text.contains(" answers") || text.contains(" is ignored");
            assert!(finding.sure() != Sure::Shown || shows, "{text}");
            ends += 1;
            continue;
        };
        assert!(questions < Probe::MOST);
        let mut target = vec![0; http::target_len(&question)];
        asked.insert(http::target_to(&question, &mut target).expect("room").to_string());
        for (status, body) in answers() {
            let mut next = probe.clone();
            next.answer(Answer::read(status, body));
            open.push((next, questions + 1));
        }
    }
    println!("{ends} ways");
    assert!(ends > 300);
    let nobody = "0cardwright-no-such-value";
    let wanted = [
        "Card/GetAllCards?offset=0&count=1".to_string(),
        format!("Card/GetAllCards?offset=0&count=1&filter.serialNumber={nobody}"),
        "Cards/1013".into(),
        "Cards/7".into(),
        "Cards?offset=0&count=1".into(),
        format!("Cards?offset=0&count=1&filter.serialNumber={nobody}"),
        format!("Cards?offset=0&count=1&policyName={nobody}"),
        format!("Cards?offset=0&count=1&serialNumber={nobody}"),
        format!("user/getcards?name={nobody}"),
    ];
    assert_eq!(asked.into_iter().collect::<Vec<_>>(), wanted);
}

#[test]
fn a_card_whose_id_is_too_long_is_not_asked_for() {
    let mut probe = Probe::new();
    let body = format!(r#"[{{"id":"{}"}}]"#, "9".repeat(65));
    probe.answer(Answer::read(200, body.as_bytes()));
    assert_eq!(probe.question().map(|asked| asked.question()), Some(Question::SerialNumber));
}
