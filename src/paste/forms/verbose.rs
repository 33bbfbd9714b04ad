//! `docker manifest inspect -v`: each manifest with its reference, descriptor and raw bytes.

use base64ct::{Base64Unpadded, Encoding as _};

use crate::digest::Digest;
use crate::json::Json;
use crate::limits;
use crate::media_type::MediaType;
use crate::paste::forms::document::title;
use crate::paste::forms::{Candidate, Part, Rank, each, text_of};
use crate::paste::meaning::What;
use crate::paste::note::Say;
use crate::paste::text::{Block, Text};
use crate::paste::{Excerpt, Form, repair};

/// The members that hold the manifest written anew.
const NESTED: [&str; 4] = ["SchemaV2Manifest", "OCIManifest", "OCIIndex", "ManifestList"];

const FROM_RAW: Say = Say("from-raw", "The bytes of the manifests were taken from Raw.");
const FROM_NESTED: Say = Say(
    "from-nested",
    "There is no Raw, so the manifest was taken from where Docker wrote it anew: its white space is not the registry's.",
);
const FROM_DESCRIPTOR: Say = Say("descriptor", "the Descriptor");
const BAD_RAW: Say = Say("bad-raw", "Raw is not base64, so it could not be used.");

/// Finds the objects that have a descriptor beside a manifest.
pub(super) fn recognise(text: &Text) -> Option<Part> {
    let mut part = Part::new(Form::ManifestInspectVerbose);
    for (piece, block) in text.free_json() {
        let entries = each(&block.json);
        if entries.is_empty() || !entries.iter().all(is_entry) {
            continue;
        }
        part.claim(piece);
        for entry in entries.iter().take(limits::PASTE_DOCUMENTS) {
            manifest(piece, block, entry, &mut part);
        }
        if let [only] = entries {
            expected(only, &mut part);
        }
    }
    part.found()
}

fn is_entry(entry: &Json) -> bool {
    let has_manifest = NESTED.iter().chain(&["Raw"]).any(|name| entry.key(name).is_some());
    let descriptor = entry.key("Descriptor").is_some_and(|descriptor| descriptor.key("digest").is_some());
    descriptor && has_manifest
}

fn manifest(piece: usize, block: &Block, entry: &Json, part: &mut Part) {
    let descriptor = entry.key("Descriptor");
    let raw = entry.key("Raw").and_then(Json::as_str).filter(|raw| !raw.is_empty());
    let decoded = raw.and_then(decode);
    if raw.is_some() && decoded.is_none() {
        part.note(BAD_RAW);
    }
    let exact = decoded.is_some();
    let Some((bytes, kind)) = decoded.map(|raw| (raw, "manifest")).or_else(|| nested(block, entry)) else { return };
    part.note(if exact { FROM_RAW } else { FROM_NESTED });
    let reference = text_of(entry, "Ref");
    let title = if reference.is_empty() { kind } else { reference }.to_owned();
    let media_type = descriptor.map(|descriptor| text_of(descriptor, "mediaType")).filter(|text| !text.is_empty());
    let content_type = media_type.map(MediaType::new);
    let expected = digest(entry);
    part.documents
        .push((piece, Excerpt { bytes, exact, content_type, header_digest: None, expected, title, string: None }));
}

fn expected(entry: &Json, part: &mut Part) {
    if let Some(digest) = digest(entry) {
        let reference = Some(text_of(entry, "Ref").to_owned());
        let (rank, from, what) = (Rank::Descriptor, FROM_DESCRIPTOR.into(), What::Manifest);
        part.expected.push(Candidate { rank, digest, from, what, reference });
    }
}

fn digest(entry: &Json) -> Option<Digest> {
    Digest::parse(text_of(entry.key("Descriptor")?, "digest")).ok()
}

/// base64 as Go writes it; line breaks of a terminal are overlooked.
fn decode(raw: &str) -> Option<Vec<u8>> {
    let compact: String = raw.chars().filter(|c| !c.is_whitespace()).collect();
    Base64Unpadded::decode_vec(compact.trim_end_matches('=')).ok()
}

/// The manifest as Docker wrote it anew, without the indentation of its place.
fn nested(block: &Block, entry: &Json) -> Option<(Vec<u8>, &'static str)> {
    let json = NESTED.iter().find_map(|name| entry.key(name).filter(|json| json.as_object().is_some()))?;
    let all = std::str::from_utf8(&block.bytes).ok()?;
    let slice = all.get(json.span.clone())?;
    let last_line = slice.rsplit('\n').next().unwrap_or_default();
    let indent = &last_line[..last_line.len() - last_line.trim_start().len()];
    let dedented = repair::dedent(slice, indent).unwrap_or_else(|| slice.to_owned());
    Some((dedented.into_bytes(), title(json)))
}
