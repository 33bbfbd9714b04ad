//! The server's limits, made short: time-outs at each stage, requests at a time, header sizes, names, the stop.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::future::pending;
use std::time::{Duration, Instant};

use stowplan_server::{Config, Limits};
use support::{App, Fixed, Rebinding, Upstream, answer, plain, read_until};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::Notify;

const SHORT: Duration = Duration::from_millis(200);

async fn silent() -> Upstream {
    Upstream::start(|_, stream| async move {
        let _open = stream;
        pending::<()>().await;
    })
    .await
}

async fn limited(upstream: &Upstream, limits: Limits) -> (App, String) {
    let app = App::start(Config { limits, ..plain(&[upstream]) }).await;
    (app, format!("/proxy/{}/v2/", upstream.host))
}

#[tokio::test]
async fn an_upstream_that_says_nothing_is_given_up() {
    let upstream = silent().await;
    let (app, path) = limited(&upstream, Limits { first_byte: SHORT, ..Limits::default() }).await;
    let message = app.get(&path).await.refused(504, "upstream-timeout");
    assert_eq!(message, format!("\"{}\" did not answer within 0.2 s", upstream.host));
}

#[tokio::test]
async fn a_body_that_stops_is_given_up() {
    let upstream = Upstream::start(|_, mut stream| async move {
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf").await.unwrap();
        pending::<()>().await;
    })
    .await;
    let (app, path) = limited(&upstream, Limits { body_idle: SHORT, ..Limits::default() }).await;
    let start = Instant::now();
    assert_eq!(app.get(&path).await.body, "half");
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_client_that_stops_reading_loses_its_connection() {
    static CLOSED: Notify = Notify::const_new();
    let upstream = Upstream::start(|_, mut stream| async move {
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        while stream.write_all(&[0; 65536]).await.is_ok() {}
        CLOSED.notify_one();
    })
    .await;
    let (app, path) = limited(&upstream, Limits { write_stall: SHORT, ..Limits::default() }).await;
    let _unread = app.send("GET", &path, &[]).await;
    tokio::time::timeout(Duration::from_secs(10), CLOSED.notified()).await.expect("the upstream is let go");
}

#[tokio::test]
async fn requests_at_a_time_are_bounded_and_come_free_again() {
    let upstream = silent().await;
    let (app, path) = limited(&upstream, Limits { requests_per_client: 2, ..Limits::default() }).await;
    let held = [app.send("GET", &path, &[]).await, app.send("GET", &path, &[]).await];
    while upstream.requests().len() < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let refused = app.get(&path).await;
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(refused.refused(503, "overloaded"), "this proxy forwards 2 requests from one client, try again");
    drop(held);
    while upstream.requests().len() < 3 {
        drop(app.send("GET", &path, &[]).await);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn large_request_headers_are_refused() {
    let upstream = Upstream::answering(|_| answer("200 OK", &[], "")).await;
    let (app, path) = limited(&upstream, Limits::default()).await;
    let large = format!("accept: {}", "x".repeat(17_000));
    app.ask("GET", &path, &[&large]).await.refused(431, "headers-too-large");
    let huge = format!("accept: {}", "x".repeat(100_000));
    assert_eq!(app.ask("GET", &path, &[&huge]).await.status, 431);
    assert!(upstream.requests().is_empty());
}

#[tokio::test]
async fn a_slow_request_head_is_given_up() {
    let (app, _) = limited(&silent().await, Limits { header_read: SHORT, ..Limits::default() }).await;
    let mut stream = tokio::net::TcpStream::connect(app.address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x").await.unwrap();
    let mut seen = Vec::new();
    let read = stream.read_to_end(&mut seen);
    tokio::time::timeout(Duration::from_secs(5), read).await.expect("the connection is closed").ok();
}

#[tokio::test]
async fn names_that_lead_inside_are_refused_after_dns() {
    for address in ["127.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1"] {
        let resolver = Fixed::at(&[address]);
        let app = App::start(Config { allow_any: true, resolver: resolver.clone(), ..Config::default() }).await;
        app.get("/proxy/rebound.example/v2/").await.refused(403, "address-refused");
        app.get("/proxy/ghcr.io/v2/").await.refused(403, "address-refused");
        assert_eq!(*resolver.asked.lock().unwrap(), ["rebound.example", "ghcr.io"]);
    }
}

/// Public by its number, and unassigned: IANA has not given it out, so nothing answers there.
const UNASSIGNED: &str = "3000::1";

#[tokio::test]
async fn a_name_that_is_bound_anew_finds_no_gap_between_the_look_and_the_connection() {
    let inside = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = inside.local_addr().unwrap().port();
    let resolver = Rebinding::through(&[UNASSIGNED, "127.0.0.1"]);
    let limits = Limits { connect: SHORT, handshake: SHORT, ..Limits::default() };
    let config = Config { allow_any: true, resolver: resolver.clone(), limits, ..Config::default() };
    let app = App::start(config).await;
    let path = format!("/proxy/rebound.example:{port}/v2/");
    let first = app.get(&path).await;
    assert!(matches!(first.status, 502 | 504), "the address that was looked at is the one that is tried: {first:?}");
    assert_eq!(*resolver.asked.lock().unwrap(), 1, "one connection, one look");
    app.get(&path).await.refused(403, "address-refused");
    assert_eq!(*resolver.asked.lock().unwrap(), 2);
    assert!(tokio::time::timeout(SHORT, inside.accept()).await.is_err(), "something connected inside");
}

#[tokio::test]
async fn the_connection_goes_to_the_address_of_the_one_look() {
    let upstream = Upstream::answering(|_| answer("200 OK", &[], "the first")).await;
    let port = upstream.host.rsplit(':').next().unwrap();
    let resolver = Rebinding::through(&["127.0.0.1", UNASSIGNED]);
    let plain_http = vec![format!("registry.test:{port}")];
    let app = App::start(Config { plain_http, resolver: resolver.clone(), ..Config::default() }).await;
    assert_eq!(app.get(&format!("/proxy/registry.test:{port}/v2/")).await.body, "the first");
    assert_eq!(*resolver.asked.lock().unwrap(), 1);
}

#[tokio::test]
async fn a_redirect_to_a_name_that_leads_inside_is_refused() {
    let redirect = "Location: https://rebound.example/blob";
    let upstream = Upstream::answering(move |_| answer("307 Temporary Redirect", &[redirect], "")).await;
    let config = Config { resolver: Fixed::at(&["10.0.0.1"]), ..plain(&[&upstream]) };
    let message =
        App::start(config).await.get(&format!("/proxy/{}/v2/", upstream.host)).await.refused(403, "address-refused");
    assert!(message.starts_with("\"rebound.example\" is not at a public address"), "{message}");
}

#[tokio::test]
async fn a_named_host_may_live_inside_on_its_port_only() {
    let upstream = Upstream::answering(|_| answer("200 OK", &[], "named")).await;
    let port = upstream.host.rsplit(':').next().unwrap();
    let plain_http = vec![format!("registry.test:{port}")];
    let app =
        App::start(Config { plain_http, allow_any: true, resolver: Fixed::at(&["127.0.0.1"]), ..Config::default() })
            .await;
    assert_eq!(app.get(&format!("/proxy/registry.test:{port}/v2/")).await.body, "named");
    app.get("/proxy/registry.test:1/v2/").await.refused(403, "address-refused");
}

#[tokio::test]
async fn the_stop_lets_answers_finish() {
    static GO_ON: Notify = Notify::const_new();
    let upstream = Upstream::start(|_, mut stream| async move {
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nfirst").await.unwrap();
        GO_ON.notified().await;
        stream.write_all(b"later").await.unwrap();
    })
    .await;
    let (mut app, path) = limited(&upstream, Limits::default()).await;
    let mut stream = app.send("GET", &path, &[]).await;
    read_until(&mut stream, "first").await;
    app.tell_to_stop();
    while tokio::net::TcpStream::connect(app.address).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    GO_ON.notify_one();
    read_until(&mut stream, "later").await;
    app.stopped().await;
}

#[tokio::test]
async fn the_stop_does_not_wait_for_ever() {
    let upstream = silent().await;
    let (mut app, path) = limited(&upstream, Limits { drain: SHORT, ..Limits::default() }).await;
    let _held = app.send("GET", &path, &[]).await;
    app.tell_to_stop();
    tokio::time::timeout(Duration::from_secs(5), app.stopped()).await.expect("it stops");
}
