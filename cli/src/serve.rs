//! `serve` and `seed`: a registry of one's own.

mod service;

use crate::args::{Arguments, BearerArguments, Seed, Serve, TlsArguments};
use crate::failure::{Done, Exit, Failure, Kind, server_failure};
use crate::interrupt::requests;
use crate::kept::Kept;
use crate::out::{self, say};
use crate::output::thousands;
use crate::style::{BOLD, CARE, END, KEY};
use cardwright::core::Named as _;
use cardwright::text_file;
use cardwright_server::{
    Account, AccountChange, Bearer, Config, Faults, KeySource, Log, Registry, Running, Secret, Server, Tls, Who, seed,
};
use serde_json::json;
use std::io;
use std::net::IpAddr;
use std::path::Path;

/// The account that a server of this command makes for its run.
pub(crate) const ACCOUNT: &str = "demo";

/// A server with an account of its own, and that account's password.
pub(crate) struct Served {
    pub(crate) running: Running,
    /// The account's password, if the server has made one.
    pub(crate) password: Option<String>,
}

/// Starts a server with one administrator, who is the user of the MIM CM story.
pub(crate) fn start(mut config: Config) -> Result<Served, Failure> {
    let password = password()?;
    config.accounts.push(
        Account::new(ACCOUNT, Secret::new(password.clone()), "administrator")
            .as_user(seed::story_user().map_err(server_failure)?),
    );
    let running = Server::start(config).map_err(server_failure)?;
    Ok(Served { running, password: Some(password) })
}

/// Starts a server with the accounts that its registry has; that of earlier runs is disabled unless it `stays`.
fn start_with_own_accounts(config: Config, kept: &Kept, stays: bool) -> Result<Served, Failure> {
    let has_tokens = config.bearer.is_some();
    let running = Server::start(config).map_err(server_failure)?;
    let registry = running.registry();
    let lacks = || {
        Failure::usage("the registry has no account that may do everything")
            .hint(format!("add one: cardwright account add NAME --role administrator {}", kept.words()))
    };
    let enabled = registry.accounts().map_err(server_failure)?.into_iter().filter(|account| !account.disabled);
    let names: Vec<String> = enabled.map(|account| account.name).collect();
    if names.is_empty() && !has_tokens {
        return Err(lacks());
    }
    if !stays && names.iter().any(|name| name == ACCOUNT) {
        let change = |change| registry.change_account(ACCOUNT, &change, &Who::account("serve"));
        let disabled = change(AccountChange { disabled: Some(true), ..AccountChange::default() });
        match disabled {
            Ok(_) => {}
            // The bearers of tokens may do everything; the account keeps a password that nobody knows.
            Err(cardwright_server::Error::LastAdministrator(_)) if has_tokens => {
                let unknown = Some(Secret::new(password()?));
                change(AccountChange { password: unknown, ..AccountChange::default() }).map_err(server_failure)?;
            }
            Err(cardwright_server::Error::LastAdministrator(_)) => return Err(lacks()),
            Err(other) => return Err(server_failure(other)),
        }
    }
    Ok(Served { running, password: None })
}

/// 128 bits of chance, in letters that survive any shell.
fn password() -> Result<String, Failure> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|e| Failure::new(Kind::Failed, format!("no random numbers: {e}")))?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}

/// Fills a new registry with made-up cards; leaves one that was there before alone.
pub(crate) fn fill(registry: &Registry, cards: u32, number: u64) -> Result<usize, Failure> {
    seed::fill_new(registry, cards, number).map_err(server_failure)
}

