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
    let words = [0, 1, 90, 120, 3600, 7200, 21600].map(duration);
    assert_eq!(words, ["0 seconds", "1 second", "90 seconds", "2 minutes", "60 minutes", "2 hours", "6 hours"]);
}

#[test]
fn web_pages_are_known_by_their_start() {
    for page in [&b"<!doctype HTML>"[..], b"  \n<HTML lang=en>"] {
        assert!(is_html(page));
    }
    for other in [&b"{}"[..], b"", b"<?xml", b"<htm"] {
        assert!(!is_html(other));
    }
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
    let wanted = Wanted { name: &name, reference: &reference, blob: false, account: Some("ann") };
    let response = Response { status: 403, ..Response::default() };
    let error = of_status(&response, &wanted, 0.0);
    assert_eq!((error.code(), error.to_string().as_str()), ("forbidden", "r.io does not let \"ann\" read \"a\""));
}
