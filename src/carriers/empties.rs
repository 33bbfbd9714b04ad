//! PHP reads an empty object as an empty array and writes it as `[]`; members that are objects in documents are put
//! back.

use std::ops::Range;

use super::node::is_map;
use crate::json::{self, Json, Value};

pub(super) fn open(text: &[u8]) -> Vec<Vec<u8>> {
    let Ok(parsed) = json::parse(text) else { return Vec::new() };
    let mut places = Vec::new();
    find(&parsed.root, "", "", &mut places);
    if places.is_empty() {
        return Vec::new();
    }
    let mut mended = Vec::with_capacity(text.len());
    let mut copied = 0;
    for place in places {
        mended.extend_from_slice(text.get(copied..place.start).unwrap_or_default());
        mended.extend_from_slice(b"{}");
        copied = place.end;
    }
    mended.extend_from_slice(text.get(copied..).unwrap_or_default());
    vec![mended]
}

fn find(json: &Json, name: &str, parent: &str, places: &mut Vec<Range<usize>>) {
    match &json.value {
        Value::Array(elements) if elements.is_empty() && is_map(name, parent) => places.push(json.span.clone()),
        Value::Array(elements) => elements.iter().for_each(|element| find(element, "", name, places)),
        Value::Object(members) => {
            members.iter().for_each(|member| find(&member.value, &member.name, name, places));
        }
        _ => {}
    }
}
