//! Policy, the way back: what of an upstream's headers the page gets, and what keeps the answer from running.

use http::StatusCode;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};

use crate::asker::Readers;
use crate::hosts::is_registry_path;
use crate::{Refusal, RefusalKind, Upstream};

/// The header that says which host gave an answer, redirects followed: `https://host/v2/…`, or the host alone if it is
/// no registry's path. A challenge belongs to the host that sent it, and so do the credentials that it may be met with.
pub const ANSWERED_BY: HeaderName = HeaderName::from_static("stowplan-answered-by");

/// The headers that scripts of other origins may read (`Access-Control-Expose-Headers`).
///
/// `Content-Encoding` is among them because an upstream may compress although it was asked not to: bytes and label are
/// passed on as they came, the browser decodes them, and the checker can say why a digest does not fit.
pub const EXPOSED_HEADERS: &str = "Docker-Content-Digest, Content-Length, Content-Range, Content-Encoding, Accept-Ranges, \
    ETag, Link, WWW-Authenticate, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Docker-RateLimit-Source, \
    Retry-After, OCI-Subject, OCI-Filters-Applied, Warning, Docker-Distribution-Api-Version, Stowplan-Answered-By, Stowplan-Refusal";

/// The headers that pages of other origins may send (`Access-Control-Allow-Headers`); [`crate::Policy::request`]
/// forwards them.
const ALLOWED_HEADERS: &str = "Authorization, Accept, Range, If-None-Match, If-Modified-Since, If-Range";

/// Upstream's headers that are passed on; every other is dropped (cookies, policies and reports, hop-by-hop headers).
const PASSED: &[&str] = &[
    "accept-ranges",
    "content-encoding",
    "content-length",
    "content-range",
    "content-type",
    "date",
    "docker-content-digest",
    "docker-distribution-api-version",
    "docker-ratelimit-source",
    "etag",
    "last-modified",
    "link",
    "oci-filters-applied",
    "oci-subject",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
    "retry-after",
    "warning",
    "www-authenticate",
];

/// The most bytes of names and values in an upstream's answer; registries' longest (challenges, links) stay under 8 KiB.
pub const MAX_ANSWER_HEADER_BYTES: usize = 64 * 1024;

/// The answer to a preflight: the proxy's own, since registries answer `OPTIONS` with 401 or 405.
pub(crate) fn preflight_headers(readers: &Readers) -> HeaderMap {
    let mut headers = guard_headers(readers);
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD, OPTIONS"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(ALLOWED_HEADERS));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("7200")); // Chromium's cap
    headers
}

impl Upstream {
    /// The headers that the page gets for this upstream's final answer.
    ///
    /// # Errors
    /// `upstream-invalid` when the answer is none to a GET or HEAD, or its headers are larger than any registry's.
    pub fn answer(&self, status: StatusCode, upstream: &HeaderMap) -> Result<HeaderMap, Refusal> {
        if !(200..600).contains(&status.as_u16()) {
            return Err(self.invalid(&format!("answers with status {}, which is none for a GET", status.as_u16())));
        }
        let size: usize = upstream.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        if size > MAX_ANSWER_HEADER_BYTES {
            return Err(
                self.invalid(&format!("sent {size} bytes of headers, at most {MAX_ANSWER_HEADER_BYTES} are read"))
            );
        }
        let mut headers = response_headers(upstream, &self.readers);
        if let Ok(own) = HeaderValue::from_str(&self.answered_by()) {
            headers.insert(ANSWERED_BY, own);
        }
        Ok(headers)
    }

    /// Without a query, which may hold what an object store has signed.
    fn answered_by(&self) -> String {
        let path = self.path_and_query.split('?').next().filter(|path| is_registry_path(path)).unwrap_or_default();
        format!("{}://{}{path}", self.scheme.name(), self.target)
    }

    fn invalid(&self, what: &str) -> Refusal {
        Refusal::new(RefusalKind::UpstreamInvalid, format!("\"{}\" {what}", self.target))
    }
}

fn response_headers(upstream: &HeaderMap, readers: &Readers) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for name in PASSED {
        for value in upstream.get_all(*name) {
            headers.append(HeaderName::from_static(name), value.clone());
        }
    }
    // Of several types browsers take the last: an answer with more than one keeps none.
    let types = headers.get_all(header::CONTENT_TYPE);
    if types.iter().count() > 1 || types.iter().any(is_script) {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    }
    headers.extend(guard_headers(readers));
    headers
}

