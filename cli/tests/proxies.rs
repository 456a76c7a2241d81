//! Each cause for which a proxy lets nothing pass has its own next step, and who follows it gets through.

mod common;

use cardwright_testkit::gateway::{Gateway, Seen, wants};
use cardwright_testkit::raw::Raw;
use common::{Done, PASSWORD, cardwright, run, server};
use std::io::{Read as _, Write as _};

/// The cards, or a look by doctor, of the server at this address, in this environment.
fn ask(url: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Done {
    let mut command = cardwright(arguments);
    command.env("CARDWRIGHT_URL", url).env("CARDWRIGHT_USER", "administrator").env("CARDWRIGHT_PASSWORD", PASSWORD);
    run(command.envs(environment.iter().copied()))
}

const CARDS: &[&str] = &["cards", "--limit", "1"];

/// Asks in an environment in which the proxy is the matter, and in the one to which the next step leads. Neither the
/// command nor doctor says a password or sends the reader elsewhere.
fn follows(url: &str, wrong: &[(&str, &str)], code: i32, next: &str, right: &[(&str, &str)], more: &[&str]) {
    let refused = ask(url, CARDS, wrong);
    assert_eq!(refused.code, code, "{wrong:?}: {refused:?}");
    assert!(refused.err.contains(next) && !refused.err.contains("hidden"), "{wrong:?}: no {next:?} in {refused:?}");
    assert!(!refused.err.contains("is the address right, and the server up"), "{refused:?}");
    let looked = ask(url, &["doctor"], wrong);
    let said = looked.out + &looked.err;
    assert!(
        said.contains(next) && !said.contains("hidden") && !said.contains("speak TLS"),
        "doctor, {wrong:?}: {said}"
    );
    let done = ask(url, &[CARDS, more].concat(), right);
    assert_eq!(done.code, 0, "{right:?}: {done:?}");
}

/// Lets the request pass that carries this value.
fn basic(value: &'static str) -> Gateway {
    Gateway::judging(move |here| {
        let last = here.last().and_then(Seen::authorization);
        (last != Some(value)).then(|| wants(&["Basic realm=\"proxy\""], ""))
    })
}

#[test]
fn who_gives_the_account_that_a_proxy_wants_gets_through() {
    let running = server();
    let url = running.certiflow_url();
    // RFC 7617: op:hidden.
    let proxy = basic("Basic b3A6aGlkZGVu");
    let account = proxy.with_account("op:hidden");
    for name in ["HTTP_PROXY", "all_proxy"] {
        let next = format!("give the proxy's user and password by {name}=http://USER:PASSWORD@HOST:PORT");
        follows(&url, &[(name, &proxy.url())], 6, &next, &[(name, &account)], &[]);
    }
    let refused = ask(&url, &[CARDS, &["--proxy", &proxy.url()]].concat(), &[]);
    assert!(
        refused.err.contains("HTTP_PROXY=http://USER:PASSWORD@HOST:PORT in the environment, instead of"),
        "{refused:?}"
    );
    let wrong = proxy.with_account("op:hidden2");
    let next = "correct user and password of the proxy in http_proxy";
    follows(&url, &[("http_proxy", &wrong)], 6, next, &[("http_proxy", &account)], &[]);
    let sent = proxy.seen().iter().filter(|seen| seen.authorization().is_some() && seen.refused == 407).count();
    assert_eq!(sent, 2, "once by the command, once by doctor");
}

#[test]
fn a_proxy_for_windows_accounts_says_how_one_is_given() {
    let running = server();
    let proxy = Gateway::judging(|here| {
        let proved = here.iter().filter_map(Seen::authorization).any(|value| value.starts_with("NTLM TlRMTVNTUAAD"));
        let asked = here.last().and_then(Seen::authorization).is_some();
        // The second message of NTLM (MS-NLMP, 2.2.1.2).
        let challenge = "NTLM TlRMTVNTUAACAAAADAAMADgAAAAzgoniASNFZ4mrze8AAAAAAAAAACQAJABEAAAABgBwFwAAAA9TAGUAcgB2AGUA\
                         cgACAAwARABvAG0AYQBpAG4AAQAMAFMAZQByAHYAZQByAAAAAAA=";
        (!proved).then(|| wants(&[if asked { challenge } else { "NTLM" }], ""))
    });
    let account = proxy.with_account("EXAMPLE%5Coperator:hidden");
    let next = "give it by HTTP_PROXY=http://DOMAIN%5CNAME:PASSWORD@HOST:PORT";
    follows(&running.certiflow_url(), &[("HTTP_PROXY", &proxy.url())], 6, next, &[("HTTP_PROXY", &account)], &[]);
}

#[test]
fn past_a_proxy_that_is_none_leads_proxy_none() {
    let running = server();
    let url = running.certiflow_url();
    let port = { Raw::answering(|_| Vec::new()).port() };
    // It speaks no SOCKS.
    let other = Raw::serving(|mut stream| {
        let _ = stream.read(&mut [0; 64]).and_then(|_| stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n"));
        String::new()
    });
    for (address, next) in [
        (format!("http://127.0.0.1:{port}"), "is the proxy's address right"),
        (format!("socks5h://127.0.0.1:{port}"), "is the proxy's address right"),
        // RFC 6761, 6.4: no such name exists.
        (format!("http://op:hidden@proxy.invalid:{port}"), "is the proxy's name right"),
        (format!("socks5://127.0.0.1:{}", other.port()), "is there a proxy of this kind"),
    ] {
        follows(&url, &[("ALL_PROXY", &address)], 6, next, &[("ALL_PROXY", &address)], &["--proxy", "none"]);
    }
}

#[test]
fn a_setting_that_cannot_be_carried_out_is_named_before_anything_is_sent() {
    let running = server();
    let (url, proxy) = (running.certiflow_url(), Gateway::open());
    for (name, address, said) in [
        ("http_proxy", "http//x", "http_proxy"),
        ("HTTP_PROXY", "http://op:hidden@127.0.0.1:80800", "its port must be 1 to 65535"),
        ("ALL_PROXY", "socks4://op:hidden@127.0.0.1", "use socks5"),
    ] {
        let refused = ask(&url, CARDS, &[(name, address)]);
        assert!(refused.code == 2 && refused.err.contains(name) && refused.err.contains(said), "{refused:?}");
        assert!(!refused.err.contains("hidden"), "{refused:?}");
    }
    for arguments in [["--proxy", "http//x"], ["--proxy", "ftp://127.0.0.1"], ["--url", "http://127.0.0.1:80800/api"]] {
        let refused = ask(&url, &[CARDS, &arguments].concat(), &[("HTTP_PROXY", &proxy.url())]);
        assert_eq!(refused.code, 2, "{refused:?}");
    }
    assert_eq!(proxy.seen().len(), 0);
    // What is not for this address is not looked at.
    let done = ask(&url, CARDS, &[("HTTPS_PROXY", "http//x"), ("HTTP_PROXY", &proxy.url())]);
    assert!(done.code == 0 && !proxy.seen().is_empty(), "{done:?}");
    let done = ask(&url, CARDS, &[("HTTP_PROXY", "http//x"), ("NO_PROXY", "example.com, 127.0.0.0/8")]);
    assert_eq!(done.code, 0, "{done:?}");
}
