//! Line: paste -> bytes -> Verified. Pieces that are not what was expected are turned back, where that can be proved.

use std::collections::HashSet;
use std::sync::Arc;

use crate::checks::{Check, CheckId, Outcome, Source};
use crate::descriptor::Descriptor;
use crate::digest::Digest;
use crate::document::{Body, Document};
use crate::media_type::DocumentKind;
use crate::recover::recover;
use crate::report::{Node, NodeKind, Recovered};

use super::pieces::Piece;

/// How many whole searches one call makes for pieces that nobody gave a digest for; each takes some 100 ms.
const GUESSES: usize = 4;

/// Turns pieces back into the bytes that were expected; what was found last stands in the report.
///
/// First those that came with a digest; then those that fit the place of a missing child of another piece.
pub(super) fn mend(pieces: &mut [Piece], documents: &mut [Document]) -> Option<Recovered> {
    let mut recovered = None;
    for (piece, document) in pieces.iter_mut().zip(documents.iter_mut()) {
        let mismatch = document.is_mismatch() && !piece.exact;
        let Some((expected, _)) = piece.expected.clone().filter(|_| mismatch) else { continue };
        if let Some(found) = restore(piece, &expected) {
            *document = piece.parse();
            recovered = Some(found);
        }
    }
    for (at, missing) in guesses(documents).into_iter().filter(|(at, _)| !pieces[*at].exact).collect::<Vec<_>>() {
        if let Some(found) = restore(&mut pieces[at], &missing) {
            pieces[at].expected = Some((missing, Source::Descriptor));
            documents[at] = pieces[at].parse();
            recovered.get_or_insert(found);
        }
    }
    recovered
}

fn restore(piece: &mut Piece, expected: &Digest) -> Option<Recovered> {
    let found = recover(&piece.bytes, expected).found?;
    piece.bytes = Arc::from(found.bytes);
    Some(Recovered { steps: found.steps, digest: found.digest.to_string() })
}

/// Pieces that nobody names, each with a digest that is named, is not here, and is of its kind.
fn guesses(documents: &[Document]) -> Vec<(usize, Digest)> {
    let here: HashSet<&str> = documents.iter().map(|document| document.digest().as_str()).collect();
    let named: Vec<&Descriptor> = documents.iter().flat_map(Document::children).collect();
    let missing = || named.iter().filter(|descriptor| !here.contains(descriptor.digest_text.as_str()));
    let is_orphan = |document: &Document| {
        let digest = document.digest().as_str();
        document.verified().expected().is_none() && !named.iter().any(|descriptor| descriptor.digest_text == digest)
    };
    let orphans = documents.iter().enumerate().filter(|(_, document)| is_orphan(document));
    orphans
        .flat_map(|(at, orphan)| {
            let fits = |descriptor: &&&Descriptor| fits(orphan, descriptor);
            missing().filter(fits).filter_map(move |descriptor| Some((at, descriptor.digest.clone()?)))
        })
        .take(GUESSES)
        .collect()
}

/// Whether a document can be what a descriptor names, by kind and, for a manifest, by media type.
fn fits(document: &Document, descriptor: &Descriptor) -> bool {
    match document.body() {
        Body::Config(_) => descriptor.path == "$.config",
        _ => document
            .kind()
            .is_some_and(|kind| kind != DocumentKind::Descriptor && descriptor.media_type.document() == Some(kind)),
    }
}

/// Content that is a layer's tar, unpacked on its way (a hop that decodes gzip does that), is recognised by its DiffID.
pub(super) fn recognise_tars(nodes: &mut [Node]) {
    let layers: Vec<(String, String)> =
        nodes.iter().filter_map(|node| Some((node.facts.diff_id.clone()?, node.title.clone()?))).collect();
    let loose = |node: &&mut Node| node.read && matches!(node.kind, NodeKind::Blob | NodeKind::Unknown);
    for node in nodes.iter_mut().filter(loose) {
        let Some(digest) = node.digest.clone() else { continue };
        if let Some((diff_id, title)) = layers.iter().find(|(diff_id, _)| *diff_id == digest) {
            let message =
                format!("this is the uncompressed tar of {title}: its sha256 is the DiffID, not the blob's digest");
            let check = Check::new(CheckId::DiffId, Outcome::Pass, message);
            node.checks.push(check.values(diff_id.clone(), digest, Source::Config));
        }
    }
}

/// Where the digest given is that of another thing in the same image, the failed check says so.
pub(super) fn explain(nodes: &mut [Node]) {
    let Some((expected, root)) = nodes
        .iter()
        .enumerate()
        .find_map(|(at, node)| Some((node.checks.iter().find(|check| check.is_mismatch())?.expected.clone()?, at)))
    else {
        return;
    };
    let is = |text: &Option<String>| text.as_ref() == Some(&expected);
    let found = nodes.iter().enumerate().filter(|(at, _)| *at != root).find_map(|(_, node)| {
        let title = node.title.clone().unwrap_or_default();
        let what = if is(&node.digest) {
            format!("the digest of its {title}")
        } else if is(&node.facts.diff_id) {
            format!("the DiffID of {title}: the uncompressed tar, not the blob")
        } else if is(&node.facts.chain_id) {
            format!("the ChainID of {title}")
        } else {
            return None;
        };
        Some(what)
    });
    let Some(what) = found else { return };
    if let Some(check) = nodes[root].checks.iter_mut().find(|check| check.is_mismatch()) {
        check.message.push_str(&format!("; what was given is {what}"));
    }
}
