//! Every verdict of Stowplan, one file a family; a check names both values and its source.

mod ambiguous;
mod choice;
mod findings;
mod identity;
mod kinds;
mod lint;
mod names;
mod pairs;
mod schema;
mod signature;

pub use crate::check::{Check, CheckId, Outcome, Source};
pub(crate) use choice::{Entry, Is, Origin, choice};
pub use lint::diff_ids;
pub(crate) use names::decode;
pub use pairs::{counts, platform};

use crate::digest::{Digest, Verified};
use crate::document::engines::{self, Shape};
use crate::document::schema1::Signed;
use crate::document::{Document, Hints, Reading};
use crate::json::{Json, Object, Parsed};
use crate::limits;
use crate::media_type::{DocumentKind, MediaType};
use crate::say::{Said, say};

impl Document {
    /// Reads hashed bytes and checks them. This never fails: bytes that are not JSON, unknown kinds and bombs become checks.
    #[must_use]
    pub fn parse(verified: Verified, hints: &Hints) -> Self {
        let (document, reading, signed) = Self::read(verified, hints);
        let checks = of_document(&document, &reading, &signed, hints);
        document.examined(checks, reading)
    }
}

/// Every verdict about a document by itself; `signed` is the payload of a schema 1 manifest or why there is none.
fn of_document(
    document: &Document,
    reading: &Reading,
    signed: &Result<Option<Signed>, Said>,
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

/// Every verdict about a blob that is not a document: its digest, and its size if a descriptor gives one.
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
    checks.extend(hints.header_digest.as_ref().map(|header| identity::header(&subject, header, hints.pasted)));
    checks
}

/// The checks of a document's members. `proved` is the part that the digest is over, nearly always the whole.
fn of_json(document: &Document, whole: &Parsed, proved: &Parsed) -> Vec<Check> {
    let (Some(kind), Some(root)) = (document.kind(), whole.root.as_object()) else { return Vec::new() };
    let decoded = names::decode(proved, &Shape::Struct(engines::fields(kind)));
    let mut checks = names::join(schema::checks(&proved.root, kind, document.media_type()), decoded);
    checks.extend(ambiguous::check(root, kind));
    checks.extend(subject(root));
    checks.extend(nodes(root));
    checks
}

/// The subject of the document, if it names one. Faults of the descriptor itself are `schema` findings.
fn subject(root: &Object) -> Option<Check> {
    let subject = root.get("subject").filter(|subject| !subject.is_null())?;
    let text = |name: &str| subject.get(name).and_then(Json::as_str).unwrap_or_default();
    let is_manifest = MediaType::new(text("mediaType")).document().is_some();
    let (outcome, message) = match Digest::parse(text("digest")) {
        Err(error) => (
            Outcome::Warn,
            say!("subject-bad-digest", "the subject names nothing: {error}", error = error.said().clone()),
        ),
        Ok(_) if !is_manifest => {
            (Outcome::Warn, say!("subject-of-unknown-type", "the subject is of a type that is no known manifest"))
        }
        Ok(digest) => (
            Outcome::Pass,
            say!(
                "subject-named",
                "names the manifest that it is about, {digest}; that one is not read here",
                digest = digest.as_str()
            ),
        ),
    };
    Some(Check::new(CheckId::Subject, outcome, message).at("$.subject"))
}

/// More descriptors than become nodes are counted, not shown.
fn nodes(root: &Object) -> Option<Check> {
    let lists = ["manifests", "layers", "blobs", "fsLayers", "history"];
    let elements = |name: &str| root.get(name).and_then(Json::as_array).map_or(0, <[Json]>::len);
    let (name, count) = lists.into_iter().map(|name| (name, elements(name))).max_by_key(|(_, count)| *count)?;
    let most = limits::DOCUMENT_NODES;
    let message = say!("list-cut", "{name} has {count} entries; only the first {most} are shown", name, count, most);
    let check = Check::new(CheckId::Limits, Outcome::NotChecked, message).at(format!("$.{name}"));
    (count > most).then(|| check.values(most.to_string(), count.to_string(), Source::Document))
}
