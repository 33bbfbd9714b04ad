//! Line: Document -> Check. Every verdict of Stowplan, one file a family; a check names both values and its source.

pub use crate::digest::Source;

use crate::document::{Config, Document, Hints, Manifest, Reading};
use crate::platform::Platform;

/// Every verdict about a document by itself.
pub(crate) fn of_document(_document: &Document, _reading: &Reading, _hints: &Hints) -> Vec<Check> {
    Vec::new()
}

/// Holds the platform of an index entry against that of the config it leads to.
#[must_use]
pub fn platform(_entry: &Platform, _config: &Platform) -> Check {
    Check::new(CheckId::Platform, Outcome::NotChecked, "not yet")
}

/// Holds the counts of layers, DiffIDs and history lines against each other.
#[must_use]
pub fn counts(_manifest: &Manifest, _config: &Config) -> Vec<Check> {
    Vec::new()
}

/// The stable name of a check (DESIGN contracts: extend, never rename).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckId {
    /// The digest computed from the bytes is the one that somebody gave before.
    Digest,
    /// The length of the bytes is the descriptor's `size`.
    Size,
    /// The document's own `mediaType` is the descriptor's.
    MediaType,
    /// The `Content-Type` header names what the document is.
    ContentType,
    /// The `Docker-Content-Digest` header names the digest computed here.
    HeaderDigest,
    /// The bytes are JSON of a known kind.
    Parse,
    /// The document follows the schema and the prose of its specification.
    Schema,
    /// The document cannot be read as two kinds at once (CVE-2021-41190).
    Ambiguous,
    /// The index entry's platform is the config's.
    Platform,
    /// As many layers as DiffIDs.
    LayerCount,
    /// As many history lines that made a layer as layers.
    HistoryCount,
    /// The digest of the uncompressed layer is the config's DiffID.
    DiffId,
    /// The DiffIDs look wrong without a layer having been read.
    DiffIdSmell,
    /// The signature of a schema 1 manifest.
    Signature,
    /// Annotations keep to the rules.
    Annotations,
    /// No name stands twice in one object.
    DuplicateKey,
    /// Nothing exceeded a limit.
    Limits,
    /// The layer is a well-formed tar.
    Tar,
    /// The layer's table of contents.
    Toc,
    /// The `subject` of an artifact.
    Subject,
}

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Proved on bytes hashed here.
    Pass,
    /// Disproved.
    Fail,
    /// Allowed by somebody, against a rule or doubtful.
    Warn,
    /// Not looked at, with the reason.
    NotChecked,
}

/// One verdict with both values and where the expected one came from.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// The stable name.
    pub id: CheckId,
    /// What came of it.
    pub outcome: Outcome,
    /// The value that should be, where there is one.
    pub expected: Option<String>,
    /// The value that is.
    pub actual: Option<String>,
    /// Where the expected value came from.
    pub source: Option<Source>,
    /// The JSON path (`$.manifests[0].size`) that this is about, where it is about a part of the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// A sentence for people, lower case.
    pub message: String,
}

impl Check {
    /// A check of that outcome, without values.
    #[must_use]
    pub fn new(id: CheckId, outcome: Outcome, message: impl Into<String>) -> Self {
        Self { id, outcome, expected: None, actual: None, source: None, path: None, message: message.into() }
    }

    /// The same check with both values and the source of the expected one.
    #[must_use]
    pub fn values(mut self, expected: impl Into<String>, actual: impl Into<String>, source: Source) -> Self {
        self.expected = Some(expected.into());
        self.actual = Some(actual.into());
        self.source = Some(source);
        self
    }

    /// The same check, about the value at that JSON path.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }
}
