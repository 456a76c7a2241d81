//! Signing in from C: `examples/c/sign_in.c` by each of its ways, against a realm and an Apache, an issuer of tokens
//! and a server that demands a certificate; and what C hands over for that.
//!
//! The program is compiled by `cargo xtask test --only c`, which then runs the tests that are ignored without it.

#![cfg(feature = "client")]

mod common;

use cardwright_core::Code;
use cardwright_ffi::*;
use cardwright_server::{Bearer, Config, KeySource, Running, Server, seed};
use cardwright_testkit::demanding::{Demanding, key};
use cardwright_testkit::issuer::{AUDIENCE, CLIENT, Issuer, SECRET};
use cardwright_testkit::realm::{Place, Seen, in_lab};
use common::{text, zeroed};
use core::ffi::c_void;
use core::ptr::null_mut;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicI32, AtomicPtr, AtomicUsize, Ordering};

const EC: &str = include_str!("../../testkit/keys/ec.pem");
const KEY: i32 = Code::Key as i32;
const ANNA: &str = "Anna-Passw0rd";
const OPERATOR: &str = "operator-password";

/// The program, and what it finds around it.
struct Program(Command);

impl Program {
    fn new(arguments: &[&str]) -> Self {
        let program = std::env::var_os("CARDWRIGHT_TEST_SIGN_IN").expect("cargo xtask test --only c names the program");
        let mut command = Command::new(program);
        command.args(arguments);
        Program(command)
    }

    fn with(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.0.env(format!("CARDWRIGHT_{name}"), value);
        self
    }

    /// As this user.
    fn of(self, user: &str, password: &str) -> Self {
        self.with("USER", user).with("PASSWORD", password)
    }

    /// Runs it; what it prints has none of the secrets.
    #[track_caller]
    fn run(&mut self) -> (bool, String) {
        let Output { status, stdout, stderr } = self.0.output().expect("it starts");
        let said = String::from_utf8([stdout, stderr].concat()).expect("UTF-8");
        for secret in [ANNA, OPERATOR, SECRET, "no password of hers", "the device code", "eyJ"] {
            assert!(!said.contains(secret), "a secret is shown: {said}");
        }
        (status.success(), said)
    }

    #[track_caller]
    fn says(mut self, expected: &[&str]) {
        let (success, said) = self.run();
        assert!(success && expected.iter().all(|part| said.contains(part)), "{expected:?}: {said}");
    }

    #[track_caller]
    fn fails(mut self, expected: &str) {
        let (success, said) = self.run();
        assert!(!success && said.contains(expected), "{expected}: {said}");
    }
}

