//! The proxy's adapter: takes a request to the policy, its decision to the upstream, and the answer back as a stream.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::extract::{Extension, State};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body::Body as _;
use http_body_util::Either;
use hyper::body::Incoming;
use tokio::time::timeout;

use crate::account::Account;
use crate::body::{Pace, Paced};
use crate::budget::Budgets;
use crate::cache::{Cache, FileBody, Tee, serve};
use crate::client::{Trusted, network};
use crate::config::{Config, Limits};
use crate::hosts::Turn;
use crate::metrics::Metrics;
use crate::permits::{Hit, Permit, Permits};
use crate::policy::{Decision, InvalidRule, Policy, Rates, Refusal, RefusalKind, Upstream, may_keep};
use crate::stall::TooSlow;
use crate::upstream::Upstreams;

/// The path of the proxy on the server's origin.
pub(crate) const BASE: &str = "/proxy/";

/// Blobs that are read with large buffers at a time, and those of one client while others may want them, too.
const LARGE: (usize, usize) = (64, 16);

/// The time of Docker Hub's quota.
const HUB_HOURS: Duration = Duration::from_secs(6 * 60 * 60);
const HUB: &str = "registry-1.docker.io";

/// The address at the other end of the connection, put beside each request by the server, and whether it is too slow.
#[derive(Clone)]
pub(crate) struct Peer(pub(crate) IpAddr, pub(crate) TooSlow);

/// The proxy's shared parts.
pub(crate) struct Proxy {
    policy: Policy,
    upstreams: Upstreams,
    permits: Permits,
    large: Permits,
    rates: Option<Mutex<Rates>>,
    hub: Option<Mutex<Rates>>,
    budgets: Budgets,
    trusted: Trusted,
    cache: Option<Cache>,
    metrics: Arc<Metrics>,
    limits: Limits,
}

impl Proxy {
    pub(crate) fn new(config: &Config, metrics: Arc<Metrics>) -> std::io::Result<Self> {
        let invalid = |error: InvalidRule| std::io::Error::new(std::io::ErrorKind::InvalidInput, error);
        let limits = config.limits.clone();
        Ok(Self {
            policy: policy(config).map_err(invalid)?,
            upstreams: Upstreams::new(config)?,
            permits: Permits::new(limits.requests, limits.requests_per_client),
            large: Permits::new(LARGE.0, LARGE.1),
            rates: limits.requests_per_minute.map(|most| Mutex::new(Rates::new(most, Duration::from_secs(60)))),
            hub: limits.hub_manifests.map(|most| Mutex::new(Rates::new(most, HUB_HOURS))),
            budgets: Budgets::new(limits.client_bytes_per_minute, limits.bytes_per_minute),
            trusted: Trusted(config.trusted_proxies.clone()),
            cache: config.cache.as_ref().map(|cache| Cache::open(cache, &metrics)).transpose()?,
            metrics,
            limits,
        })
    }

    async fn answer(&self, client: IpAddr, request: Request<Body>, mut account: Account) -> Response<Body> {
        let (request, _) = request.into_parts(); // a body is refused, so nothing is lost
        let target = request.uri.path_and_query().map_or("", |whole| whole.as_str());
        let target = target.strip_prefix(BASE).unwrap_or_default();
        let decision = self
            .policy
            .request_with(&request.method, target, &request.headers, |realm| self.upstreams.hosts.is_realm(realm));
        let answered = match decision {
            Ok(Decision::Preflight(headers)) => {
                account.answered("preflight", StatusCode::NO_CONTENT);
                return response(StatusCode::NO_CONTENT, headers, Body::empty());
            }
            Ok(Decision::Forward(first)) => {
                account.asks(&first.target.to_string(), &first.path_and_query);
                self.forward(client, *first, &account).await
            }
            Err(refusal) => Err(refusal),
        };
        match answered {
            Ok(answered) => self.stream(answered, account),
            Err(refusal) => {
                account.refused(&refusal);
                response(refusal.status(), refusal.headers(), Body::from(refusal.body()))
            }
        }
    }

    /// Asks the cache, then upstream, within the limits of requests and time.
    async fn forward(&self, client: IpAddr, first: Upstream, account: &Account) -> Result<Answered, Refusal> {
        let metrics = account.metrics();
        self.count(client, &first, metrics)?;
        let permit = self.permits.take(client).map_err(|hit| crowded(hit, metrics))?;
        let wait = self.budgets.take(network(client), 0).as_secs();
        if wait > 0 {
            metrics.limits.add("bytes-per-minute");
            let why = "this proxy has sent its bytes for this minute, try again later".to_owned();
            return Err(Refusal::new(RefusalKind::Overloaded, why).retry_after(wait + 1));
        }
        let kept = self.cache.as_ref().and_then(|cache| Some((cache, first.addressed()?)));
        if let Some((cache, content)) = &kept
            && let Some(entry) = cache.find(content).await
            && let Ok(served) = serve(entry, &first.headers(), first.method == Method::HEAD)
        {
            let headers = first.answer(served.status, &served.headers)?;
            let held = Held { _permit: permit, _turn: None, _large: None };
            let (status, body) = (served.status, Either::Right(served.body));
            return Ok(Answered { outcome: "cache", status, headers, body, held });
        }
        let (host, head) = (first.target.to_string(), first.method == Method::HEAD);
        let large = if is_blob(&first) { self.large.take(client).ok() } else { None };
        let following = timeout(self.limits.first_byte, self.follow(client, first, large.is_some(), metrics));
        let (last, answer, turn) = following.await.map_err(|_| self.late(&host))??;
        self.check_size(&answer, &host)?;
        let (parts, body) = answer.into_parts();
        let headers = last.answer(parts.status, &parts.headers)?;
        let fill = kept.filter(|_| !head && !last.led_inside() && may_keep(parts.status, &parts.headers));
        let fill = fill.and_then(|(cache, content)| cache.fill(&content, &parts.headers, body.size_hint().exact()));
        let held = Held { _permit: permit, _turn: Some(turn), _large: large };
        let body = Either::Left(Tee::new(body, fill));
        Ok(Answered { outcome: "forwarded", status: parts.status, headers, body, held })
    }

