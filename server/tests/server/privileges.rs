//! Who may do what.

use crate::generations::{NOTHING, list, start_all};
use crate::http::{Answer, certiflow, get, mim, post, send, send_as, start};
use cardwright_core::Named as _;
use cardwright_core::certiflow::{Dialect, Endpoint, Privilege};
use cardwright_core::http::Method;
use cardwright_core::mim::{Permission, RequestKind};
use cardwright_server::{Running, Secret};
use serde_json::json;

const PROBE: &str = "probe:secret";

fn start_with_probe() -> Running {
    let running = start();
    running.registry().add_role("probe", &[], &[]).unwrap();
    running.registry().add_account("probe", &Secret::new("secret"), "probe").unwrap();
    running
}

fn probe(running: &Running, method: &str, target: &str, body: &str) -> Answer {
    send_as(running, Some(PROBE), method, target, ("application/json", body))
}

#[test]
fn each_certiflow_call_needs_its_privilege_and_no_other() {
    let running = start_with_probe();
    for endpoint in Endpoint::ALL.into_iter().filter(|endpoint| endpoint.route_in(Dialect::G7).is_some()) {
        let target = certiflow(&endpoint.route().path.replace("{id}", "1065"));
        let without: Vec<_> = Privilege::ALL.iter().copied().filter(|one| *one != endpoint.privilege()).collect();
        running.registry().add_role("probe", &without, Permission::ALL).unwrap();
        let answer = probe(&running, endpoint.route().method.name(), &target, "");
        assert_eq!(answer.status, 403, "{target}");
        assert!(answer.detail().contains(endpoint.privilege().name()), "{answer:?}");

        running.registry().add_role("probe", &[endpoint.privilege()], &[]).unwrap();
        let answer = probe(&running, endpoint.route().method.name(), &target, "");
        assert_ne!(answer.status, 403, "{target}");
        if endpoint.route().method == Method::Get {
            assert_eq!(answer.status, 200);
        }
    }
}

#[test]
fn the_user_filter_needs_to_find_users_too() {
    let running = start_with_probe();
    running.registry().add_role("probe", &[Privilege::ViewingCardRepository], &[]).unwrap();
    let target = certiflow("Cards?userName=DEMO%5Cipetrov");
    assert_eq!(probe(&running, "GET", &target, "").status, 403);
    let both = [Privilege::ViewingCardRepository, Privilege::FindingUsers];
    running.registry().add_role("probe", &both, &[]).unwrap();
    assert_eq!(probe(&running, "GET", &target, "").json().as_array().unwrap().len(), 1);
}

