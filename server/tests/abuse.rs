//! The server before those who ask for too much: clients told apart, bytes a minute, turns with a host, what is too large.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use stowplan_server::{Config, Limits};
use support::{App, Upstream, answer, plain, read_until};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Notify;

async fn silent() -> Upstream {
    Upstream::start(|_, stream| async move {
        let _open = stream;
        pending::<()>().await;
    })
    .await
}

async fn serving(body: &'static str) -> Upstream {
    Upstream::answering(move |_| answer("200 OK", &[], body)).await
}

fn with(limits: Limits, upstream: &Upstream) -> Config {
    Config { limits, metrics: Some("127.0.0.1:0".parse().unwrap()), ..plain(&[upstream]) }
}

async fn hits(app: &App, limit: &str) -> u64 {
    let name = format!("stowplan_limits_hit_total{{limit=\"{limit}\"}} ");
    let text = app.metrics("/metrics").await.body;
    text.lines().find_map(|line| line.strip_prefix(&name)).map_or(0, |count| count.parse().unwrap())
}

async fn until(upstream: &Upstream, requests: usize) {
    while upstream.requests().len() < requests {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn nobody_can_pretend_to_be_many_clients() {
    let upstream = silent().await;
    let app = App::start(with(Limits { requests_per_client: 1, ..Limits::default() }, &upstream)).await;
    let path = format!("/proxy/{}/v2/", upstream.host);
    let _held = app.send("GET", &path, &["x-forwarded-for: 198.51.100.1"]).await;
    until(&upstream, 1).await;
    app.ask("GET", &path, &["x-forwarded-for: 198.51.100.2"]).await.refused(503, "overloaded");
    assert_eq!(hits(&app, "requests-per-client").await, 1);
}

#[tokio::test]
async fn a_trusted_proxy_says_who_its_clients_are() {
    let upstream = silent().await;
    let config = with(Limits { requests_per_client: 1, ..Limits::default() }, &upstream);
    let app = App::start(Config { trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()], ..config }).await;
    let path = format!("/proxy/{}/v2/", upstream.host);
    let _first = app.send("GET", &path, &["x-forwarded-for: 203.0.113.9, 198.51.100.1"]).await;
    let _second = app.send("GET", &path, &["x-forwarded-for: 203.0.113.9, 198.51.100.2"]).await;
    let _third = app.send("GET", &path, &["x-forwarded-for: 2001:db8::1"]).await;
    until(&upstream, 3).await;
    for same in ["203.0.113.1, 198.51.100.1", "2001:db8::2"] {
        app.ask("GET", &path, &[&format!("x-forwarded-for: {same}")]).await.refused(503, "overloaded");
    }
}

#[tokio::test]
async fn connections_from_one_client_are_bounded() {
    let upstream = silent().await;
    let app = App::start(with(Limits { connections_per_client: 2, ..Limits::default() }, &upstream)).await;
    let _idle = [TcpStream::connect(app.address).await.unwrap(), TcpStream::connect(app.address).await.unwrap()];
    let mut third = TcpStream::connect(app.address).await.unwrap();
    let _ = third.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let mut bytes = Vec::new();
    let _ = third.read_to_end(&mut bytes).await;
    assert_eq!(bytes, b"", "closed without a word");
    assert_eq!(hits(&app, "connections-per-client").await, 1);
}

#[tokio::test]
async fn a_host_is_asked_so_much_at_a_time_and_the_rest_waits() {
    let upstream = Upstream::start(|head, mut stream| async move {
        if head.contains("/first") {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n1").await.unwrap();
            GO_ON.notified().await;
            stream.write_all(b"2").await.unwrap();
        } else {
            stream.write_all(answer("200 OK", &[], "second").as_bytes()).await.unwrap();
        }
    })
    .await;
    static GO_ON: Notify = Notify::const_new();
    let app = App::start(with(Limits { requests_per_host: 1, ..Limits::default() }, &upstream)).await;
    let mut first = app.send("GET", &format!("/proxy/{}/v2/first", upstream.host), &[]).await;
    read_until(&mut first, "\r\n\r\n1").await;
    let mut second = app.send("GET", &format!("/proxy/{}/v2/second", upstream.host), &[]).await;
    while hits(&app, "requests-per-host").await == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(upstream.requests().len(), 1, "the second waits for its turn");
    GO_ON.notify_one();
    read_until(&mut second, "second").await;
}

#[tokio::test]
async fn waiting_for_a_turn_has_an_end() {
    let upstream = silent().await;
    let limits = Limits { requests_per_host: 1, first_byte: Duration::from_millis(300), ..Limits::default() };
    let app = App::start(with(limits, &upstream)).await;
    let path = format!("/proxy/{}/v2/", upstream.host);
    let _first = app.send("GET", &path, &[]).await;
    app.get(&path).await.refused(504, "upstream-timeout");
}

#[tokio::test]
async fn an_answer_that_says_it_is_too_large_is_refused() {
    let upstream = serving("0123456789").await;
    let app = App::start(with(Limits { body: 9, ..Limits::default() }, &upstream)).await;
    let message = app.get(&format!("/proxy/{}/v2/", upstream.host)).await.refused(502, "body-too-large");
    assert_eq!(message, format!("\"{}\" sends 10 bytes, this proxy passes on 9 at most", upstream.host));
}

#[tokio::test]
async fn an_answer_that_grows_too_large_is_cut() {
    let upstream = Upstream::start(|_, mut stream| async move {
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        while stream.write_all(&[b'x'; 4096]).await.is_ok() {}
    })
    .await;
    let app = App::start(with(Limits { body: 100_000, ..Limits::default() }, &upstream)).await;
    let got = app.get(&format!("/proxy/{}/v2/", upstream.host)).await;
    assert!(got.body.len() < 120_000 && !got.body.ends_with("\r\n0\r\n\r\n"), "{}", got.body.len());
    assert!(app.metrics("/metrics").await.body.contains("stowplan_bodies_cut_total{reason=\"too-large\"} 1\n"));
}

#[tokio::test]
async fn an_answer_that_trickles_for_too_long_is_cut() {
    let upstream = Upstream::start(|_, mut stream| async move {
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        while stream.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    let app = App::start(with(Limits { whole: Duration::from_millis(300), ..Limits::default() }, &upstream)).await;
    let got = app.get(&format!("/proxy/{}/v2/", upstream.host)).await;
    assert!(got.status == 200 && !got.body.contains("\r\n0\r\n"), "{got:?}");
    assert!(app.metrics("/metrics").await.body.contains("stowplan_bodies_cut_total{reason=\"too-long\"} 1\n"));
}

#[tokio::test]
async fn a_client_that_had_its_bytes_is_slowed_down_and_then_told_to_wait() {
    let body: &'static str = Box::leak("x".repeat(60_000).into_boxed_str());
    let upstream = serving(body).await;
    let limits = Limits { client_bytes_per_minute: Some(50_000), ..Limits::default() };
    let app = App::start(with(limits, &upstream)).await;
    let path = format!("/proxy/{}/v2/", upstream.host);
    let start = Instant::now();
    assert_eq!(app.get(&path).await.body.len(), 60_000, "what has begun comes whole");
    let refused = app.get(&path).await;
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    let owed = 12_u64.saturating_sub(start.elapsed().as_secs());
    assert!((1..=owed + 1).contains(&wait), "{wait}");
    assert_eq!(refused.refused(503, "overloaded"), "this proxy has sent its bytes for this minute, try again later");
    assert!(hits(&app, "bytes-per-minute").await >= 1);
}

#[tokio::test]
async fn a_registry_that_says_when_to_come_back_is_left_alone_until_then() {
    let broken = Arc::new(AtomicBool::new(true));
    let state = Arc::clone(&broken);
    let upstream = Upstream::answering(move |_| match state.load(Relaxed) {
        true => answer("429 Too Many Requests", &["Retry-After: 60"], "slow down"),
        false => answer("200 OK", &[], "welcome"),
    })
    .await;
    let app =
        App::start(with(Limits { retry_after: Duration::from_millis(300), ..Limits::default() }, &upstream)).await;
    let path = format!("/proxy/{}/v2/a/manifests/1", upstream.host);
    let first = app.get(&path).await;
    assert_eq!((first.status, first.body.as_str(), first.header("retry-after")), (429, "slow down", Some("60")));
    assert_eq!(first.header("stowplan-refusal"), None, "the registry's own answer passes");
    broken.store(false, Relaxed);
    let second = app.get(&path).await;
    assert_eq!(second.header("retry-after"), Some("1"));
    let message = second.refused(429, "upstream-busy");
    assert_eq!(message, format!("\"{}\" answered 429 and asked to be left alone for 1 more s", upstream.host));
    assert_eq!(upstream.requests().len(), 1, "it was not asked again");
    let other = app.ask("GET", &path, &["authorization: Bearer other"]).await;
    assert_eq!(other.body, "welcome", "another account has a limit of its own");
    while app.get(&path).await.status != 200 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_date_says_when_to_come_back_too() {
    // The largest year that the form has, and one that is over.
    for (date, then) in [("Fri, 31 Dec 9999 23:59:59 GMT", 429), ("Sun, 06 Nov 1994 08:49:37 GMT", 503)] {
        let line = format!("Retry-After: {date}");
        let upstream = Upstream::answering(move |_| answer("503 Service Unavailable", &[&line], "")).await;
        let app = App::before(&[&upstream]).await;
        let path = format!("/proxy/{}/v2/a/manifests/1", upstream.host);
        assert_eq!(app.get(&path).await.header("retry-after"), Some(date), "the registry's own answer passes");
        assert_eq!(app.get(&path).await.status, then, "{date}");
    }
}