pub(crate) fn serve(serve: &Serve) -> Done {
    let mut config = Config::default();
    config.listen = serve.listen;
    config.tls = tls(&serve.tls, serve.listen.ip())?;
    config.bearer = bearer(&serve.bearer)?;
    config.operator = true;
    if !serve.certiflow.is_empty() {
        config.certiflow.clone_from(&serve.certiflow);
    }
    for switch in &serve.switches {
        let (name, value) = switch.split_once('=').unwrap_or((switch, ""));
        config.switches.set(name, value).map_err(|e| Failure::usage(e.to_string()))?;
    }
    let kept = Kept::read(serve.data.as_deref(), &serve.database)?;
    if let Some(kept) = &kept {
        config.data = kept.data.clone();
    }
    if let Some(file) = &serve.faults {
        let text = text_file::read(file)?;
        config.faults = Faults::parse(&text).map_err(|e| about(file, e))?;
    }
    config.sandbox = serve.sandbox || serve.faults.is_some();
    config.public_urls.clone_from(&serve.public_urls);
    config.connections = serve.connections;
    config.connections_from_one = serve.connections_from_one;
    config.log = if serve.log { Log::Stderr } else { Log::Off };
    // Other servers may use a database: their account is left as it is, and none of its cards is made up.
    let is_shared = serve.database.database.is_some();
    let served = match &kept {
        Some(kept) if serve.no_account || is_shared && !serve.account => {
            start_with_own_accounts(config, kept, !serve.no_account)?
        }
        _ => start(config)?,
    };
    let registry = served.running.registry();
    let (cards, made_up) = if is_shared {
        (registry.count_cards().map_err(server_failure)?, "")
    } else {
        (fill(registry, serve.cards, serve.seed)?, if registry.is_new() { "made-up " } else { "" })
    };
    let kept = kept.map_or("gone when it stops".to_string(), |kept| format!("kept in {}", kept.place));
    let requests = requests()?;
    let announced = announce(serve, &served, &format!("{BOLD}{}{END} {made_up}cards, {kept}", thousands(cards)));
    // Where nobody can read it any more, the server runs on.
    announced.or_else(|error| if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })?;
    service::run(&served.running, &|| from_files(&serve.tls), &requests);
    served.running.stop();
    Ok(Exit::Done)
}

/// Says what is served where.
fn announce(serve: &Serve, served: &Served, what: &str) -> io::Result<()> {
    say!("Cardwright serves {what}. Ctrl-C stops it.\n")?;
    show_address(served)?;
    if let Some(file) = &serve.tls.tls_self_signed {
        say!("  {KEY}certificate{END}   {}: --ca, or CARDWRIGHT_CA", file.display())?;
    }
    if let Some(issuer) = &serve.bearer.bearer_issuer {
        say!("  {KEY}tokens{END}        of {issuer}")?;
    }
    if serve.sandbox || serve.faults.is_some() {
        say!("  {KEY}faults{END}        {}/_sandbox/faults", served.running.url())?;
    }
    if served.password.is_some() {
        let none = if serve.account { "without --account there is none" } else { "--no-account makes none" };
        say!("\n{CARE}Anybody who reads this password can use the server; {none}.{END}")?;
    }
    Ok(())
}

/// What is wrong with a file that was named.
fn about(file: &Path, why: impl std::fmt::Display) -> Failure {
    Failure::usage(format!("{}: {why}", file.display()))
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    text_file::read_as_utf8(file).map_err(|e| about(file, e))
}

/// The certificate, where there is to be one.
fn tls(given: &TlsArguments, address: IpAddr) -> Result<Option<Tls>, Failure> {
    if let Some(tls) = from_files(given)? {
        return Ok(Some(tls));
    }
    let Some(file) = &given.tls_self_signed else { return Ok(None) };
    let mut names = vec!["localhost".to_string(), "127.0.0.1".to_string(), "::1".to_string()];
    names.extend(Some(address.to_string()).filter(|own| !address.is_unspecified() && !names.contains(own)));
    names.extend(given.tls_names.iter().cloned());
    let tls = Tls::self_signed(&names).map_err(|e| Failure::usage(e.to_string()))?;
    tls.write_certificate(file).map_err(|e| {
        Failure::usage(e.to_string())
            .hint("name a file that is not there yet, or one with the certificate of an earlier run and nothing else")
    })?;
    Ok(Some(tls))
}

/// The certificate and the key in the files that are named.
fn from_files(given: &TlsArguments) -> Result<Option<Tls>, Failure> {
    let (Some(certificate), Some(key)) = (&given.tls_cert, &given.tls_key) else { return Ok(None) };
    let tls = Tls::from_pem(&read(certificate)?, &read(key)?);
    tls.map(Some).map_err(|e| about(certificate, e))
}

