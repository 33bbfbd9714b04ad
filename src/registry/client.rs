//! Line: registry::Client. Manifests and blobs of a repository, each fetched once a session.

use super::cache::Key;
use super::url::Address;
use super::{Cache, Event, Fetched, Method, Name, Options, Request, Response, TagOrDigest, Transport};
use crate::digest::Digest;
use crate::error::{Error, ErrorKind};
use crate::limits;
use crate::media_type::{ACCEPT_MANIFESTS, MediaType};

/// Pulls from registries.
pub struct Client<T: Transport> {
    transport: T,
    options: Options,
    cache: Cache,
    on_event: Box<dyn Fn(Event)>,
}

impl<T: Transport> Client<T> {
    /// A client over a transport; `on_event` hears of every request and wait.
    pub fn new(transport: T, options: Options, cache: Cache, on_event: impl Fn(Event) + 'static) -> Self {
        Self { transport, options, cache, on_event: Box::new(on_event) }
    }

    /// The manifest or index of that tag or digest (distribution spec, "Pulling manifests").
    ///
    /// # Errors
    /// One of the registry's codes of [`ErrorKind`]. Bytes of another digest are no error: they are returned.
    pub async fn manifest(&self, name: &Name, reference: &TagOrDigest) -> Result<Fetched, Error> {
        let path = format!("/v2/{}/manifests/{reference}", name.repository);
        let accept = ACCEPT_MANIFESTS.join(", ");
        let key = match reference {
            TagOrDigest::Digest(digest) => Some(Key { name: name.clone(), blob: false, digest: digest.clone() }),
            TagOrDigest::Tag(_) => None,
        };
        self.fetch(name, path, Some(accept), limits::DOCUMENT_BYTES, key).await
    }

    /// The blob of that digest (distribution spec, "Pulling blobs").
    ///
    /// # Errors
    /// As [`manifest`](Self::manifest); `limit-exceeded` past `max_bytes`.
    pub async fn blob(&self, name: &Name, digest: &Digest, max_bytes: usize) -> Result<Fetched, Error> {
        let path = format!("/v2/{}/blobs/{digest}", name.repository);
        let key = Key { name: name.clone(), blob: true, digest: digest.clone() };
        self.fetch(name, path, None, max_bytes, Some(key)).await
    }

    async fn fetch(
        &self,
        name: &Name,
        path: String,
        accept: Option<String>,
        max_bytes: usize,
        key: Option<Key>,
    ) -> Result<Fetched, Error> {
        if let Some(found) = key.as_ref().and_then(|key| self.cache.get(key)) {
            return Ok(found);
        }
        let address = Address::of_registry(&name.endpoint, path);
        let headers = accept.into_iter().map(|accept| ("accept".to_owned(), accept)).collect();
        let request = Request {
            method: Method::Get,
            url: address.through(&self.options.proxy),
            headers,
            max_bytes,
            timeout_ms: limits::REQUEST_MILLISECONDS,
        };
        let started = self.transport.now();
        let response =
            self.transport.send(request).await.map_err(|_| {
                Error::new(ErrorKind::RegistryUnreachable, "the registry or the proxy refused this page")
            })?;
        (self.on_event)(Event::Request {
            method: "GET",
            url: address.direct(),
            status: Some(response.status),
            bytes: response.body.len() as u64,
            milliseconds: self.transport.now() - started,
            rate_limit_remaining: None,
            error: None,
        });
        if response.status != 200 {
            return Err(Error::new(ErrorKind::RegistryError, format!("the registry answered {}", response.status)));
        }
        let fetched = fetched(response);
        if let Some(key) = key {
            self.cache.keep(key, &fetched);
        }
        Ok(fetched)
    }
}

fn fetched(response: Response) -> Fetched {
    Fetched {
        content_type: response.headers.get("content-type").map(MediaType::from_content_type),
        header_digest: response.headers.get("docker-content-digest").map(str::to_owned),
        bytes: response.body.into(),
        cached: false,
    }
}
