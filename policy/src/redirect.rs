//! Policy, the redirect: the next request to make, if the registry's `Location` may be followed.

use http::header::LOCATION;
use http::{HeaderMap, StatusCode};

use crate::target::{MAX_TARGET_BYTES, check_path};
use crate::{Policy, Reach, Refusal, RefusalKind, Scheme, Target, Upstream};

/// The most redirects that are followed for one request; registries need two (a mirror, then its object store).
pub const MAX_REDIRECTS: usize = 5;

impl Policy {
    /// The request that follows an answer with `status` and `headers` to `asked`; `None` when it is the final answer.
    ///
    /// Any public host may be the target, by TLS; a host that the user named may be as it was named. Once a public
    /// host had a say, the paths of named ones stay those that a page may ask for itself, so no registry can use the proxy
    /// to look around in a private network; and a named host's answer is for those who may read named hosts only. `Authorization` goes along only while the host stays the one it was meant for.
    ///
    /// # Errors
    /// `redirect-refused`, `address-refused`, `path-not-allowed`, `origin-not-allowed` or `too-many-redirects`.
    pub fn redirect(
        &self,
        asked: &Upstream,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> Result<Option<Upstream>, Refusal> {
        let Some(location) = headers.get(LOCATION).filter(|_| is_redirect(status)) else { return Ok(None) };
        if asked.hops == MAX_REDIRECTS {
            let why = format!("the registry redirects more than {MAX_REDIRECTS} times");
            return Err(Refusal::new(RefusalKind::TooManyRedirects, why));
        }
        let location = location.to_str().map_err(|_| refused("is not ASCII"))?;
        let mut next = resolve(asked, location)?;
        next.reach = self.admit_redirect(&next.target, next.scheme).map_err(|refusal| match &asked.named_readers {
            // The same as for a host that was allowed by name, so that a foreign page does not learn which were.
            Err(foreign) => foreign.clone(),
            Ok(_) => refusal,
        })?;
        next.led |= next.reach == Reach::Public;
        if next.reach == Reach::Named {
            next.readers = asked.named_readers.clone()?;
            if next.led {
                self.check_led(&next)?;
            }
        }
        next.hops += 1;
        Ok(Some(next))
    }

    /// A host that the request did not name leads to one that the user named: only to paths that a page may ask for itself.
    fn check_led(&self, next: &Upstream) -> Result<(), Refusal> {
        let path = next.path_and_query.split('?').next().unwrap_or_default();
        check_path(path).map_err(|why| refused(&format!("is refused: {why}")))?;
        self.admit(&next.target, path, false).map(drop)
    }
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Resolves a reference against the address asked (RFC 3986 section 5.2); what is absolute stays byte for byte, since
/// object stores sign it.
fn resolve(asked: &Upstream, location: &str) -> Result<Upstream, Refusal> {
    let text = location.split('#').next().unwrap_or_default();
    if text.len() > MAX_TARGET_BYTES || !text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') {
        return Err(refused("is too long or has bytes that no address has"));
    }
    if let Some(rest) = text.strip_prefix("//") {
        return absolute(asked, asked.scheme, rest);
    }
    if let Some((scheme, rest)) = split_scheme(text) {
        let rest = rest.strip_prefix("//").ok_or_else(|| refused("is not a web address"))?;
        return match scheme.to_ascii_lowercase().as_str() {
            "https" => absolute(asked, Scheme::Https, rest),
            "http" => absolute(asked, Scheme::Http, rest),
            _ => Err(refused("is not a web address")),
        };
    }
    Ok(Upstream { path_and_query: relative(&asked.path_and_query, text), ..asked.clone() })
}

fn absolute(asked: &Upstream, scheme: Scheme, rest: &str) -> Result<Upstream, Refusal> {
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let target = Target::parse(authority).map_err(|why| refused(&format!("is refused: {why}")))?;
    let path_and_query = if tail.starts_with('/') { tail.to_owned() } else { format!("/{tail}") };
    Ok(Upstream { scheme, target, path_and_query, ..asked.clone() })
}

fn split_scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    let inside = scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    (inside && scheme.starts_with(|first: char| first.is_ascii_alphabetic())).then_some((scheme, rest))
}