/// The issuer whose tokens are accepted.
fn bearer(given: &BearerArguments) -> Result<Option<Bearer>, Failure> {
    let Some(issuer) = &given.bearer_issuer else { return Ok(None) };
    let keys = match given.bearer_keys.as_deref() {
        None => KeySource::Discovery,
        Some(url) if url.contains("://") => KeySource::Url(url.to_string()),
        Some(file) => KeySource::File(file.into()),
    };
    let mut bearer = Bearer::new(issuer, "", keys);
    bearer.audiences.clone_from(&given.bearer_audience);
    bearer.roles_claim.clone_from(&given.bearer_roles_claim);
    bearer.roles.clone_from(&given.bearer_roles);
    bearer.name_claim.clone_from(&given.bearer_name_claim);
    bearer.user_claim.clone_from(&given.bearer_user_claim);
    if let Some(file) = &given.bearer_ca {
        bearer.issuer_roots = Some(read(file)?);
    }
    Ok(Some(bearer))
}

/// Where the server is, and lines to try.
pub(crate) fn show_address(served: &Served) -> io::Result<()> {
    let running = &served.running;
    for one in running.generations() {
        let dialect = one.dialect();
        let url = running.url() + one.base();
        say!("  {KEY}CertiFlow {}{END}  {url}  {KEY}{}{END}", dialect.name(), dialect.products())?;
    }
    say!("  {KEY}MIM CM{END}        {}\n", running.mim_url())?;
    say!("  export CARDWRIGHT_URL={}", running.certiflow_url())?;
    if let Some(password) = &served.password {
        say!("  export CARDWRIGHT_USER={ACCOUNT} CARDWRIGHT_PASSWORD={password}")?;
    }
    say!("  cardwright cards --state Issued --limit 5")
}

pub(crate) fn seed(arguments: &Arguments, given: &Seed) -> Done {
    let Some(kept) = Kept::read(given.data.as_deref(), &given.database)? else {
        return Err(Failure::usage("no registry is named").hint("give --data DIR or --database URL"));
    };
    let mut config = Config::default();
    config.data = kept.data.clone();
    let running = Server::start(config).map_err(server_failure)?;
    let before = running.registry().count_cards().map_err(server_failure)?;
    if before > 0 {
        let empty = if given.data.is_some() { "seed an empty folder" } else { "seed an empty database" };
        return Err(Failure::new(Kind::Refused, format!("{} holds {before} cards already", kept.place)).hint(empty));
    }
    if let Some(file) = &given.from {
        return import(arguments, &kept, file, running);
    }
    let registry = running.registry();
    let filled = seed::story(registry).and_then(|()| seed::synthetic(registry, given.cards, given.seed));
    let cards = filled.and_then(|_| registry.count_cards()).map_err(server_failure)?;
    running.stop();
    if arguments.json {
        out::json(&json!({ kept.option: kept.place, "cards": cards }))?;
    } else {
        say!("{} cards in {}", thousands(cards), kept.place)?;
        say!("{KEY}cardwright serve {}{END}", kept.words())?;
    }
    Ok(Exit::Done)
}

/// Fills a registry with the cards of a file.
fn import(arguments: &Arguments, kept: &Kept, file: &Path, running: Running) -> Done {
    let text = text_file::read(file)?;
    let imported = seed::inventory(running.registry(), &text).map_err(|e| match e {
        cardwright_server::Error::Inventory(..) => about(file, e).hint("nothing was added"),
        _ => server_failure(e),
    })?;
    running.stop();
    if arguments.json {
        let states: serde_json::Map<_, _> =
            imported.states.iter().map(|(state, count)| (state.name().to_string(), (*count).into())).collect();
        let (cards, certificates) = (imported.cards, imported.certificates);
        let printed =
            json!({ kept.option: kept.place, "cards": cards, "certificates": certificates, "states": states });
        out::json(&printed)?;
    } else {
        let (cards, certificates) = (thousands(imported.cards), thousands(imported.certificates));
        say!("{cards} cards with {certificates} certificates in {}", kept.place)?;
        for (state, count) in &imported.states {
            say!("  {:>9}  {}", thousands(*count), state.name())?;
        }
        say!("{KEY}cardwright serve {}{END}", kept.words())?;
    }
    Ok(Exit::Done)
}
