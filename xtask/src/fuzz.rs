//! `cargo xtask test --fuzz`: each fuzz target for a while, from its seeds; what makes one fail is named.

use crate::command::{cargo, loud, program, quiet, root};
use crate::counts::Counts;
use crate::progress::step;
use crate::test::Outcome;
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;

/// How long each target runs, in seconds, unless told otherwise.
pub const SECONDS: u32 = 60;

/// What one input may take: seconds, and MiB of memory.
const PATIENCE: u32 = 10;
const MEMORY: u32 = 1024;

/// Runs every target, whatever failed before.
pub fn run(seconds: u32, filter: Option<&str>) -> Result<Outcome> {
    set_up()?;
    let mut counts = Counts::default();
    for target in targets()?.iter().filter(|target| filter.is_none_or(|part| target.contains(part))) {
        println!("\n== fuzz: {target}, {seconds} s ==");
        let ended_well = loud(&mut fuzz(target, seconds))?;
        if ended_well {
            counts.passed += 1;
        } else {
            println!(
                "{target} failed; its input lies in fuzz/artifacts/{target}: cargo fuzz run -s none {target} FILE"
            );
            counts.failed += 1;
        }
    }
    Ok(Outcome::of("fuzz targets", counts))
}

fn set_up() -> Result<()> {
    if program("cargo-fuzz").arg("--version").output().is_ok_and(|output| output.status.success()) {
        return Ok(());
    }
    step("installing cargo-fuzz", |step| quiet(step, cargo().args(["install", "--locked", "cargo-fuzz"])))
}

/// The targets by their files.
fn targets() -> Result<Vec<String>> {
    let folder = root().join("fuzz/fuzz_targets");
    let files = std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let paths: Vec<PathBuf> = files.map(|file| Ok(file?.path())).collect::<Result<_>>()?;
    let mut names: Vec<String> =
        paths.iter().filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned())).collect();
    names.sort();
    Ok(names)
}

/// Without a sanitizer, since the core has no unsafe code. The corpus grows in `fuzz/corpus`, the seeds stay as they are.
fn fuzz(target: &str, seconds: u32) -> Command {
    let mut command = cargo();
    command.args(["fuzz", "run", "-s", "none", target]);
    command.arg(format!("fuzz/corpus/{target}")).arg(format!("fuzz/seeds/{target}")).arg("--");
    command.args([format!("-max_total_time={seconds}"), format!("-timeout={PATIENCE}")]);
    command.args([format!("-rss_limit_mb={MEMORY}"), "-max_len=16384".to_owned(), "-verbosity=0".to_owned()]);
    command.arg("-print_final_stats=1");
    // The stable compiler takes cargo-fuzz's flags only so.
    command.env("RUSTC_BOOTSTRAP", "1").current_dir(root());
    let _made_or_there = std::fs::create_dir_all(root().join("fuzz/corpus").join(target));
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_has_seeds() -> Result<()> {
        let targets = targets()?;
        assert!(targets.len() >= 8, "{targets:?}");
        for target in &targets {
            assert!(root().join("fuzz/seeds").join(target).is_dir(), "{target}");
        }
        Ok(())
    }
}
