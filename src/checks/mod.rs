//! Line: Document -> Check. Every verdict of Stowplan, one file a family; a check names both values and its source.

mod ambiguous;
mod findings;
mod identity;
mod kinds;
mod lint;
mod names;
mod pairs;
mod schema;
mod signature;

pub use crate::digest::Source;
pub use lint::diff_ids;
pub(crate) use lint::secrets;
pub use pairs::{counts, platform};

use crate::digest::{Digest, Verified};
use crate::document::schema1::Signed;
use crate::document::{Document, Hints, Reading};
use crate::json::{Json, Object, Parsed};
use crate::limits;
use crate::media_type::{DocumentKind, MediaType};

/// Every verdict about a document by itself; `signed` is the payload of a schema 1 manifest or why there is none.
pub(crate) fn of_document(
    document: &Document,
    reading: &Reading,
    signed: &Result<Option<Signed>, String>,
    hints: &Hints,
) -> Vec<Check> {
    let parsed = if let Reading::Json(parsed) = reading { Some(parsed) } else { None };
    let payload = signed.as_ref().ok().and_then(Option::as_ref);
    let mut checks = of_bytes(document, payload, hints);
    checks.push(kinds::parse(document, reading, hints));
    if let Some(header) = &hints.content_type {
        checks.extend(kinds::content_type(document, parsed.map(|parsed| &parsed.root), header));
    }
    let Some(parsed) = parsed else { return checks };
    checks.extend(hints.expected_type.as_ref().and_then(|told| kinds::media_type(document, &parsed.root, told)));
    let proved = payload.and_then(|signed| signed.parsed.as_ref()).unwrap_or(parsed);
    checks.extend(of_json(document, parsed, proved));
    if let (Some(kind), Some(root)) = (document.kind(), proved.root.as_object()) {
        let docker = document.media_type().is_some_and(MediaType::is_docker);
        checks.extend(lint::checks(root, kind, docker, hints.now));
    }
    if document.kind() == Some(DocumentKind::Schema1) {
        checks.extend(signature::check(&parsed.root, document.media_type(), signed));
    }
    checks
}

/// Every verdict about a blob that is not a document: its digest, and its size where a descriptor gives one.
pub(crate) fn blob(verified: &Verified, expected_size: Option<(u64, Source)>) -> Vec<Check> {
    let mut checks = vec![identity::digest(&identity::Subject { verified, payload: None, is_shown: true })];
    checks.extend(expected_size.map(|expected| identity::size(verified, expected)));
    checks
}

fn of_bytes(document: &Document, signed: Option<&Signed>, hints: &Hints) -> Vec<Check> {
    let verified = document.verified();
    let subject = identity::Subject {
        verified,
        payload: signed.map(|signed| &*signed.payload),
        is_shown: signed.is_none_or(|signed| signed.parsed.is_some()),
    };
    let mut checks = vec![identity::digest(&subject)];
    checks.extend(hints.expected_size.map(|expected| identity::size(verified, expected)));
    checks.extend(hints.header_digest.as_ref().map(|header| identity::header(&subject, header)));
    checks
}

/// The checks of a document's members. `proved` is the part that the digest is over, nearly always the whole.
fn of_json(document: &Document, whole: &Parsed, proved: &Parsed) -> Vec<Check> {
    let (Some(kind), Some(root)) = (document.kind(), whole.root.as_object()) else { return Vec::new() };
    let mut checks = schema::checks(&proved.root, kind, document.media_type());
    checks.extend(ambiguous::check(root, kind));
    checks.extend(names::checks(proved));
    checks.extend(subject(root));
    checks.extend(nodes(root));
    checks
}

/// What the document is about, where it names a subject. Faults of the descriptor itself are `schema` findings.
fn subject(root: &Object) -> Option<Check> {
    let subject = root.get("subject").filter(|subject| !subject.is_null())?;
    let text = |name: &str| subject.get(name).and_then(Json::as_str).unwrap_or_default();
    let is_manifest = MediaType::new(text("mediaType")).document().is_some();
    let (outcome, message) = match Digest::parse(text("digest")) {
        Err(error) => (Outcome::Warn, format!("the subject names nothing: {error}")),
        Ok(_) if !is_manifest => (Outcome::Warn, "the subject is of a type that is no known manifest".to_owned()),
        Ok(digest) => {
            (Outcome::Pass, format!("names the manifest that it is about, {digest}; that one is not read here"))
        }
    };
    Some(Check::new(CheckId::Subject, outcome, message).at("$.subject"))
}

/// More descriptors than become nodes are counted, not shown.
fn nodes(root: &Object) -> Option<Check> {
    let lists = ["manifests", "layers", "blobs", "fsLayers", "history"];
    let elements = |name: &str| root.get(name).and_then(Json::as_array).map_or(0, <[Json]>::len);
    let (name, count) = lists.into_iter().map(|name| (name, elements(name))).max_by_key(|(_, count)| *count)?;
    let most = limits::DOCUMENT_NODES;
    let message = format!("{name} has {count} entries; only the first {most} are shown");
    let check = Check::new(CheckId::Limits, Outcome::Fail, message).at(format!("$.{name}"));
    (count > most).then(|| check.values(most.to_string(), count.to_string(), Source::Document))
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
    /// The platform is one that programs ask for, and the index entry's is the config's.
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
    /// No environment variable, label or command holds what looks like a secret; the value is masked in the check.
    Secret,
    /// What a container is started with can be used: environment, volumes, user, health check and the like.
    Execution,
    /// The layers are held by the registry, hold something and stand there once.
    Layers,
    /// `created` is a time that has been.
    Created,
    /// The entries of an index that are attestations say which image they are about.
    Attestation,
    /// The format is one that current programs still read.
    Deprecated,
    /// The files of an archive or a layout are where and what they should be, and say the same.
    Archive,
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

    /// Whether this says that the bytes are not those that somebody named.
    pub(crate) fn is_mismatch(&self) -> bool {
        self.id == CheckId::Digest && self.outcome == Outcome::Fail
    }

    /// The same check, about the value at that JSON path.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }
}
