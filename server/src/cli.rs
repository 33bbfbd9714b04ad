//! The command line: flags and environment variables become a [`Config`] and how to log.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser};
use ipnet::IpNet;
use stowplan_server::{CacheConfig, Config, Limits, LogFormat, LogLevel, Logs, parse_network, parse_size};

/// More seconds than that are a slip, and clocks cannot count all that fit into a number.
const YEAR: u64 = 366 * 24 * 60 * 60;

/// Serves Stowplan's page, and forwards its requests to container registries (browsers cannot ask them directly)
#[derive(Parser)]
#[command(
    name = "stowplan-server",
    version,
    next_line_help = true,
    after_help = "Each option is an environment variable, too: --cache-dir DIR is STOWPLAN_CACHE_DIR=DIR. The option wins;\n\
        what is repeatable takes commas there, and what has no value takes true.\n\
        Sizes are bytes, or have a unit: 500MB, 10GiB.\n\
        Exit status: 0 when told to stop, 1 when it cannot serve, 2 for a wrong option."
)]
pub struct Flags {
    #[command(flatten, next_help_heading = "Page")]
    page: Page,
    #[command(flatten, next_help_heading = "Registries")]
    registries: Registries,
    #[command(flatten, next_help_heading = "Limits")]
    limits: LimitFlags,
    #[command(flatten, next_help_heading = "Cache")]
    cache: Cache,
    #[command(flatten, next_help_heading = "Operation")]
    operation: Operation,
}

#[derive(Args)]
struct Page {
    /// Address to listen on
    #[arg(long, value_name = "ADDRESS", env = "STOWPLAN_HOST", default_value = "127.0.0.1")]
    host: IpAddr,
    /// Port to listen on; 0 takes any free one
    #[arg(long, env = "STOWPLAN_PORT", default_value_t = 8080)]
    port: u16,
    /// Directory of the page, instead of the one built in
    #[arg(long, value_name = "DIR", env = "STOWPLAN_DIST")]
    dist: Option<PathBuf>,
}

#[derive(Args)]
struct Registries {
    /// Registry (host or host:port) to forward to besides the public ones, at any address; repeatable
    #[arg(long, value_name = "HOST", env = "STOWPLAN_ALLOW", value_delimiter = ',')]
    allow: Vec<String>,
    /// Like --allow, but without TLS, as for a test registry at 127.0.0.1:5000; repeatable
    #[arg(long, value_name = "HOST", env = "STOWPLAN_PLAIN_HTTP", value_delimiter = ',')]
    plain_http: Vec<String>,
    /// Origin of a page that may read registries allowed by name (https://page.example, or *); repeatable.
    /// A server that is reached under another name than localhost needs its own
    #[arg(long, value_name = "ORIGIN", env = "STOWPLAN_ORIGIN", value_delimiter = ',', verbatim_doc_comment)]
    origin: Vec<String>,
    /// Forward to any host at a public address
    #[arg(long, env = "STOWPLAN_ALLOW_ANY", value_parser = clap::builder::FalseyValueParser::new())]
    allow_any: bool,
}

#[derive(Args)]
struct LimitFlags {
    /// Proxied requests at a time, in all
    #[arg(long, value_name = "N", env = "STOWPLAN_REQUESTS", default_value_t = Limits::default().requests)]
    requests: usize,
    /// Proxied requests at a time from one client (an IPv4 address or an IPv6 /64; twice as many from a
    /// /56, four times from a /48); a sixteenth of the free ones once half of all are taken
    #[arg(long, verbatim_doc_comment, value_name = "N", env = "STOWPLAN_REQUESTS_PER_CLIENT", default_value_t = Limits::default().requests_per_client)]
    requests_per_client: usize,
    /// Requests at a time to one registry or storage host; more wait for their turn
    #[arg(long, value_name = "N", env = "STOWPLAN_REQUESTS_PER_HOST", default_value_t = Limits::default().requests_per_host)]
    requests_per_host: usize,
    /// Open connections, in all
    #[arg(long, value_name = "N", env = "STOWPLAN_CONNECTIONS", default_value_t = Limits::default().connections)]
    connections: usize,
    /// Open connections from one client; trusted proxies may have more
    #[arg(long, value_name = "N", env = "STOWPLAN_CONNECTIONS_PER_CLIENT", default_value_t = Limits::default().connections_per_client)]
    connections_per_client: usize,
    /// Most bytes of one answer
    #[arg(long, value_name = "SIZE", env = "STOWPLAN_MAX_BODY", default_value = "16GiB", value_parser = parse_size)]
    max_body: u64,
    /// Most proxied requests a minute of one client; 0 for any
    #[arg(long, value_name = "N", env = "STOWPLAN_REQUESTS_PER_MINUTE", default_value_t = Limits::default().requests_per_minute.unwrap_or(0))]
    requests_per_minute: u32,
    /// Most manifests of Docker Hub in 6 hours for one client; 0 for any. Docker Hub gives an address
    /// without an account 100, for all clients of this server
    #[arg(long, value_name = "N", env = "STOWPLAN_HUB_MANIFESTS", default_value_t = 0, verbatim_doc_comment)]
    hub_manifests: u32,
    /// Fewest bytes a second that a client must take of its answer, over 30 s; 0 for any
    #[arg(long, value_name = "SIZE", env = "STOWPLAN_CLIENT_FLOOR", default_value = "2KiB", value_parser = parse_size)]
    client_floor: u64,
    /// Most bytes a minute to one client
    #[arg(long, value_name = "SIZE", env = "STOWPLAN_CLIENT_BYTES_PER_MINUTE", value_parser = parse_size)]
    client_bytes_per_minute: Option<u64>,
    /// Most bytes a minute to all clients
    #[arg(long, value_name = "SIZE", env = "STOWPLAN_BYTES_PER_MINUTE", value_parser = parse_size)]
    bytes_per_minute: Option<u64>,
    /// Seconds that one answer may take as a whole
    #[arg(long, value_name = "SECONDS", env = "STOWPLAN_MAX_SECONDS", default_value_t = Limits::default().whole.as_secs(), value_parser = clap::value_parser!(u64).range(1..=YEAR))]
    max_seconds: u64,
    /// Reverse proxy (address or network) whose X-Forwarded-For says who the client is; repeatable
    #[arg(long, value_name = "NET", env = "STOWPLAN_TRUSTED_PROXY", value_delimiter = ',', value_parser = parse_network)]
    trusted_proxy: Vec<IpNet>,
}

