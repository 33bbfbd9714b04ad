//! The proxy before a lying upstream: what passes, what is dropped, what is refused, which redirects are followed.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use stowplan_server::Config;
use support::{Answer, App, Upstream, answer, plain, read_until};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::Notify;

async fn fetch(upstream: &Upstream, method: &str, path: &str, headers: &[&str]) -> Answer {
    App::before(&[upstream]).await.ask(method, &format!("/proxy/{}{path}", upstream.host), headers).await
}

#[tokio::test]
async fn status_bytes_and_useful_headers_pass() {
    let upstream = Upstream::answering(|_| {
        let headers = [
            "Content-Type: application/vnd.oci.image.manifest.v1+json",
            "Docker-Content-Digest: sha256:ab",
            "RateLimit-Remaining: 99;w=21600",
            "Set-Cookie: session=1",
            "Content-Security-Policy: default-src *",
            "Access-Control-Allow-Origin: https://other.example",
        ];
        answer("200 OK", &headers, "\u{feff}{ }\n")
    })
    .await;
    let got = fetch(
        &upstream,
        "GET",
        "/v2/a/manifests/1?x=%2B&y",
        &["cookie: a=b", "accept: x/y", "origin: http://127.0.0.1:1"],
    )
    .await;
    assert_eq!((got.status, got.body.as_str()), (200, "\u{feff}{ }\n"));
    assert_eq!(got.header("docker-content-digest"), Some("sha256:ab"));
    assert_eq!(got.header("ratelimit-remaining"), Some("99;w=21600"));
    assert_eq!(got.header("access-control-allow-origin"), Some("http://127.0.0.1:1"));
    assert_eq!(got.header("vary"), Some("Origin"));
    assert!(got.header("access-control-expose-headers").unwrap().contains("Docker-Content-Digest"));
    assert_eq!(got.header("content-security-policy"), Some("sandbox; default-src 'none'; frame-ancestors 'none'"));
    assert_eq!(got.header("content-disposition"), Some("attachment"));
    assert_eq!(got.header("set-cookie"), None);
    assert_eq!(got.header("stowplan-refusal"), None);
    let sent = upstream.requests().concat();
    assert!(sent.starts_with("get /v2/a/manifests/1?x=%2b&y http/1.1\r\n"), "{sent}");
    assert!(sent.contains("accept-encoding: identity\r\n") && sent.contains("accept: x/y\r\n"), "{sent}");
    assert!(!sent.contains("cookie") && !sent.contains("origin"), "{sent}");
}

#[tokio::test]
async fn a_range_passes_both_ways() {
    let upstream =
        Upstream::answering(|_| answer("206 Partial Content", &["Content-Range: bytes 2-4/10"], "cde")).await;
    let got = fetch(&upstream, "GET", "/v2/a/blobs/sha256:ab", &["range: bytes=2-4"]).await;
    assert_eq!((got.status, got.body.as_str()), (206, "cde"));
    assert_eq!(got.header("content-range"), Some("bytes 2-4/10"));
    assert!(upstream.requests()[0].contains("range: bytes=2-4\r\n"));
}

#[tokio::test]
async fn head_keeps_its_length() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 1234\r\nconnection: close\r\n\r\n";
    let upstream = Upstream::answering(move |_| head.to_owned()).await;
    let got = fetch(&upstream, "HEAD", "/v2/a/manifests/1", &[]).await;
    assert_eq!((got.status, got.header("content-length"), got.body.as_str()), (200, Some("1234"), ""));
}

#[tokio::test]
async fn errors_of_the_registry_pass_as_its_own() {
    let headers = ["WWW-Authenticate: Bearer realm=\"https://a.example/token\"", "Retry-After: 7"];
    let upstream = Upstream::answering(move |_| answer("401 Unauthorized", &headers, "{\"errors\":[]}")).await;
    let got = fetch(&upstream, "GET", "/v2/", &[]).await;
    assert_eq!((got.status, got.header("retry-after")), (401, Some("7")));
    assert_eq!(got.header("www-authenticate"), Some("Bearer realm=\"https://a.example/token\""));
    assert_eq!(got.header("stowplan-refusal"), None);
}

#[tokio::test]
async fn compressed_bytes_pass_with_their_label() {
    let upstream = Upstream::answering(|_| answer("200 OK", &["Content-Encoding: gzip"], "\u{1f}gz")).await;
    let got = fetch(&upstream, "GET", "/v2/a/blobs/sha256:ab", &["accept-encoding: gzip"]).await;
    assert_eq!((got.header("content-encoding"), got.body.as_str()), (Some("gzip"), "\u{1f}gz"));
    assert!(got.header("access-control-expose-headers").unwrap().contains("Content-Encoding"));
}

