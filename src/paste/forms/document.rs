//! Line: paste -> bytes. Documents as they are: manifests, indexes, configs, schema 1, and what Docker re-indents.

use crate::digest::Digest;
use crate::json::Json;
use crate::limits;
use crate::media_type::{DocumentKind, MediaType};
use crate::paste::command::{Command, Prints};
use crate::paste::forms::{Candidate, Part, Rank};
use crate::paste::text::{Block, Piece, Text};
use crate::paste::{Excerpt, Form};

const REINDENTED: &str =
    "docker manifest inspect indents a manifest anew with tabs: only the white space is not the registry's.";
const REBUILT: &str = "docker manifest inspect builds an index anew from its entries and drops what it does not know.";

/// Finds every JSON object that no other form has claimed.
pub(super) fn recognise(text: &Text) -> Option<Part> {
    let mut part = Part::new(Form::Document);
    for (piece, block) in text.free_json().take(limits::PASTE_DOCUMENTS) {
        if block.json.as_object().is_some() || text.whole {
            part.claim(piece);
            document(text, piece, block, &mut part);
        }
    }
    part.found()
}

fn document(text: &Text, piece: usize, block: &Block, part: &mut Part) {
    let command = printed_by(text, piece);
    let prints = command.map(Command::prints);
    let expected = asked(text, piece, block);
    let (bytes, mut exact) = settle(text, block, expected.as_ref());
    if prints == Some(Prints::ManifestInspect) {
        part.form = Form::ManifestInspect;
        part.note(if block.json.get("manifests").is_some() { REBUILT } else { REINDENTED });
        exact = false;
    } else if let Some(command) = command.filter(|_| matches!(prints, Some(Prints::Manifest | Prints::Blob))) {
        part.note(format!("{} prints the document as it is held.", command.name()));
    }
    if let (Some(digest), Some(command)) = (&expected, command) {
        let (digest, reference) = (digest.clone(), command.reference());
        part.expected.push(Candidate {
            rank: Rank::Command,
            digest,
            from: format!("the {} command", command.name()),
            reference,
        });
    }
    let title = title(&block.json).to_owned();
    part.documents.push((piece, Excerpt { bytes, exact, content_type: None, header_digest: None, expected, title }));
}

/// What a document looks like, in words: by its own `mediaType`, else by its shape. Parsing decides for good.
pub(super) fn title(json: &Json) -> &'static str {
    let own = json.get("mediaType").and_then(Json::as_str).and_then(|text| MediaType::new(text).document());
    let has = |name: &str| json.get(name).is_some();
    match own {
        Some(DocumentKind::Index) if !has("digest") => "index",
        Some(DocumentKind::Manifest) if !has("digest") => "manifest",
        Some(DocumentKind::Artifact) => "artifact manifest",
        _ if has("fsLayers") => "schema 1 manifest",
        _ if has("manifests") => "index",
        _ if has("layers") || (has("config") && has("schemaVersion")) => "manifest",
        _ if has("rootfs") || (has("architecture") && has("os")) => "config",
        _ if has("mediaType") && has("digest") && has("size") => "descriptor",
        _ if has("imageLayoutVersion") => "oci-layout file",
        _ => "JSON of no known kind",
    }
}

/// The digest that the command asked for, where it is that of the document it printed.
pub(super) fn asked(text: &Text, piece: usize, block: &Block) -> Option<Digest> {
    let command = printed_by(text, piece)?;
    let is_config = title(&block.json) == "config";
    match command.prints() {
        Prints::Manifest | Prints::ManifestInspect if !is_config => command.digest(),
        Prints::Blob => command.digest(),
        _ => None,
    }
}

/// The command before the piece, where no other JSON stands between them.
fn printed_by(text: &Text, piece: usize) -> Option<&Command> {
    let (index, command) = text.command_before(piece)?;
    let between = &text.pieces[index + 1..piece];
    (!between.iter().any(|piece| matches!(piece, Piece::Json(_)))).then_some(command)
}

/// The bytes, or those with the white space around them that has the digest, and whether they are exact.
pub(super) fn settle(text: &Text, block: &Block, expected: Option<&Digest>) -> (Vec<u8>, bool) {
    let known = expected.and_then(|digest| Some((digest, digest.algorithm()?)));
    let proved = known.and_then(|(digest, algorithm)| {
        variants(text, block).into_iter().find(|bytes| algorithm.digest(bytes) == *digest)
    });
    proved.map_or_else(|| (block.bytes.clone(), block.exact), |bytes| (bytes, true))
}

/// The bytes as they were cut and as they stand, with the indentation before them and the line break behind them.
fn variants(text: &Text, block: &Block) -> Vec<Vec<u8>> {
    let mut variants = vec![block.bytes.clone()];
    let span = block.span.clone();
    if let (false, Some(before)) = (text.whole, text.source.get(..span.start)) {
        let line = before.rfind('\n').map_or(0, |newline| newline + 1);
        variants.push(text.source.as_bytes()[span.clone()].to_vec());
        variants.push(text.source.as_bytes()[line..span.end].to_vec());
    }
    if text.source.get(span.end..).is_some_and(|rest| rest.starts_with('\n')) {
        let broken: Vec<Vec<u8>> = variants.iter().map(|bytes| [bytes, &b"\n"[..]].concat()).collect();
        variants.extend(broken);
    }
    variants
}
