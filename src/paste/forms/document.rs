//! Line: paste -> bytes. Documents as they are: manifests, indexes, configs, schema 1, and what Docker re-indents.

use crate::digest::{Algorithm, Digest};
use crate::document::{Hints, kind};
use crate::json::Json;
use crate::limits;
use crate::media_type::DocumentKind;
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

/// What a document is, in words.
pub(super) fn title(json: &Json) -> &'static str {
    match json.as_object().and_then(|root| kind::decide(root, &Hints::default())) {
        Some(DocumentKind::Index) => "index",
        Some(DocumentKind::Manifest) => "manifest",
        Some(DocumentKind::Config) => "config",
        Some(DocumentKind::Schema1) => "schema 1 manifest",
        Some(DocumentKind::Artifact) => "artifact manifest",
        Some(DocumentKind::Descriptor) => "descriptor",
        Some(DocumentKind::Layout) => "oci-layout file",
        None => "JSON of no known kind",
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

/// The bytes with or without the line break behind them, whichever has the digest, and whether they are exact.
pub(super) fn settle(text: &Text, block: &Block, expected: Option<&Digest>) -> (Vec<u8>, bool) {
    let bytes = block.bytes.clone();
    let Some((digest, algorithm)) = expected.and_then(|digest| Some((digest, digest.algorithm()?))) else {
        return (bytes, block.exact);
    };
    if has(algorithm, &bytes, digest) {
        return (bytes, true);
    }
    let followed = text.source.get(block.span.end..).is_some_and(|rest| rest.starts_with('\n'));
    let with_newline = [&bytes[..], b"\n"].concat();
    if followed && has(algorithm, &with_newline, digest) { (with_newline, true) } else { (bytes, block.exact) }
}

fn has(algorithm: Algorithm, bytes: &[u8], digest: &Digest) -> bool {
    algorithm.digest(bytes) == *digest
}
