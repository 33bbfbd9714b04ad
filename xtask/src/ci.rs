//! `cargo xtask ci`: every gate, even after a failure, then every test, and the closing line.

use crate::command::{self, cargo, loud, program};
use crate::progress::seconds;
use crate::test::{self, Outcome};
use crate::{bundle, edge, setup, size};
use anyhow::Result;
use std::process::Command;
use std::time::Instant;

pub fn run() -> Result<bool> {
    setup::lint_tools()?;
    setup::audit_tool()?;
    bundle::site(&bundle::Options::default())?;
    edge::worker()?;
    let mut outcomes = Vec::new();
    for (name, mut gate) in gates()? {
        passes(name, || loud(gate.env("CARGO_TERM_PROGRESS_WHEN", "never")), &mut outcomes);
    }
    passes("size gate", size::gate, &mut outcomes);
    passes("size gate, the element", size::element, &mut outcomes);
    match test::suites(&test::Options::default()) {
        Ok(suites) => outcomes.extend(suites),
        Err(error) => {
            eprintln!("error: {error:#}");
            outcomes.push(Outcome::failed_gate("set-up of the tests"));
        }
    }
    Ok(test::close(&outcomes))
}

fn passes(name: &str, gate: impl FnOnce() -> Result<bool>, outcomes: &mut Vec<Outcome>) {
    println!("\n== {name} ==");
    let start = Instant::now();
    let good = gate().unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        false
    });
    println!("{name}: {} ({})", if good { "passed" } else { "failed" }, seconds(start.elapsed()));
    if !good {
        outcomes.push(Outcome::failed_gate(name));
    }
}

fn gates() -> Result<Vec<(&'static str, Command)>> {
    const WASM_CORE: [&str; 5] = ["--package", "stowplan", "--lib", "--target", "wasm32-unknown-unknown"];
    const WASM_POLICY: [&str; 5] = ["--package", "stowplan-edge", "--lib", "--target", "wasm32-unknown-unknown"];
    let mut gates = vec![
        ("fmt", cargo_with(&["fmt", "--all", "--check"], &[])),
        ("clippy, native", cargo_with(&["clippy", "--workspace", "--all-targets"], &["--", "-D", "warnings"])),
        ("clippy, wasm32, policy", cargo_with(&[&["clippy"][..], &WASM_POLICY].concat(), &["--", "-D", "warnings"])),
        ("rustdoc, native", rustdoc(&["--workspace"])),
        ("rustdoc, wasm32", rustdoc(&WASM_CORE)),
        ("cargo-deny", cargo_deny()?),
        ("biome", npm_tool("biome", &["check", "--error-on-warnings"])),
        ("tsc", npm_tool("tsc", &["--noEmit"])),
        ("tsc, tests", npm_tool("tsc", &["--noEmit", "-p", "tests"])),
    ];
    // Each module is built with its own feature alone: what only another one uses is dead code in it.
    gates.extend(bundle::features().map(|(name, feature)| {
        let words = [&["clippy"][..], &WASM_CORE, &["--no-default-features", "--features", feature]].concat();
        (name, cargo_with(&words, &["--", "-D", "warnings"]))
    }));
    Ok(gates)
}

/// Licences, registries and crates as `deny.toml` has them. The file says why advisories are not among them.
fn cargo_deny() -> Result<Command> {
    let mut command = program(setup::cargo_deny()?);
    command.args(["--locked", "check", "licenses", "sources", "bans"]);
    Ok(command)
}

fn cargo_with(words: &[&str], more: &[&str]) -> Command {
    let mut command = cargo();
    command.args(words).args(more);
    command
}

fn rustdoc(words: &[&str]) -> Command {
    let mut command = cargo();
    command.args(["doc", "--no-deps"]).args(words).env("RUSTDOCFLAGS", "-D warnings");
    command
}

fn npm_tool(name: &str, words: &[&str]) -> Command {
    let mut command = program(command::root().join("node_modules/.bin").join(name));
    command.args(words);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gate_that_cannot_run_has_failed() {
        let mut outcomes = Vec::new();
        passes("good", || Ok(true), &mut outcomes);
        assert!(outcomes.is_empty());
        passes("bad", || Ok(false), &mut outcomes);
        passes("broken", || anyhow::bail!("on purpose"), &mut outcomes);
        assert_eq!(outcomes.len(), 2);
    }

    #[test]
    fn every_linter_turns_warnings_into_failures() -> Result<()> {
        for (name, gate) in gates()? {
            let words = command::words(&gate);
            if name.starts_with("clippy") {
                assert!(words.ends_with("-- -D warnings"), "{words}");
            }
            if name.starts_with("rustdoc") {
                assert!(gate.get_envs().any(|(key, value)| key == "RUSTDOCFLAGS" && value.is_some()), "{words}");
            }
        }
        Ok(())
    }
}
