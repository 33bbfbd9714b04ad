//! The view model of a report: plain data, the same object that the page draws and "Export report" saves.

mod node;
mod proofs;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::checks::{Check, Outcome};
pub use crate::document::{HistoryLine, ImageFacts};
use crate::media_type::{BlobKind, Compression};
pub use crate::platform::Platform;
pub use crate::recover::Code;
pub use proofs::{LayerCount, Proofs};

/// The version of the report's form.
pub const SCHEMA: u32 = 1;

/// Everything that one `inspect` or `open` found out. The module without `open` never fills what a paste brings, so it does
/// not serialise it: that code would be part of the first view.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The source of the bytes.
    pub source: ReportSource,
    /// Every node, parents before their children.
    pub nodes: Vec<Node>,
    /// The ids of the nodes without a parent.
    pub roots: Vec<String>,
    /// The search that found the original bytes, if the given ones were changed on their way.
    #[cfg_attr(feature = "open", serde(skip_serializing_if = "Option::is_none"))]
    #[cfg_attr(not(feature = "open"), serde(skip))]
    pub recovered: Option<Recovered>,
    /// Its steps by their stable codes, in the same order.
    #[cfg_attr(feature = "open", serde(skip_serializing_if = "Vec::is_empty"))]
    #[cfg_attr(not(feature = "open"), serde(skip))]
    pub recovery_codes: Vec<Code>,
    /// The form and the mentions of each pasted text.
    #[cfg_attr(feature = "open", serde(skip_serializing_if = "Vec::is_empty"))]
    #[cfg_attr(not(feature = "open"), serde(skip))]
    pub pasted: Vec<PastedText>,
    /// The digests that the first document would have in the forms that tools write, if none was given.
    #[cfg_attr(feature = "open", serde(skip_serializing_if = "Vec::is_empty"))]
    #[cfg_attr(not(feature = "open"), serde(skip))]
    pub forms: Vec<FormDigest>,
    /// The count of outcomes and the verdict over all nodes.
    pub summary: Summary,
}

/// The form of a pasted text.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PastedText {
    /// The stable name of its form: `http-response`.
    pub form: String,
    /// The stable name of what it is, more closely than the form: `ecr-describe-images`.
    pub kind: String,
    /// The same in a sentence.
    pub title: String,
    /// Its form in a sentence.
    pub what: String,
    /// The proofs that the form allows and those that it does not, in a sentence.
    pub proof: String,
    /// The number of documents in it.
    pub documents: usize,
    /// True if these are the registry's own bytes as far as the form lets one know.
    pub exact: bool,
    /// The digest that the text itself gives for its document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// The place of that digest, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_from: Option<String>,
    /// The same by its stable code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_code: Option<CodedText>,
    /// The name to inspect at once, if the text is nothing else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inspect: Option<String>,
    /// The names that can be inspected, each with its pin if the text has one; none beside documents.
    pub offers: Vec<String>,
    /// True if the text has what looks like a secret, so that it is not shown again.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
    /// The places in the text that were understood, in UTF-16 code units.
    pub spans: Vec<SpanOf>,
    /// Every image that it names.
    pub references: Vec<NamedImage>,
    /// Every digest in it, or beginning of one, with its place and the node that it fits.
    pub digests: Vec<DigestOf>,
    /// The same in the form of earlier versions.
    pub mentions: Vec<Mentioned>,
    /// Notes about the cut and its consequences, in sentences.
    pub notes: Vec<String>,
    /// The notes by their stable codes, in the same order.
    pub note_codes: Vec<CodedText>,
}

/// A sentence by its stable code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CodedText {
    /// In kebab-case.
    pub code: String,
    /// The values in the sentence.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
}

/// A part of a pasted text that was understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SpanOf {
    /// The start, in UTF-16 code units.
    pub start: usize,
    /// The end.
    pub end: usize,
    /// `digest`, `digest-prefix` or `reference`.
    pub what: String,
}

/// An image that a pasted text names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NamedImage {
    /// As written.
    pub text: String,
    /// The canonical form.
    pub reference: String,
    /// The line, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// True if it has a digest.
    pub pinned: bool,
    /// The JSON path of its value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// A digest in a pasted text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DigestOf {
    /// `sha256:…`, or as much of it as is there.
    pub digest: String,
    /// True if it is only the beginning.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub prefix: bool,
    /// Its meaning by its place, in words.
    pub what: String,
    /// The same by its stable code: `layer`.
    pub code: String,
    /// The word, key or column that tells.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// The image that it stands beside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The JSON path of its value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The line, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The id of the node whose bytes have this digest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fits: Option<String>,
}

