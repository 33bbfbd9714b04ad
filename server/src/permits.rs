//! Proxy, permits: how many requests run at a time, in total and from one client.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::policy::{Refusal, RefusalKind};

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

/// One running request; dropping it ends it.
pub(crate) struct Permit {
    permits: Permits,
    client: IpAddr,
}

impl Permits {
    pub(crate) fn new(total: usize, per_client: usize) -> Self {
        Self { counts: Arc::default(), total, per_client }
    }

    /// Takes a permit for `client`, or refuses at once: queues would only hide the load.
    pub(crate) fn take(&self, client: IpAddr) -> Result<Permit, Refusal> {
        let client = network(client);
        let mut counts = self.lock();
        let own = counts.clients.get(&client).copied().unwrap_or(0);
        let (limit, whose) = if own >= self.per_client {
            (self.per_client, "from one client")
        } else if counts.total >= self.total {
            (self.total, "at a time")
        } else {
            counts.total += 1;
            counts.clients.insert(client, own + 1);
            return Ok(Permit { permits: self.clone(), client });
        };
        Err(Refusal::new(RefusalKind::Overloaded, format!("this proxy forwards {limit} requests {whose}, try again")))
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

/// One IPv6 customer has at least a /64.
fn network(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[track_caller]
    fn refused(permits: &Permits, client: &str) -> String {
        let refusal = permits.take(ip(client)).map(|_| ()).unwrap_err();
        assert_eq!(refusal.code(), "overloaded");
        refusal.message().to_owned()
    }

    #[test]
    fn one_client_cannot_take_all() {
        let permits = Permits::new(10, 2);
        let first = permits.take(ip("2001:db8::1")).unwrap();
        let _second = permits.take(ip("2001:db8::2")).unwrap();
        assert_eq!(refused(&permits, "2001:db8::3"), "this proxy forwards 2 requests from one client, try again");
        let _other = permits.take(ip("2001:db8:0:1::1")).unwrap();
        drop(first);
        assert!(permits.take(ip("2001:db8::3")).is_ok());
    }

    #[test]
    fn the_total_is_bounded() {
        let permits = Permits::new(2, 2);
        let held: Vec<Permit> = ["192.0.2.1", "192.0.2.2"].map(|client| permits.take(ip(client)).unwrap()).into();
        assert_eq!(refused(&permits, "192.0.2.3"), "this proxy forwards 2 requests at a time, try again");
        drop(held);
        assert!(permits.lock().clients.is_empty(), "nothing is kept of clients that left");
        assert!(permits.take(ip("192.0.2.3")).is_ok());
    }
}