#[test]
fn privileges_have_the_words_of_the_generation() {
    let running = start_all();
    let old =
        ["Get smart cards", "Revoke smart cards", "Disable smart cards", "Enable smart cards", "Update smart cards"];
    let new = ["Viewing card repository", "Revoking card", "Disabling card", "Enabling card", "Updating card"];
    let needed = [
        Privilege::ViewingCardRepository,
        Privilege::RevokingCard,
        Privilege::DisablingCard,
        Privilege::EnablingCard,
        Privilege::UpdatingCard,
    ];
    let set = |privileges: &[Privilege]| {
        running.registry().add_role("probe", privileges, &[]).unwrap();
        running.registry().add_account("probe", &Secret::new("x"), "probe").unwrap();
    };
    let ask = |method: &str, target: &str| send_as(&running, Some("probe:x"), method, target, NOTHING);
    let mut seen = 0;
    for n in 1..=7_u8 {
        let words = if n == 1 { old } else { new };
        let verbs = ["Revoke", "Disable", "Enable", "PreUpdate"];
        for (at, privilege) in needed.iter().enumerate() {
            let target = match (at.checked_sub(1).map(|verb| verbs[verb]), n) {
                (None, _) => list(n),
                (Some(verb), 1..=3) => format!("/g{n}/card/{}?id=1065", verb.to_lowercase()),
                (Some(verb), _) => format!("/g{n}/Cards/1065/{verb}"),
            };
            let method = if at == 0 { "GET" } else { "POST" };
            let others: Vec<_> = Privilege::ALL.iter().copied().filter(|one| one != privilege).collect();
            set(&others);
            let without = ask(method, &target);
            assert_eq!(without.status, 403, "G{n}: {target}");
            let wanted = format!("The account probe lacks the privilege \\\"{}\\\".", words[at]);
            assert!(without.body.contains(&wanted), "G{n}: {without:?}");
            set(&[*privilege]);
            assert_ne!(ask(method, &target).status, 403, "G{n}: {target}");
            seen += 1;
        }
        // Since G2, looking for a user takes a privilege of its own.
        let of_user = match n {
            1..=3 => format!("/g{n}/user/getcards?name=aweber@demo.example"),
            4 | 5 => format!("/g{n}/Cards?filter.userName=aweber@demo.example"),
            _ => format!("/g{n}/Cards?userName=aweber@demo.example"),
        };
        set(&[Privilege::ViewingCardRepository]);
        let without = ask("GET", &of_user);
        assert_eq!(without.status, if n == 1 { 200 } else { 403 }, "G{n}");
        assert_eq!(without.body.contains("Finding users"), n > 1, "{without:?}");
        set(&[Privilege::ViewingCardRepository, Privilege::FindingUsers]);
        assert_eq!(ask("GET", &of_user).json().as_array().unwrap().len(), 1, "G{n}");
        set(&[Privilege::FindingUsers]);
        assert_eq!(ask("GET", &of_user).status, 403, "G{n}");
        if n >= 4 {
            set(&[Privilege::ViewingCardRepository]);
            let ignored = if n <= 5 { "userName" } else { "filter.userName" };
            assert_eq!(ask("GET", &format!("/g{n}/Cards?{ignored}=x")).status, 200, "G{n}: nobody is looked for");
        }
    }
    assert_eq!(seen, 35);
}

#[test]
fn each_mim_request_needs_its_permission() {
    let running = start_with_probe();
    let list = get(&running, &mim("smartcards")).json();
    let (card, template) = (&list[1]["Uuid"], &list[1]["ProfileTemplateUuid"]);
    for kind in RequestKind::ALL {
        let without: Vec<_> = Permission::ALL.iter().copied().filter(|one| *one != kind.permission()).collect();
        running.registry().add_role("probe", Privilege::ALL, &without).unwrap();
        let body = json!({"type": kind.name(), "smartcard": card, "profiletemplateuuid": template, "comment": ""});
        let answer = probe(&running, "POST", &mim("requests"), &body.to_string());
        assert_eq!(answer.status, 403, "{}: {answer:?}", kind.name());
        assert!(answer.body.contains("lacks the permission"), "{answer:?}");
    }
}

