//! Typed documents, read leniently from hashed bytes. The checks about them are made in `checks`.

mod config;
pub(crate) mod engines;
mod index;
pub(crate) mod kind;
mod manifest;
pub(crate) mod schema1;

pub use config::{Config, HistoryLine, ImageFacts};
pub use index::Index;
pub use manifest::{Artifact, Manifest};
pub use schema1::Schema1;

use crate::check::{Check, Source};
use crate::descriptor::Descriptor;
use crate::digest::{Digest, Verified};
use crate::error::{Error, ErrorKind};
use crate::json::{self, Json, Object, Parsed};
use crate::limits;
use crate::media_type::{DocumentKind, MediaType};
use crate::say::{Said, say};
use schema1::Signed;

/// The hints about a document that were given before it was read: each becomes a check if it disagrees.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    /// The `Content-Type` header of the answer.
    pub content_type: Option<MediaType>,
    /// The media type that a descriptor or the user gave.
    pub expected_type: Option<(MediaType, Source)>,
    /// The size in bytes that a descriptor or the user gave.
    pub expected_size: Option<(u64, Source)>,
    /// The `Docker-Content-Digest` header of the answer, as written.
    pub header_digest: Option<String>,
    /// True if the header and the bytes were pasted: then they may differ because the text changed on its way.
    pub pasted: bool,
    /// The reader's time in seconds since 1970: without it nothing is held against a clock.
    pub now: Option<i64>,
}

/// Bytes read as a document of a registry, with every verdict about them.
#[derive(Clone, Debug)]
pub struct Document {
    verified: Verified,
    json: Option<Json>,
    kind: Option<DocumentKind>,
    media_type: Option<MediaType>,
    body: Body,
    checks: Vec<Check>,
}

/// The typed form of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "there is one in a document, and documents are few")]
pub enum Body {
    /// OCI index or Docker manifest list.
    Index(Index),
    /// OCI or Docker schema 2 manifest.
    Manifest(Manifest),
    /// Image config.
    Config(Config),
    /// Docker schema 1 manifest.
    Schema1(Schema1),
    /// The former OCI artifact manifest.
    Artifact(Artifact),
    /// A content descriptor on its own.
    Descriptor(Descriptor),
    /// The `oci-layout` file.
    Layout,
    /// Not a document, or none of a known kind.
    Unknown,
}

/// The outcome of reading the bytes as JSON.
pub(crate) enum Reading {
    /// JSON, with what its parser noticed.
    Json(Parsed),
    /// More than a limit allows: never read, or not to the end.
    Limit(Said),
    /// Not JSON.
    NotJson(Error),
}

impl Document {
    /// Reads hashed bytes, with what came of it; `checks` makes its verdicts of the three.
    pub(crate) fn read(verified: Verified, hints: &Hints) -> (Self, Reading, Result<Option<Signed>, Said>) {
        let reading = read(verified.bytes(), hints);
        let root = if let Reading::Json(parsed) = &reading { parsed.root.as_object() } else { None };
        let kind = root.and_then(|root| kind::decide(root, hints));
        let media_type = decide_type(root, kind, hints);
        let signed = read_signed(&reading, kind, verified.bytes());
        let body = read_body(&reading, kind, signed.as_ref().ok().and_then(Option::as_ref));
        let document = Self { verified, json: None, kind, media_type, body, checks: Vec::new() };
        (document, reading, signed)
    }

    /// The same document with the checks that were made, and the JSON that they were made of.
    pub(crate) fn examined(mut self, checks: Vec<Check>, reading: Reading) -> Self {
        self.checks = checks;
        self.json = if let Reading::Json(parsed) = reading { Some(parsed.root) } else { None };
        self
    }

    /// The bytes with their digest.
    #[must_use]
    pub fn verified(&self) -> &Verified {
        &self.verified
    }

    /// The JSON as written, if the bytes are JSON.
    #[must_use]
    pub fn json(&self) -> Option<&Json> {
        self.json.as_ref()
    }

    /// The typed content.
    #[must_use]
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// The kind of document that this was read as.
    #[must_use]
    pub fn kind(&self) -> Option<DocumentKind> {
        self.kind
    }

