//! Two servers, and two who want the same at the same time.

use crate::cluster;
use crate::instance::{administrator, ask, certiflow, config};
use cardwright_core::mim::RequestStatus;
use cardwright_server::{AccountChange, Error, Outcome, Running, Server, Who, seed};
use serde_json::Value;
use std::sync::Barrier;

/// Two servers over a fresh registry with the story, whose administrators these are.
fn two(url: &str, names: &[&str]) -> [Running; 2] {
    let mut first = config(url);
    first.accounts.extend(names.iter().map(|name| administrator(name)));
    let first = Server::start(first).unwrap();
    seed::story(first.registry()).unwrap();
    [first, Server::start(config(url)).unwrap()]
}

/// What both do at the same time.
fn both<T: Send>(one: impl FnOnce() -> T + Send, other: impl FnOnce() -> T + Send) -> [T; 2] {
    let barrier = Barrier::new(2);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| {
            barrier.wait();
            other()
        });
        barrier.wait();
        [one(), other.join().unwrap()]
    })
}

#[test]
fn of_two_who_race_for_a_card_over_two_servers_one_wins_each_time() {
    const RACES: usize = 1000;
    let Some(cluster) = cluster() else { return };
    let servers = two(&cluster.database(), &["ann", "bea"]);
    let mut wins = 0;
    for (race, word) in ["Disable", "Enable"].into_iter().cycle().take(RACES).enumerate() {
        let target = certiflow(&format!("Cards/1065/{word}"));
        let attempt = |server: usize, name| ask(servers[server].address(), name, "POST", &target, "").unwrap().0;
        let mut statuses = both(|| attempt(0, "ann"), || attempt(1, "bea"));
        wins += usize::from(statuses[0] == 200);
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "race {race}");
    }
    let done = cluster.psql(&name_of(&servers[0]), "SELECT outcome, count(*) FROM audit GROUP BY 1 ORDER BY 1");
    assert_eq!(done.trim(), format!("done|{RACES}\nrefused|{RACES}"));
    assert!(wins > 0 && wins < RACES, "it was no race: one of the two won {wins}");
}

/// The name of a server's database.
fn name_of(server: &Running) -> String {
    let shown = format!("{:?}", server.registry());
    shown.rsplit('/').next().unwrap().trim_end_matches(['"', ')']).to_owned()
}

#[test]
fn approvals_over_two_servers_count_once() {
    let Some(cluster) = cluster() else { return };
    let servers = two(&cluster.database(), &["ann", "bea", "cid"]);
    let registries = servers.each_ref().map(Running::registry);
    let card = registries[0].state(1003).map(|_| 1003).unwrap();
    let uuid = cluster.psql(&name_of(&servers[0]), &format!("SELECT uuid FROM card WHERE id = {card}"));
    for _ in 0..20 {
        // Its template wants two approvals for this.
        let body = format!(r#"{{"type":"Retire","smartcard":"{}","comment":"","datacollection":[]}}"#, uuid.trim());
        let target = "/CertificateManagement/api/v1.0/requests";
        let (status, body) = ask(servers[0].address(), "cid", "POST", target, &body).unwrap();
        assert_eq!(status, 201, "{body}");
        let made: Value = serde_json::from_str(&body).unwrap();
        let request = made.as_str().unwrap().rsplit('/').next().unwrap().parse().unwrap();
        let needed = registries[1].approve(request, "ann").unwrap().needed;
        // The same account at both servers adds nothing, and so does nobody twice.
        let again = both(|| registries[0].approve(request, "ann"), || registries[1].approve(request, "ann"));
        if needed == 1 {
            assert!(again.iter().all(|refused| matches!(refused, Err(Error::RequestIs(..)))), "{again:?}");
        } else {
            assert!(again.iter().all(|decision| decision.as_ref().unwrap().approvals == 1), "{again:?}");
            let both = both(|| registries[0].approve(request, "bea"), || registries[1].approve(request, "bea"));
            let approved = both.iter().filter(|one| matches!(one, Ok(made) if made.status == RequestStatus::Approved));
            assert!(approved.count() >= 1, "{both:?}");
        }
        let rows = cluster.psql(
            &name_of(&servers[0]),
            &format!(
                "SELECT count(*) FROM audit WHERE request = '{request}' AND operation = 'approve' AND outcome = 'done'"
            ),
        );
        assert_eq!(rows.trim(), needed.to_string());
        registries[0].fail(request, "ann").unwrap();
    }
}

#[test]
fn of_two_last_administrators_who_disable_each_other_one_stays() {
    let Some(cluster) = cluster() else { return };
    let servers = two(&cluster.database(), &["ann", "bea"]);
    let registries = servers.each_ref().map(Running::registry);
    for round in 0..10 {
        let disable = |registry: &cardwright_server::Registry, who: &str, other: &str| {
            registry.change_account(other, &AccountChange::default().disabled(true), &Who::account(who))
        };
        let done = both(|| disable(registries[0], "ann", "bea"), || disable(registries[1], "bea", "ann"));
        let last = done.iter().filter(|one| matches!(one, Err(Error::LastAdministrator(_)))).count();
        assert_eq!((last, done.iter().filter(|one| one.is_ok()).count()), (1, 1), "round {round}: {done:?}");
        for name in ["ann", "bea"] {
            let change = AccountChange::default().disabled(false);
            registries[0].change_account(name, &change, &Who::account("test")).unwrap();
        }
    }
    let refused = registries[1].audit(0, 1000).unwrap().into_iter().filter(|row| row.outcome == Outcome::Refused);
    assert_eq!(refused.count(), 10);
}

#[test]
fn an_account_that_one_server_disabled_is_unknown_to_the_other_when_that_is_answered() {
    let Some(cluster) = cluster() else { return };
    let servers = two(&cluster.database(), &["ann", "bea"]);
    let see = |name| ask(servers[1].address(), name, "GET", &certiflow("Cards/1013"), "").unwrap().0;
    for _ in 0..5 {
        assert_eq!(see("bea"), 200);
        let change = |body: &str| {
            let target = "/_cardwright/v1/accounts/bea";
            assert_eq!(ask(servers[0].address(), "ann", "PUT", target, body).unwrap().0, 200);
        };
        change(r#"{"disabled":true}"#);
        assert_eq!(see("bea"), 401);
        change(r#"{"disabled":false}"#);
        assert_eq!(see("bea"), 200);
    }
}
