//! The own API of `cardwright serve`, asked beside the APIs of the vendors.

use cardwright_client::{
    AccountChange, AuditFilter, CardSystem as _, Client, Credentials, Decision, Mim, OwnServer, Secret, Setup,
    WaitingFilter,
};
use cardwright_core::mim::RequestStatus;
use cardwright_core::{Code, Named as _};
use cardwright_server::{Account, Config, Running, Server, seed};
use cardwright_testkit::raw::{Raw, answer, json};

/// The story's card whose template asks for one approval.
const CARD: &str = "d4a7c2f1-3b58-4e90-9c16-8a5b0e7f6d32";

fn server() -> Running {
    let mut config = Config::default();
    config.operator = true;
    let secret = || cardwright_server::Secret::new("x");
    let story = seed::story_user().expect("a user");
    config.accounts.push(Account::new("ann", secret(), "administrator").as_user(story));
    config.accounts.push(Account::new("bob", secret(), "administrator"));
    config.accounts.push(Account::new("eve", secret(), "viewer"));
    let running = Server::start(config).expect("a server");
    seed::story(running.registry()).expect("the story");
    running
}

fn mim(url: String, name: &str) -> Client<Mim> {
    let credentials = Credentials::from(cardwright_client::SignIn::password(name, Secret::new("x")));
    Client::<Mim>::with(Setup { credentials, ..Setup::new(url) }).build().expect("a client")
}

fn own(running: &Running, name: &str) -> OwnServer {
    mim(running.mim_url(), name).own_server().expect("a server of ours")
}

fn fake(answer: impl Fn(&str) -> Vec<u8> + Send + 'static) -> (Raw, OwnServer) {
    let raw = Raw::answering(answer);
    let own = mim(raw.url("/CertificateManagement"), "ann").own_server().expect("its base");
    (raw, own)
}

#[test]
fn it_is_found_from_every_base_of_such_a_server() {
    let mut config = Config::default();
    config.operator = true;
    config.accounts.push(Account::new("ann", cardwright_server::Secret::new("x"), "administrator"));
    let bases = ["g1", "g2=/old/icmapi", "g3=/cards/old", "g5=/KeyBox/API", "g6=/certiflow/api2", "g7"];
    config.certiflow = bases.map(|base| base.parse().expect("a generation")).into();
    let running = Server::start(config).expect("a server");
    let mut urls: Vec<String> = running.generations().into_iter().map(|one| running.url() + one.base()).collect();
    urls.extend([running.mim_url(), format!("{}/", running.certiflow_url().to_uppercase().replace("HTTP", "http"))]);
    for url in &urls {
        let own = mim(url.clone(), "ann").own_server().expect("an address");
        assert_eq!(own.accounts().expect("a list").len(), 1, "{url}");
    }
    assert_eq!(urls.len(), 8);
    // Elsewhere it is not there, and an address alone sends nothing.
    let raw = Raw::answering(|_| answer("404 Not Found", "text/html", ""));
    for base in ["/certiflow/api", "/keybox/api", "/other"] {
        let own = mim(raw.url(base), "ann").own_server().expect("an address");
        assert_eq!(own.accounts().expect_err("nothing there").code(), Code::NoSuchCall, "{base}");
    }
    let asked: Vec<String> =
        raw.requests().iter().map(|one| one.lines().next().unwrap_or_default().to_string()).collect();
    let wanted = ["/_cardwright/v1/accounts", "/_cardwright/v1/accounts", "/other/_cardwright/v1/accounts"];
    assert_eq!(asked, wanted.map(|path| format!("GET {path} HTTP/1.1")));
}

#[test]
fn it_is_asked_over_the_connections_and_the_sign_in_of_the_client() {
    let running = server();
    let client = mim(running.mim_url(), "ann");
    let own = client.own_server().expect("a server of ours");
    own.accounts().expect("a list");
    assert!(client.explain().to_string().contains("Basic"), "{}", client.explain());
    for elsewhere in ["http://127.0.0.1:1/x", "https://127.0.0.1/x", "x"] {
        assert!(client.transport().beside(elsewhere).is_err(), "{elsewhere}");
    }
    client.canceler().cancel();
    assert_eq!(own.accounts().expect_err("stopped with the client").code(), Code::Canceled);
}

