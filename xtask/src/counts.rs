//! The number of tests that passed and failed, read from the output of the test runners.

use std::collections::BTreeSet;
use std::ops::AddAssign;

/// Tests that passed and failed; skipped ones are in neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// The runner whose output is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runner {
    Cargo,
    Node,
}

/// Counts the tests in a runner's output, fed line by line.
pub struct Tally {
    runner: Runner,
    counts: Counts,
    cancelled: u64,
    failed_files: BTreeSet<String>,
    has_summary: bool,
    reports: Vec<String>,
    report_lines: usize,
}

/// The most lines of a failed test's output that are repeated at the end.
const REPORT_LINES: usize = 12;

impl Tally {
    pub fn new(runner: Runner) -> Self {
        Self {
            runner,
            counts: Counts::default(),
            cancelled: 0,
            failed_files: BTreeSet::new(),
            has_summary: false,
            reports: Vec::new(),
            report_lines: 0,
        }
    }

    pub fn line(&mut self, line: &str) {
        match self.runner {
            Runner::Cargo => {
                self.counts += cargo_result(line).unwrap_or_default();
                self.cargo_report(line);
            }
            Runner::Node => self.node_summary(line),
        }
    }

    /// Keeps the first lines of what `cargo test` prints about each failed test, between `---- name stdout ----` and `failures:`.
    fn cargo_report(&mut self, line: &str) {
        if line.starts_with("---- ") && line.ends_with(" ----") {
            self.report_lines = REPORT_LINES;
        } else if line == "failures:" {
            self.report_lines = 0;
        }
        if self.report_lines > 0 && !line.is_empty() {
            self.report_lines -= 1;
            self.reports.push(line.to_owned());
        }
    }

    /// The output of the failed tests, cut. Only Cargo's: Node prints its failures last by itself.
    pub fn reports(&self) -> &[String] {
        &self.reports
    }

    /// Node prints its summary once, at the end: the last value counts, so a test that prints such a line is harmless.
    fn node_summary(&mut self, line: &str) {
        if let Some(place) = line.strip_prefix("test at ") {
            self.failed_files.extend(place.rsplitn(3, ':').last().map(str::to_owned));
        }
        let Some(("#" | "ℹ", rest)) = line.split_once(' ') else { return };
        match rest.split_once(' ').map(|(word, number)| (word, number.parse())) {
            Some(("pass", Ok(number))) => (self.counts.passed, self.has_summary) = (number, true),
            Some(("fail", Ok(number))) => self.counts.failed = number,
            Some(("cancelled", Ok(number))) => self.cancelled = number,
            _ => {}
        }
    }

    /// The outcome of a suite; one that ran no test, or ended badly with no test to blame, failed once by itself.
    pub fn outcome(&self, ended_well: bool) -> Counts {
        let mut counts = self.counts;
        counts.failed += self.cancelled;
        if counts == Counts::default() || (!ended_well && counts.failed == 0) {
            counts.failed += 1;
        }
        counts
    }

    /// The files with tests that failed, as Node's summary names them.
    pub fn failed_files(&self) -> &BTreeSet<String> {
        &self.failed_files
    }

    /// True if tests ran to the end, and each failure names the file of tests in which it is: one that was stopped, or that
    /// names a helper's file, leaves open what failed.
    pub fn names_its_failures(&self, ending: &str) -> bool {
        let is_whole = self.has_summary && self.cancelled == 0;
        let is_named = (self.counts.failed == 0) == self.failed_files.is_empty();
        is_whole && is_named && self.failed_files.iter().all(|file| file.ends_with(ending))
    }

    /// True if no test ran at all.
    pub fn is_empty(&self) -> bool {
        self.counts == Counts::default() && self.cancelled == 0
    }
}

