//! The needs of a build: tools (checked), the wasm target and the npm packages (installed when missing or stale).

use crate::command::{captured, cargo, program, quiet, root, target_dir};
use crate::progress::step;
use crate::stamp::Stamp;
use anyhow::{Result, bail};
use std::path::PathBuf;

/// The oldest Node.js whose test runner and wasm support the project uses.
const OLDEST_NODE: u32 = 20;
const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Says in one sentence which tool is missing and how to get it.
pub fn check_tools() -> Result<()> {
    if captured(program("cc").arg("--version")).is_none() {
        bail!("no C compiler `cc` was found; install one with: apt-get install build-essential");
    }
    check_node(captured(program("node").arg("--version")).as_deref())?;
    if captured(program("npm").arg("--version")).is_none() {
        bail!("no `npm` was found; install it with: apt-get install npm");
    }
    Ok(())
}

fn check_node(version: Option<&str>) -> Result<()> {
    let Some(version) = version else {
        bail!("no Node.js `node` was found; install version {OLDEST_NODE} or newer with: apt-get install nodejs");
    };
    match major(version) {
        Some(number) if number >= OLDEST_NODE => Ok(()),
        _ => bail!(
            "Node.js {OLDEST_NODE} or newer is needed, this is {version}; install a newer one with: npm install --global n && n {OLDEST_NODE}"
        ),
    }
}

/// The major number of `v20.20.2`.
fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v').unwrap_or(version).split('.').next()?.parse().ok()
}

/// Adds the wasm target if it is missing.
pub fn wasm_target() -> Result<()> {
    target(WASM_TARGET)
}

/// Adds a target of Rust's if it is missing.
pub fn target(name: &str) -> Result<()> {
    if has_target(name) {
        return Ok(());
    }
    if captured(program("rustup").arg("--version")).is_none() {
        bail!(
            "Rust's {name} target is missing and there is no `rustup` to add it; install rustup from https://rustup.rs"
        );
    }
    step(&format!("adding Rust's target {name}"), |step| quiet(step, program("rustup").args(["target", "add", name])))
}

fn has_target(name: &str) -> bool {
    captured(program("rustc").args(["--print", "target-libdir", "--target", name]))
        .is_some_and(|dir| PathBuf::from(dir).is_dir())
}

/// Adds clippy and rustfmt if they are missing.
pub fn lint_tools() -> Result<()> {
    for (component, cargo_word) in [("clippy", "clippy"), ("rustfmt", "fmt")] {
        if captured(cargo().args([cargo_word, "--version"])).is_none() {
            step(&format!("adding {component}"), |step| {
                quiet(step, program("rustup").args(["component", "add", component]))
            })?;
        }
    }
    Ok(())
}

/// The cargo-deny that `deny.toml` is written for.
const CARGO_DENY: &str = "0.20.2";

/// The path of cargo-deny.
pub fn cargo_deny() -> Result<PathBuf> {
    Ok(target_dir()?.join("tools/bin/cargo-deny"))
}

/// Installs cargo-deny beside the build if it is missing or another version.
pub fn audit_tool() -> Result<()> {
    let wanted = format!("cargo-deny {CARGO_DENY}");
    if captured(program(cargo_deny()?).arg("--version")).is_some_and(|said| said == wanted) {
        return Ok(());
    }
    let build = target_dir()?.join("tools/build");
    step("installing cargo-deny", |step| {
        let mut install = cargo();
        install.args(["install", "--locked", "cargo-deny", "--version", CARGO_DENY, "--debug", "--force", "--root"]);
        quiet(step, install.arg(target_dir()?.join("tools")).arg("--target-dir").arg(&build))
    })?;
    std::fs::remove_dir_all(build).ok();
    Ok(())
}

/// Installs the npm packages when the lock file is not the one that they were installed from.
pub fn npm_packages() -> Result<()> {
    let (lock, manifest) = (root().join("package-lock.json"), root().join("package.json"));
    let stamp = Stamp::of(root().join("node_modules/.stowplan-stamp"), &[&lock, &manifest]);
    if stamp.is_fresh() {
        return Ok(());
    }
    step("installing the npm packages", |step| {
        quiet(step, program("npm").args(["ci", "--no-audit", "--no-fund", "--no-progress"]))
    })?;
    stamp.set()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(version: Option<&str>, message: &str) {
        assert_eq!(check_node(version).map_err(|error| error.to_string()), Err(message.to_owned()));
    }

    #[test]
    fn node_20_and_newer_will_do() {
        for version in ["v20.0.0", "v22.1.3", "20.1"] {
            assert!(check_node(Some(version)).is_ok(), "{version}");
        }
    }

    #[test]
    fn other_nodes_are_refused_with_the_way_out() {
        refused(None, "no Node.js `node` was found; install version 20 or newer with: apt-get install nodejs");
        let way_out = "install a newer one with: npm install --global n && n 20";
        refused(Some("v18.19.0"), &format!("Node.js 20 or newer is needed, this is v18.19.0; {way_out}"));
        refused(Some("odd"), &format!("Node.js 20 or newer is needed, this is odd; {way_out}"));
    }
}
