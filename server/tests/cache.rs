//! The cache as clients meet it: what is kept, what never is, ranges, room, crashes, two servers over one directory.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256, Sha512};
use stowplan_server::{CacheConfig, Config};
use support::{App, Upstream, answer, plain};
use tokio::io::AsyncWriteExt as _;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn sha256(text: &str) -> String {
    format!("sha256:{}", hex(&Sha256::digest(text)))
}

/// An empty directory of the test's own.
fn folder(name: &str) -> PathBuf {
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("cache-{name}"));
    let _ = fs::remove_dir_all(&dir);
    dir
}

/// A registry that gives the same body for every path.
async fn registry(headers: &'static [&'static str], body: &str) -> Upstream {
    let answered = answer("200 OK", headers, body);
    Upstream::answering(move |_| answered.clone()).await
}

async fn app(dir: &Path, size: u64, upstream: &Upstream) -> App {
    let cache = Some(CacheConfig { dir: dir.to_owned(), size });
    App::start(Config { cache, metrics: Some("127.0.0.1:0".parse().unwrap()), ..plain(&[upstream]) }).await
}

async fn count(app: &App, event: &str) -> u64 {
    let name = format!("stowplan_cache_total{{event=\"{event}\"}} ");
    let text = app.metrics("/metrics").await.body;
    text.lines().find_map(|line| line.strip_prefix(&name)).map_or(0, |count| count.parse().unwrap())
}

/// The write beside an answer ends a moment after the answer.
async fn until(app: &App, event: &str, times: u64) {
    while count(app, event).await < times {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Every file in the cache but its tag, those being written first.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        match entry.path() {
            path if path.is_dir() => found.extend(files(&path)),
            path if path.ends_with("CACHEDIR.TAG") => {}
            path => found.push(path),
        }
    }
    found.sort();
    found
}

#[tokio::test]
async fn a_wrong_digest_header_is_not_told_to_the_next_visitor() {
    let upstream = registry(&["Docker-Content-Digest: sha256:claimed"], "layer").await;
    let (dir, path) = (folder("wrong-digest"), format!("/proxy/{}/v2/a/b/blobs/{}", upstream.host, sha256("layer")));
    let app = app(&dir, 1 << 20, &upstream).await;
    assert_eq!(app.get(&path).await.header("docker-content-digest"), Some("sha256:claimed"));
    until(&app, "stored", 1).await;
    let kept = app.get(&path).await;
    assert_eq!((kept.body.as_str(), kept.header("docker-content-digest")), ("layer", None));
}

