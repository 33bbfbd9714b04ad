//! The pull half of the distribution spec, over a seam for HTTP.
//!
//! ```text
//! client     manifest and blob: cache, request, retry, and what an answer must look like
//!   auth       anonymous first, then tokens, then credentials       challenge   WWW-Authenticate
//!   retry      what is tried again, and when                        cache       what a session remembers
//!   blob       address and headers of a large blob, for a worker
//!   exchange   one request, its retries and events              failure     a status or a broken answer as an Error
//!   link       where the next page of a list is
//!   transport  the seam: fetch in a browser, a script in tests   event       what the table of requests shows
//! ```

mod auth;
mod blob;
mod cache;
mod challenge;
mod client;
mod event;
mod exchange;
mod failure;
#[cfg(test)]
pub(crate) mod fake;
mod link;
mod retry;
mod transport;
mod url;

use std::fmt;
use std::sync::Arc;

/// Reads a `WWW-Authenticate` header, for the fuzz target: how many challenges, and whether all of it could be read.
#[doc(hidden)]
#[must_use]
pub fn challenges(header: &str) -> (usize, bool) {
    let (list, complete) = challenge::parse(header);
    (list.len(), complete)
}

pub use blob::{BlobRequest, Refusal};
pub use cache::Cache;
pub use client::{Client, Listed, Referrers, TagList};
pub use event::Event;
pub use transport::{Headers, Method, Request, Response, Transport, TransportError};
pub(crate) use url::is_loopback;

use crate::digest::Digest;
use crate::media_type::MediaType;
use crate::reference::{Reference, is_hub};

/// The options of a [`Client`] for reaching registries.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The address before `{host}/v2/…`, with its slash at the end; empty for no proxy.
    pub proxy: String,
    /// Used only if a registry refuses an anonymous request.
    pub credentials: Vec<Credential>,
}

/// A user's name and password for one registry, kept in memory only.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Credential {
    /// The registry as a reference names it, such as `docker.io` or `localhost:5000`.
    pub registry: String,
    /// The account.
    pub username: String,
    /// A password or an access token.
    pub password: String,
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").field("registry", &self.registry).finish_non_exhaustive()
    }
}

/// A repository at the host that answers for it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// The registry as a reference names it, for people and for credentials.
    pub registry: String,
    /// Host and port for HTTP, such as `registry-1.docker.io`.
    pub endpoint: String,
    /// The repository, such as `library/busybox`.
    pub repository: String,
}

impl Name {
    /// The repository that a reference points to; `None` for a digest without a name.
    #[must_use]
    pub fn of(reference: &Reference) -> Option<Self> {
        Some(Self {
            registry: reference.registry()?.to_owned(),
            endpoint: reference.endpoint()?.to_owned(),
            repository: reference.repository()?.to_owned(),
        })
    }

    /// A repository of the registry that answers at this host.
    pub(crate) fn at(host: &str, repository: &str) -> Self {
        let registry = if is_hub(host) { "docker.io" } else { host };
        Self { registry: registry.to_owned(), endpoint: host.to_owned(), repository: repository.to_owned() }
    }

    /// True if the registry counts each `GET` of a manifest or index as a pull, and grants so many in a while.
    #[must_use]
    pub fn counts_pulls(&self) -> bool {
        is_hub(&self.registry)
    }
}

/// The tag or digest by which a manifest is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TagOrDigest {
    /// A tag: the registry says what it means today.
    Tag(String),
    /// A digest: the bytes prove themselves.
    Digest(Digest),
}

impl fmt::Display for TagOrDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tag(tag) => f.write_str(tag),
            Self::Digest(digest) => f.write_str(digest.as_str()),
        }
    }
}

/// The answer of a registry; nothing in it is proven yet.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The body, exactly as it came.
    pub bytes: Arc<[u8]>,
    /// The `Content-Type` header without its parameters.
    pub content_type: Option<MediaType>,
    /// The `Docker-Content-Digest` header, as it stands.
    pub header_digest: Option<String>,
    /// True if this session had it already: then the bytes have the digest asked for.
    pub cached: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_where_a_reference_points() {
        let name = |text: &str| Name::of(&Reference::parse(text).unwrap());
        let hub = name("busybox").unwrap();
        assert_eq!(hub.registry, "docker.io");
        assert_eq!(hub.endpoint, "registry-1.docker.io");
        assert_eq!(hub.repository, "library/busybox");
        assert_eq!(name(&"0".repeat(64)), None);
    }

    #[test]
    fn a_credential_does_not_show_itself() {
        let credential = Credential { registry: "r.io".into(), username: "ann".into(), password: "s3cret".into() };
        assert_eq!(format!("{credential:?}"), "Credential { registry: \"r.io\", .. }");
        let options = Options { proxy: String::new(), credentials: vec![credential] };
        assert!(!format!("{options:?}").contains("s3cret"));
    }
}
