//! Policy, the way out: a page's request becomes one upstream request, a preflight answer or a refusal.

use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Uri};

use crate::asker::Readers;
use crate::response::preflight_headers;
use crate::target::{check_path, split};
use crate::{Host, Policy, Reach, Refusal, RefusalKind, Scheme, Target};

/// The most bytes of names and values of a request's headers: twice what nginx and Node allow by default for one.
pub const MAX_HEADER_BYTES: usize = 16 * 1024;

/// The headers that a page may send on; everything else (cookies, origin, referrer, client hints) stays here.
const FORWARDED: &[HeaderName] =
    &[header::ACCEPT, header::RANGE, header::IF_NONE_MATCH, header::IF_MODIFIED_SINCE, header::IF_RANGE];

/// The decision about a request.
#[derive(Clone, Debug)]
pub enum Decision {
    /// Answer 204 with these headers and ask no registry.
    Preflight(HeaderMap),
    /// Ask this upstream.
    Forward(Box<Upstream>),
}

/// One request to an upstream; following a redirect makes the next one.
#[derive(Clone, Debug)]
pub struct Upstream {
    /// GET or HEAD.
    pub method: Method,
    /// The scheme, which says if TLS is spoken.
    pub scheme: Scheme,
    /// The host and port.
    pub target: Target,
    /// Path and query, as the page wrote them.
    pub path_and_query: String,
    /// The reach of the connection.
    pub reach: Reach,
    pub(crate) headers: HeaderMap,
    pub(crate) authorization: Option<HeaderValue>,
    /// Whom the page meant the `Authorization` for.
    pub(crate) meant_for: (Scheme, Host, u16),
    pub(crate) hops: usize,
    /// True if a host that the request did not name chose the target.
    pub(crate) led: bool,
    /// The clients that may read the answer, or might if a host that was allowed by name gives it.
    pub(crate) readers: Readers,
    pub(crate) named_readers: Result<Readers, Refusal>,
}

impl Upstream {
    /// The headers to send: those the page may send on, identity encoding, and `Authorization` to its host only.
    #[must_use]
    pub fn headers(&self) -> HeaderMap {
        let mut headers = self.headers.clone();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        headers.insert(header::USER_AGENT, HeaderValue::from_static(concat!("stowplan/", env!("CARGO_PKG_VERSION"))));
        let whom = (self.scheme, self.target.host.clone(), self.target.port_for(self.scheme));
        if let Some(value) = self.authorization.as_ref().filter(|_| whom == self.meant_for) {
            let mut value = value.clone();
            value.set_sensitive(true);
            headers.insert(header::AUTHORIZATION, value);
        }
        headers
    }

    /// The address to ask.
    ///
    /// # Errors
    /// A refusal when path and query are not those of a URI.
    pub fn uri(&self) -> Result<Uri, Refusal> {
        let text = format!("{}://{}{}", self.scheme.name(), self.target, self.path_and_query);
        text.parse().map_err(|_| Refusal::new(RefusalKind::InvalidTarget, "the address is not a valid URI".into()))
    }
}

impl Upstream {
    /// The refusal that the asker gets if this upstream turns out to live at a private address: a page that may not read
    /// hosts allowed by name is not told whether this one was.
    #[must_use]
    pub fn refused_after_dns(&self, refusal: Refusal) -> Refusal {
        match &self.named_readers {
            Err(foreign) if refusal.kind() == RefusalKind::AddressRefused => foreign.clone(),
            _ => refusal,
        }
    }
}

impl Policy {
    /// Decides about a request for `{host}/{path}?{query}` (what follows the proxy's base, as received).
    ///
    /// # Errors
    /// A [`Refusal`] with its status, code and sentence.
    pub fn request(&self, method: &Method, target: &str, headers: &HeaderMap) -> Result<Decision, Refusal> {
        self.request_with(method, target, headers, |_| false)
    }

