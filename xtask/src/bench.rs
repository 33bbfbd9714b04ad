//! `cargo xtask bench`: builds as `serve` does, then runs the benchmarks, which print their own tables.

use crate::command::{loud, program, quiet};
use crate::progress::{step, together};
use crate::{bundle, command, serve, system};
use anyhow::{Result, bail};
use std::process::Command;

#[derive(clap::Args)]
pub struct Options {
    /// Run only benchmarks whose name contains this.
    #[arg(long)]
    filter: Option<String>,
}

pub fn run(options: &Options) -> Result<()> {
    let build = bundle::Options::default();
    together([
        &system::packages,
        &|| bundle::site(&build),
        &|| serve::build_server(serve::PROFILE).map(drop),
        &native,
    ])?;
    if !loud(&mut benchmarks(options)?)? {
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
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_is_passed_on() -> Result<()> {
        let command = benchmarks(&Options { filter: Some("hash".to_owned()) })?;
        assert_eq!(crate::command::words(&command), "node tests/bench/run.mjs --filter hash");
        Ok(())
    }
}
