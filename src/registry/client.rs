//! Line: registry::Client. Manifests and blobs of a repository, each fetched once a session.

use super::auth::{Demand, Grant, credential_for};
use super::cache::{Key, Task, proven};
use super::exchange::{Exchange, aborted};
use super::failure::{self, Wanted};
use super::url::Address;
use super::{Cache, Credential, Event, Fetched, Method, Name, Options, Response, TagOrDigest, Transport};
use crate::digest::{Algorithm, Digest};
use crate::error::Error;
use crate::limits;
use crate::media_type::{ACCEPT_MANIFESTS, MediaType};

/// Pulls from registries.
pub struct Client<T: Transport> {
    pub(super) exchange: Exchange<T>,
    pub(super) credentials: Vec<Credential>,
    cache: Cache,
}

/// One document to fetch.
struct Job<'a> {
    name: &'a Name,
    reference: TagOrDigest,
    blob: bool,
    max_bytes: usize,
}

impl Job<'_> {
    /// What its answer is kept under, if it has that digest.
    fn key(&self, digest: Digest) -> Key {
        Key { name: self.name.clone(), blob: self.blob, digest }
    }
}

/// How far the ways to authorise one request were tried: nobody's, then the user's.
#[derive(Default)]
pub(super) struct Ways {
    /// How many.
    pub tried: usize,
    /// What the registry asked for last.
    pub demand: Option<Demand>,
}

impl<T: Transport> Client<T> {
    /// A client over a transport; `on_event` hears of every request and wait.
    pub fn new(transport: T, options: Options, cache: Cache, on_event: impl Fn(Event) + 'static) -> Self {
        let exchange = Exchange { transport, proxy: options.proxy, on_event: Box::new(on_event) };
        Self { exchange, credentials: options.credentials, cache }
    }

    /// The manifest or index of that tag or digest (distribution spec, "Pulling manifests").
    ///
    /// # Errors
    /// One of the registry's codes of [`ErrorKind`](crate::ErrorKind). Bytes of another digest are no error: they are
    /// returned, and not kept.
    pub async fn manifest(&self, name: &Name, reference: &TagOrDigest) -> Result<Fetched, Error> {
        self.fetch(Job { name, reference: reference.clone(), blob: false, max_bytes: limits::DOCUMENT_BYTES }).await
    }

    /// The blob of that digest (distribution spec, "Pulling blobs"), of at most `max_bytes`.
    ///
    /// # Errors
    /// As [`manifest`](Self::manifest); `limit-exceeded` past `max_bytes`.
    pub async fn blob(&self, name: &Name, digest: &Digest, max_bytes: usize) -> Result<Fetched, Error> {
        self.fetch(Job { name, reference: TagOrDigest::Digest(digest.clone()), blob: true, max_bytes }).await
    }

    async fn fetch(&self, job: Job<'_>) -> Result<Fetched, Error> {
        let TagOrDigest::Digest(digest) = &job.reference else { return self.tagged(&job).await };
        let key = job.key(digest.clone());
        let gate = self.cache.gate(Task::Fetch(key.clone()));
        let _turn = gate.lock().await;
        if let Some(found) = self.cache.get(&key) {
            return Ok(found);
        }
        let fetched = self.download(&job).await?;
        self.cache.keep(key, &fetched);
        Ok(fetched)
    }

    /// What a tag names, kept under the digest of what came.
    async fn tagged(&self, job: &Job<'_>) -> Result<Fetched, Error> {
        let fetched = self.download(job).await?;
        self.cache.keep(job.key(Algorithm::Sha256.digest(&fetched.bytes)), &fetched);
        Ok(fetched)
    }

    async fn download(&self, job: &Job<'_>) -> Result<Fetched, Error> {
        let mut method = self.first_method(job);
        let (response, grant) = loop {
            let (response, grant) = self.authorized(job, method).await?;
            if method == Method::Get {
                break (response, grant);
            }
            if let Some(found) = self.named(job, &response) {
                return Ok(found);
            }
            method = Method::Get;
        };
        let account = grant.as_ref().and_then(|grant| grant.credential.as_ref()).map(|own| own.username.as_str());
        let wanted = Wanted { name: job.name, reference: &job.reference, blob: job.blob, account };
        if response.status != 200 {
            return Err(failure::of_status(&response, &wanted, self.exchange.transport.now()));
        }
        let fetched = fetched(response);
        // A page whose digest was asked for is what was asked for.
        let meant = matches!(&job.reference, TagOrDigest::Digest(digest) if proven(digest, &fetched));
        if failure::is_html(&fetched.bytes) && !meant { Err(failure::html(&wanted)) } else { Ok(fetched) }
    }

