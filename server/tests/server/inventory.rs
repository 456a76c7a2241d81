//! An inventory from somewhere else, as CSV and as NDJSON.

use crate::http::{certiflow, config, get, mim, post, send, start_with};
use cardwright_core::certiflow::CardInfo;
use cardwright_core::lifecycle::State;
use cardwright_server::{CaStatus, Error, Running, Server, seed};
use serde_json::{Value, json};

/// A server without a card.
fn empty() -> Running {
    Server::start(config()).unwrap()
}

fn cards(running: &Running) -> Vec<Value> {
    get(running, &certiflow("Cards")).json().as_array().unwrap().clone()
}

fn refusal(text: &str) -> String {
    let running = empty();
    let error = seed::inventory(running.registry(), text).unwrap_err();
    assert!(matches!(error, Error::Inventory(..)), "{error}");
    assert_eq!(running.registry().count_cards().unwrap(), 0, "nothing is added: {error}");
    error.to_string()
}

#[test]
fn what_one_server_lists_another_takes_as_ndjson_and_as_csv() {
    let first = start_with(config());
    seed::synthetic(first.registry(), 200, 9).unwrap();
    post(&first, &certiflow("Cards/1065/Disable"));
    let listed = cards(&first);
    let ndjson: String = listed.iter().map(|card| format!("{card}\n")).collect();
    let names = CardInfo::FIELDS.map(|field| field.name);
    let cell = |value: &Value| {
        let text = match value {
            Value::Null => String::new(),
            Value::String(text) if text.starts_with(['=', '+', '-', '@']) => format!("'{text}"),
            Value::String(text) => text.clone(),
            Value::Array(list) if list.iter().all(Value::is_string) => {
                list.iter().map(|one| one.as_str().unwrap()).collect::<Vec<_>>().join(";")
            }
            other => other.to_string(),
        };
        format!("\"{}\"", text.replace('"', "\"\""))
    };
    let row = |card: &Value| names.map(|name| cell(&card[name])).join(",") + "\r\n";
    let csv = format!("\u{FEFF}{}\r\n", names.join(",")) + &listed.iter().map(row).collect::<String>();
    for text in [ndjson, csv] {
        let second = empty();
        let imported = seed::inventory(second.registry(), &text).unwrap();
        assert_eq!(imported.cards, listed.len());
        let certificates = |card: &Value| card["certificates"].as_array().unwrap().len();
        assert_eq!(imported.certificates, listed.iter().map(certificates).sum::<usize>());
        assert_eq!(imported.states.iter().map(|state| state.1).sum::<usize>(), listed.len());
        assert!(imported.states.len() == 6, "{imported:?}");
        assert_eq!(cards(&second), listed);
        // What was on hold is released by Enable.
        let held = second.registry().certificates(1065).unwrap();
        assert_eq!((held[0].status, held[0].held_with_card), (CaStatus::Hold, true));
        assert_eq!(post(&second, &certiflow("Cards/1065/Enable")).status, 200);
        assert_eq!(second.registry().certificates(1065).unwrap()[0].status, CaStatus::Valid);
        // A card with a GUID for a serial number is one of MIM CM's.
        let by_id = get(&second, &mim("smartcards?cardid=d1ef6869-5517-42a0-8f05-16ca1a0b834d"));
        assert_eq!((by_id.status, &by_id.json()["Status"]), (200, &json!(3)));
    }
}

#[test]
fn little_is_enough_and_the_rest_is_filled_in() {
    let running = empty();
    let text = "serialNumber,userName,policyName,tags,label\n\
        0A0B,DEMO\\anna,Default,\"a; b\",'=1+1\n\
        0A0C,anna@demo.example,,,\"two\nlines\"\n\
        \n\
        0A0D,,,,\n";
    let imported = seed::inventory(running.registry(), text).unwrap();
    assert_eq!((imported.cards, imported.states), (3, vec![(State::Stock, 3)]));
    let listed = cards(&running);
    assert_eq!(listed.iter().map(|card| card["id"].as_i64().unwrap()).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!((&listed[0]["tags"], &listed[0]["label"]), (&json!(["a", "b"]), &json!("=1+1")));
    assert_eq!((&listed[1]["label"], &listed[2]["userId"]), (&json!("two\nlines"), &json!(null)));
    assert_eq!(listed[0]["state"], "Clean");
    let old = get(&running, "/icmapi/user/getcards?name=anna@demo.example").json();
    assert_eq!(old[0]["id"], "2", "a user name that is a UPN is found as one");
    // The same name is the same user, and the policy's template comes with it.
    let more =
        r#"{"id": "77", "serialNumber": 42, "state": "issued", "userName": "demo\\ANNA", "policyName": "Default",
        "timeIssued": "0001-01-01T00:00:00", "certificates": [], "userId": null}"#
            .replace('\n', "");
    seed::inventory(running.registry(), &more).unwrap();
    let card = get(&running, &certiflow("Cards/77")).json();
    assert_eq!((&card["userId"], &card["timeIssued"]), (&listed[0]["userId"], &json!(null)));
    running.registry().set_state(77, State::Active).unwrap();
    let uuid = running.registry().audit(0, 10).unwrap()[0].uuid.unwrap();
    let asked = json!({"type": "Retire", "smartcard": uuid.to_string(), "comment": ""}).to_string();
    assert_eq!(send(&running, "POST", &mim("requests"), &asked).status, 201);
}

