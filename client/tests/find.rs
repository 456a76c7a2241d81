//! From what a card tells to its records, in each system.

use cardwright_client::MimCard;
use cardwright_client::{AnyCard, AnyClient, CertiFlow, Client, Credentials, Error, Mim, Secret};
use cardwright_core::Code;
use cardwright_core::certiflow::Dialect;
use cardwright_core::identity::{Find, Found, Identity, RESPONSE_ROOM, Search, find_records, identify};
use cardwright_core::lifecycle::{Evidence, System};
use cardwright_server::{Account, Config, Running, Server, seed};
use cardwright_testkit::raw::{Raw, json};

/// The card of that name among the scripted ones.
fn identity(name: &str) -> Identity {
    let cards = cardwright_testkit::cards::cards();
    let card = cards.iter().find(|card| card.name == name).expect("a scripted card");
    let Ok(identity) = identify(&mut card.channel(), &card.atr, card.interface, &mut [0; RESPONSE_ROOM]);
    identity
}

/// A server with the story, and these cards of CertiFlow's: id, serial number.
fn server(cards: &[(i64, &str)]) -> Running {
    let mut config = Config::default();
    let account = Account::new("tester", cardwright_server::Secret::new("a password"), "administrator");
    config.accounts.push(account.as_user(seed::story_user().expect("a user")));
    let running = Server::start(config).expect("a server");
    seed::story(running.registry()).expect("the story");
    let lines = cards.iter().map(|(id, serial)| {
        format!("{{\"id\":{id},\"state\":\"Issued\",\"serialNumber\":\"{serial}\",\"userName\":\"DEMO\\\\ipetrov\"}}\n")
    });
    if !cards.is_empty() {
        seed::inventory(running.registry(), lines.collect::<String>()).expect("cards");
    }
    running
}

fn credentials() -> Credentials {
    Credentials::basic("tester", Secret::new("a password"))
}

fn certiflow(base: impl Into<String>, dialect: Dialect) -> Client<CertiFlow> {
    let builder = Client::<CertiFlow>::builder(base).dialect(dialect);
    builder.credentials(credentials()).build().expect("usable")
}

fn mim(base: impl Into<String>) -> Client<Mim> {
    Client::<Mim>::builder(base).credentials(credentials()).build().expect("usable")
}

/// What is found, and how.
fn search<F: Find<Error = Error>>(
    mut records: F,
    system: System,
    identity: &Identity,
) -> Result<(Vec<F::Record>, Search), Error> {
    let mut found = Vec::new();
    let search = find_records(&mut records, identity.guesses(system), |record| found.push(record))?;
    assert_eq!(found.len(), search.records);
    Ok((found, search))
}

#[test]
fn mim_has_the_record_of_the_card_by_the_documented_spelling() {
    let running = server(&[]);
    let client = mim(running.mim_url());
    let (found, how) = search(&client, System::Mim, &identity("gids")).expect("an answer");
    let by = how.by.expect("a match");
    assert_eq!((by.spelling.to_string().as_str(), by.evidence), (CARD_ID, Evidence::Documented));
    // Both byte orders are asked for: they are one identifier.
    assert_eq!((how.tried, found.len(), how.found()), (2, 1, Found::Record));
    assert_eq!(found[0].view().serial_number().expect("a serial number"), CARD_ID);
    let (found, how) =
        search(&AnyClient::Mim(mim(running.mim_url())), System::Mim, &identity("gids")).expect("an answer");
    assert!(matches!(found.as_slice(), [AnyCard::Mim(MimCard { state: Some(_), .. })]), "{found:?}");
    assert_eq!(how.found(), Found::Record);
}

/// The card of Microsoft's pages.
const CARD_ID: &str = "{d1ef6869-5517-42a0-8f05-16ca1a0b834d}";