/// CORS, and what makes sure that nothing from a registry runs as a page, script or worker of the proxy's origin.
pub(crate) fn guard_headers(readers: &Readers) -> HeaderMap {
    let fixed = [
        // Also if no origin was told: what asks without one could not read another origin's answer anyway.
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS),
        (CORP, "cross-origin"),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'; frame-ancestors 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_DISPOSITION, "attachment"),
        (header::REFERRER_POLICY, "no-referrer"),
        // A tag is read anew each time, what credentials opened must not lie in a cache, and a digest is over bytes as sent.
        (header::CACHE_CONTROL, "no-store, no-transform"),
    ];
    let mut headers: HeaderMap =
        fixed.into_iter().map(|(name, value)| (name, HeaderValue::from_static(value))).collect();
    if *readers != Readers::Anyone {
        headers.insert(CORP, HeaderValue::from_static("same-origin"));
        headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    }
    if let Readers::Page(origin) = readers {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    }
    headers
}

const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Types that browsers run as scripts even under `nosniff`; no registry document has one.
fn is_script(value: &HeaderValue) -> bool {
    let text = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
    ["javascript", "ecmascript", "jscript", "livescript"].iter().any(|name| text.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(rows: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in rows {
            map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        map
    }

    fn passed(upstream: &HeaderMap) -> HeaderMap {
        response_headers(upstream, &Readers::Anyone)
    }

    #[test]
    fn what_the_checker_needs_is_passed_and_exposed() {
        let sent: HeaderMap =
            PASSED.iter().map(|name| (HeaderName::from_static(name), HeaderValue::from_static("x"))).collect();
        let got = response_headers(&sent, &Readers::Anyone);
        for name in PASSED {
            assert_eq!(got[*name], "x", "{name}");
        }
        let exposed = EXPOSED_HEADERS.to_ascii_lowercase();
        let exposed: Vec<&str> = exposed.split(", ").collect();
        for name in PASSED.iter().filter(|name| !["content-type", "date", "last-modified"].contains(name)) {
            assert!(exposed.contains(name), "{name}");
        }
        assert_eq!(got[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
    }

    #[test]
    fn what_the_client_reads_of_rate_limits_is_passed() {
        for name in ["retry-after", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"] {
            let got = passed(&headers(&[(name, "60")]));
            assert_eq!(got.get(name).map(HeaderValue::as_bytes), Some(&b"60"[..]), "{name}");
        }
    }

    #[test]
    fn several_challenges_stay_several() {
        let got = passed(&headers(&[("www-authenticate", "Basic realm=a"), ("www-authenticate", "Bearer realm=b")]));
        assert_eq!(got.get_all(header::WWW_AUTHENTICATE).iter().count(), 2);
    }

    #[test]
    fn cookies_and_the_upstreams_own_policies_are_dropped() {
        let got = passed(&headers(&[
            ("set-cookie", "a=b"),
            ("set-cookie2", "a=b"),
            ("access-control-allow-origin", "https://other.example"),
            ("access-control-allow-credentials", "true"),
            ("content-security-policy", "default-src *"),
            ("content-disposition", "inline"),
            ("service-worker-allowed", "/"),
            ("clear-site-data", "\"*\""),
            ("strict-transport-security", "max-age=1"),
            ("location", "https://other.example"),
            ("refresh", "0; url=https://other.example"),
            ("alt-svc", "h3=\":443\""),
            ("cache-control", "public, max-age=9"),
            ("stowplan-refusal", "host-not-allowed"),
            ("transfer-encoding", "chunked"),
            ("connection", "upgrade"),
        ]));
        assert_eq!(got, guard_headers(&Readers::Anyone));
        assert!(got[header::CONTENT_SECURITY_POLICY].to_str().unwrap().starts_with("sandbox; default-src 'none'"));
        assert_eq!(got[header::CONTENT_DISPOSITION], "attachment");
        assert_eq!(got[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    }

    #[test]
    fn script_types_lose_their_name() {
        for kind in ["text/javascript", "Application/X-JavaScript; charset=utf-8", "text/ecmascript", "text/jscript"] {
            assert_eq!(passed(&headers(&[("content-type", kind)]))[header::CONTENT_TYPE], "application/octet-stream");
        }
        let two = passed(&headers(&[("content-type", "text/html"), ("content-type", "text/javascript")]));
        assert_eq!(two.get_all(header::CONTENT_TYPE).iter().collect::<Vec<_>>(), ["application/octet-stream"]);
        let html = passed(&headers(&[("content-type", "text/html")]));
        assert_eq!(html[header::CONTENT_TYPE], "text/html", "the checker says what came instead of JSON");
    }

    #[test]
    fn preflight_allows_what_the_client_sends() {
        let got = preflight_headers(&Readers::Anyone);
        assert_eq!(got[header::ACCESS_CONTROL_ALLOW_METHODS], "GET, HEAD, OPTIONS");
        let allowed = got[header::ACCESS_CONTROL_ALLOW_HEADERS].to_str().unwrap();
        for name in ["Authorization", "Accept", "Range", "If-None-Match"] {
            assert!(allowed.split(", ").any(|other| other == name), "{name}");
        }
    }
}
