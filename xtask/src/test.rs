//! `cargo xtask test`: all set-up, then every suite, even after a failure, and one closing line with the sum.

use crate::bundle;
use crate::command::{cargo, program, root, watched};
use crate::counts::{Counts, Runner, Tally};
use crate::progress::{seconds, together};
use crate::{edge, fuzz, generators, package, serve, system};
use anyhow::Result;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// The longest that one suite may take before it is taken for hung: three times what the browser tests take on 2 cores.
const LIMIT: Duration = Duration::from_secs(40 * 60);

/// The most files of browser tests that are run a second time. More than these do not fail by chance.
const MOST_AGAIN: usize = 4;

/// The end of the names of test files.
const TEST_FILE: &str = ".test.mjs";

/// Folders of further test data beside the checkout, and the variables that name them elsewhere.
const SHARED: [(&str, &str); 3] =
    [("STOWPLAN_VECTORS", "vectors"), ("STOWPLAN_CASES", "cases"), ("STOWPLAN_TRUST_VECTORS", "trust-vectors")];

/// Tests that hold clocks against what the page takes, or run servers of their own by the dozen: nothing runs beside them.
const ALONE: [&str; 5] = ["cases", "crowds", "frames", "layers-api", "layers-memory"];

#[derive(clap::Args, Default)]
pub struct Options {
    /// Run the Rust tests only (or with the other suites named).
    #[arg(long)]
    rust: bool,
    /// Run the JS unit tests and the wasm boundary tests only.
    #[arg(long)]
    js: bool,
    /// Run the end-to-end tests only.
    #[arg(long)]
    e2e: bool,
    /// Run the tests of the plugins for documentation tools only: each builds a site with the real tool.
    #[arg(long)]
    plugins: bool,
    /// Run the fuzz targets only, each for a minute.
    #[arg(long)]
    fuzz: bool,
    /// The seconds for which each fuzz target runs.
    #[arg(long, default_value_t = fuzz::SECONDS, requires = "fuzz")]
    seconds: u32,
    /// Run only tests whose name contains this.
    filter: Option<String>,
}

/// One kind of tests: how it is called, where it lives and who runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Suite {
    Rust,
    Wasm,
    Js,
    EndToEnd,
    Plugins,
}

/// The outcome of a suite.
pub struct Outcome {
    words: String,
    counts: Counts,
    /// The output of the failed tests, repeated at the very end: there a log is read first, and a long one is cut before it.
    reports: Vec<String>,
}

impl Outcome {
    /// The outcome of some tests.
    pub fn of(name: &str, counts: Counts) -> Self {
        Self { words: format!("{name}: {counts}"), counts, reports: Vec::new() }
    }

    /// A gate that failed counts as one failed test.
    pub fn failed_gate(name: &str) -> Self {
        Self { words: format!("{name}: failed"), counts: Counts { passed: 0, failed: 1 }, reports: Vec::new() }
    }
}

pub fn run(options: &Options) -> Result<bool> {
    if options.fuzz {
        return Ok(close(&[fuzz::run(options.seconds, options.filter.as_deref())?]));
    }
    let outcomes = suites(options)?;
    Ok(close(&outcomes))
}

/// Does the set-up and runs the chosen suites; a set-up that fails is an error, a suite that fails is an outcome.
pub fn suites(options: &Options) -> Result<Vec<Outcome>> {
    let chosen = options.chosen();
    set_up(&chosen)?;
    chosen.iter().map(|suite| suite.run(options.filter.as_deref())).collect()
}

/// Prints what each part came to and, last and alone on its line, the sum; true if something passed and nothing failed.
pub fn close(outcomes: &[Outcome]) -> bool {
    let mut sum = Counts::default();
    println!();
    for outcome in outcomes {
        outcome.reports.iter().for_each(|line| println!("{line}"));
        println!("{}", outcome.words);
        sum += outcome.counts;
    }
    println!("\n{sum}");
    sum.passed > 0 && sum.failed == 0
}

impl Options {
    fn chosen(&self) -> Vec<Suite> {
        let all = !(self.rust || self.js || self.e2e || self.plugins);
        let suites = [
            (Suite::Rust, self.rust),
            (Suite::Wasm, self.js),
            (Suite::Js, self.js),
            (Suite::EndToEnd, self.e2e),
            (Suite::Plugins, self.plugins),
        ];
        suites.into_iter().filter_map(|(suite, named)| (all || named).then_some(suite)).collect()
    }
}

fn set_up(chosen: &[Suite]) -> Result<()> {
    let browses = chosen.iter().any(|suite| matches!(suite, Suite::EndToEnd | Suite::Plugins));
    if chosen.contains(&Suite::Rust) && !browses {
        system::compared();
    }
    if chosen == [Suite::Rust] {
        return Ok(());
    }
    let build = bundle::Options::default();
    let site = || bundle::site(&build);
    let end_to_end = || site().and_then(|()| edge::worker()).and_then(|()| package::write().map(drop));
    if !browses {
        return site();
    }
    together([&system::packages, &generators::install, &end_to_end, &|| serve::build_server("dev").map(drop)])
}

