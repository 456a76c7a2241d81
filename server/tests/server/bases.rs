//! Where the generations of CertiFlow are: their bases, and that what applies to every request applies below each.

use crate::generations::{NOTHING, list, start_all, with_all};
use crate::http::{DEMO, config, get, mim, send, send_as, start, start_with};
use cardwright_core::Named as _;
use cardwright_core::certiflow::Dialect;
use cardwright_server::{Error, Faults, Generation, Log, Server};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

#[test]
fn a_server_that_was_told_nothing_has_three() {
    let running = start();
    let url = running.url();
    let bases: Vec<_> = running.generations().into_iter().map(|one| (one.dialect(), one.base().to_owned())).collect();
    let wanted = [(Dialect::G7, "/certiflow/api"), (Dialect::G5, "/cm/api"), (Dialect::G1, "/icmapi")];
    assert_eq!(bases, wanted.map(|(dialect, base)| (dialect, base.to_owned())));
    for (dialect, base) in wanted {
        assert_eq!(running.url_of(dialect), Some(format!("{url}{base}")));
    }
    assert_eq!((running.url_of(Dialect::G6), running.certiflow_url()), (None, format!("{url}/certiflow/api")));
    assert_eq!(running.icmapi_url(), format!("{url}/icmapi"));
    assert_eq!(get(&running, "/cm/api/Cards?filter.serialNumber=02A1B3C4").json().as_array().unwrap().len(), 1);
    assert_eq!(get(&running, "/cm/api/Cards/1013").status, 404);
}

#[test]
fn only_what_is_told_is_served_and_the_newest_is_its_certiflow() {
    let mut config = config();
    config.certiflow = ["g2", "g5=/KeyBox/api/", "g6"].map(|text| text.parse().unwrap()).into();
    let running = start_with(config);
    assert_eq!(running.certiflow_url(), format!("{}/certiflow/api", running.url()));
    assert_eq!(running.url_of(Dialect::G5), Some(format!("{}/KeyBox/api", running.url())));
    assert_eq!(running.url_of(Dialect::G7), None);
    for (target, status) in [
        ("/certiflow/api/Cards", 200),
        ("/certiflow/api/Cards/1013", 404),
        ("/keybox/API/cards", 200),
        ("/icmapi/Card/GetAllCards", 200),
        ("/icmapi/Cards", 404),
        ("/cm/api/Cards", 404),
        ("/certiflow/Cards", 404),
    ] {
        assert_eq!(get(&running, target).status, status, "{target}");
    }
    assert_eq!(get(&running, &mim("smartcards")).status, 200);
}

#[test]
fn generations_that_cannot_be_beside_each_other_keep_a_server_from_starting() {
    let start = |texts: &[&str]| {
        let mut config = config();
        config.certiflow = texts.iter().map(|text| text.parse().unwrap()).collect();
        Server::start(config)
    };
    let told = start(&["g6", "g7"]).unwrap_err();
    assert!(matches!(told, Error::SameBase { .. }), "{told}");
    let wanted = "G6 and G7 of CertiFlow have the same base /certiflow/api: give one of them a base of its own, such as \
        g6=/g6/certiflow/api,g7";
    assert_eq!(told.to_string(), wanted);
    let told = start(&["g1", "g5=/icmapi/new"]).unwrap_err().to_string();
    assert!(told.contains("G1 and G5") && told.contains("/icmapi and /icmapi/new"), "{told}");
    assert!(matches!(start(&[]), Err(Error::NoGeneration)));
    assert!(matches!(start(&["g7", "g7=/x"]), Err(Error::SameGeneration(Dialect::G7))));
    // What is told to do works.
    let running = start(&["g6=/g6/certiflow/api", "g7"]).unwrap();
    assert_eq!(running.url_of(Dialect::G6), Some(format!("{}/g6/certiflow/api", running.url())));
}

#[test]
fn each_base_has_the_document_of_its_generation_and_does_what_that_says() {
    let running = start_all();
    let mut seen = 0;
    for (n, dialect) in (1..=7_u8).zip(Dialect::ALL) {
        let target = format!("/g{n}/swagger/v1/swagger.json");
        let answer = send_as(&running, None, "GET", &target, NOTHING);
        let document = answer.json();
        assert_eq!(document["servers"], json!([{ "url": format!("/g{n}") }]), "{target}");
        assert!(document["info"]["title"].as_str().unwrap().ends_with(dialect.name()), "{target}");
        let usual = start_with({
            let mut config = config();
            config.certiflow = vec![Generation::new(*dialect)];
            config
        });
        let usual_target = format!("{}/swagger/v1/swagger.json", dialect.base());
        let usual = send_as(&usual, None, "GET", &usual_target, NOTHING).json();
        assert_eq!(usual["servers"], json!([{ "url": dialect.base() }]));
        assert_eq!(usual["paths"], document["paths"], "only the base differs");
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, call) in methods.as_object().unwrap() {
                let method = method.to_uppercase();
                let needed = call["parameters"].as_array().into_iter().flatten();
                let needed = needed.filter(|one| one["required"] == true && one["in"] == "query");
                let query: Vec<_> = needed.map(|one| format!("{}=1065", one["name"].as_str().unwrap())).collect();
                let with_query = format!("/g{n}{}?{}", path.replace("{id}", "1065"), query.join("&"));
                let without = format!("/g{n}{}", path.replace("{id}", "x"));
                for target in [with_query, without] {
                    for credentials in [None, Some(DEMO)] {
                        let answer = send_as(&running, credentials, &method, &target, ("application/json", "{}"));
                        let described = &call["responses"][answer.status.to_string()];
                        assert!(described.is_object(), "{method} {target}: {} is not documented", answer.status);
                        let described =
                            described["$ref"].as_str().map_or(described, |at| document.pointer(&at[1..]).unwrap());
                        let has_body = described["content"].is_object();
                        assert_eq!(has_body, !answer.body.is_empty(), "{method} {target}: {answer:?}");
                        seen += 1;
                    }
                }
            }
        }
        let schema = document["components"]["schemas"]["CardInfo"]["properties"].as_object().unwrap();
        let card = get(&running, &list(n)).json()[0].clone();
        assert_eq!(card.as_object().unwrap().keys().collect::<BTreeSet<_>>(), schema.keys().collect(), "G{n}");
    }
    println!("{seen} answers");
    assert_eq!(seen, 4 * (5 + 6 + 6 + 5 + 5 + 5 + 7));
}

