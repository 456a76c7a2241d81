//! Every cell of the transition tables, and every name, against what the specification says.

use cardwright_core::certiflow::{
    CardState, CertificateType, ContentExpirationStatus, Dialect, Endpoint, Privilege, RevocationReason,
};
use cardwright_core::json::{self, Scalar};
use cardwright_core::lifecycle::{self, CERTIFLOW, Evidence, MIM, NativeState, Operation, State, System, Verdict};
use cardwright_core::mim::{
    self, Permission, RequestEnd, RequestKind, RequestStatus, RequestType, SmartcardStatus, StatusScheme,
};
use cardwright_core::{Code, Named};
use std::collections::BTreeSet;
use std::fmt::Debug;

/// Columns: system, state, operation, outcome, evidence, source.
const TRANSITIONS: &str = include_str!("transitions.tsv");

#[test]
fn every_cell_of_the_table_is_what_the_specification_says() {
    let mut cells = BTreeSet::new();
    let mut wrong = Vec::new();
    for line in TRANSITIONS.lines().skip(1) {
        let [system, state, operation, outcome, evidence, source] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("not six columns: {line}");
        };
        let system = System::from_name(system).unwrap();
        let native = NativeState::of(system).find(|native| native.name() == state).unwrap();
        let operation = Operation::from_name(operation).unwrap();
        let verdict = Verdict::of(native, operation);
        let ours = match verdict {
            Verdict::Allowed { to, .. } => to.name(),
            Verdict::Refused { .. } => "refused",
            Verdict::Lacks => "lacks",
        };
        if (ours, verdict.evidence().name()) != (outcome, evidence) {
            wrong.push(format!("{line}\n  core: {verdict:?} ({source})"));
        }
        assert!(cells.insert((system.name(), state, operation.name())), "twice: {line}");
    }
    println!("{} cells", cells.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let expected = Operation::ALL.len() * (CardState::ALL.len() + SmartcardStatus::ALL.len());
    assert_eq!(cells.len(), expected, "a cell has no line");
}

#[test]
fn after_and_legal_say_what_the_verdict_says() {
    let mut cells = 0;
    for state in System::ALL.iter().flat_map(|system| NativeState::of(*system)) {
        let legal: Vec<Operation> = lifecycle::legal(state).map(|(operation, _)| operation).collect();
        for operation in Operation::ALL.iter().copied() {
            let verdict = Verdict::of(state, operation);
            let after = lifecycle::after(state, operation);
            match verdict {
                Verdict::Allowed { to, .. } => assert_eq!(after, Ok(to)),
                Verdict::Refused { .. } => {
                    let error = after.unwrap_err();
                    assert_eq!((error.code, error.what), (Code::NotAllowed, operation.name()));
                }
                Verdict::Lacks => {
                    let error = after.unwrap_err();
                    assert_eq!((error.code, error.what), (Code::NoSuchOperation, state.system().name()));
                    assert_eq!(operation.native(state.system()), None);
                }
            }
            assert_eq!(verdict.is_allowed(), legal.contains(&operation), "{state} {operation:?}");
            assert_eq!(verdict.is_allowed(), after.is_ok());
            cells += 1;
        }
    }
    assert_eq!(cells, 65);
    let issued = NativeState::CertiFlow(CardState::Issued);
    let words: Vec<&str> = lifecycle::legal(issued).map(|(operation, _)| operation.name()).collect();
    assert_eq!(words, ["suspend", "revoke", "pre-update"]);
}

#[test]
fn every_row_has_a_source() {
    let sources = CERTIFLOW.iter().map(|row| row.source).chain(MIM.iter().map(|row| row.source));
    assert_eq!(sources.filter(|source| !source.is_empty()).count(), CERTIFLOW.len() + MIM.len());
}

#[test]
fn what_is_final_is_left_by_nothing_but_withdrawal_or_retirement() {
    for (state, way_out) in [
        (NativeState::CertiFlow(CardState::Revoked), Some(Operation::Retire)),
        (NativeState::Mim(SmartcardStatus::Disabled), Some(Operation::Retire)),
        (NativeState::Mim(SmartcardStatus::Retired), None),
    ] {
        let ways: Vec<Operation> = lifecycle::legal(state).map(|(operation, _)| operation).collect();
        assert_eq!(ways, way_out.into_iter().collect::<Vec<_>>(), "{state}");
    }
}

/// certiflow.md 7.3: neutral state, CertiFlow's, MIM's.
const STATES: [(State, Option<CardState>, Option<SmartcardStatus>); 7] = [
    (State::Stock, Some(CardState::Clean), Some(SmartcardStatus::New)),
    (State::Assigned, Some(CardState::Assigned), Some(SmartcardStatus::Assigned)),
    (State::Pending, Some(CardState::Pending), None),
    (State::Active, Some(CardState::Issued), Some(SmartcardStatus::Active)),
    (State::Suspended, Some(CardState::Disabled), Some(SmartcardStatus::Suspended)),
    (State::Revoked, Some(CardState::Revoked), Some(SmartcardStatus::Disabled)),
    (State::Retired, None, Some(SmartcardStatus::Retired)),
];

