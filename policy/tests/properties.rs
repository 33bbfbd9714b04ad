//! Properties that hold for any request, any redirect and any answer: nothing panics, and an address stays at its host.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode};
use proptest::prelude::*;
use stowplan_policy::{Decision, Host, Policy, Reach, Scheme, Target, Upstream, is_public};

fn policy(any: bool) -> Policy {
    Policy::new(&["r.lan", "10.0.0.5:5443"], &["127.0.0.1:5000"], any).unwrap()
}

fn headers(rows: &[(String, Vec<u8>)]) -> HeaderMap {
    let pair = |(name, value): &(String, Vec<u8>)| {
        Some((HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_bytes(value).ok()?))
    };
    rows.iter().filter_map(pair).collect()
}

/// The address that a client makes of it is at the host that the policy decided about, and is where that may be.
fn stays_at_its_host(upstream: &Upstream) {
    let Ok(uri) = upstream.uri() else { return };
    let authority = uri.authority().unwrap();
    assert_eq!(authority.as_str(), upstream.target.to_string());
    assert_eq!(uri.path_and_query().map(|whole| whole.as_str()), Some(upstream.path_and_query.as_str()));
    assert_eq!(uri.scheme_str(), Some(if upstream.scheme == Scheme::Https { "https" } else { "http" }));
    if upstream.reach == Reach::Public {
        assert_eq!(upstream.scheme, Scheme::Https, "public hosts by TLS only");
        assert!(!matches!(upstream.target.host, Host::Address(address) if !is_public(address)), "{uri}");
    }
    assert_eq!(Target::parse(authority.as_str()).as_ref(), Ok(&upstream.target), "it is read as it was written");
}

fn sends_only_what_it_may(upstream: &Upstream) {
    let may = "accept accept-encoding authorization if-modified-since if-none-match if-range range user-agent";
    let sent = upstream.headers();
    assert!(sent.keys().all(|name| may.split(' ').any(|other| name == other)), "{sent:?}");
    assert_eq!(sent["accept-encoding"], "identity");
}

fn is_guarded(got: &HeaderMap, origin: Option<&HeaderValue>) {
    assert!(got["content-security-policy"].to_str().unwrap().starts_with("sandbox; default-src 'none'"));
    assert_eq!(got["x-content-type-options"], "nosniff");
    assert!(!got.contains_key("set-cookie") && !got.contains_key("location"));
    let readers = &got["access-control-allow-origin"];
    assert!(readers == "*" || Some(readers) == origin, "{readers:?}");
}

/// Every step of one exchange: a request, a redirect, an answer.
fn exchange(any: bool, target: &str, sent: &HeaderMap, location: &[u8], answered: &HeaderMap) {
    let policy = policy(any);
    let Ok(Decision::Forward(first)) = policy.request(&Method::GET, target, sent) else { return };
    stays_at_its_host(&first);
    sends_only_what_it_may(&first);
    let mut with_location = answered.clone();
    if let Ok(value) = HeaderValue::from_bytes(location) {
        with_location.insert("location", value);
    }
    if let Ok(Some(next)) = policy.redirect(&first, StatusCode::FOUND, &with_location) {
        stays_at_its_host(&next);
        sends_only_what_it_may(&next);
        let same = next.target.host == first.target.host;
        assert!(same || !next.headers().contains_key("authorization"), "{next:?}");
    }
    if let Ok(got) = first.answer(StatusCode::OK, answered) {
        is_guarded(&got, sent.get("origin"));
    }
    let _any = first.addressed();
}

fn host() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("ghcr.io".to_owned()),
        Just("r.lan".to_owned()),
        Just("127.0.0.1:5000".to_owned()),
        "[a-z0-9.@:\\[\\]%x-]{0,20}",
        any::<[u8; 4]>().prop_map(|[a, b, c, d]| format!("{a}.{b}.{c}.{d}")),
        any::<[u16; 8]>().prop_map(|parts| format!("[{}]", std::net::Ipv6Addr::from(parts))),
        any::<u32>().prop_map(|number| number.to_string()),
    ]
}

fn rows() -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    let name = prop_oneof![
        "(host|origin|authorization|cookie|range|accept|sec-fetch-site|content-type|set-cookie|location|link)",
        "[a-z-]{1,12}",
    ];
    let value = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..30),
        Just(b"127.0.0.1:8080".to_vec()),
        Just(b"http://127.0.0.1:8080".to_vec()),
    ];
    prop::collection::vec((name, value), 0..8)
}

proptest! {
    #[test]
    fn an_address_stays_at_its_host(
        any in any::<bool>(), host in host(), path in "/(v2/)?[a-z0-9./%:?=&@-]{0,30}", next in host(), rest in "[/?#]?.{0,20}",
        sent in rows(), answered in rows(),
    ) {
        let location = format!("https://{next}{rest}");
        exchange(any, &format!("{host}{path}"), &headers(&sent), location.as_bytes(), &headers(&answered));
    }

    #[test]
    fn nothing_panics(
        any in any::<bool>(), target in ".{0,60}", location in prop::collection::vec(any::<u8>(), 0..60), sent in rows(),
        answered in rows(),
    ) {
        exchange(any, &target, &headers(&sent), &location, &headers(&answered));
        exchange(any, "ghcr.io/v2/x", &headers(&sent), &location, &headers(&answered));
        exchange(any, "127.0.0.1:5000/v2/x", &headers(&sent), &location, &headers(&answered));
    }
}
