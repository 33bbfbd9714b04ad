//! `cargo xtask bench`: builds as `serve` does, then runs the benchmarks, which print their own tables; `--proxy` measures
//! the server as it is installed.

use crate::command::{loud, program, quiet};
use crate::progress::{step, together};
use crate::{bundle, command, edge, package, serve, system};
use anyhow::{Result, bail};
use std::process::Command;

/// The profile of `cargo install`.
const INSTALLED: &str = "release";

#[derive(clap::Args)]
pub struct Options {
    /// Run only benchmarks whose name contains this.
    #[arg(long)]
    filter: Option<String>,
    /// Measure the registry proxy, beside nginx as a reverse proxy.
    #[arg(long, conflicts_with = "filter")]
    proxy: bool,
    /// With --proxy: half load for so many minutes, and the memory over that time.
    #[arg(long, value_name = "MINUTES", requires = "proxy")]
    soak: Option<u32>,
}

pub fn run(options: &Options) -> Result<()> {
    if options.proxy {
        let programs = || system::packages().and_then(|()| system::loader());
        together([&programs, &|| serve::build_server(INSTALLED).map(drop)])?;
        return measured(&mut proxy(options.soak)?);
    }
    let build = bundle::Options::default();
    together([
        &system::packages,
        &|| bundle::site(&build),
        &|| serve::build_server(serve::PROFILE).map(drop),
        &native,
    ])?;
    // The program of the npm package is measured, too.
    edge::policy()?;
    package::write()?;
    measured(&mut benchmarks(options)?)
}

fn measured(benchmarks: &mut Command) -> Result<()> {
    if !loud(benchmarks)? {
        bail!("a benchmark failed");
    }
    Ok(())
}

/// The native contender: the same core on one thread.
fn native() -> Result<()> {
    step("building the native reader of layers", |step| {
        quiet(step, command::cargo().args(["build", "--release", "--example", "layer"]))
    })
}

fn benchmarks(options: &Options) -> Result<Command> {
    let mut command = program("node");
    command.arg("tests/bench/run.mjs");
    if let Some(filter) = &options.filter {
        command.args(["--filter", filter]);
    }
    command.env("STOWPLAN_DIST", bundle::dist()).env("STOWPLAN_SERVER", serve::server_path(serve::PROFILE)?);
    command.env("STOWPLAN_PACKAGE", package::folder()?);
    Ok(command)
}

fn proxy(soak: Option<u32>) -> Result<Command> {
    let mut command = program("node");
    command.arg("tests/bench/proxy/run.mjs");
    if let Some(minutes) = soak {
        command.args(["--soak", &minutes.to_string()]);
    }
    command.env("STOWPLAN_DIST", bundle::dist()).env("STOWPLAN_SERVER", serve::server_path(INSTALLED)?);
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_soak_is_passed_on() -> Result<()> {
        assert_eq!(crate::command::words(&proxy(Some(10))?), "node tests/bench/proxy/run.mjs --soak 10");
        assert_eq!(crate::command::words(&proxy(None)?), "node tests/bench/proxy/run.mjs");
        Ok(())
    }

    #[test]
    fn the_filter_is_passed_on() -> Result<()> {
        let command = benchmarks(&Options { filter: Some("hash".to_owned()), proxy: false, soak: None })?;
        assert_eq!(crate::command::words(&command), "node tests/bench/run.mjs --filter hash");
        Ok(())
    }
}
