//! Takes a document apart into tokens and puts them into another order.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::ops::Range;

use super::escape::Escapes;
use super::layout::Part;
use super::order::{Keys, ROLES, Role};
use crate::json::{self, Json, Value};

/// A document as tokens: numbers, literals and strings as written, and how they nest.
pub(super) struct Tree {
    tokens: Vec<Token>,
    root: Node,
    /// The kinds of objects that occur.
    pub(super) present: [bool; ROLES],
}

struct Token {
    span: Range<usize>,
    /// The content of a string; `None` for numbers and literals, which are never touched.
    text: Option<Box<str>>,
}

enum Node {
    Token(u32),
    Array(Vec<Node>),
    Object(Role, Vec<(u32, Node)>),
}

/// Every token of a document as one writer escapes it.
#[derive(PartialEq)]
pub(super) struct Encoded {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Encoded {
    /// A token's bytes.
    pub(super) fn token(&self, number: u32) -> &[u8] {
        let number = number as usize;
        let start = if number == 0 { 0 } else { self.ends[number - 1] };
        &self.bytes[start..self.ends[number]]
    }
}

impl Tree {
    /// Takes apart an object or array; `None` for anything else and for what is not JSON.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let root = json::parse(bytes).ok()?.root;
        if !matches!(root.value, Value::Object(_) | Value::Array(_)) {
            return None;
        }
        let mut tree = Self { tokens: Vec::new(), root: Node::Array(Vec::new()), present: [false; ROLES] };
        tree.root = tree.node(&root, "", "");
        Some(tree)
    }

    /// The same for two texts that differ only in white space.
    pub(super) fn fingerprint(&self, bytes: &[u8]) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.parts(&[Keys::AsWritten; ROLES]).hash(&mut hasher);
        for token in &self.tokens {
            bytes.get(token.span.clone()).hash(&mut hasher);
        }
        hasher.finish()
    }

    /// The document's parts with every object in that order.
    pub(super) fn parts(&self, keys: &[Keys; ROLES]) -> Vec<Part> {
        let mut parts = Vec::with_capacity(self.tokens.len() * 3);
        self.arrange(&self.root, keys, &mut parts);
        parts
    }

    /// Every token as that writer escapes it.
    pub(super) fn encode(&self, bytes: &[u8], escapes: &Escapes) -> Encoded {
        let mut encoded =
            Encoded { bytes: Vec::with_capacity(bytes.len()), ends: Vec::with_capacity(self.tokens.len()) };
        for token in &self.tokens {
            let written = bytes.get(token.span.clone()).unwrap_or_default();
            match &token.text {
                Some(text) => escapes.write(written, text, &mut encoded.bytes),
                None => encoded.bytes.extend_from_slice(written),
            }
            encoded.ends.push(encoded.bytes.len());
        }
        encoded
    }

    /// The text as it stands, with only its tokens replaced.
    pub(super) fn retoken(&self, bytes: &[u8], encoded: &Encoded, out: &mut Vec<u8>) {
        let mut copied = 0;
        for (number, token) in (0..).zip(&self.tokens) {
            out.extend_from_slice(bytes.get(copied..token.span.start).unwrap_or_default());
            out.extend_from_slice(encoded.token(number));
            copied = token.span.end;
        }
        out.extend_from_slice(bytes.get(copied..).unwrap_or_default());
    }

    fn node(&mut self, json: &Json, name: &str, parent: &str) -> Node {
        match &json.value {
            Value::Array(elements) => {
                Node::Array(elements.iter().map(|element| self.node(element, "", name)).collect())
            }
            Value::Object(object) => {
                let role = role(json, name, parent);
                self.present[role as usize] = true;
                let members = object.iter();
                let members = members.map(|member| {
                    let token = self.token(member.name_span.clone(), Some(&member.name));
                    (token, self.node(&member.value, &member.name, name))
                });
                Node::Object(role, members.collect())
            }
            _ => Node::Token(self.token(json.span.clone(), json.as_str())),
        }
    }

    fn token(&mut self, span: Range<usize>, text: Option<&str>) -> u32 {
        self.tokens.push(Token { span, text: text.map(Into::into) });
        // JSON_VALUES caps the tokens far below.
        u32::try_from(self.tokens.len() - 1).unwrap_or(u32::MAX)
    }

    fn name(&self, token: u32) -> &str {
        self.tokens.get(token as usize).and_then(|token| token.text.as_deref()).unwrap_or_default()
    }

    fn arrange(&self, node: &Node, keys: &[Keys; ROLES], parts: &mut Vec<Part>) {
        match node {
            Node::Token(number) => parts.push(Part::Token(*number)),
            Node::Array(elements) if elements.is_empty() => parts.push(Part::Empty(b'[')),
            Node::Object(_, members) if members.is_empty() => parts.push(Part::Empty(b'{')),
            Node::Array(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    parts.push(if index == 0 { Part::Open(b'[') } else { Part::Comma(b'[') });
                    self.arrange(element, keys, parts);
                }
                parts.push(Part::Close(b'['));
            }
            Node::Object(role, members) => {
                let mut members: Vec<&(u32, Node)> = members.iter().collect();
                keys[*role as usize].arrange(&mut members, |member| self.name(member.0));
                for (index, (name, value)) in members.into_iter().enumerate() {
                    parts.push(if index == 0 { Part::Open(b'{') } else { Part::Comma(b'{') });
                    parts.extend([Part::Token(*name), Part::Colon]);
                    self.arrange(value, keys, parts);
                }
                parts.push(Part::Close(b'{'));
            }
        }
    }
}