/// A digest that a pasted text mentions.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Mentioned {
    /// `sha256:…`, or as much of its hex as is there.
    pub digest: String,
    /// Its meaning by its place, in words.
    pub what: String,
    /// The image that it stands beside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

/// The digest of a document in one of the forms that tools write.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FormDigest {
    /// The form, in words.
    pub name: String,
    /// The form by its stable code: `2-spaces-keys-as-written`.
    pub code: String,
    /// The digest of those bytes.
    pub digest: String,
    /// The number of these bytes.
    pub size: u64,
}

/// The source of a report's bytes.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportSource {
    /// The way in.
    pub kind: SourceKind,
    /// The canonical reference, for a registry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The form of a reference that was not written alone: `command`, `web-address`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<&'static str>,
    /// The file's name, for a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// The three ways in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// Fetched from a registry.
    Registry,
    /// Pasted or passed as text.
    Paste,
    /// Read from a file.
    File,
}

/// The search that turned changed bytes back.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Recovered {
    /// The steps in words.
    pub steps: Vec<String>,
    /// The digest of the bytes found.
    pub digest: String,
    /// The digest of the same bytes without the line break at their end, if they end in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without_newline: Option<String>,
}

/// The verdict with its counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// The verdict over all checks.
    pub verdict: Verdict,
    /// Checks passed.
    pub pass: u32,
    /// Checks failed.
    pub fail: u32,
    /// Checks that are doubtful.
    pub warn: u32,
    /// Checks that could not be made.
    pub not_checked: u32,
    /// The three facts that stand apart from the counts.
    pub facts: Proofs,
}

/// `failed` with any failure, `incomplete` with anything not checked, else `verified`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Everything was checked and nothing failed.
    Verified,
    /// At least one check failed.
    Failed,
    /// Nothing failed, but not everything was checked.
    Incomplete,
}

/// The kind of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NodeKind {
    /// An OCI index or a Docker manifest list.
    Index,
    /// An image's manifest (OCI or Docker schema 2).
    Manifest,
    /// An image config.
    Config,
    /// A layer: a tar of changes.
    Layer,
    /// A manifest that is not an image's.
    Artifact,
    /// A Docker schema 1 manifest.
    Schema1,
    /// A BuildKit attestation manifest.
    Attestation,
    /// A signature of an image.
    Signature,
    /// Any other content: an artifact's blob, an attestation's statement.
    Blob,
    /// A document of a kind that could not be told.
    Unknown,
}

/// One box of the picture: a document or a blob, with every verdict about it.
#[derive(Clone, Debug)]
pub struct Node {
    /// Unique in its report and stable: the parent's id and the place in the parent, `0/manifests[1]/config`.
    pub id: String,
    /// Its kind.
    pub kind: NodeKind,
    /// The media type: the document's own, else the descriptor's, else the header's.
    pub media_type: Option<String>,
    /// The size in bytes: of the bytes if they were read, else the descriptor's claim.
    pub size: Option<u64>,
    /// The digest: computed if the bytes were read, else the descriptor's claim.
    pub digest: Option<String>,
    /// The parent's id.
    pub parent: Option<String>,
    /// The JSON path of its descriptor in the parent, `$.manifests[1]`.
    pub path: Option<String>,
    /// True if its bytes were read and hashed here.
    pub read: bool,
    /// The platform from the index entry, or from the config.
    pub platform: Option<Platform>,
    /// A name for people: the platform, an annotation's title, `layer 3`.
    pub title: Option<String>,
    /// Every verdict about this node.
    pub checks: Vec<Check>,
    /// The annotations: of the descriptor, then of the document, in their order.
    pub annotations: Vec<(String, String)>,
    /// The facts of its kind.
    pub facts: Facts,
}

