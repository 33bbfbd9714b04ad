//! Line: Document -> Check. Names that stand twice in one object: programs disagree on which of the two counts.

use crate::checks::findings::{At, Findings};
use crate::checks::{Check, CheckId};
use crate::json::{Json, Object, Parsed, Places, Value};
use crate::limits;

/// Members that are maps with names of the author's choice, where `Key` and `key` are two things.
const MAPS: [&str; 4] = ["annotations", "Labels", "ExposedPorts", "Volumes"];

/// Holds every object against the rule that a name stands in it once, in whatever case (Go ignores case).
pub(super) fn checks(parsed: &Parsed) -> Vec<Check> {
    let mut findings = Findings::new(CheckId::DuplicateKey);
    for path in &parsed.duplicates {
        findings.fail_at(path, "this name stands twice in its object, and programs differ in which one they read");
    }
    if parsed.duplicates.len() >= limits::FINDINGS {
        findings.fail_at("$", "there may be more names that stand twice");
    }
    twins(&mut findings, &parsed.root, &At::ROOT);
    findings.into_checks(|| "no name stands twice in one object".to_owned())
}

fn twins(findings: &mut Findings, json: &Json, at: &At<'_>) {
    match &json.value {
        Value::Array(elements) => {
            elements.iter().enumerate().for_each(|(index, element)| twins(findings, element, &at.index(index)));
        }
        Value::Object(object) => {
            twins_of(findings, object, at);
            let structures = object.iter().filter(|member| !MAPS.contains(&&*member.name));
            structures.for_each(|member| twins(findings, &member.value, &at.name(&member.name)));
        }
        _ => {}
    }
}

/// Below this many members names are compared pairwise, above it through a map.
const SMALL_OBJECT: usize = 16;

fn twins_of(findings: &mut Findings, object: &Object, at: &At<'_>) {
    let names = || object.iter().map(|member| &*member.name);
    let mut note = |name: &str, other: &str| {
        if name != other {
            let message = format!(
                "differs only in case from \"{}\", and Go programs take both for one name",
                other.escape_debug()
            );
            findings.warn(&at.name(name), message);
        }
    };
    if object.len() <= SMALL_OBJECT {
        for (index, name) in names().enumerate() {
            if let Some(other) = names().take(index).find(|other| other.eq_ignore_ascii_case(name)) {
                note(name, other);
            }
        }
        return;
    }
    let lower: Vec<String> = names().map(str::to_ascii_lowercase).collect();
    let all: Vec<&str> = names().collect();
    let mut seen = Places::default();
    for (index, lower) in lower.iter().enumerate() {
        if let Some(before) = seen.insert(lower, index) {
            note(all[index], all[before]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::Outcome;
    use crate::json;

    fn found(text: &str) -> Vec<(Outcome, String)> {
        let checks = checks(&json::parse(text.as_bytes()).unwrap());
        checks.into_iter().map(|check| (check.outcome, check.path.unwrap_or_default())).collect()
    }

    #[test]
    fn the_same_name_fails() {
        assert_eq!(found(r#"{"a":[{"b":1,"b":2}]}"#), [(Outcome::Fail, "$.a[0].b".to_owned())]);
    }

    #[test]
    fn a_name_in_another_case_is_doubtful() {
        assert_eq!(found(r#"{"mediaType":"a","mediatype":"b"}"#), [(Outcome::Warn, "$.mediatype".to_owned())]);
    }

    #[test]
    fn maps_of_free_names_may_differ_in_case() {
        let text = r#"{"annotations":{"a":"1","A":"2"},"config":{"Labels":{"b":"1","B":"2"}}}"#;
        assert_eq!(found(text), [(Outcome::Pass, String::new())]);
    }

    #[test]
    fn many_names_are_compared_in_linear_time() {
        let members: Vec<String> = (0..200_000).map(|n| format!("\"n{n}\":0")).collect();
        assert_eq!(found(&format!("{{{},\"N7\":1}}", members.join(","))), [(Outcome::Warn, "$.N7".to_owned())]);
    }
}
