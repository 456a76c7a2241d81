//! What was answered stays, and what must not start does not.

use crate::http::{Kept, certiflow, config, get, post, start_with};
use cardwright_core::lifecycle::State;
use cardwright_server::{Error, Server, seed};

#[test]
fn answered_operations_are_there_after_a_restart() {
    let kept = Kept::new();
    let running = start_with(kept.config());
    seed::synthetic(running.registry(), 50, 7).unwrap();
    assert_eq!(post(&running, &certiflow("Cards/1065/Disable")).status, 200);
    assert_eq!(post(&running, &certiflow("Cards/1013/Revoke?reason=CardLost")).status, 200);
    let (cards, log) = (get(&running, &certiflow("Cards")).body, running.registry().audit(0, 1000).unwrap());
    running.stop();

    let running = start_with(kept.config());
    assert_eq!(get(&running, &certiflow("Cards")).body, cards);
    assert_eq!(running.registry().audit(0, 1000).unwrap(), log);
    assert_eq!(running.registry().state(1065).unwrap(), State::Suspended);
}

#[test]
fn without_tls_nobody_else_is_served() {
    for address in ["0.0.0.0:0", "192.0.2.1:0", "[::]:0"] {
        let mut config = config();
        config.listen = address.parse().unwrap();
        let refused = Server::start(config).unwrap_err();
        assert!(matches!(refused, Error::NotLoopback(_)), "{refused}");
        assert!(refused.to_string().contains("loopback"), "{refused}");
    }
}
