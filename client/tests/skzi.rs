//! The register of SKZI of Indeed CM 7.1, whose reply is not documented.

use cardwright_client::{CertiFlow, Client, Error};
use cardwright_core::Code;
use cardwright_core::certiflow::{Dialect, SkziQuery};
use cardwright_testkit::raw::{Raw, answer, json};

/// A server that answers a page at an offset and of a size.
fn register(page: impl Fn(usize, usize) -> String + Send + 'static) -> Raw {
    Raw::answering(move |request| {
        let number = |name: &str| -> Option<usize> {
            let line = request.lines().next()?;
            let query = line.split_once("/Skzi?")?.1.split(' ').next()?;
            query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
        };
        match (number("offset"), number("count")) {
            (Some(offset), Some(count)) => json(&page(offset, count)),
            _ => answer("404 Not Found", "application/json", "{}"),
        }
    })
}

fn client(raw: &Raw) -> Client<CertiFlow> {
    Client::<CertiFlow>::builder(raw.url("/cm/api")).page_size(3).build().expect("a usable address")
}

fn entries(raw: &Raw, query: SkziQuery<'_>) -> Vec<Result<String, Error>> {
    client(raw).skzi(query).expect("a query").take(1000).collect()
}

fn texts(raw: &Raw, query: SkziQuery<'_>) -> Vec<String> {
    entries(raw, query).into_iter().map(|entry| entry.expect("an entry")).collect()
}

fn page_of(from: usize, to: usize) -> String {
    let entries: Vec<String> = (from..to).map(|n| format!(r#"{{"n":{n}}}"#)).collect();
    format!("[{}]", entries.join(","))
}

#[test]
fn a_register_is_read_page_by_page_to_its_end() {
    let raw = register(|offset, count| page_of(offset.min(7), (offset + count).min(7)));
    assert_eq!(texts(&raw, SkziQuery::default()), (0..7).map(|n| format!(r#"{{"n":{n}}}"#)).collect::<Vec<_>>());
    assert_eq!(raw.requests().len(), 4);
    let part = SkziQuery { offset: Some(2), count: Some(4), ..SkziQuery::default() };
    assert_eq!(texts(&raw, part), (2..6).map(|n| format!(r#"{{"n":{n}}}"#)).collect::<Vec<_>>());
    let none = SkziQuery { count: Some(0), ..SkziQuery::default() };
    assert_eq!((texts(&raw, none).len(), raw.requests().len()), (0, 6));
}

#[test]
fn a_server_that_ignores_offset_or_count_or_both_ends_all_the_same() {
    for (name, raw) in [
        ("both", register(|_, _| page_of(0, 5))),
        ("offset", register(|_, count| page_of(0, count.min(5)))),
        ("count", register(|offset, _| page_of(offset.min(5), 5))),
    ] {
        let found = texts(&raw, SkziQuery::default());
        assert_eq!(found.len(), if name == "offset" { 3 } else { 5 }, "{name}");
        assert_eq!(raw.requests().len(), 2, "{name}");
    }
}

#[test]
fn repeats_are_left_out_and_what_is_not_an_object_is_an_error_of_its_own() {
    let raw = register(|offset, _| match offset {
        0 => r#"[{"a":1},{"a":1},7]"#.into(),
        3 => r#"[{"a":1},{"a":2, "b":[ ]},{"a":3}]"#.into(),
        _ => "[]".into(),
    });
    let found = entries(&raw, SkziQuery::default());
    assert_eq!(found.len(), 4, "{found:?}");
    assert_eq!(raw.requests().len(), 3);
    assert_eq!(found[0].as_ref().expect("an entry"), r#"{"a":1}"#);
    assert_eq!(found[1].as_ref().expect_err("a number").code(), Code::JsonType);
    assert_eq!(found[2].as_ref().expect("an entry"), r#"{"a":2, "b":[ ]}"#);
}

#[test]
fn what_is_no_list_and_what_ends_early_is_an_error_and_the_last() {
    for (body, code) in [
        (r#"{"items":[]}"#, Code::Unexpected),
        ("", Code::Unexpected),
        ("<html><title>Sign in</title>", Code::Unreadable),
        (r#"[{"a":1}"#, Code::JsonEnd),
    ] {
        let raw = register(move |_, _| body.into());
        let found = entries(&raw, SkziQuery::default());
        let last = found.last().expect("an error").as_ref().expect_err("an error");
        assert_eq!(last.code(), code, "{body}");
        assert_eq!(raw.requests().len(), 1, "{body}");
    }
}

#[test]
fn an_older_generation_is_named_before_anything_is_sent_and_no_register_is_told() {
    let raw = register(|_, _| "[]".into());
    let old = Client::<CertiFlow>::builder(raw.url("/cm/api")).dialect(Dialect::G6).build().expect("usable");
    let Err(Error::Call(lacks)) = old.skzi(SkziQuery::default()) else { panic!("G6 has none") };
    assert_eq!((lacks.code, lacks.at, lacks.what), (Code::NoSuchCall, 6, "Skzi"));
    let empty = SkziQuery { state: Some(""), ..SkziQuery::default() };
    assert!(client(&raw).skzi(empty).is_err_and(|error| error.code() == Code::Unwritable));
    assert!(raw.requests().is_empty());

    let none = Raw::answering(|_| answer("404 Not Found", "application/json", "{}"));
    let found = entries(&none, SkziQuery::default());
    let [Err(error)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(error.code(), Code::NotFound);
    assert!(error.to_string().contains("only Indeed CM 7.1 has this register"), "{error}");
}