/// The user that Apache has accepted for the program.
#[track_caller]
fn let_in(place: &Place, user: &str) {
    let agent = concat!("cardwright/", env!("CARGO_PKG_VERSION"));
    let is_user = |seen: &Seen| seen.status == 200 && seen.user.replace(r"\\", r"\") == user;
    let seen = place.seen_when(agent, |seen| seen.iter().any(is_user));
    assert!(seen.iter().any(is_user), "{user}: {seen:?}");
}

/// A server that believes the issuer.
fn believing(issuer: &Issuer) -> Running {
    let mut config = Config::default();
    config.bearer = Some(Bearer::new(issuer.url(), AUDIENCE, KeySource::Discovery));
    let running = Server::start(config).expect("a server");
    seed::story(running.registry()).expect("the story");
    running
}

/// A certificate of the server's CA for the key, and where both stand.
fn certificate(server: &Demanding, name: &str) -> (String, PathBuf) {
    let pem = server.ca.signs("client", &key(EC)).pem();
    let file = std::env::temp_dir().join(format!("cardwright-c-{name}-{}.pem", std::process::id()));
    std::fs::write(&file, format!("{pem}{EC}")).expect("written");
    (pem, file)
}

#[test]
#[ignore = "cargo xtask test --only c compiles the program and runs this"]
fn the_books_ways_to_sign_in_from_c_run() {
    in_lab("the_books_ways_to_sign_in_from_c_run", |place| {
        let issuer = Issuer::start();
        let believing = believing(&issuer);
        let demanding = Demanding::start(&rustls::version::TLS13);
        let (_, pair) = certificate(&demanding, "readme");
        let ca = pair.with_extension("ca");
        std::fs::write(&ca, demanding.ca.0.pem()).expect("written");

        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/c.md"));
        let text = text.expect("docs/c.md");
        let (_, after) = text.split_once("<!-- run: c-sign-in -->\n```sh\n").expect("the examples");
        let (examples, _) = after.split_once("```").expect("their end");
        let mut ways = Vec::new();
        for example in examples.lines() {
            let words: Vec<&str> = example.split('#').next().unwrap_or("").split_whitespace().collect();
            let ["./sign_in", way, file @ ..] = words.as_slice() else { panic!("not the program: {example}") };
            let in_lab = |at: &str| Program::new(&[*way]).with("URL", place.url(at));
            match (*way, file) {
                ("negotiate", []) => {
                    in_lab("kerberos").says(&["Negotiate: signed in"]);
                    let_in(place, "operator@EXAMPLE.TEST");
                }
                ("negotiate", ["batch.keytab"]) => {
                    let keytab = place.file("batch.keytab");
                    let arguments = ["negotiate", keytab.to_str().expect("a path")];
                    let by_keytab = Program::new(&arguments).with("URL", place.url("kerberos"));
                    by_keytab.with("USER", "batch@EXAMPLE.TEST").says(&["Negotiate: signed in"]);
                    let_in(place, "batch@EXAMPLE.TEST");
                }
                ("ntlm", []) => {
                    in_lab("ntlm").of(r"CORP\anna", ANNA).says(&["NTLM: signed in"]);
                    let_in(place, r"CORP\anna");
                }
                ("basic", []) => {
                    in_lab("basic").of("anna", ANNA).says(&["Basic: signed in"]);
                    let_in(place, "anna");
                }
                ("auto", []) => in_lab("ntlm").of(r"CORP\anna", ANNA).says(&["Negotiate, NTLM", "NTLM: signed in"]),
                ("bearer", []) => {
                    let bearer = Program::new(&["bearer"]).with("URL", believing.certiflow_url());
                    bearer.with("TOKEN", issuer.token(json!({}))).says(&[]);
                }
                ("oidc", []) => {
                    let oidc = || {
                        let program = Program::new(&["oidc"]).with("URL", believing.certiflow_url());
                        program.with("ISSUER", issuer.url()).with("CLIENT_ID", CLIENT)
                    };
                    oidc().with("CLIENT_SECRET", SECRET).says(&[]);
                    oidc().with("CLIENT_SECRET", "another one").fails("invalid_client");
                    issuer.state().polls.push_back("authorization_pending");
                    oidc().says(&["/activate and type BCDF-GHJK, within 600 s"]);
                }
                ("certificate", ["client.pem"]) => {
                    let arguments = ["certificate", pair.to_str().expect("a path")];
                    let mut shows = Program::new(&arguments);
                    shows.0.env("SSL_CERT_FILE", &ca);
                    shows.with("URL", format!("https://localhost:{}/api", demanding.port)).says(&["0A07"]);
                }
                _ => panic!("nobody knows how to run {example}"),
            }
            ways.push(*way);
        }
        for file in [&pair, &ca] {
            let _ = std::fs::remove_file(file);
        }
        println!("c-sign-in: {ways:?}");
        ways.dedup();
        assert_eq!(ways, ["negotiate", "ntlm", "basic", "auto", "bearer", "oidc", "certificate"]);
    });
}

#[test]
#[ignore = "cargo xtask test --only c compiles the program and runs this"]
fn what_is_refused_says_why_and_shows_no_password() {
    in_lab("what_is_refused_says_why_and_shows_no_password", |place| {
        let program = |way: &str, at: String| Program::new(&[way]).with("URL", at);
        let wrong = "no password of hers";
        program("ntlm", place.url("ntlm")).of(r"CORP\anna", wrong).fails("refused");
        program("negotiate", place.url("basic")).fails("the server offers Basic");
        program("negotiate", place.url("kerberos")).of(r"CORP\anna", ANNA).fails("does not know the name");
        program("negotiate", place.url("kerberos")).of("operator@EXAMPLE.TEST", wrong).fails("the sign-in");
        program("basic", place.url("basic")).with("USER", "anna").fails("the sign-in");
        program("bearer", place.url("kerberos")).with("TOKEN", "no.token.of-theirs").fails("the sign-in");
        // Bound to the certificate of the server, which Apache demands there.
        let mut bound = program("negotiate", place.tls_url("bound")).of("operator@EXAMPLE.TEST", OPERATOR);
        bound.0.env("SSL_CERT_FILE", place.file("tls.pem"));
        bound.says(&["Negotiate: signed in"]);
    });
}

/// A key that never leaves its place: what it signs, and what its function returns.
struct Token {
    pair: EcdsaKeyPair,
    signed: AtomicUsize,
    returns: AtomicI32,
}

unsafe extern "C" fn sign(
    context: *mut c_void, scheme: u32, message: *const u8, message_length: usize, signature: *mut u8, capacity: usize,
    length: *mut usize,
) -> i32 {
    // SAFETY: the token outlives the client; message and signature are as long as is said.
    let (token, message, room) = unsafe {
        let room = core::slice::from_raw_parts_mut(signature, capacity);
        (&*context.cast::<Token>(), core::slice::from_raw_parts(message, message_length), room)
    };
    assert_eq!(scheme, CardwrightSignatureScheme::EcdsaP256Sha256 as u32);
    let made = token.pair.sign(&SystemRandom::new(), message).expect("a signature");
    room[..made.as_ref().len()].copy_from_slice(made.as_ref());
    // SAFETY: it may be written to.
    unsafe { *length = made.as_ref().len() };
    token.signed.fetch_add(1, Ordering::SeqCst);
    token.returns.load(Ordering::SeqCst)
}

/// Takes its own client's call back, instead of showing the code.
unsafe extern "C" fn cancel(context: *mut c_void, code: *const CardwrightDeviceCode) {
    // SAFETY: client and code outlive the call.
    let (client, code) = unsafe { ((*context.cast::<AtomicPtr<CardwrightClient>>()).load(Ordering::SeqCst), &*code) };
    // SAFETY: the text lies in the library until this returns.
    let typed = unsafe { core::slice::from_raw_parts(code.user_code.data.cast::<u8>(), code.user_code.length) };
    assert_eq!((typed, code.lasts, code.address_with_code.length), (&b"BCDF GHJK"[..], 600, 0));
    // SAFETY: a client may be canceled while a call of it is under way.
    assert_eq!(unsafe { cardwright_client_cancel(client, null_mut()) }, CARDWRIGHT_OK);
}

#[test]
fn who_is_asked_for_a_code_may_cancel_and_sees_no_control_character() {
    let issuer = Issuer::start();
    issuer.state().device = json!({ "user_code": "BCDF\u{1b}GHJK" });
    let (url, id, base) = (issuer.url(), CLIENT.to_string(), "http://127.0.0.1:1/api".to_string());
    let here = AtomicPtr::new(null_mut());
    let mut oidc: CardwrightOidc = zeroed();
    (oidc.issuer, oidc.client_id) = (text(&url), text(&id));
    oidc.prompt = Some(cancel);
    oidc.context = (&raw const here).cast_mut().cast();
    let mut options: CardwrightOptions = zeroed();
    (options.system, options.base, options.oidc) = (2, text(&base), &raw const oidc);
    let (mut client, mut card) = (null_mut(), null_mut());
    // SAFETY: all of it lives until the calls return, and the client is given back once.
    unsafe {
        assert_eq!(cardwright_client_new(&raw const options, &raw mut client, null_mut()), CARDWRIGHT_OK);
        here.store(client, Ordering::SeqCst);
        let code = cardwright_client_card(client, text("7"), &raw mut card, null_mut());
        assert_eq!(code, Code::Canceled as i32, "{}", detail());
        cardwright_client_free(client);
    }
}

/// The detail of the last error.
fn detail() -> String {
    let (mut buffer, mut length) = (vec![0_u8; 2048], 0);
    // SAFETY: the buffer is ours.
    let code = unsafe { cardwright_last_error(buffer.as_mut_ptr().cast(), 2048, &raw mut length, null_mut()) };
    assert_eq!(code, CARDWRIGHT_OK);
    buffer.truncate(length);
    String::from_utf8(buffer).expect("UTF-8")
}

/// What the first card is asked for with this certificate: the code, and its detail.
fn ask(server: &Demanding, shown: &CardwrightClientCertificate) -> (i32, String) {
    let (base, roots) = (format!("https://localhost:{}/api", server.port), server.ca.0.pem());
    let mut options: CardwrightOptions = zeroed();
    (options.system, options.attempts, options.only_roots) = (2, 1, 1);
    (options.base, options.roots, options.certificate) = (text(&base), text(&roots), shown);
    let (mut client, mut card) = (null_mut(), null_mut());
    // SAFETY: all of it lives until the calls return, and is given back once.
    unsafe {
        let mut code = cardwright_client_new(&raw const options, &raw mut client, null_mut());
        if code == CARDWRIGHT_OK {
            code = cardwright_client_card(client, text("7"), &raw mut card, null_mut());
        }
        let detail = detail();
        cardwright_card_free(card);
        cardwright_client_free(client);
        (code, detail)
    }
}

#[test]
fn a_certificate_is_shown_with_a_key_from_memory_a_file_or_elsewhere() {
    let server = Demanding::start(&rustls::version::TLS13);
    let (pem, file) = certificate(&server, "key");
    let path = file.to_str().expect("a path").to_string();
    let (both, key_pem) = (format!("{pem}{EC}"), EC.to_string());
    let mut shown: CardwrightClientCertificate = zeroed();
    shown.certificates = text(&both);
    assert_eq!(ask(&server, &shown), (CARDWRIGHT_OK, String::new()), "both in one text");
    (shown.certificates, shown.key) = (text(&pem), text(&key_pem));
    assert_eq!(ask(&server, &shown), (CARDWRIGHT_OK, String::new()), "two texts");
    (shown.key, shown.key_file) = (CardwrightText { data: core::ptr::null(), length: 0 }, text(&path));
    assert_eq!(ask(&server, &shown), (CARDWRIGHT_OK, String::new()), "the key in a file");
    std::fs::remove_file(&file).expect("removed");
    let (code, detail) = ask(&server, &shown);
    assert!(code == KEY && detail.contains(&path), "{code}: {detail}");

    let pair =
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &key(EC).serialize_der(), &SystemRandom::new());
    let token = Token { pair: pair.expect("a key"), signed: AtomicUsize::new(0), returns: AtomicI32::new(0) };
    let schemes = [CardwrightSignatureScheme::EcdsaP256Sha256 as u32];
    shown.key_file = CardwrightText { data: core::ptr::null(), length: 0 };
    shown.sign = Some(sign);
    shown.context = (&raw const token).cast_mut().cast();
    (shown.schemes, shown.scheme_count) = (schemes.as_ptr(), 1);
    assert_eq!(ask(&server, &shown), (CARDWRIGHT_OK, String::new()), "a key elsewhere");
    assert_eq!(token.signed.load(Ordering::SeqCst), 2, "whether it is the right one, and the handshake");
    token.returns.store(505, Ordering::SeqCst);
    let (code, detail) = ask(&server, &shown);
    assert!(code == KEY && detail.contains("its function returned 505"), "{code}: {detail}");
}
