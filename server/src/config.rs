//! The server's configuration: its address, its page, the hosts to forward to, and every limit with its reason.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;

use crate::resolver::{Resolve, SystemResolver};

/// The server's configuration; `Config::default()` is what the binary does without flags.
#[derive(Clone)]
pub struct Config {
    /// The address to listen on.
    pub host: IpAddr,
    /// The port to listen on; 0 takes any free one.
    pub port: u16,
    /// The directory of the page; without one the page that was built into the program is served.
    pub dist: Option<PathBuf>,
    /// Hosts (`host` or `host:port`) to forward to by TLS besides the default ones, at any address.
    pub allow: Vec<String>,
    /// Hosts (`host` or `host:port`) to forward to without TLS, at any address.
    pub plain_http: Vec<String>,
    /// Origins of pages that may read the hosts allowed by name, besides the server's own page and those of this machine.
    pub origins: Vec<String>,
    /// True to forward to every host that lives at public addresses.
    pub allow_any: bool,
    /// Reverse proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The folder for content that is addressed by its digest; nothing is kept by default.
    pub cache: Option<CacheConfig>,
    /// The address for `/metrics`; a listener of its own, so that the page's origin never shows it.
    pub metrics: Option<SocketAddr>,
    /// The limits.
    pub limits: Limits,
    /// The resolver of names.
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
            trusted_proxies: Vec::new(),
            cache: None,
            metrics: None,
            limits: Limits::default(),
            resolver: Arc::new(SystemResolver),
        }
    }
}

/// The cache of content addressed by its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheConfig {
    /// Its directory; several servers may share one.
    pub dir: PathBuf,
    /// The most bytes that it keeps.
    pub size: u64,
}

/// The server's limits.
#[derive(Clone, Debug)]
pub struct Limits {
    /// From the request to a TCP connection with the upstream.
    pub connect: Duration,
    /// From the TCP connection to the end of its TLS handshake.
    pub handshake: Duration,
    /// From the request to the headers of the final answer, redirects and waiting for the host included.
    pub first_byte: Duration,
    /// Between two pieces of an upstream's body.
    pub body_idle: Duration,
    /// For one answer as a whole: what trickles for longer is cut.
    pub whole: Duration,
    /// While a client takes nothing of what is there for it.
    pub write_stall: Duration,
    /// The fewest bytes a second that a client must take of what is there for it, over `slow_window`; 0 for any.
    pub client_floor: u64,
    /// The time over which a client's speed is measured.
    pub slow_window: Duration,
    /// For a client to send a request's headers.
    pub header_read: Duration,
    /// After the signal to stop, for requests under way.
    pub drain: Duration,
    /// Proxied requests at a time, from all clients.
    pub requests: usize,
    /// Proxied requests at a time from one client (an IPv4 address or an IPv6 /64; twice as many from a /56, four times
    /// from a /48). Once half of all places are taken, a client gets a sixteenth of those that are left.
    pub requests_per_client: usize,
    /// Requests at a time to one upstream host; more wait for their turn.
    pub requests_per_host: usize,
    /// Open connections from clients.
    pub connections: usize,
    /// Open connections from one client; reverse proxies that are trusted may have more.
    pub connections_per_client: usize,
    /// The most bytes of one answer.
    pub body: u64,
    /// The most bytes a minute to one client; `None` for any.
    pub client_bytes_per_minute: Option<u64>,
    /// The most bytes a minute to all clients together; `None` for any.
    pub bytes_per_minute: Option<u64>,
    /// The most proxied requests a minute of one client; `None` for any.
    pub requests_per_minute: Option<u32>,
    /// The most manifests of Docker Hub in six hours for one client; `None` for any.
    pub hub_manifests: Option<u32>,
    /// The longest that an upstream's `Retry-After` is obeyed before it is asked again.
    pub retry_after: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            handshake: Duration::from_secs(10),
            first_byte: Duration::from_secs(30), // Docker Hub answers within a few; slow mirrors take ten and more
            body_idle: Duration::from_secs(30),
            whole: Duration::from_secs(60 * 60),
            write_stall: Duration::from_secs(60),
            client_floor: 2048, // a third of a modem's 56 kbit/s
            slow_window: Duration::from_secs(30),
            header_read: Duration::from_secs(15),
            drain: Duration::from_secs(5),
            requests: 512, // each holds at most some 80 KiB of buffers
            requests_per_client: 128,
            requests_per_host: 256,
            connections: 4096,
            connections_per_client: 1024,
            body: 16 << 30, // where the page stops unpacking a layer, too
            client_bytes_per_minute: None,
            bytes_per_minute: None,
            requests_per_minute: Some(3000), // the page makes 256 for the largest image that it walks
            hub_manifests: None,
            retry_after: Duration::from_secs(5 * 60),
        }
    }
}
