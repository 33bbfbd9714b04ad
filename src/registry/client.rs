//! Manifests and blobs of a repository, each fetched once a session.

use super::auth::{Demand, Grant, Sender, credential_for};
use super::cache::{Key, Task, proven};
use super::exchange::{Exchange, aborted};
use super::failure::{self, Wanted};
use super::url::{Address, is_loopback};
use super::{Cache, Credential, Event, Fetched, Method, Name, Options, Response, TagOrDigest, Transport};
use crate::digest::{Algorithm, Digest};
use crate::error::Error;
use crate::limits;
use crate::media_type::{ACCEPT_MANIFESTS, MediaType};

mod head;
mod referrers;
mod tags;

pub use referrers::{Listed, Referrers};
pub use tags::TagList;

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
    /// Its path, if not among the manifests or blobs.
    path: Option<String>,
}

impl Job<'_> {
    fn place(&self) -> Place {
        let kind = if self.blob { "blobs" } else { "manifests" };
        let usual = || format!("/v2/{}/{kind}/{}", self.name.repository, self.reference);
        Place::of(self.name.clone(), self.path.clone().unwrap_or_else(usual))
    }

    /// The key of its answer, if it has that digest.
    fn key(&self, digest: Digest) -> Key {
        Key { name: self.name.clone(), blob: self.blob, digest }
    }
}

/// The registry that is asked for a document: the named one, or the one that its redirect led to and that wants a token
/// of its own.
pub(super) struct Place {
    pub name: Name,
    pub address: Address,
}

impl Place {
    pub fn of(name: Name, path: String) -> Self {
        let address = Address::of_registry(&name.endpoint, path);
        Self { name, address }
    }
}

/// An answer, what it was got with, and whose it is.
struct Answer {
    response: Response,
    grant: Option<Grant>,
    name: Name,
}

/// The most redirects to registries with challenges of their own that are taken up: a front name leads to one.
const HANDOVERS: usize = 2;

