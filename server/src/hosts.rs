//! Proxy, the upstream hosts: how many requests go to one at a time, which of them asked to be left alone, and the realms
//! that they named.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode};

use crate::permits::{Permit, Permits};
use crate::policy::{Pauses, Policy, Realms, Refusal, Upstream};

/// Hosts remembered at a time; unused ones are forgotten first.
const HOSTS: usize = 1024;

/// The facts about upstream hosts.
pub(crate) struct Hosts {
    at_a_time: usize,
    turns: Mutex<HashMap<String, Permits>>,
    pauses: Mutex<Pauses>,
    realms: Mutex<Realms>,
}

/// One request to a host; dropping it gives the turn to the next.
pub(crate) type Turn = Permit;

impl Hosts {
    pub(crate) fn new(at_a_time: usize, longest: Duration) -> Self {
        Self { at_a_time, turns: Mutex::default(), pauses: Mutex::new(Pauses::new(longest)), realms: Mutex::default() }
    }

    /// Waits for a turn with `host`, first come, first served, as far as `client` has not used up its share of it.
    pub(crate) async fn turn(&self, host: &str, client: IpAddr) -> Option<Turn> {
        self.turns(host).turn(client).await
    }

    /// True if `client` has to wait for a turn with `host`.
    pub(crate) fn is_busy(&self, host: &str, client: IpAddr) -> bool {
        self.turns(host).is_busy(client)
    }

    fn turns(&self, host: &str) -> Permits {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = turns.get(host) {
            return known.clone();
        }
        if turns.len() >= HOSTS {
            turns.retain(|_, known| !known.is_unused());
        }
        turns.entry(host.to_owned()).or_insert_with(|| Permits::new(self.at_a_time, self.at_a_time)).clone()
    }

    /// Remembers an answer that says when to come back.
    pub(crate) fn heed(&self, asked: &Upstream, status: StatusCode, headers: &HeaderMap) {
        self.pauses().heed(asked, status, headers, now());
    }

    /// The refusal of a request to a host that still wants to be left alone.
    pub(crate) fn pause(&self, to_ask: &Upstream) -> Option<Refusal> {
        self.pauses().refusal(to_ask, now())
    }

    /// Remembers the realms that a challenge names.
    pub(crate) fn heed_realms(&self, policy: &Policy, asked: &Upstream, status: StatusCode, headers: &HeaderMap) {
        let _named = self.realms().heed(policy, asked, status, headers, now());
    }

    /// True if a challenge named this address, `host/path`.
    pub(crate) fn is_realm(&self, realm: &str) -> bool {
        self.realms().knows(realm, now())
    }

    fn realms(&self) -> MutexGuard<'_, Realms> {
        self.realms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pauses(&self) -> MutexGuard<'_, Pauses> {
        self.pauses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn now() -> Duration {
    SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn hosts() -> Hosts {
        Hosts::new(2, Duration::from_secs(300))
    }

    const ONE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    const OTHER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2));

    #[tokio::test]
    async fn turns_are_bounded_by_host() {
        let hosts = hosts();
        let (_first, second) =
            (hosts.turn("a.example", ONE).await.unwrap(), hosts.turn("a.example", OTHER).await.unwrap());
        assert!(hosts.is_busy("a.example", OTHER) && !hosts.is_busy("b.example", OTHER));
        drop(second);
        assert!(hosts.is_busy("a.example", ONE), "the other half is for others");
        assert!(hosts.turn("a.example", OTHER).await.is_some());
    }

    #[tokio::test]
    async fn no_number_of_turns_is_too_large() {
        assert!(Hosts::new(usize::MAX, Duration::ZERO).turn("a.example", ONE).await.is_some());
    }

    #[tokio::test]
    async fn hosts_without_turns_are_forgotten() {
        let hosts = hosts();
        let _kept = hosts.turn("kept.example", ONE).await.unwrap();
        for host in 0..HOSTS {
            drop(hosts.turn(&host.to_string(), ONE).await);
        }
        assert!(hosts.turns.lock().unwrap().len() <= 2);
    }
}
