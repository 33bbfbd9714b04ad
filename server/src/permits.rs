//! Server, permits: how many connections are open and how many requests run at a time, in total and from one client.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::client::network;

/// Counts what runs; cheap to clone.
#[derive(Clone)]
pub(crate) struct Permits {
    counts: Arc<Mutex<Counts>>,
    total: usize,
    per_client: usize,
}

#[derive(Default)]
struct Counts {
    total: usize,
    clients: HashMap<IpAddr, usize>,
}

/// One thing that runs; dropping it ends it.
pub(crate) struct Permit {
    permits: Permits,
    client: IpAddr,
}

/// The limit that was hit: so many from one client, or so many in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hit {
    Client(usize),
    Total(usize),
}

impl Permits {
    pub(crate) fn new(total: usize, per_client: usize) -> Self {
        Self { counts: Arc::default(), total, per_client }
    }

    /// Takes a permit for `client`, or refuses at once: queues would only hide the load.
    pub(crate) fn take(&self, client: IpAddr) -> Result<Permit, Hit> {
        self.take_of(client, self.per_client)
    }

    /// The same for whoever speaks for many clients: only the total counts.
    pub(crate) fn take_for_many(&self, client: IpAddr) -> Result<Permit, Hit> {
        self.take_of(client, usize::MAX)
    }

    fn take_of(&self, client: IpAddr, per_client: usize) -> Result<Permit, Hit> {
        let client = network(client);
        let mut counts = self.lock();
        let own = counts.clients.get(&client).copied().unwrap_or(0);
        if own >= per_client {
            return Err(Hit::Client(per_client));
        }
        if counts.total >= self.total {
            return Err(Hit::Total(self.total));
        }
        counts.total += 1;
        counts.clients.insert(client, own + 1);
        Ok(Permit { permits: self.clone(), client })
    }

    fn give_back(&self, client: IpAddr) {
        let mut counts = self.lock();
        counts.total = counts.total.saturating_sub(1);
        let left = counts.clients.get(&client).map_or(0, |own| own.saturating_sub(1));
        if left == 0 {
            counts.clients.remove(&client);
        } else {
            counts.clients.insert(client, left);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.permits.give_back(self.client);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[track_caller]
    fn refused(permits: &Permits, client: &str) -> Hit {
        permits.take(ip(client)).map(|_| ()).unwrap_err()
    }

    #[test]
    fn one_client_cannot_take_all() {
        let permits = Permits::new(10, 2);
        let first = permits.take(ip("2001:db8::1")).unwrap();
        let _second = permits.take(ip("2001:db8::2")).unwrap();
        assert_eq!(refused(&permits, "2001:db8::3"), Hit::Client(2));
        assert!(permits.take_for_many(ip("2001:db8::3")).is_ok());
        let _other = permits.take(ip("2001:db8:0:1::1")).unwrap();
        drop(first);
        assert!(permits.take(ip("2001:db8::3")).is_ok());
    }

    #[test]
    fn the_total_is_bounded() {
        let permits = Permits::new(2, 2);
        let held: Vec<Permit> = ["192.0.2.1", "192.0.2.2"].map(|client| permits.take(ip(client)).unwrap()).into();
        assert_eq!(refused(&permits, "192.0.2.3"), Hit::Total(2));
        assert!(permits.take_for_many(ip("192.0.2.3")).is_err());
        drop(held);
        assert!(permits.lock().clients.is_empty(), "nothing is kept of clients that left");
        assert!(permits.take(ip("192.0.2.3")).is_ok());
    }
}
