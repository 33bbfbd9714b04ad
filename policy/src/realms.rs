//! Policy, the realms: which addresses a registry's challenge named for its tokens, each for a while.
//!
//! A registry's realm may have any path (`/v2//service/token`, `/regions/fr-par/tokens`), so no look at a path can tell a
//! token service from `/api/users/reset-token`. The challenge of an allowed host, which named the realm, tells them
//! apart.

use std::collections::HashMap;
use std::time::Duration;

use http::header::{HeaderMap, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};

use crate::target::check_realm_path;
use crate::{Policy, Reach, Target, Upstream};

/// Realms remembered at a time; what comes beyond them takes the place of the one that ends soonest.
const MOST: usize = 1024;
/// The most realms that one answer may name; registries name one.
const MOST_OF_ONE: usize = 4;
/// The time for which a realm is remembered: a client asks for its token at once, and is challenged anew when it has
/// ended.
pub const REALM_MINUTES: u64 = 10;

/// The address of a token service: `host[:port]/path`, as a client asks the proxy for it, without a query.
pub type Realm = String;

/// The realms that challenges named. `now` is the time since 1970 throughout.
#[derive(Debug, Default)]
pub struct Realms {
    until: HashMap<Realm, Duration>,
}

impl Realms {
    /// Remembers the realms that this answer names, and says which of them may be asked for from now on.
    pub fn heed(
        &mut self,
        policy: &Policy,
        asked: &Upstream,
        status: StatusCode,
        headers: &HeaderMap,
        now: Duration,
    ) -> Vec<Realm> {
        let found = policy.realms(asked, status, headers);
        for realm in &found {
            self.remember(realm.clone(), now);
        }
        found
    }

    /// Remembers a realm that [`Self::heed`] found here or in another process of the same proxy.
    pub fn remember(&mut self, realm: Realm, now: Duration) {
        if self.until.len() >= MOST && !self.until.contains_key(&realm) {
            self.make_room(now);
        }
        self.until.insert(realm, now + Duration::from_secs(60 * REALM_MINUTES));
    }

    /// True if a challenge named this address.
    #[must_use]
    pub fn knows(&self, realm: &str, now: Duration) -> bool {
        // A clock that was set back must not make it longer.
        let left = self.until.get(realm).and_then(|until| until.checked_sub(now));
        left.is_some_and(|left| !left.is_zero() && left.as_secs() <= 60 * REALM_MINUTES)
    }

    fn make_room(&mut self, now: Duration) {
        self.until.retain(|_, until| *until > now);
        if self.until.len() >= MOST
            && let Some(soonest) = self.until.iter().min_by_key(|(_, until)| **until).map(|(realm, _)| realm.clone())
        {
            self.until.remove(&soonest);
        }
    }
}

/// The realm that a request's target `{host}/{path}?{query}` would be, for who looks it up.
#[must_use]
pub fn realm_of(target: &str) -> Option<Realm> {
    let (authority, rest) = target.split_once('/')?;
    let target = Target::parse(authority).ok()?;
    Some(format!("{target}/{}", rest.split('?').next().unwrap_or_default()))
}

impl Policy {
    /// The realms that an allowed host's 401 names and that may be asked for.
    ///
    /// A host that the user named may live in a private network: only another such host may name a realm there. Every
    /// other realm is asked by TLS at a public address.
    fn realms(&self, asked: &Upstream, status: StatusCode, headers: &HeaderMap) -> Vec<Realm> {
        let named = asked.reach == Reach::Named;
        if status != StatusCode::UNAUTHORIZED || !(named || self.admit(&asked.target, "/v2/", false).is_ok()) {
            return Vec::new();
        }
        let lines = headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value: &HeaderValue| value.to_str().ok());
        let texts = lines.flat_map(realm_values).take(MOST_OF_ONE);
        let read = texts.filter_map(|text| read_realm(&text));
        read.filter(|(target, _)| named || !self.is_named(target))
            .filter(|(target, path)| self.admit(target, path, true).is_ok())
            .map(|(target, path)| format!("{target}{path}"))
            .collect()
    }
}