    /// Where pulls are counted and this session has documents of the repository, a `HEAD`, which is not counted, says
    /// first whether a tag is one of them.
    fn first_method(&self, job: &Job<'_>) -> Method {
        let tag = matches!(job.reference, TagOrDigest::Tag(_));
        if tag && job.name.counts_pulls() && self.cache.knows(job.name) { Method::Head } else { Method::Get }
    }

    /// What this session has of the document that the answer to a `HEAD` names.
    fn named(&self, job: &Job<'_>, response: &Response) -> Option<Fetched> {
        let said = response.headers.get("docker-content-digest").filter(|_| response.status == 200)?;
        self.cache.get(&job.key(Digest::parse(said).ok()?))
    }

    /// The answer to the job, with as little authority as the registry accepts.
    async fn authorized(&self, job: &Job<'_>, method: Method) -> Result<(Response, Option<Grant>), Error> {
        let mut grant = self.remembered(job.name);
        let (mut response, mut ways) = (self.request(job, method, grant.as_ref()).await?, Ways::default());
        while let Some(next) = self.better(job.name, &response, grant.as_ref(), &mut ways).await? {
            response = self.request(job, method, Some(&next)).await?;
            grant = Some(next);
        }
        if let Some(grant) = grant.as_ref().filter(|_| !refused(&response)) {
            self.cache.keep_grant(job.name, grant.clone());
        }
        Ok((response, grant))
    }

    /// A grant better than the one that was refused: first what anybody gets, then what the user gets, each once.
    pub(super) async fn better(
        &self,
        name: &Name,
        response: &Response,
        used: Option<&Grant>,
        ways: &mut Ways,
    ) -> Result<Option<Grant>, Error> {
        if !refused(response) {
            return Ok(None);
        }
        ways.demand = Demand::of(response, name)?.or(ways.demand.take());
        let Some(demand) = &ways.demand else { return Ok(None) };
        let user = credential_for(&self.credentials, name);
        while ways.tried < 1 + usize::from(user.is_some()) {
            ways.tried += 1;
            if let Some(grant) = self.next_grant(name, demand, user.filter(|_| ways.tried > 1), used).await? {
                return Ok(Some(grant));
            }
        }
        Ok(None)
    }

    /// A grant better than the one `refused`: another request's, where it has just got one, or a new one.
    async fn next_grant(
        &self,
        name: &Name,
        demand: &Demand,
        credential: Option<&Credential>,
        refused: Option<&Grant>,
    ) -> Result<Option<Grant>, Error> {
        let gate = self.cache.gate(Task::Authorize(name.clone()));
        let _turn = gate.lock().await;
        if self.exchange.transport.aborted() {
            return Err(aborted());
        }
        let found = self.remembered(name).filter(|found| found.credential.as_ref() == credential);
        if let Some(found) = found.filter(|found| Some(found) != refused) {
            return Ok(Some(found));
        }
        let grant = demand.meet(&self.exchange, name, credential).await?;
        if let Some(grant) = &grant {
            self.cache.keep_grant(name, grant.clone());
        }
        Ok(grant)
    }

    /// What this session has got before, unless with credentials that are no longer given.
    pub(super) fn remembered(&self, name: &Name) -> Option<Grant> {
        let given = credential_for(&self.credentials, name);
        let grant = self.cache.grant(name, self.exchange.transport.now())?;
        (grant.credential.is_none() || grant.credential.as_ref() == given).then_some(grant)
    }

    async fn request(&self, job: &Job<'_>, method: Method, grant: Option<&Grant>) -> Result<Response, Error> {
        let kind = if job.blob { "blobs" } else { "manifests" };
        let path = format!("/v2/{}/{kind}/{}", job.name.repository, job.reference);
        let accept = if job.blob { "*/*".to_owned() } else { ACCEPT_MANIFESTS.join(", ") };
        let mut headers = vec![("accept".to_owned(), accept)];
        headers.extend(grant.map(|grant| ("authorization".to_owned(), grant.header.clone())));
        let address = Address::of_registry(&job.name.endpoint, path);
        self.exchange.ask(method, &address, &headers, job.max_bytes).await
    }
}

/// Whether the registry (not the proxy) wants to know who we are.
fn refused(response: &Response) -> bool {
    matches!(response.status, 401 | 403) && response.headers.get("stowplan-refusal").is_none()
}

fn fetched(response: Response) -> Fetched {
    Fetched {
        content_type: response.headers.get("content-type").map(MediaType::from_content_type),
        header_digest: response.headers.get("docker-content-digest").map(str::to_owned),
        bytes: response.body.into(),
        cached: false,
    }
}

#[cfg(test)]
mod tests;
