//! Under the server's tests: an upstream that answers as it is told, a client that shows every byte, and the server.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, reason = "test support: each suite uses a part of it")]

pub mod binary;

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use stowplan_server::{Config, Resolve, Resolving, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A loopback server that keeps what it was asked and answers what its script says.
pub struct Upstream {
    pub host: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Upstream {
    /// Answers each request with the text that `script` makes of it, then closes.
    pub async fn answering(script: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        let script = Arc::new(script);
        Self::start(move |request, mut stream| {
            let answer = script(&request);
            async move { drop(stream.write_all(answer.as_bytes()).await) }
        })
        .await
    }

    /// Gives each request's head and its connection to `script`.
    pub async fn start<F: Future<Output = ()> + Send>(
        script: impl Fn(String, TcpStream) -> F + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let requests: Arc<Mutex<Vec<String>>> = Arc::default();
        let (kept, script) = (Arc::clone(&requests), Arc::new(script));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (kept, script) = (Arc::clone(&kept), Arc::clone(&script));
                tokio::spawn(async move {
                    let head = read_head(&mut stream).await;
                    kept.lock().unwrap().push(head.to_lowercase());
                    script(head, stream).await;
                });
            }
        });
        Self { host, requests }
    }

    /// The requests' heads so far, in lower case.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// An answer with a body of its length, `headers` being whole lines without their ends.
pub fn answer(status: &str, headers: &[&str], body: &str) -> String {
    let lines: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    format!("HTTP/1.1 {status}\r\n{lines}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

/// The server under test; stops when told or dropped.
pub struct App {
    pub address: SocketAddr,
    scraped: Option<SocketAddr>,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<()>,
}

impl App {
    pub async fn start(config: Config) -> Self {
        let server = Server::bind(Config { port: 0, ..config }).await.unwrap();
        let (address, scraped) = (server.address().unwrap(), server.metrics_address());
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(server.run(async { drop(stopped.await) }));
        Self { address, scraped, stop: Some(stop), running }
    }

    /// A server that forwards to these hosts without TLS.
    pub async fn before(hosts: &[&Upstream]) -> Self {
        Self::start(plain(hosts)).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[]).await
    }

    pub async fn ask(&self, method: &str, path: &str, headers: &[&str]) -> Answer {
        let mut stream = self.send(method, path, headers).await;
        let mut bytes = Vec::new();
        let ended = stream.read_to_end(&mut bytes).await;
        Answer::parse(&bytes, ended.is_ok())
    }

    /// The answer of the other listener.
    pub async fn metrics(&self, path: &str) -> Answer {
        get(self.scraped.unwrap(), path).await
    }

    /// Sends a request and leaves the answer to be read.
    pub async fn send(&self, method: &str, path: &str, headers: &[&str]) -> TcpStream {
        send(self.address, method, path, headers).await
    }

    pub fn tell_to_stop(&mut self) {
        drop(self.stop.take());
    }

    pub async fn stopped(self) {
        self.running.await.unwrap();
    }
}

pub async fn get(address: SocketAddr, path: &str) -> Answer {
    let mut stream = send(address, "GET", path, &[]).await;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    Answer::parse(&bytes, true)
}

async fn send(address: SocketAddr, method: &str, path: &str, headers: &[&str]) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let lines: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    let head = format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{lines}\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

pub fn plain(hosts: &[&Upstream]) -> Config {
    Config { plain_http: hosts.iter().map(|upstream| upstream.host.clone()).collect(), ..Config::default() }
}

/// The answer to a request.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    fn parse(bytes: &[u8], whole: bool) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
        let pair = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
        let headers = lines.filter_map(pair).collect();
        assert!(whole || !bytes.is_empty(), "the connection broke before an answer");
        Self { status: status.unwrap_or(0), headers, body: body.to_owned() }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// Asserts that this is the proxy's own refusal, readable by a page and never runnable.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> String {
        assert_eq!((self.status, self.header("stowplan-refusal")), (status, Some(code)), "{self:?}");
        assert_eq!(self.header("access-control-allow-origin"), Some("*"));
        assert!(self.header("content-security-policy").unwrap().starts_with("sandbox"));
        let body: serde_json::Value = serde_json::from_str(&self.body).expect("a refusal is JSON");
        assert_eq!(body["errors"][0]["detail"]["reason"], code);
        body["errors"][0]["message"].as_str().unwrap().to_owned()
    }
}

/// A resolver that gives the same addresses for every name and counts how often it was asked.
#[derive(Default)]
pub struct Fixed {
    pub addresses: Vec<IpAddr>,
    pub asked: Mutex<Vec<String>>,
}

impl Fixed {
    pub fn at(addresses: &[&str]) -> Arc<Self> {
        let addresses = addresses.iter().map(|text| text.parse().unwrap()).collect();
        Arc::new(Self { addresses, asked: Mutex::default() })
    }
}

impl Resolve for Fixed {
    fn resolve(&self, name: &str) -> Resolving {
        self.asked.lock().unwrap().push(name.to_owned());
        let addresses = self.addresses.clone();
        Box::pin(async { Ok(addresses) })
    }
}

/// A resolver that gives another address each time it is asked, as a name server does that binds its name anew.
pub struct Rebinding {
    addresses: Vec<IpAddr>,
    pub asked: Mutex<usize>,
}

impl Rebinding {
    pub fn through(addresses: &[&str]) -> Arc<Self> {
        Arc::new(Self { addresses: addresses.iter().map(|text| text.parse().unwrap()).collect(), asked: Mutex::new(0) })
    }
}

impl Resolve for Rebinding {
    fn resolve(&self, _: &str) -> Resolving {
        let mut asked = self.asked.lock().unwrap();
        let address = self.addresses[(*asked).min(self.addresses.len() - 1)];
        *asked += 1;
        Box::pin(async move { Ok(vec![address]) })
    }
}

pub async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&head).into_owned()
}

/// Reads until `text` has come, or fails after five seconds.
pub async fn read_until(stream: &mut TcpStream, text: &str) -> String {
    let reading = async {
        let mut seen = Vec::new();
        while !String::from_utf8_lossy(&seen).contains(text) {
            seen.push(stream.read_u8().await.expect("more bytes"));
        }
        String::from_utf8_lossy(&seen).into_owned()
    };
    tokio::time::timeout(Duration::from_secs(5), reading).await.expect("the text within five seconds")
}