    /// The same, if `is_realm` knows what registries named for their tokens (see [`crate::Realms`]): such an address
    /// is asked for as it was named.
    ///
    /// # Errors
    /// A [`Refusal`] with its status, code and sentence.
    pub fn request_with(
        &self,
        method: &Method,
        target: &str,
        headers: &HeaderMap,
        is_realm: impl FnOnce(&str) -> bool,
    ) -> Result<Decision, Refusal> {
        check_size(headers)?;
        check_host(headers)?;
        if method == Method::OPTIONS {
            return Ok(Decision::Preflight(preflight_headers(&self.preflight_readers(target, headers, is_realm)?)));
        }
        check_method(method)?;
        check_fetch(headers)?;
        check_body(headers)?;
        let (target, path_and_query) = split(target)?;
        let path = path_and_query.split('?').next().unwrap_or_default();
        let realm = is_realm(&format!("{target}{path}"));
        if !realm {
            check_path(path).map_err(|why| Refusal::new(RefusalKind::InvalidTarget, why.into()))?;
        }
        let named_readers = self.readers(headers);
        if !self.is_for_everybody(&target, realm) {
            // Before anything else: the answer must not tell a foreign page whether the host was allowed.
            named_readers.clone()?;
        }
        let (scheme, reach) = self.admit(&target, path, realm)?;
        let readers = if reach == Reach::Named { named_readers.clone()? } else { Readers::Anyone };
        let meant_for = (scheme, target.host.clone(), target.port_for(scheme));
        Ok(Decision::Forward(Box::new(Upstream {
            method: method.clone(),
            scheme,
            target,
            path_and_query: path_and_query.to_owned(),
            reach,
            headers: forwarded(headers),
            authorization: headers.get(header::AUTHORIZATION).cloned(),
            meant_for,
            hops: 0,
            led: reach == Reach::Public,
            readers,
            named_readers,
        })))
    }

    /// The clients that may learn from a preflight that they may ask: for all but public registries only those that may
    /// read the answers of hosts allowed by name, whether this host was or not.
    fn preflight_readers(
        &self,
        target: &str,
        headers: &HeaderMap,
        is_realm: impl FnOnce(&str) -> bool,
    ) -> Result<Readers, Refusal> {
        let Ok((target, path_and_query)) = split(target) else { return Ok(Readers::Anyone) };
        let realm = is_realm(&format!("{target}{}", path_and_query.split('?').next().unwrap_or_default()));
        if self.is_for_everybody(&target, realm) { Ok(Readers::Anyone) } else { self.readers(headers) }
    }
}

fn check_host(headers: &HeaderMap) -> Result<(), Refusal> {
    let mut hosts = headers.get_all(header::HOST).iter();
    // Platforms join what came twice with a comma.
    let one = hosts.next().is_none_or(|host| !host.as_bytes().iter().any(|byte| b", @/".contains(byte)));
    if one && hosts.next().is_none() {
        return Ok(());
    }
    Err(Refusal::new(RefusalKind::InvalidTarget, "the request has more than one Host, or one that is none".into()))
}

fn check_size(headers: &HeaderMap) -> Result<(), Refusal> {
    let size: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if size <= MAX_HEADER_BYTES {
        return Ok(());
    }
    let why = format!("the request's headers are {size} bytes, at most {MAX_HEADER_BYTES} are allowed");
    Err(Refusal::new(RefusalKind::HeadersTooLarge, why))
}

fn check_method(method: &Method) -> Result<(), Refusal> {
    if method == Method::GET || method == Method::HEAD {
        return Ok(());
    }
    Err(Refusal::new(RefusalKind::MethodNotAllowed, format!("{method} is not forwarded, only GET and HEAD are")))
}

/// `Sec-Fetch-Dest` is `empty` for `fetch` and absent outside browsers; a service worker's script says so itself.
fn check_fetch(headers: &HeaderMap) -> Result<(), Refusal> {
    let worker = headers.contains_key("service-worker");
    let dest = headers.get("sec-fetch-dest").filter(|value| *value != "empty");
    let what = match (worker, dest) {
        (false, None) => return Ok(()),
        (true, _) => "a service worker".to_owned(),
        (false, Some(dest)) => format!("a browser's \"{}\"", dest.to_str().unwrap_or("?")),
    };
    let why = format!("this proxy answers a page's fetch only, and this request is for {what}");
    Err(Refusal::new(RefusalKind::NotAFetch, why))
}

fn check_body(headers: &HeaderMap) -> Result<(), Refusal> {
    let length = headers.get(header::CONTENT_LENGTH).is_some_and(|value| value != "0");
    if length || headers.contains_key(header::TRANSFER_ENCODING) {
        return Err(Refusal::new(RefusalKind::BodyNotAllowed, "a request to the proxy has no body".into()));
    }
    Ok(())
}