    /// The media type: the document's own, else the expected one, else the header's, else the usual one of its kind.
    /// A type that was told and names another kind of document is left out.
    #[must_use]
    pub fn media_type(&self) -> Option<&MediaType> {
        self.media_type.as_ref()
    }

    /// The digest by which registries know this document: for signed schema 1 that of the payload, else of the bytes.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        match &self.body {
            Body::Schema1(Schema1 { payload_digest: Some(digest), .. }) => digest,
            _ => self.verified.digest(),
        }
    }

    /// Every verdict about this document by itself.
    #[must_use]
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// True if the bytes are not those that were named: the references in them were then never promised.
    pub(crate) fn is_mismatch(&self) -> bool {
        self.checks.iter().any(Check::is_mismatch)
    }

    /// The descriptors of what this document is made of, in their order; a subject is not among them.
    pub(crate) fn children(&self) -> impl Iterator<Item = &Descriptor> {
        let (config, list) = match &self.body {
            Body::Index(index) => (None, &index.manifests[..]),
            Body::Manifest(manifest) => (manifest.config.as_ref(), &manifest.layers[..]),
            Body::Artifact(artifact) => (None, &artifact.blobs[..]),
            _ => (None, &[][..]),
        };
        config.into_iter().chain(list)
    }
}

fn read(bytes: &[u8], hints: &Hints) -> Reading {
    let cap = match hints.expected_type.as_ref().and_then(|(media_type, _)| media_type.document()) {
        None | Some(DocumentKind::Config) => limits::CONFIG_BYTES,
        Some(_) => limits::DOCUMENT_BYTES,
    };
    if bytes.len() > cap && bytes.trim_ascii_start().starts_with(b"{") {
        return Reading::Limit(say!(
            "document-too-large",
            "the document has {bytes} bytes; at most {cap} are read",
            bytes = bytes.len(),
            cap
        ));
    }
    match json::parse(bytes) {
        Ok(parsed) => Reading::Json(parsed),
        Err(error) if error.kind() == ErrorKind::LimitExceeded => Reading::Limit(error.said().clone()),
        Err(error) => Reading::NotJson(error),
    }
}

fn decide_type(root: Option<&Object>, kind: Option<DocumentKind>, hints: &Hints) -> Option<MediaType> {
    let own = root.and_then(|root| kind::own_type(root, kind));
    let possible = |told: &MediaType| kind.is_none() || told.document().is_none_or(|told| Some(told) == kind);
    let expected = || hints.expected_type.as_ref().map(|(told, _)| told.clone()).filter(possible);
    let header = || hints.content_type.clone().filter(|told| !kind::is_generic(told) && possible(told));
    let usual = || Some(MediaType::new(kind::canonical(kind?, root?)));
    own.or_else(expected).or_else(header).or_else(usual).or_else(|| hints.content_type.clone())
}

/// The payload of a schema 1 manifest, if it is signed, or why there is none.
fn read_signed(reading: &Reading, kind: Option<DocumentKind>, bytes: &[u8]) -> Result<Option<Signed>, Said> {
    match (reading, kind) {
        (Reading::Json(parsed), Some(DocumentKind::Schema1)) => Signed::read(&parsed.root, bytes),
        _ => Ok(None),
    }
}

fn read_body(reading: &Reading, kind: Option<DocumentKind>, signed: Option<&Signed>) -> Body {
    let Reading::Json(Parsed { root, .. }) = reading else { return Body::Unknown };
    let (Some(kind), Some(members)) = (kind, root.as_object()) else { return Body::Unknown };
    match kind {
        DocumentKind::Index => Body::Index(Index::read(members)),
        DocumentKind::Manifest => Body::Manifest(Manifest::read(members)),
        DocumentKind::Config => Body::Config(Config::read(members)),
        DocumentKind::Schema1 => Body::Schema1(Schema1::read(root, signed)),
        DocumentKind::Artifact => Body::Artifact(Artifact::read(members)),
        DocumentKind::Descriptor => Body::Descriptor(Descriptor::read(root, "$".to_owned())),
        DocumentKind::Layout => Body::Layout,
    }
}
