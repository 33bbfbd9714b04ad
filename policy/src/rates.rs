//! Policy, the rates: how many requests a client may make in a time, as a bucket that fills again evenly.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use crate::network::{Network, networks};
use crate::{Refusal, RefusalKind};

/// Networks remembered at a time; one whose bucket is full again is forgotten first, and no more are counted beyond it.
const MOST: usize = 32_768;

/// The time between two searches for networks to forget.
const SWEEP: Duration = Duration::from_secs(1);

/// The requests of each client. `now` is the time since 1970 throughout.
///
/// Not the `governor` crate: a request is counted by up to three networks at once, and is to cost nothing if one refuses
/// it; the Worker has no clock that a crate could read.
#[derive(Debug)]
pub struct Rates {
    most: u32,
    per: Duration,
    /// When each network's bucket will be full again.
    full_at: HashMap<Network, Duration>,
    swept: Duration,
}

impl Rates {
    /// `most` requests at once, and as many in each `per`, evenly.
    #[must_use]
    pub fn new(most: u32, per: Duration) -> Self {
        Self { most: most.max(1), per, full_at: HashMap::new(), swept: Duration::ZERO }
    }

    /// Counts a request of `client`, or refuses it: 429 with the seconds until there is room for one.
    ///
    /// # Errors
    /// `rate-limited`; the request is not counted then.
    pub fn take(&mut self, client: IpAddr, what: &str, now: Duration) -> Result<(), Refusal> {
        self.sweep(now);
        let after = |network: &Network| self.full_from(network, now) + self.cost(network);
        let wait =
            networks(client).map(|network| after(&network).saturating_sub(now + self.per)).max().unwrap_or_default();
        if !wait.is_zero() {
            return Err(self.refusal(what, wait));
        }
        let taken: Vec<_> = networks(client).map(|network| (network, after(&network))).collect();
        for (network, full_at) in taken {
            if self.full_at.len() < MOST || self.full_at.contains_key(&network) {
                self.full_at.insert(network, full_at);
            }
        }
        Ok(())
    }

    /// No bucket takes longer than `per` to fill: a later time was written before the clock was set back.
    fn full_from(&self, network: &Network, now: Duration) -> Duration {
        let full_at = self.full_at.get(network).copied();
        full_at.filter(|full_at| *full_at <= now + self.per).unwrap_or_default().max(now)
    }

    /// The part of the bucket that one request takes, as the time in which it comes back.
    fn cost(&self, network: &Network) -> Duration {
        self.per / self.most.saturating_mul(network.times)
    }

    fn sweep(&mut self, now: Duration) {
        if self.full_at.len() >= MOST && now.abs_diff(self.swept) >= SWEEP {
            self.swept = now;
            self.full_at.retain(|_, full_at| *full_at > now);
        }
    }

    fn refusal(&self, what: &str, wait: Duration) -> Refusal {
        let (most, per, seconds) = (self.most, self.per.as_secs(), wait.as_secs() + 1);
        let why = format!("this proxy forwards {most} {what} in {per} s for one client; try again in {seconds} s");
        Refusal::new(RefusalKind::RateLimited, why).retry_after(seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(784_111_777);

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn asks(rates: &mut Rates, client: &str, seconds: u64) -> Result<(), (u16, &'static str, String)> {
        let asked = rates.take(ip(client), "requests", NOW + Duration::from_secs(seconds));
        asked.map_err(|refusal| {
            let wait = refusal.headers()["retry-after"].to_str().unwrap().to_owned();
            (refusal.status().as_u16(), refusal.code(), wait)
        })
    }

    #[test]
    fn a_minute_gives_a_minutes_requests() {
        let mut rates = Rates::new(6, Duration::from_secs(60));
        for _ in 0..6 {
            assert_eq!(asks(&mut rates, "192.0.2.1", 0), Ok(()));
        }
        assert_eq!(asks(&mut rates, "192.0.2.1", 0), Err((429, "rate-limited", "11".to_owned())));
        assert_eq!(asks(&mut rates, "192.0.2.2", 0), Ok(()), "another client has a bucket of its own");
        assert_eq!(asks(&mut rates, "192.0.2.1", 10), Ok(()));
        assert_eq!(asks(&mut rates, "192.0.2.1", 10), Err((429, "rate-limited", "11".to_owned())));
        for _ in 0..6 {
            assert_eq!(asks(&mut rates, "192.0.2.1", 3600), Ok(()));
        }
        assert!(asks(&mut rates, "192.0.2.1", 3600).is_err(), "what is not used is not saved up");
        assert_eq!(asks(&mut rates, "192.0.2.1", 0), Ok(()), "the clock was set back");
    }

    #[test]
    fn an_ipv6_site_is_no_crowd() {
        let mut rates = Rates::new(10, Duration::from_secs(60));
        let mut passed = |network: &dyn Fn(u32) -> String, count: u32| {
            (0..count).filter(|at| asks(&mut rates, &network(*at), 0).is_ok()).count()
        };
        assert_eq!(passed(&|at| format!("2001:db8:1:1::{at:x}"), 100), 10, "one /64");
        assert_eq!(passed(&|at| format!("2001:db8:2:1{at:02x}::1"), 200), 20, "one /56");
        assert_eq!(passed(&|at| format!("2001:db8:3:{:x}::1", at * 256), 200), 40, "one /48");
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut rates = Rates::new(10, Duration::from_secs(60));
        for at in 0..40_000_u32 {
            assert!(rates.take(IpAddr::from(at.to_be_bytes()), "requests", NOW).is_ok());
        }
        assert_eq!(rates.full_at.len(), MOST);
        assert_eq!(asks(&mut rates, "192.0.2.1", 61), Ok(()));
        assert_eq!(rates.full_at.len(), 1);
    }
}
