//! How many connections there are, in all and from each address.

use prometheus_client::metrics::gauge::Gauge;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many places each address has taken.
type Taken = Mutex<HashMap<IpAddr, usize>>;

/// The places of connections.
pub(super) struct Places {
    all: Arc<Semaphore>,
    most: u32,
    from_one: usize,
    taken: Arc<Taken>,
    shown: Gauge,
}

/// A connection's place, until it is dropped.
pub(super) struct Place {
    _place: OwnedSemaphorePermit,
    counted: Option<(IpAddr, Arc<Taken>)>,
    shown: Gauge,
}

impl Places {
    /// `most` in all, and `from_one` from each address but this computer's, where a proxy may stand; `shown` has how many
    /// are taken.
    pub(super) fn new(most: usize, from_one: usize, shown: Gauge) -> Self {
        let most = u32::try_from(most).unwrap_or(u32::MAX).clamp(1, 1 << 20);
        Places {
            all: Arc::new(Semaphore::new(most as usize)),
            most,
            from_one: from_one.max(1),
            taken: Arc::default(),
            shown,
        }
    }

    /// A place for a connection from this address; `None` if there is none.
    pub(super) fn take(&self, address: IpAddr) -> Option<Place> {
        let place = Arc::clone(&self.all).try_acquire_owned().ok()?;
        let address = address.to_canonical();
        if address.is_loopback() {
            return Some(self.place(place, None));
        }
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(address).or_default();
        if *count >= self.from_one {
            return None;
        }
        *count += 1;
        Some(self.place(place, Some((address, Arc::clone(&self.taken)))))
    }

    fn place(&self, place: OwnedSemaphorePermit, counted: Option<(IpAddr, Arc<Taken>)>) -> Place {
        self.shown.inc();
        Place { _place: place, counted, shown: self.shown.clone() }
    }

    /// Waits until all are free.
    pub(super) async fn are_free(&self) {
        let _ = self.all.acquire_many(self.most).await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.shown.dec();
        let Some((address, taken)) = &self.counted else { return };
        let mut taken = taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(address) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                taken.remove(address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Gauge, Places};

    #[test]
    fn one_address_takes_its_part_and_this_computer_any() {
        let places = Places::new(5, 2, Gauge::default());
        let (one, two) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let (first, second) = (places.take(one).unwrap(), places.take(one).unwrap());
        assert!(places.take("::ffff:192.0.2.1".parse().unwrap()).is_none());
        drop(first);
        let third = places.take(one).unwrap();
        let others = [places.take(two), places.take("127.0.0.1".parse().unwrap()), places.take("::1".parse().unwrap())];
        assert!(others.iter().all(Option::is_some));
        assert!(places.take(two).is_none(), "all five are taken");
        drop((second, third, others));
        assert!(places.taken.lock().unwrap().is_empty());
    }
}
