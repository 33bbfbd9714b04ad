//! The static site: types, headers, revalidation, compressed neighbours.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::path::PathBuf;

use stowplan_server::{Config, PAGE_CSP};
use support::App;

fn dist(name: &str) -> PathBuf {
    let dist = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(dist.join("www")).unwrap();
    for (file, text) in [
        ("index.html", "<!doctype html>page"),
        ("www/api.js", "export {}"),
        ("www/api.js.br", "brotli"),
        ("www/core.wasm", "wasm"),
        ("www/page.css", "a{}"),
    ] {
        std::fs::write(dist.join(file), text).unwrap();
    }
    std::fs::write(dist.with_extension("secret"), "outside").unwrap();
    dist
}

async fn site(name: &str) -> App {
    App::start(Config { dist: Some(dist(name)), ..Config::default() }).await
}

#[tokio::test]
async fn files_have_their_types_and_strict_headers() {
    let app = site("types").await;
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/www/api.js", "text/javascript"),
        ("/www/core.wasm", "application/wasm"),
        ("/www/page.css", "text/css"),
    ] {
        let got = app.get(path).await;
        assert_eq!((got.status, got.header("content-type")), (200, Some(kind)), "{path}");
        assert_eq!(got.header("content-security-policy"), Some(PAGE_CSP));
        assert_eq!(got.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(got.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(got.header("cross-origin-opener-policy"), Some("same-origin"));
        assert_eq!(got.header("cache-control"), Some("no-cache"));
        assert!(got.header("permissions-policy").unwrap().starts_with("camera=(), "));
        let embedded = path.starts_with("/www/");
        assert_eq!(got.header("access-control-allow-origin"), embedded.then_some("*"), "{path}");
    }
}

#[tokio::test]
async fn a_known_file_is_not_sent_again() {
    let app = site("etag").await;
    let tag = format!("if-none-match: {}", app.get("/www/api.js").await.header("etag").unwrap());
    let again = app.ask("GET", "/www/api.js", &[&tag]).await;
    assert_eq!((again.status, again.body.as_str()), (304, ""));
}

#[tokio::test]
async fn compressed_neighbours_go_to_who_takes_them() {
    let app = site("brotli").await;
    let got = app.ask("GET", "/www/api.js", &["accept-encoding: gzip, br"]).await;
    assert_eq!((got.header("content-encoding"), got.body.as_str()), (Some("br"), "brotli"));
    assert_eq!(got.header("content-type"), Some("text/javascript"));
    assert_eq!(app.get("/www/api.js").await.body, "export {}");
}

#[tokio::test]
async fn a_file_that_changes_is_read_again() {
    let (app, path) = (site("changes").await, dist("changes").join("www/page.css"));
    assert_eq!(app.get("/www/page.css").await.body, "a{}");
    std::fs::write(&path, "longer{}").unwrap();
    assert_eq!(app.get("/www/page.css").await.body, "longer{}");
    std::fs::remove_file(&path).unwrap();
    assert_eq!(app.get("/www/page.css").await.status, 404);
}

#[tokio::test]
async fn nothing_outside_is_served() {
    let app = site("outside").await;
    for path in
        ["/nope", "/../outside.secret", "/%2e%2e/outside.secret", "/..%2foutside.secret", "//www", "//evil.example/"]
    {
        let got = app.get(path).await;
        assert_eq!((got.status, got.header("location")), (404, None), "{path}");
        assert_eq!(got.header("content-security-policy"), Some(PAGE_CSP));
    }
    assert_eq!(app.ask("POST", "/index.html", &[]).await.status, 405);
    let bare = App::start(Config::default()).await.get("/").await;
    assert!(bare.status == 404 && bare.body.contains("cargo xtask build"));
}
