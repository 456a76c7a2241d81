//! What becomes of a card's certificates: the inner model, which no API shows.

use crate::http::{certiflow, config, get, mim, post, send, start, start_with};
use cardwright_core::certiflow::{CertificateType, RevocationReason};
use cardwright_core::date::Moment;
use cardwright_core::lifecycle::State;
use cardwright_core::{Named as _, certiflow::CardInfo};
use cardwright_server::{CaStatus, CertificateEntry, ManualClock, Running, seed};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const NOW: &str = "2026-03-04T05:06:07Z";

fn start_with_many() -> Running {
    let mut config = config();
    config.clock = Arc::new(ManualClock::new(Moment::parse(NOW).unwrap()));
    let running = start_with(config);
    seed::synthetic(running.registry(), 800, 42).unwrap();
    running
}

fn certificates(running: &Running, card: i64) -> Vec<CertificateEntry> {
    running.registry().certificates(card).unwrap()
}

/// The invented cards in a state whose certificates pass a test.
fn cards(running: &Running, state: State, takes: impl Fn(&[CertificateEntry]) -> bool) -> Vec<i64> {
    let all = 2001..=2800;
    all.filter(|id| running.registry().state(*id).unwrap() == state && takes(&certificates(running, *id))).collect()
}

fn operate(running: &Running, card: i64, what: &str) {
    let answer = post(running, &certiflow(&format!("Cards/{card}/{what}")));
    assert_eq!(answer.status, 200, "{card} {what}: {answer:?}");
}

fn last_note(running: &Running) -> String {
    running.registry().audit(0, 10_000).unwrap().pop().unwrap().note
}

fn is_managed(one: &CertificateEntry) -> bool {
    one.kind == CertificateType::Managed
}

/// Managed, good, and not expired.
fn is_live(one: &CertificateEntry) -> bool {
    is_managed(one) && one.status == CaStatus::Valid
}

/// A card with a certificate that goes with its card and one that stays, and certificates that are not
/// managed.
fn is_mixed(all: &[CertificateEntry]) -> bool {
    all.iter().any(|one| is_live(one) && one.revoke_with_card)
        && all.iter().any(|one| is_live(one) && !one.revoke_with_card)
        && all.iter().any(|one| !is_managed(one))
}

#[test]
fn the_seed_has_certificates_of_every_sort() {
    let running = start_with_many();
    let mut sorts = BTreeMap::<_, usize>::new();
    for card in 2001..=2800 {
        for one in certificates(&running, card) {
            *sorts.entry((one.kind.name(), one.status.name(), one.revoke_with_card, one.in_new_policy)).or_default() +=
                1;
            let has_reason = matches!(one.status, CaStatus::Hold | CaStatus::Revoked);
            assert_eq!(one.crl_reason.is_some(), has_reason, "{one:?}");
            assert_eq!(one.crl_reason == Some(6), one.status == CaStatus::Hold, "{one:?}");
            assert!(is_managed(&one) || !has_reason, "{one:?}");
        }
    }
    for kind in ["Managed", "Common", "Traced"] {
        for status in ["Valid", "Expired", "Hold", "Revoked"] {
            let seen: usize =
                sorts.iter().filter(|sort| (sort.0.0, sort.0.1) == (kind, status)).map(|sort| sort.1).sum();
            assert_eq!(
                seen > 0,
                kind == "Managed" || ["Valid", "Expired"].contains(&status),
                "{kind} {status}: {seen}"
            );
        }
    }
    let options: BTreeSet<_> = sorts.keys().map(|sort| (sort.2, sort.3)).collect();
    assert_eq!(options.len(), 4);
    println!("{} certificates of {} sorts", sorts.values().sum::<usize>(), sorts.len());
}

