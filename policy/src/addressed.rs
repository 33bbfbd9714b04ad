//! Policy, the memory: which answers may be kept for others, because their address says what their bytes are.

use http::header::{self, HeaderMap};
use http::{Method, StatusCode};

use crate::asker::Readers;
use crate::hosts::is_registry_path;
use crate::{Scheme, Upstream};

/// A digest algorithm that the image spec registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// 64 hexadecimal digits.
    Sha256,
    /// 128 hexadecimal digits.
    Sha512,
}

/// Content that is addressed by its digest and asked for without credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressed {
    /// The algorithm of its digest.
    pub algorithm: Algorithm,
    /// Its digest, lower-case hexadecimal digits only.
    pub hex: String,
    /// The address of the request: one registry's answer to all clients is no answer for another registry.
    pub address: String,
}

/// The headers of an upstream that are kept; the others belong to one answer only.
pub const KEPT_HEADERS: &[&str] =
    &["content-type", "docker-content-digest", "docker-distribution-api-version", "etag", "last-modified"];

impl Upstream {
    /// The content that this request is for, if its answer may be kept: a manifest or blob by digest, without a query,
    /// and without `Authorization`, since what needs credentials is private (and what a token opened might be).
    #[must_use]
    pub fn addressed(&self) -> Option<Addressed> {
        let public = self.authorization.is_none() && (self.method == Method::GET || self.method == Method::HEAD);
        if !public || !is_registry_path(&self.path_and_query) || self.path_and_query.contains('?') {
            return None;
        }
        let (rest, digest) = self.path_and_query.rsplit_once('/')?;
        let kind = rest.rsplit('/').next()?;
        let (algorithm, hex) = digest.split_once(':')?;
        let (algorithm, length) = match algorithm {
            "sha256" => (Algorithm::Sha256, 64),
            "sha512" => (Algorithm::Sha512, 128),
            _ => return None,
        };
        let digits = hex.len() == length && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let port = self.target.port_for(self.scheme);
        let scheme = if self.scheme == Scheme::Https { "https" } else { "http" };
        (digits && matches!(kind, "blobs" | "manifests")).then(|| Addressed {
            algorithm,
            hex: hex.to_owned(),
            address: format!("{scheme}://{}:{port}{}", self.target.host, self.path_and_query),
        })
    }
}

impl Addressed {
    /// The headers of an answer that are kept. A `Docker-Content-Digest` that is not the digest asked for is a fault of this
    /// one answer, and no other reader is told it.
    #[must_use]
    pub fn kept_headers(&self, headers: &HeaderMap) -> HeaderMap {
        let digest = format!("{}:{}", self.algorithm.name(), self.hex);
        let rows = headers.iter().filter(|(name, value)| {
            KEPT_HEADERS.contains(&name.as_str()) && (*name != "docker-content-digest" || *value == digest.as_str())
        });
        rows.map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}

impl Algorithm {
    fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }
}

impl Upstream {
    /// True if a host that the request did not name led to one that is not public: what that one answers must not be kept
    /// under the other's address, where every client finds it.
    #[must_use]
    pub fn led_inside(&self) -> bool {
        self.led && self.readers != Readers::Anyone
    }
}

