//! The words of failures that the client's tests do not reach.

use super::*;
use crate::registry::fake::name;

#[test]
fn what_a_registry_says_is_quoted_short_and_escaped() {
    assert_eq!(said(br#"{"errors":[{"code":"X"}]}"#), " (X)");
    assert_eq!(said(br#"{"errors":[{"message":"a\u001b[31mb"}]}"#), " (a\\u{1b}[31mb)");
    for nothing in [&b"<html>"[..], b"", b"{}", br#"{"errors":[]}"#, br#"{"errors":{}}"#, br#"{"errors":[{"code":1}]}"#]
    {
        assert_eq!(said(nothing), "");
    }
    let long = format!(r#"{{"errors":[{{"message":"{}"}}]}}"#, "x".repeat(999));
    assert_eq!(said(long.as_bytes()).len(), " (".len() + 200 + "…)".len());
}

#[test]
fn durations_are_words() {
    let words = [0, 1, 90, 120, 3600, 7200, 21600].map(|seconds| duration(seconds).message);
    assert_eq!(words, ["0 seconds", "1 second", "90 seconds", "2 minutes", "60 minutes", "2 hours", "6 hours"]);
}

#[test]
fn web_pages_are_known_by_their_start() {
    for page in [
        &b"<!doctype HTML>"[..],
        b"  \n<HTML lang=en>",
        b"<?xml version=\"1.0\"?>\n<html>",
        b"<!-- portal --><html>",
        b"\xef\xbb\xbf<html>",
    ] {
        assert_eq!(code(page), Some("html-instead-of-json"));
    }
    for other in [&b"{}"[..], b"[]", b"{\"schemaVersion\":2}", b"\x1f\x8b", b"x<html>"] {
        assert_eq!(code(other), None);
    }
}

fn code(body: &[u8]) -> Option<&'static str> {
    let name = name("r.io/a");
    let wanted =
        Wanted { name: &name, from: None, reference: &TagOrDigest::Tag("v".into()), blob: false, account: None };
    of_body(body, &wanted).map(|error| error.code())
}

#[test]
fn no_bytes_and_an_errors_document_are_no_documents() {
    for nothing in [&b""[..], b" \n", b"\xef\xbb\xbf"] {
        assert_eq!(code(nothing), Some("registry-error"));
    }
    for (named, expected) in [
        ("DENIED", "forbidden"),
        ("UNAUTHORIZED", "unauthorized"),
        ("MANIFEST_UNKNOWN", "not-found"),
        ("TOOMANYREQUESTS", "rate-limited"),
        ("UNKNOWN", "registry-error"),
    ] {
        assert_eq!(code(format!(r#"{{"errors":[{{"code":"{named}"}}]}}"#).as_bytes()), Some(expected), "{named}");
    }
    assert_eq!(code(br#"{"errors":["x"]}"#), Some("registry-error"));
    for document in [&br#"{"errors":[]}"#[..], br#"{"errors":[1],"schemaVersion":2}"#, br#"{"errors":"x"}"#] {
        assert_eq!(code(document), None, "a document may have such a member");
    }
}

#[test]
fn a_digest_that_is_a_blobs_is_explained() {
    let of =
        |bytes: Option<&[u8]>| of_blob_digest(Error::new(ErrorKind::NotFound, "r.io has no x").retry_after(3), bytes);
    let config = of(Some(br#"{"rootfs":{}}"#));
    assert_eq!((config.code(), config.seconds_to_retry()), ("not-found", Some(3)));
    assert!(config.to_string().contains("image ID"), "{config}");
    assert!(of(None).to_string().contains("layer") && of(Some(b"\x1f\x8b")).to_string().contains("layer"));
    assert!(!of(Some(b"{}")).to_string().contains("layer"));
}

#[test]
fn an_unreachable_proxy_is_named() {
    let address = Address::of_registry("r.io", "/v2/".into());
    let error = of_transport(&TransportError::Unreachable(String::new()), &address, "http://p/");
    assert_eq!(
        error.to_string(),
        "the registry r.io or the proxy http://p/ refused this page: check that the proxy is running"
    );
}

#[test]
fn a_forbidden_user_is_named() {
    let (name, reference) = (name("r.io/a"), TagOrDigest::Tag("v".into()));
    let wanted = Wanted { name: &name, from: None, reference: &reference, blob: false, account: Some("ann") };
    let response = Response { status: 403, ..Response::default() };
    let error = of_status(&response, &wanted, 0.0);
    assert_eq!((error.code(), error.said().reason), ("forbidden", "account-may-not-read"));
    assert_eq!(error.to_string(), "r.io does not let \"ann\" read \"a\"");
}
