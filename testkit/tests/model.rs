//! The model server does what its scripts say, seen by requests over plain TCP.

use cardwright_testkit::model::{Api, Ask, GROUP, Model, Open, Order, Said, Shape};
use serde_json::Value;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

/// What came back: the status, 0 where the answer is not whole, and the body.
fn ask(url: &str, method: &str, path: &str, body: &str) -> std::io::Result<(u16, String)> {
    let rest = url.strip_prefix("http://").expect("http");
    let (address, base) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let mut stream = TcpStream::connect(address)?;
    let head = format!("{method} {base}{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    stream.write_all(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes())?;
    stream.shutdown(std::net::Shutdown::Write)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let Some((head, body)) = answer.split_once("\r\n\r\n") else { return Ok((0, answer)) };
    let length =
        head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).map(|n| n.parse().expect("a number"));
    let status = head[9..12].parse().expect("a status");
    Ok((if length.is_some_and(|length: usize| length > body.len()) { 0 } else { status }, body.to_string()))
}

/// The first seeds that fit.
fn seeds(fits: impl Fn(&Order, &Model, u64) -> bool, model: &Model, count: usize) -> Vec<u64> {
    let seeds = (0..40_000).filter(|seed| Shape::of(*seed) == Shape::Operation);
    let found: Vec<u64> = seeds.filter(|seed| fits(&Order::of(seed / GROUP), model, *seed)).take(count).collect();
    assert_eq!(found.len(), count);
    found
}

fn honest(api: Api, operation: &'static str) -> impl Fn(&Order, &Model, u64) -> bool {
    move |order, model, seed| {
        (order.api, order.operation) == (api, operation)
            && order.verify
            && !order.impatient
            && model.single(seed).is_honest(seed)
    }
}

fn get(world: &Open, path: &str) -> Value {
    let (status, body) = ask(world.url(), "GET", path, "").expect("an answer");
    assert_eq!(status, 200, "{body}");
    serde_json::from_str(&body).expect("JSON")
}

#[test]
fn an_honest_certiflow_carries_out_what_it_is_asked_for_and_its_truth_says_so() {
    let model = Model::start();
    for seed in seeds(honest(Api::G7, "Disable"), &model, 5) {
        let world = model.single(seed);
        let Ask { id, serial, .. } = world.ask(seed);
        assert_eq!(get(&world, &format!("/Cards/{id}"))["state"], "Issued");
        assert_eq!(world.judge(seed, Said::Done).wrong.len(), 1, "not yet so");
        assert_eq!(world.judge(seed, Said::NotSent).missed.len(), 1, "the script allows done alone");
        let (status, _) = ask(world.url(), "POST", &format!("/Cards/{id}/Disable"), "").expect("an answer");
        assert!(matches!(status, 200 | 204));
        let list = get(&world, &format!("/Cards?serialNumber={serial}"));
        assert_eq!((list.as_array().map(Vec::len), &list[0]["state"]), (Some(1), &"Disabled".into()));
        world.check(seed, Said::Done, "");
        assert!(!world.judge(seed, Said::Unknown).is_well() && !world.judge(seed, Said::NotSent).is_well());
    }
}

#[test]
fn an_honest_old_api_finds_by_the_user_and_takes_numbers_for_reasons() {
    let model = Model::start();
    for seed in seeds(honest(Api::G1, "Revoke"), &model, 3) {
        let world = model.single(seed);
        let Ask { id, user, order, .. } = world.ask(seed);
        let list = get(&world, &format!("/user/getcards?name={}", user.replace('\\', "%5C")));
        assert!(list.as_array().expect("a list").iter().any(|card| card["id"] == id.as_str()));
        let reason = ["", "CardBroken", "CardLost", "", "", "CardWithdraw"];
        let reason = reason.iter().position(|its| Some(*its) == order.reason).expect("a reason");
        let body = format!("{{\"reason\":{reason}}}");
        let (status, _) = ask(world.url(), "POST", &format!("/card/revoke?id={id}"), &body).expect("an answer");
        assert_eq!(status, 204);
        world.check(seed, Said::Done, "");
    }
}