/// True if an answer is the whole content, byte for byte, and its sender does not forbid to keep it.
#[must_use]
pub fn may_keep(status: StatusCode, headers: &HeaderMap) -> bool {
    let lists = |name| headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    let forbidden = lists(header::CACHE_CONTROL).flat_map(|value| value.split(',')).any(|word| {
        let word = word.trim();
        word.eq_ignore_ascii_case("no-store") || word.eq_ignore_ascii_case("private")
    });
    let encoded = lists(header::CONTENT_ENCODING).any(|value| !value.trim().eq_ignore_ascii_case("identity"));
    status == StatusCode::OK && !forbidden && !encoded
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;
    use crate::{Decision, Policy};

    const SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn content(target: &str, headers: &HeaderMap) -> Option<Addressed> {
        let policy = Policy::new(&[] as &[&str], &["127.0.0.1:5000"], false).unwrap();
        match policy.request(&Method::GET, target, headers) {
            Ok(Decision::Forward(upstream)) => upstream.addressed(),
            other => panic!("{target}: {other:?}"),
        }
    }

    fn asked(target: &str) -> Option<Addressed> {
        content(target, &HeaderMap::new())
    }

    #[test]
    fn blobs_and_manifests_by_digest_are_content() {
        let found = asked(&format!("ghcr.io/v2/o/app/blobs/sha256:{SHA256}")).unwrap();
        assert_eq!((found.algorithm, found.hex.as_str()), (Algorithm::Sha256, SHA256));
        assert_eq!(found.address, format!("https://ghcr.io:443/v2/o/app/blobs/sha256:{SHA256}"));
        let same = asked(&format!("ghcr.io:443/v2/o/app/blobs/sha256:{SHA256}")).unwrap();
        assert_eq!(found, same);
        let long = format!("ghcr.io/v2/o/app/manifests/sha512:{SHA256}{SHA256}");
        assert_eq!(asked(&long).unwrap().algorithm, Algorithm::Sha512);
    }

    #[test]
    fn nothing_else_is() {
        for target in [
            "ghcr.io/v2/o/app/manifests/latest".to_owned(),
            "ghcr.io/v2/o/app/tags/list".to_owned(),
            format!("ghcr.io/v2/o/app/referrers/sha256:{SHA256}"),
            format!("ghcr.io/v2/o/app/blobs/sha256:{SHA256}?x=1"),
            format!("ghcr.io/v2/o/app/blobs/sha256:{}", SHA256.to_uppercase()),
            format!("ghcr.io/v2/o/app/blobs/sha256:{}", &SHA256[1..]),
            format!("ghcr.io/v2/o/app/blobs/sha512:{SHA256}"),
            format!("ghcr.io/v2/o/app/blobs/md5:{SHA256}"),
            format!("ghcr.io/v2/o/app/blobs/sha256:{SHA256}/"),
        ] {
            assert_eq!(asked(&target), None, "{target}");
        }
    }

    #[test]
    fn a_wrong_digest_header_is_not_kept() {
        let content = asked(&format!("ghcr.io/v2/o/app/manifests/sha256:{SHA256}")).unwrap();
        let kept = |digest: &str| {
            let rows = [("docker-content-digest", digest), ("content-type", "a/b"), ("set-cookie", "c=d")];
            let headers = rows.map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
            let kept = content.kept_headers(&HeaderMap::from_iter(headers));
            (kept.len(), kept.contains_key("docker-content-digest"))
        };
        assert_eq!(kept(&format!("sha256:{SHA256}")), (2, true));
        assert_eq!(kept(&format!("sha256:{}", "0".repeat(64))), (1, false));
    }

    #[test]
    fn what_is_asked_with_credentials_is_private() {
        let headers = HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_static("Bearer anonymous"))]);
        assert_eq!(content(&format!("ghcr.io/v2/o/app/blobs/sha256:{SHA256}"), &headers), None);
    }

    #[test]
    fn only_whole_and_plain_answers_are_kept() {
        let with =
            |name: HeaderName, value: &'static str| HeaderMap::from_iter([(name, HeaderValue::from_static(value))]);
        assert!(may_keep(StatusCode::OK, &HeaderMap::new()));
        assert!(may_keep(StatusCode::OK, &with(header::CACHE_CONTROL, "public, max-age=31536000")));
        assert!(!may_keep(StatusCode::PARTIAL_CONTENT, &HeaderMap::new()));
        assert!(!may_keep(StatusCode::NOT_FOUND, &HeaderMap::new()));
        assert!(!may_keep(StatusCode::OK, &with(header::CACHE_CONTROL, "max-age=0, No-Store")));
        assert!(!may_keep(StatusCode::OK, &with(header::CACHE_CONTROL, "private")));
        assert!(!may_keep(StatusCode::OK, &with(header::CONTENT_ENCODING, "gzip")));
    }
}