fn relative(base: &str, reference: &str) -> String {
    let base_path = base.split('?').next().unwrap_or_default();
    if reference.is_empty() {
        return base.to_owned();
    }
    if reference.starts_with('?') {
        return format!("{base_path}{reference}");
    }
    let (path, query) = reference.split_at(reference.find('?').unwrap_or(reference.len()));
    let directory = &base_path[..=base_path.rfind('/').unwrap_or(0)];
    let joined = if path.starts_with('/') { path.to_owned() } else { format!("{directory}{path}") };
    without_dot_segments(&joined) + query
}

fn without_dot_segments(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    for (at, segment) in segments.iter().enumerate() {
        match *segment {
            ".." => drop(kept.pop()),
            "." => {}
            other => kept.push(other),
        }
        if at + 1 == segments.len() && matches!(*segment, "." | "..") {
            kept.push("");
        }
    }
    format!("/{}", kept.join("/"))
}

fn refused(why: &str) -> Refusal {
    Refusal::new(RefusalKind::RedirectRefused, format!("the registry's redirect {why}"))
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, Method};

    use super::*;
    use crate::Decision;

    fn policy() -> Policy {
        Policy::new(&["r.lan"], &["127.0.0.1:5000"], false).unwrap()
    }

    fn start(target: &str) -> Upstream {
        start_from(target, "http://127.0.0.1:8080")
    }

    fn start_from(target: &str, origin: &'static str) -> Upstream {
        let headers = HeaderMap::from_iter([
            (http::header::AUTHORIZATION, HeaderValue::from_static("Bearer t")),
            (http::header::HOST, HeaderValue::from_static("127.0.0.1:8080")),
            (http::header::ORIGIN, HeaderValue::from_static(origin)),
        ]);
        match policy().request(&Method::GET, target, &headers) {
            Ok(Decision::Forward(upstream)) => *upstream,
            other => panic!("{other:?}"),
        }
    }

    fn follow(asked: &Upstream, location: &str) -> Result<Upstream, Refusal> {
        let headers = HeaderMap::from_iter([(LOCATION, HeaderValue::from_bytes(location.as_bytes()).unwrap())]);
        Ok(policy().redirect(asked, StatusCode::TEMPORARY_REDIRECT, &headers)?.expect("a redirect"))
    }

    #[track_caller]
    fn leads(location: &str, uri: &str, authorized: bool) {
        let next = follow(&start("quay.io/v2/a/blobs/sha256:ab?n=1"), location).unwrap();
        assert_eq!(next.uri().unwrap().to_string(), uri);
        assert_eq!(next.headers().contains_key("authorization"), authorized, "{location}");
    }

    #[test]
    fn locations_are_resolved() {
        leads("https://cdn.example/x%2Fy?sig=a%3Db#f", "https://cdn.example/x%2Fy?sig=a%3Db", false);
        leads("HTTPS://CDN.example?sig=1", "https://cdn.example/?sig=1", false);
        leads("//cdn.example/x", "https://cdn.example/x", false);
        leads("/v2/b", "https://quay.io/v2/b", true);
        leads("other?m=2", "https://quay.io/v2/a/blobs/other?m=2", true);
        leads("../c/./d", "https://quay.io/v2/a/c/d", true);
        leads("../../../../..", "https://quay.io/", true);
        leads("?m=2", "https://quay.io/v2/a/blobs/sha256:ab?m=2", true);
        leads("https://quay.io:443/z", "https://quay.io:443/z", true);
        leads("https://quay.io:8443/z", "https://quay.io:8443/z", false);
        leads("https://r.lan/v2/x", "https://r.lan/v2/x", false);
        leads("http://127.0.0.1:5000/v2/x", "http://127.0.0.1:5000/v2/x", false);
    }

    #[test]
    fn authorization_returns_with_its_host() {
        let away = follow(&start("quay.io/v2/"), "https://cdn.example/").unwrap();
        assert!(!away.headers().contains_key("authorization"));
        let back = follow(&away, "https://quay.io/v2/").unwrap();
        assert!(back.headers().contains_key("authorization"));
    }

    #[test]
    fn unsafe_locations_are_refused() {
        for (location, code) in [
            ("http://cdn.example/", "redirect-refused"),
            ("http://quay.io/v2/", "redirect-refused"),
            ("ftp://cdn.example/", "redirect-refused"),
            ("javascript:alert(1)", "redirect-refused"),
            ("https:cdn.example", "redirect-refused"),
            ("https://user:pw@cdn.example/", "redirect-refused"),
            ("https://cdn.example\\@127.0.0.1/", "redirect-refused"),
            ("https://2130706433/", "redirect-refused"),
            ("https://0x7f.1/", "redirect-refused"),
            ("https://0177.0.0.1/", "redirect-refused"),
            ("https://", "redirect-refused"),
            ("https://cdn.example/\u{e9}", "redirect-refused"),
            ("https://127.0.0.1/", "address-refused"),
            ("http://127.0.0.1:5001/", "address-refused"),
            ("http://169.254.169.254/latest/meta-data/", "address-refused"),
            ("https://10.0.0.1/", "address-refused"),
            ("https://[::1]/", "address-refused"),
            ("https://[::ffff:127.0.0.1]/", "address-refused"),
            ("https://[64:ff9b::7f00:1]/", "address-refused"),
            ("http://127.0.0.1:5000/debug/vars", "path-not-allowed"),
            ("https://r.lan/admin", "path-not-allowed"),
            ("https://r.lan/v2/../admin", "redirect-refused"),
            ("https://r.lan/v2/%2e%2e/admin", "redirect-refused"),
        ] {
            let refusal = follow(&start("quay.io/v2/a"), location).expect_err(location);
            assert_eq!(refusal.code(), code, "{location}");
        }
    }

    #[test]
    fn a_named_host_may_redirect_within_named_hosts() {
        let next = follow(&start("127.0.0.1:5000/v2/a"), "http://127.0.0.1:5000/storage/x").unwrap();
        assert_eq!(next.uri().unwrap().to_string(), "http://127.0.0.1:5000/storage/x");
    }

    #[test]
    fn what_a_public_host_led_to_stays_within_bounds() {
        let led = follow(&start("quay.io/v2/a"), "https://r.lan/v2/x").unwrap();
        assert_eq!(follow(&led, "/admin").unwrap_err().code(), "path-not-allowed");
        let away = follow(&start("r.lan/v2/a"), "https://cdn.example/").unwrap();
        assert_eq!(follow(&away, "https://r.lan/admin").unwrap_err().code(), "path-not-allowed");
    }

    #[test]
    fn a_public_host_shows_no_named_one_to_a_foreign_page() {
        let public = start_from("quay.io/v2/a", "https://evil.example");
        assert_eq!(follow(&public, "https://r.lan/v2/x").unwrap_err().code(), "origin-not-allowed");
        for location in
            ["http://127.0.0.1:5000/v2/x", "http://127.0.0.1:5001/v2/x", "https://10.0.0.1/v2/x", "http://x.lan/"]
        {
            let refusal = follow(&public, location).unwrap_err();
            assert_eq!(refusal, follow(&public, "https://r.lan/v2/x").unwrap_err(), "{location}: named or not");
        }
        let named = follow(&start("quay.io/v2/a"), "https://r.lan/v2/x").unwrap();
        let got = named.answer(StatusCode::OK, &HeaderMap::new()).unwrap();
        assert_eq!(got["access-control-allow-origin"], "http://127.0.0.1:8080");
        let away = follow(&named, "https://cdn.example/").unwrap();
        assert_eq!(away.answer(StatusCode::OK, &HeaderMap::new()).unwrap()["vary"], "Origin");
        assert!(named.led_inside() && away.led_inside(), "not to be kept under the public host's address");
        assert!(!start("quay.io/v2/a").led_inside() && !start("r.lan/v2/a").led_inside());
    }

    #[test]
    fn redirects_end() {
        let mut asked = start("quay.io/v2/a");
        for _ in 0..MAX_REDIRECTS {
            asked = follow(&asked, "/v2/a").unwrap();
        }
        let refusal = follow(&asked, "/v2/a").unwrap_err();
        assert_eq!(refusal.code(), "too-many-redirects");
        assert_eq!(refusal.message(), "the registry redirects more than 5 times");
    }

    #[test]
    fn other_answers_are_final() {
        let headers = HeaderMap::from_iter([(LOCATION, HeaderValue::from_static("/x"))]);
        for status in [200, 201, 206, 300, 304, 401, 404] {
            let status = StatusCode::from_u16(status).unwrap();
            assert!(policy().redirect(&start("quay.io/v2/"), status, &headers).unwrap().is_none(), "{status}");
        }
        let bare = policy().redirect(&start("quay.io/v2/"), StatusCode::FOUND, &HeaderMap::new());
        assert!(bare.unwrap().is_none());
    }
}
