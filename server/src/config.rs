//! What the server is told: where to listen, what to serve, whom to forward to, and every limit with its reason.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::resolver::{Resolve, SystemResolver};

/// The server's configuration; `Config::default()` is what the binary does without flags.
#[derive(Clone)]
pub struct Config {
    /// The address to listen on.
    pub host: IpAddr,
    /// The port to listen on; 0 takes any free one.
    pub port: u16,
    /// The directory of the built page; without one only the proxy is served.
    pub dist: Option<PathBuf>,
    /// Hosts (`host` or `host:port`) to forward to by TLS besides the default ones, at any address.
    pub allow: Vec<String>,
    /// Hosts (`host` or `host:port`) to forward to without TLS, at any address.
    pub plain_http: Vec<String>,
    /// Origins of pages that may read the hosts allowed by name, besides the server's own page and those of this machine.
    pub origins: Vec<String>,
    /// Whether to forward to every host that lives at public addresses.
    pub allow_any: bool,
    /// The limits.
    pub limits: Limits,
    /// Who turns names into addresses.
    pub resolver: Arc<dyn Resolve>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            host: Ipv4Addr::LOCALHOST.into(),
            port: 8080,
            dist: None,
            allow: Vec::new(),
            plain_http: Vec::new(),
            origins: Vec::new(),
            allow_any: false,
            limits: Limits::default(),
            resolver: Arc::new(SystemResolver),
        }
    }
}

/// The server's limits.
#[derive(Clone, Debug)]
pub struct Limits {
    /// From the request to a TCP connection with the upstream.
    pub connect: Duration,
    /// From the request to the headers of the final answer, redirects included.
    pub first_byte: Duration,
    /// Between two pieces of an upstream's body.
    pub body_idle: Duration,
    /// While a client takes nothing of what is there for it.
    pub write_stall: Duration,
    /// For a client to send a request's headers.
    pub header_read: Duration,
    /// After the signal to stop, for requests under way.
    pub drain: Duration,
    /// Proxied requests at a time, from all clients.
    pub requests: usize,
    /// Proxied requests at a time from one client (an IPv4 address or an IPv6 /64).
    pub requests_per_client: usize,
    /// Open connections from clients.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            first_byte: Duration::from_secs(30), // Docker Hub answers within a few; slow mirrors take ten and more
            body_idle: Duration::from_secs(30),
            write_stall: Duration::from_secs(60),
            header_read: Duration::from_secs(15),
            drain: Duration::from_secs(5),
            requests: 512, // each holds at most some 300 KiB of buffers
            requests_per_client: 128,
            connections: 4096,
        }
    }
}
