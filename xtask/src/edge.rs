//! `cargo xtask edge`: policy -> wasm -> edge/pkg (wasm-bindgen) -> dist-edge/ (esbuild), a Worker with the page beside it.

use crate::bundle::{self, WASM_TARGET, bindgen, path_free};
use crate::command::{self, cargo, program, quiet, root};
use crate::progress::step;
use crate::stamp::Stamp;
use anyhow::Result;
use std::path::{Path, PathBuf};

/// Cargo's name of the Worker's crate, and of its artefact.
const PACKAGE: &str = "stowplan-edge";
const MODULE: &str = "stowplan_edge";

#[derive(clap::Args)]
pub struct Options {
    /// Take the page in dist/ as it is, instead of building it.
    #[arg(long)]
    worker_only: bool,
}

pub fn run(options: &Options) -> Result<()> {
    if !options.worker_only {
        bundle::site(&bundle::Options::default())?;
    }
    worker()?;
    println!("dist-edge/ is a Worker with the page: docs/edge.md says how to deploy it");
    Ok(())
}

/// The folder of the Worker.
pub fn dist() -> PathBuf {
    root().join("dist-edge")
}

/// Writes `dist-edge/` from the policy and the built page.
pub fn worker() -> Result<()> {
    policy()?;
    step("bundling the Worker into dist-edge/", |step| quiet(step, program("node").arg("edge/build.mjs")))
}

/// Builds the policy for wasm32, and the JS glue into `edge/pkg/`.
pub fn policy() -> Result<()> {
    let target = command::target_dir()?.join(MODULE);
    let wasm = target.join(WASM_TARGET).join("wasm").join(format!("{MODULE}.wasm"));
    step("building the policy for wasm32", |step| {
        let mut build = cargo();
        build.args(["build", "--package", PACKAGE, "--lib", "--target", WASM_TARGET, "--profile", "wasm"]);
        quiet(step, build.arg("--target-dir").arg(&target).args(["--config", &path_free()?]))
    })?;
    let package = root().join("edge/pkg");
    let stamp = Stamp::of(package.join(".stamp"), &[&wasm, Path::new(file!())]);
    if stamp.is_fresh() && package.join(format!("{MODULE}_bg.wasm")).is_file() {
        return Ok(());
    }
    step("making the Worker's JS glue", |_| bindgen(&wasm, &package, MODULE))?;
    stamp.set()
}