#[test]
fn certificates_are_json_as_it_stands() {
    let running = empty();
    let text = "serialNumber,certificates\n\
        0A0B,\"[{\"\"type\"\":\"\"Managed\"\",\"\"validTo\"\":\"\"2030-01-01\"\",\"\"subject\"\":\"\"CN=a;'=b\"\"}]\"\n";
    seed::inventory(running.registry(), text).unwrap();
    assert_eq!(cards(&running)[0]["certificates"][0]["subject"], "CN=a;'=b");
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_nothing_is_added() {
    let cases = [
        (
            "serialNumber,colour,shape\n1,red,round\n",
            "line 1: unknown columns \"colour\", \"shape\"; known are id, serial",
        ),
        ("serialNumber\r\n01\r\n02,03\r\n", "line 3: 2 cells where the header has 1"),
        ("serialNumber,state\r\n01,Clean\r\n\r\n\r\n02,Active\r\n", "line 5: state: \"Active\" is none of"),
        ("serialNumber,state\n\n01,Clean\n\n02,Active\n", "line 5: state: \"Active\" is none of"),
        ("serialNumber,label,state\r\n01,\"two\r\nlines\",\r\n02,,Active\r\n", "line 4: state: \"Active\" is none of"),
        ("serialNumber,state\r01,Clean\r02,Active\r", "line 3: state: \"Active\" is none of"),
        ("\nserialNumber,colour\n", "line 2: unknown column \"colour\""),
        ("{\"serialNumber\":\"01\"}\r\n{\"serialNumber\":}\r\n", "line 2: no JSON: expected value at column 17"),
        ("serialNumber,label,label\n", "line 1: the column \"label\" comes twice"),
        ("serialNumber\n01\n02,03\n", "line 3: 2 cells where the header has 1"),
        ("serialNumber,state\n01,Issued\n02,Active\n", "line 3: state: \"Active\" is none of Clean, Assigned, Pending"),
        ("id,serialNumber\n7,01\n7,02\n", "line 3: id: there is a card 7 already"),
        ("id,serialNumber\nx,01\n", "line 2: id: \"x\" is no number above 0"),
        ("id,serialNumber\n1,\n", "line 2: serialNumber is missing"),
        (
            "serialNumber,timeIssued\n01,\"2024-12-03\"\n\"0\n2\",yesterday\n",
            "line 3: timeIssued: \"yesterday\" is no time",
        ),
        ("serialNumber,certificates\n01,\"[{]\"\n", "line 2: certificates: no JSON"),
        (
            "serialNumber\nd1ef6869551742a08f0516ca1a0b834d\nD1EF6869551742A08F0516CA1A0B834D\n",
            "line 3: serialNumber: card 1 has",
        ),
        (
            "{\"serialNumber\":\"01\"}\n{\"serialNumber\":\"02\",\"colour\":1}\n",
            "line 2: unknown field \"colour\"; known",
        ),
        ("{\"serialNumber\":\"01\"}\n\n{\"serialNumber\":\n", "line 3: no JSON"),
        ("{\"serialNumber\":\"01\"}\n[]\n", "line 2: not an object"),
        ("{\"serialNumber\":\"01\",\"tags\":[1]}\n", "line 1: tags: not a list of texts"),
        ("{\"serialNumber\":\"01\",\"certificates\":{}}\n", "line 1: certificates: not a list of objects"),
        (
            "{\"serialNumber\":\"01\",\"certificates\":[{\"type\":\"Managed\"}]}\n",
            "line 1: a certificate's validTo is missing",
        ),
        (
            "{\"serialNumber\":\"01\",\"certificates\":[{\"type\":\"X\",\"validTo\":\"2030-01-01\"}]}\n",
            "line 1: a certificate's type: \"X\" is not known",
        ),
        (
            "{\"serialNumber\":\"01\",\"certificates\":[{\"kind\":\"Managed\"}]}\n",
            "line 1: unknown field of a certificate \"kind\"",
        ),
    ];
    let looked_at = cases.len();
    for (text, wanted) in cases {
        let said = refusal(text);
        assert!(said.starts_with(wanted), "{text:?}: {said}");
    }
    println!("{looked_at} wrong inventories");
}