#[test]
fn disable_holds_what_the_option_says_and_enable_releases_exactly_that() {
    let running = start_with_many();
    // One certificate that the authority holds for a reason of its own, beside one that the card's hold takes.
    let held_elsewhere = |all: &[CertificateEntry]| {
        all.iter().any(|one| one.status == CaStatus::Hold) && all.iter().any(|one| is_live(one) && one.revoke_with_card)
    };
    let mixed = cards(&running, State::Active, is_mixed);
    let elsewhere = cards(&running, State::Active, held_elsewhere);
    assert!(!mixed.is_empty() && !elsewhere.is_empty());
    for card in mixed.iter().chain(&elsewhere) {
        let before = certificates(&running, *card);
        operate(&running, *card, "Disable");
        let held = certificates(&running, *card);
        let mut count = 0;
        for (before, after) in before.iter().zip(&held) {
            if is_live(before) && before.revoke_with_card {
                assert_eq!((after.status, after.crl_reason, after.held_with_card), (CaStatus::Hold, Some(6), true));
                count += 1;
            } else {
                assert_eq!(after, before);
            }
        }
        assert_eq!(last_note(&running), format!("{count} held"));
        operate(&running, *card, "Enable");
        assert_eq!(last_note(&running), format!("{count} released"));
        assert_eq!(certificates(&running, *card), before, "what was on hold before still is");
    }
    println!("{} cards with options of both sorts, {} with a hold of another", mixed.len(), elsewhere.len());
}

#[test]
fn revoke_takes_all_for_loss_and_compromise_and_else_what_the_option_says() {
    let running = start_with_many();
    let mut mixed = cards(&running, State::Active, is_mixed).into_iter();
    for reason in RevocationReason::ALL {
        let card = mixed.next().expect("a card for each reason");
        let before = certificates(&running, card);
        operate(&running, card, &format!("Revoke?reason={}", reason.name()));
        let takes_all = matches!(reason, RevocationReason::CardLost | RevocationReason::CardCompromised);
        let mut count = 0;
        for (before, after) in before.iter().zip(certificates(&running, card)) {
            let can_be = is_live(before) || before.status == CaStatus::Hold;
            if can_be && (takes_all || before.revoke_with_card) {
                assert_eq!(
                    (after.status, after.crl_reason),
                    (CaStatus::Revoked, Some(reason.crl_reason())),
                    "{reason:?}"
                );
                count += 1;
            } else {
                assert_eq!(&after, before, "{reason:?}");
            }
        }
        assert_eq!(last_note(&running), format!("{}; {count} revoked", reason.name()));
    }
}

#[test]
fn a_hold_becomes_final_when_the_card_is_revoked() {
    let running = start_with_many();
    let card = cards(&running, State::Active, is_mixed)[0];
    operate(&running, card, "Disable");
    let held = certificates(&running, card);
    operate(&running, card, "Revoke?reason=CardBroken");
    for (before, after) in held.iter().zip(certificates(&running, card)) {
        if before.held_with_card {
            assert_eq!((after.status, after.crl_reason, after.held_with_card), (CaStatus::Revoked, Some(5), false));
        } else {
            assert_eq!(&after, before, "the option spares it, and it is not common or traced that are revoked");
        }
    }
}

#[test]
fn withdraw_leaves_none_active_and_forgets_them() {
    let running = start_with_many();
    let card = cards(&running, State::Active, is_mixed)[0];
    operate(&running, card, "Revoke?reason=CardBroken");
    let left = certificates(&running, card);
    let live = left.iter().filter(|one| is_live(one)).count();
    assert!(live > 0, "the option spared one");
    operate(&running, card, "Withdraw");
    assert_eq!(certificates(&running, card), []);
    assert_eq!(last_note(&running), format!("{live} revoked, {} dropped", left.len()));
}

#[test]
fn pre_update_revokes_what_the_new_policy_lacks_and_the_old_ones_option_names() {
    let running = start_with_many();
    let goes = |one: &CertificateEntry| is_live(one) && one.revoke_with_card && !one.in_new_policy;
    let stays = |one: &CertificateEntry| is_live(one) && !one.revoke_with_card && !one.in_new_policy;
    let some = cards(&running, State::Active, |all| all.iter().any(goes));
    let none = cards(&running, State::Active, |all| all.iter().any(stays) && !all.iter().any(goes));
    assert!(!some.is_empty() && !none.is_empty());
    for card in some.into_iter().chain(none) {
        let before = certificates(&running, card);
        let shown = get(&running, &certiflow(&format!("Cards/{card}"))).body;
        operate(&running, card, "PreUpdate");
        for (before, after) in before.iter().zip(certificates(&running, card)) {
            if goes(before) {
                assert_eq!((after.status, after.crl_reason), (CaStatus::Revoked, Some(5)));
            } else if before.status != CaStatus::Hold {
                assert_eq!(&after, before);
            }
        }
        assert_eq!(get(&running, &certiflow(&format!("Cards/{card}"))).body, shown, "the card still carries them");
        let after = certificates(&running, card);
        operate(&running, card, "PreUpdate");
        assert_eq!((certificates(&running, card), last_note(&running)), (after, String::new()), "it may be repeated");
    }
    // The states that the page names, and the card that has no policy.
    for state in [State::Suspended, State::Assigned, State::Revoked, State::Pending, State::Stock] {
        running.registry().set_state(1073, state).unwrap();
        let before = certificates(&running, 1073);
        let refused = post(&running, &certiflow("Cards/1073/PreUpdate"));
        assert_eq!(refused.status, 409, "{state:?}");
        let is_documented = state != State::Stock;
        assert_eq!(!refused.detail().contains("(assumed)"), is_documented, "{}", refused.detail());
        assert_eq!(certificates(&running, 1073), before);
    }
}