/// The state of the ways to authorise one request: anonymous, then the user's.
#[derive(Default)]
pub(super) struct Ways {
    /// The number of tried ways.
    pub tried: usize,
    /// The last demand of the registry.
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
        let max_bytes = limits::DOCUMENT_BYTES;
        self.fetch(Job { name, reference: reference.clone(), blob: false, max_bytes, path: None }).await
    }

    /// The blob of that digest (distribution spec, "Pulling blobs"), of at most `max_bytes`.
    ///
    /// # Errors
    /// As [`manifest`](Self::manifest); `limit-exceeded` past `max_bytes`.
    pub async fn blob(&self, name: &Name, digest: &Digest, max_bytes: usize) -> Result<Fetched, Error> {
        let reference = TagOrDigest::Digest(digest.clone());
        self.fetch(Job { name, reference, blob: true, max_bytes, path: None }).await
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

    /// The document of a tag, kept under the digest of its bytes.
    async fn tagged(&self, job: &Job<'_>) -> Result<Fetched, Error> {
        let fetched = self.download(job).await?;
        self.cache.keep(job.key(Algorithm::Sha256.digest(&fetched.bytes)), &fetched);
        Ok(fetched)
    }

    async fn download(&self, job: &Job<'_>) -> Result<Fetched, Error> {
        let mut method = self.first_method(job);
        let Answer { response, grant, name } = loop {
            let answer = self.authorized(job, method).await?;
            if method == Method::Get {
                break answer;
            }
            if let Some(found) = self.named(job, &answer.response) {
                return Ok(found);
            }
            method = Method::Get;
        };
        let account = grant.as_ref().and_then(Grant::account);
        let from = (name != *job.name).then_some(job.name.registry.as_str());
        let wanted = Wanted { name: &name, from, reference: &job.reference, blob: job.blob, account };
        if response.status != 200 {
            let error = failure::of_status(&response, &wanted, self.exchange.transport.now());
            return Err(self.explained(job, &response, error).await);
        }
        let fetched = fetched(response);
        // A page whose digest was asked for is what was asked for.
        let meant = matches!(&job.reference, TagOrDigest::Digest(digest) if proven(digest, &fetched));
        match failure::of_body(&fetched.bytes, &wanted) {
            Some(error) if !meant => Err(error),
            _ => Ok(fetched),
        }
    }

    /// The error of an answer, about a manifest or a list, that gives neither it nor the word that there is none.
    fn failed(&self, answer: &Answer, name: &Name, reference: &TagOrDigest) -> Error {
        let wanted = Wanted {
            name,
            from: None,
            reference,
            blob: false,
            account: answer.grant.as_ref().and_then(Grant::account),
        };
        failure::of_status(&answer.response, &wanted, self.exchange.transport.now())
    }

    /// The error of a digest that no manifest has, with what it is if the repository has a blob of that digest: people
    /// take image IDs (digests of configs) and layers' digests for an image's.
    async fn explained(&self, job: &Job<'_>, response: &Response, error: Error) -> Error {
        let TagOrDigest::Digest(digest) = &job.reference else { return error };
        let asked_in_vain = matches!(response.status, 400 | 404 | 500) && !job.blob;
        if !asked_in_vain || response.headers.get("stowplan-refusal").is_some() {
            return error;
        }
        let (reference, max_bytes) = (job.reference.clone(), limits::CONFIG_BYTES);
        let blob = Job { name: job.name, reference, blob: true, max_bytes, path: None };
        let Ok(Answer { response, .. }) = self.authorized(&blob, Method::Head).await else { return error };
        if response.status != 200 {
            return error;
        }
        let length = response.headers.get("content-length").and_then(|length| length.trim().parse::<usize>().ok());
        let small = length.is_some_and(|length| length <= limits::CONFIG_BYTES);
        let bytes = if small { self.authorized(&blob, Method::Get).await.ok() } else { None };
        let bytes = bytes.map(|answer| fetched(answer.response)).filter(|found| proven(digest, found));
        failure::of_blob_digest(error, bytes.as_ref().map(|found| &*found.bytes))
    }

    /// If pulls are counted and this session has documents of the repository, a `HEAD`, which is not counted, says
    /// first if a tag is one of them.
    fn first_method(&self, job: &Job<'_>) -> Method {
        let tag = matches!(job.reference, TagOrDigest::Tag(_));
        if tag && job.name.counts_pulls() && self.cache.knows(job.name) { Method::Head } else { Method::Get }
    }

    /// This session's document for the digest in the answer to a `HEAD`.
    fn named(&self, job: &Job<'_>, response: &Response) -> Option<Fetched> {
        let said = response.headers.get("docker-content-digest").filter(|_| response.status == 200)?;
        self.cache.get(&job.key(Digest::parse(said).ok()?))
    }

    /// The answer to the job, with as little authority as the registry accepts.
    async fn authorized(&self, job: &Job<'_>, method: Method) -> Result<Answer, Error> {
        let (mut place, mut ways, mut handed) = (job.place(), Ways::default(), 0);
        let mut grant = self.remembered(&place.name);
        let mut response = self.request(&place, job, method, grant.as_ref()).await?;
        loop {
            if let Some(next) = self.handed_over(&place.name, &response).filter(|_| handed < HANDOVERS) {
                (place, ways, grant, handed) = (next, Ways::default(), None, handed + 1);
            }
            let Some(next) = self.better(&place.name, &response, grant.as_ref(), &mut ways).await? else { break };
            response = self.request(&place, job, method, Some(&next)).await?;
            grant = Some(next);
        }
        if let Some(grant) = grant.as_ref().filter(|_| !refused(&response)) {
            self.cache.keep_grant(&place.name, grant.clone());
        }
        Ok(Answer { response, grant, name: place.name })
    }

    /// The registry that a redirect led to, if it is that one that wants to know who we are: its challenge is its own,
    /// and so are the token and the credentials.
    pub(super) fn handed_over(&self, name: &Name, response: &Response) -> Option<Place> {
        if !refused(response) {
            return None;
        }
        let Sender::Other(address) = self.sender(response, name) else { return None };
        if is_loopback(&address.host) && !is_loopback(&name.endpoint) {
            return None;
        }
        Some(Place { name: Name::at(&address.host, address.repository()?), address })
    }

    fn sender(&self, response: &Response, name: &Name) -> Sender {
        Sender::of(response, name, !self.exchange.proxy.is_empty())
    }

    /// A grant better than the one that was refused: first the anonymous one, then the user's, each once.
    pub(super) async fn better(
        &self,
        name: &Name,
        response: &Response,
        used: Option<&Grant>,
        ways: &mut Ways,
    ) -> Result<Option<Grant>, Error> {
        let user = credential_for(&self.credentials, name);
        let stranger = user.is_some() && used.is_none_or(|used| used.credential.is_none());
        // Some registries say to strangers that there is no such repository.
        let hidden = stranger && ways.tried < 2 && response.status == 404 && is_registrys(response);
        let sender = self.sender(response, name);
        if !(refused(response) || hidden) || matches!(sender, Sender::Other(_)) {
            return Ok(None);
        }
        ways.demand = Demand::of(response, name, &sender)?.or(ways.demand.take());
        if ways.demand.is_none() && stranger {
            ways.demand = self.first_demand(name).await?;
        }
        if hidden {
            ways.tried = ways.tried.max(1);
        }
        let Some(demand) = &ways.demand else { return Ok(None) };
        while ways.tried < 1 + usize::from(user.is_some()) {
            ways.tried += 1;
            if let Some(grant) = self.next_grant(name, demand, user.filter(|_| ways.tried > 1), used).await? {
                return Ok(Some(grant));
            }
        }
        Ok(None)
    }

    /// The registry's demand for clients without a token, at its own address (distribution spec, "Determining
    /// Support").
    async fn first_demand(&self, name: &Name) -> Result<Option<Demand>, Error> {
        let address = Address::of_registry(&name.endpoint, "/v2/".to_owned());
        let response = self.exchange.ask(Method::Get, &address, &[], limits::TOKEN_BYTES).await?;
        match self.sender(&response, name) {
            sender if refused(&response) && !matches!(sender, Sender::Other(_)) => Demand::of(&response, name, &sender),
            _ => Ok(None),
        }
    }

    /// A grant better than the one `refused`: another request's, if it has just got one, or a new one.
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

    /// The session's grant from before, unless with credentials that are no longer given.
    pub(super) fn remembered(&self, name: &Name) -> Option<Grant> {
        let given = credential_for(&self.credentials, name);
        let grant = self.cache.grant(name, self.exchange.transport.now())?;
        (grant.credential.is_none() || grant.credential.as_ref() == given).then_some(grant)
    }

    async fn request(
        &self,
        place: &Place,
        job: &Job<'_>,
        method: Method,
        grant: Option<&Grant>,
    ) -> Result<Response, Error> {
        let accept = if job.blob || job.path.is_some() { "*/*".to_owned() } else { ACCEPT_MANIFESTS.join(", ") };
        let mut headers = vec![("accept".to_owned(), accept)];
        headers.extend(grant.map(|grant| ("authorization".to_owned(), grant.header.clone())));
        self.exchange.ask(method, &place.address, &headers, job.max_bytes).await
    }
}

/// True if the registry (not the proxy) asks for authorisation.
fn refused(response: &Response) -> bool {
    matches!(response.status, 401 | 403) && is_registrys(response)
}

/// True if the registry answered, not the proxy.
fn is_registrys(response: &Response) -> bool {
    response.headers.get("stowplan-refusal").is_none()
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
