//! Policy, the pauses: which hosts asked to be left alone for a while (`Retry-After`), and the refusal of who asks them.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, UNIX_EPOCH};

use http::header::{AUTHORIZATION, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::{Refusal, RefusalKind, Upstream};

/// Pauses remembered at a time; what comes beyond them takes the place of the one that ends soonest.
const MOST: usize = 1024;

/// The pauses that hosts asked for. `now` is the time since 1970 throughout, since a registry may name a date.
#[derive(Debug)]
pub struct Pauses {
    longest: Duration,
    asked: HashMap<(String, u64), Pause>,
    hasher: RandomState,
}

#[derive(Clone, Copy, Debug)]
struct Pause {
    status: StatusCode,
    until: Duration,
}

impl Pauses {
    /// Nothing yet; no pause is kept for longer than `longest`, even if a registry asks for more.
    #[must_use]
    pub fn new(longest: Duration) -> Self {
        Self { longest, asked: HashMap::new(), hasher: RandomState::new() }
    }

    /// Remembers an answer that says when to come back: 503 holds for every client, 429 for the one that asked, since a registry
    /// counts by account and one account must not silence the host for all.
    pub fn heed(&mut self, asked: &Upstream, status: StatusCode, headers: &HeaderMap, now: Duration) {
        let whose = match status {
            StatusCode::SERVICE_UNAVAILABLE => 0,
            StatusCode::TOO_MANY_REQUESTS => self.account(asked),
            _ => return,
        };
        let wait = headers.get(RETRY_AFTER).and_then(|value| wait(value, now)).unwrap_or_default();
        if wait.is_zero() {
            return;
        }
        let whose = (asked.target.to_string(), whose);
        if self.asked.len() >= MOST && !self.asked.contains_key(&whose) {
            self.make_room(now);
        }
        self.asked.insert(whose, Pause { status, until: now + wait.min(self.longest) });
    }

    /// Forgets what is over, else what will be first.
    fn make_room(&mut self, now: Duration) {
        self.asked.retain(|_, pause| pause.until > now);
        if self.asked.len() >= MOST
            && let Some(soonest) =
                self.asked.iter().min_by_key(|(_, pause)| pause.until).map(|(whose, _)| whose.clone())
        {
            self.asked.remove(&soonest);
        }
    }

    /// The refusal of a request to a host that still wants to be left alone.
    #[must_use]
    pub fn refusal(&self, to_ask: &Upstream, now: Duration) -> Option<Refusal> {
        if self.asked.is_empty() {
            return None;
        }
        let host = to_ask.target.to_string();
        let left = |whose| {
            let pause = self.asked.get(&(host.clone(), whose))?;
            // A clock that was set back must not make a pause longer.
            let left = pause.until.checked_sub(now).filter(|left| !left.is_zero() && *left <= self.longest)?;
            Some((pause.status, left))
        };
        let (status, left) = left(0).or_else(|| left(self.account(to_ask)))?;
        let (said, seconds) = (status.as_u16(), left.as_secs() + 1);
        let why = format!("\"{host}\" answered {said} and asked to be left alone for {seconds} more s");
        Some(Refusal::new(RefusalKind::UpstreamBusy, why).retry_after(seconds))
    }

    /// Tells accounts apart without keeping what they are known by.
    fn account(&self, asked: &Upstream) -> u64 {
        self.hasher.hash_one(asked.headers().get(AUTHORIZATION).map(HeaderValue::as_bytes)) | 1
    }
}

/// `Retry-After` (RFC 9110, 10.2.3): seconds or a date.
fn wait(value: &HeaderValue, now: Duration) -> Option<Duration> {
    let text = value.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    Some(httpdate::parse_http_date(text).ok()?.duration_since(UNIX_EPOCH).ok()?.saturating_sub(now))
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, Method};

    use super::*;
    use crate::{Decision, Policy};

    /// Sun, 06 Nov 1994 08:49:37 GMT.
    const NOW: Duration = Duration::from_secs(784_111_777);
    const LONGEST: Duration = Duration::from_secs(300);

    fn upstream(host: &str, account: Option<&'static str>) -> Upstream {
        let rows = account.map(|value| (AUTHORIZATION, HeaderValue::from_static(value)));
        match Policy::default().request(&Method::GET, &format!("{host}/v2/"), &HeaderMap::from_iter(rows)) {
            Ok(Decision::Forward(upstream)) => *upstream,
            other => panic!("{other:?}"),
        }
    }

    fn after(text: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(HeaderName::from_static("retry-after"), HeaderValue::from_static(text))])
    }

    fn seconds(pauses: &Pauses, asked: &Upstream, later: u64) -> Option<String> {
        let refusal = pauses.refusal(asked, NOW + Duration::from_secs(later))?;
        assert_eq!((refusal.code(), refusal.status().as_u16()), ("upstream-busy", 429));
        Some(refusal.headers()[RETRY_AFTER].to_str().unwrap().to_owned())
    }

    #[track_caller]
    fn pauses_for(text: &'static str, expected: Option<&str>) {
        let (mut pauses, ghcr) = (Pauses::new(LONGEST), upstream("ghcr.io", None));
        pauses.heed(&ghcr, StatusCode::SERVICE_UNAVAILABLE, &after(text), NOW);
        assert_eq!(seconds(&pauses, &ghcr, 0).as_deref(), expected, "{text}");
    }

    #[test]
    fn seconds_and_dates_of_every_form_are_read() {
        pauses_for("60", Some("61"));
        pauses_for("Sun, 06 Nov 1994 08:50:37 GMT", Some("61"));
        pauses_for("Sunday, 06-Nov-94 08:50:37 GMT", Some("61"));
        pauses_for("Sun Nov  6 08:50:37 1994", Some("61"));
        pauses_for("86400", Some("301"));
        pauses_for("Fri, 31 Dec 9999 23:59:59 GMT", Some("301"));
        for nothing in ["0", "Sun, 06 Nov 1994 08:49:37 GMT", "Sat, 05 Nov 1994 08:49:37 GMT", "soon", "-1", "1.5", ""]
        {
            pauses_for(nothing, None);
        }
    }

    #[test]
    fn a_limit_of_an_account_is_its_own_and_ends() {
        let (mut pauses, mine) = (Pauses::new(LONGEST), upstream("ghcr.io", Some("Bearer a")));
        pauses.heed(&mine, StatusCode::TOO_MANY_REQUESTS, &after("60"), NOW);
        assert_eq!(seconds(&pauses, &mine, 0).as_deref(), Some("61"));
        let message = pauses.refusal(&mine, NOW).unwrap().message().to_owned();
        assert_eq!(message, "\"ghcr.io\" answered 429 and asked to be left alone for 61 more s");
        for other in [upstream("ghcr.io", None), upstream("ghcr.io", Some("Bearer b")), upstream("quay.io", None)] {
            assert_eq!(seconds(&pauses, &other, 0), None);
        }
        assert_eq!(seconds(&pauses, &mine, 60), None);
    }

    #[test]
    fn a_host_out_of_service_is_left_alone_by_all() {
        let mut pauses = Pauses::new(LONGEST);
        pauses.heed(&upstream("ghcr.io", None), StatusCode::SERVICE_UNAVAILABLE, &after("7"), NOW);
        assert_eq!(seconds(&pauses, &upstream("ghcr.io", Some("Bearer a")), 3).as_deref(), Some("5"));
    }

    #[test]
    fn other_answers_say_nothing_about_later() {
        let (mut pauses, ghcr) = (Pauses::new(LONGEST), upstream("ghcr.io", None));
        pauses.heed(&ghcr, StatusCode::NOT_FOUND, &after("60"), NOW);
        pauses.heed(&ghcr, StatusCode::TOO_MANY_REQUESTS, &HeaderMap::new(), NOW);
        assert_eq!(seconds(&pauses, &ghcr, 0), None);
    }

    #[test]
    fn a_clock_that_is_set_back_makes_no_pause_longer() {
        let (mut pauses, ghcr) = (Pauses::new(LONGEST), upstream("ghcr.io", None));
        pauses.heed(&ghcr, StatusCode::SERVICE_UNAVAILABLE, &after("300"), NOW);
        assert!(pauses.refusal(&ghcr, NOW - Duration::from_secs(3600)).is_none());
    }

    /// Registry number `one`, which asks for so many seconds.
    fn ask(pauses: &mut Pauses, one: usize, seconds: &'static str) -> Upstream {
        let host = upstream(&format!("r{one}.gcr.io"), None);
        pauses.heed(&host, StatusCode::SERVICE_UNAVAILABLE, &after(seconds), NOW);
        host
    }

    #[test]
    fn no_more_than_so_many_are_remembered() {
        let mut pauses = Pauses::new(LONGEST);
        for one in 0..=MOST {
            ask(&mut pauses, one, "60");
        }
        assert_eq!(pauses.asked.len(), MOST);
        let last = upstream("last.gcr.io", None);
        pauses.heed(&last, StatusCode::SERVICE_UNAVAILABLE, &after("60"), NOW + LONGEST);
        assert_eq!(pauses.asked.len(), 1, "those that are over make room");
    }

    #[test]
    fn the_one_that_ends_soonest_makes_room() {
        let mut pauses = Pauses::new(LONGEST);
        let hosts: Vec<_> = (0..MOST).map(|one| ask(&mut pauses, one, if one == 7 { "50" } else { "60" })).collect();
        let new = ask(&mut pauses, MOST, "60");
        assert_eq!(seconds(&pauses, &new, 0).as_deref(), Some("61"));
        let forgotten: Vec<_> = (0..MOST).filter(|one| seconds(&pauses, &hosts[*one], 0).is_none()).collect();
        assert_eq!(forgotten, [7]);
    }

    #[test]
    fn whoever_is_remembered_may_ask_again_whatever_else_is() {
        let mut pauses = Pauses::new(LONGEST);
        let hosts: Vec<_> = (0..MOST).map(|one| ask(&mut pauses, one, "60")).collect();
        ask(&mut pauses, 7, "300");
        assert_eq!(seconds(&pauses, &hosts[7], 0).as_deref(), Some("301"));
        assert!(hosts.iter().all(|host| seconds(&pauses, host, 0).is_some()), "no host was forgotten for it");
    }
}
