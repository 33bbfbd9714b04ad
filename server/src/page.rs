//! The site, the page inside the program: the files that `build.rs` found, each with its type, its tag and its brotli
//! neighbour.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::body::{Body, Bytes};
use http::header::{self, HeaderMap, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use sha2::{Digest as _, Sha256};

include!(concat!(env!("OUT_DIR"), "/page.rs"));

static PAGE: LazyLock<HashMap<&'static str, File>> =
    LazyLock::new(|| FILES.iter().map(|(name, bytes)| (*name, File::new(name, bytes))).collect());

struct File {
    bytes: &'static [u8],
    kind: HeaderValue,
    tag: HeaderValue,
}

impl File {
    fn new(name: &str, bytes: &'static [u8]) -> Self {
        let name = name.strip_suffix(".br").unwrap_or(name);
        let kind = mime_guess::from_path(name).first_or_octet_stream();
        let kind = if kind.type_() == "text" && name.ends_with(".html") {
            format!("{kind}; charset=utf-8")
        } else {
            kind.to_string()
        };
        let hash: String = Sha256::digest(bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let value =
            |text: String| HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("application/octet-stream"));
        Self { bytes, kind: value(kind), tag: value(format!("\"{hash}\"")) }
    }
}

/// Whether a page was built in.
pub(crate) fn is_there() -> bool {
    !FILES.is_empty()
}

/// The answer to a request for a file of the page; `None` where it has no such file.
pub(crate) fn answer(request: &Request<Body>) -> Option<Response<Body>> {
    let name = request.uri().path().trim_start_matches('/');
    let name = if name.is_empty() { "index.html" } else { name };
    let (plain, headers) = (PAGE.get(name)?, request.headers());
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return Some(refused());
    }
    let small = takes_brotli(headers).then(|| PAGE.get(format!("{name}.br").as_str())).flatten();
    Some(respond(small.unwrap_or(plain), small.is_some(), headers))
}

fn respond(file: &'static File, brotli: bool, asked: &HeaderMap) -> Response<Body> {
    let known = asked.get(header::IF_NONE_MATCH).is_some_and(|value| lists(value, &file.tag));
    let mut response = Response::new(if known { Body::empty() } else { Body::from(Bytes::from_static(file.bytes)) });
    let headers = response.headers_mut();
    headers.insert(header::ETAG, file.tag.clone());
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    headers.insert(header::CONTENT_TYPE, file.kind.clone());
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

/// Whether an `If-None-Match` names `tag`; nginx makes weak tags of ours where it compresses.
fn lists(value: &HeaderValue, tag: &HeaderValue) -> bool {
    let (Ok(value), Ok(tag)) = (value.to_str(), tag.to_str()) else { return false };
    value
        .split(',')
        .any(|one| matches!(one.trim().trim_start_matches("W/"), "*") || one.trim().trim_start_matches("W/") == tag)
}
