//! The client against scripted answers: addresses, cache, retries, broken answers.

use futures_util::future::{join, join_all};
use pollster::block_on;

use super::*;
use crate::digest::Algorithm;
use crate::registry::fake::{Answer, Fake, answer, header, name};
use crate::registry::{Method, TransportError};

const MANIFEST: &[u8] = b"{\"schemaVersion\":2}";

fn tag(tag: &str) -> TagOrDigest {
    TagOrDigest::Tag(tag.into())
}

fn by_digest(bytes: &[u8]) -> TagOrDigest {
    TagOrDigest::Digest(Algorithm::Sha256.digest(bytes))
}

/// The outcome of one request for `r.io/a:v`, answered always the same.
fn outcome(always: Answer) -> (Fake, Result<Fetched, Error>) {
    let fake = Fake::new(move |_, _| always.clone());
    let result = block_on(fake.client("", vec![], &Cache::default()).manifest(&name("r.io/a"), &tag("v")));
    (fake, result)
}

#[track_caller]
fn fails(always: Answer, code: &str, message: &str) {
    let error = outcome(always).1.unwrap_err();
    assert_eq!((error.code(), error.to_string().as_str()), (code, message));
}

#[test]
fn a_manifest_is_asked_for_as_the_spec_says() {
    let headers =
        [("Content-Type", "application/vnd.oci.image.index.v1+json; x=y"), ("Docker-Content-Digest", "sha256:x")];
    let fake = Fake::new(move |_, _| answer(200, &headers, MANIFEST));
    let client = fake.client("", vec![], &Cache::default());
    let fetched = block_on(client.manifest(&name("busybox"), &tag("1.36"))).unwrap();
    assert_eq!(&*fetched.bytes, MANIFEST);
    assert_eq!(fetched.content_type.unwrap().as_str(), "application/vnd.oci.image.index.v1+json");
    assert_eq!(fetched.header_digest.as_deref(), Some("sha256:x"));
    assert!(!fetched.cached);
    let requests = fake.requests.borrow();
    assert_eq!(requests[0].url, "https://registry-1.docker.io/v2/library/busybox/manifests/1.36");
    assert_eq!(header(&requests[0], "accept").unwrap(), ACCEPT_MANIFESTS.join(", "));
    assert_eq!(header(&requests[0], "authorization"), None);
    assert_eq!(requests[0].max_bytes, limits::DOCUMENT_BYTES);
}

#[test]
fn the_proxy_stands_before_every_address() {
    let fake = Fake::new(|_, _| answer(200, &[], MANIFEST));
    let client = fake.client("http://p:1/r/", vec![], &Cache::default());
    block_on(client.manifest(&name("localhost:5000/a"), &tag("v"))).unwrap();
    assert_eq!(fake.urls(), ["http://p:1/r/localhost:5000/v2/a/manifests/v"]);
    let Event::Request { url, status, bytes, error, .. } = fake.events.borrow()[0].clone() else { panic!() };
    assert_eq!(url, "http://localhost:5000/v2/a/manifests/v", "the registry's own");
    assert_eq!((status, bytes, error), (Some(200), MANIFEST.len() as u64, None));
}

#[test]
fn nothing_is_fetched_twice_by_digest() {
    let fake = Fake::new(|_, _| answer(200, &[("content-type", "a/b")], MANIFEST));
    let cache = Cache::default();
    for cached in [false, true] {
        let client = fake.client("", vec![], &cache);
        let fetched = block_on(client.manifest(&name("r.io/a"), &by_digest(MANIFEST))).unwrap();
        assert_eq!((fetched.cached, fetched.content_type.unwrap().as_str()), (cached, "a/b"));
    }
    assert_eq!(fake.urls().len(), 1);
    block_on(fake.client("", vec![], &cache).manifest(&name("r.io/a"), &tag("v"))).unwrap();
    block_on(fake.client("", vec![], &cache).manifest(&name("r.io/b"), &by_digest(MANIFEST))).unwrap();
    assert_eq!(fake.urls().len(), 3, "a tag may have moved; another repository may not have it");
}

#[test]
fn bytes_of_another_digest_are_returned_and_not_kept() {
    let fake = Fake::new(|_, _| answer(200, &[], b"something else"));
    let client = fake.client("", vec![], &Cache::default());
    for _ in 0..2 {
        let fetched = block_on(client.manifest(&name("r.io/a"), &by_digest(MANIFEST))).unwrap();
        assert_eq!((&*fetched.bytes, fetched.cached), (&b"something else"[..], false));
    }
    assert_eq!(fake.urls().len(), 2);
}

