//! Pieces that are not what was expected are turned back, if that can be proved.

use std::collections::HashSet;
use std::sync::Arc;

use crate::checks::{Check, CheckId, Outcome, Source};
use crate::descriptor::Descriptor;
use crate::digest::{Algorithm, Digest, Verified};
use crate::document::{Body, Document};
use crate::limits;
use crate::media_type::DocumentKind;
use crate::recover::recover_from;
use crate::report::{Node, NodeKind, Recovered};
use crate::say::say;

use super::pieces::Piece;

/// The most whole searches that one call makes for pieces without a digest of the user's; each takes some 100 ms.
const GUESSES: usize = 8;

/// Turns pieces back into the bytes that were expected; the first that was found stands in the report.
///
/// First the piece that the user gave a digest for; then the digests of the texts, closest first; then what fits the place of
/// a missing child of another piece. Only the first of these can fail: the others are only taken if they fit.
pub(super) fn mend(pieces: &mut Vec<Piece>, documents: &mut Vec<Document>, candidates: &[Digest]) -> Option<Recovered> {
    let mut recovered = None;
    for (piece, document) in pieces.iter_mut().zip(documents.iter_mut()) {
        let mismatch = document.is_mismatch() && !piece.exact;
        let Some((expected, _)) = piece.expected.clone().filter(|_| mismatch) else { continue };
        if let Some(found) = restore(piece, &expected) {
            *document = piece.parse();
            recovered.get_or_insert(found);
        }
    }
    let mut left = GUESSES;
    for (at, digest) in of_texts(pieces, documents, candidates) {
        let free = pieces[at].expected.is_none() && !pieces.iter().any(|piece| piece.is_expected(&digest));
        if left > 0 && free {
            left -= 1;
            if let Some(found) = restore(&mut pieces[at], &digest) {
                pieces[at].expected = Some((digest, Source::User));
                documents[at] = pieces[at].parse();
                recovered.get_or_insert(found);
            }
        }
    }
    for (at, missing) in guesses(documents).into_iter().filter(|(at, _)| !pieces[*at].exact).collect::<Vec<_>>() {
        if let Some(found) = restore(&mut pieces[at], &missing) {
            pieces[at].expected = Some((missing, Source::Descriptor));
            documents[at] = pieces[at].parse();
            recovered.get_or_insert(found);
        }
    }
    drop_parts(pieces, documents);
    recovered
}

/// Leaves out what was cut from a text of which another piece turned out to be made as a whole: parts of that document.
fn drop_parts(pieces: &mut Vec<Piece>, documents: &mut Vec<Document>) {
    let made: Vec<Arc<[u8]>> = pieces.iter().filter_map(|piece| piece.made_from.clone()).collect();
    let is_part = |piece: &Piece, document: &Document| {
        let text = piece.cut_from.as_ref().filter(|_| piece.made_from.is_none() && piece.expected.is_none());
        let part = document.kind().is_none_or(|kind| kind == DocumentKind::Descriptor);
        part && text.is_some_and(|text| made.iter().any(|made| Arc::ptr_eq(made, text)))
    };
    let kept: Vec<bool> = pieces.iter().zip(&*documents).map(|(piece, document)| !is_part(piece, document)).collect();
    let mut keep = kept.iter().copied();
    pieces.retain(|_| keep.next().unwrap_or(true));
    let mut keep = kept.iter().copied();
    documents.retain(|_| keep.next().unwrap_or(true));
}

fn restore(piece: &mut Piece, expected: &Digest) -> Option<Recovered> {
    let texts: Vec<&[u8]> =
        [Some(&piece.bytes), piece.cut_from.as_ref()].into_iter().flatten().map(|text| &**text).collect();
    let found = recover_from(&texts, expected).found?;
    piece.made_from = piece.cut_from.clone().filter(|_| found.of > 0);
    let without = found.bytes.strip_suffix(b"\n").map(|bytes| Verified::compute(bytes).digest().to_string());
    piece.bytes = Arc::from(found.bytes);
    Some(Recovered { steps: found.steps, digest: found.digest.to_string(), without_newline: without })
}

/// A document that came in a string and is proved: taking it out was the recovery.
pub(super) fn unwrapped(pieces: &[Piece], documents: &[Document]) -> Option<Recovered> {
    pieces.iter().zip(documents).find_map(|(piece, document)| {
        let step = piece.unwrapped.clone().filter(|_| document.verified().matches() == Some(true))?;
        let digest = document.verified().expected()?.0.to_string();
        Some(Recovered { steps: vec![step], digest, without_newline: None })
    })
}

/// Gives each piece of a text the digest of the texts that its bytes have, if one does. This only proves.
pub(super) fn fit(pieces: &mut [Piece], documents: &mut [Document], candidates: &[Digest]) {
    let known: HashSet<&Digest> = candidates.iter().collect();
    let mut algorithms: Vec<Algorithm> = known.iter().filter_map(|digest| digest.algorithm()).collect();
    algorithms.sort_by_key(|algorithm| algorithm.name());
    algorithms.dedup();
    for (piece, document) in pieces.iter_mut().zip(documents.iter_mut()).filter(|(piece, _)| piece.is_free()) {
        let own = piece.close.as_ref().and_then(Digest::algorithm);
        let digests = own.into_iter().chain(algorithms.iter().copied()).map(|algorithm| algorithm.digest(&piece.bytes));
        let found = digests.into_iter().find(|digest| known.contains(digest) || piece.close.as_ref() == Some(digest));
        if let Some(digest) = found {
            piece.expected = Some((digest, Source::User));
            *document = piece.parse();
        }
    }
}

/// Pieces with no digest yet, each with the digests of its text that may be its own: closest first, none that it names itself.
fn of_texts(pieces: &[Piece], documents: &[Document], candidates: &[Digest]) -> Vec<(usize, Digest)> {
    let named: HashSet<&str> =
        documents.iter().flat_map(Document::children).map(|descriptor| descriptor.digest_text.as_str()).collect();
    let free = || pieces.iter().enumerate().filter(|(_, piece)| piece.is_free());
    let close = free().filter_map(|(at, piece)| Some((at, piece.close.clone()?)));
    let others = candidates.iter().flat_map(|digest| free().map(move |(at, _)| (at, digest.clone())));
    let mut seen = HashSet::new();
    close
        .chain(others)
        .filter(|(_, digest)| !named.contains(digest.as_str()))
        .filter(|pair| seen.insert(pair.clone()))
        .take(limits::PASTE_DIGESTS)
        .collect()
}

/// Pieces that no document names, each with a digest that is named, is not here, and is of its kind.
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

/// True if a document can be what a descriptor names, by kind and, for a manifest, by media type.
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
            let message = say!(
                "tar-of-layer",
                "this is the uncompressed tar of {title}: its sha256 is the DiffID, not the blob's digest",
                title = title.as_str()
            );
            let check = Check::new(CheckId::DiffId, Outcome::Pass, message);
            node.checks.push(check.values(diff_id.clone(), digest, Source::Config));
        }
    }
}

/// If the digest given is that of another thing in the same image, the failed check says so.
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
