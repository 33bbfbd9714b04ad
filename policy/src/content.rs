//! Policy, content: which answers are named by their digest, so that they may be kept once they were hashed.

use http::Method;
use http::header::{HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, RANGE};

use crate::{Algorithm, Reach, Upstream};

/// An answer that is the same for everybody and for ever, if its bytes hash to the digest in its address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Content {
    /// `{host}/{path}`: what it is kept under.
    pub key: String,
    /// The sha256 in the path, 64 lower-case hexadecimal digits.
    pub sha256: String,
}

impl Upstream {
    /// What this request asks for, if it is content by digest of a public host that anybody gets: asked without
    /// `Authorization` and without conditions, whole, and from nobody whom the user named.
    #[must_use]
    pub fn content(&self) -> Option<Content> {
        if self.method != Method::GET || self.reach != Reach::Public || is_partial(&self.headers) {
            return None;
        }
        let addressed = self.addressed().filter(|addressed| addressed.algorithm == Algorithm::Sha256)?;
        Some(Content { key: format!("{}{}", self.target, self.path_and_query), sha256: addressed.hex })
    }
}

fn is_partial(headers: &HeaderMap) -> bool {
    [RANGE, IF_RANGE, IF_NONE_MATCH, IF_MODIFIED_SINCE].iter().any(|name| headers.contains_key(name))
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;
    use crate::{Decision, Policy};

    const HEX: &str = "b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c";

    fn content(method: &str, target: &str, header: Option<&'static str>) -> Option<Content> {
        let mut headers = HeaderMap::new();
        headers.insert("host", HeaderValue::from_static("localhost"));
        if let Some(name) = header {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static("x"));
        }
        let policy = Policy::new(&[], &["127.0.0.1:5000"], false).unwrap();
        match policy.request(&method.parse().unwrap(), target, &headers).unwrap() {
            Decision::Forward(upstream) => upstream.content(),
            Decision::Preflight(_) => None,
        }
    }

    #[test]
    fn content_by_digest_may_be_kept() {
        for kind in ["manifests", "blobs"] {
            let target = format!("mcr.microsoft.com/v2/a/b/{kind}/sha256:{HEX}");
            let got = content("GET", &target, None).unwrap();
            assert_eq!((got.key, got.sha256.as_str()), (target, HEX));
        }
    }

    #[test]
    fn nothing_else_may() {
        let target = format!("mcr.microsoft.com/v2/a/manifests/sha256:{HEX}");
        assert_eq!(content("HEAD", &target, None), None);
        for header in ["authorization", "range", "if-range", "if-none-match", "if-modified-since"] {
            assert_eq!(content("GET", &target, Some(header)), None, "{header}");
        }
        for path in [
            format!("127.0.0.1:5000/v2/a/manifests/sha256:{HEX}"),
            format!("{target}?x=1"),
            format!("{target}0"),
            target
                .to_uppercase()
                .replace("MCR.MICROSOFT.COM/V2/A/MANIFESTS/SHA256", "mcr.microsoft.com/v2/a/manifests/sha256"),
            format!("mcr.microsoft.com/v2/a/tags/sha256:{HEX}"),
            format!("mcr.microsoft.com/v2/a/referrers/sha256:{HEX}"),
            "mcr.microsoft.com/v2/a/manifests/latest".to_owned(),
            "mcr.microsoft.com/v2/a/manifests/sha512:abc".to_owned(),
        ] {
            assert_eq!(content("GET", &path, None), None, "{path}");
        }
    }
}
