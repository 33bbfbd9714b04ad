//! Line: the detour `recover`. Documents inside documents: what `docker manifest inspect -v` and others print around them.

use base64ct::{Base64Unpadded, Encoding as _};

use crate::document::schema1;
use crate::json::{self, Json, Value};
use crate::limits;

/// A document that was inside the text, and the step in words.
pub(super) struct Inner {
    pub(super) bytes: Vec<u8>,
    pub(super) words: String,
}

/// Every document found inside the text, at most [`limits::RECOVERY_TEXTS`]; the text itself is not among them.
pub(super) fn unwrap(text: &[u8]) -> Vec<Inner> {
    let mut found = Vec::new();
    match json::parse(text) {
        Ok(parsed) => {
            signed(&parsed.root, text, &mut found);
            walk(&parsed.root, text, "the text", &mut found);
        }
        Err(_) => found.extend(whole(text)),
    }
    found
}

/// A signed schema 1 manifest: the payload that was signed, and the document without its signatures.
fn signed(root: &Json, text: &[u8], found: &mut Vec<Inner>) {
    if let Ok(Some(signed)) = schema1::Signed::read(root, text) {
        found.push(Inner { bytes: signed.payload, words: "the payload that the signatures are over".to_owned() });
    }
    let Some(members) = root.as_object() else { return };
    let members: Vec<_> = members.iter().collect();
    for pair in members.windows(2).filter(|pair| &*pair[1].name == "signatures") {
        let (from, to) = (pair[0].value.span.end, pair[1].value.span.end);
        let bytes = [&text[..from], &text[to..]].concat();
        found.push(Inner { bytes, words: "signatures left out".to_owned() });
    }
}

fn walk(json: &Json, text: &[u8], name: &str, found: &mut Vec<Inner>) {
    if found.len() >= limits::RECOVERY_TEXTS {
        return;
    }
    match &json.value {
        Value::Array(elements) => elements.iter().for_each(|element| nested(element, text, name, found)),
        Value::Object(members) => members.iter().for_each(|member| nested(&member.value, text, &member.name, found)),
        Value::String(content) => inside(content, name, found),
        _ => {}
    }
}

fn nested(json: &Json, text: &[u8], name: &str, found: &mut Vec<Inner>) {
    let has = |key| json.get(key).is_some();
    if has("schemaVersion") || has("layers") || has("manifests") || has("rootfs") {
        let bytes = text.get(json.span.clone()).unwrap_or_default().to_vec();
        found.push(Inner { bytes, words: format!("taken out of {}", place(name)) });
    }
    walk(json, text, name, found);
}

/// A string that holds a document, as JSON or base64.
fn inside(content: &str, name: &str, found: &mut Vec<Inner>) {
    let (words, bytes) = if content.trim_ascii_start().starts_with('{') {
        ("unescaped from", content.as_bytes().to_vec())
    } else if let Some(decoded) = base64(content) {
        ("decoded from base64 in", decoded)
    } else {
        return;
    };
    found.push(Inner { bytes, words: format!("{words} {}", place(name)) });
}

/// A text that is no JSON itself: base64 of one.
fn whole(text: &[u8]) -> Option<Inner> {
    let bytes = base64(std::str::from_utf8(text).ok()?)?;
    Some(Inner { bytes, words: "decoded from base64".to_owned() })
}

/// The bytes behind base64, where they look like a JSON document.
fn base64(text: &str) -> Option<Vec<u8>> {
    let letter = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=') || b.is_ascii_whitespace();
    if text.len() < 8 || !text.bytes().all(letter) {
        return None;
    }
    let dense: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let decoded = Base64Unpadded::decode_vec(dense.trim_end_matches('=')).ok()?;
    decoded.trim_ascii_start().starts_with(b"{").then_some(decoded)
}

fn place(name: &str) -> String {
    if name == "the text" {
        return name.to_owned();
    }
    let shown: String = name.chars().take(40).collect();
    format!("\"{}\"", shown.escape_debug())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unwrapped(text: &str) -> Vec<(String, String)> {
        unwrap(text.as_bytes())
            .into_iter()
            .map(|inner| (inner.words, String::from_utf8(inner.bytes).unwrap()))
            .collect()
    }

    #[track_caller]
    fn finds(text: &str, words: &str, inner: &str) {
        assert_eq!(unwrapped(text), [(words.to_owned(), inner.to_owned())]);
    }

    #[test]
    fn recover_takes_documents_out_of_their_wrapping() {
        let inner = "{ \"schemaVersion\": 2 }";
        let raw = base64ct::Base64::encode_string(inner.as_bytes());
        finds(&format!("{{\"SchemaV2Manifest\":{inner}}}"), "taken out of \"SchemaV2Manifest\"", inner);
        finds(&format!("[{{\"OCIManifest\":{inner}}}]"), "taken out of \"OCIManifest\"", inner);
        finds(&format!("{{\"Raw\":\"{raw}\"}}"), "decoded from base64 in \"Raw\"", inner);
        finds(&raw, "decoded from base64", inner);
        finds(&format!("[{inner}]"), "taken out of the text", inner);
        finds(r#""{\"a\":1}""#, "unescaped from the text", "{\"a\":1}");
        finds(r#"{"manifest":"{\"a\":\"b\"}\n"}"#, "unescaped from \"manifest\"", "{\"a\":\"b\"}\n");
        assert!(unwrapped("{\"schemaVersion\":2,\"size\":\"abcdefgh\"}").is_empty());
    }

    #[test]
    fn recover_leaves_signatures_out() {
        finds("{\"a\": 1,\n \"signatures\": [{}]\n}", "signatures left out", "{\"a\": 1\n}");
    }
}