#[test]
fn certiflow_is_asked_with_one_spelling_after_the_other() {
    // The second spelling of a YubiKey's number, hexadecimal, is what this registry holds.
    let running = server(&[(2001, "016BF6E6"), (2002, "016BF6E7")]);
    let yubikey = identity("yubikey-5");
    for dialect in [Dialect::G6, Dialect::G7] {
        let client = certiflow(running.certiflow_url(), dialect);
        let (found, how) = search(&client, System::CertiFlow, &yubikey).expect("an answer");
        assert_eq!((how.tried, found.len()), (2, 1), "{dialect:?}");
        assert!(found[0].view().id().reads("2001"));
        let any = AnyClient::CertiFlow(client);
        let (found, again) = search(&any, System::CertiFlow, &yubikey).expect("an answer");
        assert_eq!((found[0].id().as_str(), again), ("2001", how));
    }
}

#[test]
fn two_records_are_two_records() {
    let running = server(&[(2001, "23852774"), (2002, "23852774")]);
    let client = certiflow(running.certiflow_url(), Dialect::G7);
    let (found, how) = search(&client, System::CertiFlow, &identity("yubikey-5")).expect("an answer");
    assert_eq!((found.len(), how.tried, how.found()), (2, 2, Found::Several));
    assert_eq!(client.find("23852774").expect_err("two").code(), Code::Unexpected);

    let both = |uuid: &str| {
        format!(r#"{{"Uuid":"{uuid}","SerialNumber":"{CARD_ID}","Status":3,"ProfileUuid":"{uuid}","Atr":""}}"#)
    };
    let list =
        format!("[{},{}]", both("438d1b30-f3b4-4bed-85fa-285e08605ba7"), both("438d1b30-f3b4-4bed-85fa-285e08605ba8"));
    let raw = Raw::answering(move |request| match request.contains(CARD_ID.trim_matches(['{', '}'])) {
        true => json(&list),
        false => json("[]"),
    });
    let client = mim(raw.url("/CertificateManagement"));
    let (found, how) = search(&client, System::Mim, &identity("gids")).expect("an answer");
    assert_eq!((found.len(), how.tried, how.found()), (2, 2, Found::Several));
    assert_eq!(client.find(CARD_ID).expect_err("two").code(), Code::Unexpected);
}

#[test]
fn where_nothing_is_found_every_guess_was_tried() {
    let running = server(&[]);
    for (name, system, guesses) in
        [("piv", System::Mim, 2), ("yubikey-5", System::CertiFlow, 4), ("piv", System::CertiFlow, 2)]
    {
        let identity = identity(name);
        assert_eq!(identity.guesses(system).count(), guesses, "{name}");
        let any = match system {
            System::Mim => AnyClient::Mim(mim(running.mim_url())),
            System::CertiFlow => AnyClient::CertiFlow(certiflow(running.certiflow_url(), Dialect::G7)),
        };
        let (found, how) = search(&any, system, &identity).expect("an answer");
        assert_eq!((found.len(), how.tried, how.by), (0, guesses, None), "{name}");
    }
}

#[test]
fn what_cannot_search_says_so() {
    // G1 has no filter for serial numbers, and nothing is sent.
    let raw = Raw::answering(|_| json("[]"));
    let old = certiflow(raw.url("/icmapi"), Dialect::G1);
    let error = search(&old, System::CertiFlow, &identity("yubikey-5")).expect_err("G1");
    assert_eq!(error.code(), Code::NoSuchParameter);
    assert!(error.to_string().contains("serialNumber") && error.to_string().contains("G1"), "{error}");
    assert!(raw.requests().is_empty());
    // A server that ignores the filter sends cards that were not asked for.
    let raw = Raw::answering(|_| json(r#"[{"id":1,"serialNumber":"AA"},{"id":2,"serialNumber":"BB"}]"#));
    let client = certiflow(raw.url("/api"), Dialect::G7);
    let error = search(&client, System::CertiFlow, &identity("yubikey-5")).expect_err("ignored");
    assert_eq!(error.code(), Code::Unexpected);
    // MIM CM finds by GUID alone.
    let raw = Raw::answering(|_| json("[]"));
    let client = mim(raw.url("/CertificateManagement"));
    let error = search(&client, System::CertiFlow, &identity("yubikey-5")).expect_err("no GUID");
    assert_eq!(error.code(), Code::Guid);
    assert!(raw.requests().is_empty());
}
