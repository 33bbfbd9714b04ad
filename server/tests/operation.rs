//! The server as its operator meets it: health, metrics, the log and what is never in either.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use stowplan_server::Config;
use support::binary::Binary;
use support::{App, Upstream, answer, plain};

#[tokio::test]
async fn health_is_a_word() {
    let got = App::start(Config::default()).await.get("/healthz").await;
    assert_eq!((got.status, got.body.as_str()), (200, "ok\n"));
    assert_eq!(got.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn metrics_have_a_listener_of_their_own() {
    let app = App::start(Config::default()).await;
    assert_eq!(app.get("/metrics").await.status, 404, "not on the page's origin");
    let app = App::start(Config { metrics: Some("127.0.0.1:0".parse().unwrap()), ..Config::default() }).await;
    assert_eq!(app.get("/metrics").await.status, 404, "not even when they are asked for");
    assert_eq!(app.metrics("/healthz").await.body, "ok\n");
    assert_eq!(app.metrics("/proxy/ghcr.io/v2/").await.status, 404);
    let got = app.metrics("/metrics").await;
    assert_eq!(got.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
}

#[tokio::test]
async fn metrics_count_what_happened() {
    let upstream = Upstream::answering(|request| match request.contains("/missing") {
        true => answer("404 Not Found", &[], "no"),
        false => answer("200 OK", &[], "0123456789"),
    })
    .await;
    let app = App::start(Config { metrics: Some("127.0.0.1:0".parse().unwrap()), ..plain(&[&upstream]) }).await;
    let base = format!("/proxy/{}", upstream.host);
    for path in ["/v2/a/manifests/1", "/v2/a/manifests/2", "/v2/missing"] {
        app.get(&format!("{base}{path}")).await;
    }
    app.ask("OPTIONS", &format!("{base}/v2/"), &[]).await;
    app.get("/proxy/r.example/v2/").await.refused(403, "host-not-allowed");
    app.get("/proxy/%/v2/").await.refused(400, "invalid-target");
    let text = app.metrics("/metrics").await.body;
    for line in [
        "stowplan_requests_total{outcome=\"forwarded\"} 3",
        "stowplan_requests_total{outcome=\"preflight\"} 1",
        "stowplan_requests_total{outcome=\"refused\"} 2",
        "stowplan_upstream_answers_total{class=\"2xx\"} 2",
        "stowplan_upstream_answers_total{class=\"4xx\"} 1",
        "stowplan_refusals_total{code=\"host-not-allowed\"} 1",
        "stowplan_refusals_total{code=\"invalid-target\"} 1",
        "stowplan_body_bytes_total 22",
        "stowplan_upstream_seconds_count 3",
        "stowplan_requests_in_flight 0",
    ] {
        assert!(text.lines().any(|other| other == line), "{line} is missing in\n{text}");
    }
    well_formed(&text);
    assert!(!text.contains("r.example") && !text.contains(&upstream.host), "no client makes rows");
}

/// The text format 0.0.4: each sample follows the help and the type of its family.
fn well_formed(text: &str) {
    let mut family = String::new();
    assert!(text.ends_with('\n'));
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            family = rest.split(' ').next().unwrap().to_owned();
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap();
            assert!(name == family && ["counter", "gauge", "histogram"].contains(&kind), "{line}");
        } else {
            let (name, value) = line.rsplit_once(' ').unwrap();
            assert!(name.starts_with(&family) && name.starts_with("stowplan_"), "{line} after {family}");
            assert!(value.parse::<f64>().is_ok(), "{line}");
        }
    }
}

#[tokio::test]
async fn the_log_says_who_asked_for_what_and_no_secret() {
    let store = Upstream::answering(|_| answer("200 OK", &[], "blob")).await;
    let to = format!("Location: http://{}/v2/store?X-Amz-Signature=sig-secret", store.host);
    let registry = Upstream::answering(move |request| match request.contains("/blobs/") {
        true => answer("307 Temporary Redirect", &[&to, "Set-Cookie: session=cookie-secret"], ""),
        false => answer(
            "401 Unauthorized",
            &["WWW-Authenticate: Bearer realm=\"https://a.example/t?x=realm-secret\""],
            "body-secret",
        ),
    })
    .await;
    for format in ["text", "json"] {
        let plain = format!("{},{}", registry.host, store.host);
        let args = ["--port", "0", "--log", "debug", "--log-format", format];
        let binary = Binary::start(&args, &[("STOWPLAN_PLAIN_HTTP", &plain)]);
        let host = &registry.host;
        let secrets =
            ["authorization: Bearer header-secret", "cookie: a=jar-secret", "x-forwarded-for: made-up-secret"];
        binary.ask(&format!("/proxy/{host}/v2/a/blobs/b?token=query-secret"), &secrets).await;
        binary.ask(&format!("/proxy/{host}/v2/a/manifests/1?account=me&password=query-secret"), &secrets).await;
        binary.ask(&format!("/proxy/{host}/admin?key=query-secret"), &secrets).await;
        binary.ask("/proxy/user:url-secret@r.example/v2/?query-secret", &secrets).await;
        let (_, log) = binary.stop();
        assert!(!log.contains("secret"), "{log}");
        let needle = format!("{host}/v2/a/blobs/b");
        let line = log.lines().find(|line| line.contains(&needle)).unwrap_or_else(|| panic!("no line in {log}"));
        if format == "json" {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let field = |name: &str| line[name].to_string();
            assert_eq!(
                (field("level"), field("status"), field("bytes")),
                ("\"INFO\"".into(), "200".into(), "4".into())
            );
            assert_eq!((field("client"), field("outcome")), ("\"127.0.0.1\"".into(), "\"forwarded\"".into()));
        } else {
            assert!(line.contains("status=200") && !line.contains('\u{1b}'), "{line}");
        }
        assert!(log.contains("path-not-allowed") && log.contains("invalid-target"), "{log}");
    }
}
