//! Proxy, budgets: bytes a minute, to one client and to all; what is over is slowed down, and what comes new must wait.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Clients remembered at a time; those that owe nothing are forgotten first.
const CLIENTS: usize = 8192;

/// The budgets of all clients; cheap to clone.
#[derive(Clone)]
pub(crate) struct Budgets(Arc<Inner>);

struct Inner {
    per_client: Option<u64>,
    total: Option<u64>,
    clients: Mutex<HashMap<IpAddr, Bucket>>,
    all: Mutex<Bucket>,
}

/// Bytes that may still be sent; they come back over a minute, and a piece that is being sent may overdraw them.
#[derive(Clone, Copy)]
struct Bucket {
    level: f64,
    at: Instant,
}

impl Bucket {
    fn full(size: u64, now: Instant) -> Self {
        Self { level: size as f64, at: now }
    }

    fn refill(&mut self, size: u64, now: Instant) {
        let come_back = size as f64 / 60.0 * now.saturating_duration_since(self.at).as_secs_f64();
        (self.level, self.at) = ((self.level + come_back).min(size as f64), now);
    }

    /// The time until nothing is owed.
    fn wait(&self, size: u64) -> Duration {
        Duration::from_secs_f64((-self.level).max(0.0) / (size as f64 / 60.0))
    }
}

impl Budgets {
    pub(crate) fn new(per_client: Option<u64>, total: Option<u64>) -> Self {
        let all = Mutex::new(Bucket::full(total.unwrap_or(0), Instant::now()));
        Self(Arc::new(Inner { per_client, total, clients: Mutex::default(), all }))
    }

    /// Takes `bytes` for `client`; comes back with how long to wait before the next ones, which is mostly not at all.
    pub(crate) fn take(&self, client: IpAddr, bytes: u64) -> Duration {
        let now = Instant::now();
        let own = self.0.per_client.map(|size| {
            let mut clients = self.0.clients.lock().unwrap_or_else(PoisonError::into_inner);
            if clients.len() >= CLIENTS && !clients.contains_key(&client) {
                clients.retain(|_, bucket| {
                    bucket.refill(size, now);
                    bucket.level < size as f64
                });
            }
            spend(clients.entry(client).or_insert_with(|| Bucket::full(size, now)), size, bytes, now)
        });
        let all = self
            .0
            .total
            .map(|size| spend(&mut self.0.all.lock().unwrap_or_else(PoisonError::into_inner), size, bytes, now));
        own.unwrap_or_default().max(all.unwrap_or_default())
    }
}

fn spend(bucket: &mut Bucket, size: u64, bytes: u64, now: Instant) -> Duration {
    bucket.refill(size, now);
    bucket.level -= bytes as f64;
    bucket.wait(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_minute_gives_a_minutes_bytes() {
        let budgets = Budgets::new(Some(6000), None);
        assert_eq!(budgets.take(ip("192.0.2.1"), 6000), Duration::ZERO);
        assert_eq!(budgets.take(ip("192.0.2.1"), 100), Duration::from_secs(1));
        assert_eq!(budgets.take(ip("192.0.2.2"), 100), Duration::ZERO, "another client has its own");
        tokio::time::advance(Duration::from_secs(31)).await;
        assert_eq!(budgets.take(ip("192.0.2.1"), 3000), Duration::ZERO);
        tokio::time::advance(Duration::from_secs(3600)).await;
        assert_eq!(budgets.take(ip("192.0.2.1"), 6100), Duration::from_secs(1), "what is not used is not saved up");
    }

    #[tokio::test(start_paused = true)]
    async fn all_together_have_one() {
        let budgets = Budgets::new(None, Some(600));
        assert_eq!(budgets.take(ip("192.0.2.1"), 600), Duration::ZERO);
        assert_eq!(budgets.take(ip("192.0.2.2"), 10), Duration::from_secs(1));
        assert!(budgets.0.clients.lock().unwrap().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn clients_that_owe_nothing_are_forgotten() {
        let budgets = Budgets::new(Some(60), None);
        for client in 0..CLIENTS as u32 {
            budgets.take(IpAddr::from(client.to_be_bytes()), 1);
        }
        tokio::time::advance(Duration::from_secs(2)).await;
        budgets.take(ip("2001:db8::"), 1);
        assert_eq!(budgets.0.clients.lock().unwrap().len(), 1);
    }
}
