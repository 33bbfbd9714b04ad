//! The server before a crowd that holds on: clients that ask for large things and do not read them, and visitors beside them.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use stowplan_server::{Config, Limits};
use support::{App, Upstream, answer, plain};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

/// The bytes that each hostile client asks for and does not read.
const HELD: usize = 128;
const VISITORS: usize = 100;

/// Blobs never end, everything else is answered at once.
async fn registry() -> Upstream {
    Upstream::start(|head, mut stream| async move {
        if head.contains("/blobs/") {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
            while stream.write_all(&[0; 65536]).await.is_ok() {}
        } else {
            let _ = stream.write_all(answer("200 OK", &[], "a manifest").as_bytes()).await;
        }
    })
    .await
}

async fn connect(from: [u8; 4], to: SocketAddr) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((IpAddr::from(from), 0).into())?;
    socket.set_recv_buffer_size(4096)?;
    socket.connect(to).await
}

async fn ask(from: [u8; 4], to: SocketAddr, path: &str) -> std::io::Result<TcpStream> {
    let mut stream = connect(from, to).await?;
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\n\r\n").as_bytes()).await?;
    Ok(stream)
}

/// That many clients, each with an address of its own, hold on to all that they can get.
async fn crowd(app: &App, clients: u8, path: &str) -> Vec<TcpStream> {
    let mut held = Vec::new();
    for client in 0..clients {
        for _ in 0..HELD {
            held.extend(ask([127, 1, 0, 1 + client], app.address, path).await.ok());
        }
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    held
}

/// Visitors, one after the other, each from an address of its own: how many were answered in full within two seconds.
async fn visits(app: &App, path: &str) -> (usize, Duration) {
    let (mut well, mut longest) = (0, Duration::ZERO);
    for visitor in 0..VISITORS {
        let (start, from) = (Instant::now(), [127, 2, 0, u8::try_from(visitor + 1).unwrap()]);
        let visit = async {
            let mut text = String::new();
            ask(from, app.address, path).await?.read_to_string(&mut text).await?;
            std::io::Result::Ok(text)
        };
        let got = tokio::time::timeout(Duration::from_secs(2), visit).await;
        longest = longest.max(start.elapsed());
        well += usize::from(
            matches!(got, Ok(Ok(text)) if text.starts_with("HTTP/1.1 200") && text.ends_with("a manifest")),
        );
    }
    (well, longest)
}

#[tokio::test(flavor = "multi_thread")]
async fn visitors_are_served_beside_a_crowd_that_does_not_read() {
    for clients in [1, 2, 4, 16] {
        let registry = registry().await;
        let app = App::start(plain(&[&registry])).await;
        let blob = format!("/proxy/{}/v2/a/blobs/sha256:ab", registry.host);
        let held = crowd(&app, clients, &blob).await;
        let (well, longest) = visits(&app, &format!("/proxy/{}/v2/a/manifests/1", registry.host)).await;
        println!("{clients} hostile clients, {} connections: {well} of {VISITORS} in {longest:?} at most", held.len());
        assert!(well * 100 >= VISITORS * 99, "{clients} hostile clients: {well} of {VISITORS} visitors were served");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_left_for_visitors() {
    for clients in [1, 4, 16] {
        let registry = registry().await;
        let limits = Limits { connections: 256, connections_per_client: 128, ..Limits::default() };
        let app = App::start(Config { limits, ..plain(&[&registry]) }).await;
        let mut held = Vec::new();
        for client in 0..clients {
            for _ in 0..HELD {
                held.extend(connect([127, 1, 0, 1 + client], app.address).await.ok());
            }
        }
        let (well, _) = visits(&app, &format!("/proxy/{}/v2/a/manifests/1", registry.host)).await;
        assert!(well * 100 >= VISITORS * 99, "{clients} hostile clients: {well} of {VISITORS} visitors were served");
    }
}

/// Takes a little of `stream` every 20 ms until it ends.
async fn sip(stream: &mut TcpStream, bytes: usize) -> usize {
    let (mut total, mut piece) = (0, vec![0; bytes]);
    loop {
        match stream.read(&mut piece).await {
            Ok(read) if read > 0 => total += read,
            _ => return total,
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_client_that_reads_too_slowly_is_cut_and_the_log_is_told_why() {
    let registry = registry().await;
    let limits = Limits { client_floor: 4 << 20, slow_window: Duration::from_millis(500), ..Limits::default() };
    let config = Config { limits, metrics: Some("127.0.0.1:0".parse().unwrap()), ..plain(&[&registry]) };
    let app = App::start(config).await;
    let blob = format!("/proxy/{}/v2/a/blobs/sha256:ab", registry.host);
    let mut slow = ask([127, 1, 0, 1], app.address, &blob).await.unwrap();
    let read = tokio::time::timeout(Duration::from_secs(20), sip(&mut slow, 1024)).await.expect("it is cut");
    assert!(read > 1024, "it was served until then");
    let metrics = app.metrics("/metrics").await.body;
    assert!(metrics.contains("stowplan_bodies_cut_total{reason=\"client-too-slow\"} 1\n"), "{metrics}");
    assert!(metrics.contains("stowplan_limits_hit_total{limit=\"client-floor\"} 1\n"), "{metrics}");
}

#[tokio::test]
async fn a_slow_registry_is_not_its_readers_fault() {
    let registry = Upstream::start(|_, mut stream| async move {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 30\r\n\r\n").await;
        for _ in 0..30 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            let _ = stream.write_all(b"x").await;
        }
    })
    .await;
    let limits = Limits { client_floor: 1 << 20, slow_window: Duration::from_millis(100), ..Limits::default() };
    let app = App::start(Config { limits, ..plain(&[&registry]) }).await;
    let got = app.get(&format!("/proxy/{}/v2/a/blobs/sha256:ab", registry.host)).await;
    assert_eq!(got.body, "x".repeat(30));
}

#[tokio::test]
async fn a_client_has_so_many_requests_a_minute() {
    let registry = registry().await;
    let app = App::start(Config {
        limits: Limits { requests_per_minute: Some(3), ..Limits::default() },
        metrics: Some("127.0.0.1:0".parse().unwrap()),
        ..plain(&[&registry])
    })
    .await;
    let path = format!("/proxy/{}/v2/a/manifests/1", registry.host);
    for _ in 0..3 {
        assert_eq!(app.get(&path).await.status, 200);
    }
    let refused = app.get(&path).await;
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=21).contains(&wait), "{wait}");
    refused.refused(429, "rate-limited");
    assert_eq!(registry.requests().len(), 3, "the registry was not asked");
    let mut text = String::new();
    ask([127, 3, 0, 1], app.address, &path).await.unwrap().read_to_string(&mut text).await.unwrap();
    assert!(text.starts_with("HTTP/1.1 200"), "another client has its own: {text}");
    let metrics = app.metrics("/metrics").await.body;
    assert!(metrics.contains("stowplan_limits_hit_total{limit=\"requests-per-minute\"} 1\n"), "{metrics}");
}

#[tokio::test]
async fn docker_hubs_manifests_have_a_bucket_of_their_own() {
    let limits = Limits { hub_manifests: Some(1), ..Limits::default() };
    let app = App::start(Config { limits, resolver: support::Fixed::at(&["10.0.0.1"]), ..Config::default() }).await;
    let hub = "/proxy/registry-1.docker.io/v2/library/alpine";
    let manifest = format!("{hub}/manifests/latest");
    app.get(&manifest).await.refused(403, "address-refused");
    app.get(&manifest).await.refused(429, "rate-limited");
    app.ask("HEAD", &manifest, &[]).await; // costs nothing at Docker Hub
    app.get(&format!("{hub}/blobs/sha256:ab")).await.refused(403, "address-refused");
    app.get("/proxy/ghcr.io/v2/a/manifests/latest").await.refused(403, "address-refused");
}
