//! The proxy's adapter: takes a request to the policy, its decision to the upstream, and the answer back as a stream.

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Extension, State};
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use tokio::time::timeout;

use crate::body::Paced;
use crate::config::{Config, Limits};
use crate::permits::Permits;
use crate::policy::{Decision, InvalidRule, Policy, Refusal, RefusalKind, Upstream};
use crate::upstream::Upstreams;

/// Where the proxy lives on the server's origin.
pub(crate) const BASE: &str = "/proxy/";

/// The address of the client, put beside each request by the server.
#[derive(Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// The proxy's shared parts.
pub(crate) struct Proxy {
    policy: Policy,
    upstreams: Upstreams,
    permits: Permits,
    limits: Limits,
}

impl Proxy {
    pub(crate) fn new(config: &Config) -> std::io::Result<Self> {
        let invalid = |error: InvalidRule| std::io::Error::new(std::io::ErrorKind::InvalidInput, error);
        let limits = config.limits.clone();
        Ok(Self {
            policy: policy(config).map_err(invalid)?,
            upstreams: Upstreams::new(config)?,
            permits: Permits::new(limits.requests, limits.requests_per_client),
            limits,
        })
    }

    async fn answer(&self, peer: IpAddr, request: Request<Body>) -> Result<Response<Body>, Refusal> {
        let (request, _) = request.into_parts(); // a body is refused, so nothing is lost
        let target = request.uri.path_and_query().map_or("", |whole| whole.as_str());
        let target = target.strip_prefix(BASE).unwrap_or_default();
        let first = match self.policy.request(&request.method, target, &request.headers)? {
            Decision::Preflight(headers) => return Ok(response(StatusCode::NO_CONTENT, headers, Body::empty())),
            Decision::Forward(upstream) => *upstream,
        };
        let permit = self.permits.take(peer)?;
        let host = first.target.to_string();
        let (last, answer) =
            timeout(self.limits.first_byte, self.follow(first)).await.map_err(|_| self.late(&host))??;
        let (parts, body) = answer.into_parts();
        let headers = last.answer(parts.status, &parts.headers)?;
        let body = Paced::new(body, self.limits.body_idle, permit);
        Ok(response(parts.status, headers, Body::new(body)))
    }

    /// The last upstream asked, and its answer.
    async fn follow(&self, mut upstream: Upstream) -> Result<(Upstream, Response<Incoming>), Refusal> {
        loop {
            let answer = self.upstreams.send(&upstream).await?;
            match self.policy.redirect(&upstream, answer.status(), answer.headers())? {
                Some(next) => upstream = next,
                None => return Ok((upstream, answer)),
            }
        }
    }

    fn late(&self, host: &str) -> Refusal {
        let why = format!("\"{host}\" did not answer within {} s", self.limits.first_byte.as_secs_f32());
        Refusal::new(RefusalKind::UpstreamTimeout, why)
    }
}

fn policy(config: &Config) -> Result<Policy, InvalidRule> {
    Policy::new(&config.allow, &config.plain_http, config.allow_any)?.with_origins(&config.origins)
}

/// Answers every request below [`BASE`].
pub(crate) async fn handle(
    State(proxy): State<Arc<Proxy>>,
    Extension(Peer(peer)): Extension<Peer>,
    request: Request<Body>,
) -> Response<Body> {
    let answer = proxy.answer(peer, request).await;
    answer.unwrap_or_else(|refusal| response(refusal.status(), refusal.headers(), Body::from(refusal.body())))
}

fn response(status: StatusCode, headers: http::HeaderMap, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