/// Reads `test result: ok. 3 passed; 1 failed; 0 ignored; ...`.
fn cargo_result(line: &str) -> Option<Counts> {
    let rest = line.strip_prefix("test result: ")?.split_once(". ")?.1;
    let number = |part: &str, word| part.trim().strip_suffix(word)?.trim().parse().ok();
    let mut parts = rest.split(';');
    Some(Counts { passed: number(parts.next()?, "passed")?, failed: number(parts.next()?, "failed")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn counted(runner: Runner, output: &str, ended_well: bool, passed: u64, failed: u64) {
        let mut tally = Tally::new(runner);
        output.lines().for_each(|line| tally.line(line));
        assert_eq!(tally.outcome(ended_well), Counts { passed, failed });
    }

    #[test]
    fn cargo_results_add_up() {
        let output = "running 4 tests\n\
            test result: ok. 4 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s";
        counted(Runner::Cargo, output, false, 6, 3);
    }

    #[test]
    fn the_output_of_failed_tests_is_kept_and_cut() {
        let mut tally = Tally::new(Runner::Cargo);
        let long = "x\n".repeat(REPORT_LINES * 2);
        let output = format!(
            "test a ... FAILED\n\nfailures:\n\n---- a stdout ----\n{long}\n---- b stdout ----\n\npanicked\n\n\
            failures:\n    a\n    b\n\ntest result: FAILED. 0 passed; 2 failed; 0 ignored"
        );
        output.lines().for_each(|line| tally.line(line));
        let reports = tally.reports();
        assert_eq!((reports[0].as_str(), reports[1].as_str()), ("---- a stdout ----", "x"));
        assert_eq!(reports[REPORT_LINES..], ["---- b stdout ----", "panicked"]);
    }

    #[test]
    fn node_summaries_of_both_reporters_are_read() {
        counted(Runner::Node, "ℹ tests 5\nℹ pass 3\nℹ fail 1\nℹ cancelled 1\nℹ skipped 0", false, 3, 2);
        counted(Runner::Node, "# tests 2\n# pass 2\n# fail 0\n# cancelled 0", true, 2, 0);
    }

    #[test]
    fn a_test_that_prints_a_summary_does_not_count() {
        counted(Runner::Node, "ℹ pass 99\n# fail 7\nℹ pass 1\nℹ fail 0", true, 1, 0);
    }

    #[test]
    fn the_files_of_failed_tests_are_known() {
        let mut tally = Tally::new(Runner::Node);
        let output = "✖ failing tests:\n\ntest at tests/e2e/a.test.mjs:12:1\n✖ one (1ms)\n\n\
            test at tests/e2e/a.test.mjs:30:1\n✖ two (1ms)\ntest at tests/e2e/b.test.mjs:1:1\n✖ three";
        output.lines().for_each(|line| tally.line(line));
        assert!(tally.failed_files().iter().eq(["tests/e2e/a.test.mjs", "tests/e2e/b.test.mjs"]));
    }

    #[test]
    fn failures_are_all_named_or_not() {
        let named = |output: &str| {
            let mut tally = Tally::new(Runner::Node);
            output.lines().for_each(|line| tally.line(line));
            tally.names_its_failures(".test.mjs")
        };
        assert!(named("ℹ pass 3\nℹ fail 0\nℹ cancelled 0"));
        assert!(named("ℹ pass 3\nℹ fail 1\nℹ cancelled 0\ntest at tests/e2e/a.test.mjs:1:1"));
        for open in [
            "",
            "test at tests/e2e/a.test.mjs:1:1",
            "ℹ pass 3\nℹ fail 1\nℹ cancelled 0",
            "ℹ pass 3\nℹ fail 1\nℹ cancelled 1\ntest at tests/e2e/a.test.mjs:1:1",
            "ℹ pass 3\nℹ fail 1\nℹ cancelled 0\ntest at tests/e2e/support/helper.mjs:1:1",
        ] {
            assert!(!named(open), "{open}");
        }
    }

    #[test]
    fn no_test_is_a_failure() {
        counted(Runner::Node, "", true, 0, 1);
        counted(Runner::Cargo, "test result: ok. 0 passed; 0 failed; 0 ignored", true, 0, 1);
    }

    #[test]
    fn a_runner_that_dies_is_a_failure() {
        counted(Runner::Cargo, "test result: ok. 4 passed; 0 failed; 0 ignored", false, 4, 1);
        counted(Runner::Cargo, "error: could not compile", false, 0, 1);
    }

    #[test]
    fn the_closing_line_has_the_form_that_ci_reads() {
        assert_eq!(Counts { passed: 12, failed: 0 }.to_string(), "12 passed, 0 failed");
    }
}