#[tokio::test]
async fn content_is_asked_for_once_and_survives_a_restart() {
    let digest: &str = format!("Docker-Content-Digest: {}", sha256("layer")).leak();
    let headers: &[&str] = vec!["Content-Type: application/x-layer", digest, "ETag: \"e\""].leak();
    let upstream = registry(headers, "layer").await;
    let (dir, path) = (folder("once"), format!("/proxy/{}/v2/a/b/blobs/{}", upstream.host, sha256("layer")));
    let first = app(&dir, 1 << 20, &upstream).await;
    let fresh = first.get(&path).await;
    until(&first, "stored", 1).await;
    let second = app(&dir, 1 << 20, &upstream).await;
    for app in [&first, &second] {
        let kept = app.get(&path).await;
        assert_eq!((kept.status, kept.body.as_str()), (200, "layer"));
        for name in [
            "content-type",
            "docker-content-digest",
            "etag",
            "content-length",
            "access-control-allow-origin",
            "content-security-policy",
            "cache-control",
        ] {
            assert_eq!(kept.header(name), fresh.header(name), "{name}");
        }
        assert_eq!(count(app, "hit").await, 1);
    }
    assert_eq!(upstream.requests().len(), 1);
    let names: Vec<_> =
        files(&dir).iter().map(|file| file.file_name().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(names, [hex(&Sha256::digest(format!("http://{}/v2/a/b/blobs/{}", upstream.host, sha256("layer"))))]);
}

#[tokio::test]
async fn sha512_is_content_too() {
    let upstream = registry(&[], "layer").await;
    let (dir, digest) = (folder("sha512"), hex(&Sha512::digest("layer")));
    let app = app(&dir, 1 << 20, &upstream).await;
    for digest in [&digest, &"0".repeat(128)] {
        let path = format!("/proxy/{}/v2/a/b/blobs/sha512:{digest}", upstream.host);
        assert_eq!(app.get(&path).await.body, "layer");
    }
    until(&app, "stored", 1).await;
    until(&app, "wrong-digest", 1).await;
    assert_eq!(app.get(&format!("/proxy/{}/v2/a/b/blobs/sha512:{digest}", upstream.host)).await.body, "layer");
    assert_eq!(upstream.requests().len(), 2);
}

#[tokio::test]
async fn bytes_of_another_digest_pass_and_are_not_kept() {
    let upstream = registry(&[], "lies").await;
    let (dir, path) = (folder("lies"), format!("/proxy/{}/v2/a/b/blobs/{}", upstream.host, sha256("truth")));
    let app = app(&dir, 1 << 20, &upstream).await;
    for times in 1..=2 {
        assert_eq!(app.get(&path).await.body, "lies", "the page finds out itself");
        until(&app, "wrong-digest", times).await;
    }
    assert_eq!(upstream.requests().len(), 2);
    assert_eq!(files(&dir), [] as [PathBuf; 0]);
}

#[tokio::test]
async fn private_content_and_tags_are_never_kept() {
    let upstream = registry(&[], "secret").await;
    let dir = folder("private");
    let app = app(&dir, 1 << 20, &upstream).await;
    let by_digest = format!("/proxy/{}/v2/a/b/blobs/{}", upstream.host, sha256("secret"));
    let by_tag = format!("/proxy/{}/v2/a/b/manifests/latest", upstream.host);
    for _ in 0..2 {
        app.ask("GET", &by_digest, &["authorization: Bearer t"]).await;
        app.get(&by_tag).await;
    }
    assert_eq!((upstream.requests().len(), files(&dir).len()), (4, 0));
    app.get(&by_digest).await;
    until(&app, "stored", 1).await;
    app.ask("GET", &by_digest, &["authorization: Bearer t"]).await;
    assert_eq!(upstream.requests().len(), 6, "a client that shows credentials is answered by the registry");
    assert_eq!(count(&app, "miss").await, 1);
}

#[tokio::test]
async fn what_one_registry_gives_is_no_answer_for_another() {
    let (one, other) = (registry(&[], "same").await, Upstream::answering(|_| answer("404 Not Found", &[], "no")).await);
    let dir = folder("another");
    let cache = Some(CacheConfig { dir: dir.clone(), size: 1 << 20 });
    let app =
        App::start(Config { cache, metrics: Some("127.0.0.1:0".parse().unwrap()), ..plain(&[&one, &other]) }).await;
    app.get(&format!("/proxy/{}/v2/a/blobs/{}", one.host, sha256("same"))).await;
    until(&app, "stored", 1).await;
    assert_eq!(app.get(&format!("/proxy/{}/v2/a/blobs/{}", other.host, sha256("same"))).await.status, 404);
    assert_eq!(files(&dir).len(), 1, "errors are not kept");
}

#[tokio::test]
async fn what_is_encoded_or_forbidden_is_not_kept() {
    for headers in
        [&["Content-Encoding: gzip"][..], &["Cache-Control: no-store"], &["Cache-Control: private, max-age=60"]]
    {
        let headers: &'static [&'static str] = headers;
        let upstream = registry(headers, "layer").await;
        let (dir, path) = (folder("forbidden"), format!("/proxy/{}/v2/a/blobs/{}", upstream.host, sha256("layer")));
        let app = app(&dir, 1 << 20, &upstream).await;
        app.get(&path).await;
        app.get(&path).await;
        assert_eq!((upstream.requests().len(), files(&dir).len()), (2, 0), "{headers:?}");
    }
}

#[tokio::test]
async fn ranges_and_heads_come_out_of_it() {
    let upstream = registry(&["ETag: \"e\""], "0123456789").await;
    let (dir, path) = (folder("ranges"), format!("/proxy/{}/v2/a/blobs/{}", upstream.host, sha256("0123456789")));
    let app = app(&dir, 1 << 20, &upstream).await;
    let miss = app.ask("GET", &path, &["range: bytes=2-4"]).await;
    assert_eq!(miss.status, 200, "this registry ignores ranges");
    until(&app, "stored", 1).await;
    let part = app.ask("GET", &path, &["range: bytes=2-4"]).await;
    assert_eq!((part.status, part.body.as_str()), (206, "234"));
    assert_eq!((part.header("content-range"), part.header("content-length")), (Some("bytes 2-4/10"), Some("3")));
    let rest = app.ask("GET", &path, &["range: bytes=7-", "if-range: \"e\""]).await;
    assert_eq!((rest.status, rest.body.as_str()), (206, "789"));
    let changed = app.ask("GET", &path, &["range: bytes=7-", "if-range: \"other\""]).await;
    assert_eq!((changed.status, changed.body.as_str()), (200, "0123456789"));
    let behind = app.ask("GET", &path, &["range: bytes=10-"]).await;
    assert_eq!((behind.status, behind.header("content-range")), (416, Some("bytes */10")));
    let head = app.ask("HEAD", &path, &[]).await;
    assert_eq!((head.status, head.header("content-length"), head.body.as_str()), (200, Some("10"), ""));
    assert_eq!(upstream.requests().len(), 1);
    assert!(app.metrics("/metrics").await.body.contains("stowplan_requests_total{outcome=\"cache\"} 5\n"));
}

