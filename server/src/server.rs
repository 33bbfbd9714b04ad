//! The server: accepts connections, gives each request to the site or the proxy, and stops without cutting answers off.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::routing::any;
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tower_service::Service as _;
use tracing::{info, warn};

use crate::client::Trusted;
use crate::config::{Config, Limits};
use crate::metrics::{self, Metrics};
use crate::permits::{Hit, Permit, Permits};
use crate::proxy::{Peer, Proxy, handle};
use crate::site;
use crate::stall::{Floor, StallGuard, TooSlow};

/// A server that listens and has not started to answer.
pub struct Server {
    listener: TcpListener,
    router: Router,
    limits: Limits,
    trusted: Trusted,
    metrics: Arc<Metrics>,
    scraped: Option<TcpListener>,
}

/// Listens, prints `listening on http://ADDRESS` to standard output, and answers until the process is told to stop
/// (SIGINT, SIGTERM).
///
/// # Errors
/// As [`Server::bind`].
pub async fn serve(config: Config) -> io::Result<()> {
    let stop = stop_signal()?;
    let page = site::source(config.dist.as_deref());
    let server = Server::bind(config).await?;
    let mut out = io::stdout();
    writeln!(out, "listening on http://{}", server.address()?)?;
    out.flush()?;
    info!(%page, version = env!("CARGO_PKG_VERSION"), "serving");
    if let Some(address) = server.metrics_address() {
        info!(%address, "metrics");
    }
    server.run(stop).await;
    Ok(())
}

impl Server {
    /// Listens as `config` says.
    ///
    /// # Errors
    /// When the port is taken or a host in the configuration is none (`InvalidInput`).
    pub async fn bind(config: Config) -> io::Result<Self> {
        let metrics = Arc::new(Metrics::default());
        let proxy = Arc::new(Proxy::new(&config, Arc::clone(&metrics))?);
        let proxied = Router::new().route("/proxy/{*target}", any(handle)).with_state(proxy);
        let router = site::routes(config.dist.as_deref()).merge(proxied);
        let listener = listen((config.host, config.port).into(), "--port").await?;
        let scraped = match config.metrics {
            Some(address) => Some(listen(address, "--metrics-listen").await?),
            None => None,
        };
        Ok(Self { listener, router, limits: config.limits, trusted: Trusted(config.trusted_proxies), metrics, scraped })
    }

    /// The address listened on, with its real port.
    ///
    /// # Errors
    /// When the operating system does not tell.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// The address on which `/metrics` is answered, if it is.
    #[must_use]
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.scraped.as_ref()?.local_addr().ok()
    }

    /// Answers until `stop`; then finishes what is under way, for `limits.drain` at most.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let Self { listener, router, limits, trusted, metrics, scraped } = self;
        let graceful = GracefulShutdown::new();
        let door = Door::new(&limits, trusted, &metrics);
        let scraping = scraped.map(|listener| scrapes(listener, &limits, &metrics));
        tokio::select! {
            () = stop => {}
            () = accept(&listener, &router, &limits, &door, &graceful) => {}
            () = async { match scraping { Some(scraping) => scraping.await, None => std::future::pending().await } } => {}
        }
        drop(listener);
        info!(in_flight = metrics.in_flight.load(Relaxed), "stopping");
        if tokio::time::timeout(limits.drain, graceful.shutdown()).await.is_err() {
            warn!(cut_off = metrics.in_flight.load(Relaxed), "stopped before every answer was through");
        }
    }
}

/// The limits on connections: in all, and from one client.
struct Door {
    permits: Permits,
    trusted: Trusted,
    metrics: Arc<Metrics>,
}

impl Door {
    fn new(limits: &Limits, trusted: Trusted, metrics: &Arc<Metrics>) -> Self {
        let permits = Permits::new(limits.connections, limits.connections_per_client);
        Self { permits, trusted, metrics: Arc::clone(metrics) }
    }

    fn open(&self, peer: SocketAddr) -> Option<Guest> {
        let many = self.trusted.includes(peer.ip());
        let taken = if many { self.permits.take_for_many() } else { self.permits.take(peer.ip()) };
        match taken {
            Ok(permit) => {
                self.metrics.connections.fetch_add(1, Relaxed);
                Some(Guest { _permit: permit, metrics: Arc::clone(&self.metrics) })
            }
            Err(hit) => {
                self.metrics.limits.add(if matches!(hit, Hit::Client(_)) {
                    "connections-per-client"
                } else {
                    "connections"
                });
                None
            }
        }
    }
}

/// An open connection.
struct Guest {
    _permit: Permit,
    metrics: Arc<Metrics>,
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.metrics.connections.fetch_sub(1, Relaxed);
    }
}

async fn accept(listener: &TcpListener, router: &Router, limits: &Limits, door: &Door, graceful: &GracefulShutdown) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Dropped at once if a limit is hit: an answer would cost what the limit is to save.
                let Some(guest) = door.open(peer) else { continue };
                let slow = TooSlow::default();
                let connection = graceful.watch(connection(stream, peer, router.clone(), limits, slow.clone()));
                tokio::spawn(async move {
                    drop(connection.await);
                    if slow.was() {
                        guest.metrics.limits.add("client-floor");
                        warn!(peer = %peer.ip(), "a client read too slowly and was cut off");
                    }
                });
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await, // out of file descriptors: wait
        }
    }
}

/// Answers scrapers, a few at a time.
async fn scrapes(listener: TcpListener, limits: &Limits, metrics: &Arc<Metrics>) {
    let limits = Limits { connections: 16, connections_per_client: 16, ..limits.clone() };
    let door = Door::new(&limits, Trusted::default(), &Arc::default());
    accept(&listener, &metrics::routes(metrics), &limits, &door, &GracefulShutdown::new()).await;
}

async fn listen(address: SocketAddr, flag: &str) -> io::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let why = match error.kind() {
            io::ErrorKind::AddrInUse => format!("another program listens there already; choose another with {flag}"),
            io::ErrorKind::PermissionDenied => format!("this user may not; choose a port above 1023 with {flag}"),
            io::ErrorKind::AddrNotAvailable => "this machine does not have that address".to_owned(),
            _ => error.to_string(),
        };
        io::Error::new(error.kind(), format!("cannot listen on {address}: {why}"))
    })
}

fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    limits: &Limits,
    slow: TooSlow,
) -> impl hyper_util::server::graceful::GracefulConnection<Output = hyper::Result<()>> + Send + 'static {
    let _ = stream.set_nodelay(true);
    let bytes = (limits.client_floor as f64 * limits.slow_window.as_secs_f64()) as u64;
    let floor = Floor { stall: limits.write_stall, window: limits.slow_window, bytes };
    let stream = TokioIo::new(StallGuard::new(stream, floor, slow.clone()));
    let service = service_fn(move |request| answer(router.clone(), Peer(peer.ip(), slow.clone()), request));
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_read)
        .max_buf_size(32 * 1024) // a request's head, and what of an answer waits for its client
        .serve_connection(stream, service)
}

async fn answer(
    mut router: Router,
    peer: Peer,
    mut request: Request<Incoming>,
) -> Result<Response<Body>, std::convert::Infallible> {
    // "GET http://other/ HTTP/1.1" is for a forward proxy, which this is not.
    if request.uri().authority().is_some() || request.uri().scheme().is_some() {
        let mut refused = Response::new(Body::from("this server answers paths, not absolute addresses\n"));
        *refused.status_mut() = StatusCode::BAD_REQUEST;
        return Ok(refused);
    }
    request.extensions_mut().insert(peer);
    router.call(request.map(Body::new)).await
}

#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