/// The facts by kind; absent ones are absent in the JSON.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Manifest: the image ID, the sha256 of the config's bytes (as the manifest names it).
    pub image_id: Option<String>,
    /// Index, manifest: `artifactType`.
    pub artifact_type: Option<String>,
    /// Index, manifest: the digest of the `subject`.
    pub subject: Option<String>,
    /// Attestation: the digest of the manifest it is about.
    pub attests: Option<String>,
    /// The image's digest at which this was found. No part of the image, so no part of its verdict.
    pub about: Option<String>,
    /// Manifest in an index: whether this is the platform asked for.
    pub chosen: bool,
    /// Config: `rootfs.diff_ids`.
    pub diff_ids: Option<Vec<String>>,
    /// Config, schema 1: the history, oldest first.
    pub history: Option<Vec<HistoryLine>>,
    /// Config: what a container is started with.
    pub image: Option<ImageFacts>,
    /// Layer: how the tar is compressed, by the media type.
    pub compression: Option<Compression>,
    /// Layer, blob: what it is by its media type and the artifact type of its manifest; only tars are read as layers.
    pub blob_kind: Option<BlobKind>,
    /// Layer, blob: false if its kind promises no tar, so that it is hashed and never unpacked or explored.
    pub tar: Option<bool>,
    /// Layer: its DiffID as the config states it.
    pub diff_id: Option<String>,
    /// Layer: its ChainID, computed from the DiffIDs.
    pub chain_id: Option<String>,
    /// Layer: the place of its line in the config's history.
    pub history_index: Option<usize>,
    /// Any descriptor: `urls`.
    pub urls: Vec<String>,
    /// Schema 1: `name:tag` as the document has it.
    pub name: Option<String>,
}

impl Node {
    /// A node of that kind with nothing known yet.
    #[must_use]
    pub fn new(id: impl Into<String>, kind: NodeKind) -> Self {
        Self {
            id: id.into(),
            kind,
            media_type: None,
            size: None,
            digest: None,
            parent: None,
            path: None,
            read: false,
            platform: None,
            title: None,
            checks: Vec::new(),
            annotations: Vec::new(),
            facts: Facts::default(),
        }
    }
}

impl Report {
    /// The report over these nodes, with its roots and its summary.
    #[must_use]
    pub fn new(source: ReportSource, nodes: Vec<Node>) -> Self {
        let roots = nodes.iter().filter(|node| node.parent.is_none()).map(|node| node.id.clone()).collect();
        let summary = Summary::of(&nodes);
        Self {
            schema: SCHEMA,
            source,
            nodes,
            roots,
            recovered: None,
            recovery_codes: Vec::new(),
            pasted: Vec::new(),
            forms: Vec::new(),
            summary,
        }
    }
}

impl Summary {
    /// Counts the outcomes of all checks of all nodes.
    #[must_use]
    pub fn of(nodes: &[Node]) -> Self {
        let facts = Proofs::of(nodes);
        let mut summary = Self { verdict: Verdict::Incomplete, pass: 0, fail: 0, warn: 0, not_checked: 0, facts };
        for check in nodes.iter().flat_map(|node| &node.checks) {
            *match check.outcome {
                Outcome::Pass => &mut summary.pass,
                Outcome::Fail => &mut summary.fail,
                Outcome::Warn => &mut summary.warn,
                Outcome::NotChecked => &mut summary.not_checked,
            } += 1;
        }
        summary.verdict = match summary {
            Self { fail: 1.., .. } => Verdict::Failed,
            Self { not_checked: 0, pass: 1.., .. } => Verdict::Verified,
            _ => Verdict::Incomplete,
        };
        summary
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::CheckId;

    #[track_caller]
    fn verdict(outcomes: &[Outcome], expected: Verdict) {
        let mut node = Node::new("0", NodeKind::Manifest);
        node.checks = outcomes.iter().map(|outcome| Check::new(CheckId::Digest, *outcome, "")).collect();
        assert_eq!(Summary::of(&[node]).verdict, expected);
    }

    #[test]
    fn nothing_unchecked_is_ever_verified() {
        verdict(&[], Verdict::Incomplete);
        verdict(&[Outcome::Warn], Verdict::Incomplete);
        verdict(&[Outcome::Pass], Verdict::Verified);
        verdict(&[Outcome::Pass, Outcome::Warn], Verdict::Verified);
        verdict(&[Outcome::Pass, Outcome::NotChecked], Verdict::Incomplete);
        verdict(&[Outcome::Pass, Outcome::NotChecked, Outcome::Fail], Verdict::Failed);
    }
}