#[test]
fn mim_revokes_all_and_reinstate_makes_them_valid_again() {
    let running = start_with_many();
    let mixed = cards(&running, State::Active, is_mixed);
    let change = |card: i64, kind: &str, status: &str| {
        let before = running.registry().state(card).unwrap();
        running.registry().set_state(card, before).unwrap();
        let uuid = running.registry().audit(0, 10_000).unwrap().pop().unwrap().uuid.unwrap();
        let body = json!({"type": kind, "smartcard": uuid.to_string(), "comment": "by MIM"});
        let made = send(&running, "POST", &mim("requests"), &body.to_string());
        assert_eq!(made.status, 201, "{made:?}");
        let uri = format!("/CertificateManagement/{}/smartcards/{uuid}", made.json().as_str().unwrap());
        let done = send(&running, "PUT", &uri, &json!({ "status": status }).to_string());
        assert_eq!(done.status, 200, "{done:?}");
        last_note(&running)
    };
    for (card, kind, status, crl_reason) in [(mixed[0], "Revoke", "Disabled", 0), (mixed[1], "Retire", "Retired", 5)] {
        let before = certificates(&running, card);
        let note = change(card, kind, status);
        let live = before.iter().filter(|one| is_live(one)).count();
        assert_eq!(note, format!("by MIM; {live} revoked"), "{kind}");
        for (before, after) in before.iter().zip(certificates(&running, card)) {
            if is_live(before) {
                assert_eq!((after.status, after.crl_reason), (CaStatus::Revoked, Some(crl_reason)), "{kind}");
            } else {
                assert_eq!(&after, before, "{kind}");
            }
        }
    }
    let before = certificates(&running, mixed[2]);
    operate(&running, mixed[2], "Disable");
    let note = change(mixed[2], "Reinstate", "Active");
    assert!(note.starts_with("by MIM; ") && note.ends_with(" released"), "{note}");
    assert_eq!(certificates(&running, mixed[2]), before);
}

#[test]
fn a_certificate_expires_by_itself_and_the_api_shows_nothing_of_all_this() {
    let clock = Arc::new(ManualClock::new(Moment::parse(NOW).unwrap()));
    let mut config = config();
    config.clock = clock.clone();
    let running = start_with(config);
    let statuses = || certificates(&running, 1013).iter().map(|one| one.status).collect::<Vec<_>>();
    assert_eq!(statuses(), [CaStatus::Valid, CaStatus::Expired, CaStatus::Expired]);
    let shown = || get(&running, &certiflow("Cards/1013")).json()["certificates"].clone();
    let before = shown();
    operate(&running, 1013, "Disable");
    assert_eq!((statuses()[0], shown()), (CaStatus::Hold, before));
    operate(&running, 1013, "Enable");
    clock.advance(400 * 86_400);
    assert_eq!(statuses()[0], CaStatus::Expired);
    operate(&running, 1013, "Revoke?reason=CardLost");
    assert_eq!((statuses()[0], last_note(&running)), (CaStatus::Expired, "CardLost".to_owned()));
    assert!(!CardInfo::FIELDS.iter().any(|field| field.name.to_lowercase().contains("status")));
}

#[test]
fn a_card_that_is_not_there_has_no_certificates() {
    assert_eq!(certificates(&start(), 999_999), []);
}
