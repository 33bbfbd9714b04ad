//! Proxy, the connection: sends what the policy decided, one hop, to an address that the guarded resolver let through.

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use http::{Request, Response};
use http_body_util::Empty;
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::{ClientConfig, RootCertStore};

use crate::config::Config;
use crate::policy::{MAX_HEADER_BYTES, Reach, Refusal, RefusalKind, Upstream};
use crate::resolver::{Guarded, NotPublic};

type Pool = Client<HttpsConnector<HttpConnector<Guarded>>, Empty<Bytes>>;

/// Two pools, so that a connection made for a host that the user named never serves one that was not.
pub(crate) struct Upstreams {
    public: Pool,
    named: Pool,
}

impl Upstreams {
    pub(crate) fn new(config: &Config) -> io::Result<Self> {
        let tls = tls()?;
        Ok(Self { public: pool(config, Reach::Public, tls.clone()), named: pool(config, Reach::Named, tls) })
    }

    /// Sends one request and waits for the headers of its answer; redirects are answers.
    pub(crate) async fn send(&self, upstream: &Upstream) -> Result<Response<Incoming>, Refusal> {
        let mut request = Request::new(Empty::new());
        *request.method_mut() = upstream.method.clone();
        *request.uri_mut() = upstream.uri()?;
        *request.headers_mut() = upstream.headers();
        let pool = match upstream.reach {
            Reach::Public => &self.public,
            Reach::Named => &self.named,
        };
        pool.request(request).await.map_err(|error| refusal(&upstream.target.to_string(), &error))
    }
}

fn pool(config: &Config, reach: Reach, tls: ClientConfig) -> Pool {
    let mut tcp = HttpConnector::new_with_resolver(Guarded { inner: Arc::clone(&config.resolver), reach });
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(config.limits.connect));
    let tls =
        HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_all_versions().wrap_connector(tcp);
    Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(Duration::from_secs(30))
        .pool_max_idle_per_host(16)
        .http1_max_buf_size(128 * 1024)
        .http1_max_headers(128)
        .http2_max_header_list_size(2 * MAX_HEADER_BYTES as u32)
        .http2_initial_stream_window_size(1024 * 1024)
        .http2_initial_connection_window_size(4 * 1024 * 1024)
        .build(tls)
}

/// TLS with the machine's own trusted certificates (`SSL_CERT_FILE` is honoured), so that a company's registry works.
fn tls() -> io::Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        eprintln!("warning: this machine has no trusted certificates (on Debian: apt install ca-certificates)");
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
    let timed_out = |cause: &io::Error| cause.kind() == io::ErrorKind::TimedOut;
    if causes().filter_map(|cause| cause.downcast_ref()).any(timed_out) {
        return Refusal::new(RefusalKind::UpstreamTimeout, format!("\"{host}\" did not accept a connection in time"));
    }
    let cause = causes().last().map(ToString::to_string).unwrap_or_default();
    Refusal::new(RefusalKind::UpstreamUnreachable, format!("\"{host}\" cannot be reached: {cause}"))
}
