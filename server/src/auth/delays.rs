//! Delays after failed sign-ins, by account and by address.
//!
//! The first failures cost nothing; each further one doubles the time in which no other attempt is looked at,
//! up to three seconds. An attempt during that time is answered 429 and does not lengthen it, so that a client that
//! has the right password gets in within three seconds after a flood has ended.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The longest delay.
const MOST: Duration = Duration::from_secs(3);

/// The delay after the first failure that costs time.
const LEAST: Duration = Duration::from_millis(250);

/// How many failures cost nothing: for an account, and for an address, behind which many people may sit.
const FREE: [u32; 2] = [4, 16];

/// After this time without a failure, the earlier ones are forgotten.
const FORGOTTEN: Duration = Duration::from_secs(300);

/// How many accounts and addresses are remembered.
const MAX_KNOWN: usize = 8192;

/// Failed sign-ins.
pub(super) struct Delays {
    known: Mutex<HashMap<u64, Failures>>,
    /// Keyed at random, so that nobody can choose names that meet.
    hasher: RandomState,
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Instant,
    until: Instant,
}

impl Delays {
    pub(super) fn new() -> Self {
        Delays { known: Mutex::default(), hasher: RandomState::new() }
    }

    /// How long an attempt has to wait; `None` if it does not.
    pub(super) fn wait(&self, account: &str, address: IpAddr, now: Instant) -> Option<Duration> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = self.keys(account, address).into_iter().flatten();
        let until = keys.filter_map(|key| Some(known.get(&key)?.until)).max()?;
        until.checked_duration_since(now).filter(|left| !left.is_zero())
    }

    /// A sign-in has failed.
    pub(super) fn failed(&self, account: &str, address: IpAddr, now: Instant) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MAX_KNOWN {
            known.retain(|_, failures| failures.until > now);
        }
        for (key, free) in self.keys(account, address).into_iter().zip(FREE) {
            let Some(key) = key else { continue };
            let before = known.get(&key).filter(|failures| now.duration_since(failures.last) < FORGOTTEN);
            let count = before.map_or(0, |failures| failures.count).saturating_add(1);
            if known.len() < MAX_KNOWN || known.contains_key(&key) {
                known.insert(key, Failures { count, last: now, until: now + delay(count, free) });
            }
        }
    }

    /// A sign-in has succeeded: the account's failures are forgotten.
    pub(super) fn succeeded(&self, account: &str, address: IpAddr) {
        if let [Some(account), _] = self.keys(account, address) {
            self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(&account);
        }
    }

    /// Of the account and of the address. This computer has none: a proxy may stand here, behind which all clients are.
    fn keys(&self, account: &str, address: IpAddr) -> [Option<u64>; 2] {
        let is_here = address.to_canonical().is_loopback();
        // The names of accounts are compared without case.
        let account = self.hasher.hash_one(account.to_ascii_lowercase());
        [Some(account), (!is_here).then(|| self.hasher.hash_one(network(address)))]
    }
}

/// The network of one subscriber: an IPv4 address, or the first 64 bits of an IPv6 address (RFC 6177).
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) & !u128::from(u64::MAX)).into()),
        address => address,
    }
}

/// The delay after a number of failures, of which the first are free.
fn delay(count: u32, free: u32) -> Duration {
    let Some(doublings) = count.checked_sub(free + 1) else { return Duration::ZERO };
    LEAST.saturating_mul(1_u32.checked_shl(doublings).unwrap_or(u32::MAX)).min(MOST)
}

#[cfg(test)]
mod tests {
    use super::{Delays, FORGOTTEN, MOST};
    use std::net::IpAddr;
    use std::time::{Duration, Instant};

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

    #[test]
    fn delays_grow_to_three_seconds_and_attempts_meanwhile_do_not_lengthen_them() {
        let (delays, mut now) = (Delays::new(), Instant::now());
        let mut seen = Vec::new();
        for _ in 0..12 {
            delays.failed("Ann", HERE, now);
            let wait = delays.wait("ann", HERE, now).unwrap_or_default();
            seen.push(wait.as_millis());
            now += wait;
            assert_eq!(delays.wait("ann", HERE, now), None, "it has passed");
        }
        assert_eq!(seen, [0, 0, 0, 0, 250, 500, 1000, 2000, 3000, 3000, 3000, 3000]);
        delays.failed("ann", HERE, now);
        delays.succeeded("ANN", HERE);
        assert_eq!(delays.wait("ann", HERE, now), None, "her failures are forgotten");
        delays.failed("ann", HERE, now);
        assert_eq!(delays.wait("ann", HERE, now), None);
    }

    #[test]
    fn an_address_is_delayed_whatever_names_it_tries_and_others_are_not() {
        let (delays, now) = (Delays::new(), Instant::now());
        for n in 0..40 {
            delays.failed(&format!("nobody{n}"), HERE, now);
        }
        assert_eq!(delays.wait("ann", HERE, now), Some(MOST));
        assert_eq!(delays.wait("ann", "192.0.2.2".parse().unwrap(), now), None);
        for n in 0..40 {
            delays.failed(&format!("nobody{n}"), "::1".parse().unwrap(), now);
        }
        assert_eq!(delays.wait("ann", "::1".parse().unwrap(), now), None, "a proxy may stand here");
        assert_eq!(delays.wait("ann", "::ffff:192.0.2.1".parse().unwrap(), now), Some(MOST), "the same address");
        assert_eq!(delays.wait("ann", HERE, now + MOST), None);
        let later = now + FORGOTTEN + Duration::from_secs(1);
        delays.failed("ann", HERE, later);
        assert_eq!(delays.wait("ann", HERE, later), None, "one failure after a long time is the first");
    }

    #[test]
    fn an_ipv6_network_is_one_address_and_the_table_is_bounded() {
        let (delays, now) = (Delays::new(), Instant::now());
        for n in 0..20_000_u128 {
            let address = IpAddr::V6((0x2001_0db8_u128 << 96 | n << 64).into());
            delays.failed(&format!("n{n}"), address, now);
        }
        assert!(delays.known.lock().unwrap().len() <= super::MAX_KNOWN);
        let delays = Delays::new();
        for n in 0..40_u128 {
            delays.failed(&format!("n{n}"), IpAddr::V6((0x2001_0db8_u128 << 96 | n).into()), now);
        }
        assert_eq!(delays.wait("ann", "2001:db8::ffff".parse().unwrap(), now), Some(MOST));
    }
}