impl Suite {
    fn run(self, filter: Option<&str>) -> Result<Outcome> {
        println!("\n== {} ==", self.name());
        let start = Instant::now();
        let (mut counts, mut ran, mut again, mut all_known) = (Counts::default(), false, BTreeSet::new(), true);
        let mut reports = Vec::new();
        for mut command in self.commands(filter)? {
            let mut tally = Tally::new(self.runner());
            let ended_well = watched(&mut command, LIMIT, |line| tally.line(line))?;
            if !(tally.is_empty() && ended_well && filter.is_some()) {
                counts += tally.outcome(ended_well);
            }
            ran |= !tally.is_empty();
            reports.extend_from_slice(tally.reports());
            again.extend(tally.failed_files().iter().map(PathBuf::from));
            all_known &= filter.is_some() || tally.names_its_failures(TEST_FILE);
        }
        if !ran && filter.is_none() {
            counts.failed = counts.failed.max(1);
        }
        let mut note = if ran { String::new() } else { ", ran no test".to_owned() };
        if self.browses() && counts.failed > 0 && all_known && (1..=MOST_AGAIN).contains(&again.len()) {
            note = second_run(&mut counts, again.into_iter().collect(), filter)?;
        }
        let time = seconds(start.elapsed());
        Ok(Outcome { words: format!("{}: {counts}{note} ({time})", self.name()), counts, reports })
    }

    /// True if its tests wait for browsers and servers, which a busy machine may keep from answering in time.
    fn browses(self) -> bool {
        matches!(self, Suite::EndToEnd | Suite::Plugins)
    }

    fn name(self) -> &'static str {
        match self {
            Suite::Rust => "Rust tests",
            Suite::Wasm => "wasm boundary tests",
            Suite::Js => "JS unit tests",
            Suite::EndToEnd => "end-to-end tests",
            Suite::Plugins => "tests of the plugins",
        }
    }

    fn runner(self) -> Runner {
        if self == Suite::Rust { Runner::Cargo } else { Runner::Node }
    }

    /// The suite's commands, one after the other; none if it has no test file.
    fn commands(self, filter: Option<&str>) -> Result<Vec<Command>> {
        let folder = match self {
            Suite::Rust => return Ok(vec![rust(filter), complexity(filter)]),
            Suite::Wasm => "tests/wasm",
            Suite::Js => "tests/js",
            Suite::EndToEnd => "tests/e2e",
            Suite::Plugins => "tests/plugins",
        };
        let (alone, beside): (Vec<_>, Vec<_>) = test_files(folder)?.into_iter().partition(|file| is_alone(self, file));
        let runs = [(beside, at_a_time()), (alone, 1)];
        Ok(runs.iter().filter(|(files, _)| !files.is_empty()).map(|(files, most)| node(files, *most, filter)).collect())
    }
}

/// Runs whole files alone whose tests failed beside others. If all their tests pass then, none has failed, and the closing
/// words say how many needed it: such a test is to be mended, and is no reason to refuse a change that has not touched it.
fn second_run(counts: &mut Counts, files: Vec<PathBuf>, filter: Option<&str>) -> Result<String> {
    println!("\n== a second run, alone, of the files with failed tests ==");
    let mut tally = Tally::new(Runner::Node);
    let ended_well = watched(&mut node(&files, 1, filter), LIMIT, |line| tally.line(line))?;
    if !ended_well || tally.outcome(ended_well).failed > 0 {
        return Ok(", also on a second run".to_owned());
    }
    let failed = std::mem::take(&mut counts.failed);
    counts.passed += failed;
    Ok(format!(", {failed} of them on a second run only"))
}

fn rust(filter: Option<&str>) -> Command {
    let mut command = cargo();
    command.args(["test", "--workspace", "--no-fail-fast"]).args(filter);
    with_places(&mut command);
    command
}

/// Times are taken of optimised code, and without the library for signatures, which nothing there uses.
fn complexity(filter: Option<&str>) -> Command {
    let mut command = cargo();
    let features = ["--no-default-features", "--features", "found"];
    command.args(["test", "-p", "stowplan"]).args(features).args(["--profile", "serve", "--test", "complexity"]);
    command.args(filter);
    command
}

fn is_alone(suite: Suite, file: &Path) -> bool {
    let name = file.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix(TEST_FILE));
    suite == Suite::EndToEnd && name.is_some_and(|name| ALONE.contains(&name))
}

/// The number of test files that run at a time. A browser test waits for half of its time, so two share even the smallest machine;
/// Node itself would leave one of two processors idle.
fn at_a_time() -> usize {
    std::thread::available_parallelism().map_or(2, |cores| cores.get().saturating_sub(1).max(2))
}