/// The kind of an object, by its own keys and by the names that lead to it.
fn role(json: &Json, name: &str, parent: &str) -> Role {
    let has = |key| json.get(key).is_some();
    match name {
        "annotations" | "Labels" | "labels" | "ExposedPorts" | "Volumes" => return Role::Map,
        "rootfs" | "Healthcheck" => return Role::Small,
        "platform" => return Role::Platform,
        "container_config" => return Role::Container,
        _ => {}
    }
    if has("rootfs") || has("architecture") && (has("config") || has("history")) && !has("fsLayers") {
        Role::Image
    } else if ["schemaVersion", "layers", "manifests", "fsLayers", "blobs"].into_iter().any(has) {
        Role::Manifest
    } else if has("digest") && (has("size") || has("mediaType")) {
        Role::Descriptor
    } else if name == "config" {
        Role::Container
    } else if parent == "history" || has("created_by") {
        Role::History
    } else {
        Role::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recover::escape::ESCAPES;
    use crate::recover::layout::LAYOUTS;
    use crate::recover::order::profiles;

    fn rewritten(text: &str, words: &str) -> String {
        let tree = Tree::read(text.as_bytes()).unwrap();
        let profile = profiles(tree.present).into_iter().find(|profile| profile.words == words).unwrap();
        let encoded = tree.encode(text.as_bytes(), &ESCAPES[0]);
        let mut out = Vec::new();
        LAYOUTS[0].write(&tree.parts(&profile.keys), |number| encoded.token(number), 10_000, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn recover_knows_each_kind_of_object_by_its_place_and_keys() {
        let text = r#"{"rootfs":{"diff_ids":[],"type":"layers"},"os":"linux","history":[{"empty_layer":true,"created":"x"}],
            "config":{"Labels":{"b":"2","a":"1"},"Env":["x"],"Hostname":""},"architecture":"amd64"}"#;
        assert_eq!(
            rewritten(text, "keys put in Docker's order"),
            r#"{"architecture":"amd64","config":{"Hostname":"","Env":["x"],"Labels":{"a":"1","b":"2"}},"history":[{"created":"x","empty_layer":true}],"os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"#
        );
    }

    #[test]
    fn recover_keeps_tokens_as_written() {
        let text = r#"{"size": 1e2,"mediaType" :"a\/b", "digest":"\u0041", "x": -0.0}"#;
        assert_eq!(rewritten(text, ""), r#"{"size":1e2,"mediaType":"a\/b","digest":"\u0041","x":-0.0}"#);
    }

    #[test]
    fn recover_replaces_tokens_in_place() {
        let text = "{ \"a/b\" :\t[ \"<\" , 1 ] }\n";
        let tree = Tree::read(text.as_bytes()).unwrap();
        let mut out = Vec::new();
        tree.retoken(text.as_bytes(), &tree.encode(text.as_bytes(), &ESCAPES[1]), &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), "{ \"a/b\" :\t[ \"\\u003c\" , 1 ] }\n");
    }
}
