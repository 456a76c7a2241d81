//! An OpenID Connect issuer on loopback: discovery, keys, client credentials, device code, refresh.
//!
//! It issues signed tokens. Tests can read every request that it received, and set its next answers.

use crate::jws::Signer;
use crate::raw::{Raw, answer};
use base64::Engine as _;
use serde_json::{Value, json};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

/// The one client, and its secret.
pub const CLIENT: &str = "cards client";
pub const SECRET: &str = "s3cret/of+the=test&only";
/// The audience of its tokens.
pub const AUDIENCE: &str = "https://cards.example";

/// An issuer that runs until it is dropped.
pub struct Issuer {
    raw: Raw,
    state: Arc<Mutex<State>>,
}

/// Its keys, its settings and what it has seen.
pub struct State {
    pub url: String,
    /// Signs tokens; `keys` are published.
    pub signer: Signer,
    pub keys: Vec<Value>,
    /// Claims of every token, over the usual ones.
    pub claims: Value,
    /// How long tokens are valid, in seconds, and the value of `expires_in` where it differs.
    pub lifetime: i64,
    pub told_lifetime: Option<Value>,
    /// The errors that answer the next requests by device code; after them, a token.
    pub polls: VecDeque<&'static str>,
    /// Whether tokens come with a refresh token.
    pub gives_refresh: bool,
    /// The valid refresh tokens.
    pub refresh: Vec<String>,
    /// The answers to the next requests for a token, in place of the usual ones.
    pub instead: VecDeque<(&'static str, String)>,
    /// Changes the discovery document.
    pub discovery: Value,
    /// Changes the answer with the device code.
    pub device: Value,
    /// Every token issued.
    pub tokens: Vec<String>,
    /// The forms of the requests for tokens and device codes, with the client's credentials.
    pub forms: Vec<HashMap<String, String>>,
    /// How often the keys were fetched.
    pub fetched: usize,
    /// The delay before a token is issued.
    pub slow: std::time::Duration,
}

impl Issuer {
    pub fn start() -> Self {
        let signer = Signer::new("first", "ES256");
        let state = Arc::new(Mutex::new(State {
            url: String::new(),
            keys: vec![signer.jwk()],
            signer,
            claims: json!({}),
            lifetime: 3600,
            told_lifetime: None,
            polls: VecDeque::new(),
            gives_refresh: false,
            refresh: Vec::new(),
            instead: VecDeque::new(),
            discovery: json!({}),
            device: json!({}),
            tokens: Vec::new(),
            forms: Vec::new(),
            fetched: 0,
            slow: std::time::Duration::ZERO,
        }));
        let raw = Raw::answering({
            let state = Arc::clone(&state);
            move |request| {
                let mut state = state.lock().expect("no panic while held");
                state.answer(request)
            }
        });
        state.lock().expect("no panic while held").url = raw.url("");
        Issuer { raw, state }
    }

    pub fn url(&self) -> String {
        self.raw.url("")
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic while held")
    }

    /// The requests so far, whole.
    pub fn requests(&self) -> Vec<String> {
        self.raw.requests()
    }

    /// Signs with another key from now on, and publishes that one alone.
    pub fn rotate(&self, kid: &str) {
        let mut state = self.state();
        state.signer = Signer::new(kid, "ES256");
        state.keys = vec![state.signer.jwk()];
    }

    /// A token with these claims over the usual ones.
    pub fn token(&self, claims: Value) -> String {
        let mut state = self.state();
        state.claims = claims;
        let token = state.token();
        state.claims = json!({});
        token
    }
}

impl State {
    fn answer(&mut self, request: &str) -> Vec<u8> {
        let (head, body) = request.split_once("\r\n\r\n").unwrap_or((request, ""));
        let path = head.split(' ').nth(1).unwrap_or_default();
        match (head.split(' ').next().unwrap_or_default(), path) {
            ("GET", "/.well-known/openid-configuration") => good(&over(
                json!({
                    "issuer": self.url,
                    "jwks_uri": format!("{}/keys", self.url),
                    "token_endpoint": format!("{}/token", self.url),
                    "device_authorization_endpoint": format!("{}/device", self.url),
                    "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
                }),
                &self.discovery,
            )),
            ("GET", "/keys") => {
                self.fetched += 1;
                good(&json!({ "keys": self.keys }))
            }
            ("POST", "/device") => {
                self.forms.push(form(head, body));
                good(&over(
                    json!({
                        "device_code": "the device code",
                        "user_code": "BCDF-GHJK",
                        "verification_uri": format!("{}/activate", self.url),
                        "expires_in": 600,
                        "interval": 1,
                    }),
                    &self.device,
                ))
            }
            ("POST", "/token") => {
                std::thread::sleep(self.slow);
                self.forms.push(form(head, body));
                if let Some((status, body)) = self.instead.pop_front() {
                    return answer(status, "application/json", &body);
                }
                self.grant(&form(head, body))
            }
            _ => answer("404 Not Found", "text/html", "<html><title>Nothing here</title></html>"),
        }
    }

