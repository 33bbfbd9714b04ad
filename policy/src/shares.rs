//! Policy, the shares: how many things run at a time, in total and for one client.
//!
//! A client may take its fill while half of the places are free. Of the other half it gets a sixteenth of those that are
//! left, so that a crowd of greedy clients comes closer and closer to the end and never reaches it: 16 of them leave a
//! fifth of all places to the next visitor.

use std::collections::HashMap;
use std::net::IpAddr;

use crate::network::{Network, networks};
use crate::{Refusal, RefusalKind};

/// The part of the free places that one client may hold once half of all are taken.
const SHARE: usize = 16;

/// Counts what runs, in total and by network.
#[derive(Debug)]
pub struct Shares {
    total: usize,
    per_client: usize,
    taken: usize,
    networks: HashMap<Network, usize>,
}

/// The limit that was hit: so many from one client, or so many in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// One client runs as many.
    Client(usize),
    /// All clients together run as many.
    Total(usize),
}

impl Hit {
    /// The answer of a proxy that forwards no more requests than this: 503 `overloaded`.
    #[must_use]
    pub fn refusal(self) -> Refusal {
        let (limit, whose) = match self {
            Self::Client(limit) => (limit, "from one client"),
            Self::Total(limit) => (limit, "at a time"),
        };
        Refusal::new(RefusalKind::Overloaded, format!("this proxy forwards {limit} requests {whose}, try again"))
    }
}

impl Shares {
    /// `total` places, of which one client holds `per_client` at most.
    #[must_use]
    pub fn new(total: usize, per_client: usize) -> Self {
        Self { total, per_client, taken: 0, networks: HashMap::new() }
    }

    /// The number of places that are taken.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.taken
    }

    /// True if nothing runs, so that no client is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.taken == 0 && self.networks.is_empty()
    }

    /// Checks that `client` may have a place now; without a client, only the total counts.
    ///
    /// # Errors
    /// The limit that is reached.
    pub fn check(&self, client: Option<IpAddr>) -> Result<(), Hit> {
        let free = self.total.saturating_sub(self.taken);
        let share = (self.taken >= self.total / 2).then_some((free / SHARE).max(1));
        for network in client.into_iter().flat_map(networks) {
            let own = self.networks.get(&network).copied().unwrap_or(0);
            let most = self.per_client.saturating_mul(network.times as usize);
            if own >= most {
                return Err(Hit::Client(most));
            }
            // If places are short, a whole site has the share of one client.
            if let Some(share) = share.filter(|share| free > 0 && own >= *share) {
                return Err(Hit::Client(share));
            }
        }
        if free == 0 { Err(Hit::Total(self.total)) } else { Ok(()) }
    }

    /// Takes a place for `client`, or refuses at once; each place that was taken is given back by [`Shares::give_back`].
    ///
    /// # Errors
    /// The limit that is reached.
    pub fn take(&mut self, client: Option<IpAddr>) -> Result<(), Hit> {
        self.check(client)?;
        self.taken += 1;
        for network in client.into_iter().flat_map(networks) {
            *self.networks.entry(network).or_default() += 1;
        }
        Ok(())
    }

    /// Gives a place of `client` back.
    pub fn give_back(&mut self, client: Option<IpAddr>) {
        self.taken = self.taken.saturating_sub(1);
        for network in client.into_iter().flat_map(networks) {
            let left = self.networks.get(&network).map_or(0, |own| own.saturating_sub(1));
            if left == 0 {
                self.networks.remove(&network);
            } else {
                self.networks.insert(network, left);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    /// Takes as many as `client` can get, and says how many.
    fn fill(shares: &mut Shares, client: impl Fn(u32) -> IpAddr) -> u32 {
        (0..4096).take_while(|at| shares.take(Some(client(*at))).is_ok()).count() as u32
    }

    #[test]
    fn one_client_cannot_take_all() {
        let mut shares = Shares::new(10, 2);
        assert_eq!(shares.take(Some(ip("2001:db8::1"))), Ok(()));
        assert_eq!(shares.take(Some(ip("2001:db8::2"))), Ok(()));
        assert_eq!(shares.take(Some(ip("2001:db8::3"))), Err(Hit::Client(2)));
        assert_eq!(shares.take(None), Ok(()));
        assert_eq!(shares.take(Some(ip("2001:db8:0:1::1"))), Ok(()));
        shares.give_back(Some(ip("2001:db8::1")));
        assert_eq!(shares.take(Some(ip("2001:db8::3"))), Ok(()));
    }

    #[test]
    fn the_total_is_bounded() {
        let mut shares = Shares::new(2, 2);
        let clients = ["192.0.2.1", "192.0.2.2"].map(|client| Some(ip(client)));
        for client in clients {
            assert_eq!(shares.take(client), Ok(()));
        }
        assert_eq!(shares.take(Some(ip("192.0.2.3"))), Err(Hit::Total(2)));
        assert_eq!(shares.take(None), Err(Hit::Total(2)));
        for client in clients {
            shares.give_back(client);
        }
        assert!(shares.is_empty(), "nothing is kept of clients that left");
        assert_eq!(shares.take(Some(ip("192.0.2.3"))), Ok(()));
    }

    #[test]
    fn a_crowd_leaves_room_for_the_next_visitor() {
        for crowd in [1, 2, 4, 16, 32_u8] {
            let mut shares = Shares::new(512, 128);
            for one in 0..crowd {
                fill(&mut shares, |_| IpAddr::from([192, 0, 2, one]));
            }
            let visitor = fill(&mut shares, |_| ip("198.51.100.1"));
            assert!(visitor >= if crowd <= 16 { 6 } else { 2 }, "{crowd}: {visitor}");
        }
    }

    #[test]
    fn an_ipv6_site_is_one_client_where_places_are_short() {
        let mut shares = Shares::new(512, 128);
        let held = fill(&mut shares, |at| ip(&format!("2001:db8:0:{at:x}::1")));
        assert_eq!(held, 256, "one address of each /64, and no more than half");
        assert_eq!(fill(&mut shares, |at| ip(&format!("2001:db8:1:{at:x}::1"))), 15, "of the 256 that are left");
        let own = fill(&mut Shares::new(2048, 100), |at| ip(&format!("2001:db8:1:1{:02x}::1", at % 256)));
        assert_eq!(own, 200, "a /56 has twice what a /64 has");
    }
}
