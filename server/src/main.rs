//! The command line of Stowplan's server: flags in, [`stowplan_server::serve`] out.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use stowplan_server::{Config, serve};

/// Serves Stowplan's page, and forwards its requests to container registries (browsers cannot ask them directly).
#[derive(Parser)]
#[command(version)]
struct Flags {
    /// Port to listen on; 0 takes any free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Address to listen on
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// Directory of the built page
    #[arg(long, value_name = "DIR")]
    dist: Option<PathBuf>,
    /// Registry host (host or host:port) to forward to besides the public ones; may be in a private network; repeatable
    #[arg(long, value_name = "HOST")]
    allow: Vec<String>,
    /// Like --allow, but without TLS, as for a test registry at 127.0.0.1:5000; repeatable
    #[arg(long, value_name = "HOST")]
    plain_http: Vec<String>,
    /// Origin of a page (https://page.example) that may read the hosts allowed by name, or of this server where it is
    /// reached under another name than localhost; `*` is every page; repeatable
    #[arg(long, value_name = "ORIGIN")]
    origin: Vec<String>,
    /// Forward to any host at a public address
    #[arg(long)]
    allow_any: bool,
}

impl Flags {
    fn config(self) -> Config {
        let Self { port, host, dist, allow, plain_http, origin, allow_any } = self;
        Config { host, port, dist, allow, plain_http, origins: origin, allow_any, ..Config::default() }
    }
}

fn main() -> ExitCode {
    let config = Flags::parse().config();
    let place = format!("{}:{}", config.host, config.port);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    match runtime.and_then(|runtime| runtime.block_on(serve(config))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: cannot serve on {place}: {error}");
            ExitCode::FAILURE
        }
    }
}