/// Host and path of an `http` or `https` address.
fn read_realm(text: &str) -> Option<(Target, String)> {
    let (scheme, rest) = text.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return None;
    }
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let path = if path.is_empty() { "/" } else { path };
    check_realm_path(path).ok()?;
    Some((Target::parse(authority).ok()?, path.to_owned()))
}

/// The values of every `realm` parameter in a header of challenges (RFC 9110, 11.6.1), for any scheme: a Basic
/// realm is a word, and no address comes of it.
fn realm_values(header: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = header;
    while let Some(equals) = rest.find(['=', '"']) {
        let (before, after) = (&rest[..equals], &rest[equals + 1..]);
        if rest[equals..].starts_with('"') {
            // A quoted text that belongs to no name: nothing in it is a name.
            rest = quoted(after).1;
            continue;
        }
        let name = before.trim_end().rsplit([' ', '\t', ',']).next().unwrap_or_default();
        let after = after.trim_start();
        let (value, next) = match after.strip_prefix('"') {
            Some(inside) => quoted(inside),
            None => {
                let end = after.find([',', ' ', '\t', '"']).unwrap_or(after.len());
                (after[..end].to_owned(), &after[end..])
            }
        };
        if name.eq_ignore_ascii_case("realm") {
            found.push(value);
        }
        rest = next;
    }
    found
}