    /// Counts a request against what its client may ask for in a time.
    fn count(&self, client: IpAddr, first: &Upstream, metrics: &Metrics) -> Result<(), Refusal> {
        let now = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        let count = |rates: &Option<Mutex<Rates>>, what, limit| {
            let Some(rates) = rates else { return Ok(()) };
            let counted = rates.lock().unwrap_or_else(PoisonError::into_inner).take(client, what, now);
            counted.inspect_err(|_| metrics.limits.add(limit))
        };
        count(&self.rates, "requests", "requests-per-minute")?;
        if is_hub_manifest(first) {
            count(&self.hub, "manifests of Docker Hub", "hub-manifests")?;
        }
        Ok(())
    }

    /// The last upstream asked, and its answer.
    async fn follow(
        &self,
        client: IpAddr,
        mut upstream: Upstream,
        large: bool,
        metrics: &Metrics,
    ) -> Result<(Upstream, Response<Incoming>, Turn), Refusal> {
        loop {
            let sent = self.upstreams.send(client, &upstream, large, metrics).await;
            let (answer, turn) = sent.map_err(|refusal| upstream.refused_after_dns(refusal))?;
            self.upstreams.hosts.heed_realms(&self.policy, &upstream, answer.status(), answer.headers());
            match self.policy.redirect(&upstream, answer.status(), answer.headers())? {
                Some(next) => upstream = next,
                None => return Ok((upstream, answer, turn)),
            }
        }
    }

    fn stream(&self, answered: Answered, mut account: Account) -> Response<Body> {
        let Answered { outcome, status, headers, body, held } = answered;
        account.answered(outcome, status);
        let Limits { body_idle: idle, whole, body: size, .. } = self.limits;
        let pace = Pace { idle, whole, size, budgets: self.budgets.clone() };
        response(status, headers, Body::new(Paced::new(body, pace, account, held)))
    }

    fn check_size(&self, answer: &Response<Incoming>, host: &str) -> Result<(), Refusal> {
        let (said, most) = (answer.body().size_hint().lower(), self.limits.body);
        if said <= most {
            return Ok(());
        }
        let why = format!("\"{host}\" sends {said} bytes, this proxy passes on {most} at most");
        Err(Refusal::new(RefusalKind::BodyTooLarge, why))
    }

    fn late(&self, host: &str) -> Refusal {
        let why = format!("\"{host}\" did not answer within {} s", self.limits.first_byte.as_secs_f32());
        Refusal::new(RefusalKind::UpstreamTimeout, why)
    }
}

fn policy(config: &Config) -> Result<Policy, InvalidRule> {
    Policy::new(&config.allow, &config.plain_http, config.allow_any)?.with_origins(&config.origins)
}

/// The answer from upstream or from the cache, with the headers that the page gets.
struct Answered {
    outcome: &'static str,
    status: StatusCode,
    headers: HeaderMap,
    body: Either<Tee<Incoming>, FileBody>,
    held: Held,
}

/// The resources that a request holds as long as it lasts.
struct Held {
    _permit: Permit,
    _turn: Option<Turn>,
    _large: Option<Permit>,
}

fn is_blob(asked: &Upstream) -> bool {
    asked.method == Method::GET && asked.path_and_query.contains("/blobs/")
}

/// True for the requests that Docker Hub counts as pulls: `GET` of a manifest, not `HEAD`.
fn is_hub_manifest(asked: &Upstream) -> bool {
    asked.method == Method::GET
        && asked.target.to_string().split(':').next() == Some(HUB)
        && asked.path_and_query.contains("/manifests/")
}

fn crowded(hit: Hit, metrics: &Metrics) -> Refusal {
    metrics.limits.add(if matches!(hit, Hit::Client(_)) { "requests-per-client" } else { "requests" });
    hit.refusal()
}

/// Answers every request below [`BASE`].
pub(crate) async fn handle(
    State(proxy): State<Arc<Proxy>>,
    Extension(Peer(peer, slow)): Extension<Peer>,
    request: Request<Body>,
) -> Response<Body> {
    let client = proxy.trusted.client(peer, request.headers());
    let account = Account::open(&proxy.metrics, client, request.method(), slow);
    proxy.answer(client, request, account).await
}

fn response(status: StatusCode, headers: HeaderMap, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
