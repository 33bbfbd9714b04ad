//! Line: Document -> Check. The findings of one family, bounded, and the JSON path that each is about.

use std::fmt;

use crate::checks::{Check, CheckId, Outcome, Source};
use crate::json::path_step;
use crate::limits;

/// A place in a document, kept as borrowed steps: it becomes text only where something is found.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    up: Option<&'a At<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Name(&'a str),
    Index(usize),
}

impl<'a> At<'a> {
    /// `$`
    pub(crate) const ROOT: At<'static> = At { up: None, step: Step::Root };

    /// The member of that name below here.
    pub(crate) fn name(&'a self, name: &'a str) -> At<'a> {
        At { up: Some(self), step: Step::Name(name) }
    }

    /// The element at that index below here.
    pub(crate) fn index(&'a self, index: usize) -> At<'a> {
        At { up: Some(self), step: Step::Index(index) }
    }
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(up) = self.up {
            write!(f, "{up}")?;
        }
        match self.step {
            Step::Root => f.write_str("$"),
            Step::Name(name) => f.write_str(&path_step(name)),
            Step::Index(index) => write!(f, "[{index}]"),
        }
    }
}

/// What one family of rules found: the first [`limits::FINDINGS`], and how many more.
pub(crate) struct Findings {
    id: CheckId,
    checks: Vec<Check>,
    more: usize,
    more_failed: bool,
}

impl Findings {
    pub(crate) fn new(id: CheckId) -> Self {
        Self { id, checks: Vec::new(), more: 0, more_failed: false }
    }

    /// A rule is broken.
    pub(crate) fn fail(&mut self, at: &At<'_>, message: impl Into<String>) {
        self.add(Outcome::Fail, at, message.into(), None);
    }

    /// A rule is broken at a place that is a text already.
    pub(crate) fn fail_at(&mut self, path: &str, message: &str) {
        self.push(Outcome::Fail, || path.to_owned(), message.to_owned(), None);
    }

    /// A rule is broken that the usual programs do not insist on.
    pub(crate) fn warn(&mut self, at: &At<'_>, message: impl Into<String>) {
        self.add(Outcome::Warn, at, message.into(), None);
    }

    /// A rule asks for one value and another is there.
    pub(crate) fn differs(&mut self, outcome: Outcome, at: &At<'_>, values: (&str, &str), message: impl Into<String>) {
        self.add(outcome, at, message.into(), Some(values));
    }

    /// A doubtful value is there, shown as it is given here: whole, cut or masked.
    pub(crate) fn shows(&mut self, at: &At<'_>, actual: String, message: impl Into<String>) {
        let before = self.checks.len();
        self.warn(at, message);
        if let Some(check) = self.checks.get_mut(before) {
            check.actual = Some(actual);
        }
    }

    /// What looks odd is right: worth a word, and no finding.
    pub(crate) fn pass(&mut self, at: &At<'_>, message: impl Into<String>) {
        self.add(Outcome::Pass, at, message.into(), None);
    }

    /// The findings, or where there are none one pass with this message.
    pub(crate) fn into_checks(self, pass: impl FnOnce() -> String) -> Vec<Check> {
        if self.checks.is_empty() {
            return vec![Check::new(self.id, Outcome::Pass, pass())];
        }
        self.found()
    }

    /// The findings, none where there are none.
    pub(crate) fn found(mut self) -> Vec<Check> {
        if self.more > 0 {
            let outcome = if self.more_failed { Outcome::Fail } else { Outcome::Warn };
            self.checks.push(Check::new(self.id, outcome, format!("and {} more of this kind", self.more)));
        }
        self.checks
    }

    fn add(&mut self, outcome: Outcome, at: &At<'_>, message: String, values: Option<(&str, &str)>) {
        self.push(outcome, || at.to_string(), message, values);
    }

    fn push(&mut self, outcome: Outcome, path: impl Fn() -> String, message: String, values: Option<(&str, &str)>) {
        if self.checks.len() >= limits::FINDINGS {
            self.more += 1;
            self.more_failed |= outcome == Outcome::Fail;
            return;
        }
        let check = Check::new(self.id, outcome, message).at(path());
        self.checks.push(match values {
            Some((expected, actual)) => check.values(shorten(expected), shorten(actual), Source::Document),
            None => check,
        });
    }
}

/// The longest piece of a document that a finding repeats.
const SHOWN: usize = 200;

/// A text short enough to be shown in a finding.
pub(crate) fn shorten(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_as_a_json_path() {
        let (root, layers) = (At::ROOT, At::ROOT.name("layers"));
        let third = layers.index(2);
        assert_eq!(root.to_string(), "$");
        assert_eq!(third.name("size").to_string(), "$.layers[2].size");
        assert_eq!(third.name("os.version").to_string(), "$.layers[2][\"os.version\"]");
    }

    #[test]
    fn nothing_found_is_one_pass() {
        let checks = Findings::new(CheckId::Schema).into_checks(|| "fine".to_owned());
        assert_eq!(checks, [Check::new(CheckId::Schema, Outcome::Pass, "fine")]);
    }

    #[test]
    fn the_rest_is_counted_and_its_failures_still_fail() {
        let mut findings = Findings::new(CheckId::Schema);
        for _ in 0..limits::FINDINGS {
            findings.warn(&At::ROOT, "doubtful");
        }
        findings.warn(&At::ROOT, "doubtful");
        findings.fail(&At::ROOT, "broken");
        let checks = findings.into_checks(String::new);
        let last = checks.last().unwrap();
        assert_eq!(checks.len(), limits::FINDINGS + 1);
        assert_eq!((last.outcome, last.message.as_str()), (Outcome::Fail, "and 2 more of this kind"));
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(shorten(&"é".repeat(SHOWN + 1)), format!("{}…", "é".repeat(SHOWN)));
        assert_eq!(shorten("short"), "short");
    }
}
