//! MIM CM's list of requests, from servers that answer in their own ways.

use cardwright_client::{AnyClient, Client, Error, Mim, Options, RequestFilter, Setup};
use cardwright_core::Code;
use cardwright_core::lifecycle::System;
use cardwright_core::mim::{OwnedRequest, RequestStatus};
use cardwright_testkit::raw::{Raw, answer, json};

const CALLER: &str = "8f1590dc-22f2-45b4-a2b6-8ea6d5f50ac4";
const OTHER: &str = "0378a33b-8650-4713-a727-efd233903643";

fn mim(raw: &Raw) -> Client<Mim> {
    Client::<Mim>::builder(raw.url("/CertificateManagement")).build().expect("a usable address")
}

fn request(uuid: &str, status: u8, target: &str) -> String {
    format!(r#"{{"Uuid":"{uuid}","RequestType":7,"Status":{status},"TargetUserUuid":"{target}"}}"#)
}

fn read(client: &Client<Mim>, filter: &RequestFilter) -> Vec<Result<OwnedRequest, Error>> {
    client.requests(filter).expect("an answer").collect()
}

fn uuids(client: &Client<Mim>, filter: &RequestFilter) -> Vec<String> {
    let found = read(client, filter).into_iter().map(|one| one.expect("a request"));
    found.map(|one| one.view().uuid().expect("an id").to_string()).collect()
}

fn with(statuses: &[RequestStatus], for_caller: bool) -> RequestFilter {
    RequestFilter { statuses: statuses.to_vec(), for_caller }
}

#[test]
fn both_parameters_are_sent_and_a_list_an_object_and_a_204_are_read() {
    let one = request("r1", 16, CALLER);
    let answers = [
        (json(&format!("[{one},{}]", request("r2", 16, CALLER))), vec!["r1", "r2"]),
        (json(&one), vec!["r1"]),
        (json("[]"), vec![]),
        (b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".to_vec(), vec![]),
    ];
    for (bytes, wanted) in answers {
        let raw = Raw::answering(move |_| bytes.clone());
        assert_eq!(uuids(&mim(&raw), &with(&[RequestStatus::Pending], true)), wanted);
        let sent = raw.requests();
        let start = "GET /CertificateManagement/api/v1.0/requests?status=Pending&targetuser=current HTTP/1.1";
        assert!(sent.len() == 1 && sent[0].starts_with(start), "{sent:?}");
    }
    let raw = Raw::answering(|_| json("[]"));
    assert_eq!(uuids(&mim(&raw), &RequestFilter::default()), [""; 0]);
    assert!(raw.requests()[0].starts_with("GET /CertificateManagement/api/v1.0/requests HTTP/1.1"));
    for nothing in ["", "null"] {
        let raw = Raw::answering(move |_| json(nothing));
        let error = read(&mim(&raw), &RequestFilter::default()).pop().expect("an error").expect_err("no list");
        assert!(error.code() == Code::Unexpected && error.to_string().contains("requests were asked for"), "{error}");
    }
}

#[test]
fn the_open_requests_are_asked_for_by_status_in_the_order_of_their_course() {
    let raw = Raw::answering(|asked| {
        json(&match asked.split(' ').nth(1).and_then(|target| target.split_once("status=")) {
            Some((_, "Pending")) => format!("[{},{}]", request("r1", 16, CALLER), request("r2", 16, OTHER)),
            // The first was approved meanwhile, and is told once.
            Some((_, "Approved")) => format!("[{},{}]", request("r1", 3, CALLER), request("r3", 3, OTHER)),
            _ => "[]".to_string(),
        })
    });
    assert_eq!(uuids(&mim(&raw), &RequestFilter::open()), ["r1", "r2", "r3"]);
    let asked: Vec<String> = raw.requests().iter().map(|sent| sent.split(' ').nth(1).expect("a path").into()).collect();
    let statuses: Vec<&str> = asked.iter().filter_map(|path| path.split_once("status=")).map(|pair| pair.1).collect();
    assert_eq!(statuses, ["None", "Pending", "Approved", "Executing"]);
}

#[test]
fn a_server_that_ignores_a_parameter_is_found_out() {
    let list = format!("[{},{}]", request("r1", 16, CALLER), request("r2", 8, OTHER));
    let raw = Raw::answering(move |_| json(&list));
    for (filter, parameter) in [(with(&[RequestStatus::Pending], false), "status"), (with(&[], true), "targetuser")] {
        let mut found = read(&mim(&raw), &filter);
        assert_eq!(found.len(), 2, "the right one, and the error");
        let error = found.pop().expect("the error").expect_err("another than asked for");
        assert_eq!(error.code(), Code::Unexpected);
        assert!(error.to_string().contains(&format!("ignores {parameter}")), "{error}");
    }
    // A number that nobody knows contradicts nothing.
    let raw = Raw::answering(|_| json(&format!("[{}]", request("r1", 77, CALLER))));
    assert_eq!(uuids(&mim(&raw), &with(&[RequestStatus::Pending], false)), ["r1"]);
}

#[test]
fn a_list_that_breaks_off_is_asked_for_again_and_an_error_ends_it() {
    let whole = format!("[{},{}]", request("r1", 16, CALLER), request("r2", 16, CALLER));
    let times = std::sync::atomic::AtomicU32::new(0);
    let raw = Raw::answering(move |_| match times.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
        0 => {
            let mut bytes = json(&whole);
            bytes.truncate(bytes.len() - 20);
            bytes
        }
        _ => json(&whole),
    });
    assert_eq!(uuids(&mim(&raw), &RequestFilter::default()), ["r1", "r2"]);
    assert_eq!(raw.requests().len(), 2);
    let raw = Raw::answering(|asked| match asked.contains("status=Pending") {
        true => answer("500 Internal Server Error", "application/json", r#"{"Message":"no"}"#),
        false => json("[]"),
    });
    let error = read(&mim(&raw), &RequestFilter::open()).pop().expect("an error").expect_err("refused");
    assert_eq!(error.status(), Some(500));
}

#[test]
fn certiflow_has_no_requests() {
    let setup = Setup::new("http://127.0.0.1:9/certiflow/api");
    let client = AnyClient::new(System::CertiFlow, setup, &Options::default()).expect("a client");
    let error = client.requests(&RequestFilter::default()).err().expect("none");
    assert_eq!(error.code(), Code::NoSuchCall);
}
