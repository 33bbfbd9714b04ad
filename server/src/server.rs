//! The server: accepts connections, gives each request to the site or the proxy, and stops without cutting answers off.

use std::future::Future;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::sync::Arc;
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
use tokio::task::JoinSet;
use tower_service::Service as _;

use crate::config::{Config, Limits};
use crate::proxy::{Peer, Proxy, handle};
use crate::site;
use crate::stall::StallGuard;

/// A server that listens and has not started to answer.
pub struct Server {
    listener: TcpListener,
    router: Router,
    limits: Limits,
}

/// Listens, prints `listening on http://ADDRESS` to standard output, and answers until the process is told to stop
/// (SIGINT, SIGTERM).
///
/// # Errors
/// As [`Server::bind`].
pub async fn serve(config: Config) -> io::Result<()> {
    let stop = stop_signal()?;
    let server = Server::bind(config).await?;
    let mut out = io::stdout();
    writeln!(out, "listening on http://{}", server.address()?)?;
    out.flush()?;
    server.run(stop).await;
    Ok(())
}

impl Server {
    /// Listens as `config` says.
    ///
    /// # Errors
    /// When the port is taken or a host in the configuration is none (`InvalidInput`).
    pub async fn bind(config: Config) -> io::Result<Self> {
        let proxy = Arc::new(Proxy::new(&config)?);
        let proxied = Router::new().route("/proxy/{*target}", any(handle)).with_state(proxy);
        let router = site::routes(config.dist.as_deref()).merge(proxied);
        let listener = TcpListener::bind((config.host, config.port)).await?;
        Ok(Self { listener, router, limits: config.limits })
    }

    /// The address listened on, with its real port.
    ///
    /// # Errors
    /// When the operating system does not tell.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers until `stop`; then finishes what is under way, for `limits.drain` at most.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let Self { listener, router, limits } = self;
        let graceful = GracefulShutdown::new();
        let mut connections = JoinSet::new();
        tokio::pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => break,
                Some(_) = connections.join_next() => {}
                accepted = listener.accept() => match accepted {
                    Ok((stream, peer)) if connections.len() < limits.connections => {
                        let connection = connection(stream, peer, router.clone(), &limits);
                        connections.spawn(graceful.watch(connection));
                    }
                    Ok(_) => {} // dropped: at the limit
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await, // out of file descriptors: wait
                },
            }
        }
        drop(listener);
        let _ = tokio::time::timeout(limits.drain, graceful.shutdown()).await;
    }
}

fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    limits: &Limits,
) -> impl hyper_util::server::graceful::GracefulConnection<Output = hyper::Result<()>> + Send + 'static {
    let _ = stream.set_nodelay(true);
    let stream = TokioIo::new(StallGuard::new(stream, limits.write_stall));
    let service = service_fn(move |request| answer(router.clone(), peer, request));
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_read)
        .max_buf_size(64 * 1024)
        .serve_connection(stream, service)
}

async fn answer(
    mut router: Router,
    peer: SocketAddr,
    mut request: Request<Incoming>,
) -> Result<Response<Body>, std::convert::Infallible> {
    // "GET http://other/ HTTP/1.1" is for a forward proxy, which this is not.
    if request.uri().authority().is_some() || request.uri().scheme().is_some() {
        let mut refused = Response::new(Body::from("this server answers paths, not absolute addresses\n"));
        *refused.status_mut() = StatusCode::BAD_REQUEST;
        return Ok(refused);
    }
    request.extensions_mut().insert(Peer(peer.ip()));
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
