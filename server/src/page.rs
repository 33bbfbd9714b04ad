//! The site, the page's files: those inside the program, which `build.rs` found, or those of a folder, each with its type,
//! its tag and its brotli neighbour.
//!
//! A file of a folder is read once and then answered from memory, until it changes: thousands of slow readers share its
//! bytes, where each would hold buffers of its own.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::SystemTime;

use axum::body::{Body, Bytes};
use http::header::{self, HeaderMap, HeaderValue};
use http::request::Parts;
use http::{Method, Response, StatusCode};
use sha2::{Digest as _, Sha256};

include!(concat!(env!("OUT_DIR"), "/page.rs"));

static PAGE: LazyLock<HashMap<&'static str, Arc<File>>> = LazyLock::new(|| {
    FILES.iter().map(|(name, bytes)| (*name, Arc::new(File::new(name, Bytes::from_static(bytes))))).collect()
});

/// The largest file of a folder that is served; the page's own are a few megabytes.
const LARGEST: u64 = 64 << 20;
/// The most that is kept of a folder.
const KEPT: u64 = 256 << 20;

pub(crate) struct File {
    bytes: Bytes,
    kind: HeaderValue,
    tag: HeaderValue,
}

/// The source of the page's files.
#[derive(Clone)]
pub(crate) enum Source {
    BuiltIn,
    Folder(Arc<Folder>),
}

/// A folder, and what was read of it.
pub(crate) struct Folder {
    path: PathBuf,
    kept: Mutex<HashMap<String, Kept>>,
    /// Held while a file is read, so that a crowd that asks for it reads it once.
    reading: tokio::sync::Mutex<()>,
}

struct Kept {
    length: u64,
    modified: Option<SystemTime>,
    file: Arc<File>,
}

impl Source {
    pub(crate) fn folder(path: PathBuf) -> Self {
        Self::Folder(Arc::new(Folder { path, kept: Mutex::default(), reading: tokio::sync::Mutex::default() }))
    }

    async fn find(&self, name: &str) -> Option<Arc<File>> {
        match self {
            Self::BuiltIn => PAGE.get(name).cloned(),
            Self::Folder(folder) => folder.find(name).await,
        }
    }
}

impl Folder {
    async fn find(&self, name: &str) -> Option<Arc<File>> {
        if !is_inside(name) {
            return None;
        }
        let path = self.path.join(name);
        let facts = tokio::fs::metadata(&path).await.ok().filter(|facts| facts.is_file() && facts.len() <= LARGEST)?;
        let (length, modified) = (facts.len(), facts.modified().ok());
        let known = || {
            let kept = self.lock();
            let known = kept.get(name).filter(|kept| (kept.length, kept.modified) == (length, modified));
            known.map(|kept| Arc::clone(&kept.file))
        };
        if let Some(file) = known() {
            return Some(file);
        }
        let _reading = self.reading.lock().await;
        if let Some(file) = known() {
            return Some(file);
        }
        let file = Arc::new(File::new(name, tokio::fs::read(&path).await.ok()?.into()));
        let mut kept = self.lock();
        if kept.values().map(|kept| kept.length).sum::<u64>() + length > KEPT {
            kept.clear();
        }
        kept.insert(name.to_owned(), Kept { length, modified, file: Arc::clone(&file) });
        Some(file)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// True if an address names a file below the folder without encoding: the page's names need none.
fn is_inside(name: &str) -> bool {
    !name.contains(['%', '\\', ':', '\0']) && name.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

impl File {
    fn new(name: &str, bytes: Bytes) -> Self {
        let name = name.strip_suffix(".br").unwrap_or(name);
        let kind = mime_guess::from_path(name).first_or_octet_stream();
        let kind = if kind.type_() == "text" && name.ends_with(".html") {
            format!("{kind}; charset=utf-8")
        } else {
            kind.to_string()
        };
        let hash: String = Sha256::digest(&bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let value =
            |text: String| HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("application/octet-stream"));
        Self { bytes, kind: value(kind), tag: value(format!("\"{hash}\"")) }
    }
}

/// True if a page was built in.
pub(crate) fn is_there() -> bool {
    !FILES.is_empty()
}

/// The answer to a request for a file of the page; `None` if it has no such file.
pub(crate) async fn answer(source: &Source, request: &Parts) -> Option<Response<Body>> {
    let name = request.uri.path().trim_start_matches('/');
    let name = if name.is_empty() { "index.html" } else { name };
    if request.method != Method::GET && request.method != Method::HEAD {
        return Some(refused());
    }
    let (plain, headers) = (source.find(name).await?, &request.headers);
    let small = if takes_brotli(headers) { source.find(&format!("{name}.br")).await } else { None };
    let brotli = small.is_some();
    Some(respond(&small.unwrap_or_else(|| Arc::clone(&plain)), &plain.kind, brotli, headers))
}

fn respond(file: &File, kind: &HeaderValue, brotli: bool, asked: &HeaderMap) -> Response<Body> {
    let known = asked.get(header::IF_NONE_MATCH).is_some_and(|value| lists(value, &file.tag));
    let mut response = Response::new(if known { Body::empty() } else { Body::from(file.bytes.clone()) });
    let headers = response.headers_mut();
    headers.insert(header::ETAG, file.tag.clone());
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    headers.insert(header::CONTENT_TYPE, kind.clone());
    if brotli {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    response
}

fn refused() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
    response
}

fn takes_brotli(headers: &HeaderMap) -> bool {
    let text = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.split(',').any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        name.trim().eq_ignore_ascii_case("br") && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

/// True if an `If-None-Match` names `tag`; nginx makes weak tags of ours if it compresses.
fn lists(value: &HeaderValue, tag: &HeaderValue) -> bool {
    let (Ok(value), Ok(tag)) = (value.to_str(), tag.to_str()) else { return false };
    value
        .split(',')
        .any(|one| matches!(one.trim().trim_start_matches("W/"), "*") || one.trim().trim_start_matches("W/") == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_below_the_folder() {
        for name in ["index.html", "www/api.js", "www/engine/pkg/stowplan_bg.wasm.br"] {
            assert!(is_inside(name), "{name}");
        }
        for name in
            ["..", "../x", "www/../../x", "./x", "a//b", "/etc/passwd", "%2e%2e/x", "..\\x", "c:x", "a\0", "www/"]
        {
            assert!(!is_inside(name), "{name}");
        }
    }
}
