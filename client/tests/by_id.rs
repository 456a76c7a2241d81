//! Operations by a card's id, and requests that are followed, from servers that answer in their own ways.

use cardwright_client::{AnyClient, CertiFlow, Client, Credentials, Ending, Error, Job, Mim, RequestFilter};
use cardwright_core::Code;
use cardwright_core::lifecycle::{Operation, State};
use cardwright_core::mim::{RequestStatus, Step};
use cardwright_server::{Fault, TestServer};
use cardwright_testkit::raw::{Raw, answer, json};

const REQUEST: &str = "438d1b30-f3b4-4bed-85fa-285e08605ba7";
const CARD: &str = "d4a7c2f1-3b58-4e90-9c16-8a5b0e7f6d32";

fn certiflow(server: &TestServer) -> AnyClient {
    let builder = Client::<CertiFlow>::builder(server.certiflow_url());
    let credentials = Credentials::basic(TestServer::USER, TestServer::PASSWORD);
    AnyClient::CertiFlow(builder.credentials(credentials).build().expect("a usable address"))
}

fn mim(base: String) -> AnyClient {
    let builder = Client::<Mim>::builder(base);
    let credentials = Credentials::basic(TestServer::USER, TestServer::PASSWORD);
    AnyClient::Mim(builder.credentials(credentials).build().expect("a usable address"))
}

fn card(id: i64, serial: &str) -> String {
    format!(r#"{{"id":{id},"serialNumber":"{serial}","state":"Issued","userName":"DEMO\\ip","certificates":[]}}"#)
}

#[test]
fn an_operation_by_id_is_done_to_that_card_alone() {
    let server = TestServer::with_cards(&[card(7, "02A1"), card(8, "02A2")].join("\n")).expect("it starts");
    let client = certiflow(&server);
    let done = client.operate_by_id("7", &Job::new(Operation::Suspend)).expect("it begins");
    assert_eq!((done.ending, done.card.map(|card| card.id())), (Ending::Done, Some("7".into())));
    assert_eq!(server.state(7).expect("the card"), State::Suspended);
    assert_eq!(server.state(8).expect("the card"), State::Active);
}

#[test]
fn without_such_a_card_nothing_is_sent() {
    let server = TestServer::with_cards(&card(7, "02A1")).expect("it starts");
    let client = certiflow(&server);
    let error = client.operate_by_id("9", &Job::new(Operation::Suspend)).expect_err("no such card");
    assert!(matches!(&error, Error::NoCard { id, .. } if id == "9"), "{error:?}");
    assert_eq!((error.code(), error.to_string()), (Code::NotFound, "the server has no card 9".into()));
    let error = client.operate_by_id("", &Job::new(Operation::Suspend)).expect_err("no id");
    assert_eq!(error.code(), Code::ParameterNeeded);
    assert_eq!(server.state(7).expect("the card"), State::Active);
}

#[test]
fn a_server_that_answers_with_another_card_gets_no_operation() {
    let raw = Raw::answering(|request| match request.starts_with("GET ") {
        true => json(&card(8, "02A2")),
        false => answer("204 No Content", "", ""),
    });
    let client = Client::<CertiFlow>::builder(raw.url("/certiflow/api")).build().expect("a usable address");
    let client = AnyClient::CertiFlow(client);
    let error = client.operate_by_id("7", &Job::new(Operation::Suspend)).expect_err("another card");
    assert_eq!(error.code(), Code::Unexpected, "{error}");
    assert!(raw.requests().iter().all(|request| request.starts_with("GET ")), "{:?}", raw.requests());
}

/// A request that waits for approval on a server.
fn waiting(client: &AnyClient) -> String {
    let card = client.card_by_id(CARD).expect("the card");
    let asked = client.operate(&card, &Job::new(Operation::Retire)).expect("it begins");
    assert_eq!(asked.ending, Ending::AwaitingApproval);
    asked.request.expect("a request")
}

#[test]
fn a_request_is_followed_to_its_end_and_nothing_is_changed_by_it() {
    let server = TestServer::start().expect("it starts");
    let client = mim(server.mim_url());
    let request = waiting(&client);
    for _ in 0..3 {
        let now = client.follow(&request).expect("the request");
        assert_eq!(
            (now.step, now.step_name(), now.operation),
            (Step::AwaitApproval, "awaiting approval", Some(Operation::Retire))
        );
        assert!(now.card.is_some_and(|card| card.id() == CARD) && now.unread.is_none());
    }
    client.cancel_request(&request).expect("it is canceled");
    let now = client.follow(&request.to_uppercase()).expect("the request");
    assert_eq!((now.step, now.step_name()), (Step::Ended(RequestStatus::Canceled), "ended"));
    let missing = client.follow(REQUEST).expect_err("no such request");
    assert_eq!(missing.code(), Code::NotFound);
    assert_eq!(certiflow(&server).follow(&request).expect_err("no requests").code(), Code::NoSuchCall);
    assert!(client.requests(&RequestFilter::open()).expect("a list").count() < 100);
}

#[test]
fn a_card_that_cannot_be_read_leaves_the_request_as_it_is() {
    let server = TestServer::start().expect("it starts");
    let client = mim(server.mim_url());
    let request = waiting(&client);
    server.fault(Fault::at("**/smartcards/**").method("GET").status(403)).expect("a fault");
    let now = client.follow(&request).expect("the request");
    assert_eq!((now.step, now.card.is_some()), (Step::AwaitApproval, false));
    assert_eq!(now.unread.map(|error| error.code()), Some(Code::Forbidden));
    client.canceler().cancel();
    assert_eq!(client.follow(&request).expect_err("it is stopped").code(), Code::Canceled);
}

#[test]
fn another_request_than_the_one_that_was_asked_for_is_an_error() {
    let raw = Raw::answering(|_| json(r#"{"Uuid":"0378a33b-8650-4713-a727-efd233903643","RequestType":7,"Status":2}"#));
    let error = mim(raw.url("/CertificateManagement")).follow(REQUEST).expect_err("another one");
    assert!(error.code() == Code::Unexpected && error.to_string().contains("0378a33b"), "{error}");
    assert_eq!(raw.requests().len(), 1);
}

#[test]
fn each_status_says_what_comes_next() {
    let wanted = [
        (0, Step::AwaitApproval),
        (3, Step::CarryOut),
        (4, Step::Ended(RequestStatus::Denied)),
        (8, Step::Done),
        (9, Step::Ended(RequestStatus::Failed)),
        (16, Step::AwaitApproval),
        (17, Step::Ended(RequestStatus::Canceled)),
        (18, Step::CarryOut),
        (77, Step::Unknown),
    ];
    for (status, step) in wanted {
        let raw =
            Raw::answering(move |_| json(&format!(r#"{{"Uuid":"{REQUEST}","RequestType":1,"Status":{status}}}"#)));
        let now = mim(raw.url("/CertificateManagement")).follow(REQUEST).expect("the request");
        assert_eq!(
            (now.step, now.operation, now.card.is_some(), now.unread.is_some()),
            (step, None, false, false),
            "{status}"
        );
    }
}