#[test]
fn what_belongs_to_others_needs_audit() {
    let running = start_with_probe();
    let card = get(&running, &mim("smartcards")).json()[1].clone();
    let uuid = card["Uuid"].as_str().unwrap();
    let card_id = card["SerialNumber"].as_str().unwrap();
    let body = json!({"type": "Retire", "smartcard": uuid, "comment": ""});
    let made = send(&running, "POST", &mim("requests"), &body.to_string()).json();
    let request = format!("/CertificateManagement/{}", made.as_str().unwrap());
    let without: Vec<_> = Permission::ALL.iter().copied().filter(|one| *one != Permission::Audit).collect();
    let card_of_request = format!("{request}/smartcards/{uuid}");
    let calls = [
        ("GET", mim(&format!("smartcards/{uuid}")), String::new()),
        ("GET", mim(&format!("smartcards/{uuid}/operations")), String::new()),
        ("GET", mim(&format!("smartcards?cardid={}", card_id.trim_matches(['{', '}']))), String::new()),
        ("GET", request.clone(), String::new()),
        ("POST", mim("requests"), body.to_string()),
        ("PUT", card_of_request, r#"{"status":"Retired"}"#.into()),
        ("PUT", request, r#"{"status":"Completed"}"#.into()),
    ];
    running.registry().add_role("probe", Privilege::ALL, &without).unwrap();
    for (method, target, body) in &calls {
        assert_eq!(probe(&running, method, target, body).status, 403, "{method} {target}");
        assert_ne!(send(&running, method, target, body).status, 403, "{method} {target}: its own");
    }
    assert_eq!(probe(&running, "GET", &mim("smartcards"), "").json(), json!([]), "the caller's own cards only");
    assert_eq!(probe(&running, "GET", &mim("requests"), "").json(), json!([]), "and its own requests only");
    let own = json!({"type": "Enroll", "profiletemplateuuid": card["ProfileTemplateUuid"], "comment": ""});
    assert_eq!(probe(&running, "POST", &mim("requests"), &own.to_string()).status, 201);
    assert_eq!(probe(&running, "GET", &mim("requests"), "").json().as_array().unwrap().len(), 1);
    let count = |query: &str| get(&running, &mim(&format!("requests{query}"))).json().as_array().unwrap().len();
    assert_eq!((count(""), count("?targetuser=current")), (5, 4), "with Audit all; the story has three");
    running.registry().add_role("probe", &[], &[Permission::Audit]).unwrap();
    for (method, target, _) in calls.iter().filter(|call| call.0 == "GET") {
        assert_eq!(probe(&running, method, target, "").status, 200, "{target}");
    }
}

#[test]
fn only_who_is_known_gets_in() {
    let running = start();
    let calls = [certiflow("Cards"), mim("smartcards"), certiflow("nowhere")];
    for target in &calls {
        for credentials in [None, Some("demo:wrong"), Some("nobody:secret"), Some("demo"), Some(":")] {
            let answer = send_as(&running, credentials, "GET", target, ("", ""));
            assert_eq!((answer.status, answer.body.as_str()), (401, ""), "{target} {credentials:?}");
            assert!(answer.header("www-authenticate").unwrap().starts_with("Basic realm="), "{answer:?}");
        }
    }
    assert_eq!(send_as(&running, None, "GET", "/health", ("", "")).body, r#"{"status":"ok"}"#);
}

#[test]
fn a_new_password_ends_the_old_one_at_once() {
    let running = start_with_probe();
    running.registry().add_role("probe", Privilege::ALL, &[]).unwrap();
    let target = certiflow("Cards?count=1");
    assert_eq!(probe(&running, "GET", &target, "").status, 200);
    running.registry().add_account("probe", &Secret::new("changed"), "probe").unwrap();
    assert_eq!(probe(&running, "GET", &target, "").status, 401);
    assert_eq!(send_as(&running, Some("probe:changed"), "GET", &target, ("", "")).status, 200);
}

#[test]
fn the_default_roles_differ() {
    let running = start();
    for (role, disable, enable_view) in [("administrator", 200, 200), ("operator", 200, 200), ("viewer", 403, 200)] {
        running.registry().add_account(role, &Secret::new("secret"), role).unwrap();
        let credentials = format!("{role}:secret");
        let card = certiflow("Cards/1065");
        assert_eq!(send_as(&running, Some(&credentials), "GET", &card, ("", "")).status, enable_view, "{role}");
        let answer = send_as(&running, Some(&credentials), "POST", &certiflow("Cards/1065/Disable"), ("", ""));
        assert_eq!(answer.status, disable, "{role}");
        if answer.status == 200 {
            assert_eq!(post(&running, &certiflow("Cards/1065/Enable")).status, 200);
        }
    }
    assert!(running.registry().add_account("x", &Secret::new("secret"), "no such role").is_err());
    assert!(running.registry().add_account("a:b", &Secret::new("secret"), "viewer").is_err());
}