#[test]
fn what_waits_is_approved_and_the_log_tells_who_did_it() {
    let running = server();
    let (ann, bob) = (own(&running, "ann"), own(&running, "bob"));
    let client = mim(running.mim_url(), "ann");
    let card = client.smartcard(CARD).expect("an answer").expect("a card");
    let asked = client.retire(&card, "left").expect("an outcome");
    let request = asked.request.expect("it waits");
    let filter = WaitingFilter { card: Some(CARD.into()), ..WaitingFilter::default() };
    let waiting = ann.requests(&filter).expect("an answer");
    assert_eq!(waiting.len(), 1);
    let first = &waiting[0];
    assert_eq!(
        (first.request.as_str(), first.status.as_str(), first.approvals, first.needed),
        (&*request, "Pending", 0, 1)
    );
    assert_eq!(ann.decide(&request, Decision::Approve).expect_err("its own").code(), Code::Forbidden);
    assert_eq!(bob.decide(&request, Decision::Approve).expect("approved").status, "Approved");
    assert_eq!(bob.decide(&request, Decision::Deny).expect_err("approved already").code(), Code::Refused);
    let unknown = bob.decide("00000000-0000-0000-0000-00000000abcd", Decision::Deny).expect_err("none");
    assert_eq!(unknown.code(), Code::NotFound);
    let filter = WaitingFilter { status: Some(RequestStatus::Approved), ..filter };
    assert_eq!(ann.requests(&filter).expect("an answer")[0].approved_by, ["bob"]);

    let rows: Vec<_> =
        own(&running, "eve").audit_rows(&AuditFilter::of_card(CARD)).map(|row| row.expect("a row")).collect();
    let told: Vec<_> = rows.iter().map(|row| (&*row.account, &*row.operation, &*row.outcome)).collect();
    assert_eq!(
        told,
        [
            ("ann", "request", "done"),
            ("ann", "approve", "refused"),
            ("bob", "approve", "done"),
            ("bob", "deny", "refused")
        ]
    );
    assert!(rows[0].json().starts_with(r#"{"id":"#));
    let by_bob = AuditFilter { account: Some("BOB".into()), ..AuditFilter::default() };
    assert_eq!(ann.audit_rows(&by_bob).count(), 2);
    let eve = own(&running, "eve");
    assert_eq!(eve.accounts().expect_err("a viewer").code(), Code::Forbidden);
    let wrong = AuditFilter { since: Some("yesterday".into()), ..AuditFilter::default() };
    assert_eq!(eve.audit(&wrong, 10).expect_err("no date").code(), Code::BadRequest);
}

#[test]
fn a_list_of_many_rows_is_read_page_by_page() {
    let running = server();
    for n in 0..1300 {
        let state = cardwright_core::lifecycle::State::ALL[n % 2 + 3];
        running.registry().set_state(1065, state).expect("set");
    }
    let rows: Vec<i64> =
        own(&running, "ann").audit_rows(&AuditFilter::of_card("1065")).map(|row| row.expect("a row").id).collect();
    assert_eq!(rows, (1..=1300).collect::<Vec<i64>>());
}

#[test]
fn an_account_is_added_and_changed() {
    let running = server();
    let ann = own(&running, "ann");
    let password = Some(Secret::new("quite long"));
    let change = AccountChange { password, role: Some("viewer".into()), ..AccountChange::default() };
    assert!(!format!("{change:?}").contains("long"));
    assert_eq!(ann.put_account("Zoë/1", &change).expect("added").role, "viewer");
    let off = AccountChange { disabled: Some(true), ..AccountChange::default() };
    assert!(ann.put_account("ZOË/1", &off).is_err(), "another name: SQLite folds the case of ASCII alone");
    assert!(ann.put_account("Zoë/1", &off).expect("disabled").disabled);
    let names: Vec<String> = ann.accounts().expect("a list").iter().map(|one| one.name.clone()).collect();
    assert_eq!(names, ["ann", "bob", "eve", "Zoë/1"]);
    assert_eq!(ann.roles().expect("a list").len(), 3);
    assert!(ann.put_account("bob", &off).expect("disabled").disabled);
    assert_eq!(ann.put_account("ann", &off).expect_err("the last one").code(), Code::Refused);
    assert_eq!(ann.put_account("..", &off).expect_err("no name").code(), Code::Unwritable);
}

#[test]
fn a_server_without_it_is_named_and_an_older_one_still_decides() {
    let page = || answer("404 Not Found", "text/html", "<html><title>Not found</title></html>");
    for nothing in [answer("404 Not Found", "text/plain", ""), page()] {
        let (raw, own) = fake(move |_| nothing.clone());
        assert_eq!(own.audit(&AuditFilter::default(), 1).expect_err("none").code(), Code::NoSuchCall);
        assert_eq!(own.decide(CARD, Decision::Deny).expect_err("none").code(), Code::NoSuchCall);
        assert_eq!(raw.requests().len(), 3);
    }
    let (raw, own) = fake(|asked| match asked.starts_with("POST /_sandbox/requests/") {
        true => json(r#"{"request":"r","status":"Denied","approvals":0,"needed":1}"#),
        false => answer("404 Not Found", "text/plain", ""),
    });
    assert_eq!(own.decide(CARD, Decision::Deny).expect("decided").status, "Denied");
    let asked = raw.requests();
    assert!(asked[0].starts_with(&format!("POST /_cardwright/v1/requests/{CARD}/deny HTTP/1.1")), "{asked:?}");
}

#[test]
fn a_row_that_was_not_asked_for_is_an_error() {
    let row = r#"{"id":7,"time":"2026-03-01T08:00:00Z","account":"ann","card":5,"issuer":"i","subject":"s"}"#;
    let (_raw, own) = fake(move |_| json(&format!(r#"{{"rows":[{row}],"next":7}}"#)));
    let some = |text: &str| Some(text.to_string());
    let none = AuditFilter::default();
    assert_eq!(own.audit(&none, 1).expect("right").rows[0].card, Some(5));
    for (filter, name) in [
        (AuditFilter::of_card("6"), "card"),
        (AuditFilter { account: some("bob"), ..none.clone() }, "account"),
        (AuditFilter { issuer: some("j"), ..none.clone() }, "issuer"),
        (AuditFilter { subject: some("t"), ..none.clone() }, "subject"),
        (AuditFilter { since: some("2026-03-02"), ..none.clone() }, "since"),
        (AuditFilter { until: some("2026-03-01"), ..none.clone() }, "until"),
        (AuditFilter { after: 7, ..none.clone() }, "after"),
    ] {
        let error = own.audit(&filter, 1).expect_err("another row");
        assert_eq!(error.code(), Code::Unexpected);
        assert!(error.to_string().contains(&format!("ignores {name}:")), "{error}");
    }
    let (_raw, own) = fake(|_| json(r#"{"rows":[{"id":9}],"next":8}"#));
    assert!(own.audit(&none, 1).expect_err("it would come again").to_string().contains("after row 8"));
    let (_raw, own) = fake(|_| json("[]"));
    assert_eq!(own.audit(&none, 1).expect_err("no page").code(), Code::Unexpected);
}