/// A quoted string from behind its first quote, unescaped, and what follows it.
fn quoted(text: &str) -> (String, &str) {
    let (mut value, mut escaped) = (String::new(), false);
    for (at, one) in text.char_indices() {
        match one {
            _ if escaped => escaped = false,
            '\\' => {
                escaped = true;
                continue;
            }
            '"' => return (value, &text[at + 1..]),
            _ => {}
        }
        value.push(one);
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;
    use crate::{Decision, Scheme};

    const NOW: Duration = Duration::from_secs(784_111_777);

    fn policy() -> Policy {
        Policy::new(&["r.lan", "auth.lan"], &["127.0.0.1:5000"], false).unwrap()
    }

    fn asked(target: &str) -> Upstream {
        let headers = HeaderMap::from_iter([(http::header::HOST, HeaderValue::from_static("127.0.0.1:8080"))]);
        match policy().request(&Method::GET, target, &headers) {
            Ok(Decision::Forward(upstream)) => *upstream,
            other => panic!("{target}: {other:?}"),
        }
    }

    fn heard(target: &str, status: u16, challenges: &[&str]) -> (Realms, Vec<Realm>) {
        let mut headers = HeaderMap::new();
        for challenge in challenges {
            headers.append(WWW_AUTHENTICATE, challenge.parse().unwrap());
        }
        let mut realms = Realms::default();
        let status = StatusCode::from_u16(status).unwrap();
        let found = realms.heed(&policy(), &asked(target), status, &headers, NOW);
        (realms, found)
    }

    fn named_by(target: &str, challenge: &str) -> Vec<Realm> {
        heard(target, 401, &[challenge]).1
    }

    #[test]
    fn the_challenge_of_an_allowed_host_names_a_realm() {
        let own = "Bearer realm=\"http://127.0.0.1:5000/v2//service/token?x=1\",service=\"s\"";
        assert_eq!(named_by("127.0.0.1:5000/v2/a/manifests/1", own), ["127.0.0.1:5000/v2//service/token"]);
        let lines =
            ["Negotiate", "Basic realm=\"a, realm=b\", bEARER service=x , Realm = https://auth.example/regions/t"];
        assert_eq!(heard("quay.io/v2/", 401, &lines).1, ["auth.example/regions/t"]);
        assert_eq!(named_by("r.lan/v2/", "Bearer realm=\"https://auth.lan/any\""), ["auth.lan/any"]);
        assert_eq!(named_by("quay.io/v2/", "Bearer realm=\"https://auth.example\""), ["auth.example/"]);
        let escaped = "Bearer error=\"a \\\" realm=https://x.example/t\", realm=\"https://y.example/\\t\"";
        assert_eq!(named_by("quay.io/v2/", escaped), ["y.example/t"]);
    }

    #[test]
    fn nothing_else_does() {
        for status in [200, 403, 404] {
            assert!(heard("quay.io/v2/", status, &["Bearer realm=\"https://auth.example/t\""]).1.is_empty());
        }
        for realm in [
            "https://r.lan/admin", // a public host names a path of a private one
            "http://127.0.0.1:5000/admin",
            "https://10.0.0.1/t",
            "https://127.0.0.1/t",
            "https://u@auth.example/t",
            "https://auth.example/a;token",
            "https://auth.example/%2e%2e/t",
            "https://auth.example/../t",
            "https://auth.example/a%3ftoken",
            "https://auth.example/%252e/t",
            "file:///etc/passwd",
            "/token",
            "registry",
        ] {
            assert!(named_by("quay.io/v2/", &format!("Bearer realm=\"{realm}\"")).is_empty(), "{realm}");
        }
    }

    #[test]
    fn a_host_that_is_not_allowed_names_none() {
        let mut led = asked("quay.io/v2/");
        led.target = Target::parse("cdn.example").unwrap();
        let headers = HeaderMap::from_iter([(
            WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer realm=\"https://auth.example/t\""),
        )]);
        let mut realms = Realms::default();
        assert!(realms.heed(&policy(), &led, StatusCode::UNAUTHORIZED, &headers, NOW).is_empty());
    }

    #[test]
    fn a_realm_is_forgotten_after_some_minutes_and_the_soonest_makes_room() {
        let (realms, found) = heard("quay.io/v2/", 401, &["Bearer realm=\"https://auth.example/t\""]);
        let minutes = |count: u64| NOW + Duration::from_secs(60 * count);
        assert!(realms.knows(&found[0], NOW) && realms.knows(&found[0], minutes(9)));
        assert!(!realms.knows(&found[0], minutes(REALM_MINUTES)) && !realms.knows("auth.example/u", NOW));
        assert!(!realms.knows(&found[0], NOW - Duration::from_secs(1)), "a clock that was set back");
        let mut realms = Realms::default();
        for number in 0..=MOST {
            realms.remember(format!("a.example/{number}"), NOW + Duration::from_secs(number as u64 / 100));
        }
        assert_eq!(realms.until.len(), MOST);
    }

    #[test]
    fn a_request_passes_because_its_realm_was_named() {
        let (realms, _) =
            heard("127.0.0.1:5000/v2/", 401, &["Bearer realm=\"http://127.0.0.1:5000/v2//service/token\""]);
        let ask = |target: &str| {
            let headers = HeaderMap::from_iter([(http::header::HOST, HeaderValue::from_static("127.0.0.1:8080"))]);
            policy().request_with(&Method::GET, target, &headers, |realm| realms.knows(realm, NOW))
        };
        let Ok(Decision::Forward(upstream)) = ask("127.0.0.1:5000/v2//service/token?scope=a//b") else { panic!() };
        assert_eq!((upstream.scheme, upstream.reach), (Scheme::Http, Reach::Named));
        assert_eq!(upstream.path_and_query, "/v2//service/token?scope=a//b");
        for target in
            ["127.0.0.1:5000/v2//service/tokens", "127.0.0.1:5000/v2//service/token/", "r.lan/v2//service/token"]
        {
            assert_eq!(ask(target).map(drop).unwrap_err().code(), "invalid-target", "{target}");
        }
        let (realms, _) = heard("quay.io/v2/", 401, &["Bearer realm=\"https://auth.example/regions/fr-par/tokens\""]);
        let found =
            policy().request_with(&Method::GET, "auth.example/regions/fr-par/tokens?a=b", &HeaderMap::new(), |realm| {
                realms.knows(realm, NOW)
            });
        let Ok(Decision::Forward(upstream)) = found else { panic!() };
        assert_eq!((upstream.scheme, upstream.reach), (Scheme::Https, Reach::Public));
    }
}
