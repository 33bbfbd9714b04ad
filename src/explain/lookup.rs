//! Digest -> places: where a digest, or the beginning of one, occurs in a report, and what it could be if it does not.

use serde::Serialize;

use super::{Given, Node, hex};
use crate::limits;

/// The answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Lookup {
    /// The beginning of a digest as it was read, in lower case; empty if the text has none.
    pub query: String,
    /// The places, at most [`limits::LOOKUP_PLACES`].
    pub hits: Vec<Hit>,
    /// The number of different digests that begin so.
    pub digests: usize,
    /// Its possible kinds, if it does not occur.
    pub could: Vec<Could>,
    /// Its meaning wherever it occurs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known: Option<Everywhere>,
}

/// One place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// The part of the digest there: the kind of a node whose own it is, else `diffId`, `chainId`, `subject`, `promised`, `got`,
    /// `form`, `stated` or `mention`.
    #[serde(rename = "as")]
    pub role: String,
    /// The digest in full.
    pub digest: String,
    /// The place of the node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<usize>,
    /// The number of its layer, counted from 1, if no node stands for the layer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<usize>,
    /// Its name in the text, if no node has it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The same by its stable code.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub code: String,
}

/// The possible kinds of a digest that does not occur: they depend on the documents that were not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Could {
    /// Of another image.
    Other,
    /// In a manifest that was not read.
    Manifest,
    /// In a config that was not read.
    Config,
    /// Of a layer that was not read.
    Layer,
    /// Of the index above.
    Index,
}

/// A content that is the same everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Everywhere {
    /// Zero bytes.
    Nothing,
    /// `{}`
    EmptyJson,
    /// A tar without entries.
    EmptyTar,
    /// That tar, compressed as docker did it.
    EmptyGzip,
    /// The same, compressed as `BuildKit` does it.
    EmptyBuildkit,
}

const EVERYWHERE: [(Everywhere, &str); 5] = [
    (Everywhere::Nothing, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    (Everywhere::EmptyJson, "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"),
    (Everywhere::EmptyTar, "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"),
    (Everywhere::EmptyGzip, "a3ed95caeb02ffe68cdd9fd84406680ae93d633cb16422d00e8a7c22955b46d4"),
    (Everywhere::EmptyBuildkit, "4f4fb700ef54461cfa02571ae0db9a0dc1e0cdb5577484a6d75e68dc38e8acc1"),
];

/// The places of the digest in that text.
#[must_use]
pub fn lookup(given: &Given, text: &str) -> Lookup {
    let Some(query) = query_of(text) else { return Lookup::default() };
    let mut places = Places { query: &query, hits: Vec::new() };
    places.in_nodes(&given.nodes);
    places.in_texts(given);
    let hits = places.hits;
    let begins = hex(&query);
    let known = EVERYWHERE.iter().find(|(_, digest)| digest.starts_with(begins)).map(|(what, _)| *what);
    let is_new = |at: &usize| !hits[..*at].iter().any(|hit| hit.digest == hits[*at].digest);
    let digests = (0..hits.len()).filter(is_new).count();
    let could = if hits.is_empty() { could_be(&given.nodes) } else { Vec::new() };
    Lookup { query, hits, digests, could, known }
}

/// The beginning of a digest in a text: `sha256:…`, hex alone, `name@sha256:…`, with dots after a cut one.
fn query_of(text: &str) -> Option<String> {
    let is_space = |c: char| c.is_whitespace() || c == '\u{feff}';
    let text = text.trim_matches(is_space);
    let text = match text.split_once('@') {
        Some((name, _)) if name.contains(is_space) => return None,
        Some((_, digest)) => digest,
        None => text.trim_start_matches(['"', '\'', '`', '<']),
    };
    let colon = text.get(..7).filter(|start| ["sha256:", "sha512:"].iter().any(|one| start.eq_ignore_ascii_case(one)));
    let start = colon.map_or(0, str::len);
    let digits = text[start..].bytes().take_while(u8::is_ascii_hexdigit).count();
    let (query, rest) = text.split_at(start + digits);
    let rest = rest.strip_prefix('…').or_else(|| rest.strip_prefix("...")).unwrap_or(rest);
    let is_query = (limits::LOOKUP_DIGITS..=128).contains(&digits) && rest.chars().all(|c| "\"'`>,".contains(c));
    is_query.then(|| query.to_ascii_lowercase())
}

/// The places that were found, in the order in which they are told.
struct Places<'a> {
    query: &'a str,
    hits: Vec<Hit>,
}

