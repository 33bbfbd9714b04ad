//! Documents inside documents, such as those that `docker manifest inspect -v` prints in a list.

use crate::carriers;
use crate::document::schema1;
use crate::json::{self, Json, Value};
use crate::limits;

/// A document that was inside the text, and the step in words.
pub(super) struct Inner {
    pub(super) bytes: Vec<u8>,
    pub(super) words: String,
}

/// The most times the length of a text that the documents inside it may have together: those inside each other count
/// again.
const COPIES: usize = 4;

/// Every document found inside the text, at most [`limits::RECOVERY_TEXTS`]; the text itself is not among them.
pub(super) fn unwrap(text: &[u8]) -> Vec<Inner> {
    let mut found = Found { inners: Vec::new(), bytes_left: text.len().saturating_mul(COPIES) };
    match json::parse(text) {
        Ok(parsed) => {
            signed(&parsed.root, text, &mut found);
            walk(&parsed.root, text, "the text", &mut found);
        }
        Err(_) => found.inners.extend(whole(text)),
    }
    found.inners
}

/// The findings so far, and how many more there may be.
struct Found {
    inners: Vec<Inner>,
    bytes_left: usize,
}

impl Found {
    fn push(&mut self, bytes: &[u8], words: String) {
        if self.inners.len() < limits::RECOVERY_TEXTS && bytes.len() <= self.bytes_left {
            self.bytes_left -= bytes.len();
            self.inners.push(Inner { bytes: bytes.to_vec(), words });
        }
    }
}

/// A signed schema 1 manifest: the payload that was signed, and the document without its signatures.
fn signed(root: &Json, text: &[u8], found: &mut Found) {
    if let Ok(Some(signed)) = schema1::Signed::read(root, text) {
        found.push(&signed.payload, "the payload that the signatures are over".to_owned());
    }
    let members: Vec<_> = root.as_object().into_iter().flatten().collect();
    if let Some([before, signatures]) = members.windows(2).find(|pair| &*pair[1].name == "signatures") {
        let (from, to) = (before.value.span.end, signatures.value.span.end);
        found.push(&[&text[..from], &text[to..]].concat(), "signatures left out".to_owned());
    }
}

fn walk(json: &Json, text: &[u8], name: &str, found: &mut Found) {
    if found.inners.len() >= limits::RECOVERY_TEXTS {
        return;
    }
    match &json.value {
        Value::Array(elements) => elements.iter().for_each(|element| nested(element, text, name, found)),
        Value::Object(members) => members.iter().for_each(|member| nested(&member.value, text, &member.name, found)),
        Value::String(content) => inside(content, name, found),
        _ => {}
    }
}

fn nested(json: &Json, text: &[u8], name: &str, found: &mut Found) {
    let has = |key| json.get(key).is_some();
    if has("schemaVersion") || has("layers") || has("manifests") || has("rootfs") {
        let bytes = text.get(json.span.clone()).unwrap_or_default();
        found.push(bytes, format!("taken out of {}", place(name)));
    }
    walk(json, text, name, found);
}

/// A string that holds a document, as JSON or base64.
fn inside(content: &str, name: &str, found: &mut Found) {
    if content.trim_ascii_start().starts_with('{') {
        found.push(content.as_bytes(), step(name, true));
    } else if let Some(decoded) = carriers::base64(content) {
        found.push(&decoded, step(name, false));
    }
}

/// The step that takes a document out of the string of a member, in words.
pub(crate) fn step(name: &str, escaped: bool) -> String {
    let how = if escaped { "unescaped from" } else { "decoded from base64 in" };
    format!("{how} {}", place(name))
}

/// A text that is no JSON itself: base64 of one.
fn whole(text: &[u8]) -> Option<Inner> {
    let bytes = carriers::base64(std::str::from_utf8(text).ok()?)?;
    Some(Inner { bytes, words: "decoded from base64".to_owned() })
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
    use base64ct::Encoding as _;

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

    #[test]
    fn recover_copies_no_more_than_a_few_times_the_text() {
        let twins = format!("{{{}\"a\":1}}", "\"signatures\":0,".repeat(1000));
        let deep = "{\"layers\":".repeat(100) + "\"x\"" + &"}".repeat(100);
        for text in [twins, deep] {
            let copied: usize = unwrap(text.as_bytes()).iter().map(|inner| inner.bytes.len()).sum();
            assert!(copied <= text.len() * COPIES, "{copied} of {}", text.len());
        }
    }
}