/// The line of the request that a fault hit.
fn line_of(lines: &Mutex<Vec<String>>, fault: &str) -> Value {
    let until = Instant::now() + Duration::from_secs(10);
    loop {
        let all: Vec<Value> = lines.lock().unwrap().iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        match all.into_iter().find(|line| line["fault"] == fault) {
            Some(line) => return line,
            None => assert!(Instant::now() < until, "no line of {fault}"),
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn the_log_the_figures_faults_and_framing_know_every_base() {
    let lines = Arc::new(Mutex::new(Vec::<String>::new()));
    let sink = Arc::clone(&lines);
    let mut config = with_all(config());
    config.operator = true;
    config.log = Log::To(Arc::new(move |line| sink.lock().unwrap().push(line.to_owned())));
    let running = start_with(config);
    for n in 1..=7_u8 {
        let (target, route) = match n {
            1 => (list(n), "user/getcards".to_owned()),
            2 | 3 => (list(n), "Card/GetAllCards".to_owned()),
            _ => (format!("/g{n}/Cards/1065/Disable"), "Cards/{id}/Disable".to_owned()),
        };
        let rule = format!(r#"{{"rules": [{{"name": "f{n}", "path": "/g{n}/**", "status": 503}}]}}"#);
        running.set_faults(Faults::parse(&rule).unwrap());
        let method = if n <= 3 { "GET" } else { "POST" };
        assert_eq!(send(&running, method, &target.to_uppercase(), "").status, 503, "{target}");
        let line = line_of(&lines, &format!("f{n}"));
        assert_eq!(line["route"], format!("/g{n}/{route}"));
        assert_eq!(line["ids"], if n <= 3 { Value::Null } else { json!(["1065"]) });
        let foreign = format!("{method} {target} HTTP/1.1\r\nHost: cards.example.com\r\nConnection: close\r\n\r\n");
        assert_eq!(crate::http::exchange(&running, &foreign).status, 421, "{target}");
    }
    running.set_faults(Faults::default());
    let wanted: Vec<String> = (1..=7)
        .flat_map(|n| [("failed", 503), ("refused", 421)].map(|(outcome, status)| (n, outcome, status)))
        .map(|(n, outcome, status)| {
            format!(r#"cardwright_requests_total{{api="/g{n}",outcome="{outcome}",status="{status}"}} 1"#)
        })
        .collect();
    let until = Instant::now() + Duration::from_secs(10);
    loop {
        let figures = get(&running, "/_cardwright/v1/metrics").body;
        if wanted.iter().all(|line| figures.contains(line)) {
            break;
        }
        assert!(Instant::now() < until, "{figures}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn the_servers_own_api_is_beside_each_usual_base_and_below_any_other() {
    let mut config = config();
    config.operator = true;
    config.certiflow = ["g1", "g5=/cards", "g6=/x/certiflow/api", "g7"].map(|text| text.parse().unwrap()).into();
    let running = start_with(config);
    for root in ["", "/cards", "/x", "/X", "/Cards"] {
        assert_eq!(get(&running, &format!("{root}/_cardwright/v1/accounts")).status, 200, "{root}");
    }
    for root in ["/certiflow/api", "/x/certiflow/api", "/icmapi", "/y", "/CertificateManagement"] {
        assert_eq!(get(&running, &format!("{root}/_cardwright/v1/accounts")).status, 404, "{root}");
    }
    assert_eq!(get(&running, "/cards/Cards").status, 200);
    let figures = get(&running, "/cards/_cardwright/v1/metrics").body;
    assert!(figures.contains(r#"api="/_cardwright/v1""#), "{figures}");
    let stranger = send_as(&running, None, "GET", "/cards/_cardwright/v1/accounts", NOTHING);
    assert_eq!(stranger.status, 401);
    let off = start_with({
        let mut config = crate::http::config();
        config.certiflow = vec!["g7=/cards".parse().unwrap()];
        config
    });
    assert_eq!(get(&off, "/cards/_cardwright/v1/accounts").status, 404);
}