#[tokio::test]
async fn what_was_used_least_recently_makes_room() {
    let upstream = Upstream::answering(|request| {
        let digit = request.split("/v2/").nth(1).and_then(|rest| rest.chars().next()).unwrap();
        answer("200 OK", &[], &digit.to_string().repeat(40_000))
    })
    .await;
    let dir = folder("room");
    let app = app(&dir, 150_000, &upstream).await;
    let path =
        |digit: u64| format!("/proxy/{}/v2/{digit}/blobs/{}", upstream.host, sha256(&digit.to_string().repeat(40_000)));
    let mut oldest = None;
    for digit in 1..=3 {
        app.get(&path(digit)).await;
        until(&app, "stored", digit).await;
        let new = files(&dir).into_iter().find(|file| Some(file) != oldest.as_ref()).unwrap();
        let age = Duration::from_secs(3600 * (10 - digit));
        fs::File::open(&new).unwrap().set_modified(SystemTime::now() - age).unwrap();
        oldest.get_or_insert(new);
    }
    for file in files(&dir) {
        let age = if Some(&file) == oldest.as_ref() { 7200 } else { 3600 };
        fs::File::open(&file).unwrap().set_modified(SystemTime::now() - Duration::from_secs(age)).unwrap();
    }
    app.get(&path(1)).await; // used again, so it stays
    assert_eq!(count(&app, "hit").await, 1);
    app.get(&path(4)).await;
    until(&app, "stored", 4).await;
    until(&app, "evicted", 1).await;
    let sum: u64 = files(&dir).iter().map(|file| file.metadata().unwrap().len()).sum();
    assert!(sum <= 150_000 && files(&dir).len() == 3, "{sum}");
    app.get(&path(1)).await;
    assert_eq!(count(&app, "hit").await, 2);
    app.get(&format!("/proxy/{}/v2/5/blobs/{}", upstream.host, sha256(&"5".repeat(40_000)))).await;
}

#[tokio::test]
async fn what_is_larger_than_half_of_it_is_not_kept() {
    let body: &'static str = Box::leak("x".repeat(60_000).into_boxed_str());
    let upstream = Upstream::answering(move |request| match request.contains("/said/") {
        true => answer("200 OK", &[], body),
        false => format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{body}"),
    })
    .await;
    let dir = folder("half");
    let app = app(&dir, 100_000, &upstream).await;
    for (name, event) in [("said", "too-large"), ("unsaid", "given-up")] {
        let got = app.get(&format!("/proxy/{}/v2/{name}/blobs/{}", upstream.host, sha256(body))).await;
        assert!(got.body.len() >= 60_000);
        until(&app, event, 1).await;
    }
    assert_eq!(files(&dir).len(), 0);
}

#[tokio::test]
async fn a_body_that_breaks_off_leaves_nothing() {
    let upstream = Upstream::start(|_, mut stream| async move {
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf").await.unwrap();
    })
    .await;
    let (dir, path) = (folder("broken"), format!("/proxy/{}/v2/a/blobs/{}", upstream.host, sha256("half")));
    let app = app(&dir, 1 << 20, &upstream).await;
    assert_eq!(app.get(&path).await.body, "half");
    until(&app, "given-up", 1).await;
    assert_eq!(files(&dir).len(), 0);
}

#[tokio::test]
async fn a_file_that_is_not_whole_is_fetched_anew() {
    let upstream = registry(&[], "layer").await;
    let (dir, path) = (folder("torn"), format!("/proxy/{}/v2/a/blobs/{}", upstream.host, sha256("layer")));
    let app = app(&dir, 1 << 20, &upstream).await;
    for (times, damage) in [(1, &b"stowplan-kept-1\n"[..]), (3, b""), (5, &[0xff; 64])] {
        app.get(&path).await;
        until(&app, "stored", times).await;
        fs::write(&files(&dir)[0], damage).unwrap();
        assert_eq!(app.get(&path).await.body, "layer", "{damage:?}");
        until(&app, "stored", times + 1).await;
        fs::remove_file(&files(&dir)[0]).unwrap();
    }
}

