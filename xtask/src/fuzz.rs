//! `cargo xtask test --fuzz`: each fuzz target for a while, from its seeds; what makes one fail is named.

use crate::command::{cargo, loud, program, quiet, root};
use crate::counts::Counts;
use crate::progress::step;
use crate::test::Outcome;
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;

/// The time for which each target runs, in seconds, unless told otherwise.
pub const SECONDS: u32 = 60;

/// The time that one input may take, in seconds by the clock, which on a busy machine is many times the work, and its
/// memory in MiB.
const PATIENCE: u32 = 120;
const MEMORY: u32 = 1024;

/// The longest input, in bytes.
const LENGTH: u32 = 1024 * 1024;

/// The longest inputs of each part of a run, and the part's share of the time in percent. Short texts are tried thousands of
/// times a second, and what they find is the start for longer ones: a fuzzer that begins with megabytes tries a few a second.
const PARTS: [(u32, u32); 3] = [(4 << 10, 60), (64 << 10, 20), (LENGTH, 20)];

/// Targets whose seeds are also written longer: a fuzzer that begins with short texts rarely comes to long ones.
const GROWN: [&str; 1] = ["paste"];

/// The lengths of these, in bytes.
const LENGTHS: [usize; 3] = [4 << 10, 64 << 10, LENGTH as usize];

/// The costliest texts for readers: brackets that open and do not close, and marks that have to be looked for on every
/// line.
const WORST: [&str; 40] = [
    "{",
    "[",
    "{\"",
    "\"",
    "'",
    "`",
    "(",
    "<",
    "&",
    "%7b",
    "\\",
    "\\\"",
    "\\u007b",
    "map[a:",
    "array (",
    "array(1) {\n[\"a\"]=>\n",
    "Array\n(\n[a] => Array\n(\n",
    "json.a = {};\n",
    "json[\"",
    "{\\rtf1{",
    "[ RECORD 1 ]\na | {+\n",
    "--+--\n {+| {+\n",
    "eyJ",
    "PMRG",
    "00000000: 7b7b\n",
    "FROM ${A:-",
    "FROM a\\\n",
    "RUN <<a <<b\n",
    "ARG A=$A$A\n",
    "- image: a:1\n",
    "- - ",
    "{a: {",
    "oci.pull(",
    "pullImage {",
    "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef ",
    "error: unexpected commit digest ",
    "Failed to pull image \"a\": ",
    "HTTP/1.1 200 OK\n",
    "$ docker pull a\n",
    "| a | sha256:0123456789ab |\n",
];

/// Runs every target, whatever failed before.
pub fn run(seconds: u32, filter: Option<&str>) -> Result<Outcome> {
    set_up()?;
    let mut counts = Counts::default();
    for target in targets()?.iter().filter(|target| filter.is_none_or(|part| target.contains(part))) {
        println!("\n== fuzz: {target}, {seconds} s ==");
        let ended_well = if GROWN.contains(&target.as_str()) {
            grow(target)?;
            let mut parts = PARTS.iter().map(|(length, share)| loud(&mut fuzz(target, seconds * share / 100, *length)));
            parts.try_fold(true, |well, part| Ok::<_, anyhow::Error>(well && part?))?
        } else {
            loud(&mut fuzz(target, seconds, LENGTH))?
        };
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
fn fuzz(target: &str, seconds: u32, length: u32) -> Command {
    let mut command = cargo();
    command.args(["fuzz", "run", "-s", "none", target]);
    command.arg(format!("fuzz/corpus/{target}")).arg(format!("fuzz/seeds/{target}")).arg("--");
    command.args([format!("-max_total_time={seconds}"), format!("-timeout={PATIENCE}")]);
    command.args([format!("-rss_limit_mb={MEMORY}"), format!("-max_len={length}"), "-verbosity=0".to_owned()]);
    // Lengths are mixed from the start: with libFuzzer's own control of them, they stay short for hours. Slow inputs
    // are taken up less often.
    command.args(["-len_control=0", "-entropic_scale_per_exec_time=1", "-print_final_stats=1"]);
    // The stable compiler takes cargo-fuzz's flags only so.
    command.env("RUSTC_BOOTSTRAP", "1").current_dir(root());
    let _made_or_there = std::fs::create_dir_all(root().join("fuzz/corpus").join(target));
    command
}

/// Writes the seeds of a target, and the worst texts, in each of the lengths into its corpus.
fn grow(target: &str) -> Result<()> {
    let corpus = root().join("fuzz/corpus").join(target);
    std::fs::create_dir_all(&corpus)?;
    let mut pieces: Vec<Vec<u8>> = WORST.iter().map(|text| text.as_bytes().to_vec()).collect();
    for seed in std::fs::read_dir(root().join("fuzz/seeds").join(target))? {
        pieces.push(std::fs::read(seed?.path())?);
    }
    for (at, piece) in pieces.iter().enumerate() {
        for length in LENGTHS {
            std::fs::write(corpus.join(format!("grown-{at}-{length}")), repeated(piece, length))?;
        }
    }
    Ok(())
}

fn repeated(piece: &[u8], length: usize) -> Vec<u8> {
    piece.iter().copied().cycle().take(length).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grown_seeds_are_as_long_as_inputs_may_be() -> Result<()> {
        assert_eq!(repeated(b"ab", 5), b"ababa");
        assert!(LENGTHS.contains(&(LENGTH as usize)));
        assert_eq!(PARTS.iter().map(|(_, share)| share).sum::<u32>(), 100);
        assert_eq!(PARTS.map(|(length, _)| length as usize), LENGTHS);
        let targets = targets()?;
        assert!(GROWN.iter().all(|grown| targets.iter().any(|target| target == grown)));
        Ok(())
    }

    #[test]
    fn every_target_has_seeds() -> Result<()> {
        let targets = targets()?;
        assert!(targets.len() >= 15, "{targets:?}");
        for target in &targets {
            assert!(root().join("fuzz/seeds").join(target).is_dir(), "{target}");
        }
        Ok(())
    }
}