fn node(files: &[PathBuf], at_a_time: usize, filter: Option<&str>) -> Command {
    let mut command = program("node");
    command.args(["--test", "--test-reporter=spec", &format!("--test-concurrency={at_a_time}")]);
    // Colours would hide the summary from the tally.
    command.env_remove("FORCE_COLOR");
    if let Some(filter) = filter {
        command.arg(format!("--test-name-pattern={}", literally(filter)));
    }
    command.args(files);
    with_places(&mut command);
    command
}

/// Node takes a pattern where cargo takes a text: the same filter must mean the same in both.
fn literally(text: &str) -> String {
    text.chars().flat_map(|c| [(!c.is_alphanumeric() && c.is_ascii()).then_some('\\'), Some(c)]).flatten().collect()
}

/// Tells the tests where the site, the server and the test vectors are.
fn with_places(command: &mut Command) {
    command.env("STOWPLAN_DIST", bundle::dist()).env("STOWPLAN_EDGE", edge::dist());
    if let Ok(server) = serve::server_path("dev") {
        command.env("STOWPLAN_SERVER", server);
    }
    if let (Ok(venv), Ok(package)) = (generators::venv(), package::folder()) {
        command.env("STOWPLAN_VENV", venv).env("STOWPLAN_PACKAGE", package);
    }
    if let Ok(mdbook) = generators::mdbook() {
        command.env("STOWPLAN_MDBOOK", mdbook);
    }
    for (variable, folder) in SHARED {
        let beside = root().join("../shared").join(folder);
        if std::env::var_os(variable).is_none() && beside.is_dir() {
            command.env(variable, beside);
        }
    }
}

/// The test files right in `folder`, in order (Node 20 does not expand patterns itself).
fn test_files(folder: &str) -> Result<Vec<PathBuf>> {
    let dir = root().join(folder);
    if !dir.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let name = entry?.file_name();
        if name.to_string_lossy().ends_with(TEST_FILE) {
            files.push(PathBuf::from(folder).join(name));
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::words;

    const EVERY: [Suite; 5] = [Suite::Rust, Suite::Wasm, Suite::Js, Suite::EndToEnd, Suite::Plugins];

    #[test]
    fn no_flag_means_every_suite() {
        assert_eq!(Options::default().chosen(), EVERY);
        assert_eq!(Options { js: true, ..Options::default() }.chosen(), [Suite::Wasm, Suite::Js]);
        assert_eq!(Options { rust: true, e2e: true, ..Options::default() }.chosen(), [Suite::Rust, Suite::EndToEnd]);
    }

    #[test]
    fn a_filter_is_text_for_node_too() {
        assert_eq!(literally("a.b (c)é"), "a\\.b\\ \\(c\\)é");
    }

    #[test]
    fn a_failed_gate_fails_the_whole() {
        assert!(!close(&[Outcome::failed_gate("fmt")]));
        assert!(close(&[outcome(1, 0)]));
        assert!(!close(&[outcome(1, 0), Outcome::failed_gate("fmt")]));
    }

    #[test]
    fn a_filter_that_finds_nothing_fails() {
        assert!(!close(&[outcome(0, 0)]));
    }

    #[test]
    fn what_holds_clocks_runs_alone_and_everything_runs() {
        let commands: Vec<_> = Suite::EndToEnd.commands(None).unwrap().iter().map(words).collect();
        let [beside, alone] = commands.as_slice() else { panic!("{commands:?}") };
        assert!(alone.contains("--test-concurrency=1 ") && !beside.contains("--test-concurrency=1 "), "{commands:?}");
        for name in ALONE {
            let file = format!("tests/e2e/{name}.test.mjs");
            assert!(alone.contains(&file) && !beside.contains(&file), "{name}: {commands:?}");
        }
        let all = test_files("tests/e2e").unwrap().len();
        assert_eq!(commands.iter().map(|words| words.matches(TEST_FILE).count()).sum::<usize>(), all);
    }

    #[test]
    fn what_passes_alone_has_not_failed_and_what_fails_again_has() {
        let folder = std::env::temp_dir().join(format!("stowplan-second-run-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = |name: &str, body: &str| {
            let path = folder.join(name);
            std::fs::write(&path, format!("import {{ test }} from 'node:test'; test('one', () => {{ {body} }});"))
                .unwrap();
            path
        };
        let (good, bad) = (file("good.test.mjs", ""), file("bad.test.mjs", "throw new Error('again')"));
        let mut counts = Counts { passed: 5, failed: 2 };
        let words = second_run(&mut counts, vec![good.clone()], None).unwrap();
        assert_eq!((counts, words.as_str()), (Counts { passed: 7, failed: 0 }, ", 2 of them on a second run only"));
        let mut counts = Counts { passed: 5, failed: 1 };
        second_run(&mut counts, vec![good, bad], None).unwrap();
        assert_eq!(counts, Counts { passed: 5, failed: 1 });
        std::fs::remove_dir_all(folder).unwrap();
    }

    fn outcome(passed: u64, failed: u64) -> Outcome {
        Outcome { words: String::new(), counts: Counts { passed, failed }, reports: Vec::new() }
    }
}
