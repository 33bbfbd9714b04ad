//! Documents as they are: manifests, indexes, configs, schema 1, and what Docker re-indents.

use crate::digest::Digest;
use crate::json::Json;
use crate::limits;
use crate::media_type::{DocumentKind, MediaType};
use crate::paste::command::{Command, Prints};
use crate::paste::forms::{Candidate, Part, Rank};
use crate::paste::meaning::What;
use crate::paste::note::{Note, Say};
use crate::paste::text::{Block, Piece, Text};
use crate::paste::{Excerpt, Form};

const REINDENTED: Say = Say(
    "reindented",
    "docker manifest inspect indents a manifest anew with tabs: only the white space is not the registry's.",
);
const REBUILT: Say =
    Say("rebuilt", "docker manifest inspect builds an index anew from its entries and drops what it does not know.");

const AS_HELD: Say = Say("as-held", "{name} prints the document as it is held.");
const REWRITTEN: Say = Say(
    "rewritten",
    "{by} wrote the document anew, so these are not the bytes as they are held: only their meaning is the same.",
);
const FIELD: Say = Say(
    "field-value",
    "{name} prints the text of the field that was asked for as it is held, without a line break behind it.",
);
const OWN_DESCRIPTOR: Say = Say(
    "own-descriptor",
    "The document's own digest and size were put into it; they are left out, since a document cannot hold its own digest.",
);
const FROM_MEMBER: Say = Say("own-member", "the digest that was put into the document");
const HERE_DOCUMENT: Say = Say("here-document", "The shell writes this text to {file}, with a line break at its end.");
const FROM_COMMAND: Say = Say("command", "the {name} command");
const NO_KIND: &str = "JSON of no known kind";

/// Finds every JSON object that no other form has claimed.
pub(super) fn recognise(text: &Text) -> Option<Part> {
    let mut part = Part::new(Form::Document);
    for (piece, block) in text.free_json().take(limits::PASTE_DOCUMENTS) {
        if is_document(&block.json) {
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
        exact &= told(command, part);
    } else if let Some(file) = command.and_then(Command::writes) {
        part.note(Note::from(HERE_DOCUMENT).with("file", file));
    } else if let Some(by) = command.and_then(Command::rewriter) {
        part.note(Note::from(REWRITTEN).with("by", by));
        exact = false;
    } else if let Some(command) = command.filter(|command| command.picks_fields()) {
        part.note(Note::from(FIELD).with("name", command.name()));
    }
    if let (Some(digest), Some(command)) = (&expected, command) {
        part.expected.push(commanded(command, digest));
    }
    let title = title(&block.json).to_owned();
    let (bytes, exact) = match own_descriptor(block) {
        Some((bare, digest)) => {
            let (rank, from, what) = (Rank::Descriptor, FROM_MEMBER.into(), What::ManifestOrIndex);
            part.expected.push(Candidate { rank, digest, from, what, reference: None });
            part.note(OWN_DESCRIPTOR);
            (bare, false)
        }
        None => (bytes, exact),
    };
    part.documents.push((
        piece,
        Excerpt { bytes, exact, content_type: None, header_digest: None, expected, title, string: None },
    ));
}

/// A document with its own digest and size put in, as `imagetools inspect --format '{{json .Manifest}}'` prints it: the text
/// without these two members, and the digest.
fn own_descriptor(block: &Block) -> Option<(Vec<u8>, Digest)> {
    let object = block.json.as_object()?;
    let digest = Digest::parse(block.json.get("digest")?.as_str()?).ok()?;
    let is_document = block.json.get("manifests").or_else(|| block.json.get("layers")).is_some();
    if !is_document || block.json.get("size")?.as_number().is_none() {
        return None;
    }
    let mut bytes = block.bytes.clone();
    let members: Vec<_> = object.iter().collect();
    for (at, member) in members.iter().enumerate().rev() {
        if matches!(&*member.name, "digest" | "size") {
            let next = members.get(at + 1)?;
            bytes.drain(member.name_span.start..next.name_span.start);
        }
    }
    Some((bytes, digest))
}

/// Says how the command's output was made; true if these are the bytes as they are held.
fn told(command: &Command, part: &mut Part) -> bool {
    let rewriter = command.rewriter();
    let name = command.name();
    part.note(match rewriter {
        Some(by) => Note::from(REWRITTEN).with("by", by),
        None => Note::from(AS_HELD).with("name", name),
    });
    rewriter.is_none()
}

/// The digest that a command asked for.
pub(super) fn commanded(command: &Command, digest: &Digest) -> Candidate {
    let from = Note::from(FROM_COMMAND).with("name", command.name());
    let (rank, what, reference) = (Rank::Command, What::Asked, command.reference());
    Candidate { rank, digest: digest.clone(), from, what, reference }
}

/// True if a registry may hold such a document; anything else is JSON of a tool.
pub(in crate::paste) fn is_document(json: &Json) -> bool {
    let media_type = json.get("mediaType").and_then(Json::as_str).unwrap_or_default();
    let marked = json.get("schemaVersion").is_some() || MediaType::new(media_type).document().is_some();
    json.as_object().is_some() && (marked || title(json) != NO_KIND)
}

/// The title of a document in words: by its own `mediaType`, else by its shape. Parsing decides for good.
pub(in crate::paste) fn title(json: &Json) -> &'static str {
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
        _ => NO_KIND,
    }
}

/// The digest that the command asked for, if it is that of the document it printed.
pub(super) fn asked(text: &Text, piece: usize, block: &Block) -> Option<Digest> {
    let command = printed_by(text, piece)?;
    let is_config = title(&block.json) == "config";
    match command.prints() {
        Prints::Manifest | Prints::ManifestInspect if !is_config => command.digest(),
        Prints::Blob => command.digest(),
        _ => None,
    }
}

/// The command before the piece, if no other JSON stands between them.
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
