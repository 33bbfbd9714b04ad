//! Proxy, the connection: sends what the policy decided, one hop, to an address that the guarded resolver let through.

use std::error::Error;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Bytes;
use http::{Request, Response, Uri};
use http_body_util::Empty;
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::{ClientConfig, RootCertStore};
use tower_service::Service;

use crate::config::Config;
use crate::hosts::{Hosts, Turn};
use crate::metrics::Metrics;
use crate::policy::{Reach, Refusal, RefusalKind, Upstream};
use crate::resolver::{Guarded, NotPublic};

type Pool = Client<Hurried<HttpsConnector<HttpConnector<Guarded>>>, Empty<Bytes>>;

/// The memory that one answer takes in the proxy, some three times over; the rest waits in the kernel and at the
/// registry.
const BUFFER: usize = 16 * 1024;

/// The same for the few blobs that may be read in large pieces, which takes half of the time.
const LARGE_BUFFER: usize = 64 * 1024;

/// Pools of their own, so that a connection made for a host that the user named never serves one that was not.
pub(crate) struct Upstreams {
    public: Pools,
    named: Pools,
    pub(crate) hosts: Hosts,
}

impl Upstreams {
    pub(crate) fn new(config: &Config) -> io::Result<Self> {
        let (tls, limits) = (tls()?, &config.limits);
        let hosts = Hosts::new(limits.requests_per_host, limits.retry_after);
        Ok(Self {
            public: Pools::new(config, Reach::Public, &tls),
            named: Pools::new(config, Reach::Named, &tls),
            hosts,
        })
    }

    /// Sends one request, when it is its turn, and waits for the headers of its answer; redirects are answers.
    pub(crate) async fn send(
        &self,
        client: IpAddr,
        upstream: &Upstream,
        large: bool,
        metrics: &Metrics,
    ) -> Result<(Response<Incoming>, Turn), Refusal> {
        let host = upstream.target.to_string();
        if let Some(refusal) = self.hosts.pause(upstream) {
            metrics.limits.add("upstream-busy");
            return Err(refusal);
        }
        if self.hosts.is_busy(&host, client) {
            metrics.limits.add("requests-per-host");
        }
        let turn = self.hosts.turn(&host, client).await.ok_or_else(|| unreachable(&host, "the proxy stops"))?;
        let mut request = Request::new(Empty::new());
        *request.method_mut() = upstream.method.clone();
        *request.uri_mut() = upstream.uri()?;
        *request.headers_mut() = upstream.headers();
        let pools = match upstream.reach {
            Reach::Public => &self.public,
            Reach::Named => &self.named,
        };
        let pool = if large { &pools.large } else { &pools.small };
        let answer = pool.request(request).await.map_err(|error| refusal(&host, &error))?;
        self.hosts.heed(upstream, answer.status(), answer.headers());
        Ok((answer, turn))
    }
}

/// A connection keeps the buffers that it was made with.
struct Pools {
    small: Pool,
    large: Pool,
}

impl Pools {
    fn new(config: &Config, reach: Reach, tls: &ClientConfig) -> Self {
        let pool = |buffer, idle| pool(config, reach, tls.clone(), buffer, idle);
        Self { small: pool(BUFFER, 128), large: pool(LARGE_BUFFER, 16) }
    }
}

/// A connector that gives up when connection and handshake take too long together.
#[derive(Clone)]
struct Hurried<C> {
    inner: C,
    within: Duration,
}

impl<C> Service<Uri> for Hurried<C>
where
    C: Service<Uri, Error = Box<dyn Error + Send + Sync>>,
    C::Future: Send + 'static,
{
    type Response = C::Response;
    type Error = C::Error;
    type Future = Pin<Box<dyn Future<Output = Result<C::Response, C::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), C::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = tokio::time::timeout(self.within, self.inner.call(uri));
        Box::pin(async { connecting.await.unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut).into())) })
    }
}

/// HTTP/1.1 only: with HTTP/2 all answers of a registry share one connection and its window, so that a few clients that
/// do not read would hold up those of all others.
fn pool(config: &Config, reach: Reach, tls: ClientConfig, buffer: usize, idle: usize) -> Pool {
    let mut tcp = HttpConnector::new_with_resolver(Guarded { inner: Arc::clone(&config.resolver), reach });
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(config.limits.connect));
    let tls = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().wrap_connector(tcp);
    let connector = Hurried { inner: tls, within: config.limits.connect + config.limits.handshake };
    Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(Duration::from_secs(30))
        .pool_max_idle_per_host(idle)
        .http1_max_buf_size(buffer)
        .http1_max_headers(128)
        .build(connector)
}

/// TLS with the machine's own trusted certificates (`SSL_CERT_FILE` is honoured), so that a company's registry works.
fn tls() -> io::Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        tracing::warn!("this machine has no trusted certificates (on Debian: apt install ca-certificates)");
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    Ok(versions.map_err(io::Error::other)?.with_root_certificates(roots).with_no_client_auth())
}

fn refusal(host: &str, error: &(dyn Error + 'static)) -> Refusal {
    let causes = || std::iter::successors(Some(error), |error| (*error).source());
    if causes().any(|cause| cause.is::<NotPublic>()) {
        return Refusal::address(host);
    }
    if causes().filter_map(|cause| cause.downcast_ref()).any(hyper::Error::is_parse_too_large) {
        let why = format!("\"{host}\" sent more headers than are read, {BUFFER} bytes");
        return Refusal::new(RefusalKind::UpstreamInvalid, why);
    }
    let timed_out = |cause: &io::Error| cause.kind() == io::ErrorKind::TimedOut;
    if causes().filter_map(|cause| cause.downcast_ref()).any(timed_out) {
        return Refusal::new(RefusalKind::UpstreamTimeout, format!("\"{host}\" did not accept a connection in time"));
    }
    let cause = causes().last().map(ToString::to_string).unwrap_or_default();
    unreachable(host, &cause)
}

fn unreachable(host: &str, cause: &str) -> Refusal {
    Refusal::new(RefusalKind::UpstreamUnreachable, format!("\"{host}\" cannot be reached: {cause}"))
}