/// certiflow.md 7.3: neutral operation, CertiFlow's, MIM's.
const OPERATIONS: [(Operation, Option<&str>, Option<&str>); 5] = [
    (Operation::Suspend, Some("Disable"), None),
    (Operation::Resume, Some("Enable"), Some("Reinstate")),
    (Operation::Revoke, Some("Revoke"), Some("Revoke")),
    (Operation::Retire, Some("Withdraw"), Some("Retire")),
    (Operation::PreUpdate, Some("PreUpdate"), None),
];

#[test]
fn states_are_mapped_both_ways() {
    for (neutral, certiflow, mim) in STATES {
        assert_eq!(neutral.native(System::CertiFlow), certiflow.map(NativeState::CertiFlow));
        assert_eq!(neutral.native(System::Mim), mim.map(NativeState::Mim));
    }
    let mut natives = 0;
    for native in System::ALL.iter().flat_map(|system| NativeState::of(*system)) {
        natives += 1;
        match native.neutral() {
            Some(neutral) => assert_eq!(neutral.native(native.system()), Some(native)),
            None => assert_eq!(native, NativeState::Mim(SmartcardStatus::None)),
        }
    }
    assert_eq!(natives, 13);
}

#[test]
fn operations_are_called_by_each_systems_own_words() {
    for (operation, certiflow, mim) in OPERATIONS {
        assert_eq!(operation.native(System::CertiFlow), certiflow);
        assert_eq!(operation.native(System::Mim), mim);
        for (system, word) in [(System::CertiFlow, certiflow), (System::Mim, mim)] {
            assert_eq!(Operation::of(system).any(|of| of == operation), word.is_some());
            let Some(word) = word else { continue };
            for spelling in [word.to_owned(), word.to_lowercase(), word.to_uppercase()] {
                assert_eq!(Operation::from_native(system, &spelling), Ok(operation));
            }
        }
    }
}

#[test]
fn a_word_of_the_other_system_is_no_operation() {
    for (system, word) in [
        (System::Mim, "disable"),
        (System::Mim, "Disable"),
        (System::Mim, "Enable"),
        (System::Mim, "Withdraw"),
        (System::Mim, "PreUpdate"),
        (System::Mim, "suspend"),
        (System::CertiFlow, "Reinstate"),
        (System::CertiFlow, "Retire"),
        (System::CertiFlow, "Suspend"),
        (System::CertiFlow, "resume"),
        (System::CertiFlow, "Revoke "),
        (System::CertiFlow, ""),
        (System::Mim, ""),
    ] {
        let error = Operation::from_native(system, word).unwrap_err();
        assert_eq!((error.code, error.what), (Code::NoSuchOperation, system.name()), "{system:?} {word:?}");
    }
}

#[test]
fn endpoints_and_request_kinds_lead_to_the_same_operations() {
    for operation in Operation::of(System::CertiFlow) {
        let endpoints: Vec<Endpoint> = Endpoint::ALL.into_iter().filter(|e| e.operation() == Some(operation)).collect();
        assert_eq!(endpoints.len(), 1, "{operation:?}");
        let word = endpoints[0].route().path.rsplit('/').next();
        assert_eq!(word, operation.native(System::CertiFlow));
    }
    for operation in Operation::ALL.iter().copied() {
        let kinds = RequestKind::ALL.iter().filter(|kind| kind.operation() == Some(operation)).count();
        assert_eq!(kinds, usize::from(operation.native(System::Mim).is_some()), "{operation:?}");
    }
}

#[test]
fn every_value_of_every_enumeration_is_found_again_by_its_name() {
    let mut seen = 0;
    seen += named::<System>(2, |value| value as i64);
    seen += named::<Operation>(5, |value| value as i64);
    seen += named::<State>(7, |value| value as i64);
    seen += named::<Evidence>(2, |value| value as i64);
    seen += named::<CardState>(6, |value| value as i64);
    seen += named::<RevocationReason>(8, |value| value as i64);
    seen += named::<ContentExpirationStatus>(7, |value| value as i64);
    seen += named::<CertificateType>(3, |value| value as i64);
    seen += named::<Privilege>(9, |value| value as i64);
    seen += named::<Dialect>(7, |value| value as i64);
    seen += named::<Permission>(8, |value| value as i64);
    seen += named::<RequestKind>(12, |value| value as i64);
    seen += named::<RequestEnd>(3, |value| value as i64);
    seen += named::<SmartcardStatus>(7, |value| value as i64);
    seen += named::<RequestType>(12, |value| value as i64);
    seen += named::<RequestStatus>(8, |value| value as i64);
    println!("{seen} values");
    assert_eq!(seen, 106);
}

