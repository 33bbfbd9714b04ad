//! Proxy, the upstream hosts: how many requests go to one at a time, and which of them asked to be left alone.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderValue, StatusCode};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// Hosts remembered at a time; those that nobody uses are forgotten first.
const HOSTS: usize = 1024;

/// What is known about upstream hosts.
pub(crate) struct Hosts {
    at_a_time: usize,
    longest: Duration,
    turns: Mutex<HashMap<String, Arc<Semaphore>>>,
    quiet: Mutex<HashMap<(String, u64), Quiet>>,
    hasher: RandomState,
}

/// A host asked not to be asked until then.
#[derive(Clone, Copy)]
struct Quiet {
    status: StatusCode,
    until: Instant,
}

/// One request to a host; dropping it gives the turn to the next.
pub(crate) type Turn = OwnedSemaphorePermit;

impl Hosts {
    pub(crate) fn new(at_a_time: usize, longest: Duration) -> Self {
        Self { at_a_time, longest, turns: Mutex::default(), quiet: Mutex::default(), hasher: RandomState::new() }
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
        Arc::clone(turns.entry(host.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(self.at_a_time))))
    }

    /// Remembers an answer that says when to come back: 503 holds for everybody, 429 for whoever asked, since a registry
    /// counts by account and one account must not silence the host for all.
    pub(crate) fn heed(&self, host: &str, whose: Option<&HeaderValue>, status: StatusCode, headers: &HeaderMap) {
        let whose = match status {
            StatusCode::SERVICE_UNAVAILABLE => 0,
            StatusCode::TOO_MANY_REQUESTS => self.account(whose),
            _ => return,
        };
        let Some(wait) = headers.get(RETRY_AFTER).and_then(seconds) else { return };
        let now = Instant::now();
        let mut quiet = self.quiet.lock().unwrap_or_else(PoisonError::into_inner);
        if quiet.len() >= HOSTS {
            quiet.retain(|_, one| one.until > now);
        }
        if quiet.len() < HOSTS {
            quiet.insert((host.to_owned(), whose), Quiet { status, until: now + wait.min(self.longest) });
        }
    }

    /// The status that `host` answered and how long it still wants to be left alone.
    pub(crate) fn quiet(&self, host: &str, whose: Option<&HeaderValue>) -> Option<(StatusCode, Duration)> {
        let quiet = self.quiet.lock().unwrap_or_else(PoisonError::into_inner);
        if quiet.is_empty() {
            return None;
        }
        let now = Instant::now();
        let keys = [(host.to_owned(), 0), (host.to_owned(), self.account(whose))];
        let found = keys.iter().filter_map(|key| quiet.get(key)).find(|one| one.until > now)?;
        Some((found.status, found.until - now))
    }

    /// Tells accounts apart without keeping what they are known by.
    fn account(&self, authorization: Option<&HeaderValue>) -> u64 {
        self.hasher.hash_one(authorization.map(HeaderValue::as_bytes)) | 1
    }
}

/// `Retry-After` in seconds; registries send no dates.
fn seconds(value: &HeaderValue) -> Option<Duration> {
    value.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts() -> Hosts {
        Hosts::new(2, Duration::from_secs(300))
    }

    fn retry_after(text: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(text))])
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
    async fn hosts_without_turns_are_forgotten() {
        let hosts = hosts();
        let _kept = hosts.turn("kept.example").await.unwrap();
        for host in 0..HOSTS {
            drop(hosts.turn(&host.to_string()).await);
        }
        assert!(hosts.turns.lock().unwrap().len() <= 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_of_an_account_is_its_own() {
        let (hosts, mine) = (hosts(), HeaderValue::from_static("Bearer a"));
        hosts.heed("r.example", Some(&mine), StatusCode::TOO_MANY_REQUESTS, &retry_after("60"));
        let expected = Some((StatusCode::TOO_MANY_REQUESTS, Duration::from_secs(60)));
        assert_eq!(hosts.quiet("r.example", Some(&mine)), expected);
        assert_eq!(hosts.quiet("r.example", None), None);
        assert_eq!(hosts.quiet("other.example", Some(&mine)), None);
        tokio::time::advance(Duration::from_secs(61)).await;
        assert_eq!(hosts.quiet("r.example", Some(&mine)), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_out_of_service_is_left_alone_by_all_but_not_for_ever() {
        let hosts = hosts();
        hosts.heed("r.example", None, StatusCode::SERVICE_UNAVAILABLE, &retry_after("86400"));
        let expected = Some((StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(300)));
        assert_eq!(hosts.quiet("r.example", Some(&HeaderValue::from_static("Bearer a"))), expected);
    }

    #[tokio::test]
    async fn other_answers_say_nothing_about_later() {
        let hosts = hosts();
        hosts.heed("r.example", None, StatusCode::NOT_FOUND, &retry_after("60"));
        hosts.heed("r.example", None, StatusCode::TOO_MANY_REQUESTS, &retry_after("soon"));
        hosts.heed("r.example", None, StatusCode::TOO_MANY_REQUESTS, &HeaderMap::new());
        assert_eq!(hosts.quiet("r.example", None), None);
    }
}