#[test]
fn parallel_requests_for_one_digest_share_one() {
    let fake = Fake::new(|_, _| answer(200, &[], MANIFEST));
    let client = fake.client("", vec![], &Cache::default());
    let (name, digest) = (name("r.io/a"), Algorithm::Sha256.digest(MANIFEST));
    let (first, second) = block_on(join(client.blob(&name, &digest, 100), client.blob(&name, &digest, 100)));
    assert_eq!((first.unwrap().cached, second.unwrap().cached), (false, true));
    assert_eq!(fake.urls(), [format!("https://r.io/v2/a/blobs/{digest}")]);
}

#[test]
fn other_requests_run_in_parallel() {
    let fake = Fake::new(|_, _| answer(200, &[], MANIFEST));
    let client = fake.client("", vec![], &Cache::default());
    let name = name("r.io/a");
    let digests: Vec<Digest> = (0..3_u8).map(|n| Algorithm::Sha256.digest(&[n])).collect();
    let mut all = Box::pin(join_all(digests.iter().map(|digest| client.blob(&name, digest, 100))));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(std::future::Future::poll(all.as_mut(), &mut context).is_pending());
    assert_eq!(fake.urls().len(), 3, "all are under way before the first answer");
}

#[test]
fn a_busy_registry_is_asked_again() {
    let fake = Fake::new(|_, number| if number < 2 { answer(503, &[], b"") } else { answer(200, &[], MANIFEST) });
    let client = fake.client("", vec![], &Cache::default());
    block_on(client.manifest(&name("r.io/a"), &tag("v"))).unwrap();
    assert_eq!(*fake.slept.borrow(), [500, 1500]);
    let reason = "r.io answered with status 503".to_owned();
    assert!(
        matches!(&fake.events.borrow()[1], Event::Waiting { seconds: 1, reason: told, code, .. } if *told == reason && code.starts_with("wait-"))
    );
}

#[test]
fn a_broken_connection_is_tried_three_times() {
    let (fake, result) = outcome(Err(TransportError::Truncated { expected: Some(9), received: 4 }));
    let error = result.unwrap_err();
    assert_eq!(error.code(), "truncated-body");
    assert_eq!(error.to_string(), "the answer of r.io ended after 4 of 9 bytes: try again");
    assert_eq!(fake.urls().len(), 3);
    let Event::Request { bytes, error, status, .. } = fake.events.borrow()[0].clone() else { panic!() };
    assert_eq!((bytes, error, status), (4, Some("truncated-body"), None));
}

#[test]
fn a_body_is_held_against_its_length() {
    let (fake, result) = outcome(answer(200, &[("content-length", "99")], MANIFEST));
    assert_eq!(result.unwrap_err().code(), "truncated-body");
    assert_eq!(fake.urls().len(), 3);
    let encoded = [("content-length", "99"), ("content-encoding", "gzip")];
    assert!(outcome(answer(200, &encoded, MANIFEST)).1.is_ok(), "it counts the encoded bytes");
    let short = [("content-length", "5")];
    assert!(outcome(answer(200, &short, MANIFEST)).1.is_ok(), "an encoding that may not be read");
}

#[test]
fn a_rate_limit_says_until_when() {
    let headers = [("retry-after", "7200"), ("ratelimit-limit", "100;w=21600"), ("ratelimit-remaining", "0;w=21600")];
    let body = br#"{"errors":[{"code":"TOOMANYREQUESTS","message":"pull\u0007 rate"}]}"#;
    let (fake, result) = outcome(answer(429, &headers, body));
    let error = result.unwrap_err();
    assert_eq!((error.code(), error.seconds_to_retry()), ("rate-limited", Some(7200)));
    assert_eq!(
        error.to_string(),
        "r.io has counted too many requests (the limit is 100 requests in 6 hours) (TOOMANYREQUESTS: \
         \"pull\\u{7} rate\"): try again in 2 hours"
    );
    assert_eq!(fake.urls().len(), 1, "no request waits two hours");
    let Event::Request { rate_limit_remaining, .. } = fake.events.borrow()[0].clone() else { panic!() };
    assert_eq!(rate_limit_remaining, Some(0));
}

#[test]
fn a_wait_can_be_aborted() {
    let fake = Fake::new(|_, _| answer(503, &[], b""));
    let abort = fake.abort.clone();
    let client = fake.client("", vec![], &Cache::default());
    let name = name("r.io/a");
    let reference = tag("v");
    let mut run = Box::pin(client.manifest(&name, &reference));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(std::future::Future::poll(run.as_mut(), &mut context).is_pending());
    abort.set(true);
    assert_eq!(block_on(run).unwrap_err().code(), "aborted");
    assert_eq!(fake.urls().len(), 1);
}

