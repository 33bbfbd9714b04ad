//! The findings of one family, bounded, and the JSON path that each is about.

use std::fmt;

use crate::checks::{Check, CheckId, Outcome, Source};
use crate::json::path_step;
use crate::limits;
use crate::say::{Said, say};

/// A place in a document, kept as borrowed steps: it becomes text only if something is found.
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

    /// True if the outermost member that this place lies in has one of these names.
    pub(crate) fn is_within(&self, names: &[&str]) -> bool {
        match (self.up, self.step) {
            (Some(up), Step::Name(name)) if matches!(up.step, Step::Root) => names.contains(&name),
            (Some(up), _) => up.is_within(names),
            (None, _) => false,
        }
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

/// The findings of one family of rules: the first [`limits::FINDINGS`], and the number of the rest.
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
    pub(crate) fn fail(&mut self, at: &At<'_>, said: impl Into<Said>) {
        self.add(Outcome::Fail, at, said.into(), None);
    }

    /// A rule is broken that the usual programs do not insist on.
    pub(crate) fn warn(&mut self, at: &At<'_>, said: impl Into<Said>) {
        self.add(Outcome::Warn, at, said.into(), None);
    }

    /// A rule asks for one value and another is there.
    pub(crate) fn differs(&mut self, outcome: Outcome, at: &At<'_>, values: (&str, &str), said: impl Into<Said>) {
        self.add(outcome, at, said.into(), Some(values));
    }

    /// A doubtful value is there, shown as it is given here: whole, cut or masked.
    pub(crate) fn shows(&mut self, at: &At<'_>, actual: String, said: impl Into<Said>) {
        let before = self.checks.len();
        self.warn(at, said);
        if let Some(check) = self.checks.get_mut(before) {
            check.actual = Some(actual);
        }
    }

    /// A value that looks odd and is right: worth a word, and no finding.
    pub(crate) fn pass(&mut self, at: &At<'_>, said: impl Into<Said>) {
        self.add(Outcome::Pass, at, said.into(), None);
    }

    /// The findings, or one pass with this sentence if there are none.
    pub(crate) fn into_checks(self, pass: impl FnOnce() -> Said) -> Vec<Check> {
        if self.checks.is_empty() {
            return vec![Check::new(self.id, Outcome::Pass, pass())];
        }
        self.found()
    }

    /// The findings, none if there are none.
    pub(crate) fn found(mut self) -> Vec<Check> {
        if self.more > 0 {
            let outcome = if self.more_failed { Outcome::Fail } else { Outcome::Warn };
            self.checks.push(Check::new(
                self.id,
                outcome,
                say!("more-findings", "and {n} more of this kind", n = self.more),
            ));
        }
        self.checks
    }

    /// A finding with its reason and values; it is made only if there is room for it.
    pub(crate) fn note(&mut self, outcome: Outcome, check: impl FnOnce(Check) -> Check) {
        if self.checks.len() >= limits::FINDINGS {
            self.more += 1;
            self.more_failed |= outcome == Outcome::Fail;
            return;
        }
        self.checks.push(check(Check::new(self.id, outcome, "")));
    }

    fn add(&mut self, outcome: Outcome, at: &At<'_>, said: Said, values: Option<(&str, &str)>) {
        self.note(outcome, |check| {
            let check = check.saying(said).at(at.to_string());
            match values {
                Some((expected, actual)) => check.values(shorten(expected), shorten(actual), Source::Document),
                None => check,
            }
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
        assert!(
            third.name("size").is_within(&["layers"]) && !third.is_within(&["size"]) && !root.is_within(&["layers"])
        );
        assert_eq!(third.name("os.version").to_string(), "$.layers[2][\"os.version\"]");
    }

    #[test]
    fn nothing_found_is_one_pass() {
        let checks = Findings::new(CheckId::Schema).into_checks(|| "fine".into());
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
        let checks = findings.into_checks(Said::default);
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
