//! Proxy, the upstream hosts: how many requests go to one at a time, and which of them asked to be left alone.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::policy::{Pauses, Refusal, Upstream};

/// Hosts remembered at a time; those that nobody uses are forgotten first.
const HOSTS: usize = 1024;

/// What is known about upstream hosts.
pub(crate) struct Hosts {
    at_a_time: usize,
    turns: Mutex<HashMap<String, Arc<Semaphore>>>,
    pauses: Mutex<Pauses>,
}

/// One request to a host; dropping it gives the turn to the next.
pub(crate) type Turn = OwnedSemaphorePermit;

impl Hosts {
    pub(crate) fn new(at_a_time: usize, longest: Duration) -> Self {
        Self { at_a_time, turns: Mutex::default(), pauses: Mutex::new(Pauses::new(longest)) }
    }

    /// Waits for a turn with `host`, first come, first served.
    pub(crate) async fn turn(&self, host: &str) -> Option<Turn> {
        self.queue(host).acquire_owned().await.ok()
    }

    /// Whether a turn with `host` has to be waited for.
    pub(crate) fn is_busy(&self, host: &str) -> bool {
        self.queue(host).available_permits() == 0
    }

    fn queue(&self, host: &str) -> Arc<Semaphore> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(queue) = turns.get(host) {
            return Arc::clone(queue);
        }
        if turns.len() >= HOSTS {
            turns.retain(|_, queue| Arc::strong_count(queue) > 1);
        }
        Arc::clone(
            turns
                .entry(host.to_owned())
                .or_insert_with(|| Arc::new(Semaphore::new(self.at_a_time.min(Semaphore::MAX_PERMITS)))),
        )
    }

    /// Remembers an answer that says when to come back.
    pub(crate) fn heed(&self, asked: &Upstream, status: StatusCode, headers: &HeaderMap) {
        self.pauses().heed(asked, status, headers, now());
    }

    /// The refusal of a request to a host that still wants to be left alone.
    pub(crate) fn pause(&self, to_ask: &Upstream) -> Option<Refusal> {
        self.pauses().refusal(to_ask, now())
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
    use super::*;

    fn hosts() -> Hosts {
        Hosts::new(2, Duration::from_secs(300))
    }

    #[tokio::test]
    async fn turns_are_bounded_by_host() {
        let hosts = hosts();
        let (_first, second) = (hosts.turn("a.example").await.unwrap(), hosts.turn("a.example").await.unwrap());
        assert!(hosts.is_busy("a.example") && !hosts.is_busy("b.example"));
        drop(second);
        assert!(hosts.turn("a.example").await.is_some());
    }

    #[tokio::test]
    async fn no_number_of_turns_is_too_large() {
        assert!(Hosts::new(usize::MAX, Duration::ZERO).turn("a.example").await.is_some());
    }

    #[tokio::test]
    async fn hosts_without_turns_are_forgotten() {
        let hosts = hosts();
        let _kept = hosts.turn("kept.example").await.unwrap();
        for host in 0..HOSTS {
            drop(hosts.turn(&host.to_string()).await);
        }
        assert!(hosts.turns.lock().unwrap().len() <= 2);
    }
}