#[tokio::test]
async fn parts_of_a_process_that_fell_are_swept_and_those_of_a_living_one_are_not() {
    let (dir, upstream) = (folder("fell"), registry(&[], "layer").await);
    fs::create_dir_all(dir.join("partial-1")).unwrap();
    let (old, new) = (dir.join("partial-1/1-1-1"), dir.join("partial-1/2-2-2"));
    fs::write(&old, "old").unwrap();
    fs::write(&new, "new").unwrap();
    fs::File::open(&old).unwrap().set_modified(SystemTime::now() - Duration::from_secs(7200)).unwrap();
    let _app = app(&dir, 1 << 20, &upstream).await;
    assert!(!old.exists() && new.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_and_two_servers_all_get_the_right_bytes() {
    let body: &'static str = Box::leak("0123456789abcdef".repeat(65_536).into_boxed_str());
    let upstream = registry(&[], body).await;
    let (dir, path) = (folder("many"), format!("/proxy/{}/v2/a/blobs/{}", upstream.host, sha256(body)));
    let apps = [app(&dir, 1 << 24, &upstream).await, app(&dir, 1 << 24, &upstream).await];
    let asking = (0..24).map(|n| {
        let (address, path) = (apps[n % 2].address, path.clone());
        tokio::spawn(async move { support::get(address, &path).await.body == body })
    });
    for answered in asking.collect::<Vec<_>>() {
        assert!(answered.await.unwrap());
    }
    while files(&dir).iter().any(|file| file.parent().unwrap().ends_with("partial-1")) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(files(&dir).len(), 1);
    let asked = upstream.requests().len();
    for app in &apps {
        assert!(app.get(&path).await.body == body);
    }
    assert_eq!(upstream.requests().len(), asked);
}

#[tokio::test]
async fn a_directory_that_cannot_be_made_is_said_so() {
    let file = folder("file").with_extension("txt");
    fs::write(&file, "not a directory").unwrap();
    let cache = file.to_str().unwrap();
    let (status, _, error) = support::binary::run(&["--port", "0", "--cache-dir", cache], &[]);
    assert_eq!(status, 1);
    assert!(error.starts_with(&format!("error: cannot keep a cache in {cache}: ")), "{error}");
}

#[tokio::test]
async fn its_tag_is_not_written_through_a_link() {
    let (dir, upstream) = (folder("link"), registry(&[], "layer").await);
    fs::create_dir_all(&dir).unwrap();
    let other = dir.with_extension("other");
    fs::write(&other, "another program's").unwrap();
    std::os::unix::fs::symlink(&other, dir.join("CACHEDIR.TAG")).unwrap();
    let _app = app(&dir, 1 << 20, &upstream).await;
    assert_eq!(fs::read_to_string(&other).unwrap(), "another program's");
}

#[tokio::test]
async fn a_disk_that_takes_nothing_costs_the_answer_nothing() {
    let (dir, upstream) = (folder("fails"), registry(&[], "layer").await);
    let app = app(&dir, 1 << 20, &upstream).await;
    fs::remove_dir_all(dir.join("partial-1")).unwrap();
    let path = format!("/proxy/{}/v2/a/blobs/{}", upstream.host, sha256("layer"));
    for times in 1..=2 {
        assert_eq!(app.get(&path).await.body, "layer");
        until(&app, "failed", times).await;
    }
    assert_eq!(files(&dir).len(), 0);
}

#[tokio::test]
async fn what_is_being_written_counts_too() {
    // Bodies that go on for ever, at a pace, and say nothing of their length.
    let upstream = Upstream::start(|_, mut stream| async move {
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        while stream.write_all(&[b'x'; 4096]).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    })
    .await;
    let (dir, size) = (folder("writing"), 400_000);
    let app = app(&dir, size, &upstream).await;
    let mut readers = Vec::new();
    for one in 0..8 {
        let path = format!("/proxy/{}/v2/a/blobs/{}", upstream.host, sha256(&one.to_string()));
        let mut stream = app.send("GET", &path, &[]).await;
        readers.push(tokio::spawn(async move {
            let mut piece = [0; 65_536];
            while tokio::io::AsyncReadExt::read(&mut stream, &mut piece).await.is_ok_and(|read| read > 0) {}
        }));
    }
    let mut most = 0;
    while count(&app, "given-up").await < 8 {
        let sum: u64 = files(&dir).iter().filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum();
        most = most.max(sum);
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    readers.iter().for_each(tokio::task::JoinHandle::abort);
    assert!(most > 0 && most <= size, "{most}");
    assert_eq!(files(&dir).len(), 0);
}
