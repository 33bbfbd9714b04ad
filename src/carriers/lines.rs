//! Lines of a document as texts in JSON: a log with one object a line, as Docker keeps it, and lists of lines, as notebooks
//! and other programs write them.

use super::longest;
use crate::json::{self, Json, Value};

/// Members of an object of a log that hold its line.
const MEMBERS: [&str; 5] = ["log", "message", "msg", "line", "textPayload"];

/// The fewest lines that are joined.
const FEWEST: usize = 3;

pub(super) fn open(text: &str) -> Vec<Vec<u8>> {
    if let Ok(parsed) = json::parse(text.as_bytes()) {
        let mut found = Vec::new();
        lists(&parsed.root, &mut found);
        return longest(found);
    }
    logged(text).into_iter().collect()
}

/// Every list of texts that begins like a document.
fn lists(json: &Json, found: &mut Vec<Vec<u8>>) {
    match &json.value {
        Value::Array(elements) => {
            let texts: Vec<&str> = elements.iter().filter_map(Json::as_str).collect();
            if texts.len() == elements.len() && texts.len() >= FEWEST {
                found.extend(joined(&texts));
            } else {
                elements.iter().for_each(|element| lists(element, found));
            }
        }
        Value::Object(members) => members.iter().for_each(|member| lists(&member.value, found)),
        _ => {}
    }
}

/// The lines of a log whose every line is an object.
fn logged(text: &str) -> Option<Vec<u8>> {
    let rows = text.lines().filter(|line| !line.trim().is_empty());
    let mut texts = Vec::new();
    for row in rows {
        let row = row.trim();
        if !row.starts_with('{') {
            return None;
        }
        let parsed = json::parse(row.as_bytes()).ok()?.root;
        texts.push(MEMBERS.iter().find_map(|name| parsed.key(name)?.as_str()).map(str::to_owned)?);
    }
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    joined(&texts).filter(|_| texts.len() >= FEWEST)
}

/// The lines as one text; a line break is put between them if they have none.
fn joined(texts: &[&str]) -> Option<Vec<u8>> {
    let opens = texts.first()?.trim_start().starts_with(['{', '[']);
    let between = if texts.first()?.ends_with('\n') { "" } else { "\n" };
    opens.then(|| texts.join(between).into_bytes())
}
