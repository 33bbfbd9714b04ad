//! Policy, the refusal: every answer that is the proxy's own and not the registry's, in the registry's error form.

use http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::json;

use crate::asker::Readers;
use crate::response::guard_headers;

/// The header that tells the proxy's own answers from the registry's; its value is [`Refusal::code`].
pub const REFUSAL_HEADER: HeaderName = HeaderName::from_static("stowplan-refusal");

/// Why the proxy did not forward, or could not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefusalKind {
    /// The address is not `{host}/{path}?{query}`.
    InvalidTarget,
    /// This host is not allowed.
    HostNotAllowed,
    /// The host is allowed, this path of it is not.
    PathNotAllowed,
    /// Only GET, HEAD and OPTIONS are forwarded or answered.
    MethodNotAllowed,
    /// A page, a script or a service worker asked; only `fetch` may.
    NotAFetch,
    /// The host was allowed by name, but not for the page that asks.
    OriginNotAllowed,
    /// The request has a body.
    BodyNotAllowed,
    /// The request's headers are too large.
    HeadersTooLarge,
    /// The host lives at an address that is not public, and the user did not name it.
    AddressRefused,
    /// The registry redirects to where the proxy does not go.
    RedirectRefused,
    /// The registry redirects again and again.
    TooManyRedirects,
    /// The connection to the registry failed.
    UpstreamUnreachable,
    /// The registry's response is not an answer to a GET or HEAD.
    UpstreamInvalid,
    /// The registry did not answer in time.
    UpstreamTimeout,
    /// The proxy is at its limit of requests at a time, or of bytes a minute.
    Overloaded,
    /// The client has asked for as much as one may in this time.
    RateLimited,
    /// The registry said when to come back, and that is not yet.
    UpstreamBusy,
    /// The answer is larger than the proxy passes on.
    BodyTooLarge,
}

/// An answer of the proxy's own: status, stable code and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    kind: RefusalKind,
    message: String,
    retry_after: Option<u64>,
}

impl Refusal {
    /// A refusal of this kind, with a lower-case sentence for people.
    #[must_use]
    pub fn new(kind: RefusalKind, message: String) -> Self {
        let retry_after = (kind == RefusalKind::Overloaded).then_some(1);
        Self { kind, message, retry_after }
    }

