//! The proxy before an upstream that speaks TLS, as every public registry does: the protocol, a wrong certificate, a handshake without end.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use stowplan_server::{Config, Limits};
use support::App;
use support::binary::Binary;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

const SHORT: Duration = Duration::from_millis(100);

/// A TLS upstream on loopback that answers with the protocol and the Host it was asked with; its port and certificate.
async fn upstream(name: &str, protocols: &[&str]) -> (u16, PathBuf) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.pem"));
    std::fs::write(&file, made.cert.pem()).unwrap();
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let mut tls = versions.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key).unwrap();
    tls.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(accept(listener, TlsAcceptor::from(Arc::new(tls))));
    (port, file)
}

async fn accept(listener: TcpListener, acceptor: TlsAcceptor) {
    while let Ok((stream, _)) = listener.accept().await {
        let Ok(stream) = acceptor.accept(stream).await else { continue };
        let service = service_fn(answer);
        tokio::spawn(async move {
            auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await
        });
    }
}

async fn answer(request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    let authorized = request.headers().contains_key("authorization");
    let text = format!("{:?} {} authorized={authorized}", request.version(), request.uri().path());
    Ok(Response::new(Body::from(text)))
}

/// The binary, trusting the certificates in `trusted` only.
fn start(port: u16, trusted: &Path) -> Binary {
    let host = format!("localhost:{port}");
    Binary::start(
        &["--port", "0", "--allow", &host],
        &[("SSL_CERT_FILE", trusted.to_str().unwrap()), ("SSL_CERT_DIR", "")],
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn each_request_has_a_connection_of_its_own_where_registries_know_http_2_too() {
    for (name, protocols, version) in [("h2", &["h2", "http/1.1"][..], "HTTP/1.1"), ("h1", &["http/1.1"], "HTTP/1.1")] {
        let (port, certificate) = upstream(name, protocols).await;
        let binary = start(port, &certificate);
        let path = format!("/proxy/localhost:{port}/v2/a/manifests/1");
        let got = binary.ask(&path, &["authorization: Basic eA=="]).await;
        assert!(got.ends_with(&format!("{version} /v2/a/manifests/1 authorized=true")), "{got}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_nobody_trusts_ends_it() {
    let (port, _) = upstream("untrusted", &["h2"]).await;
    let (_, other) = upstream("other", &["h2"]).await;
    let got = start(port, &other).get(&format!("/proxy/localhost:{port}/v2/")).await;
    assert!(got.contains("stowplan-refusal: upstream-unreachable\r\n"), "{got}");
    assert!(got.contains("cannot be reached: invalid peer certificate"), "{got}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handshake_that_does_not_go_on_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let limits = Limits { connect: SHORT, handshake: SHORT, ..Limits::default() };
    let app = App::start(Config { allow: vec![host.clone()], limits, ..Config::default() }).await;
    let message = app.get(&format!("/proxy/{host}/v2/")).await.refused(504, "upstream-timeout");
    assert_eq!(message, format!("\"{host}\" did not accept a connection in time"));
    drop(listener);
}
