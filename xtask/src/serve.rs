//! `cargo xtask serve`: builds everything, then becomes the server, so that Ctrl-C and kill reach it directly.

use crate::bundle;
use crate::command::{self, cargo, program, quiet};
use crate::progress::{step, together};
use anyhow::{Context, Result, bail};
use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The profile of a server that people use; the tests use cargo's dev profile.
pub const PROFILE: &str = "serve";
const OPEN_WITHIN: Duration = Duration::from_secs(10);

#[derive(clap::Args)]
pub struct Options {
    /// The port on 127.0.0.1; 0 picks a free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// A registry host that the proxy may reach besides the well-known ones (repeatable).
    #[arg(long, value_name = "HOST")]
    allow: Vec<String>,
    /// A registry host that is spoken to without TLS, such as 127.0.0.1:5000 (repeatable).
    #[arg(long, value_name = "HOST")]
    plain_http: Vec<String>,
    /// The origin of another page that may read those hosts through the proxy, such as `https://page.example` (repeatable).
    #[arg(long, value_name = "ORIGIN")]
    origin: Vec<String>,
    /// Open the page in a browser once it is served.
    #[arg(long)]
    open: bool,
}

#[derive(clap::Args)]
pub struct Opening {
    port: u16,
}

pub fn run(options: &Options) -> Result<()> {
    if options.open && options.port == 0 {
        bail!("--open needs to know the port: give one with --port, not 0");
    }
    let build = bundle::Options::default();
    let (site, server) = (|| bundle::site(&build), || build_server(PROFILE).map(drop));
    together([&site, &server])?;
    if options.open {
        program(std::env::current_exe()?).arg("open-when-listening").arg(options.port.to_string()).spawn()?;
    }
    let mut server = Command::new(server_path(PROFILE)?);
    server.args(arguments(options));
    Err(server.exec()).with_context(|| format!("cannot start {}", command::words(&server)))
}

/// Builds the server with a cargo profile and says where it is.
pub fn build_server(profile: &str) -> Result<PathBuf> {
    step("building the server", |step| {
        let mut build = cargo();
        build.args(["build", "--package", "stowplan-server", "--profile", profile]);
        if profile == PROFILE {
            // It is given the page that is being built meanwhile.
            build.env("STOWPLAN_PAGE", "none");
        }
        quiet(step, &mut build)
    })?;
    server_path(profile)
}

/// The path of the server that cargo builds with a profile.
pub fn server_path(profile: &str) -> Result<PathBuf> {
    Ok(command::target_dir()?.join(command::folder(profile)).join("stowplan-server"))
}

fn arguments(options: &Options) -> Vec<OsString> {
    let mut words: Vec<OsString> = vec!["--port".into(), options.port.to_string().into(), "--dist".into()];
    words.push(bundle::dist().into());
    for (flag, hosts) in
        [("--allow", &options.allow), ("--plain-http", &options.plain_http), ("--origin", &options.origin)]
    {
        words.extend(hosts.iter().flat_map(|host| [OsString::from(flag), OsString::from(host)]));
    }
    words
}

/// Waits until the server answers on `port`, then opens the page in the user's browser.
pub fn open_when_listening(opening: &Opening) -> Result<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, opening.port));
    let start = Instant::now();
    while TcpStream::connect(address).is_err() {
        if start.elapsed() > OPEN_WITHIN {
            bail!("nothing listened on http://{address} within {} s", OPEN_WITHIN.as_secs());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let page = format!("http://{address}/");
    match program(opener).arg(&page).stdin(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        _ => bail!("cannot open a browser with {opener}; open {page} yourself"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_host_is_passed_on() {
        let options = Options {
            port: 81,
            allow: vec!["a.example".into(), "b.example".into()],
            plain_http: vec!["127.0.0.1:5000".into()],
            origin: vec!["https://a.example".into()],
            open: false,
        };
        let words: Vec<_> = arguments(&options).iter().map(|word| word.to_string_lossy().into_owned()).collect();
        assert_eq!(words[..3], ["--port", "81", "--dist"]);
        assert_eq!(words[4..8], ["--allow", "a.example", "--allow", "b.example"]);
        assert_eq!(words[8..], ["--plain-http", "127.0.0.1:5000", "--origin", "https://a.example"]);
    }

    #[test]
    fn a_port_to_open_must_be_known() {
        let options = Options { port: 0, allow: vec![], plain_http: vec![], origin: vec![], open: true };
        assert_eq!(
            run(&options).map_err(|error| error.to_string()),
            Err("--open needs to know the port: give one with --port, not 0".to_owned())
        );
    }
}