#[tokio::test]
async fn bytes_stream_before_the_body_ends() {
    static GO_ON: Notify = Notify::const_new();
    let upstream = Upstream::start(|_, mut stream| async move {
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nfirst").await.unwrap();
        GO_ON.notified().await;
        stream.write_all(b"later").await.unwrap();
    })
    .await;
    let app = App::before(&[&upstream]).await;
    let mut stream = app.send("GET", &format!("/proxy/{}/v2/a/blobs/b", upstream.host), &[]).await;
    read_until(&mut stream, "first").await;
    GO_ON.notify_one();
    read_until(&mut stream, "later").await;
}

#[tokio::test]
async fn a_cut_body_is_not_made_whole() {
    let upstream =
        Upstream::answering(|_| "HTTP/1.1 200 OK\r\ncontent-length: 100\r\nconnection: close\r\n\r\nhalf".to_owned())
            .await;
    let got = fetch(&upstream, "GET", "/v2/a/blobs/b", &[]).await;
    assert_eq!((got.header("content-length"), got.body.as_str()), (Some("100"), "half"));
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n";
    let upstream = Upstream::answering(move |_| chunked.to_owned()).await;
    let got = fetch(&upstream, "GET", "/v2/a/blobs/b", &[]).await;
    assert!(!got.body.contains("\r\n0\r\n"), "no end is made up: {got:?}");
}

#[tokio::test]
async fn preflight_is_answered_here() {
    let upstream = Upstream::answering(|_| answer("401 Unauthorized", &[], "")).await;
    let got = fetch(
        &upstream,
        "OPTIONS",
        "/v2/",
        &["origin: http://localhost:1", "access-control-request-headers: authorization"],
    )
    .await;
    assert_eq!((got.status, got.header("access-control-allow-origin")), (204, Some("http://localhost:1")));
    assert!(got.header("access-control-allow-headers").unwrap().contains("Authorization"));
    assert_eq!(got.header("access-control-max-age"), Some("7200"));
    assert!(upstream.requests().is_empty(), "the registry is not asked");
}

#[tokio::test]
async fn refusals_ask_nobody() {
    let upstream = Upstream::answering(|_| answer("200 OK", &[], "secret")).await;
    for (method, path, headers, status, code) in [
        ("POST", "/v2/a/blobs/uploads/", &[][..], 405, "method-not-allowed"),
        ("DELETE", "/v2/a/manifests/1", &[], 405, "method-not-allowed"),
        ("GET", "/debug/vars", &[], 403, "path-not-allowed"),
        ("GET", "/v2/../debug/vars", &[], 400, "invalid-target"),
        ("GET", "/v2/%2e%2e/debug/vars", &[], 400, "invalid-target"),
        ("GET", "//v2/", &[], 400, "invalid-target"),
        ("GET", "/v2/", &["service-worker: script"], 403, "not-a-fetch"),
        ("GET", "/v2/", &["sec-fetch-dest: document"], 403, "not-a-fetch"),
        ("GET", "/v2/", &["sec-fetch-dest: script"], 403, "not-a-fetch"),
        ("GET", "/v2/", &["content-length: 1"], 400, "body-not-allowed"),
    ] {
        fetch(&upstream, method, path, headers).await.refused(status, code);
    }
    let app = App::before(&[]).await;
    app.get(&format!("/proxy/{}/v2/", upstream.host)).await.refused(403, "address-refused");
    app.get("/proxy/r.example/v2/").await.refused(403, "host-not-allowed");
    app.get(&format!("/proxy/user@{}/v2/", upstream.host)).await.refused(400, "invalid-target");
    assert!(upstream.requests().is_empty());
}

#[tokio::test]
async fn absolute_addresses_are_not_answered() {
    let got = App::before(&[]).await.get("http://other.example/proxy/ghcr.io/v2/").await;
    assert_eq!((got.status, got.body.as_str()), (400, "this server answers paths, not absolute addresses\n"));
}