    /// The same, saying after how many seconds it makes sense to ask again.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        Self { retry_after: Some(seconds.max(1)), ..self }
    }

    /// The refusal of `host` for living at an address that is not public.
    #[must_use]
    pub fn address(host: &str) -> Self {
        let why = format!(
            "\"{host}\" is not at a public address; the proxy's operator can name it with --allow or --plain-http"
        );
        Self::new(RefusalKind::AddressRefused, why)
    }

    /// The kind of this refusal.
    #[must_use]
    pub fn kind(&self) -> RefusalKind {
        self.kind
    }

    /// The sentence for people.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The stable kebab-case code, also in the `Stowplan-Refusal` header.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.row().0
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.row().1
    }

    /// The headers of the answer: CORS, the guards of every proxied answer, the refusal's code.
    #[must_use]
    pub fn headers(&self) -> HeaderMap {
        let mut headers = guard_headers(&Readers::Anyone);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(REFUSAL_HEADER, HeaderValue::from_static(self.code()));
        if self.kind == RefusalKind::MethodNotAllowed {
            headers.insert(ALLOW, HeaderValue::from_static("GET, HEAD, OPTIONS"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        headers
    }

    /// The JSON body in the registry's error form (distribution spec, "Error Codes").
    #[must_use]
    pub fn body(&self) -> String {
        let (code, status, registry_code) = self.row();
        let who = if status.is_server_error() { "proxy-failed" } else { "proxy-refused" };
        let detail = json!({ "stowplan": who, "reason": code });
        json!({ "errors": [{ "code": registry_code, "message": self.message, "detail": detail }] }).to_string()
    }

    fn row(&self) -> (&'static str, StatusCode, &'static str) {
        match self.kind {
            RefusalKind::InvalidTarget => ("invalid-target", StatusCode::BAD_REQUEST, "DENIED"),
            RefusalKind::HostNotAllowed => ("host-not-allowed", StatusCode::FORBIDDEN, "DENIED"),
            RefusalKind::PathNotAllowed => ("path-not-allowed", StatusCode::FORBIDDEN, "DENIED"),
            RefusalKind::MethodNotAllowed => ("method-not-allowed", StatusCode::METHOD_NOT_ALLOWED, "UNSUPPORTED"),
            RefusalKind::NotAFetch => ("not-a-fetch", StatusCode::FORBIDDEN, "DENIED"),
            RefusalKind::OriginNotAllowed => ("origin-not-allowed", StatusCode::FORBIDDEN, "DENIED"),
            RefusalKind::BodyNotAllowed => ("body-not-allowed", StatusCode::BAD_REQUEST, "UNSUPPORTED"),
            RefusalKind::HeadersTooLarge => {
                ("headers-too-large", StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "UNSUPPORTED")
            }
            RefusalKind::AddressRefused => ("address-refused", StatusCode::FORBIDDEN, "DENIED"),
            RefusalKind::RedirectRefused => ("redirect-refused", StatusCode::BAD_GATEWAY, "DENIED"),
            RefusalKind::TooManyRedirects => ("too-many-redirects", StatusCode::BAD_GATEWAY, "UNAVAILABLE"),
            RefusalKind::UpstreamUnreachable => ("upstream-unreachable", StatusCode::BAD_GATEWAY, "UNAVAILABLE"),
            RefusalKind::UpstreamInvalid => ("upstream-invalid", StatusCode::BAD_GATEWAY, "UNAVAILABLE"),
            RefusalKind::UpstreamTimeout => ("upstream-timeout", StatusCode::GATEWAY_TIMEOUT, "UNAVAILABLE"),
            RefusalKind::Overloaded => ("overloaded", StatusCode::SERVICE_UNAVAILABLE, "TOOMANYREQUESTS"),
            RefusalKind::RateLimited => ("rate-limited", StatusCode::TOO_MANY_REQUESTS, "TOOMANYREQUESTS"),
            RefusalKind::UpstreamBusy => ("upstream-busy", StatusCode::TOO_MANY_REQUESTS, "TOOMANYREQUESTS"),
            RefusalKind::BodyTooLarge => ("body-too-large", StatusCode::BAD_GATEWAY, "UNSUPPORTED"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_status_and_code() {
        for (kind, status, code) in [
            (RefusalKind::InvalidTarget, 400, "invalid-target"),
            (RefusalKind::HostNotAllowed, 403, "host-not-allowed"),
            (RefusalKind::PathNotAllowed, 403, "path-not-allowed"),
            (RefusalKind::MethodNotAllowed, 405, "method-not-allowed"),
            (RefusalKind::NotAFetch, 403, "not-a-fetch"),
            (RefusalKind::OriginNotAllowed, 403, "origin-not-allowed"),
            (RefusalKind::BodyNotAllowed, 400, "body-not-allowed"),
            (RefusalKind::HeadersTooLarge, 431, "headers-too-large"),
            (RefusalKind::AddressRefused, 403, "address-refused"),
            (RefusalKind::RedirectRefused, 502, "redirect-refused"),
            (RefusalKind::TooManyRedirects, 502, "too-many-redirects"),
            (RefusalKind::UpstreamUnreachable, 502, "upstream-unreachable"),
            (RefusalKind::UpstreamInvalid, 502, "upstream-invalid"),
            (RefusalKind::UpstreamTimeout, 504, "upstream-timeout"),
            (RefusalKind::Overloaded, 503, "overloaded"),
            (RefusalKind::RateLimited, 429, "rate-limited"),
            (RefusalKind::UpstreamBusy, 429, "upstream-busy"),
            (RefusalKind::BodyTooLarge, 502, "body-too-large"),
        ] {
            let refusal = Refusal::new(kind, String::new());
            assert_eq!((refusal.status().as_u16(), refusal.code()), (status, code));
            assert_eq!(refusal.headers()[REFUSAL_HEADER], code);
        }
    }

    #[test]
    fn the_body_is_a_registry_error() {
        let refusal = Refusal::new(RefusalKind::HostNotAllowed, "no \"x\"".into());
        let body: serde_json::Value = serde_json::from_str(&refusal.body()).unwrap();
        let detail = json!({ "stowplan": "proxy-refused", "reason": "host-not-allowed" });
        assert_eq!(body, json!({ "errors": [{ "code": "DENIED", "message": "no \"x\"", "detail": detail }] }));
        let failed = Refusal::new(RefusalKind::UpstreamTimeout, String::new());
        assert!(failed.body().contains("proxy-failed"));
    }

    #[test]
    fn overload_says_when_to_come_back() {
        assert_eq!(Refusal::new(RefusalKind::Overloaded, String::new()).headers()[RETRY_AFTER], "1");
        let busy = Refusal::new(RefusalKind::UpstreamBusy, String::new());
        assert_eq!(busy.clone().retry_after(7).headers()[RETRY_AFTER], "7");
        assert!(!busy.headers().contains_key(RETRY_AFTER));
        assert_eq!(Refusal::new(RefusalKind::MethodNotAllowed, String::new()).headers()[ALLOW], "GET, HEAD, OPTIONS");
    }
}
