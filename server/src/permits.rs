//! Server, permits: shares of connections and requests that give themselves back, and the line of those who wait.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

pub(crate) use crate::policy::Hit;
use crate::policy::Shares;

/// Counts what runs; cheap to clone.
#[derive(Clone)]
pub(crate) struct Permits {
    counts: Arc<Mutex<Counts>>,
}

struct Counts {
    shares: Shares,
    waiting: VecDeque<(IpAddr, oneshot::Sender<Permit>)>,
}

/// One thing that runs; dropping it ends it.
#[derive(Debug)]
pub(crate) struct Permit {
    permits: Permits,
    /// `None` for a peer that speaks for many clients.
    client: Option<IpAddr>,
}

impl std::fmt::Debug for Permits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Permits({:?})", self.lock().shares)
    }
}

impl Permits {
    pub(crate) fn new(total: usize, per_client: usize) -> Self {
        let counts = Counts { shares: Shares::new(total, per_client), waiting: VecDeque::new() };
        Self { counts: Arc::new(Mutex::new(counts)) }
    }

    /// Takes a permit for `client`, or refuses at once: queues would only hide the load.
    pub(crate) fn take(&self, client: IpAddr) -> Result<Permit, Hit> {
        self.take_in(&mut self.lock(), Some(client))
    }

    /// The same for a peer that speaks for many clients: only the total counts.
    pub(crate) fn take_for_many(&self) -> Result<Permit, Hit> {
        self.take_in(&mut self.lock(), None)
    }

    /// Takes a permit as soon as `client` may have one: the first in line whose share is not used up comes next.
    pub(crate) async fn turn(&self, client: IpAddr) -> Option<Permit> {
        let waiting = {
            let mut counts = self.lock();
            if let Ok(permit) = self.take_in(&mut counts, Some(client)) {
                return Some(permit);
            }
            let (given, waiting) = oneshot::channel();
            counts.waiting.push_back((client, given));
            waiting
        };
        waiting.await.ok()
    }

    /// True if `client` would have to wait for a turn.
    pub(crate) fn is_busy(&self, client: IpAddr) -> bool {
        self.lock().shares.check(Some(client)).is_err()
    }

    /// True if nothing has a permit, waits for one or is about to.
    pub(crate) fn is_unused(&self) -> bool {
        Arc::strong_count(&self.counts) == 1
    }

    fn take_in(&self, counts: &mut Counts, client: Option<IpAddr>) -> Result<Permit, Hit> {
        counts.shares.take(client)?;
        Ok(Permit { permits: self.clone(), client })
    }

    fn give_back(&self, client: Option<IpAddr>) {
        let mut counts = self.lock();
        counts.shares.give_back(client);
        let given = self.call_in(&mut counts);
        drop(counts);
        // Outside the lock: a permit for a waiter that has left comes back at once.
        for (to, permit) in given {
            drop(to.send(permit));
        }
    }

    /// The permits of those in line who may have one now.
    fn call_in(&self, counts: &mut Counts) -> Vec<(oneshot::Sender<Permit>, Permit)> {
        let (mut given, mut still) = (Vec::new(), VecDeque::new());
        while let Some((client, to)) = counts.waiting.pop_front() {
            if to.is_closed() {
                continue;
            }
            match self.take_in(counts, Some(client)) {
                Ok(permit) => given.push((to, permit)),
                Err(Hit::Total(_)) => {
                    still.push_back((client, to));
                    break;
                }
                Err(Hit::Client(_)) => still.push_back((client, to)),
            }
        }
        still.append(&mut counts.waiting);
        counts.waiting = still;
        given
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

    #[test]
    fn a_permit_gives_its_place_back() {
        let permits = Permits::new(2, 1);
        let held = permits.take(ip("192.0.2.1")).unwrap();
        let many = permits.take_for_many().unwrap();
        assert_eq!(permits.take(ip("192.0.2.2")).unwrap_err(), Hit::Total(2));
        drop((held, many));
        assert!(permits.lock().shares.is_empty());
        assert!(permits.take(ip("192.0.2.2")).is_ok());
    }

    #[tokio::test]
    async fn the_first_in_line_whose_share_is_not_used_up_is_next() {
        let permits = Permits::new(2, 2);
        let (greedy, other) = (ip("192.0.2.1"), ip("192.0.2.2"));
        let held = permits.turn(greedy).await.unwrap();
        let second = permits.take_for_many().unwrap();
        let (waits, comes) = (permits.turn(greedy), permits.turn(other));
        tokio::pin!(waits, comes);
        assert!(futures_now(waits.as_mut()).await.is_none() && futures_now(comes.as_mut()).await.is_none());
        drop(second);
        let came = comes.await.unwrap();
        assert!(futures_now(waits.as_mut()).await.is_none(), "its share is used up");
        drop(held);
        assert!(waits.await.is_some());
        drop(came);
        assert!(permits.is_unused());
    }

    #[tokio::test]
    async fn who_left_the_line_takes_nothing() {
        let permits = Permits::new(1, 1);
        let held = permits.turn(ip("192.0.2.1")).await.unwrap();
        {
            let left = permits.turn(ip("192.0.2.2"));
            tokio::pin!(left);
            assert!(futures_now(left.as_mut()).await.is_none());
        }
        drop(held);
        assert!(permits.is_unused());
        assert!(permits.turn(ip("192.0.2.3")).await.is_some());
    }

    /// The output of a future that is ready at once.
    async fn futures_now<F: Future>(future: F) -> Option<F::Output> {
        tokio::time::timeout(std::time::Duration::ZERO, future).await.ok()
    }
}