#[tokio::test]
async fn authorization_stays_with_its_host_over_redirects() {
    let store = Upstream::answering(|_| answer("200 OK", &[], "blob")).await;
    let to = format!("Location: http://{}/v2/store?sig=a%2Fb", store.host);
    let registry = Upstream::answering(move |request| {
        let location = if request.starts_with("GET /v2/first") { "Location: second" } else { &to };
        answer("307 Temporary Redirect", &[location], "moved")
    })
    .await;
    let app = App::before(&[&registry, &store]).await;
    let path = format!("/proxy/{}/v2/first", registry.host);
    let got = app.ask("GET", &path, &["authorization: Bearer secret", "range: bytes=0-3"]).await;
    assert_eq!((got.status, got.body.as_str(), got.header("location")), (200, "blob", None));
    let asked = registry.requests();
    assert!(asked.len() == 2 && asked.iter().all(|request| request.contains("authorization: bearer secret")));
    assert!(asked[1].starts_with("get /v2/second "));
    let stored = store.requests().concat();
    assert!(stored.starts_with("get /v2/store?sig=a%2fb ") && stored.contains("range: bytes=0-3"), "{stored}");
    assert!(!stored.contains("secret"), "{stored}");
}

#[tokio::test]
async fn redirects_to_private_places_are_refused() {
    let inside = Upstream::answering(|_| answer("200 OK", &[], "inside")).await;
    for (location, status, code) in [
        (format!("http://{}/v2/", inside.host), 403, "address-refused"),
        (format!("https://{}/v2/", inside.host), 403, "address-refused"),
        (format!("//{}/v2/", inside.host), 403, "address-refused"),
        ("http://169.254.169.254/latest/".to_owned(), 403, "address-refused"),
        ("http://cdn.example/".to_owned(), 502, "redirect-refused"),
        ("file:///etc/passwd".to_owned(), 502, "redirect-refused"),
    ] {
        let line = format!("Location: {location}");
        let registry = Upstream::answering(move |_| answer("302 Found", &[&line], "")).await;
        fetch(&registry, "GET", "/v2/a", &[]).await.refused(status, code);
    }
    assert!(inside.requests().is_empty());
}

#[tokio::test]
async fn redirect_loops_end() {
    let upstream = Upstream::answering(|_| answer("307 Temporary Redirect", &["Location: /v2/a"], "")).await;
    let message = fetch(&upstream, "GET", "/v2/a", &[]).await.refused(502, "too-many-redirects");
    assert_eq!(message, "the registry redirects more than 5 times");
    assert_eq!(upstream.requests().len(), 6);
}

#[tokio::test]
async fn an_upstream_that_is_not_there_is_said_so() {
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gone = closed.local_addr().unwrap().to_string();
    drop(closed);
    let mut config = plain(&[]);
    config.plain_http.push(gone.clone());
    let message =
        App::start(config).await.get(&format!("/proxy/{gone}/v2/")).await.refused(502, "upstream-unreachable");
    assert!(message.starts_with(&format!("\"{gone}\" cannot be reached: ")), "{message}");
}

#[tokio::test]
async fn what_is_not_http_or_too_long_is_refused() {
    let long = format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "y".repeat(20_000));
    for (head, code) in [("SSH-2.0-OpenSSH_9.2\r\n\r\n".to_owned(), "upstream-unreachable"), (long, "upstream-invalid")]
    {
        let upstream = Upstream::answering(move |_| head.clone()).await;
        fetch(&upstream, "GET", "/v2/", &[]).await.refused(502, code);
    }
}

#[tokio::test]
async fn a_large_body_arrives_whole() {
    let upstream = Upstream::start(|_, mut stream| async move {
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 33554432\r\n\r\n").await.unwrap();
        for _ in 0..512 {
            stream.write_all(&[b'x'; 65536]).await.unwrap();
        }
    })
    .await;
    let app = App::before(&[&upstream]).await;
    let mut stream = app.send("GET", &format!("/proxy/{}/v2/a/blobs/b", upstream.host), &[]).await;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    assert_eq!(bytes.iter().rev().take_while(|byte| **byte == b'x').count(), 32 * 1024 * 1024);
}

#[tokio::test]
async fn a_host_allowed_by_name_is_not_for_foreign_pages() {
    let upstream = Upstream::answering(|_| answer("200 OK", &[], "secret")).await;
    let path = format!("/proxy/{}/v2/", upstream.host);
    let app = App::start(Config { origins: vec!["https://page.example".into()], ..support::plain(&[&upstream]) }).await;
    for method in ["GET", "HEAD", "OPTIONS"] {
        let got = app.ask(method, &path, &["origin: https://evil.example"]).await;
        assert_eq!((got.status, got.header("stowplan-refusal")), (403, Some("origin-not-allowed")), "{method}");
    }
    app.ask("GET", &path, &["sec-fetch-site: cross-site"]).await.refused(403, "origin-not-allowed");
    assert!(upstream.requests().is_empty(), "the registry is not asked");
    let got = app.ask("GET", &path, &["origin: https://page.example", "sec-fetch-site: cross-site"]).await;
    assert_eq!((got.status, got.header("access-control-allow-origin")), (200, Some("https://page.example")));
}