#[test]
fn an_aborted_client_sends_nothing() {
    let fake = Fake::new(|_, _| answer(200, &[], MANIFEST));
    fake.abort.set(true);
    let error = block_on(fake.client("", vec![], &Cache::default()).manifest(&name("r.io/a"), &tag("v"))).unwrap_err();
    assert_eq!((error.code(), error.to_string().as_str()), ("aborted", "the request was aborted"));
    assert!(fake.urls().is_empty());
}

#[test]
fn a_web_page_is_not_a_manifest() {
    let page = b"\n<!DOCTYPE html><html>Log in</html>";
    fails(
        answer(200, &[("content-type", "text/html")], page),
        "html-instead-of-json",
        "r.io answered with a web page, not with the tag \"v\" in repository \"a\": check that it is a registry and \
         that no login page of the network stands between",
    );
    let fake = Fake::new(move |_, _| answer(200, &[], page));
    let client = fake.client("", vec![], &Cache::default());
    let digest = Algorithm::Sha256.digest(page);
    assert!(block_on(client.blob(&name("r.io/a"), &digest, 100)).is_ok(), "asked for by its digest");
}

#[test]
fn each_failure_has_its_code_and_advice() {
    let denied = br#"{"errors":[{"code":"DENIED","message":"no"}]}"#;
    fails(
        answer(404, &[], br#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}"#),
        "not-found",
        "r.io has no tag \"v\" in repository \"a\" (MANIFEST_UNKNOWN: \"manifest unknown\")",
    );
    fails(
        answer(401, &[], denied),
        "unauthorized",
        "r.io wants credentials for \"a\" (DENIED: \"no\"): check the name; if it is private, give a user name and a \
         password or token",
    );
    fails(
        answer(403, &[], denied),
        "forbidden",
        "r.io does not serve \"a\" without credentials (DENIED: \"no\"): check the name, or give a user \
         name and a password or token",
    );
    fails(
        answer(500, &[], b"oops"),
        "registry-error",
        "r.io answered with status 500 to the request for tag \"v\" in repository \"a\"",
    );
    fails(answer(502, &[], b""), "registry-error", "r.io is out of order (status 502): try again later");
    fails(Err(TransportError::TimedOut), "timed-out", "r.io did not answer in time: try again later");
    fails(
        Err(TransportError::TooLarge { limit: 7 }),
        "limit-exceeded",
        "r.io answered with more than 7 bytes, the most that is read of such a document",
    );
    fails(
        Err(TransportError::Unreachable("Failed to fetch".into())),
        "registry-unreachable",
        "r.io refused this page or cannot be reached (Failed to fetch): most registries answer a web page only through \
         a proxy, which \"cargo xtask serve\" starts",
    );
}

#[test]
fn a_body_over_the_cap_is_refused_even_if_the_transport_read_it() {
    let fake = Fake::new(|_, _| answer(200, &[], MANIFEST));
    let client = fake.client("", vec![], &Cache::default());
    let error = block_on(client.blob(&name("r.io/a"), &Algorithm::Sha256.digest(b""), 4)).unwrap_err();
    assert_eq!(error.code(), "limit-exceeded");
}

#[test]
fn the_proxys_refusals_say_how_to_allow_the_host() {
    let body = br#"{"errors":[{"code":"DENIED","message":"not allowed: \"r.io\""}]}"#;
    let refusal = |code: &'static str, status| answer(status, &[("stowplan-refusal", code)], body);
    fails(
        refusal("host-not-allowed", 403),
        "proxy-refused",
        "the proxy refused the request to r.io (host-not-allowed) (DENIED: \"not allowed: \\\"r.io\\\"\"); to allow \
         it, start the proxy with \"cargo xtask serve --allow r.io\", or with \"--plain-http r.io\" if it has no TLS",
    );
    fails(
        refusal("path-not-allowed", 403),
        "proxy-refused",
        "the proxy refused the request to r.io (path-not-allowed) (DENIED: \"not allowed: \\\"r.io\\\"\")",
    );
    fails(
        refusal("upstream-unreachable", 502),
        "registry-unreachable",
        "the proxy cannot reach r.io (DENIED: \"not allowed: \\\"r.io\\\"\"): check the name of the registry and the \
         connection",
    );
    let busy = [("stowplan-refusal", "upstream-busy"), ("retry-after", "200")];
    fails(
        answer(429, &busy, br#"{"errors":[{"code":"TOOMANYREQUESTS","message":"left alone"}]}"#),
        "rate-limited",
        "r.io has counted too many requests (TOOMANYREQUESTS: \"left alone\"): try again in 4 minutes",
    );
    fails(
        refusal("upstream-timeout", 504),
        "timed-out",
        "r.io did not answer the proxy in time (DENIED: \"not allowed: \\\"r.io\\\"\"): try again later",
    );
}

#[test]
fn docker_hub_says_unauthorized_for_what_does_not_exist() {
    let fake = Fake::new(|_, _| answer(401, &[], b""));
    let client = fake.client("http://p/", vec![], &Cache::default());
    let error = block_on(client.manifest(&name("nobody/nothing"), &tag("v"))).unwrap_err();
    assert!(error.to_string().ends_with("(Docker Hub answers the same where a repository does not exist)"));
}

/// The requests to Docker Hub for one tag twice, if a HEAD of the tag is answered with that status and digest.
fn asked_twice(repository: &str, status: u16, digest: &'static str) -> (Vec<(Method, bool)>, Vec<Fetched>) {
    let fake = Fake::new(move |request, _| match request.method {
        Method::Head => answer(status, &[("docker-content-digest", digest), ("content-length", "19")], b""),
        Method::Get => answer(200, &[("docker-content-digest", digest)], MANIFEST),
    });
    let client = fake.client("", vec![], &Cache::default());
    let ask = || block_on(client.manifest(&name(repository), &tag("1.36"))).unwrap();
    let fetched = vec![ask(), ask()];
    let requests = fake.requests.borrow();
    (requests.iter().map(|one| (one.method, one.url.ends_with("/manifests/1.36"))).collect(), fetched)
}

fn digest_of(bytes: &[u8]) -> &'static str {
    Box::leak(Algorithm::Sha256.digest(bytes).as_str().to_owned().into_boxed_str())
}

#[test]
fn a_tag_asked_for_again_costs_no_pull() {
    let (asked, fetched) = asked_twice("busybox", 200, digest_of(MANIFEST));
    assert_eq!(asked, [(Method::Get, true), (Method::Head, true)]);
    assert_eq!((&*fetched[1].bytes, fetched[1].cached), (MANIFEST, true));
    assert_eq!(fetched[1].header_digest.as_deref(), Some(digest_of(MANIFEST)));
}

#[test]
fn a_tag_that_moved_or_a_head_that_says_nothing_is_pulled() {
    let all = [(Method::Get, true), (Method::Head, true), (Method::Get, true)];
    for (status, digest) in [(200, digest_of(b"another")), (404, digest_of(MANIFEST)), (200, "nonsense")] {
        let (asked, fetched) = asked_twice("busybox", status, digest);
        assert_eq!((asked.as_slice(), fetched[1].cached), (&all[..], false), "{status} {digest}");
    }
}

#[test]
fn where_nobody_counts_a_tag_is_asked_for_at_once() {
    let (asked, _) = asked_twice("r.io/a", 200, digest_of(MANIFEST));
    assert_eq!(asked, [(Method::Get, true), (Method::Get, true)]);
}

#[test]
fn what_a_tag_gave_is_kept_under_its_digest() {
    let fake = Fake::new(|_, _| answer(200, &[("docker-content-digest", "sha256:x")], MANIFEST));
    let client = fake.client("", vec![], &Cache::default());
    block_on(client.manifest(&name("busybox"), &tag("v"))).unwrap();
    let pinned = block_on(client.manifest(&name("busybox"), &by_digest(MANIFEST))).unwrap();
    assert!(pinned.cached, "pinning what is shown costs no pull");
    assert_eq!(fake.urls().len(), 1);
}

#[test]
fn a_head_is_told_as_one() {
    let fake = Fake::new(|request, _| match request.method {
        Method::Head => answer(200, &[("ratelimit-remaining", "87;w=21600")], b""),
        Method::Get => answer(200, &[("ratelimit-remaining", "88;w=21600")], MANIFEST),
    });
    let client = fake.client("", vec![], &Cache::default());
    for _ in 0..2 {
        block_on(client.manifest(&name("busybox"), &tag("v"))).unwrap();
    }
    let told = |event: &Event| match event {
        Event::Request { method, rate_limit_remaining, .. } => (*method, *rate_limit_remaining),
        Event::Waiting { .. } => panic!(),
    };
    let events: Vec<_> = fake.events.borrow().iter().map(told).collect();
    assert_eq!(events, [("GET", Some(88)), ("HEAD", Some(87)), ("GET", Some(88))]);
}