fn forwarded(headers: &HeaderMap) -> HeaderMap {
    let mut out = HeaderMap::new();
    for name in FORWARDED {
        for value in headers.get_all(name) {
            out.append(name, value.clone());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(method: &str, target: &str, rows: &[(&'static str, &str)]) -> Result<Decision, Refusal> {
        let mut headers = HeaderMap::new();
        for (name, value) in rows {
            headers.append(HeaderName::from_static(name), value.parse().unwrap());
        }
        if !headers.contains_key("host") {
            headers.insert("host", HeaderValue::from_static("127.0.0.1:8080"));
        }
        let policy = Policy::new(&[], &["127.0.0.1:5000"], false).unwrap();
        policy.request(&Method::from_bytes(method.as_bytes()).unwrap(), target, &headers)
    }

    #[track_caller]
    fn forwards(target: &str, rows: &[(&'static str, &str)]) -> Upstream {
        match ask("GET", target, rows) {
            Ok(Decision::Forward(upstream)) => *upstream,
            other => panic!("{target}: {other:?}"),
        }
    }

    #[track_caller]
    fn refuses(method: &str, target: &str, rows: &[(&'static str, &str)], code: &str, message: &str) {
        let refusal = ask(method, target, rows).map(|_| ()).unwrap_err();
        assert_eq!((refusal.code(), refusal.message()), (code, message));
    }

    #[test]
    fn addresses_become_upstream_addresses() {
        for (target, uri) in [
            ("ghcr.io/v2/o/a/manifests/1.2", "https://ghcr.io/v2/o/a/manifests/1.2"),
            (
                "auth.docker.io/token?service=registry.docker.io&scope=repository:library/busybox:pull",
                "https://auth.docker.io/token?service=registry.docker.io&scope=repository:library/busybox:pull",
            ),
            ("127.0.0.1:5000/v2/demo/app/blobs/sha256:ab", "http://127.0.0.1:5000/v2/demo/app/blobs/sha256:ab"),
        ] {
            assert_eq!(forwards(target, &[]).uri().unwrap().to_string(), uri);
        }
    }

    #[test]
    fn only_useful_headers_are_sent_on() {
        let upstream = forwards(
            "ghcr.io/v2/",
            &[
                ("authorization", "Bearer t"),
                ("accept", "a/b"),
                ("accept", "c/d"),
                ("range", "bytes=0-9"),
                ("if-none-match", "\"x\""),
                ("accept-encoding", "gzip, br"),
                ("cookie", "a=b"),
                ("origin", "https://page.example"),
                ("referer", "https://page.example/x"),
                ("user-agent", "Browser"),
                ("x-forwarded-for", "10.0.0.1"),
                ("host", "evil.example"),
                ("connection", "upgrade"),
                ("upgrade", "websocket"),
                ("sec-fetch-dest", "empty"),
            ],
        );
        let sent = upstream.headers();
        let mut names: Vec<&str> = sent.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["accept", "accept-encoding", "authorization", "if-none-match", "range", "user-agent"]);
        assert_eq!(sent.get_all("accept").iter().count(), 2);
        assert_eq!(sent["accept-encoding"], "identity");
        assert!(sent["authorization"].is_sensitive(), "never printed by a debugging aid");
    }

    #[test]
    fn preflight_is_answered_for_any_host() {
        assert!(matches!(ask("OPTIONS", "nobody.example/v2/", &[]), Ok(Decision::Preflight(_))));
    }

    #[test]
    fn hosts_allowed_by_name_are_for_their_own_pages() {
        let foreign = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
        let code = |method: &str, target: &str, rows: &[_]| ask(method, target, rows).map(|_| ()).map_err(|e| e.code());
        for method in ["GET", "HEAD", "OPTIONS"] {
            assert_eq!(code(method, "127.0.0.1:5000/v2/", &foreign), Err("origin-not-allowed"), "{method}");
            assert_eq!(code(method, "127.0.0.1:5000/v2/", &[("host", "evil.example")]), Err("origin-not-allowed"));
            assert_eq!(code(method, "ghcr.io/v2/", &foreign), Ok(()), "{method}: public registries answer all clients");
            assert_eq!(code(method, "ghcr.io/v2/", &[("host", "evil.example")]), Ok(()));
        }
        let answer = |policy: &Policy, method: &str, target: &str| {
            let headers = HeaderMap::from_iter([
                (header::HOST, HeaderValue::from_static("127.0.0.1:8080")),
                (header::ORIGIN, HeaderValue::from_static("https://evil.example")),
            ]);
            policy.request(&method.parse().unwrap(), target, &headers).map(|_| ()).unwrap_err()
        };
        let named = Policy::new(&["r.lan", "10.0.0.5:5443"], &["127.0.0.1:5000"], false).unwrap();
        let bare = Policy::default();
        for host in ["r.lan", "10.0.0.5:5443", "127.0.0.1:5000"] {
            for (method, path) in [("GET", "/v2/"), ("HEAD", "/debug"), ("OPTIONS", "/v2/")] {
                let target = format!("{host}{path}");
                let told = answer(&named, method, &target);
                assert_eq!(told, answer(&bare, method, &target), "{method} {target}: named or not, the same answer");
                assert_eq!(told.code(), "origin-not-allowed");
            }
        }
        for hosts in [&[("host", "a"), ("host", "b")][..], &[("host", "a, b")], &[("host", "a@b")]] {
            assert_eq!(code("GET", "ghcr.io/v2/", hosts), Err("invalid-target"), "{hosts:?}");
        }
    }

    #[test]
    fn answers_say_who_may_read_them() {
        let allowed = |target: &str, rows: &[_]| {
            let got = forwards(target, rows).answer(http::StatusCode::OK, &HeaderMap::new()).unwrap();
            let value = |name: &str| got.get(name).map(|value| value.to_str().unwrap().to_owned());
            [value("access-control-allow-origin"), value("vary"), value("cross-origin-resource-policy")]
        };
        let row = |origin: &str, vary: Option<&str>, corp: &str| {
            [Some(origin.to_owned()), vary.map(str::to_owned), Some(corp.to_owned())]
        };
        let page = [("origin", "http://localhost:3000")];
        assert_eq!(allowed("ghcr.io/v2/", &page), row("*", None, "cross-origin"));
        let named = row("http://localhost:3000", Some("Origin"), "same-origin");
        assert_eq!(allowed("127.0.0.1:5000/v2/", &page), named);
        assert_eq!(allowed("127.0.0.1:5000/v2/", &[]), row("*", Some("Origin"), "same-origin"));
        let Ok(Decision::Preflight(headers)) = ask("OPTIONS", "127.0.0.1:5000/v2/", &page) else { panic!() };
        assert_eq!(headers["access-control-allow-origin"], "http://localhost:3000");
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        let upstream = forwards("ghcr.io/v2/", &[]);
        let refused = |status: u16, headers: &HeaderMap| {
            let refusal = upstream.answer(http::StatusCode::from_u16(status).unwrap(), headers).unwrap_err();
            assert_eq!(refusal.code(), "upstream-invalid");
            refusal.message().to_owned()
        };
        for status in [101, 103, 600, 999] {
            let why = format!("\"ghcr.io\" answers with status {status}, which is none for a GET");
            assert_eq!(refused(status, &HeaderMap::new()), why);
        }
        let long = HeaderValue::from_str(&"x".repeat(crate::MAX_ANSWER_HEADER_BYTES)).unwrap();
        let why = "\"ghcr.io\" sent 65540 bytes of headers, at most 65536 are read";
        assert_eq!(refused(200, &HeaderMap::from_iter([(header::LINK, long)])), why);
    }

    #[test]
    fn everything_else_is_refused_with_a_reason() {
        refuses("POST", "ghcr.io/v2/", &[], "method-not-allowed", "POST is not forwarded, only GET and HEAD are");
        refuses("CONNECT", "ghcr.io/v2/", &[], "method-not-allowed", "CONNECT is not forwarded, only GET and HEAD are");
        refuses(
            "GET",
            "ghcr.io/v2/",
            &[("content-length", "3")],
            "body-not-allowed",
            "a request to the proxy has no body",
        );
        refuses(
            "GET",
            "ghcr.io/v2/",
            &[("transfer-encoding", "chunked")],
            "body-not-allowed",
            "a request to the proxy has no body",
        );
        let host = "this proxy does not forward to \"r.example\"; its operator can start it with --allow r.example";
        refuses("GET", "r.example/v2/", &[], "host-not-allowed", host);
        let path = "of \"ghcr.io\" this proxy forwards /v2/ and what a registry named as its realm, not \"/x\"";
        refuses("GET", "ghcr.io/x?y", &[], "path-not-allowed", path);
        let address =
            "\"10.0.0.1\" is not at a public address; the proxy's operator can name it with --allow or --plain-http";
        refuses("GET", "10.0.0.1/v2/", &[], "address-refused", address);
        refuses("GET", "a@ghcr.io/v2/", &[], "invalid-target", "\"a@ghcr.io\" is neither a host name nor an address");
        let large = "x".repeat(MAX_HEADER_BYTES);
        let why = "the request's headers are 16406 bytes, at most 16384 are allowed";
        refuses("GET", "ghcr.io/v2/", &[("range", &large[1..])], "headers-too-large", why);
    }

    #[test]
    fn pages_scripts_and_workers_are_refused() {
        let why = |what: &str| format!("this proxy answers a page's fetch only, and this request is for {what}");
        refuses("GET", "ghcr.io/v2/", &[("service-worker", "script")], "not-a-fetch", &why("a service worker"));
        for dest in ["document", "iframe", "script", "worker", "sharedworker", "style", "object", "embed"] {
            refuses(
                "GET",
                "ghcr.io/v2/",
                &[("sec-fetch-dest", dest)],
                "not-a-fetch",
                &why(&format!("a browser's \"{dest}\"")),
            );
        }
    }
}
