//! SOCKS proxies: never past them.

use super::{SERVER, server, setup, suspend, through};
use cardwright_http::{Error, Transport};
use cardwright_testkit::raw::Raw;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};

/// A SOCKS 5 proxy (RFC 1928, RFC 1929) that connects to one server, whatever it is asked for, and what it was asked.
struct Socks {
    proxy: Raw,
    asked: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Socks {
    /// With `account`, only who gives `user:password`; answers the request with this reply.
    fn new(account: Option<&'static str>, reply: u8, server: String) -> Self {
        let asked: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
        let seen = Arc::clone(&asked);
        let proxy = Raw::serving(move |mut client| {
            let _ = serve(&mut client, account, reply, &server, &seen);
            String::new()
        });
        Socks { proxy, asked }
    }

    fn url(&self, scheme: &str, account: &str) -> String {
        format!("{scheme}://{account}127.0.0.1:{}", self.proxy.port())
    }

    fn asked(&self) -> Vec<Vec<u8>> {
        self.asked.lock().expect("no panic while held").clone()
    }
}

fn serve(
    client: &mut TcpStream,
    account: Option<&str>,
    reply: u8,
    server: &str,
    seen: &Mutex<Vec<Vec<u8>>>,
) -> std::io::Result<()> {
    let mut bytes = |length: usize| {
        let mut bytes = vec![0; length];
        client.read_exact(&mut bytes).map(|()| bytes)
    };
    let count = usize::from(bytes(2)?[1]);
    let methods = bytes(count)?;
    let Some(account) = account else {
        client.write_all(&[5, 0])?;
        return connect(client, reply, server, seen);
    };
    if !methods.contains(&2) {
        return client.write_all(&[5, 0xff]);
    }
    client.write_all(&[5, 2])?;
    let mut bytes = |length: usize| {
        let mut bytes = vec![0; length];
        client.read_exact(&mut bytes).map(|()| bytes)
    };
    let user = usize::from(bytes(2)?[1]);
    let user = bytes(user)?;
    let password = usize::from(bytes(1)?[0]);
    let password = bytes(password)?;
    let given = [user.as_slice(), b":", &password].concat();
    let right = given == account.as_bytes();
    seen.lock().expect("no panic while held").push(given);
    client.write_all(&[1, u8::from(!right)])?;
    if right { connect(client, reply, server, seen) } else { Ok(()) }
}

fn connect(client: &mut TcpStream, reply: u8, server: &str, seen: &Mutex<Vec<Vec<u8>>>) -> std::io::Result<()> {
    let mut head = vec![0; 4];
    client.read_exact(&mut head)?;
    let rest = match head[3] {
        1 => 6,
        4 => 18,
        _ => {
            let mut length = [0];
            client.read_exact(&mut length)?;
            usize::from(length[0]) + 2
        }
    };
    let mut address = vec![0; rest];
    client.read_exact(&mut address)?;
    seen.lock().expect("no panic while held").push([&head[3..], &address].concat());
    client.write_all(&[5, reply, 0, 1, 0, 0, 0, 0, 0, 0])?;
    if reply != 0 {
        return Ok(());
    }
    let mut server = TcpStream::connect(server)?;
    let (mut up, mut to) = (client.try_clone()?, server.try_clone()?);
    std::thread::spawn(move || std::io::copy(&mut up, &mut to));
    std::io::copy(&mut server, client).map(drop)
}

fn host(server: &Raw) -> String {
    format!("127.0.0.1:{}", server.port())
}

#[test]
fn socks5h_leaves_the_name_to_the_proxy_with_the_account_decoded() {
    let server = server();
    let socks = Socks::new(Some("op:p@ss"), 0, host(&server));
    // RFC 6761, 6.4: nobody here knows this name.
    let transport = through(&socks.url("socks5h", "op:p%40ss@"), "http://cards.invalid/api");
    assert_eq!(suspend(&transport).expect("done"), 204);
    let name = [&[3][..], b"cards.invalid", &[0, 80]].concat();
    assert_eq!(socks.asked(), [b"op:p@ss".to_vec(), name]);
    assert!(server.requests()[0].starts_with("POST /api/Cards/1/Disable "), "{}", server.requests()[0]);
}

#[test]
fn socks5_looks_the_name_up_here() {
    let server = server();
    let socks = Socks::new(None, 0, host(&server));
    let transport = through(&socks.url("socks5", ""), "http://127.0.0.9/api");
    assert_eq!(suspend(&transport).expect("done"), 204);
    assert_eq!(socks.asked(), [vec![1, 127, 0, 0, 9, 0, 80]]);
    let error = suspend(&through(&socks.url("socks5", ""), "http://cards.invalid/api")).expect_err("no such name");
    assert!(error.to_string().contains("cards.invalid") && !error.was_sent(), "{error}");
    assert_eq!(socks.asked().len(), 1);
}

#[test]
fn a_wrong_password_is_sent_to_a_socks_proxy_once() {
    let socks = Socks::new(Some("op:right"), 0, String::new());
    let transport = through(&socks.url("socks5h", "op:hidden@"), SERVER);
    for _ in 0..3 {
        let error = suspend(&transport).expect_err("refused");
        let refusal = error.proxy_refusal().unwrap_or_else(|| panic!("{error}"));
        assert!(refusal.password_refused && refusal.status.is_none() && !error.was_sent());
        assert!(!format!("{error} {error:?}").contains("hidden"), "{error}");
        assert!(error.to_string().contains(&format!("the proxy 127.0.0.1:{}", socks.proxy.port())), "{error}");
    }
    assert_eq!(socks.asked(), [b"op:hidden".to_vec()]);
}

#[test]
fn a_socks_proxy_that_refuses_is_named_and_asked_once() {
    let none = Socks::new(Some("op:right"), 0, String::new());
    let error = suspend(&through(&none.url("socks5h", ""), SERVER)).expect_err("it wants a user");
    assert!(error.proxy_refusal().is_some_and(|refusal| !refusal.account_given), "{error}");
    let ruled = Socks::new(None, 2, String::new());
    let error = suspend(&through(&ruled.url("socks5h", ""), SERVER)).expect_err("not allowed");
    assert!(error.proxy_refusal().is_some() && error.attempts() == 1 && !error.was_sent(), "{error}");
    assert_eq!(ruled.asked().len(), 1);
    let other = Raw::answering(|_| b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec());
    let error = suspend(&through(&format!("socks4a://127.0.0.1:{}", other.port()), SERVER)).expect_err("no SOCKS");
    assert!(error.proxy_refusal().is_some() || error.proxy_unreachable().is_some(), "{error}");
}

#[test]
fn what_socks_cannot_do_is_an_error_at_set_up() {
    for proxy in
        ["socks4://op:x@127.0.0.1:1", "socks5://op@127.0.0.1:1", "socks5://127.0.0.1:70000", "socks9://127.0.0.1"]
    {
        assert!(matches!(Transport::new(setup(proxy, SERVER)), Err(Error::Setup { .. })), "{proxy}");
    }
}