impl Places<'_> {
    /// True if that digest begins as the one that is looked for; a digest without an algorithm may be of any.
    fn begins(&self, digest: &str) -> bool {
        match (self.query.split_once(':'), digest.split_once(':')) {
            (Some((wanted, _)), Some((algorithm, _))) if wanted != algorithm => false,
            _ => hex(digest).starts_with(hex(self.query)),
        }
    }

    fn is_full(&self) -> bool {
        self.hits.len() >= limits::LOOKUP_PLACES
    }

    fn add(&mut self, role: &str, digest: &str, place: Hit) {
        if !self.is_full() && self.begins(digest) {
            self.hits.push(Hit { role: role.to_owned(), digest: digest.to_owned(), ..place });
        }
    }

    fn in_nodes(&mut self, nodes: &[Node]) {
        let mut has_layers = vec![false; nodes.len()];
        for parent in nodes.iter().filter(|node| node.kind == "layer").filter_map(|node| node.parent) {
            if let Some(has) = has_layers.get_mut(parent) {
                *has = true;
            }
        }
        for (at, node) in nodes.iter().enumerate() {
            if self.is_full() {
                return;
            }
            self.in_node(at, node);
            // A config without its manifest has no layers to carry its DiffIDs.
            if node.parent.is_none_or(|parent| !has_layers.get(parent).is_some_and(|has| *has)) {
                for (position, digest) in node.diff_ids.iter().flatten().enumerate() {
                    let place = Hit { node: Some(at), layer: Some(position + 1), ..Hit::default() };
                    self.add("diffId", digest, place);
                }
            }
        }
    }

    fn in_node(&mut self, at: usize, node: &Node) {
        let place = || Hit { node: Some(at), ..Hit::default() };
        let own = [
            (node.kind.as_str(), &node.digest),
            ("diffId", &node.diff_id),
            ("chainId", &node.chain_id),
            ("subject", &node.subject),
        ];
        for (role, digest) in own {
            digest.iter().for_each(|digest| self.add(role, digest, place()));
        }
        let identity = |id: &str| id == "digest" || id == "diff-id";
        for check in node.checks.iter().filter(|check| identity(&check.id) && check.outcome == "fail") {
            for (role, value) in [("promised", &check.expected), ("got", &check.actual)] {
                let is_own = *value == node.digest || *value == node.diff_id;
                value.iter().filter(|_| !is_own).for_each(|digest| self.add(role, digest, place()));
            }
        }
    }

    /// The digests of forms and in texts that no node has.
    fn in_texts(&mut self, given: &Given) {
        let mut own: Vec<&str> = given.nodes.iter().filter_map(|node| node.digest.as_deref()).collect();
        own.retain(|digest| self.begins(digest));
        own.sort_unstable();
        let has_node = |digest: &str| own.binary_search(&digest).is_ok();
        for form in &given.forms {
            if self.begins(&form.digest) && !has_node(&form.digest) {
                self.add("form", &form.digest, Hit { name: form.name.clone(), ..Hit::default() });
            }
        }
        for text in &given.pasted {
            if let Some(digest) = text.expected.as_deref().filter(|digest| self.begins(digest) && !has_node(digest)) {
                let name = text.expected_from.clone().unwrap_or_default();
                self.add("stated", digest, Hit { name, ..Hit::default() });
            }
            for one in text.digests.iter().filter(|one| text.expected.as_ref() != Some(&one.digest)) {
                let place = Hit { name: one.what.clone(), code: one.code.clone(), ..Hit::default() };
                self.add("mention", &one.digest, place);
            }
        }
    }
}

fn could_be(nodes: &[Node]) -> Vec<Could> {
    let is_unread = |kind: &str| nodes.iter().any(|node| !node.read && node.kind == kind);
    let all = [
        (Could::Other, true),
        (Could::Manifest, is_unread("manifest") || is_unread("index")),
        (Could::Config, is_unread("config")),
        (Could::Layer, is_unread("layer")),
        (Could::Index, !nodes.iter().any(|node| node.kind == "index")),
    ];
    all.into_iter().filter(|(_, is_so)| *is_so).map(|(could, _)| could).collect()
}