fn named<T: Named + Debug>(count: usize, number: impl Fn(T) -> i64) -> usize {
    assert_eq!(T::ALL.len(), count);
    let numbers: Vec<i64> = T::ALL.iter().map(|value| number(*value)).collect();
    assert!(numbers.is_sorted() && numbers.iter().collect::<BTreeSet<_>>().len() == count, "{numbers:?}");
    for value in T::ALL.iter().copied() {
        let name = value.name();
        assert!(!name.is_empty() && name.trim() == name);
        for spelling in [name.to_owned(), name.to_lowercase(), name.to_uppercase()] {
            assert_eq!(T::from_name(&spelling), Some(value));
        }
        assert_eq!(T::from_name(&format!("{name}x")), None);
    }
    assert_eq!(T::from_name(""), None);
    count
}

#[test]
fn a_value_of_a_reply_is_known_by_its_name_or_by_its_number() {
    fn of<T: Named>(json: &str) -> Option<T> {
        T::from_scalar(json::from_slice::<Scalar<'_>>(json.as_bytes()).unwrap())
    }
    assert_eq!(of::<CardState>(r#""issued""#), Some(CardState::Issued));
    assert_eq!(of::<CardState>(r#""\u0049ssued""#), Some(CardState::Issued));
    assert_eq!(of::<CardState>("4"), None, "the vendor publishes no numbers");
    assert_eq!(of::<CardState>(r#""Quarantined""#), None);
    assert_eq!(of::<CertificateType>(r#""TRACED""#), Some(CertificateType::Traced));
    for reason in RevocationReason::ALL {
        assert_eq!(of::<RevocationReason>(&format!("{}", *reason as u8)), Some(*reason));
        assert_eq!(of::<RevocationReason>(&format!("\"{}\"", reason.name())), Some(*reason));
        assert_eq!(RevocationReason::parse(&format!("{}", *reason as u8)), Some(*reason));
        assert_eq!(RevocationReason::parse(reason.name()), Some(*reason));
    }
    for wrong in ["8", "-1", "1.0", "\"8\"", "null", "true", "99999999999999999999"] {
        assert_eq!(of::<RevocationReason>(wrong), None, "{wrong}");
    }
    assert_eq!(RevocationReason::parse("8").or(RevocationReason::parse("256")).or(RevocationReason::parse("")), None);
    for kind in RequestType::ALL {
        assert_eq!(of::<RequestType>(&format!("{}", *kind as u8)), Some(*kind));
    }
    for status in RequestStatus::ALL {
        assert_eq!(of::<RequestStatus>(&format!("{}", *status as u8)), Some(*status));
    }
    assert_eq!(of::<RequestStatus>("1").or(of::<RequestStatus>("\"3\"")), None);
}

#[test]
fn crl_reasons_are_those_of_rfc_5280_and_never_seven() {
    let reasons: Vec<u8> = RevocationReason::ALL.iter().map(|reason| reason.crl_reason()).collect();
    assert_eq!(reasons, [0, 5, 1, 4, 4, 5, 5, 1]);
}

#[test]
fn a_status_number_of_mim_is_read_by_a_scheme() {
    for scheme in [StatusScheme::A, StatusScheme::B] {
        for (number, status) in scheme.rows {
            let digits = number.to_string();
            assert_eq!(scheme.status(json::from_slice(digits.as_bytes()).unwrap()), Some(*status));
            assert_eq!(scheme.number(*status), Some(*number));
        }
        assert_eq!(scheme.status(Scalar::Null), None);
        assert_eq!(scheme.status(Scalar::Number("77")), None);
    }
    assert_eq!(StatusScheme::default(), StatusScheme::B);
    for status in SmartcardStatus::ALL {
        assert!(StatusScheme::B.number(*status).is_some(), "{status:?}");
    }
}

#[test]
fn the_next_step_of_a_request_follows_from_its_status() {
    use mim::Step::{Ended, Unknown};
    for (status, step) in [
        ("0", mim::Step::AwaitApproval),
        ("3", mim::Step::CarryOut),
        ("4", Ended(RequestStatus::Denied)),
        ("8", mim::Step::Done),
        ("9", Ended(RequestStatus::Failed)),
        ("16", mim::Step::AwaitApproval),
        ("17", Ended(RequestStatus::Canceled)),
        ("18", mim::Step::CarryOut),
        ("5", Unknown),
        ("null", Unknown),
        ("\"Approved\"", Unknown),
    ] {
        let document = format!(r#"{{"Uuid":"u","Status":{status}}}"#);
        assert_eq!(json::from_slice::<mim::Request<'_>>(document.as_bytes()).unwrap().step(), step, "{status}");
    }
}