#[test]
fn an_honest_mim_needs_the_change_and_the_completion() {
    let model = Model::start();
    for seed in seeds(honest(Api::Mim, "Retire"), &model, 3) {
        let world = model.single(seed);
        let Ask { id, serial, .. } = world.ask(seed);
        let api = "/api/v1.0";
        assert_eq!(get(&world, &format!("{api}/smartcards?cardid={serial}"))["Uuid"], id.as_str());
        assert_eq!(get(&world, &format!("{api}/smartcards/{id}/operations"))[2], "retire");
        let body = format!(r#"{{"type":"Retire","smartcard":"{id}","comment":"","datacollection":"[]"}}"#);
        let (status, place) = ask(world.url(), "POST", &format!("{api}/requests"), &body).expect("an answer");
        let request = place.trim_matches('"').rsplit('/').next().expect("an id").to_string();
        assert_eq!(status, 201);
        let read = get(&world, &format!("{api}/requests/{request}"));
        assert_eq!((&read["Status"], &read["RequestType"]), (&3.into(), &7.into()));
        let change = format!("{api}/requests/{request}/smartcards/{id}");
        let (status, card) = ask(world.url(), "PUT", &change, r#"{"status":"Retired"}"#).expect("an answer");
        assert!(status == 204 || status == 200 && card.contains(r#""Status":6"#), "{card}");
        assert!(!world.judge(seed, Said::Done).is_well(), "the request is not completed");
        let end = format!("{api}/requests/{request}");
        let (status, _) = ask(world.url(), "PUT", &end, r#"{"status":"Completed"}"#).expect("an answer");
        assert!(matches!(status, 200 | 204));
        world.check(seed, Said::Done, "");
    }
}

#[test]
fn what_nobody_asked_for_is_always_wrong() {
    let model = Model::start();
    let seed = seeds(honest(Api::G7, "Disable"), &model, 1)[0];
    let ask_for = |path: &str| {
        let world = model.single(seed);
        let _ = ask(world.url(), "POST", path, "");
        Said::ALL.into_iter().all(|said| !world.judge(seed, said).is_well())
    };
    let id: u64 = model.single(seed).ask(seed).id.parse().expect("a number");
    assert!(ask_for(&format!("/Cards/{id}/Revoke?reason=CardLost")), "another operation");
    assert!(ask_for("/Cards/999999/Disable"), "another card");
    assert!(ask_for(&format!("/Cards/{id}/Enable")));
}

#[test]
fn a_server_that_goes_away_refuses_connections_and_nothing_arrives() {
    let model = Model::start();
    let goes = |order: &Order, model: &Model, seed: u64| {
        let word = format!("{:?}", model.single(seed));
        order.api == Api::G7 && word.contains("gone: BeforeIt") && word.contains("finding: Honest")
    };
    for seed in seeds(goes, &model, 2) {
        let world = model.single(seed);
        let id = world.ask(seed).id;
        assert_eq!(ask(world.url(), "GET", &format!("/Cards/{id}"), "").expect("an answer").0, 200);
        let error = ask(world.url(), "GET", &format!("/Cards/{id}"), "").expect_err("nobody listens");
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionRefused);
        world.check(seed, Said::NotSent, "");
    }
}

#[test]
fn a_seed_misbehaves_in_the_same_way_each_time_and_in_bulk_as_alone() {
    let model = Model::start();
    let mut ways = std::collections::BTreeMap::new();
    for group in
        (0..250).filter(|group| Order::of(*group).api == Api::G7 && Shape::of(group * GROUP) == Shape::Operation)
    {
        let seeds: Vec<u64> = (group * GROUP..(group + 1) * GROUP).collect();
        let bulk = model.bulk(&seeds);
        // What depends on the clock may differ.
        for seed in seeds.into_iter().filter(|seed| bulk.compares(*seed)) {
            let played: Vec<(u16, String, Value)> = [&model.single(seed), &model.single(seed), &bulk]
                .map(|world| {
                    let Ask { id, order, .. } = world.ask(seed);
                    let reason = order.reason.map(|reason| format!("?reason={reason}")).unwrap_or_default();
                    let path = format!("/Cards/{id}/{}{reason}", order.operation);
                    let (status, body) = ask(world.url(), "POST", &path, "").expect("an answer");
                    let list = ask(world.url(), "GET", &format!("/Cards/{id}"), "").unwrap_or_default();
                    (status, body, list.1.into())
                })
                .into();
            let [first, again, bulk] = played.as_slice() else { unreachable!() };
            assert_eq!((first, again), (again, bulk), "seed {seed}");
            *ways.entry(first.0).or_insert(0) += 1;
        }
    }
    println!("{ways:?}");
    assert!(ways.len() > 12);
}

#[test]
fn an_honest_list_is_judged_by_what_it_holds() {
    let model = Model::start();
    let plain = |seed: &u64| {
        let world = model.single(*seed);
        let order = world.list();
        world.is_honest(*seed)
            && order.api == Api::G7
            && order.limit.is_none()
            && !order.disables
            && order.filters.iter().all(|(_, value)| !value.contains('\\'))
    };
    let lists = (0..9_000).filter(|seed| Shape::of(*seed) == Shape::List);
    let mut cards = 0;
    for seed in lists.filter(plain).take(20) {
        let world = model.single(seed);
        let filters: Vec<String> =
            world.list().filters.iter().map(|(name, value)| format!("{name}={}", value.replace(' ', "+"))).collect();
        let mut ids: Vec<String> = Vec::new();
        for _ in 0..200 {
            let path = format!("/Cards?offset={}&count=7&{}", ids.len(), filters.join("&"));
            let Ok((200, body)) = ask(world.url(), "GET", &path, "") else { continue };
            let Ok(page) = serde_json::from_str::<Vec<Value>>(&body) else { continue };
            if page.is_empty() {
                break;
            }
            ids.extend(page.iter().map(|card| card["id"].to_string()));
            let mut seen = std::collections::HashSet::new();
            ids.retain(|id| seen.insert(id.clone()));
        }
        cards += ids.len();
        let wrong = world.judge_list(&ids, false);
        // A server that counts from one, or sends each card twice, wants more of a client than this one knows.
        if wrong.is_well() && !ids.is_empty() {
            assert!(!world.judge_list(&ids[1..], false).is_well(), "a card is missing");
            assert!(!world.judge_list(&[ids.clone(), ids.clone()].concat(), false).is_well(), "twice");
            assert!(!world.judge_list(&["5".to_string()], true).is_well(), "a card that never was there");
            assert!(!world.judge_list(&ids, true).is_well(), "an error without need");
        }
    }
    println!("{cards} cards");
    assert!(cards > 20);
}

#[test]
fn another_process_gets_a_task_and_a_verdict() {
    let model = Model::start();
    let seed = seeds(honest(Api::G7, "Disable"), &model, 1)[0];
    let (_, task) = ask(&model.url(), "GET", &format!("/task/{seed}"), "").expect("a task");
    let task: Value = serde_json::from_str(&task).expect("JSON");
    let (url, id) = (task["url"].as_str().expect("an address"), task["id"].as_str().expect("an id"));
    ask(url, "POST", &format!("/Cards/{id}/Disable"), "").expect("an answer");
    let judge = |said: &str| {
        let body = format!(r#"{{"said":"{said}"}}"#);
        ask(&model.url(), "POST", &format!("/judge/{}", task["key"]), &body).expect("a verdict")
    };
    assert_eq!(judge("done"), (200, r#"{"wrong":"","missed":""}"#.into()));
    assert_eq!(judge("done").0, 404, "the world is closed");
}