    fn grant(&mut self, form: &HashMap<String, String>) -> Vec<u8> {
        let value = |name: &str| form.get(name).map_or("", String::as_str);
        let is_known = value("client_id") == CLIENT;
        match value("grant_type") {
            "client_credentials" if is_known && value("client_secret") == SECRET => self.good_token(),
            "client_credentials" => bad("401 Unauthorized", "invalid_client"),
            "urn:ietf:params:oauth:grant-type:device_code" if value("device_code") == "the device code" => {
                match self.polls.pop_front() {
                    Some(error) => bad("400 Bad Request", error),
                    None => self.good_token(),
                }
            }
            "refresh_token" => match self.refresh.iter().position(|one| one == value("refresh_token")) {
                Some(at) => {
                    self.refresh.remove(at);
                    self.good_token()
                }
                None => bad("400 Bad Request", "invalid_grant"),
            },
            _ => bad("400 Bad Request", "unsupported_grant_type"),
        }
    }

    fn good_token(&mut self) -> Vec<u8> {
        let token = self.token();
        let told = self.told_lifetime.clone().unwrap_or(json!(self.lifetime));
        let mut body = json!({ "access_token": token, "token_type": "Bearer", "expires_in": told });
        if self.gives_refresh {
            let refresh = format!("refresh {}", self.tokens.len());
            body["refresh_token"] = json!(refresh);
            self.refresh.push(refresh);
        }
        good(&body)
    }

    fn token(&mut self) -> String {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
        let now = i64::try_from(now.as_secs()).expect("a time");
        let claims = over(
            json!({
                "iss": self.url, "aud": AUDIENCE, "sub": CLIENT, "roles": ["administrator"],
                "iat": now, "exp": now + self.lifetime, "jti": self.tokens.len(),
            }),
            &self.claims,
        );
        let token = self.signer.token(&claims);
        self.tokens.push(token.clone());
        token
    }
}

/// An object with the members of another over its own; `null` takes one away.
pub fn over(mut object: Value, changes: &Value) -> Value {
    let members = object.as_object_mut().expect("an object");
    for (name, value) in changes.as_object().expect("an object") {
        match value {
            Value::Null => drop(members.remove(name)),
            _ => drop(members.insert(name.clone(), value.clone())),
        }
    }
    object
}

fn good(body: &Value) -> Vec<u8> {
    answer("200 OK", "application/json", &body.to_string())
}

fn bad(status: &str, error: &str) -> Vec<u8> {
    let body = json!({ "error": error, "error_description": format!("the issuer says {error}") });
    answer(status, "application/json", &body.to_string())
}

/// The members of a form; those of a client that signs in by Basic as if they stood in the form, with
/// `by` as `basic`.
fn form(head: &str, body: &str) -> HashMap<String, String> {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (unescape(name), unescape(value))
    };
    let mut form: HashMap<String, String> = body.split('&').filter(|one| !one.is_empty()).map(pair).collect();
    let basic = head
        .lines()
        .find_map(|line| line.strip_prefix("authorization: Basic ").or(line.strip_prefix("Authorization: Basic ")));
    if let Some(coded) = basic {
        let decoded = base64::engine::general_purpose::STANDARD.decode(coded.trim()).expect("base64");
        let decoded = String::from_utf8(decoded).expect("UTF-8");
        let (id, secret) = decoded.split_once(':').expect("two parts");
        form.extend(
            [("client_id", unescape(id)), ("client_secret", unescape(secret)), ("by", "basic".into())]
                .map(|(name, value)| (name.to_string(), value)),
        );
    }
    form
}

fn unescape(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits = [rest.next().expect("a digit"), rest.next().expect("a digit")];
                let digits = std::str::from_utf8(&digits).expect("digits");
                bytes.push(u8::from_str_radix(digits, 16).expect("a byte"));
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}
