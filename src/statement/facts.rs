//! Facts by name, and how values are taken out of untyped JSON.

use serde::Serialize;
use serde_json::Value;

/// One thing that a document says: a stable name and what is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// In kebab-case: `source`, `commit`, `material`.
    pub name: &'static str,
    /// As the document has it, cut if it is long.
    pub value: String,
}

/// The longest value that is taken over, in characters.
const LONGEST: usize = 2000;

/// The most facts of one name that are taken over.
const MOST: usize = 200;

/// Adds what is there.
pub(super) fn add(facts: &mut Vec<Fact>, name: &'static str, value: Option<impl AsRef<str>>) {
    let Some(value) = value else { return };
    let value: String = value.as_ref().chars().take(LONGEST).collect();
    let same = facts.iter().filter(|fact| fact.name == name).count();
    if !value.is_empty() && same < MOST {
        facts.push(Fact { name, value });
    }
}

/// The text at a path of members.
pub(super) fn text<'a>(json: &'a Value, path: &[&str]) -> Option<&'a str> {
    member(json, path)?.as_str().filter(|text| !text.is_empty())
}

/// The value at a path of members.
pub(super) fn member<'a>(json: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(json, |json, name| json.get(name))
}

/// The elements at a path of members.
pub(super) fn items<'a>(json: &'a Value, path: &[&str]) -> &'a [Value] {
    member(json, path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