#[derive(Args)]
struct Cache {
    /// Directory to keep public content in that is addressed by its digest
    #[arg(long, value_name = "DIR", env = "STOWPLAN_CACHE_DIR")]
    cache_dir: Option<PathBuf>,
    /// Most bytes to keep there
    #[arg(long, value_name = "SIZE", env = "STOWPLAN_CACHE_SIZE", default_value = "10GiB", value_parser = parse_size)]
    cache_size: u64,
}

#[derive(Args)]
struct Operation {
    /// Address and port of /metrics for Prometheus, such as 127.0.0.1:9090; not for the public
    #[arg(long, value_name = "ADDRESS", env = "STOWPLAN_METRICS_LISTEN")]
    metrics_listen: Option<SocketAddr>,
    /// Least severity to log: off, error, warn, info (each proxied request) or debug
    #[arg(long, value_name = "LEVEL", env = "STOWPLAN_LOG", default_value = "info")]
    log: LogLevel,
    /// Format of the log on standard error: text or json
    #[arg(long, value_name = "FORMAT", env = "STOWPLAN_LOG_FORMAT", default_value = "text")]
    log_format: LogFormat,
    /// Seconds that answers under way may take after the signal to stop
    #[arg(long, value_name = "SECONDS", env = "STOWPLAN_STOP_WITHIN", default_value_t = Limits::default().drain.as_secs(), value_parser = clap::value_parser!(u64).range(..=YEAR))]
    stop_within: u64,
}

impl Flags {
    /// Reads this process's command line and environment; a wrong one ends the process with a sentence and status 2.
    pub fn read() -> Self {
        let command = Self::command().mut_args(|arg| arg.hide_env(true));
        Self::from_arg_matches(&command.get_matches()).unwrap_or_else(|error| error.exit())
    }

    /// The configuration, and that of the log.
    pub fn into_parts(self) -> (Config, Logs) {
        let Self { page, registries, limits, cache, operation } = self;
        let logs = Logs { level: operation.log, format: operation.log_format };
        let size = cache.cache_size;
        let config = Config {
            host: page.host,
            port: page.port,
            dist: page.dist.filter(|dir| !dir.as_os_str().is_empty()),
            allow: given(registries.allow),
            plain_http: given(registries.plain_http),
            origins: given(registries.origin),
            allow_any: registries.allow_any,
            trusted_proxies: limits.trusted_proxy.clone(),
            cache: cache.cache_dir.map(|dir| CacheConfig { dir, size }),
            metrics: operation.metrics_listen,
            limits: limits.limits(operation.stop_within),
            ..Config::default()
        };
        (config, logs)
    }
}

impl LimitFlags {
    fn limits(self, stop_within: u64) -> Limits {
        Limits {
            drain: Duration::from_secs(stop_within),
            whole: Duration::from_secs(self.max_seconds),
            requests: self.requests,
            requests_per_client: self.requests_per_client,
            requests_per_host: self.requests_per_host,
            connections: self.connections,
            connections_per_client: self.connections_per_client,
            body: self.max_body,
            client_floor: self.client_floor,
            requests_per_minute: Some(self.requests_per_minute).filter(|most| *most > 0),
            hub_manifests: Some(self.hub_manifests).filter(|most| *most > 0),
            client_bytes_per_minute: self.client_bytes_per_minute,
            bytes_per_minute: self.bytes_per_minute,
            ..Limits::default()
        }
    }
}

/// An empty variable in a file of settings means none.
fn given(hosts: Vec<String>) -> Vec<String> {
    hosts.into_iter().map(|host| host.trim().to_owned()).filter(|host| !host.is_empty()).collect()
}
